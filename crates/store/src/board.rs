//! What a supervisor sees of all open cases at once: who has how many, how old they are, which clocks ran out.
//!
//! **Invariant:** each question is one walk along one index that holds all it counts.

use crate::{Result, Scope, StoreError};
use doorstep_db::{Row, Tx, Value};
use doorstep_vocab::{Micros, Timestamp, UserId};

/// The ages at which one column of the board ends and the next begins. Source: facts 10, aging.
pub const AGES: [Micros; 6] = [
    Micros::hours(24),
    Micros::hours(48),
    Micros::hours(72),
    Micros::hours(7 * 24),
    Micros::hours(14 * 24),
    Micros::hours(30 * 24),
];

/// What one person, or nobody, has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Who; `None` for the cases that nobody manages.
    pub manager: Option<UserId>,
    /// Open cases.
    pub n_open: u32,
    /// Those whose next step is the hub's.
    pub n_ours: u32,
    /// Those with a clock far gone or run out.
    pub n_at_risk: u32,
    /// Those with a clock that has run out, or a line that was missed.
    pub n_missed: u32,
    /// Those with an escalation that is not resolved.
    pub n_escalated: u32,
}

/// How old the cases of one next step are, by the columns that [`AGES`] divides: one more than it has entries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aging {
    /// The next step's code.
    pub next_code: String,
    /// Open cases by age, the youngest first.
    pub n_by_age: [u32; 7],
}

/// A clock that ran out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The rule of the clock that is due first; `None` where no clock runs and a line was missed.
    pub clock: Option<String>,
    /// The next step's code: what it waits for.
    pub next_code: String,
    /// Open cases.
    pub n_cases: u32,
}

/// Returns what everybody has, those with the most that was missed first.
pub fn load(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Load>> {
    let rows = asked(tx, scope, load_sql, &[])?;
    let of = |row: &Row| {
        Ok(Load {
            manager: row.opt_text("manager")?.map(UserId::from),
            n_open: number(row, "n_open")?,
            n_ours: number(row, "n_ours")?,
            n_at_risk: number(row, "n_at_risk")?,
            n_missed: number(row, "n_missed")?,
            n_escalated: number(row, "n_escalated")?,
        })
    };
    rows.iter().map(of).collect()
}

pub(crate) fn load_sql(condition: &str) -> String {
    format!(
        "SELECT h.manager, COUNT(*) AS n_open, COUNT(CASE WHEN h.next_waits = 0 THEN 1 END) AS n_ours,
            COUNT(CASE WHEN h.at_risk = 1 THEN 1 END) AS n_at_risk,
            COUNT(CASE WHEN h.missed = 1 THEN 1 END) AS n_missed,
            COUNT(CASE WHEN h.escalation_level > 0 THEN 1 END) AS n_escalated
     FROM case_head AS h
     WHERE h.status = 'open'{condition}
     GROUP BY h.manager
     ORDER BY n_missed DESC, n_at_risk DESC, n_open DESC, h.manager"
    )
}

/// Returns how old the open cases are, by their next step.
pub fn aging(tx: &mut Tx<'_>, scope: &Scope, now: Timestamp) -> Result<Vec<Aging>> {
    let since: Vec<Value> =
        AGES.iter().map(|age| Value::from(now.plus(Micros(-age.0)).0)).collect();
    let rows = asked(tx, scope, aging_sql, &since)?;
    let of = |row: &Row| {
        let mut n_by_age = [0; 7];
        for (n, name) in n_by_age.iter_mut().zip(["n0", "n1", "n2", "n3", "n4", "n5", "n6"]) {
            *n = number(row, name)?;
        }
        Ok(Aging { next_code: row.text("next_code")?.to_owned(), n_by_age })
    };
    rows.iter().map(of).collect()
}

pub(crate) fn aging_sql(condition: &str) -> String {
    format!(
        "SELECT h.next_code, COUNT(CASE WHEN h.received_at > $1 THEN 1 END) AS n0,
            COUNT(CASE WHEN h.received_at <= $1 AND h.received_at > $2 THEN 1 END) AS n1,
            COUNT(CASE WHEN h.received_at <= $2 AND h.received_at > $3 THEN 1 END) AS n2,
            COUNT(CASE WHEN h.received_at <= $3 AND h.received_at > $4 THEN 1 END) AS n3,
            COUNT(CASE WHEN h.received_at <= $4 AND h.received_at > $5 THEN 1 END) AS n4,
            COUNT(CASE WHEN h.received_at <= $5 AND h.received_at > $6 THEN 1 END) AS n5,
            COUNT(CASE WHEN h.received_at <= $6 THEN 1 END) AS n6
     FROM case_head AS h
     WHERE h.status = 'open'{condition}
     GROUP BY h.next_code
     ORDER BY h.next_code"
    )
}

/// Returns which clocks ran out, and what each case waits for, the most frequent first.
pub fn broken(tx: &mut Tx<'_>, scope: &Scope) -> Result<Vec<Broken>> {
    let rows = asked(tx, scope, broken_sql, &[])?;
    let of = |row: &Row| {
        Ok(Broken {
            clock: row.opt_text("clock_name")?.map(str::to_owned),
            next_code: row.text("next_code")?.to_owned(),
            n_cases: number(row, "n_cases")?,
        })
    };
    rows.iter().map(of).collect()
}

pub(crate) fn broken_sql(condition: &str) -> String {
    format!(
        "SELECT h.clock_name, h.next_code, COUNT(*) AS n_cases
     FROM case_head AS h
     WHERE h.status = 'open'{condition} AND h.missed = 1
     GROUP BY h.clock_name, h.next_code
     ORDER BY n_cases DESC, h.clock_name, h.next_code
     LIMIT 40"
    )
}

fn asked(
    tx: &mut Tx<'_>,
    scope: &Scope,
    sql: fn(&str) -> String,
    values: &[Value],
) -> Result<Vec<Row>> {
    if !scope.sees_cases() {
        return Ok(Vec::new());
    }
    let (condition, more) = scope.condition(values.len() + 1);
    let values: Vec<Value> = values.iter().cloned().chain(more).collect();
    Ok(tx.query(&sql(&condition), &values)?)
}

fn number(row: &Row, name: &'static str) -> Result<u32> {
    u32::try_from(row.int(name)?).map_err(|_| StoreError::Decode { what: "case_head" })
}
