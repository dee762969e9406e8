//! What holds for any bytes and any request.

use doorstep_x12::seg::{
    Aaa, Bht, Cr5, Cr6, Crc, Diagnosis, Dmg, Dtp, Facility, Hcr, Hsd, Ins, Msg, N3, N4, Nm1, Per,
    Procedure, Pwk, Ref, Sv1, Sv2, Trn, Um,
};
use doorstep_x12::sets::s278::{
    self, Event, Kind, Party, Person, Request, Response, Service, ServiceLine, Whose, parse,
};
use doorstep_x12::write::Outer;
use doorstep_x12::{
    AckStamp, Code, Day, Delimiters, Endpoint, Minute, Place, Segments, ack999, count_segments,
    looks_like_x12, read, ta1, transaction_types,
};
use proptest::prelude::*;

fn minute() -> Minute {
    let day = Day::new(2026, 7, 14).expect("14 July 2026 exists");
    Minute::new(day, 9, 30).expect("09:30 exists")
}

fn stamp() -> AckStamp {
    AckStamp { at: minute(), interchange_control: 7, group_control: 8 }
}

fn outer() -> Outer {
    let end = |id: &str| Endpoint { qualifier: "ZZ".into(), id: id.into() };
    Outer {
        sender: end("SENDER"),
        receiver: end("RECEIVER"),
        at: minute(),
        control: 101,
        wants_ta1: true,
        usage: "T".into(),
    }
}

/// Reads bytes in every way there is, and acknowledges them; acknowledgements must read back clean.
fn read_in_every_way(bytes: &[u8]) {
    let counts = count_segments(bytes);
    assert_eq!(counts.segments, Segments::new(bytes).count());
    let starts = |id: &str| Segments::new(bytes).filter(|segment| segment.is(id)).count();
    assert_eq!(
        (counts.interchanges, counts.groups, counts.sets),
        (starts("ISA"), starts("GS"), starts("ST"))
    );
    let mut end = 0;
    for segment in Segments::new(bytes) {
        assert!(segment.offset >= end, "segments overlap");
        end = segment.offset + segment.raw.len();
        assert!(end <= bytes.len());
        let _ = (
            segment.id_text(),
            segment.text(1),
            segment.elements().count(),
            segment.repetitions(3).count(),
        );
    }
    assert_eq!(transaction_types(bytes).len(), counts.sets);
    let mut transmission = read(bytes);
    assert!(!transmission.interchanges.is_empty() || counts.segments == 0);
    assert!(looks_like_x12(bytes) || counts.segments == 0);
    for interchange in &mut transmission.interchanges {
        let sets = interchange.groups.iter().flat_map(|group| &group.sets);
        let found: Vec<_> = sets.flat_map(|set| parse(set).problems).collect();
        interchange.note(found);
        for answer in
            [ta1(interchange, &stamp()), ack999(interchange, &stamp())].into_iter().flatten()
        {
            let problems: Vec<_> = read(&answer).all_problems().cloned().collect();
            assert!(problems.is_empty(), "{problems:?}\n{}", String::from_utf8_lossy(&answer));
        }
    }
}

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260714*0930*^*00501*000000101*0*T*:~";

