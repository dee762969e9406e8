//! What is wrong with a document: a stable code, a place, a sentence, and how bad it is.
//!
//! A problem never repeats a value from the document, because a value may identify a person; it names the place instead.

use std::fmt;

/// How bad a problem is. The order is from least to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Worth knowing; nothing is lost.
    Information,
    /// Taken, but something was left out or is unusual.
    Warning,
    /// The document cannot be acted on as it is.
    Error,
    /// The document could not be read at all.
    Fatal,
}

impl Level {
    /// Returns the word of `OperationOutcome.issue.severity`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Information => "information",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Fatal => "fatal",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $issue:literal;)*) => {
        /// The stable kinds of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order they are written.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Returns the stable kebab-case name.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Returns the code of `OperationOutcome.issue.code` (value set `issue-type`, FHIR R4).
            pub const fn issue_type(self) -> &'static str {
                match self { $(Self::$name => $issue,)* }
            }
        }
    };
}

codes! {
    /// The bytes are not UTF-8.
    NotUtf8 = "not-utf8", "structure";
    /// The text is not JSON.
    NotJson = "not-json", "structure";
    /// The document is XML, which is recognised and refused.
    IsXml = "is-xml", "not-supported";
    /// The JSON is no FHIR resource.
    NotFhir = "not-fhir", "structure";
    /// A member name appears twice in one object.
    DuplicateKey = "duplicate-key", "structure";
    /// A string holds a control character or half a surrogate pair.
    BadText = "bad-text", "structure";
    /// A number is not written as JSON asks.
    BadNumber = "bad-number", "structure";
    /// The document is larger than the cap.
    TooLarge = "too-large", "too-long";
    /// The document is nested more deeply than the cap.
    TooDeep = "too-deep", "too-costly";
    /// A string is longer than the cap.
    TextTooLong = "text-too-long", "too-long";
    /// The document holds more values than the cap.
    TooManyValues = "too-many-values", "too-costly";
    /// The bundle holds more entries than the cap.
    TooManyEntries = "too-many-entries", "too-costly";
    /// A modifier extension is not known, so the meaning of its element is not known.
    UnknownModifier = "unknown-modifier-extension", "extension";
    /// The sender's own rules of meaning (`implicitRules`) are not known.
    ImplicitRules = "implicit-rules", "not-supported";
    /// The document is of another FHIR version than R4.
    OtherVersion = "other-version", "not-supported";
    /// The document is not something that can be ordered from.
    NotAnOrder = "not-an-order", "not-supported";
    /// A reference leads to nothing in the document.
    Unresolved = "unresolved-reference", "not-found";
    /// Two entries carry the same full URL.
    DuplicateUrl = "duplicate-full-url", "duplicate";
    /// A required element is missing.
    Missing = "missing-element", "required";
    /// An element has a value it may not have.
    BadValue = "bad-value", "value";
    /// A date or time is not one.
    BadDate = "bad-date", "value";
    /// An attachment's data are not base64.
    BadBase64 = "bad-base64", "value";
    /// The order names more than one patient.
    SeveralPatients = "several-patients", "multiple-matches";
    /// The order names no patient.
    NoPatient = "no-patient", "required";
    /// The order orders nothing.
    NoLines = "no-lines", "required";
    /// A line says nothing of what is ordered.
    NoCode = "no-code", "required";
    /// A request was left out because of its status or intent.
    LeftOut = "left-out", "informational";
    /// A request that something is not to be done was left out.
    DoNotPerform = "do-not-perform", "business-rule";
    /// What is about another patient than the order was left out.
    OtherPatient = "other-patient", "multiple-matches";
    /// What a claim withdraws was left out.
    InfoCancelled = "info-cancelled", "informational";
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable kind.
    pub code: Code,
    /// How bad it is.
    pub level: Level,
    /// The place, as `Bundle.entry[2].resource.code`; `$` when the root has no resource type.
    pub path: String,
    /// What is wrong and what to do, lower case, without a full stop.
    pub message: String,
}

impl Problem {
    /// Returns a problem that stops the document being acted on.
    pub fn error(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, level: Level::Error, path: path.into(), message: message.into() }
    }

    /// Returns a problem that does not stop the document.
    pub fn warning(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, level: Level::Warning, path: path.into(), message: message.into() }
    }

    /// Returns a problem that left nothing readable.
    pub fn fatal(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, level: Level::Fatal, path: path.into(), message: message.into() }
    }

    /// Returns a remark.
    pub fn information(code: Code, path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { code, level: Level::Information, path: path.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} at {}: {}", self.level.as_str(), self.code, self.path, self.message)
    }
}

impl std::error::Error for Problem {}

/// Returns whether any problem is an error or worse.
pub fn any_error(problems: &[Problem]) -> bool {
    problems.iter().any(|problem| problem.level >= Level::Error)
}
