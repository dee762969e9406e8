//! A day of the whole country: its referrals with all that people, partners and the program do about them, through the real
//! store, as fast as the machine does it.
//!
//! The world of the demo plays it, in as many parts as there are hands; the clock leaps to whatever is next. Meanwhile an
//! agent looks at pages, whose times are kept: nothing is averaged away.

use crate::cpu;
use crate::crowd::{self, amount, median, per_second};
use crate::place::{self, Home, Site};
use anyhow::{Context as _, Result, ensure};
use doorstep_app::{App, Settings, case_file, worklist};
use doorstep_case::{Actor, Role};
use doorstep_db::params;
use doorstep_packs::Packs;
use doorstep_store::deadlines;
use doorstep_store::worklist::{Filter, Queue};
use doorstep_vocab::{Micros, Timestamp, UserId};
use doorstep_work::{Spool, run_by_hands};
use doorstep_world::{Player, START, WorldClock};
use serde::Serialize;
use std::fmt::Write as _;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

/// Referrals of a day of the whole country, as the goal of this measure has it: 335,000, with some 16 million events.
pub const REFERRALS: u32 = 335_000;

/// Parts of the day that are played side by side.
const HANDS: u32 = 64;

/// Runners of jobs and clocks, as many processes would be.
const RUNNERS: usize = 2;

/// How long the world is lived: the day of the orders, and three more in which they come to the door.
const LIVED: Micros = Micros::hours(96);

/// The shortest leap of the clock.
const QUANTUM: Micros = Micros::minutes(1);

/// What lies between two looks of the agent.
const THINK: Duration = Duration::from_millis(50);

/// Clocks that are read at a time.
const DUE_MAX: u32 = 100_000;

/// Rows on a page.
const PAGE_ROWS: u32 = 50;

/// What was measured.
#[derive(Debug, Serialize)]
pub struct National {
    /// The engine, and what it promises of a commit.
    pub engine: String,
    /// Referrals that arrived.
    pub referrals: u32,
    /// Cases that stand.
    pub cases: u64,
    /// Those of them that are closed at the end.
    pub closed: u64,
    /// Events on record.
    pub events: u64,
    /// Letters that went out.
    pub letters: u64,
    /// Commands that people and partners gave.
    pub commands: u64,
    /// How long it took, in seconds.
    pub seconds: f64,
    /// Processor time of this process, in seconds.
    pub cpu_seconds: f64,
    /// Events a second.
    pub events_s: f64,
    /// Size of the store's files, in MB; 0 where the disk is a server's.
    pub megabytes: f64,
    /// Looks of the agent at a worklist and a case, the middle one, in milliseconds.
    pub page_p50_ms: f64,
    /// The same, the slowest but one in a hundred.
    pub page_p99_ms: f64,
    /// How many looks.
    pub pages: usize,
}

/// A hub, its clock, and the players of its day.
struct Day {
    app: Arc<App>,
    clock: Arc<WorldClock>,
    spool: Spool,
    players: Vec<Mutex<Player>>,
}

/// Plays a day of so many referrals.
pub fn measure(site: &Site<'_>, referrals: u32, folder: &Path) -> Result<National> {
    let (db, home) = site.fresh()?;
    let engine = place::promise(&db)?;
    doorstep_store::schema::migrate(&db)?;
    let out = tempfile::Builder::new().prefix("doorstep-bench-out-").tempdir_in(folder)?;
    let day = Day::new(db, Spool::open(out.path())?, referrals)?;
    let (playing, over) = mpsc::channel::<()>();
    let began = Instant::now();
    let ((played, looks), cpu) = cpu::of(|| {
        thread::scope(|scope| {
            let (day, over) = (&day, over);
            let looking = scope.spawn(move || day.look_on(&over));
            let played = day.play();
            drop(playing);
            (played, looking.join())
        })
    });
    played?;
    let looks = looks.map_err(|_| anyhow::anyhow!("the agent panicked"))??;
    day.report((engine, referrals), (began.elapsed(), cpu), looks, &home)
}

impl Day {
    fn new(db: doorstep_db::Db, spool: Spool, referrals: u32) -> Result<Self> {
        let packs = Packs::builtin();
        let zone = packs.hub_zone().clone();
        let clock = Arc::new(WorldClock::standing(Player::opening(START, 0, &zone)));
        let now = Arc::clone(&clock);
        let settings = Settings { hub_zone: zone, demo: true };
        let app = Arc::new(App::new(db, packs, settings, move || now.now()));
        doorstep_world::furnish(&app)?;
        doorstep_world::add_users(&app.system("bench"))?;
        let share = referrals.div_ceil(HANDS);
        let players = (0..HANDS).map(|hand| {
            let (app, clock) = (Arc::clone(&app), Arc::clone(&clock));
            let mut player = Player::new(app, clock, spool.clone(), (1, Micros(0)));
            player.begin_with((hand * share).min(referrals)..((hand + 1) * share).min(referrals));
            Mutex::new(player)
        });
        let players = players.collect();
        Ok(Self { app, clock, spool, players })
    }

