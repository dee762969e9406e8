//! The worklist: which cases wait for whom, what presses most first.
//!
//! **Invariant:** a page is one walk along a queue's own index, so it costs the same at a thousand and a million cases.

mod language;
mod queue;

pub use language::Language;
pub use queue::{Asks, DISCHARGE_SOON, Queue};

use crate::people::columns as personal;
use crate::people::folded;
use crate::{Result, Scope, StoreError};
use doorstep_case::{ServiceLine, Stage, Urgency, intake::Priority};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{CaseId, CaseNumber, PayerId, Phi, Timestamp, UserId, Zone};

/// A queue is counted up to here; a page shows more as "1000 and more".
pub const COUNT_MAX: u32 = 1000;

/// What lists show of a case that does not follow from its state alone: it needs the packs and the person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkRow {
    /// The next step's code.
    pub next_code: String,
    /// The next step in words, without personal data.
    pub next_words: String,
    /// Whether the next step is somebody else's.
    pub next_waits: bool,
    /// How many missing items stop authorization or delivery.
    pub blocked: u32,
    /// Which other lines wait for what of the order, without personal data.
    pub waiting: String,
    /// The member's name for sorting and finding: [`people::sort_name`](crate::people::sort_name).
    pub member_sort: Phi<String>,
}

/// Which cases of which queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// The queue.
    pub queue: Queue,
    /// Whose cases are mine.
    pub user_id: UserId,
    /// The time of asking.
    pub now: Timestamp,
    /// The end of the hub's day: what is planned until then is planned for today.
    pub day_ends: Timestamp,
    /// Only this payer's.
    pub payer_id: Option<PayerId>,
    /// Only cases with a line of this trade.
    pub service: Option<ServiceLine>,
    /// Only cases whose next step belongs there.
    pub stage: Option<Stage>,
    /// Only cases that this user manages.
    pub manager: Option<UserId>,
    /// Only cases whose clock that is due first is of this rule.
    pub clock: Option<String>,
    /// Only cases that the hub has held since then or longer.
    pub received_until: Option<Timestamp>,
    /// Only members who speak this language.
    pub language: Option<Language>,
    /// Only members whose ZIP begins so.
    pub zip: Option<String>,
    /// Only this case number, or members whose name begins so, family name first. Empty for all.
    pub text: String,
}

impl Filter {
    fn asks(&self) -> Asks<'_> {
        Asks { user_id: &self.user_id, now: self.now, day_ends: self.day_ends }
    }
}

/// The place after which a page goes on: that of the last row before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    /// The row's place in the order.
    pub sort_at: i64,
    /// The row's case.
    pub case_id: CaseId,
}

/// One row of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The case.
    pub case_id: CaseId,
    /// Its version.
    pub seq: u32,
    /// Its number.
    pub number: Option<CaseNumber>,
    /// Whether it is closed.
    pub is_closed: bool,
    /// The member's name, family name first.
    pub member: Option<Phi<String>>,
    /// When it was opened.
    pub opened_at: Timestamp,
    /// When the hub first held the order.
    pub received_at: Timestamp,
    /// How soon.
    pub urgency: Urgency,
    /// Triage outcome.
    pub priority: Option<Priority>,
    /// The payer.
    pub payer_id: PayerId,
    /// The trades of its lines.
    pub services: Vec<ServiceLine>,
    /// Whose it is.
    pub manager: Option<UserId>,
    /// The next step's code.
    pub next_code: String,
    /// The next step.
    pub next_words: String,
    /// Whether somebody else has to do it.
    pub next_waits: bool,
    /// The clock that is due first.
    pub clock: Option<ListedClock>,
    /// Whether three quarters of a clock are gone, or it was missed.
    pub is_at_risk: bool,
    /// How many missing items stop authorization or delivery.
    pub blocked: u32,
    /// Which other lines wait for what of the order; empty where none does.
    pub waiting: String,
    /// Where care is given.
    pub service_zone: Option<Zone>,
    /// The highest unresolved escalation, 0 for none.
    pub escalation_level: u32,
    /// The planned discharge.
    pub discharge_at: Option<Timestamp>,
    /// The start of the first visit or delivery that is still ahead.
    pub visit_at: Option<Timestamp>,
    /// The member's language, as it was sent.
    pub language: Option<Phi<String>>,
    /// Its place in the order.
    pub sort_at: i64,
}

