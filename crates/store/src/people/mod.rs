//! The people of a case: the member with coverage, who ordered it, who sent it. Personal data, so rows and not events.

pub(crate) mod columns;
mod fold;

pub use fold::{folded, member_id_norm, sort_name};

use crate::{Result, Scope, json, walls};
use doorstep_case::{Clinician, Coverage, Organisation, Person};
use doorstep_db::{Tx, Value, params};
use doorstep_vocab::{CaseId, Timestamp};

/// Everybody a case is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Party {
    /// The member.
    pub person: Person,
    /// Coverages in billing order.
    pub coverage: Vec<Coverage>,
    /// Who ordered it.
    pub prescriber: Option<Clinician>,
    /// Who sent it.
    pub referrer: Option<Organisation>,
}

/// Writes the people of a case, in place of those known.
pub fn put(tx: &mut Tx<'_>, case_id: &CaseId, party: &Party, now: Timestamp) -> Result<()> {
    let Party { person, coverage, prescriber, referrer } = party;
    let address = person.address.clone().unwrap_or_default();
    let first = coverage.first();
    let member_id = first.and_then(|coverage| coverage.member_id.as_ref());
    let values: [Value; 25] = [
        case_id.as_str().into(),
        columns::opt_text(person.family.as_ref()),
        columns::texts(&person.given)?,
        columns::opt_text(person.suffix.as_ref()),
        columns::date(person.birth_on.as_ref()),
        columns::sex(person.sex.as_ref()),
        person.address.is_some().into(),
        columns::texts(&address.lines)?,
        columns::opt_text(address.city.as_ref()),
        columns::opt_text(address.state.as_ref()),
        columns::opt_text(address.zip.as_ref()),
        columns::phones(&person.phones)?,
        columns::opt_text(person.email.as_ref()),
        columns::opt_text(person.language.as_ref()),
        columns::record_numbers(&person.record_numbers)?,
        columns::opt_text(member_id),
        columns::member_id_norm(member_id),
        first.and_then(|coverage| coverage.payer_code.as_ref()).into(),
        first.and_then(|coverage| coverage.payer_name.as_ref()).into(),
        columns::opt_text(first.and_then(|coverage| coverage.group.as_ref())),
        columns::coverages(coverage)?,
        columns::name_key(person),
        columns::given_key(person),
        prescriber.as_ref().map(|who| json::write(who, "person.prescriber")).transpose()?.into(),
        referrer.as_ref().map(|who| json::write(who, "person.referrer")).transpose()?.into(),
    ];
    let mut values = values.to_vec();
    values.push(now.0.into());
    tx.execute(
        "INSERT INTO person (case_id, family, given, suffix, birth_on, sex, has_address, address, city, state, zip,
                             phones, email, language, record_numbers, member_id, member_id_norm, payer_code,
                             payer_name, group_no, coverages, name_key, given_key, prescriber, referrer, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22,
                 $23, $24, $25, $26)
         ON CONFLICT (case_id) DO UPDATE
         SET family = excluded.family, given = excluded.given, suffix = excluded.suffix,
             birth_on = excluded.birth_on, sex = excluded.sex, has_address = excluded.has_address,
             address = excluded.address, city = excluded.city, state = excluded.state, zip = excluded.zip,
             phones = excluded.phones, email = excluded.email, language = excluded.language,
             record_numbers = excluded.record_numbers, member_id = excluded.member_id,
             member_id_norm = excluded.member_id_norm, payer_code = excluded.payer_code,
             payer_name = excluded.payer_name, group_no = excluded.group_no, coverages = excluded.coverages,
             name_key = excluded.name_key, given_key = excluded.given_key, prescriber = excluded.prescriber,
             referrer = excluded.referrer, updated_at = excluded.updated_at",
        &values,
    )?;
    Ok(())
}

/// Returns the people of a case.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<Option<Party>> {
    if walls::sees(tx, scope, case_id)? { for_writing(tx, case_id) } else { Ok(None) }
}

/// Returns the people of a case, to amend them. For writing only: pages use [`get`].
pub fn for_writing(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Option<Party>> {
    let sql = "SELECT family, given, suffix, birth_on, sex, has_address, address, city, state, zip, phones, email,
                      language, record_numbers, coverages, prescriber, referrer
               FROM person
               WHERE case_id = $1";
    let row = tx.query_one(sql, params![case_id.as_str()])?;
    row.as_ref().map(columns::party).transpose()
}

/// Returns when the people of a case were last written: pages send it along, so that two who amend them do so one after the other.
pub fn written_at(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Option<Timestamp>> {
    let sql = "SELECT updated_at FROM person WHERE case_id = $1";
    let row = tx.query_one(sql, params![case_id.as_str()])?;
    row.map(|row| Ok(Timestamp(row.int("updated_at")?))).transpose()
}
