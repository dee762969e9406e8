//! Jobs: the outbox. What has to be done because of what happened, written with the events and worked off by leases.
//!
//! Not here: what a job does. Delivery is at least once, so whoever receives is given the job's id as key.
//!
//! **Invariant:** of one case and receiver, a job is claimed only when no earlier one is unfinished: what was said first
//! arrives first. Source: trust.md 1.3 (4).

use crate::{Result, Scope, StoreError};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_planted as planted;
use doorstep_vocab::{CaseId, Micros, Timestamp};

/// A lease that ends later than this was taken by a machine whose clock ran ahead, and holds nothing up.
const LEASE_MAX: Micros = Micros::hours(2);

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewJob {
    /// The case; empty for a job of the program itself, which no other waits for.
    pub case_id: CaseId,
    /// Its id within the case. The same id is the same job.
    pub job_id: String,
    /// What is to be done.
    pub kind: String,
    /// Who is told, such as `referrer` or `provider/ID`.
    pub receiver: String,
    /// About what: ids and codes, JSON. No personal data.
    pub body: String,
    /// The event that asked for it: jobs of one case and receiver run in this order, then by id.
    pub seq: u32,
    /// Not before then.
    pub run_at: Timestamp,
}

/// Which job.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobKey {
    /// The case; empty for a job of the program itself.
    pub case_id: CaseId,
    /// Its id within the case.
    pub job_id: String,
}

/// A job as claimed, or as given up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Which.
    pub key: JobKey,
    /// What is to be done.
    pub kind: String,
    /// About what, JSON.
    pub body: String,
    /// How often it was claimed, this time included.
    pub attempts: u32,
    /// When it was to run.
    pub run_at: Timestamp,
    /// Why the last attempt failed.
    pub last_error: Option<String>,
    /// When it was given up.
    pub dead_at: Option<Timestamp>,
}

/// Who claims, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Lease<'a> {
    /// Which worker; a new one for each claim, so that a worker who comes back late is noticed.
    pub token: &'a str,
    /// Until when the worker has the jobs.
    pub until: Timestamp,
}

/// Adds a job, unless there is one of its id. Returns whether it was added.
pub fn put(tx: &mut Tx<'_>, job: &NewJob) -> Result<bool> {
    let n_rows = tx.execute(
        "INSERT INTO job (case_id, job_id, kind, receiver, body, seq, run_at, lease_until, attempts)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)
         ON CONFLICT (case_id, job_id) DO NOTHING",
        params![
            job.case_id.as_str(),
            &job.job_id,
            &job.kind,
            &job.receiver,
            &job.body,
            job.seq,
            job.run_at.0
        ],
    )?;
    Ok(n_rows == 1)
}

/// Claims up to `limit` jobs that are to run. A lease that ran out is claimed again.
pub fn claim(tx: &mut Tx<'_>, now: Timestamp, lease: Lease<'_>, limit: u32) -> Result<Vec<Job>> {
    let sql = claim_sql(tx.skip_locked());
    let sql = planted::instead("claims-out-of-order", &sql, ("NOT EXISTS", "TRUE OR NOT EXISTS"));
    let trusted = now.plus(LEASE_MAX).max(lease.until);
    let rows = tx.query(&sql, params![now.0, lease.until.0, lease.token, limit, trusted.0])?;
    let mut claimed = rows.iter().map(job).collect::<Result<Vec<Job>>>()?;
    // What is returned by an update comes in no particular order.
    claimed.sort_by(|a, b| (a.run_at, &a.key).cmp(&(b.run_at, &b.key)));
    Ok(claimed)
}

pub(crate) fn claim_sql(skip_locked: &str) -> String {
    format!(
        "WITH ripe AS (
             SELECT j.case_id AS ripe_case_id, j.job_id AS ripe_job_id
             FROM job AS j
             WHERE j.done_at IS NULL AND j.dead_at IS NULL AND j.run_at <= $1
               AND (j.lease_until <= $1 OR j.lease_until > $5)
               AND (j.case_id = '' OR NOT EXISTS (
                   SELECT 1
                   FROM job AS e
                   WHERE e.case_id = j.case_id AND e.receiver = j.receiver AND e.done_at IS NULL AND e.dead_at IS NULL
                     AND (e.seq, e.job_id) < (j.seq, j.job_id)
               ))
             ORDER BY j.run_at, j.case_id, j.job_id
             LIMIT $4
             {skip_locked}
         )
         UPDATE job
         SET lease_until = $2, lease_token = $3, attempts = attempts + 1
         FROM ripe
         WHERE case_id = ripe_case_id AND job_id = ripe_job_id
         RETURNING case_id, job_id, kind, body, attempts, run_at, last_error, dead_at"
    )
}

/// Ends a job as done. Returns whether the lease still held: if not, another worker has the job.
pub fn finish(tx: &mut Tx<'_>, key: &JobKey, token: &str, now: Timestamp) -> Result<bool> {
    let sql = "UPDATE job
               SET done_at = $4, last_error = NULL, lease_until = 0
               WHERE case_id = $1 AND job_id = $2 AND lease_token = $3 AND done_at IS NULL AND dead_at IS NULL";
    let sql = planted::instead("finishes-what-another-has", sql, ("lease_token = $3", "$3 = $3"));
    let n_rows = tx.execute(&sql, params![key.case_id.as_str(), &key.job_id, token, now.0])?;
    Ok(n_rows == 1)
}

