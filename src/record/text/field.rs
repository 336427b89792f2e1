//! What a struct's field of text is, and what a row lends of it.

use super::super::store::Store;
use super::TextColumn;
use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use core::fmt::Debug;
use core::hash::Hash;

#[cfg(target_has_atomic = "ptr")]
use alloc::sync::Arc;

/// A string that a struct's field owns: `String`, `Box<str>`, `Cow<'static, str>`, `Rc<str>` or `Arc<str>`.
///
/// Not `&'static str`: what is taken out of a column is made of text that lies in there.
pub trait TextValue: AsRef<str> + sealed::Sealed {
    /// The string, made anew.
    fn from_text(text: &str) -> Self;
}

/// A struct's field of text: a [`TextValue`], or an `Option` of one. It says what a column of such fields takes and gives.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no string that `text` or `dict` stores",
    note = "columns of text hold `String`, `Box<str>`, `Cow<'static, str>`, `Rc<str>`, `Arc<str>`, and an `Option` of one"
)]
pub trait TextField: Sized + sealed::Field {
    /// The column that such fields have as text: a [`TextColumn`].
    type Store: Store<Value = Self>;

    /// What a column takes and lends: `&str`, or `Option<&str>`.
    type Ref<'a>: Copy + Debug + Eq + Ord + Hash;

    /// Whether a field can be null.
    const NULLABLE: bool;

    /// The text of the field, as a column takes it.
    fn as_ref(&self) -> Self::Ref<'_>;

    /// The field, made anew.
    fn from_ref(text: Self::Ref<'_>) -> Self;

    /// What a column lends where this lies in it. What cannot be null is empty then.
    #[doc(hidden)]
    fn lend(text: Option<&str>) -> Self::Ref<'_>;

    /// What was lent, or is to be stored.
    #[doc(hidden)]
    fn text(text: Self::Ref<'_>) -> Option<&str>;
}

mod sealed {
    pub trait Sealed {}
    pub trait Field {}
}

macro_rules! text_values {
    ($($(#[$attribute:meta])* $value:ty,)*) => {$(
        $(#[$attribute])*
        impl sealed::Sealed for $value {}

        $(#[$attribute])*
        impl TextValue for $value {
            fn from_text(text: &str) -> Self {
                Self::from(String::from(text))
            }
        }
    )*};
}

text_values! {
    String,
    Box<str>,
    Cow<'static, str>,
    Rc<str>,
    #[cfg(target_has_atomic = "ptr")]
    Arc<str>,
}

impl<V: TextValue> sealed::Field for V {}
impl<V: TextValue> sealed::Field for Option<V> {}

impl<V: TextValue> TextField for V {
    type Store = TextColumn<V>;
    type Ref<'a> = &'a str;

    const NULLABLE: bool = false;

    #[inline]
    fn as_ref(&self) -> &str {
        AsRef::as_ref(self)
    }

    fn from_ref(text: Self::Ref<'_>) -> Self {
        V::from_text(text)
    }

    #[inline]
    fn lend(text: Option<&str>) -> &str {
        text.unwrap_or_default()
    }

    #[inline]
    fn text(text: Self::Ref<'_>) -> Option<&str> {
        Some(text)
    }
}

impl<V: TextValue> TextField for Option<V> {
    type Store = TextColumn<Self>;
    type Ref<'a> = Option<&'a str>;

    const NULLABLE: bool = true;

    #[inline]
    fn as_ref(&self) -> Option<&str> {
        self.as_ref().map(AsRef::as_ref)
    }

    fn from_ref(text: Self::Ref<'_>) -> Self {
        text.map(V::from_text)
    }

    #[inline]
    fn lend(text: Option<&str>) -> Option<&str> {
        text
    }

    #[inline]
    fn text(text: Self::Ref<'_>) -> Option<&str> {
        text
    }
}
