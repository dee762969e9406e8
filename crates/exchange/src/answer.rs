//! The answer to a file in its own protocol, once its units are safe.

use crate::{Format, Problem, Reading};
use doorstep_vocab::{CaseNumber, Timestamp};
use serde::Serialize;

/// What became of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// A case was opened.
    Opened,
    /// It is an order that a case already stands for.
    Linked,
    /// A known case was changed.
    Updated,
    /// A person will look at it.
    Queued,
    /// Not taken: the problems say why.
    Refused,
    /// Recognised, kept, and not something that is read here.
    Unsupported,
}

impl Outcome {
    /// Returns the name that programs read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Linked => "linked",
            Self::Updated => "updated",
            Self::Queued => "queued",
            Self::Refused => "refused",
            Self::Unsupported => "unsupported",
        }
    }
}

/// A unit's outcome, beside the unit of the same position in the reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitOutcome {
    /// What became of it.
    pub outcome: Outcome,
    /// The case, when there is one.
    pub number: Option<CaseNumber>,
    /// Problems found after reading, such as the core's refusal.
    pub problems: Vec<Problem>,
}

/// An answer to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its media type.
    pub media_type: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Answers a file: 999 and TA1, ACK, `OperationOutcome`, or the import's report. `control` numbers the answer.
/// Formats without a protocol of answers have none.
pub fn reply(
    bytes: &[u8],
    reading: &Reading,
    outcomes: &[UnitOutcome],
    now: Timestamp,
    control: u32,
) -> Option<Reply> {
    match reading.format {
        Format::X12 => crate::x12::reply(bytes, outcomes, now, control),
        Format::Hl7 => crate::hl7::reply(bytes, (reading, outcomes), now, control),
        Format::Fhir | Format::FhirXml => {
            Some(crate::fhir::reply(bytes, (reading, outcomes), now, control))
        }
        Format::Csv => Some(crate::csv::reply(reading, outcomes)),
        _ => None,
    }
}

/// Returns the media type of the answers to files of a format, named as [`Format::words`] names it.
pub fn media_type(format: &str) -> &'static str {
    let is = |known: Format| known.words() == format;
    if is(Format::X12) {
        "application/edi-x12"
    } else if is(Format::Hl7) {
        "application/hl7-v2"
    } else if is(Format::Fhir) || is(Format::FhirXml) {
        "application/fhir+json"
    } else {
        "text/csv; charset=utf-8"
    }
}
