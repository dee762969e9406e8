//! What becomes of each kind of document.

use super::*;
use crate::Level;
use doorstep_case::{Channel, DocumentKind, Milli, ServiceLine, Sex, Unit as Of, Urgency};

#[test]
fn a_complete_oxygen_order_supplies_what_it_needs() {
    let (referral, _, _) = order(OXYGEN);
    let known = known(&referral);
    for item in [
        "member.name",
        "member.birth-date",
        "member.sex",
        "member.address",
        "member.phone",
        "member.language",
        "coverage.member-id",
        "coverage.payer",
        "prescriber.name",
        "prescriber.npi",
        "prescriber.phone",
        "order.ordered-on",
        "order.signed-on",
        "order.diagnosis",
        "order.service",
        "order.dates-of-service",
        "oxygen.spo2",
        "oxygen.test-on",
        "oxygen.condition",
        "oxygen.lpm",
    ] {
        assert!(known.contains_key(&Item::named(item)), "{item}");
    }
    assert_eq!(fact(&referral, "order.ordered-on"), Some(on("2026-03-02")));
    assert_eq!(fact(&referral, "order.signed-on"), Some(on("2026-03-02")));
    assert_eq!(fact(&referral, "oxygen.test-on"), Some(on("2026-03-02")));
    assert_eq!(fact(&referral, "oxygen.spo2"), Some(Fact::Number(Milli::whole(86))));
    assert_eq!(fact(&referral, "oxygen.lpm"), Some(Fact::Number(Milli::whole(2))));
    assert_eq!(fact(&referral, "oxygen.condition"), Some(Fact::Code("rest".to_owned())));
}

#[test]
fn the_member_is_read_with_what_a_payer_matches() {
    let (referral, _, _) = order(OXYGEN);
    let person = &referral.person;
    assert_eq!(person.family.as_ref().unwrap().reveal(), "Example");
    let given: Vec<&str> = person.given.iter().map(|given| given.reveal().as_str()).collect();
    assert_eq!(given, ["Testa", "Q"]);
    assert_eq!(person.suffix.as_ref().unwrap().reveal(), "Jr");
    assert_eq!(*person.sex.as_ref().unwrap().reveal(), Sex::Female);
    assert_eq!(person.phones[0].number.reveal(), "+1-555-555-0100");
    assert_eq!(person.phones[0].kind, "home");
    assert_eq!(person.language.as_ref().unwrap().reveal(), "es");
    let numbers: Vec<_> =
        person.record_numbers.iter().map(|(of, number)| (of.as_str(), number.reveal())).collect();
    assert_eq!(numbers, [("https://ehr.example/mrn", &"MRN-000-TEST".to_owned())]);
}

#[test]
fn coverage_prescriber_and_sender_are_read() {
    let (referral, _, _) = order(OXYGEN);
    let [coverage] = &referral.coverage[..] else { panic!("one coverage") };
    assert_eq!(coverage.payer_code.as_deref(), Some("99999"));
    assert_eq!(coverage.payer_name.as_deref(), Some("Example Health Plan"));
    assert_eq!(coverage.member_id.as_ref().unwrap().reveal(), "SUB-TEST-1");
    assert_eq!(coverage.group.as_ref().unwrap().reveal(), "GRP-TEST");
    assert_eq!(coverage.is_subscriber, Some(true));
    let prescriber = referral.prescriber.as_ref().unwrap();
    assert_eq!(prescriber.name.as_deref(), Some("Doctor Sample"));
    assert_eq!((prescriber.npi.as_deref(), prescriber.npi_valid), (Some("1234567893"), true));
    assert_eq!(prescriber.phone.as_deref(), Some("555-555-0144"));
    assert_eq!(prescriber.fax.as_deref(), Some("555-555-0155"));
    let referrer = referral.referrer.as_ref().unwrap();
    assert_eq!(referrer.name.as_deref(), Some("Example Hospital"));
    assert_eq!(referrer.identifier.as_deref(), Some("HOSP-1"));
    assert_eq!(referral.sender.as_deref(), Some("Example Hospital"));
    assert_eq!(reading(OXYGEN).sender.as_deref(), Some("Example Hospital"));
}

