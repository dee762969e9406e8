//! Time jumps: a machine's clock is put forward and back, and no clock rings early, twice or never.

#![expect(clippy::unwrap_used, reason = "a test has no use for an error")]

#[expect(dead_code, reason = "the small world is shared with other crates' tests")]
#[path = "../../app/tests/support/mod.rs"]
mod support;

use doorstep_app::{act, note};
use doorstep_case::clock::ClockEvent;
use doorstep_case::disputes::{DisputesCommand, EscalationReason};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Case, Command, Event, Recorded, Role};
use doorstep_store::notes::Visibility;
use doorstep_store::users::{self, User};
use doorstep_store::{cases, deadlines};
use doorstep_vocab::{CaseId, ClockId, Micros, UserId};
use doorstep_work::{Spool, run_once};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use support::orders::{Door, Order};
use support::world::{World, folder};

fn worlds() -> impl Iterator<Item = World> {
    [Some(World::sqlite()), World::postgres()].into_iter().flatten()
}

fn opened(world: &World) -> CaseId {
    world.take_now(&Order::nth(0).by(Door::Fhir, 0)).units[0].case_id.clone().unwrap()
}

fn load(world: &World, id: &CaseId) -> Case {
    world.app.db.read(|tx| cases::load(tx, id)).unwrap().unwrap()
}

fn record(world: &World, id: &CaseId) -> Vec<Recorded> {
    world.app.db.read(|tx| cases::record(tx, id)).unwrap()
}

/// Each ring of a record comes once, and not before its time.
fn check_rings(record: &[Recorded]) {
    let mut rings: BTreeMap<ClockId, Vec<(u8, i64)>> = BTreeMap::new();
    let mut rung = BTreeSet::new();
    for one in record {
        let Event::Clock(event) = &one.event else { continue };
        let id = event.clock_id().clone();
        match event {
            ClockEvent::Started(started) => {
                let warned = started.warn_at.iter().map(|(percent, at)| (*percent, at.0));
                rings.insert(id, warned.chain([(100, started.due_at.0)]).collect());
            }
            ClockEvent::Resumed { due_at, warn_at, .. }
            | ClockEvent::Moved { due_at, warn_at, .. }
            | ClockEvent::Extended { due_at, warn_at, .. } => {
                let warned = warn_at.iter().map(|(percent, at)| (*percent, at.0));
                rings.insert(id, warned.chain([(100, due_at.0)]).collect());
            }
            ClockEvent::Warned { .. } | ClockEvent::Missed { .. } => {
                let percent =
                    if let ClockEvent::Warned { percent, .. } = event { *percent } else { 100 };
                let (_, at) = rings[&id].iter().find(|(known, _)| *known == percent).unwrap();
                assert!(one.at.0 >= *at, "{id} at {percent} % rang early");
                assert!(rung.insert((id.clone(), percent)), "{id} at {percent} % rang twice");
            }
            ClockEvent::Paused { .. }
            | ClockEvent::Stopped { .. }
            | ClockEvent::Reopened { .. } => {}
        }
    }
}

#[test]
fn jumps_of_the_machines_clock_ring_nothing_early_twice_or_never() {
    for world in worlds() {
        let id = opened(&world);
        let outbox = folder();
        let spool = Spool::open(&outbox.path().join("outbox")).unwrap();
        let day = 24;
        for hours in [0, 1, -1, 5, -day, day, 2 * day, -day, 400 * day, -400 * day, 401 * day] {
            world.clock.pass(Micros::hours(hours));
            run_once(&world.app, &spool).unwrap();
            // Somebody works on, whatever the machine says the time is.
            note(&world.agent(), &id, Visibility::Hub, format!("after {hours} h").into()).unwrap();
            let case = load(&world, &id);
            let late =
                case.clocks.0.values().find(|clock| {
                    clock.next_at().is_some_and(|next_at| next_at <= world.clock.now())
                });
            assert!(late.is_none(), "not rung after {hours} h: {late:?}");
            let record = record(&world, &id);
            check_rings(&record);
            assert!(record.is_sorted_by_key(|one| one.at), "the record goes back in time");
        }
        let missed =
            record(&world, &id).iter().filter(|r| r.event.name() == "clock.missed").count();
        assert!(missed > 0, "nothing was due in a year");
    }
}

#[test]
fn a_lease_taken_by_a_clock_that_ran_ahead_holds_nothing_up() {
    for world in worlds() {
        opened(&world);
        let ahead = world.clock.now().plus(Micros::hours(400 * 24));
        let claim = |now, until| {
            world.app.db.write("claim", |tx| deadlines::claim(tx, now, until, 100)).unwrap()
        };
        let taken = claim(ahead, ahead.plus(Micros::minutes(1)));
        assert!(!taken.is_empty());
        let now = taken.iter().map(|due| due.next_at).max().unwrap();
        let until = now.plus(Micros::minutes(1));
        assert_eq!(
            claim(now, until).len(),
            taken.len(),
            "the lease of a year ahead is not trusted"
        );
        assert!(claim(now, until).is_empty(), "a lease of now is");
    }
}

fn letters(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn what_is_raised_to_the_supervisors_goes_to_each_of_them() {
    let world = World::sqlite();
    let id = opened(&world);
    for (name, role) in [("olu", Role::Supervisor), ("pia", Role::Supervisor), ("ana", Role::Agent)]
    {
        let user = User {
            user_id: UserId::from(name),
            name: name.to_owned(),
            role,
            password_hash: None,
            disabled_at: None,
            created_at: world.clock.now(),
            epoch: 0,
            team: None,
            phone: None,
        };
        world.app.db.write("user", |tx| users::create(tx, &user)).unwrap();
    }
    let agent = world.agent();
    act(&agent, &id, None, &Command::Intake(IntakeCommand::Assign("ana".into()))).unwrap();
    let raise = DisputesCommand::Escalate {
        escalation_id: "e-1".into(),
        level: 2,
        reason: EscalationReason::CallerAsked,
        call_id: None,
        message_id: None,
    };
    act(&agent, &id, None, &Command::Disputes(raise)).unwrap();
    let outbox = folder();
    let place = outbox.path().join("outbox");
    run_once(&world.app, &Spool::open(&place).unwrap()).unwrap();
    let texts: Vec<String> = letters(&place.join("staff"))
        .iter()
        .map(|letter| std::fs::read_to_string(letter).unwrap())
        .collect();
    let raised = texts.iter().find(|text| text.contains("escalated to level 2")).unwrap();
    assert!(raised.starts_with("To: staff supervisor (olu, pia)\n"), "{raised}");
    assert!(raised.contains("Case manager: ana."), "{raised}");
}
