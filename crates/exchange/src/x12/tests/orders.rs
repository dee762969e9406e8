//! What is read from requests.

use super::*;
use doorstep_case::{Channel, Milli, ServiceLine, Sex, Unit, Urgency};
use doorstep_vocab::Date;

const OXYGEN: &str = "
    TRN*1*ORDER-OX-1*9012345678
    UM*HS*I*12*12:B**U
    DTP*AAH*D8*20260305
    DTP*481*D8*20260227
    HI*ABF:I10*ABK:J449
    CRC*09*Y*37
    CR5*I*12*A*E*CANNOT LEAVE BED*2.5*1*18**54*87.5*R*1*2*3*2*A
    PWK*OZ*EL***AC*ATT-1
    MSG*CALL BEFORE DELIVERY
    NM1*DK*1*ORDERER*OTTO****XX*1234567893
    PER*IC**TE*6145550199
    HL*5*4*SS*0
    TRN*1*LINE-A*9012345678
    SV1*HC:E1390:RR**UN*1
    HL*6*4*SS*0
    SV1*HC:E0431:RR**UN*1
";

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn home_oxygen_is_an_order_with_its_certificate() {
    let (referral, problems) = order(OXYGEN);
    assert_eq!(codes(&problems), ["oxygen-hematocrit"]);
    assert_eq!(referral.channel, Channel::X12);
    assert_eq!(referral.sender.as_deref(), Some("TESTSENDER"));
    assert_eq!(referral.order_ref.as_deref(), Some("ORDER-OX-1"));
    assert_eq!(referral.urgency, Urgency::Urgent);
    let number = |text: &str| Some(Fact::Number(Milli::parse(text).unwrap()));
    for (item, value) in [
        ("oxygen.lpm", "2.5"),
        ("oxygen.hours-per-day", "18"),
        ("oxygen.pao2", "54"),
        ("oxygen.spo2", "87.5"),
        ("order.length-of-need", "12"),
    ] {
        assert_eq!(fact(&referral, item), number(value), "{item}");
    }
    assert_eq!(fact(&referral, "oxygen.condition"), Some(Fact::Code("rest".to_owned())));
    assert_eq!(fact(&referral, "oxygen.device"), Some(Fact::Code("cannula".to_owned())));
    for flag in ["oxygen.edema", "oxygen.cor-pulmonale", "oxygen.portable"] {
        assert_eq!(fact(&referral, flag), Some(Fact::Flag(true)), "{flag}");
    }
    assert_eq!(fact(&referral, "oxygen.test-on"), Some(Fact::On(day("2026-02-27"))));
    assert_eq!(referral.facts[&Item::named("oxygen.spo2")].1, Some(day("2026-02-27")));
    assert_eq!(fact(&referral, "order.dates-of-service"), Some(Fact::On(day("2026-03-05"))));
    assert_eq!(
        fact(&referral, "order.ordered-on"),
        None,
        "the day of the message is no order date"
    );
    let diagnoses: Vec<_> =
        referral.diagnoses.iter().map(|d| (d.code.as_str(), d.billable)).collect();
    assert_eq!(diagnoses, [("J44.9", true), ("I10", true)], "principal first");
}

#[test]
fn lines_carry_codes_modifiers_and_quantities() {
    let (referral, _) = order(OXYGEN);
    let lines: Vec<_> = referral
        .lines
        .iter()
        .map(|l| (l.code.as_ref().unwrap().as_str(), l.modifiers.join(","), l.quantity, l.unit))
        .collect();
    assert_eq!(
        lines,
        [
            ("E1390", "RR".to_owned(), Some(1), Unit::Each),
            ("E0431", "RR".to_owned(), Some(1), Unit::Each)
        ]
    );
    assert_eq!(referral.lines[0].line_ref.as_deref(), Some("LINE-A"));
    assert_eq!(referral.lines[0].hint, Some(ServiceLine::Dme));
    assert_eq!(text(&referral, "MSG"), Some("CALL BEFORE DELIVERY"));
    assert_eq!(text(&referral, "PWK"), Some("attachment announced: kind OZ by EL, number ATT-1"));
    assert_eq!(text(&referral, "CRC-09"), Some("Y 37 stationary oxygen"));
}

