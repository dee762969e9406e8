//! Intake: the order arrives, gets a number, is acknowledged, triaged and amended.

mod apply;
pub(crate) mod death;
mod decide;
mod need_by;
#[cfg(test)]
mod tests;
mod triage;

pub(crate) use apply::apply;
pub use death::{Death, DeathSource};
pub(crate) use decide::decide;
pub use need_by::{NeedBy, NeedByReason};
pub use triage::{
    Assessment, Found, Priority, TriageCheck, TriageOutcome, TriageReason, TriageRecord,
};

use crate::coded::coded;
use crate::handout::Reason;
use crate::{
    Channel, Diagnosis, Discharge, Document, Fact, Family, Item, Known, LineRequest, Referral,
    ServiceLine, Unit, Urgency,
};
use doorstep_vocab::{
    CaseNumber, Date, DocumentId, LineNo, PayerId, ReceiptId, Timestamp, UserId, Zone,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One arrival of the order at one door.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The receipt row with the bytes.
    pub receipt_id: Option<ReceiptId>,
    /// The door.
    pub channel: Channel,
    /// When the hub first held it.
    pub received_at: Timestamp,
    /// The sender's own number for the order.
    pub order_ref: Option<String>,
}

coded! {
    /// Why a person has to settle something that came for a case.
    ReviewReason {
        CopyDiffers = "copy-differs", "the order came again and differs from the case";
        ChangeToConfirm = "change-to-confirm", "the sender changed what was ordered";
        OrderEnded = "order-ended", "the order came again after the case had ended";
        CancelledBefore = "cancelled-before", "the sender's cancellation came before the order did";
    }
}

coded! {
    /// What became of a sender's cancellation. A person says so, having asked; only that every line was cancelled follows
    /// by itself.
    CancelAnswer {
        Cancelled = "cancelled", "every line is cancelled, or delivered already";
        Stands = "stands", "the order stands: the sender takes the cancellation back";
        OtherOrder = "other-order", "it meant another order";
    }
}

coded! {
    /// Why what is in a case is hidden from those who have no part in it. Source: facts 6.7 \[K\].
    Label {
        Part2 = "part2", "substance use disorder treatment, 42 CFR Part 2";
        Hiv = "hiv", "HIV";
        MentalHealth = "mental-health", "mental health";
        Reproductive = "reproductive", "reproductive health";
        Genetic = "genetic", "genetic information";
        MinorConsented = "minor-consented", "a minor's own consent";
        Vip = "vip", "an employee or a person in the public eye";
        AddressProtected = "address-protected", "the address is protected: domestic violence";
    }
}

/// A sender's cancellation of the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelRequest {
    /// How it arrived.
    pub receipt: Receipt,
    /// What became of it; `None` while nobody said.
    pub answer: Option<CancelAnswer>,
}

/// How the order came in and how it stands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Intake {
    /// The earliest receipt by any door: what clocks count from.
    pub received_at: Timestamp,
    /// When the case was opened.
    pub opened_at: Timestamp,
    /// Every arrival, the first one first.
    pub receipts: Vec<Receipt>,
    /// When the sender was told the case number.
    pub acknowledged_at: Option<Timestamp>,
    /// The case manager.
    pub manager: Option<UserId>,
    /// Who had the case before it was laid back for anybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub had_by: Option<UserId>,
    /// How soon.
    pub urgency: Urgency,
    /// How soon the sender or a person asked for, whatever the discharge makes of it.
    #[serde(default)]
    pub urgency_stated: Urgency,
    /// Triage outcome.
    pub priority: Option<Priority>,
    /// The last triage with what was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub triage: Option<Box<TriageRecord>>,
    /// The payer whose terms hold.
    pub payer_id: PayerId,
    /// The ordering clinician's NPI, when its check digit holds.
    pub prescriber_npi: Option<String>,
    /// Diagnoses, principal first.
    pub diagnoses: Vec<Diagnosis>,
    /// The planned discharge.
    pub discharge: Option<Discharge>,
    /// Every need-by time, the one in force last.
    pub need_by: Vec<NeedBy>,
    /// Documents of the case.
    pub documents: Vec<Document>,
    /// Notes about the case; their words are in rows.
    #[serde(default)]
    pub notes: BTreeSet<DocumentId>,
    /// Cancellations by the sender, the first one first.
    #[serde(default)]
    pub cancel_requests: Vec<CancelRequest>,
    /// The payer's authorization number that came with the order.
    #[serde(default)]
    pub auth_number: Option<String>,
    /// What came and waits for a person to settle it, by its receipt.
    #[serde(default)]
    pub reviews: BTreeMap<ReceiptId, ReviewReason>,
    /// That the member has died, once it is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death: Option<Death>,
    /// When it was last said that the member has not died after all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub death_retracted_at: Option<Timestamp>,
    /// Why the case is hidden from those who have no part in it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub labels: BTreeSet<Label>,
}

