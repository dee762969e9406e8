//! ICD-10-CM diagnosis codes, checked against the list that was in force on a date.
//!
//! The lists are works of the US government (NCHS, CMS), in the public domain; only the codes are kept. Made by
//! `cargo xtask data icd10` from five releases, in force from: 2018-10-01 (order file FY2019), 2021-01-01 (order file
//! January 2021), 2023-10-01 (codes file FY2024), 2025-04-01 and 2026-04-01 (code lists of those dates).
//!
//! What the data cannot know is settled in favour of the sender, because a code refused by mistake stops care and a
//! code let through is still judged by the payer:
//!
//! - between two known releases, a code passes when it was a leaf in either ([`Icd10::list_is_exact`] is false);
//! - before the first release the first one is assumed, and after the last the last.
//!
//! **Invariant:** the rows are sorted and of one width, so that a look-up is a binary search and nothing is read at
//! the start.

use crate::problem::{CodeProblem, quoted};
use crate::text_code::text_code;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A code in seven characters, a mark, a line end.
static ROWS: &[u8] = include_bytes!("../data/icd10.txt");
/// `FROM TO`, a line for each bit of a mark, from the lowest.
static RELEASES: &str = include_str!("../data/icd10_releases.txt");

/// Bytes of a row.
const ROW: usize = 9;
/// Bytes of a row's code, padded with spaces.
const CODE: usize = 7;
/// The mark of no release; bit n of what is above it is the nth release.
const MARK_ZERO: u8 = b'0';

/// A diagnosis code of the right form, in upper case and with its dot. Whether it may be billed depends on a date.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Icd10(String);

text_code!(Icd10, parse_shape);

impl Icd10 {
    /// Reads a code that may be billed for a service on `on`; case and the dot are forgiven.
    ///
    /// Problems: `icd10-format`; `icd10-not-leaf` for a category; `icd10-not-valid-on-date` for a code of another
    /// date's list; `icd10-unknown`.
    pub fn parse(text: &str, on: Date) -> Result<Self, CodeProblem> {
        let code = Self::shape(text).ok_or_else(|| malformed(text))?;
        let marks = releases_on(on);
        let bare = code.without_dot();
        let at = first_row_from(&bare);
        let known = row(at).filter(|(found, _)| *found == bare.as_bytes());
        if known.is_some_and(|(_, mark)| mark & marks != 0) {
            return Ok(code);
        }
        let children =
            || (at..).map_while(row).take_while(|(found, _)| found.starts_with(bare.as_bytes()));
        if children().any(|(_, mark)| mark & marks != 0) {
            let message = format!("{code} has more specific codes under it: choose one of them");
            return Err(CodeProblem::new("icd10-not-leaf", message));
        }
        if children().next().is_some() {
            let message = format!("{code} was not in force on {on}: choose a code that was");
            return Err(CodeProblem::new("icd10-not-valid-on-date", message));
        }
        let message = format!(
            "{code} is in no list of diagnosis codes from 2018 on: check it with whoever sent it"
        );
        Err(CodeProblem::new("icd10-unknown", message))
    }

    /// Reads a code by its form only: a letter, two letters or digits, and up to four more after a dot.
    pub fn shape(text: &str) -> Option<Self> {
        let upper = text.trim().to_ascii_uppercase();
        let (category, rest) = upper.split_at_checked(3)?;
        let detail = match rest.strip_prefix('.') {
            Some("") => return None,
            Some(after_dot) => after_dot,
            None => rest,
        };
        let fits = category.starts_with(|c: char| c.is_ascii_uppercase())
            && detail.len() <= 4
            && category.bytes().chain(detail.bytes()).all(|b| b.is_ascii_alphanumeric());
        let dot = if detail.is_empty() { "" } else { "." };
        fits.then(|| Self(format!("{category}{dot}{detail}")))
    }

    /// Returns the code with its dot, such as `J44.9`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the code as X12 carries it, without the dot.
    pub fn without_dot(&self) -> String {
        self.0.replace('.', "")
    }

    /// Returns whether the built-in list for `on` is that very date's, rather than the nearest ones known. A door
    /// that must not refuse too much keeps a code of the right form on other dates and warns.
    pub fn list_is_exact(on: Date) -> bool {
        releases().any(|(from, to)| from <= on && on <= to)
    }

    /// Reads what was written by `as_str`: the form is checked, not the date, which the text does not hold.
    fn parse_shape(text: &str) -> Result<Self, CodeProblem> {
        Self::shape(text).ok_or_else(|| malformed(text))
    }
}

fn malformed(text: &str) -> CodeProblem {
    let message =
        format!("{} is not a diagnosis code: write an ICD-10-CM code such as J44.9", quoted(text));
    CodeProblem::new("icd10-format", message)
}

fn releases() -> impl Iterator<Item = (Date, Date)> {
    RELEASES.lines().filter_map(|line| {
        let (from, to) = line.split_once(' ')?;
        Some((from.parse().ok()?, to.parse().ok()?))
    })
}

