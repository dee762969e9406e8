//! What is shown of a call: its times, what the caller may hear, which symptoms were told.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::case::people;
use crate::errors::capital;
use crate::signin::broken;
use crate::when::When;
use crate::words;
use askama::Template;
use askama::filters::HtmlSafe;
use axum::http::StatusCode;
use doorstep_app::calls::CallFile;
use doorstep_app::raised::Reach;
use doorstep_app::{CaseNow, Ctx, Result};
use doorstep_case::calls::{CallState, Level, Life, Symptom};
use doorstep_store::calls::CallRow;
use doorstep_vocab::{Micros, Timestamp, UserId, Zone};

/// The symptoms that were told, with what to say. It stands on the page, and is asked for anew while somebody types.
#[derive(Template)]
#[template(path = "calls/told.html")]
pub(super) struct Told {
    pub(super) symptoms: Vec<Symptom>,
    pub(super) is_handed_over: bool,
}

impl HtmlSafe for Told {}

/// Answers with the symptoms alone.
pub(super) fn told(_: &Asked, symptoms: Vec<Symptom>) -> Result<Answer> {
    let told = Told { symptoms, is_handed_over: false };
    Ok(Answer::Page(StatusCode::OK, told.render().map_err(broken)?))
}

/// One of a call's times. The one that runs is counted on by the page.
pub(super) struct Time {
    pub(super) name: &'static str,
    pub(super) words: String,
    /// Since when it would have run, UTC; empty when it does not run.
    pub(super) since: String,
}

/// Returns talk, hold and wrap-up as they are now.
pub(super) fn times(life: Life, now: Timestamp) -> Vec<Time> {
    let at = life.at(now);
    let time = |name, spent: Micros, state: CallState| Time {
        name,
        words: clock(spent),
        since: if life.state == state {
            now.plus(Micros(-spent.0)).to_string()
        } else {
            String::new()
        },
    };
    vec![
        time("Talk", at.talk, CallState::Talking),
        time("Hold", at.hold, CallState::OnHold),
        time("Wrap-up", at.wrap, CallState::Wrapping),
    ]
}

/// `4:09`, or `1:04:09`.
pub(super) fn clock(spent: Micros) -> String {
    let seconds = spent.0.unsigned_abs() / 1_000_000;
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 {
        format!("{hours}:{minutes:02}:{seconds:02}")
    } else {
        format!("{minutes}:{seconds:02}")
    }
}

/// A fact that the caller may hear.
pub(super) type Fact = (String, String);

/// Returns what the caller may hear of the case now: with the status, where the order and its visits stand; with the full
/// record, the rest. Source: facts 6.2; trust.md 6.4.
pub(super) fn facts(ctx: &Ctx, file: &CallFile) -> Result<Vec<Fact>> {
    let Some(now) = &file.case else { return Ok(Vec::new()) };
    let zone = now.case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let mut out = status(ctx, now)?;
    if file.call.level < Level::Full {
        return Ok(out);
    }
    let today = ctx.now.date(zone);
    let member = people::member(&now.party, today);
    out.insert(0, ("Member".to_owned(), format!("{}, born {}", member.name, member.birth)));
    for (line, what) in lines(ctx, now) {
        out.push((format!("{what}: authorization"), capital(words::auth(&line.auth).1)));
        out.push((format!("{what}: provider"), capital(words::placement(&line.placement).1)));
    }
    let missing: Vec<&str> = now.missing.iter().map(|missing| missing.item.words()).collect();
    if !missing.is_empty() {
        out.push(("Still missing".to_owned(), capital(&missing.join("; "))));
    }
    let details = people::details(&now.party, &now.case);
    out.extend(details.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Ok(out)
}

fn status(ctx: &Ctx, now: &CaseNow) -> Result<Vec<Fact>> {
    let zone = now.case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let mut out = Vec::new();
    for (line, what) in lines(ctx, now) {
        out.push((what, capital(words::fulfilment(line.fulfilment).1)));
    }
    for visit in now.case.delivery.visits.values().filter(|visit| visit.is_ahead()) {
        let until = When::clock(visit.to, zone).local;
        let window = format!("{} to {until}", When::at(visit.from, zone).local);
        out.push(("Expected".to_owned(), window));
    }
    out.extend(raised(ctx, (now, zone))?);
    out.push(("Next".to_owned(), capital(&now.next.words)));
    Ok(out)
}

/// Who has taken what was raised, with the direct contact and the promised time: the caller is told. Source: M24.
fn raised(ctx: &Ctx, (now, zone): (&CaseNow, &Zone)) -> Result<Vec<Fact>> {
    let owned = now
        .case
        .disputes
        .open_escalations()
        .filter_map(|(_, raised)| Some((raised.owner.as_ref()?, raised.committed_to)));
    let owned: Vec<_> = owned.collect();
    if owned.is_empty() {
        return Ok(Vec::new());
    }
    let people = doorstep_app::raised::reach(ctx)?;
    let fact = |(owner, at): (&UserId, Option<Timestamp>)| {
        let who = people.get(owner).map_or_else(|| owner.to_string(), Reach::words);
        let by = at.map(|at| format!(", resolved by {}", When::at(at, zone).local));
        ("Escalation manager".to_owned(), format!("{who}{}", by.unwrap_or_default()))
    };
    Ok(owned.into_iter().map(fact).collect())
}

fn lines<'a>(
    ctx: &Ctx,
    now: &'a CaseNow,
) -> impl Iterator<Item = (&'a doorstep_case::Line, String)> + use<'a> {
    let case = &now.case;
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let received_on = case.intake.received_at.date(zone);
    let terms = ctx.app.packs.terms_between(&case.intake.payer_id, received_on, ctx.now.date(zone));
    case.lines.values().map(move |line| (line, words::line(line, &terms)))
}

/// Returns what a nurse has to know who takes the call over: nothing that names anybody.
pub(super) fn summary(file: &CallFile, heard: &[Symptom]) -> String {
    let call: &CallRow = &file.call;
    let caller = file.rules.caller(&call.caller).map_or(&*call.caller, |kind| &kind.words);
    let about = file.rules.reason_words(&call.reason);
    let mut parts = vec![format!("{} on the line, about {about}", capital(caller))];
    parts.extend(file.number.as_ref().map(|number| format!("case {number}")));
    parts.push(format!("may hear: {}", call.level.words()));
    if !heard.is_empty() {
        let heard: Vec<String> = heard.iter().map(|one| one.name.replace('-', " ")).collect();
        parts.push(format!("told: {}", heard.join(", ")));
    }
    parts.extend(file.case.as_ref().map(|now| format!("next step: {}", now.next.words)));
    format!("{}.", parts.join("; "))
}
