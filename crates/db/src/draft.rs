//! A draft: statements put together before their transaction, so that while others wait for it nothing is worked out any
//! more.
//!
//! What writes is the same code either way. It is given a [`Tx`] that notes each statement down instead of running it, and
//! the transaction that comes later plays the notes.

use crate::{Db, DbError, Engine, Result, Tx, Value};

/// Statements with their values, in order. Made by [`Db::draft`], run by [`Tx::play`], as often as needed.
#[derive(Default)]
pub struct Draft {
    statements: Vec<(Box<str>, Vec<Value>)>,
}

impl Draft {
    pub(crate) fn note(&mut self, sql: &str, params: &[Value]) {
        self.statements.push((sql.into(), params.to_vec()));
    }

    /// Returns how many statements it holds.
    pub fn n_statements(&self) -> usize {
        self.statements.len()
    }
}

impl Db {
    /// Runs a closure that only writes, and keeps its statements for later. Nothing reaches the database.
    ///
    /// A statement answers that it touched one row, because what it will touch is not known yet: only inserts of new rows
    /// belong here.
    ///
    /// # Errors
    /// The closure's own, which is that of the [`Tx`] when the closure reads or locks.
    pub fn draft<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Tx<'_>) -> std::result::Result<T, E>,
    ) -> std::result::Result<(T, Draft), E> {
        let mut draft = Draft::default();
        let mut tx = Tx::draft(self.engine(), &mut draft);
        let answer = work(&mut tx);
        let fault = tx.into_fault();
        let answer = answer?;
        match fault {
            None => Ok((answer, draft)),
            Some(fault) => Err(fault.into()),
        }
    }
}

impl Tx<'_> {
    /// Runs the statements of a draft.
    ///
    /// # Errors
    /// That of the first statement that fails.
    pub fn play(&mut self, draft: &Draft) -> Result<()> {
        draft.statements.iter().try_for_each(|(sql, values)| self.execute(sql, values).map(drop))
    }
}

/// What a draft answers to a question.
pub(crate) fn unanswerable(engine: Engine) -> DbError {
    DbError::Engine(format!("a draft for {engine:?} reads nothing and locks nothing"))
}
