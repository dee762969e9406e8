use super::*;
use crate::json::read;
use crate::kind::Kind;
use crate::problem::{Code, Problem};

fn with_order(text: &str, check: impl FnOnce(&Kind, &Order<'_>, &[Problem])) {
    let tree = read(text.as_bytes()).expect("the test's document is sound");
    let reading = read_orders(&tree).remove(0);
    let order = reading.order.expect("the test's document is an order");
    check(&reading.kind, &order, &reading.problems);
}

fn codes(problems: &[Problem]) -> Vec<Code> {
    problems.iter().map(|problem| problem.code).collect()
}

const OXYGEN: &str = r##"{"resourceType":"Bundle","type":"transaction","identifier":{"value":"B-1"},"entry":[
 {"fullUrl":"urn:uuid:t","resource":{"resourceType":"Task","status":"requested","identifier":[{"value":"T-1"}],
   "code":{"coding":[{"code":"fulfill"}]},"focus":{"reference":"urn:uuid:d"},"for":{"reference":"urn:uuid:p"},
   "priority":"urgent","requester":{"reference":"urn:uuid:o"},"insurance":[{"reference":"urn:uuid:c"}],
   "description":"please call first"}},
 {"fullUrl":"urn:uuid:d","resource":{"resourceType":"DeviceRequest","status":"active","intent":"order",
   "codeCodeableConcept":{"coding":[{"system":"http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets","code":"E1390"}]},
   "parameter":[{"code":{"text":"Quantity"},"valueQuantity":{"value":1}},
      {"code":{"text":"HCPCS modifier"},"valueCodeableConcept":{"coding":[{"code":"RR"}]}}],
   "subject":{"reference":"urn:uuid:p"},"encounter":{"reference":"#e"},"occurrenceDateTime":"2026-03-10",
   "requester":{"reference":"urn:uuid:r"},"reasonReference":[{"reference":"urn:uuid:k"}],
   "supportingInfo":[{"reference":"urn:uuid:s"}],"note":[{"text":"two litres at night"}],
   "contained":[{"resourceType":"Encounter","id":"e","period":{"start":"2026-03-01","end":"2026-03-09"}}]}},
 {"fullUrl":"urn:uuid:p","resource":{"resourceType":"Patient","id":"p","name":[{"family":"Example","given":["Testa"]}],
   "birthDate":"1950-01-02"}},
 {"fullUrl":"urn:uuid:c","resource":{"resourceType":"Coverage","subscriberId":"M1","subscriber":{"reference":"urn:uuid:p"},
   "beneficiary":{"reference":"urn:uuid:p"},"payor":[{"reference":"urn:uuid:y"}]}},
 {"fullUrl":"urn:uuid:y","resource":{"resourceType":"Organization","name":"Example Payer"}},
 {"fullUrl":"urn:uuid:o","resource":{"resourceType":"Organization","name":"Example Hospital"}},
 {"fullUrl":"urn:uuid:r","resource":{"resourceType":"PractitionerRole","practitioner":{"reference":"urn:uuid:q"},
   "organization":{"reference":"urn:uuid:o"}}},
 {"fullUrl":"urn:uuid:q","resource":{"resourceType":"Practitioner","identifier":[
   {"system":"http://hl7.org/fhir/sid/us-npi","value":"1234567893"}],"name":[{"family":"Signer"}]}},
 {"fullUrl":"urn:uuid:k","resource":{"resourceType":"Condition","code":{"coding":[{"code":"J44.9"}]}}},
 {"fullUrl":"urn:uuid:s","resource":{"resourceType":"Observation","status":"final","code":{"coding":[{"code":"59408-5"}]},
   "valueQuantity":{"value":85.0,"unit":"%"},"effectiveDateTime":"2026-03-08"}},
 {"fullUrl":"urn:uuid:f","resource":{"resourceType":"DocumentReference","description":"note",
   "content":[{"attachment":{"contentType":"application/pdf","url":"Binary/b"}}]}},
 {"fullUrl":"urn:uuid:b","resource":{"resourceType":"Binary","id":"b","contentType":"application/pdf","data":"aGVsbG8="}},
 {"fullUrl":"urn:uuid:v","resource":{"resourceType":"Provenance","target":[{"reference":"urn:uuid:d"}],
   "signature":[{"who":{"reference":"urn:uuid:q"},"when":"2026-03-09T10:00:00Z"}]}},
 {"fullUrl":"urn:uuid:a","resource":{"resourceType":"QuestionnaireResponse","questionnaire":"http://x/q","item":[
   {"linkId":"g","item":[{"linkId":"1","text":"Sats","answer":[{"valueDecimal":85.0}]}]}]}}]}"##;

