//! Who asks, when, and with what: made once for each request, job or command line.

use crate::numbers::Numbers;
use crate::secret::{self, Chance, Token};
use crate::signin::Identity;
use crate::{Error, Result};
use doorstep_authz::{Permission, Reach, Rule, Sight};
use doorstep_case::{Actor, Role};
use doorstep_db::{Db, DbError, Tx};
use doorstep_packs::Packs;
use doorstep_passkeys::Site;
use doorstep_store::{Scope, walls};
use doorstep_vocab::{CaseId, Timestamp, UserId, Zone};
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// What is the same for every request of a process.
pub struct App {
    /// The store.
    pub db: Db,
    /// The packs in force.
    pub packs: Arc<Packs>,
    /// What the operator chose.
    pub settings: Settings,
    pub(crate) numbers: Numbers,
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    wall: Option<Box<dyn Fn() -> Timestamp + Send + Sync>>,
    pace: Option<Box<dyn Fn() -> u32 + Send + Sync>>,
    room: Option<Box<dyn Fn() -> bool + Send + Sync>>,
    chance: Box<Chance>,
    is_behind_proxy: bool,
    site: Option<Site>,
    identity: Option<Identity>,
    written: AtomicU64,
    on_write: Box<dyn Fn() + Send + Sync>,
}

/// What the operator chose.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The zone that counts days where the member's own is not known.
    pub hub_zone: Zone,
    /// Whether this is a demo world.
    pub demo: bool,
}

impl App {
    /// Makes the process's part. `now` is the clock: the system's, or a world's own.
    pub fn new(
        db: Db,
        packs: impl Into<Arc<Packs>>,
        settings: Settings,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> Self {
        Self {
            db,
            packs: packs.into(),
            settings,
            numbers: Numbers::default(),
            now: Box::new(now),
            wall: None,
            pace: None,
            room: None,
            chance: Box::new(secret::of_the_system),
            is_behind_proxy: false,
            site: None,
            identity: None,
            written: AtomicU64::new(0),
            on_write: Box::new(|| {}),
        }
    }

    /// Calls `nudge` after every commit that changed a case: workers and live pages look then, not only each second.
    #[must_use]
    pub fn on_write(mut self, nudge: impl Fn() + Send + Sync + 'static) -> Self {
        self.on_write = Box::new(nudge);
        self
    }

    /// Measures sign-in by a clock of its own. A world's day may go sixty times too fast; whoever looks at it does not.
    #[must_use]
    pub fn with_wall(mut self, wall: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        self.wall = Some(Box::new(wall));
        self
    }

    /// Says how many times as fast as the wall clock the time of cases goes at the moment: pages count down by it.
    #[must_use]
    pub fn with_pace(mut self, pace: impl Fn() -> u32 + Send + Sync + 'static) -> Self {
        self.pace = Some(Box::new(pace));
        self
    }

    /// Asks before each file that comes in whether there is room for it. What people do is not asked: the room that is
    /// left is theirs.
    #[must_use]
    pub fn with_room(mut self, room: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        self.room = Some(Box::new(room));
        self
    }

    /// Refuses a file for now when the disk is nearly full: its sender sends it again.
    pub(crate) fn takes_files(&self) -> Result<()> {
        let has_room = self.room.as_ref().is_none_or(|room| room());
        if has_room { Ok(()) } else { Err(DbError::Full.into()) }
    }

    /// Says that a proxy of the operator's stands in front: who asks is known from what it adds.
    #[must_use]
    pub fn behind_proxy(mut self, is_behind: bool) -> Self {
        self.is_behind_proxy = is_behind;
        self
    }

    /// Says by what address browsers reach the console: passkeys are made for it, and for no other.
    ///
    /// # Errors
    /// [`Error::Bad`], `origin`, when it is no `https://HOST`, or `http://localhost:PORT` for trying out.
    pub fn at_origin(mut self, origin: &str) -> Result<Self> {
        self.site = Some(site_of(origin)?);
        Ok(self)
    }

    /// Returns the site that passkeys are made for, where the program was told.
    pub fn site(&self) -> Option<&Site> {
        self.site.as_ref()
    }

    /// Lets people sign in at the organisation's identity provider.
    #[must_use]
    pub fn with_identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }

    /// Returns the identity provider, where there is one.
    pub fn identity(&self) -> Option<&Identity> {
        self.identity.as_ref()
    }

    /// Returns whether a proxy of the operator's stands in front.
    pub fn is_behind_proxy(&self) -> bool {
        self.is_behind_proxy
    }

