//! The member: `Patient`, as far as it came along.

use super::dates::date;
use super::draft::Draft;
use crate::codes::{deceased, phi, phone, sex, text};
use doorstep_case::{Address, Person};
use doorstep_fhir::datatype::{self, ContactPoint, HumanName, Identifier};
use doorstep_fhir::order::{Form, Order};
use doorstep_fhir::resource::Patient;
use doorstep_vocab::Phi;

/// Identifiers that say who somebody is outside any record: social security, licence, passport. They are not kept.
/// Source: HL7 table 0203 \[K\].
const CIVIL: &[&str] = &["SS", "SB", "DL", "PPN", "NI", "TAX"];
const MEMBER: &[&str] = &["MB", "SN", "MI"];

/// Records the member.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>) {
    let Some(subject) = &order.patient else { return };
    let Some(patient) = subject.patient else {
        let display = subject.reference.display.unwrap_or_default();
        draft.keep_words("Patient", display);
        let identifier = subject.reference.identifier.clone();
        draft.referral.person.record_numbers = record_numbers(identifier.into_iter().collect(), "");
        return;
    };
    let member_number = member_number(order).unwrap_or_default();
    let mut person = Person {
        birth_on: patient.born().and_then(date).map(Phi::new),
        sex: patient.gender().and_then(sex).map(Phi::new),
        address: address(patient),
        language: language(patient),
        record_numbers: record_numbers(patient.resource().identifiers(), &member_number),
        ..Person::default()
    };
    if patient.born().is_some() && person.birth_on.is_none() {
        let message = "the date of birth is not a whole date and was left out: send the day";
        draft.warn("birth-date", "Patient.birthDate", message);
    }
    name(&mut person, draft, patient);
    reach(&mut person, &patient.telecoms());
    draft.referral.person = person;
    if patient.is_deceased() {
        let place = ("Patient.deceased", &mut draft.problems);
        deceased(&mut draft.referral, place);
    }
}

fn name(person: &mut Person, draft: &mut Draft, patient: Patient<'_>) {
    let names = patient.names();
    let Some(name) = HumanName::preferred(&names) else { return };
    person.family = name.family.and_then(phi);
    person.given = name.given.iter().filter_map(|given| phi(given)).collect();
    person.suffix = phi(&name.suffix.join(" "));
    if person.family.is_none() || person.given.is_empty() {
        // A name in one piece is not taken apart: which part is the family name cannot be told.
        draft.keep_words("Patient.name", name.text.unwrap_or_default());
    }
}

fn address(patient: Patient<'_>) -> Option<Address> {
    let addresses = patient.addresses();
    let found = datatype::Address::preferred(&addresses)?;
    let whole = || found.text.into_iter().flat_map(str::lines);
    let mut lines: Vec<Phi<String>> = found.lines.iter().filter_map(|line| phi(line)).collect();
    if lines.is_empty() {
        lines = whole().filter_map(phi).collect();
    }
    Some(Address {
        lines,
        city: found.city.and_then(phi),
        state: found.state.and_then(phi),
        zip: found.postal_code.and_then(phi),
    })
}

fn reach(person: &mut Person, telecoms: &[ContactPoint<'_>]) {
    let mut telecoms: Vec<_> = telecoms.iter().filter(|one| one.usage != Some("old")).collect();
    telecoms.sort_by_key(|one| one.rank.unwrap_or(u32::MAX));
    for one in telecoms {
        let value = bare(one.value.unwrap_or_default());
        match one.system {
            Some("email") => person.email = person.email.take().or_else(|| phi(value)),
            Some("phone" | "sms") => person.phones.extend(phone(value, usage(one))),
            Some("fax") => person.phones.extend(phone(value, "fax")),
            _ => {}
        }
    }
}

fn usage(point: &ContactPoint<'_>) -> &'static str {
    match point.usage {
        Some("home") => "home",
        Some("mobile") => "mobile",
        Some("work") => "work",
        _ if point.system == Some("sms") => "mobile",
        _ => "",
    }
}

/// Returns a number or an address without the scheme of its URI.
pub(super) fn bare(value: &str) -> &str {
    let value = value.trim();
    value.strip_prefix("tel:").or_else(|| value.strip_prefix("mailto:")).unwrap_or(value)
}

fn language(patient: Patient<'_>) -> Option<Phi<String>> {
    let languages = patient.languages();
    let first = languages.iter().find(|language| !language.is_empty())?;
    first.code().or_else(|| first.words()).and_then(phi)
}

/// Returns whether an identifier says who somebody is outside any record.
pub(super) fn is_civil(one: &Identifier<'_>) -> bool {
    CIVIL.iter().any(|kind| one.kind.has(kind))
        || one.system.is_some_and(|system| system.ends_with("us-ssn"))
}

fn record_numbers(
    identifiers: Vec<Identifier<'_>>,
    member_number: &str,
) -> Vec<(String, Phi<String>)> {
    let is_record = |one: &Identifier<'_>| {
        let is_member = MEMBER.iter().any(|kind| one.kind.has(kind));
        !is_civil(one) && !is_member && one.usage != Some("old")
    };
    let records = identifiers.into_iter().filter(is_record);
    let named = records.filter_map(|one| {
        let value = one.value.and_then(text).filter(|value| value != member_number)?;
        let assigner = one.assigner.or(one.system).and_then(text).unwrap_or_default();
        Some((assigner, Phi::new(value)))
    });
    named.collect()
}

/// Returns the member's plan number where the patient carries it: typed so, or a claim's patient with one number only, for
/// PAS asks a patient for no other. Source: Da Vinci PAS, profile-beneficiary, `identifier` \[K\].
pub(super) fn member_number(order: &Order<'_>) -> Option<String> {
    let patient = order.patient.as_ref()?.patient?;
    let identifiers = patient.resource().identifiers();
    let typed = MEMBER.iter().find_map(|kind| Identifier::of_kind(&identifiers, kind));
    let only = || match &identifiers[..] {
        [only] if order.form == Form::PriorAuthorization && only.kind.is_empty() => only.value,
        _ => None,
    };
    typed.or_else(only).and_then(text)
}
