//! X12 files made by hand, of people who do not exist.

mod answers;
mod envelopes;
mod hostile;
mod orders;
mod parts;
mod rest;

use super::{read, reply};
use crate::{Found, Outcome, Problem, Reading, UnitOutcome};
use doorstep_case::{Fact, Item, Referral};
use doorstep_vocab::Timestamp;

/// Noon of 1 March 2026, UTC.
fn noon() -> Timestamp {
    Timestamp::parse("2026-03-01T12:00:00Z").unwrap()
}

/// Wraps segments in ST and SE with a true count.
fn set(control: &str, body: &str) -> String {
    set_of("278", "005010X217", (control, body))
}

fn set_of(id: &str, guide: &str, (control, body): (&str, &str)) -> String {
    let body = lines(body);
    let n_segments = body.matches('~').count() + 2;
    format!("ST*{id}*{control}*{guide}~{body}SE*{n_segments}*{control}~")
}

/// Joins one segment a line.
fn lines(body: &str) -> String {
    let segments = body.lines().map(str::trim).filter(|line| !line.is_empty());
    segments.flat_map(|segment| [segment, "~"]).collect()
}

/// Wraps sets in a group and an interchange.
fn file(control: u32, sets: &[String]) -> String {
    sent_by("TESTSENDER", control, sets)
}

fn sent_by(sender: &str, control: u32, sets: &[String]) -> String {
    format!(
        "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*DOORSTEPHUB    *260301*1200*^*00501*{control:09}*0*T*:~\
         GS*HI*{sender}*DOORSTEPHUB*20260301*1200*{control}*X*005010X217~{}GE*{}*{control}~IEA*1*{control:09}~",
        sets.concat(),
        sets.len(),
    )
}

/// The loops before the event: reviewer, requester, subscriber.
const PEOPLE: &str = "
    BHT*0007*13*BATCH-1*20260228*0900
    HL*1**20*1
    NM1*X3*2*SYNTHETIC HEALTH PLAN*****PI*SYN01
    HL*2*1*21*1
    NM1*1P*1*SAMPLEDOC*ADA****XX*1234567893
    PER*IC*CLERK CLARA*TE*6145550100*EX*12*FX*6145550101
    HL*3*2*22*1
    NM1*IL*1*TESTPERSON*SYNTHIA*Q**JR*MI*SYN000000001
    REF*SY*999999999
    REF*EJ*ACCT77
    REF*6P*GROUP9
    N3*1 IMAGINARY WAY*UNIT 2
    N4*COLUMBUS*OH*43215
    DMG*D8*19500102*F
";

/// A set of one event.
fn request(control: &str, event: &str) -> String {
    set(control, &format!("{PEOPLE}HL*4*3*EV*1\n{event}"))
}

fn read_text(text: &str) -> Reading {
    read(text.as_bytes(), noon())
}

/// Reads a file of one order.
fn order(event: &str) -> (Referral, Vec<Problem>) {
    let mut reading = read_text(&file(1, &[request("0001", event)]));
    assert_eq!(reading.problems, []);
    assert_eq!(reading.units.len(), 1);
    let unit = reading.units.remove(0);
    match unit.found {
        Found::Order { referral, .. } => (*referral, unit.problems),
        other => panic!("{other:?} {:?}", unit.problems),
    }
}

fn fact(referral: &Referral, name: &str) -> Option<Fact> {
    referral.facts.get(&Item::named(name)).map(|(fact, _)| fact.clone())
}

fn text<'r>(referral: &'r Referral, place: &str) -> Option<&'r str> {
    referral.texts.iter().find(|(at, _)| at == place).map(|(_, said)| said.reveal().as_str())
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.code.as_str()).collect()
}

/// What would become of each unit if nothing else stood in its way.
fn outcomes(reading: &Reading) -> Vec<UnitOutcome> {
    let outcome = |found: &Found| match found {
        Found::Order { .. } => Outcome::Opened,
        Found::Change { .. } => Outcome::Updated,
        Found::Cancel { .. } | Found::Queued { .. } => Outcome::Queued,
        Found::Unsupported { .. } => Outcome::Unsupported,
        Found::Refused => Outcome::Refused,
    };
    reading
        .units
        .iter()
        .map(|unit| UnitOutcome {
            outcome: outcome(&unit.found),
            number: None,
            problems: Vec::new(),
        })
        .collect()
}

/// Answers a file and returns the segments of the answer, which must read back clean.
fn answer(bytes: &[u8], outcomes: &[UnitOutcome]) -> Vec<String> {
    let Some(answer) = reply(bytes, outcomes, noon(), 900) else { return Vec::new() };
    assert_eq!(answer.media_type, "application/edi-x12");
    let again = doorstep_x12::read(&answer.bytes);
    assert_eq!(again.all_problems().collect::<Vec<_>>(), Vec::<&doorstep_x12::Problem>::new());
    let text = String::from_utf8(answer.bytes).unwrap();
    text.split('~').filter(|segment| !segment.is_empty()).map(str::to_owned).collect()
}
