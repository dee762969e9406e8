//! Things that are ordered, when a request refers to them.

use super::view;
use crate::datatype::CodeableConcept;

view! {
    /// `Device`.
    Device
}

impl<'t> Device<'t> {
    /// Returns `type`.
    pub fn kind(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("type")
    }

    /// Returns `serialNumber`.
    pub fn serial_number(self) -> Option<&'t str> {
        self.0.node().text("serialNumber")
    }

    /// Returns `lotNumber`.
    pub fn lot_number(self) -> Option<&'t str> {
        self.0.node().text("lotNumber")
    }

    /// Returns `manufacturer`.
    pub fn manufacturer(self) -> Option<&'t str> {
        self.0.node().text("manufacturer")
    }

    /// Returns `modelNumber`.
    pub fn model_number(self) -> Option<&'t str> {
        self.0.node().text("modelNumber")
    }
}

view! {
    /// `DeviceDefinition`.
    DeviceDefinition
}

impl<'t> DeviceDefinition<'t> {
    /// Returns `type`.
    pub fn kind(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("type")
    }

    /// Returns `modelNumber`.
    pub fn model_number(self) -> Option<&'t str> {
        self.0.node().text("modelNumber")
    }
}

view! {
    /// `Medication`.
    Medication
}

impl<'t> Medication<'t> {
    /// Returns `code`.
    pub fn code(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("code")
    }

    /// Returns `form`.
    pub fn form(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("form")
    }
}