#[test]
fn the_member_and_the_coverage_are_whole_and_the_ssn_is_nowhere() {
    let (referral, _) = order(OXYGEN);
    let person = &referral.person;
    assert_eq!(person.family.as_ref().unwrap().reveal(), "TESTPERSON");
    assert_eq!(
        person.given.iter().map(|g| g.reveal().as_str()).collect::<Vec<_>>(),
        ["SYNTHIA", "Q"]
    );
    assert_eq!(person.suffix.as_ref().unwrap().reveal(), "JR");
    assert_eq!(*person.birth_on.as_ref().unwrap().reveal(), day("1950-01-02"));
    assert_eq!(*person.sex.as_ref().unwrap().reveal(), Sex::Female);
    let address = person.address.as_ref().unwrap();
    assert_eq!(address.lines.len(), 2);
    assert_eq!(address.zip.as_ref().unwrap().reveal(), "43215");
    assert_eq!(person.record_numbers.len(), 1);
    assert_eq!(person.record_numbers[0].0, "TESTSENDER");
    assert_eq!(person.record_numbers[0].1.reveal(), "ACCT77");
    let [coverage] = referral.coverage.as_slice() else { panic!() };
    assert_eq!(coverage.payer_code.as_deref(), Some("SYN01"));
    assert_eq!(coverage.payer_name.as_deref(), Some("SYNTHETIC HEALTH PLAN"));
    assert_eq!(coverage.member_id.as_ref().unwrap().reveal(), "SYN000000001");
    assert_eq!(coverage.group.as_ref().unwrap().reveal(), "GROUP9");
    assert_eq!(coverage.is_subscriber, Some(true));
    assert!(referral.texts.iter().all(|(_, said)| !said.reveal().contains("999999999")));
}

#[test]
fn the_ordering_provider_goes_before_the_requester() {
    let (referral, _) = order(OXYGEN);
    let prescriber = referral.prescriber.unwrap();
    assert_eq!(prescriber.name.as_deref(), Some("OTTO ORDERER"));
    assert_eq!((prescriber.npi.as_deref(), prescriber.npi_valid), (Some("1234567893"), true));
    assert_eq!(prescriber.phone.as_deref(), Some("6145550199"));
    let referrer = referral.referrer.unwrap();
    assert_eq!(referrer.name.as_deref(), Some("ADA SAMPLEDOC"));
    assert_eq!(referrer.contact.as_deref(), Some("CLERK CLARA"));
    assert_eq!(referrer.phone.as_deref(), Some("6145550100 x12"));
    assert_eq!(referrer.fax.as_deref(), Some("6145550101"));
}

#[test]
fn home_health_carries_plan_frequency_and_disciplines() {
    let (referral, problems) = order(
        "
        UM*HS*I**12:B
        HI*ABK:I5032
        HSD*VS*3*WK**35*8
        CR6*4*20260304*RD8*20260304-20260502***W*I****20260226*20260225
        NM1*SJ*2*IMAGINARY HOME CARE*****XX*1234567893
        HL*5*4*SS*0
        SV2*0551*HC:G0299
        ",
    );
    assert_eq!(codes(&problems), Vec::<&str>::new());
    assert_eq!(referral.order_ref.as_deref(), Some("BATCH-1"), "the message's own number");
    assert_eq!(fact(&referral, "home-health.start-on"), Some(Fact::On(day("2026-03-04"))));
    assert_eq!(fact(&referral, "order.dates-of-service"), Some(Fact::On(day("2026-03-04"))));
    assert_eq!(fact(&referral, "order.ordered-on"), Some(Fact::On(day("2026-02-26"))));
    assert_eq!(fact(&referral, "home-health.frequency"), Some(Fact::Held));
    assert_eq!(fact(&referral, "home-health.disciplines"), Some(Fact::Held));
    let [line] = referral.lines.as_slice() else { panic!() };
    assert_eq!(line.code.as_ref().unwrap().as_str(), "G0299");
    assert_eq!(line.other_code.as_deref(), Some("REV:0551"));
    assert_eq!(line.hint, Some(ServiceLine::HomeHealth));
    assert_eq!((line.quantity, line.unit), (Some(24), Unit::Visit));
    assert_eq!(text(&referral, "HSD"), Some("3 visits a week for 8 weeks"));
    assert_eq!(text(&referral, "NM1-SJ"), Some("IMAGINARY HOME CARE, 1234567893"));
    let plan = text(&referral, "CR6").unwrap();
    assert!(plan.contains("certified period 20260304-20260502"), "{plan}");
}

