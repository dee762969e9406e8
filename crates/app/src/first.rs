//! What a hub needs before its first order, and what of it is there: for whoever sets it up.

use crate::{Ctx, Error, Result};
use doorstep_case::Role;
use doorstep_store::{cases, providers, users};

/// Users and providers that are counted; of more it is said that they are more.
pub const COUNTED: u32 = 500;

/// How far a hub is set up. Numbers and names of payers alone: anybody who signed in may know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstSteps {
    /// People who may sign in, and who are not administrators.
    pub n_people: usize,
    /// Providers of the network.
    pub n_providers: usize,
    /// Payers whose rules are loaded, by name.
    pub payers: Vec<String>,
    /// Whether an order came in, ever.
    pub has_case: bool,
}

/// Returns how far the hub is set up.
pub fn first_steps(ctx: &Ctx) -> Result<FirstSteps> {
    let (people, n_providers, has_case) = ctx.app.db.read(|tx| -> Result<_> {
        let n_providers = providers::list(tx, None, COUNTED)?.len();
        let has_case = !cases::ids_after(tx, None, 1)?.is_empty();
        Ok((users::list(tx, None, COUNTED)?, n_providers, has_case))
    })?;
    let works = |user: &&users::User| user.disabled_at.is_none() && user.role != Role::Admin;
    Ok(FirstSteps {
        n_people: people.iter().filter(works).count(),
        n_providers,
        payers: ctx.app.packs.payers().map(|payer| payer.name.to_owned()).collect(),
        has_case,
    })
}

/// Returns whether no order came in yet.
pub fn is_new(ctx: &Ctx) -> Result<bool> {
    ctx.app.db.read(|tx| Ok::<_, Error>(cases::ids_after(tx, None, 1)?.is_empty()))
}
