//! The one shape that every door makes of a clinical order.
//!
//! Whatever identifies a person stands under [`Phi`]; `decide` looks only at whether it is there.

use crate::{Fact, Item, Known, LineRequest};
use doorstep_vocab::{Date, DocumentId, Micros, PayerId, Phi, ReceiptId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How an order came in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the channels")]
pub enum Channel {
    Fhir,
    X12,
    Hl7,
    Csv,
    #[default]
    Form,
    Phone,
    Portal,
    Fax,
    Email,
    Mail,
}

impl Channel {
    /// Returns the channel's name as pages and files write it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fhir => "fhir",
            Self::X12 => "x12",
            Self::Hl7 => "hl7",
            Self::Csv => "csv",
            Self::Form => "form",
            Self::Phone => "phone",
            Self::Portal => "portal",
            Self::Fax => "fax",
            Self::Email => "email",
            Self::Mail => "mail",
        }
    }
}

/// How soon the sender asks for it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Urgency {
    /// No haste stated.
    #[default]
    Routine,
    /// Expedited: delay could harm.
    Urgent,
    /// The member leaves the hospital within the discharge-critical window.
    Discharge,
}

impl Urgency {
    /// Returns the name that packs and pages use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Routine => "routine",
            Self::Urgent => "urgent",
            Self::Discharge => "discharge",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        [Self::Routine, Self::Urgent, Self::Discharge].into_iter().find(|u| u.name() == name)
    }
}

/// Administrative sex, as payers match it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the values")]
pub enum Sex {
    Female,
    Male,
    Unknown,
}

/// A postal address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Street lines.
    pub lines: Vec<Phi<String>>,
    /// City.
    pub city: Option<Phi<String>>,
    /// Two-letter state.
    pub state: Option<Phi<String>>,
    /// ZIP or ZIP+4, as sent.
    pub zip: Option<Phi<String>>,
}

/// A telephone number and what it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Phone {
    /// Digits as sent.
    pub number: Phi<String>,
    /// `home`, `mobile`, `work`, `fax`, or empty.
    pub kind: String,
}

/// The member.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Person {
    /// Family name.
    pub family: Option<Phi<String>>,
    /// Given names in order.
    pub given: Vec<Phi<String>>,
    /// Suffix such as Jr: it tells father from son.
    pub suffix: Option<Phi<String>>,
    /// Date of birth.
    pub birth_on: Option<Phi<Date>>,
    /// Administrative sex.
    pub sex: Option<Phi<Sex>>,
    /// Where care is delivered.
    pub address: Option<Address>,
    /// Numbers to call.
    pub phones: Vec<Phone>,
    /// E-mail address.
    pub email: Option<Phi<String>>,
    /// ISO 639 language code or words as sent.
    pub language: Option<Phi<String>>,
    /// The sender's own record number for the member, with who assigned it.
    pub record_numbers: Vec<(String, Phi<String>)>,
}

/// One coverage, in the order that payers should be billed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage {
    /// The payer's folder under `packs/payers`, when the door could tell.
    pub payer_id: Option<PayerId>,
    /// The payer's own identifier as sent.
    pub payer_code: Option<String>,
    /// The payer's name as sent.
    pub payer_name: Option<String>,
    /// The member's plan ID.
    pub member_id: Option<Phi<String>>,
    /// The group number.
    pub group: Option<Phi<String>>,
    /// Whether the member is the subscriber; `None` when not stated.
    pub is_subscriber: Option<bool>,
}

/// Who ordered it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clinician {
    /// Name as sent. A clinician's name is not the member's data.
    pub name: Option<String>,
    /// NPI as sent; [`npi_valid`](Self::npi_valid) tells whether its check digit holds.
    pub npi: Option<String>,
    /// Whether the NPI's check digit holds. Real files are full of ones that do not, so a door only warns.
    pub npi_valid: bool,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
}

/// The office or facility that referred, and its planner.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Organisation {
    /// Name as sent.
    pub name: Option<String>,
    /// NPI or the sender's own identifier.
    pub identifier: Option<String>,
    /// The planner's or contact's name.
    pub contact: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Fax.
    pub fax: Option<String>,
}

/// When and from where the member goes home.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Discharge {
    /// The planned instant.
    pub at: Timestamp,
    /// Whether the portable equipment goes to the bedside.
    pub bedside: bool,
}

impl Discharge {
    /// Returns whether it is still to come and at most so many hours away.
    pub fn is_critical(&self, now: Timestamp, hours: u32) -> bool {
        let left = self.at.since(now).0;
        (0..=i64::from(hours).saturating_mul(Micros::hours(1).0)).contains(&left)
    }
}

/// A diagnosis as sent, and whether it is a billable code on the day of service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    /// ICD-10-CM with its dot, or the code as sent when it is not one.
    pub code: String,
    /// Whether it is a leaf valid on the date of service.
    pub billable: bool,
}

