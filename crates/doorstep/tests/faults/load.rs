//! R17: a working day's load. Agents at their pages, programs outside, and partners that send at a fixed rate. Source: trust.md 7.

use crate::audit::{audit, count};
use crate::crowd::{Plan, Report, Town, start, use_hub};
use crate::history::History;
use crate::hub::Hub;
use crate::size::size;
use crate::support::Place;
use crate::timings::{Asked, Kind};
use doorstep_db::Db;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

/// The bars, on one processor for the hub and another for everybody who uses it.
const READ_MAX: Duration = Duration::from_millis(300);
const WRITE_MAX: Duration = Duration::from_millis(500);

/// What a machine that does ten other things at the same time keeps as well.
const GENEROUS: Duration = Duration::from_secs(10);

fn plan() -> Plan {
    size(
        Plan {
            agents: 10,
            outside: 3,
            think: Duration::from_millis(800),
            rate: 6,
            time: Duration::from_secs(6),
            cases: 60,
        },
        Plan {
            agents: 200,
            outside: 50,
            think: Duration::from_secs(10),
            rate: 20,
            time: whole_time(Duration::from_mins(10)),
            cases: 5_000,
        },
    )
}

/// How long a whole trial goes on: `DOORSTEP_SECONDS` makes it shorter, to try it.
pub fn whole_time(whole: Duration) -> Duration {
    let given = std::env::var("DOORSTEP_SECONDS").ok().and_then(|text| text.parse().ok());
    given.map_or(whole, Duration::from_secs)
}

/// Waits until what changes left to do is done, and returns how long that took.
pub fn drained(place: &Place, patience: Duration) -> Duration {
    let db = Db::open(place.db()).unwrap();
    let began = Instant::now();
    let (_kept, never) = channel::<()>();
    loop {
        let left = "SELECT COUNT(*) AS n FROM job WHERE done_at IS NULL AND dead_at IS NULL AND attempts = 0";
        let n = count(&db, left);
        if n == 0 {
            return began.elapsed();
        }
        assert!(began.elapsed() < patience, "{n} jobs wait after {patience:?}");
        // A pause, which nobody ends.
        let _ = never.recv_timeout(Duration::from_millis(200));
    }
}

/// What every trial of load ends with.
pub fn audited(town: &Town, report: &Report) {
    let history: &History = &report.history;
    assert_eq!(audit(&town.place, &history.ops(), &report.labels()), Vec::<String>::new());
}

#[test]
fn a_working_days_load_is_answered_in_time_and_without_an_error() {
    let plan = plan();
    let town = Town::new(plan);
    let report = Report::of(&town);
    let hub = Hub::new(&town.place, &[]);
    start(&hub);
    use_hub(&town, &hub, plan, &report);
    let behind = drained(&town.place, Duration::from_mins(1));
    hub.stop();
    eprintln!("{plan:?}\n{}done with the jobs {behind:?} later", report.timings.table());
    assert_eq!(report.timings.wrong(), Vec::<String>::new());
    assert_eq!(report.timings.n_later(), 0, "nobody has to come again");
    let n_sent = usize::try_from(u64::from(plan.rate) * plan.time.as_secs()).unwrap();
    assert_eq!(report.n_taken(&town), n_sent);
    for (kind, bar) in [(Kind::Read, READ_MAX), (Kind::Write, WRITE_MAX), (Kind::Intake, WRITE_MAX)]
    {
        let p95 = report.timings.of(95, kind);
        assert!(p95 > Duration::ZERO && p95 <= size(GENEROUS, bar), "{kind:?}: {p95:?}");
    }
    audited(&town, &report);
}

/// The control: a hub that stands still for a while is felt by everybody who would have asked meanwhile, and not only by
/// those whose request was under way.
#[test]
fn a_hub_that_stands_still_is_felt_by_all_who_would_have_asked() {
    const STILL: Duration = Duration::from_secs(2);
    let plan = Plan {
        agents: 0,
        outside: 0,
        think: Duration::ZERO,
        rate: 20,
        time: Duration::from_secs(4),
        cases: 1,
    };
    let town = Town::new(plan);
    let report = Report::of(&town);
    let hub = Hub::new(&town.place, &[]);
    hub.start();
    let id = hub.id().unwrap().to_string();
    std::thread::scope(|scope| {
        scope.spawn(|| use_hub(&town, &hub, plan, &report));
        let (_kept, never) = channel::<()>();
        for (pause, signal) in [(Duration::from_secs(1), "-STOP"), (STILL, "-CONT")] {
            let _ = never.recv_timeout(pause);
            crate::inner::run("kill", &[signal, &id]);
        }
    });
    hub.stop();
    let all = report.timings.all();
    let felt = all.iter().filter(|timing| timing.took >= STILL / 4).count();
    // Of those that were due in the two seconds, those of the first one and a half.
    assert!(felt >= 25, "only {felt} of {} felt it\n{}", all.len(), report.timings.table());
    let longest = report.timings.percentile(100, |timing| timing.asked != Asked::Renewal);
    assert!(longest >= STILL * 3 / 4, "{longest:?}");
}
