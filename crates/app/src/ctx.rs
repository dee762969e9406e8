//! Who asks, when, and with what: made once for each request, job or command line.

use crate::numbers::Numbers;
use crate::secret::{self, Chance, Token};
use crate::{Error, Result};
use doorstep_authz::Permission;
use doorstep_case::{Actor, Role};
use doorstep_db::{Db, DbError};
use doorstep_packs::Packs;
use doorstep_store::Scope;
use doorstep_vocab::{Timestamp, UserId, Zone};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

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

    /// Makes a context for the program's own work.
    pub fn system(&self, name: &str) -> Ctx<'_> {
        self.ctx(Actor { user_id: UserId::from(name), role: Role::System })
    }

    /// Makes a context for somebody.
    pub fn ctx(&self, actor: Actor) -> Ctx<'_> {
        let (now, request_id) = (self.now(), secret::short_id(&self.chance));
        Ctx { app: self, actor, now, request_id, is_renewal: false, proved_at: None }
    }
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

    /// Returns which cases the actor may read for what another permission than reading cases is about.
    pub(crate) fn scope_to(&self, permission: Permission) -> Result<Scope> {
        self.may(permission)?;
        Ok(Scope::granted(self.actor.user_id.clone(), self.actor.role))
    }

    /// Returns leave to count all cases, whoever may see which: of counts, small ones are withheld.
    pub(crate) fn scope_of_counts(&self) -> Result<Scope> {
        self.may(Permission::ReadCounts)?;
        Ok(Scope::granted(self.actor.user_id.clone(), Role::System))
    }
}