#[test]
fn a_post_acute_order_is_gathered_whole() {
    with_order(OXYGEN, |kind, order, problems| {
        assert_eq!((kind, problems), (&Kind::Order, [].as_slice()));
        assert_eq!(
            (order.form, order.intent, order.priority),
            (Form::Task, Intent::New, Priority::Urgent)
        );
        let numbers: Vec<_> = order.identifiers.iter().filter_map(|one| one.value).collect();
        assert_eq!(numbers, ["B-1", "T-1"]);
        let [line] = order.lines.as_slice() else {
            panic!("one line is ordered, found {}", order.lines.len())
        };
        assert_eq!((line.path.as_str(), line.kind), ("Bundle.entry[1].resource", LineKind::Device));
        assert_eq!(line.code_of(&["HCPCSReleaseCodeSets"]).unwrap().code, Some("E1390"));
        assert_eq!((line.quantity.unwrap().count(), line.modifiers[0].code), (Some(1), Some("RR")));
        assert_eq!(line.notes, ["two litres at night"]);
        assert_eq!(order.messages, ["please call first"]);
        assert_eq!(order.discharged.as_ref().unwrap().start().unwrap().text, "2026-03-09");
    });
}

#[test]
fn people_and_payers_are_followed() {
    with_order(OXYGEN, |_, order, _| {
        assert_eq!(order.sender.as_ref().unwrap().organization_name(), Some("Example Hospital"));
        let requester = order.requester.as_ref().unwrap();
        assert_eq!(requester.npi(), Some("1234567893"));
        assert_eq!(requester.person_name().unwrap().family, Some("Signer"));
        assert_eq!(requester.organization_name(), Some("Example Hospital"));
        assert_eq!(order.payer.as_ref().unwrap().organization_name(), Some("Example Payer"));
        assert_eq!(order.coverages[0].coverage.unwrap().subscriber_id(), Some("M1"));
        assert!(order.subscriber().unwrap().patient.is_some());
        assert_eq!(
            order.patient.as_ref().unwrap().patient.unwrap().born().unwrap().text,
            "1950-01-02"
        );
    });
}

#[test]
fn evidence_is_taken_in_once() {
    with_order(OXYGEN, |_, order, _| {
        assert_eq!(
            (order.diagnoses.len(), order.diagnoses[0].source),
            (1, DiagnosisSource::Reason)
        );
        assert_eq!(order.observations.len(), 1);
        assert_eq!(order.observations[0].quantity.unwrap().value, Some("85.0"));
        assert_eq!(order.documents.len(), 1);
        assert_eq!(order.documents[0].content.bytes(), Some(Ok(b"hello".to_vec())));
        assert_eq!((order.signatures.len(), order.signed()), (1, Signed::ByProvenance));
        assert_eq!(order.answers[0].answers[0].link_id, "1");
        assert!(order.answers[0].answers[0].value == AnswerValue::Number("85.0"));
        assert_eq!(format!("{order:?}"), "Order(Task, New, 1 lines, ‹phi›)");
    });
}

const PAS: &str = "http://hl7.org/fhir/us/davinci-pas/StructureDefinition";

