//! What an event does to the escalations and disputes of a case.

use super::{Complaint, Dispute, DisputeKind, DisputeOutcome, Disputes, DisputesEvent, Escalation};
use crate::{Actor, Recorded, Role};
use doorstep_vocab::{DisputeId, EscalationId, Timestamp, UserId};

pub(crate) fn apply(state: &mut Disputes, event: &DisputesEvent, recorded: &Recorded) {
    escalations(state, event, recorded);
    disputes(state, event, recorded.at);
}

fn escalations(state: &mut Disputes, event: &DisputesEvent, recorded: &Recorded) {
    let at = recorded.at;
    match event {
        DisputesEvent::Escalated { escalation_id, level, reason, call_id, message_id } => {
            let mut raised = Escalation::new(*level, *reason, at);
            raised.opened_by = opener(escalation_id, &recorded.by);
            raised.call_id.clone_from(call_id);
            raised.messages.extend(message_id.clone());
            state.escalations.insert(escalation_id.clone(), raised);
        }
        DisputesEvent::Acknowledged { escalation_id } => {
            if let Some(escalation) = state.escalations.get_mut(escalation_id) {
                escalation.acknowledge(&recorded.by.user_id, at);
            }
        }
        DisputesEvent::Raised { escalation_id, level, message_id } => {
            if let Some(escalation) = state.escalations.get_mut(escalation_id) {
                escalation.raise(*level, at);
                escalation.messages.extend(message_id.clone());
            }
        }
        DisputesEvent::Said { escalation_id, message_id } => {
            if let Some(escalation) = state.escalations.get_mut(escalation_id) {
                escalation.messages.insert(message_id.clone());
            }
        }
        DisputesEvent::Committed { escalation_id, owner, committed_to } => {
            if let Some(escalation) = state.escalations.get_mut(escalation_id) {
                escalation.commit(owner, *committed_to, at);
            }
        }
        DisputesEvent::Resolved { escalation_id } => {
            if let Some(escalation) = state.escalations.get_mut(escalation_id) {
                escalation.resolve(at);
            }
        }
        DisputesEvent::Opened { .. }
        | DisputesEvent::Complained { .. }
        | DisputesEvent::ComplaintAcknowledged { .. }
        | DisputesEvent::ComplaintAnswered { .. }
        | DisputesEvent::Refiled { .. }
        | DisputesEvent::Filed { .. }
        | DisputesEvent::Extended { .. }
        | DisputesEvent::Decided { .. }
        | DisputesEvent::Withdrawn { .. }
        | DisputesEvent::Dismissed { .. } => {}
    }
}

/// Beginnings of the ids of what is raised by itself.
const OWN_IDS: [&str; 3] = ["missed:", "declines:", "quality:"];

/// Who raised it, when a person did. What follows by itself from somebody's command, nobody raised.
fn opener(escalation_id: &EscalationId, by: &Actor) -> Option<UserId> {
    let is_own = OWN_IDS.iter().any(|own| escalation_id.as_str().starts_with(own));
    (!is_own && by.role != Role::System).then(|| by.user_id.clone())
}

fn disputes(state: &mut Disputes, event: &DisputesEvent, at: Timestamp) {
    match event {
        DisputesEvent::Opened { dispute_id, kind, lines, heard_at } => {
            let (lines, heard_at) = (lines.clone(), *heard_at);
            let dispute = Dispute { lines, heard_at, ..opened(*kind, at) };
            state.disputes.insert(dispute_id.clone(), dispute);
        }
        DisputesEvent::Complained { dispute_id, kind, told } => {
            // What was filed as something else stays what it is until it is moved.
            let known = state.disputes.entry(dispute_id.clone());
            let dispute = known.or_insert_with(|| opened(*kind, at));
            dispute.complaint = Some(Box::new(Complaint::new(told.clone())));
        }
        DisputesEvent::ComplaintAcknowledged { dispute_id } => {
            if let Some(complaint) = complaint_mut(state, dispute_id) {
                complaint.acknowledged_at.get_or_insert(at);
            }
        }
        DisputesEvent::ComplaintAnswered { dispute_id, answer } => {
            if let Some(complaint) = complaint_mut(state, dispute_id) {
                complaint.answered = Some((at, answer.clone()));
                complaint.acknowledged_at.get_or_insert(at);
            }
        }
        DisputesEvent::Refiled { dispute_id, kind, lines } => {
            if let Some(dispute) = state.disputes.get_mut(dispute_id) {
                let was = dispute.kind;
                (dispute.kind, dispute.lines) = (*kind, lines.clone());
                if let Some(complaint) = dispute.complaint.as_mut() {
                    complaint.was.push((at, was));
                }
            }
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
        DisputesEvent::Escalated { .. }
        | DisputesEvent::Acknowledged { .. }
        | DisputesEvent::Raised { .. }
        | DisputesEvent::Said { .. }
        | DisputesEvent::Committed { .. }
        | DisputesEvent::Resolved { .. } => {}
    }
}

const fn opened(kind: DisputeKind, opened_at: Timestamp) -> Dispute {
    Dispute {
        kind,
        lines: Vec::new(),
        opened_at,
        heard_at: None,
        filed_at: None,
        outcome: None,
        extension: None,
        complaint: None,
    }
}

fn complaint_mut<'a>(state: &'a mut Disputes, dispute_id: &DisputeId) -> Option<&'a mut Complaint> {
    state.disputes.get_mut(dispute_id)?.complaint.as_deref_mut()
}

fn ended(state: &mut Disputes, dispute_id: &DisputeId, outcome: (Timestamp, DisputeOutcome)) {
    if let Some(dispute) = state.disputes.get_mut(dispute_id) {
        dispute.outcome = Some(outcome);
    }
}
