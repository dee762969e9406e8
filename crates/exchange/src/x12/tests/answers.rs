//! What the sender is told.

use super::*;

fn bed(control: &str) -> String {
    request(control, "UM*HS*I*18*12:B\nHI*ABK:J449\nHL*5*4*SS*0\nSV1*HC:E0260:RR**UN*1")
}

fn starting<'a>(answer: &'a [String], id: &str) -> Vec<&'a str> {
    answer.iter().filter(|s| s.starts_with(id)).map(String::as_str).collect()
}

#[test]
fn every_interchange_gets_a_ta1_and_a_999_numbered_one_after_another() {
    let text = [file(1, &[bed("0001")]), sent_by("OTHERSENDER", 2, &[bed("0001")])].concat();
    let reading = read_text(&text);
    let answer = answer(text.as_bytes(), &outcomes(&reading));
    let headers = starting(&answer, "ISA");
    let numbers: Vec<_> = headers.iter().map(|isa| isa.split('*').nth(13).unwrap()).collect();
    assert_eq!(numbers, ["000000900", "000000901", "000000902", "000000903"]);
    assert!(headers[0].contains("*ZZ*DOORSTEPHUB    *ZZ*TESTSENDER     *260301*1200*"));
    assert!(headers[3].contains("*ZZ*OTHERSENDER    *"));
    assert_eq!(
        starting(&answer, "TA1"),
        ["TA1*000000001*260301*1200*A*000", "TA1*000000002*260301*1200*A*000"]
    );
    assert_eq!(starting(&answer, "AK2"), ["AK2*278*0001*005010X217"; 2]);
    assert_eq!(starting(&answer, "IK5"), ["IK5*A"; 2]);
    assert_eq!(starting(&answer, "AK9"), ["AK9*A*1*1*1"; 2]);
}

#[test]
fn an_order_that_was_refused_later_is_refused_in_the_999() {
    let text = file(1, &[bed("0001"), bed("0002")]);
    let reading = read_text(&text);
    let mut outcomes = outcomes(&reading);
    outcomes[1].outcome = Outcome::Refused;
    let answer = answer(text.as_bytes(), &outcomes);
    assert_eq!(starting(&answer, "IK5"), ["IK5*A", "IK5*R*5"]);
    assert_eq!(starting(&answer, "IK3"), ["IK3*HL*16**8"]);
    assert_eq!(starting(&answer, "AK9"), ["AK9*P*2*2*1"]);
}

#[test]
fn one_event_refused_of_two_is_told_without_refusing_the_other() {
    let body = format!(
        "{PEOPLE}HL*4*3*EV*0\nUM*HS*I*12*12:B\nHI*ABK:J449\nHL*5*3*EV*0\nUM*HS*I*42*12:B\nHI*ABK:J449"
    );
    let text = file(1, &[set("0001", &body), bed("0002")]);
    let reading = read_text(&text);
    assert_eq!(reading.units.len(), 3);
    let mut outcomes = outcomes(&reading);
    outcomes[1].outcome = Outcome::Refused;
    let answer = answer(text.as_bytes(), &outcomes);
    assert_eq!(starting(&answer, "IK5"), ["IK5*E*5", "IK5*A"]);
    assert_eq!(starting(&answer, "IK3"), ["IK3*HL*19**8"]);
}

#[test]
fn a_unit_without_an_outcome_is_not_acknowledged_as_taken() {
    let text = file(1, &[bed("0001"), bed("0002")]);
    let one = &outcomes(&read_text(&text))[..1];
    assert_eq!(starting(&answer(text.as_bytes(), one), "IK5"), ["IK5*A", "IK5*R*5"]);
}

#[test]
fn acknowledgements_are_never_acknowledged() {
    let text = file(1, &[bed("0001")]);
    let first = reply(text.as_bytes(), &outcomes(&read_text(&text)), noon(), 5).unwrap();
    let reading = read(&first.bytes, noon());
    let what: Vec<_> = reading
        .units
        .iter()
        .map(|unit| match &unit.found {
            Found::Unsupported { what } => what.as_str(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(what, ["X12 TA1", "X12 999 005010X231A1"]);
    assert_eq!(reply(&first.bytes, &outcomes(&reading), noon(), 6), None);
}

#[test]
fn control_numbers_go_round_at_nine_digits() {
    let text = file(1, &[bed("0001")]);
    let outcomes = outcomes(&read_text(&text));
    for control in [0, 999_999_999, u32::MAX] {
        let answer = reply(text.as_bytes(), &outcomes, noon(), control).unwrap();
        let again = doorstep_x12::read(&answer.bytes);
        assert_eq!(again.all_problems().count(), 0, "{control}");
        assert_eq!(again.interchanges.len(), 2);
    }
}

#[test]
fn the_same_bytes_are_answered_the_same() {
    let text = file(1, &[bed("0001")]);
    let outcomes = outcomes(&read_text(&text));
    let answer = || reply(text.as_bytes(), &outcomes, noon(), 5);
    assert_eq!(answer(), answer());
}
