//! Bytes to durable cases, many waiting at a time, in turns with the floor: as many transactions that insert as many rows and
//! bytes, through the same door of the same engine.

use crate::crowd::{self, amount, median, per_second};
use crate::floor::{self, Floor, Volume, added};
use crate::orders::Dialect;
use crate::place::{self, Home, Site};
use crate::{cpu, daily};
use anyhow::{Result, ensure};
use doorstep_app::App;
use doorstep_app::intake::{Incoming, take};
use doorstep_db::Db;
use doorstep_exchange::Outcome;
use serde::Serialize;
use std::time::Duration;

/// How much is measured.
#[derive(Clone, Copy, Debug)]
pub struct Amounts {
    /// Orders taken in before anything is measured.
    pub warm_up: usize,
    /// Rounds, each of intakes and then of the floor.
    pub rounds: usize,
    /// Intakes a round.
    pub orders: usize,
    /// How many wait at a time.
    pub waiting: usize,
}

/// What was measured of one dialect on one engine. The ratio is the middle one of the ratios within each round.
#[derive(Debug, Serialize)]
pub struct Intake {
    /// The engine, and what it promises of a commit.
    pub engine: String,
    /// The dialect.
    pub dialect: &'static str,
    /// Intakes measured.
    pub orders: usize,
    /// How many waited at a time.
    pub waiting: usize,
    /// Size of a message, in bytes.
    pub message_bytes: usize,
    /// Rows that an intake writes.
    pub rows_each: f64,
    /// Bytes that an intake writes, in all columns.
    pub bytes_each: f64,
    /// Cases a second.
    pub cases_s: f64,
    /// Transactions of the floor a second.
    pub floor_s: f64,
    /// Cases as a share of the floor's transactions.
    pub ratio: f64,
    /// Processor time of this process for a case, in microseconds.
    pub cpu_us: f64,
    /// The same for a transaction of the floor.
    pub floor_cpu_us: f64,
    /// Commits that reached the disk, for a case.
    pub commits_each: f64,
    /// What the loaded store does besides.
    pub daily: daily::Daily,
}

struct Bench {
    hub: App,
    plain: Db,
    dialect: Dialect,
    next: u32,
    round: usize,
    waiting: usize,
    _homes: [Home; 2],
}

#[derive(Clone, Copy)]
struct Round {
    took: Duration,
    floor_took: Duration,
    cpu: Duration,
    floor_cpu: Duration,
    commits: u64,
    written: Volume,
}

/// Measures one dialect in new databases.
pub fn measure(site: &Site<'_>, dialect: Dialect, amounts: Amounts) -> Result<Intake> {
    let (db, home) = site.fresh()?;
    let (plain, plain_home) = site.fresh()?;
    floor::migrate(&plain)?;
    let engine = place::promise(&db)?;
    let hub = place::hub(db)?;
    let (next, round, waiting) = (1, 0, amounts.waiting);
    let mut bench = Bench { hub, plain, dialect, next, round, waiting, _homes: [home, plain_home] };
    bench.round(amounts.warm_up)?;
    let rounds: Vec<Round> =
        (0..amounts.rounds).map(|_| bench.round(amounts.orders)).collect::<Result<_>>()?;
    let (n, n_all) = (amounts.orders, amounts.orders * amounts.rounds);
    let each = |total: f64| total / amount(n_all).max(1.0);
    let sum = |of: fn(&Round) -> f64| rounds.iter().map(of).sum::<f64>();
    Ok(Intake {
        engine,
        dialect: dialect.name(),
        orders: n_all,
        waiting: amounts.waiting,
        message_bytes: dialect.order(1).len(),
        rows_each: each(sum(|round| whole(round.written.rows))),
        bytes_each: each(sum(|round| whole(round.written.bytes))),
        cases_s: median(rounds.iter().map(|round| per_second(n, round.took))),
        floor_s: median(rounds.iter().map(|round| per_second(n, round.floor_took))),
        ratio: median(
            rounds
                .iter()
                .map(|round| round.floor_took.as_secs_f64() / round.took.as_secs_f64().max(1e-9)),
        ),
        cpu_us: each(sum(|round| round.cpu.as_secs_f64())) * 1e6,
        floor_cpu_us: each(sum(|round| round.floor_cpu.as_secs_f64())) * 1e6,
        commits_each: each(sum(|round| whole(round.commits))),
        daily: daily::measure(&bench.hub, amounts.orders, waiting)?,
    })
}

impl Bench {
    /// Takes in `n` new orders, and inserts as much into the plain tables.
    fn round(&mut self, n: usize) -> Result<Round> {
        let first = self.next;
        let orders: Vec<Vec<u8>> =
            (first..).take(n).map(|number| self.dialect.order(number)).collect();
        self.next += u32::try_from(n)?;
        self.round += 1;
        let before = floor::count(&self.hub.db)?;
        let commits = self.hub.db.stats().commits;
        let (took, cpu) =
            cpu::of(|| crowd::all(n, self.waiting, |at| take_in(&self.hub, &orders[at])));
        let commits = self.hub.db.stats().commits - commits;
        let written = added(&before, &floor::count(&self.hub.db)?);
        ensure!(written["case_head"].rows == n as u64, "every order opens a case");

        let floor = Floor::new(&written, (n, self.round), &orders.concat());
        let (floor_took, floor_cpu) = cpu::of(|| {
            crowd::all(n, self.waiting, |at| {
                let rows = floor.rows(at);
                Ok(self.plain.write("floor", |tx| floor::insert(tx, &rows))?)
            })
        });
        let total = |of: fn(&Volume) -> u64| written.values().map(of).sum();
        Ok(Round {
            took: took?,
            floor_took: floor_took?,
            cpu,
            floor_cpu,
            commits,
            written: Volume { rows: total(|v| v.rows), bytes: total(|v| v.bytes) },
        })
    }
}

fn take_in(hub: &App, bytes: &[u8]) -> Result<()> {
    let ctx = hub.system("bench");
    let taken = take(&ctx, &Incoming { bytes, name: "bench", received_at: ctx.now })?;
    ensure!(taken.outcome == Outcome::Opened, "an order was {}", taken.outcome.name());
    Ok(())
}

fn whole(n: u64) -> f64 {
    amount(usize::try_from(n).unwrap_or(usize::MAX))
}
