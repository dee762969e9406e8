//! Gathers the cases that may be meant: short walks along indexes, each with its own end, so that a search takes as long at a
//! million cases as at a thousand.

use super::keys::Kind;
use super::typed::{Query, spellings};
use super::{fit, keys, near, nicknames};
use crate::people::{columns as personal, member_id_norm};
use crate::{Result, Scope, sql};
use doorstep_db::{Tx, Value, params};
use doorstep_vocab::{CaseId, Date};
use std::collections::BTreeMap;

/// Walks in one statement. Where there are fewer, the rest walk nowhere.
pub(crate) const WALKS: usize = 16;

/// Cases that one walk gathers: more than a page shows.
const WALK_MAX: u32 = 60;

/// Cases that a word gathers, the newest first.
const WORD_MAX: u32 = 1000;

/// Words that are looked for in notes and titles.
const WORDS_MAX: usize = 4;

/// Names one letter away that are looked for.
const NEAR_MAX: usize = 12;

/// Letters of a word whose neighbours are looked for.
pub(crate) const LETTERS_MAX: usize = 24;

/// Cases in one statement.
pub(crate) const CASES: usize = 64;

/// What a walk goes along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Along {
    Name,
    Given,
    BirthOn,
    PlanId,
    Key,
}

impl Along {
    pub(crate) const ALL: [Self; 5] =
        [Self::Name, Self::Given, Self::BirthOn, Self::PlanId, Self::Key];

    fn table_and_column(self) -> (&'static str, &'static str) {
        match self {
            Self::Name => ("person", "name_key"),
            Self::Given => ("person", "given_key"),
            Self::BirthOn => ("person", "birth_on"),
            Self::PlanId => ("person", "member_id_norm"),
            Self::Key => ("search_key", "key"),
        }
    }
}

/// Where a walk begins: everything that begins so.
type Walk = (Along, String);

/// The cases that may be meant, with the entries that led to them.
pub(super) type Candidates = BTreeMap<CaseId, Vec<String>>;

/// Gathers. What is not seen is passed over on the way, so that it crowds nothing out.
pub(super) fn candidates(tx: &mut Tx<'_>, scope: &Scope, query: &Query) -> Result<Candidates> {
    let mut found = Candidates::new();
    if let Some(number) = &query.number {
        let sql = "SELECT case_id FROM case_head WHERE number = $1 ORDER BY case_id LIMIT $2";
        for row in tx.query(sql, params![number.as_str(), WALK_MAX])? {
            found.insert(CaseId::from(row.text("case_id")?), Vec::new());
        }
        return Ok(found);
    }
    let dates: Vec<Date> = query.dates();
    let code = query.code.as_ref().map(personal::text);
    let name = query.name.as_ref().map(personal::text);
    if let Some(code) = code {
        walk((tx, scope), &by_code(code), &mut found)?;
    }
    let mut is_cut = false;
    if let Some(name) = name {
        is_cut = walk((tx, scope), &as_said(name), &mut found)?;
        let nearly = nearly(tx, name)?;
        walk((tx, scope), &nearly, &mut found)?;
        if dates.is_empty() {
            by_words((tx, scope), name, &mut found)?;
        }
    }
    // Of a name that many have, those of that day, and of the days one slip away, are gathered too.
    if !dates.is_empty() && code.is_none() && (name.is_none() || is_cut) {
        walk((tx, scope), &on(&dates), &mut found)?;
        if name.is_some() || found.is_empty() {
            let near: Vec<Date> = dates.iter().flat_map(|date| near::dates_near(*date)).collect();
            walk((tx, scope), &on(&near), &mut found)?;
        }
    }
    Ok(found)
}

/// Gathers the cases of members like one: of their name nearly, with their day of birth or one near it, and by their numbers.
pub(super) fn of_member(
    tx: &mut Tx<'_>,
    scope: &Scope,
    query: &Query,
    ids: &[String],
) -> Result<Candidates> {
    let mut found = candidates(tx, scope, query)?;
    for id in ids {
        walk((tx, scope), &by_code(id), &mut found)?;
    }
    Ok(found)
}

fn on(dates: &[Date]) -> Vec<Walk> {
    dates.iter().map(|date| (Along::BirthOn, date.to_string())).collect()
}

