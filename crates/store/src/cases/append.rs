//! Adds events to a case, with all that is derived from them.

use super::columns;
use crate::people::columns as personal;
use crate::search::index;
use crate::worklist::WorkRow;
use crate::{Result, StoreError, complaints, deadlines, escalations, json, quality, sql};
use doorstep_case::{Case, Event, Recorded};
use doorstep_db::{DbError, Tx, Value};
use doorstep_planted as planted;
use doorstep_vocab::ClockId;
use std::collections::BTreeSet;
use std::sync::LazyLock;

/// Events in one statement. More go in several, so that few texts have to be prepared.
const EVENTS_A_STATEMENT: usize = 16;

/// Columns of the list row that follow from the state, with the escalation's.
const N_DERIVED: usize = columns::NAMES.len() + 1;

/// The two statements for the list row, put together once.
pub(crate) static HEAD_INSERT: LazyLock<String> = LazyLock::new(head_insert_sql);
pub(crate) static HEAD_UPDATE: LazyLock<String> = LazyLock::new(head_update_sql);

/// What is to be added.
#[derive(Debug, Clone, Copy)]
pub struct Append<'a> {
    /// The `seq` of the state that was decided on; 0 for a new case.
    pub before: u32,
    /// The state with the new events applied.
    pub case: &'a Case,
    /// The new events, the first one with `before + 1`.
    pub recorded: &'a [Recorded],
    /// What lists show that does not follow from the state alone.
    pub row: &'a WorkRow,
}

/// Adds events to a case, and brings its state, its list row and its deadlines up to them. Without events it only
/// renews the list row, under the same check.
///
/// # Errors
/// `Stale` when the case does not stand at `before` any more: nothing was written.
///
/// # Panics
/// When the events do not lead from `before` to the state's `seq`: the caller has mixed up two cases.
pub fn append(tx: &mut Tx<'_>, append: &Append<'_>) -> Result<()> {
    let Append { before, case, recorded, row } = *append;
    let continues = (before + 1..).zip(recorded).all(|(seq, event)| event.seq == seq);
    assert!(
        continues
            && case.seq > 0
            && usize::try_from(case.seq - before.min(case.seq)) == Ok(recorded.len()),
        "the events of case {} do not lead from {before} to {}",
        case.id,
        case.seq
    );
    write_head(tx, before, case, row)?;
    for events in recorded.chunks(EVENTS_A_STATEMENT) {
        write_events(tx, case, events)?;
    }
    escalations::sync(tx, case, recorded)?;
    complaints::sync(tx, case, recorded)?;
    quality::sync(tx, case, recorded)?;
    index::leave_word(tx, (&case.id, case.seq), recorded)?;
    let touched: BTreeSet<&ClockId> = recorded.iter().filter_map(clock_of).collect();
    deadlines::sync(tx, case, &touched)
}

fn write_head(tx: &mut Tx<'_>, before: u32, case: &Case, row: &WorkRow) -> Result<()> {
    let mut values = vec![Value::from(case.id.as_str())];
    values.extend(columns::of(case));
    values.push(Value::from(columns::escalation_level(case)));
    values.extend([
        Value::from(json::write(case, "case state")?),
        Value::from(if planted::is("leaves-the-list-behind") {
            "acknowledge"
        } else {
            &row.next_code
        }),
        Value::from(&row.next_words),
        Value::from(row.next_waits),
        Value::from(row.blocked),
        Value::from(&row.waiting),
        Value::from(personal::text(&row.member_sort)),
    ]);
    let n_rows = if before == 0 {
        tx.execute(&HEAD_INSERT, &values).map_err(stale_if_there)?
    } else {
        values.push(Value::from(before));
        tx.execute(&HEAD_UPDATE, &values)?
    };
    if n_rows == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// The columns beside the key, in the order of [`write_head`]'s values.
fn head_columns() -> impl Iterator<Item = &'static str> {
    let others =
        ["state", "next_code", "next_words", "next_waits", "blocked", "waiting", "member_sort"];
    columns::NAMES.into_iter().chain([columns::ESCALATION]).chain(others)
}

fn head_insert_sql() -> String {
    let names: Vec<&str> = head_columns().collect();
    format!(
        "INSERT INTO case_head (case_id, {}) VALUES ({})",
        names.join(", "),
        sql::places(1, names.len() + 1)
    )
}

fn head_update_sql() -> String {
    let sets: Vec<String> =
        head_columns().zip(2..).map(|(name, at)| format!("{name} = ${at}")).collect();
    format!(
        "UPDATE case_head SET {} WHERE case_id = $1 AND seq = ${}",
        sets.join(", "),
        N_DERIVED + 9
    )
}

fn write_events(tx: &mut Tx<'_>, case: &Case, events: &[Recorded]) -> Result<()> {
    let mut values = Vec::with_capacity(events.len() * 5);
    for recorded in events {
        values.extend([
            Value::from(case.id.as_str()),
            Value::from(recorded.seq),
            Value::from(recorded.at.0),
            Value::from(json::write(&recorded.by, "case_event.actor")?),
            Value::from(json::write(&recorded.event, "case_event.body")?),
        ]);
    }
    tx.execute(&event_sql(events.len()), &values).map_err(stale_if_there)?;
    Ok(())
}

pub(crate) fn event_sql(n_rows: usize) -> String {
    format!(
        "INSERT INTO case_event (case_id, seq, at, actor, body) VALUES {}",
        sql::rows(5, n_rows)
    )
}

/// The key was taken: another writer was first.
fn stale_if_there(error: DbError) -> StoreError {
    match error {
        DbError::Unique { .. } => StoreError::Stale,
        error => StoreError::Db(error),
    }
}

fn clock_of(recorded: &Recorded) -> Option<&ClockId> {
    match &recorded.event {
        Event::Clock(event) => Some(event.clock_id()),
        Event::Intake(_)
        | Event::Benefits(_)
        | Event::Orders(_)
        | Event::Auth(_)
        | Event::Placement(_)
        | Event::Delivery(_)
        | Event::Disputes(_)
        | Event::Calls(_)
        | Event::Messages(_)
        | Event::Closing(_) => None,
    }
}
