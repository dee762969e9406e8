//! The worklist: queues with their counts, and the cases of one, what is due first at the top.

mod file;
mod hand;
mod many;
mod narrowed;

pub(crate) use file::export;
pub(crate) use hand::{confirm as hand_out, show as plan};
pub(crate) use many::{assign, chase, forget, keep, next};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::field::Choice;
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{Left, When};
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::lists::{self, Many, View};
use doorstep_app::{Ctx, Permission, Result, desk, first, imports};
use doorstep_case::{Role, ServiceLine, Stage, Urgency};
use doorstep_store::users::User;
use doorstep_store::worklist::{COUNT_MAX, Language, Listed, Queue};
use doorstep_vocab::{PayerId, UserId};
use narrowed::{AGES, Column, Narrowed, cursor};
use std::collections::BTreeMap;

/// Rows of a page: as many as a screen scrolls through without losing the place.
const ROWS: u32 = 50;

struct QueueLink {
    path: String,
    words: &'static str,
    count: String,
    is_here: bool,
    is_late: bool,
    is_apart: bool,
}

/// A list kept under a name.
struct ViewLink {
    path: String,
    forget: String,
    name: String,
    is_here: bool,
    is_shared: bool,
    may_forget: bool,
}

struct Row {
    case_id: String,
    path: String,
    number: String,
    member: String,
    services: String,
    payer: String,
    clock: String,
    due: Option<When>,
    left: Option<Left>,
    next: String,
    turn: &'static str,
    is_ours: bool,
    blocked: u32,
    waiting: String,
    badges: Vec<(&'static str, String)>,
    opened: When,
    more: Vec<String>,
    is_ticked: bool,
}

/// The choices of the filters.
struct Filters {
    payers: Vec<Choice>,
    services: Vec<Choice>,
    stages: Vec<Choice>,
    managers: Vec<Choice>,
    clocks: Vec<Choice>,
    ages: Vec<Choice>,
    languages: Vec<Choice>,
    zip: String,
    columns: Vec<Choice>,
    /// Whether one of those is set that are folded away.
    is_deep: bool,
}

/// What a list says of what was just done.
pub(crate) enum Said {
    /// Nothing.
    Nothing,
    /// That it went well.
    Done(&'static str),
    /// What is wrong with what was entered below the list.
    Wrong(Wrong),
    /// What became of many cases, and what was done to them.
    Many(&'static str, Many),
}

#[derive(Template)]
#[template(path = "worklist/list.html")]
struct Page<'a> {
    shell: &'a Shell,
    title: String,
    about: &'static str,
    queues: Vec<QueueLink>,
    views: Vec<ViewLink>,
    rows: Vec<Row>,
    filters: Filters,
    columns: Vec<&'static str>,
    colleagues: Vec<Choice>,
    queue: &'static str,
    query: String,
    clear: String,
    /// Whether no order came in yet at all.
    is_new: bool,
    is_narrowed: bool,
    is_later: bool,
    next_path: String,
    as_of: When,
    may: May,
    told: Told,
}

/// What the reader may do with a list.
struct May {
    refer: bool,
    work: bool,
    export: bool,
    /// Where what is in the list is handed out.
    hand_out: Option<String>,
}

/// What stands above the list: what was done in words, which cases refused it and why, what is wrong with an entry.
#[derive(Default)]
struct Told {
    done: String,
    refused: Vec<(String, String)>,
    wrong: String,
}

/// Shows a page of a queue, or of a list that was kept.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let first = desk::first_queue(ctx.actor.role);
    let narrowed = match asked.query.get("view") {
        Some(view_id) => Narrowed::parse(&lists::view(ctx, view_id)?.query, first),
        None => Narrowed::read(&asked.query, first),
    };
    let said = match asked.query.get("done") {
        Some("forgotten") => Said::Done("The list is no longer kept."),
        Some("away") => Said::Done(
            "You are entered as away, so no case was taken for you. Take one of the list by hand, or end your absence under Out of office.",
        ),
        Some("no-next") => Said::Done(
            "Nothing waits for you: none of your cases is your turn, and nobody's case is due.",
        ),
        _ => Said::Nothing,
    };
    respond(ctx, asked, (StatusCode::OK, narrowed), said)
}

/// Shows a page of a list, with what is to be said above it.
fn respond(
    ctx: &Ctx,
    asked: &Asked,
    (status, narrowed): (StatusCode, Narrowed),
    said: Said,
) -> Result<Answer> {
    let after = asked.query.get("after").and_then(cursor);
    let list = doorstep_app::worklist(ctx, &narrowed.filter(ctx), after.as_ref(), ROWS)?;
    let counts = desk::queue_counts(ctx)?;
    let staff = desk::staff(ctx)?;
    let names: BTreeMap<&str, &str> =
        staff.iter().map(|user| (user.user_id.as_str(), user.name.as_str())).collect();
    let view_id = asked.query.get("view");
    let views = lists::views(ctx)?;
    let here = views.iter().find(|view| Some(view.view_id.as_str()) == view_id);
    let title =
        here.map_or_else(|| words::queue(narrowed.queue).to_owned(), |view| view.name.clone());
    let ticked: Vec<&str> = match said {
        Said::Wrong(_) => asked.form.all("case").collect(),
        _ => Vec::new(),
    };
    let may = |permission: Permission| permission.is_for(ctx.actor.role);
    let page = Page {
        shell: &asked.shell,
        title,
        about: words::queue_about(narrowed.queue),
        queues: links(ctx, &counts, view_id.is_none().then_some(narrowed.queue))?,
        views: views.iter().map(|view| kept(ctx, view, view_id)).collect(),
        rows: list
            .rows
            .iter()
            .map(|row| shown(ctx, row, (&narrowed.columns, &names, &ticked)))
            .collect(),
        filters: filters(ctx, &narrowed, &staff),
        columns: narrowed.columns.iter().map(|column| column.words()).collect(),
        colleagues: colleagues(&staff, None),
        queue: narrowed.queue.name(),
        query: narrowed.query(),
        clear: Narrowed { queue: narrowed.queue, ..Narrowed::default() }.path(),
        is_new: list.rows.is_empty() && first::is_new(ctx)?,
        is_narrowed: narrowed.is_narrowed(),
        is_later: after.is_some(),
        next_path: list.next.map(|next| narrowed.path_after(&next)).unwrap_or_default(),
        as_of: When::clock(ctx.now, &ctx.app.settings.hub_zone),
        may: May {
            refer: may(Permission::Refer),
            work: may(Permission::WorkCases),
            export: may(Permission::ExportLists),
            hand_out: may(Permission::HandOut)
                .then(|| format!("/worklist/hand-out?queue={}", narrowed.queue.name())),
        },
        told: told(ctx, said)?,
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn told(ctx: &Ctx, said: Said) -> Result<Told> {
    Ok(match said {
        Said::Nothing => Told::default(),
        Said::Done(words) => Told { done: words.to_owned(), ..Told::default() },
        Said::Wrong(wrong) => Told { wrong: wrong.words, ..Told::default() },
        Said::Many(what, many) => {
            let mut refused = Vec::with_capacity(many.refused.len());
            for (case_id, why) in many.refused {
                refused.push((desk::number_of(ctx, &case_id)?, why));
            }
            let cases = if many.n_done == 1 { "case was" } else { "cases were" };
            Told { done: format!("{} {cases} {what}.", many.n_done), refused, ..Told::default() }
        }
    })
}

fn kept(ctx: &Ctx, view: &View, here: Option<&str>) -> ViewLink {
    let is_own = view.user_id == ctx.actor.user_id;
    ViewLink {
        path: format!("/worklist?view={}", encoded(&view.view_id)),
        forget: format!("/views/{}/removal", encoded(&view.view_id)),
        name: view.name.clone(),
        is_here: here == Some(view.view_id.as_str()),
        is_shared: view.is_shared,
        may_forget: is_own || ctx.actor.role == Role::Supervisor,
    }
}

fn filters(ctx: &Ctx, narrowed: &Narrowed, staff: &[User]) -> Filters {
    let chosen = |value: &str, words: &str, is_chosen| Choice::new(value, words).chosen(is_chosen);
    let stage =
        |stage: Stage| chosen(stage.name(), words::part(stage), narrowed.stage == Some(stage));
    let language = |language: Language| {
        chosen(language.name(), words::language(language), narrowed.language == Some(language))
    };
    let clock = |rule: &String| {
        chosen(rule, &words::clock(rule), narrowed.clock.as_deref() == Some(rule.as_str()))
    };
    let column =
        |column: Column| chosen(column.name(), column.words(), narrowed.columns.contains(&column));
    let ages = AGES.iter().map(|(hours, words)| {
        chosen(&hours.to_string(), &format!("{words} or longer"), narrowed.age_h == Some(*hours))
    });
    Filters {
        payers: payers(ctx, narrowed.payer_id.as_ref().map(PayerId::as_str)),
        services: services(narrowed.service),
        stages: Stage::ALL.into_iter().map(stage).collect(),
        managers: colleagues(staff, narrowed.manager.as_ref().map(UserId::as_str)),
        clocks: ctx
            .app
            .packs
            .clock_names(ctx.now.date(&ctx.app.settings.hub_zone))
            .iter()
            .map(clock)
            .collect(),
        ages: ages.collect(),
        languages: Language::ALL.into_iter().map(language).collect(),
        zip: narrowed.zip.clone().unwrap_or_default(),
        columns: Column::ALL.into_iter().map(column).collect(),
        is_deep: narrowed.manager.is_some()
            || narrowed.clock.is_some()
            || narrowed.age_h.is_some()
            || narrowed.language.is_some()
            || narrowed.zip.is_some()
            || !narrowed.columns.is_empty(),
    }
}

fn colleagues(staff: &[User], chosen: Option<&str>) -> Vec<Choice> {
    let choice = |user: &User| {
        let user_id = user.user_id.as_str();
        Choice::new(user_id, &user.name).chosen(chosen == Some(user_id))
    };
    staff.iter().map(choice).collect()
}

/// The queues of cases, and for those who look at files those of which rows were refused.
fn links(ctx: &Ctx, counts: &[(Queue, u32)], here: Option<Queue>) -> Result<Vec<QueueLink>> {
    let mut links: Vec<QueueLink> =
        counts.iter().map(|(known, n)| link(*known, *n, here == Some(*known))).collect();
    if let Some(count) = imports::count(ctx)? {
        let at = links.iter().position(|link| link.is_apart).unwrap_or(links.len());
        let of_files = QueueLink {
            path: "/imports".to_owned(),
            words: "Refused rows",
            count: counted(count, imports::COUNT_MAX),
            is_here: false,
            is_late: count > 0,
            is_apart: false,
        };
        links.insert(at, of_files);
    }
    Ok(links)
}

fn counted(count: u32, max: u32) -> String {
    if count >= max { format!("{max}+") } else { count.to_string() }
}

fn link(queue: Queue, count: u32, is_here: bool) -> QueueLink {
    let is_alarm =
        matches!(queue, Queue::AtRisk | Queue::Missed | Queue::Escalated | Queue::DischargeSoon);
    QueueLink {
        path: format!("/worklist?queue={}", queue.name()),
        words: words::queue(queue),
        count: counted(count, COUNT_MAX),
        is_here,
        is_late: is_alarm && count > 0,
        is_apart: queue == Queue::All,
    }
}

fn payers(ctx: &Ctx, chosen: Option<&str>) -> Vec<Choice> {
    let payers = ctx.app.packs.payers();
    payers
        .map(|payer| {
            Choice::new(payer.payer_id.as_str(), payer.name)
                .chosen(chosen == Some(payer.payer_id.as_str()))
        })
        .collect()
}

fn services(chosen: Option<ServiceLine>) -> Vec<Choice> {
    let choice = |service: &ServiceLine| {
        Choice::new(service.name(), words::service(*service)).chosen(chosen == Some(*service))
    };
    ServiceLine::ALL.iter().map(choice).collect()
}

type Besides<'a> = (&'a [Column], &'a BTreeMap<&'a str, &'a str>, &'a [&'a str]);

fn shown(ctx: &Ctx, row: &Listed, (columns, names, ticked): Besides<'_>) -> Row {
    let zone = row.service_zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let clock = row.clock.as_ref().filter(|_| !row.is_closed);
    let mut services: Vec<&str> =
        row.services.iter().map(|service| words::service(*service)).collect();
    services.dedup();
    Row {
        case_id: row.case_id.to_string(),
        is_ticked: ticked.contains(&row.case_id.as_str()),
        more: columns.iter().map(|column| cell(*column, row, (ctx, names))).collect(),
        path: format!("/cases/{}", encoded(row.case_id.as_str())),
        number: row.number.as_ref().map_or_else(|| row.case_id.to_string(), ToString::to_string),
        member: row
            .member
            .as_ref()
            .map_or_else(|| "Name not known".to_owned(), |name| name.reveal().clone()),
        services: services.join(", "),
        payer: words::payer(ctx, &row.payer_id),
        clock: clock.map(|clock| words::clock(&clock.name)).unwrap_or_default(),
        due: clock.map(|clock| When::at(clock.due_at, zone)),
        left: clock.map(|clock| Left::of(ctx.now, clock.started_at, clock.due_at, clock.is_paused)),
        next: crate::errors::capital(&row.next_words),
        turn: words::turn(&row.next_code, row.next_waits),
        is_ours: !row.next_waits && !row.is_closed,
        blocked: row.blocked,
        waiting: crate::errors::capital(&row.waiting),
        badges: badges(row),
        opened: When::in_full(row.opened_at, zone),
    }
}

fn cell(column: Column, row: &Listed, (ctx, names): (&Ctx, &BTreeMap<&str, &str>)) -> String {
    let zone = row.service_zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let at = |at| When::at(at, zone).local;
    match column {
        Column::Manager => row.manager.as_ref().map_or_else(
            || "Nobody".to_owned(),
            |user_id| names.get(user_id.as_str()).copied().unwrap_or(user_id.as_str()).to_owned(),
        ),
        Column::Age => at(row.received_at),
        Column::Language => row.language.as_ref().map_or_else(
            || "Not known".to_owned(),
            |text| match Language::parse(text.reveal()) {
                Some(language) => words::language(language).to_owned(),
                None => text.reveal().clone(),
            },
        ),
        Column::Visit => row.visit_at.map_or_else(|| "None planned".to_owned(), at),
        Column::Discharge => row.discharge_at.map_or_else(|| "Not known".to_owned(), at),
    }
}

fn badges(row: &Listed) -> Vec<(&'static str, String)> {
    let mut badges = Vec::new();
    if row.escalation_level > 0 {
        badges.push(("late", format!("Escalated, level {}", row.escalation_level)));
    }
    match row.urgency {
        Urgency::Discharge => badges.push(("late", "Discharge".to_owned())),
        Urgency::Urgent => badges.push(("soon", "Urgent".to_owned())),
        Urgency::Routine => {}
    }
    if let Some(priority) = row.priority {
        badges.push(("", priority.name().to_uppercase()));
    }
    if row.is_closed {
        badges.push(("", "Closed".to_owned()));
    }
    badges
}
