//! A hub on a new database.

use doorstep_app::intake::{Incoming, Taken, take};
use doorstep_app::{App, Ctx, Settings};
use doorstep_case::{Actor, Role};
use doorstep_db::testing::{FreshPostgres, fresh_postgres, postgres_url};
use doorstep_db::{Db, Engine};
use doorstep_packs::Packs;
use doorstep_vocab::{Micros, Timestamp, UserId};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use tempfile::TempDir;

/// A hub. The database goes last: what is open in it closes first.
pub struct World {
    pub app: Arc<App>,
    pub clock: Clock,
    pub place: Place,
}

/// Where its database is.
pub enum Place {
    Sqlite(TempDir),
    Postgres(FreshPostgres),
}

/// Time that stands until it is moved.
#[derive(Clone)]
pub struct Clock(Arc<AtomicI64>);

/// A Monday, 09:00 in Chicago.
pub fn monday() -> Timestamp {
    Timestamp::parse("2026-03-02T15:00:00Z").unwrap()
}

impl Clock {
    fn at(at: Timestamp) -> Self {
        Self(Arc::new(AtomicI64::new(at.0)))
    }

    pub fn now(&self) -> Timestamp {
        Timestamp(self.0.load(Ordering::SeqCst))
    }

    pub fn set(&self, at: Timestamp) {
        self.0.store(at.0, Ordering::SeqCst);
    }

    pub fn pass(&self, time: Micros) {
        self.0.fetch_add(time.0, Ordering::SeqCst);
    }
}

impl World {
    pub fn sqlite() -> Self {
        let folder = folder();
        let path = folder.path().join("doorstep.db");
        Self::new(path.to_str().unwrap(), Place::Sqlite(folder))
    }

    pub fn postgres() -> Option<Self> {
        let fresh = fresh_postgres(&postgres_url()?).unwrap();
        let url = fresh.url.clone();
        Some(Self::new(&url, Place::Postgres(fresh)))
    }

    fn new(url: &str, place: Place) -> Self {
        let clock = Clock::at(monday());
        Self { app: Arc::new(hub(url, &clock)), clock, place }
    }

    /// Another process on the same database.
    pub fn beside(&self) -> App {
        let url = match &self.place {
            Place::Sqlite(folder) => folder.path().join("doorstep.db").to_str().unwrap().to_owned(),
            Place::Postgres(fresh) => fresh.url.clone(),
        };
        hub(&url, &self.clock)
    }

    pub fn is_sqlite(&self) -> bool {
        self.app.db.engine() == Engine::Sqlite
    }

    pub fn ctx(&self, role: Role) -> Ctx<'_> {
        self.app.ctx(Actor { user_id: UserId::from(role.name()), role })
    }

    pub fn agent(&self) -> Ctx<'_> {
        self.ctx(Role::Agent)
    }

    /// Takes a file that the hub held first at `received_at`.
    pub fn take(&self, bytes: &[u8], received_at: Timestamp) -> Taken {
        let ctx = self.app.system("intake");
        take(&ctx, &Incoming { bytes, name: "test", received_at }).unwrap()
    }

    /// Takes a file now.
    pub fn take_now(&self, text: &str) -> Taken {
        self.take(text.as_bytes(), self.clock.now())
    }
}

/// A folder in memory where there is one: these tests ask what is decided, not how the disk keeps it.
pub fn folder() -> TempDir {
    tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap()
}

fn hub(url: &str, clock: &Clock) -> App {
    let db = Db::open(url).unwrap();
    doorstep_store::schema::migrate(&db).unwrap();
    let packs = Packs::builtin();
    let settings = Settings { hub_zone: packs.hub_zone().clone(), demo: false };
    let clock = clock.clone();
    App::new(db, packs, settings, move || clock.now())
}
