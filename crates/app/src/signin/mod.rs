//! Sign-in: users, passwords, one-time links, sessions.
//!
//! No account exists until one is made on the command line, no password is ever set for anybody, and no secret is
//! stored: only digests of tokens and argon2id hashes of passwords. Sources: trust.md 6.4, 2.3 (NIST SP 800-63B-4).

mod easy;
mod identity;
mod language;
mod passkeys;
mod password;
mod places;
mod proof;
mod second;
mod session;
mod totp;

pub use doorstep_store::users::EndWhy;
pub use identity::{
    Arrived, Back, Fetch, Identity, IdentitySettings, Outward, Reply, Way, come_back, provider_of,
    set_out, with_identity,
};
pub use language::set_own_language;
pub use passkeys::{
    KeyAsked, KeyUsed, NewKey, OwnKey, add_key, ask_key, ask_new_key, by_key, keys, remove_key,
    rename_key,
};
pub use password::{PASSWORD_LENGTH_MAX, PASSWORD_LENGTH_MIN};
pub use places::{Place, Which, end_all, end_own, n_places, places};
pub use proof::{Proof, Provable, provable, prove};
pub use second::{
    Enrolment, Entered, Second, begin_app, begun_app, by_second, confirm_app, new_recovery_codes,
    remove_app, reset_second, second, with_key, with_second,
};
pub use session::{
    SignedIn, Whence, actor_of, idle_minutes, is_of_earlier_session, peek, sign_out, signed_in,
    terms, why_ended,
};

use crate::secret::Token;
use crate::trail::{self, administered};
use crate::{App, Ctx, Error, Result};
use doorstep_authz::Permission;
use doorstep_case::{Actor, Role};
use doorstep_store::users::{self, ApiToken, NewLink, NewToken, User};
use doorstep_vocab::{Micros, Timestamp, UserId};

/// How long tries are kept: longer than they count, so that a clock that is set ahead forgives none at once.
const TRIES_KEPT: Micros = Micros::hours(24);

/// Characters of a team's name: it stands in one column of a list.
pub const TEAM_MAX: usize = 40;

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
        team: None,
        phone: None,
    };
    let is_new = ctx.app.db.write("add user", |tx| -> Result<bool> {
        administered(tx, ctx, ("add user", format!("{user_id}, {}", role.name())))?;
        Ok(users::create(tx, &user)?)
    })?;
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
    changed(ctx.app.db.write("set role", |tx| -> Result<bool> {
        administered(tx, ctx, ("change role", format!("{user_id}, {}", role.name())))?;
        Ok(users::set_role(tx, user_id, role)?)
    })?)
}

/// Puts a user into a team, or into none with an empty name: whose cases are listed together. It gives no rights.
///
/// # Errors
/// [`Error::Bad`] with the code `team-name` when the name is longer than [`TEAM_MAX`] characters.
pub fn set_team(ctx: &Ctx, user_id: &UserId, team: &str) -> Result<()> {
    ctx.may_manage_users()?;
    let team = team.trim();
    if team.chars().count() > TEAM_MAX || team.chars().any(char::is_control) {
        return Err(Error::bad("team-name", "a team's name has at most 40 characters on one line"));
    }
    let named = Some(team).filter(|team| !team.is_empty());
    changed(ctx.app.db.write("set team", |tx| -> Result<bool> {
        let said = named.unwrap_or("none");
        administered(tx, ctx, ("change team", format!("{user_id}, {said}")))?;
        Ok(users::set_team(tx, user_id, named)?)
    })?)
}