#[test]
fn a_message_is_one_unit_with_its_id_as_key() {
    let unit = unit(OXYGEN);
    assert_eq!((unit.place.as_str(), unit.key.as_str()), ("Bundle", "msg-0001"));
    let (referral, attachments, problems) = order(OXYGEN);
    assert_eq!(referral.channel, Channel::Fhir);
    assert_eq!(referral.order_ref.as_deref(), Some("ORD-77"));
    assert_eq!(referral.urgency, Urgency::Urgent);
    assert_eq!(referral.discharge.unwrap().at, Timestamp::parse("2026-03-04T19:00:00Z").unwrap());
    assert_eq!(referral.need_by, Timestamp::parse("2026-03-04T21:00:00Z"));
    let lines: Vec<_> = referral
        .lines
        .iter()
        .map(|line| (line.code.as_ref().unwrap().as_str(), line.quantity, line.hint))
        .collect();
    assert_eq!(
        lines,
        [("E1390", Some(1), Some(ServiceLine::Dme)), ("E0431", None, Some(ServiceLine::Dme)),]
    );
    assert_eq!(referral.lines[0].line_ref.as_deref(), Some("REQ-1"));
    let [attachment] = &attachments[..] else { panic!("one document came along") };
    assert_eq!(
        (attachment.bytes.as_slice(), attachment.kind),
        (&b"test"[..], DocumentKind::Clinical)
    );
    assert!(codes(&problems).contains(&"document-by-address"));
    assert!(referral.texts.iter().any(|(_, text)| text.reveal().contains("daughter")));
}

#[test]
fn a_transaction_holds_visits_and_an_infusion() {
    let (referral, _, problems) = order(HOME_CARE);
    assert_eq!(unit(HOME_CARE).key, "https://ehr.example/bundles|B-42");
    assert_eq!(referral.order_ref.as_deref(), Some("GROUP-9"));
    let [nursing, drug] = &referral.lines[..] else { panic!("two lines") };
    assert_eq!(nursing.other_code.as_deref(), Some("SNOMED:417153003"));
    assert_eq!((nursing.quantity, nursing.unit), (Some(12), Of::Visit));
    assert_eq!(nursing.hint, Some(ServiceLine::HomeHealth));
    assert_eq!(nursing.line_ref.as_deref(), Some("SR-9"));
    assert_eq!(drug.hint, Some(ServiceLine::HomeInfusion));
    assert_eq!((drug.quantity, drug.other_code.as_deref()), (None, Some("RXNORM:999999")));
    for item in
        ["home-health.frequency", "home-health.disciplines", "infusion.drug", "infusion.dose"]
    {
        assert_eq!(fact(&referral, item), Some(Fact::Held), "{item}");
    }
    assert_eq!(fact(&referral, "order.dates-of-service"), Some(on("2026-03-05")));
    assert_eq!(fact(&referral, "order.ordered-on"), Some(on("2026-03-01")));
    assert_eq!(fact(&referral, "order.signed-on"), None, "an active order is not a signed one");
    let codes = codes(&problems);
    for code in ["npi-check-digit", "diagnosis-not-icd10", "quantity-unit", "birth-date"] {
        assert!(codes.contains(&code), "{code} in {codes:?}");
    }
    let prescriber = referral.prescriber.as_ref().unwrap();
    assert_eq!((prescriber.name.as_deref(), prescriber.npi_valid), (Some("Doctor Sample"), false));
    assert_eq!(fact(&referral, "member.name"), None, "a name in one piece is not taken apart");
    assert!(referral.texts.iter().any(|(at, _)| at == "Patient.name"));
}

