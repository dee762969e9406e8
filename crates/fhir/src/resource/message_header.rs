//! The head of a message bundle.

use super::view;
use crate::datatype::{Coding, Reference};
use crate::json::Node;

view! {
    /// `MessageHeader`.
    MessageHeader
}

impl<'t> MessageHeader<'t> {
    /// Returns `eventCoding`.
    pub fn event(self) -> Option<Coding<'t>> {
        self.0.node().one("eventCoding")
    }

    /// Returns `eventUri`.
    pub fn event_uri(self) -> Option<&'t str> {
        self.0.node().text("eventUri")
    }

    /// Returns `sender`.
    pub fn sender(self) -> Option<Reference<'t>> {
        self.0.reference("sender")
    }

    /// Returns `author`.
    pub fn author(self) -> Option<Reference<'t>> {
        self.0.reference("author")
    }

    /// Returns `responsible`.
    pub fn responsible(self) -> Option<Reference<'t>> {
        self.0.reference("responsible")
    }

    /// Returns `focus`.
    pub fn focus(self) -> Vec<Reference<'t>> {
        self.0.references("focus")
    }

    /// Returns `source`: name, software, endpoint.
    pub fn source(self) -> Option<Node<'t>> {
        self.0.node().get("source")
    }

    /// Returns `response`, when the message answers another.
    pub fn response(self) -> Option<Node<'t>> {
        self.0.node().get("response")
    }
}
