//! FHIR R4 to referrals, and the answers to its senders.
//!
//! One document is one unit. Reading the document is `doorstep-fhir`'s; here its order becomes a
//! [`Referral`](doorstep_case::Referral), one subject a file. XML is refused by name.
//!
//! **Invariant:** no problem repeats a value of the document, and whatever names a person stands under `Phi`.

mod answer;
mod content;
mod dates;
mod documents;
mod draft;
mod lines;
mod measures;
mod medication;
mod member;
mod message;
mod orders;
mod parties;
mod payers;
mod reader;
mod trade;
mod whole;

pub(crate) use answer::reply;
pub(crate) use reader::{read, refuse_xml};

#[cfg(test)]
mod tests;
