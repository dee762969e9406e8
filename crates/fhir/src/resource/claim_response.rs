//! A payer's answer. It is recognised here and read elsewhere.

use super::view;
use crate::datatype::{CodeableConcept, Reference};

view! {
    /// `ClaimResponse`.
    ClaimResponse
}

impl<'t> ClaimResponse<'t> {
    /// Returns `outcome`: queued, complete, error, partial.
    pub fn outcome(self) -> Option<&'t str> {
        self.0.node().text("outcome")
    }

    /// Returns `preAuthRef`.
    pub fn authorization_number(self) -> Option<&'t str> {
        self.0.node().text("preAuthRef")
    }

    /// Returns `disposition`.
    pub fn disposition(self) -> Option<&'t str> {
        self.0.node().text("disposition")
    }

    /// Returns `request`.
    pub fn request(self) -> Option<Reference<'t>> {
        self.0.reference("request")
    }

    /// Returns `patient`.
    pub fn patient(self) -> Option<Reference<'t>> {
        self.0.reference("patient")
    }

    /// Returns `insurer`.
    pub fn insurer(self) -> Option<Reference<'t>> {
        self.0.reference("insurer")
    }

    /// Returns `type`.
    pub fn kind(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("type")
    }
}