fn claim(profile: &str, first_extra: &str, second_extra: &str, rest: &str) -> String {
    let concept = |system: &str, code: &str| {
        format!(
            r#"{{"coding":[{{"system":"https://codesystem.x12.org/005010/{system}","code":"{code}"}}]}}"#
        )
    };
    let item = |sequence: u32, extra: &str| {
        format!(
            r#"{{"sequence":{sequence},"extension":[{{"url":"{PAS}/extension-serviceItemRequestType","valueCodeableConcept":{}}},
            {{"url":"{PAS}/extension-itemTraceNumber","valueIdentifier":{{"value":"TRACE-{sequence}"}}}}],
            "productOrService":{{"coding":[{{"system":"http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets","code":"E0601"}}]}},
            "quantity":{{"value":1}},"servicedDate":"2026-04-01"{extra}}}"#,
            concept("1525", "HS")
        )
    };
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","identifier":{{"value":"S-1"}},"timestamp":"2026-03-09T10:00:00Z","entry":[
        {{"fullUrl":"http://a.example/Claim/1","resource":{{"resourceType":"Claim","id":"1","meta":{{"profile":["{PAS}/{profile}"]}},
          "identifier":[{{"value":"C-1"}}],"status":"active","use":"preauthorization","patient":{{"reference":"Patient/p"}},
          "insurer":{{"reference":"Organization/y"}},"provider":{{"reference":"Organization/o"}},"created":"2026-03-09",
          "extension":[{{"url":"{PAS}/extension-levelOfServiceCode","valueCodeableConcept":{}}},
            {{"url":"{PAS}/extension-homeHealthCareInformation","extension":[{{"url":"prognosis","valueCodeableConcept":{}}},
              {{"url":"date","valueDate":"2026-03-01"}}]}}],
          "diagnosis":[{{"sequence":1,"diagnosisCodeableConcept":{{"coding":[{{"code":"G47.33"}}]}}}}],
          "supportingInfo":[{{"category":{{"coding":[{{"code":"dischargeDates"}}]}},"timingDate":"2026-03-08"}},
            {{"category":{{"coding":[{{"code":"additionalInformation"}}]}},
              "valueAttachment":{{"contentType":"text/plain","data":"aGk="}}}},
            {{"category":{{"coding":[{{"code":"freeFormMessage"}}]}},"valueString":"see the note"}}],
          "item":[{},{}]{rest}}}}},
        {{"fullUrl":"http://a.example/Patient/p","resource":{{"resourceType":"Patient","id":"p"}}}},
        {{"fullUrl":"http://a.example/Organization/y","resource":{{"resourceType":"Organization","id":"y","name":"Example Payer"}}}},
        {{"fullUrl":"http://a.example/Organization/o","resource":{{"resourceType":"Organization","id":"o","name":"Example Clinic"}}}}]}}"#,
        concept("1338", "U"),
        concept("923", "4"),
        item(1, first_extra),
        item(2, second_extra)
    )
}

#[test]
fn a_prior_authorization_request_is_read() {
    with_order(&claim("profile-claim", "", "", ""), |_, order, problems| {
        assert_eq!(codes(problems), []);
        assert_eq!(
            (order.form, order.intent, order.lines.len()),
            (Form::PriorAuthorization, Intent::New, 2)
        );
        let line = &order.lines[1];
        assert_eq!(
            (line.path.as_str(), line.kind),
            ("Bundle.entry[0].resource.item[1]", LineKind::ClaimItem)
        );
        assert_eq!(line.trace_numbers[0].value, Some("TRACE-2"));
        assert_eq!(line.request_type.as_ref().unwrap().code(), Some("HS"));
        assert_eq!(order.level_of_service.code(), Some("U"));
        assert_eq!(order.home_health.as_ref().unwrap().started_on.unwrap().text, "2026-03-01");
        assert_eq!(order.discharged.as_ref().unwrap().start().unwrap().text, "2026-03-08");
        assert_eq!(order.documents[0].content.bytes(), Some(Ok(b"hi".to_vec())));
        assert_eq!(order.messages, ["see the note"]);
        assert_eq!(order.payer.as_ref().unwrap().organization_name(), Some("Example Payer"));
        assert_eq!(order.diagnoses[0].code.code(), Some("G47.33"));
    });
}

