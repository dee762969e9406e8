//! Who signed what, and when.

use super::view;
use crate::datatype::{Reference, When};
use crate::json::Value;

view! {
    /// `Provenance`.
    Provenance
}

impl<'t> Provenance<'t> {
    /// Returns `target`.
    pub fn targets(self) -> Vec<Reference<'t>> {
        self.0.references("target")
    }

    /// Returns `recorded`.
    pub fn recorded_at(self) -> Option<When<'t>> {
        self.0.node().text("recorded").and_then(When::parse)
    }

    /// Returns `signature`.
    pub fn signatures(self) -> &'t [Value<'t>] {
        self.0.node().list("signature")
    }
}
