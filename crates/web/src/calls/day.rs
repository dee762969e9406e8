//! A day's calls and what they come to. No caller is named.

use super::view::clock;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{When, day};
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::calls::{self, Board};
use doorstep_app::{Ctx, Result, desk};
use doorstep_store::calls::Watched;
use doorstep_vocab::{Micros, UserId, Zone};
use std::collections::BTreeMap;

struct Row {
    path: String,
    at: When,
    who: String,
    about: String,
    agent: String,
    number: String,
    case_path: String,
    lasted: String,
    state: String,
}

/// A figure with what it is counted from.
struct Figure {
    name: String,
    value: String,
    of: String,
}

#[derive(Template)]
#[template(path = "calls/day.html")]
struct Page<'a> {
    shell: &'a Shell,
    day: String,
    zone: String,
    before: String,
    figures: Vec<Figure>,
    rows: Vec<Row>,
    has_more: bool,
    watched: Vec<Watch>,
}

/// A number to watch, by its last four digits.
struct Watch {
    ends: String,
    n_members: u32,
    at: When,
    path: String,
}

/// Shows a day's calls: today's, where none is asked for.
pub(crate) fn list(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let zone = &ctx.app.settings.hub_zone;
    let today = ctx.now.date(zone);
    let on = asked.query.get("on").and_then(|on| on.parse().ok()).unwrap_or(today);
    let board = calls::board(ctx, on)?;
    let people = desk::people(ctx)?;
    let page = Page {
        shell: &asked.shell,
        day: day(on),
        zone: zone.to_string(),
        before: on.yesterday().map(|eve| format!("/calls?on={eve}")).unwrap_or_default(),
        figures: figures(&board),
        rows: rows(ctx, &board, &people),
        has_more: board.has_more,
        watched: calls::watched(ctx)?.iter().map(|one| watch(one, zone)).collect(),
    };
    Ok(Answer::Page(StatusCode::OK, page.render().map_err(broken)?))
}

fn rows(ctx: &Ctx, board: &Board, people: &BTreeMap<UserId, String>) -> Vec<Row> {
    let (rules, zone) = (calls::rules(ctx), &ctx.app.settings.hub_zone);
    let row = |(call, number): &(doorstep_store::calls::CallRow, Option<_>)| {
        let life = call.life.at(ctx.now);
        let way = call.disposition.as_deref().and_then(|name| rules.disposition(name));
        let who = rules.caller(&call.caller).map_or(&*call.caller, |kind| &kind.words);
        Row {
            path: format!("/calls/{}", encoded(call.call_id.as_str())),
            at: When::clock(call.started_at, zone),
            who: format!("{}: {who}", capital(call.direction.words())),
            about: capital(rules.reason_words(&call.reason)),
            agent: people.get(&call.agent).cloned().unwrap_or_else(|| call.agent.to_string()),
            number: number.as_ref().map(doorstep_vocab::CaseNumber::to_string).unwrap_or_default(),
            case_path: call
                .case_id
                .as_ref()
                .map(|id| format!("/cases/{}", encoded(id.as_str())))
                .unwrap_or_default(),
            lasted: clock(Micros(life.talk.0 + life.hold.0 + life.wrap.0)),
            state: capital(way.map_or(call.life.state.words(), |way| &way.named.words)),
        }
    };
    board.calls.iter().map(row).collect()
}

fn watch(one: &Watched, zone: &Zone) -> Watch {
    let number = one.number.reveal();
    Watch {
        ends: number.chars().skip(number.len().saturating_sub(4)).collect(),
        n_members: one.n_members,
        at: When::at(one.latest_at, zone),
        path: format!("/calls/{}", encoded(one.call_id.as_str())),
    }
}

fn figures(board: &Board) -> Vec<Figure> {
    let counted = &board.figures;
    let figure =
        |name: &str, value: String, of: String| Figure { name: name.to_owned(), value, of };
    let mut out = vec![
        figure(
            "Resolved at first contact",
            percent(counted.first, counted.first_of),
            format!(
                "{} of {} calls, {} left out; provisional until {} days have passed",
                counted.first, counted.first_of, counted.first_excluded, board.repeat_days
            ),
        ),
        figure(
            "Average handling time",
            average(counted.handled_for, counted.handled),
            format!("talk, hold and wrap-up of {} calls of theirs", counted.handled),
        ),
        figure(
            "Of our own calls",
            average(counted.handled_out_for, counted.handled_out),
            format!("of {} calls", counted.handled_out),
        ),
        figure(
            "Handed over",
            percent(counted.transferred, counted.handled),
            format!("{} of {} calls", counted.transferred, counted.handled),
        ),
    ];
    for (seconds, short) in &board.short {
        let (gave_up, offered) =
            (counted.abandoned.saturating_sub(*short), counted.inbound.saturating_sub(*short));
        out.push(figure(
            &format!("Gave up after {seconds} s"),
            percent(gave_up, offered),
            format!("{gave_up} of {offered} calls, {short} left out that gave up sooner"),
        ));
    }
    out
}

fn percent(part: u64, of: u64) -> String {
    let rounded = (part * 100 + of / 2).checked_div(of);
    rounded.map_or_else(|| "none".to_owned(), |percent| format!("{percent} %"))
}

fn average(sum: Micros, n: u64) -> String {
    match i64::try_from(n) {
        Ok(n) if n > 0 => clock(Micros(sum.0 / n)),
        _ => "none".to_owned(),
    }
}
