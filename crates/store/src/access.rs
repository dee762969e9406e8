//! Leave to see one case for a time: asked for and given, or taken in an emergency and reviewed after.

use crate::people::columns as personal;
use crate::{Result, StoreError};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{CaseId, Phi, Timestamp, UserId};

/// How leave came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody decides before the case is seen.
    Grant,
    /// It was taken in an emergency, and somebody reviews it after.
    Glass,
}

impl Kind {
    const fn name(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Glass => "glass",
        }
    }
}

/// What has to be recorded when what 42 CFR Part 2 protects is disclosed in an emergency, beside who disclosed it and when.
/// Source: 42 CFR 2.51 (c).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Emergency {
    /// Who received it.
    pub recipient: Phi<String>,
    /// With which health care facility they are.
    pub affiliation: Phi<String>,
    /// The nature of the emergency.
    pub nature: Phi<String>,
}

/// One asking or taking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// Its id. Sorts by the time it was made.
    pub access_id: String,
    /// How it came about.
    pub kind: Kind,
    /// Which case.
    pub case_id: CaseId,
    /// Who asked, and who sees it.
    pub user_id: UserId,
    /// When.
    pub asked_at: Timestamp,
    /// Why, a code of a list.
    pub purpose: String,
    /// Why, in words.
    pub reason: Phi<String>,
    /// Until when the case is seen; `None` while nothing is given.
    pub until: Option<Timestamp>,
    /// Who decided or reviewed it, when, what, and in which words.
    pub decided: Option<Decided>,
    /// By when an emergency has to be reviewed.
    pub review_by: Option<Timestamp>,
    /// What 42 CFR 2.51 asks for; empty where nothing of that is labelled.
    pub emergency: Emergency,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub by: UserId,
    /// `given` or `refused`; `justified` or `unjustified`.
    pub outcome: String,
    /// What they said.
    pub words: Phi<String>,
}

/// Keeps an asking or taking.
pub fn put(tx: &mut Tx<'_>, access: &Access) -> Result<()> {
    let Emergency { recipient, affiliation, nature } = &access.emergency;
    tx.execute(
        "INSERT INTO case_access (access_id, kind, case_id, user_id, asked_at, purpose, reason, until, words, review_by,
                                  recipient, affiliation, nature)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10, $11, $12)",
        params![
            &access.access_id,
            access.kind.name(),
            access.case_id.as_str(),
            access.user_id.as_str(),
            access.asked_at.0,
            &access.purpose,
            personal::text(&access.reason),
            access.until.map_or(0, |until| until.0),
            access.review_by.map(|at| at.0),
            personal::text(recipient),
            personal::text(affiliation),
            personal::text(nature),
        ],
    )?;
    Ok(())
}

/// Returns one.
pub fn get(tx: &mut Tx<'_>, access_id: &str) -> Result<Option<Access>> {
    let sql = "SELECT access_id, kind, case_id, user_id, asked_at, purpose, reason, until, decided_at, decided_by, outcome,
                      words, review_by, recipient, affiliation, nature
               FROM case_access
               WHERE access_id = $1";
    tx.query_one(sql, params![access_id])?.as_ref().map(access).transpose()
}

/// Returns up to `limit` that nobody decided or reviewed yet, the oldest first.
pub fn waiting(tx: &mut Tx<'_>, kind: Kind, limit: u32) -> Result<Vec<Access>> {
    let sql = "SELECT access_id, kind, case_id, user_id, asked_at, purpose, reason, until, decided_at, decided_by, outcome,
                      words, review_by, recipient, affiliation, nature
               FROM case_access
               WHERE kind = $1 AND decided_at IS NULL
               ORDER BY access_id
               LIMIT $2";
    tx.query(sql, params![kind.name(), limit])?.iter().map(access).collect()
}

/// Returns the latest that somebody asked or took for a case.
pub fn latest(tx: &mut Tx<'_>, user_id: &UserId, case_id: &CaseId) -> Result<Option<Access>> {
    let sql = "SELECT access_id, kind, case_id, user_id, asked_at, purpose, reason, until, decided_at, decided_by, outcome,
                      words, review_by, recipient, affiliation, nature
               FROM case_access
               WHERE user_id = $1 AND case_id = $2
               ORDER BY access_id DESC
               LIMIT 1";
    let row = tx.query_one(sql, params![user_id.as_str(), case_id.as_str()])?;
    row.as_ref().map(access).transpose()
}

/// Keeps what was decided; a grant holds from then on until `until`. Returns whether nobody had decided before.
pub fn decide(
    tx: &mut Tx<'_>,
    access_id: &str,
    decided: &Decided,
    until: Option<Timestamp>,
) -> Result<bool> {
    let n_rows = tx.execute(
        "UPDATE case_access
         SET decided_at = $2, decided_by = $3, outcome = $4, words = $5, until = COALESCE(CAST($6 AS BIGINT), until)
         WHERE access_id = $1 AND decided_at IS NULL",
        &[
            Value::from(access_id),
            Value::from(decided.at.0),
            Value::from(decided.by.as_str()),
            Value::from(&decided.outcome),
            Value::from(personal::text(&decided.words)),
            Value::from(until.map(|until| until.0)),
        ],
    )?;
    Ok(n_rows == 1)
}

/// Returns emergencies that nobody reviewed in time and for which no account was shut yet, the oldest first.
pub fn overdue(tx: &mut Tx<'_>, now: Timestamp, limit: u32) -> Result<Vec<Access>> {
    let sql = "SELECT access_id, kind, case_id, user_id, asked_at, purpose, reason, until, decided_at, decided_by, outcome,
                      words, review_by, recipient, affiliation, nature
               FROM case_access
               WHERE kind = 'glass' AND decided_at IS NULL AND blocked_at IS NULL AND review_by <= $1
               ORDER BY access_id
               LIMIT $2";
    tx.query(sql, params![now.0, limit])?.iter().map(access).collect()
}

/// Writes down that the account was shut: it is shut once for each emergency.
pub fn blocked(tx: &mut Tx<'_>, access_id: &str, now: Timestamp) -> Result<()> {
    let sql = "UPDATE case_access SET blocked_at = $2 WHERE access_id = $1";
    tx.execute(sql, params![access_id, now.0])?;
    Ok(())
}

fn access(row: &Row) -> Result<Access> {
    let text = |column| personal::phi(row, column).map(Option::unwrap_or_default);
    let decided =
        match (row.opt_int("decided_at")?, row.opt_text("decided_by")?, row.opt_text("outcome")?) {
            (Some(at), Some(by), Some(outcome)) => Some(Decided {
                at: Timestamp(at),
                by: UserId::from(by),
                outcome: outcome.to_owned(),
                words: text("words")?,
            }),
            _ => None,
        };
    Ok(Access {
        access_id: row.text("access_id")?.to_owned(),
        kind: match row.text("kind")? {
            "grant" => Kind::Grant,
            "glass" => Kind::Glass,
            _ => return Err(StoreError::Decode { what: "case_access.kind" }),
        },
        case_id: CaseId::from(row.text("case_id")?),
        user_id: UserId::from(row.text("user_id")?),
        asked_at: Timestamp(row.int("asked_at")?),
        purpose: row.text("purpose")?.to_owned(),
        reason: text("reason")?,
        until: Some(row.int("until")?).filter(|until| *until > 0).map(Timestamp),
        decided,
        review_by: row.opt_int("review_by")?.map(Timestamp),
        emergency: Emergency {
            recipient: text("recipient")?,
            affiliation: text("affiliation")?,
            nature: text("nature")?,
        },
    })
}
