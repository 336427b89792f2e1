//! The naive twin of every module of pennyweight, and the sample data.
