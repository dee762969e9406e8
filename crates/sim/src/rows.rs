//! The tables as they are, past every function that a program would ask.

use doorstep_db::{DbError, Tx, params};
use doorstep_vocab::{CaseId, Timestamp};

/// A job as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct JobRow {
    pub job_id: String,
    pub kind: String,
    pub receiver: String,
    pub body: String,
    pub seq: u32,
}

/// A job that a worker has ended, one way or another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    pub job_id: String,
    pub kind: String,
    pub token: String,
    pub is_done: bool,
}

/// Every case with its version.
pub(crate) fn heads(tx: &mut Tx<'_>) -> Result<Vec<(CaseId, u32)>, DbError> {
    let sql = "SELECT case_id, seq FROM case_head ORDER BY case_id LIMIT 1000";
    let rows = tx.query(sql, params![])?;
    rows.iter()
        .map(|row| Ok((CaseId::from(row.text("case_id")?), number(row.int("seq")?))))
        .collect()
}

/// The jobs of a case that events after `seq` asked for.
pub(crate) fn jobs_after(
    tx: &mut Tx<'_>,
    case_id: &CaseId,
    seq: u32,
) -> Result<Vec<JobRow>, DbError> {
    let sql = "SELECT job_id, kind, receiver, body, seq
               FROM job
               WHERE case_id = $1 AND seq > $2
               ORDER BY seq, job_id
               LIMIT 1000";
    let rows = tx.query(sql, params![case_id.as_str(), seq])?;
    rows.iter()
        .map(|row| {
            Ok(JobRow {
                job_id: row.text("job_id")?.to_owned(),
                kind: row.text("kind")?.to_owned(),
                receiver: row.text("receiver")?.to_owned(),
                body: row.text("body")?.to_owned(),
                seq: number(row.int("seq")?),
            })
        })
        .collect()
}

/// Whether a job is stored, and how many earlier ones of its case and receiver are neither done nor given up.
pub(crate) fn job_with_earlier(tx: &mut Tx<'_>, job_id: &str) -> Result<Option<i64>, DbError> {
    let sql = "SELECT (SELECT COUNT(*)
                       FROM job AS e
                       WHERE e.case_id = j.case_id AND e.receiver = j.receiver AND e.done_at IS NULL
                         AND e.dead_at IS NULL AND (e.seq, e.job_id) < (j.seq, j.job_id)) AS n
               FROM job AS j
               WHERE j.job_id = $1
               LIMIT 1";
    tx.query_one(sql, params![job_id])?.map(|row| row.int("n")).transpose()
}

/// How often a job was claimed.
pub(crate) fn n_claims(tx: &mut Tx<'_>, job_id: &str) -> Result<i64, DbError> {
    let sql = "SELECT attempts FROM job WHERE job_id = $1 LIMIT 1";
    tx.query_one(sql, params![job_id])?.map_or(Ok(0), |row| row.int("attempts"))
}

/// Jobs that ended at or after an instant by the clock of whoever ended them.
pub(crate) fn ended_jobs(tx: &mut Tx<'_>, since: Timestamp) -> Result<Vec<Ended>, DbError> {
    let sql = "SELECT job_id, kind, lease_token, done_at
               FROM job
               WHERE done_at >= $1 OR dead_at >= $1
               ORDER BY job_id
               LIMIT 1000";
    let rows = tx.query(sql, params![since.0])?;
    rows.iter()
        .map(|row| {
            Ok(Ended {
                job_id: row.text("job_id")?.to_owned(),
                kind: row.text("kind")?.to_owned(),
                token: row.opt_text("lease_token")?.unwrap_or_default().to_owned(),
                is_done: row.opt_int("done_at")?.is_some(),
            })
        })
        .collect()
}

/// How many clocks are due and that nobody holds.
pub(crate) fn unheld_deadlines(tx: &mut Tx<'_>, now: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT COUNT(*) AS n FROM deadline WHERE next_at <= $1 AND lease_until <= $1";
    tx.query_one(sql, params![now.0])?.map_or(Ok(0), |row| row.int("n"))
}

/// Jobs that failed and wait for their next try: which, how often they were tried, and when they run again.
pub(crate) fn put_back(tx: &mut Tx<'_>) -> Result<Vec<(String, i64, Timestamp)>, DbError> {
    let sql = "SELECT job_id, attempts, run_at
               FROM job
               WHERE last_error IS NOT NULL AND lease_token IS NULL AND done_at IS NULL AND dead_at IS NULL
               ORDER BY job_id
               LIMIT 1000";
    let rows = tx.query(sql, params![])?;
    rows.iter()
        .map(|row| {
            let run_at = Timestamp(row.int("run_at")?);
            Ok((row.text("job_id")?.to_owned(), row.int("attempts")?, run_at))
        })
        .collect()
}

