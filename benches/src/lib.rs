//! The engine of the comparison report.
