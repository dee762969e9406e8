//! Who looked at whom: the trail of one member's cases, and what of a day's looks somebody should ask about.
//!
//! Nothing here is of what is in a case: ids, numbers, users, times and names of actions.

use crate::audit::{self, Audited};
use crate::members;
use crate::people::member_id_norm;
use crate::{Result, StoreError};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, CaseNumber, Phi, Timestamp, UserId};
use std::collections::BTreeMap;

/// Cases of one member.
const CASES_MAX: u32 = 200;
/// Rows of one question about a day.
const ROWS_MAX: u32 = 200;

/// One look or change, at one case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The record.
    pub audited: Audited,
    /// The case that it was about, or that a list showed.
    pub case_id: CaseId,
    /// That case's number.
    pub number: Option<CaseNumber>,
}

/// Returns the cases of whoever has a plan ID, by id.
pub fn cases_of_plan_id(tx: &mut Tx<'_>, typed: &Phi<String>) -> Result<Vec<CaseId>> {
    let norm = member_id_norm(crate::people::columns::text(typed));
    // `-` and `NA` stand for none, and are nobody's.
    if norm.len() <= 2 {
        return Ok(Vec::new());
    }
    let sql = "SELECT case_id FROM person WHERE member_id_norm = $1 ORDER BY case_id LIMIT $2";
    let found = ids(&tx.query(sql, params![norm, CASES_MAX])?)?;
    Ok(members::cases_of_all(tx, found)?.into_iter().collect())
}

/// Returns the cases of the member of a case of that number, by id.
pub fn cases_of_number(tx: &mut Tx<'_>, number: &CaseNumber) -> Result<Vec<CaseId>> {
    let sql = "SELECT case_id FROM case_head WHERE number = $1";
    let Some(row) = tx.query_one(sql, params![number.as_str()])? else { return Ok(Vec::new()) };
    let case_id = CaseId::from(row.text("case_id")?);
    Ok(members::cases_of(tx, &case_id)?.into_iter().collect())
}

fn ids(rows: &[Row]) -> Result<Vec<CaseId>> {
    rows.iter().map(|row| Ok(CaseId::from(row.text("case_id")?))).collect()
}

/// Returns up to `limit` looks at a case within `[from, to)`, the newest first: those at the case, and the lists that showed it.
pub fn of_case(
    tx: &mut Tx<'_>,
    case_id: &CaseId,
    (from, to): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<Look>> {
    let sql =
        "SELECT a.audit_id, a.at, a.user_id, a.role, a.action, a.case_id, a.object, a.purpose, a.outcome, a.request_id,
                a.n_cases, a.rule
         FROM audit AS a
         WHERE a.audit_id IN (SELECT o.audit_id FROM audit AS o WHERE o.case_id = $1
                              UNION
                              SELECT c.audit_id FROM audit_case AS c WHERE c.case_id = $1)
           AND a.at >= $2 AND a.at < $3
         ORDER BY a.audit_id DESC
         LIMIT $4";
    let number = crate::walls::number(tx, case_id)?;
    let rows = tx.query(sql, params![case_id.as_str(), from.0, to.0, limit])?;
    let look = |row: &Row| {
        let audited = audit::audited(row)?;
        Ok(Look { audited, case_id: case_id.clone(), number: number.clone() })
    };
    rows.iter().map(look).collect()
}

/// What somebody should be asked about, with how often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// Who looked.
    pub user_id: UserId,
    /// At how many cases.
    pub n_cases: u64,
}

/// What a day's looks are asked. Times are of the day, as the hub counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// Its begin.
    pub from: Timestamp,
    /// Its end, that instant excluded.
    pub to: Timestamp,
    /// When the hub opens.
    pub opens: Timestamp,
    /// When the hub closes.
    pub closes: Timestamp,
}

/// Ids of the trail begin with the time, in milliseconds: a day is a stretch of them.
fn stretch(from: Timestamp, to: Timestamp) -> [String; 2] {
    [from, to].map(|at| format!("{:012x}", at.0.div_euclid(1000).max(0)))
}