/// The clock of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedClock {
    /// The rule's name.
    pub name: String,
    /// When it is due.
    pub due_at: Timestamp,
    /// What it counts from.
    pub started_at: Timestamp,
    /// Whether it stands still.
    pub is_paused: bool,
}

/// A page of a list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// The rows.
    pub rows: Vec<Listed>,
    /// Where the next page goes on; `None` at the end.
    pub next: Option<Cursor>,
}

/// Returns a page of a queue: what is due first comes first.
pub fn page(
    tx: &mut Tx<'_>,
    scope: &Scope,
    filter: &Filter,
    after: Option<&Cursor>,
    limit: u32,
) -> Result<Page> {
    if !scope.sees_cases() || limit == 0 {
        return Ok(Page::default());
    }
    let number = CaseNumber::parse(filter.text.trim()).ok();
    let name = if number.is_some() { String::new() } else { folded(&filter.text) };
    if number.is_none() && name.is_empty() && !filter.text.trim().is_empty() {
        return Ok(Page::default());
    }
    let steps =
        filter.stage.map_or(String::new(), |stage| format!(",{},", stage.steps().join(",")));
    let mut values = params![
        after.map_or(i64::MIN, |cursor| cursor.sort_at),
        after.map_or("", |cursor| cursor.case_id.as_str()),
        filter.payer_id.as_ref().map_or("", PayerId::as_str),
        filter.service.map_or(String::new(), |service| format!(",{},", service.name())),
        number.as_ref().map_or("", CaseNumber::as_str),
        name,
        limit.saturating_add(1),
        steps,
        filter.manager.as_ref().map_or("", UserId::as_str),
        filter.clock.as_deref().unwrap_or_default(),
        filter.received_until.map_or(i64::MAX, |until| until.0),
        filter
            .language
            .map_or(String::new(), |language| format!(",{},", language.spellings().join(","))),
        filter.zip.as_deref().unwrap_or_default().replace(|c: char| !c.is_ascii_digit(), ""),
    ]
    .to_vec();
    values.extend(filter.queue.parameter(&filter.asks()));
    let (condition, more) = scope.condition(values.len() + 1);
    values.extend(more);
    let rows = tx.query(&page_sql(filter.queue, &condition), &values)?;
    let mut rows = rows.iter().map(listed).collect::<Result<Vec<Listed>>>()?;
    let has_more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| has_more);
    let next = last.map(|row| Cursor { sort_at: row.sort_at, case_id: row.case_id.clone() });
    Ok(Page { rows, next })
}

/// The name is folded to letters, so it holds nothing that `LIKE` would take for a pattern.
pub(crate) fn page_sql(queue: Queue, condition: &str) -> String {
    format!(
        "SELECT h.case_id, h.seq, h.number, h.status, h.opened_at, h.received_at, h.urgency, h.priority, h.payer_id,
                h.services, h.manager, h.next_code, h.next_words, h.next_waits, h.clock_name, h.clock_due_at,
                h.clock_started_at, h.clock_paused, h.at_risk, h.blocked, h.waiting, h.service_zone, h.escalation_level,
                h.discharge_at, h.visit_at, h.sort_at, p.family, p.given, p.suffix, p.language
         FROM case_head AS h
         LEFT JOIN person AS p ON p.case_id = h.case_id
         WHERE {}{condition}
           AND (h.sort_at, h.case_id) > ($1, $2)
           AND ($3 = '' OR h.payer_id = $3)
           AND ($4 = '' OR h.services LIKE '%' || $4 || '%')
           AND ($5 = '' OR h.number = $5)
           AND ($6 = '' OR h.member_sort LIKE $6 || '%')
           AND ($8 = '' OR $8 LIKE '%,' || h.next_code || ',%')
           AND ($9 = '' OR h.manager = $9)
           AND ($10 = '' OR h.clock_name = $10)
           AND h.received_at <= $11
           AND ($12 = '' OR $12 LIKE '%,' || lower(p.language) || ',%')
           AND ($13 = '' OR p.zip LIKE $13 || '%')
         ORDER BY h.sort_at, h.case_id
         LIMIT $7",
        queue.condition(14)
    )
}

