//! The derive macros of pennyweight; see the crate `pennyweight`.
