//! Who pays, under which number.

use super::view;
use crate::datatype::{CodeableConcept, Period, Reference};

view! {
    /// `Coverage`.
    Coverage
}

impl<'t> Coverage<'t> {
    /// Returns `subscriberId`.
    pub fn subscriber_id(self) -> Option<&'t str> {
        self.0.node().text("subscriberId")
    }

    /// Returns `subscriber`.
    pub fn subscriber(self) -> Option<Reference<'t>> {
        self.0.reference("subscriber")
    }

    /// Returns `beneficiary`.
    pub fn beneficiary(self) -> Option<Reference<'t>> {
        self.0.reference("beneficiary")
    }

    /// Returns `dependent`.
    pub fn dependent(self) -> Option<&'t str> {
        self.0.node().text("dependent")
    }

    /// Returns `relationship`, of the beneficiary to the subscriber.
    pub fn relationship(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("relationship")
    }

    /// Returns `type`.
    pub fn kind(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("type")
    }

    /// Returns `period`.
    pub fn period(self) -> Option<Period<'t>> {
        self.0.node().one("period")
    }

    /// Returns `payor`.
    pub fn payors(self) -> Vec<Reference<'t>> {
        self.0.references("payor")
    }

    /// Returns `order`: 1 is the first payer.
    pub fn order(self) -> Option<u32> {
        self.0.node().whole("order")
    }

    /// Returns the value of the `class` whose type has `code`: group, plan, rxbin, ...
    pub fn class(self, code: &str) -> Option<&'t str> {
        self.0
            .node()
            .list("class")
            .iter()
            .find(|class| {
                class.one::<CodeableConcept<'_>>("type").is_some_and(|kind| kind.has(code))
            })?
            .text("value")
    }
}
