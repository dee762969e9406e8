//! The people of a case: the member with coverage, who ordered it, who sent it. What is shown here is personal.

use crate::phone;
use crate::when::{age, day};
use doorstep_case::{Case, Sex};
use doorstep_store::people::Party;
use doorstep_vocab::Date;

/// The member as the head of the page shows them.
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) birth: String,
    pub(crate) sex: &'static str,
}

/// Returns the member's name, birth date with age, and sex.
pub(crate) fn member(party: &Party, today: Date) -> Member {
    let person = &party.person;
    let given: Vec<&str> = person.given.iter().map(|name| name.reveal().as_str()).collect();
    let family = person.family.as_ref().map(|name| name.reveal().as_str());
    let suffix = person.suffix.as_ref().map(|name| name.reveal().as_str());
    let names: Vec<&str> = given.into_iter().chain(family).chain(suffix).collect();
    let birth = person
        .birth_on
        .as_ref()
        .map(|on| format!("{}, age {}", day(*on.reveal()), age(*on.reveal(), today)));
    Member {
        name: if names.is_empty() { "Name not known".to_owned() } else { names.join(" ") },
        birth: birth.unwrap_or_else(|| "not known".to_owned()),
        sex: match person.sex.as_ref().map(doorstep_vocab::Phi::reveal) {
            Some(Sex::Female) => "female",
            Some(Sex::Male) => "male",
            Some(Sex::Unknown) | None => "not known",
        },
    }
}

/// Returns what is known of everybody, as pairs of a name and a value.
pub(crate) fn details(party: &Party, case: &Case) -> Vec<(&'static str, String)> {
    let person = &party.person;
    let mut pairs: Vec<(&'static str, String)> = Vec::new();
    if let Some(address) = &person.address {
        let lines = address.lines.iter().map(|line| line.reveal().clone());
        let rest = [&address.city, &address.state, &address.zip]
            .into_iter()
            .flatten()
            .map(|part| part.reveal().clone());
        pairs.push(("Address", lines.chain(rest).collect::<Vec<_>>().join(", ")));
    }
    for phone in &person.phones {
        let kind = if phone.kind.is_empty() { String::new() } else { format!(" ({})", phone.kind) };
        pairs.push(("Phone", format!("{}{kind}", phone::told(phone.number.reveal()))));
    }
    let mut add = |name, value: Option<String>| {
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            pairs.push((name, value));
        }
    };
    add("E-mail", person.email.as_ref().map(|email| email.reveal().clone()));
    add("Language", person.language.as_ref().map(|language| language.reveal().clone()));
    for coverage in &party.coverage {
        add("Plan ID", coverage.member_id.as_ref().map(|id| id.reveal().clone()));
        add("Group", coverage.group.as_ref().map(|group| group.reveal().clone()));
    }
    if let Some(clinician) = &party.prescriber {
        add("Clinician", clinician.name.clone());
        let doubt = if clinician.npi_valid { "" } else { " (check digit is wrong)" };
        add("NPI", clinician.npi.as_ref().map(|npi| format!("{npi}{doubt}")));
        let phone = clinician.phone.as_ref().or(clinician.fax.as_ref());
        add("Clinician's phone", phone.map(|phone| phone::told(phone)));
    }
    if let Some(referrer) = &party.referrer {
        add("Referred by", referrer.name.clone());
        add("Contact", referrer.contact.clone());
        let phone = referrer.phone.as_ref().or(referrer.fax.as_ref());
        add("Their phone", phone.map(|phone| phone::told(phone)));
    }
    let codes: Vec<String> = case
        .intake
        .diagnoses
        .iter()
        .map(|d| if d.billable { d.code.clone() } else { format!("{} (not billable)", d.code) })
        .collect();
    add("Diagnoses", Some(codes.join(", ")));
    add("Authorization number sent with the order", case.intake.auth_number.clone());
    pairs
}
