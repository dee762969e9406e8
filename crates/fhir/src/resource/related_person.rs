//! Someone who stands by the patient.

use super::view;
use crate::datatype::{Address, CodeableConcept, ContactPoint, HumanName, Reference};

view! {
    /// `RelatedPerson`.
    RelatedPerson
}

impl<'t> RelatedPerson<'t> {
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

    /// Returns `patient`.
    pub fn patient(self) -> Option<Reference<'t>> {
        self.0.reference("patient")
    }

    /// Returns `relationship`.
    pub fn relationships(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("relationship")
    }
}
