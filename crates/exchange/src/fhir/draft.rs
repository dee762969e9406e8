//! A referral in the making.

use crate::{Attachment, Problem};
use doorstep_case::{Fact, Item, Referral};
use doorstep_fhir::problem::{Level, Problem as Wrong};
use doorstep_vocab::Date;

/// A referral in the making, what is attached to it, and what was wrong on the way.
#[derive(Default)]
pub(super) struct Draft {
    pub(super) referral: Referral,
    pub(super) attachments: Vec<Attachment>,
    pub(super) problems: Vec<Problem>,
}

impl Draft {
    /// Records a fact by its item's name; a later one replaces an earlier one.
    pub(super) fn know(&mut self, item: &str, fact: Fact, as_of: Option<Date>) {
        self.referral.facts.insert(Item::named(item), (fact, as_of));
    }

    /// Adds a warning.
    pub(super) fn warn(&mut self, code: &str, at: &str, message: &str) {
        self.problems.push(Problem::warning(code, at, message));
    }

    /// Keeps free text with its place, once.
    pub(super) fn keep_words(&mut self, at: &str, raw: &str) {
        let Some(said) = crate::codes::words(raw) else { return };
        let is_known =
            |(_, known): &(String, doorstep_vocab::Phi<String>)| known.reveal() == said.reveal();
        if !self.referral.texts.iter().any(is_known) {
            self.referral.texts.push((at.to_owned(), said));
        }
    }
}

/// Returns a reader's problem in our terms.
pub(super) fn problem(wrong: &Wrong) -> Problem {
    let level =
        if wrong.level >= Level::Error { crate::Level::Error } else { crate::Level::Warning };
    let at = if wrong.path == "$" { String::new() } else { wrong.path.clone() };
    Problem { code: wrong.code.as_str().to_owned(), at, message: wrong.message.clone(), level }
}
