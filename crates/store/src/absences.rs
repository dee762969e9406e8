//! Who is away: from when until when, who stands in, and whether what they had was handed on.

use crate::{Result, Scope, StoreError};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CallId, CaseId, Timestamp, UserId};

/// Absences read at once.
const ROWS_MAX: u32 = 2_000;

/// Somebody is away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Absence {
    /// Its id.
    pub absence_id: String,
    /// Who.
    pub user_id: UserId,
    /// From when.
    pub from_at: Timestamp,
    /// Until when, that instant excluded.
    pub until_at: Timestamp,
    /// Who takes over; `None` where the rule says who.
    pub stand_in: Option<UserId>,
    /// Who entered it.
    pub entered_by: UserId,
    /// When what they had was handed on.
    pub handed_at: Option<Timestamp>,
    /// When it was taken back, or ended early.
    pub ended_at: Option<Timestamp>,
}

const COLUMNS: &str = "SELECT absence_id, user_id, from_at, until_at, stand_in, entered_by, handed_at, ended_at FROM absence";

/// Keeps a new absence.
pub fn add(tx: &mut Tx<'_>, absence: &Absence, at: Timestamp) -> Result<()> {
    let sql = "INSERT INTO absence (absence_id, user_id, from_at, until_at, stand_in, entered_by, entered_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    tx.execute(
        sql,
        params![
            &absence.absence_id,
            absence.user_id.as_str(),
            absence.from_at.0,
            absence.until_at.0,
            absence.stand_in.as_ref().map(UserId::as_str),
            absence.entered_by.as_str(),
            at.0,
        ],
    )?;
    Ok(())
}

/// Returns one.
pub fn find(tx: &mut Tx<'_>, absence_id: &str) -> Result<Option<Absence>> {
    let row = tx.query_one(&find_sql(), params![absence_id])?;
    row.as_ref().map(absence).transpose()
}

pub(crate) fn find_sql() -> String {
    format!("{COLUMNS} WHERE absence_id = $1")
}

/// Returns those of all that are not over yet, by when they begin.
pub fn not_over(tx: &mut Tx<'_>, now: Timestamp) -> Result<Vec<Absence>> {
    let rows = tx.query(&not_over_sql(), params![now.0, ROWS_MAX])?;
    rows.iter().map(absence).collect()
}

pub(crate) fn not_over_sql() -> String {
    format!(
        "{COLUMNS} WHERE until_at > $1 AND ended_at IS NULL ORDER BY from_at, absence_id LIMIT $2"
    )
}

/// Returns the absence that somebody is in at a moment.
pub fn of_user(tx: &mut Tx<'_>, user_id: &UserId, now: Timestamp) -> Result<Option<Absence>> {
    let row = tx.query_one(&of_user_sql(), params![user_id.as_str(), now.0])?;
    row.as_ref().map(absence).transpose()
}

pub(crate) fn of_user_sql() -> String {
    format!(
        "{COLUMNS} WHERE user_id = $1 AND from_at <= $2 AND until_at > $2 AND ended_at IS NULL
         ORDER BY until_at DESC, absence_id LIMIT 1"
    )
}

/// Returns up to `limit` that are running: what becomes due while they do is handed on as well. Those of which nothing was handed
/// on come first.
pub fn to_hand_on(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Absence>> {
    let rows = tx.query(&to_hand_on_sql(), params![now.0, limit])?;
    rows.iter().map(absence).collect()
}

pub(crate) fn to_hand_on_sql() -> String {
    format!(
        "{COLUMNS} WHERE from_at <= $1 AND until_at > $1 AND ended_at IS NULL
         ORDER BY CASE WHEN handed_at IS NULL THEN 0 ELSE 1 END, from_at, absence_id LIMIT $2"
    )
}

/// Says that what they had was handed on.
pub fn handed(tx: &mut Tx<'_>, absence_id: &str, at: Timestamp) -> Result<()> {
    let sql = "UPDATE absence SET handed_at = $2 WHERE absence_id = $1 AND handed_at IS NULL";
    tx.execute(sql, params![absence_id, at.0])?;
    Ok(())
}

/// Ends one. Returns whether it was not over.
pub fn end(tx: &mut Tx<'_>, absence_id: &str, at: Timestamp) -> Result<bool> {
    let sql = "UPDATE absence SET ended_at = $2
               WHERE absence_id = $1 AND ended_at IS NULL AND until_at > $2";
    Ok(tx.execute(sql, params![absence_id, at.0])? == 1)
}

/// Returns the open cases of somebody's that are due before a time or are the hub's turn, what presses most first, each with the
/// version that was read.
pub fn due_cases(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (user_id, until): (&UserId, Timestamp),
    limit: u32,
) -> Result<Vec<(CaseId, u32)>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let sql = "SELECT h.case_id, h.seq
               FROM case_head AS h
               WHERE h.status = 'open' AND h.manager = $1 AND (h.next_waits = 0 OR h.clock_due_at < $2)
               ORDER BY h.sort_at, h.case_id
               LIMIT $3";
    let rows = tx.query(sql, params![user_id.as_str(), until.0, limit])?;
    let of = |row: &Row| {
        let seq = u32::try_from(row.int("seq")?);
        let seq = seq.map_err(|_| StoreError::Decode { what: "case_head.seq" })?;
        Ok((CaseId::from(row.text("case_id")?), seq))
    };
    rows.iter().map(of).collect()
}

/// Returns up to `limit` calls about cases with a promise of somebody's, whether kept or not, the latest first, before one.
pub fn promised_calls(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (user_id, before): (&UserId, Option<&CallId>),
    limit: u32,
) -> Result<Vec<(CallId, CaseId)>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let sql = "SELECT c.call_id, c.case_id
               FROM phone_call AS c
               WHERE c.promised_to IS NOT NULL AND c.case_id IS NOT NULL AND ($2 = '' OR c.call_id < $2)
                     AND (c.passed_to = $1 OR (c.agent = $1 AND c.passed_to IS NULL))
               ORDER BY c.call_id DESC
               LIMIT $3";
    let before = before.map_or("", CallId::as_str);
    let rows = tx.query(sql, params![user_id.as_str(), before, limit])?;
    let call =
        |row: &Row| Ok((CallId::from(row.text("call_id")?), CaseId::from(row.text("case_id")?)));
    rows.iter().map(call).collect()
}

/// Says who makes a promised call back; `None` for whoever takes it.
pub fn pass_call_on(tx: &mut Tx<'_>, call_id: &CallId, to: Option<&UserId>) -> Result<()> {
    let sql = "UPDATE phone_call SET passed_to = $2 WHERE call_id = $1";
    tx.execute(sql, params![call_id.as_str(), to.map_or("", UserId::as_str)])?;
    Ok(())
}

fn absence(row: &Row) -> Result<Absence> {
    let at = |column| row.opt_int(column).map(|at| at.map(Timestamp));
    Ok(Absence {
        absence_id: row.text("absence_id")?.to_owned(),
        user_id: UserId::from(row.text("user_id")?),
        from_at: Timestamp(row.int("from_at")?),
        until_at: Timestamp(row.int("until_at")?),
        stand_in: row.opt_text("stand_in")?.map(UserId::from),
        entered_by: UserId::from(row.text("entered_by")?),
        handed_at: at("handed_at")?,
        ended_at: at("ended_at")?,
    })
}
