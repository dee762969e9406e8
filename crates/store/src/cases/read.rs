//! Reads cases: for writing, for replay, and for pages.

use crate::{Result, Scope, StoreError, json, walls};
use doorstep_case::{Case, FOLD, Recorded, replay};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{CaseId, CaseNumber, Timestamp};

/// Events read by one statement.
const EVENTS_A_READ: u32 = 500;

/// Returns a case as it stands, to decide on. For writing only: pages use [`view`].
pub fn load(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Option<Case>> {
    let sql = "SELECT state FROM case_head WHERE case_id = $1";
    let Some(row) = tx.query_one(sql, params![case_id.as_str()])? else { return Ok(None) };
    let case: Case = json::read(row.text("state")?, "case state")?;
    if case.fold == FOLD { Ok(Some(case)) } else { refolded(tx, case).map(Some) }
}

/// Returns the state that the record comes to now, in place of one that an earlier version of the program stored. The row
/// has it with the next event. A record with gaps is left to `replay --check`.
fn refolded(tx: &mut Tx<'_>, stored: Case) -> Result<Case> {
    let events = record(tx, &stored.id)?;
    let has_gaps = (1..).zip(&events).any(|(seq, recorded)| recorded.seq != seq);
    let is_whole = !has_gaps && u32::try_from(events.len()) == Ok(stored.seq);
    Ok(if is_whole { replay(stored.id, &events) } else { stored })
}

/// Returns a case as it stands, to show it.
pub fn view(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<Option<Case>> {
    if walls::sees(tx, scope, case_id)? { load(tx, case_id) } else { Ok(None) }
}

/// Returns all events of a case.
pub fn events(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<Vec<Recorded>> {
    if walls::sees(tx, scope, case_id)? { record(tx, case_id) } else { Ok(Vec::new()) }
}

/// Returns up to `limit` events of a case that come after its first `after`.
pub fn events_after(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (case_id, after): (&CaseId, u32),
    limit: u32,
) -> Result<Vec<Recorded>> {
    if walls::sees(tx, scope, case_id)? { chunk(tx, case_id, after, limit) } else { Ok(Vec::new()) }
}

/// Returns all events of a case. For replay and repair only: pages use [`events`].
pub fn record(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Vec<Recorded>> {
    let mut all: Vec<Recorded> = Vec::new();
    loop {
        let after = all.last().map_or(0, |recorded| recorded.seq);
        let more = chunk(tx, case_id, after, EVENTS_A_READ)?;
        let is_last = more.len() < EVENTS_A_READ as usize;
        all.extend(more);
        if is_last {
            return Ok(all);
        }
    }
}

fn chunk(tx: &mut Tx<'_>, case_id: &CaseId, after: u32, limit: u32) -> Result<Vec<Recorded>> {
    let sql = "SELECT seq, at, actor, body
               FROM case_event
               WHERE case_id = $1 AND seq > $2
               ORDER BY seq
               LIMIT $3";
    let rows = tx.query(sql, params![case_id.as_str(), after, limit])?;
    rows.iter().map(recorded).collect()
}

fn recorded(row: &Row) -> Result<Recorded> {
    let seq = u32::try_from(row.int("seq")?);
    Ok(Recorded {
        seq: seq.map_err(|_| StoreError::Decode { what: "case_event.seq" })?,
        at: Timestamp(row.int("at")?),
        by: json::read(row.text("actor")?, "case_event.actor")?,
        event: json::read(row.text("body")?, "case_event.body")?,
    })
}

/// Returns the ids of up to `limit` cases after one, in the order of ids. For passes over all cases; ids tell nothing.
pub fn ids_after(tx: &mut Tx<'_>, after: Option<&CaseId>, limit: u32) -> Result<Vec<CaseId>> {
    let sql = "SELECT case_id FROM case_head WHERE case_id > $1 ORDER BY case_id LIMIT $2";
    let rows = tx.query(sql, params![after.map_or("", CaseId::as_str), limit])?;
    rows.iter().map(|row| Ok(CaseId::from(row.text("case_id")?))).collect()
}

/// Returns the ids of up to `limit` cases that have events and no list row, in the order of ids. There should be none.
pub fn strays(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<CaseId>> {
    let sql = "SELECT DISTINCT e.case_id
               FROM case_event AS e
               WHERE NOT EXISTS (SELECT 1 FROM case_head AS h WHERE h.case_id = e.case_id)
               ORDER BY e.case_id
               LIMIT $1";
    let rows = tx.query(sql, params![limit])?;
    rows.iter().map(|row| Ok(CaseId::from(row.text("case_id")?))).collect()
}

/// Returns the case of a number.
pub fn by_number(tx: &mut Tx<'_>, scope: &Scope, number: &CaseNumber) -> Result<Option<CaseId>> {
    let (condition, more) = scope.condition(2);
    let mut values = vec![Value::from(number.as_str())];
    values.extend(more);
    let row = tx.query_one(&by_number_sql(&condition), &values)?;
    Ok(row.map(|row| row.text("case_id").map(CaseId::from)).transpose()?)
}

pub(crate) fn by_number_sql(condition: &str) -> String {
    format!(
        "SELECT h.case_id FROM case_head AS h WHERE h.number = $1{condition} ORDER BY h.case_id LIMIT 1"
    )
}

/// Returns how many cases there are, open and closed. For `doctor` and the bench: it reads a whole index.
pub fn count(tx: &mut Tx<'_>) -> Result<u64> {
    let row = tx.query_one("SELECT COUNT(*) AS n FROM case_head", params![])?;
    let n = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
    Ok(u64::try_from(n).unwrap_or(0))
}
