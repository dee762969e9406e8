//! The rota of the line that answers at all hours: who is on call now, who comes next, and where nobody is.

use crate::act::ends_ahead;
use crate::raised::Reach;
use crate::trail::administered;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::Role;
use doorstep_case::rota::{Duty, Span, gaps};
use doorstep_store::rota::{self, Shift};
use doorstep_store::{absences, users};
use doorstep_vocab::{Micros, Timestamp, UserId};
use std::collections::BTreeMap;

/// How far ahead the rota is shown.
pub const SHOWN: Micros = Micros::hours(24 * 14);
/// How far ahead gaps are told.
pub const GAPS_TOLD: Micros = Micros::hours(24 * 7);
/// A gap nearer than this is on the supervisor's board.
pub const GAP_NEAR: Micros = Micros::hours(24);
/// The longest shift, so that a mistyped year hides no gap.
const LONGEST: Micros = Micros::hours(24 * 14);
/// Shifts read at once: some for every hour shown.
const SHIFTS_MAX: u32 = 1_000;
/// Users looked through for their numbers.
const USERS_MAX: u32 = 2_000;

/// Somebody on call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnCall {
    /// The shift.
    pub shift: Shift,
    /// Their name and direct number.
    pub reach: Reach,
    /// Whether they may still do it: an account may be shut, or have another role by now.
    pub is_able: bool,
    /// When they are there: the shift without what they are away of it.
    pub there: Vec<Span>,
}

/// The rota as it stands.
#[derive(Debug)]
pub struct Rota {
    /// Shifts that are not over, in their order.
    pub shifts: Vec<OnCall>,
    /// Where nobody is on call, by duty and time.
    pub gaps: Vec<(Duty, Span)>,
    /// When it was read.
    pub now: Timestamp,
}

impl Rota {
    /// Returns who is on call now.
    pub fn now(&self, duty: Duty) -> impl Iterator<Item = &OnCall> {
        let of = move |one: &&OnCall| {
            one.shift.duty == duty && one.there.iter().any(|span| span.holds(self.now))
        };
        self.shifts.iter().filter(of).filter(|one| one.is_able)
    }

    /// Returns who is on call now, as callers and colleagues are told; empty for nobody.
    pub fn now_in_words(&self, duty: Duty) -> String {
        let all: Vec<String> = self.now(duty).map(|one| one.reach.words()).collect();
        all.join("; ")
    }

    /// Returns the gaps that begin within [`GAP_NEAR`].
    pub fn near_gaps(&self) -> impl Iterator<Item = &(Duty, Span)> {
        let until = self.now.plus(GAP_NEAR);
        self.gaps.iter().filter(move |(_, span)| span.from < until)
    }
}

/// Returns the rota. Everybody who is signed in reads it: it tells of no member.
pub fn rota(ctx: &Ctx) -> Result<Rota> {
    let period = (ctx.now, ctx.now.plus(SHOWN));
    let (shifts, users, away) = ctx.app.db.read(|tx| -> Result<_> {
        let shifts = rota::between(tx, period, SHIFTS_MAX)?;
        let away = absences::not_over(tx, ctx.now)?;
        Ok((shifts, users::list(tx, None, USERS_MAX)?, away))
    })?;
    let users: BTreeMap<UserId, users::User> =
        users.into_iter().map(|user| (user.user_id.clone(), user)).collect();
    let on_call = |shift: Shift| {
        let user = users.get(&shift.user_id);
        let is_able = user.is_some_and(|user| may_do(user, shift.duty));
        let reach = user.map_or_else(
            || Reach { name: shift.user_id.to_string(), phone: String::new() },
            |user| Reach { name: user.name.clone(), phone: user.phone.clone().unwrap_or_default() },
        );
        let of_them = away.iter().filter(|absence| absence.user_id == shift.user_id);
        let spans: Vec<Span> =
            of_them.map(|one| Span { from: one.from_at, until: one.until_at }).collect();
        let there = gaps(&spans, shift.span);
        OnCall { shift, reach, is_able, there }
    };
    let shifts: Vec<OnCall> = shifts.into_iter().map(on_call).collect();
    let told = Span { from: ctx.now, until: ctx.now.plus(GAPS_TOLD) };
    let mut all = Vec::new();
    for duty in Duty::ALL {
        let able = shifts.iter().filter(|one| one.shift.duty == *duty && one.is_able);
        let spans: Vec<Span> = able.flat_map(|one| one.there.iter().copied()).collect();
        all.extend(gaps(&spans, told).into_iter().map(|span| (*duty, span)));
    }
    Ok(Rota { shifts, gaps: all, now: ctx.now })
}