#[test]
fn changes_withdrawals_and_inquiries_are_told_apart() {
    let off = format!(
        r#","modifierExtension":[{{"url":"{PAS}/modifierextension-infoCancelled","valueBoolean":true}}]"#
    );
    let related = r#","related":[{"claim":{"reference":"http://a.example/Claim/0"}}]"#;
    let intent = |text: &str| {
        let mut found = None;
        with_order(text, |_, order, _| found = Some((order.intent, order.lines[0].action)));
        found.unwrap()
    };
    assert_eq!(
        intent(&claim("profile-claim-update", &off, "", related)),
        (Intent::Change, Action::Withdrawn)
    );
    assert_eq!(
        intent(&claim("profile-claim-update", &off, &off, related)),
        (Intent::Cancel, Action::Withdrawn)
    );
    assert_eq!(intent(&claim("profile-claim", "", "", related)), (Intent::Change, Action::Ordered));
    assert_eq!(
        intent(&claim("profile-claim-inquiry", "", "", "")),
        (Intent::Inquiry, Action::Ordered)
    );
}

#[test]
fn a_whole_claim_is_cancelled_by_its_own_certification_type() {
    let kind = r#"{"coding":[{"system":"https://codesystem.x12.org/005010/1322","code":"3"}]}"#;
    let related = r#","related":[{"claim":{"reference":"http://a.example/Claim/0"}}]"#;
    let text = claim("profile-claim-update", "", "", related);
    let on_claim = format!(
        r#""extension":[{{"url":"{PAS}/extension-certificationType","valueCodeableConcept":{kind}}},{{"url":"{PAS}/extension-levelOfServiceCode""#
    );
    let at = format!(r#""extension":[{{"url":"{PAS}/extension-levelOfServiceCode""#);
    with_order(&text.replacen(&at, &on_claim, 1), |_, order, _| {
        assert_eq!((order.intent, order.lines.len()), (Intent::Cancel, 2));
    });
    with_order(&text, |_, order, _| assert_eq!(order.intent, Intent::Change));
}

#[test]
fn what_a_claim_withdraws_is_not_taken() {
    let off = format!(
        r#""modifierExtension":[{{"url":"{PAS}/modifierextension-infoCancelled","valueBoolean":true}}]"#
    );
    let text = claim("profile-claim-update", "", "", "")
        .replacen(
            r#""diagnosis":[{"sequence":1,"#,
            &format!(r#""diagnosis":[{{"sequence":1,{off},"#),
            1,
        )
        .replacen(r#""supportingInfo":[{"#, &format!(r#""supportingInfo":[{{{off},"#), 1);
    with_order(&text, |_, order, problems| {
        assert_eq!((order.diagnoses.len(), order.discharged.is_none()), (0, true));
        assert_eq!(codes(problems), [Code::InfoCancelled, Code::InfoCancelled]);
    });
}

#[test]
fn what_is_not_to_be_done_is_not_ordered() {
    let only = r#"{"resourceType":"MedicationRequest","status":"active","intent":"order","doNotPerform":true,
        "medicationCodeableConcept":{"text":"heparin"},"subject":{"reference":"Patient/1"}}"#;
    with_order(only, |_, order, problems| {
        assert_eq!(order.lines.len(), 0);
        assert!(codes(problems).contains(&Code::DoNotPerform));
        assert!(codes(problems).contains(&Code::NoLines));
    });
    let beside = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"resource":{only}}},
        {{"resource":{{"resourceType":"ServiceRequest","status":"active","intent":"order","code":{{"text":"nurse"}},
          "subject":{{"reference":"Patient/1"}}}}}}]}}"#
    );
    with_order(&beside, |_, order, problems| {
        assert_eq!((order.lines.len(), order.lines[0].text), (1, Some("nurse")));
        assert!(codes(problems).contains(&Code::DoNotPerform));
    });
    let asked = format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[
        {{"resource":{{"resourceType":"Claim","use":"preauthorization","patient":{{"reference":"Patient/1"}},"item":[
          {{"sequence":1,"productOrService":{{"text":"heparin"}},"extension":[{{"url":"{PAS}/extension-requestedService",
            "valueReference":{{"reference":"MedicationRequest/m"}}}}]}}]}}}},
        {{"resource":{}}}]}}"#,
        only.replacen('{', r#"{"id":"m","#, 1)
    );
    with_order(&asked, |_, order, problems| {
        assert_eq!(order.lines.len(), 0);
        assert!(codes(problems).contains(&Code::DoNotPerform));
    });
}

