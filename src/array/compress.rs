//! The encoding that takes the fewest bytes.

use super::blocks::BlockArray;
use super::column::Encoding;
use super::dict::DictArray;
use super::element::{Element, Integers};
use super::error::StoreErrorCause;
use super::image::{ImageError, kind_of};
use super::iter::{Scan, from_traits, read_traits, value_eq};
use super::read::read_methods;
use super::sorted::{SortedArray, SortedError};
use crate::raw::image::{self, Load, LoadWords, Parts, Sections, Stored};
use crate::raw::packed::BLOCK;
use crate::raw::{Words, growth};
use crate::size::{HeapSize, Visitor};
use alloc::boxed::Box;
use alloc::vec::Vec;
use core::marker::PhantomData;
use core::ops::Range;

mod explanation;
mod sizes;

pub use explanation::Explanation;
use sizes::{Name, Sizes};

/// Packs integers, or integers and nulls, in the encoding that takes the fewest bytes.
///
/// Floats go into a [`DecimalArray`](super::DecimalArray), booleans into a [`BitArray`](super::BitArray), and strings into
/// a [`StrArray`](super::StrArray).
///
/// Collects the values in a `Vec` first, and the distinct ones in a hash set as long as a dictionary may pay; finds the
/// exact size of each encoding that could hold them, and builds the smallest alone. On a tie the one that is read faster
/// wins. [`Compressed::explain`] tells the sizes.
///
/// # Panics
///
/// Panics where [`try_compress`] fails.
///
/// # Examples
///
/// ```
/// use pennyweight::array::{Compressed, compress};
///
/// // A month of departures: the day hardly changes from one to the next.
/// let days = compress((0..27_000_i64).map(|i| 1 + i / 871));
/// assert!(matches!(days, Compressed::Sorted(_)));
/// assert_eq!(days.get(1000), Some(2));
/// assert!(days.heap_bytes() < 27_000 / 8 * 3);
/// println!("{}", days.explain());
/// ```
#[track_caller]
pub fn compress<V: Element>(values: impl IntoIterator<Item = V>) -> Compressed<V> {
    let values: Vec<V> = values.into_iter().collect();
    Compressed::from(&values[..])
}

#[track_caller]
fn raise(cause: StoreErrorCause) -> ! {
    match cause {
        StoreErrorCause::Reserve(error) => error.raise(),
        StoreErrorCause::NoCodeForNull => unreachable!("blocks hold null beside every integer"),
    }
}

/// Packs a slice in the encoding that takes the fewest bytes. See [`compress`].
///
/// # Errors
///
/// Fails where there is no memory for it.
pub fn try_compress<V: Element>(values: &[V]) -> Result<Compressed<V>, StoreErrorCause> {
    let sizes = Sizes::of(values)?;
    Ok(match sizes.smallest() {
        Name::Packed => Compressed::Packed(V::try_pack(values)?),
        Name::Dict => Compressed::Dict(DictArray::from_distinct(values, &sizes.distinct)?),
        Name::Sorted => {
            let mut integers = Vec::new();
            growth::reserve_exact(&mut integers, values.len())?;
            integers.extend(values.iter().filter_map(|value| value.integer()));
            match SortedArray::try_from_sorted(&integers) {
                Ok(array) => Compressed::Sorted(array),
                Err(SortedError::Reserve(error)) => return Err(error.into()),
                Err(_) => unreachable!("only what is sorted has a size as such"),
            }
        }
        Name::Blocks => Compressed::Blocks(BlockArray::try_from_slice(values)?),
    })
}

/// Integers, or integers and nulls, in the encoding that [`compress`] found the smallest for them.
///
/// Takes the bytes of the array in it, and reads at its speed but for one branch a call. Its values do not change.
///
/// `W` says where the words of that array lie: in a box, or in an image that is read in place.
///
/// # Memory
///
/// Inline as much as the largest of the variants, 80 bytes or less; on the heap what the variant takes.
#[non_exhaustive]
pub enum Compressed<V: Element, W: Words = Box<[u64]>> {
    /// All at one width: an [`IntArray`](super::IntArray) or a [`NullableIntArray`](super::NullableIntArray).
    Packed(V::Packed<W>),
    /// Codes of the distinct values.
    Dict(DictArray<V, W>),
    /// Blocks with a width each, and outliers aside.
    Blocks(BlockArray<V, W>),
    /// In order, without nulls: by how far they rise.
    Sorted(SortedArray<V::Int, W>),
}

/// Calls the same method of whichever array is there.
macro_rules! each {
    ($compressed:expr, $array:ident => $call:expr) => {
        match $compressed {
            Self::Packed($array) => $call,
            Self::Dict($array) => $call,
            Self::Blocks($array) => $call,
            Self::Sorted(array) => {
                let $array = &Lifted::<V, W>(array, PhantomData);
                $call
            }
        }
    };
}

