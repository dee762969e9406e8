//! The mappings between what arrives and a [`Referral`](doorstep_case::Referral), and the answers in each protocol.
//!
//! [`read`] recognises a file by its content, never by its name, and takes from it every order that is whole: one bad
//! message does not lose the others. [`reply`] answers in the file's own protocol.
//!
//! **Invariant:** nothing is guessed. What cannot be told is left out and said in a [`Problem`]; the original bytes
//! are kept by whoever calls.

mod answer;
mod codes;
mod csv;
mod detect;
mod fhir;
mod hl7;
mod reading;
mod x12;

pub use answer::{Outcome, Reply, UnitOutcome, media_type, reply};
pub use csv::n_rows;
pub use detect::{Format, detect};
pub use reading::{Attachment, Found, Level, Problem, Reading, Unit, read};
pub use x12::{Checked as CheckedX12, check as check_x12};
