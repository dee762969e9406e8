//! What goes back to the sender.

use super::*;
use crate::{Outcome, UnitOutcome, reply};
use doorstep_vocab::CaseNumber;
use serde_json::Value;

fn answer(text: &str, outcome: Outcome, number: Option<&str>) -> Value {
    let reading = reading(text);
    let number = number.map(|number| CaseNumber::parse(number).unwrap());
    let outcomes = [UnitOutcome { outcome, number, problems: Vec::new() }];
    let reply = reply(text.as_bytes(), &reading, &outcomes, received_at(), 1).unwrap();
    assert_eq!(reply.media_type, "application/fhir+json");
    serde_json::from_slice(&reply.bytes).unwrap()
}

fn number() -> String {
    CaseNumber::new("2026-03-03".parse().unwrap(), 42).as_str().to_owned()
}

#[test]
fn a_message_is_answered_with_a_message_that_names_it() {
    let answer = answer(OXYGEN, Outcome::Opened, Some(&number()));
    assert_eq!((&answer["resourceType"], &answer["type"]), (&"Bundle".into(), &"message".into()));
    let header = &answer["entry"][0]["resource"];
    assert_eq!(header["response"]["identifier"], "msg-0001");
    assert_eq!(header["response"]["code"], "ok");
    assert_eq!(header["eventCoding"]["code"], "InitialOrder");
    assert_eq!(header["destination"][0]["endpoint"], "https://ehr.example/fhir");
    assert_eq!(header["focus"][0]["reference"], answer["entry"][1]["fullUrl"]);
    assert_eq!(answer["entry"][1]["resource"]["resourceType"], "Task");
    let reading = reading(&answer.to_string());
    assert!(
        matches!(&reading.units[0].found, Found::Unsupported { what } if what == "FHIR reply to a message"),
        "it reads back as what it is: {reading:?}"
    );
}

#[test]
fn a_message_that_is_refused_is_answered_with_the_reasons() {
    let text = OXYGEN.replace("\"basedOn\": [{ \"reference\": \"DeviceRequest/o2\" }, { \"reference\": \"DeviceRequest/portable\" }],", "");
    let answer = answer(&text, Outcome::Refused, None);
    let header = &answer["entry"][0]["resource"];
    assert_eq!(header["response"]["code"], "fatal-error");
    assert_eq!(header["response"]["details"]["reference"], answer["entry"][1]["fullUrl"]);
    assert_eq!(answer["entry"][1]["resource"]["resourceType"], "OperationOutcome");
}

#[test]
fn an_order_is_answered_with_a_task_that_tells_both_numbers() {
    let answer = answer(HOME_CARE, Outcome::Opened, Some(&number()));
    assert_eq!((&answer["resourceType"], &answer["status"]), (&"Task".into(), &"received".into()));
    assert_eq!(answer["identifier"][0]["value"], number());
    assert_eq!(answer["identifier"][1]["value"], "GROUP-9");
    assert_eq!(answer["lastModified"], "2026-03-03T15:00:00Z");
    assert_eq!(answer["contained"][0]["resourceType"], "OperationOutcome");
    let issues = answer["contained"][0]["issue"].as_array().unwrap();
    assert!(issues.iter().all(|issue| issue["severity"] == "warning"));
    assert_eq!(answer["output"][0]["valueReference"]["reference"], "#problems");
}