impl<V: Element, W: Words> Compressed<V, W> {
    /// The number of values.
    #[inline]
    pub fn len(&self) -> usize {
        each!(self, array => array.scan_len())
    }

    /// The number of nulls. Takes constant time.
    pub fn null_count(&self) -> usize {
        each!(self, array => array.null_count())
    }

    /// The bytes of heap memory.
    pub fn heap_bytes(&self) -> usize {
        each!(self, array => array.heap_bytes())
    }

    /// How the values are stored.
    pub fn encoding(&self) -> Encoding {
        each!(self, array => array.encoding())
    }

    read_methods!(V);

    #[inline]
    fn for_each_within(&self, range: Range<usize>, f: impl FnMut(&[V])) {
        each!(self, array => array.for_each_within(range, f));
    }

    /// The value at `index`: what `array[index]` would be.
    ///
    /// # Panics
    ///
    /// Panics when `index` is out of range.
    #[inline]
    #[track_caller]
    pub fn value(&self, index: usize) -> V {
        each!(self, array => array.value_at(index))
    }

    /// The smallest value that is not null.
    pub fn min(&self) -> Option<V::Int> {
        each!(self, array => array.min())
    }

    /// The largest value that is not null.
    pub fn max(&self) -> Option<V::Int> {
        each!(self, array => array.max())
    }

    /// The sum of the values that are not null. Never overflows.
    pub fn sum(&self) -> i128 {
        each!(self, array => array.sum())
    }

    /// The array as bytes: those of the array in it, which are read as such an array too.
    pub fn to_bytes(&self) -> Vec<u8> {
        match self {
            Self::Packed(array) => image::to_bytes(array),
            Self::Dict(array) => image::to_bytes(array),
            Self::Blocks(array) => image::to_bytes(array),
            Self::Sorted(array) => image::to_bytes(array),
        }
    }

    /// What is in there, as the images of arrays have it.
    pub(crate) fn kind(&self) -> u16 {
        Self::KINDS[self.name() as usize].0
    }

    /// Puts the array down as part of an image, without its kind.
    pub(crate) fn store<'s>(&'s self, image: &mut Sections<'s>) {
        match self {
            Self::Packed(array) => array.store(image),
            Self::Dict(array) => array.store(image),
            Self::Blocks(array) => array.store(image),
            Self::Sorted(array) => array.store(image),
        }
    }

    /// Takes an array of a kind from an image.
    pub(crate) fn load<'a>(kind: u16, parts: &mut Parts<'a>) -> Result<Self, ImageError>
    where
        W: LoadWords<'a>,
    {
        match Name::ALL.into_iter().find(|&name| Self::KINDS[name as usize].0 == kind) {
            Some(Name::Packed) => V::load_packed(parts).map(Self::Packed),
            Some(Name::Dict) => Load::load(parts).map(Self::Dict),
            Some(Name::Blocks) => Load::load(parts).map(Self::Blocks),
            Some(Name::Sorted) => Load::load(parts).map(Self::Sorted),
            None => Err(ImageError::Invalid("an array has an encoding that is not known")),
        }
    }

    /// The kinds and elements of the arrays, in the order of [`Name`].
    const KINDS: [(u16, fn() -> u16); Name::ALL.len()] = [
        (V::Packed::<W>::KIND as u16, V::Packed::<W>::element),
        (DictArray::<V, W>::KIND as u16, DictArray::<V, W>::element),
        (BlockArray::<V, W>::KIND as u16, BlockArray::<V, W>::element),
        (SortedArray::<V::Int, W>::KIND as u16, SortedArray::<V::Int, W>::element),
    ];

    /// The array of an image, whichever it is of.
    fn from_image<'a>(bytes: &'a [u8]) -> Result<Self, ImageError>
    where
        W: LoadWords<'a>,
    {
        let found = kind_of(bytes)?;
        let known = Self::KINDS.into_iter().find(|&(kind, _)| kind == found);
        let (kind, element) = known.unwrap_or(Self::KINDS[0]);
        image::open(bytes, (kind, element()), |parts| Self::load(kind, parts))
    }

    fn name(&self) -> Name {
        match self {
            Self::Packed(_) => Name::Packed,
            Self::Dict(_) => Name::Dict,
            Self::Blocks(_) => Name::Blocks,
            Self::Sorted(_) => Name::Sorted,
        }
    }

    /// What each encoding would take, and why this one was chosen. Reads all values.
    pub fn explain(&self) -> Explanation {
        let values = self.to_vec();
        let candidates = match Sizes::of(&values) {
            Ok(sizes) => Name::ALL.map(|name| (name, sizes.of_name(name))),
            Err(_) => Name::ALL.map(|name| (name, Err("no memory to find out"))),
        };
        let (chosen, bytes) = (self.name(), self.heap_bytes());
        Explanation { len: values.len(), candidates, chosen, bytes }
    }

    /// Panics unless the invariants of the array hold.
    #[doc(hidden)]
    pub fn check_invariants(&self) {
        each!(self, array => array.check_invariants());
    }
}

