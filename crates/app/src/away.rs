//! Out of office: who is away, who stands in, and what they have handed on at the beginning. Nothing is taken back afterwards.

use crate::act::{act, act_and, entry};
use crate::handout::Ground;
use crate::{App, Ctx, Error, Permission, Result, desk};
use doorstep_case::calls::CallsCommand;
use doorstep_case::handout::{Cause, Reason};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Command, Role};
use doorstep_store::absences::{self, Absence};
use doorstep_store::{audit, cases, users};
use doorstep_vocab::{CallId, CaseId, Micros, Timestamp, UserId};

/// The longest absence, so that a mistyped year locks nobody out of work.
const LONGEST: Micros = Micros::hours(24 * 366);
/// Absences handed on in one round.
const ABSENCES_MAX: u32 = 20;
/// Cases and calls of one person that are handed on in one round.
const AT_ONCE_MAX: u32 = 200;

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
    if typed.until_at <= typed.from_at || typed.until_at <= ctx.now {
        return Err(Error::bad(
            "until",
            "enter an end that comes after the beginning, and after now",
        ));
    }
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

/// Hands on what those have whose absence has begun. Returns how many cases and calls went to somebody else.
///
/// What cannot be done now is tried again: an absence is handed on when nothing of it is left.
pub fn sweep(app: &App) -> Result<usize> {
    let ctx = app.system("hand-out");
    let due =
        app.db.read(|tx| absences::to_hand_on(tx, ctx.now, ABSENCES_MAX).map_err(Error::from))?;
    let mut n_moved = 0;
    for absence in due {
        if absence.until_at > ctx.now {
            let (n, is_whole) = hand_on(&ctx, &absence)?;
            n_moved += n;
            if !is_whole {
                continue;
            }
        }
        app.db.write("absence handed on", |tx| {
            absences::handed(tx, &absence.absence_id, ctx.now).map_err(Error::from)
        })?;
    }
    Ok(n_moved)
}

/// Returns how much went on, and whether that was all of it.
fn hand_on(ctx: &Ctx, absence: &Absence) -> Result<(usize, bool)> {
    let scope = ctx.scope()?;
    let away = (&absence.user_id, absence.until_at);
    let (due, calls) = ctx.app.db.read(|tx| -> Result<_> {
        let due = absences::due_cases(tx, &scope, away, AT_ONCE_MAX)?;
        Ok((due, absences::promised_calls(tx, &scope, &absence.user_id, AT_ONCE_MAX)?))
    })?;
    let team = ctx
        .app
        .db
        .read(|tx| users::find(tx, &absence.user_id).map_err(Error::from))?
        .and_then(|user| user.team);
    let is_whole = due.len() < AT_ONCE_MAX as usize;
    let mut n_moved = 0;
    for case_id in due {
        let ground = Ground::read(ctx, team.as_deref())?;
        n_moved += usize::from(case_on(ctx, (absence, &ground), &case_id)?);
    }
    for (call_id, case_id) in calls {
        n_moved += usize::from(call_on(ctx, absence, (&call_id, &case_id))?);
    }
    Ok((n_moved, is_whole))
}

/// To the stand-in where there is one who may have it, else by the rule, else to nobody.
fn case_on(ctx: &Ctx, (absence, ground): (&Absence, &Ground), case_id: &CaseId) -> Result<bool> {
    let need = ctx.app.db.read(|tx| ground.need(tx, (case_id, None)))?;
    let stand_in = match &absence.stand_in {
        Some(one) if ground.may_stand_in(ctx, one, case_id)? => Some(one),
        _ => None,
    };
    let (to, reason) = if let Some(stand_in) = stand_in {
        (Some(stand_in.clone()), Reason { cause: Cause::StandIn, points: Vec::new() })
    } else {
        let given = ground.weigh(std::slice::from_ref(&need)).pop();
        match given.as_ref().and_then(|given| given.to()) {
            Some(to) => {
                let reason = Reason { cause: Cause::Away, points: to.why.clone() };
                (Some(to.user_id.clone()), reason)
            }
            None => (None, Reason { cause: Cause::NobodyThere, points: Vec::new() }),
        }
    };
    let command = Command::Intake(IntakeCommand::HandOut { to, reason });
    went(act(ctx, case_id, None, &command).map(|acted| !acted.recorded.is_empty()))
}

/// A call back that is owed goes where its case went.
fn call_on(ctx: &Ctx, absence: &Absence, (call_id, case_id): (&CallId, &CaseId)) -> Result<bool> {
    let case = ctx.app.db.read(|tx| cases::load(tx, case_id).map_err(Error::from))?;
    let Some(case) = case else { return Ok(false) };
    if !case.calls.0.get(call_id).is_some_and(doorstep_case::calls::Call::is_owed) {
        return Ok(false);
    }
    let manager = case.intake.manager.filter(|manager| *manager != absence.user_id);
    let to = manager.or_else(|| absence.stand_in.clone());
    let is_stand_in = to.is_some() && to == absence.stand_in;
    let why = match (&to, is_stand_in) {
        (_, true) => Cause::StandIn,
        (Some(_), false) => Cause::Away,
        (None, false) => Cause::NobodyThere,
    };
    let command = Command::Calls(CallsCommand::PassOn {
        call_id: call_id.clone(),
        to: to.clone(),
        cause: why,
    });
    let done = act_and(ctx, case_id, None, &command, &mut |tx| {
        absences::pass_call_on(tx, call_id, to.as_ref()).map_err(Error::from)
    });
    went(done.map(|acted| !acted.recorded.is_empty()))
}

/// What the rules refuse by now stays where it is: the case went on meanwhile.
fn went(done: Result<bool>) -> Result<bool> {
    match done {
        Err(Error::Refused(_) | Error::NotFound | Error::Stale) => Ok(false),
        done => done,
    }
}
