//! Many cases out of a few: rows of real intakes, copied with other ids, numbers, names and times, so that a million stand in
//! minutes. Indexes, page layouts and row sizes are those of real cases; only what is in a state is the original's.

use crate::floor::tables;
use anyhow::{Context as _, Result};
use doorstep_app::App;
use doorstep_db::{DbError, Row, Tx, Value, params};
use doorstep_vocab::CaseNumber;
use std::ops::Range;

/// Copies that one transaction makes.
const AT_ONCE: u32 = 500;

/// Of ten cases so many are closed: a hub keeps what it has done.
const CLOSED_OF_TEN: u32 = 7;

/// What lies between the deadlines of one copy and the next, in microseconds.
const APART: i64 = 37_000_000;

/// One table's rows of the originals.
struct Table {
    insert: String,
    columns: Vec<&'static str>,
    rows: Vec<(usize, Vec<Value>)>,
}

/// The rows of some cases, by table.
pub struct Originals {
    tables: Vec<Table>,
    n_cases: u32,
}

impl Originals {
    /// Reads every row that belongs to a case.
    pub fn read(hub: &App) -> Result<Self> {
        let sql = "SELECT case_id FROM case_head ORDER BY case_id";
        let cases = hub.db.read(|tx| tx.query(sql, params![]))?;
        let cases: Vec<String> =
            cases.iter().map(|row| Ok(row.text("case_id")?.to_owned())).collect::<Result<_>>()?;
        // Entries of searches are made by the program itself, of the copies.
        let of_case = tables().into_iter().filter(|(name, columns)| {
            columns.iter().any(|(column, _)| *column == "case_id")
                && !name.starts_with("audit")
                && *name != "search_key"
        });
        let mut all = Vec::new();
        for (name, columns) in of_case {
            let columns: Vec<&str> = columns.iter().map(|(column, _)| *column).collect();
            all.push(Table::read(hub, name, columns, &cases)?);
        }
        Ok(Self { tables: all, n_cases: u32::try_from(cases.len())? })
    }

    /// Makes copies by their numbers.
    pub fn copy(&self, hub: &App, numbers: Range<u32>) -> Result<()> {
        for from in numbers.clone().step_by(AT_ONCE as usize) {
            let some = from..numbers.end.min(from + AT_ONCE);
            hub.db.write("copy cases", |tx| {
                self.tables.iter().try_for_each(|table| table.copy(tx, some.clone(), self.n_cases))
            })?;
        }
        Ok(())
    }
}

impl Table {
    fn read(hub: &App, name: &str, columns: Vec<&'static str>, cases: &[String]) -> Result<Self> {
        let places: Vec<String> = (1..=columns.len()).map(|at| format!("${at}")).collect();
        let names = columns.join(", ");
        let insert = format!("INSERT INTO {name} ({names}) VALUES ({})", places.join(", "));
        let sql = format!("SELECT {names} FROM {name} WHERE case_id IS NOT NULL");
        let found = hub.db.read(|tx| tx.query(&sql, params![]))?;
        let values = |row: &Row| -> Result<(usize, Vec<Value>)> {
            let case_id = row.text("case_id")?;
            let at = cases.binary_search_by(|known| known.as_str().cmp(case_id));
            let values = columns.iter().map(|column| row.value(column).cloned());
            Ok((at.ok().context("a row of a case")?, values.collect::<Result<_, DbError>>()?))
        };
        let rows = found.iter().map(values).collect::<Result<_>>()?;
        Ok(Self { insert, columns, rows })
    }

    fn copy(
        &self,
        tx: &mut Tx<'_>,
        numbers: Range<u32>,
        n_cases: u32,
    ) -> std::result::Result<(), DbError> {
        for number in numbers {
            let original = usize::try_from(number % n_cases).unwrap_or_default();
            for (_, values) in self.rows.iter().filter(|(case, _)| *case == original) {
                let names = self.columns.iter().zip(values);
                let values: Vec<Value> =
                    names.map(|(column, value)| changed(column, value, number)).collect();
                tx.execute(&self.insert, &values)?;
            }
        }
        Ok(())
    }
}

/// What a column of copy `number` holds, where it is not what the original has.
fn changed(column: &str, value: &Value, number: u32) -> Value {
    let is_closed = number % 10 < CLOSED_OF_TEN;
    let later = APART * i64::from(number);
    match (column, value) {
        ("case_id", _) => Value::from(case_id(number)),
        ("number", _) => Value::from(case_number(number)),
        ("receipt_id", Value::Text(_)) => Value::from(format!("r{}", case_id(number))),
        ("key" | "hash", Value::Text(text)) => Value::from(format!("{number:08x}{text}")),
        ("member_sort" | "name_key" | "given_key" | "family", Value::Text(text)) => {
            Value::from(format!("{}{text}", letters(number)))
        }
        ("member_id_norm" | "member_id", Value::Text(text)) => {
            Value::from(format!("{}{text}", letters(number).to_uppercase()))
        }
        ("birth_on", Value::Text(_)) => Value::from(birth_on(number)),
        ("status", _) if is_closed => Value::from("closed"),
        ("closed_at", _) if is_closed => Value::from(later),
        ("sort_at", _) if is_closed => Value::from(closed_sort_at(number)),
        ("sort_at" | "clock_due_at" | "due_at" | "next_at" | "run_at", Value::Int(at)) => {
            Value::from(at + later)
        }
        ("at_risk", _) => Value::from(number % 20 == 9),
        ("escalation_level", _) => Value::from(u32::from(number % 100 == 9)),
        _ => value.clone(),
    }
}

/// The place of a closed copy in lists: the newest come first.
pub fn closed_sort_at(number: u32) -> i64 {
    -APART * i64::from(number)
}

/// Sorts by number, after those of real intakes.
pub fn case_id(number: u32) -> String {
    format!("f{number:07}{}", "c0".repeat(12))
}

/// Returns the number that people read.
pub fn case_number(number: u32) -> String {
    let day = "2026-01-05".parse().expect("a day");
    CaseNumber::new(day, number).as_str().to_owned()
}

/// A day of some 36,000, so that a day has as many members in a store of a million as it has in the country.
pub fn birth_on(number: u32) -> String {
    let scattered = number.wrapping_mul(2_654_435_761) >> 8;
    let (year, month, day) =
        (1925 + scattered % 90, 1 + scattered / 90 % 12, 1 + scattered / 1080 % 28);
    format!("{year}-{month:02}-{day:02}")
}

/// Family names in a store: many have the same, as in the country.
const NAMES: u32 = 60_000;

/// A number in letters, so that names differ from their beginning on.
pub fn letters(number: u32) -> String {
    let scattered = (number % NAMES).wrapping_mul(2_654_435_761);
    (0..6)
        .map(|at| char::from(b'a' + u8::try_from(scattered >> (5 * at) & 15).unwrap_or(0)))
        .collect()
}