impl Intake {
    /// Returns the sender's cancellation that waits for an answer.
    pub fn open_cancel(&self) -> Option<&CancelRequest> {
        self.cancel_requests.iter().find(|request| request.answer.is_none())
    }

    /// Returns the need-by time in force.
    pub fn need_by(&self) -> Option<&NeedBy> {
        self.need_by.last()
    }
}

/// What may be done at intake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntakeCommand {
    /// Opens the case.
    Refer {
        /// The number made for it.
        number: CaseNumber,
        /// The payer whose terms are in `Facts`.
        payer_id: PayerId,
        /// The order.
        referral: Box<Referral>,
    },
    /// The same order came by another door, or again.
    Link(Receipt),
    /// The sender cancels the order: recorded, and confirmed by a person.
    RequestCancel(Receipt),
    /// Says what became of the sender's cancellation.
    AnswerCancel(CancelAnswer),
    /// The sender was told the case number and the manager.
    Acknowledge,
    /// Gives the case to a manager.
    Assign(UserId),
    /// Hands the case to somebody, or back to nobody, by the rule of handing out.
    HandOut {
        /// Who has it then.
        to: Option<UserId>,
        /// Why.
        reason: Reason,
    },
    /// Records a priority, and nothing of how it was found.
    Triage(Priority),
    /// Records triage with what was found.
    Assess(Box<Assessment>),
    /// Adds or corrects facts; personal values are in their rows already.
    Amend(Amendment),
    /// Says what an unclassified line is, or corrects it.
    Classify {
        /// Which line.
        line: LineNo,
        /// The trade.
        service: ServiceLine,
        /// The family.
        family: Family,
    },
    /// Adds a line to the order.
    AddLine(LineRequest),
    /// Says how many are to be dispensed, where the order did not, or corrects it.
    StateQuantity {
        /// Which line.
        line: LineNo,
        /// How many.
        quantity: u32,
        /// Of what, where it is not what the order counts.
        unit: Option<Unit>,
    },
    /// The discharge was set or moved.
    MoveDischarge(Discharge),
    /// The need-by time was set by somebody.
    MoveNeedBy {
        /// The new time.
        at: Timestamp,
        /// Who or what asked.
        reason: NeedByReason,
    },
    /// A stored document belongs to the case.
    Attach(Document),
    /// A note was kept; its text is in its row.
    Note(DocumentId),
    /// Something that came needs a person's eyes before it counts.
    AskReview {
        /// Where it came.
        receipt_id: ReceiptId,
        /// What is to be settled.
        reason: ReviewReason,
    },
    /// A person settled all that came by a receipt.
    Review(ReceiptId),
    /// The member has died: what was planned ends, and what was left is picked up.
    RecordDeath {
        /// The day.
        on: Date,
        /// From whom the hub knows it.
        source: DeathSource,
    },
    /// The member has not died: it was said in error.
    RetractDeath,
    /// Labels the case as sensitive.
    Label(Label),
    /// Takes a label off.
    TakeLabelOff(Label),
}

/// Facts added or corrected together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amendment {
    /// Items with the day each speaks of.
    pub facts: BTreeMap<Item, (Fact, Option<Date>)>,
    /// Items found to be wrong: no longer known.
    pub withdrawn: Vec<Item>,
    /// The diagnoses in place of those known.
    pub diagnoses: Option<Vec<Diagnosis>>,
    /// How soon.
    pub urgency: Option<Urgency>,
    /// The payer, once told.
    pub payer_id: Option<PayerId>,
    /// The clinician's NPI.
    pub prescriber_npi: Option<String>,
    /// The zone of a corrected service address.
    pub zone: Option<Zone>,
    /// The state of a corrected service address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The payer's authorization number, when it already gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_number: Option<String>,
}

