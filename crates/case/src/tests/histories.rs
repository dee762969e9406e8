//! Random histories: `decide` never panics, what it decides applies, and any record replays to the state it made.
//!
//! A failure prints its seed. `DOORSTEP_SEED=<n> cargo test -p doorstep-case histories` runs that one alone.

use super::chance::Chance;
use super::world;
use super::world::{World, amend, refer};
use crate::clock::{ClockEvent, ClockState};
use crate::delivery::DeliveryCommand;
use crate::intake::IntakeCommand;
use crate::invariants;
use crate::orders::OrdersCommand;
use crate::{
    About, Case, ClockRule, Command, EVENT_NAMES, Event, Fact, Milli, OnMiss, Recorded, Role,
    apply, decide, replay,
};
use doorstep_vocab::{Micros, Timestamp};
use std::collections::BTreeSet;

const HISTORIES: u64 = 2_000;
const COMMANDS: u64 = 60;

fn seeds(n: u64) -> Vec<u64> {
    match option_env!("DOORSTEP_SEED") {
        Some(seed) => vec![seed.parse().expect("DOORSTEP_SEED is a number")],
        None => (1..=n).collect(),
    }
}

/// Lives one case's life; `check` sees the case before, the world after, and the events of every command.
pub(super) fn live_between(
    seed: u64,
    mut check: impl FnMut(&Case, &mut World, (&Command, &[Event])),
) -> World {
    let mut chance = Chance(seed);
    let mut world = World::new();
    let ends = "orders.answered orders.ask-withdrawn";
    let remind = super::clocks::rule("remind", About::Ask, "5 h", ["orders.asked", ends]);
    world.terms.clocks.push(ClockRule { on_miss: OnMiss::Chase, ..remind });
    let silent = super::clocks::rule("silent", About::Ask, "9 h", ["orders.asked", ends]);
    world.terms.clocks.push(ClockRule { on_miss: OnMiss::Notify, ..silent });
    world.terms.clocks.extend(super::clocks::promises());
    world.terms.clocks.push(super::clocks::place());
    world.terms.clocks.push(crate::calls::tests::call_back());
    let order = chance.referral(world.now);
    world.attempt(refer(order)).expect("a referral opens a case");
    for _ in 0..COMMANDS {
        world.now = world.now.plus(chance.wait());
        let command = chance.command(&world);
        world.role = if chance.one_in(3) { Role::System } else { Role::Agent };
        let before = world.case.clone();
        if let Ok(events) = world.attempt(command.clone()) {
            check(&before, &mut world, (&command, &events));
        }
    }
    world
}

/// The same, where nobody asks what was before.
fn live(seed: u64, mut check: impl FnMut(&mut World, &Command, &[Event])) -> World {
    live_between(seed, |_, world, (command, events)| check(world, command, events))
}

/// Commands that are each a new act, however alike: a chase, a line more, a part of what is owed.
fn may_repeat(command: &Command) -> bool {
    matches!(
        command,
        Command::Orders(OrdersCommand::Chase(_))
            | Command::Intake(IntakeCommand::AddLine(_))
            | Command::Delivery(DeliveryCommand::PickUp { .. })
    )
}

#[test]
fn any_history_keeps_the_rules_and_replays_to_its_state() {
    for seed in seeds(HISTORIES) {
        let world = live(seed, |world, command, _| {
            let timed = || invariants::timed(&world.case, &world.terms.clocks);
            let found = || invariants::completeness(&world.case, &world.facts());
            let sound =
                invariants::state(&world.case).and_then(|()| found()).and_then(|()| timed());
            if let Err(words) = sound {
                panic!("seed {seed}: {words} after {command:?}");
            }
            let again = decide(&world.case, command, &world.facts());
            let adds = again.unwrap_or_default();
            assert!(
                adds.is_empty() || may_repeat(command),
                "seed {seed}: {command:?} twice: {adds:?}"
            );
        });
        if let Err(words) = invariants::record(&world.record) {
            panic!("seed {seed}: {words}");
        }
        assert_eq!(replay(world.case.id.clone(), &world.record), world.case, "seed {seed}");
    }
}

#[test]
fn any_record_and_any_state_survive_json() {
    for seed in seeds(300) {
        let world = live(seed, |_, _, _| {});
        let text = serde_json::to_string(&world.record).unwrap();
        let read: Vec<Recorded> = serde_json::from_str(&text).unwrap();
        assert_eq!(read, world.record, "seed {seed}");
        let text = serde_json::to_string(&world.case).unwrap();
        assert_eq!(serde_json::from_str::<Case>(&text).unwrap(), world.case, "seed {seed}");
    }
}