/// Puts a job back to run again later. `error` is without personal data. Returns whether the lease still held.
pub fn put_back(
    tx: &mut Tx<'_>,
    key: &JobKey,
    token: &str,
    run_at: Timestamp,
    error: &str,
) -> Result<bool> {
    let n_rows = tx.execute(
        "UPDATE job
         SET run_at = $4, last_error = $5, lease_until = 0, lease_token = NULL
         WHERE case_id = $1 AND job_id = $2 AND lease_token = $3 AND done_at IS NULL AND dead_at IS NULL",
        params![key.case_id.as_str(), &key.job_id, token, run_at.0, error],
    )?;
    Ok(n_rows == 1)
}

/// Gives a job up: a person looks at it. Those behind it go on. Returns whether the lease still held.
pub fn kill(
    tx: &mut Tx<'_>,
    key: &JobKey,
    token: &str,
    now: Timestamp,
    error: &str,
) -> Result<bool> {
    if planted::is("drops-what-it-gives-up") {
        return finish(tx, key, token, now);
    }
    let n_rows = tx.execute(
        "UPDATE job
         SET dead_at = $4, last_error = $5, lease_until = 0
         WHERE case_id = $1 AND job_id = $2 AND lease_token = $3 AND done_at IS NULL AND dead_at IS NULL",
        params![key.case_id.as_str(), &key.job_id, token, now.0, error],
    )?;
    Ok(n_rows == 1)
}

/// Lets a job that was given up run again. Returns whether it was given up.
pub fn revive(tx: &mut Tx<'_>, key: &JobKey, run_at: Timestamp) -> Result<bool> {
    let n_rows = tx.execute(
        "UPDATE job
         SET dead_at = NULL, run_at = $3, attempts = 0, lease_until = 0, lease_token = NULL
         WHERE case_id = $1 AND job_id = $2 AND dead_at IS NOT NULL",
        params![key.case_id.as_str(), &key.job_id, run_at.0],
    )?;
    Ok(n_rows == 1)
}

/// Lets every job that was given up run again. Returns how many.
pub fn revive_all(tx: &mut Tx<'_>, run_at: Timestamp) -> Result<u64> {
    let n_rows = tx.execute(
        "UPDATE job
         SET dead_at = NULL, run_at = $1, attempts = 0, lease_until = 0, lease_token = NULL
         WHERE dead_at IS NOT NULL",
        params![run_at.0],
    )?;
    Ok(n_rows)
}

/// Returns up to `limit` jobs that were given up, the newest first.
pub fn dead(tx: &mut Tx<'_>, scope: &Scope, limit: u32) -> Result<Vec<Job>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(2);
    let mut values = vec![Value::from(limit)];
    values.extend(more);
    tx.query(&dead_sql(&condition), &values)?.iter().map(job).collect()
}

/// A job of a case that is not seen is not there; one of no case is the program's own.
pub(crate) fn dead_sql(condition: &str) -> String {
    let seen = match condition {
        "" => String::new(),
        condition => format!(
            "
               AND (j.case_id = '' OR EXISTS (SELECT 1 FROM case_head AS h WHERE h.case_id = j.case_id{condition}))"
        ),
    };
    format!(
        "SELECT j.case_id, j.job_id, j.kind, j.body, j.attempts, j.run_at, j.last_error, j.dead_at
         FROM job AS j
         WHERE j.dead_at IS NOT NULL{seen}
         ORDER BY j.dead_at DESC, j.case_id DESC, j.job_id DESC
         LIMIT $1"
    )
}

/// Returns how many jobs are neither done nor given up, those for later included.
pub fn waiting_count(tx: &mut Tx<'_>) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM job WHERE done_at IS NULL AND dead_at IS NULL";
    let row = tx.query_one(sql, params![])?;
    let n = row.map(|row| row.int("n")).transpose()?.unwrap_or(0);
    Ok(u64::try_from(n).unwrap_or(0))
}

/// Forgets up to `limit` jobs that were done before an instant, and returns how many.
pub fn sweep(tx: &mut Tx<'_>, before: Timestamp, limit: u32) -> Result<u64> {
    let n_rows = tx.execute(
        "DELETE FROM job
         WHERE (case_id, job_id) IN (
             SELECT case_id, job_id
             FROM job
             WHERE done_at IS NOT NULL AND done_at < $1
             ORDER BY done_at, case_id, job_id
             LIMIT $2
         )",
        params![before.0, limit],
    )?;
    Ok(n_rows)
}

fn job(row: &Row) -> Result<Job> {
    let attempts = u32::try_from(row.int("attempts")?);
    Ok(Job {
        key: JobKey {
            case_id: CaseId::from(row.text("case_id")?),
            job_id: row.text("job_id")?.to_owned(),
        },
        kind: row.text("kind")?.to_owned(),
        body: row.text("body")?.to_owned(),
        attempts: attempts.map_err(|_| StoreError::Decode { what: "job.attempts" })?,
        run_at: Timestamp(row.int("run_at")?),
        last_error: row.opt_text("last_error")?.map(str::to_owned),
        dead_at: row.opt_int("dead_at")?.map(Timestamp),
    })
}
