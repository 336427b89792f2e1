//! Several fields of many structs, each as a view that can be written.

/// Disjoint fields of a slice of structs, each as a [`ViewMut`](crate::view::ViewMut) of one axis, in a tuple.
///
/// `split_columns_mut!(people, Person, age, address.zip)` borrows `people` mutably once, and lends each field
/// on its own. Nothing is copied, and nothing checked when the program runs: a field that is named twice, or that
/// lies inside another one, is refused by the borrow checker, as `(&mut person.age, &mut person.age)` is. It
/// points at the whole macro then (E0499, "cannot borrow value as mutable more than once"): look for the field that
/// is there twice. What [`column!`](crate::view::column) refuses is refused here too.
///
/// # Examples
///
/// ```
/// use pennyweight::view::split_columns_mut;
///
/// #[derive(Debug, PartialEq)]
/// struct Account {
///     balance: i64,
///     interest: i64,
///     owner: String,
/// }
///
/// let account = |balance, interest| Account { balance, interest, owner: String::new() };
/// let mut accounts = vec![account(100, 3), account(200, 5)];
///
/// let (mut balances, mut interests) = split_columns_mut!(accounts, Account, balance, interest);
/// balances.zip_any(interests.view(), |balance, interest| *balance += interest);
/// interests.fill(0);
/// assert_eq!(accounts, [account(103, 0), account(205, 0)]);
/// ```
///
/// # Source
///
/// `split_at_mut` of std, across the fields; ndarray's
/// [`multi_slice_mut`](https://docs.rs/ndarray/latest/ndarray/struct.ArrayRef.html#method.multi_slice_mut), which
/// checks when the program runs.
#[doc(hidden)]
#[macro_export]
macro_rules! __pennyweight_view_split_columns_mut {
    ($slice:expr, $Struct:ty, $($($field:tt).+),+ $(,)?) => {
        match <$crate::view::ViewMut<'_, $Struct, 1> as ::core::convert::From<&mut [$Struct]>>::from(
            &mut $slice[..],
        ) {
            view => {
                // Never called: it compiles where the fields can be borrowed side by side.
                let _ = $crate::view::macros::projection::<$Struct, ()>(|value| {
                    let _fields = ($(&mut value.$($field).+,)+);
                    ::core::ptr::null_mut()
                });
                ($(match $crate::__pennyweight_view_field!($Struct, $($field).+) {
                    // SAFETY: `view` is not seen outside, and lends each of these fields once, which by the borrow
                    // checker have no bytes in common.
                    field => unsafe { $crate::view::ViewMut::disjoint_field(&view, field) },
                },)+)
            }
        }
    };
}
