//! Sessions: a random token in a cookie, its digest in a row, an idle limit and an absolute one, both on the server.

use crate::secret::{Token, digest};
use crate::trail::administered;
use crate::{App, Error, Result};
use doorstep_case::{Actor, Role};
use doorstep_store::users::{self, Limits, NewSession};
use doorstep_vocab::{Micros, Timestamp, UserId};

/// A session ends so long after its last request. Source: trust.md 6.4, 15 minutes for staff.
pub const IDLE: Micros = Micros::minutes(15);
/// A session ends so long after it began. Source: trust.md 6.4.
pub const LIFETIME: Micros = Micros::hours(12);
/// Sessions of one user at once; the oldest ends. Source: trust.md 6.4.
const SESSIONS_MAX: u32 = 3;
/// The last request is written down so often, and not each time.
const TOUCH_AFTER: Micros = Micros::minutes(1);

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
}

impl SignedIn {
    /// Returns the seconds until the session ends if nothing more is asked.
    pub fn idle_s(&self, app: &App) -> i64 {
        self.idle_at.since(app.wall_now()).0.max(0) / 1_000_000
    }
}

/// Begins a session, and records by what the user signed in.
pub(super) fn begin(app: &App, user_id: &UserId, by: &str) -> Result<Token> {
    let (secret, now) = (app.token(), app.wall_now());
    let (token_hash, csrf) =
        (secret.digest(), digest(format!("csrf/{}", secret.reveal()).as_bytes()));
    let begun = app.db.write("begin session", |tx| -> Result<bool> {
        let expires_at = now.plus(LIFETIME);
        let session = NewSession { token_hash: &token_hash, user_id, csrf: &csrf, now, expires_at };
        if let Some(user) = users::find(tx, user_id)? {
            let ctx = app.ctx(Actor { user_id: user.user_id, role: user.role });
            administered(tx, &ctx, ("sign in", by.to_owned()))?;
        }
        Ok(users::create_session(tx, &session, Limits { at_once: SESSIONS_MAX })?)
    })?;
    if begun { Ok(secret) } else { Err(Error::Forbidden) }
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
    let idle_since = Timestamp(now.0 - IDLE.0);
    let found =
        app.db.read(|tx| users::find_session(tx, &hash, now, idle_since).map_err(Error::from))?;
    let Some(session) = found else {
        run_out(app, &hash, (now, idle_since))?;
        return Ok(None);
    };
    let idle = now.since(session.seen_at);
    if idle.0 < -TOUCH_AFTER.0 {
        sign_out(app, secret)?;
        return Ok(None);
    }
    if is_present && idle > TOUCH_AFTER {
        app.db.write("touch session", |tx| {
            users::touch_session(tx, &hash, now).map_err(Error::from)
        })?;
    }
    let (user_id, name, role, csrf) = (session.user_id, session.name, session.role, session.csrf);
    Ok(Some(SignedIn {
        user_id,
        name,
        role,
        csrf,
        idle_at: (if is_present { now } else { session.seen_at })
            .plus(IDLE)
            .min(session.expires_at),
    }))
}

/// Returns whether a form carries the secret of a session that the user had before this one and that only ran out. It
/// was made for them, so what they typed into it while the session ended is not lost. Signing out, a change of role or
/// password, and shutting an account end that too.
pub fn is_of_earlier_session(app: &App, user_id: &UserId, csrf: &str) -> Result<bool> {
    app.db.read(|tx| users::had_session(tx, user_id, csrf).map_err(Error::from))
}

/// A session that has run out is marked so by the first who finds it, and holds never again.
fn run_out(app: &App, hash: &str, times: (Timestamp, Timestamp)) -> Result<()> {
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
