//! What a 278 is read as, what stops it, and what is only told.

use doorstep_x12::sets::s278::{Kind, Parsed, ServiceLine, Whose, locate, parse};
use doorstep_x12::{Code, Day, Level, read};

/// A made-up request for oxygen at home; the patient is a dependent.
const OXYGEN: &str = "BHT*0007*13*REQ-1*20260714*0930~
HL*1**20*1~
NM1*X3*2*EXAMPLE PLAN*****PI*99999~
HL*2*1*21*1~
NM1*1P*2*EXAMPLE CLINIC*****XX*1003000126~
REF*EI*990000000~
N3*1 TEST WAY~
N4*TESTVILLE*OH*43004~
PER*IC*DESK*TE*5555550100*FX*5555550101~
HL*3*2*22*1~
NM1*IL*1*TESTER*TINA****MI*M0001~
DMG*D8*19800229*F~
HL*4*3*23*1~
NM1*QC*1*TESTER*TIM~
DMG*D8*20100101*M~
INS*N*19***************2~
HL*5*4*EV*1~
TRN*1*TRACE-1*9012345678~
UM*HS*I*18*12:B**U***Y*1~
REF*BB*OLD-1~
DTP*AAH*RD8*20260714-20260813~
HI*ABK:J9611:D8:20260701*ABF:I2720~
HSD*MN*3~
CRC*09*Y*37*12~
CR5*I*3*A**NEEDS OXYGEN*2*3*8**55*87*R*1**3*2*A*E~
PWK*OZ*EL***AC*ATT-1~
MSG*PLEASE CALL BEFORE DELIVERY~
NM1*SJ*2*EXAMPLE SUPPLY*****XX*1003000126~
N4*TESTVILLE*OH*43004~
HL*6*5*SS*0~
TRN*1*LINE-1~
DTP*472*D8*20260714~
SV1*HC:E1390:RR:KX*250.5*UN*3***1:2~
HL*7*5*SS*0~
SV1*HC:E0431:RR**UN*3~
";

fn file(body: &str) -> String {
    let isa = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260714*0930*^*00501*000000101*0*T*:~";
    let n = body.matches('~').count() + 2;
    format!(
        "{isa}GS*HI*A*B*20260714*0930*5*X*005010X217~ST*278*0001*005010X217~{body}SE*{n}*0001~GE*1*5~IEA*1*000000101~"
    )
}

fn parsed(body: &str) -> Parsed {
    parse(&read(file(body).as_bytes()).interchanges[0].groups[0].sets[0])
}

fn found(parsed: &Parsed) -> Vec<(Code, Level)> {
    parsed.problems.iter().map(|problem| (problem.code, problem.level)).collect()
}

#[test]
fn a_whole_request_is_read_field_by_field() {
    let parsed = parsed(OXYGEN);
    assert_eq!(found(&parsed), []);
    let request = parsed.request.unwrap();
    assert_eq!((request.kind, request.bht.reference.as_str()), (Kind::Request, "REQ-1"));
    assert_eq!(request.umo.id("PI"), Some("99999"));
    assert_eq!(request.requester.reference("EI"), Some("990000000"));
    let numbers: Vec<_> = request.requester.contacts[0].numbers().collect();
    assert_eq!(numbers, [("TE", "5555550100"), ("FX", "5555550101")]);
    assert_eq!(request.subscriber.party.id("MI"), Some("M0001"));
    let event = &request.events[0];
    assert_eq!(event.whose, Whose::Dependent);
    let patient = request.patient(event);
    assert_eq!(patient.party.name.first, "TIM");
    assert_eq!(patient.birth.as_ref().unwrap().born_on(), Day::new(2010, 1, 1));
    assert_eq!(patient.insured.as_ref().unwrap().birth_sequence, "2");
    assert_eq!((event.own_trace(), event.previous_auth()), (Some("TRACE-1"), Some("OLD-1")));
    let um = event.um.as_ref().unwrap();
    assert_eq!(
        (um.service_type.as_str(), um.facility.code.as_str(), um.facility.qualifier.as_str()),
        ("18", "12", "B")
    );
    assert_eq!(
        (um.level_of_service.as_str(), um.release.as_str(), um.delay_reason.as_str()),
        ("U", "Y", "1")
    );
    assert_eq!(event.date("AAH").unwrap().period().unwrap().to, Day::new(2026, 8, 13).unwrap());
    let diagnoses: Vec<_> =
        event.diagnoses.iter().map(|d| (d.qualifier.as_str(), d.code.as_str())).collect();
    assert_eq!(diagnoses, [("ABK", "J9611"), ("ABF", "I2720")]);
    assert_eq!(event.crc[0].conditions().collect::<Vec<_>>(), ["37", "12"]);
    let cr5 = event.cr5.as_ref().unwrap();
    assert_eq!(
        (cr5.flow_lpm.as_str(), cr5.arterial_gas_mmhg.as_str(), cr5.saturation_percent.as_str()),
        ("2", "55", "87")
    );
    assert_eq!((cr5.delivery.as_str(), cr5.equipment_3.as_str()), ("A", "E"));
    assert_eq!(event.pwk[0].control_number, "ATT-1");
    assert_eq!(event.messages[0].text, "PLEASE CALL BEFORE DELIVERY");
    assert_eq!(event.providers[0].id("XX"), Some("1003000126"));
    let line = event.services[0].line.as_ref().unwrap();
    assert_eq!(line.procedure().code, "E1390");
    assert_eq!(line.procedure().modifiers().collect::<Vec<_>>(), ["RR", "KX"]);
    assert_eq!(line.quantity(), ("3", "UN"));
    let ServiceLine::Professional(sv1) = line.as_ref() else {
        panic!("SV1 was read as something else")
    };
    assert_eq!((sv1.amount.as_str(), sv1.diagnoses.second.as_str()), ("250.5", "2"));
    assert_eq!(event.services.len(), 2);
}

