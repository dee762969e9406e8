//! Passkeys: made on the account page, shown instead of name, password and code, named and taken off.
//!
//! A challenge serves once, for one ceremony and for the minutes that the pack has; with a wrong answer it is gone as well.

use super::Tries;
use super::second::end_others;
use super::session::{self, Whence};
use crate::secret::{Token, digest};
use crate::trail::{self, administered};
use crate::{App, Ctx, Error, Result};
use doorstep_case::Actor;
use doorstep_passkeys::{self as passkeys, Made, Site, Used, encoded};
use doorstep_store::users::{self, Passkey};
use doorstep_vocab::{Micros, Timestamp, UserId};

/// Bytes of a challenge. Source: WebAuthn Level 3, 13.4.3, 16 at least.
const CHALLENGE_BYTES: usize = 32;

/// Bytes of what devices call a user. Source: WebAuthn Level 3, 5.4.3, 64 at most; nothing of the person is in it.
const HANDLE_BYTES: usize = 32;

/// Keys that one user may have: nobody has more devices, and all of them stand in one list.
const KEYS_MAX: usize = 20;

/// Characters of a key's name: it stands in one column of a list.
const NAME_MAX: usize = 40;

/// What a browser is asked to make a key from.
pub struct NewKey {
    /// What is to be answered, base64url.
    pub challenge: String,
    /// The site that it is for.
    pub site: Site,
    /// What devices call the user, base64url.
    pub user_handle: String,
    /// What is typed to sign in.
    pub user_id: String,
    /// The keys that the user has, base64url: a device makes no second.
    pub known: Vec<String>,
}

/// What a browser is asked to use a key for.
pub struct KeyAsked {
    /// What is to be answered, base64url.
    pub challenge: String,
    /// The site whose keys serve.
    pub site: Site,
}

/// What a browser sends of a key that was used.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KeyUsed {
    /// What the device calls the key, base64url.
    pub credential_id: String,
    /// What the device calls the user, base64url.
    pub user_handle: String,
    /// What it signed.
    pub used: Used,
}

/// A key of one's own, as a list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnKey {
    /// Names it in a form, base64url.
    pub credential_id: String,
    /// What one calls it.
    pub name: String,
    /// When it was made.
    pub since: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
}

/// Asks for a new key.
///
/// # Errors
/// [`Error::Unproved`] without a fresh factor; [`Error::Bad`], `passkey-site`, where the hub does not know its own address,
/// `passkey-many` for whoever has enough.
pub fn ask_new_key(ctx: &Ctx) -> Result<NewKey> {
    ctx.stepped_up()?;
    super::identity::has_none_of_ones_own(ctx)?;
    let (app, user_id) = (ctx.app, &ctx.actor.user_id);
    let known = own(ctx)?;
    if known.len() >= KEYS_MAX {
        let words = "you have as many passkeys as one may have: take one off first";
        return Err(Error::bad("passkey-many", words));
    }
    let handle = known.first().map(|key| key.user_handle.clone());
    Ok(NewKey {
        site: site(app)?,
        challenge: challenge(app, Some(user_id))?,
        user_handle: handle.unwrap_or_else(|| encoded(&app.drawn::<HANDLE_BYTES>())),
        user_id: user_id.to_string(),
        known: known.into_iter().map(|key| key.credential_id).collect(),
    })
}

