//! Messages in, referrals and acknowledgements out.

use super::*;
use crate::{Attachment, Outcome, UnitOutcome};
use doorstep_case::{DocumentKind, Fact, Item, Milli, Referral, ServiceLine, Sex, Urgency};
use doorstep_vocab::{CaseNumber, Date};
use proptest::prelude::*;
use std::fs;

const MSH: &str = "MSH|^~\\&|EHR|EXAMPLE HOSPITAL|DOORSTEP||20260105120000-0500||";
const PID: &str = "PID|1||MR100^^^EXH^MR~000-00-0000^^^^SS||Example^Testa^Q^Jr^^^L||19500102|F|||1 Sample St^Apt 2^Madison^WI^53703^^H||^PRN^PH^^^608^5550100~^NET^Internet^testa@example.org||es^Spanish";

/// An order for oxygen at discharge with everything in it.
fn oxygen() -> String {
    [
        &format!("{MSH}OMG^O19^OMG_O19|M1|P|2.5.1"),
        PID,
        "PV1|1|I|4W^12^A|||||||||||||||||||||||||||||||||||||||||20260101||",
        "PV2|||||||||20260106150000",
        "IN1|1|PLN^Example Plan HMO|EX001|Example Health Plan||||GRP7|||||||||SEL^Self|||||1||||||||||||||MEM100",
        "ORC|NW|P-77^EHR||G-1|||^^^20260107^^S||20260105113000|||1234567893^Tester^Ola^^^Dr^MD^^^^^^NPI||(608)555-0142|||||||EXAMPLE HOSPITAL ONE||(608)555-0150",
        &format!("OBR|1|P-77^EHR||OXY^Home oxygen, stationary^L{}E1390^^HCPCS|RR", "|".repeat(40)),
        "NTE|1||Deliver to bedside before noon",
        "DG1|1||J44.9^COPD^I10||||||||||||2",
        "DG1|2||J96.11^^I10||||||||||||1",
        "OBX|1|NM|59408-5^SpO2^LN||86|%|||||F|||20260104",
        "OBX|2|NM|59408-5^SpO2^LN||91|%|||||F|||20260101",
        "OBX|3|NM|29463-7^Weight^LN||80|kg|||||F|||20260104",
        "OBX|4|NM|2703-7^PaO2^LN||55||||||F|||20260104",
        "OBX|5|ED|57133-1^Signed order^LN||^application^pdf^Base64^JVBERi0xLjQK||||||F",
        "AL1|1||^Latex",
    ]
    .join("\r")
}

fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

fn one(message: &str) -> Unit {
    let mut reading = read(message.as_bytes(), at("2026-01-05T18:00:00Z"));
    assert_eq!(reading.units.len(), 1, "{reading:?}");
    reading.units.remove(0)
}