#[test]
fn an_event_without_services_is_a_request() {
    let body = &OXYGEN[..OXYGEN.find("HL*6").unwrap()];
    let request = parsed(body).request.unwrap();
    assert!(request.events[0].services.is_empty() && request.events[0].cr5.is_some());
}

#[test]
fn what_nobody_could_work_on_stops_the_set() {
    let subscriber = OXYGEN.find("HL*3").unwrap()..OXYGEN.find("HL*5").unwrap();
    let mut no_subscriber = OXYGEN.to_owned();
    no_subscriber.replace_range(subscriber, "");
    let requester = OXYGEN.find("HL*2").unwrap()..OXYGEN.find("HL*3").unwrap();
    let mut no_requester = OXYGEN.to_owned();
    no_requester.replace_range(requester, "");
    let cases = [
        (no_subscriber, Code::SegmentMissing),
        (no_requester, Code::SegmentMissing),
        (OXYGEN.replace("UM*HS*I*18*12:B**U***Y*1~\n", ""), Code::SegmentMissing),
        (OXYGEN[..OXYGEN.find("HL*5").unwrap()].to_owned(), Code::SegmentMissing),
        (OXYGEN.replace("BHT*0007", "BHT*0022"), Code::CodeInvalid),
        (OXYGEN.replace("BHT*0007*13", "BHT*0007*99"), Code::CodeInvalid),
        (OXYGEN.replace("NM1*IL*1*TESTER*TINA****MI*M0001", "NM1*IL*1"), Code::ElementMissing),
        (OXYGEN.replace("HL*7*5*SS", "HL*7*5*ZZ"), Code::CodeInvalid),
        (OXYGEN.replace("HL*7*5*SS*0", "HL*7*2*22*0"), Code::LoopTooMany),
        (OXYGEN.replace("HSD*MN*3", "UM*HS*R"), Code::SegmentTooMany),
    ];
    for (body, code) in cases {
        let parsed = parsed(&body);
        assert!(
            found(&parsed).contains(&(code, Level::Error)),
            "{code}: {:?}\n{body}",
            parsed.problems
        );
        assert!(parsed.request.is_none());
    }
}

#[test]
fn oddities_are_told_and_the_request_taken() {
    let cases = [
        (OXYGEN.replace("UM*HS", "UM*QQ"), Code::CodeInvalid),
        (OXYGEN.replace("D8*20260714~", "D8*20260732~"), Code::DateInvalid),
        (OXYGEN.replace("HSD*MN*3", "HSD*MN*THREE"), Code::CharacterInvalid),
        (OXYGEN.replace("HSD*MN*3~", "HSD*MN*3~ZZZ*1~"), Code::SegmentUnexpected),
        (OXYGEN.replace("HSD*MN*3~", "HSD*MN*3~HSD*MN*3~"), Code::SegmentTooMany),
        (OXYGEN.replace("MSG*", &format!("MSG*{}", "A".repeat(300))), Code::ElementTooLong),
        (OXYGEN.replace("TRN*1*LINE-1~", "TRN*1*LINE-1*******9~"), Code::ElementTooMany),
        (OXYGEN.replace("TRN*1*LINE-1~", "TRN**LINE-1~"), Code::ElementMissing),
        (OXYGEN.replace("HL*7*5*SS", "HL*7*6*SS"), Code::HlParent),
        (OXYGEN.replace("HL*3*2*22", "HL*3*9*22"), Code::HlParent),
    ];
    for (body, code) in cases {
        let parsed = parsed(&body);
        assert_eq!(found(&parsed), [(code, Level::Warning)], "{code}\n{body}");
        assert!(parsed.request.is_some());
    }
}

