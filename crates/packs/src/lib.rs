//! Service lines, payers and calendars as checked data.
//!
//! A pack is a folder of TOML with a closed vocabulary: numbers, codes, and the names of items, events, rules and
//! clocks. It holds no condition and no script; where one is wanted, a rule is written in `doorstep_case::rules` and
//! the pack names it. Every row has a source and the days on which it is in force.
//!
//! This crate reads text and never a file: the shell reads an operator's folder and passes what stood in it.
//!
//! **Invariant:** a [`Packs`] that exists was checked whole; [`terms_for`](Packs::terms_for) cannot fail.

mod builtin;
mod dated;
mod directory;
mod load;
mod packs;
mod problem;
mod read;
mod terms;

pub use directory::{LineInfo, PayerInfo};
pub use packs::{Packs, check};
pub use problem::Problem;
pub use read::signin::SignInTerms;