/// Pieces of X12 in any order, some of them broken.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        ISA,
        "ISA|00|x|00|x|ZZ|A|ZZ|B|260714|0930|^|00501|1|0|T|:!",
        "GS*HI*A*B*20260714*0930*5*X*005010X217~",
        "GS*HI*:^*~*20260714*0930*<BAD>*X*005010X217~",
        "ST*278*0001*005010X217~",
        "ST**~",
        "BHT*0007*13*T1*20260714*0930~",
        "HL*1**20*1~",
        "HL*2*1*21*1~",
        "HL*3*2*22*1~",
        "HL*4*3*23*1~",
        "HL*5*4*EV*1~",
        "HL*6*6*SS*0~",
        "HL*5*5*SS~",
        "NM1*X3*2*PLAN~",
        "NM1*1P*2*CLINIC~",
        "NM1*IL*1*TESTER*TINA****MI*M0001~",
        "UM*HS*I*18*12:B~",
        "HI*ABK:J9611:D8:9~",
        "SV1*HC:E1390*x*UN*y~",
        "HCR*A3**0A^^0B~",
        "BIN*5*a~b~c~",
        "BDS*B64*99999999999*x~",
        "TA1*000000101*260714*0930*A*000~",
        "SE*9*0001~",
        "GE*1*5~",
        "IEA*1*000000101~",
        "~~",
        "\r\n",
        "ISA*",
        "é\u{feff}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_in_every_way(&bytes);
    }

    #[test]
    fn any_bytes_after_a_header_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        read_in_every_way(&[ISA.as_bytes(), b"GS*HI*A*B*1*2*5*X*005010X217~ST*278*0001~", &bytes].concat());
    }

    #[test]
    fn any_pieces_are_read_without_panic(text in pieces()) {
        read_in_every_way(text.as_bytes());
        read_in_every_way(&[ISA.as_bytes(), text.as_bytes()].concat());
    }

    #[test]
    fn what_is_written_is_read_back_the_same(request in request(), usual in any::<bool>()) {
        let other = Delimiters { element: b'|', component: b'<', repetition: Some(b'!'), terminator: b'\n' };
        let delimiters = if usual { Delimiters::USUAL } else { other };
        let bytes = s278::write(&request, &outer(), 5, delimiters).unwrap();
        let transmission = read(&bytes);
        let shown = String::from_utf8_lossy(&bytes);
        prop_assert_eq!(transmission.all_problems().count(), 0, "{}", shown);
        let parsed = parse(&transmission.interchanges[0].groups[0].sets[0]);
        let back = parsed.request.map(|request| without_places(*request));
        prop_assert_eq!(back.as_ref(), Some(&request), "{:?}\n{}", parsed.problems, shown);
    }

    #[test]
    fn a_response_is_read_back_the_same(request in request(), action in "A[1-6]", reasons in prop::collection::vec("[0-9A-Z]{2}", 0..5)) {
        let response = answer(request, &action, &reasons);
        let bytes = s278::write_response(&response, &outer(), 5, Delimiters::USUAL).unwrap();
        let transmission = read(&bytes);
        prop_assert_eq!(transmission.all_problems().count(), 0);
        let parsed = parse(&transmission.interchanges[0].groups[0].sets[0]);
        prop_assert_eq!(parsed.kind, Kind::Response);
        prop_assert_eq!(parsed.response.map(|back| response_without_places(*back)), Some(response));
    }

    #[test]
    fn a_delimiter_in_data_is_refused_by_place(request in request(), bad in prop::sample::select(vec!["*", ":", "^", "~", "\n", "\0"])) {
        let mut request = request;
        request.subscriber.party.name.last = format!("TES{bad}TER");
        let problems = s278::write(&request, &outer(), 5, Delimiters::USUAL).unwrap_err();
        prop_assert_eq!(problems.len(), 1);
        prop_assert_eq!(problems[0].code, Code::CharacterInvalid);
        prop_assert_eq!((problems[0].at.segment_id.as_str(), problems[0].at.element), ("NM1", Some(3)));
    }
}

/// Text without blanks at its ends, sometimes empty, sometimes not ASCII.
fn text(most: usize) -> impl Strategy<Value = String> {
    let pattern = format!(
        "[A-Z0-9éñ'.,#/()+-]([A-Z0-9 éñ'.,#/()+-]{{0,{}}}[A-Z0-9])?",
        most.saturating_sub(2)
    );
    prop_oneof![
        Just(String::new()),
        proptest::string::string_regex(&pattern).expect("the pattern is a regular expression")
    ]
}

fn date() -> impl Strategy<Value = String> {
    (1990_i16..2030, 1_i8..=12, 1_i8..=28)
        .prop_map(|(y, m, d)| Day::new(y, m, d).expect("every month has 28 days").to_string())
}

prop_compose! {
    fn party(entity: &'static str)(last in text(60), first in text(35), id in "[A-Z0-9]{2,20}", reference in text(50),
        street in text(55), city in text(30), phone in "[0-9]{10}", n_refs in 0_usize..3) -> Party {
        Party {
            name: Nm1 { entity: entity.into(), kind: "1".into(), last, first, id_qualifier: "MI".into(), id, ..Nm1::default() },
            refs: vec![Ref { qualifier: "EJ".into(), id: reference, ..Ref::default() }; n_refs],
            street: (!street.is_empty()).then(|| N3 { line: street, ..N3::default() }),
            city: (!city.is_empty()).then(|| N4 { city, state: "OH".into(), zip: "43004".into(), ..N4::default() }),
            contacts: vec![Per { function: "IC".into(), kind: "TE".into(), number: phone, ..Per::default() }],
            ..Party::default()
        }
    }
}

prop_compose! {
    fn person(entity: &'static str)(party in party(entity), born in date(), twin in "[1-3]?") -> Person {
        let insured = Ins { is_subscriber: "Y".into(), relation: "18".into(), birth_sequence: twin, ..Ins::default() };
        let birth = Dmg { format: "D8".into(), birth_date: born, gender: "F".into() };
        Person { party, birth: Some(birth), insured: Some(insured) }
    }
}

prop_compose! {
    fn service()(code in "[A-Z][0-9]{4}", modifier in "([A-Z]{2})?", quantity in "[1-9][0-9]{0,3}", on in date(),
        description in text(80), kind in 0..3) -> Service {
        let procedure = Procedure { qualifier: "HC".into(), code, modifier_2: modifier, description, ..Procedure::default() };
        let line = match kind {
            0 => None,
            1 => Some(ServiceLine::Professional(Sv1 { procedure, unit: "UN".into(), quantity, ..Sv1::default() })),
            _ => Some(ServiceLine::Institutional(Sv2 { procedure, unit: "DA".into(), quantity, ..Sv2::default() })),
        };
        let dates = vec![Dtp { qualifier: "472".into(), format: "D8".into(), value: on }];
        Service { line: line.map(Box::new), dates, ..Service::default() }
    }
}

