//! Reading codes, numbers, dates and measures from outside.

use super::*;
use doorstep_case::{Fact, Item, LineRequest, Milli, Referral, Sex, Unit};
use doorstep_vocab::Timestamp;
use proptest::prelude::*;

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn line_of(system: &str, code: &str) -> (LineRequest, Option<Problem>) {
    let mut line = LineRequest::default();
    let problem = name_line(&mut line, system, code, "line 1");
    (line, problem)
}

#[test]
fn a_date_is_read_in_the_forms_that_people_write() {
    for text in [
        "2026-01-05",
        "20260105",
        "1/5/2026",
        "01-05-2026",
        "5-Jan-2026",
        "05 january 2026",
        "Jan 5, 2026",
        "2026/1/5",
    ] {
        assert_eq!(date(text), Some(day("2026-01-05")), "{text}");
    }
}

#[test]
fn a_date_that_could_be_two_days_is_not_read() {
    for text in [
        "1/5/26",
        "05.01.2026",
        "13/02/2026",
        "2026-02-30",
        "2026",
        "",
        "5-Ja-2026",
        "5-xxx-2026",
        "1é/2/2026",
    ] {
        assert_eq!(date(text), None, "{text}");
    }
}

#[test]
fn an_instant_needs_an_offset() {
    let at = Timestamp::parse("2026-03-02T14:30:00Z");
    for text in [
        "2026-03-02T14:30:00Z",
        "2026-03-02T09:30:00-05:00",
        "2026-03-02 09:30-0500",
        "3/2/2026 2:30 PM Z",
        "3/2/2026 14:30Z",
    ] {
        assert_eq!(instant(text), at, "{text}");
    }
    for text in ["2026-03-02T14:30:00", "03/02/2026 9:00 AM", "2026-03-02", "x:1-1é2", "1:1+99:99"]
    {
        assert_eq!(instant(text), None, "{text}");
    }
}

#[test]
fn a_stated_procedure_system_decides_by_form() {
    for (system, code) in [
        ("HCPCS", "e1390"),
        ("C4", "99341"),
        ("urn:oid:2.16.840.1.113883.6.285", "E1390"),
        ("NUBC", "0551"),
    ] {
        let (line, problem) = line_of(system, code);
        assert_eq!(line.code.map(|code| code.as_str().to_owned()), Some(code.to_uppercase()));
        assert_eq!(problem, None);
    }
}

#[test]
fn an_unstated_system_counts_only_for_the_form_of_hcpcs() {
    assert!(line_of("", "E1390").0.code.is_some());
    let (line, _) = line_of("", "99341");
    assert_eq!((line.code, line.other_code.as_deref()), (None, Some("unstated:99341")));
    let (line, _) = line_of("L", "E1390");
    assert_eq!((line.code, line.other_code.as_deref()), (None, Some("L:E1390")));
    let (line, _) = line_of("http://snomed.info/sct", "426160001");
    assert_eq!(line.other_code.as_deref(), Some("SNOMED:426160001"));
}

#[test]
fn a_drug_is_kept_by_the_segments_of_its_package() {
    for code in ["0002-3227-30", "00002-3227-30"] {
        let (line, problem) = line_of("NDC", code);
        assert_eq!((line.other_code, problem), (Some(format!("NDC:{code}")), None));
    }
    let (line, problem) = line_of("http://hl7.org/fhir/sid/ndc", "00002322730");
    assert_eq!((line.other_code.as_deref(), problem), (Some("NDC:00002-3227-30"), None));
    let (line, problem) = line_of("N4", "0002322730");
    assert_eq!(line.other_code.as_deref(), Some("NDC:0002322730"));
    assert_eq!(problem.unwrap().code, "ndc-format");
}

fn looked_over(referral: Referral) -> Vec<String> {
    let found = crate::Found::Order { referral: Box::new(referral), attachments: Vec::new() };
    let (place, key) = (String::new(), String::new());
    let mut unit = crate::Unit { place, key, found, problems: Vec::new() };
    look_over(&mut unit, crate::Format::Hl7);
    unit.problems.into_iter().map(|problem| problem.code).collect()
}

#[test]
fn nothing_is_delivered_to_a_post_office_box() {
    let at = |line: &str, zip: &str| {
        let mut referral = Referral::default();
        referral.person.address = Some(doorstep_case::Address {
            lines: vec![phi(line).unwrap()],
            zip: phi(zip),
            ..doorstep_case::Address::default()
        });
        looked_over(referral)
    };
    for line in ["P.O. Box 12", "PO BOX 12", "p o box 12"] {
        assert_eq!(at(line, "53703"), ["po-box-address"], "{line}");
    }
    assert_eq!(at("12 Boxwood Lane", "53703"), [""; 0]);
}

