//! Who works when and on what, which teams are handed work by rule, and what each has.

use crate::{Result, Scope, StoreError, members};
use doorstep_case::ServiceLine;
use doorstep_case::handout::{Shift, Work};
use doorstep_db::{Row, Tx, Value, params};
use doorstep_vocab::{CaseId, Phi, Timestamp, UserId, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// Rows read at once of each kind: more people than a hub has.
const ROWS_MAX: u32 = 20_000;

/// Somebody's skills and hours, as they were entered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// The zone of the hours.
    pub zone: Zone,
    /// The service lines they work on; none for all.
    pub services: BTreeSet<ServiceLine>,
    /// The languages they speak besides English, by their ISO 639-3 codes.
    pub languages: BTreeSet<String>,
    /// Their shifts in every week; none where they are not known.
    pub shifts: Vec<Shift>,
}

impl Profile {
    /// Returns what stands for somebody of whom nothing was entered.
    pub fn empty(zone: Zone) -> Self {
        Self { zone, services: BTreeSet::new(), languages: BTreeSet::new(), shifts: Vec::new() }
    }
}

/// Returns everybody's skills and hours, as far as they were entered.
pub fn profiles(tx: &mut Tx<'_>) -> Result<BTreeMap<UserId, Profile>> {
    let sql = "SELECT user_id, zone FROM staff ORDER BY user_id LIMIT $1";
    let mut all: BTreeMap<UserId, Profile> = BTreeMap::new();
    for row in tx.query(sql, params![ROWS_MAX])? {
        let zone = Zone::parse(row.text("zone")?);
        let zone = zone.map_err(|_| StoreError::Decode { what: "staff.zone" })?;
        all.insert(UserId::from(row.text("user_id")?), Profile::empty(zone));
    }
    let sql = "SELECT user_id, kind, name FROM staff_trait ORDER BY user_id, kind, name LIMIT $1";
    for row in tx.query(sql, params![ROWS_MAX])? {
        let Some(profile) = all.get_mut(&UserId::from(row.text("user_id")?)) else { continue };
        let name = row.text("name")?;
        if row.text("kind")? == "language" {
            profile.languages.insert(name.to_owned());
        } else {
            let wrong = StoreError::Decode { what: "staff_trait.name" };
            profile.services.insert(ServiceLine::parse(name).ok_or(wrong)?);
        }
    }
    let sql = "SELECT user_id, weekday, from_min, to_min
               FROM staff_hours
               ORDER BY user_id, weekday, from_min
               LIMIT $1";
    for row in tx.query(sql, params![ROWS_MAX])? {
        let Some(profile) = all.get_mut(&UserId::from(row.text("user_id")?)) else { continue };
        profile.shifts.push(shift(&row)?);
    }
    Ok(all)
}

fn shift(row: &Row) -> Result<Shift> {
    let wrong = |_| StoreError::Decode { what: "staff_hours" };
    Ok(Shift {
        weekday: u8::try_from(row.int("weekday")?).map_err(wrong)?,
        from_min: u16::try_from(row.int("from_min")?).map_err(wrong)?,
        to_min: u16::try_from(row.int("to_min")?).map_err(wrong)?,
    })
}

/// Puts somebody's skills and hours in place of those that were entered.
pub fn put(tx: &mut Tx<'_>, user_id: &UserId, profile: &Profile) -> Result<()> {
    let id = user_id.as_str();
    let zone = profile.zone.to_string();
    tx.execute(
        "INSERT INTO staff (user_id, zone) VALUES ($1, $2)
         ON CONFLICT (user_id) DO UPDATE SET zone = excluded.zone",
        params![id, zone],
    )?;
    tx.execute("DELETE FROM staff_trait WHERE user_id = $1", params![id])?;
    tx.execute("DELETE FROM staff_hours WHERE user_id = $1", params![id])?;
    let services = profile.services.iter().map(|service| ("service", service.name()));
    let languages = profile.languages.iter().map(|language| ("language", language.as_str()));
    for (kind, name) in services.chain(languages) {
        let sql = "INSERT INTO staff_trait (user_id, kind, name) VALUES ($1, $2, $3)";
        tx.execute(sql, params![id, kind, name])?;
    }
    for shift in &profile.shifts {
        let sql = "INSERT INTO staff_hours (user_id, weekday, from_min, to_min)
                   VALUES ($1, $2, $3, $4)
                   ON CONFLICT (user_id, weekday, from_min) DO UPDATE SET to_min = excluded.to_min";
        let (weekday, from) = (u32::from(shift.weekday), u32::from(shift.from_min));
        tx.execute(sql, params![id, weekday, from, u32::from(shift.to_min)])?;
    }
    Ok(())
}

