//! Sign-in: users, passwords, one-time links, sessions.
//!
//! No account exists until one is made on the command line, no password is ever set for anybody, and no secret is
//! stored: only digests of tokens and argon2id hashes of passwords. Sources: trust.md 6.4, 2.3 (NIST SP 800-63B-4).

mod easy;
mod password;
mod session;

pub use password::{PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN};
pub use session::{
    IDLE, LIFETIME, SignedIn, actor_of, is_of_earlier_session, peek, sign_out, signed_in,
};

use crate::permissions::Permission;
use crate::secret::{Token, token};
use crate::{App, Ctx, Error, Result};
use doorstep_case::{Actor, Role};
use doorstep_store::users::{self, NewLink, NewToken, User};
use doorstep_vocab::{Micros, Timestamp, UserId};

/// How long a one-time sign-in link may be used. Source: trust.md 6.4, first run, 15 minutes.
pub const LINK_LIFETIME: Micros = Micros::minutes(15);

/// Failed tries for one name, and the time they count for. Source: trust.md S05, at most 100 an hour an account.
const FAILURES_MAX: u32 = 10;
const FAILURES_WITHIN: Micros = Micros::minutes(15);

/// Users that one hub lists at most.
const USERS_MAX: u32 = 10_000;

/// Makes a user without a password: they sign in by a link and set one.
pub fn add_user(ctx: &Ctx, user_id: &UserId, name: &str, role: Role) -> Result<()> {
    ctx.may_manage_users()?;
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_@".contains(c);
    if user_id.as_str().is_empty()
        || user_id.as_str().len() > 64
        || !user_id.as_str().chars().all(is_plain)
    {
        let words = "a user name has 1 to 64 lower-case letters, digits and . - _ @";
        return Err(Error::bad("user-name", words));
    }
    let user = User {
        user_id: user_id.clone(),
        name: name.to_owned(),
        role,
        password_hash: None,
        disabled_at: None,
        created_at: ctx.now,
        epoch: 1,
    };
    let is_new =
        ctx.app.db.write("add user", |tx| users::create(tx, &user).map_err(Error::from))?;
    if is_new {
        Ok(())
    } else {
        Err(Error::bad("user-known", format!("there is a user {user_id} already")))
    }
}

/// Changes a user's role. It holds from their next request: their sessions end.
pub fn set_role(ctx: &Ctx, user_id: &UserId, role: Role) -> Result<()> {
    ctx.may_manage_users()?;
    not_self(ctx, user_id)?;
    changed(
        ctx.app
            .db
            .write("set role", |tx| users::set_role(tx, user_id, role).map_err(Error::from))?,
    )
}

/// Disables a user or enables them again. Their sessions and links end at once.
pub fn set_disabled(ctx: &Ctx, user_id: &UserId, disabled: bool) -> Result<()> {
    ctx.may_manage_users()?;
    not_self(ctx, user_id)?;
    let at = disabled.then_some(ctx.now);
    changed(
        ctx.app.db.write("disable user", |tx| {
            users::set_disabled(tx, user_id, at).map_err(Error::from)
        })?,
    )
}

/// Nobody changes their own rights. Source: trust.md 6.3 (4).
fn not_self(ctx: &Ctx, user_id: &UserId) -> Result<()> {
    if ctx.actor.user_id == *user_id { Err(Error::Forbidden) } else { Ok(()) }
}

fn changed(is_known: bool) -> Result<()> {
    if is_known { Ok(()) } else { Err(Error::NotFound) }
}

/// Makes a link that signs `user_id` in once.
pub fn make_link(ctx: &Ctx, user_id: &UserId) -> Result<Token> {
    ctx.may_manage_users()?;
    let link = token();
    let (hash, expires_at) = (link.digest(), ctx.app.wall_now().plus(LINK_LIFETIME));
    ctx.app.db.write("make link", |tx| -> Result<()> {
        users::find(tx, user_id)?.ok_or(Error::NotFound)?;
        Ok(users::create_link(tx, &NewLink { token_hash: &hash, user_id, expires_at })?)
    })?;
    Ok(link)
}

/// Signs in by a link, which is then used up. It stands for a password that was forgotten, so that one is void from now on:
/// whoever made the link for themselves could not hide it.
pub fn by_link(app: &App, link: &str) -> Result<(Token, UserId)> {
    let (hash, now) = (crate::digest(link.as_bytes()), app.wall_now());
    let user_id = app.db.write("use link", |tx| -> Result<_> {
        let user_id = users::use_link(tx, &hash, now)?;
        if let Some(user_id) = &user_id {
            users::forget_password(tx, user_id)?;
        }
        Ok(user_id)
    })?;
    let user_id = user_id.ok_or_else(|| {
        Error::bad("link-used", "this link was used or is too old: ask for another")
    })?;
    Ok((session::begin(app, &user_id)?, user_id))
}