#[test]
fn a_medicare_number_has_the_form_of_one() {
    let of = |payer: &str, id: &str| {
        let coverage = doorstep_case::Coverage {
            payer_name: Some(payer.to_owned()),
            member_id: phi(id),
            ..doorstep_case::Coverage::default()
        };
        looked_over(Referral { coverage: vec![coverage], ..Referral::default() })
    };
    assert_eq!(of("Medicare", "1EG4-TE5-MK73"), [""; 0]);
    assert_eq!(of("MEDICARE PART B", "1S00E00AA00"), ["mbi-format"]);
    assert_eq!(of("Example Medicare Advantage", "H123"), [""; 0], "a plan has numbers of its own");
}

#[test]
fn words_are_never_a_code() {
    let (line, problem) = line_of("L", "walker for Testa Example");
    assert_eq!((line.code, line.other_code), (None, None));
    assert!(!problem.unwrap().message.contains("Testa"));
}

#[test]
fn a_wrong_procedure_code_is_kept_and_said() {
    let (line, problem) = line_of("HCPCS", "E13901");
    assert_eq!(line.other_code.as_deref(), Some("HCPCS:E13901"));
    assert_eq!(problem.unwrap().code, "procedure-format");
}

#[test]
fn a_diagnosis_is_judged_on_its_day() {
    let on = day("2026-05-01");
    assert_eq!(
        diagnosis("j449", on, "DG1-3").0,
        Some(Diagnosis { code: "J44.9".to_owned(), billable: true })
    );
    let (kept, problem) = diagnosis("J44", on, "DG1-3");
    assert_eq!(
        (kept.unwrap().billable, problem.unwrap().code.as_str()),
        (false, "icd10-not-billable")
    );
    let (kept, problem) = diagnosis("Testa Example", on, "DG1-3");
    assert_eq!(kept, None);
    assert!(!problem.unwrap().message.contains("Testa"));
}

#[test]
fn an_npi_with_a_wrong_digit_is_kept_with_a_warning() {
    let (mut clinician, mut problems) = (Clinician::default(), Vec::new());
    set_npi(&mut clinician, "1234567893", ("ORC-12", &mut problems));
    assert!(clinician.npi_valid && problems.is_empty());
    let mut clinician = Clinician::default();
    set_npi(&mut clinician, "1234567890", ("ORC-12", &mut problems));
    assert_eq!((clinician.npi.as_deref(), clinician.npi_valid), (Some("1234567890"), false));
    assert_eq!(problems[0].code, "npi-check-digit");
    set_npi(&mut clinician, "Dr Test", ("ORC-12", &mut problems));
    assert_eq!(problems[1].code, "npi-format");
}

#[test]
fn a_measurement_is_taken_only_in_a_unit_of_its_kind() {
    let read = |code, value, unit| {
        measure(code, value, &[unit], "OBX-5").map(|read| read.map(|measured| measured[0].clone()))
    };
    assert_eq!(
        read("59408-5", "88", "%"),
        Some(Ok((Item::named("oxygen.spo2"), Fact::Number(Milli(88_000)))))
    );
    let Some(Ok((_, Fact::Number(pressure)))) = read("2703-7", "8", "kPa") else {
        panic!("no pressure")
    };
    assert_eq!(pressure.to_string(), "60.005");
    let Some(Ok((_, Fact::Number(weight)))) = read("29463-7", "80", "kg") else {
        panic!("no weight")
    };
    assert_eq!(weight.to_string(), "176.37");
    assert!(matches!(read("2703-7", "60", ""), Some(Err(_))));
    assert!(
        matches!(read("59408-5", "Testa", "%"), Some(Err(problem)) if !problem.message.contains("Testa"))
    );
    assert_eq!(read("8867-4", "60", "/min"), None);
}

fn measured(loinc: &str, number: &str, on: &str) -> Measurement {
    Measurement {
        loincs: vec![loinc.to_owned()],
        label: format!("label {loinc}"),
        said: format!("{number} %"),
        number: Some(number.to_owned()),
        units: vec!["%".to_owned()],
        on: Some(day(on)),
        minute: 0,
        at: "OBX-5".to_owned(),
    }
}

fn taken(all: &[Measurement]) -> (Referral, Vec<Problem>) {
    let (mut referral, mut problems) = (Referral::default(), Vec::new());
    take_measurements(&mut referral, all, &mut problems);
    (referral, problems)
}

fn fact(referral: &Referral, name: &str) -> Option<Fact> {
    referral.facts.get(&Item::named(name)).map(|(fact, _)| fact.clone())
}

fn code(text: &str) -> Fact {
    Fact::Code(text.to_owned())
}

#[test]
fn the_code_of_the_latest_saturation_tells_its_condition() {
    let rest = measured("59417-6", "92", "2026-03-01");
    let exercise = measured("89276-0", "86", "2026-03-02");
    for all in [[rest.clone(), exercise.clone()], [exercise.clone(), rest.clone()]] {
        let (referral, _) = taken(&all);
        assert_eq!(fact(&referral, "oxygen.spo2"), Some(Fact::Number(Milli::whole(86))));
        assert_eq!(fact(&referral, "oxygen.condition"), Some(code("exercise")));
        assert_eq!(fact(&referral, "oxygen.test-on"), Some(Fact::On(day("2026-03-02"))));
        let notes: Vec<_> = referral.texts.iter().map(|(_, said)| said.reveal().as_str()).collect();
        assert_eq!(notes, ["label 59417-6: 92 % (2026-03-01)"], "what does not stand is a note");
    }
    let unstated = measured("59408-5", "85", "2026-03-03");
    let (referral, _) = taken(&[exercise, unstated]);
    assert_eq!(fact(&referral, "oxygen.condition"), None, "it is not known how the latest was");
}

