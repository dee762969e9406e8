use super::*;
use crate::json::{Tree, read};

fn tree(text: &str) -> Tree<'_> {
    read(text.as_bytes()).expect("the test's document is sound")
}

#[test]
fn dates_of_every_precision_are_read() {
    let parse =
        |text| When::parse(text).map(|when| (when.precision, when.year, when.month, when.day));
    assert_eq!(parse("2026"), Some((Precision::Year, 2026, 1, 1)));
    assert_eq!(parse("2026-03"), Some((Precision::Month, 2026, 3, 1)));
    assert_eq!(parse("2024-02-29"), Some((Precision::Day, 2024, 2, 29)));
    assert_eq!(parse("2026-03-09T14:05-05:00"), Some((Precision::Minute, 2026, 3, 9)));
}

#[test]
fn times_keep_their_offset_and_say_when_it_is_missing() {
    let when = When::parse("2020-08-05T09:33:27.1234567+07:30").unwrap();
    assert_eq!((when.hour, when.minute, when.second, when.micros), (9, 33, 27, 123_456));
    assert_eq!(when.offset_minutes, Some(450));
    assert_eq!(When::parse("2020-08-05T09:33:27Z").unwrap().offset_minutes, Some(0));
    assert_eq!(When::parse("2020-08-05T09:33:27-05:00").unwrap().offset_minutes, Some(-300));
    assert!(!When::parse("2020-08-05T09:33:27").unwrap().offset_known());
}

#[test]
fn what_is_no_date_is_refused() {
    for text in [
        "",
        "20",
        "0000",
        "2026-13",
        "2026-00",
        "2026-02-30",
        "2023-02-29",
        "2026-3-9",
        "2026-03-09T",
        "2026-03-09T25:00:00Z",
        "2026-03-09T10:61:00Z",
        "2026-03-09T10:00:61Z",
        "2026-03T10:00:00Z",
        "2026-03-09T10:00:00+1",
        "2026-03-09-01",
        "é",
        "2026-03-09T10:00:00.Z",
        "03/09/2026",
        "+026-01-01",
        "2026-03-09T10:00:00+15:00",
    ] {
        assert_eq!(When::parse(text), None, "{text}");
    }
}

#[test]
fn a_count_is_a_whole_quantity() {
    let count = |value| Quantity { value: Some(value), ..Quantity::default() }.count();
    assert_eq!(
        (count("2"), count("2.00"), count("2.5"), count("-1"), count("1e3")),
        (Some(2), Some(2), None, None, None)
    );
}

#[test]
fn a_reference_names_its_target() {
    let named = |text| {
        let reference = Reference { reference: Some(text), ..Reference::default() };
        (reference.target_kind(), reference.target_id())
    };
    assert_eq!(named("Patient/1"), (Some("Patient"), Some("1")));
    assert_eq!(named("https://a.example/fhir/Patient/1/_history/2"), (Some("Patient"), Some("1")));
    assert_eq!(named("#p"), (None, Some("#p")));
    assert_eq!(named("urn:uuid:0c"), (None, Some("urn:uuid:0c")));
}

#[test]
fn attached_data_are_decoded_with_white_space_and_without_padding() {
    let attached = |data| Attachment { data: Some(data), ..Attachment::default() }.bytes();
    assert_eq!(attached("aGVs\n bG8="), Some(Ok(b"hello".to_vec())));
    assert_eq!(attached("aGVsbG8"), Some(Ok(b"hello".to_vec())));
    assert!(attached("a*b").unwrap().is_err());
    assert_eq!(Attachment::default().bytes(), None);
}

#[test]
fn extensions_are_found_by_their_last_part() {
    let url =
        "http://hl7.org/fhir/us/davinci-pas/StructureDefinition/extension-TransmissionIdentifiers";
    assert!(is_extension(url, "transmissionIdentifiers"));
    assert!(is_extension(
        "http://hl7.org/fhir/us/davinci-crd/StructureDefinition/ext-coverage-information",
        "coverage-information"
    ));
    assert!(!is_extension(url, "Identifiers"));
}

#[test]
fn a_timing_is_read_with_its_bounds() {
    let text = r#"{"occurrenceTiming":{"code":{"text":"daily"},"repeat":{"frequency":1,"frequencyMax":4,"period":1.0,
        "periodUnit":"d","duration":15,"durationUnit":"min","boundsPeriod":{"start":"2026-03-01","end":"2026-04-01"}}}}"#;
    let tree = tree(text);
    let occurrence = Occurrence::choice(tree.root(), "occurrence").unwrap();
    let timing = occurrence.timing().unwrap();
    assert_eq!(
        (timing.frequency, timing.period, timing.period_unit),
        (Some(1), Some("1.0"), Some("d"))
    );
    assert_eq!(occurrence.end().unwrap().text, "2026-04-01");
    assert_eq!(timing.code.words(), Some("daily"));
}

#[test]
fn the_current_official_name_and_the_temporary_address_come_first() {
    let text = r#"{"name":[{"family":"Old","use":"old"},{"family":"Past","use":"official","period":{"end":"2020"}},
        {"family":"Now","use":"official"}],"address":[{"use":"home","city":"A"},{"use":"temp","city":"B"}]}"#;
    let tree = tree(text);
    let names: Vec<HumanName<'_>> = tree.root().all("name");
    assert_eq!(HumanName::preferred(&names).unwrap().family, Some("Now"));
    let addresses: Vec<Address<'_>> = tree.root().all("address");
    assert_eq!(Address::preferred(&addresses).unwrap().city, Some("B"));
}

#[test]
fn names_and_identifiers_do_not_print() {
    let tree = tree(
        r#"{"name":{"family":"Testa"},"identifier":{"value":"123","type":{"coding":[{"code":"MR"}]}}}"#,
    );
    let name: HumanName<'_> = tree.root().one("name").unwrap();
    let identifiers: Vec<Identifier<'_>> = tree.root().all("identifier");
    assert_eq!(format!("{name:?} {identifiers:?}"), "HumanName(‹phi›) [Identifier(‹phi›)]");
    assert_eq!(Identifier::of_kind(&identifiers, "MR"), Some("123"));
}
