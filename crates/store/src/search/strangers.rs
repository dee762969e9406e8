//! Other members of whom a text tells: their name, plan ID, telephone, birth date or case. What goes out about one member
//! must not name another. Source: 45 CFR 164.502(b), minimum necessary \[K\].

use super::keys::{Kind, phone_key};
use crate::people::{self, Party, columns as personal, folded, member_id_norm};
use crate::{Result, members};
use doorstep_db::{Tx, params};
use doorstep_vocab::{CaseId, CaseNumber, Date, Phi};
use std::collections::BTreeSet;

/// What of another member a text seems to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[expect(missing_docs, reason = "the names are what it is")]
pub enum Trace {
    Name,
    PlanId,
    Telephone,
    BirthDate,
    CaseNumber,
}

/// Returns what in `text` seems to be of other members than that of `case_id`, each as it stands in the text.
pub fn strangers(
    tx: &mut Tx<'_>,
    case_id: &CaseId,
    text: &str,
) -> Result<BTreeSet<(Trace, Phi<String>)>> {
    let own = Own::of_member(tx, case_id)?;
    let mut out = BTreeSet::new();
    let words: Vec<&str> = text.split_whitespace().map(bare).collect();
    for word in &words {
        if is_another_number(tx, case_id, (word, &own))? {
            out.insert((Trace::CaseNumber, shown(word)));
        } else if is_another_id(tx, case_id, (word, &own))? {
            out.insert((Trace::PlanId, shown(word)));
        } else if is_another_birth(tx, case_id, (word, &own))? {
            out.insert((Trace::BirthDate, shown(word)));
        }
    }
    for pair in words.windows(2) {
        if is_another_name(tx, case_id, (pair, &own))? {
            out.insert((Trace::Name, shown(&pair.join(" "))));
        }
    }
    for run in text.split(|letter: char| !(letter.is_ascii_digit() || "()+-. ".contains(letter))) {
        if is_another_phone(tx, case_id, (run, &own))? {
            out.insert((Trace::Telephone, shown(run.trim())));
        }
    }
    Ok(out)
}

fn shown(text: &str) -> Phi<String> {
    Phi::new(text.to_owned())
}

fn bare(word: &str) -> &str {
    word.trim_matches(|letter: char| !letter.is_alphanumeric())
}

/// What the people of the member's cases are called and found by: none of it is a stranger's.
#[derive(Default)]
struct Own {
    cases: BTreeSet<CaseId>,
    /// Each by its words.
    names: Vec<BTreeSet<String>>,
    member_ids: Vec<String>,
    birth_on: Vec<Date>,
    phones: Vec<String>,
}

impl Own {
    fn of(party: &Party) -> Self {
        let person = &party.person;
        let words = |name: &str| name.split_whitespace().map(folded).collect::<BTreeSet<_>>();
        let clinician = party.prescriber.as_ref().and_then(|who| who.name.as_deref());
        let contact = party.referrer.as_ref().and_then(|who| who.contact.as_deref());
        let others = [clinician, contact].into_iter().flatten().map(words);
        let own = person.given.iter().chain(&person.family);
        let own = own.flat_map(|name| words(personal::text(name))).collect();
        let ids = party.coverage.iter().filter_map(|coverage| coverage.member_id.as_ref());
        let phones = person.phones.iter();
        Self {
            names: std::iter::once(own).chain(others).collect(),
            member_ids: ids.map(|id| member_id_norm(personal::text(id))).collect(),
            birth_on: person.birth_on.as_ref().map(|date| *date.reveal()).into_iter().collect(),
            phones: phones.filter_map(|phone| phone_key(personal::text(&phone.number))).collect(),
            cases: BTreeSet::new(),
        }
    }

