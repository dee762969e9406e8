//! Finds cases by what a caller can say: the case number, the member's name, birth date, telephone or plan ID, an
//! authorization number, words of a note. People mishear, and leave marks out: what is nearly so is found too, behind what is
//! exactly so, and every hit says why it is one.
//!
//! `typed` reads the box, `gather` walks indexes for what may be meant, `fit` says of each how well it fits and drops the rest.
//! `index` keeps the entries that `gather` walks beside the columns of `person`.

mod alike;
mod fit;
pub(crate) mod gather;
pub mod index;
mod keys;
mod near;
mod nicknames;
pub mod providers;
mod strangers;
mod typed;

pub use alike::{Alike, alike, judged_alike};
pub use strangers::{Trace, strangers};
pub use typed::Query;

use crate::people::{Party, columns as personal};
use crate::{Result, Scope, StoreError, sql};
use doorstep_db::{Row, Tx, Value};
use doorstep_vocab::{CaseId, CaseNumber, Date, PayerId, Phi, Timestamp};
use fit::Fit;
use gather::Candidates;

/// A case that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The case.
    pub case_id: CaseId,
    /// Its number.
    pub number: Option<CaseNumber>,
    /// Whether it is closed.
    pub is_closed: bool,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// The payer.
    pub payer_id: PayerId,
    /// The next step.
    pub next_words: String,
    /// The member's name, family name first.
    pub member: Option<Phi<String>>,
    /// The member's birth date.
    pub birth_on: Option<Phi<Date>>,
    /// The plan ID.
    pub member_id: Option<Phi<String>>,
    /// What cases of one member share: name and birth date, folded. Empty where either is not known.
    pub same_as: Phi<String>,
    /// How far it is from what was asked: 0 for exactly that.
    pub off: u32,
    /// Why it was found, in words.
    pub reasons: Vec<Phi<String>>,
}

impl Hit {
    /// Returns whether only its notes or documents hold what was asked for, which says nothing of who it is.
    pub fn is_by_words(&self) -> bool {
        self.off >= fit::WORDS
    }
}

/// Cases that are read whole, the best first.
const READ_MAX: usize = 150;

/// Finds up to `limit` cases: those that fit best first, and of those that fit as well the newest.
pub fn find(tx: &mut Tx<'_>, scope: &Scope, query: &Query, limit: u32) -> Result<Vec<Hit>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let candidates = gather::candidates(tx, scope, query)?;
    let best = best(tx, query, &candidates)?;
    let mut hits = Vec::new();
    for some in best.chunks(gather::CASES) {
        let (condition, more) = scope.condition(gather::CASES + 1);
        let mut values = padded(some);
        values.extend(more);
        for row in tx.query(&hits_sql(&condition), &values)? {
            let case_id = CaseId::from(row.text("case_id")?);
            let found = candidates.get(&case_id).map(Vec::as_slice).unwrap_or_default();
            hits.extend(hit_of(&row, |party| judged(query, party, found))?);
        }
    }
    hits.sort_by(|one, other| {
        let newest = (other.opened_at, &other.case_id).cmp(&(one.opened_at, &one.case_id));
        one.off.cmp(&other.off).then(newest)
    });
    hits.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    alike::add_merged(tx, scope, &mut hits, limit)?;
    Ok(hits)
}

/// Returns the candidates that are worth being read: of many, those whose name and birth date fit best.
fn best(tx: &mut Tx<'_>, query: &Query, candidates: &Candidates) -> Result<Vec<CaseId>> {
    let all: Vec<CaseId> = candidates.keys().rev().cloned().collect();
    if all.len() <= READ_MAX {
        return Ok(all);
    }
    let mut fits: Vec<(u32, CaseId)> = Vec::new();
    for some in all.chunks(gather::CASES) {
        for row in tx.query(&names_sql(), &padded(some))? {
            let person = personal::name_and_birth(&row)?;
            let case_id = CaseId::from(row.text("case_id")?);
            let found = candidates.get(&case_id).map(Vec::as_slice).unwrap_or_default();
            let party = Party { person, ..Party::default() };
            let off = match &query.code {
                Some(_) => birth_fit(query, &party).map(|fit| fit.off),
                None => judged(query, &party, found).map(|fit| fit.off),
            };
            fits.extend(off.map(|off| (off, case_id)));
        }
    }
    fits.sort_by(|one, other| one.0.cmp(&other.0).then(other.1.cmp(&one.1)));
    fits.truncate(READ_MAX);
    Ok(fits.into_iter().map(|(_, case_id)| case_id).collect())
}

