//! Where personal data leaves its [`Phi`] to become a column, and comes back into it. Nowhere else in this crate.

use super::{Party, fold::folded, fold::member_id_norm as normalised};
use crate::{Result, StoreError, json};
use doorstep_case::{Address, Coverage, Person, Phone, Sex};
use doorstep_db::{Row, Value};
use doorstep_vocab::{Date, PayerId, Phi};
use serde::{Deserialize, Serialize};

/// A coverage as JSON.
#[derive(Serialize, Deserialize)]
struct CoverageRow {
    payer_id: Option<String>,
    payer_code: Option<String>,
    payer_name: Option<String>,
    member_id: Option<String>,
    group: Option<String>,
    is_subscriber: Option<bool>,
}

/// A telephone number as JSON.
#[derive(Serialize, Deserialize)]
struct PhoneRow {
    number: String,
    kind: String,
}

/// Returns a text for its column.
pub(crate) fn text(text: &Phi<String>) -> &str {
    text.reveal()
}

/// Returns a text for its column; `NULL` when it is not known.
pub(super) fn opt_text(value: Option<&Phi<String>>) -> Value {
    value.map(text).into()
}

pub(super) fn texts(values: &[Phi<String>]) -> Result<Value> {
    let values: Vec<&str> = values.iter().map(text).collect();
    Ok(json::write(&values, "person")?.into())
}

pub(super) fn date(value: Option<&Phi<Date>>) -> Value {
    value.map(|date| date.reveal().to_string()).into()
}

pub(super) fn sex(value: Option<&Phi<Sex>>) -> Value {
    let name = |sex: &Phi<Sex>| match sex.reveal() {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Unknown => "unknown",
    };
    value.map(name).into()
}

pub(super) fn phones(phones: &[Phone]) -> Result<Value> {
    let row = |phone: &Phone| PhoneRow {
        number: text(&phone.number).to_owned(),
        kind: phone.kind.clone(),
    };
    Ok(json::write(&phones.iter().map(row).collect::<Vec<_>>(), "person.phones")?.into())
}

pub(super) fn record_numbers(numbers: &[(String, Phi<String>)]) -> Result<Value> {
    let pairs: Vec<(&str, &str)> =
        numbers.iter().map(|(by, number)| (by.as_str(), text(number))).collect();
    Ok(json::write(&pairs, "person.record_numbers")?.into())
}

pub(super) fn member_id_norm(value: Option<&Phi<String>>) -> Value {
    value.map(|member_id| normalised(text(member_id))).into()
}

pub(super) fn coverages(coverage: &[Coverage]) -> Result<Value> {
    let row = |coverage: &Coverage| CoverageRow {
        payer_id: coverage.payer_id.as_ref().map(|id| id.0.clone()),
        payer_code: coverage.payer_code.clone(),
        payer_name: coverage.payer_name.clone(),
        member_id: coverage.member_id.as_ref().map(|id| text(id).to_owned()),
        group: coverage.group.as_ref().map(|group| text(group).to_owned()),
        is_subscriber: coverage.is_subscriber,
    };
    Ok(json::write(&coverage.iter().map(row).collect::<Vec<_>>(), "person.coverages")?.into())
}

/// Family and given names, folded.
pub(super) fn family_first(person: &Person) -> String {
    let names = person.family.iter().chain(&person.given);
    names.map(|name| folded(text(name))).collect()
}

pub(super) fn name_key(person: &Person) -> Value {
    family_first(person).into()
}

/// First given name and family name, folded: as people say it.
pub(super) fn given_key(person: &Person) -> Value {
    let names = person.given.first().into_iter().chain(&person.family);
    names.map(|name| folded(text(name))).collect::<String>().into()
}

