//! Telling files by their content.

use super::*;
use proptest::prelude::*;

#[test]
fn text_formats_are_told_by_how_they_begin() {
    let cases: [(&[u8], Format); 17] = [
        (b"ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*^*00501*000000001*0*T*:~", Format::X12),
        (b"\xef\xbb\xbfMSH|^~\\&|EHR|HOSP|||20260105||REF^I12|1|P|2.5.1\r", Format::Hl7),
        (b"\xef\xbb\xbf {\"resourceType\":\"Task\"}", Format::Fhir),
        (b"{\"a\":1}", Format::Json),
        (b"<Task xmlns=\"http://hl7.org/fhir\"/>", Format::FhirXml),
        (b"<?xml version=\"1.0\"?><ClinicalDocument xmlns=\"urn:hl7-org:v3\"></ClinicalDocument>", Format::Ccda),
        (b"<note>x</note>", Format::Xml),
        (b"<!DOCTYPE html><html></html>", Format::Html),
        (b"From: a@example.org\r\nSubject: referral\r\n\r\nISA*00*", Format::Email),
        (b"referral_id,first_name,dob\n1,Testa,2026-01-05\n", Format::Csv),
        (b"a\tb\n1\t2\n3\t4\n", Format::Csv),
        (b"Dear team, please help.\nThank you, the ward\n", Format::Text),
        (b"Dear team, please, help\nThank you, the, ward\n and more\n", Format::Text),
        (b"Hello ward, how are you\nWe are well, thanks\n", Format::Text),
        (b" \r\n\xef\xbb\xbf", Format::Empty),
        (b"", Format::Empty),
        (b"\x01\x02\x00\x00abc", Format::Binary),
    ];
    for (bytes, format) in cases {
        assert_eq!(detect(bytes), format, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn binary_formats_are_told_by_their_first_bytes() {
    let cases: [(&[u8], Format); 9] = [
        (b"%PDF-1.7\n", Format::Pdf),
        (b"\r\n\x00%PDF-1.7\n", Format::Pdf),
        (b"II*\0\x08\0\0\0", Format::Tiff),
        (b"\x89PNG\r\n\x1a\n", Format::Image),
        (b"\xFF\xD8\xFF\xE0", Format::Image),
        (b"GIF89a", Format::Image),
        (b"PK\x03\x04\x14\0\x06\0[Content_Types].xml", Format::Office),
        (b"PK\x03\x04\x14\0\x06\0list.txt", Format::Archive),
        (b"\x1F\x8B\x08\0", Format::Archive),
    ];
    for (bytes, format) in cases {
        assert_eq!(detect(bytes), format, "{bytes:?}");
    }
}

#[test]
fn a_table_in_utf_16_is_a_table() {
    let text = "last_name\tfirst_name\tdob\r\nExample\tTesta\t1950-01-02\r\n";
    let bytes: Vec<u8> =
        std::iter::once(0xFEFF).chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(detect(&bytes), Format::Csv);
}

#[test]
fn the_samples_are_what_their_folders_say() {
    let Ok(root) = std::env::var("DOORSTEP_SAMPLES") else {
        println!("skipped: DOORSTEP_SAMPLES is not set");
        return;
    };
    let mut wrong = Vec::new();
    let mut n_files = 0;
    for folder in std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap()) {
        let name = folder.file_name().into_string().unwrap();
        let Some(wanted) = wanted(&name) else { continue };
        for file in std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap()) {
            n_files += 1;
            let found = detect(&std::fs::read(file.path()).unwrap());
            if !wanted.contains(&found) {
                wrong.push(format!("{name}/{}: {found:?}", file.file_name().to_string_lossy()));
            }
        }
    }
    assert!(n_files > 0);
    assert!(wrong.is_empty(), "{} of {n_files}:\n{}", wrong.len(), wrong.join("\n"));
}

fn wanted(folder: &str) -> Option<&'static [Format]> {
    Some(match folder.split('-').next()? {
        // Hook calls and their cards are JSON, but no resources.
        _ if folder == "fhir-crd-dtr" => &[Format::Fhir, Format::Json],
        "x12" => &[Format::X12],
        "hl7v2" => &[Format::Hl7],
        "fhir" => &[Format::Fhir, Format::FhirXml],
        "ccda" => &[Format::Ccda],
        "csv" => &[Format::Csv],
        "email" => &[Format::Email],
        "doc" => &[Format::Pdf, Format::Tiff, Format::Image, Format::Text],
        _ => return None,
    })
}

proptest! {
    #[test]
    fn no_bytes_make_detection_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = detect(&bytes).words();
    }

    #[test]
    fn no_text_makes_detection_panic(text in "[<{I \"MSH|,;\\n\\t:A-Za-z0-9]{0,200}") {
        let _ = detect(text.as_bytes()).words();
    }
}
