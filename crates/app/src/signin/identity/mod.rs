//! Sign-in at the organisation's own identity provider: OpenID Connect, whose groups say the role.
//!
//! A browser is sent there with a state, and comes back with it and a code; the code is changed for a token, which says who it
//! is. What ties the three to one browser is made from a secret in its cookie and kept nowhere. No transaction waits for the
//! provider.

mod account;
mod line;
mod provider;

pub use provider::{Fetch, Identity, IdentitySettings, Outward, Reply};

use super::session::{self, Whence, terms};
use crate::secret::{Token, digest};
use crate::trail;
use crate::{App, Ctx, Error, Result};
use doorstep_case::{Actor, Role};
use doorstep_oidc::{self as oidc, Expected, Person, Problem};
use doorstep_store::users::{self, NewTrip, Trip};
use doorstep_vocab::{Micros, Timestamp, UserId};
use line::Patience;
use std::collections::BTreeSet;
use subtle::ConstantTimeEq as _;

/// Where a browser comes back to.
pub const BACK: &str = "/sign-in/identity/done";

/// Where to send a browser.
pub struct Way {
    /// The provider's address.
    pub url: String,
    /// What the browser's cookie carries meanwhile.
    pub browser: Token,
}

/// With what a browser comes back.
#[derive(Debug, Clone, Copy, Default)]
pub struct Back<'a> {
    /// The state that it was sent with.
    pub state: &'a str,
    /// What is changed for a token.
    pub code: &'a str,
    /// Why there is none.
    pub error: &'a str,
    /// What the provider calls itself, where it says so.
    pub issuer: Option<&'a str>,
    /// What its cookie carries.
    pub browser: &'a str,
}

/// Somebody who came back and is let in.
pub struct Arrived {
    /// The session's token.
    pub token: Token,
    /// Where they go on to.
    pub next_path: String,
}

/// Sends a browser to the provider. With `is_fresh` the person has to show their proof again.
///
/// # Errors
/// [`Error::NotFound`] where there is none; [`Error::Bad`], `identity-away`, when it does not answer or not as it should.
pub fn set_out(app: &App, next_path: &str, is_fresh: bool) -> Result<Way> {
    let identity = app.identity().ok_or(Error::NotFound)?;
    let (provider, _) = identity.known(app, &Patience::begin())?;
    let (state, browser) = (app.token(), app.token());
    let lifetime = Micros::minutes(terms(app).identity_min.into());
    let (state_hash, browser_hash) = (state.digest(), browser.digest());
    app.db.write("begin trip", |tx| {
        let trip = NewTrip {
            state_hash: &state_hash,
            browser_hash: &browser_hash,
            next_path,
            is_fresh,
            expires_at: app.wall_now().plus(lifetime),
        };
        users::begin_trip(tx, &trip).map_err(Error::from)
    })?;
    let trip = oidc::Trip {
        client_id: &identity.settings.client_id,
        redirect_url: &redirect_url(app)?,
        scopes: &identity.settings.scopes,
        state: state.reveal(),
        nonce: &made_of("nonce", browser.reveal()),
        verifier: &made_of("verifier", browser.reveal()),
        is_fresh,
    };
    Ok(Way { url: oidc::authorization(&provider, &trip), browser })
}

/// Makes what ties a token or a code to a browser from the secret in its cookie: 64 characters that say nothing of it.
fn made_of(what: &str, browser: &str) -> String {
    digest(format!("{what}/{browser}").as_bytes())
}

fn redirect_url(app: &App) -> Result<String> {
    let words = "the hub was not told its own address: start `doorstep serve` with --origin";
    let site = app.site().ok_or_else(|| Error::bad("identity-site", words))?;
    Ok(format!("{}{BACK}", site.origin))
}

/// Lets somebody in who comes back from the provider. Their role is what their groups say now.
///
/// # Errors
/// [`Error::Bad`] in words, whatever is wrong: `identity-trip` for a state that is too old, was used or is another browser's,
/// `identity-refused` when the provider let nobody in, `identity-token` when what it says is not right, `identity-away` when
/// it does not answer, `identity-role` for whoever has no place here, `identity-shut` for a shut account.
pub fn come_back(app: &App, back: &Back<'_>, whence: &Whence) -> Result<Arrived> {
    let identity = app.identity().ok_or(Error::NotFound)?;
    let trip = trip_of(app, back)?;
    let patience = Patience::begin();
    let token = id_token(app, identity, back, &patience)?;
    let person = person_of(app, (identity, &trip), (&token, back.browser), &patience)
        .map_err(|problem| distrusted(app, identity, problem))??;
    let user_id = account::of(app, identity, &person)?;
    let token = session::begin_proved(
        app,
        &user_id,
        ("identity provider", whence),
        proved_at(app, &person),
    )
    .map_err(|error| match error {
        Error::Forbidden => account::shut(),
        error => error,
    })?;
    Ok(Arrived { token, next_path: trip.next_path })
}

/// Ends the trip: whatever comes of it, its state serves no second time.
fn trip_of(app: &App, back: &Back<'_>) -> Result<Trip> {
    let (hash, now) = (digest(back.state.as_bytes()), app.wall_now());
    let trip =
        app.db.write("end trip", |tx| users::end_trip(tx, &hash, now).map_err(Error::from))?;
    let browser_hash = digest(back.browser.as_bytes());
    let is_its =
        |trip: &Trip| bool::from(trip.browser_hash.as_bytes().ct_eq(browser_hash.as_bytes()));
    trip.filter(is_its).ok_or_else(|| {
        let words = "it took too long, was done already, or began in another browser: sign in from the beginning";
        Error::bad("identity-trip", words)
    })
}

