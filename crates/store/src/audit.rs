//! The audit trail: who did or saw what. Written before the bytes leave; rows are only ever added.

use crate::{Result, Scope, StoreError, sql};
use doorstep_case::Role;
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{CaseId, Timestamp, UserId};
use std::collections::BTreeSet;

/// Cases in one statement. More go in several.
const CASES_A_STATEMENT: usize = 100;

/// One access or change. No field holds personal data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id. Sorts by the time it was made.
    pub audit_id: String,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub user_id: UserId,
    /// In which role.
    pub role: Role,
    /// What was done: `read`, `list`, `search`, `change`, `export`.
    pub action: String,
    /// The case, when it is one.
    pub case_id: Option<CaseId>,
    /// What of it: a page, a document, a command.
    pub object: String,
    /// Why: a purpose-of-use code.
    pub purpose: String,
    /// `allowed`, `refused` or `failed`.
    pub outcome: String,
    /// The request, as logs name it.
    pub request_id: String,
    /// The rule that allowed or refused it; empty where none was named.
    pub rule: String,
}

/// An entry as listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// The entry.
    pub entry: Entry,
    /// How many cases were seen or touched.
    pub n_cases: u32,
}

/// Which entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those about this case, lists that returned it included.
    pub case_id: Option<CaseId>,
    /// Only this user's.
    pub user_id: Option<UserId>,
    /// Only before this entry: the last of the page before.
    pub before: Option<String>,
}

/// Records an access or a change.
pub fn record(tx: &mut Tx<'_>, entry: &Entry) -> Result<()> {
    insert(tx, entry, usize::from(entry.case_id.is_some()))
}

/// Records an access that returned several cases: one entry, and each case.
pub fn record_many(tx: &mut Tx<'_>, entry: &Entry, cases: &[CaseId]) -> Result<()> {
    let cases: BTreeSet<&CaseId> = cases.iter().collect();
    insert(tx, entry, cases.len())?;
    for cases in cases.into_iter().collect::<Vec<_>>().chunks(CASES_A_STATEMENT) {
        let values = cases
            .iter()
            .flat_map(|case_id| [Value::from(case_id.as_str()), Value::from(&entry.audit_id)]);
        tx.execute(&cases_sql(cases.len()), &values.collect::<Vec<_>>())?;
    }
    Ok(())
}

pub(crate) fn cases_sql(n_cases: usize) -> String {
    format!("INSERT INTO audit_case (case_id, audit_id) VALUES {}", sql::rows(2, n_cases))
}

fn insert(tx: &mut Tx<'_>, entry: &Entry, n_cases: usize) -> Result<()> {
    tx.execute(
        "INSERT INTO audit (audit_id, at, user_id, role, action, case_id, object, purpose, outcome, request_id, n_cases, rule)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            &entry.audit_id,
            entry.at.0,
            entry.user_id.as_str(),
            entry.role.name(),
            &entry.action,
            entry.case_id.as_ref().map(CaseId::as_str),
            &entry.object,
            &entry.purpose,
            &entry.outcome,
            &entry.request_id,
            n_cases,
            &entry.rule,
        ],
    )?;
    Ok(())
}

/// Returns up to `limit` entries, the newest first.
pub fn page(tx: &mut Tx<'_>, scope: &Scope, filter: &Filter, limit: u32) -> Result<Vec<Audited>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let mut values = vec![
        filter.before.as_ref().map_or(Value::from(LAST), Value::from),
        Value::from(filter.user_id.as_ref().map_or("", UserId::as_str)),
        Value::from(limit),
    ];
    let sql = match &filter.case_id {
        None => {
            "SELECT audit_id, at, user_id, role, action, case_id, object, purpose, outcome, request_id, n_cases, rule
             FROM audit
             WHERE audit_id < $1 AND ($2 = '' OR user_id = $2)
             ORDER BY audit_id DESC
             LIMIT $3"
        }
        Some(case_id) => {
            values.push(Value::from(case_id.as_str()));
            "SELECT audit_id, at, user_id, role, action, case_id, object, purpose, outcome, request_id, n_cases, rule
             FROM audit
             WHERE audit_id IN (SELECT o.audit_id FROM audit AS o WHERE o.case_id = $4
                                UNION
                                SELECT c.audit_id FROM audit_case AS c WHERE c.case_id = $4)
               AND audit_id < $1 AND ($2 = '' OR user_id = $2)
             ORDER BY audit_id DESC
             LIMIT $3"
        }
    };
    tx.query(sql, &values)?.iter().map(audited).collect()
}

/// Returns the id of the latest entry, empty when there is none.
pub fn latest(tx: &mut Tx<'_>) -> Result<String> {
    let sql = "SELECT audit_id FROM audit ORDER BY audit_id DESC LIMIT 1";
    let row = tx.query_one(sql, params![])?;
    Ok(row.map(|row| row.text("audit_id").map(str::to_owned)).transpose()?.unwrap_or_default())
}

/// Returns how many changes of cases were recorded after an entry. A change is named as its event is, with a dot; a look
/// is not.
pub fn changes_after(tx: &mut Tx<'_>, after: &str) -> Result<u64> {
    let sql = "SELECT COUNT(*) AS n FROM audit WHERE audit_id > $1 AND action LIKE '%.%'";
    let row = tx.query_one(sql, params![after])?;
    let n = row.map(|row| row.int("n")).transpose()?.unwrap_or_default();
    u64::try_from(n).map_err(|_| StoreError::Decode { what: "audit.n" })
}

/// Behind every id that is made of ASCII characters.
const LAST: &str = "\u{7f}";

pub(crate) fn audited(row: &Row) -> Result<Audited> {
    let wrong = |what| StoreError::Decode { what };
    let entry = Entry {
        audit_id: row.text("audit_id")?.to_owned(),
        at: Timestamp(row.int("at")?),
        user_id: UserId::from(row.text("user_id")?),
        role: Role::parse(row.text("role")?).ok_or(wrong("audit.role"))?,
        action: row.text("action")?.to_owned(),
        case_id: row.opt_text("case_id")?.map(CaseId::from),
        object: row.text("object")?.to_owned(),
        purpose: row.text("purpose")?.to_owned(),
        outcome: row.text("outcome")?.to_owned(),
        request_id: row.text("request_id")?.to_owned(),
        rule: row.text("rule")?.to_owned(),
    };
    let n_cases = u32::try_from(row.int("n_cases")?).map_err(|_| wrong("audit.n_cases"))?;
    Ok(Audited { entry, n_cases })
}
