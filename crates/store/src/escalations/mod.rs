//! Escalations across all cases: who has which, what is due next, what was promised and kept, and what was said.
//!
//! **Invariant:** the rows say what the case's state says: they are written with its events, and with nothing else.

mod sync;
mod thread;

pub(crate) use sync::sync;
pub use thread::{Message, messages, put_message};

use crate::{Result, Scope, StoreError};
use doorstep_case::disputes::{EscalationReason, Tally};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, CaseNumber, EscalationId, PayerId, Timestamp, UserId};

/// An open escalation in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its case.
    pub case_id: CaseId,
    /// The case's number.
    pub number: Option<CaseNumber>,
    /// The case's payer.
    pub payer_id: PayerId,
    /// The escalation.
    pub escalation_id: EscalationId,
    /// The level that it stands at.
    pub level: u8,
    /// Why.
    pub reason: EscalationReason,
    /// When it was raised.
    pub opened_at: Timestamp,
    /// By whom; `None` when it raised itself.
    pub opened_by: Option<UserId>,
    /// Who took it.
    pub owner: Option<UserId>,
    /// When somebody said that they had seen it.
    pub acknowledged_at: Option<Timestamp>,
    /// The promised time.
    pub committed_to: Option<Timestamp>,
    /// When the next thing about it is due.
    pub due_at: Timestamp,
}

/// Which open escalations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only of this level.
    pub level: Option<u8>,
    /// Only of this owner.
    pub owner: Option<UserId>,
}

/// Returns up to `limit` open escalations, what is due first first. `after` is the last one of the page before.
pub fn open(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (filter, after): (&Filter, Option<(Timestamp, &CaseId, &EscalationId)>),
    limit: u32,
) -> Result<Vec<Listed>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let mut values = params![
        after.map_or(i64::MIN, |(at, ..)| at.0),
        after.map_or("", |(_, case_id, _)| case_id.as_str()),
        after.map_or("", |(.., id)| id.as_str()),
        filter.level.map_or(0, u32::from),
        filter.owner.as_ref().map_or("", UserId::as_str),
        limit,
    ]
    .to_vec();
    let (condition, more) = scope.condition(7);
    values.extend(more);
    let rows = tx.query(&open_sql(&condition), &values)?;
    rows.iter().map(listed).collect()
}

pub(crate) fn open_sql(condition: &str) -> String {
    format!(
        "SELECT e.case_id, e.escalation_id, e.level, e.reason, e.opened_at, e.opened_by, e.owner,
                e.acknowledged_at, e.committed_to, e.due_at, h.number, h.payer_id
         FROM escalation AS e
         JOIN case_head AS h ON h.case_id = e.case_id
         WHERE e.resolved_at IS NULL AND (e.due_at, e.case_id, e.escalation_id) > ($1, $2, $3)
               AND ($4 = 0 OR e.level = $4) AND ($5 = '' OR e.owner = $5){condition}
         ORDER BY e.due_at, e.case_id, e.escalation_id
         LIMIT $6"
    )
}

fn listed(row: &Row) -> Result<Listed> {
    let user = |column| row.opt_text(column).map(|id| id.map(UserId::from));
    let at = |column| row.opt_int(column).map(|at| at.map(Timestamp));
    Ok(Listed {
        case_id: CaseId::from(row.text("case_id")?),
        number: row.opt_text("number")?.and_then(|number| CaseNumber::parse(number).ok()),
        payer_id: PayerId::from(row.text("payer_id")?),
        escalation_id: EscalationId::from(row.text("escalation_id")?),
        level: level(row)?,
        reason: EscalationReason::parse(row.text("reason")?)
            .ok_or(StoreError::Decode { what: "escalation.reason" })?,
        opened_at: Timestamp(row.int("opened_at")?),
        opened_by: user("opened_by")?,
        owner: user("owner")?,
        acknowledged_at: at("acknowledged_at")?,
        committed_to: at("committed_to")?,
        due_at: Timestamp(row.int("due_at")?),
    })
}

