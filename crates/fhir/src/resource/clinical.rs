//! What is wrong with the patient, and what was measured.

use super::view;
use crate::datatype::{CodeableConcept, Occurrence, Quantity, Reference, When};

view! {
    /// `Condition`.
    Condition
}

impl<'t> Condition<'t> {
    /// Returns `code`.
    pub fn code(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("code")
    }

    /// Returns `subject`.
    pub fn subject(self) -> Option<Reference<'t>> {
        self.0.reference("subject")
    }

    /// Returns `category`.
    pub fn categories(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("category")
    }

    /// Returns the code of `clinicalStatus`; a bare text, as STU3 wrote it, is taken too.
    pub fn clinical_status(self) -> Option<&'t str> {
        self.0
            .node()
            .text("clinicalStatus")
            .or_else(|| self.0.node().one::<CodeableConcept<'t>>("clinicalStatus")?.code())
    }

    /// Returns the code of `verificationStatus`; a bare text, as STU3 wrote it, is taken too.
    pub fn verification_status(self) -> Option<&'t str> {
        self.0
            .node()
            .text("verificationStatus")
            .or_else(|| self.0.node().one::<CodeableConcept<'t>>("verificationStatus")?.code())
    }

    /// Returns `recordedDate`.
    pub fn recorded_on(self) -> Option<When<'t>> {
        self.0.node().text("recordedDate").and_then(When::parse)
    }
}

view! {
    /// `Observation`.
    Observation
}

impl<'t> Observation<'t> {
    /// Returns `code`.
    pub fn code(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("code")
    }

    /// Returns `subject`.
    pub fn subject(self) -> Option<Reference<'t>> {
        self.0.reference("subject")
    }

    /// Returns `effective[x]`.
    pub fn effective(self) -> Option<Occurrence<'t>> {
        Occurrence::choice(self.0.node(), "effective")
    }

    /// Returns `valueQuantity`.
    pub fn quantity(self) -> Option<Quantity<'t>> {
        self.0.node().one("valueQuantity")
    }

    /// Returns `valueCodeableConcept`.
    pub fn concept(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("valueCodeableConcept")
    }

    /// Returns `valueString`.
    pub fn words(self) -> Option<&'t str> {
        self.0.node().text("valueString")
    }

    /// Returns `issued`.
    pub fn issued_at(self) -> Option<When<'t>> {
        self.0.node().text("issued").and_then(When::parse)
    }
}

view! {
    /// `AllergyIntolerance`.
    AllergyIntolerance
}

impl<'t> AllergyIntolerance<'t> {
    /// Returns `code`: the substance, or that none is known.
    pub fn code(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("code")
    }

    /// Returns whether it still holds: neither refuted, entered in error, inactive nor resolved.
    pub fn is_live(self) -> bool {
        let code = |key: &str| self.0.node().one::<CodeableConcept<'t>>(key)?.code();
        !matches!(code("verificationStatus"), Some("refuted" | "entered-in-error"))
            && !matches!(code("clinicalStatus"), Some("inactive" | "resolved"))
    }
}
