//! A fresh proof of who sits there, asked before what cannot be taken back: a list of members as a file, a wall broken.

use super::session::{self, SignedIn, actor_of};
use crate::secret::Token;
use crate::{App, Ctx, Error, Result};
use doorstep_case::Role;
use doorstep_store::users;
use doorstep_vocab::{Micros, Timestamp};

/// What somebody shows to confirm that it is them.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// The password.
    Password(&'a str),
}

/// What somebody can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Provable {
    /// A password was set.
    pub password: bool,
}

/// Confirms who sits at a session. Wrong tries count as those of signing in. Returns the token that the session goes on with.
pub fn prove(app: &App, (who, secret): (&SignedIn, &str), proof: Proof<'_>) -> Result<Token> {
    let Proof::Password(password) = proof;
    let user = app.db.read(|tx| users::find(tx, &who.user_id).map_err(Error::from))?;
    let user = user.ok_or(Error::NotFound)?;
    let hash = user.password_hash.as_deref().ok_or_else(nothing_to_show)?;
    super::confirm(app, &user, (hash, password), "confirm")?;
    session::renew(app, secret, (actor_of(who), "password"))
}

fn nothing_to_show() -> Error {
    let words = "there is nothing that you could confirm it with: set a password on your account page, or sign in anew";
    Error::bad("confirm-nothing", words)
}

/// Returns what somebody can confirm with.
pub fn provable(ctx: &Ctx) -> Result<Provable> {
    Ok(Provable { password: super::has_password(ctx)? })
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
