//! The second factor: enrolled on the account page, asked for after the password or the link, taken off by whoever has it or,
//! when it is lost, by an administrator.
//!
//! A code serves once, whichever session it is typed in. Wrong ones count as wrong passwords do.

use super::Tries;
use super::session::{self, Whence};
use super::totp;
use crate::secret::{Token, digest};
use crate::trail::{self, administered};
use crate::{App, Ctx, Error, Result};
use doorstep_case::Actor;
use doorstep_db::Tx;
use doorstep_store::users::{self, EndWhy, NewStep, User};
use doorstep_vocab::{Micros, Timestamp, UserId};
use std::collections::BTreeSet;

/// Codes on paper that are made at once. Source: trust.md 6.4.
const RECOVERY_CODES: usize = 10;
/// Random bytes of a code on paper: 80 bits, more than anybody can try.
const RECOVERY_BYTES: usize = 10;

/// What came of showing a first factor.
pub enum Entered {
    /// It was enough: the session's token.
    In(Token),
    /// A second is asked for: what the next form carries.
    Second(Token),
}

impl Entered {
    /// Returns the session's token, where no second factor is asked for.
    pub fn session(self) -> Option<Token> {
        match self {
            Self::In(token) => Some(token),
            Self::Second(_) => None,
        }
    }
}

/// What is shown to enrol an authenticator app.
pub struct Enrolment {
    /// The secret in base 32, in groups of four.
    pub secret: String,
    /// What the app reads from a picture.
    pub address: String,
}

/// The second factor that somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Second {
    /// An authenticator app is asked for at sign-in.
    pub is_on: bool,
    /// One was begun with and has not shown a code yet.
    pub is_begun: bool,
    /// Codes on paper that are left.
    pub n_recovery: u32,
}

/// Goes on after a first factor: into a session, or to the second factor where the user has one.
pub(super) fn enter(
    app: &App,
    user: &User,
    (by, whence): (&'static str, &Whence),
) -> Result<Entered> {
    let totp = app.db.read(|tx| users::totp_of(tx, &user.user_id).map_err(Error::from))?;
    if totp.is_none_or(|totp| totp.confirmed_at.is_none()) {
        super::forgive(app, Tries::Outside, &user.user_id)?;
        return session::begin(app, &user.user_id, (by, whence)).map(Entered::In);
    }
    let step = app.token();
    let lifetime = Micros::minutes(session::terms(app).step_min.into());
    let (hash, expires_at) = (step.digest(), app.wall_now().plus(lifetime));
    let is_kept = app.db.write("begin step", |tx| {
        let step = NewStep { token_hash: &hash, user_id: &user.user_id, shown: by, expires_at };
        users::begin_step(tx, &step).map_err(Error::from)
    })?;
    if is_kept { Ok(Entered::Second(step)) } else { Err(Error::Forbidden) }
}

/// Signs in by the second factor: a code of the app, or one on paper. `step` is what the form carries.
///
/// # Errors
/// [`Error::Bad`], `sign-in-step` when it took too long, `sign-in` when the code is wrong or there were too many tries.
pub fn by_second(app: &App, (step, typed): (&str, &str), whence: &Whence) -> Result<Token> {
    let (hash, now) = (digest(step.as_bytes()), app.wall_now());
    let found = app.db.read(|tx| users::find_step(tx, &hash, now).map_err(Error::from))?;
    let Some((user_id, shown)) = found else {
        let words = "it took too long, or was done already: sign in from the beginning";
        return Err(Error::bad("sign-in-step", words));
    };
    let user = app.db.read(|tx| users::find(tx, &user_id).map_err(Error::from))?;
    let user = user.ok_or(Error::NotFound)?;
    let by = verified(app, &user, (typed, "sign in", Tries::Outside))?;
    let goes_on = app.db.write("end step", |tx| users::end_step(tx, &hash).map_err(Error::from))?;
    if !goes_on {
        return Err(Error::bad(
            "sign-in-step",
            "this was done already: sign in from the beginning",
        ));
    }
    super::forgive(app, Tries::Outside, &user_id)?;
    session::begin(app, &user_id, (&format!("{shown} and {by}"), whence))
}

/// Verifies a second factor, to do `what`, and uses it up. Returns which it was.
pub(super) fn verified(
    app: &App,
    user: &User,
    (typed, what, tries): (&str, &str, Tries),
) -> Result<&'static str> {
    let now = app.wall_now();
    let key = tries.key(user.user_id.as_str());
    if super::begin_try(app, &key, now)? {
        let by = app.db.write("use second factor", |tx| use_up(tx, &user.user_id, (typed, now)))?;
        if let Some(by) = by {
            return Ok(by);
        }
    }
    let ctx = app.ctx(Actor { user_id: user.user_id.clone(), role: user.role });
    trail::refused(&ctx, what, "second factor")?;
    let words = "the code is wrong or was used, or there were too many tries: wait for the next code and try again";
    Err(Error::bad("sign-in", words))
}

