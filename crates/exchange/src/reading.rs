//! What was found in a file: units, each an order, a change, a cancellation, or something that is none of these.

use crate::detect::{Format, detect};
use doorstep_case::{DocumentKind, Referral};
use doorstep_vocab::{Phi, Timestamp};
use serde::{Deserialize, Serialize};

/// How grave a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Said, and otherwise as if it were not there.
    Warning,
    /// The unit it stands in could not be taken.
    Error,
}

/// Something wrong in the input, with its place. Never holds personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable kebab-case code.
    pub code: String,
    /// The place, in the format's own terms: `ISA 1 GS 1 ST 0001 segment 7 NM1-09`, `Bundle.entry[2].resource.code`,
    /// `PID-3`, `row 12 column dob`.
    #[serde(rename = "where")]
    pub at: String,
    /// What is wrong and what to do.
    pub message: String,
    /// How grave.
    pub level: Level,
}

impl Problem {
    /// Makes a warning.
    pub fn warning(
        code: impl Into<String>,
        at: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { code: code.into(), at: at.into(), message: message.into(), level: Level::Warning }
    }

    /// Makes an error.
    pub fn error(
        code: impl Into<String>,
        at: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { level: Level::Error, ..Self::warning(code, at, message) }
    }
}

/// A document carried inside a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Its media type, such as `application/pdf`.
    pub media_type: String,
    /// What it is, as far as the message says.
    pub kind: DocumentKind,
    /// Its title as sent.
    pub title: Option<Phi<String>>,
}

/// What one unit is.
#[derive(Debug, Clone)]
pub enum Found {
    /// A new order.
    Order {
        /// What it asks.
        referral: Box<Referral>,
        /// What it carries.
        attachments: Vec<Attachment>,
    },
    /// A change to an order that should be known: matched by its number, else opened as new and said so.
    Change {
        /// The order as it now stands.
        referral: Box<Referral>,
        /// What it carries.
        attachments: Vec<Attachment>,
    },
    /// A cancellation of an order that should be known. Never silent: a person confirms it.
    Cancel {
        /// The order as far as the message names it.
        referral: Box<Referral>,
    },
    /// Healthcare-shaped, recognised, and not an order: kept and answered so.
    Unsupported {
        /// What it is, such as `X12 835 005010X221A1` or `FHIR Patient`.
        what: String,
    },
    /// It may hold an order that only a person can read.
    Queued {
        /// What it is.
        what: String,
    },
    /// Meant as an order and not taken: the unit's problems say why.
    Refused,
}

/// One message, set, bundle or row.
#[derive(Debug, Clone)]
pub struct Unit {
    /// Its place in the file: `ST 0001`, `message 2`, `row 12`, or empty for a file of one.
    pub place: String,
    /// The sender's own key for the message (ISA13+GS06+ST02, MSH-10, Bundle.identifier): what makes it the same
    /// message when it comes again. Empty when it has none.
    pub key: String,
    /// What it is.
    pub found: Found,
    /// What is wrong in it.
    pub problems: Vec<Problem>,
}

/// Everything that was found in a file.
#[derive(Debug, Clone)]
pub struct Reading {
    /// What the file is.
    pub format: Format,
    /// Who sent it, as the envelope names it.
    pub sender: Option<String>,
    /// What was found, in the file's order. Never empty.
    pub units: Vec<Unit>,
    /// What is wrong with the file as a whole.
    pub problems: Vec<Problem>,
}

impl Reading {
    /// Makes a reading of a file that is one thing and not an order.
    pub fn whole(format: Format, found: Found, problems: Vec<Problem>) -> Self {
        let unit = Unit { place: String::new(), key: String::new(), found, problems };
        Self { format, sender: None, units: vec![unit], problems: Vec::new() }
    }
}

/// Reads `bytes`, received at `received_at`.
pub fn read(bytes: &[u8], received_at: Timestamp) -> Reading {
    let mut reading = read_as(detect(bytes), bytes, received_at);
    for unit in &mut reading.units {
        crate::codes::look_over(unit, reading.format);
    }
    reading
}

fn read_as(format: Format, bytes: &[u8], received_at: Timestamp) -> Reading {
    match format {
        Format::X12 => crate::x12::read(bytes, received_at),
        Format::Hl7 => crate::hl7::read(bytes, received_at),
        Format::Fhir => crate::fhir::read(bytes, received_at),
        Format::Csv => crate::csv::read(bytes, received_at),
        Format::FhirXml => crate::fhir::refuse_xml(bytes),
        format if format.may_hold_an_order() => {
            Reading::whole(format, Found::Queued { what: format.words().to_owned() }, Vec::new())
        }
        format => Reading::whole(
            format,
            Found::Unsupported { what: format.words().to_owned() },
            Vec::new(),
        ),
    }
}
