//! Calls: one row each, written by whoever holds the call. What a case's record has of it are events; the caller's name,
//! number and words are here alone.

mod figures;
mod guard;

pub use figures::{Figures, figures, short_abandons};
pub(crate) use figures::{figures_sql, short_sql};
pub(crate) use guard::watched_sql;
pub use guard::{Watched, failed_about, failed_from, watched};

use crate::people::columns as personal;
use crate::{Result, Scope, StoreError};
use doorstep_case::calls::{
    Authority, Bridge, CallState, Direction, Ends, Identifier, Level, Life, Matched, TransferTo,
};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{CallId, CaseId, Micros, Phi, Timestamp, UserId};
use std::collections::BTreeSet;

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallRow {
    /// Its id.
    pub call_id: CallId,
    /// Rises with every change.
    pub version: u32,
    /// The case it is about.
    pub case_id: Option<CaseId>,
    /// Who holds it.
    pub agent: UserId,
    /// Who called whom.
    pub direction: Direction,
    /// What the caller is to the member, as packs name it.
    pub caller: String,
    /// What it is about, as packs name it.
    pub reason: String,
    /// The caller's name, as given.
    pub caller_name: Phi<String>,
    /// The caller's organisation, as given.
    pub caller_org: Phi<String>,
    /// The number to call back, as given.
    pub caller_phone: Phi<String>,
    /// What was said, in the agent's words.
    pub notes: Phi<String>,
    /// When it was connected.
    pub started_at: Timestamp,
    /// Where it stands, and its times.
    pub life: Life,
    /// How much may be told.
    pub level: Level,
    /// What matched.
    pub matched: Matched,
    /// Symptoms that were heard.
    pub symptoms: Vec<String>,
    /// To whom it was handed over last.
    pub handed_to: Option<TransferTo>,
    /// How it ended, as packs name it.
    pub disposition: Option<String>,
    /// What that says for the figures.
    pub ends: Option<Ends>,
    /// By when a call back was promised.
    pub promised_to: Option<Timestamp>,
    /// Who makes the promised call back, where it was passed on to somebody.
    pub passed_to: Option<UserId>,
    /// Whether the promised call back was laid back for whoever takes it.
    pub is_laid_back: bool,
    /// When the wrap-up was closed.
    pub closed_at: Option<Timestamp>,
    /// When the level was reached.
    pub verified_at: Option<Timestamp>,
    /// When too many tries had failed.
    pub failed_at: Option<Timestamp>,
    /// Who interprets.
    pub interpreter: Interpreter,
}

/// In which language a call is held, and by whose help. Source: facts 6.6.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Interpreter {
    /// ISO 639-3; empty where the call is held in ours.
    pub language: String,
    /// How it is bridged.
    pub by: Option<Bridge>,
    /// The vendor and the interpreter's number, as they are told.
    pub number: String,
}

/// Adds a call.
pub fn add(tx: &mut Tx<'_>, call: &CallRow) -> Result<()> {
    tx.execute(
        "INSERT INTO phone_call (call_id, version, agent, direction, caller_kind, reason, caller_name, caller_org,
                                 caller_phone, notes, started_at, state, since, talk_us, hold_us, wrap_us, n_holds,
                                 n_transfers, level, matched, authority, tries_failed, symptoms, case_id, number_key)
         VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, 0, 0, 0, 0, 0, $12, '', '', 0, '', $13, $14)",
        params![
            call.call_id.as_str(),
            call.agent.as_str(),
            call.direction.code(),
            call.caller.as_str(),
            call.reason.as_str(),
            personal::text(&call.caller_name),
            personal::text(&call.caller_org),
            personal::text(&call.caller_phone),
            personal::text(&call.notes),
            call.started_at.0,
            call.life.state.code(),
            call.level.code(),
            call.case_id.as_ref().map(CaseId::as_str),
            number_key(&call.caller_phone),
        ],
    )?;
    Ok(())
}

