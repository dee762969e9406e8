//! The audit trail as it is written for what is about no case, and as it is read.

use crate::act::entry;
use crate::{Ctx, Error, Result};
use doorstep_authz::{Permission, Reach, Rule};
use doorstep_case::{Actor, Role};
use doorstep_db::Tx;
use doorstep_store::audit::{self, Audited, Filter};
use doorstep_store::{looks, walls};
use doorstep_vocab::{CaseId, Timestamp};

/// What the trail calls it when people were amended and nothing was recorded.
pub(crate) const AMENDED: &str = "amend people";
/// Entries that are read for those.
const AMENDED_MAX: u32 = 500;
/// Why somebody administers.
const ADMINISTRATION: &str = "administration";

/// Records, in the transaction that does it, what was done to whom or what of the hub itself: a user, a provider.
pub(crate) fn administered(tx: &mut Tx, ctx: &Ctx, (action, object): (&str, String)) -> Result<()> {
    Ok(audit::record(tx, &about_no_case(ctx, (action, object)))?)
}

/// Records what was refused because of who asked: a page, a command, a sign-in.
pub fn refused(ctx: &Ctx, action: &str, object: &str) -> Result<()> {
    let entry = about_no_case(ctx, (action, object.to_owned()));
    keep_refusal(ctx, entry, Rule::NotOfRole)
}

/// Records that a case was not shown or changed, because of who asked.
pub fn kept_out(
    ctx: &Ctx,
    (action, object): (&str, &str),
    (case_id, rule): (&CaseId, Rule),
) -> Result<()> {
    let mut entry = about_no_case(ctx, (action, object.to_owned()));
    entry.case_id = Some(case_id.clone());
    keep_refusal(ctx, entry, rule)
}

fn keep_refusal(ctx: &Ctx, mut entry: audit::Entry, rule: Rule) -> Result<()> {
    rule.id().clone_into(&mut entry.rule);
    "refused".clone_into(&mut entry.outcome);
    ctx.app.db.write("record a refusal", |tx| audit::record(tx, &entry).map_err(Error::from))
}

fn about_no_case(ctx: &Ctx, (action, object): (&str, String)) -> audit::Entry {
    audit::Entry {
        case_id: None,
        object,
        purpose: ADMINISTRATION.to_owned(),
        ..entry(ctx, &CaseId::default(), action)
    }
}

/// Says whether there is a case whose trail may be read.
///
/// # Errors
/// [`Error::NotFound`] when there is none.
pub fn has_case(ctx: &Ctx, case_id: &CaseId) -> Result<()> {
    let scope = ctx.scope_to(Permission::ReadActivity)?;
    ctx.app.db.read(|tx| {
        // Auditors and the privacy officer read who did what of every case, and nothing of what is in it.
        if Reach::of(ctx.actor.role) == Reach::Granted {
            return walls::facts(tx, case_id)?.map(|_| ()).ok_or(Error::NotFound);
        }
        ctx.sees(tx, &scope, case_id)
    })
}

/// Returns up to `limit` entries, the newest first, and records that somebody looked. Whoever has the command line on
/// the machine reads them there; over the network a supervisor does.
pub fn page(ctx: &Ctx, filter: &Filter, limit: u32) -> Result<Vec<Audited>> {
    if ctx.actor.role != Role::System {
        ctx.may(Permission::ReadActivity)?;
    }
    let scope = match ctx.actor.role {
        Role::System => ctx.scope()?,
        _ => ctx.scope_to(Permission::ReadActivity)?,
    };
    let found =
        ctx.app.db.read(|tx| audit::page(tx, &scope, filter, limit).map_err(Error::from))?;
    let mut look = about_no_case(ctx, ("read activity", String::new()));
    look.case_id.clone_from(&filter.case_id);
    ctx.app.db.write("record a look", |tx| audit::record(tx, &look).map_err(Error::from))?;
    Ok(found)
}

/// Returns who amended the people of a case after a moment without adding to its record, the first first: what is personal is in
/// no event. It tells nobody more than the case's own record does, and is no look.
pub fn people_amended(
    ctx: &Ctx,
    case_id: &CaseId,
    after: Timestamp,
) -> Result<Vec<(Timestamp, Actor)>> {
    let scope = ctx.scope_of_case()?;
    let span = (Timestamp(after.0 + 1), Timestamp(ctx.now.0 + 1));
    let looks = ctx.app.db.read(|tx| -> Result<_> {
        ctx.sees(tx, &scope, case_id)?;
        Ok(looks::of_case(tx, case_id, span, AMENDED_MAX)?)
    })?;
    let amended = looks.into_iter().rev().map(|look| look.audited.entry);
    let amended = amended.filter(|entry| entry.action == AMENDED);
    Ok(amended
        .map(|entry| (entry.at, Actor { user_id: entry.user_id, role: entry.role }))
        .collect())
}

/// Entries that a timeline shows of who looked.
const VIEWS_MAX: u32 = 500;

/// Returns who looked at a case, the latest first, for those who may read who did what: it is part of the case's own page, whose
/// look is recorded. What changed the case is in its record.
pub fn views(ctx: &Ctx, case_id: &CaseId) -> Result<Vec<audit::Entry>> {
    let scope = ctx.scope_to(Permission::ReadActivity)?;
    let span = (Timestamp(0), Timestamp(ctx.now.0 + 1));
    let looks = ctx.app.db.read(|tx| -> Result<_> {
        ctx.sees(tx, &scope, case_id)?;
        Ok(looks::of_case(tx, case_id, span, VIEWS_MAX)?)
    })?;
    let entries = looks.into_iter().map(|look| look.audited.entry);
    // An event's name has a stage, a full stop and what happened.
    Ok(entries.filter(|entry| !entry.action.contains('.')).collect())
}