/// What a document is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the kinds")]
pub enum DocumentKind {
    Order,
    PlanOfCare,
    FaceToFace,
    TestResult,
    ProofOfDelivery,
    Confirmation,
    Clinical,
    #[default]
    Other,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: [Self; 8] = [
        Self::Order,
        Self::PlanOfCare,
        Self::FaceToFace,
        Self::TestResult,
        Self::ProofOfDelivery,
        Self::Confirmation,
        Self::Clinical,
        Self::Other,
    ];

    /// Returns the name that pages and files use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::PlanOfCare => "plan-of-care",
            Self::FaceToFace => "face-to-face",
            Self::TestResult => "test-result",
            Self::ProofOfDelivery => "proof-of-delivery",
            Self::Confirmation => "confirmation",
            Self::Clinical => "clinical",
            Self::Other => "other",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A stored document that belongs to the case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// Its id; the bytes are found by it.
    pub document_id: DocumentId,
    /// What it is.
    pub kind: DocumentKind,
}

/// A clinical order as it came in, whatever the door.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Referral {
    /// The door.
    pub channel: Channel,
    /// The earliest moment that anybody at the hub held it. Source: facts 3.7, the clock counts from first receipt.
    pub received_at: Timestamp,
    /// The receipt whose bytes it was read from.
    pub receipt_id: Option<ReceiptId>,
    /// The sending organisation or application, as the acknowledgement names it.
    pub sender: Option<String>,
    /// The sender's own number for this order.
    pub order_ref: Option<String>,
    /// The member.
    pub person: Person,
    /// Coverages in billing order.
    pub coverage: Vec<Coverage>,
    /// Who ordered it.
    pub prescriber: Option<Clinician>,
    /// Who sent it.
    pub referrer: Option<Organisation>,
    /// How soon.
    pub urgency: Urgency,
    /// When the member goes home, when from a facility.
    pub discharge: Option<Discharge>,
    /// When it is needed, when the sender said so.
    pub need_by: Option<Timestamp>,
    /// Principal first.
    pub diagnoses: Vec<Diagnosis>,
    /// What is ordered.
    pub lines: Vec<LineRequest>,
    /// Lines that a change takes out of the order: for a person to confirm, as a cancellation is.
    pub withdrawn: Vec<LineRequest>,
    /// Clinical and logistic facts by item, with the day each speaks of. Items that follow from the fields above
    /// need not be given: [`known`](Self::known) derives them.
    pub facts: BTreeMap<Item, (Fact, Option<Date>)>,
    /// The payer's authorization number, when one was already issued.
    pub auth_number: Option<String>,
    /// Documents that came with it, already stored.
    pub documents: Vec<Document>,
    /// Free text by where it stood; kept as notes in rows, never in events.
    pub texts: Vec<(String, Phi<String>)>,
}

impl Referral {
    /// Returns every item this referral supplies: those stated and those that its fields imply.
    pub fn known(&self, recorded_at: Timestamp) -> BTreeMap<Item, Known> {
        let mut known: BTreeMap<Item, Known> = self
            .facts
            .iter()
            .map(|(item, (fact, as_of))| {
                (*item, Known { fact: fact.clone(), as_of: *as_of, recorded_at })
            })
            .collect();
        for name in self.held() {
            let held = Known { fact: Fact::Held, as_of: None, recorded_at };
            known.entry(Item::named(name)).or_insert(held);
        }
        known
    }

    fn held(&self) -> Vec<&'static str> {
        let person = &self.person;
        let coverage = self.coverage.first();
        let prescriber = self.prescriber.as_ref();
        let address = person.address.as_ref();
        [
            (person.family.is_some() && !person.given.is_empty(), "member.name"),
            (person.birth_on.is_some(), "member.birth-date"),
            (person.sex.is_some(), "member.sex"),
            (address.is_some_and(|a| !a.lines.is_empty() && a.zip.is_some()), "member.address"),
            (!person.phones.is_empty(), "member.phone"),
            (person.language.is_some(), "member.language"),
            (coverage.is_some_and(|c| c.member_id.is_some()), "coverage.member-id"),
            (coverage.is_some_and(Coverage::names_payer), "coverage.payer"),
            (prescriber.is_some_and(|p| p.name.is_some()), "prescriber.name"),
            (prescriber.is_some_and(|p| p.npi.is_some() && p.npi_valid), "prescriber.npi"),
            (prescriber.is_some_and(|p| p.phone.is_some() || p.fax.is_some()), "prescriber.phone"),
            (self.diagnoses.iter().any(|d| d.billable), "order.diagnosis"),
            (self.lines.iter().any(LineRequest::is_named), "order.service"),
            (self.lines.iter().any(|l| l.quantity.is_some_and(|n| n > 0)), "order.quantity"),
            (self.auth_number.is_some(), "auth.number"),
        ]
        .into_iter()
        .filter_map(|(held, name)| held.then_some(name))
        .collect()
    }
}

impl Coverage {
    /// Returns whether the payer can be told at all.
    pub fn names_payer(&self) -> bool {
        self.payer_id.is_some() || self.payer_code.is_some() || self.payer_name.is_some()
    }
}
