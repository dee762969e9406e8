//! What was measured, as a table for people or as JSON.

use crate::intake::Intake;
use crate::reading::{Reading, Way};
use anyhow::Result;
use serde::Serialize;
use std::fmt::Write as _;

/// What X12 segments have to be counted at, as a share of a bare scan.
const BAR_TOKENISING: f64 = 0.3;

/// What an intake has to be on SQLite, as a share of the floor.
const BAR_SQLITE: f64 = 0.4;

/// The same on PostgreSQL, where each group of rows goes over a socket.
const BAR_POSTGRES: f64 = 0.3;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Reading without a store, by dialect.
    pub readings: Vec<Reading>,
    /// Intakes, by engine and dialect.
    pub intakes: Vec<Intake>,
}

/// A ratio and what it has to be.
struct Bar {
    name: String,
    ratio: f64,
    least: f64,
}

impl Report {
    fn bars(&self) -> Vec<Bar> {
        let counted = self.readings.iter().flat_map(|reading| &reading.ways);
        let counted = counted.filter(|way| way.what == "segments counted").map(|way| Bar {
            name: "X12 tokenising".to_owned(),
            ratio: way.ratio,
            least: BAR_TOKENISING,
        });
        let intakes = self.intakes.iter().map(|intake| {
            let engine = intake.engine.split(' ').next().unwrap_or_default();
            Bar {
                name: format!("{} intake on {engine}, {} waiting", intake.dialect, intake.waiting),
                ratio: intake.ratio,
                least: if engine == "SQLite" { BAR_SQLITE } else { BAR_POSTGRES },
            }
        });
        counted.chain(intakes).collect()
    }

    /// Returns which ratios are below their bars.
    pub fn below_bar(&self) -> Vec<String> {
        let low = self.bars().into_iter().filter(|bar| bar.ratio < bar.least);
        low.map(|bar| format!("{} {:.2}, not {:.2}", bar.name, bar.ratio, bar.least)).collect()
    }

    /// Returns everything as JSON.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// Returns everything as text.
    pub fn text(&self) -> String {
        let lines = self.readings.iter().flat_map(of_reading);
        let lines = lines.chain(self.intakes.iter().flat_map(of_intake));
        lines.fold(String::new(), |mut text, line| {
            writeln!(text, "{line}").expect("a String takes all that is written");
            text
        })
    }
}

fn of_reading(reading: &Reading) -> Vec<String> {
    let Reading { dialect, megabytes, parts, ways } = reading;
    let head = format!("{dialect}, {megabytes:.1} MB, {parts} segments or entries");
    let way = |Way { what, mb_s, ratio }: &Way| {
        format!("  {what:<22} {mb_s:>8.0} MB for a second of processor time   ratio {ratio:.2}")
    };
    let lines = [head].into_iter().chain(ways.iter().map(way));
    lines.chain([String::new()]).collect()
}

fn of_intake(intake: &Intake) -> Vec<String> {
    let Intake { engine, dialect, orders, waiting, message_bytes, .. } = intake;
    let Intake { rows_each, bytes_each, daily, .. } = intake;
    vec![
        format!(
            "{dialect} intake, {orders} messages of {message_bytes} bytes, {waiting} waiting at a time"
        ),
        format!("  {engine}"),
        format!(
            "  intake  {:>8.0} cases/s        {:>7.0} µs of processor time each",
            intake.cases_s, intake.cpu_us
        ),
        format!(
            "  floor   {:>8.0} transactions/s {:>7.0} µs of processor time each",
            intake.floor_s, intake.floor_cpu_us
        ),
        format!("  ratio   {:>8.2}", intake.ratio),
        format!(
            "  a case is {rows_each:.1} rows and {bytes_each:.0} bytes; {:.3} commits to the disk",
            intake.commits_each
        ),
        format!(
            "  changed {:>8.0} triages/s      {:>7.0} µs of processor time each",
            daily.acts_s, daily.act_cpu_us
        ),
        format!(
            "  a worklist page in {:.2} ms, 99 of 100 in {:.2} ms",
            daily.page_p50_ms, daily.page_p99_ms
        ),
        String::new(),
    ]
}

#[cfg(test)]
mod tests {
    use super::Report;
    use crate::reading::{Reading, Way};

    #[test]
    fn a_ratio_below_its_bar_is_said() {
        let way = |ratio| Way { what: "segments counted", mb_s: 1.0, ratio };
        let report = |ratio| Report {
            readings: vec![Reading {
                dialect: "X12 278",
                megabytes: 1.0,
                parts: 1,
                ways: vec![way(ratio)],
            }],
            intakes: Vec::new(),
        };
        assert_eq!(report(0.31).below_bar(), [""; 0]);
        assert_eq!(report(0.29).below_bar(), ["X12 tokenising 0.29, not 0.30"]);
    }
}
