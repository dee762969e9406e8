//! R06, R07: PostgreSQL fails over to its standby, and is harassed: sessions ended, processes stopped, tables locked, decisions
//! made to collide. Nothing that was acknowledged is lost, what nobody knows is resolved by sending it again, nothing hangs,
//! and the hub is back within ten seconds. Source: trust.md 7.

use crate::audit::{audit, restart, settle};
use crate::cluster::{Cluster, programs};
use crate::history::{End, History};
use crate::hub::Hub;
use crate::lanes::Over;
use crate::senders::{ANSWER_MAX, File, n_hung, send_until_taken};
use crate::size::size;
use crate::support::Place;
use crate::support::orders::{Chance, Door, Order};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

const SENDERS: usize = 8;

/// How soon the hub has to take something again. In the test command much else goes on at the same time.
fn back_max() -> Duration {
    size(Duration::from_secs(20), Duration::from_secs(10))
}

/// The hub and those who send to it.
struct Traffic<'a> {
    hub: &'a Hub<'a>,
    token: String,
    history: History,
    next: AtomicU32,
    is_over: AtomicBool,
}

impl<'a> Traffic<'a> {
    fn new(place: &Place, hub: &'a Hub) -> Self {
        place.ok(&["user", "add", "ana", "--role", "agent"]);
        let token = place.ok(&["user", "token", "ana"]).trim().to_owned();
        let (next, is_over) = (AtomicU32::new(0), AtomicBool::new(false));
        Self { hub, token, history: History::default(), next, is_over }
    }

    /// Sends from many sides while `faults` does its work; it is given a bell that rings with each acknowledgement.
    fn during(&self, faults: impl FnOnce(&Receiver<()>)) {
        std::thread::scope(|scope| {
            let (done, acknowledged) = channel();
            for _ in 0..SENDERS {
                let done = done.clone();
                scope.spawn(move || {
                    while !self.is_over.load(Ordering::Relaxed) {
                        let file = file(self.next.fetch_add(1, Ordering::Relaxed));
                        send_until_taken(self.hub, &self.token, &self.history, &file);
                        // Nobody listens any more when the faults are over.
                        let _ = done.send(());
                    }
                });
            }
            drop(done);
            let _over = Over(&self.is_over);
            faults(&acknowledged);
        });
    }

    fn labels(&self) -> BTreeMap<String, String> {
        (0..self.next.load(Ordering::Relaxed)).map(|n| file(n).named()).collect()
    }
}

fn file(n: u32) -> File {
    File::one(Order::nth(n), Door::ALL[n as usize % 4])
}

fn heard(acknowledged: &Receiver<()>, n: usize) {
    for _ in 0..n {
        acknowledged.recv_timeout(Duration::from_secs(30)).expect("nothing is taken any more");
    }
}

/// How a standby is kept up to date.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Standby {
    /// A commit waits for it.
    Waited,
    /// It comes after, and may lag.
    Loose,
}

/// Fails over once, with a standby whose line is slow, and returns what was lost.
fn failed_over(bin: &Path, standby: Standby) -> Vec<String> {
    let first = Cluster::new(bin);
    first.start(&["wal_level=replica"]);
    first.ask("CREATE DATABASE hub LC_COLLATE 'C' TEMPLATE template0");
    let second = Cluster::copy_of(&first, true);
    second.start(&[]);
    first.wait_for("SELECT COUNT(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'");
    if standby == Standby::Waited {
        first.ask("ALTER SYSTEM SET synchronous_standby_names = '*'");
        first.ask("SELECT pg_reload_conf()");
        first.wait_for("SELECT COUNT(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'");
    }
    let url = format!(
        "postgres://postgres@127.0.0.1:{},127.0.0.1:{}/hub?target_session_attrs=read-write",
        first.port, second.port
    );
    let place = Place::on(&url);
    let hub = Hub::new(&place, &[]);
    hub.start();
    let traffic = Traffic::new(&place, &hub);
    traffic.during(|acknowledged| {
        heard(acknowledged, 12);
        // The line to the standby stands still for a moment: what was not waited for is not there.
        second.signal("STOP", "walreceiver");
        let waited = Instant::now();
        while waited.elapsed() < Duration::from_millis(700) {
            let _ = acknowledged.recv_timeout(Duration::from_millis(50));
        }
        first.kill();
        while acknowledged.try_recv().is_ok() {}
        let failed = Instant::now();
        // What is still on the line goes down with it.
        second.signal("KILL", "walreceiver");
        second.wait_for("SELECT pg_is_in_recovery()");
        second.promote();
        let promoted = failed.elapsed();
        heard(acknowledged, 1);
        let back = failed.elapsed();
        eprintln!("promoted after {promoted:?}, back after {back:?}");
        assert!(back < back_max(), "the hub was away for {back:?}");
        heard(acknowledged, 12);
    });
    hub.stop();
    let there = Place::on(&second.url("hub"));
    restart(&there);
    let n_unknown = traffic.history.ops().iter().filter(|op| op.end == End::Info).count();
    eprintln!("{} acknowledged, {n_unknown} unknown and sent again", traffic.history.n_ok());
    audit(&there, &traffic.history.ops(), &traffic.labels())
}

