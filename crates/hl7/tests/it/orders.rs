//! Referrals and orders as typed views.

use doorstep_hl7::{About, Intent, Message, OrderKind, OrderMessage, Value};

fn read(text: &str) -> OrderMessage {
    let text = text.replace('\n', "\r");
    OrderMessage::read(&Message::read_one(text.as_bytes()).unwrap()).unwrap()
}

fn codes(message: &OrderMessage) -> Vec<&'static str> {
    message.problems.iter().map(|problem| problem.code).collect()
}

const REFERRAL: &str = "MSH|^~\\&|EHR|HOSP|DOOR||20260105||REF^I12^REF_I12|7|P|2.5.1
RF1|P^Pending|S^Stat|HOM^Home care||I|R-100^EHR|20260106|20260306|20260105|O^Ordered|X-9^PORTAL
NTE|1||needs a bed rail
AUT|HMO|PAY1|Example Plan|20260101|20260401|AU-55|||10|20260102
PRD|RP|Test^Rhea^^^Dr|1 Test Rd^^Town^KY^42010||^WPN^PH^^^270^5550100||1234567893^NPI
CTD|P^Planner|Test^Pia|||^WPN^FX^^^270^5550101
PRD|RT|||||
PID|1||123^^^HOSP^MR~1EG4TE5MK73^^^CMS^MB||Test^Ada^B||19400229|F|||9 Test Ln^^Town^KY^42010^^H||^PRN^PH^^^270^5550102|||||ACC1|999-00-1111
NTE|1||hard of hearing
NK1|1|Test^Otto|SPO|9 Test Ln^^Town|2705550103
GT1|1|G1|Test^Otto
IN1|1|P1^Plan One|PAY1^^^HOSP|Example Plan|||8005550100|GRP1||||20260101||AU-77|HMO|Test^Ada|SEL|19400229||||1||||||||||||||POL-9
IN2||||||1EG4TE5MK73
IN3|1|C-1||Y||20260103|||20260104|20260204
DG1|1|I10|J44.9^COPD|||A
PR1|1||E0601^CPAP^HCPCS|||||||||||||RR^^HCPCS
AUT|HMO|PAY1||||AU-56
OBR|1|||8867-4^Heart rate^LN
OBX|1|NM|8867-4^Heart rate^LN||88|bpm|60-100|N|||F|||20260104
NTE|1||at rest
OBX|2|RP|IMG||http://example.org/a\\T\\b^^IM^JPEG
PV1|1|I|4W^401^B^HOSP|||||||MED|||||||||V-1|||||||||||||||||06|HOME|||||||20260101|20260107
PV2|||J44.9^COPD
ZPI|1|kept";

#[test]
fn a_referral_is_read_whole() {
    let referral = read(REFERRAL);
    assert_eq!((referral.kind, referral.intent), (OrderKind::Referral, Intent::New));
    assert_eq!(codes(&referral), [""; 0]);
    let rf1 = referral.referral.as_ref().unwrap();
    assert_eq!(rf1.id.as_ref().unwrap().id, "R-100");
    assert_eq!(rf1.external_ids[0].namespace.as_deref(), Some("PORTAL"));
    assert_eq!(rf1.priority.as_ref().unwrap().id.as_deref(), Some("S"));
    assert_eq!(referral.provider("RP").unwrap().npi(), Some("1234567893"));
    let planner = &referral.provider("RP").unwrap().contacts[0];
    assert_eq!(planner.phones[0].digits, "2705550101");
    assert_eq!(referral.others[0].raw, "ZPI|1|kept");
}

#[test]
fn the_patient_and_the_stay_are_read() {
    let referral = read(REFERRAL);
    let patient = referral.patient.as_ref().unwrap();
    assert_eq!(patient.ids.len(), 2);
    assert_eq!(patient.born.as_ref().unwrap().date(), Some((1940, 2, 29)));
    assert_eq!(patient.phones[0].digits, "2705550102");
    assert_eq!(referral.contacts[0].phones[0].digits, "2705550103");
    assert_eq!(referral.guarantors[0].names[0].given.as_deref(), Some("Otto"));
    let visit = referral.visit.as_ref().unwrap();
    assert_eq!(visit.discharged_at.as_ref().unwrap().date(), Some((2026, 1, 7)));
    assert_eq!(visit.location.as_ref().unwrap().room.as_deref(), Some("401"));
    assert_eq!(visit.discharge_disposition.as_deref(), Some("06"));
    assert_eq!(visit.reason.as_ref().unwrap().id.as_deref(), Some("J44.9"));
}

