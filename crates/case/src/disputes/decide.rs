//! The rules of escalations and disputes.

use super::{
    Dispute, DisputeKind, DisputeOutcome, DisputesCommand, DisputesEvent, Escalation,
    EscalationReason, LEVEL_MAX, complain,
};
use crate::auth::{self, ExtensionReason};
use crate::line::distinct;
use crate::{Case, Facts, Refusal, Subject};
use doorstep_vocab::{CallId, DisputeId, DocumentId, EscalationId, LineNo, Timestamp, UserId};

pub(super) type Decided = Result<Vec<DisputesEvent>, Refusal>;

pub(crate) fn decide(case: &Case, command: &DisputesCommand, facts: &Facts) -> Decided {
    match command {
        DisputesCommand::Escalate { escalation_id, level, reason, call_id, message_id } => {
            escalate(
                case,
                escalation_id,
                (*level, *reason),
                (call_id.as_ref(), message_id.as_ref()),
            )
        }
        DisputesCommand::Acknowledge { escalation_id } => {
            let is_new = open_escalation(case, escalation_id)?.acknowledged_at.is_none();
            let event = DisputesEvent::Acknowledged { escalation_id: escalation_id.clone() };
            Ok(is_new.then_some(event).into_iter().collect())
        }
        DisputesCommand::Raise { escalation_id, level, message_id } => {
            raise(case, escalation_id, *level, message_id.as_ref())
        }
        DisputesCommand::Say { escalation_id, message_id } => {
            let is_new = !escalation(case, escalation_id)?.messages.contains(message_id);
            let (escalation_id, message_id) = (escalation_id.clone(), message_id.clone());
            let said = DisputesEvent::Said { escalation_id, message_id };
            Ok(is_new.then_some(said).into_iter().collect())
        }
        DisputesCommand::Commit { escalation_id, owner, committed_to } => {
            commit(case, escalation_id, (owner, *committed_to), facts)
        }
        DisputesCommand::Resolve { escalation_id } => {
            let is_open = escalation(case, escalation_id)?.resolved_at.is_none();
            let event = DisputesEvent::Resolved { escalation_id: escalation_id.clone() };
            Ok(if is_open { vec![event] } else { Vec::new() })
        }
        DisputesCommand::Open { dispute_id, kind, lines } => {
            open(case, dispute_id, (*kind, lines), None)
        }
        DisputesCommand::File { dispute_id } => file(case, dispute_id),
        DisputesCommand::Extend { dispute_id, reason } => extend(case, dispute_id, *reason, facts),
        DisputesCommand::Complain { dispute_id, kind, told, appeals } => {
            complain::complain(case, dispute_id, (*kind, told, appeals), facts)
        }
        DisputesCommand::AcknowledgeComplaint { dispute_id } => {
            complain::acknowledge(case, dispute_id)
        }
        DisputesCommand::AnswerComplaint { dispute_id, answer } => {
            complain::answer(case, dispute_id, answer)
        }
        DisputesCommand::Refile { dispute_id, kind, lines, told } => {
            complain::refile(case, dispute_id, (*kind, lines, told.as_ref()), facts)
        }
        DisputesCommand::Decide { dispute_id, outcome } => end(case, dispute_id, *outcome, facts),
    }
}

/// A caller's wish names its call; a call that the case does not know is refused.
fn escalate(
    case: &Case,
    escalation_id: &EscalationId,
    (level, reason): (u8, EscalationReason),
    (call_id, message_id): (Option<&CallId>, Option<&DocumentId>),
) -> Decided {
    check_level(level)?;
    if let Some(known) = case.disputes.escalations.get(escalation_id) {
        let taken =
            Refusal::new("escalation-known", "another escalation has this id: make a new one");
        return if (known.level, known.reason) == (level, reason) {
            Ok(Vec::new())
        } else {
            Err(taken)
        };
    }
    if call_id.is_some_and(|id| !case.calls.0.contains_key(id)) {
        let words = "the case has no such call: put the call to the case first";
        return Err(Refusal::new("call-unknown", words));
    }
    let (escalation_id, call_id) = (escalation_id.clone(), call_id.cloned());
    let message_id = message_id.cloned();
    Ok(vec![DisputesEvent::Escalated { escalation_id, level, reason, call_id, message_id }])
}

fn check_level(level: u8) -> Result<(), Refusal> {
    if (1..=LEVEL_MAX).contains(&level) {
        return Ok(());
    }
    let words = "choose a level from 1 (team lead) to 5 (outside)";
    Err(Refusal::new("level-unknown", words).at("level"))
}

/// The ladder goes up only. Source: facts 6.4.
fn raise(
    case: &Case,
    escalation_id: &EscalationId,
    level: u8,
    message_id: Option<&DocumentId>,
) -> Decided {
    check_level(level)?;
    let known = open_escalation(case, escalation_id)?;
    if level == known.level && !known.left.is_empty() {
        return Ok(Vec::new());
    }
    if level <= known.level {
        let words = format!("it stands at level {} already: choose a higher one", known.level);
        return Err(Refusal::new("level-not-higher", words).at("level"));
    }
    let (escalation_id, message_id) = (escalation_id.clone(), message_id.cloned());
    Ok(vec![DisputesEvent::Raised { escalation_id, level, message_id }])
}

