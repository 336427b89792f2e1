//! Enums as columns: which variant a row is, and a table for each variant.
//!
//! ```text
//! numbers  [0][1][1][0][2]     the variant of each row
//! places   [0][0][1][1][0]     its row in the table of the variant
//! ```
//!
//! A row of a small variant takes what the variant's fields take and five bytes, where an enum takes as much as its largest variant. Where rows
//! change places, these five bytes do; a variant's own rows stay where they are. Where one goes, the last of its variant takes its place;
//! where many go, the others move up. Arrow's dense union is the same.
#![allow(unsafe_code)]

use super::columns::ColumnsOf;
use super::error::{Refused, StoreError};
use super::fields::{self, Fields};
use super::leaf::{Leaf, Onto, Own, Replace, Which};
use super::place::{Place, Sizes};
use super::row::RowOf;
use super::table::Table;
use super::variants::{OwnVariants, VariantAt, Variants};
use crate::array::BitArray;
use crate::raw::ReserveError;
use crate::raw::columns::{Block, Scratch};
use crate::raw::growth;
use crate::size::{self, Visitor};
use alloc::vec::Vec;
use core::fmt;
use core::marker::PhantomData;
use core::ops::Range;

/// The field that an enum is: one of the variants `V`.
#[derive(Debug)]
pub struct Enum<V>(PhantomData<V>);

/// The place of a row that is about to go, and is no variant's any more.
const FORGOTTEN: u32 = u32::MAX;

/// To go over all rows at once costs for each some times what it costs to look at one. Rows that are fewer than one in this many, and
/// found by looking at no more than this many times all rows, go one after the other.
const FEW: usize = 8;

/// The rows of an enum.
pub struct EnumRows<V: Variants> {
    /// The variant of each row.
    numbers: Vec<u8>,
    /// Invariant: as long as `numbers`; each row of each variant is the place of one row.
    places: Vec<u32>,
    tables: V::Tables,
}

impl<V: Variants> EnumRows<V> {
    /// Makes room for rows, in what says where they are.
    fn try_grow(&mut self, additional: usize) -> Result<(), ReserveError> {
        const { assert!(V::COUNT <= 256, "an enum of more than 256 variants is no record") };
        growth::reserve(&mut self.numbers, additional)?;
        growth::reserve(&mut self.places, additional)
    }

    /// Tells of what says where rows are, and gives the tables.
    pub(super) fn visit<'v>(&'v self, visitor: &mut Visitor<'v>) -> &'v V::Tables {
        visitor.block(
            size::Block::array::<u8>(self.numbers.capacity(), self.numbers.len())
                .at(self.numbers.as_ptr()),
        );
        visitor.block(
            size::Block::array::<u32>(self.places.capacity(), self.places.len())
                .at(self.places.as_ptr()),
        );
        &self.tables
    }

    /// Where a row is.
    #[inline]
    fn at(&self, index: usize) -> (usize, usize) {
        (self.numbers[index].into(), self.places[index] as usize)
    }

    /// The table of a row that is of the variant at `I`, and the row's place in it.
    ///
    /// # Panics
    ///
    /// Panics where it is of another variant.
    #[inline]
    #[track_caller]
    pub(super) fn variant_mut<I>(&mut self, index: usize) -> (&mut Table<V::Fields>, usize)
    where
        V: VariantAt<I>,
    {
        let (number, place) = self.at(index);
        assert_eq!(number, V::NUMBER, "a row of another variant");
        (V::table_mut(&mut self.tables), place)
    }

    /// The place of the next row of a variant.
    fn next_place(&self, number: usize) -> Result<u32, Refused> {
        match u32::try_from(V::len(&self.tables, number)) {
            Ok(place) if place != FORGOTTEN => Ok(place),
            _ => Err(StoreError::from(ReserveError::CapacityOverflow).into()),
        }
    }

