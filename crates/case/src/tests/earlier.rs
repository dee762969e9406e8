//! Cases recorded before lines were complete each for itself, and before some clocks were kept for each line.

use super::world::{
    World, amend, discharge, item, line_of, no, ny, order_of, oxygen_order, schedule, withdraw,
};
use crate::clock::ClockEvent;
use crate::delivery::DeliveryCommand;
use crate::intake::IntakeCommand;
use crate::invariants;
use crate::orders::OrdersEvent;
use crate::{About, ClockRule, Event, Fact, From, Milli, OnMiss, Recorded, Referral, replay};

/// The record as it was written then: completeness of the order as a whole.
fn as_then(recorded: &Recorded) -> Recorded {
    let event = match &recorded.event {
        Event::Orders(OrdersEvent::LinesCompleted { .. }) => Event::Orders(OrdersEvent::Completed),
        Event::Orders(OrdersEvent::Lapsed { items, .. }) => {
            Event::Orders(OrdersEvent::Lapsed { items: items.clone(), lines: Vec::new() })
        }
        event => event.clone(),
    };
    Recorded { event, ..recorded.clone() }
}

fn back_then(mut world: World) -> World {
    world.record = world.record.iter().map(as_then).collect();
    world.case = replay(world.case.id.clone(), &world.record);
    world
}

fn liters() -> IntakeCommand {
    amend(&[("oxygen.lpm", Fact::Number(Milli::whole(2)))])
}

#[test]
fn an_order_complete_as_a_whole_was_complete_in_each_open_line() {
    let world = World::opened(order_of(2));
    let then = back_then(world.clone());
    assert_eq!(then.case, world.case);
    let mut lapsed = World::opened(order_of(2));
    lapsed.act(withdraw("member.name"));
    assert_eq!(back_then(lapsed.clone()).case, lapsed.case);
}

#[test]
fn an_earlier_case_goes_on_without_a_clock_of_its_own_twice() {
    let mut world = World::opened(order_of(2));
    world.at("2026-07-01 10:00").act(withdraw("member.name"));
    let mut world = back_then(world);
    let added = world.at("2026-07-01 12:00").act(amend(&[("member.name", Fact::Held)]));
    assert_eq!(added[1..], ["orders.completed", "clock.resumed", "clock.resumed"]);
    assert_eq!(world.due("schedule:line-2"), ny("2026-07-04 11:00"));
    assert_eq!(invariants::timed(&world.case, &world.terms.clocks), Ok(()));
}

#[test]
fn a_lapse_that_stopped_every_line_lets_go_those_that_lack_nothing() {
    let mut order = order_of(2);
    order.facts.remove(&item("oxygen.lpm"));
    let mut world = World::opened(order_of(2));
    world.act(withdraw("oxygen.lpm"));
    // Then, the bed stood still with the oxygen.
    let pause = Event::Clock(ClockEvent::Paused { clock_id: "schedule:line-2".into() });
    let seq = world.case.seq + 1;
    world.record.push(Recorded { seq, at: world.now, by: world.facts().actor, event: pause });
    let mut world = back_then(world);
    assert!(!world.clock("schedule:line-2").is_running());
    let added = world.act(IntakeCommand::Note("note-1".into()));
    assert_eq!(added, ["intake.noted", "orders.completed", "clock.resumed"]);
    assert!(world.clock("schedule:line-2").is_running());
    assert!(!world.clock("schedule:line-1").is_running());
    assert_eq!(world.act(liters())[1..], ["orders.completed", "clock.resumed"]);
}

