//! Who orders, signs and cares.

use super::view;
use crate::datatype::{Address, CodeableConcept, ContactPoint, HumanName, Identifier, Reference};

view! {
    /// `Practitioner`.
    Practitioner
}

impl<'t> Practitioner<'t> {
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

    /// Returns the national provider identifier, unchecked.
    pub fn npi(self) -> Option<&'t str> {
        Identifier::npi(&self.0.identifiers())
    }
}

view! {
    /// `PractitionerRole`: a practitioner at an organisation.
    PractitionerRole
}

impl<'t> PractitionerRole<'t> {
    /// Returns `practitioner`.
    pub fn practitioner(self) -> Option<Reference<'t>> {
        self.0.reference("practitioner")
    }

    /// Returns `organization`.
    pub fn organization(self) -> Option<Reference<'t>> {
        self.0.reference("organization")
    }

    /// Returns `location`.
    pub fn locations(self) -> Vec<Reference<'t>> {
        self.0.references("location")
    }

    /// Returns `code`.
    pub fn codes(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("code")
    }

    /// Returns `specialty`.
    pub fn specialties(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("specialty")
    }

    /// Returns `telecom`.
    pub fn telecoms(self) -> Vec<ContactPoint<'t>> {
        self.0.node().all("telecom")
    }

    /// Returns the national provider identifier, unchecked.
    pub fn npi(self) -> Option<&'t str> {
        Identifier::npi(&self.0.identifiers())
    }
}
