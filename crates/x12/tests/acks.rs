//! What the acknowledgements say.

use doorstep_x12::sets::s278;
use doorstep_x12::{AckStamp, Code, Day, Minute, ack999, read, ta1};

const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *30*RECEIVER       *260714*0930*^*00501*000000101*0*T*:~";

const GOOD: &str = "ST*278*0001*005010X217~BHT*0007*13*T1*20260714*0930~HL*1**20*1~NM1*X3*2*PLAN*****PI*12345~\
HL*2*1*21*1~NM1*1P*2*CLINIC*****XX*1003000126~HL*3*2*22*1~NM1*IL*1*TESTER*TINA****MI*M0001~HL*4*3*EV*0~\
TRN*1*T1*9012345678~UM*HS*I*18*12:B~SE*12*0001~";

fn stamp() -> AckStamp {
    let day = Day::new(2026, 7, 14).expect("14 July 2026 exists");
    let at = Minute::new(day, 10, 5).expect("10:05 exists");
    AckStamp { at, interchange_control: 900_000_001, group_control: 77 }
}

fn file(functional_id: &str, sets: &[&str], n_groups: usize) -> String {
    let inner = format!(
        "GS*{functional_id}*A*B*20260714*0930*5*X*005010X217~{}GE*{}*5~",
        sets.concat(),
        sets.len()
    );
    format!("{ISA}{inner}IEA*{n_groups}*000000101~")
}

/// Returns the segments of the acknowledgement from AK1, or TA1, up to its trailer.
fn answers(text: &str) -> (String, String) {
    let mut read = read(text.as_bytes());
    let interchange = &mut read.interchanges[0];
    let found: Vec<_> = interchange
        .groups
        .iter()
        .flat_map(|g| &g.sets)
        .flat_map(|s| s278::parse(s).problems)
        .collect();
    interchange.note(found);
    let inner = |bytes: Option<Vec<u8>>, from: &str, to: &str| {
        let text =
            String::from_utf8(bytes.unwrap_or_default()).expect("acknowledgements are ASCII");
        let (Some(from), Some(to)) = (text.find(from), text.find(to)) else { return String::new() };
        text[from..to].to_owned()
    };
    let interchange = &read.interchanges[0];
    (
        inner(ta1(interchange, &stamp()), "TA1", "IEA"),
        inner(ack999(interchange, &stamp()), "AK1", "SE*"),
    )
}

#[test]
fn a_good_file_is_accepted_at_both_levels() {
    let (ta1, ack) = answers(&file("HI", &[GOOD], 1));
    assert_eq!(ta1, "TA1*000000101*260714*0930*A*000~");
    assert_eq!(ack, "AK1*HI*5*005010X217~AK2*278*0001*005010X217~IK5*A~AK9*A*1*1*1~");
}

#[test]
fn the_answer_goes_back_to_the_sender() {
    let text = file("HI", &[GOOD], 1);
    let read = read(text.as_bytes());
    let bytes = ack999(&read.interchanges[0], &stamp()).unwrap();
    let expected = "ISA*00*          *00*          *30*RECEIVER       *ZZ*SENDER         *260714*1005*^*00501*900000001*0*T*:~\
        GS*FA*B*A*20260714*1005*77*X*005010X231A1~ST*999*0001*005010X231A1~";
    assert!(bytes.starts_with(expected.as_bytes()), "{}", String::from_utf8_lossy(&bytes));
    assert!(bytes.ends_with(b"SE*6*0001~GE*1*77~IEA*1*900000001~"));
}

#[test]
fn a_wrong_segment_count_is_accepted_with_errors() {
    let (_, ack) = answers(&file("HI", &[&GOOD.replace("SE*12", "SE*11")], 1));
    assert_eq!(ack, "AK1*HI*5*005010X217~AK2*278*0001*005010X217~IK5*E*4~AK9*E*1*1*1~");
}

#[test]
fn one_bad_set_is_refused_and_the_group_accepted_in_part() {
    let bad =
        GOOD.replace("UM*HS*I*18*12:B~", "").replace("0001", "0002").replace("SE*12", "SE*11");
    let (ta1, ack) = answers(&file("HI", &[GOOD, &bad], 1));
    assert_eq!(ta1, "TA1*000000101*260714*0930*A*000~");
    let expected = "AK1*HI*5*005010X217~AK2*278*0001*005010X217~IK5*A~\
        AK2*278*0002*005010X217~IK3*UM*9**3~IK5*R*5~AK9*P*2*2*1~";
    assert_eq!(ack, expected);
}

#[test]
fn an_element_is_named_by_segment_and_position() {
    let odd =
        GOOD.replace("UM*HS*I", "UM*QQ*I").replace("TRN*1*T1*9012345678~", "DTP*472*D8*20261399~");
    let (_, ack) = answers(&file("HI", &[&odd], 1));
    let expected =
        "AK2*278*0001*005010X217~IK3*DTP*10**8~IK4*3**8~IK3*UM*11**8~IK4*1**7~IK5*E*5~AK9*E*1*1*1~";
    assert!(ack.ends_with(expected), "{ack}");
}

