//! Two members compared, merged by a person, and taken apart again. Nothing merges by itself.
//!
//! Whoever merges sees every case of both by walls and labels alone: leave for one case, or an emergency, is not enough to say
//! whose the others are. Source: trust.md 6.3 (13).

use crate::act::entry;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::Refusal;
use doorstep_db::Tx;
use doorstep_store::members::{self as rows, Merge, Merged};
use doorstep_store::people::{self, Party};
use doorstep_store::{Scope, audit, search, walls};
use doorstep_vocab::{CaseId, CaseNumber, Phi};
use std::collections::{BTreeMap, BTreeSet};

/// Letters of a reason at most.
const REASON_MAX: usize = 500;

/// One of two members: the people of the case that was asked about, and the member's cases that are seen.
#[derive(Debug)]
pub struct Side {
    /// The case that was asked about.
    pub case_id: CaseId,
    /// Its people.
    pub party: Party,
    /// The member's cases that are seen.
    pub cases: Vec<CaseId>,
}

/// Two members beside each other.
#[derive(Debug)]
pub struct Compared {
    /// The one.
    pub own: Side,
    /// The other.
    pub other: Side,
    /// What speaks for the two being one.
    pub reasons: Vec<Phi<String>>,
    /// Whether they are one already: by plan ID and birth date, or by the merges.
    pub is_one: bool,
    /// The merges that hold among their cases.
    pub merges: Vec<Merged>,
    /// The numbers of all these cases.
    pub numbers: BTreeMap<CaseId, CaseNumber>,
}

/// Returns two members beside each other, and records whom it showed.
pub fn compare(ctx: &Ctx, own: &CaseId, other: &CaseId) -> Result<Compared> {
    let scope = ctx.scope_to(Permission::WorkCases)?;
    // Both identities are shown whole: it is a look at either, each by its own rule, an emergency's too.
    let mut looks = Vec::new();
    let compared = ctx.app.db.read(|tx| -> Result<Compared> {
        looks.clear();
        for case_id in BTreeSet::from([own, other]) {
            ctx.sees(tx, &scope, case_id)?;
            let object = "compared".to_owned();
            looks.push(audit::Entry { object, ..entry(ctx, case_id, "read case") });
        }
        let (own, other) = (side(tx, &scope, own)?, side(tx, &scope, other)?);
        let is_one = rows::is_one(tx, &own.case_id, &other.case_id)?;
        let both: BTreeSet<CaseId> = own.cases.iter().chain(&other.cases).cloned().collect();
        let mut merges = Vec::new();
        for merge in rows::of_group(tx, &both)? {
            // Of a case that is not seen nobody learns that it is linked, why, or which it is.
            if both.contains(&merge.merged) {
                let mut shown = rows::between(tx, merge)?;
                shown.since.retain(|id| both.contains(id));
                shown.falls_to_kept.retain(|id| both.contains(id));
                merges.push(shown);
            }
        }
        let mut numbers = BTreeMap::new();
        for case_id in both {
            if let Some(number) = walls::number(tx, &case_id)? {
                numbers.insert(case_id, number);
            }
        }
        let reasons = search::judged_alike(&own.party, &other.party);
        Ok(Compared { own, other, reasons, is_one, merges, numbers })
    })?;
    let all = compared.own.cases.iter().chain(&compared.other.cases);
    let more: Vec<CaseId> = all.filter(|id| *id != own && *id != other).cloned().collect();
    let list = about(ctx, ("compare members", String::new()));
    ctx.app.db.write("record a look", |tx| -> Result<()> {
        looks.iter().try_for_each(|look| audit::record(tx, look))?;
        if more.is_empty() { Ok(()) } else { Ok(audit::record_many(tx, &list, &more)?) }
    })?;
    Ok(compared)
}

fn side(tx: &mut Tx, scope: &Scope, case_id: &CaseId) -> Result<Side> {
    let party = people::get(tx, scope, case_id)?.unwrap_or_default();
    let cases = seen_of(tx, scope, case_id)?;
    Ok(Side { case_id: case_id.clone(), party, cases })
}

fn seen_of(tx: &mut Tx, scope: &Scope, case_id: &CaseId) -> Result<Vec<CaseId>> {
    let mut seen = Vec::new();
    for case_id in rows::cases_of(tx, case_id)? {
        if walls::decide(tx, scope, &case_id)?.is_some_and(|decision| decision.allow) {
            seen.push(case_id);
        }
    }
    Ok(seen)
}

/// Returns the other cases of a case's member that only a person says are theirs, as far as they are seen, with their numbers.
pub fn merged_with(ctx: &Ctx, case_id: &CaseId) -> Result<Vec<(CaseId, CaseNumber)>> {
    let scope = ctx.scope_of_case()?;
    ctx.app.db.read(|tx| -> Result<_> {
        ctx.sees(tx, &scope, case_id)?;
        let mut others = Vec::new();
        for other in rows::said_to_be(tx, case_id)? {
            if walls::decide(tx, &scope, &other)?.is_some_and(|decision| decision.allow) {
                others.extend(walls::number(tx, &other)?.map(|number| (other, number)));
            }
        }
        Ok(others)
    })
}

