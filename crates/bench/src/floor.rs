//! The floor: as many rows and bytes as an intake wrote, by plain prepared inserts into plain tables of the same names, and
//! nothing else. No order is read, nothing is looked up, and no table has an index beside its key.

use anyhow::Result;
use doorstep_db::{Db, DbError, Migration, Tx, Value, params};
use doorstep_store::schema::MIGRATIONS;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// What stands in one table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Volume {
    /// Rows.
    pub rows: u64,
    /// Bytes of all columns together: texts and bytes by their length, numbers as 8.
    pub bytes: u64,
}

/// What stands in each table.
pub type Volumes = BTreeMap<&'static str, Volume>;

/// Returns the tables of the store with their columns and types, as its migrations leave them.
pub fn tables() -> Vec<(&'static str, Vec<(&'static str, &'static str)>)> {
    let mut tables = Vec::new();
    let mut columns = None;
    for line in MIGRATIONS.iter().flat_map(|migration| migration.sql.lines()) {
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), words.next()) {
            (Some("CREATE"), Some("TABLE"), Some(name)) => columns = Some((name, Vec::new())),
            (Some("DROP"), Some("TABLE"), Some(name)) => {
                tables.retain(|(table, _)| *table != name.trim_end_matches(';'));
            }
            (Some(name), Some(kind), _) => {
                let kind = kind.trim_end_matches(',');
                if let Some((_, columns)) = &mut columns
                    && matches!(kind, "BIGINT" | "TEXT" | "BYTEA")
                {
                    columns.push((name, kind));
                }
            }
            (Some(");"), ..) => tables.extend(columns.take()),
            _ => {}
        }
    }
    tables
}

/// Counts what stands in every table of the store, all columns of all rows.
pub fn count(db: &Db) -> Result<Volumes> {
    let mut volumes = Volumes::new();
    for (table, columns) in tables() {
        let lengths: Vec<String> = columns
            .iter()
            .map(|(name, kind)| match *kind {
                "BIGINT" => "8".to_owned(),
                _ => format!("COALESCE(octet_length({name}), 0)"),
            })
            .collect();
        let sql = format!(
            "SELECT COUNT(*) AS n, CAST(COALESCE(SUM({}), 0) AS BIGINT) AS size FROM {table}",
            lengths.join(" + ")
        );
        let row = db.read(|tx| tx.query_one(&sql, params![]))?;
        let number = |name| row.as_ref().map_or(Ok(0), |row| row.int(name));
        let (rows, bytes) = (number("n")?.unsigned_abs(), number("size")?.unsigned_abs());
        volumes.insert(table, Volume { rows, bytes });
    }
    Ok(volumes)
}

/// Returns what was added between two counts.
pub fn added(before: &Volumes, after: &Volumes) -> Volumes {
    let since = |name: &str| before.get(name).copied().unwrap_or_default();
    after
        .iter()
        .map(|(name, now)| {
            let before = since(name);
            let rows = now.rows.saturating_sub(before.rows);
            (*name, Volume { rows, bytes: now.bytes.saturating_sub(before.bytes) })
        })
        .collect()
}

/// Makes the plain tables in an empty database.
pub fn migrate(db: &Db) -> Result<()> {
    let mut sql = String::new();
    for (table, _) in tables() {
        writeln!(
            sql,
            "CREATE TABLE {table} (\n    id TEXT NOT NULL PRIMARY KEY,\n    body BYTEA NOT NULL\n);"
        )?;
    }
    // A migration's text lives as long as the program, as does this one.
    let sql: &'static str = Box::leak(sql.into_boxed_str());
    db.migrate(&[Migration { number: 1, name: "floor", sql, sqlite: None, postgres: None }])?;
    Ok(())
}

/// The inserts that stand for a number of intakes.
pub struct Floor {
    tables: Vec<Plain>,
    n_intakes: u64,
    round: usize,
    /// Where the bodies are cut from: what was taken in, over and over.
    filling: Vec<u8>,
}

struct Plain {
    insert: String,
    rows: u64,
    /// Bytes of a row without its key.
    body_bytes: usize,
}

/// Length of a row's key, as that of a case.
const KEY_BYTES: u64 = 32;

/// Bodies begin at any of so many places of the filling, so that they differ.
const BEGINNINGS: usize = 997;

