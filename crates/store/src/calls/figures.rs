//! First-contact resolution, handling time, transfers and abandonment, counted from the calls that began in a period.
//! Source: facts 10.

use crate::{Result, Scope};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{Micros, Timestamp};

/// The counts, each with what is left out of it.
///
/// First contact: of inbound calls about a case whose caller was helped or put off, those that were resolved, not handed
/// over, and not followed by another inbound call for the same case and reason. Whoever gave up or dialled a wrong number,
/// and a call without a case, is left out and counted as such.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Inbound calls that began.
    pub inbound: u64,
    /// Outbound calls that began.
    pub outbound: u64,
    /// Inbound calls that count for first contact.
    pub first_of: u64,
    /// Those of them that were resolved at first contact.
    pub first: u64,
    /// Inbound calls that have ended and do not count for first contact.
    pub first_excluded: u64,
    /// Inbound calls that were handled to their end.
    pub handled: u64,
    /// Their talk, hold and wrap-up together.
    pub handled_for: Micros,
    /// Outbound calls that were handled to their end.
    pub handled_out: u64,
    /// Their talk, hold and wrap-up together.
    pub handled_out_for: Micros,
    /// Handled inbound calls that were handed over.
    pub transferred: u64,
    /// Inbound calls whose caller gave up, however soon.
    pub abandoned: u64,
}

/// Counts the calls that began in `[from, to)`. A call repeats another when it comes within `repeat` after it.
pub fn figures(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (from, to): (Timestamp, Timestamp),
    repeat: Micros,
) -> Result<Figures> {
    if !scope.sees_cases() {
        return Ok(Figures::default());
    }
    let (condition, more) = scope.condition(4);
    let mut values = params![from.0, to.0, repeat.0].to_vec();
    values.extend(more);
    let row = tx.query_one(&figures_sql(&condition), &values)?;
    row.as_ref().map(read).transpose().map(Option::unwrap_or_default)
}

pub(crate) fn figures_sql(condition: &str) -> String {
    let seen = super::about_seen(condition);
    format!("SELECT COUNT(CASE WHEN c.direction = 'inbound' THEN 1 END) AS inbound,
                      COUNT(CASE WHEN c.direction = 'outbound' THEN 1 END) AS outbound,
                      COUNT(CASE WHEN c.direction = 'inbound' AND c.case_id IS NOT NULL
                                      AND c.ends IN ('resolved', 'open') THEN 1 END) AS first_of,
                      COUNT(CASE WHEN c.direction = 'inbound' AND c.case_id IS NOT NULL AND c.ends = 'resolved'
                                      AND c.n_transfers = 0
                                      AND NOT EXISTS (SELECT 1 FROM phone_call AS r
                                                      WHERE r.case_id = c.case_id AND r.reason = c.reason
                                                            AND r.direction = 'inbound' AND r.call_id <> c.call_id
                                                            AND r.started_at >= c.started_at
                                                            AND r.started_at <= c.started_at + CAST($3 AS BIGINT))
                                 THEN 1 END) AS first,
                      COUNT(CASE WHEN c.direction = 'inbound' AND c.ends IS NOT NULL
                                      AND (c.case_id IS NULL OR c.ends NOT IN ('resolved', 'open'))
                                 THEN 1 END) AS first_excluded,
                      COUNT(CASE WHEN c.direction = 'inbound' AND c.closed_at IS NOT NULL AND c.ends <> 'abandoned'
                                 THEN 1 END) AS handled,
                      CAST(COALESCE(SUM(CASE WHEN c.direction = 'inbound' AND c.closed_at IS NOT NULL
                                                  AND c.ends <> 'abandoned'
                                             THEN c.talk_us + c.hold_us + c.wrap_us END), 0) AS BIGINT) AS handled_for,
                      COUNT(CASE WHEN c.direction = 'outbound' AND c.closed_at IS NOT NULL THEN 1 END) AS handled_out,
                      CAST(COALESCE(SUM(CASE WHEN c.direction = 'outbound' AND c.closed_at IS NOT NULL
                                             THEN c.talk_us + c.hold_us + c.wrap_us END), 0) AS BIGINT)
                          AS handled_out_for,
                      COUNT(CASE WHEN c.direction = 'inbound' AND c.closed_at IS NOT NULL AND c.ends <> 'abandoned'
                                      AND c.n_transfers > 0 THEN 1 END) AS transferred,
                      COUNT(CASE WHEN c.direction = 'inbound' AND c.ends = 'abandoned' THEN 1 END) AS abandoned
               FROM phone_call AS c
               LEFT JOIN case_head AS h ON h.case_id = c.case_id
               WHERE c.started_at >= $1 AND c.started_at < $2{seen}")
}

/// Counts the inbound calls that began in `[from, to)` and whose caller gave up before `short`: they are left out of the
/// abandonment rate, on both sides.
pub fn short_abandons(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (from, to): (Timestamp, Timestamp),
    short: Micros,
) -> Result<u64> {
    if !scope.sees_cases() {
        return Ok(0);
    }
    let (condition, more) = scope.condition(4);
    let mut values = params![from.0, to.0, short.0].to_vec();
    values.extend(more);
    let row = tx.query_one(&short_sql(&condition), &values)?;
    row.as_ref().map_or(Ok(0), |row| count(row, "n"))
}

pub(crate) fn short_sql(condition: &str) -> String {
    let seen = super::about_seen(condition);
    format!(
        "SELECT COUNT(*) AS n
         FROM phone_call AS c
         LEFT JOIN case_head AS h ON h.case_id = c.case_id
         WHERE c.started_at >= $1 AND c.started_at < $2 AND c.direction = 'inbound' AND c.ends = 'abandoned'
               AND c.talk_us + c.hold_us < $3{seen}"
    )
}

fn read(row: &Row) -> Result<Figures> {
    Ok(Figures {
        inbound: count(row, "inbound")?,
        outbound: count(row, "outbound")?,
        first_of: count(row, "first_of")?,
        first: count(row, "first")?,
        first_excluded: count(row, "first_excluded")?,
        handled: count(row, "handled")?,
        handled_for: Micros(row.int("handled_for")?),
        handled_out: count(row, "handled_out")?,
        handled_out_for: Micros(row.int("handled_out_for")?),
        transferred: count(row, "transferred")?,
        abandoned: count(row, "abandoned")?,
    })
}

fn count(row: &Row, column: &'static str) -> Result<u64> {
    Ok(u64::try_from(row.int(column)?).unwrap_or(0))
}
