//! Deadlines: the clocks that have to ring, each claimed by one worker at a time.
//!
//! Not here: what ringing means. A worker gives the case the command to ring, and appending the events moves the row.
//!
//! **Invariant:** there is a row for each clock with a next time, and for no other.

use crate::{Result, StoreError, sql};
use doorstep_case::{Case, Role};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_planted as planted;
use doorstep_vocab::{CaseId, ClockId, Micros, Timestamp};
use std::collections::BTreeSet;

/// Rows in one statement. More go in several, so that few texts have to be prepared.
const ROWS_A_STATEMENT: usize = 16;

/// A lease that ends later than this was taken by a machine whose clock ran ahead, and holds nothing up.
const LEASE_MAX: Micros = Micros::hours(2);

/// A clock whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Due {
    /// Its case.
    pub case_id: CaseId,
    /// The clock.
    pub clock_id: ClockId,
    /// When it had to ring.
    pub next_at: Timestamp,
}

/// A deadline as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// The clock.
    pub clock_id: ClockId,
    /// When it has to ring next, a warning or the end.
    pub next_at: Timestamp,
    /// When it is due.
    pub due_at: Timestamp,
    /// Whose it is.
    pub owner: Role,
    /// The rule's name.
    pub rule: String,
}

/// Brings the rows of these clocks to what the case says of them. A row that is written anew is free to be claimed.
pub fn sync(tx: &mut Tx<'_>, case: &Case, clock_ids: &BTreeSet<&ClockId>) -> Result<()> {
    let of_case = implied_of(case, |clock_id| clock_ids.contains(clock_id));
    let kept: BTreeSet<&ClockId> = of_case.iter().map(|deadline| &deadline.clock_id).collect();
    let ended: Vec<&ClockId> = clock_ids.iter().filter(|id| !kept.contains(*id)).copied().collect();
    for deadlines in of_case.chunks(ROWS_A_STATEMENT) {
        let values = deadlines.iter().flat_map(|deadline| {
            [
                Value::from(case.id.as_str()),
                Value::from(deadline.clock_id.as_str()),
                Value::from(deadline.next_at.0),
                Value::from(deadline.due_at.0),
                Value::from(deadline.owner.name()),
                Value::from(&deadline.rule),
                Value::Int(0),
                Value::Int(0),
            ]
        });
        tx.execute(&upsert_sql(deadlines.len()), &values.collect::<Vec<_>>())?;
    }
    for clock_ids in ended.chunks(ROWS_A_STATEMENT) {
        let ids = clock_ids.iter().map(|clock_id| Value::from(clock_id.as_str()));
        let values: Vec<Value> = [Value::from(case.id.as_str())].into_iter().chain(ids).collect();
        tx.execute(&delete_sql(clock_ids.len()), &values)?;
    }
    Ok(())
}

pub(crate) fn upsert_sql(n_rows: usize) -> String {
    format!(
        "INSERT INTO deadline (case_id, clock_id, next_at, due_at, owner, rule, attempts, lease_until)
         VALUES {}
         ON CONFLICT (case_id, clock_id) DO UPDATE
         SET next_at = excluded.next_at, due_at = excluded.due_at, owner = excluded.owner, rule = excluded.rule,
             attempts = excluded.attempts, lease_until = excluded.lease_until",
        sql::rows(8, n_rows)
    )
}

pub(crate) fn delete_sql(n_clocks: usize) -> String {
    format!(
        "DELETE FROM deadline WHERE case_id = $1 AND clock_id IN ({})",
        sql::places(2, n_clocks)
    )
}

/// Keeps a claimed deadline from being claimed again before `until`. One that moved meanwhile is left free.
pub fn hold(tx: &mut Tx<'_>, due: &Due, until: Timestamp) -> Result<()> {
    tx.execute(
        "UPDATE deadline SET lease_until = $4 WHERE case_id = $1 AND clock_id = $2 AND next_at = $3",
        params![due.case_id.as_str(), due.clock_id.as_str(), due.next_at.0, until.0],
    )?;
    Ok(())
}

/// Returns the deadlines that a case's state implies, by clock.
pub(crate) fn implied(case: &Case) -> Vec<Deadline> {
    implied_of(case, |_| true)
}