#[test]
fn a_bundle_for_two_members_is_answered_for_each() {
    let text = r#"{"resourceType":"Bundle","type":"batch","entry":[
        {"resource":{"resourceType":"ServiceRequest","status":"active","code":{"text":"a"},"subject":{"reference":"Patient/1"}}},
        {"resource":{"resourceType":"ServiceRequest","status":"active","code":{"text":"b"},"subject":{"reference":"Patient/2"}}},
        {"resource":{"resourceType":"Patient","id":"1"}},{"resource":{"resourceType":"Patient","id":"2"}}]}"#;
    let outcomes = [Some(number()), None].map(|number| UnitOutcome {
        outcome: if number.is_some() { Outcome::Opened } else { Outcome::Refused },
        number: number.map(|number| CaseNumber::parse(&number).unwrap()),
        problems: Vec::new(),
    });
    let reply = reply(text.as_bytes(), &reading(text), &outcomes, received_at(), 1).unwrap();
    let answer: Value = serde_json::from_slice(&reply.bytes).unwrap();
    assert_eq!(
        (&answer["resourceType"], &answer["type"]),
        (&"Bundle".into(), &"collection".into())
    );
    assert_eq!(answer["entry"][0]["resource"]["identifier"][0]["value"], number());
    assert_eq!(answer["entry"][1]["resource"]["resourceType"], "OperationOutcome");
}

#[test]
fn what_was_refused_is_answered_with_the_reasons_and_their_places() {
    let text = r#"{"resourceType":"Task","status":"requested","status":"cancelled"}"#;
    let answer = answer(text, Outcome::Refused, None);
    assert_eq!(answer["resourceType"], "OperationOutcome");
    let issue = &answer["issue"][0];
    assert_eq!((&issue["severity"], &issue["code"]), (&"error".into(), &"structure".into()));
    assert_eq!(issue["details"]["text"], "duplicate-key");
    assert_eq!(issue["expression"][0], "Task.status");
    assert_eq!(answer["issue"].as_array().unwrap().len(), 1);
}

#[test]
fn what_is_not_an_order_is_answered_so() {
    let answer = answer(r#"{"resourceType":"Patient"}"#, Outcome::Unsupported, None);
    assert_eq!(answer["issue"][0]["code"], "not-supported");
    let said = answer["issue"][0]["diagnostics"].as_str().unwrap();
    assert!(said.starts_with("FHIR Patient"), "{said}");
}

#[test]
fn xml_is_answered_in_json() {
    let answer = answer(r#"<Task xmlns="http://hl7.org/fhir"/>"#, Outcome::Refused, None);
    assert_eq!(answer["issue"][0]["code"], "not-supported");
    assert_eq!(answer["issue"][0]["details"]["text"], "fhir-xml");
}

#[test]
fn what_a_person_will_look_at_is_said() {
    let answer = answer(DEVICE, Outcome::Queued, None);
    assert_eq!(answer["resourceType"], "OperationOutcome");
    let issues = answer["issue"].as_array().unwrap();
    assert!(issues.iter().any(|issue| issue["details"]["text"] == "queued"));
    assert!(issues.iter().all(|issue| issue["severity"] != "error"));
}

#[test]
fn a_refusal_of_the_core_is_an_error_without_a_place_of_fhir() {
    let reading = reading(DEVICE);
    let problem = Problem::error("order-empty", "lines", "the order names no service");
    let outcomes =
        [UnitOutcome { outcome: Outcome::Refused, number: None, problems: vec![problem] }];
    let reply = reply(DEVICE.as_bytes(), &reading, &outcomes, received_at(), 1).unwrap();
    let answer: Value = serde_json::from_slice(&reply.bytes).unwrap();
    let issues = answer["issue"].as_array().unwrap();
    let issue = issues.iter().find(|issue| issue["details"]["text"] == "order-empty").unwrap();
    assert_eq!((&issue["severity"], &issue["code"]), (&"error".into(), &"business-rule".into()));
    assert!(issue.get("expression").is_none());
}

#[test]
fn an_answer_tells_no_value_of_the_document() {
    for text in [OXYGEN, HOME_CARE, PAS, DEVICE] {
        let said = answer(text, Outcome::Opened, Some(&number())).to_string();
        for name in ["Testa", "Testo", "Test Street", "MRN-000", "SUB-TEST", "MEM-TEST"] {
            assert!(!said.contains(name), "{name}");
        }
    }
}