/// Disables a user or enables them again. Their sessions and links end at once.
pub fn set_disabled(ctx: &Ctx, user_id: &UserId, disabled: bool) -> Result<()> {
    ctx.may_manage_users()?;
    not_self(ctx, user_id)?;
    let at = disabled.then_some(ctx.now);
    let action = if disabled { "disable user" } else { "enable user" };
    changed(ctx.app.db.write("disable user", |tx| -> Result<bool> {
        administered(tx, ctx, (action, user_id.to_string()))?;
        Ok(users::set_disabled(tx, user_id, at)?)
    })?)
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
    let link = ctx.app.token();
    let lifetime = Micros::minutes(terms(ctx.app).link_min.into());
    let (hash, expires_at) = (link.digest(), ctx.app.wall_now().plus(lifetime));
    ctx.app.db.write("make link", |tx| -> Result<()> {
        users::find(tx, user_id)?.ok_or(Error::NotFound)?;
        administered(tx, ctx, ("make link", user_id.to_string()))?;
        Ok(users::create_link(tx, &NewLink { token_hash: &hash, user_id, expires_at })?)
    })?;
    Ok(link)
}

/// Signs in by a link, which is then used up. It stands for a password that was forgotten or a device that was lost, so
/// password and passkeys are void from now on, and the sessions that began with them end: whoever made the link for
/// themselves could not hide it. A second factor is asked for all the same.
///
/// # Errors
/// [`Error::Bad`], `link-used`, when it was used or is too old, and for a shut account.
pub fn by_link(app: &App, link: &str, whence: &Whence) -> Result<(Entered, UserId)> {
    let (hash, now) = (crate::digest(link.as_bytes()), app.wall_now());
    let user = app.db.write("use link", |tx| -> Result<_> {
        let Some(user_id) = users::use_link(tx, &hash, now)? else { return Ok(None) };
        users::forget_password(tx, &user_id)?;
        if users::remove_passkeys(tx, &user_id)? > 0 {
            users::void_sessions(tx, &user_id)?;
        }
        Ok(users::find(tx, &user_id)?)
    })?;
    let spent = || Error::bad("link-used", "this link was used or is too old: ask for another");
    let user = user.ok_or_else(spent)?;
    if user.disabled_at.is_some() {
        let ctx = app.ctx(Actor { user_id: user.user_id, role: user.role });
        trail::refused(&ctx, "sign in", "link, account shut")?;
        return Err(spent());
    }
    Ok((second::enter(app, &user, ("link", whence))?, user.user_id))
}

/// Signs in by name and password. The answer takes as long for a name that nobody has.
///
/// The try counts as failed before anything is verified, so that many at once are no more than one after the other.
pub fn by_password(app: &App, (name, password): (&str, &str), whence: &Whence) -> Result<Entered> {
    let now = app.wall_now();
    let user_id = UserId(name.trim().to_lowercase());
    let may_try = begin_try(app, &Tries::Outside.key(name), now)?;
    let user = app.db.read(|tx| users::find(tx, &user_id).map_err(Error::from))?;
    if !may_try {
        return Err(wrong(app, user.as_ref(), "too many tries")?);
    }
    let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let is_right = password::verify(hash, password);
    let is_bound = identity::is_bound(app, &user_id)?;
    match user {
        Some(user) if is_right && user.disabled_at.is_none() && !is_bound => {
            second::enter(app, &user, ("password", whence))
        }
        user => Err(wrong(app, user.as_ref(), "password")?),
    }
}

/// Records a sign-in that was refused, and returns the one answer that tells nothing. A name that nobody has is not
/// written down: it may be a password in the wrong field.
fn wrong(app: &App, user: Option<&User>, why: &str) -> Result<Error> {
    let known = user.map(|user| Actor { user_id: user.user_id.clone(), role: user.role });
    let ctx = known.map_or_else(|| app.system("nobody"), |actor| app.ctx(actor));
    trail::refused(&ctx, "sign in", why)?;
    Ok(Error::bad(
        "sign-in",
        "the name or the password is wrong, or there were too many tries: wait and try again",
    ))
}