fn order(message: &str) -> (Referral, Vec<Attachment>, Vec<Problem>) {
    let unit = one(message);
    let Found::Order { referral, attachments } = unit.found else {
        panic!("{:?} {:?}", unit.found, unit.problems)
    };
    (*referral, attachments, unit.problems)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn fact(referral: &Referral, name: &str) -> Option<Fact> {
    referral.facts.get(&Item::named(name)).map(|(fact, _)| fact.clone())
}

#[test]
fn the_member_is_read_from_pid() {
    let (referral, _, _) = order(&oxygen());
    let person = &referral.person;
    assert_eq!(person.family.as_ref().unwrap().reveal(), "Example");
    let given: Vec<&String> = person.given.iter().map(doorstep_vocab::Phi::reveal).collect();
    assert_eq!(given, ["Testa", "Q"]);
    assert_eq!(person.suffix.as_ref().unwrap().reveal(), "Jr");
    assert_eq!(*person.birth_on.as_ref().unwrap().reveal(), day("1950-01-02"));
    assert_eq!(*person.sex.as_ref().unwrap().reveal(), Sex::Female);
    let address = person.address.as_ref().unwrap();
    assert_eq!(address.lines.len(), 2);
    assert_eq!(address.zip.as_ref().unwrap().reveal(), "53703");
    assert_eq!((person.phones.len(), person.phones[0].kind.as_str()), (1, "home"));
    assert_eq!(person.email.as_ref().unwrap().reveal(), "testa@example.org");
    assert_eq!(person.language.as_ref().unwrap().reveal(), "es");
    assert_eq!(person.record_numbers.len(), 1, "a social security number is no record number");
    assert_eq!(person.record_numbers[0].0, "EXH");
}

#[test]
fn the_order_is_read_from_orc_and_obr() {
    let (referral, _, problems) = order(&oxygen());
    assert_eq!(referral.order_ref.as_deref(), Some("P-77"));
    let [line] = referral.lines.as_slice() else { panic!("{:?}", referral.lines) };
    assert_eq!(line.code.as_ref().unwrap().as_str(), "E1390");
    assert_eq!(line.other_code.as_deref(), Some("L:OXY"));
    assert_eq!((line.modifiers.as_slice(), line.described), (["RR".to_owned()].as_slice(), true));
    assert_eq!(line.line_ref.as_deref(), Some("P-77"));
    let texts: Vec<_> = referral
        .texts
        .iter()
        .filter(|(place, _)| place == "line 1")
        .map(|(_, said)| said.reveal().as_str())
        .collect();
    assert_eq!(texts, ["Home oxygen, stationary", "Deliver to bedside before noon"]);
    assert_eq!(referral.urgency, Urgency::Urgent);
    let prescriber = referral.prescriber.as_ref().unwrap();
    assert_eq!(
        (prescriber.name.as_deref(), prescriber.npi_valid),
        (Some("Dr Ola Tester, MD"), true)
    );
    assert_eq!(prescriber.phone.as_deref(), Some("(608)555-0142"));
    assert_eq!(referral.referrer.as_ref().unwrap().name.as_deref(), Some("EXAMPLE HOSPITAL ONE"));
    assert_eq!(referral.sender.as_deref(), Some("EXAMPLE HOSPITAL"));
    assert_eq!(
        problems.iter().map(|problem| problem.code.as_str()).collect::<Vec<_>>(),
        ["measurement-unit"]
    );
}

#[test]
fn the_code_of_a_reading_tells_its_condition_and_what_has_no_item_is_a_note() {
    let message = oxygen()
        .replace("2|NM|59408-5^SpO2^LN||91", "2|NM|8867-4^Heart rate^LN||72")
        .replace("59408-5^SpO2^LN||86", "89276-0^SpO2 in exercise^LN||86");
    let (referral, _, _) = order(&message);
    assert_eq!(fact(&referral, "oxygen.condition"), Some(Fact::Code("exercise".to_owned())));
    assert_eq!(fact(&referral, "oxygen.test-on"), Some(Fact::On(day("2026-01-04"))));
    let noted = referral.texts.iter().find(|(at, _)| at == "observations").unwrap();
    assert_eq!(noted.1.reveal(), "Heart rate: 72 % (2026-01-01)\nPaO2: 55 (2026-01-04)");
}

#[test]
fn the_clinical_part_becomes_facts() {
    let (referral, attachments, _) = order(&oxygen());
    let codes: Vec<_> =
        referral.diagnoses.iter().map(|one| (one.code.as_str(), one.billable)).collect();
    assert_eq!(codes, [("J96.11", true), ("J44.9", true)], "DG1-15 says which is first");
    assert_eq!(
        fact(&referral, "oxygen.spo2"),
        Some(Fact::Number(Milli::whole(86))),
        "the latest counts"
    );
    assert_eq!(fact(&referral, "oxygen.test-on"), Some(Fact::On(day("2026-01-04"))));
    assert_eq!(fact(&referral, "oxygen.pao2"), None, "without a unit it is not taken");
    assert!(fact(&referral, "member.weight").is_some());
    assert_eq!(fact(&referral, "member.allergies"), Some(Fact::Held));
    assert_eq!(fact(&referral, "order.ordered-on"), Some(Fact::On(day("2026-01-05"))));
    assert_eq!(fact(&referral, "order.dates-of-service"), Some(Fact::On(day("2026-01-07"))));
    assert_eq!(fact(&referral, "order.signed-on"), None, "no field of the message says so");
    assert_eq!(
        (attachments[0].kind, attachments[0].media_type.as_str()),
        (DocumentKind::Order, "application/pdf")
    );
    let discharge = referral.discharge.unwrap();
    assert_eq!(discharge.at, at("2026-01-06T20:00:00Z"), "MSH-7 gives the zone");
}

#[test]
fn coverage_is_read_from_in1() {
    let (referral, _, _) = order(&oxygen());
    let coverage = &referral.coverage[0];
    assert_eq!(
        (coverage.payer_code.as_deref(), coverage.payer_name.as_deref()),
        (Some("EX001"), Some("Example Health Plan"))
    );
    assert_eq!(coverage.member_id.as_ref().unwrap().reveal(), "MEM100");
    assert_eq!(coverage.group.as_ref().unwrap().reveal(), "GRP7");
    assert_eq!(coverage.is_subscriber, Some(true));
}

#[test]
fn a_discharge_without_an_offset_is_on_the_members_clock() {
    let message = oxygen().replace("20260105120000-0500", "20260105120000");
    let (referral, _, problems) = order(&message);
    assert_eq!(referral.discharge.unwrap().at, at("2026-01-06T21:00:00Z"), "Madison is central");
    assert!(problems.iter().all(|problem| problem.code != "discharge-without-zone"));
    for unclear in [
        message.replace("|53703|", "||").replace("^53703^", "^^"),
        message.replace("20260106150000", "20260106"),
    ] {
        let (referral, _, problems) = order(&unclear);
        assert_eq!(referral.discharge, None);
        let told =
            |problem: &Problem| problem.code == "discharge-without-zone" && problem.at == "PV2-9";
        assert!(problems.iter().any(told));
        let noted = referral.texts.iter().find(|(at, _)| at == "PV2-9 discharge").unwrap();
        assert!(noted.1.reveal().starts_with("2026-01-06"));
    }
    let past = order(&oxygen().replace("20260106150000", "20260102150000"));
    assert_eq!(past.0.discharge, None, "who has gone home needs no discharge");
}

#[test]
fn a_diagnosis_is_checked_on_the_day_of_service_then_of_the_order_then_of_receipt_at_home() {
    let first = |message: &str| {
        let mut reading = read(message.as_bytes(), at("2021-10-01T02:00:00Z"));
        match reading.units.remove(0).found {
            Found::Order { referral, .. } => referral.diagnoses[0].billable,
            other => panic!("{other:?}"),
        }
    };
    let cough = oxygen().replace("J96.11", "R05.1");
    assert!(first(&cough.replace("20260107", "20211005").replace("20260105113000", "20210928")));
    let undated = cough.replace("20260107", "");
    assert!(!first(&undated.replace("20260105113000", "20210928")), "it came into force later");
    assert!(!first(&undated.replace("20260105113000", "")), "in Madison it is still September");
}

#[test]
fn orders_of_different_intents_are_units_of_their_own() {
    let message = format!(
        "{MSH}ORM^O01|M2|P|2.3\r{PID}\rORC|NW|A1\rOBR|1|||E0143^Walker^HCPCS\rORC|CA|A2\rOBR|2|||E0601^^HCPCS\rORC|NW|A3\rOBR|3|||K0001^^HCPCS"
    );
    let reading = read(message.as_bytes(), at("2026-01-05T18:00:00Z"));
    let places: Vec<_> = reading.units.iter().map(|unit| unit.place.as_str()).collect();
    assert_eq!(places, ["message 1 order 1", "message 1 order 2"]);
    let Found::Order { referral, .. } = &reading.units[0].found else { panic!("no order") };
    assert_eq!(referral.lines.len(), 2);
    let Found::Cancel { referral } = &reading.units[1].found else { panic!("no cancellation") };
    assert_eq!(referral.order_ref.as_deref(), Some("A2"));
    assert_ne!(reading.units[0].key, reading.units[1].key);
}

#[test]
fn intents_are_told_apart() {
    let with = |control: &str| {
        one(&format!("{MSH}ORM^O01|M3|P|2.3\r{PID}\rORC|{control}|A1\rOBR|1|||E0143^^HCPCS")).found
    };
    assert!(matches!(with("NW"), Found::Order { .. }));
    assert!(matches!(with("XO"), Found::Change { .. }));
    assert!(matches!(with("CA"), Found::Cancel { .. }));
    assert!(matches!(with("DC"), Found::Cancel { .. }));
    assert!(matches!(with("SC"), Found::Unsupported { .. }));
    assert!(matches!(with("??"), Found::Queued { .. }));
}

#[test]
fn a_referral_asks_for_the_kind_of_care_it_names() {
    let (referral, _, problems) = order(&format!(
        "{MSH}REF^I12|R1|P|2.5.1\rRF1|P|S|SKN^Skilled nursing|||REF-9||20260201\r{PID}\rPRD|RP|Tester^Ola^^^^MD|||^WPN^PH^^^608^5550142||1234567893^NPI|||Example Clinic"
    ));
    assert_eq!(referral.order_ref.as_deref(), Some("REF-9"));
    assert_eq!(referral.lines[0].other_code.as_deref(), Some("HL70281:SKN"));
    assert_eq!(referral.lines[0].hint, None, "nursing is given at home and in facilities");
    assert!(problems.iter().any(|one| one.code == "trade-unclear" && one.at == "RF1-3"));
    let at_home = format!("{MSH}REF^I12|R1|P|2.5.1\rRF1|P|S|HOM^Home care\r{PID}");
    assert_eq!(order(&at_home).0.lines[0].hint, Some(ServiceLine::HomeHealth));
    assert_eq!(referral.urgency, Urgency::Urgent);
    assert!(referral.prescriber.unwrap().npi_valid);
    assert_eq!(referral.referrer.unwrap().name.as_deref(), Some("Example Clinic"));
}

#[test]
fn a_drug_that_is_swallowed_is_no_infusion() {
    let message = |route: &str| {
        format!(
            "{MSH}OMP^O09^OMP_O09|D1|P|2.5.1\r{PID}\rORC|NW|A1\rRXO|1234^Testomycin^L|2|||g\rRXR|{route}"
        )
    };
    let (referral, _, _) = order(&message("IV"));
    assert_eq!(referral.lines[0].hint, Some(ServiceLine::HomeInfusion));
    assert_eq!(fact(&referral, "infusion.drug"), Some(Fact::Held));
    let (referral, _, _) = order(&message("PO"));
    assert_eq!((referral.lines[0].hint, fact(&referral, "infusion.drug")), (None, None));
    let without = message("").replace("\rRXR|", "");
    let (referral, _, problems) = order(&without);
    assert_eq!(referral.lines[0].hint, None, "a route that is not said is not guessed");
    assert!(problems.iter().any(|problem| problem.code == "route-unclear"));
}

#[test]
fn a_member_who_is_reported_dead_is_said_to_a_person() {
    let dead = oxygen().replace("||es^Spanish", &format!("||es^Spanish{}Y", "|".repeat(15)));
    let (referral, _, problems) = order(&dead);
    assert!(problems.iter().any(|one| one.code == "member-deceased" && one.at == "PID-30"));
    assert!(referral.texts.iter().any(|(at, _)| at == "PID-30"));
}

#[test]
fn an_order_without_a_service_waits_for_a_person() {
    let unit = one(&format!("{MSH}ORM^O01|M4|P|2.3\r{PID}\rORC|NW|A1"));
    assert!(matches!(unit.found, Found::Queued { .. }));
    assert_eq!(
        (unit.problems[0].code.as_str(), unit.problems[0].at.as_str()),
        ("order-empty", "OBR-4")
    );
}

#[test]
fn what_cannot_be_taken_is_refused_with_its_place() {
    let unit = one(&format!("{MSH}ORM^O01|M5|P|2.3\rORC|NW|A1\rOBR|1|||E0143^^HCPCS"));
    assert!(matches!(unit.found, Found::Refused));
    assert_eq!(
        (unit.problems[0].code.as_str(), unit.problems[0].at.as_str()),
        ("no-patient", "MSH")
    );
    let unit = one(&format!("{MSH}ORM^O01|M6|P|2.3\rPID|1\rORC|NW|A1\rOBR|1|||E0143^^HCPCS"));
    assert_eq!(
        (unit.problems[0].code.as_str(), unit.problems[0].at.as_str()),
        ("patient-unnamed", "PID-5")
    );
}

#[test]
fn documents_wait_for_a_person_and_the_rest_is_named() {
    let unit = one(&format!(
        "{MSH}MDM^T02|M7|P|2.5.1\r{PID}\rOBX|1|ED|^Order^L||^application^pdf^Base64^JVBERi0xLjQK"
    ));
    assert!(matches!(unit.found, Found::Queued { .. }));
    let unit = one(&format!("{MSH}ADT^A03|M8|P|2.5.1\r{PID}"));
    assert!(matches!(unit.found, Found::Unsupported { what } if what == "HL7 ADT^A03"));
}

#[test]
fn nothing_personal_is_in_a_problem() {
    let message = oxygen()
        .replace("J44.9^COPD^I10", "Testa Example^^I10")
        .replace("1234567893", "Testa")
        .replace("E1390", "Testa Example");
    let (_, _, problems) = order(&message);
    assert!(problems.len() >= 4);
    for problem in problems {
        assert!(!format!("{problem:?}").contains("Testa"), "{problem:?}");
    }
}

fn answered(message: &str, outcomes: &[Outcome]) -> Option<String> {
    let reading = read(message.as_bytes(), at("2026-01-05T18:00:00Z"));
    assert_eq!(reading.units.len(), outcomes.len());
    let number = CaseNumber::new(day("2026-01-05"), 42);
    let outcomes: Vec<_> = outcomes
        .iter()
        .map(|outcome| UnitOutcome {
            outcome: *outcome,
            number: (*outcome == Outcome::Opened).then(|| number.clone()),
            problems: Vec::new(),
        })
        .collect();
    let reply = reply(message.as_bytes(), (&reading, &outcomes), at("2026-01-05T18:00:01Z"), 7)?;
    assert_eq!(reply.media_type, "application/hl7-v2");
    Some(String::from_utf8(reply.bytes).unwrap())
}

#[test]
fn an_opened_case_is_acknowledged_with_its_number() {
    let number = CaseNumber::new(day("2026-01-05"), 42);
    let answer = answered(&oxygen(), &[Outcome::Opened]).unwrap();
    assert!(
        answer.starts_with(
            "MSH|^~\\&|DOORSTEP||EHR|EXAMPLE HOSPITAL|20260105180001+0000||ACK^O19^ACK|7|P|2.5.1\r"
        ),
        "{answer}"
    );
    assert!(answer.contains(&format!("\rMSA|AA|M1|case {number}\r")), "{answer}");
    assert!(
        answer.contains("\rERR||OBX^1^5|103") || answer.contains("\rERR||OBX^1^5|102"),
        "{answer}"
    );
    let newer = answered(&oxygen().replace("|2.5.1", "|2.8"), &[Outcome::Opened]).unwrap();
    assert!(
        newer.contains("\rMSA|AA|M1\r")
            && newer.contains(&format!("|I|case-number^^L|||case {number}\r")),
        "{newer}"
    );
}

#[test]
fn a_refusal_names_the_segment_and_field() {
    let message = format!("{MSH}ORM^O01|M6|P|2.5.1\rPID|1\rORC|NW|A1\rOBR|1|||E0143^^HCPCS");
    let answer = answered(&message, &[Outcome::Refused]).unwrap();
    assert!(answer.contains("\rMSA|AE|M6|") && answer.contains("\rERR||PID^1^5|101^"), "{answer}");
    let silent = answered(&oxygen(), &[Outcome::Refused]).unwrap();
    assert!(silent.contains("\rMSA|AE|M1|") && silent.contains("|E|"), "{silent}");
}

#[test]
fn a_message_of_another_kind_is_rejected_so_that_it_is_not_sent_again() {
    let answer =
        answered(&format!("{MSH}ADT^A03|M8|P|2.5.1\r{PID}"), &[Outcome::Unsupported]).unwrap();
    assert!(answer.contains("\rMSA|AR|M8|") && answer.contains("\rERR||MSH^1^9|200^"), "{answer}");
}

#[test]
fn an_acknowledgement_is_not_acknowledged() {
    assert_eq!(answered(&format!("{MSH}ACK|M9|P|2.5.1\rMSA|AA|1"), &[Outcome::Unsupported]), None);
}

#[test]
fn a_batch_is_answered_by_a_batch() {
    let bad = format!("{MSH}ORM^O01|M6|P|2.5.1\rPID|1\rORC|NW|A1\rOBR|1|||E0143^^HCPCS");
    let batch = format!("BHS|^~\\&|EHR|HOSP|DS||20260105||||B1\r{}\r{bad}\rBTS|2\r", oxygen());
    let answer = answered(&batch, &[Outcome::Opened, Outcome::Refused]).unwrap();
    assert!(answer.starts_with("BHS|"), "{answer}");
    assert!(answer.contains("|7.1|P|") && answer.contains("|7.2|P|"), "{answer}");
    assert!(
        answer.contains("\rMSA|AA|M1|")
            && answer.contains("\rMSA|AE|M6|")
            && answer.ends_with("BTS|2\r"),
        "{answer}"
    );
}

#[test]
fn a_message_with_two_intents_has_one_acknowledgement() {
    let message = format!(
        "{MSH}ORM^O01|M2|P|2.5.1\r{PID}\rORC|NW|A1\rOBR|1|||E0143^^HCPCS\rORC|CA|A2\rOBR|2|||E0601^^HCPCS"
    );
    let answer = answered(&message, &[Outcome::Opened, Outcome::Queued]).unwrap();
    assert_eq!(answer.matches("MSA|AA|M2|case").count(), 1, "{answer}");
}

#[test]
fn bytes_without_a_message_are_refused_and_answered() {
    let answer = answered("BHS|^~\\&|EHR\r", &[Outcome::Refused]).unwrap();
    assert!(answer.contains("\rMSA|AR|"), "{answer}");
}

/// What a sample asks for, by its own ORC-1 and trigger.
fn wanted(text: &str) -> &'static str {
    let controls: Vec<&str> =
        text.split(['\r', '\n']).filter_map(|line| line.strip_prefix("ORC|")).collect();
    if text.contains("REF^I14") {
        "cancel"
    } else if !controls.is_empty() && controls.iter().all(|control| !control.starts_with("NW")) {
        "status"
    } else {
        "order"
    }
}

