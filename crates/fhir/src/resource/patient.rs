//! The person who is cared for.

use super::view;
use crate::datatype::{Address, CodeableConcept, ContactPoint, HumanName, When};

view! {
    /// `Patient`.
    Patient
}

impl<'t> Patient<'t> {
    /// Returns `name`.
    pub fn names(self) -> Vec<HumanName<'t>> {
        self.0.node().all("name")
    }

    /// Returns `telecom`.
    pub fn telecoms(self) -> Vec<ContactPoint<'t>> {
        self.0.node().all("telecom")
    }

    /// Returns `address`.
    pub fn addresses(self) -> Vec<Address<'t>> {
        self.0.node().all("address")
    }

    /// Returns `birthDate`.
    pub fn born(self) -> Option<When<'t>> {
        self.0.node().text("birthDate").and_then(When::parse)
    }

    /// Returns `gender`: male, female, other, unknown.
    pub fn gender(self) -> Option<&'t str> {
        self.0.node().text("gender")
    }

    /// Returns whether the patient is said to have died: `deceasedBoolean`, or any `deceasedDateTime`.
    pub fn is_deceased(self) -> bool {
        self.0.node().boolean("deceasedBoolean") == Some(true)
            || self.0.node().text("deceasedDateTime").is_some()
    }

    /// Returns the languages of `communication`, the preferred ones first.
    pub fn languages(self) -> Vec<CodeableConcept<'t>> {
        let mut spoken: Vec<_> = self.0.node().list("communication").iter().collect();
        spoken.sort_by_key(|language| language.boolean("preferred") != Some(true));
        spoken.into_iter().filter_map(|language| language.one("language")).collect()
    }
}
