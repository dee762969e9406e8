//! Walls, for whoever manages users: what a team sees, and which payers only their own teams see.

use crate::trail::administered;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::ServiceLine;
use doorstep_store::walls;
use doorstep_vocab::PayerId;
use std::collections::BTreeSet;

pub use doorstep_store::walls::TeamWall;

/// All walls.
#[derive(Debug, Default)]
pub struct Standing {
    /// Teams that are walled.
    pub teams: Vec<TeamWall>,
    /// Payers that only their own teams see.
    pub shut: BTreeSet<PayerId>,
}

/// Returns the walls as they stand.
pub fn standing(ctx: &Ctx) -> Result<Standing> {
    ctx.may(Permission::ManageUsers)?;
    ctx.app.db.read(|tx| Ok(Standing { teams: walls::teams(tx)?, shut: walls::shut_payers(tx)? }))
}

/// Walls a team in, in place of the walls that it had. Without payers and service lines it sees all. It holds from the next
/// request of everybody in it.
///
/// # Errors
/// [`Error::Bad`] with the code `team`, `payer` or `service`.
pub fn put_team(ctx: &Ctx, team: &str, (payers, services): (&[&str], &[&str])) -> Result<()> {
    ctx.may(Permission::ManageUsers)?;
    let team = team.trim();
    if team.is_empty() || team.chars().count() > 40 {
        return Err(Error::bad("team", "name the team as the users have it"));
    }
    let service = |name: &&str| {
        ServiceLine::parse(name)
            .ok_or_else(|| Error::bad("service", "choose service lines of the list"))
    };
    let wall = TeamWall {
        team: team.to_owned(),
        payers: known_payers(ctx, payers)?,
        services: services.iter().map(service).collect::<Result<_>>()?,
    };
    ctx.app.db.write("wall team", |tx| -> Result<()> {
        walls::put_team(tx, &wall)?;
        let inside: Vec<&str> = payers.iter().chain(services).copied().collect();
        administered(tx, ctx, ("wall team", format!("{team}: {}", inside.join(", "))))
    })
}

/// Shuts payers to all but the teams that are walled to them, in place of those that were shut.
///
/// # Errors
/// [`Error::Bad`] with the code `payer`.
pub fn shut(ctx: &Ctx, payers: &[&str]) -> Result<()> {
    ctx.may(Permission::ManageUsers)?;
    let known = known_payers(ctx, payers)?;
    ctx.app.db.write("shut payers", |tx| -> Result<()> {
        walls::put_shut_payers(tx, &known)?;
        administered(tx, ctx, ("shut payers", payers.join(", ")))
    })
}

fn known_payers(ctx: &Ctx, names: &[&str]) -> Result<BTreeSet<PayerId>> {
    let known = |name: &&str| {
        let payer_id = PayerId::from(*name);
        let is_known = ctx.app.packs.payer(&payer_id).is_some();
        is_known.then_some(payer_id).ok_or_else(|| Error::bad("payer", "choose payers of the list"))
    };
    names.iter().map(known).collect()
}
