//! The calls of a day, and what they come to: first contact, handling, transfers, abandonment. Source: facts 10.

use super::rules;
use crate::{Ctx, Error, Permission, Result};
use doorstep_store::calls::{self as rows, CallRow, Figures};
use doorstep_store::cases;
use doorstep_vocab::{CaseNumber, Date, Micros};

/// Calls that a day shows.
const CALLS_MAX: u32 = 200;
const DAY: Micros = Micros::hours(24);

/// A day's calls.
pub struct Board {
    /// The latest of them, the latest first, each with its case's number.
    pub calls: Vec<(CallRow, Option<CaseNumber>)>,
    /// Whether there are more.
    pub has_more: bool,
    /// What they come to.
    pub figures: Figures,
    /// By the seconds before which giving up does not count: how many gave up so soon.
    pub short: Vec<(u32, u64)>,
    /// Days within which a repeated call undoes first contact.
    pub repeat_days: u32,
}

/// Returns the calls of a day of the hub's.
pub fn board(ctx: &Ctx, on: Date) -> Result<Board> {
    ctx.may(Permission::TakeCalls)?;
    let (scope, terms) = (ctx.scope()?, rules(ctx).terms.clone());
    let zone = &ctx.app.settings.hub_zone;
    let from = on.yesterday().map_or(ctx.now.plus(Micros(-DAY.0)), |eve| zone.end_of_day(eve));
    let period = (from, zone.end_of_day(on));
    let repeat = Micros(DAY.0.saturating_mul(i64::from(terms.first_contact_days)));
    ctx.app.db.read(|tx| -> Result<Board> {
        let mut listed = rows::list(tx, &scope, period, CALLS_MAX + 1)?;
        let has_more = listed.len() > CALLS_MAX as usize;
        listed.truncate(CALLS_MAX as usize);
        let mut calls = Vec::new();
        for call in listed {
            let case = match &call.case_id {
                Some(case_id) => cases::view(tx, &scope, case_id)?,
                None => None,
            };
            calls.push((call, case.and_then(|case| case.number)));
        }
        let figures = rows::figures(tx, &scope, period, repeat).map_err(Error::from)?;
        let mut short = Vec::new();
        for seconds in &terms.abandoned_after_s {
            let before = Micros(i64::from(*seconds) * 1_000_000);
            short.push((*seconds, rows::short_abandons(tx, &scope, period, before)?));
        }
        Ok(Board { calls, has_more, figures, short, repeat_days: terms.first_contact_days })
    })
}
