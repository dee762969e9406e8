//! Equipment.

use super::view;
use crate::datatype::{CodeableConcept, Occurrence, Quantity, Reference, When};
use crate::json::Node;

view! {
    /// `DeviceRequest`.
    DeviceRequest
}

impl<'t> DeviceRequest<'t> {
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

    /// Returns `codeCodeableConcept`.
    pub fn code(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("codeCodeableConcept")
    }

    /// Returns `codeReference`.
    pub fn device(self) -> Option<Reference<'t>> {
        self.0.reference("codeReference")
    }

    /// Returns `parameter`, each with a `code` and a `value[x]`.
    pub fn parameters(self) -> &'t [crate::json::Value<'t>] {
        self.0.node().list("parameter")
    }

    /// Returns the parameter whose code has `code`, as a quantity.
    pub fn quantity_of(self, code: &str) -> Option<Quantity<'t>> {
        let has = |parameter: &Node<'t>| {
            parameter.one::<CodeableConcept<'t>>("code").is_some_and(|own| own.has(code))
        };
        self.parameters().iter().find(has)?.one("valueQuantity")
    }

    /// Returns `occurrence[x]`.
    pub fn occurrence(self) -> Option<Occurrence<'t>> {
        Occurrence::choice(self.0.node(), "occurrence")
    }

    /// Returns `authoredOn`.
    pub fn authored_at(self) -> Option<When<'t>> {
        self.0.node().text("authoredOn").and_then(When::parse)
    }

    /// Returns `supportingInfo`.
    pub fn supporting(self) -> Vec<Reference<'t>> {
        self.0.references("supportingInfo")
    }

    /// Returns `priorRequest`, what this replaces.
    pub fn replaces(self) -> Vec<Reference<'t>> {
        self.0.references("priorRequest")
    }

    /// Returns `performer`.
    pub fn performer(self) -> Option<Reference<'t>> {
        self.0.reference("performer")
    }
}
