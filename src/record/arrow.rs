//! Records to and from Arrow's record batches.
//!
//! | column | Arrow | out | back |
//! |---|---|---|---|
//! | plain numbers, and `Option`s of them | `Int8` to `UInt64`, `Float32`, `Float64` | lent | copied |
//! | of these, `i128` and `u128` | `FixedSizeBinary(16)` | lent | copied |
//! | `dict` | `Dictionary(UInt8 to UInt32, Utf8)` | codes and validity lent, the dictionary copied | the dictionary interned once, codes mapped |
//! | `packed` | the integers | unpacked, block by block | packed |
//! | of these, `bool` | `Boolean` | lent | packed |
//! | `text` | `Utf8`, or `LargeUtf8` from 2 GiB on | text and validity lent, offsets made | copied |
//! | plain strings | the same | copied | copied |
//! | plain `bool` | `Boolean` | bits made | bits read |
//! | other types | what [`ArrowValue`](super::ArrowValue) says | converted | converted |
//! | `nested` | `Struct` | its columns | its columns |

mod export;
mod import;
mod open;