/// Returns who opened cases of members with their own family name.
pub fn same_name(tx: &mut Tx<'_>, day: Day) -> Result<Vec<Count>> {
    let [from, to] = stretch(day.from, day.to);
    let sql = "SELECT a.user_id, COUNT(DISTINCT a.case_id) AS n
               FROM audit AS a
               JOIN app_user AS u ON u.user_id = a.user_id
               JOIN person AS p ON p.case_id = a.case_id
               WHERE a.audit_id >= $1 AND a.audit_id < $2 AND a.action = 'read case'
                 AND lower(u.name) LIKE '% ' || lower(p.family)
               GROUP BY a.user_id
               ORDER BY n DESC, a.user_id
               LIMIT $3";
    counts(&tx.query(sql, params![from, to, ROWS_MAX])?)
}

/// Returns who opened more than `most` cases within an hour of the clock, with the most of any hour.
pub fn many_an_hour(tx: &mut Tx<'_>, day: Day, most: u32) -> Result<Vec<Count>> {
    let [from, to] = stretch(day.from, day.to);
    let sql = "SELECT b.user_id, MAX(b.n) AS n
               FROM (SELECT a.user_id AS user_id, a.at / 3600000000 AS hour, COUNT(DISTINCT a.case_id) AS n
                     FROM audit AS a
                     WHERE a.audit_id >= $1 AND a.audit_id < $2 AND a.action = 'read case' AND a.case_id IS NOT NULL
                     GROUP BY a.user_id, a.at / 3600000000) AS b
               WHERE b.n > $3
               GROUP BY b.user_id
               ORDER BY n DESC, b.user_id
               LIMIT $4";
    counts(&tx.query(sql, params![from, to, most, ROWS_MAX])?)
}

/// Returns who opened more than `most` cases while the hub was closed.
pub fn after_hours(tx: &mut Tx<'_>, day: Day, most: u32) -> Result<Vec<Count>> {
    let [from, to] = stretch(day.from, day.to);
    let sql = "SELECT a.user_id, COUNT(DISTINCT a.case_id) AS n
               FROM audit AS a
               WHERE a.audit_id >= $1 AND a.audit_id < $2 AND a.action = 'read case' AND a.case_id IS NOT NULL
                 AND (a.at < $3 OR a.at >= $4)
               GROUP BY a.user_id
               HAVING COUNT(DISTINCT a.case_id) > $5
               ORDER BY n DESC, a.user_id
               LIMIT $6";
    counts(&tx.query(sql, params![from, to, day.opens.0, day.closes.0, most, ROWS_MAX])?)
}

/// Returns who opened cases that had been closed before.
pub fn closed_cases(tx: &mut Tx<'_>, day: Day) -> Result<Vec<Count>> {
    let [from, to] = stretch(day.from, day.to);
    let sql = "SELECT a.user_id, COUNT(DISTINCT a.case_id) AS n
               FROM audit AS a
               JOIN case_head AS h ON h.case_id = a.case_id
               WHERE a.audit_id >= $1 AND a.audit_id < $2 AND a.action = 'read case' AND h.closed_at < a.at
               GROUP BY a.user_id
               ORDER BY n DESC, a.user_id
               LIMIT $3";
    counts(&tx.query(sql, params![from, to, ROWS_MAX])?)
}

/// Returns who was kept from cases, and from how many.
pub fn kept_out(tx: &mut Tx<'_>, day: Day) -> Result<Vec<Count>> {
    let [from, to] = stretch(day.from, day.to);
    let sql = "SELECT a.user_id, COUNT(DISTINCT a.case_id) AS n
               FROM audit AS a
               WHERE a.audit_id >= $1 AND a.audit_id < $2 AND a.outcome = 'refused' AND a.case_id IS NOT NULL
               GROUP BY a.user_id
               ORDER BY n DESC, a.user_id
               LIMIT $3";
    counts(&tx.query(sql, params![from, to, ROWS_MAX])?)
}

fn counts(rows: &[Row]) -> Result<Vec<Count>> {
    let count = |row: &Row| {
        let n_cases = u64::try_from(row.int("n")?);
        Ok(Count {
            user_id: UserId::from(row.text("user_id")?),
            n_cases: n_cases.map_err(|_| StoreError::Decode { what: "audit.n" })?,
        })
    };
    rows.iter().map(count).collect()
}

/// Returns the names of users by id, for those of a list.
pub fn names(tx: &mut Tx<'_>) -> Result<BTreeMap<UserId, String>> {
    let rows =
        tx.query("SELECT user_id, name FROM app_user ORDER BY user_id LIMIT 10000", params![])?;
    rows.iter()
        .map(|row| Ok((UserId::from(row.text("user_id")?), row.text("name")?.to_owned())))
        .collect()
}