fn use_up(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    (typed, now): (&str, Timestamp),
) -> Result<Option<&'static str>> {
    let totp = users::totp_of(tx, user_id)?.filter(|totp| totp.confirmed_at.is_some());
    let Some(totp) = totp else { return Ok(None) };
    if takes_code(tx, user_id, (&totp.secret, typed), now)? {
        return Ok(Some("code"));
    }
    let is_one = users::use_recovery_code(tx, user_id, &recovery_hash(typed))?;
    Ok(is_one.then_some("recovery code"))
}

fn takes_code(
    tx: &mut Tx<'_>,
    user_id: &UserId,
    (secret, typed): (&str, &str),
    now: Timestamp,
) -> Result<bool> {
    let secret = totp::from_base32(secret).unwrap_or_default();
    let step = totp::step_of(&secret, typed, now);
    match step {
        Some(step) => Ok(users::use_totp_step(tx, user_id, step)?),
        None => Ok(false),
    }
}

/// A code on paper may be typed with or without its hyphens, in either case.
fn recovery_hash(typed: &str) -> String {
    let bare: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
    digest(format!("recovery/{}", bare.to_ascii_uppercase()).as_bytes())
}

/// Returns the second factor that one has.
pub fn second(ctx: &Ctx) -> Result<Second> {
    let user_id = &ctx.actor.user_id;
    ctx.app.db.read(|tx| -> Result<Second> {
        let totp = users::totp_of(tx, user_id)?;
        let is_on = totp.as_ref().is_some_and(|totp| totp.confirmed_at.is_some());
        let n_recovery = users::n_recovery_codes(tx, user_id)?;
        Ok(Second { is_on, is_begun: totp.is_some() && !is_on, n_recovery })
    })
}

/// Returns who has a second factor that is asked for, for whoever manages users.
pub fn with_second(ctx: &Ctx) -> Result<BTreeSet<UserId>> {
    ctx.may_manage_users()?;
    let found =
        ctx.app.db.read(|tx| users::with_totp(tx, super::USERS_MAX).map_err(Error::from))?;
    Ok(found.into_iter().collect())
}

/// Returns who has a passkey, for whoever manages users.
pub fn with_key(ctx: &Ctx) -> Result<BTreeSet<UserId>> {
    ctx.may_manage_users()?;
    let found =
        ctx.app.db.read(|tx| users::with_passkey(tx, super::USERS_MAX).map_err(Error::from))?;
    Ok(found.into_iter().collect())
}

/// Begins with an authenticator app: a secret is made, which counts once a code of it was right.
///
/// # Errors
/// [`Error::Unproved`] without a fresh factor; [`Error::Bad`], `second-on`, when there is an app already, `identity-own` for whoever
/// signs in at the provider.
pub fn begin_app(ctx: &Ctx) -> Result<()> {
    ctx.stepped_up()?;
    super::identity::has_none_of_ones_own(ctx)?;
    let user_id = &ctx.actor.user_id;
    let secret = totp::base32(&ctx.app.drawn::<{ totp::SECRET_BYTES }>());
    let is_begun = ctx
        .app
        .db
        .write("begin app", |tx| users::begin_totp(tx, user_id, &secret).map_err(Error::from))?;
    let words = "an authenticator app is set up already: take it off first";
    if is_begun { Ok(()) } else { Err(Error::bad("second-on", words)) }
}

/// Returns what is shown of the app that was begun with; `None` when there is none, or it works already: then its secret is
/// shown to nobody.
///
/// # Errors
/// [`Error::Unproved`] without a fresh factor.
pub fn begun_app(ctx: &Ctx) -> Result<Option<Enrolment>> {
    let user_id = &ctx.actor.user_id;
    let totp = ctx.app.db.read(|tx| users::totp_of(tx, user_id).map_err(Error::from))?;
    let Some(totp) = totp.filter(|totp| totp.confirmed_at.is_none()) else { return Ok(None) };
    ctx.stepped_up()?;
    let address = totp::address(ctx.app.packs.hub_name(), user_id.as_str(), &totp.secret);
    let groups: Vec<String> = in_groups(&totp.secret);
    Ok(Some(Enrolment { secret: groups.join(" "), address }))
}