    /// Takes ids and tokens from `chance`, which has to be as hard to guess as the system's random source wherever people
    /// sign in. A simulation gives its own, to play the same twice.
    #[must_use]
    pub fn with_chance(mut self, chance: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        self.chance = Box::new(chance);
        self
    }

    /// Makes a secret of 256 random bits.
    pub fn token(&self) -> Token {
        secret::token_of(&self.chance)
    }

    /// Draws random bytes.
    pub(crate) fn drawn<const N: usize>(&self) -> [u8; N] {
        secret::drawn(&self.chance)
    }

    /// Returns the time.
    pub fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// Returns the time by which links and sessions end: that of cases, unless it was given a clock of its own.
    pub fn wall_now(&self) -> Timestamp {
        self.wall.as_ref().map_or_else(|| self.now(), |wall| wall())
    }

    /// Returns how many times as fast as the wall clock the time of cases goes at the moment; 0 where it stands.
    pub fn pace(&self) -> u32 {
        self.pace.as_ref().map_or(1, |pace| pace())
    }

    /// Returns how many commits of this process changed a case.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Relaxed)
    }

    pub(crate) fn wrote(&self) {
        self.written.fetch_add(1, Ordering::Relaxed);
        (self.on_write)();
    }

    /// Says that something was written, where there was something to write.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there was nothing.
    pub(crate) fn wrote_if(&self, was_there: bool) -> Result<()> {
        if !was_there {
            return Err(Error::NotFound);
        }
        self.wrote();
        Ok(())
    }

    /// Makes a context for the program's own work.
    pub fn system(&self, name: &str) -> Ctx<'_> {
        self.ctx(Actor { user_id: UserId::from(name), role: Role::System })
    }

    /// Makes a context for somebody.
    pub fn ctx(&self, actor: Actor) -> Ctx<'_> {
        let (now, request_id) = (self.now(), secret::short_id(&self.chance));
        Ctx {
            app: self,
            actor,
            now,
            request_id,
            is_renewal: false,
            proved_at: None,
            sight: OnceLock::new(),
            rule: AtomicU8::new(0),
        }
    }
}

/// Reads the address of the console. Source: WebAuthn Level 3, 5.1.3: a host's name, never a number; beyond `localhost` TLS.
fn site_of(origin: &str) -> Result<Site> {
    let words = || {
        let words = "the address of the console is https:// and a host's name, without a path; http://localhost:PORT to try it out";
        Error::bad("origin", words)
    };
    let (scheme, authority) = origin.split_once("://").ok_or_else(words)?;
    let (host, port) = authority.split_once(':').unwrap_or((authority, "443"));
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
    let is_name = host.chars().all(is_plain) && host.chars().any(|c| c.is_ascii_lowercase());
    let is_safe = scheme == "https" || (scheme == "http" && host == "localhost");
    if !is_name || !is_safe || port.parse::<u16>().is_err() {
        return Err(words());
    }
    Ok(Site { rp_id: host.to_owned(), origin: origin.to_owned() })
}

/// Who asks, when, and with what.
pub struct Ctx<'a> {
    /// The process's part.
    pub app: &'a App,
    /// Who.
    pub actor: Actor,
    /// When.
    pub now: Timestamp,
    /// Names the request in the log and the audit trail.
    pub request_id: String,
    /// Whether a page asks again by itself. A look is a look, but the audit trail tells it from a person's.
    pub is_renewal: bool,
    /// When the actor last showed a factor, by the wall clock; `None` for a program, and on the command line.
    pub proved_at: Option<Timestamp>,
    /// What the actor sees, read once.
    sight: OnceLock<Sight>,
    /// The rule that the last decision about a case rests on: its place in [`Rule::ALL`].
    rule: AtomicU8,
}

impl<'a> Ctx<'a> {
    /// Returns the same at another moment, for looking at what was: what may be seen is asked as of now.
    ///
    /// # Errors
    /// Those of reading what the actor sees.
    pub fn as_of(&self, now: Timestamp) -> Result<Ctx<'a>> {
        let sight = OnceLock::from(self.sight()?.clone());
        let (actor, request_id) = (self.actor.clone(), self.request_id.clone());
        let (is_renewal, rule) =
            (self.is_renewal, AtomicU8::new(self.rule.load(Ordering::Relaxed)));
        let (app, proved_at) = (self.app, self.proved_at);
        Ok(Ctx { app, actor, now, request_id, is_renewal, proved_at, sight, rule })
    }
}