    /// Where rows are, by their variants.
    fn places_of(&self, rows: &Which<'_>) -> Result<Vec<Vec<usize>>, StoreError> {
        let mut counts = Vec::new();
        growth::reserve_exact(&mut counts, V::COUNT)?;
        counts.resize(V::COUNT, 0);
        rows.iter().for_each(|index| counts[usize::from(self.numbers[index])] += 1);
        let mut places = Vec::new();
        growth::reserve_exact(&mut places, V::COUNT)?;
        for count in counts {
            let mut of_variant = Vec::new();
            growth::reserve_exact(&mut of_variant, count)?;
            places.push(of_variant);
        }
        for index in rows.iter() {
            let (number, place) = self.at(index);
            places[number].push(place);
        }
        Ok(places)
    }

    /// Whether no row of the same variant is behind that of a row.
    fn ends_its_variant(&self, index: usize) -> bool {
        let (number, place) = self.at(index);
        place + 1 >= V::len(&self.tables, number)
    }

    /// Says that the last row of a variant is now at `place`, where it was not before: the row that it belongs to is looked for from
    /// `before` down, since rows that came last are mostly behind. Gives how many rows were looked at.
    fn moved(&mut self, number: usize, last: usize, place: usize, before: usize) -> usize {
        let belongs = |index: &usize| self.at(*index) == (number, last);
        // The row itself may lie behind, where rows were moved about.
        let others = before..self.numbers.len();
        match (0..before).rev().chain(others).find(belongs) {
            Some(index) => {
                self.places[index] = place as u32;
                if index < before { before - index } else { index + 1 }
            }
            None => self.numbers.len(),
        }
    }

    /// Takes a row whose values have been moved out of its cells, or never been written, from its variant: the last row takes its place.
    /// Gives how many rows were looked at.
    ///
    /// # Safety
    ///
    /// As of the methods of `Fields`.
    unsafe fn forget(&mut self, index: usize) -> usize {
        let (number, place) = self.at(index);
        let len = V::len(&self.tables, number);
        if place >= len {
            // It was prepared, and never written.
            V::truncate_stores(&mut self.tables);
            return 0;
        }
        // SAFETY: it is a row of the variant.
        unsafe { V::swap_remove(&mut self.tables, number, place) };
        self.places[index] = FORGOTTEN;
        if place == len - 1 { 0 } else { self.moved(number, len - 1, place, index) }
    }

    /// Takes such rows out: one after the other, as long as few rows are looked at for that, and what is left of many at once. Needs no
    /// memory for one row.
    ///
    /// # Safety
    ///
    /// As of the methods of `Fields`.
    unsafe fn forget_all(&mut self, range: Range<usize>) {
        let all = self.numbers.len();
        let many = range.len() > 1.max(all / FEW);
        let mut looks = if many { 0 } else { all.saturating_mul(FEW) };
        for index in range.clone().rev() {
            if looks == 0 {
                // SAFETY: as the caller promises; those that are forgotten are in no table any more.
                unsafe { self.keep_others(range) };
                return V::truncate_stores(&mut self.tables);
            }
            // SAFETY: as the caller promises.
            looks = looks.saturating_sub(unsafe { self.forget(index) });
        }
        self.numbers.drain(range.clone());
        self.places.drain(range);
    }

    /// Forgets all rows of a range at once, and gives how many rows each variant had; their cells lie behind those that are counted.
    ///
    /// # Safety
    ///
    /// As of the methods of `Fields`.
    unsafe fn keep_others(&mut self, range: Range<usize>) -> Vec<usize> {
        let before: Vec<usize> = (0..V::COUNT).map(|number| V::len(&self.tables, number)).collect();
        self.numbers.drain(range.clone());
        self.places.drain(range);
        let mut keep: Vec<BitArray> =
            before.iter().map(|&len| BitArray::repeat(false, len)).collect();
        for index in 0..self.numbers.len() {
            let (number, place) = self.at(index);
            keep[number].set(place, true);
        }
        // Rows of a variant that stay move up by as many as go before them.
        let moved = keep.iter().map(|keep| {
            let mut places = Vec::with_capacity(keep.len());
            places.extend(keep.iter().scan(0, |to, kept| {
                let place = *to;
                *to += u32::from(kept);
                Some(place)
            }));
            places
        });
        let moved: Vec<Vec<u32>> = moved.collect();
        for (&number, place) in self.numbers.iter().zip(&mut self.places) {
            *place = moved[usize::from(number)][*place as usize];
        }
        // SAFETY: there is a bit for each row of each variant.
        unsafe { V::keep(&mut self.tables, &keep) };
        before
    }
}

