//! Writes the rows of a case's escalations.

use crate::Result;
use doorstep_case::disputes::{Escalation, Promise};
use doorstep_case::{Case, Event, Recorded, Subject};
use doorstep_db::{Tx, params};
use doorstep_vocab::{EscalationId, Timestamp, UserId};
use std::collections::BTreeSet;

/// Brings the rows up to the case: those that the events are about, and all of them where there are no events.
pub(crate) fn sync(tx: &mut Tx<'_>, case: &Case, recorded: &[Recorded]) -> Result<()> {
    let touched: BTreeSet<EscalationId> = if recorded.is_empty() {
        case.disputes.escalations.keys().cloned().collect()
    } else {
        recorded.iter().flat_map(of).collect()
    };
    for id in &touched {
        if let Some(escalation) = case.disputes.escalations.get(id) {
            put(tx, case, id, escalation)?;
            put_promises(tx, case, id, &escalation.promises)?;
        }
    }
    Ok(())
}

fn of(recorded: &Recorded) -> Vec<EscalationId> {
    let Event::Disputes(event) = &recorded.event else { return Vec::new() };
    let ids = event.subjects().into_iter().filter_map(|subject| match subject {
        Subject::Escalation(id) => Some(id),
        _ => None,
    });
    ids.collect()
}

fn put(tx: &mut Tx<'_>, case: &Case, id: &EscalationId, escalation: &Escalation) -> Result<()> {
    tx.execute(
        "INSERT INTO escalation (case_id, escalation_id, level, reason, opened_at, opened_by, owner, acknowledged_at,
                                 committed_to, due_at, resolved_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (case_id, escalation_id) DO UPDATE
         SET level = excluded.level, owner = excluded.owner, acknowledged_at = excluded.acknowledged_at,
             committed_to = excluded.committed_to, due_at = excluded.due_at, resolved_at = excluded.resolved_at",
        params![
            case.id.as_str(),
            id.as_str(),
            u32::from(escalation.level),
            escalation.reason.code(),
            escalation.opened_at.0,
            escalation.opened_by.as_ref().map(UserId::as_str),
            escalation.owner.as_ref().map(UserId::as_str),
            escalation.acknowledged_at.map(|at| at.0),
            escalation.committed_to.map(|at| at.0),
            due_at(case, id, escalation).0,
            escalation.resolved_at.map(|at| at.0),
        ],
    )?;
    Ok(())
}

/// The promised time; before there is one, the time in which the level has to answer.
fn due_at(case: &Case, id: &EscalationId, escalation: &Escalation) -> Timestamp {
    let about = Subject::Escalation(id.clone());
    let answers = || {
        let clocks = case.clocks.0.values();
        let of_it = clocks.filter(|clock| clock.started.about == about && clock.is_live());
        of_it.map(|clock| clock.started.due_at).min()
    };
    escalation.committed_to.or_else(answers).unwrap_or(escalation.opened_at)
}

/// A promise that came sooner in place of another has its row.
fn put_promises(
    tx: &mut Tx<'_>,
    case: &Case,
    id: &EscalationId,
    promises: &[Promise],
) -> Result<()> {
    for (nth, promise) in (0_u32..).zip(promises) {
        tx.execute(
            "INSERT INTO escalation_promise (case_id, escalation_id, nth, owner, level, made_at, due_at, ended)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (case_id, escalation_id, nth) DO UPDATE
             SET owner = excluded.owner, level = excluded.level, made_at = excluded.made_at, due_at = excluded.due_at,
                 ended = excluded.ended",
            params![
                case.id.as_str(),
                id.as_str(),
                nth,
                promise.owner.as_str(),
                u32::from(promise.level),
                promise.made_at.0,
                promise.due_at.0,
                promise.ended.map(|(_, end)| end.code()),
            ],
        )?;
    }
    Ok(())
}