#[test]
fn a_false_parent_never_moves_an_event_to_another_person() {
    for body in [OXYGEN.replace("HL*5*4*EV", "HL*5*9*EV"), OXYGEN.replace("HL*4*3*23", "HL*3*3*23")]
    {
        let parsed = parsed(&body);
        assert!(parsed.request.is_none(), "{:?}", parsed.problems);
    }
    let of_subscriber = parsed(&OXYGEN.replace("HL*5*4*EV", "HL*5*3*EV")).request.unwrap();
    assert_eq!(of_subscriber.patient(&of_subscriber.events[0]).party.name.first, "TINA");
}

#[test]
fn loops_that_point_at_themselves_or_each_other_end() {
    let body = OXYGEN.replace("HL*6*5*SS", "HL*6*7*SS").replace("HL*7*5*SS", "HL*7*7*SS");
    let parsed = parsed(&body);
    assert!(found(&parsed).iter().all(|(code, _)| *code == Code::HlParent));
    assert_eq!(parsed.request.unwrap().events[0].services.len(), 2);
}

#[test]
fn kinds_are_told_apart() {
    assert_eq!(parsed(&OXYGEN.replace("0007*13", "0007*01")).kind, Kind::Cancel);
    let taken_back = parsed(&OXYGEN.replace("UM*HS*I", "UM*HS*3"));
    assert_eq!((taken_back.kind, taken_back.request.unwrap().kind), (Kind::Cancel, Kind::Cancel));
    let answer = parsed(&OXYGEN.replace("0007*13", "0007*11"));
    assert_eq!((answer.kind, answer.request.is_none()), (Kind::Response, true));
    let decided = OXYGEN.replace("REF*BB*OLD-1~", "HCR*A3**0A^0B*N~REF*BB*OLD-1~");
    let response = parsed(&decided).response.unwrap();
    let decision = response.events[0].decision.as_ref().unwrap();
    assert_eq!(
        (decision.action.as_str(), decision.reasons.as_slice()),
        ("A3", ["0A".to_owned(), "0B".to_owned()].as_slice())
    );
}

#[test]
fn a_refused_response_ends_where_it_was_refused() {
    let body = "BHT*0007*11*REQ-1*20260714*0930*18~HL*1**20*0~AAA*N**42*R~";
    let response = parsed(body).response.unwrap();
    assert_eq!((response.refusals[0].reason.as_str(), response.events.len()), ("42", 0));
    let body = "BHT*0007*11*REQ-1*20260714*0930*18~HL*1**20*1~NM1*X3*2*PLAN*****PI*1234~HL*2*1*21*0~\
        NM1*1P*2*CLINIC*****XX*1003000126~AAA*N**51*C~";
    let response = parsed(body).response.unwrap();
    assert_eq!(response.requester.unwrap().refusals[0].reason, "51");
}

#[test]
fn a_set_that_the_envelope_refuses_gives_no_request() {
    let text = file(OXYGEN).replace("SE*37*0001", "SE*37*0002");
    let read = read(text.as_bytes());
    assert!(parse(&read.interchanges[0].groups[0].sets[0]).request.is_none());
}

#[test]
fn a_mapping_can_find_the_element_it_refuses() {
    let text = file(OXYGEN);
    let read = read(text.as_bytes());
    let set = &read.interchanges[0].groups[0].sets[0];
    let request = parse(set).request.unwrap();
    let line = locate(set, &request.events[0].services[1].at, "SV1");
    assert_eq!((line.segment, line.segment_id.as_str()), (Some(36), "SV1"));
    assert_eq!(locate(set, &request.events[0].services[1].at, "CR5").segment_id, "HL");
    assert_eq!(locate(set, &request.subscriber.party.at, "DMG").segment, Some(13));
}

#[test]
fn a_person_is_not_printed() {
    let printed = format!("{:?}", parsed(OXYGEN).request.unwrap());
    for secret in ["TESTER", "M0001", "J9611", "19800229", "5555550100"] {
        assert!(!printed.contains(secret), "{secret}");
    }
}
