#![allow(unsafe_code)]
//! A field of a slice of structs as a column.

use std::rc::Rc;

use ndarray::{ArrayView1, ShapeBuilder};
use pennyweight::view::column;
use pennyweight_baseline::random::Random;
use pennyweight_comparison::{Comparison, Suite};

use super::{IN_CACHE, copied, shared};

pub(super) fn add_to(suite: &mut Suite) {
    suite.add("view", "field-in-cache", |sizes| prices(sizes.generated(IN_CACHE / 8)));
    suite.add("view", "field", |sizes| prices(sizes.generated(4_000_000)));
}

/// 32 bytes, half a cache line.
#[repr(C)]
struct Trade {
    time: i64,
    price: i32,
    quantity: i32,
    symbol: [u8; 8],
    order: u64,
}

const _: () = assert!(size_of::<Trade>() == 32);

fn trades(len: usize) -> Rc<[Trade]> {
    let mut random = Random::new(20_131);
    let trade = |order| Trade {
        time: 1_357_034_400_000 + 40 * order as i64,
        price: random.bits(20) as i32,
        quantity: 100,
        symbol: *b"PENNY   ",
        order,
    };
    (0..len as u64).map(trade).collect()
}

fn copy(trades: &[Trade]) -> Vec<i32> {
    trades.iter().map(|trade| trade.price).collect()
}

fn prices(len: usize) -> Comparison {
    let trades = trades(len);
    let about = "The sum of an `i32` of structs of 32 bytes: an iterator's adaptor; the column copied, and its sum; a \
         view of the column where it lies, folded and by `iter`. `naive, apart` has copied the column before: what a \
         struct of arrays reads.";
    Comparison::of("a price of a trade, uniform 20-bit numbers", len)
        .about(about)
        .naive(shared(&trades), |trades| {
            trades.iter().map(|trade| i64::from(trade.price)).sum::<i64>()
        })
        .variant("naive, copied", copied(&trades, copy), |(trades, prices)| {
            *prices = copy(trades);
            prices.iter().copied().map(i64::from).sum::<i64>()
        })
        .variant("naive, apart", copied(&trades, copy), |(_, prices)| {
            prices.iter().copied().map(i64::from).sum::<i64>()
        })
        .pennyweight(shared(&trades), |trades| {
            column!(&trades[..], Trade, price).fold_any(0, |sum, &price| sum + i64::from(price))
        })
        .variant("pennyweight iter", shared(&trades), |trades| {
            column!(&trades[..], Trade, price).iter().copied().map(i64::from).sum::<i64>()
        })
        .peer("ndarray", "ndarray", shared(&trades), |trades| {
            array_view(trades).fold(0, |sum, &price| sum + i64::from(price))
        })
}

/// ndarray counts strides in elements: from one price to the next it is eight prices.
fn array_view(trades: &[Trade]) -> ArrayView1<'_, i32> {
    let shape = (trades.len(),).strides((size_of::<Trade>() / size_of::<i32>(),));
    let first = trades.as_ptr().wrapping_byte_add(core::mem::offset_of!(Trade, price)).cast();
    // SAFETY: a price lies at this offset in each trade, aligned as the trade is, and all are borrowed as the slice is.
    unsafe { ArrayView1::from_shape_ptr(shape, first) }
}