#[test]
fn every_order_among_the_samples_is_taken() {
    let Ok(root) = std::env::var("DOORSTEP_SAMPLES") else {
        println!("skipped: DOORSTEP_SAMPLES is not set");
        return;
    };
    let mut n_orders = 0;
    for folder in ["hl7v2-ref", "hl7v2-order"] {
        for file in fs::read_dir(format!("{root}/{folder}")).unwrap() {
            let file = file.unwrap().path();
            let bytes = fs::read(&file).unwrap();
            let reading = read(&bytes, at("2026-11-22T12:00:00Z"));
            for unit in &reading.units {
                match (wanted(&String::from_utf8_lossy(&bytes)), &unit.found) {
                    ("order", Found::Order { referral, .. }) => {
                        assert!(
                            !referral.lines.is_empty() && referral.person.family.is_some(),
                            "{}",
                            file.display()
                        );
                        n_orders += 1;
                    }
                    ("cancel", Found::Cancel { referral }) => assert!(referral.order_ref.is_some()),
                    ("status", Found::Unsupported { what }) => {
                        assert!(what.ends_with("stands"), "{what}");
                    }
                    (wanted, found) => panic!("{}: {wanted} became {found:?}", file.display()),
                }
            }
        }
    }
    assert!(n_orders >= 20, "{n_orders}");
}

