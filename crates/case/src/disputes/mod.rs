//! Disputes: what sticks is raised, and what is wrongly refused is fought. Escalations with a committed time and an
//! owner; appeals, grievances and peer-to-peer talks with what became of them.

mod apply;
mod complain;
mod complaint;
mod decide;
mod escalation;
mod ladder;
#[cfg(test)]
mod tests;

pub(crate) use apply::apply;
pub use complaint::{
    AnswerGiven, Complainant, Complaint, ComplaintCategory, ComplaintDoor, Severity, Told,
};
pub(crate) use decide::decide;
pub use escalation::{Escalation, LEVEL_MAX, Promise, PromiseEnd, Tally};
pub use ladder::Rung;

use crate::Subject;
use crate::auth::ExtensionReason;
use crate::coded::coded;
use doorstep_vocab::{CallId, DisputeId, DocumentId, EscalationId, LineNo, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

coded! {
    /// Why something was raised. Source: facts 6.4.
    EscalationReason {
        DischargeCritical = "discharge-critical", "the discharge is near and care is not in place";
        Declines = "declines", "too many providers declined";
        ClockMissed = "clock-missed", "a clock ran out";
        CallerAsked = "caller-asked", "the caller asked for a supervisor";
        ClinicalRisk = "clinical-risk", "clinical risk";
        TherapyAtRisk = "therapy-at-risk", "oxygen, ventilation or an infusion is due within hours and nobody has it";
        PromiseBroken = "promise-broken", "a promised time passed";
        DenialDisputed = "denial-disputed", "a denial is disputed";
        Regulator = "regulator", "a regulator, the press or a lawyer asks";
        Privacy = "privacy", "somebody's data may be in the wrong hands";
        Safety = "safety", "somebody was harmed, or nearly";
        Other = "other", "another reason, in a note";
    }
}

coded! {
    /// What kind of dispute it is. Source: facts 4.4, 6.5.
    DisputeKind {
        Appeal = "appeal", "an appeal of a denial";
        ExpeditedAppeal = "expedited-appeal", "an expedited appeal of a denial";
        PeerToPeer = "peer-to-peer", "a peer-to-peer talk";
        Grievance = "grievance", "a grievance";
        ExpeditedGrievance = "expedited-grievance", "an expedited grievance";
        Inquiry = "inquiry", "an inquiry";
    }
}

impl DisputeKind {
    /// Returns whether it uses the right to appeal a decision. Source: facts 4.4.
    pub const fn is_appeal(self) -> bool {
        matches!(self, Self::Appeal | Self::ExpeditedAppeal)
    }

    /// Returns whether it can be told as a complaint: somebody is not content, or asks, and no decision is fought.
    pub const fn is_complaint(self) -> bool {
        matches!(self, Self::Grievance | Self::ExpeditedGrievance | Self::Inquiry)
    }

    /// Returns whether it fights a decision, and not how somebody was treated.
    pub const fn is_about_decision(self) -> bool {
        self.is_appeal() || matches!(self, Self::PeerToPeer)
    }
}

coded! {
    /// How a dispute ended. Source: facts 12, appealed.
    DisputeOutcome {
        Overturned = "overturned", "overturned";
        Partial = "partial", "overturned in part";
        Upheld = "upheld", "upheld";
        Dismissed = "dismissed", "dismissed";
        Resolved = "resolved", "resolved";
        Withdrawn = "withdrawn", "withdrawn";
    }
}

/// One dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// What kind.
    pub kind: DisputeKind,
    /// About which lines.
    pub lines: Vec<LineNo>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When it was first heard, where that was before it was opened.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heard_at: Option<Timestamp>,
    /// When it was filed with the payer.
    pub filed_at: Option<Timestamp>,
    /// How and when it ended.
    pub outcome: Option<(Timestamp, DisputeOutcome)>,
    /// Why the payer takes longer, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<ExtensionReason>,
    /// What was told, where it is or was a complaint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub complaint: Option<Box<Complaint>>,
}

