//! What a newcomer writes instead of [`pennyweight::view`]: an adaptor, two loops and an index, or a copy.
//!
//! A matrix is a slice of whole rows of so many columns.
//!
//! [`pennyweight::view`]: https://docs.rs/pennyweight

use std::ops::Range;

/// The sum of every `step`th value.
pub fn sum_every(values: &[i64], step: usize) -> i64 {
    values.iter().step_by(step).sum()
}

/// Every `step`th value, copied.
pub fn every(values: &[i64], step: usize) -> Vec<i64> {
    values.iter().step_by(step).copied().collect()
}

/// The sum from the last value to the first.
pub fn sum_reversed(values: &[i64]) -> i64 {
    values.iter().rev().sum()
}

/// The values from the last to the first, copied.
pub fn reversed(values: &[i64]) -> Vec<i64> {
    values.iter().rev().copied().collect()
}

/// Folds a matrix column by column.
pub fn fold_columns<B>(
    matrix: &[i64],
    columns: usize,
    init: B,
    mut f: impl FnMut(B, i64) -> B,
) -> B {
    let mut folded = init;
    for column in 0..columns {
        for row in 0..matrix.len() / columns {
            folded = f(folded, matrix[row * columns + column]);
        }
    }
    folded
}

/// The matrix with its rows as columns, copied.
pub fn transposed(matrix: &[i64], columns: usize) -> Vec<i64> {
    let mut transposed = Vec::with_capacity(matrix.len());
    for column in 0..columns {
        for row in 0..matrix.len() / columns {
            transposed.push(matrix[row * columns + column]);
        }
    }
    transposed
}

/// The sum of the values that are in some of the rows and some of the columns.
pub fn sum_block(matrix: &[i64], columns: usize, rows: Range<usize>, block: Range<usize>) -> i64 {
    let mut sum = 0;
    for row in rows {
        for value in &matrix[row * columns..][block.clone()] {
            sum += value;
        }
    }
    sum
}

/// The values that are in some of the rows and some of the columns, copied.
pub fn block(matrix: &[i64], columns: usize, rows: Range<usize>, block: Range<usize>) -> Vec<i64> {
    let mut values = Vec::new();
    for row in rows {
        values.extend_from_slice(&matrix[row * columns..][block.clone()]);
    }
    values
}

/// The sum of every `column_step`th value of every `row_step`th row.
pub fn sum_steps(matrix: &[i64], columns: usize, row_step: usize, column_step: usize) -> i64 {
    let mut sum = 0;
    for row in (0..matrix.len() / columns).step_by(row_step) {
        for column in (0..columns).step_by(column_step) {
            sum += matrix[row * columns + column];
        }
    }
    sum
}

/// Every `column_step`th value of every `row_step`th row, copied.
pub fn steps(matrix: &[i64], columns: usize, row_step: usize, column_step: usize) -> Vec<i64> {
    let mut values = Vec::new();
    for row in matrix.chunks(columns).step_by(row_step) {
        values.extend(row.iter().step_by(column_step));
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 2 3
    /// 4 5 6
    const MATRIX: [i64; 6] = [1, 2, 3, 4, 5, 6];

    #[test]
    fn sums_are_those_of_the_copies() {
        assert_eq!(every(&MATRIX, 4), [1, 5]);
        assert_eq!(sum_every(&MATRIX, 4), 6);
        assert_eq!(reversed(&MATRIX), [6, 5, 4, 3, 2, 1]);
        assert_eq!(sum_reversed(&MATRIX), 21);
        assert_eq!(block(&MATRIX, 3, 1..2, 0..2), [4, 5]);
        assert_eq!(sum_block(&MATRIX, 3, 1..2, 0..2), 9);
        assert_eq!(steps(&MATRIX, 3, 1, 2), [1, 3, 4, 6]);
        assert_eq!(sum_steps(&MATRIX, 3, 1, 2), 14);
    }

    #[test]
    fn a_transposed_matrix_has_its_columns_as_rows() {
        assert_eq!(transposed(&MATRIX, 3), [1, 4, 2, 5, 3, 6]);
        let digits = fold_columns(&MATRIX, 3, 0, |digits, value| 10 * digits + value);
        assert_eq!(digits, 142_536);
    }
}
