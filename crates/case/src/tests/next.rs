//! What is next, and what is at risk: the nurse's turn, and clocks that alarm nobody.

use super::clocks::promises;
use super::world::{World, ask, item, offer, oxygen_order, schedule};
use crate::clock::Clock;
use crate::completeness::missing;
use crate::intake::{IntakeCommand, Priority};
use crate::{ClockRule, OnMiss, Referral, Urgency};

fn next(world: &World) -> &'static str {
    let lacking = missing(&world.case, &world.terms, world.now, &world.facts().hub_zone);
    crate::next_step(&world.case, &lacking).code
}

fn opened(urgency: Urgency) -> World {
    opened_with(urgency, OnMiss::Record)
}

/// An order that lacks its saturation, under packs whose reminder does `on_miss`.
fn opened_with(urgency: Urgency, on_miss: OnMiss) -> World {
    let mut order = Referral { urgency, ..oxygen_order() };
    order.facts.remove(&item("oxygen.spo2"));
    let mut world = World::new();
    for rule in world.terms.clocks.iter_mut().filter(|rule| rule.name == "chase") {
        rule.on_miss = on_miss;
    }
    world.act(super::world::refer(order));
    world.act(IntakeCommand::Acknowledge);
    world
}

#[test]
fn what_presses_is_triaged_before_anybody_asks_about_it() {
    let mut world = opened(Urgency::Urgent);
    assert_eq!(next(&world), "triage");
    world.act(IntakeCommand::Triage(Priority::P1));
    assert_eq!(next(&world), "ask");
}

#[test]
fn a_routine_order_is_triaged_once_its_questions_are_out() {
    let mut world = opened(Urgency::Routine);
    assert_eq!(next(&world), "ask");
    world.act(ask("ask-1", &["oxygen.spo2"]));
    assert_eq!(next(&world), "triage");
    world.act(IntakeCommand::Triage(Priority::P3));
    assert_eq!(next(&world), "await-answer");
}

#[test]
fn what_is_under_way_is_past_triage() {
    let mut world = World::authorized(1);
    world.act(IntakeCommand::Acknowledge);
    assert_eq!(next(&world), "triage");
    world.act(offer("o-1", "north", &[1]));
    assert_eq!(next(&world), "ask-benefits");
}

fn keeps(world: &World) -> &Clock {
    world.clock("keep-commitment:line-1")
}

/// The promise of `World::placed` ends on the 3rd at 17:00.
fn promised() -> World {
    let mut world = World::authorized(1);
    // Counted back, so that the warnings divide the time that is left.
    let back = |rule| ClockRule { before: true, ..rule };
    world.terms.clocks.extend(promises().into_iter().map(back));
    world.act(offer("o-1", "north", &[1]));
    world.act(super::world::accept("o-1", &[1], "2026-07-03 17:00"));
    world
}

#[test]
fn a_clock_puts_its_case_at_risk_when_three_quarters_are_gone() {
    let mut world = promised();
    assert!(!keeps(&world).is_at_risk(&world.case));
    world.at("2026-07-02 14:00").ring("keep-commitment:line-1");
    assert_eq!(keeps(&world).warned, [50]);
    assert!(!keeps(&world).is_at_risk(&world.case));
    world.at("2026-07-03 04:00").ring("keep-commitment:line-1");
    assert_eq!(keeps(&world).warned, [50, 75]);
    assert!(keeps(&world).is_at_risk(&world.case));
}

#[test]
fn what_somebody_comes_for_in_time_is_not_at_risk_and_what_they_come_late_for_is() {
    for (window, is_at_risk) in [
        (("2026-07-03 13:00", "2026-07-03 17:00"), false),
        (("2026-07-03 14:00", "2026-07-03 17:01"), true),
    ] {
        let mut world = promised();
        world.act(schedule("v-1", &[1], window));
        world.at("2026-07-03 04:00").ring("keep-commitment:line-1");
        assert_eq!(keeps(&world).is_at_risk(&world.case), is_at_risk, "{window:?}");
        world.at("2026-07-03 17:02").ring("keep-commitment:line-1");
        assert!(keeps(&world).is_at_risk(&world.case), "it has run out");
    }
}

#[test]
fn a_reminder_that_has_gone_out_is_due_no_more() {
    let mut world = opened_with(Urgency::Routine, OnMiss::Chase);
    world.act(ask("ask-1", &["oxygen.spo2"]));
    let chase = world.case.clocks.0.values().find(|clock| clock.started.rule == "chase").unwrap();
    let (id, due_at) = (chase.started.clock_id.to_string(), chase.started.due_at);
    world.now = due_at;
    assert!(world.ring(&id).contains(&"orders.chased"));
    let clock = world.clock(&id);
    assert!(clock.missed_at.is_some() && !clock.is_at_risk(&world.case));
    assert_ne!(
        world.case.clocks.next_due().map(|next| &next.started.clock_id),
        Some(&clock.started.clock_id)
    );
}

#[test]
fn a_promised_call_back_comes_before_waiting_and_behind_what_is_ours() {
    use crate::calls::{CallsCommand, Direction};
    let mut world = opened(Urgency::Routine);
    let call_id = doorstep_vocab::CallId::from("c-1");
    let (caller, reason) = ("discharge-planner".to_owned(), "status".to_owned());
    world.act(CallsCommand::Begin {
        call_id: call_id.clone(),
        direction: Direction::Inbound,
        caller,
        reason,
    });
    let promised_to = world.now.plus(doorstep_vocab::Micros::hours(1));
    world.act(CallsCommand::Promise { call_id: call_id.clone(), promised_to });
    assert_eq!(next(&world), "ask", "our own work goes on");
    world.act(ask("ask-1", &["oxygen.spo2"]));
    world.act(IntakeCommand::Triage(Priority::P3));
    assert_eq!(next(&world), "call-back");
    let lacking = missing(&world.case, &world.terms, world.now, &world.facts().hub_zone);
    let step = crate::next_step(&world.case, &lacking);
    assert_eq!(step.words, "call back as promised: discharge planner, about status");
    world.act(CallsCommand::Keep { call_id });
    assert_eq!(next(&world), "await-answer");
}
