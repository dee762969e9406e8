//! What a checkup wants to know of the rows: things that should not be.

use crate::Result;
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{CaseId, Micros, Timestamp};

/// A row that should have been looked at so long ago is late.
const LATE: Micros = Micros::minutes(10);

/// No worker takes a lease for so long: one that ends later was taken by a machine whose clock ran ahead.
const LEASE_MAX: Micros = Micros::hours(2);

/// Counts of what needs attention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreFacts {
    /// Open cases that no clock watches.
    pub cases_without_clock: u64,
    /// Cases whose row is behind or ahead of their events.
    pub heads_behind: u64,
    /// Jobs that should have run long ago and have not.
    pub jobs_late: u64,
    /// Jobs whose worker never came back: the lease ran out long ago.
    pub leases_lost: u64,
    /// Jobs and deadlines whose lease ends later than any that a worker takes.
    pub leases_beyond: u64,
    /// Jobs that were given up.
    pub jobs_dead: u64,
    /// Clocks that should have rung long ago and have not.
    pub deadlines_late: u64,
    /// Units that wait for a person.
    pub units_queued: u64,
    /// Files that came long ago and are still being read.
    pub receipts_half_read: u64,
    /// Documents whose bytes are not there.
    pub documents_without_blob: u64,
    /// Receipts whose bytes are not there.
    pub receipts_without_blob: u64,
    /// When the newest entry of the audit trail was made: every change makes one.
    pub newest_at: Option<Timestamp>,
}

impl StoreFacts {
    /// Returns whether the rows agree with each other. What waits, or what a person has to look at, is not counted: a
    /// copy of it is no worse than what was copied.
    pub fn is_sound(&self) -> bool {
        self.documents_without_blob == 0 && self.receipts_without_blob == 0
    }
}

/// Counts them. It reads whole tables.
pub fn gather(tx: &mut Tx<'_>, now: Timestamp) -> Result<StoreFacts> {
    let old = params![now.0.saturating_sub(LATE.0)];
    let older = params![now.0.saturating_sub(2 * LATE.0)];
    let beyond = params![now.0.saturating_add(LEASE_MAX.0)];
    Ok(StoreFacts {
        cases_without_clock: count(
            tx,
            "SELECT COUNT(*) AS n FROM case_head WHERE status = 'open' AND clock_due_at IS NULL",
            params![],
        )?,
        heads_behind: count(
            tx,
            "SELECT COUNT(*) AS n
             FROM case_head AS h
             WHERE h.seq <> COALESCE((SELECT MAX(e.seq) FROM case_event AS e WHERE e.case_id = h.case_id), 0)",
            params![],
        )?,
        jobs_late: count(
            tx,
            "SELECT COUNT(*) AS n FROM job WHERE done_at IS NULL AND dead_at IS NULL AND run_at < $1",
            old,
        )?,
        leases_lost: count(
            tx,
            "SELECT COUNT(*) AS n
             FROM job
             WHERE done_at IS NULL AND dead_at IS NULL AND lease_until > 0 AND lease_until < $1",
            old,
        )?,
        leases_beyond: count(
            tx,
            "SELECT COUNT(*) AS n FROM job WHERE done_at IS NULL AND dead_at IS NULL AND lease_until > $1",
            beyond,
        )? + count(tx, "SELECT COUNT(*) AS n FROM deadline WHERE lease_until > $1", beyond)?,
        jobs_dead: count(tx, "SELECT COUNT(*) AS n FROM job WHERE dead_at IS NOT NULL", params![])?,
        deadlines_late: count(tx, "SELECT COUNT(*) AS n FROM deadline WHERE next_at < $1", old)?,
        units_queued: count(
            tx,
            "SELECT COUNT(*) AS n FROM receipt_unit WHERE outcome = 'queued' AND resolved_at IS NULL",
            params![],
        )?,
        receipts_half_read: count(
            tx,
            "SELECT COUNT(*) AS n FROM receipt WHERE outcome = 'reading' AND received_at < $1",
            older,
        )?,
        documents_without_blob: count(
            tx,
            "SELECT COUNT(*) AS n
             FROM document AS d
             WHERE NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.hash = d.hash)",
            params![],
        )?,
        receipts_without_blob: count(
            tx,
            "SELECT COUNT(*) AS n
             FROM receipt AS r
             WHERE NOT EXISTS (SELECT 1 FROM blob AS b WHERE b.hash = r.hash)",
            params![],
        )?,
        newest_at: newest_at(tx)?,
    })
}

fn newest_at(tx: &mut Tx<'_>) -> Result<Option<Timestamp>> {
    let row = tx.query_one("SELECT at FROM audit ORDER BY audit_id DESC LIMIT 1", params![])?;
    Ok(row.map(|row| row.int("at").map(Timestamp)).transpose()?)
}

/// A case, as somebody finds it.
pub type Named = (CaseId, String);

/// Names up to `limit` open cases that no clock watches, the oldest first.
pub fn without_clock(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<Named>> {
    let sql = "SELECT case_id, number
               FROM case_head
               WHERE status = 'open' AND clock_due_at IS NULL
               ORDER BY received_at, case_id
               LIMIT $1";
    tx.query(sql, params![limit])?.iter().map(named).collect()
}

/// Names up to `limit` cases whose row is behind or ahead of their events.
pub fn behind(tx: &mut Tx<'_>, limit: u32) -> Result<Vec<Named>> {
    let sql = "SELECT h.case_id, h.number
               FROM case_head AS h
               WHERE h.seq <> COALESCE((SELECT MAX(e.seq) FROM case_event AS e WHERE e.case_id = h.case_id), 0)
               ORDER BY h.case_id
               LIMIT $1";
    tx.query(sql, params![limit])?.iter().map(named).collect()
}

fn named(row: &Row) -> Result<Named> {
    let number = row.opt_text("number")?.unwrap_or_default().to_owned();
    Ok((CaseId::from(row.text("case_id")?), number))
}

fn count(tx: &mut Tx<'_>, sql: &str, values: &[Value]) -> Result<u64> {
    let row = tx.query_one(sql, values)?;
    let n = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
    Ok(u64::try_from(n).unwrap_or(0))
}
