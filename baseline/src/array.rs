//! What a newcomer writes instead of [`pennyweight::array`]: a `Vec` and a loop.
//!
//! [`pennyweight::array`]: https://docs.rs/pennyweight

/// The sum of a column.
pub fn sum(values: &[i64]) -> i64 {
    values.iter().sum()
}

/// The sum of a column that has nulls.
pub fn sum_nullable(values: &[Option<i64>]) -> i64 {
    values.iter().flatten().sum()
}

/// How many values are true.
pub fn count_ones(values: &[bool]) -> usize {
    values.iter().filter(|&&value| value).count()
}

/// The indices of the values that are true.
pub fn ones(values: &[bool]) -> impl Iterator<Item = usize> + '_ {
    values.iter().enumerate().filter(|&(_, &value)| value).map(|(index, _)| index)
}

/// A `Vec` grown by pushes from an iterator that does not know its length.
pub fn push_all<T>(values: impl Iterator<Item = T>) -> Vec<T> {
    let mut array = Vec::new();
    for value in values {
        array.push(value);
    }
    array
}