impl Dispute {
    /// Returns the receipt that its clocks count from: that of the complaint, else when it was first heard, else the filing.
    pub fn received_at(&self) -> Timestamp {
        let told = self.complaint.as_ref().map(|complaint| complaint.told.received_at);
        told.or(self.heard_at).or(self.filed_at).unwrap_or(self.opened_at)
    }
}

/// All that was raised or fought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disputes {
    /// Escalations by id.
    pub escalations: BTreeMap<EscalationId, Escalation>,
    /// Disputes by id.
    pub disputes: BTreeMap<DisputeId, Dispute>,
}

impl Disputes {
    /// Returns the escalations that are not resolved.
    pub fn open_escalations(&self) -> impl Iterator<Item = (&EscalationId, &Escalation)> {
        self.escalations.iter().filter(|(_, escalation)| escalation.resolved_at.is_none())
    }

    /// Returns the appeal of `line`'s decision that is under way, if one is.
    pub fn open_appeal(&self, line: LineNo) -> Option<&Dispute> {
        let mut open = self.open_disputes().map(|(_, dispute)| dispute);
        open.find(|dispute| dispute.kind.is_about_decision() && dispute.lines.contains(&line))
    }

    /// Returns the disputes without an outcome.
    pub fn open_disputes(&self) -> impl Iterator<Item = (&DisputeId, &Dispute)> {
        self.disputes.iter().filter(|(_, dispute)| dispute.outcome.is_none())
    }
}

/// What may be done about escalations and disputes.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields repeat the records'")]
pub enum DisputesCommand {
    /// Raises something. A caller's wish has its call; the words are in a row.
    Escalate {
        escalation_id: EscalationId,
        level: u8,
        reason: EscalationReason,
        call_id: Option<CallId>,
        message_id: Option<DocumentId>,
    },
    /// Says that it was seen, before anybody can promise a time.
    Acknowledge {
        escalation_id: EscalationId,
    },
    /// Hands it to a higher level, which takes it anew.
    Raise {
        escalation_id: EscalationId,
        level: u8,
        message_id: Option<DocumentId>,
    },
    /// Adds to its thread. The words are in a row. Source: M24.
    Say {
        escalation_id: EscalationId,
        message_id: DocumentId,
    },
    /// Takes an escalation and promises a time. Source: M24.
    Commit {
        escalation_id: EscalationId,
        owner: UserId,
        committed_to: Timestamp,
    },
    Resolve {
        escalation_id: EscalationId,
    },
    Open {
        dispute_id: DisputeId,
        kind: DisputeKind,
        lines: Vec<LineNo>,
    },
    File {
        dispute_id: DisputeId,
    },
    /// Takes a complaint down. Where a decision is to be changed as well, an appeal of these lines is opened with it: one
    /// call may hold both. Source: facts 6.5.
    Complain {
        dispute_id: DisputeId,
        kind: DisputeKind,
        told: Told,
        appeals: Vec<LineNo>,
    },
    /// Whoever complained was told that it is here.
    AcknowledgeComplaint {
        dispute_id: DisputeId,
    },
    /// It was answered.
    AnswerComplaint {
        dispute_id: DisputeId,
        answer: AnswerGiven,
    },
    /// It was filed as the wrong thing. The receipt stays what it was. Source: facts 6.5.
    /// What was no complaint before says what is complained of.
    Refile {
        dispute_id: DisputeId,
        kind: DisputeKind,
        lines: Vec<LineNo>,
        told: Option<Told>,
    },
    /// The payer takes the longer time that its rules allow.
    Extend {
        dispute_id: DisputeId,
        reason: ExtensionReason,
    },
    Decide {
        dispute_id: DisputeId,
        outcome: DisputeOutcome,
    },
}