#[test]
fn a_line_that_was_added_without_a_clock_has_one_from_the_next_act_on() {
    let mut world = World::opened(order_of(1));
    world.act(IntakeCommand::AddLine(line_of("E0260", 1)));
    // Then, nothing followed from a line that left the order complete.
    let is_of_line_2 = |recorded: &Recorded| match &recorded.event {
        Event::Orders(OrdersEvent::LinesCompleted { lines }) => *lines == [no(2)],
        Event::Clock(ClockEvent::Started(started)) => started.clock_id.0.ends_with("line-2"),
        _ => false,
    };
    world.record.retain(|recorded| !is_of_line_2(recorded));
    (1..).zip(&mut world.record).for_each(|(seq, recorded)| recorded.seq = seq);
    let mut world = back_then(world);
    assert_eq!(world.case.lines[&no(2)].order.completed_at, None);
    let added = world.at("2026-07-01 16:00").act(IntakeCommand::Note("note-1".into()));
    assert_eq!(added, ["intake.noted", "orders.completed", "clock.started"]);
    assert_eq!(world.due("schedule:line-2"), ny("2026-07-04 16:00"));
    assert_eq!(invariants::timed(&world.case, &world.terms.clocks), Ok(()));
}

/// The clock of the discharge as it is now kept: one for each line.
fn critical() -> ClockRule {
    ClockRule {
        from: From::Discharge,
        before: true,
        on_miss: OnMiss::Escalate(2),
        reopens: vec!["delivery.visit-cancelled".to_owned()],
        ..super::clocks::rule(
            "discharge-critical",
            About::Line,
            "24 h",
            ["intake.discharge-moved intake.line-added", "delivery.confirmed"],
        )
    }
}

#[test]
fn a_clock_that_was_kept_for_the_case_stops_as_it_did_and_is_not_doubled() {
    let order = Referral { discharge: Some(discharge("2026-07-05 18:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    assert!(world.clock("discharge-critical:case").is_running());
    world.terms.clocks.retain(|rule| rule.name != "discharge-critical");
    world.terms.clocks.push(critical());
    let added = world.act(IntakeCommand::MoveDischarge(discharge("2026-07-06 18:00")));
    assert!(!added.contains(&"clock.started"), "{added:?}");
    assert_eq!(world.due("discharge-critical:case"), ny("2026-07-05 18:00"));
    let answer = crate::auth::Determination::NotRequired { proof: "call 4711".to_owned() };
    world.act(crate::auth::AuthCommand::Determine { line: no(1), answer });
    world.act(super::world::offer("o-1", "north", &[1]));
    world.act(super::world::accept("o-1", &[1], "2026-07-03 17:00"));
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    let added = world.act(DeliveryCommand::Confirm { visit_id: "v-1".into() });
    assert_eq!(added, ["delivery.confirmed", "clock.stopped"]);
    assert!(!world.clock("discharge-critical:case").is_live());
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-07 18:00")));
    assert!(world.clock("discharge-critical:line-1").is_live(), "from now on for each line");
}

#[test]
fn a_case_wide_clock_of_the_schedule_goes_on_and_a_line_that_came_later_has_its_own() {
    let mut world = World::new();
    for rule in world.terms.clocks.iter_mut().filter(|rule| rule.name == "schedule") {
        rule.about = About::Case;
        rule.custom = None;
    }
    let mut order = order_of(2);
    order.lines.truncate(1);
    world.act(super::world::refer(order));
    assert!(world.clock("schedule:case").is_running());
    world.terms = World::new().terms;
    let added = world.at("2026-07-01 10:00").act(withdraw("oxygen.lpm"));
    assert_eq!(added, ["intake.amended", "orders.lapsed", "clock.paused"]);
    let added = world.at("2026-07-01 11:00").act(liters());
    assert_eq!(added, ["intake.amended", "orders.completed", "clock.resumed"], "not doubled");
    let added = world.act(IntakeCommand::AddLine(line_of("E0260", 1)));
    assert_eq!(added, ["intake.line-added", "orders.completed", "clock.started"]);
    assert!(world.clock("schedule:line-2").is_running());
    assert_eq!(world.case.clocks.0.keys().filter(|id| id.0.starts_with("schedule")).count(), 2);
}
