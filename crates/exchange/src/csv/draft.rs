//! The rows of one order, gathered before it is read: the first row that fills a column gives its value.

use super::columns::{Column, Meaning};
use crate::Problem;
use doorstep_case::Item;
use std::collections::BTreeMap;

/// Columns that say who the member is: rows of one order must agree on them.
const IDENTITY: [&str; 5] = ["member_last", "member_first", "member_name", "dob", "member_id"];
/// Rows of one order that are read: no more than people look through.
const ROWS_MAX: usize = 500;

/// A value and the row it stood in.
pub(super) type Cell = (u64, String);

/// One row's line.
#[derive(Debug, Default)]
pub(super) struct DraftLine {
    /// The row.
    pub row: u64,
    /// Values by column.
    pub cells: BTreeMap<&'static str, String>,
    /// Modifiers of numbered columns.
    pub modifiers: Vec<String>,
}

/// One order.
#[derive(Debug, Default)]
pub(super) struct Draft {
    /// The rows it came from, in their order.
    pub rows: Vec<u64>,
    /// Values of the whole order.
    pub cells: BTreeMap<&'static str, Cell>,
    /// Values that add up: diagnoses and notes, with their column.
    pub added: Vec<(&'static str, Cell)>,
    /// Diagnoses of numbered columns by their number.
    pub diagnoses: BTreeMap<u8, Vec<Cell>>,
    /// Facts by item.
    pub items: BTreeMap<Item, Cell>,
    /// One for each row.
    pub lines: Vec<DraftLine>,
    /// What is wrong between rows.
    pub problems: Vec<Problem>,
}

impl Draft {
    /// Adds a row: its cells with what their columns mean.
    pub fn add(&mut self, row: u64, cells: impl Iterator<Item = (Meaning, String)>) {
        self.rows.push(row);
        if self.rows.len() > ROWS_MAX {
            self.problems.extend((self.rows.len() == ROWS_MAX + 1).then(|| too_long(row)));
            return;
        }
        let mut line = DraftLine { row, ..DraftLine::default() };
        for (meaning, value) in cells {
            match meaning {
                Meaning::Column(column) if column.of_line => {
                    line.cells.entry(column.name).or_insert(value);
                }
                Meaning::Column(column) => self.set(column, row, value),
                Meaning::Diagnosis(n) => self.diagnoses.entry(n).or_default().push((row, value)),
                Meaning::Modifier(_) => line.modifiers.push(value),
                Meaning::Item(item) => {
                    let known = self.items.entry(item).or_insert_with(|| (row, value.clone()));
                    if known.1 != value {
                        let at = at(row, item.name());
                        self.problems.push(differs(&at, known.0));
                    }
                }
            }
        }
        self.lines.push(line);
    }

    fn set(&mut self, column: &'static Column, row: u64, value: String) {
        if Meaning::Column(column).adds_up() {
            self.added.push((column.name, (row, value)));
            return;
        }
        let known = self.cells.entry(column.name).or_insert_with(|| (row, value.clone()));
        if known.1.eq_ignore_ascii_case(&value) {
            return;
        }
        let place = at(row, column.name);
        if IDENTITY.contains(&column.name) {
            let said = format!(
                "it differs from row {} of the same referral_id: one referral is one member's",
                known.0
            );
            self.problems.push(Problem::error("member-differs", place, said));
        } else {
            self.problems.push(differs(&place, known.0));
        }
    }

    /// Returns a value of the whole order.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.cells.get(name).map(|(_, value)| value.as_str())
    }

    /// Returns a value with the place it stood at.
    pub fn placed(&self, name: &'static str) -> Option<(&str, String)> {
        let (row, value) = self.cells.get(name)?;
        Some((value.as_str(), at(*row, name)))
    }
}

/// Writes the place of a cell.
pub(super) fn at(row: u64, column: &str) -> String {
    format!("row {row} column {column}")
}

fn too_long(row: u64) -> Problem {
    let said = format!(
        "the order has more than {ROWS_MAX} rows: give each referral a referral_id of its own"
    );
    Problem::error("order-too-long", format!("row {row}"), said)
}

fn differs(at: &str, first: u64) -> Problem {
    let said = format!("it differs from row {first} of the same referral_id: the first was kept");
    Problem::warning("row-differs", at, said)
}