/// When a worker has something to do next: a job that nothing is in the way of, or a clock.
pub(crate) fn next_work(tx: &mut Tx<'_>) -> Result<Option<Timestamp>, DbError> {
    let sql = "SELECT MIN(CASE WHEN j.lease_until > j.run_at THEN j.lease_until ELSE j.run_at END) AS at
               FROM job AS j
               WHERE j.done_at IS NULL AND j.dead_at IS NULL AND NOT EXISTS (
                   SELECT 1
                   FROM job AS e
                   WHERE e.case_id = j.case_id AND e.receiver = j.receiver AND e.done_at IS NULL AND e.dead_at IS NULL
                     AND (e.seq, e.job_id) < (j.seq, j.job_id)
               )";
    let job = tx.query_one(sql, params![])?.map_or(Ok(None), |row| row.opt_int("at"))?;
    let sql = "SELECT MIN(CASE WHEN lease_until > next_at THEN lease_until ELSE next_at END) AS at FROM deadline";
    let clock = tx.query_one(sql, params![])?.map_or(Ok(None), |row| row.opt_int("at"))?;
    Ok([job, clock].into_iter().flatten().min().map(Timestamp))
}

/// How many rows a condition counts, for the last look.
pub(crate) fn count(tx: &mut Tx<'_>, sql: &str) -> Result<i64, DbError> {
    tx.query_one(sql, params![])?.map_or(Ok(0), |row| row.int("n"))
}

/// The hash of some bytes, and when they came.
pub(crate) type Held = (String, Timestamp);

/// Every receipt: its id, the hash of its bytes, and when it came.
pub(crate) fn receipts(tx: &mut Tx<'_>) -> Result<Vec<(String, Held)>, DbError> {
    let sql = "SELECT receipt_id, hash, received_at FROM receipt ORDER BY receipt_id LIMIT 10000";
    let rows = tx.query(sql, params![])?;
    rows.iter()
        .map(|row| {
            let of = (row.text("hash")?.to_owned(), Timestamp(row.int("received_at")?));
            Ok((row.text("receipt_id")?.to_owned(), of))
        })
        .collect()
}

/// Who did something about which case, and when, as the audit trail has it.
pub(crate) fn trail(tx: &mut Tx<'_>) -> Result<Vec<(String, String, Timestamp)>, DbError> {
    let sql = "SELECT case_id, user_id, at FROM audit WHERE case_id IS NOT NULL ORDER BY audit_id LIMIT 100000";
    let rows = tx.query(sql, params![])?;
    rows.iter()
        .map(|row| {
            let (case_id, user_id) = (row.text("case_id")?, row.text("user_id")?);
            Ok((case_id.to_owned(), user_id.to_owned(), Timestamp(row.int("at")?)))
        })
        .collect()
}

fn number(value: i64) -> u32 {
    u32::try_from(value).unwrap_or(0)
}

/// How many clocks have not rung whose time has come.
pub(crate) fn overdue(tx: &mut Tx<'_>, now: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT COUNT(*) AS n FROM deadline WHERE next_at < $1 - 60000000";
    tx.query_one(sql, params![now.0])?.map_or(Ok(0), |row| row.int("n"))
}

/// What the list says of a case: the next step, its words, and what blocks.
pub(crate) fn list_row(
    tx: &mut Tx<'_>,
    case_id: &CaseId,
) -> Result<Option<(String, String, u32)>, DbError> {
    let sql = "SELECT next_code, next_words, blocked FROM case_head WHERE case_id = $1";
    let row = tx.query_one(sql, params![case_id.as_str()])?;
    row.map(|row| {
        Ok((
            row.text("next_code")?.to_owned(),
            row.text("next_words")?.to_owned(),
            number(row.int("blocked")?),
        ))
    })
    .transpose()
}

/// Whether a receipt is there, and nothing of it is left to be taken.
pub(crate) fn finished_receipt(tx: &mut Tx<'_>, receipt_id: &str) -> Result<bool, DbError> {
    let sql = "SELECT outcome FROM receipt WHERE receipt_id = $1";
    let row = tx.query_one(sql, params![receipt_id])?;
    row.map_or(Ok(false), |row| Ok(row.text("outcome")? != "reading"))
}

/// The state of a case as it is stored.
pub(crate) fn state(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Option<String>, DbError> {
    let sql = "SELECT state FROM case_head WHERE case_id = $1";
    let row = tx.query_one(sql, params![case_id.as_str()])?;
    row.map(|row| Ok(row.text("state")?.to_owned())).transpose()
}
