//! Files as they come: several interchanges, other delimiters, broken sets, other transactions.

use super::*;
use crate::Level;

const BED: &str =
    "TRN*1*ORDER-1*9012345678\nUM*HS*I*18*12:B\nHI*ABK:J449\nHL*5*4*SS*0\nSV1*HC:E0260:RR**UN*1";

fn bed(control: &str) -> String {
    request(control, BED)
}

fn is_order(found: &Found) -> bool {
    matches!(found, Found::Order { .. })
}

/// Replaces the usual delimiters.
fn delimited(text: &str, [element, component, terminator]: [&str; 3]) -> String {
    text.replace('*', element).replace(':', component).replace('~', terminator)
}

#[test]
fn several_interchanges_each_with_its_own_delimiters_are_read() {
    let text = [
        file(1, &[bed("0001"), bed("0002")]),
        delimited(&sent_by("OTHERSENDER", 2, &[bed("0001")]), ["|", ">", "\n"]),
        delimited(&file(3, &[bed("0001")]), ["+", "&", "!\r\n"]),
    ]
    .concat();
    let reading = read_text(&text);
    assert_eq!(reading.problems, []);
    assert_eq!(reading.sender.as_deref(), Some("TESTSENDER"));
    let units: Vec<_> = reading.units.iter().map(|u| (u.place.as_str(), u.key.as_str())).collect();
    assert_eq!(
        units,
        [
            ("ISA 1 GS 1 ST 0001", "000000001/1/0001"),
            ("ISA 1 GS 1 ST 0002", "000000001/1/0002"),
            ("ISA 2 GS 1 ST 0001", "OTHERSENDER/000000002/2/0001"),
            ("ISA 3 GS 1 ST 0001", "000000003/3/0001"),
        ]
    );
    for unit in &reading.units {
        let Found::Order { referral, .. } = &unit.found else { panic!("{unit:?}") };
        assert_eq!(referral.lines[0].code.as_ref().unwrap().as_str(), "E0260");
        assert_eq!(referral.diagnoses[0].code, "J44.9");
    }
}

#[test]
fn one_bad_set_between_two_good_ones_refuses_only_itself() {
    let bad = request("0002", &BED.replace("UM*HS*I*18*12:B\n", ""));
    let text = file(1, &[bed("0001"), bad, bed("0003")]);
    let reading = read_text(&text);
    let found: Vec<bool> = reading.units.iter().map(|unit| is_order(&unit.found)).collect();
    assert_eq!(found, [true, false, true]);
    assert!(matches!(reading.units[1].found, Found::Refused));
    let error = reading.units[1].problems.iter().find(|p| p.level == Level::Error).unwrap();
    assert_eq!(error.code, "segment-missing");
    assert!(error.at.starts_with("ISA 1 GS 1 ST 0002 segment "), "{}", error.at);
    let answer = answer(text.as_bytes(), &outcomes(&reading));
    let verdicts: Vec<_> = answer.iter().filter(|s| s.starts_with("IK5")).collect();
    assert_eq!(verdicts, ["IK5*A", "IK5*R*5", "IK5*A"]);
    assert!(answer.contains(&"AK9*P*3*3*2".to_owned()));
}

#[test]
fn a_wrong_count_of_segments_is_a_warning() {
    let text = file(1, &[bed("0001").replace("SE*", "SE*9")]);
    let reading = read_text(&text);
    assert!(is_order(&reading.units[0].found));
    assert_eq!(codes(&reading.units[0].problems), ["se-count"]);
    assert_eq!(reading.units[0].problems[0].level, Level::Warning);
    let answer = answer(text.as_bytes(), &outcomes(&reading));
    assert!(answer.contains(&"IK5*E*4".to_owned()), "{answer:?}");
}

#[test]
fn a_byte_order_mark_is_passed_over_and_said() {
    let text = format!("\u{feff}{}", file(1, &[bed("0001")]));
    let reading = read_text(&text);
    assert!(is_order(&reading.units[0].found));
    assert_eq!(codes(&reading.problems), ["byte-order-mark"]);
}

