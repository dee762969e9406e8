//! The daily referral import: a table with a header, one line of an order a row. `docs/csv-import.md` is its contract.
//!
//! Rows with the same `referral_id` are one order. An order is taken whole or not at all: when one of its rows is refused,
//! the others are refused with it, so that no line is lost behind an order that was opened without it.
//!
//! **Invariant:** every row below the header is in exactly one unit, so that the report's counts add up. Rows are read one
//! by one; memory grows with the orders only.

mod columns;
mod draft;
mod line;
mod order;
mod party;
mod report;
#[cfg(test)]
mod tests;
mod text;

pub(crate) use columns::{column_key, is_known_column};
pub(crate) use report::reply;
pub(crate) use text::unmarked;

use crate::detect::delimiter;
use crate::{Format, Found, Problem, Reading, Unit};
use columns::Meaning;
use csv::ByteRecord;
use doorstep_vocab::Timestamp;
use draft::Draft;
use std::collections::BTreeMap;

/// Rows taken from one file; a day's referrals are a few thousand.
const ROWS_MAX: u64 = 200_000;
/// Bytes of a cell that is more than a note.
const CELL_BYTES_MAX: usize = 100_000;
/// Warnings about columns.
const UNKNOWN_MAX: usize = 50;

/// Reads a table of referrals.
pub(crate) fn read(bytes: &[u8], received_at: Timestamp) -> Reading {
    let bytes = text::unmarked(bytes);
    let delimiter = delimiter(&bytes).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes.as_ref());
    let mut record = ByteRecord::new();
    if !matches!(reader.read_byte_record(&mut record), Ok(true)) {
        return unsupported("CSV that cannot be read");
    }
    let header = Header::of(&record);
    if let Some(lack) = header.lack() {
        return unsupported(&format!("CSV without referral columns: {lack}"));
    }
    let (orders, by_id, refused) = (Vec::new(), BTreeMap::new(), Vec::new());
    let mut table = Table { header, orders, by_id, refused, beyond: None };
    let mut problems = table.header.problems.clone();
    let mut lines = Lines { at: 0, line: 1 };
    let mut n_rows = 0;
    loop {
        let read = reader.read_byte_record(&mut record);
        let start = record.position().map_or(0, csv::Position::byte);
        let row = lines.of(&bytes, usize::try_from(start).unwrap_or(usize::MAX));
        n_rows += 1;
        match read {
            Ok(false) => break,
            Ok(true) if n_rows <= ROWS_MAX => table.row(row, &record),
            Ok(true) => table.beyond(row),
            Err(_) => {
                let said = "from here on the file cannot be read: check its quotes";
                problems.push(Problem::error("rows-unreadable", place(&[row]), said));
                break;
            }
        }
    }
    Reading { format: Format::Csv, sender: None, units: table.units(received_at), problems }
}

/// Counts lines, so that a row is named as a person finds it, blank lines and all.
struct Lines {
    at: usize,
    line: u64,
}

