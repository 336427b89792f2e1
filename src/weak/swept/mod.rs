//! Maps over std's `Weak`s, which sweep themselves.
//!
//! A value dies without telling the map, and a `Weak` keeps its block (not what it owned) until the entry is gone. So a map has to look, and
//! what it may look at for each change is a constant number of entries, on the average. This is what `Table` does with them:
//!
//! ```text
//! settle, at each change:   draws = 1
//!                           while draws > 0 and there are entries:
//!                               draw one of them, each with the same probability        draws -= 1
//!                               if it is dead: remove it,                               draws += 2
//!                                              and the dead ones behind it in the table
//! add, of a new entry:      if there are 2 L′ + 16, or the table is full:
//!                               look at all, remove the dead; L′ are left
//!                               make room for a quarter of the buckets if there is less
//! ```
//!
//! In the following, *L* and *D* are the live and the dead entries at a time, and *L*′ those that the last look at all of them
//! found alive.
//!
//! # What it costs
//!
//! **Entries are looked at in amortised O(1) time for each change, whatever dies when.** Each change is worth a draw. Each dead entry
//! that is drawn is worth two, is looked at no more, and was an insertion once. So there are at most as many draws as changes and two
//! for each insertion. A run that follows a draw looks at dead entries, each of which an insertion pays for as well, and at one live
//! entry; it ends where no entry comes for 16 buckets for each dead one, so that it steps over as many.
//! A draw tries buckets until one is in use: 8 times on the average at most, since a table with less than an eighth in use is made smaller, or 16
//! times in one of 16 buckets, which is not.
//!
//! All are looked at where *L* + *D* = 2 *L*′ + 16, that is, *L*′ + 16 insertions after the last time: fewer than two for each. Or where the
//! table is full: it had room for a quarter of its buckets after the last time, so at most seven eighths of them are looked at for a quarter
//! of insertions. Or where it has become sparse, which has taken as many removals as 3 in 32 of its buckets since it took that size.
//! `tests/swept/bound.rs` counts them.
//!
//! # What it holds
//!
//! **After a change, *D* ≤ 2 *L* but with a probability of 1/2, and of 2⁻ʲ if nothing died during the last *j* changes;** whatever died
//! before, in whatever pattern, as long as what dies does not depend on what was drawn. For: while *D* > 2 *L*, a draw is dead with a
//! probability above 2/3, whichever were drawn before and wherever the entries lie. So the number of draws left is a walk that begins
//! at 1 and goes up by one with a probability above 2/3, or else down by one. That it ever comes to 0 has a probability
//! below (1/3) / (2/3) = 1/2; this is the gambler's ruin. If it does not come to 0, it goes on until *D* ≤ 2 *L*, and since `settle` removes
//! none but dead entries, this stays so. An insertion then adds a live entry, or puts one in the place of another; a removal takes its entry out
//! before. So each
//! change fails with a probability of 1/2 at most, by its own draws, and once one has not, nothing but a death undoes it.
//!
//! Where all are dead, each draw is, and the change removes all of them. Where each insertion is met by a death elsewhere, it needs
//! three draws to find one dead entry, and has them when a third are: *D* ≈ *L* / 2.
//!
//! **With certainty, *L* + *D* ≤ 2 *L*′ + 16,** since `add` sees to it. For values that die as others come, and for maps that grow, *L*′ is about
//! *L*; where many have died since, it is not.
//!
//! # What cannot hold
//!
//! - **Anything without a change.** If all values die and nobody touches the map, it keeps an entry and a block for each.
//! - **A bound by *L* with certainty.** Take a map that looks at *a* entries for each change, amortised, and makes no random choice. Insert
//!   *n* values, and then put some of them where they are already, in 8 *a* stretches of *n* / 8*a* changes each. In all it looks at no
//!   more than *a* (*n* + *n*) entries, and so at no more than *n* / 4 during one of the stretches. Whoever knows the map knows which, and
//!   lets all values die as that stretch begins but for those that will be looked at. Until it ends, *L* ≤ *n* / 4, and *D* ≥ 3 *n* / 4, for what
//!   was not looked at cannot be removed. So it has to be draws that nobody can foresee. Their seed comes from the map's hash; and who
//!   watches which entries go, and lets live accordingly, defeats them too.
//! - **A cheap bound on one change.** The change that notices a great death removes what it finds, as the one that grows a table moves it.

mod key_map;
mod map;
mod set;

mod keyed;
mod pointer;
mod stats;
mod table;

pub use key_map::SweptKeyMap;
pub use keyed::{Equality, Identity, KeyedBy};
pub use map::SweptMap;
pub use pointer::Pointer;
pub use set::SweptSet;
pub use stats::SweptStats;