#[test]
fn no_event_holds_a_name_or_an_address() {
    for seed in seeds(100) {
        let world = live(seed, |_, _, _| {});
        let text = serde_json::to_string(&world.record).unwrap();
        for personal in ["Testa", "Example", "Test Street", "TEST-0001", "555-01", "1950-01-01"] {
            assert!(!text.contains(personal), "seed {seed}: {personal}");
        }
    }
}

/// A replay with a fault planted in it: it forgets every event of one name.
fn replay_forgetting(record: &[Recorded], forgotten: &str) -> Case {
    let mut case = Case::new("case-1".into());
    for recorded in record {
        if recorded.event.name() == forgotten {
            case.seq = recorded.seq;
            case.recorded_at = recorded.at.max(case.recorded_at);
        } else {
            apply(&mut case, recorded);
        }
    }
    case
}

#[test]
fn a_replay_that_forgets_any_kind_of_event_is_caught() {
    let all: BTreeSet<&str> = EVENT_NAMES.iter().flat_map(|names| names.iter().copied()).collect();
    let mut caught = BTreeSet::new();
    for seed in 1..=HISTORIES {
        let world = live(seed, |_, _, _| {});
        for name in all.difference(&caught.clone()) {
            if replay_forgetting(&world.record, name) != world.case {
                caught.insert(*name);
            }
        }
        if caught.len() == all.len() {
            break;
        }
    }
    assert_eq!(all.difference(&caught).collect::<Vec<_>>(), Vec::<&&str>::new(), "never caught");
}

#[test]
fn a_clock_that_rings_twice_is_caught() {
    let mut world = World::oxygen();
    world.at("2026-07-02 21:00").ring("schedule:line-1");
    world.at("2026-07-04 09:00").ring("schedule:line-1");
    assert_eq!(invariants::record(&world.record), Ok(()));
    for name in ["clock.warned", "clock.missed"] {
        let at = world.record.iter().position(|recorded| recorded.event.name() == name).unwrap();
        let mut record = world.record.clone();
        record.insert(at, record[at].clone());
        (1..).zip(&mut record).for_each(|(seq, recorded)| recorded.seq = seq);
        assert!(invariants::record(&record).is_err(), "{name}");
    }
}

#[test]
fn days_counted_as_24_hours_are_caught() {
    let mut world = World::oxygen();
    world.act(amend(&[("oxygen.lpm", Fact::Number(Milli::whole(3)))]));
    let (lines, trace) = (vec![world::no(1)], "T-1".to_owned());
    world.act(amend(&[("oxygen.test-on", Fact::On(world::on("2026-07-01")))]));
    world.at("2026-10-29 09:00");
    world.act(IntakeCommand::MoveDischarge(world::discharge("2026-11-20 09:00")));
    let tested = ("oxygen.test-on", Fact::On(world::on("2026-10-28")));
    world.act(amend(&[tested]));
    let _ = world.attempt(crate::auth::AuthCommand::Request {
        lines,
        trace,
        expedited: false,
        received_at: None,
    });
    let rule =
        super::clocks::rule("days", crate::About::Case, "7 calendar days", ["intake.noted", ""]);
    world.terms.clocks.push(rule);
    world.act(IntakeCommand::Note("note-1".into()));
    let mut clock = world.clock("days:case").clone();
    assert_eq!(invariants::clock(&clock), Ok(()));
    let midnight = world::ny("2026-10-30 00:00");
    clock.started.due_at = midnight.plus(Micros::hours(7 * 24));
    assert!(invariants::clock(&clock).is_err(), "the clocks change within the span");
}

#[test]
fn a_clock_that_never_stops_standing_still_is_caught() {
    let mut world = World::oxygen();
    let mut clock = world.clock("schedule:line-1").clone();
    clock.state = ClockState::Paused(world.now);
    assert_eq!(clock.next_at(), None);
    let paused = Event::Clock(ClockEvent::Paused { clock_id: clock.started.clock_id });
    let seq = world.case.seq + 1;
    let recorded = Recorded { seq, at: world.now, by: world.facts().actor, event: paused };
    world.record.push(recorded.clone());
    world.record.push(Recorded { seq: seq + 1, ..recorded });
    assert!(invariants::record(&world.record).is_err());
}

#[test]
fn a_record_with_a_gap_is_a_bug_that_shows() {
    let world = World::oxygen();
    let mut record = world.record;
    record.remove(1);
    assert!(invariants::record(&record).is_err());
}

#[test]
fn time_that_runs_backwards_does_no_harm() {
    for seed in seeds(200) {
        let mut chance = Chance(seed);
        let mut world = World::oxygen();
        for _ in 0..COMMANDS {
            world.now = Timestamp(world.now.0 + chance.wait().0 - Micros::hours(8).0);
            let command = chance.command(&world);
            let _ = world.attempt(command);
        }
        assert_eq!(replay(world.case.id.clone(), &world.record), world.case, "seed {seed}");
    }
}
