//! The record of one case and the rules for adding to it.