#[test]
fn a_prior_authorization_for_home_health_is_an_order() {
    let (referral, _, problems) = order(PAS);
    assert_eq!(unit(PAS).key, "https://ehr.example/submissions|S-5");
    assert_eq!(referral.order_ref.as_deref(), Some("TRACE-5"));
    assert_eq!(referral.auth_number.as_deref(), Some("AUTH-1"));
    assert_eq!(referral.urgency, Urgency::Urgent);
    let diagnoses: Vec<&str> = referral.diagnoses.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(diagnoses, ["I50.9", "I10"], "the principal one first");
    let [visits, whole] = &referral.lines[..] else { panic!("two lines") };
    assert_eq!(visits.code.as_ref().unwrap().as_str(), "G0299");
    assert_eq!(
        (visits.quantity, visits.unit, &visits.modifiers[..]),
        (Some(9), Of::Visit, &["GP".to_owned()][..])
    );
    assert_eq!(whole.other_code.as_deref(), Some("X12-1365:42"));
    assert_eq!(whole.hint, Some(ServiceLine::HomeHealth));
    let coverage = &referral.coverage[0];
    assert_eq!(coverage.member_id.as_ref().unwrap().reveal(), "MEM-TEST-5");
    assert_eq!(coverage.payer_name.as_deref(), Some("Example Health Plan"));
    assert!(referral.person.record_numbers.is_empty(), "the plan number is no record number");
    assert_eq!(referral.prescriber.as_ref().unwrap().name.as_deref(), Some("Dr. Sample"));
    assert_eq!(referral.referrer.as_ref().unwrap().identifier.as_deref(), Some("1234567893"));
    assert_eq!(fact(&referral, "home-health.start-on"), Some(on("2026-03-06")));
    assert_eq!(fact(&referral, "home-health.disciplines"), Some(Fact::Held));
    assert_eq!(fact(&referral, "order.dates-of-service"), Some(on("2026-03-06")));
    assert_eq!(referral.discharge, None, "a day alone is no instant");
    assert!(codes(&problems).contains(&"discharge-time"));
    assert!(referral.texts.iter().any(|(_, text)| text.reveal() == "Lives alone."));
}

#[test]
fn what_is_not_a_visit_names_no_discipline() {
    let (referral, _, _) = order(&PAS.replace("G0299", "B4184"));
    assert_eq!(fact(&referral, "home-health.disciplines"), None);
}

#[test]
fn a_request_alone_opens_a_case_with_what_is_known() {
    let (referral, _, problems) = order(DEVICE);
    assert!(referral.lines[0].described && referral.lines[0].code.is_none());
    assert_eq!(referral.lines[0].hint, Some(ServiceLine::Dme));
    assert_eq!(fact(&referral, "member.name"), None);
    assert!(
        referral.texts.iter().any(|(at, text)| at == "Patient" && text.reveal() == "Testa Example")
    );
    assert!(problems.iter().all(|problem| problem.level == Level::Warning), "{problems:?}");
    assert_eq!(unit(DEVICE).key, "https://ehr.example/orders|ORD-1 3");
}

#[test]
fn an_identifier_without_a_version_is_no_key() {
    assert_eq!(unit(&DEVICE.replace("\"meta\": { \"versionId\": \"3\" },", "")).key, "");
}

#[test]
fn a_cancelled_task_cancels_by_its_number() {
    let Found::Cancel { referral } = unit(CANCELLED).found else { panic!("no cancellation") };
    assert_eq!(referral.order_ref.as_deref(), Some("ORD-77"));
    assert_eq!(referral.lines.len(), 1);
}

#[test]
fn a_message_of_change_is_a_change() {
    let text = OXYGEN.replace("InitialOrder", "UpdatedOrder");
    let Found::Change { referral, .. } = unit(&text).found else { panic!("no change") };
    assert_eq!(referral.lines.len(), 2);
    let text = OXYGEN.replace("\"id\": \"portable\",", "\"id\": \"portable\", \"x\": 1,").replacen(
        "\"value\": \"REQ-2\" }],\n        \"status\": \"active\"",
        "\"value\": \"REQ-2\" }],\n        \"status\": \"revoked\"",
        1,
    );
    let unit = unit(&text);
    let Found::Change { referral, .. } = unit.found else { panic!("no change") };
    assert_eq!(referral.lines.len(), 1, "what was withdrawn is no longer ordered");
    assert_eq!(referral.withdrawn.len(), 1, "and a person is told which it is");
    assert!(codes(&unit.problems).contains(&"line-withdrawn"));
}

#[test]
fn a_change_goes_by_the_number_of_what_it_changes() {
    let text = PAS.replace(
        "\"status\": \"active\",\n        \"use\"",
        "\"related\": [{ \"reference\": { \"value\": \"TRACE-1\" } }],\n        \"status\": \"active\",\n        \"use\"",
    );
    let Found::Change { referral, .. } = unit(&text).found else { panic!("no change") };
    assert_eq!(referral.order_ref.as_deref(), Some("TRACE-1"));
}

#[test]
fn several_members_in_one_order_are_refused() {
    let text = OXYGEN.replacen(
        "\"subject\": { \"reference\": \"Patient/member\" }",
        "\"subject\": { \"reference\": \"Patient/other\" }",
        1,
    );
    let unit = unit(&text);
    assert!(matches!(unit.found, Found::Refused));
    let problem = unit.problems.iter().find(|one| one.code == "several-patients").unwrap();
    assert_eq!(problem.level, Level::Error);
    assert!(problem.at.starts_with("Bundle.entry["), "{}", problem.at);
}

