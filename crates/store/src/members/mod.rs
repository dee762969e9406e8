//! Which cases are of one member: the one place that says it.
//!
//! Cases with one plan ID and one birth date are of one member: a plan ID alone may be the subscriber's. Beyond that only a
//! person says so, by a merge, which is undone as it was done. Nothing is copied or moved by it: each case keeps its people and
//! its record, and what is one member follows from the rows as they are. Source: facts 11.1 (4) \[K\].

mod merges;

pub use merges::{
    Merge, Merged, between, is_any, is_one, lock, merge, merge_of, of_group, place, undo,
};

use crate::Result;
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::CaseId;
use std::collections::BTreeSet;

/// Cases of one member that are told apart. Who has more is not followed further.
pub const CASES_MAX: usize = 200;

/// Returns the cases of the member of a case, by id, the case itself among them. For deciding and for writing: what of it
/// somebody may see is asked elsewhere.
pub fn cases_of(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<BTreeSet<CaseId>> {
    grown(tx, vec![case_id.clone()], None)
}

/// Returns the cases of the members of several cases.
pub fn cases_of_all(tx: &mut Tx<'_>, cases: Vec<CaseId>) -> Result<BTreeSet<CaseId>> {
    grown(tx, cases, None)
}

/// Returns the cases of the member of a case that only a person says are so: their plan ID and birth date do not.
pub fn said_to_be(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<BTreeSet<CaseId>> {
    if !is_any(tx)? {
        return Ok(BTreeSet::new());
    }
    let mut all = cases_of(tx, case_id)?;
    all.remove(case_id);
    for mate in mates(tx, case_id)? {
        all.remove(&mate);
    }
    Ok(all)
}

/// Returns the cases of the member that survives a merge, as they are without it.
fn without(tx: &mut Tx<'_>, merge: &Merge) -> Result<BTreeSet<CaseId>> {
    grown(tx, vec![merge.kept.clone()], Some(merge))
}

fn grown(tx: &mut Tx<'_>, mut next: Vec<CaseId>, but: Option<&Merge>) -> Result<BTreeSet<CaseId>> {
    let is_any = is_any(tx)?;
    let mut found: BTreeSet<CaseId> = next.iter().cloned().collect();
    // Those that share a plan ID and a birth date have the same mates: they are asked for once.
    let mut asked: BTreeSet<CaseId> = BTreeSet::new();
    while let Some(case_id) = next.pop() {
        if found.len() >= CASES_MAX {
            break;
        }
        let but = but.map_or("", |merge| &merge.merge_id);
        let mut near = if is_any { said(tx, &case_id, but)? } else { Vec::new() };
        if !asked.contains(&case_id) {
            let mates = mates(tx, &case_id)?;
            asked.extend(mates.iter().cloned());
            near.extend(mates);
        }
        for other in near {
            if found.insert(other.clone()) {
                next.push(other);
            }
        }
    }
    Ok(found)
}

/// Returns the cases with the plan ID and the birth date of a case. `-` and `NA` stand for no plan ID, and without a birth date
/// nothing is told. Of a case of which a person said whose it is, they tell nothing.
pub fn mates(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Vec<CaseId>> {
    let sql = "SELECT other.case_id
               FROM person AS own
               JOIN person AS other ON other.member_id_norm = own.member_id_norm
               WHERE own.case_id = $1 AND length(own.member_id_norm) > 2
                     AND (other.birth_on = own.birth_on OR other.case_id = own.case_id)
                     AND NOT EXISTS (SELECT 1 FROM member_place AS p WHERE p.case_id = own.case_id)
                     AND NOT EXISTS (SELECT 1 FROM member_place AS q WHERE q.case_id = other.case_id)
               ORDER BY other.case_id
               LIMIT $2";
    ids(&tx.query(sql, params![case_id.as_str(), limit()])?)
}

/// The cases that a person said are of the member of a case: by a merge that holds, other than `but`, or by saying whose a
/// case is.
fn said(tx: &mut Tx<'_>, case_id: &CaseId, but: &str) -> Result<Vec<CaseId>> {
    let sql = "SELECT s.case_id
               FROM (SELECT m.merged_case AS case_id FROM member_merge AS m
                     WHERE m.kept_case = $1 AND m.undone_at IS NULL AND m.merge_id <> $3
                     UNION
                     SELECT m.kept_case AS case_id FROM member_merge AS m
                     WHERE m.merged_case = $1 AND m.undone_at IS NULL AND m.merge_id <> $3
                     UNION
                     SELECT p.of_case AS case_id FROM member_place AS p WHERE p.case_id = $1
                     UNION
                     SELECT p.case_id AS case_id FROM member_place AS p WHERE p.of_case = $1) AS s
               ORDER BY s.case_id
               LIMIT $2";
    ids(&tx.query(sql, params![case_id.as_str(), limit(), but])?)
}

fn limit() -> u32 {
    u32::try_from(CASES_MAX).unwrap_or(u32::MAX)
}

fn ids(rows: &[Row]) -> Result<Vec<CaseId>> {
    rows.iter().map(|row| Ok(CaseId::from(row.text("case_id")?))).collect()
}