    fn of_member(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Self> {
        let party = people::for_writing(tx, case_id)?.unwrap_or_default();
        let mut own = Self { cases: members::cases_of(tx, case_id)?, ..Self::of(&party) };
        let mates = members::mates(tx, case_id)?;
        for other in own.cases.clone() {
            let mate = people::for_writing(tx, &other)?.unwrap_or_default();
            // Twins may share a plan ID and a birthday: who has another first name is a stranger, unless a person said not.
            if mates.contains(&other) && !is_called_alike(&party, &mate) {
                continue;
            }
            let of = Self::of(&mate);
            own.names.extend(of.names);
            own.member_ids.extend(of.member_ids);
            own.birth_on.extend(of.birth_on);
            own.phones.extend(of.phones);
        }
        Ok(own)
    }
}

/// Whether two have a first name in common, or one of them has none.
fn is_called_alike(one: &Party, other: &Party) -> bool {
    let given = |party: &Party| -> BTreeSet<String> {
        let names = party.person.given.iter().map(|name| folded(personal::text(name)));
        names.filter(|name| !name.is_empty()).collect()
    };
    let (one, other) = (given(one), given(other));
    one.is_empty() || other.is_empty() || !one.is_disjoint(&other)
}

fn is_there(tx: &mut Tx<'_>, sql: &str, (key, case_id): (&str, &CaseId)) -> Result<bool> {
    Ok(tx.query_one(sql, params![key, case_id.as_str()])?.is_some())
}

/// A plan ID has a digit and five signs at least; shorter words are too many.
fn is_another_id(tx: &mut Tx<'_>, case_id: &CaseId, (word, own): (&str, &Own)) -> Result<bool> {
    let id = member_id_norm(word);
    if id.len() < 5 || !id.chars().any(|c| c.is_ascii_digit()) || own.member_ids.contains(&id) {
        return Ok(false);
    }
    let sql = "SELECT case_id FROM person WHERE member_id_norm = $1 AND case_id <> $2 LIMIT 1";
    is_there(tx, sql, (&id, case_id))
}

/// Another case of the same member is none of a stranger.
fn is_another_number(tx: &mut Tx<'_>, case_id: &CaseId, (word, own): (&str, &Own)) -> Result<bool> {
    let Ok(number) = CaseNumber::parse(word) else { return Ok(false) };
    let sql = "SELECT case_id FROM case_head WHERE number = $1 AND case_id <> $2 LIMIT 1";
    let row = tx.query_one(sql, params![number.as_str(), case_id.as_str()])?;
    let Some(other) = row.map(|row| row.text("case_id").map(CaseId::from)).transpose()? else {
        return Ok(false);
    };
    Ok(!own.cases.contains(&other))
}

fn is_another_birth(tx: &mut Tx<'_>, case_id: &CaseId, (word, own): (&str, &Own)) -> Result<bool> {
    let Some(date) = read_date(word).filter(|date| !own.birth_on.contains(date)) else {
        return Ok(false);
    };
    let sql = "SELECT case_id FROM person WHERE birth_on = $1 AND case_id <> $2 LIMIT 1";
    is_there(tx, sql, (&date.to_string(), case_id))
}

/// `1950-07-04`, `7/4/1950` or `07-04-1950`.
fn read_date(word: &str) -> Option<Date> {
    if let Ok(date) = word.parse() {
        return Some(date);
    }
    let mut parts = word.split(['/', '-']);
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    format!("{year}-{month:0>2}-{day:0>2}").parse().ok()
}

/// Two words with capitals, first name first or last.
fn is_another_name(
    tx: &mut Tx<'_>,
    case_id: &CaseId,
    (pair, own): (&[&str], &Own),
) -> Result<bool> {
    if !pair.iter().all(|word| word.starts_with(char::is_uppercase)) {
        return Ok(false);
    }
    let folded: Vec<String> = pair.iter().map(|word| folded(word)).collect();
    let is_of = |name: &BTreeSet<String>| folded.iter().all(|word| name.contains(word));
    let key = folded.concat();
    if key.len() < 4 || own.names.iter().any(is_of) {
        return Ok(false);
    }
    let given = "SELECT case_id FROM person WHERE given_key = $1 AND case_id <> $2 LIMIT 1";
    let family = "SELECT case_id FROM person WHERE name_key = $1 AND case_id <> $2 LIMIT 1";
    Ok(is_there(tx, given, (&key, case_id))? || is_there(tx, family, (&key, case_id))?)
}

fn is_another_phone(tx: &mut Tx<'_>, case_id: &CaseId, (run, own): (&str, &Own)) -> Result<bool> {
    let Some(key) = phone_key(run).filter(|key| !own.phones.contains(key)) else {
        return Ok(false);
    };
    let sql = "SELECT case_id FROM search_key WHERE key = $1 AND case_id <> $2 LIMIT 1";
    is_there(tx, sql, (&Kind::Phone.key(&key), case_id))
}
