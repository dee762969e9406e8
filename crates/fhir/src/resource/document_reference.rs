//! Documents, inline or elsewhere.

use super::view;
use crate::datatype::{Attachment, CodeableConcept, Datatype, Reference, When};

view! {
    /// `DocumentReference`.
    DocumentReference
}

impl<'t> DocumentReference<'t> {
    /// Returns `type`.
    pub fn kind(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("type")
    }

    /// Returns `category`.
    pub fn categories(self) -> Vec<CodeableConcept<'t>> {
        self.0.node().all("category")
    }

    /// Returns `subject`.
    pub fn subject(self) -> Option<Reference<'t>> {
        self.0.reference("subject")
    }

    /// Returns `date`, when the reference was made.
    pub fn at(self) -> Option<When<'t>> {
        self.0.node().text("date").and_then(When::parse)
    }

    /// Returns `description`.
    pub fn description(self) -> Option<&'t str> {
        self.0.node().text("description")
    }

    /// Returns `author`.
    pub fn authors(self) -> Vec<Reference<'t>> {
        self.0.references("author")
    }

    /// Returns every `content.attachment`.
    pub fn attachments(self) -> Vec<Attachment<'t>> {
        self.0
            .node()
            .list("content")
            .iter()
            .filter_map(|content| content.one("attachment"))
            .collect()
    }
}

view! {
    /// `Binary`.
    Binary
}

impl<'t> Binary<'t> {
    /// Returns the content as an attachment.
    pub fn attachment(self) -> Attachment<'t> {
        Attachment::read(self.0.node())
    }
}