/// Changes the code for an ID token.
fn id_token(
    app: &App,
    identity: &Identity,
    back: &Back<'_>,
    patience: &Patience,
) -> Result<String> {
    let (provider, _) = identity.known(app, patience)?;
    let is_named = match back.issuer {
        Some(issuer) => issuer == provider.issuer,
        None => !provider.names_itself,
    };
    if !is_named {
        return Err(distrusted(app, identity, Problem::Issuer));
    }
    if !back.error.is_empty() || back.code.is_empty() {
        return Err(turned_away(app, identity, back.error));
    }
    let verifier = made_of("verifier", back.browser);
    let asked = identity.exchange(&provider, (back.code, &verifier), &redirect_url(app)?);
    let reply = identity.ask(app, patience, asked)?;
    if reply.status != 200 {
        return Err(turned_away(app, identity, "the code was not taken"));
    }
    oidc::id_token_of(&reply.body).map_err(|problem| distrusted(app, identity, problem))
}

/// Reads the token. Where its key is not known, the provider's keys are read again: they turn.
fn person_of(
    app: &App,
    (identity, trip): (&Identity, &Trip),
    (token, browser): (&str, &str),
    patience: &Patience,
) -> std::result::Result<Result<Person>, Problem> {
    let terms = terms(app);
    let nonce = made_of("nonce", browser);
    let expected = Expected {
        issuer: &identity.settings.issuer,
        client_id: &identity.settings.client_id,
        nonce: &nonce,
        now_s: app.wall_now().0.div_euclid(1_000_000),
        skew_s: terms.clock_skew_s.into(),
        age_max_s: trip.is_fresh.then_some(i64::from(terms.factor_fresh_min) * 60),
        groups_claim: &identity.settings.groups_claim,
    };
    let keys = match identity.known(app, patience) {
        Ok((_, keys)) => keys,
        Err(error) => return Ok(Err(error)),
    };
    match oidc::verified(token, &keys, &expected) {
        Err(Problem::Key) => match identity.keys_anew(app, patience) {
            Ok(keys) => oidc::verified(token, &keys, &expected).map(Ok),
            Err(error) => Ok(Err(error)),
        },
        read => read.map(Ok),
    }
}

/// When the person last showed their proof, as the provider dates it; where it does not, so long ago that nothing rests on it.
fn proved_at(app: &App, person: &Person) -> Timestamp {
    let at = person.proved_at_s.unwrap_or(0).clamp(0, i64::MAX / 1_000_000);
    Timestamp(at * 1_000_000).min(app.wall_now())
}

fn turned_away(app: &App, identity: &Identity, why: &str) -> Error {
    note(app, "turned away");
    // What stands in an address may be anybody's words: the provider's own are short and plain.
    let is_plain = |c: char| c.is_ascii_lowercase() || "_ ".contains(c);
    let why = if !why.is_empty() && why.len() <= 40 && why.chars().all(is_plain) {
        why
    } else {
        "no reason given"
    };
    let name = &identity.settings.name;
    Error::bad("identity-refused", format!("{name} did not let you in ({why}): try again"))
}

fn distrusted(app: &App, identity: &Identity, problem: Problem) -> Error {
    note(app, problem.code());
    let (name, code) = (&identity.settings.name, problem.code());
    let words = format!(
        "what {name} says cannot be trusted: {problem} ({code}). Try again, and tell an administrator when it comes back"
    );
    Error::bad("identity-token", words)
}

/// Puts a refusal on the trail. Who it was is not known: nothing that was said is taken for true.
fn note(app: &App, why: &str) {
    let noted =
        trail::refused(&app.system("nobody"), "sign in", &format!("identity provider: {why}"));
    if let Err(error) = noted {
        tracing::warn!("a refusal is not on the trail: {error}");
    }
}

/// Returns whether a user signs in at a provider, so that they have nothing of their own here that would outlast it. It holds
/// also while the hub is told of no provider, or of another: nobody gets a password by the file being left out for an hour.
pub(super) fn is_bound(app: &App, user_id: &UserId) -> Result<bool> {
    app.db.read(|tx| users::has_identity(tx, user_id).map_err(Error::from))
}

/// Returns what the provider is called by whom one signs in; `None` for whoever signs in here.
pub fn provider_of(ctx: &Ctx) -> Result<Option<String>> {
    let is_bound = is_bound(ctx.app, &ctx.actor.user_id)?;
    Ok(ctx.app.identity().filter(|_| is_bound).map(|identity| identity.settings.name.clone()))
}

/// Refuses a factor of one's own to whoever signs in at the provider: who is shut out there has to be out here.
pub(super) fn has_none_of_ones_own(ctx: &Ctx) -> Result<()> {
    refuse_bound(ctx.app, &ctx.actor.user_id)
}

/// Refuses whoever signs in at a provider.
pub(super) fn refuse_bound(app: &App, user_id: &UserId) -> Result<()> {
    if !is_bound(app, user_id)? {
        return Ok(());
    }
    let name = app.identity().map_or("your identity provider", Identity::name);
    let words = format!("you sign in at {name}: there is no password and no passkey for you here");
    Err(Error::bad("identity-own", words))
}

/// Returns who signs in at the provider, for whoever manages users.
pub fn with_identity(ctx: &Ctx) -> Result<BTreeSet<UserId>> {
    ctx.may_manage_users()?;
    let Some(identity) = ctx.app.identity() else { return Ok(BTreeSet::new()) };
    let issuer = &identity.settings.issuer;
    let found = ctx
        .app
        .db
        .read(|tx| users::with_identity(tx, issuer, super::USERS_MAX).map_err(Error::from))?;
    Ok(found.into_iter().collect())
}

/// As whom the trail has what the provider decides.
fn as_provider(app: &App) -> Ctx<'_> {
    app.ctx(Actor { user_id: UserId::from("identity-provider"), role: Role::System })
}