#[test]
fn an_admission_to_a_nursing_facility_is_post_acute() {
    let (referral, problems) = order(
        "
        UM*AR*I*AG*31:B**03
        DTP*435*D8*20260306
        DTP*096*D8*20260305
        HI*ABK:S72001D
        HSD*DY*7
        NM1*71*1*ATTENDER*ANN****XX*1234567890
        NM1*FA*2*MADE UP NURSING*****XX*1234567893
        ",
    );
    assert_eq!(codes(&problems), ["npi-check-digit", "discharge-without-zone"]);
    assert_eq!(problems[0].at, "ISA 1 GS 1 ST 0001 segment 22 NM1-09");
    assert_eq!(problems[1].at, "ISA 1 GS 1 ST 0001 segment 19 DTP-03");
    let [line] = referral.lines.as_slice() else { panic!() };
    assert_eq!(line.hint, Some(ServiceLine::PostAcute));
    assert_eq!(line.other_code.as_deref(), Some("X12-1365:AG"));
    assert_eq!((line.quantity, line.unit), (Some(7), Unit::Day));
    assert_eq!(fact(&referral, "facility.setting"), Some(Fact::Code("snf".to_owned())));
    assert_eq!(fact(&referral, "order.dates-of-service"), Some(Fact::On(day("2026-03-06"))));
    assert_eq!(referral.discharge, None);
    assert_eq!(text(&referral, "DTP-096 discharge"), Some("20260305"));
    let prescriber = referral.prescriber.unwrap();
    assert_eq!(prescriber.name.as_deref(), Some("ANN ATTENDER"));
    assert_eq!((prescriber.npi.as_deref(), prescriber.npi_valid), (Some("1234567890"), false));
    assert_eq!(referral.urgency, Urgency::Urgent);
}

#[test]
fn a_discharge_with_its_hour_is_on_the_members_clock() {
    let event = "
        UM*AR*I*AG*31:B
        DTP*435*D8*20260306
        DTP*096*DT*202603051430
        HI*ABK:S72001D
        ";
    let (referral, problems) = order(event);
    let at = doorstep_vocab::Timestamp::parse("2026-03-05T19:30:00Z");
    assert_eq!(referral.discharge.map(|discharge| discharge.at), at, "Columbus is eastern");
    assert!(!codes(&problems).contains(&"discharge-without-zone"));
    let (referral, _) = order(&event.replace("202603051430", "202602051430"));
    assert_eq!(referral.discharge, None, "who has gone home needs no discharge");
    assert_eq!(text(&referral, "DTP-096 discharge"), Some("202602051430"));
}

#[test]
fn a_diagnosis_is_checked_on_the_day_of_service_then_of_the_order_then_of_receipt_at_home() {
    let first = |event: &str| {
        let bytes = file(1, &[request("0001", event)]);
        let at = doorstep_vocab::Timestamp::parse("2021-10-01T02:00:00Z").unwrap();
        match read(bytes.as_bytes(), at).units.remove(0).found {
            Found::Order { referral, .. } => referral.diagnoses[0].billable,
            other => panic!("{other:?}"),
        }
    };
    let event = |more: &str| format!("UM*HS*I*42\n{more}\nHI*ABK:R051");
    assert!(first(&event("DTP*472*D8*20211005")));
    assert!(!first(&event("CR6*4*20210928")), "it came into force later");
    assert!(!first(&event("")), "in Columbus it is still September");
}

#[test]
fn a_referral_to_a_specialist_opens_for_a_person_to_classify() {
    let (referral, _) = order("UM*SC*I*3*11:B\nHI*ABK:I10\nHSD*VS*1");
    let [line] = referral.lines.as_slice() else { panic!() };
    assert_eq!(line.hint, None);
    assert!(line.is_named());
    assert_eq!((line.quantity, line.unit), (Some(1), Unit::Visit));
    assert_eq!(referral.prescriber.unwrap().name.as_deref(), Some("ADA SAMPLEDOC"));
}

#[test]
fn infusion_is_told_by_the_service_type() {
    let (referral, _) = order(
        "UM*HS*I*88*12:B\nHI*ABK:A4101\nHL*5*4*SS*0\nSV1*HC:J3370**UN*28\nMSG*EVERY 12 HOURS",
    );
    assert_eq!(referral.lines[0].hint, Some(ServiceLine::HomeInfusion));
    assert_eq!(referral.lines[0].quantity, Some(28));
    assert_eq!(text(&referral, "service 1 MSG"), Some("EVERY 12 HOURS"));
}

