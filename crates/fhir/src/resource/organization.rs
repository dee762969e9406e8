//! Hospitals, agencies, suppliers, payers.

use super::view;
use crate::datatype::{Address, CodeableConcept, ContactPoint, Identifier, Reference};

view! {
    /// `Organization`.
    Organization
}

impl<'t> Organization<'t> {
    /// Returns `name`.
    pub fn name(self) -> Option<&'t str> {
        self.0.node().text("name")
    }

    /// Returns `type`.
    pub fn types(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("type")
    }

    /// Returns `telecom`.
    pub fn telecoms(self) -> Vec<ContactPoint<'t>> {
        self.0.node().all("telecom")
    }

    /// Returns `address`.
    pub fn addresses(self) -> Vec<Address<'t>> {
        self.0.node().all("address")
    }

    /// Returns `partOf`.
    pub fn part_of(self) -> Option<Reference<'t>> {
        self.0.reference("partOf")
    }

    /// Returns the national provider identifier, unchecked.
    pub fn npi(self) -> Option<&'t str> {
        Identifier::npi(&self.0.identifiers())
    }
}
