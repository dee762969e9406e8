//! Complaints across all cases: what is open and due, and what they are about.
//!
//! **Invariant:** the rows say what the case's state says: they are written with its events, and with nothing else.

use crate::{Result, Scope, StoreError};
use doorstep_case::disputes::{
    Complainant, Complaint, ComplaintCategory, ComplaintDoor, Dispute, DisputeKind, Severity,
};
use doorstep_case::{Case, Event, Recorded, Subject};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, CaseNumber, DisputeId, PayerId, Timestamp};
use std::collections::BTreeSet;

/// An open complaint in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its case.
    pub case_id: CaseId,
    /// The case's number.
    pub number: Option<CaseNumber>,
    /// The case's payer.
    pub payer_id: PayerId,
    /// The complaint.
    pub dispute_id: DisputeId,
    /// What it is filed as.
    pub kind: DisputeKind,
    /// What it is about.
    pub category: ComplaintCategory,
    /// How grave.
    pub severity: Severity,
    /// From whom.
    pub from: Complainant,
    /// By which door.
    pub door: ComplaintDoor,
    /// When it was first heard.
    pub received_at: Timestamp,
    /// When whoever complained was told that it is here.
    pub acknowledged_at: Option<Timestamp>,
    /// When it was answered.
    pub answered_at: Option<Timestamp>,
    /// When the next of its clocks is due.
    pub due_at: Timestamp,
    /// That clock's rule; empty where none runs.
    pub due_clock: String,
}

/// Brings the rows up to the case: those that the events or their clocks are about, all where there are no events.
pub(crate) fn sync(tx: &mut Tx<'_>, case: &Case, recorded: &[Recorded]) -> Result<()> {
    let touched: BTreeSet<DisputeId> = if recorded.is_empty() {
        case.disputes.disputes.keys().cloned().collect()
    } else {
        recorded.iter().flat_map(|recorded| of(case, &recorded.event)).collect()
    };
    for id in &touched {
        let Some(dispute) = case.disputes.disputes.get(id) else { continue };
        if let Some(complaint) = dispute.complaint.as_deref() {
            put(tx, case, id, (dispute, complaint))?;
        }
    }
    Ok(())
}

fn of(case: &Case, event: &Event) -> Vec<DisputeId> {
    let subjects = match event {
        Event::Disputes(event) => event.subjects(),
        Event::Clock(event) => {
            let clock = case.clocks.0.get(event.clock_id());
            clock.map(|clock| clock.started.about.clone()).into_iter().collect()
        }
        _ => Vec::new(),
    };
    let disputes = subjects.into_iter().filter_map(|subject| match subject {
        Subject::Dispute(id) => Some(id),
        _ => None,
    });
    disputes.collect()
}

fn put(
    tx: &mut Tx<'_>,
    case: &Case,
    id: &DisputeId,
    (dispute, complaint): (&Dispute, &Complaint),
) -> Result<()> {
    let about = Subject::Dispute(id.clone());
    let clocks = case.clocks.0.values();
    let live = clocks.filter(|clock| clock.started.about == about && clock.is_live());
    let due = live.min_by_key(|clock| (clock.started.due_at, clock.started.rule.clone()));
    let told = &complaint.told;
    tx.execute(
        "INSERT INTO complaint (case_id, dispute_id, kind, category, severity, source, door, received_at,
                                acknowledged_at, answered_at, due_at, due_clock, ended_at, outcome)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
         ON CONFLICT (case_id, dispute_id) DO UPDATE
         SET kind = excluded.kind, acknowledged_at = excluded.acknowledged_at, answered_at = excluded.answered_at,
             due_at = excluded.due_at, due_clock = excluded.due_clock, ended_at = excluded.ended_at,
             outcome = excluded.outcome",
        params![
            case.id.as_str(),
            id.as_str(),
            dispute.kind.code(),
            told.category.code(),
            told.severity.code().parse::<u32>().unwrap_or_default(),
            told.from.code(),
            told.door.code(),
            told.received_at.0,
            complaint.acknowledged_at.map(|at| at.0),
            complaint.answered.as_ref().map(|(at, _)| at.0),
            due.map_or(told.received_at.0, |clock| clock.started.due_at.0),
            due.map_or("", |clock| clock.started.rule.as_str()),
            dispute.outcome.map(|(at, _)| at.0),
            dispute.outcome.map(|(_, outcome)| outcome.code()),
        ],
    )?;
    Ok(())
}

