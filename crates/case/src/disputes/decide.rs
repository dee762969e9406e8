//! The rules of escalations and disputes.

use super::{
    Dispute, DisputeKind, DisputeOutcome, DisputesCommand, DisputesEvent, Escalation,
    EscalationReason,
};
use crate::auth::{self, ExtensionReason};
use crate::line::distinct;
use crate::{Case, Facts, Refusal, Subject};
use doorstep_vocab::{DisputeId, EscalationId, LineNo, Timestamp, UserId};

type Decided = Result<Vec<DisputesEvent>, Refusal>;

/// The highest level of the ladder: outside bodies. Source: facts 6.4.
const LEVEL_MAX: u8 = 5;

pub(crate) fn decide(case: &Case, command: &DisputesCommand, facts: &Facts) -> Decided {
    match command {
        DisputesCommand::Escalate { escalation_id, level, reason } => {
            escalate(case, escalation_id, *level, *reason)
        }
        DisputesCommand::Commit { escalation_id, owner, committed_to } => {
            commit(case, escalation_id, (owner, *committed_to), facts)
        }
        DisputesCommand::Resolve { escalation_id } => {
            let is_open = escalation(case, escalation_id)?.resolved_at.is_none();
            let event = DisputesEvent::Resolved { escalation_id: escalation_id.clone() };
            Ok(if is_open { vec![event] } else { Vec::new() })
        }
        DisputesCommand::Open { dispute_id, kind, lines } => open(case, dispute_id, *kind, lines),
        DisputesCommand::File { dispute_id } => file(case, dispute_id),
        DisputesCommand::Extend { dispute_id, reason } => extend(case, dispute_id, *reason, facts),
        DisputesCommand::Decide { dispute_id, outcome } => end(case, dispute_id, *outcome),
    }
}

fn escalate(
    case: &Case,
    escalation_id: &EscalationId,
    level: u8,
    reason: EscalationReason,
) -> Decided {
    if !(1..=LEVEL_MAX).contains(&level) {
        return Err(Refusal::new(
            "level-unknown",
            "choose a level from 1 (team lead) to 5 (outside)",
        )
        .at("level"));
    }
    if let Some(known) = case.disputes.escalations.get(escalation_id) {
        let taken =
            Refusal::new("escalation-known", "another escalation has this id: make a new one");
        return if (known.level, known.reason) == (level, reason) {
            Ok(Vec::new())
        } else {
            Err(taken)
        };
    }
    Ok(vec![DisputesEvent::Escalated { escalation_id: escalation_id.clone(), level, reason }])
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
    let escalation = escalation(case, escalation_id)?;
    if escalation.resolved_at.is_some() {
        return Err(Refusal::new(
            "escalation-resolved",
            "the escalation is resolved: raise another",
        ));
    }
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

fn open(case: &Case, dispute_id: &DisputeId, kind: DisputeKind, lines: &[LineNo]) -> Decided {
    let lines = distinct(lines);
    if let Some(known) = case.disputes.disputes.get(dispute_id) {
        let taken = Refusal::new("dispute-known", "another dispute has this id: make a new one");
        return if (known.kind, &known.lines) == (kind, &lines) {
            Ok(Vec::new())
        } else {
            Err(taken)
        };
    }
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
    Ok(vec![DisputesEvent::Opened { dispute_id: dispute_id.clone(), kind, lines }])
}

fn file(case: &Case, dispute_id: &DisputeId) -> Decided {
    if case.disputes.disputes.get(dispute_id).is_some_and(|dispute| dispute.filed_at.is_some()) {
        return Ok(Vec::new());
    }
    undecided(case, dispute_id)?;
    Ok(vec![DisputesEvent::Filed { dispute_id: dispute_id.clone() }])
}

fn undecided<'a>(case: &'a Case, dispute_id: &DisputeId) -> Result<&'a Dispute, Refusal> {
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

fn end(case: &Case, dispute_id: &DisputeId, outcome: DisputeOutcome) -> Decided {
    let known = case.disputes.disputes.get(dispute_id).and_then(|dispute| dispute.outcome);
    if known.is_some_and(|(_, was)| was == outcome) {
        return Ok(Vec::new());
    }
    undecided(case, dispute_id)?;
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