/// Signs in by name and password. The answer takes as long for a name that nobody has.
pub fn by_password(app: &App, name: &str, password: &str) -> Result<Token> {
    let now = app.wall_now();
    let wrong = || {
        Error::bad(
            "sign-in",
            "the name or the password is wrong, or there were too many tries: wait and try again",
        )
    };
    let name_key = name_key(name);
    if failures(app, &name_key, now)? >= FAILURES_MAX {
        return Err(wrong());
    }
    let user_id = UserId(name.trim().to_lowercase());
    let user = app.db.read(|tx| users::find(tx, &user_id).map_err(Error::from))?;
    let hash = user.as_ref().and_then(|user| user.password_hash.clone());
    let is_right = password::verify(hash.as_deref(), password);
    let user = user.filter(|user| is_right && user.disabled_at.is_none());
    app.db.write("record try", |tx| {
        users::record_attempt(tx, &name_key, now, user.is_some()).map_err(Error::from)
    })?;
    session::begin(app, &user.ok_or_else(wrong)?.user_id)
}

/// Returns a user as an actor, for whoever has the machine's command line: they could make a link for the user as well.
pub fn actor_named(ctx: &Ctx, user_id: &UserId) -> Result<Actor> {
    ctx.may_manage_users()?;
    let user = ctx.app.db.read(|tx| users::find(tx, user_id).map_err(Error::from))?;
    let user = user.filter(|user| user.disabled_at.is_none()).ok_or(Error::NotFound)?;
    Ok(Actor { user_id: user.user_id, role: user.role })
}

/// Sets one's own password. Whoever has one already says it: a screen left open is not enough. A wrong one counts as a
/// failed try to sign in.
pub fn set_password(ctx: &Ctx, current: &str, password: &str) -> Result<()> {
    let user_id = &ctx.actor.user_id;
    let user = ctx.app.db.read(|tx| users::find(tx, user_id).map_err(Error::from))?;
    let user = user.ok_or(Error::NotFound)?;
    if let Some(hash) = &user.password_hash {
        confirm(ctx.app, user_id, (hash, current))?;
    }
    let hash = password::hash(password, &[user_id.as_str(), &user.name])?;
    changed(
        ctx.app.db.write("set password", |tx| {
            users::set_password(tx, user_id, &hash).map_err(Error::from)
        })?,
    )
}

fn confirm(app: &App, user_id: &UserId, (hash, current): (&str, &str)) -> Result<()> {
    let wrong = || {
        let words = "the current password is wrong, or there were too many tries: wait and try again, or ask for a link";
        Error::bad("password-current", words)
    };
    let (now, name_key) = (app.wall_now(), name_key(user_id.as_str()));
    if failures(app, &name_key, now)? >= FAILURES_MAX {
        return Err(wrong());
    }
    let is_right = password::verify(Some(hash), current);
    app.db.write("record try", |tx| {
        users::record_attempt(tx, &name_key, now, is_right).map_err(Error::from)
    })?;
    if is_right { Ok(()) } else { Err(wrong()) }
}

/// Tries are counted by a digest: what is typed as a name may be a password.
fn name_key(name: &str) -> String {
    crate::digest(name.trim().to_lowercase().as_bytes())
}

fn failures(app: &App, name_key: &str, now: Timestamp) -> Result<u32> {
    let since = Timestamp(now.0 - FAILURES_WITHIN.0);
    app.db.read(|tx| users::failures_since(tx, name_key, since).map_err(Error::from))
}

/// Returns whether one has a password already, or signs in by links only.
pub fn has_password(ctx: &Ctx) -> Result<bool> {
    let user_id = &ctx.actor.user_id;
    let user = ctx.app.db.read(|tx| users::find(tx, user_id).map_err(Error::from))?;
    Ok(user.is_some_and(|user| user.password_hash.is_some()))
}

/// Returns every user, for whoever manages them.
pub fn list(ctx: &Ctx) -> Result<Vec<User>> {
    ctx.may_manage_users()?;
    ctx.app.db.read(|tx| users::list(tx, None, USERS_MAX).map_err(Error::from))
}

/// Makes a token for a program that sends files as `user_id`. It is shown once.
pub fn make_api_token(ctx: &Ctx, user_id: &UserId, label: &str) -> Result<Token> {
    ctx.may_manage_users()?;
    let secret = token();
    let hash = secret.digest();
    ctx.app.db.write("make api token", |tx| -> Result<()> {
        users::find(tx, user_id)?.ok_or(Error::NotFound)?;
        users::create_token(tx, &NewToken { token_hash: &hash, user_id, label, now: ctx.now })?;
        Ok(())
    })?;
    Ok(secret)
}

/// Returns the user that an API token speaks for.
pub fn by_api_token(app: &App, secret: &str) -> Result<Actor> {
    let hash = crate::digest(secret.as_bytes());
    let holder = app.db.read(|tx| users::find_token(tx, &hash).map_err(Error::from))?;
    let holder = holder.ok_or(Error::NotFound)?;
    Ok(Actor { user_id: holder.user_id, role: holder.role })
}

impl Ctx<'_> {
    /// Whoever has the command line on the machine manages users there; over the network only an administrator does.
    fn may_manage_users(&self) -> Result<()> {
        if self.actor.role == Role::System { Ok(()) } else { self.may(Permission::ManageUsers) }
    }
}
