//! What goes on to somebody else while whoever has it is away: what is due at the beginning, and what becomes due after it.

use crate::act::{act, act_and};
use crate::handout::Ground;
use crate::{App, Ctx, Error, Result};
use doorstep_case::calls::{Call, CallsCommand};
use doorstep_case::handout::{Cause, Reason};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Case, Command};
use doorstep_store::absences::{self, Absence};
use doorstep_store::{cases, users};
use doorstep_vocab::{CallId, CaseId};

/// Absences looked at in one round.
const ABSENCES_MAX: u32 = 1_000;
/// Cases of one person looked at in one round, and calls read at a time.
const AT_ONCE_MAX: u32 = 200;
/// Cases and calls handed on in one round, so that what has a clock does not wait for it long.
const MOVES_MAX: usize = 200;

/// Hands on what those have who are away. Returns how many cases and calls went to somebody else.
///
/// What cannot be done now is tried again in the next round, and so is what becomes due while the absence runs: by then only the
/// cases, since whoever is away promises no call. A row that cannot be handed on stops no other.
pub fn sweep(app: &App) -> Result<usize> {
    let ctx = app.system("hand-out");
    let running =
        app.db.read(|tx| absences::to_hand_on(tx, ctx.now, ABSENCES_MAX).map_err(Error::from))?;
    let mut n_moved = 0;
    for absence in running {
        let left = MOVES_MAX.saturating_sub(n_moved);
        if left == 0 {
            break;
        }
        match hand_on(&ctx, &absence, left) {
            Ok(n) => n_moved += n,
            Err(error) => {
                tracing::warn!(
                    absence = absence.absence_id,
                    "an absence was not handed on, and is in a minute: {error}"
                );
            }
        }
    }
    Ok(n_moved)
}

/// Returns how much went on, `left` at most.
fn hand_on(ctx: &Ctx, absence: &Absence, left: usize) -> Result<usize> {
    let mut n_moved = cases_on(ctx, absence, left)?;
    if absence.handed_at.is_some() {
        return Ok(n_moved);
    }
    n_moved += calls_on(ctx, absence, left - n_moved)?;
    if is_all_gone(ctx, absence)? {
        ctx.app.db.write("absence handed on", |tx| {
            absences::handed(tx, &absence.absence_id, ctx.now).map_err(Error::from)
        })?;
    }
    Ok(n_moved)
}

fn cases_on(ctx: &Ctx, absence: &Absence, left: usize) -> Result<usize> {
    let scope = ctx.scope()?;
    let away = (&absence.user_id, absence.until_at);
    let (due, user) = ctx.app.db.read(|tx| -> Result<_> {
        let due = absences::due_cases(tx, &scope, away, AT_ONCE_MAX)?;
        Ok((due, users::find(tx, &absence.user_id)?))
    })?;
    if due.is_empty() {
        return Ok(0);
    }
    let mut ground = Ground::read(ctx, user.and_then(|user| user.team).as_deref())?;
    let mut n_moved = 0;
    for (case_id, seq) in due {
        if n_moved >= left || !still_away(ctx, absence)? {
            break;
        }
        n_moved += usize::from(went(case_on(ctx, (absence, &mut ground), (&case_id, seq))));
    }
    Ok(n_moved)
}

/// To the stand-in where there is one who may have it, else by the rule, else to nobody. The rule gives a labelled case to nobody:
/// a supervisor does.
fn case_on(
    ctx: &Ctx,
    (absence, ground): (&Absence, &mut Ground),
    (case_id, seq): (&CaseId, u32),
) -> Result<bool> {
    let need = ctx.app.db.read(|tx| ground.need(tx, (case_id, None)))?;
    let stand_in = match &absence.stand_in {
        Some(one) if Ground::may_stand_in(ctx, one, &need)? => Some(one),
        _ => None,
    };
    let (to, reason) = if let Some(stand_in) = stand_in {
        (Some(stand_in.clone()), Reason { cause: Cause::StandIn, points: Vec::new() })
    } else {
        let given = ground.weigh(std::slice::from_ref(&need)).pop();
        let is_labelled = Ground::is_labelled(ctx, case_id)?;
        match given.as_ref().and_then(|given| given.to()).filter(|_| !is_labelled) {
            Some(to) => {
                let reason = Reason { cause: Cause::Away, points: to.why.clone() };
                (Some(to.user_id.clone()), reason)
            }
            None => (None, Reason { cause: Cause::NobodyThere, points: Vec::new() }),
        }
    };
    let command = Command::Intake(IntakeCommand::HandOut { to: to.clone(), reason });
    let is_moved = !act(ctx, case_id, Some(seq), &command)?.recorded.is_empty();
    if let Some(to) = to.filter(|_| is_moved) {
        ground.took(&to);
    }
    Ok(is_moved)
}