impl<V: Variants> Default for EnumRows<V> {
    fn default() -> Self {
        Self { numbers: Vec::new(), places: Vec::new(), tables: V::Tables::default() }
    }
}

impl<V> fields::Sealed for Enum<V> {}

impl<V: Variants> Fields for Enum<V> {
    type Values = V::Values;
    type Stores = EnumRows<V>;
    type Undo = ();
    type SlicesMut<'a>
        = ()
    where
        Self: 'a;
    const SIZES: Sizes = Sizes::NONE;
    const BITMAPS: usize = 0;
    const LEAVES: usize = 1;

    fn try_reserve(rows: &mut EnumRows<V>, additional: usize) -> Result<(), ReserveError> {
        rows.try_grow(additional)
    }

    fn try_reserve_exact(rows: &mut EnumRows<V>, additional: usize) -> Result<(), ReserveError> {
        let capacity = rows.numbers.len().checked_add(additional);
        let capacity = capacity.ok_or(ReserveError::CapacityOverflow)?;
        growth::reserve_exact(&mut rows.numbers, capacity)?;
        growth::reserve_exact(&mut rows.places, capacity)
    }

    fn try_remove_unused(rows: &mut EnumRows<V>) -> Result<(), StoreError> {
        V::try_remove_unused(&mut rows.tables)
    }

    fn try_push(rows: &mut EnumRows<V>, values: &V::Values, len: usize) -> Result<(), Refused> {
        Self::try_insert(rows, values, len)
    }

    fn try_insert(rows: &mut EnumRows<V>, values: &V::Values, index: usize) -> Result<(), Refused> {
        rows.try_grow(1).map_err(StoreError::from)?;
        let number = V::number(values);
        let place = rows.next_place(number)?;
        // The column that is named is this one, not one of those in it.
        V::try_prepare(&mut rows.tables, values).map_err(|refused| Refused::from(refused.cause))?;
        rows.numbers.insert(index, number as u8);
        rows.places.insert(index, place);
        Ok(())
    }

    fn undo_insert(rows: &mut EnumRows<V>, index: usize, (): ()) {
        Self::remove_from_stores(rows, index..index + 1);
    }

    unsafe fn try_extend_from(
        rows: &mut EnumRows<V>,
        other: &EnumRows<V>,
        range: Range<usize>,
        len: usize,
    ) -> Result<(), Refused> {
        rows.try_grow(range.len()).map_err(StoreError::from)?;
        for index in range {
            let (number, place) = other.at(index);
            let extended = rows.next_place(number).and_then(|to| {
                // SAFETY: the row is there (invariant of `places`), and forgotten with that which it is moved to below.
                unsafe { V::try_extend_from(&mut rows.tables, &other.tables, number, place) }?;
                Ok(to)
            });
            match extended {
                Ok(to) => {
                    rows.numbers.push(number as u8);
                    rows.places.push(to);
                    // SAFETY: the row is prepared. It is in both from now on: where a later one is refused, `truncate_stores` forgets it
                    // here, and else one of the two does, as the caller promises.
                    unsafe { V::move_from(&mut rows.tables, &other.tables, number, place) };
                }
                Err(refused) => {
                    Self::truncate_stores(rows, len);
                    return Err(refused.cause.into());
                }
            }
        }
        Ok(())
    }

