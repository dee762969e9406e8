//! Escalations and complaints across cases, for whoever answers them, and how these are reached.

use crate::act::{entry, today};
use crate::{Ctx, Error, Result};
use doorstep_case::disputes::{ComplaintCategory, Rung, Tally};
use doorstep_store::escalations::{self, Counts, Filter, Listed, Rate};
use doorstep_store::{audit, complaints, users};
use doorstep_vocab::{CaseId, DisputeId, EscalationId, Micros, Span, Timestamp, UserId};
use std::collections::BTreeMap;

/// Days of promises that the keep-rate is made of.
pub const RATE_DAYS: i64 = 30;
/// Escalations on a page.
pub const PAGE: u32 = 100;
const DAY: Micros = Micros::hours(24);
/// Users that are looked through for their numbers.
const USERS_MAX: u32 = 2_000;

/// Where a page goes on.
pub type After = (Timestamp, CaseId, EscalationId);

/// Open escalations with what the promises of late came to.
pub struct Raised {
    /// What is due first first.
    pub open: Vec<Listed>,
    /// Where the next page goes on.
    pub next: Option<After>,
    /// How many there are.
    pub counts: Counts,
    /// What promises came to, by person and level.
    pub rates: Vec<Rate>,
    /// All of them together.
    pub tally: Tally,
    /// The ladder, with the time in which each level answers.
    pub ladder: Vec<(Rung, Option<Span>)>,
}

/// Returns the open escalations and the keep-rates. It names no member.
pub fn raised(ctx: &Ctx, filter: &Filter, after: Option<&After>) -> Result<Raised> {
    let scope = ctx.scope()?;
    let from = ctx.now.plus(Micros(-DAY.0.saturating_mul(RATE_DAYS)));
    let after = after.map(|(at, case_id, id)| (*at, case_id, id));
    let (mut open, counts, rates) = ctx.app.db.read(|tx| -> Result<_> {
        let open = escalations::open(tx, &scope, (filter, after), PAGE + 1)?;
        let period = (from, ctx.now.plus(Micros(1)));
        let rates = escalations::rates(tx, &scope, period, ctx.now)?;
        Ok((open, escalations::counts(tx, &scope)?, rates))
    })?;
    let has_more = open.len() > PAGE as usize;
    open.truncate(PAGE as usize);
    let last = open.last().filter(|_| has_more);
    let next = last.map(|row| (row.due_at, row.case_id.clone(), row.escalation_id.clone()));
    let ladder = ctx.app.packs.ladder(today(ctx, ctx.now));
    Ok(Raised { open, next, counts, tally: sum(&rates), rates, ladder })
}

fn sum(rates: &[Rate]) -> Tally {
    let mut tally = Tally::default();
    for Rate { tally: one, .. } in rates {
        tally.n_kept += one.n_kept;
        tally.n_broken += one.n_broken;
        tally.n_moved += one.n_moved;
        tally.n_running += one.n_running;
    }
    tally
}

/// Returns how many escalations are open, and how many nobody has seen.
pub fn counts(ctx: &Ctx) -> Result<Counts> {
    let scope = ctx.scope()?;
    ctx.app.db.read(|tx| escalations::counts(tx, &scope).map_err(Error::from))
}

/// Open complaints with what came of late.
pub struct Complaints {
    /// What is due first first.
    pub open: Vec<complaints::Listed>,
    /// Where the next page goes on.
    pub next: Option<(Timestamp, CaseId, DisputeId)>,
    /// What came in the last [`RATE_DAYS`] days, by category.
    pub counted: Vec<complaints::Counted>,
}

/// Returns the open complaints, and what they were about of late. It names no member.
pub fn complaints(
    ctx: &Ctx,
    category: Option<ComplaintCategory>,
    after: Option<&(Timestamp, CaseId, DisputeId)>,
) -> Result<Complaints> {
    let scope = ctx.scope()?;
    let from = ctx.now.plus(Micros(-DAY.0.saturating_mul(RATE_DAYS)));
    let after = after.map(|(at, case_id, id)| (*at, case_id, id));
    let (mut open, counted) = ctx.app.db.read(|tx| -> Result<_> {
        let open = complaints::open(tx, &scope, (category, after), PAGE + 1)?;
        let period = (from, ctx.now.plus(Micros(1)));
        Ok((open, complaints::by_category(tx, &scope, period)?))
    })?;
    let has_more = open.len() > PAGE as usize;
    open.truncate(PAGE as usize);
    let last = open.last().filter(|_| has_more);
    let next = last.map(|row| (row.due_at, row.case_id.clone(), row.dispute_id.clone()));
    Ok(Complaints { open, next, counted })
}

/// A user as callers are told of: name and direct number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// The name.
    pub name: String,
    /// The number or extension; empty where none is known.
    pub phone: String,
}

impl Reach {
    /// Returns `Olu Example, 555-0100 ext. 12`.
    pub fn words(&self) -> String {
        if self.phone.is_empty() {
            self.name.clone()
        } else {
            format!("{}, {}", self.name, self.phone)
        }
    }
}

/// Returns everybody's name and direct number: those who took an escalation are told to the caller. Source: M24.
pub fn reach(ctx: &Ctx) -> Result<BTreeMap<UserId, Reach>> {
    ctx.scope()?;
    let all = ctx.app.db.read(|tx| users::list(tx, None, USERS_MAX).map_err(Error::from))?;
    let reach = |user: users::User| {
        (user.user_id, Reach { name: user.name, phone: user.phone.unwrap_or_default() })
    };
    Ok(all.into_iter().map(reach).collect())
}

/// Longer numbers are no numbers.
const PHONE_MAX: usize = 40;

/// Returns the direct number of whoever asks.
pub fn own_phone(ctx: &Ctx) -> Result<String> {
    let own = &ctx.actor.user_id;
    let user = ctx.app.db.read(|tx| users::find(tx, own).map_err(Error::from))?;
    Ok(user.and_then(|user| user.phone).unwrap_or_default())
}

/// Sets the direct number of whoever asks, or takes it away with an empty one.
///
/// # Errors
/// [`Error::Bad`] with the code `phone` when it is none.
pub fn set_own_phone(ctx: &Ctx, phone: &str) -> Result<()> {
    let phone = phone.trim();
    let is_written = |c: char| c.is_ascii_alphanumeric() || " ()+-./#,;".contains(c);
    let has_digit = phone.is_empty() || phone.chars().any(|c| c.is_ascii_digit());
    if phone.len() > PHONE_MAX || !has_digit || !phone.chars().all(is_written) {
        let words = "enter a telephone number or an extension, as 212-555-0100 ext. 12";
        return Err(Error::bad("phone", words));
    }
    let phone = Some(phone).filter(|phone| !phone.is_empty());
    let done =
        audit::Entry { case_id: None, ..entry(ctx, &CaseId::default(), "change own number") };
    let is_known = ctx.app.db.write("set phone", |tx| -> Result<bool> {
        audit::record(tx, &done)?;
        Ok(users::set_phone(tx, &ctx.actor.user_id, phone)?)
    })?;
    if is_known { Ok(()) } else { Err(Error::NotFound) }
}