impl<V: Element> Compressed<V> {
    /// The array of bytes that [`to_bytes`](Self::to_bytes) of this type, or of one of the arrays in it, made.
    ///
    /// # Errors
    ///
    /// Fails where the bytes are no image of such an array.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ImageError> {
        Self::from_image(bytes)
    }
}

impl<'a, V: Element> Compressed<V, &'a [u64]> {
    /// Reads bytes that [`to_bytes`](Self::to_bytes) of this type, or of one of the arrays in it, made in place.
    ///
    /// # Errors
    ///
    /// Fails where the bytes are no image of such an array, where they do not lie at a multiple of eight
    /// bytes, and on big-endian machines. Validating reads all of the bytes once.
    pub fn open<B: AsRef<[u8]> + ?Sized>(bytes: &'a B) -> Result<Self, ImageError> {
        Self::from_image(bytes.as_ref())
    }
}

/// Sorted integers as elements that none of is null.
struct Lifted<'a, V: Element, W: Words>(&'a SortedArray<V::Int, W>, PhantomData<V>);

impl<V: Element, W: Words> Scan for Lifted<'_, V, W> {
    type Value = V;

    fn scan_len(&self) -> usize {
        self.0.len()
    }

    #[inline]
    fn value_at(&self, index: usize) -> V {
        V::from_integer(Some(self.0.value(index)))
    }

    #[inline]
    fn fold_range<B>(&self, range: Range<usize>, init: B, mut f: impl FnMut(B, V) -> B) -> B {
        self.0.fold_range(range, init, |state, value| f(state, V::from_integer(Some(value))))
    }
}

impl<V: Element, W: Words> Lifted<'_, V, W> {
    fn null_count(&self) -> usize {
        0
    }

    fn heap_bytes(&self) -> usize {
        self.0.heap_bytes()
    }

    fn encoding(&self) -> Encoding {
        self.0.encoding()
    }

    #[inline]
    fn for_each_within(&self, range: Range<usize>, mut f: impl FnMut(&[V])) {
        let mut elements = [V::default(); BLOCK];
        self.0.for_each_within(range, |values| {
            for (element, &value) in elements.iter_mut().zip(values) {
                *element = V::from_integer(Some(value));
            }
            f(&elements[..values.len()]);
        });
    }

    fn min(&self) -> Option<V::Int> {
        self.0.min()
    }

    fn max(&self) -> Option<V::Int> {
        self.0.max()
    }

    fn sum(&self) -> i128 {
        self.0.sum()
    }

    fn check_invariants(&self) {
        self.0.check_invariants();
    }
}

impl<V: Element, W: Words> HeapSize for Compressed<V, W> {
    fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) {
        match self {
            Self::Packed(array) => array.visit(visitor),
            Self::Dict(array) => array.visit(visitor),
            Self::Blocks(array) => array.visit(visitor),
            Self::Sorted(array) => array.visit(visitor),
        }
    }
}

impl<V: Element, W: Words> Scan for Compressed<V, W> {
    type Value = V;

    #[inline]
    fn scan_len(&self) -> usize {
        self.len()
    }

    #[inline]
    fn value_at(&self, index: usize) -> V {
        self.value(index)
    }

    #[inline]
    fn fold_range<B>(&self, range: Range<usize>, init: B, f: impl FnMut(B, V) -> B) -> B {
        each!(self, array => array.fold_range(range, init, f))
    }
}

impl<V: Element, W: Words> Clone for Compressed<V, W> {
    fn clone(&self) -> Self {
        match self {
            Self::Packed(array) => Self::Packed(array.clone()),
            Self::Dict(array) => Self::Dict(array.clone()),
            Self::Blocks(array) => Self::Blocks(array.clone()),
            Self::Sorted(array) => Self::Sorted(array.clone()),
        }
    }
}

impl<V: Element> Default for Compressed<V> {
    fn default() -> Self {
        compress([])
    }
}

impl<V: Element> From<&[V]> for Compressed<V> {
    /// As [`compress`], without collecting the values first.
    #[track_caller]
    fn from(values: &[V]) -> Self {
        try_compress(values).unwrap_or_else(|cause| raise(cause))
    }
}

from_traits!([V: Element] Compressed<V>, V);

impl<V: Element> FromIterator<V> for Compressed<V> {
    /// As [`compress`].
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = V>>(values: I) -> Self {
        compress(values)
    }
}

read_traits!([V: Element, W: Words] Compressed<V, W>, V);
value_eq!([V: Element] Compressed<V>);