fn implied_of(case: &Case, wanted: impl Fn(&ClockId) -> bool) -> Vec<Deadline> {
    let clocks = case.clocks.0.iter().filter(|(clock_id, _)| wanted(clock_id));
    clocks
        .filter_map(|(clock_id, clock)| {
            Some(Deadline {
                clock_id: clock_id.clone(),
                next_at: clock.next_at().filter(|_| {
                    clock.warned.is_empty() || !planted::is("forgets-a-warned-clock")
                })?,
                due_at: clock.started.due_at,
                owner: clock.started.owner,
                rule: clock.started.rule.clone(),
            })
        })
        .collect()
}

/// Returns the stored deadlines of a case, by clock. For checking: pages show the clocks of the case itself.
pub(crate) fn of_case(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Vec<Deadline>> {
    let sql = "SELECT clock_id, next_at, due_at, owner, rule
               FROM deadline
               WHERE case_id = $1
               ORDER BY clock_id
               LIMIT 10000";
    let rows = tx.query(sql, params![case_id.as_str()])?;
    rows.iter().map(deadline).collect()
}

fn deadline(row: &Row) -> Result<Deadline> {
    let owner = Role::parse(row.text("owner")?);
    Ok(Deadline {
        clock_id: ClockId::from(row.text("clock_id")?),
        next_at: Timestamp(row.int("next_at")?),
        due_at: Timestamp(row.int("due_at")?),
        owner: owner.ok_or(StoreError::Decode { what: "deadline.owner" })?,
        rule: row.text("rule")?.to_owned(),
    })
}

/// Returns up to `limit` clocks whose time has come and that no worker has, the most overdue first, without claiming
/// them.
pub fn due(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Due>> {
    let sql = "SELECT case_id, clock_id, next_at
               FROM deadline
               WHERE next_at <= $1 AND lease_until <= $1
               ORDER BY next_at, case_id, clock_id
               LIMIT $2";
    tx.query(sql, params![now.0, limit])?.iter().map(due_of).collect()
}

/// Claims up to `limit` clocks whose time has come, until `lease_until`. A lease that ran out is claimed again.
pub fn claim(
    tx: &mut Tx<'_>,
    now: Timestamp,
    lease_until: Timestamp,
    limit: u32,
) -> Result<Vec<Due>> {
    let sql = claim_sql(tx.skip_locked());
    let lease_until =
        if planted::is("claims-without-a-lease") { Timestamp(0) } else { lease_until };
    let trusted = now.plus(LEASE_MAX).max(lease_until);
    let rows = tx.query(&sql, params![now.0, lease_until.0, limit, trusted.0])?;
    let mut claimed = rows.iter().map(due_of).collect::<Result<Vec<Due>>>()?;
    // What is returned by an update comes in no particular order.
    claimed.sort_by(|a, b| {
        (a.next_at, &a.case_id, &a.clock_id).cmp(&(b.next_at, &b.case_id, &b.clock_id))
    });
    Ok(claimed)
}

pub(crate) fn claim_sql(skip_locked: &str) -> String {
    format!(
        "WITH ripe AS (
             SELECT case_id AS ripe_case_id, clock_id AS ripe_clock_id
             FROM deadline
             WHERE next_at <= $1 AND (lease_until <= $1 OR lease_until > $4)
             ORDER BY next_at, case_id, clock_id
             LIMIT $3
             {skip_locked}
         )
         UPDATE deadline
         SET lease_until = $2, attempts = attempts + 1
         FROM ripe
         WHERE case_id = ripe_case_id AND clock_id = ripe_clock_id
         RETURNING case_id, clock_id, next_at"
    )
}

fn due_of(row: &Row) -> Result<Due> {
    Ok(Due {
        case_id: CaseId::from(row.text("case_id")?),
        clock_id: ClockId::from(row.text("clock_id")?),
        next_at: Timestamp(row.int("next_at")?),
    })
}

/// Returns when the next clock has to ring, whether or not a worker has it. For a worker that wants to sleep until then.
pub fn next_at(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    let sql = "SELECT next_at FROM deadline ORDER BY next_at, case_id, clock_id LIMIT 1";
    let row = tx.query_one(sql, params![])?;
    Ok(row.map(|row| row.int("next_at").map(Timestamp)).transpose()?)
}
