//! Looks at the tables as they are, past every function that a program would ask.

use super::world::World;
use doorstep_db::{DbError, Value, params};
use doorstep_store::cases::{self, ReplayVerdict};
use doorstep_vocab::CaseId;

/// Returns the number that a statement counts, under the name `n`.
pub fn count(world: &World, sql: &str) -> i64 {
    world.app.db.read(|tx| tx.query_one(sql, params![])?.unwrap().int("n")).unwrap()
}

/// Returns how many rows a table has.
pub fn rows(world: &World, table: &str) -> i64 {
    count(world, &format!("SELECT COUNT(*) AS n FROM {table}"))
}

/// Returns a column of texts; `sql` names it `t`. `NULL` is empty.
pub fn texts(world: &World, sql: &str) -> Vec<String> {
    let texts = world.app.db.read(|tx| -> Result<_, DbError> {
        let rows = tx.query(sql, params![])?;
        rows.iter().map(|row| Ok(row.opt_text("t")?.unwrap_or_default().to_owned())).collect()
    });
    texts.unwrap()
}

/// Changes rows behind the program's back.
pub fn meddle(world: &World, sql: &str, values: &[Value]) -> u64 {
    world.app.db.write("meddle", |tx| tx.execute(sql, values)).unwrap()
}

/// Every table whose rows follow from what was done to cases, with how many it has.
pub fn tables(world: &World) -> Vec<(&'static str, i64)> {
    [
        "case_event",
        "case_head",
        "order_key",
        "deadline",
        "person",
        "document",
        "note",
        "provider_contact",
        "blob",
        "inbox",
        "receipt",
        "receipt_unit",
        "job",
        "audit",
        "audit_case",
    ]
    .into_iter()
    .map(|table| (table, rows(world, table)))
    .collect()
}

/// Returns every case, the first opened first.
pub fn case_ids(world: &World) -> Vec<CaseId> {
    let mut all: Vec<CaseId> = Vec::new();
    loop {
        let more = world.app.db.read(|tx| cases::ids_after(tx, all.last(), 500)).unwrap();
        if more.is_empty() {
            return all;
        }
        all.extend(more);
    }
}

/// Replays every case and returns those that are not what their record says.
pub fn differing(world: &World) -> Vec<(CaseId, ReplayVerdict)> {
    let verdict = |id: CaseId| {
        let verdict = world.app.db.read(|tx| cases::replay_check(tx, &id)).unwrap();
        (id, verdict)
    };
    case_ids(world).into_iter().map(verdict).filter(|(_, verdict)| !verdict.is_same()).collect()
}
