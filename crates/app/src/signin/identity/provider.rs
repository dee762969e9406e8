//! The provider that the operator chose: what is known of it, and how it is asked.

use super::line::{Line, PATIENCE, Patience};
use crate::{App, Error, Result};
use doorstep_case::Role;
use doorstep_oidc::{self as oidc, ByForm, Keys, Provider};
use doorstep_vocab::{Micros, Timestamp};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long what a provider says of itself and its keys is taken for true without asking again. \[K\]
const KNOWN_FOR: Micros = Micros::hours(1);

/// How often keys are read again at most because a token names another: whoever makes tokens up does not make it more. \[K\]
const KEYS_EVERY: Micros = Micros::minutes(1);

/// What the operator says of the provider.
#[derive(Clone)]
pub struct IdentitySettings {
    /// What it calls itself.
    pub issuer: String,
    /// What it calls this hub.
    pub client_id: String,
    /// What shows that this is the hub.
    pub client_secret: String,
    /// What people call it.
    pub name: String,
    /// What is asked for beside `openid`.
    pub scopes: Vec<String>,
    /// The claim that has the groups.
    pub groups_claim: String,
    /// The role of each group; the first of somebody's counts.
    pub groups: Vec<(String, Role)>,
}

/// One question to the provider.
#[derive(Clone, PartialEq, Eq)]
pub struct Outward {
    /// The address.
    pub url: String,
    /// What is posted, as a form; `None` to get.
    pub form: Option<String>,
    /// User and password of a basic authorization, before base 64.
    pub basic: Option<String>,
    /// How long it may take, all in all.
    pub within: Duration,
}

impl Outward {
    /// Asks for what stands at an address.
    fn get(url: String) -> Self {
        Self { url, form: None, basic: None, within: PATIENCE }
    }
}

/// What the provider answered.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status of HTTP.
    pub status: u16,
    /// What came, at most 1 MiB.
    pub body: Vec<u8>,
}

/// Asks the provider, without following anywhere else, and gives up in the time that the question says. The error is for the log.
pub type Fetch = dyn Fn(&Outward) -> std::result::Result<Reply, String> + Send + Sync;

/// The provider, and what is known of it.
pub struct Identity {
    pub(super) settings: IdentitySettings,
    fetch: Box<Fetch>,
    known: Mutex<Option<Known>>,
    line: Line,
}

#[derive(Clone)]
struct Known {
    provider: Provider,
    keys: Keys,
    read_at: Timestamp,
    keys_at: Timestamp,
}

impl Identity {
    /// Makes the provider from what the operator says.
    ///
    /// # Errors
    /// [`Error::Bad`], `identity-settings`, for an issuer that would be asked without TLS beyond loopback, a part that is
    /// empty, no group, or a group that would make somebody the program itself.
    pub fn new(
        settings: IdentitySettings,
        fetch: impl Fn(&Outward) -> std::result::Result<Reply, String> + Send + Sync + 'static,
    ) -> Result<Self> {
        let bad = |words: &str| Err(Error::bad("identity-settings", words));
        if !oidc::is_safe(&settings.issuer) || settings.issuer.contains('?') {
            return bad(
                "the issuer is an https:// address without a query; http:// is for loopback alone",
            );
        }
        let parts =
            [&settings.client_id, &settings.client_secret, &settings.name, &settings.groups_claim];
        if parts.iter().any(|part| part.trim().is_empty()) {
            return bad("client id, secret, name and groups claim are not empty");
        }
        if settings.groups.is_empty() || settings.groups.iter().any(|(name, _)| name.is_empty()) {
            return bad("nobody could come in: name at least one group and its role");
        }
        if settings.groups.iter().any(|(_, role)| *role == Role::System) {
            return bad("no group has the role system: it is the program's own");
        }
        Ok(Self {
            settings,
            fetch: Box::new(fetch),
            known: Mutex::new(None),
            line: Line::default(),
        })
    }

    /// Returns what people call it.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Returns whether one of its groups manages the hub.
    pub fn has_admins(&self) -> bool {
        self.settings.groups.iter().any(|(_, role)| *role == Role::Admin)
    }

    /// Returns the role of somebody in these groups: that of the first group, in the operator's order, that they are in.
    pub(super) fn role_of(&self, groups: &[String]) -> Option<Role> {
        let theirs = |(name, _): &&(String, Role)| groups.contains(name);
        self.settings.groups.iter().find(theirs).map(|(_, role)| *role)
    }