fn padded(cases: &[CaseId]) -> Vec<Value> {
    let mut values: Vec<Value> =
        cases.iter().map(|case_id| Value::from(case_id.as_str())).collect();
    values.resize(gather::CASES, Value::from(""));
    values
}

/// Returns how a case fits what is asked; `None` when something given does not hold.
fn judged(query: &Query, party: &Party, found: &[String]) -> Option<Fit> {
    let mut fit = birth_fit(query, party)?;
    if query.number.is_some() {
        fit = fit.and(Fit { off: 0, reasons: vec![Phi::new("case number".to_owned())] });
    }
    if let Some(code) = &query.code {
        fit = fit.and(fit::code(personal::text(code), party, found)?);
    }
    if let Some(name) = &query.name {
        let by_name = fit::name(personal::text(name), &party.person);
        let by_words = || {
            let is_said = found.iter().any(|key| key.starts_with(&keys::Kind::Word.key("")));
            let words = "its notes or documents hold these words".to_owned();
            is_said.then(|| Fit { off: fit::WORDS, reasons: vec![Phi::new(words)] })
        };
        fit = fit.and(by_name.or_else(by_words)?);
    }
    Some(fit)
}

fn birth_fit(query: &Query, party: &Party) -> Option<Fit> {
    let dates = query.dates();
    if dates.is_empty() {
        return Some(Fit::default());
    }
    fit::birth_on(&dates, *party.person.birth_on.as_ref()?.reveal())
}

pub(crate) fn hits_sql(condition: &str) -> String {
    format!(
        "SELECT h.case_id, h.number, h.status, h.opened_at, h.payer_id, h.next_words, p.family, p.given, p.suffix,
                p.birth_on, p.sex, p.has_address, p.address, p.city, p.state, p.zip, p.phones, p.email, p.language,
                p.record_numbers, p.member_id, p.coverages, p.prescriber, p.referrer
         FROM case_head AS h
         LEFT JOIN person AS p ON p.case_id = h.case_id
         WHERE h.case_id IN ({}){condition}
         ORDER BY h.case_id
         LIMIT 64",
        sql::places(1, gather::CASES)
    )
}

pub(crate) fn names_sql() -> String {
    format!(
        "SELECT case_id, family, given, birth_on FROM person WHERE case_id IN ({}) ORDER BY case_id LIMIT 64",
        sql::places(1, gather::CASES)
    )
}

/// Returns the hit of a row of [`hits_sql`], if it is one.
fn hit_of(row: &Row, judged: impl FnOnce(&Party) -> Option<Fit>) -> Result<Option<Hit>> {
    let is_known = row.opt_text("coverages")?.is_some();
    let party = if is_known { personal::party(row)? } else { Party::default() };
    let Some(fit) = judged(&party) else { return Ok(None) };
    let number = row.opt_text("number")?.map(CaseNumber::parse).transpose();
    Ok(Some(Hit {
        case_id: CaseId::from(row.text("case_id")?),
        number: number.map_err(|_| StoreError::Decode { what: "case_head.number" })?,
        is_closed: row.text("status")? == "closed",
        opened_at: Timestamp(row.int("opened_at")?),
        payer_id: PayerId::from(row.text("payer_id")?),
        next_words: row.text("next_words")?.to_owned(),
        member: personal::display_name(row)?,
        birth_on: personal::birth_on(row)?,
        member_id: personal::phi(row, "member_id")?,
        same_as: Phi::new(personal::same_as(&party.person)),
        off: fit.off,
        reasons: fit.reasons,
    }))
}
