//! Drugs.

use super::view;
use crate::datatype::{CodeableConcept, Quantity, Reference, Timing, When};
use crate::json::Node;

view! {
    /// `MedicationRequest`.
    MedicationRequest
}

impl<'t> MedicationRequest<'t> {
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

    /// Returns `medicationCodeableConcept`.
    pub fn code(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("medicationCodeableConcept")
    }

    /// Returns `medicationReference`.
    pub fn medication(self) -> Option<Reference<'t>> {
        self.0.reference("medicationReference")
    }

    /// Returns `category`.
    pub fn categories(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("category")
    }

    /// Returns `authoredOn`.
    pub fn authored_at(self) -> Option<When<'t>> {
        self.0.node().text("authoredOn").and_then(When::parse)
    }

    /// Returns `supportingInformation`.
    pub fn supporting(self) -> Vec<Reference<'t>> {
        self.0.references("supportingInformation")
    }

    /// Returns `priorPrescription`.
    pub fn replaces(self) -> Option<Reference<'t>> {
        self.0.reference("priorPrescription")
    }

    /// Returns `performer`.
    pub fn performer(self) -> Option<Reference<'t>> {
        self.0.reference("performer")
    }

    /// Returns the first `dosageInstruction`.
    pub fn dosage(self) -> Option<Node<'t>> {
        self.0.node().first("dosageInstruction")
    }

    /// Returns the timing of the first dosage.
    pub fn timing(self) -> Option<Timing<'t>> {
        self.dosage()?.one("timing")
    }

    /// Returns the texts of the dosages.
    pub fn dosage_texts(self) -> impl Iterator<Item = &'t str> {
        self.0.node().list("dosageInstruction").iter().filter_map(|dosage| dosage.text("text"))
    }

    /// Returns `dispenseRequest.quantity`.
    pub fn quantity(self) -> Option<Quantity<'t>> {
        self.0.node().get("dispenseRequest")?.one("quantity")
    }

    /// Returns `dispenseRequest.expectedSupplyDuration`.
    pub fn supply(self) -> Option<Quantity<'t>> {
        self.0.node().get("dispenseRequest")?.one("expectedSupplyDuration")
    }

    /// Returns `dispenseRequest.numberOfRepeatsAllowed`.
    pub fn refills(self) -> Option<u32> {
        self.0.node().get("dispenseRequest")?.whole("numberOfRepeatsAllowed")
    }
}