#[test]
fn a_dependent_is_the_member_with_the_subscribers_plan_id() {
    let body = format!(
        "{PEOPLE}HL*4*3*23*1\nNM1*QC*1*TESTPERSON*MOCKBERT\nDMG*D8*20150607*M\nINS*N*19\n\
         HL*5*4*EV*0\nUM*HS*I*12*12:B\nHI*ABK:J449"
    );
    let reading = read_text(&file(1, &[set("0001", &body)]));
    let Found::Order { referral, .. } = &reading.units[0].found else {
        panic!("{:?}", reading.units)
    };
    assert_eq!(referral.person.given[0].reveal(), "MOCKBERT");
    assert_eq!(referral.person.address, None, "where a dependent lives is not guessed");
    assert_eq!(referral.coverage[0].is_subscriber, Some(false));
    assert_eq!(referral.coverage[0].member_id.as_ref().unwrap().reveal(), "SYN000000001");
}

#[test]
fn what_is_asked_decides_what_the_unit_is() {
    for (um02, expected) in [
        ("I", "order"),
        ("R", "change"),
        ("S", "change"),
        ("4", "change"),
        ("3", "cancel"),
        ("1", "X12 278 appeal 005010X217"),
        ("5", "X12 278 notification 005010X217"),
        ("6", "X12 278 verification 005010X217"),
        ("N", "X12 278 reconsideration 005010X217"),
        ("Z", "X12 278 request of an unknown kind 005010X217"),
    ] {
        let event = format!("UM*HS*{um02}*12*12:B\nREF*BB*AUTH-7\nHI*ABK:J449");
        let reading = read_text(&file(1, &[request("0001", &event)]));
        let (found, auth) = match &reading.units[0].found {
            Found::Order { referral, .. } => ("order", referral.auth_number.as_deref()),
            Found::Change { referral, .. } => ("change", referral.auth_number.as_deref()),
            Found::Cancel { referral } => ("cancel", referral.auth_number.as_deref()),
            Found::Queued { what } => (what.as_str(), None),
            other => panic!("{other:?}"),
        };
        assert_eq!(found, expected, "UM02 {um02}");
        let is_same_order = matches!(expected, "change" | "cancel");
        assert_eq!(auth, is_same_order.then_some("AUTH-7"), "UM02 {um02}");
    }
}

#[test]
fn a_service_that_asks_for_another_thing_is_left_to_a_person() {
    let event = "UM*HS*I*12*12:B\nHI*ABK:J449\nHL*5*4*SS*0\nUM*HS*3\nSV1*HC:E1390**UN*1";
    let reading = read_text(&file(1, &[request("0001", event)]));
    assert!(matches!(&reading.units[0].found, Found::Queued { .. }));
}

#[test]
fn several_events_are_several_units_with_places_and_keys_of_their_own() {
    let body = format!(
        "{PEOPLE}HL*4*3*EV*0\nUM*HS*I*12*12:B\nHI*ABK:J449\nHL*5*3*EV*0\nUM*HS*I*42*12:B\nHI*ABK:J449"
    );
    let reading = read_text(&file(7, &[set("0001", &body)]));
    let units: Vec<_> = reading.units.iter().map(|u| (u.place.as_str(), u.key.as_str())).collect();
    assert_eq!(
        units,
        [
            ("ISA 1 GS 1 ST 0001 event 1", "000000007/7/0001"),
            ("ISA 1 GS 1 ST 0001 event 2", "000000007/7/0001/2")
        ]
    );
    for unit in &reading.units {
        let Found::Order { referral, .. } = &unit.found else { panic!() };
        assert_eq!(referral.order_ref, None, "the message's number would be both orders' number");
    }
}

#[test]
fn old_and_odd_diagnoses_are_kept_or_left_out_and_said() {
    let (referral, problems) =
        order("UM*HS*I*12*12:B\nHI*BF:41090:D8:20260101*ABK:J44*ABF:J449*BF:NOT A CODE");
    let diagnoses: Vec<_> =
        referral.diagnoses.iter().map(|d| (d.code.as_str(), d.billable)).collect();
    assert_eq!(diagnoses, [("J44", false), ("41090", false), ("J44.9", true)]);
    assert_eq!(codes(&problems), ["icd10-not-billable", "icd9-code", "icd9-format"]);
    let at: Vec<_> = problems.iter().map(|p| p.at.rsplit(' ').next().unwrap()).collect();
    assert_eq!(at, ["HI-02", "HI-01", "HI-04"]);
}