    /// Needs no memory where none stay, and where those that go came last: what is refused is taken back by it.
    fn truncate_stores(rows: &mut EnumRows<V>, len: usize) {
        if len == 0 {
            rows.numbers.clear();
            rows.places.clear();
            // SAFETY: the values of all rows have been moved out, or never been written.
            return unsafe { V::forget_all(&mut rows.tables) };
        }
        while rows.numbers.len() > len && rows.ends_its_variant(rows.numbers.len() - 1) {
            let last = rows.numbers.len() - 1;
            Self::remove_from_stores(rows, last..last + 1);
        }
        let gone = len..rows.numbers.len();
        Self::remove_from_stores(rows, gone);
    }

    fn remove_from_stores(rows: &mut EnumRows<V>, range: Range<usize>) {
        // SAFETY: the values of these rows have been moved out, or never been written.
        unsafe { rows.forget_all(range) };
    }

    fn swap_remove_from_stores(rows: &mut EnumRows<V>, index: usize) {
        // SAFETY: the row's values have been moved out.
        unsafe { rows.forget(index) };
        rows.numbers.swap_remove(index);
        rows.places.swap_remove(index);
    }

    fn shrink_to_fit(rows: &mut EnumRows<V>) {
        rows.numbers.shrink_to_fit();
        rows.places.shrink_to_fit();
        V::shrink_to_fit(&mut rows.tables);
    }

    fn heap_bytes(rows: &EnumRows<V>) -> usize {
        rows.numbers.capacity() + 4 * rows.places.capacity() + V::heap_bytes(&rows.tables)
    }

    fn check_stores(rows: &EnumRows<V>, len: usize) {
        assert_eq!((rows.numbers.len(), rows.places.len()), (len, len), "rows of an enum");
        let lens = (0..V::COUNT).map(|number| V::len(&rows.tables, number));
        let mut is_there: Vec<_> = lens.map(|len| BitArray::repeat(false, len)).collect();
        for index in 0..len {
            let (number, place) = rows.at(index);
            assert!(!is_there[number].get(place).unwrap(), "two rows at one place of a variant");
            is_there[number].set(place, true);
        }
        assert!(is_there.iter().all(|places| places.count_zeros() == 0), "a place of no row");
        V::check_invariants(&rows.tables);
    }

    unsafe fn write<P: Place>(_: &Block, rows: &mut EnumRows<V>, _: usize, values: V::Values) {
        // SAFETY: the row was prepared by `try_push` or `try_insert`, and has the next place of its variant.
        unsafe { V::write(&mut rows.tables, values) };
    }

    unsafe fn take<P: Place>(_: &Block, rows: &EnumRows<V>, index: usize) -> V::Values {
        let (number, place) = rows.at(index);
        // SAFETY: the row is there, and so is that of the variant (invariant of `places`).
        unsafe { V::take(&rows.tables, number, place) }
    }

    unsafe fn slices_mut<'a, P: Place>(_: &'a Block, _: &'a mut EnumRows<V>, _: usize)
    where
        Self: 'a,
    {
    }

    unsafe fn drop_cells<P: Place>(block: &Block, rows: &mut EnumRows<V>, range: Range<usize>) {
        if range.len() > rows.numbers.len() / FEW {
            // SAFETY: the rows are counted by nobody else, as the caller promises.
            let before = unsafe { rows.keep_others(range) };
            // SAFETY: these cells were counted, and are no longer.
            unsafe { V::drop_behind(&mut rows.tables, &before) };
        } else {
            // SAFETY: the rows are there, and forgotten next.
            let take = |index| unsafe { Self::take::<P>(block, rows, index) };
            let gone: Vec<V::Values> = range.clone().map(take).collect();
            Self::remove_from_stores(rows, range);
            drop(gone);
        }
    }

    unsafe fn swap_cells<P: Place>(_: &Block, rows: &mut EnumRows<V>, a: usize, b: usize) {
        rows.numbers.swap(a, b);
        rows.places.swap(a, b);
    }

    unsafe fn move_from<P: Place>(
        _: &Block,
        _: &mut EnumRows<V>,
        _: usize,
        _: &Block,
        _: &EnumRows<V>,
        _: Range<usize>,
    ) {
        // `try_extend_from` has moved them.
    }