/// Returns up to `limit` open complaints, what is due first first. `after` is the last one of the page before.
pub fn open(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (category, after): (Option<ComplaintCategory>, Option<(Timestamp, &CaseId, &DisputeId)>),
    limit: u32,
) -> Result<Vec<Listed>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let mut values = params![
        after.map_or(i64::MIN, |(at, ..)| at.0),
        after.map_or("", |(_, case_id, _)| case_id.as_str()),
        after.map_or("", |(.., id)| id.as_str()),
        category.map_or("", ComplaintCategory::code),
        limit,
    ]
    .to_vec();
    let (condition, more) = scope.condition(6);
    values.extend(more);
    let rows = tx.query(&open_sql(&condition), &values)?;
    rows.iter().map(listed).collect()
}

pub(crate) fn open_sql(condition: &str) -> String {
    format!(
        "SELECT c.case_id, c.dispute_id, c.kind, c.category, c.severity, c.source, c.door, c.received_at,
                c.acknowledged_at, c.answered_at, c.due_at, c.due_clock, h.number, h.payer_id
         FROM complaint AS c
         JOIN case_head AS h ON h.case_id = c.case_id
         WHERE c.ended_at IS NULL AND (c.due_at, c.case_id, c.dispute_id) > ($1, $2, $3)
               AND ($4 = '' OR c.category = $4){condition}
         ORDER BY c.due_at, c.case_id, c.dispute_id
         LIMIT $5"
    )
}

fn listed(row: &Row) -> Result<Listed> {
    let at = |column| row.opt_int(column).map(|at| at.map(Timestamp));
    Ok(Listed {
        case_id: CaseId::from(row.text("case_id")?),
        number: row.opt_text("number")?.and_then(|number| CaseNumber::parse(number).ok()),
        payer_id: PayerId::from(row.text("payer_id")?),
        dispute_id: DisputeId::from(row.text("dispute_id")?),
        kind: coded(row.text("kind")?, DisputeKind::parse, "complaint.kind")?,
        category: coded(row.text("category")?, ComplaintCategory::parse, "complaint.category")?,
        severity: coded(&row.int("severity")?.to_string(), Severity::parse, "complaint.severity")?,
        from: coded(row.text("source")?, Complainant::parse, "complaint.source")?,
        door: coded(row.text("door")?, ComplaintDoor::parse, "complaint.door")?,
        received_at: Timestamp(row.int("received_at")?),
        acknowledged_at: at("acknowledged_at")?,
        answered_at: at("answered_at")?,
        due_at: Timestamp(row.int("due_at")?),
        due_clock: row.text("due_clock")?.to_owned(),
    })
}

fn coded<T>(code: &str, parse: impl Fn(&str) -> Option<T>, what: &'static str) -> Result<T> {
    parse(code).ok_or(StoreError::Decode { what })
}

/// What came of one category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// What they are about.
    pub category: ComplaintCategory,
    /// How many came.
    pub n_received: u32,
    /// How many of these have ended.
    pub n_ended: u32,
    /// How many of these are of the two gravest kinds.
    pub n_grave: u32,
}

/// Counts the complaints that came between two instants, by category, the most frequent first.
pub fn by_category(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Counted>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(3);
    let mut values = params![from.0, to.0].to_vec();
    values.extend(more);
    let rows = tx.query(&by_category_sql(&condition), &values)?;
    let of = |row: &Row| {
        Ok(Counted {
            category: coded(row.text("category")?, ComplaintCategory::parse, "complaint.category")?,
            n_received: count(row, "n_received")?,
            n_ended: count(row, "n_ended")?,
            n_grave: count(row, "n_grave")?,
        })
    };
    rows.iter().map(of).collect()
}

pub(crate) fn by_category_sql(condition: &str) -> String {
    format!(
        "SELECT c.category, COUNT(*) AS n_received, COUNT(c.ended_at) AS n_ended,
                COUNT(CASE WHEN c.severity <= 2 THEN 1 END) AS n_grave
         FROM complaint AS c
         JOIN case_head AS h ON h.case_id = c.case_id
         WHERE c.received_at >= $1 AND c.received_at < $2{condition}
         GROUP BY c.category
         ORDER BY n_received DESC, c.category
         LIMIT 100"
    )
}

fn count(row: &Row, name: &'static str) -> Result<u32> {
    u32::try_from(row.int(name)?).map_err(|_| StoreError::Decode { what: name })
}
