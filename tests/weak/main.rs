//! Maps whose entries die with their values.

mod life;