    unsafe fn partition<P: Place>(_: &Block, rows: &mut EnumRows<V>, keep: &BitArray) {
        // As cells do, what goes waits behind what stays, until it is dropped.
        let mut gone = Vec::with_capacity(keep.count_zeros());
        let going = keep.iter().enumerate().filter(|(_, kept)| !kept);
        gone.extend(going.map(|(index, _)| (rows.numbers[index], rows.places[index])));
        for (to, from) in keep.iter_ones().enumerate() {
            rows.numbers[to] = rows.numbers[from];
            rows.places[to] = rows.places[from];
        }
        let kept = keep.len() - gone.len();
        for (index, (number, place)) in (kept..).zip(gone) {
            rows.numbers[index] = number;
            rows.places[index] = place;
        }
    }

    unsafe fn permute<P: Place>(_: &Block, rows: &mut EnumRows<V>, order: &[u32], _: &Scratch) {
        rows.numbers = order.iter().map(|&from| rows.numbers[from as usize]).collect();
        rows.places = order.iter().map(|&from| rows.places[from as usize]).collect();
    }
}

/// A row of an enum.
pub struct VariantRow<'a, V: Variants> {
    rows: &'a EnumRows<V>,
    number: usize,
    place: usize,
}

impl<'a, V: Variants> VariantRow<'a, V> {
    /// The row of a variant, where it is one of it.
    #[inline]
    pub fn get<I>(self) -> Option<&'a RowOf<V::Fields>>
    where
        V: VariantAt<I>,
    {
        let table = V::table(&self.rows.tables);
        if self.number != V::NUMBER || self.place >= table.len() {
            return None;
        }
        // SAFETY: the row is in the table.
        Some(unsafe { RowOf::new(table, self.place) })
    }

    /// The number of its variant.
    #[inline]
    pub fn number(self) -> usize {
        self.number
    }
}

impl<V: Variants> Clone for VariantRow<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V: Variants> Copy for VariantRow<'_, V> {}

/// The columns of an enum.
pub struct VariantSlice<'a, V: Variants> {
    rows: &'a EnumRows<V>,
    start: usize,
    end: usize,
}

impl<'a, V: Variants> VariantSlice<'a, V> {
    /// The number of each row's variant, counted from 0 as they stand in the enum.
    #[inline]
    pub fn numbers(self) -> &'a [u8] {
        &self.rows.numbers[self.start..self.end]
    }

    /// A row, or `None` behind the end.
    #[inline]
    pub fn row(self, index: usize) -> Option<VariantRow<'a, V>> {
        let rows = self.rows;
        let (number, place) = rows.at((self.start..self.end).nth(index)?);
        Some(VariantRow { rows, number, place })
    }

    /// Where each row lies in the columns of its variant.
    #[inline]
    pub fn places(self) -> &'a [u32] {
        &self.rows.places[self.start..self.end]
    }

    /// The columns of a variant: of all its rows, in the order in which they came, but that the last may have come to where one went.
    #[inline]
    pub fn get<I>(self) -> ColumnsOf<'a, V::Fields>
    where
        V: VariantAt<I>,
    {
        let table = V::table(&self.rows.tables);
        ColumnsOf::new(table, 0..table.len())
    }
}

impl<V: Variants> Clone for VariantSlice<'_, V> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<V: Variants> Copy for VariantSlice<'_, V> {}

impl<V: Variants> Leaf for Enum<V> {
    type Value = V::Values;
    type Get<'a>
        = VariantRow<'a, V>
    where
        Self: 'a;
    type Slice<'a>
        = VariantSlice<'a, V>
    where
        Self: 'a;

    fn pack(values: V::Values) -> V::Values {
        values
    }

    #[inline]
    unsafe fn get<'a, P: Place>(
        _: &'a Block,
        rows: &'a EnumRows<V>,
        index: usize,
    ) -> VariantRow<'a, V>
    where
        Self: 'a,
    {
        let (number, place) = rows.at(index);
        VariantRow { rows, number, place }
    }

    unsafe fn slice<'a, P: Place>(
        _: &'a Block,
        rows: &'a EnumRows<V>,
        range: Range<usize>,
    ) -> VariantSlice<'a, V>
    where
        Self: 'a,
    {
        VariantSlice { rows, start: range.start, end: range.end }
    }
}

