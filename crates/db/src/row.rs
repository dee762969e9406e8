//! One row of an answer, read by column name.

use crate::{DbError, Result, Value};
use std::sync::Arc;

/// The column names of an answer, shared by all its rows.
pub(crate) type Names = Arc<[Box<str>]>;

/// A row. Its values are owned, its names are shared with the other rows of the same answer.
#[derive(Debug, Clone)]
pub struct Row {
    names: Names,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(names: Names, values: Vec<Value>) -> Row {
        assert_eq!(names.len(), values.len(), "a row has a value for each column");
        Row { names, values }
    }

    /// Returns the value of a column, whatever its type.
    pub fn value(&self, name: &str) -> Result<&Value> {
        let at = self.names.iter().position(|known| &**known == name);
        let missing = || DbError::Column { name: name.to_owned(), why: "is not in the answer" };
        at.and_then(|at| self.values.get(at)).ok_or_else(missing)
    }

    /// Returns an integer.
    pub fn int(&self, name: &str) -> Result<i64> {
        self.opt_int(name)?.ok_or_else(|| null(name))
    }

    /// Returns an integer, or `None` for `NULL`.
    pub fn opt_int(&self, name: &str) -> Result<Option<i64>> {
        match self.value(name)? {
            Value::Int(value) => Ok(Some(*value)),
            Value::Null => Ok(None),
            Value::Text(_) | Value::Bytes(_) => Err(other(name, "is not an integer")),
        }
    }

    /// Returns a text.
    pub fn text(&self, name: &str) -> Result<&str> {
        self.opt_text(name)?.ok_or_else(|| null(name))
    }

    /// Returns a text, or `None` for `NULL`.
    pub fn opt_text(&self, name: &str) -> Result<Option<&str>> {
        match self.value(name)? {
            Value::Text(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            Value::Int(_) | Value::Bytes(_) => Err(other(name, "is not a text")),
        }
    }

    /// Returns bytes.
    pub fn bytes(&self, name: &str) -> Result<&[u8]> {
        self.opt_bytes(name)?.ok_or_else(|| null(name))
    }

    /// Returns bytes, or `None` for `NULL`.
    pub fn opt_bytes(&self, name: &str) -> Result<Option<&[u8]>> {
        match self.value(name)? {
            Value::Bytes(value) => Ok(Some(value)),
            Value::Null => Ok(None),
            Value::Int(_) | Value::Text(_) => Err(other(name, "is not bytes")),
        }
    }

    /// Returns a truth kept as 0 or 1; any other number is an error.
    pub fn flag(&self, name: &str) -> Result<bool> {
        match self.int(name)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(other(name, "is neither 0 nor 1")),
        }
    }
}

fn null(name: &str) -> DbError {
    other(name, "is NULL")
}

fn other(name: &str, why: &'static str) -> DbError {
    DbError::Column { name: name.to_owned(), why }
}
