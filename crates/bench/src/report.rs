//! What was measured, as a table for people or as JSON.

use crate::intake::Intake;
use crate::tokenising::Tokenising;
use anyhow::Result;
use serde::Serialize;
use std::fmt::Write as _;

/// No ratio may be lower.
pub const BAR: f64 = 0.2;

/// Everything that was measured.
#[derive(Debug, Serialize)]
pub struct Report {
    /// Cutting X12.
    pub tokenising: Tokenising,
    /// Intakes, by engine and dialect.
    pub intakes: Vec<Intake>,
}

impl Report {
    /// Returns the ratios with their names.
    fn ratios(&self) -> Vec<(String, f64)> {
        let tokenising = ("X12 tokenising".to_owned(), self.tokenising.count_ratio);
        let intakes = self.intakes.iter().map(|intake| {
            let engine = intake.engine.split(' ').next().unwrap_or_default();
            (format!("{} intake on {engine}", intake.dialect), intake.ratio)
        });
        [tokenising].into_iter().chain(intakes).collect()
    }

    /// Returns which ratios are below [`BAR`].
    pub fn below_bar(&self) -> Vec<String> {
        let low = self.ratios().into_iter().filter(|(_, ratio)| *ratio < BAR);
        low.map(|(name, ratio)| format!("{name} {ratio:.2}")).collect()
    }

    /// Returns everything as JSON.
    pub fn json(&self) -> Result<String> {
        Ok(serde_json::to_string_pretty(self)?)
    }

    /// Returns everything as text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for line in self.lines() {
            writeln!(text, "{line}").expect("a String takes all that is written");
        }
        text
    }

    fn lines(&self) -> Vec<String> {
        let Tokenising { megabytes, segments, scan_mb_s: scan, .. } = self.tokenising;
        let tokenising = &self.tokenising;
        let walk = |name: &str, speed: f64, ratio: f64| {
            format!("  {name:<22} {speed:>8.0} MB/s   ratio {ratio:.2}")
        };
        let mut lines = vec![
            format!("X12 tokenising, {megabytes:.1} MB of 278 requests, {segments} segments"),
            walk("bare memchr scan", scan, 1.0),
            walk("segments counted", tokenising.count_mb_s, tokenising.count_ratio),
            walk("segments, one by one", tokenising.segments_mb_s, tokenising.segments_ratio),
            walk("all elements", tokenising.elements_mb_s, tokenising.elements_ratio),
        ];
        for intake in &self.intakes {
            lines.extend(of_intake(intake));
        }
        lines
    }
}

fn of_intake(intake: &Intake) -> Vec<String> {
    let Intake { engine, dialect, orders, message_bytes, rows_each, bytes_each, .. } = intake;
    let daily = &intake.daily;
    vec![
        String::new(),
        format!(
            "{dialect} intake, {orders} messages of {message_bytes} bytes, 64 waiting at a time"
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
            "  then: {:.0} triages/s; a worklist page in {:.2} ms, 99 of 100 in {:.2} ms",
            daily.acts_s, daily.page_p50_ms, daily.page_p99_ms
        ),
    ]
}
