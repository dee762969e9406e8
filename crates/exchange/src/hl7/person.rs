//! PID to the member.

use crate::codes::{phi, phone, sex};
use doorstep_case::{Address, Person, Phone};
use doorstep_hl7::types::{self, PhoneKind};
use doorstep_hl7::{OrderMessage, Patient};
use doorstep_vocab::Phi;

/// Identifier types that are no record number of the sender. Source: HL7 table 0203 \[K\]: social security, driver's license.
const NOT_RECORDS: [&str; 3] = ["SS", "DL", "USSSA"];

/// Returns the member as far as PID tells.
pub(super) fn person(order: &OrderMessage) -> Person {
    let Some(patient) = &order.patient else { return Person::default() };
    let mut person = Person::default();
    if let Some(name) = legal_name(patient) {
        person.family = name.family.as_deref().and_then(phi);
        person.given = [&name.given, &name.middle]
            .into_iter()
            .flatten()
            .filter_map(|part| phi(part))
            .collect();
        person.suffix = name.suffix.as_deref().and_then(phi);
    }
    person.birth_on = patient.born.as_ref().and_then(super::time::date).map(Phi::new);
    person.sex = patient.sex.as_deref().and_then(sex).map(Phi::new);
    person.address = home(patient).map(address);
    person.phones = patient.phones.iter().filter_map(member_phone).collect();
    let mail = patient.phones.iter().find(|phone| phone.kind == PhoneKind::Email);
    person.email = mail.and_then(|mail| phi(&mail.shown));
    let language = patient.language.as_ref().and_then(|code| code.id.as_deref().or(code.shown()));
    person.language = language.and_then(phi);
    person.record_numbers = patient.ids.iter().filter_map(record_number).collect();
    person
}

/// The legal name, else the first that is no alias.
fn legal_name(patient: &Patient) -> Option<&types::Name> {
    let kind = |name: &&types::Name, wanted: &str| name.type_code.as_deref() == Some(wanted);
    let legal = patient.names.iter().find(|name| kind(name, "L"));
    legal
        .or_else(|| patient.names.iter().find(|name| name.type_code.is_none()))
        .or_else(|| patient.names.first())
}

/// The home, else the first address that is not known to be bad.
fn home(patient: &Patient) -> Option<&types::Address> {
    let kind =
        |address: &&types::Address, wanted: &str| address.type_code.as_deref() == Some(wanted);
    let home = patient.addresses.iter().find(|address| kind(address, "H"));
    home.or_else(|| patient.addresses.iter().find(|address| !kind(address, "BA")))
}

fn address(from: &types::Address) -> Address {
    let lines = [&from.street, &from.other].into_iter().flatten();
    Address {
        lines: lines.filter_map(|line| phi(line)).collect(),
        city: from.city.as_deref().and_then(phi),
        state: from.state.as_deref().and_then(phi),
        zip: from.zip.as_deref().and_then(phi),
    }
}

fn member_phone(from: &types::Phone) -> Option<Phone> {
    let kind = match (from.kind, from.use_code.as_deref()) {
        (PhoneKind::Email | PhoneKind::Pager, _) => return None,
        (PhoneKind::Fax, _) => "fax",
        (PhoneKind::Mobile, _) => "mobile",
        (_, Some("PRN")) => "home",
        (_, Some("WPN")) => "work",
        (PhoneKind::Voice | PhoneKind::Text, _) => "",
    };
    phone(&dialled(from), kind)
}

/// Returns the number with its extension.
pub(super) fn dialled(from: &types::Phone) -> String {
    match &from.extension {
        Some(extension) => format!("{} x{extension}", from.shown),
        None => from.shown.clone(),
    }
}

fn record_number(from: &types::Id) -> Option<(String, Phi<String>)> {
    let named = |authority: &Option<types::Authority>| {
        let authority = authority.as_ref()?;
        authority.namespace.clone().or_else(|| authority.universal_id.clone())
    };
    let authority = named(&from.authority);
    let is_record =
        |name: &Option<String>| !name.as_deref().is_some_and(|name| NOT_RECORDS.contains(&name));
    let kept = is_record(&from.type_code) && is_record(&authority);
    let by = authority
        .or_else(|| named(&from.facility))
        .or_else(|| from.type_code.clone())
        .unwrap_or_default();
    if kept { Some((by, phi(&from.id)?)) } else { None }
}
