//! Whose calendar counts a clock: a payer's, a state's, or the hub's. All closures here are made up.

use doorstep_case::{ClockRule, CountedBy, Terms};
use doorstep_packs::{Packs, check};
use doorstep_vocab::{Date, PayerId, Timestamp};
use std::sync::Arc;

/// The federal calendar with one more closed day, 2026-07-02, which is a Thursday before a Friday that is a holiday.
fn closed_on_thursday(name: &str) -> String {
    let packs = Packs::builtin();
    let (_, federal) = packs
        .files()
        .find(|(path, _)| *path == "calendars/us-federal.toml")
        .expect("the test's own data is sound");
    let renamed = federal.replace("name = \"us-federal\"", &format!("name = \"{name}\""));
    format!(
        "{renamed}\n[[holiday]]\nname = \"Example Day\"\nrule = {{ dates = [\"2026-07-02\"] }}\n"
    )
}

const NAMES: &str = "\n[[terms]]\ncalendar = \"example\"\nsource = \"made up\"\n";

fn payer(rest: &str) -> String {
    format!(
        "name = \"Pine Example\"\nline_of_business = \"commercial\"\neffective_from = \"2020-01-01\"\n{rest}"
    )
}

const CLOCK: &str = "
[[clock]]
name = \"reply\"
about = \"case\"
starts = [\"intake.referred\"]
within = \"1 business day\"
owner = \"agent\"
source = \"made up\"
";

fn terms(files: &[(&str, &str)]) -> Arc<Terms> {
    let packs = Packs::builtin().overlay(files).expect("the test's own data is sound");
    let day: Date = "2026-07-01".parse().expect("the test's own data is sound");
    packs.terms_for(&PayerId("pine".to_owned()), day)
}

fn clock<'a>(terms: &'a Terms, name: &str) -> &'a ClockRule {
    terms.clocks.iter().find(|clock| clock.name == name).expect("the test's own data is sound")
}

/// When a business day from Wednesday 2026-07-01 at nine ends, for care in `state`.
fn due(terms: &Terms, name: &str, state: Option<&str>) -> String {
    let from = Timestamp::parse("2026-07-01T09:00:00-04:00").expect("the test's own data is sound");
    let rule = clock(terms, name);
    let zone =
        doorstep_vocab::Zone::parse("America/New_York").expect("the test's own data is sound");
    let calendar = terms.calendar_of(&rule.calendar, state);
    calendar.due(from, rule.within, &zone).date(&zone).to_string()
}

#[test]
fn a_payers_clocks_count_by_the_payers_calendar_and_the_hubs_by_its_own() {
    let calendar = closed_on_thursday("example");
    let pine = payer(&format!("{NAMES}{CLOCK}"));
    let terms = terms(&[("calendars/example.toml", &calendar), ("payers/pine/payer.toml", &pine)]);
    assert_eq!(due(&terms, "reply", None), "2026-07-06", "closed on Thursday and Friday");
    assert_eq!(due(&terms, "acknowledge", None), "2026-07-02");
    let law = clock(&terms, "auth-standard");
    assert_eq!(law.calendar, CountedBy::Named("example".to_owned()), "the law's as well");
}

#[test]
fn a_clock_may_name_a_calendar_of_its_own() {
    let calendar = closed_on_thursday("example");
    let own = CLOCK.replace("owner", "calendar = \"example\"\nowner");
    let files = [("calendars/example.toml", &calendar[..])];
    let with = |text: &str| {
        let pine = payer(text);
        terms(&[files[0], ("payers/pine/payer.toml", &pine)])
    };
    assert_eq!(due(&with(&own), "reply", None), "2026-07-06");
    assert_eq!(due(&with(CLOCK), "reply", None), "2026-07-02");
}

#[test]
fn without_a_calendar_of_the_payers_the_states_counts() {
    let calendar = closed_on_thursday("example");
    let state = format!("name = \"Connecticut\"\neffective_from = \"2026-07-01\"\n{NAMES}");
    let pine = payer(CLOCK);
    let files = [
        ("calendars/example.toml", &calendar[..]),
        ("payers/pine/payer.toml", &pine),
        ("states/CT.toml", &state),
    ];
    let there = terms(&files);
    assert_eq!(due(&there, "reply", Some("CT")), "2026-07-06");
    assert_eq!(due(&there, "reply", Some("NY")), "2026-07-02");
    assert_eq!(due(&there, "reply", None), "2026-07-02");
    assert_eq!(due(&there, "acknowledge", Some("CT")), "2026-07-02", "the hub is open");
    let packs = Packs::builtin().overlay(&files).unwrap();
    let before = packs.terms_for(&PayerId("pine".to_owned()), "2026-06-30".parse().unwrap());
    assert!(before.states.is_empty(), "a state's calendar is dated like any row");
}

#[test]
fn a_calendar_that_is_not_there_is_refused_with_its_line() {
    let wrong = |path: &str, text: &str| -> Vec<(usize, &'static str)> {
        check(&[(path, text)]).into_iter().map(|problem| (problem.line, problem.code)).collect()
    };
    let unknown = payer(NAMES);
    assert_eq!(wrong("payers/pine/payer.toml", &unknown), [(6, "calendar-unknown")]);
    let clock = payer(&CLOCK.replace("owner", "calendar = \"lunar\"\nowner"));
    assert_eq!(wrong("payers/pine/payer.toml", &clock), [(10, "calendar-unknown")]);
    let state = "name = \"Connecticut\"\neffective_from = \"2026-01-01\"\n";
    assert_eq!(wrong("states/CT.toml", state), [(1, "terms-missing")]);
    let federal = NAMES.replace("example", "us-federal");
    assert_eq!(wrong("states/Conn.toml", &format!("{state}{federal}")), [(1, "state-name")]);
}
