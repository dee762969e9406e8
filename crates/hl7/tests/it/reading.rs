//! Files, messages, fields, escapes, charsets, limits.

use doorstep_hl7::{
    Charset, File, Level, Message, MessageWriter, Separators, escape, limits, looks_like_hl7,
    message_types, messages, unescape,
};

const MSH: &str = "MSH|^~\\&|EHR|HOSP|DOOR||20260105||ADT^A01^ADT_A01|7|P|2.5.1";

fn code_of(bytes: &[u8]) -> &'static str {
    Message::read_one(bytes).unwrap_err().code
}

#[test]
fn msh_fields_are_counted_from_the_separator() {
    let message = Message::read_one(MSH.as_bytes()).unwrap();
    let msh = message.msh();
    assert_eq!(msh.field(1).raw(), "|");
    assert_eq!(msh.field(2).raw(), "^~\\&");
    assert_eq!(msh.text(2).as_deref(), Some("^~\\&"));
    assert_eq!(msh.field(3).raw(), "EHR");
    assert_eq!(msh.field(9).first().component(3).raw(), "ADT_A01");
    assert_eq!(message.header().version().as_deref(), Some("2.5.1"));
}

#[test]
fn all_line_ends_give_the_same_segments() {
    for end in ["\r", "\n", "\r\n", "\r\r\n"] {
        let text = [MSH, "PID|1||123", "", "PV1|1|I"].join(end);
        let message = Message::read_one(text.as_bytes()).unwrap();
        let ids: Vec<_> = message.segments_all().map(|s| s.id().to_owned()).collect();
        assert_eq!(ids, ["MSH", "PID", "PV1"], "{end:?}");
        let pv1 = message.segment("PV1").unwrap().place();
        assert_eq!(&text[pv1.offset..pv1.offset + 3], "PV1");
    }
}

#[test]
fn parts_are_found_at_every_depth() {
    let text = format!("{MSH}\rPID|1||A&1^B~C^D&E|\"\"");
    let message = Message::read_one(text.as_bytes()).unwrap();
    let pid = message.segment("PID").unwrap();
    let ids: Vec<_> = pid.field(3).repetitions().collect();
    assert_eq!(ids[0].component(1).subcomponent(2), "1");
    assert_eq!(ids[1].component(2).subcomponent(2), "E");
    assert_eq!(ids[1].text(9), None);
    assert!(pid.field(4).is_null());
    assert_eq!(pid.text(4), None);
    assert!(pid.field(99).is_empty());
}

#[test]
fn odd_separators_are_taken_from_the_header() {
    let message = Message::read_one(b"MSH#*!?%#A*1#\rPID#1##X*Y!Z?F?%2").unwrap();
    let pid = message.segment("PID").unwrap();
    let second = pid.field(3).repetitions().nth(1).unwrap();
    assert_eq!(second.component(1).subcomponent(1), "Z#");
    assert_eq!(second.component(1).subcomponent(2), "2");
}

#[test]
fn a_doubled_escape_character_is_one() {
    let message = Message::read_one(b"MSH|^~\\\\&|A\rPID|1||X&Y").unwrap();
    assert_eq!(message.separators(), Separators::USUAL);
}

#[test]
fn headers_that_cannot_be_cut_are_refused() {
    assert_eq!(code_of(b"PID|1"), "no-message");
    assert_eq!(code_of(b"MSH|^^\\&|A"), "bad-header");
    assert_eq!(code_of(b"MSH|^~\\&xyz12345|A"), "bad-header");
    assert_eq!(code_of(format!("{MSH}\r{MSH}").as_bytes()), "several-messages");
}

