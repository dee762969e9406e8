//! Runs one statement on a SQLite connection.

use super::error::translate;
use crate::row::Names;
use crate::{DbError, Result, Row, Value};
use rusqlite::types::{Null, ValueRef};
use rusqlite::{CachedStatement, Connection};
use std::sync::Arc;

/// Runs a statement and returns how many rows it changed. Rows it returns are run through and dropped.
pub(crate) fn execute(connection: &Connection, sql: &str, params: &[Value]) -> Result<u64> {
    let mut statement = prepare(connection, sql, params)?;
    if statement.column_count() == 0 {
        let changed = statement.raw_execute().map_err(|error| translate(&error))?;
        return Ok(changed as u64);
    }
    let mut rows = statement.raw_query();
    let mut n_rows = 0;
    while rows.next().map_err(|error| translate(&error))?.is_some() {
        n_rows += 1;
    }
    Ok(n_rows)
}

/// Runs a statement and returns its rows.
pub(crate) fn query(connection: &Connection, sql: &str, params: &[Value]) -> Result<Vec<Row>> {
    let mut statement = prepare(connection, sql, params)?;
    let names: Names = statement.column_names().map(Box::from).collect::<Vec<Box<str>>>().into();
    let mut rows = statement.raw_query();
    let mut answer = Vec::new();
    while let Some(row) = rows.next().map_err(|error| translate(&error))? {
        let mut values = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            let value = row.get_ref(at).map_err(|error| translate(&error))?;
            values.push(value_of(value, name)?);
        }
        answer.push(Row::new(Arc::clone(&names), values));
    }
    Ok(answer)
}

/// Prepares a statement without running it.
pub(crate) fn check(connection: &Connection, sql: &str) -> Result<()> {
    let statement = connection.prepare(sql).map_err(|error| translate(&error))?;
    for at in 1..=statement.parameter_count() {
        placeholder(&statement, at)?;
    }
    Ok(())
}

fn prepare<'a>(
    connection: &'a Connection,
    sql: &str,
    params: &[Value],
) -> Result<CachedStatement<'a>> {
    let mut statement = connection.prepare_cached(sql).map_err(|error| translate(&error))?;
    bind(&mut statement, params)?;
    Ok(statement)
}

/// To SQLite `$2` is a name, so its place in the text says nothing: each is bound by the number in its name.
fn bind(statement: &mut CachedStatement<'_>, params: &[Value]) -> Result<()> {
    let n_wanted = statement.parameter_count();
    if n_wanted != params.len() {
        let why = format!("{} given, the statement has {n_wanted}", params.len());
        return Err(DbError::Params(why));
    }
    for at in 1..=n_wanted {
        let number = placeholder(statement, at)?;
        let Some(value) = params.get(number - 1) else {
            return Err(DbError::Params(format!(
                "${number} is used, but only {n_wanted} are given"
            )));
        };
        let bound = match value {
            Value::Null => statement.raw_bind_parameter(at, Null),
            Value::Int(value) => statement.raw_bind_parameter(at, value),
            Value::Text(value) if memchr::memchr(0, value.as_bytes()).is_some() => {
                return Err(DbError::Params(format!("${number} holds a NUL character")));
            }
            Value::Text(value) => statement.raw_bind_parameter(at, value),
            Value::Bytes(value) => statement.raw_bind_parameter(at, value),
        };
        bound.map_err(|error| translate(&error))?;
    }
    Ok(())
}

/// Returns `N` for the parameter at `at` when it is written `$N`, N from 1.
fn placeholder(statement: &rusqlite::Statement<'_>, at: usize) -> Result<usize> {
    let name = statement.parameter_name(at).unwrap_or("?");
    let number = name.strip_prefix('$').and_then(|number| number.parse().ok());
    number
        .filter(|number| *number > 0)
        .ok_or_else(|| DbError::Params(format!("`{name}` is used: placeholders are $1, $2, …")))
}

fn value_of(value: ValueRef<'_>, name: &str) -> Result<Value> {
    let wrong = |why| DbError::Column { name: name.to_owned(), why };
    match value {
        ValueRef::Null => Ok(Value::Null),
        ValueRef::Integer(value) => Ok(Value::Int(value)),
        ValueRef::Text(text) => match std::str::from_utf8(text) {
            Ok(text) => Ok(Value::Text(text.to_owned())),
            Err(_) => Err(wrong("is not UTF-8")),
        },
        ValueRef::Blob(bytes) => Ok(Value::Bytes(bytes.to_vec())),
        ValueRef::Real(_) => {
            Err(wrong("is a fraction: the schema has integers, texts and bytes only"))
        }
    }
}