const TWO: &str = r#"{"resourceType":"Bundle","type":"batch","identifier":{"value":"B-2"},"entry":[
    {"resource":{"resourceType":"ServiceRequest","status":"active","intent":"order","code":{"text":"nurse"},
      "identifier":[{"value":"REQ-A"}],"subject":{"reference":"Patient/1"}}},
    {"resource":{"resourceType":"ServiceRequest","status":"active","intent":"order","code":{"text":"therapist"},
      "identifier":[{"value":"REQ-B"}],"subject":{"reference":"Patient/2"}}},
    {"resource":{"resourceType":"Condition","subject":{"reference":"Patient/2"},
      "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"J44.9"}]}}},
    {"resource":{"resourceType":"Patient","id":"1","name":[{"family":"Example","given":["Testa"]}]}},
    {"resource":{"resourceType":"Patient","id":"2","name":[{"family":"Example","given":["Testo"]}]}}]}"#;

#[test]
fn a_bundle_for_two_members_is_a_unit_for_each() {
    let units = reading(TWO).units;
    let places: Vec<_> =
        units.iter().map(|unit| (unit.place.as_str(), unit.key.as_str())).collect();
    assert_eq!(places, [("Bundle patient 1", "B-2"), ("Bundle patient 2", "B-2 patient 2")]);
    let orders: Vec<_> = units
        .iter()
        .map(|unit| match &unit.found {
            Found::Order { referral, .. } => (
                referral.person.given[0].reveal().as_str(),
                referral.order_ref.as_deref(),
                referral.diagnoses.len(),
            ),
            other => panic!("no order but {other:?}"),
        })
        .collect();
    assert_eq!(orders, [("Testa", Some("REQ-A"), 0), ("Testo", Some("REQ-B"), 1)]);
    let text = TWO
        .replace(r#"{"resourceType":"Patient","id":"2""#, r#"{"resourceType":"Patient","id":"3""#);
    assert!(matches!(unit(&text).found, Found::Refused), "who did not come along is not guessed");
}

#[test]
fn what_is_not_to_be_done_opens_nothing() {
    let text =
        DEVICE.replace("\"intent\": \"order\"", "\"intent\": \"order\", \"doNotPerform\": true");
    let unit = unit(&text);
    assert!(matches!(unit.found, Found::Refused));
    assert!(codes(&unit.problems).contains(&"do-not-perform"));
}

#[test]
fn a_claim_withdrawn_as_a_whole_is_a_cancellation() {
    let text = PAS.replacen(
        "\"status\": \"active\",\n        \"use\"",
        "\"modifierExtension\": [{ \"url\": \"http://hl7.org/fhir/us/davinci-pas/StructureDefinition/modifierextension-infoCancelled\", \"valueBoolean\": true }],\n        \"status\": \"active\",\n        \"use\"",
        1,
    );
    assert!(matches!(unit(&text).found, Found::Cancel { .. }));
}

#[test]
fn another_members_reading_is_left_out() {
    let other = r#"{ "fullUrl": "https://ehr.example/fhir/Patient/other",
        "resource": { "resourceType": "Patient", "id": "other" } },
    { "resource": { "resourceType": "Observation", "status": "final",
        "subject": { "reference": "Patient/other" },
        "code": { "coding": [{ "system": "http://loinc.org", "code": "59408-5" }] },
        "effectiveDateTime": "2026-03-03",
        "valueQuantity": { "value": 70, "unit": "%" } } },
    { "fullUrl": "https://ehr.example/fhir/Provenance/signed""#;
    let text = OXYGEN
        .replace("{\n      \"fullUrl\": \"https://ehr.example/fhir/Provenance/signed\"", other);
    let (referral, _, problems) = order(&text);
    assert_eq!(fact(&referral, "oxygen.spo2"), Some(Fact::Number(Milli::whole(86))));
    assert!(codes(&problems).contains(&"other-patient"));
}

fn noted(referral: &Referral) -> String {
    let said: Vec<String> =
        referral.texts.iter().map(|(at, said)| format!("{at}: {}", said.reveal())).collect();
    said.join("\n")
}

fn bundle(entries: &str) -> String {
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","entry":[{entries},
        {{"resource":{{"resourceType":"Patient","id":"p","name":[{{"family":"Example","given":["Testa"]}}]}}}}]}}"#
    )
}

