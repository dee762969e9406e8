//! An order, whatever it came in: a PAS request, a Post-Acute Order, a bundle of requests, a message, one bare resource.
//!
//! The view is gathered from the tree and borrows from it. It says what the sender said and where; it decides nothing,
//! and knows neither cases nor payers.
//!
//! **Invariant:** lines of more than one patient never come out without a `several-patients` problem.

mod claim;
mod evidence;
mod finish;
mod gather;
mod line;
mod party;
mod request;
mod whose;

pub use evidence::{Answer, AnswerValue, Answers, Diagnosis, DiagnosisSource, Measured, Signature};
pub use gather::{Reading, read_orders};
pub use line::{Action, LineKind, OrderLine};
pub use party::{Party, Subject};

use crate::datatype::{
    Attachment, CodeableConcept, Coding, Identifier, Occurrence, Period, Reference, When,
};
use crate::resource::{Coverage, Encounter, Location, Resource};
use std::fmt;

/// How an order came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Form {
    /// A Da Vinci PAS claim, alone or in its bundle.
    PriorAuthorization,
    /// A message bundle, or its header alone.
    Message,
    /// A task that points at requests.
    Task,
    /// Requests themselves.
    #[default]
    Requests,
}

/// What is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Intent {
    /// Something new.
    #[default]
    New,
    /// A change to what was ordered before.
    Change,
    /// What was ordered before is withdrawn, all of it.
    Cancel,
    /// Only to know how it stands.
    Inquiry,
}

/// How soon.
///
/// Source: FHIR R4 `request-priority`; `processpriority` `normal` and `deferred` count as routine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Priority {
    /// In its turn.
    #[default]
    Routine,
    /// Before the routine ones.
    Urgent,
    /// As soon as possible.
    Asap,
    /// At once.
    Stat,
}

/// A coverage and who holds it.
#[derive(Debug, Clone)]
pub struct Covered<'t> {
    /// The reference to the coverage, empty when it was found without one.
    pub reference: Reference<'t>,
    /// The coverage, when it came along.
    pub coverage: Option<Coverage<'t>>,
    /// Who holds it, when that was said.
    pub subscriber: Option<Subject<'t>>,
    /// The first payer of the coverage.
    pub payer: Option<Party<'t>>,
}

/// A member of `Claim.careTeam`.
#[derive(Debug, Clone)]
pub struct CareTeamMember<'t> {
    /// `careTeam.sequence`.
    pub sequence: Option<u32>,
    /// `careTeam.provider`.
    pub party: Party<'t>,
    /// `careTeam.role`.
    pub role: CodeableConcept<'t>,
    /// `careTeam.qualification`, a taxonomy code.
    pub qualification: CodeableConcept<'t>,
}

/// The PAS extension `homeHealthCareInformation` (X12 CR6).
#[derive(Debug, Clone, Default)]
pub struct HomeHealth<'t> {
    /// `prognosis`, a code of X12 data element 923.
    pub prognosis: CodeableConcept<'t>,
    /// `date`, when home health care began.
    pub started_on: Option<When<'t>>,
}

/// One PAS extension `conditionCode` (X12 CRC).
#[derive(Debug, Clone, Default)]
pub struct ConditionCode<'t> {
    /// `category`, a code of X12 data element 1136.
    pub category: CodeableConcept<'t>,
    /// `indicator`: whether the conditions apply.
    pub applies: Option<bool>,
    /// `code`, codes of X12 data element 1321.
    pub codes: Vec<Coding<'t>>,
}

/// One attached document.
#[derive(Clone)]
pub struct Document<'t> {
    /// The place of the attachment's owner.
    pub path: String,
    /// What kind of document it is, as the sender says.
    pub kind: CodeableConcept<'t>,
    /// The title, else the description.
    pub title: Option<&'t str>,
    /// When the document was made.
    pub made_at: Option<When<'t>>,
    /// `status`: current, superseded, entered-in-error.
    pub status: Option<&'t str>,
    /// The content: inline, or an address kept as text. The content of a `Binary` that came along is put in.
    pub content: Attachment<'t>,
}