/// What a new case holds, as recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Referred {
    /// The case's number.
    pub number: CaseNumber,
    /// The arrival that opened it.
    pub receipt: Receipt,
    /// The payer whose terms hold.
    pub payer_id: PayerId,
    /// How soon: as stated, or as the discharge makes it.
    pub urgency: Urgency,
    /// How soon the sender asked for.
    #[serde(default)]
    pub urgency_stated: Urgency,
    /// The zone that counts its days.
    pub zone: Zone,
    /// The state where care is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// The clinician's NPI, when its check digit holds.
    pub prescriber_npi: Option<String>,
    /// Diagnoses, principal first.
    pub diagnoses: Vec<Diagnosis>,
    /// Lines with what the packs made of their codes.
    pub lines: Vec<ReferredLine>,
    /// Facts by item.
    pub known: BTreeMap<Item, Known>,
    /// Documents that came with it.
    pub documents: Vec<Document>,
    /// The hash of the packs in force.
    pub terms: String,
    /// The payer's authorization number, when one came with the order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub auth_number: Option<String>,
}

/// A line as opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReferredLine {
    /// Its number.
    pub no: LineNo,
    /// What was asked for.
    pub request: LineRequest,
    /// The trade.
    pub service: ServiceLine,
    /// The family.
    pub family: Family,
    /// Whether it is custom-made.
    pub custom: bool,
}

/// What happened at intake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum IntakeEvent {
    Referred(Box<Referred>),
    Linked(Receipt),
    Acknowledged,
    Assigned {
        manager: UserId,
    },
    HandedOut {
        to: Option<UserId>,
        reason: Reason,
    },
    Triaged {
        priority: Priority,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        found: Option<Box<Found>>,
    },
    Amended(Box<Amendment>),
    Classified {
        line: LineNo,
        service: ServiceLine,
        family: Family,
        custom: bool,
    },
    LineAdded(ReferredLine),
    DischargeMoved(Discharge),
    NeedByMoved {
        at: Timestamp,
        reason: NeedByReason,
    },
    Attached(Document),
    Noted {
        note_id: DocumentId,
    },
    CancelRequested(Receipt),
    CancelAnswered {
        answer: CancelAnswer,
    },
    ReviewAsked {
        receipt_id: ReceiptId,
        reason: ReviewReason,
    },
    Reviewed {
        receipt_id: ReceiptId,
    },
    QuantityStated {
        line: LineNo,
        quantity: u32,
        unit: Unit,
    },
    DeathRecorded {
        on: Date,
        source: DeathSource,
    },
    DeathRetracted,
    Labelled {
        label: Label,
    },
    LabelTakenOff {
        label: Label,
    },
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &[
    "intake.referred",
    "intake.linked",
    "intake.acknowledged",
    "intake.assigned",
    "intake.triaged",
    "intake.amended",
    "intake.classified",
    "intake.line-added",
    "intake.discharge-moved",
    "intake.need-by-moved",
    "intake.attached",
    "intake.noted",
    "intake.cancel-requested",
    "intake.cancel-answered",
    "intake.review-asked",
    "intake.reviewed",
    "intake.quantity-stated",
    "intake.death-recorded",
    "intake.death-retracted",
    "intake.labelled",
    "intake.label-taken-off",
    "intake.handed-out",
];

impl IntakeEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::Referred(_) => 0,
            Self::Linked(_) => 1,
            Self::Acknowledged => 2,
            Self::Assigned { .. } => 3,
            Self::Triaged { .. } => 4,
            Self::Amended(_) => 5,
            Self::Classified { .. } => 6,
            Self::LineAdded(_) => 7,
            Self::DischargeMoved(_) => 8,
            Self::NeedByMoved { .. } => 9,
            Self::Attached(_) => 10,
            Self::Noted { .. } => 11,
            Self::CancelRequested(_) => 12,
            Self::CancelAnswered { .. } => 13,
            Self::ReviewAsked { .. } => 14,
            Self::Reviewed { .. } => 15,
            Self::QuantityStated { .. } => 16,
            Self::DeathRecorded { .. } => 17,
            Self::DeathRetracted => 18,
            Self::Labelled { .. } => 19,
            Self::LabelTakenOff { .. } => 20,
            Self::HandedOut { .. } => 21,
        };
        EVENT_NAMES[at]
    }

    /// Returns the lines that the event is about.
    pub fn lines(&self) -> Vec<LineNo> {
        match self {
            Self::Referred(referred) => referred.lines.iter().map(|line| line.no).collect(),
            Self::Classified { line, .. } | Self::QuantityStated { line, .. } => vec![*line],
            Self::LineAdded(line) => vec![line.no],
            _ => Vec::new(),
        }
    }
}
