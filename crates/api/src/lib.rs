//! The machine doors over HTTP and MLLP.
