//! Da Vinci PAS prior-authorization requests, and the plain R4 claim below them.

use super::view;
use crate::datatype::{
    Attachment, CodeableConcept, Coding, Datatype, Identifier, Occurrence, Quantity, Reference,
    When, extension,
};
use crate::json::Node;
use crate::kind::is_info_cancelled;

view! {
    /// `Claim`.
    Claim
}

impl<'t> Claim<'t> {
    /// Returns `use`: claim, preauthorization, predetermination.
    pub fn usage(self) -> Option<&'t str> {
        self.0.node().text("use")
    }

    /// Returns `type`.
    pub fn kind(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("type")
    }

    /// Returns `priority`.
    pub fn priority(self) -> Option<CodeableConcept<'t>> {
        self.0.node().one("priority")
    }

    /// Returns `created`.
    pub fn created_at(self) -> Option<When<'t>> {
        self.0.node().text("created").and_then(When::parse)
    }

    /// Returns each `related`: the reference to the earlier claim, its identifier, and the relationship.
    pub fn related(
        self,
    ) -> Vec<(Option<Reference<'t>>, Option<Identifier<'t>>, Option<CodeableConcept<'t>>)> {
        let related = self.0.node().list("related").iter();
        related
            .map(|one| (one.one("claim"), one.one("reference"), one.one("relationship")))
            .collect()
    }

    /// Returns the coverages of `insurance`, the focal ones first.
    pub fn coverages(self) -> Vec<Reference<'t>> {
        let mut insurance: Vec<Node<'t>> = self.0.node().list("insurance").iter().collect();
        insurance.sort_by_key(|one| one.boolean("focal") != Some(true));
        insurance.into_iter().filter_map(|one| one.one("coverage")).collect()
    }

    /// Returns `item`.
    pub fn items(self) -> Vec<ClaimItem<'t>> {
        self.0.node().list("item").iter().map(ClaimItem).collect()
    }

    /// Returns `supportingInfo`.
    pub fn supporting(self) -> Vec<SupportingInfo<'t>> {
        self.0.node().list("supportingInfo").iter().map(SupportingInfo).collect()
    }

    /// Returns whether the whole claim is withdrawn: its own certification type is 3, or a modifier extension says so.
    ///
    /// Source: Da Vinci PAS `extension-certificationType` on the claim; X12 data element 1322, code 3.
    pub fn is_cancelled(self) -> bool {
        is_info_cancelled(self.0.node())
            || self.concept("certificationType").is_some_and(|kind| kind.has("3"))
    }

    /// Returns the concept of the extension `name`, such as `levelOfServiceCode`.
    pub fn concept(self, name: &'static str) -> Option<CodeableConcept<'t>> {
        extension(self.0.node(), name)?.one("valueCodeableConcept")
    }
}

/// `Claim.item`.
#[derive(Debug, Clone, Copy)]
pub struct ClaimItem<'t>(pub(crate) Node<'t>);

impl<'t> ClaimItem<'t> {
    /// Returns the value in the tree.
    pub const fn node(self) -> Node<'t> {
        self.0
    }

    /// Returns the concept of the extension `name`: `serviceItemRequestType`, `certificationType`, ...
    pub fn concept(self, name: &'static str) -> Option<CodeableConcept<'t>> {
        extension(self.0, name)?.one("valueCodeableConcept")
    }

    /// Returns the text of the extension `name`: `authorizationNumber`, `administrationReferenceNumber`.
    pub fn words(self, name: &'static str) -> Option<&'t str> {
        extension(self.0, name)?.text("valueString")
    }

    /// Returns the codes of `modifier`.
    pub fn modifiers(self) -> Vec<Coding<'t>> {
        let modifiers: Vec<CodeableConcept<'t>> = self.0.all("modifier");
        modifiers.into_iter().flat_map(|modifier| modifier.codings).collect()
    }

    /// Returns `quantity`.
    pub fn quantity(self) -> Option<Quantity<'t>> {
        self.0.one("quantity")
    }

    /// Returns `serviced[x]`.
    pub fn serviced(self) -> Option<Occurrence<'t>> {
        Occurrence::choice(self.0, "serviced")
    }

    /// Returns whether the line is withdrawn: a modifier extension says so, or the certification type is 3.
    ///
    /// Source: PAS `modifierextension-infoCancelled`; X12 data element 1322, code 3.
    pub fn is_cancelled(self) -> bool {
        is_info_cancelled(self.0)
            || self.concept("certificationType").is_some_and(|kind| kind.has("3"))
    }

    /// Returns the extension `infoChanged`: added or changed.
    pub fn change(self) -> Option<&'t str> {
        extension(self.0, "infoChanged")?.text("valueCode")
    }
}

/// `Claim.supportingInfo`.
#[derive(Debug, Clone, Copy)]
pub struct SupportingInfo<'t>(pub(crate) Node<'t>);

impl<'t> SupportingInfo<'t> {
    /// Returns the value in the tree.
    pub const fn node(self) -> Node<'t> {
        self.0
    }

    /// Returns whether the category has the code `code`, such as `dischargeDates`.
    pub fn is(self, code: &str) -> bool {
        self.0.one::<CodeableConcept<'t>>("category").is_some_and(|category| category.has(code))
    }

    /// Returns `timing[x]`.
    pub fn timing(self) -> Option<Occurrence<'t>> {
        Occurrence::choice(self.0, "timing")
    }

    /// Returns `valueReference`.
    pub fn reference(self) -> Option<Reference<'t>> {
        self.0.one("valueReference")
    }

    /// Returns `valueAttachment`.
    pub fn attachment(self) -> Option<Attachment<'t>> {
        self.0.get("valueAttachment").map(Attachment::read)
    }

    /// Returns `valueString`.
    pub fn words(self) -> Option<&'t str> {
        self.0.text("valueString")
    }
}
