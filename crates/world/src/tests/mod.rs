//! Days of the world, played on SQLite with a clock that is set by hand.

mod desk;
mod doors;
mod play;
mod visitors;

use crate::{Player, START, WorldClock, add_users, furnish};
use doorstep_app::{App, Settings};
use doorstep_db::{Db, Kind, OpenOptions};
use doorstep_packs::Packs;
use doorstep_vocab::{Micros, Timestamp, Zone};
use doorstep_work::Spool;
use std::sync::Arc;

/// How long the staff leave a case alone that a visitor touched.
pub(crate) const HANDS_OFF: Micros = Micros::hours(1);

/// A world in a directory that goes away with it.
pub(crate) struct World {
    pub app: Arc<App>,
    pub clock: Arc<WorldClock>,
    pub player: Player,
    _dir: tempfile::TempDir,
}

pub(crate) fn hub_zone() -> Zone {
    Zone::parse("America/New_York").unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).unwrap()
}

/// Makes a world that stands at midnight before its first day, `days` working days before the demo's start.
pub(crate) fn world(seed: u64, days: u32) -> World {
    // What is in memory needs no disk to wait for; where there is no such place, any will do.
    let dir = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
    let path = dir.path().join("demo.db");
    let options = OpenOptions { kind: Kind::Demo, ..OpenOptions::default() };
    let db = Db::open_with(path.to_str().unwrap(), &options).unwrap();
    doorstep_store::schema::migrate(&db).unwrap();
    let packs = Packs::builtin();
    let settings = Settings { hub_zone: packs.hub_zone().clone(), demo: true };
    let clock = Arc::new(WorldClock::standing(Player::opening(START, days, &hub_zone())));
    let now = Arc::clone(&clock);
    let app = Arc::new(App::new(db, packs, settings, move || now.now()));
    furnish(&app).unwrap();
    add_users(&app.system("demo")).unwrap();
    let spool = Spool::open(&dir.path().join("outbox")).unwrap();
    let player = Player::new(Arc::clone(&app), Arc::clone(&clock), spool, (seed, HANDS_OFF));
    World { app, clock, player, _dir: dir }
}
