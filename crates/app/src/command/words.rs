//! A message in words, read out of a form: it goes into a row, and the command has its id.

use super::FieldProblem;
use super::input::{Input, problem};
use doorstep_vocab::Phi;

/// The field with the words.
pub(super) const NAME: &str = "words";
/// The field with who asked.
pub(super) const ASKED_BY: &str = "asked_by";
/// Longer than this is a document, not a message.
const CHARS_MAX: usize = 8_000;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Who asked for it; empty for nobody but the author.
    pub asked_by: Phi<String>,
    /// The words.
    pub text: Phi<String>,
}

/// Reads the message; `None` when nothing was written.
pub(super) fn read(input: &Input) -> Result<Option<Words>, FieldProblem> {
    let asked_by = input.get(ASKED_BY).unwrap_or_default();
    let text = input.get(NAME).unwrap_or_default();
    if text.chars().count() > CHARS_MAX {
        return Err(problem(NAME, "words-long", "this is too long: store it as a document"));
    }
    let words = Words { asked_by: Phi::new(asked_by.to_owned()), text: Phi::new(text.to_owned()) };
    Ok((!text.is_empty() || !asked_by.is_empty()).then_some(words))
}
