//! R11: the calendar rules against 10,000 vectors and more that an independent Python program computed.
//!
//! Every start meets every kind of span, in six zones. Two planted defects show that the vectors can tell right from wrong.

#![expect(clippy::unwrap_used, reason = "a broken vector file stops the test")]

use doorstep_vocab::{Calendar, CalendarSpec, HolidayRule, Micros, Period, Span, Timestamp, Zone};
use std::collections::BTreeSet;
use std::process::Command;

const FEDERAL: &str = include_str!("../../../packs/calendars/us-federal.toml");
const VECTORS: &str = include_str!("vectors.tsv");
const ZONES: [&str; 6] = [
    "America/New_York",
    "America/Indiana/Knox",
    "America/Phoenix",
    "America/Los_Angeles",
    "America/Puerto_Rico",
    "Pacific/Honolulu",
];

struct Vector<'a> {
    line: &'a str,
    what: &'a str,
    zone: &'a str,
    kind: &'a str,
    n: u32,
    /// What the rule is given and, last, what it must return.
    numbers: Vec<i64>,
}

fn vectors() -> impl Iterator<Item = Vector<'static>> {
    VECTORS.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let fields: Vec<&str> = line.split('\t').collect();
        Vector {
            line,
            what: fields[0],
            zone: ZONES[fields[1].parse::<usize>().unwrap()],
            kind: fields[2],
            n: fields[3].parse().unwrap(),
            numbers: fields[4..].iter().map(|n| n.parse().unwrap()).collect(),
        }
    })
}

fn spec() -> CalendarSpec {
    toml::from_str(FEDERAL).unwrap()
}

fn at(seconds: i64) -> Timestamp {
    Timestamp(seconds * 1_000_000)
}

/// What a calendar returns for a vector, in the vector's own unit.
fn answer(calendar: &Calendar, vector: &Vector) -> i64 {
    let zone = Zone::parse(vector.zone).unwrap();
    let span = span_of(vector);
    let n = &vector.numbers;
    match vector.what {
        "due" => calendar.due(at(n[0]), span, &zone).0 / 1_000_000,
        "resume" => {
            let pause = Period { from: at(n[1]), to: at(n[2]) };
            calendar.resume(at(n[0]), pause, span, &zone).0 / 1_000_000
        }
        "elapsed" => calendar.elapsed(at(n[0]), at(n[1]), span.unit(), &zone),
        "warn" => {
            let life = Period { from: at(n[0]), to: at(n[1]) };
            calendar.warn_at(life, span, u8::try_from(n[2]).unwrap(), &zone).0 / 1_000
        }
        other => panic!("the vectors have no kind {other}"),
    }
}

fn span_of(vector: &Vector) -> Span {
    Span::parse(&format!("{} {}", vector.n, vector.kind)).unwrap()
}

#[test]
fn every_vector_is_met() {
    let calendar = Calendar::new(spec()).unwrap();
    let mut n_checked = 0;
    for vector in vectors() {
        assert_eq!(Some(&answer(&calendar, &vector)), vector.numbers.last(), "{}", vector.line);
        n_checked += 1;
    }
    assert!(n_checked >= 10_000, "only {n_checked} vectors");
}

/// The wrong rule: days added on the instant line, 24 hours each.
fn due_with_days_of_24_hours(start: Timestamp, n: u32) -> Timestamp {
    start.plus(Micros::hours(24 * i64::from(n)))
}

#[test]
fn the_vectors_tell_days_from_24_hours() {
    let zones_told: BTreeSet<&str> = vectors()
        .filter(|v| v.what == "due" && v.kind == "calendar days, same time")
        .filter(|v| due_with_days_of_24_hours(at(v.numbers[0]), v.n) != at(v.numbers[1]))
        .map(|v| v.zone)
        .collect();
    // Exactly the zones that change their clocks.
    let expected = ["America/Indiana/Knox", "America/Los_Angeles", "America/New_York"];
    assert_eq!(zones_told.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn the_vectors_tell_a_calendar_without_observed_days() {
    let mut wrong = spec();
    for holiday in &mut wrong.holidays {
        if let HolidayRule::Fixed { observed, .. } = &mut holiday.rule {
            observed.clear();
        }
    }
    let wrong = Calendar::new(wrong).unwrap();
    let n_told = vectors().filter(|v| Some(&answer(&wrong, v)) != v.numbers.last()).count();
    assert!(n_told > 100, "only {n_told} vectors notice");
}

#[test]
fn the_script_still_writes_these_vectors() {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors.py");
    let Ok(run) = Command::new("python3").arg(script).output() else {
        println!("skipped: no python3");
        return;
    };
    if run.status.code() == Some(3) {
        println!("skipped: this python3 has no time zone data");
        return;
    }
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    assert!(
        run.stdout == VECTORS.as_bytes(),
        "tests/vectors.tsv is not what tests/vectors.py writes: run it again"
    );
}
