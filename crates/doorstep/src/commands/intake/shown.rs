//! What is printed of each file and of all of them.

use super::Unread;
use crate::output::{say, say_json};
use doorstep_app::intake::Taken;
use doorstep_exchange::{Outcome, Problem, n_rows};
use serde::Serialize;
use std::collections::BTreeMap;

/// What is printed of a file with `--json`.
#[derive(Serialize)]
struct Line<'a> {
    path: &'a str,
    format: &'a str,
    outcome: &'a str,
    cases: Vec<String>,
    problems: Vec<Told<'a>>,
}

/// A problem as programs read it.
#[derive(Serialize)]
struct Told<'a> {
    code: &'a str,
    #[serde(rename = "where")]
    at: &'a str,
    message: &'a str,
}

impl<'a> From<&'a Problem> for Told<'a> {
    fn from(problem: &'a Problem) -> Self {
        Self { code: &problem.code, at: &problem.at, message: &problem.message }
    }
}

#[derive(Default, Serialize)]
struct Summary {
    files: usize,
    opened: usize,
    linked: usize,
    updated: usize,
    queued: usize,
    refused: usize,
    unsupported: usize,
    /// Orders, messages and rows by outcome: a file may hold many.
    units: BTreeMap<&'static str, usize>,
    /// The rows of lists by outcome. Their sum is the number of rows.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    rows: BTreeMap<&'static str, usize>,
}

impl Summary {
    fn count(&mut self, outcome: Outcome) {
        self.files += 1;
        match outcome {
            Outcome::Opened => self.opened += 1,
            Outcome::Linked => self.linked += 1,
            Outcome::Updated => self.updated += 1,
            Outcome::Queued => self.queued += 1,
            Outcome::Refused => self.refused += 1,
            Outcome::Unsupported => self.unsupported += 1,
        }
    }
}

/// Prints as files come, and counts.
pub(super) struct Shown {
    json: bool,
    summary: Summary,
}

impl Shown {
    pub(super) fn new(json: bool) -> Self {
        Self { json, summary: Summary::default() }
    }

    /// Prints what became of a file.
    pub(super) fn file(&mut self, path: &str, taken: &Taken) -> anyhow::Result<()> {
        self.summary.count(taken.outcome);
        let rows = rows(taken);
        for unit in &taken.units {
            *self.summary.units.entry(unit.outcome.name()).or_default() += 1;
        }
        for (outcome, n) in &rows {
            *self.summary.rows.entry(outcome).or_default() += n;
        }
        let mut cases: Vec<String> = taken
            .units
            .iter()
            .filter_map(|unit| unit.number.as_ref())
            .map(ToString::to_string)
            .collect();
        cases.dedup();
        let units = taken.units.iter().flat_map(|unit| &unit.problems);
        let problems = taken.problems.iter().chain(units).map(Told::from).collect();
        let (format, outcome) = (&taken.format, taken.outcome.name());
        self.line(&Line { path, format, outcome, cases, problems })?;
        if !self.json && !rows.is_empty() {
            say(format!("             {}", equation(&rows)))?;
        }
        Ok(())
    }

    /// Prints why a file could not be read.
    pub(super) fn unread(&mut self, path: &str, unread: &Unread) -> anyhow::Result<()> {
        self.summary.count(Outcome::Refused);
        let problems = vec![Told { code: unread.code, at: "file", message: &unread.message }];
        let (format, outcome) = ("unknown", Outcome::Refused.name());
        self.line(&Line { path, format, outcome, cases: Vec::new(), problems })
    }

    fn line(&self, line: &Line) -> anyhow::Result<()> {
        if self.json {
            return say_json(line);
        }
        let Line { path, format, outcome, cases, problems } = line;
        say(format!("{outcome:<11}  {format:<9}  {path}  {}", cases.join(" ")))?;
        for problem in problems {
            say(format!("             {} at {}: {}", problem.code, problem.at, problem.message))?;
        }
        Ok(())
    }

    /// Prints the summary.
    pub(super) fn finish(&self) -> anyhow::Result<()> {
        let summary = &self.summary;
        if self.json {
            return say_json(&serde_json::json!({ "summary": summary }));
        }
        let Summary { files, opened, linked, updated, queued, refused, unsupported, .. } = summary;
        say(format!(
            "{files} files: {opened} opened, {linked} linked, {updated} updated, {queued} queued for a person, \
             {refused} refused, {unsupported} unsupported"
        ))?;
        let units: Vec<String> =
            summary.units.iter().map(|(name, n)| format!("{n} {name}")).collect();
        say(format!("orders, messages and rows in them: {}", units.join(", ")))?;
        if summary.rows.is_empty() { Ok(()) } else { say(equation(&summary.rows)) }
    }
}

/// Returns the rows of a list by outcome; of any other file nothing.
fn rows(taken: &Taken) -> BTreeMap<&'static str, usize> {
    let mut rows = BTreeMap::new();
    for unit in &taken.units {
        let n = n_rows(&unit.place);
        if n > 0 {
            *rows.entry(unit.outcome.name()).or_default() += n;
        }
    }
    rows
}

/// `rows 12 = opened 9 + linked 2 + refused 1`: the three are always told, others when there are any.
fn equation(rows: &BTreeMap<&'static str, usize>) -> String {
    let total: usize = rows.values().sum();
    let count = |name: &str| rows.get(name).copied().unwrap_or_default();
    let told = ["opened", "linked", "refused"].map(|name| format!("{name} {}", count(name)));
    let others = ["updated", "queued", "unsupported"].into_iter().filter(|name| count(name) > 0);
    let others = others.map(|name| format!("{name} {}", count(name)));
    let parts: Vec<String> = told.into_iter().chain(others).collect();
    format!("rows {total} = {}", parts.join(" + "))
}

#[cfg(test)]
mod tests {
    use super::equation;

    #[test]
    fn the_rows_are_the_sum_of_what_became_of_them() {
        let rows = [("opened", 9), ("queued", 1), ("refused", 2)].into();
        assert_eq!(equation(&rows), "rows 12 = opened 9 + linked 0 + refused 2 + queued 1");
    }
}
