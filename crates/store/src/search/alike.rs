//! Cases whose member is probably the one of another case, with what speaks for it. It only suggests: a name and a birth date
//! are no identity, and nothing is put together by it. Source: facts 11.1 (4) \[K\].

use super::fit::{self, Fit};
use super::gather::{self, Candidates};
use super::{Hit, READ_MAX, hit_of, keys, typed};
use crate::people::{self, Party, columns as personal, member_id_norm};
use crate::{Result, Scope, members};
use doorstep_db::{Tx, Value};
use doorstep_vocab::{CaseId, Phi};

/// What differs where all else is the same: Jr and Sr live under one roof.
const SUFFIX: u32 = 5;

/// A case with those of members alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alike {
    /// The case that was asked about.
    pub own: Hit,
    /// Other cases of its member, or of one alike, the most alike first.
    pub others: Vec<Hit>,
}

/// Finds up to `limit` other cases of the member of a case, or of one alike. `None` when there is no such case.
pub fn alike(
    tx: &mut Tx<'_>,
    scope: &Scope,
    case_id: &CaseId,
    limit: u32,
) -> Result<Option<Alike>> {
    let party = people::get(tx, scope, case_id)?.unwrap_or_default();
    if !scope.sees_cases() {
        return Ok(None);
    }
    let own = Candidates::from([(case_id.clone(), Vec::new())]);
    let Some(own) = read(tx, scope, &own, |_| Some(Fit::default()))?.pop() else { return Ok(None) };
    let mut candidates = gather::of_member(tx, scope, &asked(&party), &ids(&party))?;
    let merged = said_to_be(tx, case_id)?;
    candidates.retain(|id, _| id != case_id && !merged.contains_key(id));
    let mut others = read(tx, scope, &candidates, |other| judged(&party, other))?;
    others.extend(read(tx, scope, &merged, |_| Some(same("merged with this member")))?);
    others.sort_by(|one, other| {
        let newest = (other.opened_at, &other.case_id).cmp(&(one.opened_at, &one.case_id));
        one.off.cmp(&other.off).then(newest)
    });
    others.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    Ok(Some(Alike { own, others }))
}

/// Hits whose members' other identities are followed: the first ones are what was meant.
const FOLLOWED_MAX: usize = 10;

/// Adds the cases of merged members to what a search found, so that it finds by either identity.
pub(super) fn add_merged(
    tx: &mut Tx<'_>,
    scope: &Scope,
    hits: &mut Vec<Hit>,
    limit: u32,
) -> Result<()> {
    if hits.is_empty() || !members::is_any(tx)? {
        return Ok(());
    }
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    let found = hits.iter().filter(|hit| !hit.is_by_words()).take(FOLLOWED_MAX);
    for (case_id, off) in found.map(|hit| (hit.case_id.clone(), hit.off)).collect::<Vec<_>>() {
        let mut merged = said_to_be(tx, &case_id)?;
        merged.retain(|id, _| hits.iter().all(|hit| hit.case_id != *id));
        let words = "merged with a member that was found";
        let mut more = read(tx, scope, &merged, |_| Some(Fit { off, ..same(words) }))?;
        hits.append(&mut more);
    }
    hits.truncate(most);
    Ok(())
}

