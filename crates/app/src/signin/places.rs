//! Where a user is signed in: their own to see and end, anybody's for an administrator to end.

use super::session::{Whence, idle_since};
use crate::secret::digest;
use crate::trail::administered;
use crate::{Ctx, Error, Result};
use doorstep_store::users::{self, EndWhy};
use doorstep_vocab::{Timestamp, UserId};
use std::collections::BTreeMap;

/// Characters of a session's name: enough to tell a few apart, and of no use for signing in.
const NAME_LENGTH: usize = 16;

/// A session of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Names it in a form.
    pub name: String,
    /// When it began.
    pub since: Timestamp,
    /// When it was last used, to the minute.
    pub seen_at: Timestamp,
    /// From where.
    pub whence: Whence,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// Which sessions to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which<'a> {
    /// The one of that name.
    One(&'a str),
    /// All but the one that asks.
    Others,
}

/// Returns where one is signed in oneself, the newest first. `secret` is that of the session that asks.
pub fn places(ctx: &Ctx, secret: &str) -> Result<Vec<Place>> {
    let own = digest(secret.as_bytes());
    let place = |place: users::Place| Place {
        is_this: place.token_hash == own,
        name: name_of(&place.token_hash),
        since: place.created_at,
        seen_at: place.seen_at,
        whence: Whence { device: place.device, address: place.address },
    };
    Ok(of(ctx, &ctx.actor.user_id)?.into_iter().map(place).collect())
}

/// Ends sessions of one's own, at once. The one that asks is ended by signing out, never here.
///
/// # Errors
/// [`Error::NotFound`] when no other session has that name: it may have ended meanwhile.
pub fn end_own(ctx: &Ctx, secret: &str, which: Which<'_>) -> Result<u64> {
    let (user_id, own) = (&ctx.actor.user_id, digest(secret.as_bytes()));
    let named = match which {
        Which::Others => None,
        Which::One(name) => {
            let known = of(ctx, user_id)?.into_iter().map(|place| place.token_hash);
            let mut others = known.filter(|hash| *hash != own);
            Some(others.find(|hash| name_of(hash) == name).ok_or(Error::NotFound)?)
        }
    };
    end(ctx, user_id, (named.as_deref(), Some(&own)), EndWhy::Ended)
}

/// Ends every session of somebody, for whoever manages users.
pub fn end_all(ctx: &Ctx, user_id: &UserId) -> Result<u64> {
    ctx.may_manage_users()?;
    ctx.app.db.read(|tx| users::find(tx, user_id).map_err(Error::from))?.ok_or(Error::NotFound)?;
    end(ctx, user_id, (None, None), EndWhy::EndedByAdmin)
}

/// Returns how many sessions each user has who has any, for whoever manages users.
pub fn n_places(ctx: &Ctx) -> Result<BTreeMap<UserId, u32>> {
    ctx.may_manage_users()?;
    let now = ctx.app.wall_now();
    let times = (now, idle_since(ctx.app, now));
    let counted = ctx
        .app
        .db
        .read(|tx| users::count_places(tx, times, super::USERS_MAX).map_err(Error::from))?;
    Ok(counted.into_iter().collect())
}

fn of(ctx: &Ctx, user_id: &UserId) -> Result<Vec<users::Place>> {
    let now = ctx.app.wall_now();
    let times = (now, idle_since(ctx.app, now));
    ctx.app.db.read(|tx| users::places_of(tx, user_id, times).map_err(Error::from))
}

fn end(
    ctx: &Ctx,
    user_id: &UserId,
    which: (Option<&str>, Option<&str>),
    why: EndWhy,
) -> Result<u64> {
    let now = ctx.app.wall_now();
    ctx.app.db.write("end sessions", |tx| -> Result<u64> {
        let n_ended = users::end_places(tx, user_id, which, (why, now))?;
        administered(tx, ctx, ("end sessions", format!("{user_id}, {n_ended}")))?;
        Ok(n_ended)
    })
}

fn name_of(hash: &str) -> String {
    hash.chars().take(NAME_LENGTH).collect()
}
