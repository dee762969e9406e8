//! What a store holds, in numbers: taken when a copy is made, and compared when it is put back.

use crate::{Result, blobs};
use doorstep_db::{Tx, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Every table whose rows a copy has to have, with the statement that counts them.
const COUNTS: &[(&str, &str)] = &[
    ("case_head", "SELECT COUNT(*) AS n FROM case_head"),
    ("case_event", "SELECT COUNT(*) AS n FROM case_event"),
    ("person", "SELECT COUNT(*) AS n FROM person"),
    ("document", "SELECT COUNT(*) AS n FROM document"),
    ("note", "SELECT COUNT(*) AS n FROM note"),
    ("blob", "SELECT COUNT(*) AS n FROM blob"),
    ("receipt", "SELECT COUNT(*) AS n FROM receipt"),
    ("receipt_unit", "SELECT COUNT(*) AS n FROM receipt_unit"),
    ("deadline", "SELECT COUNT(*) AS n FROM deadline"),
    ("job", "SELECT COUNT(*) AS n FROM job"),
    ("audit", "SELECT COUNT(*) AS n FROM audit"),
    ("audit_case", "SELECT COUNT(*) AS n FROM audit_case"),
    ("app_user", "SELECT COUNT(*) AS n FROM app_user"),
    ("provider", "SELECT COUNT(*) AS n FROM provider"),
];

/// What a store holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    /// Rows by table.
    pub rows: BTreeMap<String, u64>,
    /// When the last event was recorded, UTC microseconds.
    pub last_event_at: Option<i64>,
}

/// Counts. It reads whole indexes.
pub fn take(tx: &mut Tx<'_>) -> Result<Census> {
    let mut census = Census::default();
    for (table, sql) in COUNTS {
        let row = tx.query_one(sql, params![])?;
        let n_rows = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
        census.rows.insert((*table).to_owned(), u64::try_from(n_rows).unwrap_or(0));
    }
    let last = tx.query_one("SELECT MAX(at) AS at FROM case_event", params![])?;
    census.last_event_at = last.map(|row| row.opt_int("at")).transpose()?.flatten();
    Ok(census)
}

impl Census {
    /// Returns what is otherwise than it was, in words.
    pub fn differing(&self, before: &Self) -> Vec<String> {
        let tables = before.rows.keys().chain(self.rows.keys());
        let mut differing: Vec<String> = tables
            .filter(|table| self.rows.get(*table) != before.rows.get(*table))
            .map(|table| {
                let n = |census: &Self| census.rows.get(table).copied().unwrap_or_default();
                format!("{table}: {} rows, and {} when the copy was made", n(self), n(before))
            })
            .collect();
        differing.sort();
        differing.dedup();
        if self.last_event_at != before.last_event_at {
            differing.push("the last event is another than when the copy was made".to_owned());
        }
        differing
    }
}

/// Blobs read by one statement: each may be as large as the largest file that is taken.
const BLOBS_A_READ: u32 = 4;

/// Reads up to a few blobs after one, and returns the last one's hash with the hashes whose bytes are others than were
/// kept. `None` when there are no more.
pub fn check_blobs(tx: &mut Tx<'_>, after: &str) -> Result<Option<(String, Vec<String>)>> {
    let sql = "SELECT hash, bytes FROM blob WHERE hash > $1 ORDER BY hash LIMIT $2";
    let rows = tx.query(sql, params![after, BLOBS_A_READ])?;
    let mut damaged = Vec::new();
    let mut last = None;
    for row in &rows {
        let hash = row.text("hash")?;
        if blobs::hash(row.bytes("bytes")?) != hash {
            damaged.push(hash.to_owned());
        }
        last = Some(hash.to_owned());
    }
    Ok(last.map(|last| (last, damaged)))
}
