//! Rows with the days on which they are in force.

use crate::problem::Log;
use doorstep_vocab::Date;
use std::collections::BTreeMap;

/// A row of a pack with its first and last day.
#[derive(Debug, Clone)]
pub(crate) struct Dated<T> {
    pub(crate) from: Date,
    /// The last day; `None` while no end is set.
    pub(crate) to: Option<Date>,
    /// Byte offset in its file, for messages.
    pub(crate) at: usize,
    pub(crate) row: T,
}

impl<T> Dated<T> {
    pub(crate) fn in_force(&self, on: Date) -> bool {
        self.from <= on && self.to.is_none_or(|to| on <= to)
    }

    fn overlaps<U>(&self, other: &Dated<U>) -> bool {
        self.to.is_none_or(|to| other.from <= to) && other.to.is_none_or(|to| self.from <= to)
    }

    /// Returns whether this is in force on every day that the other is.
    pub(crate) fn covers<U>(&self, other: &Dated<U>) -> bool {
        self.from <= other.from
            && self.to.is_none_or(|to| other.to.is_some_and(|other| other <= to))
    }

    /// Returns the days on which something changes: the first, and the day after the last.
    fn changes(&self) -> impl Iterator<Item = Date> + use<T> {
        [Some(self.from), self.to.and_then(|to| to.tomorrow().ok())].into_iter().flatten()
    }
}

/// Returns the rows in force on a day.
pub(crate) fn in_force<T>(rows: &[Dated<T>], on: Date) -> impl Iterator<Item = &T> {
    rows.iter().filter(move |row| row.in_force(on)).map(|row| &row.row)
}

/// Returns the days on which any of the rows begins or has ended.
pub(crate) fn changes<T>(rows: &[Dated<T>]) -> impl Iterator<Item = Date> {
    rows.iter().flat_map(Dated::changes)
}

/// Refuses two rows of the same identity that are in force on the same day.
pub(crate) fn check_overlaps<T>(rows: &[Dated<T>], identity: impl Fn(&T) -> String, log: &mut Log) {
    let mut known: BTreeMap<String, Vec<&Dated<T>>> = BTreeMap::new();
    for row in rows {
        let name = identity(&row.row);
        let earlier = known.entry(name.clone()).or_default();
        if let Some(other) = earlier.iter().find(|other| other.overlaps(row)) {
            let until =
                other.to.map_or_else(|| "without an end".to_owned(), |to| format!("to {to}"));
            let message = format!(
                "{name} is given twice for the same days, also from {} {until}: end one before the other",
                other.from
            );
            log.at(row.at, "dates-overlap", message);
        }
        earlier.push(row);
    }
}
