//! All that was measured, of which the latest stands and the rest is kept in words.
//!
//! **Invariant:** nothing measured is dropped: what does not become a fact becomes a line of a note.

use super::measure::{known, measure};
use super::words;
use crate::Problem;
use doorstep_case::{Fact, Item, Referral};
use doorstep_vocab::Date;
use std::cmp::Reverse;

/// Longest note made of measurements, in bytes; more of them make another note.
const NOTE_MAX: usize = 12_000;
const SATURATION: &str = "oxygen.spo2";
const OXYGEN_ON: &str = "oxygen.test-on";
const CONDITION: &str = "oxygen.condition";

/// One measurement as a message gives it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measurement {
    /// The codes of LOINC it goes by, without those that must not become facts.
    pub loincs: Vec<String>,
    /// What was measured, in the sender's words.
    pub label: String,
    /// The value in words, with its unit.
    pub said: String,
    /// The number.
    pub number: Option<String>,
    /// The unit, as its code and its name call it.
    pub units: Vec<String>,
    /// The day, and the minute of the day where it was sent.
    pub on: Option<Date>,
    /// See `on`.
    pub minute: u16,
    /// The place.
    pub at: String,
}

/// A measurement that has become facts.
struct Standing {
    facts: Vec<(Item, Fact)>,
    condition: Option<&'static str>,
    test_on: Option<&'static str>,
    from: usize,
}

/// Takes measurements into a referral: of several of one kind the latest stands, and of those taken at one time the lowest,
/// which is the one that may qualify. The rest, and what no item stands for, is kept as a note.
pub(crate) fn take(referral: &mut Referral, all: &[Measurement], problems: &mut Vec<Problem>) {
    let mut standing: Vec<Standing> =
        all.iter().enumerate().filter_map(|(from, one)| read(one, from, problems)).collect();
    standing.sort_by_key(|one| {
        let source = &all[one.from];
        (source.on, source.minute, Reverse(value(one)))
    });
    let mut is_fact = vec![false; all.len()];
    let mut seen: Vec<Item> = Vec::new();
    for one in standing.iter().rev() {
        for (item, fact) in &one.facts {
            if !seen.contains(item) {
                seen.push(*item);
                is_fact[one.from] = true;
                referral.facts.insert(*item, (fact.clone(), all[one.from].on));
            }
        }
    }
    for test_on in [OXYGEN_ON, "pap.test-on"] {
        let on = standing.iter().filter(|one| one.test_on == Some(test_on));
        if let Some(on) = on.filter_map(|one| all[one.from].on).max() {
            referral.facts.insert(Item::named(test_on), (Fact::On(on), None));
        }
    }
    condition(referral, all, &standing);
    note(referral, all.iter().zip(is_fact).filter(|(_, is_fact)| !is_fact).map(|(one, _)| one));
}

fn read(one: &Measurement, from: usize, problems: &mut Vec<Problem>) -> Option<Standing> {
    let row = one.loincs.iter().find_map(|loinc| known(loinc))?;
    let number = one.number.as_deref().unwrap_or_default();
    let units: Vec<&str> = one.units.iter().map(String::as_str).collect();
    match measure(row.loinc, number, &units, &one.at)? {
        Ok(facts) => Some(Standing { facts, condition: row.condition, test_on: row.test_on, from }),
        Err(problem) => {
            problems.push(problem);
            None
        }
    }
}

fn value(one: &Standing) -> i64 {
    match one.facts.first() {
        Some((_, Fact::Number(number))) => number.0,
        _ => 0,
    }
}

/// The condition is that of the saturation which stands, when its code says it and no later test is without one.
fn condition(referral: &mut Referral, all: &[Measurement], standing: &[Standing]) {
    let saturation = Item::named(SATURATION);
    let is_saturation = |one: &&Standing| one.facts.iter().any(|(item, _)| *item == saturation);
    let Some(latest) = standing.iter().rev().find(is_saturation) else { return };
    let on = all[latest.from].on;
    let tested = referral.facts.get(&Item::named(OXYGEN_ON)).map(|(fact, _)| fact.clone());
    let is_latest = tested == on.map(Fact::On);
    if let Some(condition) = latest.condition.filter(|_| is_latest) {
        let fact = Fact::Code(condition.to_owned());
        referral.facts.insert(Item::named(CONDITION), (fact, on));
    }
}

fn note<'m>(referral: &mut Referral, rest: impl Iterator<Item = &'m Measurement>) {
    let mut lines = String::new();
    for one in rest {
        if lines.len() > NOTE_MAX {
            keep(referral, &std::mem::take(&mut lines));
        }
        if !lines.is_empty() {
            lines.push('\n');
        }
        lines.push_str(&in_words(one));
    }
    keep(referral, &lines);
}

fn keep(referral: &mut Referral, lines: &str) {
    referral.texts.extend(words(lines).map(|said| ("observations".to_owned(), said)));
}

fn in_words(one: &Measurement) -> String {
    let flat = |raw: &str| super::text(raw).unwrap_or_default();
    let codes = one.loincs.join(" ");
    let label = [flat(&one.label), codes, "unnamed".to_owned()];
    let label = label.into_iter().find(|label| !label.is_empty()).unwrap_or_default();
    let said = Some(one.said.split_whitespace().collect::<Vec<_>>().join(" "));
    let said = said.filter(|said| !said.is_empty());
    let said = said.unwrap_or_else(|| "see the original".to_owned());
    match one.on {
        Some(on) => format!("{label}: {said} ({on})"),
        None => format!("{label}: {said}"),
    }
}
