//! Empty: this package holds the bench targets of pennyweight and their peers. The engine that they
//! share is the package `pennyweight-comparison`.