fn listed(row: &Row) -> Result<Listed> {
    let wrong = |what| StoreError::Decode { what };
    let priority = row.opt_text("priority")?;
    let number = row.opt_text("number")?.map(CaseNumber::parse).transpose();
    let zone = row.opt_text("service_zone")?.map(Zone::parse).transpose();
    Ok(Listed {
        case_id: CaseId::from(row.text("case_id")?),
        seq: u32::try_from(row.int("seq")?).map_err(|_| wrong("case_head.seq"))?,
        number: number.map_err(|_| wrong("case_head.number"))?,
        is_closed: row.text("status")? == "closed",
        member: personal::display_name(row)?,
        opened_at: Timestamp(row.int("opened_at")?),
        received_at: Timestamp(row.int("received_at")?),
        urgency: Urgency::parse(row.text("urgency")?).ok_or(wrong("case_head.urgency"))?,
        priority: priority
            .map(|name| Priority::parse(name).ok_or(wrong("case_head.priority")))
            .transpose()?,
        payer_id: PayerId::from(row.text("payer_id")?),
        services: services(row.text("services")?),
        manager: row.opt_text("manager")?.map(UserId::from),
        next_code: row.text("next_code")?.to_owned(),
        next_words: row.text("next_words")?.to_owned(),
        next_waits: row.flag("next_waits")?,
        clock: clock(row)?,
        is_at_risk: row.flag("at_risk")?,
        blocked: u32::try_from(row.int("blocked")?).map_err(|_| wrong("case_head.blocked"))?,
        waiting: row.text("waiting")?.to_owned(),
        service_zone: zone.map_err(|_| wrong("case_head.service_zone"))?,
        escalation_level: u32::try_from(row.int("escalation_level")?)
            .map_err(|_| wrong("case_head.escalation_level"))?,
        discharge_at: row.opt_int("discharge_at")?.map(Timestamp),
        visit_at: row.opt_int("visit_at")?.map(Timestamp),
        language: row.opt_text("language")?.map(|text| Phi::new(text.to_owned())),
        sort_at: row.int("sort_at")?,
    })
}

pub(crate) fn services(text: &str) -> Vec<ServiceLine> {
    let names = text.split(',').filter(|name| !name.is_empty());
    names.map(|name| ServiceLine::parse(name).unwrap_or_default()).collect()
}

fn clock(row: &Row) -> Result<Option<ListedClock>> {
    let (Some(name), Some(due_at), Some(started_at)) = (
        row.opt_text("clock_name")?,
        row.opt_int("clock_due_at")?,
        row.opt_int("clock_started_at")?,
    ) else {
        return Ok(None);
    };
    Ok(Some(ListedClock {
        name: name.to_owned(),
        due_at: Timestamp(due_at),
        started_at: Timestamp(started_at),
        is_paused: row.flag("clock_paused")?,
    }))
}

/// Returns how many cases each queue has, [`COUNT_MAX`] at most, in the order of [`Queue::ALL`].
pub fn counts(tx: &mut Tx<'_>, scope: &Scope, asks: &Asks<'_>) -> Result<Vec<(Queue, u32)>> {
    let mut counts = Vec::with_capacity(Queue::ALL.len());
    for queue in Queue::ALL {
        let n = if scope.sees_cases() { count(tx, scope, queue, asks)? } else { 0 };
        counts.push((queue, n));
    }
    Ok(counts)
}

fn count(tx: &mut Tx<'_>, scope: &Scope, queue: Queue, asks: &Asks<'_>) -> Result<u32> {
    let mut values = vec![Value::from(COUNT_MAX)];
    values.extend(queue.parameter(asks));
    let (condition, more) = scope.condition(values.len() + 1);
    values.extend(more);
    let row = tx.query_one(&count_sql(queue, &condition), &values)?;
    let n = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
    Ok(u32::try_from(n).unwrap_or(COUNT_MAX))
}

/// The order is there to have the queue's index walked: without it PostgreSQL reads the table until it has enough.
pub(crate) fn count_sql(queue: Queue, condition: &str) -> String {
    format!(
        "SELECT COUNT(*) AS n
         FROM (SELECT 1 AS one FROM case_head AS h WHERE {}{condition} ORDER BY h.sort_at, h.case_id LIMIT $1) AS counted",
        queue.condition(2)
    )
}