#[test]
fn escapes_read_as_what_they_stand_for() {
    let read = |text: &str| unescape(text, Separators::USUAL).into_owned();
    assert_eq!(read(r"a\F\b\S\c\T\d\R\e\E\f"), r"a|b^c&d~e\f");
    assert_eq!(read(r"one\.br\two\.sp2\three"), "one\ntwo\n\nthree");
    assert_eq!(read(r"\X48692C\ \H\you\N\"), "Hi, you");
    assert_eq!(read(r"\XC3A9\\XE9\"), "éé");
    assert_eq!(read(r"C:\temp\new \Zq\ \X4\ \"), r"C:\temp\new \Zq\ \X4\ \");
    assert_eq!(read(r"\.sp99999999\").len(), 20);
    assert_eq!(read("a\0b"), "ab");
}

#[test]
fn a_sender_without_escapes_gets_blanks() {
    let message = Message::read_one(b"MSH|^~|A").unwrap();
    assert_eq!(escape("x|y", message.separators()), "x y");
}

#[test]
fn the_bytes_decide_about_the_charset() {
    let with = |charset: &str, name: &[u8]| {
        let mut bytes = format!("{MSH}||||||{charset}\rPID|1||1||").into_bytes();
        bytes.extend_from_slice(name);
        let message = Message::read_one(&bytes).unwrap();
        (message.charset(), message.segment("PID").unwrap().text(5).unwrap())
    };
    assert_eq!(with("", "Núñez".as_bytes()), (Charset::Utf8, "Núñez".to_owned()));
    assert_eq!(with("8859/1", b"N\xfa\xf1ez"), (Charset::Latin1, "Núñez".to_owned()));
    assert_eq!(with("", b"O\x92Hara"), (Charset::Latin1, "O’Hara".to_owned()));
    assert_eq!(with("UNICODE UTF-8", b"N\xfaez").0, Charset::Damaged);
    assert_eq!(with("ASCII", b"Nunez").0, Charset::Ascii);
}

#[test]
fn wrapped_lines_continue_notes_and_observations_only() {
    let text = format!("{MSH}\nPID|1||123\nstray\nNTE|1||first\nsecond line\nPV|1|I\n");
    let message = Message::read_one(text.as_bytes()).unwrap();
    assert_eq!(message.segment("NTE").unwrap().field(3).raw(), "first\nsecond line");
    assert_eq!(message.segment("PID").unwrap().field(3).raw(), "123");
    let problems: Vec<_> = message.problems().iter().map(|p| (p.code, p.at.segment)).collect();
    assert_eq!(problems, [("not-a-segment", 3), ("not-a-segment", 6)]);
}

#[test]
fn a_batch_gives_its_messages_and_its_headers() {
    let text = format!(
        "FHS|^~\\&|A|B|C|D|2026|||| F1\rBHS|^~\\&|A|B|C|D|2026||||B9\r{MSH}\rPID|1\r{MSH}\rBTS|3\rFTS|1\r"
    );
    let file = File::read(text.as_bytes());
    assert_eq!(file.messages.len(), 2);
    assert_eq!(file.batch_header.unwrap().control_id, "B9");
    assert_eq!(file.file_header.unwrap().parties, ["A", "B", "C", "D"]);
    assert_eq!(file.problems[0].code, "batch-count-differs");
    assert_eq!(file.messages[1].offset, text.rfind("MSH").unwrap());
    let ids: Vec<_> = file.messages.iter().map(|m| Message::read(m).unwrap()).collect();
    assert_eq!(ids[0].segments_all().count(), 2);
    assert_eq!(ids[1].segments_all().count(), 1);
}

#[test]
fn marks_frames_and_comments_around_messages_are_left_out() {
    let text = format!(
        "\u{feff}# exported\r\n\u{b}{MSH}\rPID|1\u{1c}\r\u{b}{MSH}\rPID|2\u{1c}\u{b}{MSH}\u{1c}\r"
    );
    let file = File::read(text.as_bytes());
    assert_eq!(file.messages.len(), 3);
    assert_eq!(file.messages[1].bytes, format!("{MSH}\rPID|2").as_bytes());
    assert_eq!(file.problems.len(), 1);
    assert!(looks_like_hl7(text.as_bytes()));
    assert_eq!(message_types(text.as_bytes())[2].to_string(), "ADT^A01^ADT_A01");
}

#[test]
fn other_formats_do_not_look_like_hl7() {
    for text in ["", "ISA*00*", "{\"a\":1}", "MSH-123 is broken", "MSH", "MSH|", "<MSH|^~\\&|/>"] {
        assert!(!looks_like_hl7(text.as_bytes()), "{text}");
        assert!(messages(b"ISA*00*").is_empty());
    }
}

#[test]
fn size_limits_count_documents_apart() {
    let long = "x".repeat(limits::MESSAGE_BYTES_MAX);
    assert_eq!(code_of(format!("{MSH}\rNTE|1||{long}").as_bytes()), "message-too-large");
    let text = format!("{MSH}\rOBX|1|ED|PDF||^AP^PDF^Base64^{}", "QUJD".repeat(300_000));
    assert!(Message::read_one(text.as_bytes()).is_ok());
    let text = format!("{MSH}\rOBX|1|ED|PDF||^AP^PDF^Base64^{}", "QUJD".repeat(5_000_000));
    assert_eq!(code_of(text.as_bytes()), "message-too-large");
}

#[test]
fn repeats_are_bounded_and_named() {
    let problem =
        |tail: &str| Message::read_one(format!("{MSH}\rPID|1||{tail}").as_bytes()).unwrap_err();
    for sign in ["~", "^", "&"] {
        let found = problem(&sign.repeat(1_000_000 - 200));
        assert_eq!(found.code, "too-many-repeats");
        assert_eq!((found.at.field, found.level), (Some(3), Level::Reject));
    }
    assert_eq!(problem(&"|".repeat(2_000)).code, "too-many-fields");
    let many = format!("{MSH}\r{}", "NTE|1\r".repeat(limits::SEGMENTS_MAX + 1));
    assert_eq!(code_of(many.as_bytes()), "too-many-segments");
}

#[test]
fn a_written_message_reads_back() {
    let mut writer = MessageWriter::new(Separators::USUAL);
    writer.segment("MSH", |msh| {
        msh.text(3, "DOOR").components(9, &["ADT", "A08"]).text(10, "1").text(12, "2.5.1");
    });
    writer.segment("PID", |pid| {
        pid.repetitions(3, &[&["1", "", "", "H&H"], &["2"]]).text(5, "A|B^C&D~E\\F\nG\rH");
        pid.raw(99, "").raw(0, "nowhere");
    });
    let bytes = writer.finish();
    let message = Message::read_one(&bytes).unwrap();
    let pid = message.segment("PID").unwrap();
    assert_eq!(pid.text(5).as_deref(), Some("A|B^C&D~E\\F\nG\rH"));
    assert_eq!(pid.field(3).first().text(4).as_deref(), Some("H&H"));
    assert_eq!(message.header().message_type().trigger, "A08");
    assert!(bytes.ends_with(b"H\r"));
}
