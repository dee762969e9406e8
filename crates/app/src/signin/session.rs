//! Sessions: a random token in a cookie, its digest in a row, an idle limit and an absolute one, both on the server.
//!
//! The limits are the pack's, `sign-in.toml`. Where somebody is signed in is listed and ended in `places`.

use crate::secret::{Token, digest};
use crate::trail::{self, administered};
use crate::{App, Error, Result};
use doorstep_case::{Actor, Role};
use doorstep_packs::SignInTerms;
use doorstep_store::users::{self, EndWhy, IdleSince, Limits, NewSession, Renewed, Session};
use doorstep_vocab::{Micros, Timestamp, UserId};

/// The last request is written down so often, and not each time.
const TOUCH_AFTER: Micros = Micros::minutes(1);

/// How long somebody who displaced an older session is told so.
const TOLD_FOR: Micros = Micros::minutes(5);

/// From where somebody signs in, as far as it is known: told to themselves, so that they recognise it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Whence {
    /// Browser and system in plain words, such as `Firefox on Windows`.
    pub device: String,
    /// The network address.
    pub address: String,
}

/// Who is signed in, and the secret that their forms carry.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The user.
    pub user_id: UserId,
    /// The name that others see.
    pub name: String,
    /// The role as of now: a change holds from the next request.
    pub role: Role,
    /// Goes into each form, and is compared when it comes back.
    pub csrf: String,
    /// When the session ends if nothing more is asked.
    pub idle_at: Timestamp,
    /// When they last showed a factor in this session.
    pub proved_at: Timestamp,
    /// How many older sessions ended because this one began; told in its first minutes, then 0.
    pub displaced: u32,
    /// The language that they chose to read in, a tag such as `es`; `None` leaves it to the browser.
    pub language: Option<String>,
}

impl SignedIn {
    /// Returns the seconds until the session ends if nothing more is asked.
    pub fn idle_s(&self, app: &App) -> i64 {
        self.idle_at.since(app.wall_now()).0.max(0) / 1_000_000
    }
}

/// Returns the numbers of signing in that are in force today.
pub fn terms(app: &App) -> SignInTerms {
    let today = app.wall_now().civil(&app.settings.hub_zone).date();
    app.packs.sign_in(today)
}

/// Returns the minutes after its last request that a session of that role ends.
pub fn idle_minutes(app: &App, role: Role) -> u32 {
    let terms = terms(app);
    if role == Role::Admin { terms.idle_admin_min } else { terms.idle_min }
}

/// Returns when a session must have been used last to be over by now.
pub(super) fn idle_since(app: &App, now: Timestamp) -> IdleSince {
    let ago = |minutes: u32| Timestamp(now.0 - Micros::minutes(minutes.into()).0);
    let terms = terms(app);
    IdleSince { staff: ago(terms.idle_min), admin: ago(terms.idle_admin_min) }
}

/// Begins a session in which a factor was just shown, and records by what the user signed in.
pub(super) fn begin(app: &App, user_id: &UserId, shown: (&str, &Whence)) -> Result<Token> {
    begin_proved(app, user_id, shown, app.wall_now())
}

/// Begins a session in which a factor was last shown at a time, and records by what the user signed in.
///
/// # Errors
/// [`Error::Forbidden`] for a shut account; the trail has it as refused.
pub(super) fn begin_proved(
    app: &App,
    user_id: &UserId,
    (by, whence): (&str, &Whence),
    proved_at: Timestamp,
) -> Result<Token> {
    let (secret, now, terms) = (app.token(), app.wall_now(), terms(app));
    let (token_hash, csrf) = (secret.digest(), csrf_of(&secret));
    let limits = Limits { at_once: terms.sessions_at_once, idle: idle_since(app, now) };
    let begun = app.db.write("begin session", |tx| -> Result<bool> {
        let expires_at = now.plus(Micros::hours(terms.lifetime_h.into()));
        let session = NewSession {
            token_hash: &token_hash,
            user_id,
            csrf: &csrf,
            now,
            proved_at,
            expires_at,
            device: &whence.device,
            address: &whence.address,
        };
        let user = users::find(tx, user_id)?;
        let begun = users::create_session(tx, &session, limits)?.is_begun;
        if let Some(user) = user.filter(|_| begun) {
            let ctx = app.ctx(Actor { user_id: user.user_id, role: user.role });
            administered(tx, &ctx, ("sign in", by.to_owned()))?;
        }
        Ok(begun)
    })?;
    if begun { Ok(secret) } else { Err(shut_out(app, user_id, by)?) }
}

/// Records that a shut account stayed shut, by whatever they showed.
fn shut_out(app: &App, user_id: &UserId, by: &str) -> Result<Error> {
    let user = app.db.read(|tx| users::find(tx, user_id).map_err(Error::from))?;
    let actor = user.map(|user| Actor { user_id: user.user_id, role: user.role });
    let ctx = actor.map_or_else(|| app.system("nobody"), |actor| app.ctx(actor));
    trail::refused(&ctx, "sign in", &format!("{by}, account shut"))?;
    Ok(Error::Forbidden)
}

