//! One thing that is ordered.

use super::Party;
use crate::datatype::{
    CodeableConcept, Coding, Identifier, Occurrence, Quantity, Reference, Timing, When,
};
use crate::resource::Resource;

/// What a line was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum LineKind {
    /// `Claim.item`.
    ClaimItem,
    /// `ServiceRequest`.
    #[default]
    Service,
    /// `DeviceRequest`.
    Device,
    /// `MedicationRequest`.
    Medication,
    /// `NutritionOrder`.
    Nutrition,
    /// A reference to a request that did not come along.
    Unseen,
}

/// What is to be done with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Action {
    /// It is ordered.
    #[default]
    Ordered,
    /// It is added to an earlier order.
    Added,
    /// It differs from the earlier order.
    Changed,
    /// It is withdrawn.
    Withdrawn,
}

/// One thing that is ordered.
#[derive(Debug, Clone, Default)]
pub struct OrderLine<'t> {
    /// The place it was read from.
    pub path: String,
    /// What it was read from.
    pub kind: LineKind,
    /// The request behind it: itself, or what a claim's item points at. `None` when nothing came along.
    pub request: Option<Resource<'t>>,
    /// The reference to the request, when the line was reached through one.
    pub reference: Option<Reference<'t>>,
    /// `Claim.item.sequence`.
    pub sequence: Option<u32>,
    /// What is to be done with it.
    pub action: Action,
    /// The request's `status`.
    pub status: Option<&'t str>,
    /// The request's `intent`.
    pub intent: Option<&'t str>,
    /// The request's identifiers.
    pub identifiers: Vec<Identifier<'t>>,
    /// The item's trace numbers (`itemTraceNumber`, X12 TRN).
    pub trace_numbers: Vec<Identifier<'t>>,
    /// An authorization number given earlier (`authorizationNumber`, X12 REF BB).
    pub authorization_number: Option<&'t str>,
    /// The payer's administrative number (`administrationReferenceNumber`, X12 REF NT).
    pub administration_number: Option<&'t str>,
    /// What is ordered: the item's codes first, then the request's.
    pub codes: Vec<Coding<'t>>,
    /// What is ordered, in words.
    pub text: Option<&'t str>,
    /// The last code of a range that begins with `codes` (`productOrServiceCodeEnd`).
    pub codes_end: Vec<Coding<'t>>,
    /// Further codes (`ServiceRequest.orderDetail`, the second and later products of a nutrition order).
    pub details: Vec<CodeableConcept<'t>>,
    /// `Claim.item.modifier`, and HCPCS modifiers given as parameters of a device request.
    pub modifiers: Vec<Coding<'t>>,
    /// `Claim.item.category` (X12 UM03) and the request's categories.
    pub categories: Vec<CodeableConcept<'t>>,
    /// `requestType` (X12 UM01).
    pub request_type: Option<CodeableConcept<'t>>,
    /// `certificationType` (X12 UM02).
    pub certification_type: Option<CodeableConcept<'t>>,
    /// `Claim.item.location[x]` or `ServiceRequest.locationCode`: the place of service.
    pub place_of_service: Option<CodeableConcept<'t>>,
    /// `Claim.item.revenue`.
    pub revenue: Option<CodeableConcept<'t>>,
    /// How much.
    pub quantity: Option<Quantity<'t>>,
    /// When, or between when.
    pub occurrence: Option<Occurrence<'t>>,
    /// How often.
    pub timing: Option<Timing<'t>>,
    /// `asNeededBoolean`.
    pub as_needed: Option<bool>,
    /// `dispenseRequest.numberOfRepeatsAllowed`.
    pub refills: Option<u32>,
    /// `dispenseRequest.expectedSupplyDuration`.
    pub supply: Option<Quantity<'t>>,
    /// When the request was written.
    pub authored_at: Option<When<'t>>,
    /// The request's notes, dosage texts and patient instructions.
    pub notes: Vec<&'t str>,
    /// `bodySite`.
    pub body_sites: Vec<CodeableConcept<'t>>,
    /// `Claim.item.diagnosisSequence`.
    pub diagnosis_sequences: Vec<u32>,
    /// Who ordered it.
    pub requester: Option<Party<'t>>,
    /// Who is to carry it out.
    pub performers: Vec<Party<'t>>,
}

impl<'t> OrderLine<'t> {
    /// Returns the first code whose system's URI ends in one of `systems`.
    pub fn code_of(&self, systems: &[&str]) -> Option<Coding<'t>> {
        self.codes.iter().copied().find(|coding| systems.iter().any(|tail| coding.is_of(tail)))
    }

    /// Returns whether it says anything of what is ordered.
    pub fn says_what(&self) -> bool {
        self.text.is_some()
            || !self.details.is_empty()
            || self.codes.iter().any(|coding| coding.code.is_some())
    }

    pub(super) fn add_concept(&mut self, concept: CodeableConcept<'t>) {
        self.text = self.text.or_else(|| concept.words());
        self.codes.extend(
            concept
                .codings
                .into_iter()
                .filter(|coding| coding.code.is_some() || coding.display.is_some()),
        );
    }
}
