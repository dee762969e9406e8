//! Services: nursing, therapy, aide, infusion.

use super::view;
use crate::datatype::{CodeableConcept, Occurrence, Quantity, Range, Ratio, Reference, When};

view! {
    /// `ServiceRequest`.
    ServiceRequest
}

impl<'t> ServiceRequest<'t> {
    /// Returns `intent`.
    pub fn intent(self) -> Option<&'t str> {
        self.0.node().text("intent")
    }

    /// Returns `priority`: routine, urgent, asap, stat.
    pub fn priority(self) -> Option<&'t str> {
        self.0.node().text("priority")
    }

    /// Returns `subject`.
    pub fn subject(self) -> Option<Reference<'t>> {
        self.0.reference("subject")
    }

    /// Returns `encounter`.
    pub fn encounter(self) -> Option<Reference<'t>> {
        self.0.reference("encounter")
    }

    /// Returns `requester`.
    pub fn requester(self) -> Option<Reference<'t>> {
        self.0.reference("requester")
    }

    /// Returns `reasonCode`.
    pub fn reason_codes(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("reasonCode")
    }

    /// Returns `reasonReference`.
    pub fn reason_references(self) -> Vec<Reference<'t>> {
        self.0.references("reasonReference")
    }

    /// Returns `insurance`.
    pub fn insurance(self) -> Vec<Reference<'t>> {
        self.0.references("insurance")
    }

    /// Returns the texts of `note`.
    pub fn notes(self) -> impl Iterator<Item = &'t str> {
        self.0.node().list("note").iter().filter_map(|note| note.text("text"))
    }

    /// Returns `code`.
    pub fn code(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("code")
    }

    /// Returns `category`.
    pub fn categories(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("category")
    }

    /// Returns `orderDetail`.
    pub fn details(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("orderDetail")
    }

    /// Returns `quantityQuantity`.
    pub fn quantity(self) -> Option<Quantity<'t>> {
        self.0.node().one("quantityQuantity")
    }

    /// Returns `quantityRatio`.
    pub fn quantity_ratio(self) -> Option<Ratio<'t>> {
        self.0.node().one("quantityRatio")
    }

    /// Returns `quantityRange`.
    pub fn quantity_range(self) -> Option<Range<'t>> {
        self.0.node().one("quantityRange")
    }

    /// Returns `occurrence[x]`.
    pub fn occurrence(self) -> Option<Occurrence<'t>> {
        Occurrence::choice(self.0.node(), "occurrence")
    }

    /// Returns `asNeededBoolean`.
    pub fn as_needed(self) -> Option<bool> {
        self.0.node().boolean("asNeededBoolean")
    }

    /// Returns `authoredOn`.
    pub fn authored_at(self) -> Option<When<'t>> {
        self.0.node().text("authoredOn").and_then(When::parse)
    }

    /// Returns `performer`.
    pub fn performers(self) -> Vec<Reference<'t>> {
        self.0.references("performer")
    }

    /// Returns `supportingInfo`.
    pub fn supporting(self) -> Vec<Reference<'t>> {
        self.0.references("supportingInfo")
    }

    /// Returns `replaces`.
    pub fn replaces(self) -> Vec<Reference<'t>> {
        self.0.references("replaces")
    }

    /// Returns `bodySite`.
    pub fn body_sites(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("bodySite")
    }

    /// Returns `patientInstruction`.
    pub fn patient_instruction(self) -> Option<&'t str> {
        self.0.node().text("patientInstruction")
    }

    /// Returns `locationCode`.
    pub fn location_codes(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("locationCode")
    }

    /// Returns `locationReference`.
    pub fn locations(self) -> Vec<Reference<'t>> {
        self.0.references("locationReference")
    }
}
