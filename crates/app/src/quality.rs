//! Quality: the sample of a month, drawn by its seed, the cards, and what agents see of their own.

use crate::act::{entry, today};
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::Refusal;
use doorstep_case::quality::{Candidate, Looked, QualityRules, sample, score};
use doorstep_store::audit;
use doorstep_store::quality::{self, Card};
use doorstep_vocab::{CaseId, Date, Phi, Timestamp};
use std::collections::BTreeMap;

/// A month's sample with its cards.
pub struct Month {
    /// As `2026-07`: its own seed.
    pub month: String,
    /// What is looked at, each with its card once it is scored.
    pub drawn: Vec<(Candidate, Option<Card>)>,
    /// How much there was to draw from.
    pub n_candidates: usize,
    /// The rules in force on its first day.
    pub rules: QualityRules,
}

/// Returns the month that is under way, as `2026-07`.
pub fn this_month(ctx: &Ctx) -> String {
    let day = today(ctx, ctx.now);
    format!("{:04}-{:02}", day.year(), day.month())
}

/// Draws a month's sample.
///
/// # Errors
/// [`Error::Bad`] with the code `month` when it is none.
pub fn month(ctx: &Ctx, month: &str) -> Result<Month> {
    ctx.may(Permission::ReviewQuality)?;
    let scope = ctx.scope()?;
    let (first, period) = period(ctx, month)?;
    let rules = ctx.app.packs.quality(first);
    let (all, cards) = ctx.app.db.read(|tx| -> Result<_> {
        let all = quality::candidates(tx, &scope, period)?;
        Ok((all, quality::of_month(tx, &scope, month)?))
    })?;
    let mut cards: BTreeMap<(Looked, String), Card> =
        cards.into_iter().map(|card| ((card.of.what, card.of.id.clone()), card)).collect();
    let key = |one: &Candidate| (one.what, one.id.clone());
    let drawn = sample(month, &all, (rules.per_agent, &|one| cards.contains_key(&key(one))));
    let drawn = drawn
        .into_iter()
        .map(|one| {
            let card = cards.remove(&key(&one));
            (one, card)
        })
        .collect();
    Ok(Month { month: month.to_owned(), drawn, n_candidates: all.len(), rules })
}

/// The first day and the instants of a month of the hub's.
fn period(ctx: &Ctx, month: &str) -> Result<(Date, (Timestamp, Timestamp))> {
    let bad = || Error::bad("month", "give a month as 2026-07");
    let first: Date = format!("{month}-01").parse().map_err(|_| bad())?;
    let zone = &ctx.app.settings.hub_zone;
    let begins = |day: Date| day.yesterday().map(|eve| zone.end_of_day(eve)).map_err(|_| bad());
    let next = first.last_of_month().tomorrow().map_err(|_| bad())?;
    Ok((first, (begins(first)?, begins(next)?)))
}

/// Scores something of a month's sample.
///
/// # Errors
/// [`Error::NotFound`] when it is not in the sample; [`Error::Refused`] when points are missing or too many.
pub fn put(
    ctx: &Ctx,
    (month_of, what, id): (&str, Looked, &str),
    (points, words): (BTreeMap<String, u32>, Phi<String>),
) -> Result<()> {
    let found = month(ctx, month_of)?;
    let is_it = |one: &&(Candidate, Option<Card>)| (one.0.what, one.0.id.as_str()) == (what, id);
    let of = found.drawn.iter().find(is_it).map(|(of, _)| of.clone()).ok_or(Error::NotFound)?;
    if of.agent == ctx.actor.user_id {
        return Err(
            Refusal::new("own-work", "nobody scores their own work: ask a colleague").into()
        );
    }
    let score = score(&found.rules, &points)?;
    let card = Card {
        month: month_of.to_owned(),
        reviewer: ctx.actor.user_id.clone(),
        scored_at: ctx.now,
        points,
        total: score.total,
        is_failed: score.is_failed,
        words,
        of,
    };
    let done = audit::Entry {
        case_id: card.of.case_id.clone(),
        object: format!("{} {}", card.of.what.code(), card.of.id),
        ..entry(ctx, &CaseId::default(), "score quality")
    };
    ctx.app.db.write("score", |tx| -> Result<()> {
        audit::record(tx, &done)?;
        Ok(quality::put(tx, &card)?)
    })
}

/// Returns the cards of whoever asks, with the rules that their items have words in.
pub fn own(ctx: &Ctx) -> Result<(Vec<Card>, QualityRules)> {
    let scope = ctx.scope()?;
    let own = &ctx.actor.user_id;
    let cards = ctx.app.db.read(|tx| quality::of_agent(tx, &scope, own).map_err(Error::from))?;
    Ok((cards, ctx.app.packs.quality(today(ctx, ctx.now))))
}