impl<V: Variants> Replace for Enum<V> {
    unsafe fn set<P: Place>(
        block: &Block,
        rows: &mut EnumRows<V>,
        index: usize,
        values: V::Values,
    ) -> Result<(), StoreError> {
        let number = V::number(&values);
        let place = rows.next_place(number).map_err(|refused| refused.cause)?;
        V::try_prepare(&mut rows.tables, &values).map_err(|refused| refused.cause)?;
        // SAFETY: the row is prepared. It is no row's until the old one has gone.
        unsafe { V::write(&mut rows.tables, values) };
        // SAFETY: the row is there, as the caller promises.
        let old = unsafe { Self::take::<P>(block, rows, index) };
        let (old_number, old_place) = rows.at(index);
        if number == old_number {
            // The new row is the last of the variant, and so comes to where the old one was.
            // SAFETY: the values of the old one have been moved out.
            unsafe { V::swap_remove(&mut rows.tables, number, old_place) };
        } else {
            // SAFETY: as above.
            unsafe { rows.forget(index) };
            rows.numbers[index] = number as u8;
            rows.places[index] = place;
        }
        drop(old);
        Ok(())
    }
}

impl<V: OwnVariants> Own for Enum<V> {
    unsafe fn own<P: Place>(_: &Block, rows: &EnumRows<V>, index: usize) -> V::Values {
        let (number, place) = rows.at(index);
        // SAFETY: the row is there, and so is that of the variant (invariant of `places`).
        unsafe { V::own(&rows.tables, number, place) }
    }

    /// Each variant has its rows cloned at once, and then each row is told where its clone is.
    unsafe fn try_clone_from<P: Place>(
        _: &Block,
        rows: &mut EnumRows<V>,
        onto: Onto,
        _: &Block,
        other: &EnumRows<V>,
        range: Which<'_>,
    ) -> Result<(), Refused> {
        let Onto::Rows(_) = onto else {
            // The column that is named is this one, not one of those in it.
            let tables = V::try_clone(&other.tables).map_err(|refused| refused.cause)?;
            *rows =
                EnumRows { numbers: other.numbers.clone(), places: other.places.clone(), tables };
            return Ok(());
        };
        rows.try_grow(range.count()).map_err(StoreError::from)?;
        let chosen = other.places_of(&range)?;
        // Where the next clone of each variant goes.
        let mut next = Vec::new();
        growth::reserve_exact(&mut next, V::COUNT).map_err(StoreError::from)?;
        next.extend((0..V::COUNT).map(|number| V::len(&rows.tables, number)));
        let last = next.iter().zip(&chosen).map(|(next, chosen)| next + chosen.len()).max();
        if last > Some(FORGOTTEN as usize) {
            return Err(StoreError::from(ReserveError::CapacityOverflow).into());
        }
        // SAFETY: the rows are there, and so are those of the variants (invariant of `places`).
        unsafe { V::try_extend_cloned(&mut rows.tables, &other.tables, &chosen) }
            .map_err(|refused| refused.cause)?;
        for index in range.iter() {
            let number = other.numbers[index];
            let place = &mut next[usize::from(number)];
            rows.numbers.push(number);
            rows.places.push(*place as u32);
            *place += 1;
        }
        Ok(())
    }
}

impl<V: Variants> fmt::Debug for EnumRows<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnumRows").field("numbers", &self.numbers).finish_non_exhaustive()
    }
}

impl<V: Variants> fmt::Debug for VariantRow<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VariantRow").field("number", &self.number).finish_non_exhaustive()
    }
}

impl<V: Variants> fmt::Debug for VariantSlice<'_, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("VariantSlice").field("numbers", &self.numbers()).finish_non_exhaustive()
    }
}