impl Lines {
    /// Returns the line of the row that starts at or after a place; places only grow.
    fn of(&mut self, bytes: &[u8], start: usize) -> u64 {
        let blanks = bytes.get(start..).unwrap_or_default().iter();
        let n_blanks = blanks.take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let start = (start + n_blanks).min(bytes.len());
        while self.at < start {
            let ends = match bytes[self.at] {
                b'\n' => true,
                b'\r' => bytes.get(self.at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}

fn unsupported(what: &str) -> Reading {
    Reading::whole(Format::Csv, Found::Unsupported { what: what.to_owned() }, Vec::new())
}

/// What the first row says.
struct Header {
    meanings: Vec<Option<Meaning>>,
    problems: Vec<Problem>,
}

impl Header {
    fn of(record: &ByteRecord) -> Self {
        let (mut meanings, mut problems): (Vec<Option<Meaning>>, Vec<Problem>) =
            (Vec::new(), Vec::new());
        for (n, cell) in record.iter().enumerate() {
            let key = column_key(&text::cell(cell));
            let meaning = columns::meaning(&key);
            let column = format!("row 1 column {}", n + 1);
            if let Some(one) = meaning
                && !one.adds_up()
                && meanings.contains(&meaning)
            {
                let said = "a column of the same meaning stands further left: where both are filled, that one counts";
                problems.push(Problem::warning("column-twice", column, said));
            } else if meaning.is_none() && !key.is_empty() && problems.len() < UNKNOWN_MAX {
                let said = "the column is not one of the import's and was left out: see its list of columns";
                problems.push(Problem::warning("column-unknown", column, said));
            }
            meanings.push(meaning);
        }
        Self { meanings, problems }
    }

    /// Returns which needed column is not there. What is there instead may be a row of people, so it is not repeated.
    fn lack(&self) -> Option<&'static str> {
        let has = |name: &str| {
            self.meanings
                .iter()
                .flatten()
                .any(|m| matches!(m, Meaning::Column(c) if c.name == name))
        };
        let named = has("member_name") || has("member_last");
        let orders = ["service_code", "description", "family", "service_line"].into_iter().any(has);
        match (named, orders) {
            (true, true) => None,
            (false, true) => Some("no column for the member's name"),
            (true, false) => Some("no column for what is ordered"),
            (false, false) => Some("no columns for the member's name and for what is ordered"),
        }
    }
}

struct Table {
    header: Header,
    orders: Vec<Draft>,
    /// Where in `orders` a referral id is.
    by_id: BTreeMap<String, usize>,
    refused: Vec<(u64, Problem)>,
    /// The first and the last row after those that are read, and how many there are.
    beyond: Option<(u64, u64, u64)>,
}

impl Table {
    fn row(&mut self, row: u64, record: &ByteRecord) {
        let mut cells: Vec<(Meaning, String)> = Vec::new();
        for (n, bytes) in record.iter().enumerate() {
            if bytes.len() > CELL_BYTES_MAX {
                return self.refuse(
                    row,
                    "cell-too-long",
                    "a cell is too long: check the quotes of the row",
                );
            }
            let value = text::cell(bytes);
            let value = unguarded(value.trim());
            match self.header.meanings.get(n) {
                _ if value.is_empty() => {}
                Some(Some(meaning)) => {
                    let is_first =
                        meaning.adds_up() || cells.iter().all(|(known, _)| known != meaning);
                    cells.extend(is_first.then(|| (*meaning, value.to_owned())));
                }
                Some(None) => {}
                None => {
                    let said =
                        "the row has more cells than the header: check its quotes and delimiters";
                    return self.refuse(row, "row-too-long", said);
                }
            }
        }
        if cells.is_empty() {
            return self.refuse(row, "row-empty", "the row is empty: leave it out");
        }
        let id = cells.iter().find_map(|(meaning, value)| match meaning {
            Meaning::Column(column) if column.name == "referral_id" => Some(value.clone()),
            _ => None,
        });
        let at = match id {
            Some(id) => *self.by_id.entry(id).or_insert(self.orders.len()),
            None => self.orders.len(),
        };
        if at == self.orders.len() {
            self.orders.push(Draft::default());
        }
        self.orders[at].add(row, cells.into_iter());
    }

    /// Counts a row of a file that has too many.
    fn beyond(&mut self, row: u64) {
        let (first, _, n) = self.beyond.unwrap_or((row, row, 0));
        self.beyond = Some((first, row, n + 1));
    }

    fn refuse(&mut self, row: u64, code: &str, said: &str) {
        self.refused.push((row, Problem::error(code, format!("row {row}"), said)));
    }

    fn units(self, received_at: Timestamp) -> Vec<Unit> {
        let mut units: Vec<(u64, Unit)> = Vec::new();
        for draft in self.orders {
            let first = draft.rows.first().copied().unwrap_or_default();
            units.push((first, order::unit(draft, received_at)));
        }
        units.extend(self.refused.into_iter().map(|(row, problem)| (row, refused(row, problem))));
        if let Some((first, last, n)) = self.beyond {
            let said = format!(
                "these rows were not read, for a file may have {ROWS_MAX}: send them in another"
            );
            let problem = Problem::error("too-many-rows", format!("row {first}"), said);
            let place = format!("rows {first} to {last} ({n} rows)");
            units.push((first, Unit { place, ..refused(first, problem) }));
        }
        units.sort_by_key(|(row, _)| *row);
        if units.is_empty() {
            let problem =
                Problem::warning("no-rows", "row 2", "the table has a header and no rows");
            let found = Found::Unsupported { what: "CSV without rows".to_owned() };
            units.push((
                0,
                Unit { place: String::new(), key: String::new(), found, problems: vec![problem] },
            ));
        }
        units.into_iter().map(|(_, unit)| unit).collect()
    }
}

fn refused(row: u64, problem: Problem) -> Unit {
    Unit {
        place: place(&[row]),
        key: String::new(),
        found: Found::Refused,
        problems: vec![problem],
    }
}

/// Writes the rows of a unit: `row 12`, `rows 12, 14`.
fn place(rows: &[u64]) -> String {
    let shown: Vec<String> = rows.iter().map(u64::to_string).collect();
    let word = if rows.len() == 1 { "row" } else { "rows" };
    format!("{word} {}", shown.join(", "))
}

/// Returns how many rows of a table a unit is.
pub fn n_rows(place: &str) -> usize {
    let beyond =
        place.strip_suffix(" rows)").and_then(|text| text.rsplit_once('(')?.1.parse().ok());
    beyond.unwrap_or_else(|| rows_of(place).len())
}

/// Reads a unit's place back; of rows that were not read, the first.
fn rows_of(place: &str) -> Vec<u64> {
    let rows =
        place.strip_prefix("rows ").or_else(|| place.strip_prefix("row ")).unwrap_or_default();
    let rows = rows.split(" to ").next().unwrap_or_default();
    rows.split(", ").filter_map(|row| row.parse().ok()).collect()
}

/// Takes off the apostrophe that keeps a spreadsheet from reading a cell as a formula.
fn unguarded(value: &str) -> &str {
    let inside = value.strip_prefix('\'');
    inside.filter(|inside| inside.starts_with(['=', '+', '-', '@'])).unwrap_or(value)
}