fn calls_on(ctx: &Ctx, absence: &Absence, left: usize) -> Result<usize> {
    let mut n_moved = 0;
    let mut before = None;
    loop {
        let calls = page_of_calls(ctx, absence, before.as_ref())?;
        let Some((last, _)) = calls.last() else { return Ok(n_moved) };
        before = Some(last.clone());
        for (call_id, case_id) in &calls {
            if n_moved >= left || !still_away(ctx, absence)? {
                return Ok(n_moved);
            }
            n_moved += usize::from(went(call_on(ctx, absence, (call_id, case_id))));
        }
    }
}

fn page_of_calls(
    ctx: &Ctx,
    absence: &Absence,
    before: Option<&CallId>,
) -> Result<Vec<(CallId, CaseId)>> {
    let scope = ctx.scope()?;
    ctx.app.db.read(|tx| {
        let of = (&absence.user_id, before);
        absences::promised_calls(tx, &scope, of, AT_ONCE_MAX).map_err(Error::from)
    })
}

/// A call back that is owed goes where its case went, else to the stand-in: to one who is here and sees the case.
fn call_on(ctx: &Ctx, absence: &Absence, (call_id, case_id): (&CallId, &CaseId)) -> Result<bool> {
    let Some(case) = owing(ctx, (call_id, case_id))? else { return Ok(false) };
    let manager = case.intake.manager.filter(|manager| *manager != absence.user_id);
    let mut to = None;
    for one in [manager.as_ref(), absence.stand_in.as_ref()].into_iter().flatten() {
        if to.is_none() && Ground::may_call_back(ctx, one, case_id)? {
            to = Some(one.clone());
        }
    }
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
    let acted = act_and(ctx, case_id, Some(case.seq), &command, &mut |tx| {
        absences::pass_call_on(tx, call_id, to.as_ref()).map_err(Error::from)
    })?;
    Ok(!acted.recorded.is_empty())
}

/// Returns a call's case where the call back is owed.
fn owing(ctx: &Ctx, (call_id, case_id): (&CallId, &CaseId)) -> Result<Option<Case>> {
    let case = ctx.app.db.read(|tx| cases::load(tx, case_id).map_err(Error::from))?;
    Ok(case.filter(|case| case.calls.0.get(call_id).is_some_and(Call::is_owed)))
}

/// Reads anew whether nothing is left with somebody that is due, and no call back that they owe.
fn is_all_gone(ctx: &Ctx, absence: &Absence) -> Result<bool> {
    let scope = ctx.scope()?;
    let away = (&absence.user_id, absence.until_at);
    if !ctx.app.db.read(|tx| absences::due_cases(tx, &scope, away, 1))?.is_empty() {
        return Ok(false);
    }
    let mut before = None;
    loop {
        let calls = page_of_calls(ctx, absence, before.as_ref())?;
        let Some((last, _)) = calls.last() else { return Ok(true) };
        before = Some(last.clone());
        for (call_id, case_id) in &calls {
            if owing(ctx, (call_id, case_id))?.is_some() {
                return Ok(false);
            }
        }
    }
}

/// Returns whether an absence runs on: somebody may have ended it meanwhile.
fn still_away(ctx: &Ctx, absence: &Absence) -> Result<bool> {
    let found = ctx.app.db.read(|tx| absences::find(tx, &absence.absence_id))?;
    Ok(found.is_some_and(|absence| absence.ended_at.is_none()))
}

/// What the rules refuse by now stays where it is: the case went on meanwhile. What fails is told, and stops no other.
fn went(done: Result<bool>) -> bool {
    match done {
        Ok(is_moved) => is_moved,
        Err(Error::Refused(_) | Error::NotFound | Error::Stale) => false,
        Err(error) => {
            tracing::warn!("a case or a call was not handed on, and is in a minute: {error}");
            false
        }
    }
}
