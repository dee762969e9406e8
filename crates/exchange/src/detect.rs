//! What a file is, by its content and never by its name.

use serde::Serialize;

/// What a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the formats; words() tells them")]
pub enum Format {
    X12,
    Hl7,
    Fhir,
    Csv,
    FhirXml,
    Ccda,
    Email,
    Pdf,
    Tiff,
    Image,
    Office,
    Archive,
    Json,
    Xml,
    Html,
    Text,
    Empty,
    Binary,
}

impl Format {
    /// Returns what people call it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::X12 => "X12",
            Self::Hl7 => "HL7 v2",
            Self::Fhir => "FHIR JSON",
            Self::Csv => "CSV",
            Self::FhirXml => "FHIR XML",
            Self::Ccda => "C-CDA document",
            Self::Email => "e-mail",
            Self::Pdf => "PDF",
            Self::Tiff => "TIFF fax",
            Self::Image => "image",
            Self::Office => "office document",
            Self::Archive => "archive",
            Self::Json => "JSON that is not FHIR",
            Self::Xml => "XML",
            Self::Html => "web page",
            Self::Text => "text",
            Self::Empty => "empty file",
            Self::Binary => "unknown bytes",
        }
    }

    /// Returns whether a person may find an order in it.
    pub const fn may_hold_an_order(self) -> bool {
        matches!(self, Self::Ccda | Self::Email | Self::Pdf | Self::Tiff | Self::Image | Self::Office | Self::Text)
    }
}
