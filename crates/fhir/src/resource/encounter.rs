//! A stay, and how it ended.

use super::view;
use crate::datatype::{CodeableConcept, Coding, Period, Reference};

view! {
    /// `Encounter`.
    Encounter
}

impl<'t> Encounter<'t> {
    /// Returns `class`: IMP, AMB, HH, ...
    pub fn class(self) -> Option<Coding<'t>> {
        self.0.node().one("class")
    }

    /// Returns `period`.
    pub fn period(self) -> Option<Period<'t>> {
        self.0.node().one("period")
    }

    /// Returns `subject`.
    pub fn subject(self) -> Option<Reference<'t>> {
        self.0.reference("subject")
    }

    /// Returns `serviceProvider`.
    pub fn service_provider(self) -> Option<Reference<'t>> {
        self.0.reference("serviceProvider")
    }

    /// Returns `reasonReference`.
    pub fn reason_references(self) -> Vec<Reference<'t>> {
        self.0.references("reasonReference")
    }

    /// Returns `hospitalization.dischargeDisposition`.
    pub fn discharge_disposition(self) -> Option<CodeableConcept<'t>> {
        self.0.node().get("hospitalization")?.one("dischargeDisposition")
    }

    /// Returns `hospitalization.destination`.
    pub fn destination(self) -> Option<Reference<'t>> {
        self.0.node().get("hospitalization")?.one("destination")
    }

    /// Returns the locations of the stay.
    pub fn locations(self) -> Vec<Reference<'t>> {
        self.0.node().list("location").iter().filter_map(|place| place.one("location")).collect()
    }
}