fn csrf_of(secret: &Token) -> String {
    digest(format!("csrf/{}", secret.reveal()).as_bytes())
}

/// Goes on under another token, in which a factor was just shown; records by what. Source: trust.md 6.4, a session's token
/// changes at sign-in and at each later proof.
pub(super) fn renew(app: &App, secret: &str, (actor, by): (Actor, &str)) -> Result<Token> {
    let (new, now) = (app.token(), app.wall_now());
    let (token_hash, csrf) = (new.digest(), csrf_of(&new));
    let is_renewed = app.db.write("renew session", |tx| -> Result<bool> {
        administered(tx, &app.ctx(actor.clone()), ("confirm", by.to_owned()))?;
        let renewed = Renewed { token_hash: &token_hash, csrf: &csrf, now };
        Ok(users::renew_session(tx, &digest(secret.as_bytes()), renewed)?)
    })?;
    if is_renewed { Ok(new) } else { Err(Error::Forbidden) }
}

/// Returns who a session token stands for, or `None` when it has ended. A clock that jumps back revives nothing: a
/// session that was seen later than now has ended too.
pub fn signed_in(app: &App, secret: &str) -> Result<Option<SignedIn>> {
    look(app, secret, true)
}

/// Returns the same for a page that renews itself: that is no sign of somebody being there, and the session ends as
/// if it had not asked.
pub fn peek(app: &App, secret: &str) -> Result<Option<SignedIn>> {
    look(app, secret, false)
}

fn look(app: &App, secret: &str, is_present: bool) -> Result<Option<SignedIn>> {
    let (hash, now) = (digest(secret.as_bytes()), app.wall_now());
    let idle = idle_since(app, now);
    let found = app.db.read(|tx| users::find_session(tx, &hash, now, idle).map_err(Error::from))?;
    let Some(session) = found else {
        run_out(app, &hash, (now, idle))?;
        return Ok(None);
    };
    let unseen = now.since(session.seen_at);
    if unseen.0 < -TOUCH_AFTER.0 {
        sign_out(app, secret)?;
        return Ok(None);
    }
    if is_present && unseen > TOUCH_AFTER {
        app.db.write("touch session", |tx| {
            users::touch_session(tx, &hash, now).map_err(Error::from)
        })?;
    }
    Ok(Some(seen(app, session, (now, is_present))))
}

fn seen(app: &App, session: Session, (now, is_present): (Timestamp, bool)) -> SignedIn {
    let idle = Micros::minutes(idle_minutes(app, session.role).into());
    let last = if is_present { now } else { session.seen_at };
    let is_new = now.since(session.created_at) < TOLD_FOR;
    SignedIn {
        user_id: session.user_id,
        name: session.name,
        role: session.role,
        csrf: session.csrf,
        idle_at: last.plus(idle).min(session.expires_at),
        proved_at: session.proved_at,
        displaced: if is_new { session.displaced } else { 0 },
        language: session.language,
    }
}

/// Returns whether a form carries the secret of a session that the user had before this one and that only ran out, or went
/// on under another token. It was made for them, so what they typed into it while the session ended is not lost. Signing
/// out, a change of role or password, a session that somebody ended, and shutting an account end that too.
pub fn is_of_earlier_session(app: &App, user_id: &UserId, csrf: &str) -> Result<bool> {
    app.db.read(|tx| users::had_session(tx, user_id, csrf).map_err(Error::from))
}

/// Returns why the session of a token was ended, where anything but time ended it: told to whoever still carries it.
pub fn why_ended(app: &App, secret: &str) -> Result<Option<EndWhy>> {
    let hash = digest(secret.as_bytes());
    app.db.read(|tx| users::why_ended(tx, &hash).map_err(Error::from))
}

/// A session that has run out is marked so by the first who finds it, and holds never again.
fn run_out(app: &App, hash: &str, times: (Timestamp, IdleSince)) -> Result<()> {
    if app.db.read(|tx| users::has_run_out(tx, hash, times).map_err(Error::from))? {
        app.db.write("end session", |tx| {
            users::end_session(tx, hash, times.0).map_err(Error::from)
        })?;
    }
    Ok(())
}

/// Ends a session.
pub fn sign_out(app: &App, secret: &str) -> Result<()> {
    let hash = digest(secret.as_bytes());
    app.db.write("end session", |tx| users::kill_session(tx, &hash).map_err(Error::from))
}

/// Returns the signed-in user as an actor.
pub fn actor_of(signed_in: &SignedIn) -> Actor {
    Actor { user_id: signed_in.user_id.clone(), role: signed_in.role }
}