fn level(row: &Row) -> Result<u8> {
    u8::try_from(row.int("level")?).map_err(|_| StoreError::Decode { what: "escalation.level" })
}

/// How many are open, how many of them nobody has seen, and in how many a therapy is at risk: of the thousand due first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not resolved.
    pub n_open: u32,
    /// Nobody has said that they have seen them.
    pub n_unseen: u32,
    /// A therapy is at risk.
    pub n_therapy: u32,
}

/// Counts the open ones of cases that are seen. It tells of nobody.
pub fn counts(tx: &mut Tx<'_>, scope: &Scope) -> Result<Counts> {
    if !scope.sees_cases() {
        return Ok(Counts::default());
    }
    let (condition, values) = scope.condition(1);
    let row = tx.query_one(&counts_sql(&condition), &values)?;
    let of = |row: &Row| {
        Ok(Counts {
            n_open: count(row, "n_open")?,
            n_unseen: count(row, "n_unseen")?,
            n_therapy: count(row, "n_therapy")?,
        })
    };
    row.as_ref().map_or(Ok(Counts::default()), of)
}

pub(crate) fn counts_sql(condition: &str) -> String {
    format!(
        "SELECT COUNT(*) AS n_open, COUNT(CASE WHEN o.acknowledged_at IS NULL THEN 1 END) AS n_unseen,
                COUNT(CASE WHEN o.reason = 'therapy-at-risk' THEN 1 END) AS n_therapy
         FROM (SELECT e.acknowledged_at, e.reason
               FROM escalation AS e
               JOIN case_head AS h ON h.case_id = e.case_id
               WHERE e.resolved_at IS NULL{condition}
               ORDER BY e.due_at, e.case_id, e.escalation_id
               LIMIT 1000) AS o"
    )
}

/// What one person's promises at one level came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rate {
    /// Who promised.
    pub owner: UserId,
    /// At which level.
    pub level: u8,
    /// What they came to.
    pub tally: Tally,
}

/// Returns what the promises came to that were made between two instants, by person and level.
pub fn rates(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (from, to): (Timestamp, Timestamp),
    now: Timestamp,
) -> Result<Vec<Rate>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(4);
    let mut values = params![from.0, to.0, now.0].to_vec();
    values.extend(more);
    tx.query(&rates_sql(&condition), &values)?.iter().map(rate).collect()
}

pub(crate) fn rates_sql(condition: &str) -> String {
    format!(
        "SELECT p.owner, p.level, COUNT(CASE WHEN p.ended = 'kept' THEN 1 END) AS n_kept,
                COUNT(CASE WHEN p.ended = 'broken' OR (p.ended IS NULL AND p.due_at < $3) THEN 1 END) AS n_broken,
                COUNT(CASE WHEN p.ended = 'moved' THEN 1 END) AS n_moved,
                COUNT(CASE WHEN p.ended IS NULL AND p.due_at >= $3 THEN 1 END) AS n_running
         FROM escalation_promise AS p
         JOIN case_head AS h ON h.case_id = p.case_id
         WHERE p.made_at >= $1 AND p.made_at < $2{condition}
         GROUP BY p.owner, p.level
         ORDER BY p.owner, p.level
         LIMIT 1000"
    )
}

fn rate(row: &Row) -> Result<Rate> {
    let tally = Tally {
        n_kept: count(row, "n_kept")?,
        n_broken: count(row, "n_broken")?,
        n_moved: count(row, "n_moved")?,
        n_running: count(row, "n_running")?,
    };
    Ok(Rate { owner: UserId::from(row.text("owner")?), level: level(row)?, tally })
}

fn count(row: &Row, name: &'static str) -> Result<u32> {
    u32::try_from(row.int(name)?).map_err(|_| StoreError::Decode { what: name })
}
