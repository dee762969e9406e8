//! What must hold for any input.

use doorstep_hl7::{
    AckCode, Decoder, File, Header, Message, MessageWriter, OrderMessage, Received, Reply,
    Separators, ack, documents, escape, frame, looks_like_hl7, message_types, nak, types::Ts,
    unescape,
};
use proptest::prelude::*;

/// Does everything a door does with bytes from outside.
fn take_in(bytes: &[u8]) {
    looks_like_hl7(bytes);
    message_types(bytes);
    for one in File::read(bytes).messages {
        assert!(bytes[one.offset..].starts_with(b"MSH"));
        let read = Message::read(&one);
        if let Ok(header) = Header::read(&one) {
            let problems: Vec<_> = read.as_ref().err().into_iter().cloned().collect();
            let reply =
                Reply { code: AckCode::AE, problems: &problems, now: "2026", control_id: "1" };
            let answer = ack(&header, &reply);
            let answer = Message::read_one(&answer).expect("an answer must be readable");
            assert_eq!(answer.segment("MSA").unwrap().text(1).as_deref(), Some("AE"));
            assert_eq!(answer.problems(), []);
        }
        let Ok(message) = read else { continue };
        documents(&message);
        for segment in message.segments_all() {
            assert!(bytes[segment.place().offset..].starts_with(segment.id().as_bytes()));
        }
        if let Ok(order) = OrderMessage::read(&message) {
            nak(&Reply {
                code: AckCode::AR,
                problems: &order.problems,
                now: "2026",
                control_id: "1",
            });
        }
    }
}

/// Text out of the pieces HL7 is made of, so that the deeper code is reached.
fn hl7_like() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(vec![
        "MSH|^~\\&|",
        "MSH|",
        "MSH#*!?%#",
        "\rPID|",
        "\rPV1|",
        "\rORC|NW|",
        "\rORC|CA|",
        "\rOBR|",
        "\rOBX|1|ED|X||",
        "^AP^PDF^Base64^",
        "JVBERi0x",
        "\rNTE|1||",
        "\rRF1|",
        "\rAUT|",
        "\rIN1|",
        "\rIN2|",
        "\rTQ1|",
        "\rZXX|",
        "REF^I12",
        "ORM^O01",
        "OMG^O19",
        "|",
        "||||||",
        "^",
        "~",
        "&",
        "\\",
        "\\X41\\",
        "\\.br\\",
        "20260101",
        "\u{b}",
        "\u{1c}",
        "\r",
        "\n",
        "\u{feff}",
        "é",
        "BHS|^~\\&|",
        "\rBTS|2",
        "FHS|",
        "\0",
        " ",
        "\"\"",
        "=",
    ]);
    let text = prop::collection::vec(pieces, 0..80).prop_map(|all| all.concat().into_bytes());
    (text, any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut text, at, byte)| {
        if !text.is_empty() {
            let at = at.index(text.len());
            text[at] = byte;
        }
        text
    })
}

fn separators() -> impl Strategy<Value = Separators> {
    Just(b"|^~\\&#!*+%@:;".to_vec()).prop_shuffle().prop_map(|signs| {
        let mut header = b"MSH".to_vec();
        header.extend_from_slice(&signs[..6]);
        header.push(signs[0]);
        Separators::read(&header).unwrap()
    })
}

fn told(mut decoder: Decoder, pieces: &[&[u8]]) -> Vec<Received> {
    let mut all: Vec<_> = pieces.iter().flat_map(|piece| decoder.push(piece)).collect();
    all.extend(decoder.finish());
    all
}

proptest! {
    #[test]
    fn any_bytes_are_taken_in(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        take_in(&bytes);
        let mut after = b"MSH|^~\\&|".to_vec();
        after.extend(&bytes);
        take_in(&after);
    }

    #[test]
    fn anything_like_hl7_is_taken_in(bytes in hl7_like()) {
        take_in(&bytes);
        let mut after = b"MSH|^~\\&|E||||||REF^I12|1|P|2.5.1".to_vec();
        after.extend(&bytes);
        take_in(&after);
    }

    #[test]
    fn escaped_text_reads_back(text in any::<String>(), separators in separators()) {
        let text = text.replace('\0', "");
        let written = escape(&text, separators);
        prop_assert_eq!(unescape(&written, separators), text.as_str());
        prop_assert!(!written.contains(separators.field()));
        let marks = ['\r', '\n', '\u{b}', '\u{1c}'];
        prop_assert!(!written.contains(marks));
    }

    #[test]
    fn written_fields_read_back(
        fields in prop::collection::vec("[^\0]{0,20}", 1..6),
        separators in separators(),
    ) {
        let mut writer = MessageWriter::new(separators);
        writer.segment("MSH", |msh| { msh.text(3, "A"); });
        writer.segment("ZZZ", |zzz| {
            for (n, text) in fields.iter().enumerate() {
                zzz.components(n + 1, &[text, "second"]);
            }
        });
        let bytes = writer.finish();
        let message = Message::read_one(&bytes).unwrap();
        let zzz = message.segment("ZZZ").unwrap();
        for (n, text) in fields.iter().enumerate() {
            let first = zzz.field(n + 1).first();
            prop_assert_eq!(first.component(1).subcomponent(1), text.as_str());
            prop_assert_eq!(first.component(2).subcomponent(1), "second");
        }
    }

    #[test]
    fn cuts_in_a_stream_change_nothing(
        messages in prop::collection::vec("[A-Z|^\r\u{b}\u{1c}]{0,12}", 0..6),
        noise in "[MSH\u{b}\u{1c}\rx|]{0,20}",
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let mut stream = Vec::new();
        for message in &messages {
            stream.extend(b"\x0bMSH|");
            stream.extend(message.as_bytes());
            stream.extend(b"\x1c\r");
            stream.extend(noise.as_bytes());
        }
        let whole = told(Decoder::new(), &[&stream]);
        let single: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(&told(Decoder::new(), &single), &whole);
        let mut at: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        at.extend([0, stream.len()]);
        at.sort_unstable();
        let pieces: Vec<&[u8]> = at.windows(2).map(|pair| &stream[pair[0]..pair[1]]).collect();
        prop_assert_eq!(&told(Decoder::new(), &pieces), &whole);
    }

    #[test]
    fn a_framed_message_comes_out(message in "MSH[|^~&A-Za-z0-9 \r]{0,60}") {
        let received = told(Decoder::new(), &[&frame(message.as_bytes())]);
        prop_assert_eq!(received, vec![Received::Message(message.into_bytes())]);
    }

    #[test]
    fn any_text_is_a_date_or_not(text in "[0-9.+:TZ-]{0,24}") {
        if let Some(ts) = Ts::parse(&text) {
            prop_assert!(ts.month.is_none_or(|month| (1..=12).contains(&month)));
        }
    }
}
