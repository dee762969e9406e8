//! Acknowledgements.

use doorstep_hl7::{
    AckCode, Condition, File, Header, Message, Place, Problem, Reply, ack, ack_batch, messages,
    nak, wanted,
};

fn header(text: &str) -> Header {
    Header::read(&messages(text.as_bytes())[0]).unwrap()
}

fn problem() -> Problem {
    let at = Place {
        message: 1,
        segment: 2,
        occurrence: 1,
        segment_id: "PID".to_owned(),
        field: Some(7),
        component: None,
        offset: 60,
    };
    Problem::error("date-unreadable", at, "the date cannot be read").with(Condition::DataType)
}

fn answered(header: &Header, code: AckCode, problems: &[Problem]) -> Vec<String> {
    let reply = Reply { code, problems, now: "20260105120000", control_id: "A7" };
    let bytes = ack(header, &reply);
    let text = String::from_utf8(bytes).unwrap();
    text.split_terminator('\r').map(str::to_owned).collect()
}

#[test]
fn the_parties_are_swapped_and_the_message_named() {
    let header = header("MSH|^~\\&|EHR|H^1.2^ISO|DOOR|D|20260105||REF^I12^REF_I12|7\\T\\8|T|2.5.1");
    let lines = answered(&header, AckCode::AA, &[]);
    assert_eq!(
        lines,
        ["MSH|^~\\&|DOOR|D|EHR|H^1.2^ISO|20260105120000||ACK^I12^ACK|A7|T|2.5.1", "MSA|AA|7\\T\\8"]
    );
}

#[test]
fn a_problem_is_named_in_the_words_of_the_version() {
    let new = answered(&header("MSH|^~\\&|E||||||REF^I12|7|P|2.5.1"), AckCode::AE, &[problem()]);
    assert_eq!(new[1], "MSA|AE|7|the date cannot be read");
    assert_eq!(
        new[2],
        "ERR||PID^1^7|102^a value cannot be read as its type^HL70357|E|date-unreadable^^L|||the date cannot be read"
    );
    let old = answered(&header("MSH|^~\\&|E||||||REF^I12|7|P|2.3"), AckCode::AE, &[problem()]);
    assert_eq!(old[0], "MSH|^~\\&|||E||20260105120000||ACK^I12|A7|P|2.3");
    assert_eq!(old[2], "ERR|PID^1^7^102&a value cannot be read as its type&HL70357");
    let newest = answered(&header("MSH|^~\\&|E||||||REF^I12|7|P|2.8"), AckCode::AE, &[problem()]);
    assert_eq!(newest[1], "MSA|AE|7");
    let oldest = answered(&header("MSH|^~\\&|E||||||REF^I12|7|P|2.2"), AckCode::AA, &[]);
    assert!(oldest[0].contains("|ACK|A7|"));
}

#[test]
fn the_worst_problem_decides_the_code() {
    let warning = Problem::warning("w", Place::default(), "w");
    let reject = Problem::reject("r", Place::default(), "r");
    assert_eq!(AckCode::of(&[]), AckCode::AA);
    assert_eq!(AckCode::of(std::slice::from_ref(&warning)), AckCode::AA);
    assert_eq!(AckCode::of(&[warning.clone(), problem()]), AckCode::AE);
    assert_eq!(AckCode::of(&[reject, warning, problem()]), AckCode::AR);
}

#[test]
fn the_sender_chooses_which_answers_it_gets() {
    let with = |fields: &str| header(&format!("MSH|^~\\&|E||||||ADT^A01|7|P|2.6|||{fields}"));
    assert_eq!(wanted(&with(""), AckCode::AE), [AckCode::AE]);
    assert_eq!(wanted(&with("AL|NE"), AckCode::AA), [AckCode::CA]);
    assert_eq!(wanted(&with("NE|AL"), AckCode::AR), [AckCode::AR]);
    assert_eq!(wanted(&with("ER|SU"), AckCode::AR), [AckCode::CR]);
    assert_eq!(wanted(&with("ER|SU"), AckCode::AA), [AckCode::AA]);
    assert_eq!(wanted(&with("NE|NE"), AckCode::AA), []);
}

#[test]
fn unreadable_bytes_get_a_refusal() {
    let problems = [Problem::reject("no-message", Place::default(), "no MSH segment was found")];
    let reply = Reply { code: AckCode::AA, problems: &problems, now: "2026", control_id: "N1" };
    let bytes = nak(&reply);
    let message = Message::read_one(&bytes).unwrap();
    assert_eq!(message.segment("MSA").unwrap().text(1).as_deref(), Some("AR"));
    assert_eq!(message.segment("ERR").unwrap().text(5).as_deref(), Some("no-message"));
}

#[test]
fn a_message_that_is_too_large_still_has_a_header_to_answer() {
    let text = format!("MSH|^~\\&|E||||||ADT^A01|77|P|2.5.1\rNTE|1||{}", "x".repeat(2_000_000));
    let found = messages(text.as_bytes());
    let refused = Message::read(&found[0]).unwrap_err();
    let lines = answered(
        &Header::read(&found[0]).unwrap(),
        AckCode::of(std::slice::from_ref(&refused)),
        &[refused],
    );
    assert!(lines[1].starts_with("MSA|AR|77|"));
}

#[test]
fn a_batch_is_answered_by_a_batch() {
    let text = "BHS|^~\\&|A|B|C|D|2026||||B9\rMSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5.1\rBTS|1";
    let file = File::read(text.as_bytes());
    let reply = Reply { code: AckCode::AA, problems: &[], now: "2027", control_id: "X" };
    let one = ack(&Header::read(&file.messages[0]).unwrap(), &reply);
    let bytes = ack_batch(file.batch_header.as_ref(), &[one], &reply);
    let text = String::from_utf8(bytes).unwrap();
    assert!(text.starts_with("BHS|^~\\&|C|D|A|B|2027||||X|B9\rMSH|"));
    assert!(text.ends_with("MSA|AA|1\rBTS|1\r"));
    assert_eq!(File::read(text.as_bytes()).problems, []);
}

#[test]
fn odd_separators_are_kept_in_the_answer() {
    let lines =
        answered(&header("MSH#*!?%#A*1#B#C##2026##REF*I12#9#P#2.5.1"), AckCode::AE, &[problem()]);
    assert_eq!(lines[0], "MSH#*!?%#C##A*1#B#20260105120000##ACK*I12*ACK#A7#P#2.5.1");
    assert!(lines[2].starts_with("ERR##PID*1*7#102*"));
}
