//! Views of two axes: blocks, steps and transposes of a matrix.

use std::rc::Rc;

use ndarray::ArrayView2;
use pennyweight::view::{View, s};
use pennyweight_baseline::view::{block, fold_columns, steps, sum_block, sum_steps, transposed};
use pennyweight_comparison::{Answer, Comparison, Sizes, Suite};

use super::{IN_CACHE, OUT_OF_CACHE, copied, in_order, shared};
use crate::comparisons::data::uniform;

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("view", "block-in-cache", |sizes| Matrix::in_cache(sizes).sum_of_block());
    suite.add("view", "block", |sizes| Matrix::out_of_cache(sizes).sum_of_block());
    suite.add("view", "steps-in-cache", |sizes| Matrix::in_cache(sizes).sum_of_steps());
    suite.add("view", "steps", |sizes| Matrix::out_of_cache(sizes).sum_of_steps());
    suite.add("view", "transposed-any-in-cache", |sizes| Matrix::in_cache(sizes).sum_of_columns());
    suite.add("view", "transposed-any-order", |sizes| Matrix::out_of_cache(sizes).sum_of_columns());
    suite.add("view", "transposed-in-order", |sizes| Matrix::tall(sizes).columns_in_order());
    suite.add("view", "transposed-in-order-wide", |sizes| {
        Matrix::out_of_cache(sizes).columns_in_order()
    });
    suite.add("view", "transposed-copied", |sizes| Matrix::tall(sizes).copied_columns());
    suite.add("view", "transposed-copied-wide", |sizes| {
        Matrix::out_of_cache(sizes).copied_columns()
    });
}

/// Rows, one after the other.
struct Matrix {
    rows: usize,
    columns: usize,
    values: Rc<[i64]>,
}

/// The matrix as each side takes it, of a slice and its rows and columns.
fn view(values: &[i64], shape: [usize; 2]) -> View<'_, i64, 2> {
    View::from(values).reshape(shape).expect("rows and columns that make up the values")
}

fn array_view(values: &[i64], [rows, columns]: [usize; 2]) -> ArrayView2<'_, i64> {
    ArrayView2::from_shape((rows, columns), values)
        .expect("rows and columns that make up the values")
}

impl Matrix {
    fn in_cache(sizes: &Sizes) -> Self {
        Self::with(sizes.generated(IN_CACHE), 512)
    }

    /// A column lies on no more pages than a processor keeps translations of.
    fn out_of_cache(sizes: &Sizes) -> Self {
        Self::with(sizes.generated(OUT_OF_CACHE), 4_000)
    }

    /// A column lies on more pages than a processor keeps translations of.
    fn tall(sizes: &Sizes) -> Self {
        Self::with(sizes.generated(OUT_OF_CACHE), 1_000)
    }

    fn with(len: usize, columns: usize) -> Self {
        let rows = len / columns;
        Self { rows, columns, values: uniform(rows * columns, 32) }
    }

    fn comparison(&self) -> Comparison {
        let data = format!("uniform 32-bit numbers, {} x {}", self.rows, self.columns);
        Comparison::of(data, self.values.len())
    }

    fn sum_of_block(&self) -> Comparison {
        let Self { rows, columns, .. } = *self;
        let (some_rows, some_columns) =
            (rows / 4..rows - rows / 4, columns / 5..columns - columns / 5);
        let ranges = (some_rows.clone(), some_columns.clone());
        let copied_ranges = ranges.clone();
        let [top, bottom, left, right] =
            [some_rows.start, some_rows.end, some_columns.start, some_columns.end];
        self.sums(
            "the middle half of the rows, and of them the middle three fifths",
            move |values| sum_block(values, columns, ranges.0.clone(), ranges.1.clone()),
            move |values| block(values, columns, copied_ranges.0.clone(), copied_ranges.1.clone()),
            move |matrix| matrix.slice(s![top..bottom, left..right]),
            move |matrix| matrix.slice_move(ndarray::s![top..bottom, left..right]),
        )
    }

    fn sum_of_steps(&self) -> Comparison {
        let columns = self.columns;
        self.sums(
            "`[::2, ::3]`, every third value of every second row,",
            move |values| sum_steps(values, columns, 2, 3),
            move |values| steps(values, columns, 2, 3),
            |matrix| matrix.slice(s![..; 2, ..; 3]),
            |matrix| matrix.slice_move(ndarray::s![..; 2, ..; 3]),
        )
    }

