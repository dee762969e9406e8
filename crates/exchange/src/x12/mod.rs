//! X12 278 requests (005010X217) to referrals, and the 999 and TA1 that answer an X12 file.
//!
//! A unit is one patient event of a request, or any other set as a whole. Reading and answering [`walk`](walk::walk) the
//! file in the same way, so the outcomes that come back stand beside the units that went out.
//!
//! **Invariants:** what was sent is a field, an item or a note of the referral.
//! Nothing is guessed: what X12 leaves open stays open and is said. A set that the 999 refuses gave no
//! order, and a set that gave none is refused by the 999. No problem holds personal data; social security numbers
//! are not kept.

mod clinical;
mod dates;
mod frequency;
mod lines;
mod order;
mod oxygen;
mod passing;
mod people;
mod place;
mod reader;
mod reply;
mod rest;
mod service_line;
mod source;
#[cfg(test)]
mod tests;
mod walk;

pub use passing::{Checked, check};
pub(crate) use reader::read;
pub(crate) use reply::reply;
