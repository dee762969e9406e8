//! Answers to a questionnaire.

use super::view;
use crate::datatype::{Reference, When};
use crate::json::Value;

view! {
    /// `QuestionnaireResponse`.
    QuestionnaireResponse
}

impl<'t> QuestionnaireResponse<'t> {
    /// Returns `questionnaire`, a canonical URL.
    pub fn questionnaire(self) -> Option<&'t str> {
        self.0.node().text("questionnaire")
    }

    /// Returns `subject`.
    pub fn subject(self) -> Option<Reference<'t>> {
        self.0.reference("subject")
    }

    /// Returns `author`.
    pub fn author(self) -> Option<Reference<'t>> {
        self.0.reference("author")
    }

    /// Returns `authored`.
    pub fn authored_at(self) -> Option<When<'t>> {
        self.0.node().text("authored").and_then(When::parse)
    }

    /// Returns `item`.
    pub fn items(self) -> &'t [Value<'t>] {
        self.0.node().list("item")
    }
}