/// Writes a call as it is now, where it still has the version that it was read with.
///
/// # Errors
///
/// [`StoreError::Stale`] when somebody changed it meanwhile.
pub fn put(tx: &mut Tx<'_>, call: &CallRow) -> Result<()> {
    let life = &call.life;
    let n_rows = tx.execute(
        "UPDATE phone_call
         SET version = version + 1, case_id = $3, caller_kind = $4, reason = $5, caller_name = $6, caller_org = $7,
             caller_phone = $8, notes = $9, state = $10, since = $11, talk_us = $12, hold_us = $13, wrap_us = $14,
             n_holds = $15, n_transfers = $16, level = $17, matched = $18, authority = $19, tries_failed = $20,
             symptoms = $21, handed_to = $22, disposition = $23, ends = $24, promised_to = $25, closed_at = $26,
             passed_to = CASE WHEN promised_to = $25 THEN passed_to END,
             verified_at = $27, failed_at = $28, number_key = $29, language = $30, bridge = $31, interpreter = $32
         WHERE call_id = $1 AND version = $2",
        params![
            call.call_id.as_str(),
            call.version,
            call.case_id.as_ref().map(CaseId::as_str),
            call.caller.as_str(),
            call.reason.as_str(),
            personal::text(&call.caller_name),
            personal::text(&call.caller_org),
            personal::text(&call.caller_phone),
            personal::text(&call.notes),
            life.state.code(),
            life.since.0,
            life.talk.0,
            life.hold.0,
            life.wrap.0,
            life.n_holds,
            life.n_transfers,
            call.level.code(),
            codes(call.matched.identifiers.iter().map(|id| id.code())),
            codes(call.matched.authority.iter().map(|seen| seen.code())),
            call.matched.tries_failed,
            call.symptoms.join(","),
            call.handed_to.map(TransferTo::code),
            call.disposition.as_deref(),
            call.ends.map(Ends::code),
            call.promised_to.map(|at| at.0),
            call.closed_at.map(|at| at.0),
            call.verified_at.map(|at| at.0),
            call.failed_at.map(|at| at.0),
            number_key(&call.caller_phone),
            call.interpreter.language.as_str(),
            call.interpreter.by.map(Bridge::code),
            call.interpreter.number.as_str(),
        ],
    )?;
    if n_rows == 1 { Ok(()) } else { Err(StoreError::Stale) }
}

/// The last ten digits, however they are set apart: a country code or not, it is one number.
fn number_key(phone: &Phi<String>) -> String {
    let digits: Vec<char> = personal::text(phone).chars().filter(char::is_ascii_digit).collect();
    digits.iter().skip(digits.len().saturating_sub(10)).collect()
}

fn codes<'a>(codes: impl Iterator<Item = &'a str>) -> String {
    codes.collect::<Vec<_>>().join(",")
}

/// Returns a call. One about a case that is not seen is not there.
pub fn get(tx: &mut Tx<'_>, scope: &Scope, call_id: &CallId) -> Result<Option<CallRow>> {
    if !scope.sees_cases() {
        return Ok(None);
    }
    let (condition, more) = scope.condition(2);
    let mut values = vec![Value::from(call_id.as_str())];
    values.extend(more);
    tx.query_one(&get_sql(&condition), &values)?.as_ref().map(call).transpose()
}

pub(crate) fn get_sql(condition: &str) -> String {
    format!("{COLUMNS} WHERE c.call_id = $1{}", about_seen(condition))
}

/// A call about no case is seen by all who take calls; one about a case by those who see that.
fn about_seen(condition: &str) -> String {
    match condition {
        "" => String::new(),
        condition => format!(" AND (c.case_id IS NULL OR (h.case_id IS NOT NULL{condition}))"),
    }
}

const COLUMNS: &str =
    "SELECT c.call_id, c.version, c.case_id, c.agent, c.direction, c.caller_kind, c.reason, c.caller_name,
            c.caller_org, c.caller_phone, c.notes, c.started_at, c.state, c.since, c.talk_us, c.hold_us,
            c.wrap_us, c.n_holds, c.n_transfers, c.level, c.matched, c.authority, c.tries_failed,
            c.symptoms, c.handed_to, c.disposition, c.ends, c.promised_to, c.closed_at, c.verified_at,
            c.failed_at, c.language, c.bridge, c.interpreter, c.passed_to
     FROM phone_call AS c
     LEFT JOIN case_head AS h ON h.case_id = c.case_id";

/// Returns the call that somebody holds, with whether anybody is still on the line: the latest of their open ones that they see.
/// One whose case became hidden holds nobody: who sees the case ends it. It tells nothing of the caller.
pub fn held_by(tx: &mut Tx<'_>, scope: &Scope, agent: &UserId) -> Result<Option<CallId>> {
    if !scope.sees_cases() {
        return Ok(None);
    }
    let (condition, more) = scope.condition(2);
    let mut values = vec![Value::from(agent.as_str())];
    values.extend(more);
    let row = tx.query_one(&held_sql(&condition), &values)?;
    Ok(row.map(|row| row.text("call_id").map(CallId::from)).transpose()?)
}

