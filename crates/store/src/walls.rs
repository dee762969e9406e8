//! Walls of teams, payers that are shut, and what somebody sees by them: read as one [`Sight`] for each request.

use crate::{Result, Scope, StoreError};
use doorstep_authz::{CaseFacts, Decision, Grant, Sight, Walls};
use doorstep_case::{Role, ServiceLine};
use doorstep_db::{Row, Tx, params};
use doorstep_vocab::{CaseId, CaseNumber, PayerId, Timestamp, UserId};
use std::collections::BTreeSet;

/// Rows that one person's sight is made of, at most: payers, service lines and cases that were opened to them.
const ROWS_MAX: u32 = 4000;

/// A team with what it is walled to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TeamWall {
    /// The team.
    pub team: String,
    /// The only payers that it sees; empty for all.
    pub payers: BTreeSet<PayerId>,
    /// The only service lines that it sees; empty for all.
    pub services: BTreeSet<ServiceLine>,
}

/// Reads what somebody sees now: the walls of their team, and the leave that they have for single cases.
pub fn sight(tx: &mut Tx<'_>, (user_id, role): (&UserId, Role), now: Timestamp) -> Result<Sight> {
    let rows = tx.query(
        "SELECT s.kind, s.name, s.until
         FROM (SELECT w.kind AS kind, w.name AS name, CAST(0 AS BIGINT) AS until
               FROM team_wall AS w
               WHERE w.team = (SELECT u.team FROM app_user AS u WHERE u.user_id = $1)
               UNION ALL
               SELECT 'shut' AS kind, p.payer_id AS name, CAST(0 AS BIGINT) AS until FROM shut_payer AS p
               UNION ALL
               SELECT a.kind AS kind, a.case_id AS name, a.until AS until
               FROM case_access AS a
               WHERE a.user_id = $1 AND a.until > $2) AS s
         ORDER BY s.kind, s.name, s.until
         LIMIT $3",
        params![user_id.as_str(), now.0, ROWS_MAX],
    )?;
    if rows.len() >= ROWS_MAX as usize {
        // Walls that were cut off would be open ones.
        return Err(StoreError::Decode { what: "walls: too many rows" });
    }
    let mut sight = Sight { now, ..Sight::of(user_id.clone(), role) };
    for row in &rows {
        let name = row.text("name")?;
        match row.text("kind")? {
            "payer" => drop(sight.walls.payers.insert(PayerId::from(name))),
            "service" => drop(sight.walls.services.insert(service(name)?)),
            "shut" => drop(sight.walls.shut.insert(PayerId::from(name))),
            kind => sight.grants.push(Grant {
                case_id: CaseId::from(name),
                until: Timestamp(row.int("until")?),
                is_glass: kind == "glass",
            }),
        }
    }
    let Walls { payers, shut, .. } = &mut sight.walls;
    shut.retain(|payer| !payers.contains(payer));
    Ok(sight)
}

fn service(name: &str) -> Result<ServiceLine> {
    ServiceLine::parse(name).ok_or(StoreError::Decode { what: "team_wall.name" })
}

/// Returns what a decision has to know of a case; `None` when there is none.
pub fn facts(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Option<CaseFacts>> {
    let sql =
        "SELECT case_id, payer_id, services, manager, labelled FROM case_head WHERE case_id = $1";
    tx.query_one(sql, params![case_id.as_str()])?.as_ref().map(case_facts).transpose()
}

fn case_facts(row: &Row) -> Result<CaseFacts> {
    Ok(CaseFacts {
        case_id: CaseId::from(row.text("case_id")?),
        payer_id: PayerId::from(row.text("payer_id")?),
        services: crate::worklist::services(row.text("services")?).into_iter().collect(),
        manager: row.opt_text("manager")?.map(UserId::from),
        is_labelled: row.flag("labelled")?,
    })
}

/// Returns what people call a case aloud. It tells nothing of what is in it.
pub fn number(tx: &mut Tx<'_>, case_id: &CaseId) -> Result<Option<CaseNumber>> {
    let sql = "SELECT number FROM case_head WHERE case_id = $1";
    let row = tx.query_one(sql, params![case_id.as_str()])?;
    let text = row.as_ref().map(|row| row.opt_text("number")).transpose()?.flatten();
    let number = text.map(CaseNumber::parse).transpose();
    number.map_err(|_| StoreError::Decode { what: "case_head.number" })
}

/// Decides whether a case is seen, by its row as it is; `None` when there is no such case.
pub fn decide(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<Option<Decision>> {
    Ok(facts(tx, case_id)?.map(|facts| scope.sight().decide(&facts)))
}

/// Returns whether a case is there and seen.
pub(crate) fn sees(tx: &mut Tx<'_>, scope: &Scope, case_id: &CaseId) -> Result<bool> {
    Ok(scope.sees_all() || decide(tx, scope, case_id)?.is_some_and(|decision| decision.allow))
}

/// Returns every team that is walled, by name.
pub fn teams(tx: &mut Tx<'_>) -> Result<Vec<TeamWall>> {
    let sql = "SELECT team, kind, name FROM team_wall ORDER BY team, kind, name LIMIT 10000";
    let mut teams: Vec<TeamWall> = Vec::new();
    for row in tx.query(sql, params![])? {
        let team = row.text("team")?;
        if teams.last().is_none_or(|last| last.team != team) {
            teams.push(TeamWall { team: team.to_owned(), ..TeamWall::default() });
        }
        let Some(last) = teams.last_mut() else { continue };
        match row.text("kind")? {
            "payer" => drop(last.payers.insert(PayerId::from(row.text("name")?))),
            _ => drop(last.services.insert(service(row.text("name")?)?)),
        }
    }
    Ok(teams)
}

/// Puts a team's walls in place of those it had. Without any it sees all.
pub fn put_team(tx: &mut Tx<'_>, wall: &TeamWall) -> Result<()> {
    tx.execute("DELETE FROM team_wall WHERE team = $1", params![&wall.team])?;
    let payers = wall.payers.iter().map(|payer| ("payer", payer.as_str()));
    let services = wall.services.iter().map(|service| ("service", service.name()));
    for (kind, name) in payers.chain(services) {
        let sql = "INSERT INTO team_wall (team, kind, name) VALUES ($1, $2, $3)";
        tx.execute(sql, params![&wall.team, kind, name])?;
    }
    Ok(())
}

/// Returns the payers that only their own teams see.
pub fn shut_payers(tx: &mut Tx<'_>) -> Result<BTreeSet<PayerId>> {
    let rows =
        tx.query("SELECT payer_id FROM shut_payer ORDER BY payer_id LIMIT 10000", params![])?;
    rows.iter().map(|row| Ok(PayerId::from(row.text("payer_id")?))).collect()
}

/// Shuts payers to all but their own teams, in place of those that were shut.
pub fn put_shut_payers(tx: &mut Tx<'_>, payers: &BTreeSet<PayerId>) -> Result<()> {
    tx.execute("DELETE FROM shut_payer", params![])?;
    for payer in payers {
        let sql = "INSERT INTO shut_payer (payer_id) VALUES ($1)";
        tx.execute(sql, params![payer.as_str()])?;
    }
    Ok(())
}