/// Takes a new key. All other sessions of one's own end.
///
/// # Errors
/// [`Error::Unproved`] without a fresh factor; [`Error::Bad`], `passkey-name` or `passkey`.
pub fn add_key(
    ctx: &Ctx,
    secret: &str,
    (name, user_handle, made): (&str, &str, &Made),
) -> Result<()> {
    ctx.stepped_up()?;
    super::identity::has_none_of_ones_own(ctx)?;
    let name = named(name)?;
    let (app, user_id) = (ctx.app, &ctx.actor.user_id);
    let known = own(ctx)?;
    let asked = answered(app, &made.client_data, Some(user_id))?;
    let key = passkeys::made(&site(app)?, &asked, made).map_err(|problem| {
        tracing::info!(code = problem.code(), "a new passkey was refused");
        refusal()
    })?;
    // Devices call a user by one name. The first comes back from the browser, and is taken only as it was made.
    let user_handle = known.first().map_or(user_handle, |key| &key.user_handle).to_owned();
    if passkeys::decoded(&user_handle).is_none_or(|handle| handle.len() != HANDLE_BYTES) {
        return Err(refusal());
    }
    let row = Passkey {
        credential_id: encoded(&key.credential_id),
        user_id: user_id.clone(),
        user_handle,
        name,
        public_key: encoded(&key.public_key),
        counter: key.counter,
        created_at: app.wall_now(),
        used_at: None,
    };
    let is_added = app.db.write("add passkey", |tx| -> Result<bool> {
        let is_added = users::add_passkey(tx, &row)?;
        if is_added {
            administered(tx, ctx, ("add passkey", user_id.to_string()))?;
            end_others(tx, ctx, secret)?;
        }
        Ok(is_added)
    })?;
    if is_added { Ok(()) } else { Err(refusal()) }
}

fn named(name: &str) -> Result<String> {
    let name = name.trim();
    let length = name.chars().count();
    if length == 0 || length > NAME_MAX || name.chars().any(char::is_control) {
        let words = "give the key a name of at most 40 characters, such as that of its device";
        return Err(Error::bad("passkey-name", words));
    }
    Ok(name.to_owned())
}

/// Returns one's own keys, the oldest first.
pub fn keys(ctx: &Ctx) -> Result<Vec<OwnKey>> {
    let key = |key: Passkey| OwnKey {
        credential_id: key.credential_id,
        name: key.name,
        since: key.created_at,
        used_at: key.used_at,
    };
    Ok(own(ctx)?.into_iter().map(key).collect())
}

fn own(ctx: &Ctx) -> Result<Vec<Passkey>> {
    ctx.app.db.read(|tx| users::passkeys_of(tx, &ctx.actor.user_id).map_err(Error::from))
}

/// Names a key of one's own otherwise.
pub fn rename_key(ctx: &Ctx, credential_id: &str, name: &str) -> Result<()> {
    let (user_id, name) = (&ctx.actor.user_id, named(name)?);
    let is_known = ctx.app.db.write("rename passkey", |tx| {
        users::rename_passkey(tx, user_id, (credential_id, &name)).map_err(Error::from)
    })?;
    if is_known { Ok(()) } else { Err(Error::NotFound) }
}

/// Takes a key of one's own off: it signs nobody in any more. All other sessions of one's own end.
///
/// # Errors
/// [`Error::Unproved`] without a fresh factor.
pub fn remove_key(ctx: &Ctx, secret: &str, credential_id: &str) -> Result<()> {
    ctx.stepped_up()?;
    let user_id = &ctx.actor.user_id;
    let is_known = ctx.app.db.write("remove passkey", |tx| -> Result<bool> {
        let is_known = users::remove_passkey(tx, user_id, credential_id)?;
        if is_known {
            administered(tx, ctx, ("remove passkey", user_id.to_string()))?;
            end_others(tx, ctx, secret)?;
        }
        Ok(is_known)
    })?;
    if is_known { Ok(()) } else { Err(Error::NotFound) }
}

/// Asks for any key of the site: the device knows whose it is.
///
/// # Errors
/// [`Error::Bad`], `passkey-site`, where the hub does not know its own address.
pub fn ask_key(app: &App) -> Result<KeyAsked> {
    Ok(KeyAsked { site: site(app)?, challenge: challenge(app, None)? })
}