/// A number of whatever kind. Two characters begin too much.
fn by_code(typed: &str) -> Vec<Walk> {
    let norm = member_id_norm(typed);
    if norm.len() < 3 {
        return Vec::new();
    }
    let kinds = [Kind::Auth, Kind::PlanId, Kind::Record];
    let mut walks: Vec<Walk> = kinds.iter().map(|kind| (Along::Key, kind.key(&norm))).collect();
    walks.extend(keys::phone_key(typed).map(|digits| (Along::Key, Kind::Phone.key(&digits))));
    walks.push((Along::PlanId, norm));
    walks
}

/// The name as it was said, in any order.
fn as_said(name: &str) -> Vec<Walk> {
    let mut walks = Vec::new();
    for spelling in spellings(name).into_iter().filter(|spelling| !spelling.is_empty()) {
        walks.push((Along::Key, Kind::Name.key(&spelling)));
        walks.push((Along::Name, spelling.clone()));
        walks.push((Along::Given, spelling));
    }
    unique(walks)
}

/// The name with nicknames, or with one letter another.
fn nearly(tx: &mut Tx<'_>, name: &str) -> Result<Vec<Walk>> {
    let said = fit::said(name);
    let long: Vec<&String> = said.iter().filter(|word| word.len() > 1).collect();
    let mut walks = Vec::new();
    match long.as_slice() {
        [] => {}
        [word] => {
            for other in others(tx, word)? {
                walks.push((Along::Name, other.clone()));
                walks.push((Along::Given, other));
            }
        }
        [first, .., last] => {
            let (of_first, of_last) = (others(tx, first)?, others(tx, last)?);
            let pairs = of_first.iter().map(|other| (other, *last));
            for (one, other) in pairs.chain(of_last.iter().map(|other| (*first, other))) {
                for (family, given) in [(one, other), (other, one)] {
                    let name = format!("{family}{given}");
                    walks.push((Along::Key, Kind::Name.key(&name)));
                    walks.push((Along::Name, name.clone()));
                    walks.push((Along::Given, name));
                }
            }
        }
    }
    Ok(unique(walks))
}

/// Returns the names that may be meant by a word beside itself: those it stands for first, then those one letter away.
fn others(tx: &mut Tx<'_>, word: &str) -> Result<Vec<String>> {
    let mut names: Vec<String> = nicknames::of(word).into_iter().map(str::to_owned).collect();
    if word.len() + 1 < near::FORGIVEN_FROM || word.len() >= LETTERS_MAX {
        return Ok(names);
    }
    let mut values: Vec<Value> = near::without_a_letter(word).iter().map(Value::from).collect();
    values.resize(LETTERS_MAX, Value::from(word));
    let mut near: Vec<String> = Vec::new();
    for row in tx.query(&near_sql(), &values)? {
        let name = row.text("word")?;
        if near::is_near(word, name) && !names.iter().any(|other| other == name) {
            near.push(name.to_owned());
        }
    }
    near.sort_by_key(|name| (name.as_bytes().first() != word.as_bytes().first(), name.clone()));
    near.dedup();
    near.truncate(NEAR_MAX);
    names.extend(near);
    Ok(names)
}

pub(crate) fn near_sql() -> String {
    format!(
        "SELECT word FROM search_name WHERE near IN ({}) ORDER BY near, word LIMIT 400",
        sql::places(1, LETTERS_MAX)
    )
}

fn unique(walks: Vec<Walk>) -> Vec<Walk> {
    let mut kept: Vec<Walk> = Vec::with_capacity(walks.len());
    for walk in walks {
        if !kept.contains(&walk) {
            kept.push(walk);
        }
    }
    kept
}