    fn play(&self) -> Result<()> {
        let mut at = self.app.now();
        let until = at.plus(LIVED);
        while let Some(next) = self.next()?.filter(|next| *next <= until) {
            at = next.max(at.plus(QUANTUM));
            self.clock.stand_at(at);
            self.all(Player::perform_due)?;
            let due = self.app.db.read(|tx| deadlines::due(tx, at, DUE_MAX))?;
            crowd::all(RUNNERS, RUNNERS, |_| Ok(run_by_hands(&self.app, &self.spool).map(drop)?))?;
            self.all(|player| {
                player.notice(due.iter().map(|due| &due.case_id));
                player.look_again()
            })?;
        }
        Ok(())
    }

    /// Returns when anything is due next.
    fn next(&self) -> Result<Option<Timestamp>> {
        let planned = self.players.iter().filter_map(|player| lock(player).next_planned()).min();
        let rings = self.app.db.read(deadlines::next_at)?;
        Ok(planned.into_iter().chain(rings).min())
    }

    fn all(&self, work: impl Fn(&mut Player) -> doorstep_app::Result<()> + Sync) -> Result<()> {
        let n = self.players.len();
        crowd::all(n, n, |at| Ok(work(&mut lock(&self.players[at]))?)).map(drop)
    }

    /// An agent looks at the worklist and at a case of it, again and again; returns how long each look took, in
    /// milliseconds.
    fn look_on(&self, over: &mpsc::Receiver<()>) -> Result<Vec<f64>> {
        let actor = Actor { user_id: UserId::from("bench"), role: Role::Supervisor };
        let mut looks = Vec::new();
        while over.recv_timeout(THINK) == Err(mpsc::RecvTimeoutError::Timeout) {
            let ctx = self.app.ctx(actor.clone());
            let (user_id, now) = (actor.user_id.clone(), ctx.now);
            let filter = Filter { queue: Queue::All, user_id, now, ..Filter::default() };
            let began = Instant::now();
            let page = worklist(&ctx, &filter, None, PAGE_ROWS)?;
            looks.push(milliseconds(began.elapsed()));
            if let Some(row) = page.rows.get(looks.len() % page.rows.len().max(1)) {
                let began = Instant::now();
                case_file(&ctx, &row.case_id)?;
                looks.push(milliseconds(began.elapsed()));
            }
        }
        Ok(looks)
    }

    fn count(&self, what: &str) -> Result<u64> {
        let sql = format!("SELECT COUNT(*) AS n FROM {what}");
        let row = self.app.db.read(|tx| tx.query_one(&sql, params![]))?.context("a count")?;
        Ok(row.int("n")?.unsigned_abs())
    }

    fn report(
        &self,
        (engine, referrals): (String, u32),
        (took, cpu): (Duration, Duration),
        mut looks: Vec<f64>,
        home: &Home,
    ) -> Result<National> {
        ensure!(!looks.is_empty(), "the agent has looked");
        looks.sort_by(f64::total_cmp);
        let events = self.count("case_event")?;
        let commands = self.players.iter().map(|player| u64::from(lock(player).tally().done)).sum();
        Ok(National {
            engine,
            referrals,
            cases: self.count("case_head")?,
            closed: self.count("case_head WHERE status = 'closed'")?,
            events,
            letters: self.count("job WHERE done_at IS NOT NULL")?,
            commands,
            seconds: took.as_secs_f64(),
            cpu_seconds: cpu.as_secs_f64(),
            events_s: per_second(usize::try_from(events)?, took),
            megabytes: amount(usize::try_from(home.bytes()? / 1024)?) * 1024.0 / 1e6,
            page_p50_ms: median(looks.iter().copied()),
            page_p99_ms: looks[looks.len() * 99 / 100],
            pages: looks.len(),
        })
    }
}

fn lock(player: &Mutex<Player>) -> std::sync::MutexGuard<'_, Player> {
    player.lock().unwrap_or_else(PoisonError::into_inner)
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

impl National {
    /// Returns everything as text.
    pub fn text(&self) -> String {
        let Self { engine, referrals, cases, closed, events, letters, commands, .. } = self;
        let Self { seconds, cpu_seconds, events_s, megabytes, pages, .. } = self;
        let each = |total: f64| total / f64::from((*referrals).max(1));
        let whole = f64::from(REFERRALS);
        let mut text = String::new();
        let lines = [
            engine.clone(),
            format!(
                "  {referrals} referrals: {cases} cases, {closed} of them closed after four days"
            ),
            format!(
                "  {events} events, {commands} commands of people and partners, {letters} jobs"
            ),
            format!(
                "  {seconds:.0} s, {cpu_seconds:.0} s of processor time, {events_s:.0} events/s"
            ),
            format!("  {megabytes:.0} MB, {:.1} KB a referral", each(megabytes * 1e3)),
            format!(
                "  {pages} looks meanwhile: p50 {:.1} ms, p99 {:.1} ms",
                self.page_p50_ms, self.page_p99_ms
            ),
            format!(
                "  at this rate a day of {REFERRALS} takes {:.1} h and {:.0} GB",
                each(*seconds) * whole / 3600.0,
                each(*megabytes) * whole / 1e3
            ),
        ];
        for line in lines {
            writeln!(text, "{line}").expect("a String takes all that is written");
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::measure;
    use crate::place::Site;

    #[test]
    fn a_small_day_is_lived_to_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let day = measure(&Site::Folder(folder.path()), 40, folder.path()).unwrap();
        assert!((36..=46).contains(&day.cases), "{day:?}");
        assert!(day.events > 15 * day.cases && day.closed > 5 && day.commands > 200, "{day:?}");
        assert!(day.text().contains("looks meanwhile"), "{}", day.text());
    }
}
