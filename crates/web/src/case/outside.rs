//! The file of a case for somebody outside who judges it: a state's insurance department, an ombudsman, Medicare's complaint
//! tracking, a court. What was raised and what became of it, every attempt, the clocks with their rules, the papers with their
//! fingerprints, and the whole record, first event first. One page, made to be printed. Source: facts 6.4, level 5.

use super::clocks::{self, ClockView, EndedClock};
use super::desk::Desk;
use super::rows::{self, Entry};
use super::story::{self, Happened};
use super::{lines, people};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use askama::Template;
use doorstep_app::{Ctx, Result, case_file};
use doorstep_case::Recorded;

/// Events that were an attempt to get on: somebody was asked, told, called or visited.
const ATTEMPTS: [&str; 16] = [
    "benefits.asked",
    "orders.asked",
    "orders.chased",
    "orders.unanswered",
    "auth.requested",
    "placement.offered",
    "placement.declined",
    "placement.expired",
    "placement.returned",
    "delivery.scheduled",
    "delivery.missed",
    "delivery.refused",
    "calls.began",
    "calls.ended",
    "calls.promised",
    "messages.written",
];

struct Paper {
    kind: &'static str,
    title: String,
    at: When,
    hash: String,
}

#[derive(Template)]
#[template(path = "case/outside.html")]
struct Page<'a> {
    shell: &'a Shell,
    path: String,
    number: String,
    member: people::Member,
    payer: String,
    received: When,
    details: Vec<(&'static str, String)>,
    lines: Vec<lines::LineView>,
    raised: Vec<Entry>,
    attempts: Vec<Happened>,
    clocks: Vec<ClockView>,
    ended_clocks: Vec<EndedClock>,
    papers: Vec<Paper>,
    record: Vec<Happened>,
    made_at: When,
    made_by: String,
    packs: String,
}

/// Shows the file. Whoever looks is on the record, as with the case.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let file = case_file(ctx, &asked.case_id())?;
    let desk = Desk::of(ctx, &file, asked.csrf())?;
    let (case, zone) = (desk.case, &desk.zone);
    let counted = (zone, &*ctx.app.packs);
    let (clocks, ended_clocks) = clocks::of(case, ctx.now, counted, &desk.lines);
    let is_attempt = |recorded: &Recorded| ATTEMPTS.contains(&recorded.event.name());
    let hcpcs = |code: &str| ctx.app.packs.hcpcs_words(code).map(str::to_owned);
    let papers = file.documents.iter().map(|document| Paper {
        kind: crate::words::document(document.kind),
        title: document.title.reveal().clone(),
        at: When::in_full(document.added_at, zone),
        hash: document.hash.clone(),
    });
    let payer = ctx.app.packs.payer(&case.intake.payer_id);
    let page = Page {
        shell: &asked.shell,
        path: format!("/cases/{}", encoded(case.id.as_str())),
        number: case.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        member: people::member(&file.party, ctx.now.date(zone)),
        payer: payer.map_or_else(|| "not known".to_owned(), |payer| payer.name.to_owned()),
        received: When::in_full(case.intake.received_at, zone),
        details: people::details(&file.party, case),
        lines: lines::of(&desk, &hcpcs),
        raised: rows::disputes(&desk),
        attempts: story::in_order(&desk, &file.record, is_attempt),
        clocks,
        ended_clocks,
        papers: papers.collect(),
        record: story::in_order(&desk, &file.record, |_| true),
        made_at: When::in_full(ctx.now, zone),
        made_by: desk.person(&ctx.actor.user_id),
        packs: ctx.app.packs.version().to_owned(),
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}
