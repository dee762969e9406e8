//! Why a command was refused, in words for the person who gave it.

use doorstep_vocab::LineNo;

/// The rules say no. Each has a stable [`code`](Refusal::code): the edges map it to a form message, a FHIR
/// `OperationOutcome` or an X12 `AAA`. A message says what is wrong and what to do next.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Refusal {
    code: &'static str,
    message: String,
    field: Option<&'static str>,
}

impl Refusal {
    /// Makes a refusal with its stable kebab-case `code` and its words.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), field: None }
    }

    /// Names the input that the words belong beside.
    #[must_use]
    pub fn at(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// Returns the stable code.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Returns the input field that is at fault, when one is.
    pub fn field(&self) -> Option<&'static str> {
        self.field
    }

    pub(crate) fn signed_before_order() -> Self {
        let words = "the order was signed before it was ordered: check both dates with the clinician's office";
        Self::new("signed-before-order", words).at("signed_on")
    }

    pub(crate) fn no_line(line: LineNo) -> Self {
        Self::new("line-unknown", format!("the case has no line {line}: choose one of its lines"))
    }

    pub(crate) fn line_ended(line: LineNo) -> Self {
        Self::new("line-ended", format!("line {line} has ended: reopen it, or choose an open line"))
    }
}
