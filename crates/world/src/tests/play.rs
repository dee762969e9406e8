//! Whole days: they play without a fault, and again the same.

use super::{World, at, world};
use crate::rng::fnv;
use doorstep_app::desk;
use doorstep_case::{Case, Recorded};
use doorstep_store::cases;
use doorstep_store::{jobs, receipts};
use doorstep_vocab::Micros;
use std::collections::BTreeMap;

fn records(world: &World) -> Vec<(Case, Vec<Recorded>)> {
    let ctx = world.app.system("test");
    let scope = ctx.scope().unwrap();
    let read = |id| {
        let case = desk::case_for_form(&ctx, id).unwrap();
        let record = world.app.db.read(|tx| cases::events(tx, &scope, id)).unwrap();
        (case, record)
    };
    world.player.cases().map(read).collect()
}

/// What happened to whom and when. Jobs of one instant run in the order of their ids, which are random.
fn digest(world: &World) -> Vec<u64> {
    let told = |(_, record): &(Case, Vec<Recorded>)| {
        let lines = record
            .iter()
            .map(|event| format!("{} {} {}", event.at, event.by.user_id, event.event.name()));
        let mut lines: Vec<String> = lines.collect();
        lines.sort();
        fnv(&lines.join("\n"))
    };
    records(world).iter().map(told).collect()
}

#[test]
fn two_days_play_without_a_fault_and_leave_a_full_desk() {
    let mut world = world(1, 1);
    world.player.begin();
    world.player.play_until(at("2026-11-23T23:00:00-05:00")).unwrap();
    let tally = world.player.tally().clone();
    println!("{tally:#?}");
    let records = records(&world);
    assert_eq!(tally.dead, 0, "no job was left to a person");
    assert_eq!(world.app.db.read(jobs::waiting_count).unwrap(), 0, "no job is left");
    let unfinished = world.app.db.read(|tx| receipts::unfinished(tx, "reading", 10)).unwrap();
    assert!(unfinished.is_empty(), "every file has an outcome");
    for id in world.player.cases() {
        let verdict = world.app.db.read(|tx| cases::replay_check(tx, id)).unwrap();
        assert!(verdict.is_same(), "{id}: {verdict:?}");
    }
    let opened = tally.units.get("opened").copied().unwrap_or(0);
    assert_eq!(usize::try_from(opened).unwrap(), records.len());
    assert!(opened >= 75, "{opened} cases");
    for outcome in ["linked", "queued", "unsupported", "refused", "updated"] {
        assert!(tally.units.contains_key(outcome), "no file came to {outcome}");
    }
    let mut names: BTreeMap<&str, u32> = BTreeMap::new();
    for event in records.iter().flat_map(|(_, record)| record) {
        *names.entry(event.event.name()).or_default() += 1;
    }
    println!("{names:#?}");
    for name in [
        "intake.acknowledged",
        "intake.triaged",
        "intake.assigned",
        "orders.asked",
        "orders.answered",
        "benefits.answered",
        "auth.approved",
        "auth.modified",
        "auth.denied",
        "auth.pended",
        "auth.not-required",
        "placement.accepted",
        "placement.declined",
        "placement.expired",
        "delivery.delivered",
        "delivery.partly-delivered",
        "delivery.missed",
        "disputes.escalated",
        "disputes.committed",
        "clock.missed",
        "calls.began",
        "calls.verified",
        "calls.promised",
        "calls.kept",
        "calls.ended",
        "calls.transferred",
        "disputes.complained",
        "disputes.complaint-acknowledged",
        "disputes.complaint-answered",
        "closing.closed",
    ] {
        assert!(names.contains_key(name), "never {name}");
    }
    let closed = records.iter().filter(|(case, _)| !case.is_open()).count();
    assert!((8..records.len() - 30).contains(&closed), "{closed} of {} are closed", records.len());
    let refused: u32 = tally.refused.values().sum();
    assert!(refused * 20 < tally.done, "the rules refused {refused} of {} commands", tally.done);
}

#[test]
fn the_same_seed_plays_the_same_day_and_another_does_not() {
    let played = |seed| {
        let mut world = world(seed, 0);
        world.player.begin();
        world.player.play_until(at("2026-11-23T14:00:00-05:00")).unwrap();
        digest(&world)
    };
    let first = played(7);
    assert!(first.len() > 20);
    assert_eq!(first, played(7));
    assert_ne!(first, played(8));
}

/// What chance decided of each case, without when: answers, declines, deliveries, in their order by who gave them.
fn decided(world: &World) -> Vec<Vec<&'static str>> {
    const DRAWN: [&str; 8] = [
        "benefits.answered",
        "auth.approved",
        "auth.denied",
        "auth.modified",
        "auth.pended",
        "placement.accepted",
        "placement.declined",
        "delivery.missed",
    ];
    let of_case = |(_, record): &(Case, Vec<Recorded>)| {
        let names = record.iter().map(|event| event.event.name());
        names.filter(|name| DRAWN.contains(name)).collect()
    };
    records(world).iter().map(of_case).collect()
}

/// A day that is looked at every few seconds, as a visitor's is, and one that is played from one thing to the next.
#[test]
fn how_often_the_world_looks_does_not_change_what_happens() {
    let played = |step: Option<Micros>| {
        let mut world = world(7, 0);
        world.player.begin();
        let until = at("2026-11-23T15:00:00-05:00");
        while let Some(step) = step.filter(|_| world.app.now() < until) {
            let next = world.app.now().plus(step).min(until);
            world.player.play_until(next).unwrap();
        }
        world.player.play_until(until).unwrap();
        decided(&world)
    };
    let (coarse, fine) = (played(None), played(Some(Micros::minutes(3))));
    assert!(coarse.iter().flatten().count() > 20, "{coarse:?}");
    let same = coarse.iter().zip(&fine).filter(|(one, other)| one == other).count();
    // At the very end one player may have done what the other is about to do.
    assert!(
        same * 10 >= coarse.len() * 9 && coarse.len() == fine.len(),
        "{same} of {} are alike",
        coarse.len()
    );
}