fn open_escalation<'a>(
    case: &'a Case,
    escalation_id: &EscalationId,
) -> Result<&'a Escalation, Refusal> {
    let known = escalation(case, escalation_id)?;
    if known.is_open() {
        return Ok(known);
    }
    Err(Refusal::new("escalation-resolved", "the escalation is resolved: raise another"))
}

fn escalation<'a>(case: &'a Case, escalation_id: &EscalationId) -> Result<&'a Escalation, Refusal> {
    let escalation = case.disputes.escalations.get(escalation_id);
    escalation.ok_or_else(|| {
        Refusal::new("escalation-unknown", "the case has no such escalation: choose its own")
    })
}

fn commit(
    case: &Case,
    escalation_id: &EscalationId,
    (owner, committed_to): (&UserId, Timestamp),
    facts: &Facts,
) -> Decided {
    let escalation = open_escalation(case, escalation_id)?;
    if (escalation.owner.as_ref(), escalation.committed_to) == (Some(owner), Some(committed_to)) {
        return Ok(Vec::new());
    }
    facts.within_reach(committed_to, "committed_to")?;
    if committed_to <= facts.now {
        let words = "promise a time to come: the committed time has passed already";
        return Err(Refusal::new("commit-past", words).at("committed_to"));
    }
    let escalation_id = escalation_id.clone();
    Ok(vec![DisputesEvent::Committed { escalation_id, owner: owner.clone(), committed_to }])
}

pub(super) fn open(
    case: &Case,
    dispute_id: &DisputeId,
    (kind, lines): (DisputeKind, &[LineNo]),
    heard_at: Option<Timestamp>,
) -> Decided {
    let lines = distinct(lines);
    if let Some(known) = case.disputes.disputes.get(dispute_id) {
        let taken = Refusal::new("dispute-known", "another dispute has this id: make a new one");
        return if (known.kind, &known.lines) == (kind, &lines) {
            Ok(Vec::new())
        } else {
            Err(taken)
        };
    }
    check_lines(case, kind, &lines)?;
    Ok(vec![DisputesEvent::Opened { dispute_id: dispute_id.clone(), kind, lines, heard_at }])
}

pub(super) fn check_lines(case: &Case, kind: DisputeKind, lines: &[LineNo]) -> Result<(), Refusal> {
    if let Some(no) = lines.iter().find(|no| !case.lines.contains_key(no)) {
        return Err(Refusal::no_line(*no));
    }
    // Only a decision can be appealed: a rejected request is corrected and sent again. Source: facts 0.1 (2).
    let decided = |no: &LineNo| case.lines[no].auth.is_adverse();
    if kind.is_about_decision() && (lines.is_empty() || !lines.iter().all(decided)) {
        let words =
            "only a line that was denied, or approved for less, can be appealed: choose such lines";
        return Err(Refusal::new("nothing-to-appeal", words).at("lines"));
    }
    Ok(())
}

fn file(case: &Case, dispute_id: &DisputeId) -> Decided {
    if case.disputes.disputes.get(dispute_id).is_some_and(|dispute| dispute.filed_at.is_some()) {
        return Ok(Vec::new());
    }
    undecided(case, dispute_id)?;
    Ok(vec![DisputesEvent::Filed { dispute_id: dispute_id.clone() }])
}

pub(super) fn undecided<'a>(
    case: &'a Case,
    dispute_id: &DisputeId,
) -> Result<&'a Dispute, Refusal> {
    let dispute = case.disputes.disputes.get(dispute_id);
    let dispute = dispute.ok_or_else(|| {
        Refusal::new("dispute-unknown", "the case has no such dispute: choose its own")
    })?;
    match dispute.outcome {
        None => Ok(dispute),
        Some(_) => Err(Refusal::new(
            "dispute-decided",
            "the dispute is decided: open the next level as another",
        )),
    }
}

/// The payer takes longer, once, by what its rules allow. Source: facts 4.4; 42 CFR 422.564(e)(2), 422.590(f), 438.408(c)
/// \[K\].
fn extend(case: &Case, dispute_id: &DisputeId, reason: ExtensionReason, facts: &Facts) -> Decided {
    undecided(case, dispute_id)?;
    let is_new = auth::may_extend(case, &Subject::Dispute(dispute_id.clone()), facts)?;
    let extended = DisputesEvent::Extended { dispute_id: dispute_id.clone(), reason };
    Ok(is_new.then_some(extended).into_iter().collect())
}

fn end(case: &Case, dispute_id: &DisputeId, outcome: DisputeOutcome, facts: &Facts) -> Decided {
    let known = case.disputes.disputes.get(dispute_id).and_then(|dispute| dispute.outcome);
    if known.is_some_and(|(_, was)| was == outcome) {
        return Ok(Vec::new());
    }
    complain::may_resolve(undecided(case, dispute_id)?, outcome, facts)?;
    let dispute_id = dispute_id.clone();
    Ok(vec![match outcome {
        DisputeOutcome::Withdrawn => DisputesEvent::Withdrawn { dispute_id },
        DisputeOutcome::Dismissed => DisputesEvent::Dismissed { dispute_id },
        DisputeOutcome::Overturned
        | DisputeOutcome::Partial
        | DisputeOutcome::Upheld
        | DisputeOutcome::Resolved => DisputesEvent::Decided { dispute_id, outcome },
    }])
}