#[test]
fn a_failover_loses_nothing_where_the_standby_is_waited_for() {
    let Some(bin) = programs() else { return };
    for _ in 0..size(1, 20) {
        assert_eq!(failed_over(&bin, Standby::Waited), Vec::<String>::new());
    }
    // The control: a standby that nobody waits for has to lose something, or the trial shows nothing.
    let mut n_lost = 0;
    for _ in 0..size(1, 5) {
        n_lost +=
            failed_over(&bin, Standby::Loose).iter().filter(|one| one.contains("lost")).count();
    }
    eprintln!("the control lost {n_lost}");
    assert!(n_lost > 0, "a failover to a standby that lags loses nothing: it is no failover");
}

/// What is done to a server, each about a second long in the test command.
const HARASSMENT: [fn(&Cluster); 4] = [ended, stopped, locked, collided];

/// How long a server is harassed in a whole trial.
const HARASSED: Duration = Duration::from_mins(10);

/// Every session of the hub is ended, once a second.
fn ended(server: &Cluster) {
    for _ in 0..size(1, 5) {
        server.ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'doorstep'");
        server.ask("SELECT pg_sleep(1)");
    }
}

/// Every process that answers stands still. One that holds what others need stops them too: the server is asked nothing.
fn stopped(server: &Cluster) {
    let (_open, never) = channel::<()>();
    server.signal("STOP", "postgres hub");
    let _ = never.recv_timeout(Duration::from_secs(size(1, 30)));
    server.signal("CONT", "postgres hub");
}

/// A table is locked, so that every connection of the pool waits for it.
fn locked(server: &Cluster) {
    in_hub(
        server,
        "BEGIN; LOCK TABLE case_head IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1); COMMIT",
    );
}

/// The rows that every transaction reads are written again and again, so that decisions have to be made anew.
fn collided(server: &Cluster) {
    let write = "UPDATE number_block SET next = next + 1; UPDATE case_head SET seq = seq";
    in_hub(server, &[write; 6].join("; SELECT pg_sleep(0.1); "));
}

fn in_hub(server: &Cluster, sql: &str) {
    doorstep_db::testing::outside(&server.url("hub"), sql).expect("the server does as it is told");
}

#[test]
fn a_server_that_is_harassed_loses_nothing_and_hangs_nobody() {
    let Some(bin) = programs() else { return };
    let server = Cluster::new(&bin);
    server.start(&[]);
    server.ask("CREATE DATABASE hub LC_COLLATE 'C' TEMPLATE template0");
    let place = Place::on(&server.url("hub"));
    let hub = Hub::new(&place, &[]);
    hub.start();
    let traffic = Traffic::new(&place, &hub);
    let (mut chance, mut n_done) = (Chance::seeded(7), 0);
    traffic.during(|acknowledged| {
        heard(acknowledged, 20);
        let (each, began) = (HARASSMENT.into_iter(), Instant::now());
        let more = std::iter::from_fn(|| {
            (began.elapsed() < size(Duration::ZERO, HARASSED)).then(|| chance.of(&HARASSMENT))
        });
        for harass in each.chain(more) {
            n_done += 1;
            harass(&server);
            while acknowledged.try_recv().is_ok() {}
            let began = Instant::now();
            heard(acknowledged, 1);
            assert!(began.elapsed() < back_max(), "the hub was away for {:?}", began.elapsed());
        }
    });
    hub.stop();
    restart(&place);
    if size(false, true) {
        // Ten minutes leave more to do than a hub that is interrupted all the time gets done.
        settle(&place);
    }
    let ops = traffic.history.ops();
    let n_unknown = ops.iter().filter(|op| op.end == End::Info).count();
    eprintln!("{n_done} times, {} acknowledged, {n_unknown} sent again", traffic.history.n_ok());
    assert_eq!(n_hung(), 0, "somebody waited longer than {ANSWER_MAX:?}");
    assert_eq!(audit(&place, &ops, &traffic.labels()), Vec::<String>::new());
}