/// The cases of the member of a case that only a person says are so.
fn said_to_be(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Candidates> {
    Ok(members::said_to_be(tx, case_id)?.into_iter().map(|id| (id, Vec::new())).collect())
}

fn same(reason: &str) -> Fit {
    Fit { off: 0, reasons: vec![Phi::new(reason.to_owned())] }
}

/// Returns in words what speaks for the members of two cases being one; empty where too little does.
pub fn judged_alike(own: &Party, other: &Party) -> Vec<Phi<String>> {
    judged(own, other).map(|fit| fit.reasons).unwrap_or_default()
}

/// The member's first names and birth date, as a search.
fn asked(own: &Party) -> typed::Query {
    let name = spoken(own);
    typed::Query {
        name: (!name.is_empty()).then(|| Phi::new(name)),
        birth_on: own.person.birth_on.clone(),
        ..typed::Query::default()
    }
}

/// Family name, comma, first name.
fn spoken(own: &Party) -> String {
    let names = [own.person.family.as_ref(), own.person.given.first()];
    let names: Vec<&str> = names.into_iter().flatten().map(personal::text).collect();
    names.join(", ")
}

/// Plan ID of the first coverage, and the telephone numbers.
fn ids(own: &Party) -> Vec<String> {
    let phones = own.person.phones.iter().map(|phone| personal::text(&phone.number).to_owned());
    plan_id(own).into_iter().chain(phones).collect()
}

fn plan_id(party: &Party) -> Option<String> {
    let id = party.coverage.first()?.member_id.as_ref()?;
    Some(member_id_norm(personal::text(id))).filter(|id| id.len() > 2)
}

fn read(
    tx: &mut Tx<'_>,
    scope: &Scope,
    candidates: &Candidates,
    judged: impl Fn(&Party) -> Option<Fit>,
) -> Result<Vec<Hit>> {
    let ids: Vec<&CaseId> = candidates.keys().rev().take(4 * READ_MAX).collect();
    let mut hits = Vec::new();
    for some in ids.chunks(gather::CASES) {
        let mut values: Vec<Value> = some.iter().map(|id| Value::from(id.as_str())).collect();
        values.resize(gather::CASES, Value::from(""));
        let (condition, more) = scope.condition(gather::CASES + 1);
        values.extend(more);
        for row in tx.query(&super::hits_sql(&condition), &values)? {
            hits.extend(hit_of(&row, &judged)?);
        }
    }
    Ok(hits)
}

/// Returns what speaks for two rows being of one member; `None` where too little does. A twin has the family name, the birth
/// date and the telephone, and another first name.
fn judged(own: &Party, other: &Party) -> Option<Fit> {
    let name = fit::name(&spoken(own), &other.person);
    let birth = match (&own.person.birth_on, &other.person.birth_on) {
        (Some(own), Some(other)) => fit::birth_on(&[*own.reveal()], *other.reveal()),
        _ => None,
    };
    let plan_id = plan_id(own).filter(|id| Some(id) == self::plan_id(other).as_ref());
    let plan_id = plan_id.map(|_| same("plan ID"));
    let phones = |party: &Party| -> Vec<String> {
        let numbers = party.person.phones.iter();
        numbers.filter_map(|phone| keys::phone_key(personal::text(&phone.number))).collect()
    };
    let theirs = phones(other);
    let phone = phones(own).iter().any(|phone| theirs.contains(phone));
    let phone = phone.then(|| same("telephone number"));
    // The name, and one thing more; a plan ID of another name is a subscriber's, or a mistake to be seen.
    let is_alike = name.is_some() && (birth.is_some() || phone.is_some() || plan_id.is_some())
        || birth.is_some() && plan_id.is_some();
    if !is_alike {
        return None;
    }
    let lacks = 3 * u32::from(name.is_none()) + 2 * u32::from(birth.is_none());
    let all = [name, birth, plan_id, phone].into_iter().flatten().reduce(Fit::and)?;
    let suffix = match (&own.person.suffix, &other.person.suffix) {
        (Some(one), Some(other)) if one != other => {
            Fit { off: SUFFIX, reasons: vec![Phi::new("another suffix".to_owned())] }
        }
        _ => Fit::default(),
    };
    Some(Fit { off: all.off + lacks, ..all }.and(suffix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_case::{Coverage, Person, Phone};
    use doorstep_vocab::Date;

    fn party(name: (&str, &str), year: i16, (phone, plan): (&str, &str)) -> Party {
        let text = |text: &str| Phi::new(text.to_owned());
        Party {
            person: Person {
                family: Some(text(name.0)),
                given: vec![text(name.1)],
                birth_on: Some(Phi::new(Date::constant(year, 7, 3))),
                phones: vec![Phone { number: text(phone), kind: "home".into() }],
                ..Person::default()
            },
            coverage: vec![Coverage { member_id: Some(text(plan)), ..Coverage::default() }],
            ..Party::default()
        }
    }

    #[test]
    fn a_member_is_suggested_for_two_reasons_and_a_twin_is_not() {
        let own = party(("Example", "William"), 1950, ("615-555-0100", "TEST-1"));
        let says = |name, year, ids| {
            let fit = judged(&own, &party(name, year, ids))?;
            let words: Vec<&str> =
                fit.reasons.iter().map(|words| words.reveal().as_str()).collect();
            Some(words.join("; "))
        };
        let (same, none) = (("(615) 555 0100", "test 1"), ("615-555-0111", "OTHER"));
        assert_eq!(
            says(("Example", "William"), 1950, same).as_deref(),
            Some("name; birth date; plan ID; telephone number")
        );
        assert_eq!(
            says(("Exampel", "William"), 1951, none).as_deref(),
            Some("one letter of Exampel differs; birth date differs in one digit")
        );
        assert_eq!(
            says(("Example", "Bill"), 1962, (same.0, none.1)).as_deref(),
            Some("Bill is a nickname of William; telephone number")
        );
        assert_eq!(says(("Example", "Wanda"), 1950, (same.0, none.1)), None, "a twin");
        assert_eq!(says(("Example", "William"), 1962, none), None, "a name alone");
        assert_eq!(says(("Other", "Wanda"), 1950, none), None, "a birth date alone");
        assert!(says(("Other", "Wanda"), 1950, (none.0, same.1)).is_some(), "a name that changed");
        let mut senior = party(("Example", "William"), 1950, same);
        senior.person.suffix = Some(Phi::new("Sr".to_owned()));
        let mut junior = own.clone();
        junior.person.suffix = Some(Phi::new("Jr".to_owned()));
        assert!(judged(&junior, &senior).unwrap().off > judged(&own, &own).unwrap().off);
    }
}