#[test]
fn other_transactions_are_named_and_not_taken() {
    let response = format!(
        "{}HL*4*3*EV*0\nTRN*2*X*9012345678\nUM*HS*I*12\nHCR*A1*AUTH1",
        PEOPLE.replace("*13*", "*11*")
    );
    let text = file(
        1,
        &[
            set_of("835", "005010X221A1", ("0001", "BPR*I*5*C*CHK")),
            set("0002", &response),
            set_of("278", "005010X216", ("0003", PEOPLE)),
            bed("0004"),
        ],
    );
    let reading = read_text(&text);
    let what: Vec<_> = reading
        .units
        .iter()
        .filter_map(|unit| match &unit.found {
            Found::Unsupported { what } => Some(what.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(
        what,
        ["X12 835 005010X221A1", "X12 278 response 005010X217", "X12 278 notification 005010X216"]
    );
    assert!(is_order(&reading.units[3].found));
    let answer = answer(text.as_bytes(), &outcomes(&reading));
    let verdicts: Vec<_> = answer.iter().filter(|s| s.starts_with("IK5")).collect();
    assert_eq!(verdicts, ["IK5*R*1", "IK5*R*I6", "IK5*R*I6", "IK5*A"]);
}

#[test]
fn a_request_of_an_older_guide_is_refused_with_the_problem() {
    let old = set_of("278", "004010X094A1", ("0001", PEOPLE));
    let reading = read_text(&file(1, &[old]));
    assert!(matches!(reading.units[0].found, Found::Refused));
    assert_eq!(codes(&reading.units[0].problems), ["guide-unsupported"]);
}

#[test]
fn a_file_without_isa_is_refused_and_has_nobody_to_answer() {
    let whole = file(1, &[bed("0001")]);
    let from_gs = whole.split_once('~').unwrap().1.split("IEA").next().unwrap();
    let from_st = bed("0001");
    for text in [from_gs, from_st.as_str()] {
        let reading = read_text(text);
        assert_eq!(reading.units.len(), 1);
        assert!(matches!(reading.units[0].found, Found::Refused), "{reading:?}");
        assert!(codes(&reading.units[0].problems).contains(&"isa-missing"));
        assert_eq!(reading.units[0].key, "");
        assert_eq!(reply(text.as_bytes(), &outcomes(&reading), noon(), 1), None);
    }
}

#[test]
fn a_file_that_was_cut_gives_no_order() {
    let whole = file(1, &[bed("0001")]);
    let cut = &whole[..whole.find("IEA").unwrap()];
    let reading = read_text(cut);
    assert!(matches!(reading.units[0].found, Found::Refused));
    assert!(codes(&reading.units[0].problems).contains(&"iea-missing"));
    let answer = answer(cut.as_bytes(), &outcomes(&reading));
    assert!(answer.contains(&"TA1*000000001*260301*1200*R*023".to_owned()), "{answer:?}");
}

#[test]
fn an_envelope_without_sets_and_no_x12_at_all_are_one_unit_each() {
    let empty = file(1, &[]);
    let ta1 = "ISA*00*          *00*          *ZZ*TESTSENDER     *ZZ*DOORSTEPHUB    *260301*1200*^*00501*000000001*0*T*:~\
               TA1*000000009*260301*1200*A*000~IEA*1*000000001~";
    for (text, expected) in [
        (empty.as_str(), Some("X12 without transaction sets")),
        (ta1, Some("X12 TA1")),
        ("nothing of the kind", None),
        ("", None),
    ] {
        let reading = read_text(text);
        assert_eq!(reading.units.len(), 1, "{text}");
        match (&reading.units[0].found, expected) {
            (Found::Unsupported { what }, Some(expected)) => assert_eq!(what, expected),
            (Found::Refused, None) => assert_eq!(codes(&reading.units[0].problems), ["not-x12"]),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn problems_of_a_broken_set_repeat_nothing_personal() {
    let bad = bed("0001")
        .replace("DMG*D8*19500102", "DMG*D8*TESTPERSON")
        .replace("HI*ABK:J449", "HI*ABK:TESTPERSON SYNTHIA")
        .replace("SV1*HC:E0260:RR**UN*1", "SV1*HC:TESTPERSON SYNTHIA:RR**UN*TESTPERSON")
        .replace("ADA****XX*1234567893", "ADA****XX*TESTPERSON");
    let reading = read_text(&file(1, &[bad]));
    let told = format!("{:?} {:?}", reading.problems, reading.units);
    assert!(!told.contains("TESTPERSON") && !told.contains("SYNTHIA"), "{told}");
    assert!(reading.units[0].problems.len() >= 4);
    let Found::Order { referral, .. } = &reading.units[0].found else { panic!() };
    assert_eq!(text(referral, "service 1 SV1"), Some("TESTPERSON SYNTHIA"), "kept for a person");
    assert!(referral.lines[0].described);
}
