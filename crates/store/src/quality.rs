//! Quality: what may be looked at, and the cards.

use crate::people::columns as personal;
use crate::{Result, Scope, StoreError, json};
use doorstep_case::auth::AuthEvent;
use doorstep_case::quality::{Candidate, Looked};
use doorstep_case::{Case, Event, Recorded};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, Phi, Timestamp, UserId};
use std::collections::BTreeMap;

/// What a month has of one kind, at most.
const MONTH_MAX: u32 = 50_000;
/// Cards that an agent sees.
const CARDS_MAX: u32 = 500;

/// Keeps which events denied a line, or a part of it.
pub(crate) fn sync(tx: &mut Tx<'_>, case: &Case, recorded: &[Recorded]) -> Result<()> {
    let is_denial = |recorded: &&Recorded| {
        matches!(
            recorded.event,
            Event::Auth(
                AuthEvent::Denied { .. } | AuthEvent::Lapsed { .. } | AuthEvent::Modified { .. }
            )
        )
    };
    for recorded in recorded.iter().filter(is_denial) {
        let sql = "INSERT INTO denial_notice (case_id, seq, at) VALUES ($1, $2, $3)
                   ON CONFLICT (case_id, seq) DO NOTHING";
        tx.execute(sql, params![case.id.as_str(), recorded.seq, recorded.at.0])?;
    }
    Ok(())
}

/// Returns what may be looked at of a month: its calls that were closed, its complaints and its notices of denial. The last two
/// are the case manager's work.
pub fn candidates(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (from, to): (Timestamp, Timestamp),
) -> Result<Vec<Candidate>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(4);
    let mut values = params![from.0, to.0, MONTH_MAX].to_vec();
    values.extend(more);
    let mut all = Vec::new();
    for (what, sql) in [
        (Looked::Call, calls_sql(&condition)),
        (Looked::Complaint, complaints_sql(&condition)),
        (Looked::Denial, denials_sql(&condition)),
    ] {
        for row in tx.query(&sql, &values)? {
            all.push(candidate(what, &row)?);
        }
    }
    Ok(all)
}

/// A call about no case is anybody's who looks; one about a case is who sees that.
pub(crate) fn calls_sql(condition: &str) -> String {
    format!(
        "SELECT c.call_id AS id, c.case_id, c.agent
         FROM phone_call AS c
         LEFT JOIN case_head AS h ON h.case_id = c.case_id
         WHERE c.started_at >= $1 AND c.started_at < $2 AND c.closed_at IS NOT NULL
               AND (c.case_id IS NULL OR (h.case_id IS NOT NULL{condition}))
         ORDER BY c.started_at, c.call_id
         LIMIT $3"
    )
}

pub(crate) fn complaints_sql(condition: &str) -> String {
    format!(
        "SELECT c.dispute_id AS id, c.case_id, COALESCE(h.manager, '') AS agent
         FROM complaint AS c
         JOIN case_head AS h ON h.case_id = c.case_id
         WHERE c.received_at >= $1 AND c.received_at < $2{condition}
         ORDER BY c.received_at, c.case_id, c.dispute_id
         LIMIT $3"
    )
}

pub(crate) fn denials_sql(condition: &str) -> String {
    format!(
        "SELECT CAST(d.seq AS TEXT) AS id, d.case_id, COALESCE(h.manager, '') AS agent
         FROM denial_notice AS d
         JOIN case_head AS h ON h.case_id = d.case_id
         WHERE d.at >= $1 AND d.at < $2{condition}
         ORDER BY d.at, d.case_id, d.seq
         LIMIT $3"
    )
}

fn candidate(what: Looked, row: &Row) -> Result<Candidate> {
    let case_id = row.opt_text("case_id")?.map(CaseId::from);
    let id = row.text("id")?;
    let id = match (&case_id, what) {
        (Some(case_id), Looked::Complaint | Looked::Denial) => format!("{case_id}/{id}"),
        _ => id.to_owned(),
    };
    Ok(Candidate { what, id, case_id, agent: UserId::from(row.text("agent")?) })
}

/// A scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The month whose sample it is of.
    pub month: String,
    /// What was looked at, and whose work it is.
    pub of: Candidate,
    /// Who scored it.
    pub reviewer: UserId,
    /// When.
    pub scored_at: Timestamp,
    /// Points by item.
    pub points: BTreeMap<String, u32>,
    /// What they come to.
    pub total: u32,
    /// Whether an item failed the whole.
    pub is_failed: bool,
    /// What the agent is told.
    pub words: Phi<String>,
}

/// Keeps a card, in place of one of the same thing.
pub fn put(tx: &mut Tx<'_>, card: &Card) -> Result<()> {
    tx.execute(
        "INSERT INTO quality_card (month, what, ref_id, case_id, agent, reviewer, scored_at, points, total, failed, words)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         ON CONFLICT (month, what, ref_id) DO UPDATE
         SET agent = excluded.agent, reviewer = excluded.reviewer, scored_at = excluded.scored_at,
             points = excluded.points, total = excluded.total, failed = excluded.failed, words = excluded.words",
        params![
            card.month.as_str(),
            card.of.what.code(),
            card.of.id.as_str(),
            card.of.case_id.as_ref().map(CaseId::as_str),
            card.of.agent.as_str(),
            card.reviewer.as_str(),
            card.scored_at.0,
            json::write(&card.points, "quality_card.points")?,
            card.total,
            u32::from(card.is_failed),
            personal::text(&card.words),
        ],
    )?;
    Ok(())
}

/// Returns the cards of a month.
pub fn of_month(tx: &mut Tx<'_>, scope: &Scope, month: &str) -> Result<Vec<Card>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let sql = "SELECT month, what, ref_id, case_id, agent, reviewer, scored_at, points, total, failed, words
               FROM quality_card
               WHERE month = $1
               ORDER BY what, ref_id
               LIMIT $2";
    tx.query(sql, params![month, MONTH_MAX])?.iter().map(card).collect()
}

/// Returns somebody's own cards, the latest first.
pub fn of_agent(tx: &mut Tx<'_>, scope: &Scope, agent: &UserId) -> Result<Vec<Card>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let sql = "SELECT month, what, ref_id, case_id, agent, reviewer, scored_at, points, total, failed, words
               FROM quality_card
               WHERE agent = $1
               ORDER BY scored_at DESC, month, what, ref_id
               LIMIT $2";
    tx.query(sql, params![agent.as_str(), CARDS_MAX])?.iter().map(card).collect()
}

fn card(row: &Row) -> Result<Card> {
    let what = Looked::parse(row.text("what")?);
    Ok(Card {
        month: row.text("month")?.to_owned(),
        of: Candidate {
            what: what.ok_or(StoreError::Decode { what: "quality_card.what" })?,
            id: row.text("ref_id")?.to_owned(),
            case_id: row.opt_text("case_id")?.map(CaseId::from),
            agent: UserId::from(row.text("agent")?),
        },
        reviewer: UserId::from(row.text("reviewer")?),
        scored_at: Timestamp(row.int("scored_at")?),
        points: json::read(row.text("points")?, "quality_card.points")?,
        total: u32::try_from(row.int("total")?)
            .map_err(|_| StoreError::Decode { what: "quality_card.total" })?,
        is_failed: row.int("failed")? != 0,
        words: personal::phi(row, "words")?.unwrap_or_default(),
    })
}
