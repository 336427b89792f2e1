//! Records against `Vec`s of structs.
#![forbid(unsafe_code)]
#![cfg(feature = "derive")]

mod first;
