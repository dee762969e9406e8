//! What a PostgreSQL database is for, kept in a table of one row: the server has nothing like SQLite's `application_id`.

use crate::{Db, DbError, Kind, OpenOptions, Result, Tx, params};

/// The advisory lock under which a database is marked. Any number would do that nothing else here uses.
const MARK_LOCK: i64 = 0x4473_0001;

/// Marks an unmarked database with its kind, if it may, and refuses one of another kind.
pub(crate) fn check_kind(db: &Db, options: &OpenOptions) -> Result<()> {
    let found = match db.read(found)? {
        None if options.create => Some(db.write("mark the database", |tx| mark(tx, options.kind))?),
        found => found,
    };
    match found {
        Some(found) if found == options.kind => Ok(()),
        Some(found) => Err(DbError::Kind { wanted: options.kind, found }),
        None => Err(DbError::Setting("it is not a Doorstep database: check the URL".to_owned())),
    }
}

fn found(tx: &mut Tx<'_>) -> Result<Option<Kind>> {
    let sql = "SELECT COUNT(*) AS n FROM pg_catalog.pg_class
               WHERE relname = 'database_kind' AND relkind = 'r' AND pg_table_is_visible(oid)";
    if tx.query_one(sql, params![])?.is_none_or(|row| row.int("n") != Ok(1)) {
        return Ok(None);
    }
    let Some(row) = tx.query_one("SELECT kind FROM database_kind", params![])? else {
        return Ok(None);
    };
    let unknown = || DbError::Setting("its kind is unknown to this program".to_owned());
    Kind::of_word(row.text("kind")?).ok_or_else(unknown).map(Some)
}

fn mark(tx: &mut Tx<'_>, kind: Kind) -> Result<Kind> {
    tx.lock(MARK_LOCK)?;
    if let Some(found) = found(tx)? {
        return Ok(found);
    }
    let sql = "SELECT COUNT(*) AS n FROM pg_catalog.pg_tables WHERE schemaname = current_schema()";
    if tx.query_one(sql, params![])?.is_none_or(|row| row.int("n") != Ok(0)) {
        return Err(DbError::Setting(
            "the database has tables of another program: give Doorstep one of its own".to_owned(),
        ));
    }
    tx.execute(
        "CREATE TABLE IF NOT EXISTS database_kind (only_row BIGINT PRIMARY KEY CHECK (only_row = 1), kind TEXT NOT NULL)",
        params![],
    )?;
    tx.execute("INSERT INTO database_kind (only_row, kind) VALUES (1, $1)", params![kind.word()])?;
    Ok(kind)
}