#[test]
fn what_a_request_says_beside_its_code_is_kept() {
    let text = bundle(
        r#"{"resource":{"resourceType":"ServiceRequest","status":"active","intent":"order","subject":{"reference":"Patient/p"},
          "code":{"text":"wound care"},"bodySite":[{"text":"left heel"}],"performer":[{"reference":"Organization/a"}],
          "locationReference":[{"reference":"Location/l"}]}},
        {"resource":{"resourceType":"MedicationRequest","status":"active","intent":"order","subject":{"reference":"Patient/p"},
          "medicationCodeableConcept":{"text":"vancomycin"},"dispenseRequest":{"numberOfRepeatsAllowed":2,
          "expectedSupplyDuration":{"value":30,"unit":"days"}}}},
        {"resource":{"resourceType":"Organization","id":"a","name":"Imaginary Home Care",
          "identifier":[{"system":"http://hl7.org/fhir/sid/us-npi","value":"1245319599"}]}},
        {"resource":{"resourceType":"Location","id":"l","name":"Daughter's house","address":{"line":["9 Elm St"],"postalCode":"53703"}}},
        {"resource":{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/p"},"code":{"text":"Latex"}}},
        {"resource":{"resourceType":"AllergyIntolerance","patient":{"reference":"Patient/p"},"code":{"text":"Penicillin"},
          "verificationStatus":{"coding":[{"code":"refuted"}]}}}"#,
    );
    let (referral, _, _) = order(&text);
    let noted = noted(&referral);
    for said in [
        "body site: left heel",
        "performer: Imaginary Home Care, NPI 1245319599",
        "place of care: Daughter's house, 9 Elm St, 53703",
        "supply for 30 days",
        "refills: 2",
        "allergies: Latex",
    ] {
        assert!(noted.contains(said), "{said} in {noted}");
    }
    assert!(!noted.contains("Penicillin"), "a refuted allergy is none");
    assert_eq!(fact(&referral, "member.allergies"), Some(Fact::Held));
}

#[test]
fn a_nutrition_order_is_enteral() {
    let text = bundle(
        r#"{"resource":{"resourceType":"NutritionOrder","status":"active","intent":"order","patient":{"reference":"Patient/p"},
          "enteralFormula":{"baseFormulaType":{"text":"fibre formula"},"caloricDensity":{"value":1.5,"unit":"kcal/mL"},
            "routeofAdministration":{"coding":[{"code":"GT"}]},"maxVolumeToDeliver":{"value":1200,"unit":"mL/d"},
            "administration":[{"rateQuantity":{"value":60,"unit":"mL/h"}}],"administrationInstruction":"head raised"}}}"#,
    );
    let (referral, _, _) = order(&text);
    assert_eq!(fact(&referral, "enteral.formula"), Some(Fact::Held));
    assert_eq!(fact(&referral, "enteral.route"), Some(Fact::Code("gastrostomy".to_owned())));
    assert_eq!(referral.lines[0].hint, Some(ServiceLine::Dme));
    let noted = noted(&referral);
    for said in ["density 1.5 kcal/mL", "at most 1200 mL/d", "rate 60 mL/h", "head raised"] {
        assert!(noted.contains(said), "{said} in {noted}");
    }
}

#[test]
fn a_member_who_is_reported_dead_is_said_to_a_person() {
    let text = OXYGEN.replace("\"birthDate\"", "\"deceasedBoolean\": true, \"birthDate\"");
    let (referral, _, problems) = order(&text);
    assert!(codes(&problems).contains(&"member-deceased"));
    assert!(noted(&referral).contains("Patient.deceased: the member is reported dead"));
}

#[test]
fn documents_are_told_apart_by_code_and_title() {
    let of = |kind: &str, title: &str| {
        let text = bundle(&format!(
            r#"{{"resource":{{"resourceType":"ServiceRequest","status":"active","intent":"order","code":{{"text":"nurse"}},
              "subject":{{"reference":"Patient/p"}}}}}},
            {{"resource":{{"resourceType":"DocumentReference","status":"current","type":{{"coding":[{{"code":"{kind}"}}]}},
              "content":[{{"attachment":{{"contentType":"application/pdf","data":"dGVzdA==","title":"{title}"}}}}]}}}}"#
        ));
        let (referral, attachments, _) = order(&text);
        (attachments[0].kind, referral)
    };
    let (kind, referral) = of("34117-2", "Face-to-face encounter");
    assert_eq!(kind, DocumentKind::FaceToFace);
    assert_eq!(fact(&referral, "order.face-to-face-note"), Some(Fact::Held));
    let (kind, referral) = of("x", "CMS-485 signed");
    assert_eq!(kind, DocumentKind::PlanOfCare);
    assert_eq!(fact(&referral, "home-health.plan-of-care"), Some(Fact::Held));
    assert_eq!(of("57133-1", "letter").0, DocumentKind::Order);
    assert_eq!(of("x", "letter").0, DocumentKind::Other);
}