/// Reads the people of a case.
pub(crate) fn party(row: &Row) -> Result<Party> {
    let wrong = |what| StoreError::Decode { what };
    let sex = row.opt_text("sex")?.map(|name| match name {
        "female" => Ok(Sex::Female),
        "male" => Ok(Sex::Male),
        "unknown" => Ok(Sex::Unknown),
        _ => Err(wrong("person.sex")),
    });
    let phones: Vec<PhoneRow> = json::read(row.text("phones")?, "person.phones")?;
    let numbers: Vec<(String, String)> =
        json::read(row.text("record_numbers")?, "person.record_numbers")?;
    let person = Person {
        family: phi(row, "family")?,
        given: phis(row, "given")?,
        suffix: phi(row, "suffix")?,
        birth_on: birth_on(row)?,
        sex: sex.transpose()?.map(Phi::new),
        address: address(row)?,
        phones: phones
            .into_iter()
            .map(|row| Phone { number: row.number.into(), kind: row.kind })
            .collect(),
        email: phi(row, "email")?,
        language: phi(row, "language")?,
        record_numbers: numbers.into_iter().map(|(by, number)| (by, number.into())).collect(),
    };
    let coverages: Vec<CoverageRow> = json::read(row.text("coverages")?, "person.coverages")?;
    let prescriber = row.opt_text("prescriber")?;
    let referrer = row.opt_text("referrer")?;
    Ok(Party {
        person,
        coverage: coverages.into_iter().map(coverage).collect(),
        prescriber: prescriber.map(|text| json::read(text, "person.prescriber")).transpose()?,
        referrer: referrer.map(|text| json::read(text, "person.referrer")).transpose()?,
    })
}

fn address(row: &Row) -> Result<Option<Address>> {
    if !row.flag("has_address")? {
        return Ok(None);
    }
    let (city, state, zip) = (phi(row, "city")?, phi(row, "state")?, phi(row, "zip")?);
    Ok(Some(Address { lines: phis(row, "address")?, city, state, zip }))
}

fn coverage(row: CoverageRow) -> Coverage {
    Coverage {
        payer_id: row.payer_id.map(PayerId),
        payer_code: row.payer_code,
        payer_name: row.payer_name,
        member_id: row.member_id.map(Phi::new),
        group: row.group.map(Phi::new),
        is_subscriber: row.is_subscriber,
    }
}

/// Reads a column of personal data.
pub(crate) fn phi(row: &Row, column: &'static str) -> Result<Option<Phi<String>>> {
    Ok(row.opt_text(column)?.map(|text| Phi::new(text.to_owned())))
}

fn phis(row: &Row, column: &'static str) -> Result<Vec<Phi<String>>> {
    let texts: Vec<String> = json::read(row.text(column)?, column)?;
    Ok(texts.into_iter().map(Phi::new).collect())
}

/// Returns the member's name for a list, family name first: `Example Jr, Testa Q`. The row has `family`, `given` and
/// `suffix`, all `NULL` when the case has no person.
pub(crate) fn display_name(row: &Row) -> Result<Option<Phi<String>>> {
    let given: Vec<String> = row
        .opt_text("given")?
        .map(|text| json::read(text, "person.given"))
        .transpose()?
        .unwrap_or_default();
    let family = [row.opt_text("family")?, row.opt_text("suffix")?];
    let family = family.into_iter().flatten().collect::<Vec<_>>().join(" ");
    let parts: Vec<String> =
        [family, given.join(" ")].into_iter().filter(|part| !part.is_empty()).collect();
    Ok((!parts.is_empty()).then(|| Phi::new(parts.join(", "))))
}

/// Reads a row that has `family`, `given` and `birth_on` alone.
pub(crate) fn name_and_birth(row: &Row) -> Result<Person> {
    let (family, given) = (phi(row, "family")?, phis(row, "given")?);
    Ok(Person { family, given, birth_on: birth_on(row)?, ..Person::default() })
}

/// Returns what the rows of one member share, for lists: first names and birth date. Empty where one is not known.
pub(crate) fn same_as(person: &Person) -> String {
    match (&person.family, person.given.first(), &person.birth_on) {
        (Some(family), Some(given), Some(birth_on)) => {
            format!("{} {} {}", folded(text(family)), folded(text(given)), birth_on.reveal())
        }
        _ => String::new(),
    }
}

/// Reads the birth date.
pub(crate) fn birth_on(row: &Row) -> Result<Option<Phi<Date>>> {
    let date = row.opt_text("birth_on")?.map(str::parse::<Date>).transpose();
    Ok(date.map_err(|_| StoreError::Decode { what: "person.birth_on" })?.map(Phi::new))
}