fn two(subject: &str, evidence: &str) -> String {
    format!(
        r#"{{"resourceType":"Bundle","type":"batch","entry":[
        {{"resource":{{"resourceType":"ServiceRequest","status":"active","code":{{"text":"a"}},"subject":{{"reference":"Patient/1"}},
          "supportingInfo":[{{"reference":"Observation/o"}}]}}}},
        {{"resource":{{"resourceType":"ServiceRequest","status":"active","code":{{"text":"b"}},"subject":{{"reference":"{subject}"}}}}}},
        {{"resource":{{"resourceType":"Observation","id":"o","status":"final","code":{{"text":"x"}},"subject":{{"reference":"{evidence}"}}}}}},
        {{"resource":{{"resourceType":"Condition","code":{{"coding":[{{"code":"J44.9"}}]}},"subject":{{"reference":"{evidence}"}}}}}},
        {{"resource":{{"resourceType":"Patient","id":"1"}}}},{{"resource":{{"resourceType":"Patient","id":"2"}}}}]}}"#
    )
}

#[test]
fn what_is_about_another_patient_is_left_out() {
    with_order(&two("Patient/1", "Patient/2"), |_, order, problems| {
        assert_eq!((order.lines.len(), order.observations.len(), order.diagnoses.len()), (2, 0, 0));
        assert_eq!(codes(problems), [Code::OtherPatient, Code::OtherPatient]);
        assert_eq!(problems[0].path, "Bundle.entry[2].resource");
    });
    with_order(&two("Patient/1", "Patient/1"), |_, order, problems| {
        assert_eq!((order.observations.len(), order.diagnoses.len()), (1, 1));
        assert_eq!(codes(problems), []);
    });
}

#[test]
fn a_bundle_for_two_patients_is_an_order_for_each() {
    let text = two("Patient/2", "Patient/2");
    let tree = read(text.as_bytes()).unwrap();
    let readings = read_orders(&tree);
    let [one, other] = readings.as_slice() else { panic!("two orders, not {}", readings.len()) };
    let (first, second) = (one.order.as_ref().unwrap(), other.order.as_ref().unwrap());
    assert_eq!((first.lines.len(), first.lines[0].text), (1, Some("a")));
    assert_eq!((first.observations.len(), first.diagnoses.len()), (0, 0));
    assert_eq!(codes(&one.problems), [Code::OtherPatient], "it points at the other's observation");
    assert_eq!((second.lines.len(), second.lines[0].text), (1, Some("b")));
    assert_eq!((second.observations.len(), second.diagnoses.len()), (1, 1));
    assert_eq!(second.patient.as_ref().unwrap().reference.target_id(), Some("2"));
}

