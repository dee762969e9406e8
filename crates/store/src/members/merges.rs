//! Merges of members, as a person made and undid them.

use super::{CASES_MAX, cases_of};
use crate::{Result, matching};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, Phi, Timestamp, UserId};
use std::collections::BTreeSet;

/// A merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merge {
    /// Its id.
    pub merge_id: String,
    /// The case whose member is the identity that survives.
    pub kept: CaseId,
    /// The case whose member was found to be the same.
    pub merged: CaseId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: UserId,
    /// Why, in words.
    pub reason: Phi<String>,
}

/// A merge that holds, and what came since.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged {
    /// The merge.
    pub merge: Merge,
    /// Cases of the member that were opened since, by id: of each a person says whose it is when the merge is undone.
    pub since: Vec<CaseId>,
    /// Of those, which would fall to the identity that survives.
    pub falls_to_kept: BTreeSet<CaseId>,
}

/// Lets merges come one after the other: there are few. Comes first in a transaction.
///
/// # Panics
/// When a statement was run before.
pub fn lock(tx: &mut Tx<'_>) -> Result<()> {
    matching::lock(tx, &["member-merge".to_owned()])
}

/// Returns whether two cases are of one member.
pub fn is_one(tx: &mut Tx<'_>, one: &CaseId, other: &CaseId) -> Result<bool> {
    Ok(cases_of(tx, one)?.contains(other))
}

/// Returns whether a person ever said whose a case is, and it holds: while nobody did, nothing has to be followed.
pub fn is_any(tx: &mut Tx<'_>) -> Result<bool> {
    let merge = "SELECT merge_id FROM member_merge WHERE undone_at IS NULL LIMIT 1";
    let place = "SELECT case_id FROM member_place LIMIT 1";
    Ok(tx.query_one(merge, params![])?.is_some() || tx.query_one(place, params![])?.is_some())
}

/// Keeps a merge.
pub fn merge(tx: &mut Tx<'_>, merge: &Merge) -> Result<()> {
    let Merge { merge_id, kept, merged, at, by, reason } = merge;
    tx.execute(
        "INSERT INTO member_merge (merge_id, kept_case, merged_case, at, merged_by, reason)
         VALUES ($1, $2, $3, $4, $5, $6)",
        params![
            merge_id,
            kept.as_str(),
            merged.as_str(),
            at.0,
            by.as_str(),
            crate::people::columns::text(reason)
        ],
    )?;
    Ok(())
}

/// Undoes a merge. Returns whether it held.
pub fn undo(
    tx: &mut Tx<'_>,
    merge_id: &str,
    (by, reason): (&UserId, &Phi<String>),
    at: Timestamp,
) -> Result<bool> {
    let sql = "UPDATE member_merge SET undone_at = $2, undone_by = $3, undone_reason = $4
               WHERE merge_id = $1 AND undone_at IS NULL";
    let reason = crate::people::columns::text(reason);
    Ok(tx.execute(sql, params![merge_id, at.0, by.as_str(), reason])? == 1)
}

/// Says that a case is of the member of another, whatever its plan ID tells.
pub fn place(
    tx: &mut Tx<'_>,
    (case_id, of): (&CaseId, &CaseId),
    (by, at): (&UserId, Timestamp),
) -> Result<()> {
    tx.execute(
        "INSERT INTO member_place (case_id, of_case, placed_at, placed_by) VALUES ($1, $2, $3, $4)
         ON CONFLICT (case_id) DO UPDATE
         SET of_case = excluded.of_case, placed_at = excluded.placed_at, placed_by = excluded.placed_by",
        params![case_id.as_str(), of.as_str(), at.0, by.as_str()],
    )?;
    Ok(())
}

/// Returns a merge that holds, by its id.
pub fn merge_of(tx: &mut Tx<'_>, merge_id: &str) -> Result<Option<Merge>> {
    let sql = "SELECT merge_id, kept_case, merged_case, at, merged_by, reason FROM member_merge
               WHERE merge_id = $1 AND undone_at IS NULL";
    tx.query_one(sql, params![merge_id])?.as_ref().map(read).transpose()
}

/// Returns the merges that hold among cases of one member, the first first.
pub fn of_group(tx: &mut Tx<'_>, group: &BTreeSet<CaseId>) -> Result<Vec<Merge>> {
    let sql = "SELECT merge_id, kept_case, merged_case, at, merged_by, reason FROM member_merge
               WHERE kept_case = $1 AND undone_at IS NULL
               ORDER BY merge_id
               LIMIT $2";
    let mut merges = Vec::new();
    for case_id in group {
        let most = u32::try_from(CASES_MAX).unwrap_or(u32::MAX);
        for row in &tx.query(sql, params![case_id.as_str(), most])? {
            merges.push(read(row)?);
        }
    }
    merges.sort_by(|one, other| one.merge_id.cmp(&other.merge_id));
    Ok(merges)
}

/// Returns a merge with what came since, and where that would fall.
pub fn between(tx: &mut Tx<'_>, merge: Merge) -> Result<Merged> {
    let all = cases_of(tx, &merge.kept)?;
    let mut since = Vec::new();
    let sql = "SELECT opened_at FROM case_head WHERE case_id = $1";
    for case_id in &all {
        let opened = tx.query_one(sql, params![case_id.as_str()])?;
        let opened = opened.map(|row| row.int("opened_at")).transpose()?;
        if opened.is_some_and(|at| at > merge.at.0) {
            since.push(case_id.clone());
        }
    }
    let falls_to_kept = super::without(tx, &merge)?;
    let falls_to_kept = since.iter().filter(|id| falls_to_kept.contains(*id)).cloned().collect();
    Ok(Merged { merge, since, falls_to_kept })
}

fn read(row: &Row) -> Result<Merge> {
    Ok(Merge {
        merge_id: row.text("merge_id")?.to_owned(),
        kept: CaseId::from(row.text("kept_case")?),
        merged: CaseId::from(row.text("merged_case")?),
        at: Timestamp(row.int("at")?),
        by: UserId::from(row.text("merged_by")?),
        reason: Phi::new(row.text("reason")?.to_owned()),
    })
}
