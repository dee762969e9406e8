//! Data types.

use doorstep_hl7::types::{
    Address, Code, Doctor, Id, Location, Name, Phone, PhoneKind, Quantity, Ts,
};
use doorstep_hl7::{Message, Repetition};

/// Reads one field in a type.
fn read<T>(field: &str, read: impl Fn(&Repetition<'_>) -> Option<T>) -> Option<T> {
    let text = format!("MSH|^~\\&|E\rZZZ|{field}");
    let message = Message::read_one(text.as_bytes()).unwrap();
    let field = message.segment("ZZZ").unwrap().field(1);
    read(&field.first())
}

#[test]
fn a_name_has_its_parts() {
    let name = read("Van Test&Van^Ada^B^Jr^Dr^MD^L", Name::read).unwrap();
    assert_eq!(name.family.as_deref(), Some("Van Test"));
    assert_eq!((name.given.as_deref(), name.middle.as_deref()), (Some("Ada"), Some("B")));
    assert_eq!((name.suffix.as_deref(), name.type_code.as_deref()), (Some("Jr"), Some("L")));
    assert_eq!(read("^^^", Name::read), None);
    assert_eq!(read("\"\"", Name::read), None);
}

#[test]
fn a_clinician_has_a_number_and_who_gave_it() {
    let doctor =
        read("1234567893^Test^Cleo^^^^MD^^NPI&2.16.840.1.113883.4.6&ISO^L^^^NPI", Doctor::read);
    assert_eq!(doctor.unwrap().npi(), Some("1234567893"));
    let local = read("77^Test^Cleo^^^^^^HOSP^L^^^DN", Doctor::read).unwrap();
    assert_eq!((local.npi(), local.id.as_deref()), (None, Some("77")));
    assert_eq!(read("^^", Doctor::read), None);
}

#[test]
fn an_identifier_has_an_authority() {
    let id = read("123^4^M11^HOSP&1.2.3&ISO^MR^FAC", Id::read).unwrap();
    let authority = id.authority.unwrap();
    assert_eq!(authority.namespace.as_deref(), Some("HOSP"));
    assert_eq!(authority.universal_id.as_deref(), Some("1.2.3"));
    assert_eq!((id.id.as_str(), id.type_code.as_deref()), ("123", Some("MR")));
    assert_eq!(read("^^^HOSP", Id::read), None);
}

#[test]
fn an_address_may_be_cut_into_street_parts() {
    let address = read("12 Test St^Apt 3^Town^KY^42010^USA^H^^County", Address::read).unwrap();
    assert_eq!(address.street.as_deref(), Some("12 Test St"));
    assert_eq!(
        (address.zip.as_deref(), address.county.as_deref()),
        (Some("42010"), Some("County"))
    );
    let cut = read("&Warden Av&8200^^Town", Address::read).unwrap();
    assert_eq!(cut.street.as_deref(), Some("8200 Warden Av"));
    assert_eq!(read("^^^^^USA", Address::read), None);
    let place = read("ICU^101^A^HOSP&1.2&ISO", Location::read).unwrap();
    assert_eq!(place.facility.unwrap().universal_id.as_deref(), Some("1.2"));
}

#[test]
fn phones_of_both_forms_are_read() {
    let old = read("(555)555-2004X12C after noon^PRN^PH", Phone::read).unwrap();
    assert_eq!((old.digits.as_str(), old.extension.as_deref()), ("5555552004", Some("12")));
    let new = read("^PRN^CP^^1^270^6009800^55", Phone::read).unwrap();
    assert_eq!((new.digits.as_str(), new.kind), ("12706009800", PhoneKind::Mobile));
    assert_eq!(new.extension.as_deref(), Some("55"));
    let whole = read("^WPN^FX^^^^^^^^^(626)555-1234", Phone::read).unwrap();
    assert_eq!((whole.digits.as_str(), whole.kind), ("6265551234", PhoneKind::Fax));
    let mail = read("^NET^Internet^ada@example.org", Phone::read).unwrap();
    assert_eq!((mail.kind, mail.shown.as_str()), (PhoneKind::Email, "ada@example.org"));
    assert_eq!(read("ask the nurse", Phone::read), None);
}

#[test]
fn a_code_is_found_by_its_system() {
    let code = read("A1^Text^L^E0601^^HCPCS^^^typed", Code::read).unwrap();
    assert_eq!(code.in_systems(&["hcpcs"]), Some("E0601"));
    assert_eq!(code.in_systems(&["LN"]), None);
    assert_eq!(code.shown(), Some("typed"));
}

#[test]
fn a_quantity_needs_a_number() {
    let quantity = read("2.5^mg&milligram", Quantity::read).unwrap();
    assert_eq!(quantity.number, "2.5");
    assert_eq!(quantity.unit.unwrap().text.as_deref(), Some("milligram"));
    assert_eq!(read("some", Quantity::read), None);
}

#[test]
fn dates_keep_their_precision_and_offset() {
    let ts = Ts::parse("20220125162030.1234-0500").unwrap();
    assert_eq!((ts.date(), ts.time()), (Some((2022, 1, 25)), Some((16, 20, 30))));
    assert_eq!((ts.micros, ts.offset_minutes), (Some(123_400), Some(-300)));
    let day = Ts::parse("20220125").unwrap();
    assert!(!day.has_offset() && day.time().is_none());
    assert_eq!(Ts::parse("2022").unwrap().date(), None);
    assert_eq!(Ts::parse("202201+0215").unwrap().offset_minutes, Some(135));
    assert_eq!(Ts::parse("2022-01-25"), Ts::parse("20220125"));
    assert_eq!(Ts::parse("2022-01-25T16:20:30Z").unwrap().offset_minutes, Some(0));
    assert_eq!(Ts::parse("2022-01-25T16:20:30-05:00").unwrap().offset_minutes, Some(-300));
    assert!(Ts::parse("20240229").is_some());
}

#[test]
fn dates_that_do_not_exist_are_not_read() {
    let wrong = ["", "123", "20220230", "20230229", "20221301", "2022012524", "00000000"];
    for text in wrong.into_iter().chain(["01/25/2022", "20220125+9900", "2022012.5", "é022"]) {
        assert_eq!(Ts::parse(text), None, "{text}");
    }
}
