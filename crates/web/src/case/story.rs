//! The story of a case: every event in words, by whom and when, the latest first.

use super::desk::Desk;
use crate::errors::capital;
use crate::field::Choice;
use crate::signin::encoded;
use crate::when::When;
use crate::words::{Told, Tone, stage, told};
use doorstep_app::{Ctx, Permission, Result, trail};
use doorstep_case::{Actor, Recorded, Role};
use doorstep_store::audit::Entry;
use doorstep_vocab::{Timestamp, UserId};
use std::collections::BTreeMap;

/// One event.
pub(crate) struct Happened {
    pub(crate) words: String,
    pub(crate) tone: &'static str,
    pub(crate) by: String,
    pub(crate) at: When,
    pub(crate) is_clock: bool,
}

/// A stage that the story can be narrowed to.
pub(crate) struct StageLink {
    pub(crate) query: String,
    pub(crate) words: String,
    pub(crate) is_here: bool,
}

/// The stages, as events name them, and everything together.
const STAGES: [&str; 12] = [
    "",
    "intake",
    "benefits",
    "orders",
    "auth",
    "placement",
    "delivery",
    "disputes",
    "calls",
    "messages",
    "closing",
    "clock",
];

/// What the story is narrowed to.
#[derive(Clone, Copy, Default)]
pub(crate) struct Chosen<'a> {
    pub(crate) stage: Option<&'a str>,
    /// A user, or [`ITSELF`].
    pub(crate) by: Option<&'a str>,
}

/// The narrowing that shows who looked, for those who may read it: no stage has such a name. Nothing else shows it, so that the
/// story stays readable.
const VIEWS: &str = "views";

/// The story as a page shows it.
pub(crate) struct Story {
    pub(crate) all: Vec<Happened>,
    pub(crate) stages: Vec<StageLink>,
    pub(crate) people: Vec<Choice>,
    pub(crate) stage: String,
}

/// Returns the story as far as it is chosen. `is_past` says that the page is of a moment that has passed.
pub(crate) fn shown(
    ctx: &Ctx,
    (desk, record): (&Desk, &[Recorded]),
    (chosen, is_past): (Chosen, bool),
) -> Result<Story> {
    let may_see = Permission::ReadActivity.is_for(desk.role) && !is_past;
    let mut links = stages(chosen);
    if may_see {
        let by = chosen.by.map(|by| format!("&by={}", encoded(by))).unwrap_or_default();
        let is_here = chosen.stage == Some(VIEWS);
        if is_here {
            for link in &mut links {
                link.is_here = false;
            }
        }
        let (query, words) = (format!("stage={VIEWS}{by}"), "Who looked".to_owned());
        links.push(StageLink { query, words, is_here });
    }
    let stage = chosen.stage.unwrap_or_default().to_owned();
    if !(may_see && chosen.stage == Some(VIEWS)) {
        let (all, people) = (of(desk, record, chosen), people(desk, record, chosen));
        return Ok(Story { all, stages: links, people, stage });
    }
    let views = trail::views(ctx, &desk.case.id)?;
    let names: BTreeMap<&UserId, String> =
        views.iter().map(|view| (&view.user_id, desk.person(&view.user_id))).collect();
    let choice = |(id, words): (&UserId, String)| {
        Choice::new(id.as_str(), words).chosen(chosen.by == Some(id.as_str()))
    };
    let people = names.into_iter().map(choice).collect();
    let is_chosen = |view: &&Entry| chosen.by.is_none_or(|by| by == view.user_id.as_str());
    let all = views.iter().filter(is_chosen).map(|view| looked(desk, view)).collect();
    Ok(Story { all, stages: links, people, stage })
}

/// One look, in words: what was done, and whether it was refused or in an emergency.
fn looked(desk: &Desk, view: &Entry) -> Happened {
    let is_refused = view.outcome == "refused";
    let (tone, more) = match (is_refused, view.purpose.as_str()) {
        (true, _) => ("late", ", refused"),
        (false, "emergency") => ("late", ", in an emergency"),
        (false, _) => ("", ""),
    };
    let object = if view.object.is_empty() { String::new() } else { format!(" ({})", view.object) };
    let by = Actor { user_id: view.user_id.clone(), role: view.role };
    Happened {
        words: format!("{}{object}{more}", capital(&view.action)),
        tone,
        by: who(desk, &by),
        at: When::in_full(view.at, &desk.zone),
        is_clock: false,
    }
}

/// What stands for what follows by itself: no user has such a name.
const ITSELF: &str = "*";

