//! What is wrong with one identifier or code: a stable code, and a sentence for the person who sent it.

use thiserror::Error;

/// Why a text is not the identifier or code it was read as.
///
/// `code` is kebab-case and never changes; the message says what is wrong and what to do. The message may quote a
/// public code (a diagnosis, a procedure), never a value that identifies a person.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct CodeProblem {
    /// The stable name of the problem, such as `npi-check-digit`.
    pub code: &'static str,
    /// What is wrong and what to do, in lower case and without a full stop.
    pub message: String,
}

impl CodeProblem {
    /// Makes a problem from its stable code and its message.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    /// Returns the stable kebab-case code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

/// Cuts text from outside to what fits in a message, so that a page of garbage does not become a message.
pub(crate) fn quoted(text: &str) -> String {
    const LONGEST: usize = 24;
    let mut shown: String = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
    if text.chars().count() > LONGEST {
        shown.push('…');
    }
    format!("`{shown}`")
}
