//! The provider network as a hub keeps it: entered one by one or taken from a table, listed, closed to new members.
//!
//! **Invariant:** a provider is kept only when every field of it can be read, and a table whole or not at all.

mod entered;
mod table;

pub use entered::{FIELDS, read};
pub use table::RowProblem;

use crate::trail::administered;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::Role;
use doorstep_store::providers::{self, Provider};
use doorstep_vocab::ProviderId;

/// Providers that one page lists at most.
const LISTED_MAX: u32 = 500;

/// Keeps a provider, in place of what was known of it.
pub fn put(ctx: &Ctx, provider: &Provider) -> Result<()> {
    ctx.may_manage_providers()?;
    ctx.app.db.write("put provider", |tx| -> Result<()> {
        providers::put(tx, provider)?;
        administered(tx, ctx, ("change provider", provider.provider_id.to_string()))
    })
}

/// Keeps every provider of a table, or none, and returns how many there are.
///
/// # Errors
///
/// The inner error names every cell that cannot be read; then nothing is kept.
pub fn import(ctx: &Ctx, table: &[u8]) -> Result<std::result::Result<usize, Vec<RowProblem>>> {
    ctx.may_manage_providers()?;
    let rows = match table::read(table) {
        Ok(rows) => rows,
        Err(problems) => return Ok(Err(problems)),
    };
    ctx.app.db.write("import providers", |tx| -> Result<()> {
        for provider in &rows {
            providers::put(tx, provider)?;
            administered(tx, ctx, ("change provider", provider.provider_id.to_string()))?;
        }
        Ok(())
    })?;
    Ok(Ok(rows.len()))
}

/// Says whether a provider takes new members.
pub fn set_accepting(ctx: &Ctx, provider_id: &ProviderId, accepting: bool) -> Result<()> {
    ctx.may_manage_providers()?;
    let is_known = ctx.app.db.write("set accepting", |tx| -> Result<bool> {
        let action = if accepting { "open provider" } else { "close provider" };
        administered(tx, ctx, (action, provider_id.to_string()))?;
        Ok(providers::set_accepting(tx, provider_id, accepting)?)
    })?;
    if is_known { Ok(()) } else { Err(Error::NotFound) }
}

/// Returns providers after one, by id: a page of them.
pub fn list(ctx: &Ctx, after: Option<&ProviderId>) -> Result<Vec<Provider>> {
    ctx.may_manage_providers()?;
    ctx.app.db.read(|tx| providers::list(tx, after, LISTED_MAX).map_err(Error::from))
}

/// Returns a provider.
pub fn get(ctx: &Ctx, provider_id: &ProviderId) -> Result<Provider> {
    ctx.may_manage_providers()?;
    let found = ctx.app.db.read(|tx| providers::get(tx, provider_id).map_err(Error::from))?;
    found.ok_or(Error::NotFound)
}

impl Ctx<'_> {
    /// Whoever has the command line on the machine keeps the network there; over the network a supervisor does.
    fn may_manage_providers(&self) -> Result<()> {
        if self.actor.role == Role::System { Ok(()) } else { self.may(Permission::ManageProviders) }
    }
}