/// Signs in by a key. The device verified the person, so nothing else is asked for.
///
/// # Errors
/// [`Error::Bad`], `passkey`, whatever is wrong.
pub fn by_key(app: &App, key: &KeyUsed, whence: &Whence) -> Result<Token> {
    let user_id = verified(app, key, "sign in")?;
    super::forgive(app, Tries::Outside, &user_id)?;
    session::begin(app, &user_id, ("passkey", whence)).map_err(|error| match error {
        // Their account is shut, and nobody is told so.
        Error::Forbidden => refusal(),
        error => error,
    })
}

/// Verifies a key that somebody uses to confirm who they are.
pub(super) fn confirmed(app: &App, key: &KeyUsed, user_id: &UserId) -> Result<&'static str> {
    if verified(app, key, "confirm")? == *user_id { Ok("passkey") } else { Err(refusal()) }
}

/// Verifies that a key was used as it was asked, and counts it. Returns whose it is.
fn verified(app: &App, key: &KeyUsed, what: &str) -> Result<UserId> {
    let asked = answered(app, &key.used.client_data, None)?;
    let known =
        app.db.read(|tx| users::find_passkey(tx, &key.credential_id).map_err(Error::from))?;
    let Some(known) = known.filter(|known| known.user_handle == key.user_handle) else {
        trail::refused(&app.system("nobody"), what, "passkey unknown")?;
        return Err(refusal());
    };
    let public = passkeys::Passkey {
        credential_id: Vec::new(),
        public_key: passkeys::decoded(&known.public_key).unwrap_or_default(),
        counter: known.counter,
    };
    let verified = passkeys::used(&site(app)?, &asked, &public, &key.used);
    let counted = match verified {
        Ok(_) if super::identity::is_bound(app, &known.user_id)? => {
            trail::refused(&app.system("nobody"), what, "passkey of a user of the provider")?;
            false
        }
        Ok(counter) => app.db.write("use passkey", |tx| {
            users::use_passkey(tx, &known, (counter, app.wall_now())).map_err(Error::from)
        })?,
        Err(problem) => {
            let user = app.db.read(|tx| users::find(tx, &known.user_id).map_err(Error::from))?;
            let actor = user.map(|user| Actor { user_id: user.user_id, role: user.role });
            let ctx = actor.map_or_else(|| app.system("nobody"), |actor| app.ctx(actor));
            trail::refused(&ctx, what, &format!("passkey {}", problem.code()))?;
            false
        }
    };
    if counted { Ok(known.user_id) } else { Err(refusal()) }
}

/// Makes a challenge, for who makes a new key or for whoever signs in.
fn challenge(app: &App, user_id: Option<&UserId>) -> Result<String> {
    let challenge = app.drawn::<CHALLENGE_BYTES>();
    let lifetime = Micros::minutes(session::terms(app).step_min.into());
    let expires_at = app.wall_now().plus(lifetime);
    app.db.write("ask for passkey", |tx| {
        users::add_challenge(tx, &digest(&challenge), (user_id, expires_at)).map_err(Error::from)
    })?;
    Ok(encoded(&challenge))
}

/// Returns the challenge that is answered, and uses it up.
fn answered(app: &App, client_data: &[u8], user_id: Option<&UserId>) -> Result<Vec<u8>> {
    let challenge = passkeys::challenge_of(client_data).map_err(|_| refusal())?;
    let hash = digest(&challenge);
    let is_asked = app.db.write("answer for passkey", |tx| {
        users::use_challenge(tx, &hash, (user_id, app.wall_now())).map_err(Error::from)
    })?;
    if is_asked { Ok(challenge) } else { Err(refusal()) }
}

fn site(app: &App) -> Result<Site> {
    let words = "passkeys need to know the hub's own address: start `doorstep serve` with --origin";
    app.site().cloned().ok_or_else(|| Error::bad("passkey-site", words))
}

fn refusal() -> Error {
    Error::bad("passkey", "the passkey was not taken: try again, or sign in by your password")
}
