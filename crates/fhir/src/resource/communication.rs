//! Messages between people, with what is attached.

use super::view;
use crate::datatype::{Attachment, CodeableConcept, Reference, When};

view! {
    /// `Communication`.
    Communication
}

impl<'t> Communication<'t> {
    /// Returns `subject`.
    pub fn subject(self) -> Option<Reference<'t>> {
        self.0.reference("subject")
    }

    /// Returns `sender`.
    pub fn sender(self) -> Option<Reference<'t>> {
        self.0.reference("sender")
    }

    /// Returns `sent`.
    pub fn sent_at(self) -> Option<When<'t>> {
        self.0.node().text("sent").and_then(When::parse)
    }

    /// Returns `category`.
    pub fn categories(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("category")
    }

    /// Returns `about`.
    pub fn about(self) -> Vec<Reference<'t>> {
        self.0.references("about")
    }

    /// Returns `basedOn`.
    pub fn based_on(self) -> Vec<Reference<'t>> {
        self.0.references("basedOn")
    }

    /// Returns the texts of the payload.
    pub fn texts(self) -> impl Iterator<Item = &'t str> {
        self.0.node().list("payload").iter().filter_map(|part| part.text("contentString"))
    }

    /// Returns the attachments of the payload.
    pub fn attachments(self) -> Vec<Attachment<'t>> {
        self.0
            .node()
            .list("payload")
            .iter()
            .filter_map(|part| part.one("contentAttachment"))
            .collect()
    }
}