#[test]
fn coverage_keeps_what_belongs_together() {
    let referral = read(REFERRAL);
    let insurance = &referral.insurances[0];
    assert_eq!(insurance.member_number(), Some("POL-9"));
    assert_eq!(insurance.medicare_number.as_deref(), Some("1EG4TE5MK73"));
    assert_eq!(insurance.payer_ids[0].id, "PAY1");
    assert_eq!(insurance.certifications[0].id.as_ref().unwrap().id, "C-1");
    assert_eq!(insurance.relation.as_ref().unwrap().id.as_deref(), Some("SEL"));
    let of: Vec<_> = referral.authorizations.iter().map(|a| a.procedure).collect();
    assert_eq!(of, [None, Some(0)]);
    assert_eq!(referral.authorizations[0].authorized.as_ref().unwrap().number, "10");
}

#[test]
fn findings_and_notes_know_what_they_are_about() {
    let referral = read(REFERRAL);
    assert_eq!(referral.orders.len(), 0);
    assert_eq!(referral.panels[0].service.as_ref().unwrap().id.as_deref(), Some("8867-4"));
    assert_eq!(referral.observations[0].value, Value::Text("88".to_owned()));
    assert_eq!(referral.observations[0].panel, Some(0));
    let pointer = Value::Pointer("http://example.org/a&b".to_owned());
    assert_eq!(referral.observations[1].value, pointer);
    let about = |about| referral.notes_about(about).collect::<Vec<_>>();
    assert_eq!(about(About::Referral), ["needs a bed rail"]);
    assert_eq!(about(About::Patient), ["hard of hearing"]);
    assert_eq!(about(About::Observation(0)), ["at rest"]);
    let diagnosis = referral.diagnoses[0].code.as_ref().unwrap();
    assert_eq!(diagnosis.in_systems(&["I10"]), Some("J44.9"));
    assert_eq!(referral.procedures[0].modifiers[0].id.as_deref(), Some("RR"));
}

#[test]
fn a_referral_taken_back_is_recognised() {
    let with = |trigger: &str, status: &str| {
        read(&format!("MSH|^~\\&|E||||||REF^{trigger}|7|P|2.5.1\nRF1|{status}\nPID|1")).intent
    };
    assert_eq!(with("I12", "P"), Intent::New);
    assert_eq!(with("I13", "A"), Intent::Change);
    assert_eq!(with("I14", "P"), Intent::Cancel);
    assert_eq!(with("I12", "C^Cancelled"), Intent::Cancel);
    assert_eq!(with("I15", "P"), Intent::Status);
    assert_eq!(with("I99", "P"), Intent::Unclear);
}

#[test]
fn order_control_codes_say_what_to_do() {
    let with = |control: &str| {
        read(&format!("MSH|^~\\&|E||||||ORM^O01|7|P|2.3\nPID|1\nORC|{control}\nOBR|1")).intent
    };
    assert_eq!(with("NW|1"), Intent::New);
    assert_eq!(with("XO|1"), Intent::Change);
    assert_eq!(with("RP|1"), Intent::Change);
    assert_eq!(with("CA|1"), Intent::Cancel);
    assert_eq!(with("OC|1"), Intent::Cancel);
    assert_eq!(with("DC|1"), Intent::Discontinue);
    assert_eq!(with("SC|1|||CA"), Intent::Cancel);
    assert_eq!(with("SC|1|||IP"), Intent::Status);
    assert_eq!(with("QQ|1"), Intent::Unclear);
    assert_eq!(read("MSH|^~\\&|E||||||ORM^O01|7|P|2.3\nPID|1").intent, Intent::Unclear);
}