#[test]
fn of_readings_at_one_time_the_lowest_stands() {
    let all = [measured("89276-0", "86", "2026-03-01"), measured("59417-6", "92", "2026-03-01")];
    let (referral, _) = taken(&all);
    assert_eq!(fact(&referral, "oxygen.spo2"), Some(Fact::Number(Milli::whole(86))));
    assert_eq!(fact(&referral, "oxygen.condition"), Some(code("exercise")));
}

#[test]
fn nothing_measured_is_dropped() {
    let heart =
        Measurement { said: "72 /min".to_owned(), ..measured("8867-4", "72", "2026-03-01") };
    let unitless = Measurement { units: Vec::new(), ..measured("2703-7", "58", "2026-03-01") };
    let (referral, problems) = taken(&[heart, unitless]);
    let said = referral.texts[0].1.reveal();
    assert!(
        said.contains("label 8867-4: 72 /min") && said.contains("label 2703-7: 58 %"),
        "{said}"
    );
    assert_eq!((referral.facts.len(), problems.len()), (0, 1));
    let many: Vec<_> =
        (0..3000).map(|n| measured("8867-4", &n.to_string(), "2026-03-01")).collect();
    let (referral, _) = taken(&many);
    let n_lines: usize = referral.texts.iter().map(|(_, said)| said.reveal().lines().count()).sum();
    assert_eq!(n_lines, 3000);
}

#[test]
fn an_index_stands_with_the_day_of_its_study() {
    let index =
        Measurement { units: vec!["/h".to_owned()], ..measured("69990-0", "17.5", "2026-03-01") };
    let (referral, _) = taken(&[index]);
    assert_eq!(fact(&referral, "pap.ahi"), Some(Fact::Number(Milli(17_500))));
    assert_eq!(fact(&referral, "pap.test-on"), Some(Fact::On(day("2026-03-01"))));
}

#[test]
fn quantities_are_whole() {
    assert_eq!((quantity("2"), quantity(" 2.0 "), quantity("+2")), (Some(2), Some(2), Some(2)));
    assert_eq!(
        (quantity("0"), quantity("1.5"), quantity("two"), quantity("99999999999")),
        (None, None, None, None)
    );
    assert_eq!((unit("VS"), unit("mo"), unit("box")), (Some(Unit::Visit), Some(Unit::Month), None));
    assert_eq!(modifiers(["rr", "NU", "RR", "x", "KX", "GA", "GY"]), ["RR", "NU", "KX", "GA"]);
}

#[test]
fn text_is_cleaned() {
    assert_eq!(text(" Testa \t\u{0}Example\r\n").as_deref(), Some("Testa Example"));
    assert_eq!(text(" \u{1} "), None);
    assert_eq!(words("one\r\n\r\n two ").unwrap().reveal(), "one\ntwo");
    assert!(phone("555-0100", "home").is_some() && phone("n/a", "").is_none());
    assert_eq!(
        (sex("F"), sex("male"), sex("X"), sex(" ")),
        (Some(Sex::Female), Some(Sex::Male), Some(Sex::Unknown), None)
    );
    assert_eq!(
        (urgency("STAT"), urgency("R"), urgency("?")),
        (Some(Urgency::Urgent), Some(Urgency::Routine), None)
    );
}

proptest! {
    #[test]
    fn a_text_that_needs_no_cleaning_is_what_cleaning_makes_of_it(raw in "[a \t\n\ré~\u{7f}]{0,12}") {
        let parts = raw.split(|c: char| c.is_whitespace() || c.is_control()).filter(|part| !part.is_empty());
        let cleaned = parts.collect::<Vec<_>>().join(" ");
        prop_assert_eq!(text(&raw), (!cleaned.is_empty()).then_some(cleaned));
        let lines = raw.lines().map(|line| line.chars().filter(|c| !c.is_control() || *c == '\t').collect::<String>());
        let kept: Vec<String> = lines.map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()).collect();
        let kept = (!kept.is_empty()).then(|| kept.join("\n"));
        prop_assert_eq!(words(&raw).map(|words| words.reveal().clone()), kept);
    }

    #[test]
    fn no_text_makes_a_reader_panic(a in ".{0,60}", b in ".{0,20}") {
        let _ = (date(&a), instant(&a), quantity(&a), unit(&a), sex(&a), urgency(&a), text(&a), words(&a), phone(&a, ""));
        let _ = (line_of(&b, &a), diagnosis(&a, day("2026-05-01"), ""), measure("59408-5", &a, &[&b], ""));
    }
}