pub(crate) fn held_sql(condition: &str) -> String {
    let seen = about_seen(condition);
    format!(
        "SELECT c.call_id
         FROM phone_call AS c
         LEFT JOIN case_head AS h ON h.case_id = c.case_id
         WHERE c.agent = $1 AND c.closed_at IS NULL{seen}
         ORDER BY c.started_at DESC, c.call_id DESC
         LIMIT 1"
    )
}

/// Returns up to `limit` calls that began between two instants, the latest first.
pub fn list(
    tx: &mut Tx<'_>,
    scope: &Scope,
    (from, to): (Timestamp, Timestamp),
    limit: u32,
) -> Result<Vec<CallRow>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(4);
    let mut values = params![from.0, to.0, limit].to_vec();
    values.extend(more);
    tx.query(&list_sql(&condition), &values)?.iter().map(call).collect()
}

pub(crate) fn list_sql(condition: &str) -> String {
    let seen = about_seen(condition);
    format!(
        "{COLUMNS} WHERE c.started_at >= $1 AND c.started_at < $2{seen}
         ORDER BY c.started_at DESC, c.call_id DESC LIMIT $3"
    )
}

fn call(row: &Row) -> Result<CallRow> {
    let matched = Matched {
        identifiers: set(row.text("matched")?, Identifier::parse),
        authority: set(row.text("authority")?, Authority::parse),
        tries_failed: count(row, "tries_failed")?,
    };
    let life = Life {
        state: coded(row.text("state")?, CallState::parse, "phone_call.state")?,
        since: Timestamp(row.int("since")?),
        talk: Micros(row.int("talk_us")?),
        hold: Micros(row.int("hold_us")?),
        wrap: Micros(row.int("wrap_us")?),
        n_holds: count(row, "n_holds")?,
        n_transfers: count(row, "n_transfers")?,
    };
    let symptoms = row.text("symptoms")?.split(',').filter(|name| !name.is_empty());
    let passed_to = row.opt_text("passed_to")?;
    let phi = |column| personal::phi(row, column).map(Option::unwrap_or_default);
    Ok(CallRow {
        call_id: CallId::from(row.text("call_id")?),
        version: count(row, "version")?,
        case_id: row.opt_text("case_id")?.map(CaseId::from),
        agent: UserId::from(row.text("agent")?),
        direction: coded(row.text("direction")?, Direction::parse, "phone_call.direction")?,
        caller: row.text("caller_kind")?.to_owned(),
        reason: row.text("reason")?.to_owned(),
        caller_name: phi("caller_name")?,
        caller_org: phi("caller_org")?,
        caller_phone: phi("caller_phone")?,
        notes: phi("notes")?,
        started_at: Timestamp(row.int("started_at")?),
        life,
        level: coded(row.text("level")?, Level::parse, "phone_call.level")?,
        matched,
        symptoms: symptoms.map(str::to_owned).collect(),
        handed_to: row.opt_text("handed_to")?.and_then(TransferTo::parse),
        disposition: row.opt_text("disposition")?.map(str::to_owned),
        ends: row.opt_text("ends")?.and_then(Ends::parse),
        promised_to: row.opt_int("promised_to")?.map(Timestamp),
        passed_to: passed_to.filter(|id| !id.is_empty()).map(UserId::from),
        is_laid_back: passed_to == Some(""),
        closed_at: row.opt_int("closed_at")?.map(Timestamp),
        verified_at: row.opt_int("verified_at")?.map(Timestamp),
        failed_at: row.opt_int("failed_at")?.map(Timestamp),
        interpreter: Interpreter {
            language: row.text("language")?.to_owned(),
            by: row.opt_text("bridge")?.and_then(Bridge::parse),
            number: row.text("interpreter")?.to_owned(),
        },
    })
}

fn coded<T>(code: &str, parse: fn(&str) -> Option<T>, what: &'static str) -> Result<T> {
    parse(code).ok_or(StoreError::Decode { what })
}

fn set<T: Ord>(codes: &str, parse: fn(&str) -> Option<T>) -> BTreeSet<T> {
    codes.split(',').filter_map(parse).collect()
}

fn count(row: &Row, column: &'static str) -> Result<u32> {
    u32::try_from(row.int(column)?).map_err(|_| StoreError::Decode { what: column })
}
