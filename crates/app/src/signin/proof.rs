//! A fresh proof of who sits there, asked before what cannot be taken back: a list of members as a file, a wall broken.

use super::Tries;
use super::passkeys::KeyUsed;
use super::session::{self, SignedIn, actor_of};
use crate::secret::Token;
use crate::{App, Ctx, Error, Result};
use doorstep_case::Role;
use doorstep_store::users::{self, User};
use doorstep_vocab::{Micros, Timestamp};

/// What somebody shows to confirm that it is them.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// The password.
    Password(&'a str),
    /// A code of the authenticator app, or one on paper.
    Code(&'a str),
    /// A passkey.
    Key(&'a KeyUsed),
}

/// What somebody can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provable {
    /// A password was set, and no second factor.
    pub password: bool,
    /// An authenticator app is set up: its code, not the password.
    pub code: bool,
    /// There is a passkey.
    pub key: bool,
    /// They sign in at the identity provider of that name, and confirm there.
    pub identity: Option<String>,
}

/// Confirms who sits at a session. Wrong tries count by themselves: those of whoever types a name elsewhere keep nobody from
/// it. Returns the token that the session goes on with.
///
/// # Errors
/// [`Error::Bad`] when what is shown is wrong or not enough: whoever has a second factor shows that one.
pub fn prove(app: &App, (who, secret): (&SignedIn, &str), proof: Proof<'_>) -> Result<Token> {
    let user = app.db.read(|tx| users::find(tx, &who.user_id).map_err(Error::from))?;
    let user = user.ok_or(Error::NotFound)?;
    super::identity::refuse_bound(app, &user.user_id)?;
    let can = provable_of(app, &user)?;
    let by = match proof {
        Proof::Code(typed) => {
            let by = super::second::verified(app, &user, (typed, "confirm", Tries::Inside))?;
            super::forgive(app, Tries::Inside, &user.user_id)?;
            by
        }
        Proof::Key(key) => super::passkeys::confirmed(app, key, &user.user_id)?,
        Proof::Password(password) => {
            let hash = user.password_hash.as_deref().filter(|_| can.password);
            let hash = hash.ok_or_else(|| nothing_to_show(&can))?;
            super::confirm(app, &user, (hash, password), "confirm")?;
            "password"
        }
    };
    session::renew(app, secret, (actor_of(who), by))
}

fn nothing_to_show(can: &Provable) -> Error {
    let words = if can.code {
        "the password alone does not confirm it: type the code of your authenticator app"
    } else {
        "there is nothing that you could confirm it with: set a password on your account page, or sign in anew"
    };
    Error::bad("confirm-nothing", words)
}

/// Returns what somebody can confirm with.
pub fn provable(ctx: &Ctx) -> Result<Provable> {
    let user_id = &ctx.actor.user_id;
    let user = ctx.app.db.read(|tx| users::find(tx, user_id).map_err(Error::from))?;
    provable_of(ctx.app, &user.ok_or(Error::NotFound)?)
}

fn provable_of(app: &App, user: &User) -> Result<Provable> {
    let is_bound = super::identity::is_bound(app, &user.user_id)?;
    let identity = app.identity().filter(|_| is_bound).map(|identity| identity.name().to_owned());
    if is_bound {
        return Ok(Provable { password: false, code: false, key: false, identity });
    }
    let (code, key) = app.db.read(|tx| -> Result<(bool, bool)> {
        let totp = users::totp_of(tx, &user.user_id)?;
        let code = totp.is_some_and(|totp| totp.confirmed_at.is_some());
        let key = !users::passkeys_of(tx, &user.user_id)?.is_empty();
        Ok((code, key))
    })?;
    Ok(Provable { password: user.password_hash.is_some() && !code, code, key, identity: None })
}

impl Ctx<'_> {
    /// Returns whether somebody showed a factor a moment ago: when they signed in, or since. How long ago at most is the
    /// pack's. Source: trust.md 6.4, 5 minutes. The program itself has none to show, and passes.
    ///
    /// # Errors
    /// [`Error::Unproved`] when it is too long ago: the edge asks for a factor, and does what was asked afterwards.
    pub fn stepped_up(&self) -> Result<()> {
        let fresh = Micros::minutes(session::terms(self.app).factor_fresh_min.into());
        let since = Timestamp(self.app.wall_now().0 - fresh.0);
        let is_fresh = self.proved_at.is_some_and(|at| at > since && at <= self.app.wall_now());
        if self.actor.role == Role::System || is_fresh { Ok(()) } else { Err(Error::Unproved) }
    }
}