#[test]
fn conditions_of_a_claim_are_items_and_notes() {
    let part = |name: &str, value: &str| format!(r#"{{"url":"{name}",{value}}}"#);
    let code = |code: &str| format!(r#""valueCodeableConcept":{{"coding":[{{"code":"{code}"}}]}}"#);
    let condition = format!(
        r#"{{"url":"http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-conditionCode","extension":[{},{},{},{}]}}"#,
        part("category", &code("09")),
        part("indicator", r#""valueBoolean":true"#),
        part("code", &code("16")),
        part("code", &code("12")),
    );
    let text = format!(
        r#"{{"resourceType":"Claim","use":"preauthorization","status":"active","patient":{{"display":"x"}},"extension":[{condition}],
        "item":[{{"sequence":1,"productOrService":{{"text":"bed"}}}}]}}"#
    );
    let (referral, _, _) = order(&text);
    assert_eq!(fact(&referral, "bed.positioning-need"), Some(Fact::Flag(true)));
    let noted = noted(&referral);
    assert!(noted.contains("09: Y 16 bed criterion, 12 confined to bed or chair"), "{noted}");
}

#[test]
fn a_number_of_a_coverage_that_is_not_the_members_is_a_note() {
    let coverage = |identifier: &str| {
        let text = bundle(&format!(
            r#"{{"resource":{{"resourceType":"ServiceRequest","status":"active","intent":"order","code":{{"text":"nurse"}},
              "subject":{{"reference":"Patient/p"}},"insurance":[{{"reference":"Coverage/c"}}]}}}},
            {{"resource":{{"resourceType":"Coverage","id":"c","beneficiary":{{"reference":"Patient/p"}},"identifier":[{identifier}],
              "payor":[{{"display":"Example Health Plan"}}]}}}}"#
        ));
        order(&text).0
    };
    let typed =
        coverage(r#"{"value":"POL-1"},{"type":{"coding":[{"code":"MB"}]},"value":"MEM-1"}"#);
    assert_eq!(typed.coverage[0].member_id.as_ref().unwrap().reveal(), "MEM-1");
    assert!(noted(&typed).contains("Coverage.identifier: POL-1"));
    let by_system = coverage(r#"{"system":"https://plan.example/memberid","value":"MEM-2"}"#);
    assert_eq!(by_system.coverage[0].member_id.as_ref().unwrap().reveal(), "MEM-2");
    let policy = coverage(r#"{"system":"https://plan.example/policies","value":"POL-2"}"#);
    assert_eq!(policy.coverage[0].member_id, None);
}

#[test]
fn a_claim_that_orders_nothing_is_refused() {
    let text = r#"{"resourceType":"Claim","use":"preauthorization","status":"active",
        "patient":{"reference":"Patient/1"}}"#;
    let unit = unit(text);
    assert!(matches!(unit.found, Found::Refused));
    assert!(codes(&unit.problems).contains(&"no-lines"));
}

#[test]
fn what_is_over_or_only_proposed_is_no_order() {
    for (from, to, words) in [
        ("\"active\"", "\"completed\"", "FHIR DeviceRequest that is over"),
        ("\"intent\": \"order\"", "\"intent\": \"plan\"", "FHIR DeviceRequest that only proposes"),
    ] {
        match unit(&DEVICE.replace(from, to)).found {
            Found::Unsupported { what } => assert_eq!(what, words),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn what_is_not_an_order_is_named() {
    for (text, words) in [
        (r#"{"resourceType":"Patient","name":[{"family":"Example"}]}"#, "FHIR Patient"),
        (r#"{"resourceType":"ClaimResponse"}"#, "FHIR ClaimResponse"),
        (r#"{"resourceType":"OperationOutcome"}"#, "FHIR OperationOutcome"),
        (r#"{"resourceType":"Testa Example"}"#, "FHIR resource"),
        (r#"{"resourceType":"ReferralRequest"}"#, "FHIR STU3 ReferralRequest"),
    ] {
        match unit(text).found {
            Found::Unsupported { what } => assert_eq!(what, words),
            other => panic!("{other:?}"),
        }
    }
    assert!(
        codes(&unit(r#"{"resourceType":"ReferralRequest"}"#).problems).contains(&"other-version")
    );
}

#[test]
fn a_name_written_twice_is_refused_with_its_place() {
    let unit = unit(r#"{"resourceType":"Task","status":"requested","status":"cancelled"}"#);
    assert!(matches!(unit.found, Found::Refused));
    assert_eq!(codes(&unit.problems), ["duplicate-key"]);
    assert_eq!(unit.problems[0].at, "Task.status");
}

#[test]
fn xml_is_refused_by_name() {
    let unit = unit(r#"<Task xmlns="http://hl7.org/fhir"><status value="requested"/></Task>"#);
    assert!(matches!(unit.found, Found::Refused));
    assert_eq!(codes(&unit.problems), ["fhir-xml"]);
    assert!(unit.problems[0].message.contains("FHIR Task in XML"));
}

#[test]
fn the_latest_test_stands_and_an_unstated_condition_is_not_carried_over() {
    let later = r#"{ "resource": { "resourceType": "Observation", "status": "final",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "59408-5" }] },
        "effectiveDateTime": "2026-03-03",
        "valueQuantity": { "value": 91, "unit": "%" } } },
    { "fullUrl": "https://ehr.example/fhir/Provenance/signed""#;
    let text = OXYGEN
        .replace("{\n      \"fullUrl\": \"https://ehr.example/fhir/Provenance/signed\"", later);
    let (referral, _, _) = order(&text);
    assert_eq!(fact(&referral, "oxygen.spo2"), Some(Fact::Number(Milli::whole(91))));
    assert_eq!(fact(&referral, "oxygen.test-on"), Some(on("2026-03-03")));
    assert_eq!(fact(&referral, "oxygen.condition"), None);
}

#[test]
fn what_has_no_item_is_a_note_and_a_code_tells_its_condition() {
    let more = r#"{ "resource": { "resourceType": "Observation", "status": "final",
        "code": { "coding": [{ "system": "http://loinc.org", "code": "89276-0" }] },
        "effectiveDateTime": "2026-03-03T09:00:00-05:00",
        "valueQuantity": { "value": 84, "unit": "%" } } },
    { "resource": { "resourceType": "Observation", "status": "final", "code": { "text": "Smoking" },
        "valueCodeableConcept": { "text": "never" } } },
    { "resource": { "resourceType": "Observation", "status": "final", "code": { "text": "Walks" },
        "valueBoolean": true } },
    { "fullUrl": "https://ehr.example/fhir/Provenance/signed""#;
    let text = OXYGEN
        .replace("{\n      \"fullUrl\": \"https://ehr.example/fhir/Provenance/signed\"", more);
    let (referral, _, _) = order(&text);
    assert_eq!(fact(&referral, "oxygen.spo2"), Some(Fact::Number(Milli::whole(84))));
    assert_eq!(fact(&referral, "oxygen.condition"), Some(Fact::Code("exercise".to_owned())));
    let (_, noted) = referral.texts.iter().find(|(at, _)| at == "observations").unwrap();
    for line in ["Smoking: never", "Walks: yes", "86 %"] {
        assert!(noted.reveal().contains(line), "{line} in {}", noted.reveal());
    }
}

#[test]
fn a_measurement_that_is_only_a_limit_is_not_taken() {
    let text = OXYGEN.replace("\"value\": 86,", "\"value\": 86, \"comparator\": \"<\",");
    let (referral, _, problems) = order(&text);
    assert_eq!(fact(&referral, "oxygen.spo2"), None);
    assert!(codes(&problems).contains(&"measurement-unit"));
}

#[test]
fn answers_under_a_loinc_code_are_measurements_and_all_answers_are_words() {
    let form = r#"{ "resource": { "resourceType": "QuestionnaireResponse", "status": "completed",
        "authored": "2026-03-01", "item": [
        { "linkId": "/69990-0", "text": "index", "answer": [{ "valueQuantity": { "value": 17.5, "code": "/h" } }] },
        { "linkId": "3.2", "text": "saturation", "answer": [{ "valueQuantity": { "value": 70, "code": "%" } }] },
        { "linkId": "4", "text": "homebound", "answer": [{ "valueBoolean": true }] }] } },
    { "fullUrl": "https://ehr.example/fhir/Provenance/signed""#;
    let text = OXYGEN
        .replace("{\n      \"fullUrl\": \"https://ehr.example/fhir/Provenance/signed\"", form);
    let (referral, _, _) = order(&text);
    assert_eq!(fact(&referral, "pap.ahi"), Some(Fact::Number(Milli(17_500))));
    assert_eq!(fact(&referral, "pap.test-on"), Some(on("2026-03-01")));
    assert_eq!(fact(&referral, "oxygen.spo2"), Some(Fact::Number(Milli::whole(86))));
    assert!(referral.texts.iter().any(|(_, text)| text.reveal().contains("homebound: yes")));
}

#[test]
fn a_discharge_without_an_offset_is_on_the_members_clock_and_a_day_is_a_note() {
    let text = OXYGEN.replace("2026-03-04T14:00:00-05:00", "2026-03-04T14:00:00");
    let (referral, _, _) = order(&text);
    let zip = referral.person.address.as_ref().unwrap().zip.as_ref().unwrap().reveal().clone();
    let zone = doorstep_vocab::Zip::shape(&zip).unwrap().place().unwrap().zone().unwrap();
    let at = referral.discharge.unwrap().at.civil(&zone).to_string();
    assert_eq!(at, "2026-03-04T14:00:00");
    let text = OXYGEN.replace("2026-03-04T14:00:00-05:00", "2026-03-04");
    let (referral, _, problems) = order(&text);
    assert_eq!(referral.discharge, None);
    assert!(codes(&problems).contains(&"discharge-time"));
    assert!(referral.texts.iter().any(|(_, said)| said.reveal() == "discharge 2026-03-04"));
}

#[test]
fn a_diagnosis_is_checked_on_the_day_of_service_then_of_the_order_then_of_receipt_at_home() {
    let first = |dates: &str| {
        let text = format!(
            r##"{{"resourceType":"ServiceRequest","status":"active","intent":"order","code":{{"text":"nurse"}},
            "subject":{{"reference":"#p"}},"contained":[{{"resourceType":"Patient","id":"p","address":[{{"postalCode":"43215"}}]}}],
            "reasonCode":[{{"coding":[{{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"R05.1"}}]}}]{dates}}}"##
        );
        let at = Timestamp::parse("2021-10-01T02:00:00Z").unwrap();
        match read(text.as_bytes(), at).units.remove(0).found {
            Found::Order { referral, .. } => referral.diagnoses[0].billable,
            other => panic!("{other:?}"),
        }
    };
    assert!(first(r#","authoredOn":"2021-09-28","occurrenceDateTime":"2021-10-05""#));
    assert!(!first(r#","authoredOn":"2021-09-28""#), "it came into force later");
    assert!(!first(""), "in Columbus it is still September");
}

#[test]
fn the_end_of_a_visit_is_no_discharge() {
    let text = OXYGEN.replace("\"code\": \"IMP\"", "\"code\": \"AMB\"");
    assert_eq!(order(&text).0.discharge, None);
}

#[test]
fn a_consent_is_not_the_signature_of_an_order() {
    let text = OXYGEN.replace("1.2.840.10065.1.12.1.1\"", "1.2.840.10065.1.12.1.7\"");
    assert_eq!(fact(&order(&text).0, "order.signed-on"), None);
}

#[test]
fn a_member_who_pays_is_not_named_as_the_payer() {
    let text = OXYGEN.replace(
        "\"payor\": [{ \"reference\": \"Organization/payer\" }]",
        "\"payor\": [{ \"reference\": \"Patient/member\", \"display\": \"Testa Example\" }]",
    );
    let (referral, _, _) = order(&text);
    assert_eq!(referral.coverage[0].payer_name, None);
}

#[test]
fn no_problem_tells_a_value_of_the_document() {
    for text in [OXYGEN, HOME_CARE, PAS, DEVICE, CANCELLED] {
        for problem in unit(text).problems {
            let said = format!("{} {}", problem.at, problem.message);
            let told =
                ["Testa", "Testo", "1950", "1961", "TEST"].iter().find(|one| said.contains(**one));
            assert_eq!(told, None, "{said}");
        }
    }
}