fn in_groups(letters: &str) -> Vec<String> {
    let letters: Vec<char> = letters.chars().collect();
    letters.chunks(4).map(|group| group.iter().collect()).collect()
}

/// Takes a first code of the app: from now on it is asked for. All other sessions of one's own end. Returns the codes on
/// paper, which are shown once.
///
/// # Errors
/// [`Error::Bad`], `second-code`, when the code is not the app's.
pub fn confirm_app(ctx: &Ctx, secret: &str, typed: &str) -> Result<Vec<String>> {
    ctx.stepped_up()?;
    super::identity::has_none_of_ones_own(ctx)?;
    let (user_id, now) = (&ctx.actor.user_id, ctx.app.wall_now());
    let (codes, hashes) = recovery_codes(ctx.app);
    let is_right = ctx.app.db.write("confirm app", |tx| -> Result<bool> {
        let begun = users::totp_of(tx, user_id)?.filter(|totp| totp.confirmed_at.is_none());
        let Some(totp) = begun else { return Ok(false) };
        if !takes_code(tx, user_id, (&totp.secret, typed), now)? {
            return Ok(false);
        }
        users::confirm_totp(tx, user_id, now)?;
        users::set_recovery_codes(tx, user_id, &hashes)?;
        administered(tx, ctx, ("set up app", user_id.to_string()))?;
        end_others(tx, ctx, secret)?;
        Ok(true)
    })?;
    let words =
        "that is not the code that the app shows now: look again, and see that its clock is right";
    if is_right { Ok(codes) } else { Err(Error::bad("second-code", words)) }
}

/// Makes new codes on paper; the old ones are void. They are shown once.
///
/// # Errors
/// [`Error::Unproved`] without a fresh factor; [`Error::NotFound`] without an app.
pub fn new_recovery_codes(ctx: &Ctx) -> Result<Vec<String>> {
    ctx.stepped_up()?;
    let user_id = &ctx.actor.user_id;
    let (codes, hashes) = recovery_codes(ctx.app);
    let is_on = ctx.app.db.write("new recovery codes", |tx| -> Result<bool> {
        let is_on = users::totp_of(tx, user_id)?.is_some_and(|totp| totp.confirmed_at.is_some());
        if is_on {
            users::set_recovery_codes(tx, user_id, &hashes)?;
            administered(tx, ctx, ("new recovery codes", user_id.to_string()))?;
        }
        Ok(is_on)
    })?;
    if is_on { Ok(codes) } else { Err(Error::NotFound) }
}

fn recovery_codes(app: &App) -> (Vec<String>, Vec<String>) {
    let code = || in_groups(&totp::base32(&app.drawn::<RECOVERY_BYTES>())).join("-");
    let codes: Vec<String> = std::iter::repeat_with(code).take(RECOVERY_CODES).collect();
    let hashes = codes.iter().map(|code| recovery_hash(code)).collect();
    (codes, hashes)
}

/// Takes one's own app off, or gives up one that was begun with. All other sessions of one's own end.
///
/// # Errors
/// [`Error::Unproved`] without a fresh factor.
pub fn remove_app(ctx: &Ctx, secret: &str) -> Result<()> {
    ctx.stepped_up()?;
    let user_id = &ctx.actor.user_id;
    ctx.app.db.write("remove app", |tx| -> Result<()> {
        if users::remove_totp(tx, user_id)? {
            administered(tx, ctx, ("take off app", user_id.to_string()))?;
            end_others(tx, ctx, secret)?;
        }
        Ok(())
    })
}

pub(super) fn end_others(tx: &mut Tx<'_>, ctx: &Ctx, secret: &str) -> Result<()> {
    let (own, now) = (digest(secret.as_bytes()), ctx.app.wall_now());
    let why = (EndWhy::Ended, now);
    users::end_places(tx, &ctx.actor.user_id, (None, Some(&own)), why)?;
    Ok(())
}

/// Takes the authenticator app and the passkeys of somebody off who lost them, for whoever manages users. Their sessions end; their password
/// stays, and alone lets them in again.
pub fn reset_second(ctx: &Ctx, user_id: &UserId) -> Result<()> {
    ctx.may_manage_users()?;
    super::not_self(ctx, user_id)?;
    let is_known = ctx.app.db.write("reset second factors", |tx| -> Result<bool> {
        administered(tx, ctx, ("reset second factors", user_id.to_string()))?;
        users::remove_totp(tx, user_id)?;
        users::remove_passkeys(tx, user_id)?;
        Ok(users::void_sessions(tx, user_id)?)
    })?;
    if is_known { Ok(()) } else { Err(Error::NotFound) }
}