/// Returns the teams that are handed work by rule, by name.
pub fn pushed_teams(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let rows = tx.query("SELECT team FROM team_push ORDER BY team LIMIT 1000", params![])?;
    rows.iter().map(|row| Ok(row.text("team")?.to_owned())).collect()
}

/// Lets a team be handed work by rule, or no longer.
pub fn set_push(
    tx: &mut Tx<'_>,
    team: &str,
    is_on: bool,
    (by, at): (&UserId, Timestamp),
) -> Result<()> {
    if is_on {
        let sql = "INSERT INTO team_push (team, set_at, set_by) VALUES ($1, $2, $3)
                   ON CONFLICT (team) DO NOTHING";
        tx.execute(sql, params![team, at.0, by.as_str()])?;
    } else {
        tx.execute("DELETE FROM team_push WHERE team = $1", params![team])?;
    }
    Ok(())
}

/// Returns what everybody has who has anything. It tells of no case.
pub fn work(tx: &mut Tx<'_>) -> Result<BTreeMap<UserId, Work>> {
    let sql = "SELECT h.manager, COUNT(CASE WHEN h.next_waits = 0 THEN 1 END) AS n_ours,
                      COUNT(CASE WHEN h.next_waits = 1 THEN 1 END) AS n_waiting,
                      COUNT(CASE WHEN h.at_risk = 1 THEN 1 END) AS n_at_risk,
                      COUNT(CASE WHEN h.missed = 1 THEN 1 END) AS n_missed
               FROM case_head AS h
               WHERE h.status = 'open' AND h.manager IS NOT NULL
               GROUP BY h.manager
               ORDER BY h.manager";
    let n = |row: &Row, column| {
        u32::try_from(row.int(column)?).map_err(|_| StoreError::Decode { what: column })
    };
    let of = |row: &Row| {
        let work = Work {
            n_ours: n(row, "n_ours")?,
            n_waiting: n(row, "n_waiting")?,
            n_at_risk: n(row, "n_at_risk")?,
            n_missed: n(row, "n_missed")?,
        };
        Ok((UserId::from(row.text("manager")?), work))
    };
    tx.query(sql, params![])?.iter().map(of).collect()
}

/// Returns who has another open case of a case's member that the scope sees.
pub fn managers_of_member(
    tx: &mut Tx<'_>,
    scope: &Scope,
    case_id: &CaseId,
) -> Result<BTreeSet<UserId>> {
    if !scope.sees_cases() {
        return Ok(BTreeSet::new());
    }
    let (condition, more) = scope.condition(2);
    let sql = managers_sql(&condition);
    let mut managers = BTreeSet::new();
    for other in members::cases_of(tx, case_id)?.iter().filter(|other| *other != case_id) {
        let mut values = vec![Value::from(other.as_str())];
        values.extend(more.iter().cloned());
        if let Some(row) = tx.query_one(&sql, &values)? {
            managers.insert(UserId::from(row.text("manager")?));
        }
    }
    Ok(managers)
}

pub(crate) fn managers_sql(condition: &str) -> String {
    format!(
        "SELECT h.manager
         FROM case_head AS h
         WHERE h.case_id = $1 AND h.status = 'open' AND h.manager IS NOT NULL{condition}"
    )
}

/// Returns the code of a case's next step, and the member's language as it was sent. For handing the case out.
pub fn next_and_language(
    tx: &mut Tx<'_>,
    case_id: &CaseId,
) -> Result<Option<(String, Option<Phi<String>>)>> {
    let sql = "SELECT h.next_code, p.language
               FROM case_head AS h
               LEFT JOIN person AS p ON p.case_id = h.case_id
               WHERE h.case_id = $1";
    let of = |row: &Row| {
        let language = row.opt_text("language")?.map(|text| Phi::new(text.to_owned()));
        Ok((row.text("next_code")?.to_owned(), language))
    };
    tx.query_one(sql, params![case_id.as_str()])?.as_ref().map(of).transpose()
}
