//! Transaction sets, one file or folder each.

pub mod s278;
