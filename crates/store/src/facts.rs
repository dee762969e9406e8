//! What `doctor` wants to know of the rows: things that should not be.

use crate::Result;
use doorstep_db::{Tx, Value, params};
use doorstep_vocab::Timestamp;

/// Counts of what needs attention.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StoreFacts {
    /// Open cases that no clock watches.
    pub cases_without_clock: u64,
    /// Jobs that should have run before `old_before` and have not.
    pub jobs_late: u64,
    /// Jobs whose worker never came back: the lease ran out before `old_before`.
    pub leases_lost: u64,
    /// Jobs that were given up.
    pub jobs_dead: u64,
    /// Clocks that should have rung before `old_before` and have not.
    pub deadlines_late: u64,
    /// Units that wait for a person.
    pub units_queued: u64,
    /// Documents whose bytes are not there.
    pub documents_without_blob: u64,
    /// Receipts whose bytes are not there.
    pub receipts_without_blob: u64,
}

impl StoreFacts {
    /// Returns whether the rows agree with each other. What waits, or what a person has to look at, is not counted: a
    /// copy of it is no worse than what was copied.
    pub fn is_sound(&self) -> bool {
        self.documents_without_blob == 0 && self.receipts_without_blob == 0
    }
}

/// Counts them. It reads whole tables.
pub fn gather(tx: &mut Tx<'_>, old_before: Timestamp) -> Result<StoreFacts> {
    let old = params![old_before.0];
    Ok(StoreFacts {
        cases_without_clock: count(
            tx,
            "SELECT COUNT(*) AS n FROM case_head WHERE status = 'open' AND clock_due_at IS NULL",
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
        jobs_dead: count(tx, "SELECT COUNT(*) AS n FROM job WHERE dead_at IS NOT NULL", params![])?,
        deadlines_late: count(tx, "SELECT COUNT(*) AS n FROM deadline WHERE next_at < $1", old)?,
        units_queued: count(
            tx,
            "SELECT COUNT(*) AS n FROM receipt_unit WHERE outcome = 'queued' AND resolved_at IS NULL",
            params![],
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
    })
}

fn count(tx: &mut Tx<'_>, sql: &str, values: &[Value]) -> Result<u64> {
    let row = tx.query_one(sql, values)?;
    let n = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
    Ok(u64::try_from(n).unwrap_or(0))
}