/// Returns the links that narrow the story, and which of them is chosen.
fn stages(chosen: Chosen) -> Vec<StageLink> {
    let here = chosen.stage.filter(|name| STAGES.contains(name)).unwrap_or_default();
    let by = chosen.by.map(|by| format!("&by={}", encoded(by))).unwrap_or_default();
    let link = |name: &'static str| StageLink {
        query: format!("stage={name}{by}"),
        words: match name {
            "" => "Everything".to_owned(),
            "clock" => "Clocks".to_owned(),
            name => stage(name),
        },
        is_here: name == here,
    };
    STAGES.into_iter().map(link).collect()
}

/// Returns everybody who did something about the case, and Doorstep itself, for narrowing the story.
fn people(desk: &Desk, record: &[Recorded], chosen: Chosen) -> Vec<Choice> {
    let actors: BTreeMap<&str, String> =
        record.iter().map(|recorded| (actor(recorded), by(desk, recorded))).collect();
    let choice = |(id, words): (&str, String)| Choice::new(id, words).chosen(chosen.by == Some(id));
    actors.into_iter().map(choice).collect()
}

fn actor(recorded: &Recorded) -> &str {
    match recorded.by.role {
        Role::System => ITSELF,
        _ => recorded.by.user_id.as_str(),
    }
}

/// Returns what happened, the latest first, as far as it is chosen.
fn of(desk: &Desk, record: &[Recorded], chosen: Chosen) -> Vec<Happened> {
    let stage = chosen.stage.filter(|name| !name.is_empty() && STAGES.contains(name));
    let is_chosen = |recorded: &&Recorded| {
        let of = recorded.event.name().split('.').next();
        (stage.is_none() || of == stage) && chosen.by.is_none_or(|by| by == actor(recorded))
    };
    let with = with(desk);
    record.iter().rev().filter(is_chosen).map(|recorded| happened(desk, &with, recorded)).collect()
}

/// Returns what happened after a version of the case, in its order: for whoever saw it as it was then.
pub(crate) fn since(desk: &Desk, record: &[Recorded], seen: u32) -> Vec<Happened> {
    in_order(desk, record, |recorded| recorded.seq > seen)
}

/// Returns what happened, in its order, as far as it is meant.
pub(crate) fn in_order(
    desk: &Desk,
    record: &[Recorded],
    is_meant: impl Fn(&Recorded) -> bool,
) -> Vec<Happened> {
    let with = with(desk);
    let meant = record.iter().filter(|recorded| is_meant(recorded));
    meant.map(|recorded| happened(desk, &with, recorded)).collect()
}

/// Returns in words that somebody amended the people of the case.
pub(crate) fn people_amended(desk: &Desk, at: Timestamp, by: &Actor) -> Happened {
    Happened {
        words: "What is known of the people was amended".to_owned(),
        tone: "",
        by: who(desk, by),
        at: When::in_full(at, &desk.zone),
        is_clock: false,
    }
}

pub(super) fn with<'a>(desk: &'a Desk) -> Told<'a> {
    Told {
        case: desk.case,
        lines: &desk.lines,
        providers: &desk.names,
        people: &desk.people,
        zone: &desk.zone,
    }
}

fn happened(desk: &Desk, with: &Told, recorded: &Recorded) -> Happened {
    let (words, tone) = told(&recorded.event, with);
    Happened {
        words: capital(&words),
        tone: match tone {
            Tone::Plain => "",
            Tone::Good => "good",
            Tone::Late => "late",
        },
        by: by(desk, recorded),
        at: When::in_full(recorded.at, &desk.zone),
        is_clock: recorded.event.name().starts_with("clock."),
    }
}

/// Returns what was done last in words: the first event of the last decision, which the others follow from.
pub(crate) fn last(desk: &Desk, record: &[Recorded]) -> String {
    let with = with(desk);
    let last_at = record.last().map(|recorded| recorded.at);
    let first = record.iter().find(|recorded| Some(recorded.at) == last_at);
    first
        .map(|recorded| format!("{}.", capital(&told(&recorded.event, &with).0)))
        .unwrap_or_default()
}

/// Who it was, and in which role: `Ana Example, agent`. What follows by itself is Doorstep's.
fn by(desk: &Desk, recorded: &Recorded) -> String {
    who(desk, &recorded.by)
}

fn who(desk: &Desk, by: &Actor) -> String {
    match by.role {
        Role::System => "Doorstep".to_owned(),
        role => format!("{}, {}", desk.person(&by.user_id), role.name()),
    }
}