    fn sum_of_columns(&self) -> Comparison {
        let columns = self.columns;
        self.sums(
            "the transpose",
            move |values| fold_columns(values, columns, 0, |sum: i64, value| sum + value),
            move |values| transposed(values, columns),
            |matrix| matrix.t(),
            |matrix| matrix.reversed_axes(),
        )
    }

    /// All variants of the sum of a part, given how each takes it.
    fn sums(
        &self,
        part: &str,
        naive: impl Fn(&[i64]) -> i64 + 'static,
        copy: impl Fn(&[i64]) -> Vec<i64> + Clone + 'static,
        ours: impl for<'a> Fn(View<'a, i64, 2>) -> View<'a, i64, 2> + Copy + 'static,
        ndarray: impl for<'a> Fn(ArrayView2<'a, i64>) -> ArrayView2<'a, i64> + Copy + 'static,
    ) -> Comparison {
        let shape = [self.rows, self.columns];
        let copy_again = copy.clone();
        self.comparison()
            .about(format!(
                "The sum of {part} of a matrix: two loops and an index; a copy and its sum; a view in whichever order \
                 is cheapest (`fold_any` and `sum_any`, ndarray's `fold` and `sum`) and in row-major order (`iter`). Only what is copied is \
                 weighed."
            ))
            .naive(shared(&self.values), move |values| naive(values))
            .variant("naive, copied", copied(&self.values, copy), move |(values, kept)| {
                *kept = copy_again(values);
                kept.iter().sum::<i64>()
            })
            .pennyweight(shared(&self.values), move |values| {
                ours(view(values, shape)).fold_any(0, |sum: i64, value| sum + value)
            })
            .variant("pennyweight sum", shared(&self.values), move |values| {
                ours(view(values, shape)).sum_any()
            })
            .variant("pennyweight iter", shared(&self.values), move |values| {
                ours(view(values, shape)).iter().sum::<i64>()
            })
            .peer("ndarray", "ndarray", shared(&self.values), move |values| {
                ndarray(array_view(values, shape)).sum()
            })
            .peer("ndarray", "ndarray, fold", shared(&self.values), move |values| {
                ndarray(array_view(values, shape)).fold(0, |sum, value| sum + value)
            })
            .peer("ndarray", "ndarray, iter", shared(&self.values), move |values| {
                ndarray(array_view(values, shape)).iter().sum::<i64>()
            })
    }

    fn columns_in_order(&self) -> Comparison {
        let shape @ [_, columns] = [self.rows, self.columns];
        self.comparison()
            .about(
                "A fold over the transpose of a matrix, column by column, whose result depends on the order. `values` \
                 reads whole cache lines, and copies four of each row to memory that it allocates and frees each time.",
            )
            .naive(shared(&self.values), move |values| fold_columns(values, columns, 0, in_order))
            .variant(
                "naive, copied",
                copied(&self.values, move |values| transposed(values, columns)),
                move |(values, kept)| {
                    *kept = transposed(values, columns);
                    kept.iter().copied().fold(0, in_order)
                },
            )
            .pennyweight(shared(&self.values), move |values| {
                view(values, shape).t().values().fold(0, in_order)
            })
            .variant("pennyweight iter", shared(&self.values), move |values| {
                view(values, shape).t().iter().copied().fold(0, in_order)
            })
            .peer("ndarray", "ndarray", shared(&self.values), move |values| {
                array_view(values, shape).t().iter().copied().fold(0, in_order)
            })
    }

    fn copied_columns(&self) -> Comparison {
        let shape @ [_, columns] = [self.rows, self.columns];
        let values = || shared(&self.values);
        let (naive, ours, ndarray) = (values(), values(), values());
        self.comparison()
            .about("The time is that of copying the transpose of a matrix, row by row, into memory of its own.")
            .times_build()
            .naive(
                move || transposed(&naive(), columns),
                |copy| Answer::of_sequence(copy.iter().copied()),
            )
            .pennyweight(
                move || view(&ours(), shape).t().to_owned_compact(),
                |copy| Answer::of_sequence(copy.iter().copied()),
            )
            .peer(
                "ndarray",
                "ndarray",
                move || array_view(&ndarray(), shape).t().as_standard_layout().into_owned(),
                |copy| Answer::of_sequence(copy.iter().copied()),
            )
    }
}