type Asking<'a, 'b> = (&'a mut Tx<'b>, &'a Scope);

/// Walks, and adds what is found. Returns whether one of them ended before all was found.
fn walk((tx, scope): Asking<'_, '_>, walks: &[Walk], found: &mut Candidates) -> Result<bool> {
    let (condition, more) = scope.condition(2 * WALKS + 1);
    let mut is_cut = false;
    for along in Along::ALL {
        let from: Vec<&String> =
            walks.iter().filter(|(other, _)| *other == along).map(|(_, from)| from).collect();
        for some in from.chunks(WALKS) {
            let mut values = Vec::with_capacity(2 * WALKS);
            for from in some {
                // All keys are of letters and digits, and this character comes after them.
                values.extend([Value::from(*from), Value::from(format!("{from}{{"))]);
            }
            values.resize(2 * WALKS, Value::from(""));
            values.extend(more.iter().cloned());
            let mut counts = [0_u32; WALKS];
            for row in tx.query(&walk_sql(along, &condition), &values)? {
                let at = usize::try_from(row.int("walk")?).unwrap_or_default();
                let entry = found.entry(CaseId::from(row.text("case_id")?)).or_default();
                if along == Along::Key {
                    entry.push(row.text("found")?.to_owned());
                }
                counts[at.min(WALKS - 1)] += 1;
            }
            is_cut |= counts.iter().any(|count| *count >= WALK_MAX);
        }
    }
    Ok(is_cut)
}

pub(crate) fn walk_sql(along: Along, condition: &str) -> String {
    let (table, column) = along.table_and_column();
    let seen = match condition {
        "" => String::new(),
        condition => format!(
            "
                         AND EXISTS (SELECT 1 FROM case_head AS h WHERE h.case_id = t.case_id{condition})"
        ),
    };
    let one = |n: usize| {
        format!(
            "SELECT {n} AS walk, w{n}.case_id, w{n}.found
             FROM (SELECT t.case_id, t.{column} AS found FROM {table} AS t
                   WHERE t.{column} >= ${} AND t.{column} < ${}{seen}
                   ORDER BY t.{column} DESC, t.case_id DESC LIMIT {WALK_MAX}) AS w{n}",
            2 * n + 1,
            2 * n + 2
        )
    };
    (0..WALKS).map(one).collect::<Vec<_>>().join(" UNION ALL ")
}

/// Adds the cases whose notes and titles hold all the words.
fn by_words((tx, scope): Asking<'_, '_>, typed: &str, found: &mut Candidates) -> Result<()> {
    let words = keys::words([typed].into_iter());
    let keys: Vec<String> = words.iter().take(WORDS_MAX).map(|word| Kind::Word.key(word)).collect();
    let mut lists: Vec<(&String, Vec<CaseId>)> = Vec::new();
    for key in &keys {
        lists.push((key, with_word(tx, scope, key)?));
    }
    // Begun with the rarest.
    lists.sort_by_key(|(_, cases)| cases.len());
    let Some((first, rest)) = lists.split_first() else { return Ok(()) };
    let mut cases = first.1.clone();
    for (key, others) in rest {
        cases = if others.len() < WORD_MAX as usize {
            cases.into_iter().filter(|case_id| others.contains(case_id)).collect()
        } else {
            also_with(tx, key, &cases)?
        };
    }
    cases.truncate(WALK_MAX as usize);
    for case_id in cases {
        found.entry(case_id).or_default().extend(keys.iter().cloned());
    }
    Ok(())
}

fn with_word(tx: &mut Tx<'_>, scope: &Scope, key: &str) -> Result<Vec<CaseId>> {
    let (condition, more) = scope.condition(3);
    let mut values = params![key, WORD_MAX].to_vec();
    values.extend(more);
    let rows = tx.query(&word_sql(&condition), &values)?;
    rows.iter().map(|row| Ok(CaseId::from(row.text("case_id")?))).collect()
}

pub(crate) fn word_sql(condition: &str) -> String {
    let seen = match condition {
        "" => String::new(),
        condition => format!(
            " AND EXISTS (SELECT 1 FROM case_head AS h WHERE h.case_id = t.case_id{condition})"
        ),
    };
    format!(
        "SELECT t.case_id FROM search_key AS t WHERE t.key = $1{seen} ORDER BY t.case_id DESC LIMIT $2"
    )
}

/// Returns those of some cases that have a word too.
fn also_with(tx: &mut Tx<'_>, key: &str, cases: &[CaseId]) -> Result<Vec<CaseId>> {
    let mut kept = Vec::new();
    for some in cases.chunks(CASES) {
        let mut values = vec![Value::from(key)];
        values.extend(some.iter().map(|case_id| Value::from(case_id.as_str())));
        values.resize(CASES + 1, Value::from(""));
        for row in tx.query(&also_sql(), &values)? {
            kept.push(CaseId::from(row.text("case_id")?));
        }
    }
    Ok(kept)
}

pub(crate) fn also_sql() -> String {
    format!(
        "SELECT case_id FROM search_key WHERE key = $1 AND case_id IN ({}) ORDER BY case_id DESC LIMIT 64",
        sql::places(2, CASES)
    )
}
