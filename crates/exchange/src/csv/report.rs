//! The report of an import, itself a table: a line for every row, then the counts.
//!
//! Columns: `row`, `outcome`, `case`, `code`, `where`, `message`. A row's first problem stands beside it; further ones follow
//! as lines whose outcome is `also`. Lines of the file as a whole have the row `file`. The last line has the row `total`.

use super::{n_rows, rows_of};
use crate::{Level, Outcome, Problem, Reading, Reply, UnitOutcome};
use std::collections::BTreeMap;

/// The outcomes in the order of the counts.
const OUTCOMES: [Outcome; 6] = [
    Outcome::Opened,
    Outcome::Linked,
    Outcome::Updated,
    Outcome::Queued,
    Outcome::Refused,
    Outcome::Unsupported,
];

/// Writes the report.
pub(crate) fn reply(reading: &Reading, outcomes: &[UnitOutcome]) -> Reply {
    let mut report = Report { text: String::new(), counts: BTreeMap::new(), n_rows: 0 };
    report.line(["row", "outcome", "case", "code", "where", "message"]);
    for problem in &reading.problems {
        report.line([
            "file",
            problem.level_name(),
            "",
            &problem.code,
            &problem.at,
            &problem.message,
        ]);
    }
    let mut lines: Vec<(u64, Vec<[String; 5]>)> = Vec::new();
    for (unit, outcome) in reading.units.iter().zip(outcomes) {
        let problems: Vec<&Problem> = unit.problems.iter().chain(&outcome.problems).collect();
        let rows = rows_of(&unit.place);
        report.count(outcome.outcome, n_rows(&unit.place));
        for row in &rows {
            let is_first = Some(row) == rows.first();
            lines.push((*row, of_row(*row, is_first, outcome, &problems)));
        }
        if rows.is_empty() {
            lines.push((0, of_row(0, true, outcome, &problems)));
        }
    }
    lines.sort_by_key(|(row, _)| *row);
    for (row, cells) in lines {
        let row = if row == 0 { "file".to_owned() } else { row.to_string() };
        for [outcome, case, code, at, message] in &cells {
            report.line([row.as_str(), outcome, case, code, at, message]);
        }
    }
    report.total();
    Reply { media_type: "text/csv; charset=utf-8", bytes: report.text.into_bytes() }
}

/// The lines of one row: its outcome, with the problems that stand in it. What names no row stands beside the first.
fn of_row(
    row: u64,
    is_first: bool,
    outcome: &UnitOutcome,
    problems: &[&Problem],
) -> Vec<[String; 5]> {
    let own = format!("row {row}");
    let is_own = |problem: &&&Problem| {
        let names_row = problem.at.starts_with("row ");
        let is_here = problem.at == own || problem.at.starts_with(&format!("{own} "));
        is_here || (is_first && !names_row)
    };
    let mut here: Vec<&Problem> = problems.iter().filter(is_own).copied().collect();
    here.sort_by_key(|problem| std::cmp::Reverse(problem.level));
    let case = outcome.number.as_ref().map(ToString::to_string).unwrap_or_default();
    let name = outcome.outcome.name().to_owned();
    let mut lines: Vec<[String; 5]> = Vec::new();
    for problem in here {
        let outcome = if lines.is_empty() { name.clone() } else { "also".to_owned() };
        lines.push([
            outcome,
            case.clone(),
            problem.code.clone(),
            problem.at.clone(),
            problem.message.clone(),
        ]);
    }
    if lines.is_empty() {
        let message = match outcome.outcome {
            Outcome::Refused => {
                "another row of the same referral_id is refused: correct it and send them all again"
            }
            Outcome::Queued => "a person will look at it",
            Outcome::Opened | Outcome::Linked | Outcome::Updated | Outcome::Unsupported => "",
        };
        lines.push([name, case, String::new(), String::new(), message.to_owned()]);
    }
    lines
}

impl Problem {
    fn level_name(&self) -> &'static str {
        match self.level {
            Level::Warning => "warning",
            Level::Error => "error",
        }
    }
}

struct Report {
    text: String,
    counts: BTreeMap<&'static str, usize>,
    n_rows: usize,
}

impl Report {
    fn count(&mut self, outcome: Outcome, n_rows: usize) {
        self.n_rows += n_rows;
        *self.counts.entry(outcome.name()).or_default() += n_rows;
    }

    /// `rows=5 opened=3 …`: the rows are the sum of the others.
    fn total(&mut self) {
        let counts = OUTCOMES.map(|outcome| {
            let n = self.counts.get(outcome.name()).copied().unwrap_or(0);
            format!("{}={n}", outcome.name())
        });
        let said = format!("rows={} {}", self.n_rows, counts.join(" "));
        self.line(["total", "", "", "", "", &said]);
    }

    fn line(&mut self, cells: [&str; 6]) {
        let cells: Vec<String> = cells.into_iter().map(cell).collect();
        self.text.push_str(&cells.join(","));
        self.text.push_str("\r\n");
    }
}

/// Writes a cell that no spreadsheet takes for a formula, in quotes where it needs them.
fn cell(value: &str) -> String {
    let guarded = if value.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{value}")
    } else {
        value.to_owned()
    };
    let needs_quotes = guarded.contains([',', '"', '\n', '\r']);
    if needs_quotes { format!("\"{}\"", guarded.replace('"', "\"\"")) } else { guarded }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_is_a_formula() {
        for value in ["=1+1", "+1", "-1", "@x", "\tx", "\rx"] {
            assert!(cell(value).trim_start_matches('"').starts_with('\''), "{value}");
        }
        assert_eq!(cell("a \"b\", c"), "\"a \"\"b\"\", c\"");
        assert_eq!(cell("HC-260105-000042-1"), "HC-260105-000042-1");
    }
}
