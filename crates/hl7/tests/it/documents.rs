//! Documents inside OBX segments.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use doorstep_hl7::{Document, Message, documents};

const MSH: &str = "MSH|^~\\&|E||||||REF^I12|7|P|2.5.1\r";

fn pdf() -> Vec<u8> {
    let mut bytes = b"%PDF-1.4 synthetic ".to_vec();
    bytes.extend((0..700_u32).map(|n| u8::try_from(n % 251).unwrap()));
    bytes
}

fn found(segments: &str) -> (Vec<Document>, Vec<&'static str>) {
    let text = format!("{MSH}{segments}");
    let message = Message::read_one(text.as_bytes()).unwrap();
    let (documents, problems) = documents(&message);
    (documents, problems.into_iter().map(|problem| problem.code).collect())
}

#[test]
fn a_document_in_one_segment_is_its_bytes() {
    let data = STANDARD.encode(pdf());
    let (documents, problems) =
        found(&format!("OBX|1|ED|F2F^Face to face^L||^AP^PDF^Base64^{data}||||||F\r"));
    assert_eq!((documents.len(), problems.len()), (1, 0));
    assert_eq!(documents[0].bytes, pdf());
    assert_eq!(documents[0].media_type, "application/pdf");
    assert_eq!(documents[0].code.as_ref().unwrap().id.as_deref(), Some("F2F"));
    assert_eq!(documents[0].segments, [2]);
}

#[test]
fn pieces_in_several_segments_are_one_document() {
    let data = STANDARD.encode(pdf());
    // Cut where no group of four letters ends, with and without the type repeated.
    for header in ["^AP^PDF^Base64^", "^^^Base64^"] {
        let (one, rest) = data.split_at(333);
        let (two, three) = rest.split_at(111);
        let text = format!(
            "OBX|1|ED|F2F||^AP^PDF^Base64^{one}\rOBX|2|ED|F2F|2|{header}{two}\rOBX|3|ED|F2F|3|{header}{three}\r"
        );
        let (documents, problems) = found(&text);
        assert_eq!((documents.len(), problems.len()), (1, 0), "{header}");
        assert_eq!(documents[0].bytes, pdf());
        assert_eq!(documents[0].segments, [2, 3, 4]);
    }
}

#[test]
fn pieces_that_are_padded_on_their_own_are_one_document() {
    let bytes = pdf();
    let (one, two) = bytes.split_at(100);
    let (one, two) = (STANDARD.encode(one), STANDARD.encode(two));
    let (documents, _) = found(&format!("OBX|1|ED|X||^AP^PDF^Base64^{one}~^AP^PDF^Base64^{two}\r"));
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0].bytes, bytes);
}

#[test]
fn two_files_under_one_code_stay_two() {
    let data = STANDARD.encode(pdf());
    let obx = format!("OBX|1|ED|X||^AP^PDF^Base64^{data}\r");
    assert_eq!(found(&obx.repeat(2)).0.len(), 2);
    let image = "OBX|1|ED|X||^IM^JPEG^Base64^VGhpcyBpcyBhIHRlc3Q=\r";
    assert_eq!(found(&image.repeat(2)).0.len(), 2);
}

#[test]
fn base64_in_text_fields_and_over_lines_is_a_document() {
    let data = STANDARD.encode(pdf());
    let lines: Vec<&str> = data.as_bytes().chunks(76).map(|l| str::from_utf8(l).unwrap()).collect();
    let wrapped = found(&format!("OBX|1|ED|X||^AP^PDF^Base64^{}\r", lines.join("\r\n")));
    assert_eq!(wrapped.0[0].bytes, pdf());
    let escaped = found(&format!("OBX|1|ED|X||^AP^PDF^Base64^{}\r", lines.join("\\.br\\")));
    assert_eq!(escaped.0[0].bytes, pdf());
    let (one, two) = data.split_at(500);
    let text = found(&format!("OBX|1|TX|X||{one}\rOBX|2|TX|X||{two}\r"));
    assert_eq!(text.0.len(), 1);
    assert_eq!(text.0[0].bytes, pdf());
}

#[test]
fn hex_and_plain_text_documents_are_read() {
    let (documents, _) =
        found("OBX|1|ED|X||^image^png^Hex^89504E47\rOBX|2|ED|Y||^TEXT^^A^one\\.br\\two\r");
    assert_eq!(documents[0].media_type, "image/png");
    assert_eq!(documents[1].bytes, b"one\ntwo");
    assert_eq!(documents[1].media_type, "text/plain");
}

#[test]
fn damaged_and_empty_documents_are_problems_not_documents() {
    let (documents, problems) =
        found("OBX|1|ED|X||^AP^PDF^Base64^!!!\rOBX|2|ED|Y||^application^pdf^Base64^\r");
    assert_eq!(documents.len(), 0);
    assert_eq!(problems, ["document-damaged", "document-empty"]);
}
