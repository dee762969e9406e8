//! Calls in which too many tries failed: about whom, and from which number. Source: facts 6.2, fail rule.

use super::number_key;
use crate::{Result, Scope, StoreError, members};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CallId, CaseId, Phi, Timestamp};

/// A number from which several calls failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Watched {
    /// Its last digits, as they were given.
    pub number: Phi<String>,
    /// About how many members calls failed.
    pub n_members: u32,
    /// When the last one did.
    pub latest_at: Timestamp,
    /// That one.
    pub call_id: CallId,
}

/// Returns when the tries of another inbound call about the member of a case failed last, after `since`.
pub fn failed_about(
    tx: &mut Tx<'_>,
    (case_id, but): (&CaseId, &CallId),
    since: Timestamp,
) -> Result<Option<Timestamp>> {
    let sql = "SELECT MAX(c.failed_at) AS failed_at
               FROM phone_call AS c
               WHERE c.failed_at > $3 AND c.direction = 'inbound' AND c.call_id <> $2 AND c.case_id = $1";
    let mut latest = None;
    for case_id in members::cases_of(tx, case_id)? {
        let row = tx.query_one(sql, params![case_id.as_str(), but.as_str(), since.0])?;
        latest = latest.max(row.map(|row| row.opt_int("failed_at")).transpose()?.flatten());
    }
    Ok(latest.map(Timestamp))
}

/// Returns about how many members calls from a number failed after `since`. A call that came to no case may have been about
/// anybody, and counts for itself. Source: facts 6.2, repeated failures across members.
pub fn failed_from(tx: &mut Tx<'_>, phone: &Phi<String>, since: Timestamp) -> Result<u32> {
    let key = number_key(phone);
    if key.is_empty() {
        return Ok(0);
    }
    let sql = "SELECT COUNT(DISTINCT COALESCE(p.member_id_norm || '/' || p.birth_on, c.case_id, c.call_id)) AS n
         FROM phone_call AS c
         LEFT JOIN person AS p ON p.case_id = c.case_id
         WHERE c.failed_at > $1 AND c.number_key = $2 AND c.direction = 'inbound'";
    let row = tx.query_one(sql, params![since.0, key])?;
    row.as_ref().map_or(Ok(0), |row| count(row, "n"))
}

/// Returns the numbers from which calls about `least` members or more failed after `since`, the latest first.
pub fn watched(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (since, least): (Timestamp, u32),
    limit: u32,
) -> Result<Vec<Watched>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(4);
    let mut values = params![since.0, least, limit].to_vec();
    values.extend(more);
    let rows = tx.query(&watched_sql(&condition), &values)?;
    let watched = |row: &Row| {
        Ok(Watched {
            number: Phi::new(row.text("number_key")?.to_owned()),
            n_members: count(row, "n")?,
            latest_at: Timestamp(row.int("latest_at")?),
            call_id: CallId::from(row.text("call_id")?),
        })
    };
    rows.iter().map(watched).collect()
}

/// Calls about cases that are not seen neither count nor are named.
pub(crate) fn watched_sql(condition: &str) -> String {
    let seen = |call: &str| {
        match condition {
        "" => String::new(),
        condition => format!(
            " AND ({call}.case_id IS NULL
                   OR EXISTS (SELECT 1 FROM case_head AS h WHERE h.case_id = {call}.case_id{condition}))"
        ),
    }
    };
    format!(
        "SELECT w.number_key, w.n, w.latest_at, MAX(l.call_id) AS call_id
         FROM (SELECT c.number_key AS number_key,
                      COUNT(DISTINCT COALESCE(p.member_id_norm || '/' || p.birth_on, c.case_id, c.call_id)) AS n,
                      MAX(c.failed_at) AS latest_at
               FROM phone_call AS c
               LEFT JOIN person AS p ON p.case_id = c.case_id
               WHERE c.failed_at > $1 AND c.number_key <> '' AND c.direction = 'inbound'{}
               GROUP BY c.number_key) AS w
         JOIN phone_call AS l ON l.number_key = w.number_key AND l.failed_at = w.latest_at
         WHERE w.n >= $2{}
         GROUP BY w.number_key, w.n, w.latest_at
         ORDER BY w.latest_at DESC, w.number_key
         LIMIT $3",
        seen("c"),
        seen("l")
    )
}

fn count(row: &Row, column: &'static str) -> Result<u32> {
    u32::try_from(row.int(column)?).map_err(|_| StoreError::Decode { what: column })
}