#[test]
fn a_component_is_named_within_its_element() {
    let odd = GOOD.replace("SE*12", "HI*ABK:J9611:D8:2026~SE*13");
    let (_, ack) = answers(&file("HI", &[&odd], 1));
    assert!(ack.contains("IK3*HI*12**8~IK4*1:4**8~IK5*E*5~"), "{ack}");
}

#[test]
fn a_group_fault_refuses_its_sets() {
    let (ta1, ack) = answers(&file("HI", &[GOOD], 1).replace("GE*1*5", "GE*1*6"));
    assert_eq!(ta1, "TA1*000000101*260714*0930*A*000~");
    assert!(ack.contains("IK5*R*5~AK9*R*1*1*0*4~"), "{ack}");
}

#[test]
fn an_interchange_fault_is_told_with_its_note() {
    let whole = file("HI", &[GOOD], 1);
    let (ta1, ack) = answers(&whole.replace("IEA*1*000000101", "IEA*1*000000100"));
    assert_eq!(ta1, "TA1*000000101*260714*0930*R*001~");
    assert!(ack.ends_with("AK9*R*1*1*0~"), "{ack}");
    assert_eq!(answers(&file("HI", &[GOOD], 2)).0, "TA1*000000101*260714*0930*E*021~");
    assert_eq!(answers(&whole[..whole.find("IEA").unwrap()]).0, "TA1*000000101*260714*0930*R*023~");
}

#[test]
fn a_guide_we_do_not_read_is_refused_as_such() {
    let (_, ack) = answers(&file("HI", &[&GOOD.replace("*005010X217~BHT", "*005010X215~BHT")], 1));
    assert!(ack.contains("IK5*R*I6~AK9*R*1*1*0~"), "{ack}");
}

#[test]
fn a_set_of_another_kind_is_refused_as_such() {
    let claim = "ST*837*0001*005010X222A1~BHT*0019*00*1*20260714*0930*CH~SE*3*0001~";
    let (_, ack) = answers(&file("HC", &[claim], 1));
    assert!(ack.contains("AK2*837*0001*005010X222A1~IK5*R*1~AK9*R*1*1*0*1~"), "{ack}");
}

#[test]
fn an_older_version_is_answered_and_refused_as_such() {
    let old = file("HI", &[&GOOD.replace("*0001*005010X217~BHT", "*0001~BHT")], 1)
        .replace("*X*005010X217~", "*X*004010X094A1~")
        .replace("*^*00501*", "*U*00401*");
    let (ta1, ack) = answers(&old);
    assert_eq!(ta1, "TA1*000000101*260714*0930*A*000~");
    assert_eq!(ack, "AK1*HI*5*004010X094A1~AK2*278*0001~IK5*R*I6~AK9*R*1*1*0*2~");
}

#[test]
fn every_refused_set_says_why() {
    for text in [
        file("HI", &[GOOD], 1).replace("GE*1*5", "GE*1*6"),
        file("HI", &[GOOD], 1).replace("IEA*1*000000101", "IEA*1*000000100"),
        file("HI", &[&GOOD.replace("SE*12*0001", "SE*12*0009")], 1),
        file("HI", &[&GOOD.replace("UM*HS*I*18*12:B~", "")], 1),
        file("HC", &["ST*837*0001~SE*2*0001~"], 1),
    ] {
        let (_, ack) = answers(&text);
        assert!(ack.contains("IK5*R*"), "{ack}");
    }
}

#[test]
fn acknowledgements_are_never_acknowledged() {
    let text = file("HI", &[GOOD], 1);
    let inbound = read(text.as_bytes());
    let ack = ack999(&inbound.interchanges[0], &stamp()).unwrap();
    assert!(ack999(&read(&ack).interchanges[0], &stamp()).is_none());
    let answer = ta1(&inbound.interchanges[0], &stamp()).unwrap();
    let back = read(&answer);
    assert_eq!(back.interchanges[0].answers[0].control, "000000101");
    assert!(ta1(&back.interchanges[0], &stamp()).is_none());
    assert!(ack999(&back.interchanges[0], &stamp()).is_none());
}

#[test]
fn data_of_a_set_is_not_repeated() {
    let odd = GOOD.replace("NM1*IL*1*TESTER", &format!("NM1*IL*1*{}", "SECRET".repeat(20)));
    let (_, ack) = answers(&file("HI", &[&odd], 1));
    assert!(ack.contains("IK3*NM1*8**8~IK4*3**5~") && !ack.contains("SECRET"), "{ack}");
}

#[test]
fn foreign_bytes_in_the_header_cannot_break_the_answer() {
    let text = file("HI", &[GOOD], 1)
        .replace('*', "|")
        .replace("SENDER  ", "S*~:^R  ")
        .replace("|A|B|", "|*~|:^|");
    let inbound = read(text.as_bytes());
    let interchange = &inbound.interchanges[0];
    let mut answers = vec![ta1(interchange, &stamp()).unwrap()];
    answers.extend(ack999(interchange, &stamp()));
    for bytes in answers {
        let problems: Vec<Code> = read(&bytes).all_problems().map(|problem| problem.code).collect();
        assert_eq!(problems, [], "{}", String::from_utf8_lossy(&bytes));
    }
}