    /// Returns what is known of the provider, asked again when that was long ago: by one, while the others wait for it.
    pub(super) fn known(&self, app: &App, patience: &Patience) -> Result<(Provider, Keys)> {
        let now = app.wall_now();
        let is_new = |known: &Known| (0..KNOWN_FOR.0).contains(&now.since(known.read_at).0);
        if let Some(known) = self.held().filter(is_new) {
            return Ok((known.provider, known.keys));
        }
        let _place = self.line.place().ok_or_else(|| self.away())?;
        let _turn = self.line.turn();
        if let Some(known) = self.held().filter(is_new) {
            return Ok((known.provider, known.keys));
        }
        let url = Provider::url_of(&self.settings.issuer);
        let reply = self.put(app, patience, Outward::get(url))?;
        let provider = self.trusted(app, Provider::read(&reply.body, &self.settings.issuer))?;
        let keys = self.read_keys(app, patience, &provider)?;
        let known = Known { provider, keys, read_at: now, keys_at: now };
        self.hold(known.clone());
        Ok((known.provider, known.keys))
    }

    /// Reads the keys again, unless that was just done.
    pub(super) fn keys_anew(&self, app: &App, patience: &Patience) -> Result<Keys> {
        let (provider, keys) = self.known(app, patience)?;
        let _place = self.line.place().ok_or_else(|| self.away())?;
        let _turn = self.line.turn();
        let now = app.wall_now();
        let Some(known) = self.held() else { return Ok(keys) };
        if (0..KEYS_EVERY.0).contains(&now.since(known.keys_at).0) {
            return Ok(known.keys);
        }
        let keys = self.read_keys(app, patience, &provider)?;
        self.hold(Known { keys: keys.clone(), keys_at: now, ..known });
        Ok(keys)
    }

    fn read_keys(&self, app: &App, patience: &Patience, provider: &Provider) -> Result<Keys> {
        let reply = self.put(app, patience, Outward::get(provider.keys_url.clone()))?;
        self.trusted(app, Keys::read(&reply.body))
    }

    /// What the provider says of itself is the operator's to mend, not the person's.
    fn trusted<T>(&self, app: &App, read: std::result::Result<T, oidc::Problem>) -> Result<T> {
        read.map_err(|problem| {
            tracing::error!(
                code = problem.code(),
                "what the identity provider says of itself is not taken"
            );
            self.failed(app)
        })
    }

    /// Returns the question that changes a code for a token. Sources: RFC 6749, 4.1.3 and 2.3.1; RFC 7636, 4.5.
    pub(super) fn exchange(
        &self,
        provider: &Provider,
        (code, verifier): (&str, &str),
        redirect_url: &str,
    ) -> Outward {
        let (id, secret) =
            (oidc::encoded(&self.settings.client_id), oidc::encoded(&self.settings.client_secret));
        let mut form = format!(
            "grant_type=authorization_code&code={}&redirect_uri={}&code_verifier={}",
            oidc::encoded(code),
            oidc::encoded(redirect_url),
            oidc::encoded(verifier),
        );
        let mut basic = None;
        match provider.secret_by {
            ByForm::Yes => form = format!("{form}&client_id={id}&client_secret={secret}"),
            ByForm::No => basic = Some(format!("{id}:{secret}")),
        }
        Outward { url: provider.token_url.clone(), form: Some(form), basic, within: PATIENCE }
    }

    /// Asks where there is a place for it, and says in words when nothing useful comes.
    pub(super) fn ask(&self, app: &App, patience: &Patience, asked: Outward) -> Result<Reply> {
        let _place = self.line.place().ok_or_else(|| self.away())?;
        self.put(app, patience, asked)
    }

    /// Puts a question, for whoever has a place, in the time that is left.
    fn put(&self, app: &App, patience: &Patience, asked: Outward) -> Result<Reply> {
        let has_failed = self.line.has_failed(app.wall_now());
        let within = patience.left().filter(|_| !has_failed).ok_or_else(|| self.away())?;
        let asked = Outward { within, ..asked };
        let reply = (self.fetch)(&asked).map_err(|error| {
            tracing::warn!("the identity provider does not answer: {error}");
            self.failed(app)
        })?;
        if asked.form.is_none() && reply.status != 200 {
            tracing::warn!(
                status = reply.status,
                "the identity provider does not answer as it should"
            );
            return Err(self.failed(app));
        }
        Ok(reply)
    }

    fn failed(&self, app: &App) -> Error {
        self.line.failed(app.wall_now());
        self.away()
    }

    fn away(&self) -> Error {
        let name = &self.settings.name;
        let words =
            format!("{name} does not answer as it should just now: wait a moment and try again");
        Error::bad("identity-away", words)
    }

    fn held(&self) -> Option<Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn hold(&self, known: Known) {
        *self.known.lock().unwrap_or_else(PoisonError::into_inner) = Some(known);
    }
}