/// Returns the bits of the releases that speak for a date: its own one, or those before and after it.
fn releases_on(on: Date) -> u8 {
    let mut before = 0;
    for (bit, (from, to)) in releases().enumerate() {
        let mark = 1 << bit;
        if on < from {
            return before | mark;
        }
        if on <= to {
            return mark;
        }
        before = mark;
    }
    before
}

/// Returns the `n`th row's code, without padding, and its mark.
fn row(n: usize) -> Option<(&'static [u8], u8)> {
    let row = ROWS.get(n * ROW..(n + 1) * ROW)?;
    Some((row[..CODE].trim_ascii_end(), row[CODE].saturating_sub(MARK_ZERO)))
}

/// Returns the place of the first row whose code is not less than `bare`.
fn first_row_from(bare: &str) -> usize {
    let (mut low, mut high) = (0, ROWS.len() / ROW);
    while low < high {
        let middle = usize::midpoint(low, high);
        match row(middle) {
            Some((code, _)) if code < bare.as_bytes() => low = middle + 1,
            Some(_) | None => high = middle,
        }
    }
    low
}

#[cfg(test)]
mod tests {
    use super::{Icd10, ROWS, releases, row};
    use jiff::civil::{Date, date};

    const IN_2026: Date = date(2026, 7, 3);

    fn code(text: &str, on: Date) -> Result<String, &'static str> {
        Icd10::parse(text, on).map(|c| c.to_string()).map_err(|problem| problem.code)
    }

    #[test]
    fn case_and_the_dot_are_normalised() {
        for text in ["J44.9", "j449", " J449 ", "j44.9"] {
            assert_eq!(code(text, IN_2026).as_deref(), Ok("J44.9"), "{text}");
        }
        assert_eq!(code("QA00101", IN_2026).as_deref(), Ok("QA0.0101"));
        for text in ["G47.33", "L89.154", "I10", "W01.0XXA"] {
            assert_eq!(code(text, IN_2026).as_deref(), Ok(text));
        }
    }

    #[test]
    fn each_reason_has_its_own_code() {
        assert_eq!(code("J44", IN_2026), Err("icd10-not-leaf"));
        assert_eq!(code("J4", IN_2026), Err("icd10-format"));
        assert_eq!(code("J44.99", IN_2026), Err("icd10-unknown"));
        assert_eq!(code("ZZZ", IN_2026), Err("icd10-unknown"));
        assert_eq!(code("QA0.0101", date(2021, 2, 1)), Err("icd10-not-valid-on-date"));
        assert_eq!(code("QA0", date(2021, 2, 1)), Err("icd10-not-valid-on-date"));
    }

    #[test]
    fn a_code_that_became_a_category_is_refused_from_then_on() {
        // R05 was a code until 2021-09-30; then R05.1 and others came under it.
        assert_eq!(code("R05", date(2021, 9, 30)).as_deref(), Ok("R05"));
        assert_eq!(code("R05", date(2023, 10, 1)), Err("icd10-not-leaf"));
        assert_eq!(code("R05.1", date(2021, 9, 30)), Err("icd10-not-valid-on-date"));
        assert_eq!(code("R05.1", date(2023, 10, 1)).as_deref(), Ok("R05.1"));
    }

    #[test]
    fn between_two_known_releases_either_is_believed() {
        let between = date(2022, 5, 1);
        assert!(!Icd10::list_is_exact(between));
        assert!(code("R05", between).is_ok() && code("R05.1", between).is_ok());
    }

    #[test]
    fn the_nearest_release_is_assumed_before_the_first_and_after_the_last() {
        for on in [date(2015, 10, 1), date(2030, 1, 1)] {
            assert!(!Icd10::list_is_exact(on));
            assert_eq!(code("J44.9", on).as_deref(), Ok("J44.9"));
        }
        assert!(Icd10::list_is_exact(date(2026, 4, 1)) && Icd10::list_is_exact(date(2026, 9, 30)));
    }

    #[test]
    fn other_shapes_are_refused() {
        for text in [
            "",
            ".",
            "J",
            "J44.",
            "J44..9",
            "J4.49",
            "144.9",
            "J44.12345",
            "J44-9",
            "É44.9",
            "J44.9 9",
        ] {
            assert_eq!(Icd10::shape(text), None, "{text}");
        }
    }

    #[test]
    fn the_rows_are_sorted_and_every_release_has_its_census() {
        let rows: Vec<_> = (0..).map_while(row).collect();
        assert_eq!(rows.len() * super::ROW, ROWS.len());
        assert!(rows.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let census: Vec<usize> = (0..releases().count())
            .map(|bit| rows.iter().filter(|(_, mark)| mark >> bit & 1 == 1).count())
            .collect();
        // Counted apart from the program that made the file.
        assert_eq!(census, [71_932, 72_621, 74_044, 74_260, 74_719]);
    }

    #[test]
    fn a_code_is_read_back_from_json_without_a_date() {
        let json = serde_json::to_string(&Icd10::shape("j449").unwrap()).unwrap();
        assert_eq!(json, "\"J44.9\"");
        assert_eq!(serde_json::from_str::<Icd10>(&json).unwrap().without_dot(), "J449");
        assert!(serde_json::from_str::<Icd10>("\"J4\"").is_err());
    }
}