fn may_do(user: &users::User, duty: Duty) -> bool {
    let role = match duty {
        Duty::Nurse => Role::Nurse,
        Duty::Supervisor => Role::Supervisor,
    };
    user.role == role && user.disabled_at.is_none()
}

/// Returns who can be put on call as what.
pub fn candidates(ctx: &Ctx) -> Result<Vec<(Duty, users::User)>> {
    ctx.may(Permission::HandOut)?;
    let all = ctx.app.db.read(|tx| users::list(tx, None, USERS_MAX).map_err(Error::from))?;
    let of = |duty: &Duty| {
        let duty = *duty;
        all.iter().filter(move |user| may_do(user, duty)).map(move |user| (duty, user.clone()))
    };
    Ok(Duty::ALL.iter().flat_map(of).collect())
}

/// Puts somebody on call.
///
/// # Errors
/// [`Error::Bad`] with the code `who` when they have another role, `until` when the end is not after the beginning and now, or too far off.
pub fn add(ctx: &Ctx, (duty, user_id): (Duty, &UserId), span: Span) -> Result<()> {
    ctx.may(Permission::HandOut)?;
    ends_ahead(ctx, (span.from, span.until))?;
    if span.until > span.from.plus(LONGEST) {
        return Err(Error::bad("until", "a shift is two weeks at most: enter a nearer end"));
    }
    let is_able = candidates(ctx)?.iter().any(|(of, user)| *of == duty && user.user_id == *user_id);
    if !is_able {
        return Err(Error::bad(
            "who",
            "choose a nurse for the nurse's shifts, a supervisor for theirs",
        ));
    }
    let shift = Shift { shift_id: ctx.sortable_id(), duty, user_id: user_id.clone(), span };
    ctx.app.db.write("add shift", |tx| -> Result<()> {
        rota::add(tx, &shift, (&ctx.actor.user_id, ctx.now))?;
        administered(tx, ctx, ("put on call", in_words(&shift)))
    })?;
    ctx.app.wrote();
    Ok(())
}

/// Says whose shift, as what and when, for the trail.
fn in_words(shift: &Shift) -> String {
    let Span { from, until } = shift.span;
    format!("user {} as {}, {from} to {until}", shift.user_id, shift.duty.code())
}

/// Takes a shift off the rota.
///
/// # Errors
/// [`Error::NotFound`] when there is none, or it is over.
pub fn remove(ctx: &Ctx, shift_id: &str) -> Result<()> {
    ctx.may(Permission::HandOut)?;
    let was_there = ctx.app.db.write("remove shift", |tx| -> Result<bool> {
        let all = rota::between(tx, (ctx.now, Timestamp(i64::MAX)), SHIFTS_MAX)?;
        let shift = all.iter().find(|shift| shift.shift_id == shift_id);
        let object = shift.map_or_else(|| format!("shift {shift_id}"), in_words);
        let was_there = rota::remove(tx, shift_id, ctx.now)?;
        if was_there {
            administered(tx, ctx, ("take off call", object))?;
        }
        Ok(was_there)
    })?;
    ctx.app.wrote_if(was_there)
}
