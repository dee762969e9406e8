//! The worklist: queues with their counts, and the cases of one, what is due first at the top.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::field::Choice;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{Left, When};
use crate::words;
use askama::Template;
use doorstep_app::{Ctx, Result, desk};
use doorstep_case::{ServiceLine, Urgency};
use doorstep_store::worklist::{COUNT_MAX, Cursor, Filter, Listed, Queue};
use doorstep_vocab::{CaseId, PayerId};

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

struct Row {
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
}

#[derive(Template)]
#[template(path = "worklist/list.html")]
struct Page<'a> {
    shell: &'a Shell,
    title: &'static str,
    about: &'static str,
    queues: Vec<QueueLink>,
    rows: Vec<Row>,
    payers: Vec<Choice>,
    services: Vec<Choice>,
    queue: &'static str,
    is_filtered: bool,
    is_later: bool,
    next_path: String,
    as_of: When,
    may_refer: bool,
}

/// Shows a page of a queue.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let chosen = asked.query.get("queue").and_then(Queue::parse);
    let queue = chosen.unwrap_or_else(|| desk::first_queue(ctx.actor.role));
    let payer_id = asked.query.get("payer").map(PayerId::from);
    let service = asked.query.get("service").and_then(ServiceLine::parse);
    let filter = Filter {
        queue,
        user_id: ctx.actor.user_id.clone(),
        now: ctx.now,
        payer_id: payer_id.clone(),
        service,
        ..Filter::default()
    };
    let after = asked.query.get("after").and_then(cursor);
    let list = doorstep_app::worklist(ctx, &filter, after.as_ref(), ROWS)?;
    let counts = desk::queue_counts(ctx)?;
    let zone = &ctx.app.settings.hub_zone;
    let chosen = Chosen { queue, payer: payer_id.as_ref().map(PayerId::as_str), service };
    let page = Page {
        shell: &asked.shell,
        title: words::queue(queue),
        about: words::queue_about(queue),
        queues: counts.iter().map(|(known, count)| link(*known, *count, queue)).collect(),
        rows: list.rows.iter().map(|row| shown(ctx, row)).collect(),
        payers: payers(ctx, chosen.payer),
        services: services(service),
        queue: queue.name(),
        is_filtered: payer_id.is_some() || service.is_some(),
        is_later: after.is_some(),
        next_path: list.next.map(|next| chosen.path(&next)).unwrap_or_default(),
        as_of: When::clock(ctx.now, zone),
        may_refer: doorstep_app::Permission::Refer.is_for(ctx.actor.role),
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

struct Chosen<'a> {
    queue: Queue,
    payer: Option<&'a str>,
    service: Option<ServiceLine>,
}

impl Chosen<'_> {
    fn path(&self, next: &Cursor) -> String {
        let queue = self.queue.name();
        let payer =
            self.payer.map(|payer| format!("&payer={}", encoded(payer))).unwrap_or_default();
        let service = self.service.map(|service| format!("&service={service}")).unwrap_or_default();
        let (sort_at, case_id) = (next.sort_at, encoded(next.case_id.as_str()));
        format!("/worklist?queue={queue}{payer}{service}&after={sort_at}~{case_id}")
    }
}

fn cursor(text: &str) -> Option<Cursor> {
    let (sort_at, case_id) = text.split_once('~')?;
    Some(Cursor { sort_at: sort_at.parse().ok()?, case_id: CaseId::from(case_id) })
}

fn link(queue: Queue, count: u32, here: Queue) -> QueueLink {
    let is_alarm = matches!(queue, Queue::AtRisk | Queue::Escalated | Queue::DischargeSoon);
    QueueLink {
        path: format!("/worklist?queue={}", queue.name()),
        words: words::queue(queue),
        count: if count >= COUNT_MAX { format!("{COUNT_MAX}+") } else { count.to_string() },
        is_here: queue == here,
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

fn shown(ctx: &Ctx, row: &Listed) -> Row {
    let zone = row.service_zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let clock = row.clock.as_ref().filter(|_| !row.is_closed);
    let mut services: Vec<&str> =
        row.services.iter().map(|service| words::service(*service)).collect();
    services.dedup();
    Row {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_where_a_page_goes_on_is_read_back() {
        let next = Cursor { sort_at: -7, case_id: CaseId::from("c1") };
        let chosen =
            Chosen { queue: Queue::All, payer: Some("a b"), service: Some(ServiceLine::Dme) };
        let path = chosen.path(&next);
        assert_eq!(path, "/worklist?queue=all&payer=a%20b&service=dme&after=-7~c1");
        assert_eq!(cursor("-7~c1"), Some(next));
        assert_eq!(cursor("x~c1"), None);
    }
}