/// Returns a user as an actor, for whoever has the machine's command line: they could make a link for the user as well.
pub fn actor_named(ctx: &Ctx, user_id: &UserId) -> Result<Actor> {
    ctx.may_manage_users()?;
    let user = ctx.app.db.read(|tx| users::find(tx, user_id).map_err(Error::from))?;
    let user = user.filter(|user| user.disabled_at.is_none()).ok_or(Error::NotFound)?;
    Ok(Actor { user_id: user.user_id, role: user.role })
}

/// Sets one's own password. Whoever has one already says it: a screen left open is not enough. A wrong one counts as a
/// failed try to confirm.
pub fn set_password(ctx: &Ctx, current: &str, password: &str) -> Result<()> {
    identity::has_none_of_ones_own(ctx)?;
    let user_id = &ctx.actor.user_id;
    let user = ctx.app.db.read(|tx| users::find(tx, user_id).map_err(Error::from))?;
    let user = user.ok_or(Error::NotFound)?;
    if let Some(hash) = &user.password_hash {
        confirm(ctx.app, &user, (hash, current), "set password")?;
    } else {
        // Whoever came by a link has just come; a screen that was left open has not.
        ctx.stepped_up()?;
    }
    let hash = password::hash(password, &[user_id.as_str(), &user.name])?;
    changed(ctx.app.db.write("set password", |tx| -> Result<bool> {
        administered(tx, ctx, ("set password", user_id.to_string()))?;
        Ok(users::set_password(tx, user_id, &hash)?)
    })?)
}

/// Verifies the password that somebody who is signed in has, to do `what`.
fn confirm(app: &App, user: &User, (hash, current): (&str, &str), what: &str) -> Result<()> {
    let (now, key) = (app.wall_now(), Tries::Inside.key(user.user_id.as_str()));
    if begin_try(app, &key, now)? && password::verify(Some(hash), current) {
        // With an app the password is half of what is asked for, and half forgives nothing.
        let app_of = app.db.read(|tx| users::totp_of(tx, &user.user_id).map_err(Error::from))?;
        let has_app = app_of.is_some_and(|totp| totp.confirmed_at.is_some());
        return if has_app { Ok(()) } else { forgive(app, Tries::Inside, &user.user_id) };
    }
    let ctx = app.ctx(Actor { user_id: user.user_id.clone(), role: user.role });
    trail::refused(&ctx, what, "current password")?;
    let words = "the current password is wrong, or there were too many tries: wait and try again, or ask for a link";
    Err(Error::bad("password-current", words))
}

/// What wrong tries are counted for. Anybody may fail to sign in as somebody; that must not keep them, once they are in, from
/// confirming who they are.
#[derive(Clone, Copy)]
enum Tries {
    /// By whoever types a name.
    Outside,
    /// By whoever has a session of theirs.
    Inside,
}

impl Tries {
    /// Tries are counted by a digest: what is typed as a name may be a password. Anything may be typed, so each kind begins
    /// otherwise.
    fn key(self, name: &str) -> String {
        let name = name.trim().to_lowercase();
        match self {
            Self::Outside => crate::digest(format!("name/{name}").as_bytes()),
            Self::Inside => crate::digest(format!("session/{name}").as_bytes()),
        }
    }
}

/// Forgives the wrong tries of before: whoever showed all that is asked for is who they say. Between a right password and a
/// second factor nothing is forgiven, so that whoever knows the one has no more tries at the other.
fn forgive(app: &App, tries: Tries, user_id: &UserId) -> Result<()> {
    let (now, key) = (app.wall_now(), tries.key(user_id.as_str()));
    app.db.write("record try", |tx| users::record_attempt(tx, &key, now, true).map_err(Error::from))
}

/// Counts a try as failed before anything is verified. Returns whether it may go on.
fn begin_try(app: &App, key: &str, now: Timestamp) -> Result<bool> {
    let terms = terms(app);
    let since = Timestamp(now.0 - Micros::minutes(terms.tries_within_min.into()).0);
    app.db.write("begin try", |tx| {
        users::begin_attempt(tx, (key, now), (since, terms.tries_max)).map_err(Error::from)
    })
}