impl Ctx<'_> {
    /// Makes an id that sorts by the time of the request.
    pub(crate) fn sortable_id(&self) -> String {
        secret::sortable_id(self.now, &self.app.chance)
    }

    /// Returns whether the actor's role has `permission`.
    pub fn may(&self, permission: Permission) -> Result<()> {
        if permission.is_for(self.actor.role) { Ok(()) } else { Err(Error::Forbidden) }
    }

    /// Returns which cases the actor may read. Every read of case data demands one.
    pub fn scope(&self) -> Result<Scope> {
        self.scope_to(Permission::ReadCases)
    }

    /// Returns the same for one case that somebody was led to: those who list none see it by leave.
    pub fn scope_of_case(&self) -> Result<Scope> {
        self.scope_to(Permission::ReadCase)
    }

    /// Returns which cases the actor may read for what another permission than reading cases is about.
    pub(crate) fn scope_to(&self, permission: Permission) -> Result<Scope> {
        self.may(permission)?;
        self.own_scope()
    }

    /// Returns which cases the actor sees, where what may be done with them was asked before.
    pub(crate) fn own_scope(&self) -> Result<Scope> {
        Ok(Scope::granted(self.sight()?.clone()))
    }

    /// Returns which cases the actor may take away as a file: none that was opened in an emergency. Source: trust.md 6.3 (13).
    pub(crate) fn scope_to_export(&self) -> Result<Scope> {
        self.may(Permission::ExportLists)?;
        let mut sight = self.sight()?.clone();
        sight.grants.retain(|grant| !grant.is_glass);
        Ok(Scope::granted(sight))
    }

    /// Returns which cases the actor sees for what `permission` is about by walls and labels alone: leave is not passed on.
    pub(crate) fn scope_without_leave(&self, permission: Permission) -> Result<Scope> {
        self.may(permission)?;
        let mut sight = self.sight()?.clone();
        sight.grants.clear();
        Ok(Scope::granted(sight))
    }

    /// Reads what the actor sees, once for each request: a change of walls or leave holds from the next one.
    fn sight(&self) -> Result<&Sight> {
        if let Some(sight) = self.sight.get() {
            return Ok(sight);
        }
        let (user_id, role) = (&self.actor.user_id, self.actor.role);
        let sight = match Reach::of(role) {
            Reach::All | Reach::Nothing => Sight::of(user_id.clone(), role),
            Reach::Walled | Reach::Masked | Reach::Granted => self
                .app
                .db
                .read(|tx| walls::sight(tx, (user_id, role), self.now).map_err(Error::from))?,
        };
        Ok(self.sight.get_or_init(|| sight))
    }

    /// Goes on when a case is seen, and keeps by which rule, for the record.
    ///
    /// # Errors
    /// [`Error::NotFound`] when there is no such case, [`Error::Outside`] when it is not seen.
    pub(crate) fn sees(&self, tx: &mut Tx, scope: &Scope, case_id: &CaseId) -> Result<()> {
        if Reach::of(self.actor.role) == Reach::All {
            return Ok(());
        }
        let decision = walls::decide(tx, scope, case_id)?.ok_or(Error::NotFound)?;
        let place = Rule::ALL.iter().position(|rule| *rule == decision.rule).unwrap_or_default();
        self.rule.store(u8::try_from(place).unwrap_or_default(), Ordering::Relaxed);
        if decision.allow { Ok(()) } else { Err(Error::outside(case_id, decision.rule)) }
    }

    /// Returns the rule that the last decision about a case rests on.
    pub(crate) fn rule(&self) -> Rule {
        let place = usize::from(self.rule.load(Ordering::Relaxed));
        Rule::ALL.get(place).copied().unwrap_or(Rule::Role)
    }

    /// Returns leave to count all cases, whoever may see which: of counts, small ones are withheld.
    pub(crate) fn scope_of_counts(&self) -> Result<Scope> {
        self.may(Permission::ReadCounts)?;
        Ok(Scope::granted(Sight::of(self.actor.user_id.clone(), Role::System)))
    }
}

#[cfg(test)]
mod tests {
    use super::site_of;

    #[test]
    fn the_address_of_the_console_is_a_hosts_name_behind_tls() {
        for (origin, host) in [
            ("https://hub.example", "hub.example"),
            ("https://hub.example:8443", "hub.example"),
            ("http://localhost:8080", "localhost"),
        ] {
            let site = site_of(origin).unwrap();
            assert_eq!((site.rp_id.as_str(), site.origin.as_str()), (host, origin));
        }
        for origin in [
            "",
            "hub.example",
            "http://hub.example",
            "https://",
            "https://127.0.0.1",
            "https://[::1]",
            "https://hub.example/",
            "https://Hub.example",
            "https://a@hub.example",
            "https://hub.example:x",
            "ftp://localhost",
        ] {
            assert!(site_of(origin).is_err(), "{origin}");
        }
    }
}