/// A row that is ready: a statement and its values.
pub type Ready<'a> = (&'a str, [Value; 2]);

impl Floor {
    /// Spreads what `n_intakes` wrote over as many transactions.
    pub fn new(written: &Volumes, (n_intakes, round): (usize, usize), sample: &[u8]) -> Self {
        let plain = |(table, volume): (&&str, &Volume)| Plain {
            insert: format!("INSERT INTO {table} (id, body) VALUES ($1, $2)"),
            rows: volume.rows,
            body_bytes: usize::try_from((volume.bytes / volume.rows).saturating_sub(KEY_BYTES))
                .unwrap_or(usize::MAX),
        };
        let tables: Vec<Plain> =
            written.iter().filter(|(_, volume)| volume.rows > 0).map(plain).collect();
        let longest = tables.iter().map(|table| table.body_bytes).max().unwrap_or(0);
        let filling = sample.iter().copied().cycle().take(longest + BEGINNINGS).collect();
        Self { tables, n_intakes: n_intakes.max(1) as u64, round, filling }
    }

    /// Makes the rows of intake `at`, before its transaction.
    pub fn rows(&self, at: usize) -> Vec<Ready<'_>> {
        let at = at as u64;
        let share = |n: u64, at: u64| n * at / self.n_intakes;
        self.tables
            .iter()
            .flat_map(|table| {
                (share(table.rows, at)..share(table.rows, at + 1)).map(|row| {
                    let key = format!("{:08x}{row:024x}", self.round);
                    (table.insert.as_str(), [Value::from(key), self.body(table, row)])
                })
            })
            .collect()
    }

    fn body(&self, table: &Plain, row: u64) -> Value {
        let from = usize::try_from(row).unwrap_or(0) % BEGINNINGS;
        Value::from(self.filling.get(from..from + table.body_bytes).unwrap_or_default())
    }
}

/// Inserts rows that are ready, one statement each.
pub fn insert(tx: &mut Tx<'_>, rows: &[Ready<'_>]) -> std::result::Result<(), DbError> {
    for (sql, values) in rows {
        tx.execute(sql, values)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Floor, Volume, added, count, insert, migrate, tables};
    use doorstep_db::params;
    use doorstep_db::testing::sqlite_in;

    #[test]
    fn the_tables_are_those_of_the_store() {
        let tables = tables();
        let columns = |name| tables.iter().find(|(table, _)| *table == name).map(|(_, c)| c.len());
        assert_eq!(columns("case_event"), Some(5));
        assert_eq!(columns("case_head"), Some(30));
        assert_eq!(columns("blob"), Some(3));
        assert_eq!(
            tables.len(),
            doorstep_store::schema::MIGRATIONS
                .iter()
                .map(|migration| {
                    let n = |words| migration.sql.matches(words).count();
                    n("CREATE TABLE") - n("DROP TABLE")
                })
                .sum::<usize>()
        );
    }

    #[test]
    fn as_many_rows_and_bytes_are_inserted_as_were_written() {
        let (real, plain) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let (real, plain) = (sqlite_in(real.path()), sqlite_in(plain.path()));
        doorstep_store::schema::migrate(&real).unwrap();
        let before = count(&real).unwrap();
        let keep = "INSERT INTO blob (hash, size, bytes) VALUES ($1, 1000, $2)";
        for hash in ["a", "b", "c"] {
            let bytes = vec![7_u8; 1000];
            let kept = real.write("a test's bytes", |tx| tx.execute(keep, params![hash, &bytes]));
            assert_eq!(kept, Ok(1));
        }
        let written = added(&before, &count(&real).unwrap());
        assert_eq!(written["blob"], Volume { rows: 3, bytes: 3 * 1009 });
        migrate(&plain).unwrap();
        let floor = Floor::new(&written, (2, 0), b"made up");
        for at in 0..2 {
            let rows = floor.rows(at);
            plain.write("floor", |tx| insert(tx, &rows)).unwrap();
        }
        let sql =
            "SELECT COUNT(*) AS n, SUM(octet_length(id) + octet_length(body)) AS size FROM blob";
        let row = plain.read(|tx| tx.query_one(sql, params![])).unwrap().unwrap();
        assert_eq!((row.int("n"), row.int("size")), (Ok(3), Ok(3 * 1009)));
    }
}