/// Says that the members of two cases are one, the first one's identity surviving. Each case keeps its people and its record.
///
/// # Errors
/// [`Error::Unproved`] without a fresh factor; [`Error::Outside`] where a case of either is not seen; [`Error::Refused`]
/// without a reason, and where they are one already.
pub fn merge(ctx: &Ctx, (kept, merged): (&CaseId, &CaseId), reason: &Phi<String>) -> Result<()> {
    let scope = ctx.scope_without_leave(Permission::MergeMembers)?;
    let reason = reason_of(reason)?;
    ctx.stepped_up()?;
    let row = Merge {
        merge_id: ctx.sortable_id(),
        kept: kept.clone(),
        merged: merged.clone(),
        at: ctx.now,
        by: ctx.actor.user_id.clone(),
        reason,
    };
    ctx.app.db.write("merge members", |tx| -> Result<()> {
        rows::lock(tx)?;
        let (one, other) = (rows::cases_of(tx, kept)?, rows::cases_of(tx, merged)?);
        let both: Vec<CaseId> = one.union(&other).cloned().collect();
        is_whole(&one)?;
        is_whole(&other)?;
        for case_id in &both {
            ctx.sees(tx, &scope, case_id)?;
        }
        if one.contains(merged) {
            let words = "the two are one member already: there is nothing to merge";
            return Err(Refusal::new("one-already", words).into());
        }
        rows::merge(tx, &row)?;
        let done = about(ctx, ("merge members", format!("merge {}", row.merge_id)));
        Ok(audit::record_many(tx, &done, &both)?)
    })?;
    ctx.app.wrote();
    Ok(())
}

/// Takes a merge apart. Both members are as they were before it; of each case opened since, `kept` says whether it is of the
/// identity that survived the merge, and those it does not name fall where their plan ID and birth date tell.
///
/// # Errors
/// Those of [`merge()`]; [`Error::NotFound`] where no such merge holds.
pub fn unmerge(
    ctx: &Ctx,
    merge_id: &str,
    (kept, reason): (&BTreeMap<CaseId, bool>, &Phi<String>),
) -> Result<()> {
    let scope = ctx.scope_without_leave(Permission::MergeMembers)?;
    let reason = reason_of(reason)?;
    ctx.stepped_up()?;
    let by = &ctx.actor.user_id;
    ctx.app.db.write("unmerge members", |tx| -> Result<()> {
        rows::lock(tx)?;
        let merge = rows::merge_of(tx, merge_id)?.ok_or(Error::NotFound)?;
        let both = rows::cases_of(tx, &merge.kept)?;
        is_whole(&both)?;
        let both: Vec<CaseId> = both.into_iter().collect();
        for case_id in &both {
            ctx.sees(tx, &scope, case_id)?;
        }
        let apart = rows::between(tx, merge)?;
        rows::undo(tx, merge_id, (by, &reason), ctx.now)?;
        for case_id in &apart.since {
            let falls = apart.falls_to_kept.contains(case_id);
            let said = kept.get(case_id).copied().unwrap_or(falls);
            let of = if said { &apart.merge.kept } else { &apart.merge.merged };
            if said != falls {
                rows::place(tx, (case_id, of), (by, ctx.now))?;
            }
        }
        if rows::is_one(tx, &apart.merge.kept, &apart.merge.merged)? {
            let words = "another merge, or a plan ID with a birth date, still joins them: take that apart first";
            return Err(Refusal::new("joined-otherwise", words).into());
        }
        let done = about(ctx, ("unmerge members", format!("merge {merge_id}")));
        Ok(audit::record_many(tx, &done, &both)?)
    })?;
    ctx.app.wrote();
    Ok(())
}

/// Of more cases than are followed, nobody can say that all of them were seen.
fn is_whole(cases: &BTreeSet<CaseId>) -> Result<()> {
    if cases.len() < rows::CASES_MAX {
        return Ok(());
    }
    let words = "too many cases have this plan ID and birth date: correct them first";
    Err(Refusal::new("member-too-large", words).into())
}

fn reason_of(reason: &Phi<String>) -> Result<Phi<String>> {
    let words = reason.reveal().trim();
    if words.is_empty() {
        let words = "say why: whoever looks at it later has only this to go by";
        return Err(Refusal::new("reason-missing", words).at("reason").into());
    }
    if words.chars().count() > REASON_MAX {
        let words = format!("the reason is longer than {REASON_MAX} letters: say it shorter");
        return Err(Refusal::new("reason-long", words).at("reason").into());
    }
    Ok(Phi::new(words.to_owned()))
}

fn about(ctx: &Ctx, (action, object): (&str, String)) -> audit::Entry {
    audit::Entry { case_id: None, object, ..entry(ctx, &CaseId::default(), action) }
}
