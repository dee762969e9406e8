//! R18: ten times as much as on a busy day, all at once. What cannot be taken in time is told to come again, nothing is lost,
//! and people go on working. Source: trust.md 7.

use crate::audit::audit;
use crate::crowd::{Plan, Report, Town, start, use_hub};
use crate::history::End;
use crate::hub::Hub;
use crate::load::{audited, drained, whole_time};
use crate::size::size;
use crate::timings::{Came, Kind};
use doorstep_db::{Db, DbError, params};
use std::sync::mpsc::channel;
use std::time::Duration;

/// The bars.
const ACK_MAX: Duration = Duration::from_secs(5);
const PAGE_MAX: Duration = Duration::from_secs(1);
const BEHIND_MAX: Duration = Duration::from_mins(10);

/// What a machine that does ten other things at the same time keeps as well.
const GENEROUS: Duration = Duration::from_secs(20);

fn plan() -> Plan {
    size(
        Plan {
            agents: 6,
            outside: 2,
            think: Duration::from_secs(1),
            rate: 60,
            time: Duration::from_secs(4),
            cases: 30,
        },
        Plan {
            agents: 200,
            outside: 50,
            think: Duration::from_secs(10),
            rate: 200,
            time: whole_time(Duration::from_mins(5)),
            cases: 5_000,
        },
    )
}

#[test]
fn a_burst_is_taken_or_told_to_come_again_and_nothing_of_it_is_lost() {
    let plan = plan();
    let town = Town::new(plan);
    let report = Report::of(&town);
    // As many places over MLLP as there are partners: with fewer, who comes anew may be sent away once.
    let hub = Hub::new(&town.place, &["--mllp-connections", "250"]);
    start(&hub);
    use_hub(&town, &hub, plan, &report);
    let behind = drained(&town.place, BEHIND_MAX);
    hub.stop();
    eprintln!("{plan:?}\n{}done with the jobs {behind:?} later", report.timings.table());
    assert_eq!(report.timings.wrong(), Vec::<String>::new());
    let n_sent = usize::try_from(u64::from(plan.rate) * plan.time.as_secs()).unwrap();
    assert_eq!(report.n_taken(&town), n_sent, "each was taken in the end, and once");
    let acks = report.timings.of(99, Kind::Intake);
    assert!(acks <= size(GENEROUS, ACK_MAX), "acknowledged within {acks:?}");
    let is_page = |timing: &crate::timings::Timing| {
        timing.asked.kind() != Kind::Intake && !matches!(timing.came, Came::Later(_))
    };
    let pages = report.timings.percentile(95, is_page);
    assert!(pages <= size(GENEROUS, PAGE_MAX), "pages within {pages:?}");
    audited(&town, &report);
    the_audit_notices(&town, &report);
}

/// Planted: an order that was acknowledged and is nowhere.
fn the_audit_notices(town: &Town, report: &Report) {
    let asked = report.history.ask("an order that was never kept", None);
    report.history.answer(&asked, End::Ok(None));
    let found = audit(&town.place, &report.history.ops(), &report.labels());
    assert!(found.len() == 1 && found[0].contains("is lost"), "{found:?}");
}

/// The control: a store that stands still for longer than anybody waits. Whoever sends is told to come again and when, over
/// HTTP and over MLLP, and what they send again is taken once.
#[test]
fn what_comes_while_the_store_stands_still_is_told_to_come_again() {
    let plan = Plan {
        agents: 2,
        outside: 0,
        think: Duration::from_secs(1),
        rate: 12,
        time: Duration::from_secs(7),
        cases: 5,
    };
    let town = Town::new(plan);
    let report = Report::of(&town);
    let hub = Hub::new(&town.place, &["--files-at-once", "2"]);
    hub.start();
    std::thread::scope(|scope| {
        scope.spawn(|| use_hub(&town, &hub, plan, &report));
        let db = Db::open(town.place.db()).unwrap();
        let (_kept, never) = channel::<()>();
        let _ = never.recv_timeout(Duration::from_secs(1));
        let hold = db.write::<_, DbError>("hold", |tx| {
            let _ = never.recv_timeout(Duration::from_secs(6));
            tx.execute("UPDATE job SET attempts = attempts WHERE job_id = ''", params![])
        });
        hold.unwrap();
    });
    drained(&town.place, Duration::from_mins(1));
    hub.stop();
    eprintln!("{}", report.timings.table());
    assert_eq!(report.timings.wrong(), Vec::<String>::new());
    for kind in [crate::timings::Asked::X12, crate::timings::Asked::Mllp] {
        let all = report.timings.all();
        let later = |one: &&crate::timings::Timing| matches!(one.came, Came::Later(_));
        let n = all.iter().filter(|one| one.asked == kind).filter(later).count();
        assert!(n > 0, "nobody was told to come again by {kind:?}");
    }
    audited(&town, &report);
}