prop_compose! {
    fn event(whose: Whose)(trace in "[A-Z0-9]{1,50}", number in text(50), on in date(), message in "[A-Z0-9]([A-Z ]{0,200}[A-Z])?",
        codes in prop::collection::vec("[A-Z][0-9][0-9A-Z]{1,5}", 0..30), providers in prop::collection::vec(party("SJ"), 0..3),
        services in prop::collection::vec(service(), 0..4), oxygen in any::<bool>(), home in any::<bool>()) -> Event {
        let facility = Facility { code: "12".into(), qualifier: "B".into(), ..Facility::default() };
        let um = Um { category: "HS".into(), certification: "I".into(), service_type: "18".into(), facility, ..Um::default() };
        let diagnosis = |code| Diagnosis { qualifier: "ABK".into(), code, date_format: "D8".into(), date: on.clone() };
        let cr6 = Cr6 { prognosis: "1".into(), start_date: on.clone(), medicare: "N".into(), certification: "I".into(), ..Cr6::default() };
        Event {
            whose,
            trace: vec![Trn { kind: "1".into(), number: trace, originator: "9012345678".into(), ..Trn::default() }],
            um: Some(Box::new(um)),
            refs: vec![Ref { qualifier: "BB".into(), id: number, ..Ref::default() }],
            dates: vec![Dtp { qualifier: "AAH".into(), format: "RD8".into(), value: format!("{on}-{on}") }],
            diagnoses: codes.into_iter().map(diagnosis).collect(),
            hsd: Some(Box::new(Hsd { quantity_qualifier: "VS".into(), quantity: "3".into(), period: "2".into(), ..Hsd::default() })),
            crc: vec![Crc { category: "09".into(), applies: "Y".into(), condition: "37".into(), ..Crc::default() }; 2],
            cr5: oxygen.then(|| Box::new(Cr5 { equipment: "A".into(), flow_lpm: "2.5".into(), ..Cr5::default() })),
            cr6: home.then(|| Box::new(cr6)),
            pwk: vec![Pwk { report: "OZ".into(), transmission: "EL".into(), ..Pwk::default() }],
            messages: vec![Msg { text: message }],
            providers,
            services,
            ..Event::default()
        }
    }
}

prop_compose! {
    fn request()(umo in party("X3"), requester in party("1P"), subscriber in person("IL"), dependent in person("QC"),
        own in prop::collection::vec(event(Whose::Subscriber), 0..3), others in prop::collection::vec(event(Whose::Dependent), 0..3),
        one in event(Whose::Subscriber), reference in "[A-Z0-9]{1,50}", control in "[0-9]{4,9}", at in date()) -> Request {
        let mut events = own;
        if events.is_empty() && others.is_empty() {
            events.push(one);
        }
        let dependent = (!others.is_empty()).then_some(dependent);
        events.extend(others);
        let bht = Bht { structure: "0007".into(), purpose: "13".into(), reference, date: at, time: "0930".into(), ..Bht::default() };
        Request { at: Place::default(), kind: Kind::Request, control, bht, umo, requester, subscriber, dependent, events }
    }
}

fn answer(request: Request, action: &str, reasons: &[String]) -> Response {
    let Request {
        at,
        kind: _,
        control,
        mut bht,
        umo,
        requester,
        subscriber,
        dependent,
        mut events,
    } = request;
    bht.purpose = "11".into();
    for event in &mut events {
        let number = "AUTH-1".to_owned();
        event.decision = Some(Hcr {
            action: action.into(),
            number,
            reasons: reasons.to_vec(),
            ..Hcr::default()
        });
        event.refusals = vec![Aaa {
            valid: "N".into(),
            reason: "15".into(),
            follow_up: "C".into(),
            ..Aaa::default()
        }];
    }
    Response {
        at,
        control,
        bht: Some(bht),
        refusals: Vec::new(),
        umo: Some(umo),
        requester: Some(requester),
        subscriber: Some(subscriber),
        dependent,
        events,
    }
}

fn without_places(request: Request) -> Request {
    let mut request = request;
    request.at = Place::default();
    for party in [&mut request.umo, &mut request.requester, &mut request.subscriber.party] {
        party.at = Place::default();
    }
    if let Some(dependent) = &mut request.dependent {
        dependent.party.at = Place::default();
    }
    request.events.iter_mut().for_each(event_without_places);
    request
}

fn response_without_places(response: Response) -> Response {
    let mut response = response;
    response.at = Place::default();
    for party in [&mut response.umo, &mut response.requester].into_iter().flatten() {
        party.at = Place::default();
    }
    for person in [&mut response.subscriber, &mut response.dependent].into_iter().flatten() {
        person.party.at = Place::default();
    }
    response.events.iter_mut().for_each(event_without_places);
    response
}

fn event_without_places(event: &mut Event) {
    event.at = Place::default();
    for party in &mut event.providers {
        party.at = Place::default();
    }
    for service in &mut event.services {
        service.at = Place::default();
    }
}
