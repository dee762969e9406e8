//! One connection: its prepared statements, and the transaction it is in.

use super::error::{is_worth_a_rerun, translate};
use super::values::is_readable;
use crate::row::Names;
use crate::{DbError, Result, Row, Value};
use postgres::types::ToSql;
use postgres::{Client, Error, Statement};
use std::collections::HashMap;
use std::sync::Arc;

/// How many prepared statements a session keeps before it drops them all and starts over.
const STATEMENTS_KEPT: usize = 512;

/// A connection to the server. A transaction begins with its first statement, so that locks can be waited for before.
pub(crate) struct Session {
    client: Client,
    statements: HashMap<Box<str>, Prepared>,
    begin: &'static str,
    begun: bool,
    /// Whether the session may hold advisory locks.
    locks: bool,
    rerun: bool,
}

#[derive(Clone)]
struct Prepared {
    statement: Statement,
    names: Names,
}

impl Session {
    pub(crate) fn new(client: Client) -> Session {
        Session {
            client,
            statements: HashMap::new(),
            begin: "BEGIN",
            begun: false,
            locks: false,
            rerun: false,
        }
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// Whether a statement of this transaction failed in a way that makes it worth running again.
    pub(crate) fn wants_a_rerun(&self) -> bool {
        self.rerun
    }

    /// Makes ready for a transaction, which `begin` will open.
    pub(crate) fn start(&mut self, begin: &'static str) {
        self.begin = begin;
        self.begun = false;
        self.rerun = false;
    }

    pub(crate) fn execute(&mut self, sql: &str, params: &[Value]) -> Result<u64> {
        let prepared = self.ready(sql, params)?;
        let done = self.client.execute(&prepared.statement, &refs(params));
        done.map_err(|error| self.failed(&error))
    }

    pub(crate) fn query(&mut self, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
        let prepared = self.ready(sql, params)?;
        let rows = self.client.query(&prepared.statement, &refs(params));
        let rows = rows.map_err(|error| self.failed(&error))?;
        rows.iter().map(|row| owned(row, &prepared.names)).collect()
    }

    pub(crate) fn batch(&mut self, sql: &str) -> Result<()> {
        self.begin_once()?;
        self.client.batch_execute(sql).map_err(|error| self.failed(&error))
    }

    /// Waits for advisory locks of the session, one after another, before the transaction begins and freezes its view.
    pub(crate) fn lock(&mut self, keys: &[i64]) -> Result<()> {
        if keys.is_empty() {
            return Ok(());
        }
        // Told first: when the third of them fails, the first two are held.
        self.locks = true;
        let prepared =
            self.prepare("SELECT pg_advisory_lock(key) FROM unnest($1::BIGINT[]) AS t (key)")?;
        let taken = self.client.execute(&prepared.statement, &[&keys]);
        taken.map_err(|error| self.failed(&error))?;
        Ok(())
    }

    /// Commits what was begun. The error is the driver's own, for the caller to judge what it says of the outcome.
    pub(crate) fn commit(&mut self) -> std::result::Result<(), Error> {
        if self.begun { self.client.batch_execute("COMMIT") } else { Ok(()) }
    }

    pub(crate) fn rollback(&mut self) -> std::result::Result<(), Error> {
        if self.begun { self.client.batch_execute("ROLLBACK") } else { Ok(()) }
    }

    /// Gives back the session's locks, if there are any.
    pub(crate) fn unlock(&mut self) -> std::result::Result<(), Error> {
        if !self.locks {
            return Ok(());
        }
        self.locks = false;
        self.client.batch_execute("SELECT pg_advisory_unlock_all()")
    }

    /// Prepares a statement without running it, and refuses columns the answer could not be read from.
    pub(crate) fn check(&mut self, sql: &str) -> Result<()> {
        let statement = self.client.prepare(sql).map_err(|error| translate(&error))?;
        match statement.columns().iter().find(|column| !is_readable(column.type_())) {
            None => Ok(()),
            Some(column) => Err(DbError::Column {
                name: column.name().to_owned(),
                why: "is neither BIGINT, TEXT nor BYTEA: cast it",
            }),
        }
    }

    fn ready(&mut self, sql: &str, params: &[Value]) -> Result<Prepared> {
        self.begin_once()?;
        let prepared = self.prepare(sql)?;
        let n_wanted = prepared.statement.params().len();
        if n_wanted != params.len() {
            let why = format!("{} given, the statement has {n_wanted}", params.len());
            return Err(DbError::Params(why));
        }
        let with_nul = params
            .iter()
            .position(|value| matches!(value, Value::Text(text) if text.contains('\0')));
        match with_nul {
            Some(at) => Err(DbError::Params(format!("${} holds a NUL character", at + 1))),
            None => Ok(prepared),
        }
    }

    fn begin_once(&mut self) -> Result<()> {
        if !self.begun {
            self.client.batch_execute(self.begin).map_err(|error| self.failed(&error))?;
            self.begun = true;
        }
        Ok(())
    }

    fn prepare(&mut self, sql: &str) -> Result<Prepared> {
        if let Some(prepared) = self.statements.get(sql) {
            return Ok(prepared.clone());
        }
        let statement = self.client.prepare(sql).map_err(|error| self.failed(&error))?;
        let names: Vec<Box<str>> =
            statement.columns().iter().map(|column| column.name().into()).collect();
        let prepared = Prepared { statement, names: names.into() };
        if self.statements.len() >= STATEMENTS_KEPT {
            self.statements.clear();
        }
        self.statements.insert(sql.into(), prepared.clone());
        Ok(prepared)
    }

    fn failed(&mut self, error: &Error) -> DbError {
        if self.client.is_closed() {
            self.rerun = true;
        } else if is_worth_a_rerun(error) {
            self.rerun = true;
            self.statements.clear();
        }
        translate(error)
    }
}

fn refs(params: &[Value]) -> Vec<&(dyn ToSql + Sync)> {
    params.iter().map(|value| value as &(dyn ToSql + Sync)).collect()
}

fn owned(row: &postgres::Row, names: &Names) -> Result<Row> {
    let mut values = Vec::with_capacity(names.len());
    for (at, name) in names.iter().enumerate() {
        values.push(row.try_get::<_, Value>(at).map_err(|_| DbError::Column {
            name: name.to_string(),
            why: "is neither BIGINT, TEXT nor BYTEA: cast it",
        })?);
    }
    Ok(Row::new(Arc::clone(names), values))
}
