//! Work asked for: how Post-Acute Orders are followed.

use super::view;
use crate::datatype::{CodeableConcept, Period, Reference, When};

view! {
    /// `Task`.
    Task
}

impl<'t> Task<'t> {
    /// Returns `basedOn`.
    pub fn based_on(self) -> Vec<Reference<'t>> {
        self.0.references("basedOn")
    }

    /// Returns `focus`.
    pub fn focus(self) -> Option<Reference<'t>> {
        self.0.reference("focus")
    }

    /// Returns `for`, whom the work is for.
    pub fn beneficiary(self) -> Option<Reference<'t>> {
        self.0.reference("for")
    }

    /// Returns `requester`.
    pub fn requester(self) -> Option<Reference<'t>> {
        self.0.reference("requester")
    }

    /// Returns `owner`.
    pub fn owner(self) -> Option<Reference<'t>> {
        self.0.reference("owner")
    }

    /// Returns `insurance`.
    pub fn insurance(self) -> Vec<Reference<'t>> {
        self.0.references("insurance")
    }

    /// Returns `intent`.
    pub fn intent(self) -> Option<&'t str> {
        self.0.node().text("intent")
    }

    /// Returns `priority`.
    pub fn priority(self) -> Option<&'t str> {
        self.0.node().text("priority")
    }

    /// Returns `description`.
    pub fn description(self) -> Option<&'t str> {
        self.0.node().text("description")
    }

    /// Returns `code`.
    pub fn code(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("code")
    }

    /// Returns `businessStatus`.
    pub fn business_status(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("businessStatus")
    }

    /// Returns `statusReason`.
    pub fn status_reason(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("statusReason")
    }

    /// Returns `authoredOn`.
    pub fn authored_at(self) -> Option<When<'t>> {
        self.0.node().text("authoredOn").and_then(When::parse)
    }

    /// Returns `executionPeriod`.
    pub fn execution(self) -> Option<Period<'t>> {
        self.0.node().one("executionPeriod")
    }

    /// Returns `encounter`.
    pub fn encounter(self) -> Option<Reference<'t>> {
        self.0.reference("encounter")
    }

    /// Returns `partOf`.
    pub fn part_of(self) -> Vec<Reference<'t>> {
        self.0.references("partOf")
    }

    /// Returns the texts of `note`.
    pub fn notes(self) -> impl Iterator<Item = &'t str> {
        self.0.node().list("note").iter().filter_map(|note| note.text("text"))
    }
}