#[test]
fn orders_carry_items_timings_and_their_own_notes() {
    let order = read(
        "MSH|^~\\&|E||||||OMG^O19^OMG_O19|7|P|2.5.1
PID|1||123
ORC|NW|P-1^EHR|F-1|G-1|||||20260105|||1234567893^Test^Rhea^^^^^^NPI||2705550100
TQ1|1|1|Q1D|||30^d|20260106|20260205|R|||||30
OBR|1|||E0601^CPAP^HCPCS|||||||||dry air||||||||||||||||||I10|||||||||||||E0601^^HCPCS|RR^^HCPCS
NTE|1||deliver after noon
CTD|D|Test^Dora|||2705550104
DG1|1||G47.33^OSA^I10
OBX|1|CE|AHI^^L||A^a^L~B^b^L
ORC|NW|P-2
OBR|1|||E0562^^HCPCS
OBR|2|P-3||A7030^^HCPCS",
    );
    assert_eq!((order.kind, order.intent), (OrderKind::Clinical, Intent::New));
    assert_eq!(order.orders.len(), 3);
    let first = &order.orders[0];
    assert_eq!(first.placer.as_ref().unwrap().id, "P-1");
    assert_eq!(first.providers[0].npi(), Some("1234567893"));
    assert_eq!(first.timings[0].repeats, ["Q1D"]);
    assert_eq!(first.timings[0].duration.as_deref(), Some("30 d"));
    let item = first.item.as_ref().unwrap();
    assert_eq!(item.service.as_ref().unwrap().in_systems(&["HCPCS"]), Some("E0601"));
    assert_eq!(item.modifiers[0].id.as_deref(), Some("RR"));
    assert_eq!(first.contacts[0].phones[0].digits, "2705550104");
    assert_eq!(item.reasons[0].id.as_deref(), Some("I10"));
    assert_eq!(order.notes_about(About::Order(0)).collect::<Vec<_>>(), ["deliver after noon"]);
    assert_eq!(order.diagnoses[0].order, Some(0));
    assert!(matches!(&order.observations[0].value, Value::Codes(codes) if codes.len() == 2));
    assert_eq!(order.orders[2].placer.as_ref().unwrap().id, "P-3");
    assert_eq!(order.orders[2].intent, Intent::New);
}

#[test]
fn supplies_drugs_and_diets_are_items_too() {
    let of = |kind: &str, segment: &str| {
        read(&format!("MSH|^~\\&|E||||||{kind}|7|P|2.5.1\nPID|1\nORC|NW|1\n{segment}"))
    };
    let supply = of("ORM^O01", "RQD|1|A4253^Strips^HCPCS|||3|BX||||20260110\nRQ1||ACME|CAT-7");
    let item = supply.orders[0].item.as_ref().unwrap();
    assert_eq!(item.quantity.as_ref().unwrap().number, "3");
    assert_eq!(item.catalog_number.as_deref(), Some("CAT-7"));
    assert_eq!(item.needed_on.as_ref().unwrap().date(), Some((2026, 1, 10)));
    let drug = of("OMP^O09", "RXO|00071015523^Drug^NDC|500||mg|TAB||^^^^Take slowly||||20|TAB|2");
    let item = drug.orders[0].item.as_ref().unwrap();
    assert_eq!(item.dose.as_ref().unwrap().unit.as_ref().unwrap().id.as_deref(), Some("mg"));
    assert_eq!(
        (item.refills.as_deref(), item.quantity.as_ref().unwrap().number.as_str()),
        (Some("2"), "20")
    );
    let diet = of("OMD^O03", "ODS|D||LOWNA^Low sodium^L|no salt");
    assert_eq!(diet.orders[0].item.as_ref().unwrap().instructions, ["no salt"]);
    let old = of("RDE^O01", "RXE|1^BID^D30^20260101|D1^Drug^NDC|1||TAB");
    assert_eq!(old.orders[0].timings[0].duration.as_deref(), Some("D30"));
    assert_eq!(of("OMS^O05", "RQD|1|X").kind, OrderKind::Supply);
}

#[test]
fn a_second_patient_is_never_mixed_in() {
    let order = read(
        "MSH|^~\\&|E||||||ORM^O01|7|P|2.3
PID|1||123
ORC|NW|1
OBR|1|||A
PID|1||456
ORC|NW|2
OBR|1|||B",
    );
    assert_eq!(order.orders.len(), 1);
    assert_eq!(codes(&order), ["several-patients"]);
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_kept() {
    let order = read("MSH|^~\\&|E||||||ORM^O01|7|P|2.3\nIN2||1\nORC|NW|1||||||||\nOBR|1|||A||soon");
    assert_eq!(codes(&order), ["segment-misplaced", "date-unreadable", "no-patient"]);
    assert_eq!(order.problems[1].at.to_string(), "message 1, OBR[1]-6, byte 56");
    assert_eq!(order.orders.len(), 1);
    let other = Message::read_one(b"MSH|^~\\&|E||||||ADT^A01|7|P|2.3").unwrap();
    assert_eq!(OrderMessage::read(&other).unwrap_err().code, "not-an-order");
}