/// Returns whether one has a password already, or signs in by links only.
pub fn has_password(ctx: &Ctx) -> Result<bool> {
    let user_id = &ctx.actor.user_id;
    let user = ctx.app.db.read(|tx| users::find(tx, user_id).map_err(Error::from))?;
    Ok(user.is_some_and(|user| user.password_hash.is_some()))
}

/// Returns whether somebody manages the hub who can sign in by themselves: enabled, with a password or a passkey.
pub fn has_enrolled_admin(ctx: &Ctx) -> Result<bool> {
    let with_key = with_key(ctx)?;
    let is_one = |user: &User| {
        let has_own = user.password_hash.is_some() || with_key.contains(&user.user_id);
        user.role == Role::Admin && user.disabled_at.is_none() && has_own
    };
    Ok(list(ctx)?.iter().any(is_one))
}

/// Returns every user, for whoever manages them.
pub fn list(ctx: &Ctx) -> Result<Vec<User>> {
    ctx.may_manage_users()?;
    ctx.app.db.read(|tx| users::list(tx, None, USERS_MAX).map_err(Error::from))
}

/// Makes a token for a program that sends files as `user_id`. It is shown once.
pub fn make_api_token(ctx: &Ctx, user_id: &UserId, label: &str) -> Result<Token> {
    ctx.may_manage_users()?;
    let secret = ctx.app.token();
    let hash = secret.digest();
    ctx.app.db.write("make api token", |tx| -> Result<()> {
        users::find(tx, user_id)?.ok_or(Error::NotFound)?;
        administered(tx, ctx, ("make token", format!("{user_id}, {label}")))?;
        users::create_token(tx, &NewToken { token_hash: &hash, user_id, label, now: ctx.now })?;
        Ok(())
    })?;
    Ok(secret)
}

/// Returns the tokens of a user, withdrawn ones too. They are known by the beginning of what is stored of them.
pub fn api_tokens(ctx: &Ctx, user_id: &UserId) -> Result<Vec<ApiToken>> {
    ctx.may_manage_users()?;
    ctx.app.db.read(|tx| users::tokens_of(tx, user_id).map_err(Error::from))
}

/// Withdraws a user's token, named by the beginning of what is stored of it: no request with it is taken any more.
pub fn revoke_api_token(ctx: &Ctx, user_id: &UserId, begins: &str) -> Result<()> {
    let known = api_tokens(ctx, user_id)?;
    let mut named = known.iter().filter(|token| token.token_hash.starts_with(begins));
    let (Some(token), None) = (named.next().filter(|_| !begins.is_empty()), named.next()) else {
        return Err(Error::bad(
            "token-unknown",
            "no token, or more than one, begins so: list them",
        ));
    };
    changed(ctx.app.db.write("revoke api token", |tx| -> Result<bool> {
        let object = format!("{user_id}, {}", token.label);
        administered(tx, ctx, ("revoke token", object))?;
        Ok(users::revoke_token(tx, &token.token_hash, ctx.now)?)
    })?)
}

/// Forgets or ends what has run out: sessions, links, tries. Done now and then, whether or not anybody asks, so that a
/// clock that is set back finds nothing to revive.
pub fn sweep(app: &App) -> Result<()> {
    let now = app.wall_now();
    app.db.write("sweep sign-in", |tx| -> Result<()> {
        users::end_idle_sessions(tx, now, session::idle_since(app, now))?;
        users::end_links(tx, now)?;
        users::sweep_sessions(tx, now)?;
        users::sweep_steps(tx, now)?;
        users::sweep_challenges(tx, now)?;
        users::sweep_trips(tx, now)?;
        users::sweep_attempts(tx, Timestamp(now.0 - TRIES_KEPT.0))?;
        Ok(())
    })
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