/// Everything that an order needs, as far as it came along.
#[derive(Clone, Default)]
pub struct Order<'t> {
    /// How it came.
    pub form: Form,
    /// What is wanted.
    pub intent: Intent,
    /// The order's own numbers: claim, task, message or bundle identifiers, then those of the requests' group.
    pub identifiers: Vec<Identifier<'t>>,
    /// What it changes, withdraws or asks after: references to earlier claims and requests.
    pub earlier: Vec<Reference<'t>>,
    /// Numbers of earlier claims and requests, and authorization numbers.
    pub earlier_identifiers: Vec<Identifier<'t>>,
    /// Authorization numbers given earlier (`authorizationNumber`, X12 REF BB).
    pub authorization_numbers: Vec<&'t str>,
    /// Who sent it.
    pub sender: Option<Party<'t>>,
    /// Whom it is for.
    pub patient: Option<Subject<'t>>,
    /// The coverages, the one in focus first.
    pub coverages: Vec<Covered<'t>>,
    /// The payer's organisation: the insurer, else the payer of the first coverage.
    pub payer: Option<Party<'t>>,
    /// Who orders: practitioner, role, organisation, as far as each is known.
    pub requester: Option<Party<'t>>,
    /// Who is to carry it out, when that was said.
    pub performers: Vec<Party<'t>>,
    /// The care team of a claim.
    pub care_team: Vec<CareTeamMember<'t>>,
    /// The stay it comes from.
    pub encounter: Option<Encounter<'t>>,
    /// When the stay began: `admissionDates`, else the encounter's start.
    pub admitted: Option<Occurrence<'t>>,
    /// When the stay ends or ended: `dischargeDates`, else the encounter's end.
    pub discharged: Option<Occurrence<'t>>,
    /// The days of the service as a whole (`patientEvent`).
    pub event: Option<Period<'t>>,
    /// How soon, the most pressing of all that was said.
    pub priority: Priority,
    /// The PAS level of service (X12 UM06), a code of X12 data element 1338.
    pub level_of_service: CodeableConcept<'t>,
    /// When it was written.
    pub authored_at: Option<When<'t>>,
    /// Diagnoses, in the order of their sequence.
    pub diagnoses: Vec<Diagnosis<'t>>,
    /// What is ordered.
    pub lines: Vec<OrderLine<'t>>,
    /// Home health information of a claim.
    pub home_health: Option<HomeHealth<'t>>,
    /// Condition codes of a claim.
    pub condition_codes: Vec<ConditionCode<'t>>,
    /// Messages in free text, and communications.
    pub messages: Vec<&'t str>,
    /// What was measured.
    pub observations: Vec<Measured<'t>>,
    /// What the patient does not tolerate.
    pub allergies: Vec<CodeableConcept<'t>>,
    /// What is attached.
    pub documents: Vec<Document<'t>>,
    /// Answered questionnaires.
    pub answers: Vec<Answers<'t>>,
    /// Signatures in provenances.
    pub signatures: Vec<Signature<'t>>,
    /// Places named by the order: where care is to happen.
    pub places: Vec<Location<'t>>,
}

impl<'t> Order<'t> {
    /// Returns who holds the first coverage, when that was said.
    pub fn subscriber(&self) -> Option<&Subject<'t>> {
        self.coverages.iter().find_map(|covered| covered.subscriber.as_ref())
    }

    /// Returns how the order is signed, as far as can be told from the document.
    pub fn signed(&self) -> Signed {
        let is_live =
            |line: &OrderLine<'t>| line.status == Some("active") && line.requester.is_some();
        if !self.signatures.is_empty() {
            Signed::ByProvenance
        } else if !self.lines.is_empty() && self.lines.iter().all(is_live) {
            Signed::ByStatus
        } else {
            Signed::No
        }
    }
}

impl fmt::Debug for Order<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Order({:?}, {:?}, {} lines, ‹phi›)", self.form, self.intent, self.lines.len())
    }
}

/// How an order is signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signed {
    /// A provenance carries a signature.
    ByProvenance,
    /// Every line is active and names who ordered it; an active request is one its author has released.
    ByStatus,
    /// Nothing says so.
    No,
}

/// Returns the requests that are order lines when nothing more is known about them.
fn is_request(resource: Resource<'_>) -> bool {
    crate::kind::REQUESTS.contains(&resource.kind())
}

#[cfg(test)]
mod tests;