/// What happened about escalations and disputes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum DisputesEvent {
    Escalated {
        escalation_id: EscalationId,
        level: u8,
        reason: EscalationReason,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call_id: Option<CallId>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message_id: Option<DocumentId>,
    },
    Acknowledged {
        escalation_id: EscalationId,
    },
    Raised {
        escalation_id: EscalationId,
        level: u8,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        message_id: Option<DocumentId>,
    },
    Said {
        escalation_id: EscalationId,
        message_id: DocumentId,
    },
    Committed {
        escalation_id: EscalationId,
        owner: UserId,
        committed_to: Timestamp,
    },
    Resolved {
        escalation_id: EscalationId,
    },
    /// `heard_at` where it came with a complaint that was heard before.
    Opened {
        dispute_id: DisputeId,
        kind: DisputeKind,
        lines: Vec<LineNo>,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        heard_at: Option<Timestamp>,
    },
    Filed {
        dispute_id: DisputeId,
    },
    Complained {
        dispute_id: DisputeId,
        kind: DisputeKind,
        told: Told,
    },
    ComplaintAcknowledged {
        dispute_id: DisputeId,
    },
    ComplaintAnswered {
        dispute_id: DisputeId,
        answer: AnswerGiven,
    },
    Refiled {
        dispute_id: DisputeId,
        kind: DisputeKind,
        lines: Vec<LineNo>,
    },
    Decided {
        dispute_id: DisputeId,
        outcome: DisputeOutcome,
    },
    /// Whoever opened it took it back.
    Withdrawn {
        dispute_id: DisputeId,
    },
    /// It was turned away undecided.
    Dismissed {
        dispute_id: DisputeId,
    },
    Extended {
        dispute_id: DisputeId,
        reason: ExtensionReason,
    },
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &[
    "disputes.escalated",
    "disputes.committed",
    "disputes.resolved",
    "disputes.opened",
    "disputes.filed",
    "disputes.decided",
    "disputes.withdrawn",
    "disputes.dismissed",
    "disputes.extended",
    "disputes.acknowledged",
    "disputes.raised",
    "disputes.said",
    "disputes.complained",
    "disputes.complaint-acknowledged",
    "disputes.complaint-answered",
    "disputes.refiled",
];

impl DisputesEvent {
    /// Makes what follows by itself: nobody asked, and there are no words but the reason's.
    pub(crate) const fn by_itself(
        escalation_id: EscalationId,
        level: u8,
        reason: EscalationReason,
    ) -> Self {
        Self::Escalated { escalation_id, level, reason, call_id: None, message_id: None }
    }

    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::Escalated { .. } => 0,
            Self::Committed { .. } => 1,
            Self::Resolved { .. } => 2,
            Self::Opened { .. } => 3,
            Self::Filed { .. } => 4,
            Self::Decided { .. } => 5,
            Self::Withdrawn { .. } => 6,
            Self::Dismissed { .. } => 7,
            Self::Extended { .. } => 8,
            Self::Acknowledged { .. } => 9,
            Self::Raised { .. } => 10,
            Self::Said { .. } => 11,
            Self::Complained { .. } => 12,
            Self::ComplaintAcknowledged { .. } => 13,
            Self::ComplaintAnswered { .. } => 14,
            Self::Refiled { .. } => 15,
        };
        EVENT_NAMES[at]
    }

    /// Returns what the event is about.
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::Escalated { escalation_id, .. }
            | Self::Acknowledged { escalation_id }
            | Self::Raised { escalation_id, .. }
            | Self::Said { escalation_id, .. }
            | Self::Committed { escalation_id, .. }
            | Self::Resolved { escalation_id } => vec![Subject::Escalation(escalation_id.clone())],
            Self::Opened { dispute_id, .. }
            | Self::Filed { dispute_id }
            | Self::Complained { dispute_id, .. }
            | Self::ComplaintAcknowledged { dispute_id }
            | Self::ComplaintAnswered { dispute_id, .. }
            | Self::Refiled { dispute_id, .. }
            | Self::Decided { dispute_id, .. }
            | Self::Withdrawn { dispute_id }
            | Self::Extended { dispute_id, .. }
            | Self::Dismissed { dispute_id } => {
                vec![Subject::Dispute(dispute_id.clone())]
            }
        }
    }
}