#[test]
fn many_patients_of_many_numbers_are_told_apart_in_time() {
    let numbers: Vec<String> =
        (0..2000).map(|n| format!(r#"{{"system":"s","value":"{n}-@"}}"#)).collect();
    let numbers = numbers.join(",");
    let entries: Vec<String> = (0..100)
        .map(|n| {
            let own = if n < 20 { numbers.replace('@', &n.to_string()) } else { String::new() };
            format!(
                r#"{{"resource":{{"resourceType":"ServiceRequest","status":"active","code":{{"text":"{n}"}},"subject":{{"reference":"Patient/{n}"}}}}}},
                {{"resource":{{"resourceType":"Patient","id":"{n}","identifier":[{own}]}}}}"#
            )
        })
        .collect();
    let text =
        format!(r#"{{"resourceType":"Bundle","type":"batch","entry":[{}]}}"#, entries.join(","));
    let tree = read(text.as_bytes()).unwrap();
    let begun = std::time::Instant::now();
    let readings = read_orders(&tree);
    assert_eq!(readings.len(), 100);
    assert!(readings.iter().all(|one| one.order.as_ref().unwrap().lines.len() == 1));
    assert!(
        begun.elapsed().as_secs() < 20,
        "the work grows with the document and not with its square"
    );
}

#[test]
fn the_same_patient_twice_is_one() {
    let text = r##"{"resourceType":"Bundle","type":"batch","entry":[
        {"resource":{"resourceType":"ServiceRequest","status":"active","code":{"text":"a"},"subject":{"reference":"#p"},
          "contained":[{"resourceType":"Patient","id":"p","identifier":[{"system":"mrn","value":"7"}]}]}},
        {"resource":{"resourceType":"ServiceRequest","status":"active","code":{"text":"b"},"subject":{"reference":"Patient/1"}}},
        {"resource":{"resourceType":"Patient","id":"1","identifier":[{"system":"mrn","value":"7"}]}}]}"##;
    with_order(text, |_, order, problems| {
        assert_eq!((order.lines.len(), codes(problems)), (2, vec![]));
    });
}

#[test]
fn a_task_that_contradicts_its_request_is_refused_whole() {
    let text = r#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Task","status":"requested","focus":{"reference":"ServiceRequest/1"},"for":{"reference":"Patient/1"}}},
        {"resource":{"resourceType":"ServiceRequest","id":"1","status":"active","code":{"text":"b"},"subject":{"reference":"Patient/2"}}},
        {"resource":{"resourceType":"Patient","id":"1"}},{"resource":{"resourceType":"Patient","id":"2"}}]}"#;
    let tree = read(text.as_bytes()).unwrap();
    assert_eq!(read_orders(&tree).len(), 1);
    with_order(text, |_, _, problems| {
        assert_eq!(
            (problems[0].code, problems[0].path.as_str()),
            (Code::SeveralPatients, "Bundle.entry[1].resource")
        );
    });
}

#[test]
fn a_bare_task_orders_what_it_points_at() {
    let text = r#"{"resourceType":"Task","status":"requested","intent":"order","focus":{"reference":"ServiceRequest/1"},
        "basedOn":[{"reference":"ServiceRequest/1"}],"for":{"reference":"Patient/1"}}"#;
    with_order(text, |_, order, problems| {
        assert_eq!((order.lines.len(), order.lines[0].kind), (1, LineKind::Unseen));
        assert_eq!(order.patient.as_ref().unwrap().reference.target_id(), Some("1"));
        assert!(codes(problems).iter().all(|code| *code == Code::Unresolved));
    });
}

#[test]
fn withdrawn_requests_cancel() {
    let revoked = r#"{"resourceType":"ServiceRequest","status":"revoked","code":{"text":"nurse"},"subject":{"reference":"Patient/1"}}"#;
    with_order(revoked, |_, order, _| assert_eq!(order.intent, Intent::Cancel));
    let deleted = r#"{"resourceType":"Bundle","type":"transaction","entry":[
        {"request":{"method":"DELETE","url":"DeviceRequest/9"}}]}"#;
    with_order(deleted, |_, order, _| {
        assert_eq!((order.intent, order.earlier[0].target_id()), (Intent::Cancel, Some("9")));
    });
}

#[test]
fn finished_and_planned_requests_are_left_out() {
    let text = r#"{"resourceType":"Bundle","type":"searchset","entry":[
        {"resource":{"resourceType":"ServiceRequest","status":"completed","intent":"order","code":{"text":"old"}}},
        {"resource":{"resourceType":"ServiceRequest","status":"active","intent":"plan","code":{"text":"later"}}},
        {"resource":{"resourceType":"MedicationRequest","status":"active","intent":"order",
          "medicationReference":{"reference":"Medication/m"},"dispenseRequest":{"numberOfRepeatsAllowed":3}}},
        {"resource":{"resourceType":"Medication","id":"m","code":{"coding":[{"code":"311036"}]}}}]}"#;
    with_order(text, |_, order, problems| {
        assert_eq!((order.lines.len(), order.lines[0].codes[0].code), (1, Some("311036")));
        assert_eq!(order.lines[0].refills, Some(3));
        assert_eq!(codes(problems), [Code::NoPatient, Code::LeftOut, Code::LeftOut]);
    });
}