#[test]
fn no_other_sample_becomes_an_order_and_all_are_answered() {
    let Ok(root) = std::env::var("DOORSTEP_SAMPLES") else {
        println!("skipped: DOORSTEP_SAMPLES is not set");
        return;
    };
    for folder in [
        "hl7v2-adt",
        "hl7v2-edge",
        "hl7v2-from-source-code",
        "hl7v2-mdm",
        "hl7v2-oru",
        "hl7v2-other",
    ] {
        for file in fs::read_dir(format!("{root}/{folder}")).unwrap() {
            let file = file.unwrap().path();
            let bytes = fs::read(&file).unwrap();
            let reading = read(&bytes, at("2026-11-22T12:00:00Z"));
            for unit in &reading.units {
                let is_other = matches!(
                    unit.found,
                    Found::Unsupported { .. } | Found::Queued { .. } | Found::Refused
                );
                assert!(is_other, "{}: {:?}", file.display(), unit.found);
            }
            let outcomes = vec![
                UnitOutcome {
                    outcome: Outcome::Unsupported,
                    number: None,
                    problems: Vec::new()
                };
                reading.units.len()
            ];
            let answer = reply(&bytes, (&reading, &outcomes), at("2026-11-22T12:00:01Z"), 1);
            let is_answer = String::from_utf8_lossy(&bytes).contains("|ACK");
            assert_eq!(answer.is_none(), is_answer, "{}", file.display());
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_a_reader_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let reading = read(&bytes, at("2026-01-05T18:00:00Z"));
        prop_assert!(!reading.units.is_empty());
    }

    #[test]
    fn no_damage_makes_a_reader_panic(from in 0_usize..1400, length in 0_usize..40, new in "[|^~&\\\\\\r0-9A-Z]{0,12}") {
        let mut bytes = oxygen().into_bytes();
        let from = from.min(bytes.len());
        let end = (from + length).min(bytes.len());
        bytes.splice(from..end, new.into_bytes());
        let reading = read(&bytes, at("2026-01-05T18:00:00Z"));
        let outcomes = vec![UnitOutcome { outcome: Outcome::Refused, number: None, problems: Vec::new() }; reading.units.len()];
        let answer = reply(&bytes, (&reading, &outcomes), at("2026-01-05T18:00:00Z"), 1);
        prop_assert!(answer.is_none_or(|answer| !answer.bytes.is_empty()));
    }
}
