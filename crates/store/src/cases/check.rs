//! Compares what is stored of a case with what its events say.

use super::{columns, due};
use crate::{Result, StoreError, cases, deadlines, json};
use doorstep_case::{Case, FOLD, Recorded, replay};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::CaseId;

/// What a replay came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReplayVerdict {
    /// State, list row and deadlines are what the events say.
    Same,
    /// There is no such case.
    Missing,
    /// These do not agree with the events: `events`, `state`, `deadlines`, or a column of the list row.
    Differs(Vec<&'static str>),
}

impl ReplayVerdict {
    /// Returns whether all is as it should be.
    pub fn is_same(&self) -> bool {
        *self == Self::Same
    }
}

/// Replays a case and compares. For `doctor` and `replay`; it tells names of columns, no case data.
pub fn replay_check(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<ReplayVerdict> {
    let Some(row) = head(tx, case_id)? else { return orphans(tx, case_id) };
    let events = match cases::record(tx, case_id) {
        Err(StoreError::Decode { .. }) => return Ok(ReplayVerdict::Differs(vec!["events"])),
        events => events?,
    };
    if !is_whole(&events, &row)? {
        return Ok(ReplayVerdict::Differs(vec!["events"]));
    }
    let case = replay(case_id.clone(), &events);
    let mut differing = Vec::new();
    match json::read::<Case>(row.text("state")?, "case state") {
        Ok(stored) if stored == case => {}
        // It is not read any more, but folded anew: there is nothing to compare.
        Ok(stored) if stored.fold < FOLD => {}
        Ok(_) | Err(_) => differing.push("state"),
    }
    let is_due = due::is_row_due(tx, case_id)?;
    let derived = columns::NAMES.into_iter().zip(columns::of(&case));
    let level = (columns::ESCALATION, Value::from(columns::escalation_level(&case)));
    for (name, value) in derived.chain([level]) {
        if !is_due && *row.value(name)? != value {
            differing.push(name);
        }
    }
    if deadlines::of_case(tx, case_id)? != deadlines::implied(&case) {
        differing.push("deadlines");
    }
    Ok(if differing.is_empty() { ReplayVerdict::Same } else { ReplayVerdict::Differs(differing) })
}

/// Without a list row there may still be events, which is as wrong as a list row without them.
fn orphans(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<ReplayVerdict> {
    let sql = "SELECT seq FROM case_event WHERE case_id = $1 ORDER BY seq LIMIT 1";
    let stray = tx.query_one(sql, params![case_id.as_str()])?;
    Ok(stray.map_or(ReplayVerdict::Missing, |_| ReplayVerdict::Differs(vec!["state"])))
}

/// The events are numbered from 1 without gaps, up to the row's own number.
fn is_whole(events: &[Recorded], row: &Row) -> Result<bool> {
    let has_gaps = (1..).zip(events).any(|(seq, recorded)| recorded.seq != seq);
    Ok(!has_gaps && i64::try_from(events.len()) == Ok(row.int("seq")?))
}

fn head(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Option<Row>> {
    let sql = "SELECT seq, number, status, opened_at, received_at, closed_at, urgency, priority, payer_id, services,
                      manager, discharge_at, service_zone, sort_at, clock_name, clock_due_at, clock_started_at,
                      clock_paused, at_risk, clarifying, offers_waiting, auth_pending, visit_at, missed, unread, labelled,
                      escalation_level, state
               FROM case_head
               WHERE case_id = $1";
    Ok(tx.query_one(sql, params![case_id.as_str()])?)
}
