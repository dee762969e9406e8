//! Disputes: what sticks is raised, and what is wrongly refused is fought. Escalations with a committed time and an
//! owner; appeals, grievances and peer-to-peer talks with what became of them.

mod decide;
#[cfg(test)]
mod tests;

pub(crate) use decide::decide;

use crate::Recorded;
use crate::Subject;
use crate::auth::ExtensionReason;
use crate::coded::coded;
use doorstep_vocab::{DisputeId, EscalationId, LineNo, Timestamp, UserId};
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
    }
}

impl DisputeKind {
    /// Returns whether it uses the right to appeal a decision. Source: facts 4.4.
    pub const fn is_appeal(self) -> bool {
        matches!(self, Self::Appeal | Self::ExpeditedAppeal)
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

/// One escalation. Source: M24, facts 6.4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// 1 team lead, 2 supervisor and network desk, 3 clinical lead, 4 payer liaison, 5 outside.
    pub level: u8,
    /// Why.
    pub reason: EscalationReason,
    /// When it was raised.
    pub opened_at: Timestamp,
    /// Who took it.
    pub owner: Option<UserId>,
    /// By when the owner promised a resolution.
    pub committed_to: Option<Timestamp>,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
}

/// One dispute.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dispute {
    /// What kind.
    pub kind: DisputeKind,
    /// About which lines.
    pub lines: Vec<LineNo>,
    /// When it was opened: the receipt that counts.
    pub opened_at: Timestamp,
    /// When it was filed with the payer.
    pub filed_at: Option<Timestamp>,
    /// How and when it ended.
    pub outcome: Option<(Timestamp, DisputeOutcome)>,
    /// Why the payer takes longer, if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extension: Option<ExtensionReason>,
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
    Escalate {
        escalation_id: EscalationId,
        level: u8,
        reason: EscalationReason,
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
    },
    Committed {
        escalation_id: EscalationId,
        owner: UserId,
        committed_to: Timestamp,
    },
    Resolved {
        escalation_id: EscalationId,
    },
    Opened {
        dispute_id: DisputeId,
        kind: DisputeKind,
        lines: Vec<LineNo>,
    },
    Filed {
        dispute_id: DisputeId,
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
];

impl DisputesEvent {
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
        };
        EVENT_NAMES[at]
    }

    /// Returns what the event is about.
    pub fn subjects(&self) -> Vec<Subject> {
        match self {
            Self::Escalated { escalation_id, .. }
            | Self::Committed { escalation_id, .. }
            | Self::Resolved { escalation_id } => vec![Subject::Escalation(escalation_id.clone())],
            Self::Opened { dispute_id, .. }
            | Self::Filed { dispute_id }
            | Self::Decided { dispute_id, .. }
            | Self::Withdrawn { dispute_id }
            | Self::Extended { dispute_id, .. }
            | Self::Dismissed { dispute_id } => {
                vec![Subject::Dispute(dispute_id.clone())]
            }
        }
    }
}

pub(crate) fn apply(state: &mut Disputes, event: &DisputesEvent, recorded: &Recorded) {
    let at = recorded.at;
    match event {
        DisputesEvent::Escalated { escalation_id, level, reason } => {
            let (level, reason) = (*level, *reason);
            let raised = Escalation {
                level,
                reason,
                opened_at: at,
                owner: None,
                committed_to: None,
                resolved_at: None,
            };
            state.escalations.insert(escalation_id.clone(), raised);
        }
        DisputesEvent::Committed { escalation_id, owner, committed_to } => {
            if let Some(escalation) = state.escalations.get_mut(escalation_id) {
                escalation.owner = Some(owner.clone());
                escalation.committed_to = Some(*committed_to);
            }
        }
        DisputesEvent::Resolved { escalation_id } => {
            if let Some(escalation) = state.escalations.get_mut(escalation_id) {
                escalation.resolved_at = Some(at);
            }
        }
        DisputesEvent::Opened { dispute_id, kind, lines } => {
            let dispute = Dispute {
                kind: *kind,
                lines: lines.clone(),
                opened_at: at,
                filed_at: None,
                outcome: None,
                extension: None,
            };
            state.disputes.insert(dispute_id.clone(), dispute);
        }
        DisputesEvent::Filed { dispute_id } => {
            if let Some(dispute) = state.disputes.get_mut(dispute_id) {
                dispute.filed_at = Some(at);
            }
        }
        DisputesEvent::Extended { dispute_id, reason } => {
            if let Some(dispute) = state.disputes.get_mut(dispute_id) {
                dispute.extension = Some(*reason);
            }
        }
        DisputesEvent::Decided { dispute_id, outcome } => {
            ended(state, dispute_id, (at, *outcome));
        }
        DisputesEvent::Withdrawn { dispute_id } => {
            ended(state, dispute_id, (at, DisputeOutcome::Withdrawn));
        }
        DisputesEvent::Dismissed { dispute_id } => {
            ended(state, dispute_id, (at, DisputeOutcome::Dismissed));
        }
    }
}

fn ended(state: &mut Disputes, dispute_id: &DisputeId, outcome: (Timestamp, DisputeOutcome)) {
    if let Some(dispute) = state.disputes.get_mut(dispute_id) {
        dispute.outcome = Some(outcome);
    }
}
