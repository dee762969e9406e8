//! The desk that a visitor finds in the morning, and the one that a day leaves: busy, and not on fire.

use super::{World, world};
use crate::START;
use doorstep_app::desk;
use doorstep_case::closing::ReferralState;
use doorstep_case::delivery::Fulfilment;
use doorstep_case::{Actor, Case, Role};
use doorstep_store::worklist::{Filter, Queue};
use doorstep_vocab::{Micros, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// What stands on the desk.
#[derive(Debug)]
struct Census {
    open: usize,
    closed: usize,
    escalated: usize,
    at_risk: usize,
    /// Cases with a line whose visit did not take place.
    missed: usize,
    /// Cases with a visit ahead on the day.
    due_today: usize,
    /// Open cases by their next step.
    next: BTreeMap<String, usize>,
    /// Cases by queue, as the visitor's agent sees them.
    queues: BTreeMap<&'static str, u32>,
    states: BTreeSet<&'static str>,
}

fn census(world: &World) -> Census {
    let ctx = world.app.system("test");
    let (now, zone) = (world.app.now(), super::hub_zone());
    let cases: Vec<Case> =
        world.player.cases().map(|id| desk::case_for_form(&ctx, id).unwrap()).collect();
    let open: Vec<&Case> = cases.iter().filter(|case| case.is_open()).collect();
    let filter = Filter { queue: Queue::All, now, ..Filter::default() };
    let mut next = BTreeMap::new();
    for row in doorstep_app::worklist(&ctx, &filter, None, 1000).unwrap().rows {
        *next.entry(row.next_code).or_default() += 1;
    }
    let ana = Actor { user_id: UserId::from("ana"), role: Role::Agent };
    let queues = desk::queue_counts(&world.app.ctx(ana)).unwrap();
    let many = |test: &dyn Fn(&Case) -> bool| open.iter().filter(|case| test(case)).count();
    Census {
        open: open.len(),
        closed: cases.len() - open.len(),
        escalated: many(&|case| case.disputes.open_escalations().next().is_some()),
        at_risk: many(&|case| case.clocks.0.values().any(|clock| clock.is_at_risk(case))),
        missed: many(&|case| case.open_lines().any(|line| line.fulfilment == Fulfilment::Missed)),
        due_today: many(&|case| {
            let mut ahead = case.delivery.visits.values().filter(|visit| visit.is_ahead());
            ahead.any(|visit| visit.from.date(&zone) == now.date(&zone))
        }),
        next,
        queues: queues.into_iter().map(|(queue, n)| (queue.name(), n)).collect(),
        states: cases.iter().map(|case| ReferralState::of(case).code()).collect(),
    }
}

/// A hub that runs well has a few escalations, and looks at each.
fn assert_is_calm(census: &Census) {
    let percent = |n: usize| n * 100 / census.open;
    assert!((1..=12).contains(&percent(census.escalated)), "{census:#?}");
    assert!(percent(census.at_risk) <= 40, "{census:#?}");
    assert!((50..110).contains(&census.open) && census.closed >= 20, "{census:#?}");
}

/// Something to do of every kind: at the desk, and for everybody outside.
fn assert_is_busy(census: &Census) {
    let empty: Vec<_> = census.queues.iter().filter(|(_, n)| **n == 0).collect();
    assert!(empty.is_empty(), "{empty:?} {census:#?}");
    for state in ["clarifying", "complete", "in-progress", "closed"] {
        assert!(census.states.contains(state), "nothing is {state}: {census:#?}");
    }
    for codes in [&["triage"][..], &["await-answer"], &["await-auth"], &["await-provider"]] {
        assert!(codes.iter().any(|code| census.next.contains_key(*code)), "{codes:?} {census:#?}");
    }
}

#[test]
fn the_morning_finds_a_busy_desk_and_the_day_leaves_one_and_neither_burns() {
    let mut world = world(1, 2);
    world.player.begin();
    world.player.play_until(START).unwrap();
    let morning = census(&world);
    println!("{morning:#?}");
    assert_is_calm(&morning);
    assert_is_busy(&morning);
    assert!((1..=5).contains(&morning.missed) && morning.due_today >= 5, "{morning:#?}");
    world.player.watch();
    world.player.play_until(START.plus(Micros::hours(10))).unwrap();
    let evening = census(&world);
    println!("{evening:#?}");
    assert_is_calm(&evening);
    assert_is_busy(&evening);
    assert!(evening.closed > morning.closed + 5, "{evening:#?}");
}

#[test]
fn another_seed_is_another_desk_and_as_calm() {
    let mut world = world(2, 2);
    world.player.begin();
    world.player.play_until(START).unwrap();
    let morning = census(&world);
    assert_is_calm(&morning);
    assert_is_busy(&morning);
}