#[test]
fn what_is_no_order_says_what_it_is() {
    let kind = |text: &str| {
        let tree = read(text.as_bytes()).unwrap();
        let reading = read_orders(&tree).remove(0);
        assert!(reading.order.is_none());
        reading.kind
    };
    assert_eq!(kind(r#"{"resourceType":"Patient"}"#), Kind::Other("Patient".into()));
    assert_eq!(kind(r#"{"resourceType":"Claim","use":"claim"}"#), Kind::Other("Claim".into()));
    assert_eq!(
        kind(
            r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"ClaimResponse"}}]}"#
        ),
        Kind::ClaimResponse
    );
    assert_eq!(
        kind(r#"{"hook":"order-sign","hookInstance":"1","context":{}}"#),
        Kind::CdsHooksRequest("order-sign".into())
    );
    assert_eq!(kind(r#"{"cards":[]}"#), Kind::CdsHooksResponse);
    assert_eq!(kind("[1]"), Kind::NotFhir);
    assert_eq!(
        kind(r#"{"resourceType":"Task","status":"completed"}"#),
        Kind::Progress("completed".into())
    );
    let stu3 = kind(r#"{"resourceType":"ReferralRequest","status":"active"}"#);
    assert!(matches!(stu3, Kind::OtherVersion { version: crate::kind::Version::Stu3, .. }));
    let r5 = kind(r#"{"resourceType":"ServiceRequest","code":{"concept":{"text":"nurse"}}}"#);
    assert!(matches!(r5, Kind::OtherVersion { version: crate::kind::Version::R5, .. }));
}

#[test]
fn a_nutrition_order_names_its_formula() {
    let text = r##"{"resourceType":"NutritionOrder","status":"active","intent":"order","patient":{"reference":"#p"},
        "contained":[{"resourceType":"Patient","id":"p"}],"dateTime":"2026-03-09",
        "enteralFormula":{"baseFormulaType":{"coding":[{"code":"F1"}]},"maxVolumeToDeliver":{"value":880,"unit":"mL"}}}"##;
    with_order(text, |_, order, problems| {
        assert_eq!(
            (order.lines[0].kind, order.lines[0].codes[0].code),
            (LineKind::Nutrition, Some("F1"))
        );
        assert_eq!(
            (order.lines[0].quantity.unwrap().count(), codes(problems)),
            (Some(880), vec![])
        );
        assert!(order.patient.as_ref().unwrap().patient.is_some());
    });
}

#[test]
fn an_order_does_not_grow_out_of_proportion() {
    let many =
        |part: &dyn Fn(usize) -> String, n: usize| (0..n).map(part).collect::<Vec<_>>().join(",");
    let items = many(&|n| format!(r#"{{"sequence":{n},"productOrService":{{"text":"x"}}}}"#), 5000);
    let claim = format!(r#"{{"resourceType":"Claim","use":"preauthorization","item":[{items}]}}"#);
    with_order(&claim, |_, order, problems| {
        assert_eq!(order.lines.len(), 1000);
        assert!(codes(problems).contains(&Code::TooManyEntries));
    });
    let inner = many(&|n| format!(r#"{{"resourceType":"Device","id":"{n}"}}"#), 30_000);
    let focus = many(&|n| format!(r##"{{"reference":"#{n}"}}"##), 30_000);
    let gone = many(&|n| format!(r#"{{"reference":"DeviceRequest/{n}"}}"#), 30_000);
    let codes_text = many(&|n| format!(r#"{{"text":"{n}"}}"#), 30_000);
    let task = format!(
        r#"{{"resourceType":"Task","code":{{"coding":[{{"code":"fulfill"}}]}},"contained":[{inner}],"partOf":[{focus}],"basedOn":[{gone}],
        "insurance":[{gone}],"reasonCode":[{codes_text}]}}"#
    );
    with_order(&task, |_, order, _| assert_eq!(order.lines.len(), 1000));
}
