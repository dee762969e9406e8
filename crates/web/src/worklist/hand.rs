//! Handing out what nobody has: shown with reasons, then done on a word.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::Choice;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{Left, When};
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::handout::{self, Pick, Plan, Planned, points_in_words};
use doorstep_app::{Ctx, Result, desk, staff};
use doorstep_case::handout::Out;
use doorstep_store::worklist::Queue;
use doorstep_vocab::{CaseId, UserId};
use std::collections::BTreeMap;

struct Row {
    value: String,
    path: String,
    number: String,
    services: String,
    next: String,
    left: Option<Left>,
    /// Who is given it, with what they have.
    to: Option<(String, u32)>,
    why: String,
    others: Vec<String>,
    out: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "worklist/hand.html")]
struct Page<'a> {
    shell: &'a Shell,
    queue: &'static str,
    queue_words: &'static str,
    team: String,
    teams: Vec<Choice>,
    rows: Vec<Row>,
    n_to_give: usize,
    done: String,
    refused: Vec<(String, String)>,
    wrong: String,
    as_of: When,
}

/// Shows who would be given what, and why. It names no member.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, StatusCode::OK, Told::default())
}

#[derive(Default)]
struct Told {
    done: String,
    refused: Vec<(String, String)>,
    wrong: String,
}

/// Hands out what was shown and ticked, and shows what is left.
pub(crate) fn confirm(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let picks: Vec<Pick> = asked.form.all("give").filter_map(pick).collect();
    if picks.is_empty() {
        let wrong = "tick the cases that are to be handed out".to_owned();
        let told = Told { wrong, ..Told::default() };
        return page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, told);
    }
    let many = match handout::confirm(ctx, &picks) {
        Ok(many) => many,
        Err(doorstep_app::Error::Bad { message, .. }) => {
            let told = Told { wrong: message, ..Told::default() };
            return page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, told);
        }
        Err(error) => return Err(error),
    };
    let mut refused = Vec::with_capacity(many.refused.len());
    for (case_id, why) in many.refused {
        refused.push((desk::number_of(ctx, &case_id)?, why));
    }
    let cases = if many.n_done == 1 { "case was" } else { "cases were" };
    let status = if refused.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let done = format!("{} {cases} handed out.", many.n_done);
    page(ctx, asked, status, Told { done, refused, wrong: String::new() })
}

/// What a ticked row sends: the case, the version that was shown, and to whom.
fn pick(value: &str) -> Option<Pick> {
    let mut parts = value.splitn(3, ' ');
    let (case_id, seen, to) = (parts.next()?, parts.next()?, parts.next()?);
    Some(Pick { case_id: CaseId::from(case_id), seen: seen.parse().ok()?, to: UserId::from(to) })
}

fn page(ctx: &Ctx, asked: &Asked, status: StatusCode, told: Told) -> Result<Answer> {
    let named = |name| asked.form.get(name).or(asked.query.get(name));
    let queue = named("queue").and_then(Queue::parse).unwrap_or(Queue::Unassigned);
    let team = named("team").unwrap_or_default().to_owned();
    let plan = handout::plan(ctx, queue, Some(team.as_str()).filter(|team| !team.is_empty()))?;
    let rows: Vec<Row> = plan.cases.iter().map(|planned| row(ctx, &plan, planned)).collect();
    let teams = staff::list(ctx)?.teams.into_keys();
    let page = Page {
        shell: &asked.shell,
        queue: queue.name(),
        queue_words: words::queue(queue),
        teams: teams
            .map(|name| {
                let is_chosen = name == team;
                Choice::new(name.clone(), name).chosen(is_chosen)
            })
            .collect(),
        team,
        n_to_give: rows.iter().filter(|row| row.to.is_some()).count(),
        rows,
        done: told.done,
        refused: told.refused,
        wrong: capital(&told.wrong),
        as_of: When::clock(ctx.now, &ctx.app.settings.hub_zone),
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn row(ctx: &Ctx, plan: &Plan, Planned { row, given }: &Planned) -> Row {
    let name =
        |user_id: &UserId| plan.names.get(user_id).cloned().unwrap_or_else(|| user_id.to_string());
    let services: Vec<&str> = row.services.iter().map(|service| words::service(*service)).collect();
    let to = given.to();
    let others = given.ranked.iter().skip(1).map(|one| {
        let why = points_in_words(&one.why);
        let why = if why.is_empty() { String::new() } else { format!("{why}; ") };
        format!("{}: {why}load {}", name(&one.user_id), one.load)
    });
    Row {
        value: to
            .map(|to| format!("{} {} {}", row.case_id, row.seq, to.user_id))
            .unwrap_or_default(),
        path: format!("/cases/{}", encoded(row.case_id.as_str())),
        number: row.number.as_ref().map_or_else(|| row.case_id.to_string(), ToString::to_string),
        services: services.join(", "),
        next: capital(&row.next_words),
        left: row
            .clock
            .as_ref()
            .map(|clock| Left::of(ctx.now, clock.started_at, clock.due_at, clock.is_paused)),
        to: to.map(|to| (name(&to.user_id), to.load)),
        why: to.map(|to| capital(&points_in_words(&to.why))).unwrap_or_default(),
        others: others.collect(),
        out: out(&given.out, &name),
    }
}

/// Who was out, by why.
fn out(out: &[(UserId, Out)], name: &dyn Fn(&UserId) -> String) -> Vec<(String, String)> {
    let mut by_why: BTreeMap<Out, Vec<String>> = BTreeMap::new();
    for (user_id, why) in out {
        by_why.entry(*why).or_default().push(name(user_id));
    }
    by_why.into_iter().map(|(why, names)| (capital(why.words()), names.join(", "))).collect()
}
