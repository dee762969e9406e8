//! What `doctor` shows about a database: its version, its settings, and what is wrong with them.

use crate::db::Inner;
use crate::sqlite::connection::pragma;
use crate::{Db, Engine, Result, Tx, params};
use rusqlite::Connection;

/// What is known of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facts {
    /// The engine beneath.
    pub engine: Engine,
    /// The engine's version.
    pub version: String,
    /// Settings and sizes, one a line of the report.
    pub facts: Vec<Fact>,
}

impl Facts {
    /// Returns whether nothing needs attention.
    pub fn is_well(&self) -> bool {
        self.facts.iter().all(|fact| fact.advice.is_none())
    }
}

/// One line of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is, in the engine's own word.
    pub name: &'static str,
    /// How it stands.
    pub value: String,
    /// What to change, when something is to be changed.
    pub advice: Option<&'static str>,
}

impl Db {
    /// Returns the engine's version and settings, with advice where one is not as it should be.
    pub fn facts(&self) -> Result<Facts> {
        match &self.inner {
            Inner::Sqlite(sqlite) => sqlite.readers.with(sqlite_facts),
            Inner::Postgres(_) => self.read(postgres_facts),
        }
    }
}

impl Db {
    /// Returns the server's clock, UTC microseconds; `None` where there is no server.
    pub fn server_now(&self) -> Result<Option<i64>> {
        match &self.inner {
            Inner::Sqlite(_) => Ok(None),
            Inner::Postgres(_) => self.read(|tx| {
                let sql =
                    "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT) AS at";
                let row = tx.query_one(sql, params![])?;
                row.map(|row| row.int("at")).transpose()
            }),
        }
    }
}

fn sqlite_facts(connection: &Connection) -> Result<Facts> {
    let names = [
        "journal_mode",
        "synchronous",
        "foreign_keys",
        "trusted_schema",
        "cell_size_check",
        "application_id",
        "user_version",
        "page_size",
        "page_count",
        "freelist_count",
    ];
    let fact = |name| Ok(Fact { name, value: pragma(connection, name)?, advice: None });
    let facts = names.into_iter().map(fact).collect::<Result<_>>()?;
    Ok(Facts { engine: Engine::Sqlite, version: rusqlite::version().to_owned(), facts })
}

/// A PostgreSQL setting, and the advice when it stands at a value it should not have.
struct Rule {
    name: &'static str,
    bad: fn(&str) -> bool,
    advice: &'static str,
}

const RULES: [Rule; 7] = [
    Rule {
        name: "synchronous_commit",
        bad: |value| value == "off",
        advice: "commits would be lost in a crash: set it on",
    },
    Rule {
        name: "fsync",
        bad: |value| value == "off",
        advice: "a power cut would destroy the database: set it on",
    },
    Rule {
        name: "full_page_writes",
        bad: |value| value == "off",
        advice: "a power cut would tear pages: set it on",
    },
    Rule {
        name: "data_checksums",
        bad: |value| value == "off",
        advice: "a damaged page would go unnoticed: run pg_checksums --enable while the server is stopped",
    },
    Rule {
        name: "server_encoding",
        bad: |value| value != "UTF8",
        advice: "create the database with ENCODING 'UTF8'",
    },
    Rule {
        name: "statement_timeout",
        bad: |value| value == "0",
        advice: "check the pooler between",
    },
    Rule {
        name: "idle_in_transaction_session_timeout",
        bad: |value| value == "0",
        advice: "check the pooler between",
    },
];

fn postgres_facts(tx: &mut Tx<'_>) -> Result<Facts> {
    let version = setting(tx, "server_version")?;
    let mut facts = Vec::new();
    for rule in RULES {
        let value = setting(tx, rule.name)?;
        let advice = (rule.bad)(&value).then_some(rule.advice);
        facts.push(Fact { name: rule.name, value, advice });
    }
    facts.push(collation(tx)?);
    facts.push(standbys(tx)?);
    Ok(Facts { engine: Engine::Postgres, version, facts })
}

fn setting(tx: &mut Tx<'_>, name: &str) -> Result<String> {
    let row = tx.query_one("SELECT current_setting($1, true) AS value", params![name])?;
    match row {
        Some(row) => Ok(row.opt_text("value")?.unwrap_or_default().to_owned()),
        None => Ok(String::new()),
    }
}

fn collation(tx: &mut Tx<'_>) -> Result<Fact> {
    let sql = "SELECT datcollate::TEXT AS value FROM pg_catalog.pg_database WHERE datname = current_database()";
    let row = tx.query_one(sql, params![])?;
    let value =
        row.map(|row| row.text("value").map(str::to_owned)).transpose()?.unwrap_or_default();
    let is_plain = ["C", "POSIX", "C.UTF-8", "C.utf8"].contains(&value.as_str());
    let advice = (!is_plain).then_some(
        "lists would be sorted otherwise than on SQLite: create the database with LC_COLLATE 'C' TEMPLATE template0",
    );
    Ok(Fact { name: "collation", value, advice })
}

/// A standby that the primary does not wait for loses acknowledged work in a failover.
fn standbys(tx: &mut Tx<'_>) -> Result<Fact> {
    let names = setting(tx, "synchronous_standby_names")?;
    let row =
        tx.query_one("SELECT COUNT(*) AS n FROM pg_catalog.pg_stat_replication", params![])?;
    let n_standbys = row.map(|row| row.int("n")).transpose()?.unwrap_or_default();
    let is_loose = n_standbys > 0 && names.is_empty();
    Ok(Fact {
        name: "synchronous_standby_names",
        value: format!("{names} ({n_standbys} connected)").trim_start().to_owned(),
        advice: is_loose
            .then_some("a failover would lose acknowledged work: name the standby here"),
    })
}
