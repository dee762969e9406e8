//! Out of office: who is away, who stands in, and what goes on to others while they are. Nothing is taken back afterwards.

mod goes_on;

pub use goes_on::sweep;

use crate::act::{ends_ahead, entry};
use crate::{Ctx, Error, Permission, Result, desk};
use doorstep_case::Role;
use doorstep_store::absences::{self, Absence};
use doorstep_store::audit;
use doorstep_vocab::{CaseId, Micros, Timestamp, UserId};

/// The longest absence, so that a mistyped year locks nobody out of work.
const LONGEST: Micros = Micros::hours(24 * 366);

/// An absence as it is typed in.
#[derive(Debug, Clone)]
pub struct Typed {
    /// Who is away.
    pub user_id: UserId,
    /// From when.
    pub from_at: Timestamp,
    /// Until when, that instant excluded.
    pub until_at: Timestamp,
    /// Who stands in, if anybody in particular does.
    pub stand_in: Option<UserId>,
}

/// Enters an absence: one's own, or as a supervisor somebody's.
///
/// # Errors
/// [`Error::Forbidden`] for another's, [`Error::Bad`] with the code `until` or `stand_in`.
pub fn enter(ctx: &Ctx, typed: &Typed) -> Result<()> {
    may(ctx, &typed.user_id)?;
    ends_ahead(ctx, (typed.from_at, typed.until_at))?;
    if typed.until_at > typed.from_at.plus(LONGEST) {
        return Err(Error::bad("until", "an absence is a year at most: enter a nearer end"));
    }
    let staff = desk::staff(ctx)?;
    let works = |user_id: &UserId| staff.iter().any(|user| user.user_id == *user_id);
    if !works(&typed.user_id) {
        return Err(Error::NotFound);
    }
    if typed.stand_in.as_ref().is_some_and(|one| *one == typed.user_id || !works(one)) {
        return Err(Error::bad(
            "stand_in",
            "choose a colleague of the list, or nobody in particular",
        ));
    }
    let absence = Absence {
        absence_id: ctx.sortable_id(),
        user_id: typed.user_id.clone(),
        from_at: typed.from_at,
        until_at: typed.until_at,
        stand_in: typed.stand_in.clone(),
        entered_by: ctx.actor.user_id.clone(),
        handed_at: None,
        ended_at: None,
    };
    ctx.app.db.write("enter absence", |tx| -> Result<()> {
        absences::add(tx, &absence, ctx.now)?;
        Ok(audit::record(tx, &about(ctx, "enter absence", &absence))?)
    })?;
    ctx.app.wrote();
    Ok(())
}

/// Ends an absence before its time, or takes it back before it begins.
///
/// # Errors
/// [`Error::Forbidden`] for another's, [`Error::NotFound`] when it is over.
pub fn end(ctx: &Ctx, absence_id: &str) -> Result<()> {
    let found = ctx.app.db.read(|tx| absences::find(tx, absence_id).map_err(Error::from))?;
    let absence = found.ok_or(Error::NotFound)?;
    may(ctx, &absence.user_id)?;
    let was_on = ctx.app.db.write("end absence", |tx| -> Result<bool> {
        let was_on = absences::end(tx, absence_id, ctx.now)?;
        if was_on {
            audit::record(tx, &about(ctx, "end absence", &absence))?;
        }
        Ok(was_on)
    })?;
    if was_on { Ok(()) } else { Err(Error::NotFound) }
}

fn may(ctx: &Ctx, user_id: &UserId) -> Result<()> {
    ctx.may(Permission::WorkCases)?;
    let is_own = *user_id == ctx.actor.user_id;
    if is_own || ctx.actor.role == Role::Supervisor { Ok(()) } else { Err(Error::Forbidden) }
}

fn about(ctx: &Ctx, action: &str, absence: &Absence) -> audit::Entry {
    let object = format!("user {}", absence.user_id);
    audit::Entry { case_id: None, object, ..entry(ctx, &CaseId::default(), action) }
}

/// Returns the absences that are not over, by when they begin.
pub fn list(ctx: &Ctx) -> Result<Vec<Absence>> {
    ctx.may(Permission::WorkCases)?;
    ctx.app.db.read(|tx| absences::not_over(tx, ctx.now).map_err(Error::from))
}

/// Returns the absence in which whoever asks is now.
pub fn own(ctx: &Ctx) -> Result<Option<Absence>> {
    let own = &ctx.actor.user_id;
    ctx.app.db.read(|tx| absences::of_user(tx, own, ctx.now).map_err(Error::from))
}
