//! Lines that are complete each for itself: one goes on while another waits, and each has its own clocks.

use super::clocks::{place, rule};
use super::world::{
    World, accept, amend, ask, item, line_of, no, ny, offer, on, order_of, schedule, withdraw,
};
use crate::auth::{AuthCommand, Determination};
use crate::clock::ClockState;
use crate::closing::{CancelReason, ClosingCommand, ReferralState, ReopenReason};
use crate::completeness::missing;
use crate::delivery::{DeliveryCommand, MissReason};
use crate::intake::{IntakeCommand, Priority};
use crate::orders::OrdersEvent;
use crate::{
    About, Blocks, ClockRule, Event, Fact, Family, LineRequest, Milli, Referral, Requirement,
    ServiceLine, next_step, others_waiting, waiting,
};
use doorstep_vocab::LineNo;
use std::sync::Arc;

/// Oxygen that lacks its liters, and a bed that lacks nothing.
fn oxygen_lacks() -> Referral {
    let mut order = order_of(2);
    order.facts.remove(&item("oxygen.lpm"));
    order
}

fn liters() -> IntakeCommand {
    amend(&[("oxygen.lpm", Fact::Number(Milli::whole(2)))])
}

fn last_completed(world: &World) -> Vec<LineNo> {
    let events = world.record.iter().rev().filter_map(|recorded| match &recorded.event {
        Event::Orders(OrdersEvent::LinesCompleted { lines }) => Some(lines.clone()),
        _ => None,
    });
    events.take(1).next().unwrap_or_default()
}

fn has_clock(world: &World, id: &str) -> bool {
    world.case.clocks.0.contains_key(&id.into())
}

fn no_auth(line: u16) -> AuthCommand {
    let answer = Determination::NotRequired { proof: "call 4711".to_owned() };
    AuthCommand::Determine { line: no(line), answer }
}

fn cancel(line: u16) -> ClosingCommand {
    ClosingCommand::CancelLine { line: no(line), reason: CancelReason::CancelledByMember }
}

fn reopen(line: u16) -> ClosingCommand {
    ClosingCommand::ReopenLine { line: no(line), reason: ReopenReason::MemberWants }
}

fn classify(line: u16, service: ServiceLine, family: &str) -> IntakeCommand {
    IntakeCommand::Classify { line: no(line), service, family: Family(family.to_owned()) }
}

/// A world with more clocks than the usual ones.
fn with_clocks(more: Vec<ClockRule>, order: Referral) -> World {
    let mut world = World::new();
    world.terms.clocks.extend(more);
    world.act(super::world::refer(order));
    world
}

#[test]
fn a_complete_line_goes_on_while_another_waits() {
    let mut world = World::opened(oxygen_lacks());
    assert_eq!(last_completed(&world), [no(2)]);
    assert!(has_clock(&world, "schedule:line-2") && !has_clock(&world, "schedule:line-1"));
    assert_eq!(world.case.completed_at(), None);
    world.act(no_auth(2));
    world.act(offer("o-1", "north", &[2]));
    world.act(accept("o-1", &[2], "2026-07-03 17:00"));
    let added = world.act(schedule("v-1", &[2], ("2026-07-02 10:00", "2026-07-02 12:00")));
    assert_eq!(added, ["delivery.scheduled", "clock.stopped"]);
    world.act(no_auth(1));
    world.act(offer("o-2", "north", &[1]));
    world.act(accept("o-2", &[1], "2026-07-03 17:00"));
    let window = ("2026-07-02 10:00", "2026-07-02 12:00");
    assert_eq!(world.refused(schedule("v-2", &[1], window)), "order-incomplete");
}

#[test]
fn the_line_that_is_complete_later_has_its_clock_from_then_on() {
    let mut world = World::opened(oxygen_lacks());
    let due = world.due("schedule:line-2");
    world.at("2026-07-01 13:00");
    assert_eq!(world.act(liters()), ["intake.amended", "orders.completed", "clock.started"]);
    assert_eq!(last_completed(&world), [no(1)]);
    assert_eq!(world.due("schedule:line-1"), ny("2026-07-04 13:00"));
    assert_eq!(world.due("schedule:line-2"), due);
    assert_eq!(world.case.completed_at(), Some(ny("2026-07-01 13:00")));
    let order = world.case.lines[&no(2)].order;
    assert_eq!(order.completed_at, Some(ny("2026-07-01 09:00")));
}

#[test]
fn a_line_added_to_a_complete_order_has_its_own_clock_at_once() {
    let mut world = World::scheduled(1);
    world.at("2026-07-01 15:00");
    let added = world.act(IntakeCommand::AddLine(line_of("E0260", 1)));
    assert_eq!(added, ["intake.line-added", "orders.completed", "clock.started"]);
    assert_eq!(last_completed(&world), [no(2)]);
    assert_eq!(world.due("schedule:line-2"), ny("2026-07-04 15:00"));
    assert!(!world.clock("schedule:line-1").is_live() && !has_clock(&world, "schedule:line-1#2"));
}

#[test]
fn a_line_that_comes_back_complete_goes_on_under_its_clock() {
    let mut world = World::opened(order_of(2));
    world.act(cancel(2));
    world.act(withdraw("oxygen.lpm"));
    let added = world.act(reopen(2));
    assert_eq!(added, ["closing.line-reopened", "clock.reopened"]);
    assert!(world.clock("schedule:line-2").is_running());
    assert!(matches!(world.clock("schedule:line-1").state, ClockState::Paused(_)));
}

#[test]
fn a_line_that_comes_back_lacking_something_stands_still() {
    let mut world = World::opened(order_of(2));
    world.act(cancel(1));
    assert_eq!(world.act(withdraw("oxygen.lpm")), ["intake.amended"], "nobody waits for it");
    let added = world.act(reopen(1));
    let expected = ["closing.line-reopened", "clock.reopened", "orders.lapsed", "clock.paused"];
    assert_eq!(added, expected);
    assert_eq!(world.act(liters()), ["intake.amended", "orders.completed", "clock.resumed"]);
}

#[test]
fn a_line_that_was_never_complete_before_its_end_has_a_clock_once_it_is() {
    let mut world = World::opened(oxygen_lacks());
    world.act(cancel(1));
    world.at("2026-07-02 09:00").act(liters());
    let added = world.act(reopen(1));
    assert_eq!(added, ["closing.line-reopened", "orders.completed", "clock.started"]);
    assert_eq!(world.due("schedule:line-1"), ny("2026-07-05 09:00"));
}

#[test]
fn the_pause_of_a_line_that_ends_counts_when_it_comes_back() {
    let mut world = World::opened(order_of(2));
    let due = world.due("schedule:line-1");
    world.act(withdraw("oxygen.lpm"));
    world.at("2026-07-01 11:00");
    assert_eq!(world.act(cancel(1))[1..], ["clock.resumed", "clock.stopped"]);
    let added = world.act(reopen(1));
    assert_eq!(added, ["closing.line-reopened", "clock.reopened", "clock.paused"]);
    world.act(liters());
    assert_eq!(world.due("schedule:line-1"), due.plus(doorstep_vocab::Micros::hours(2)));
}

#[test]
fn what_every_line_needs_stops_every_line() {
    let mut world = World::opened(order_of(2));
    let added = world.act(withdraw("member.name"));
    assert_eq!(added, ["intake.amended", "orders.lapsed", "clock.paused", "clock.paused"]);
    let lapsed = world.record.iter().find_map(|recorded| match &recorded.event {
        Event::Orders(OrdersEvent::Lapsed { items, lines }) => Some((items.clone(), lines.clone())),
        _ => None,
    });
    assert_eq!(lapsed, Some((vec![item("member.name")], vec![no(1), no(2)])));
    let added = world.act(amend(&[("member.name", Fact::Held)]));
    assert_eq!(added[1..], ["orders.completed", "clock.resumed", "clock.resumed"]);
    assert_eq!(last_completed(&world), [no(1), no(2)], "one event for both");
}

#[test]
fn what_one_line_needs_stops_no_other() {
    let mut world = World::opened(order_of(2));
    let added = world.act(withdraw("oxygen.lpm"));
    assert_eq!(added, ["intake.amended", "orders.lapsed", "clock.paused"]);
    assert!(world.clock("schedule:line-2").is_running());
}

/// The signature stops oxygen, and of everything only the bill.
fn billed_by_signature(world: &mut World) {
    let mut dme = (*world.terms.lines[&ServiceLine::Dme]).clone();
    let of_oxygen = dme.requirements.iter().find(|r| r.item == item("order.signed-on")).unwrap();
    let bills = Requirement {
        families: Vec::new(),
        blocks: Blocks { billing: true, ..Blocks::default() },
        ..of_oxygen.clone()
    };
    dme.requirements.push(bills);
    world.terms.lines.insert(ServiceLine::Dme, Arc::new(dme));
}

#[test]
fn what_stops_one_line_and_only_the_bill_of_another_lets_that_one_go_on() {
    let mut order = order_of(2);
    order.facts.remove(&item("order.signed-on"));
    let mut world = World::new();
    billed_by_signature(&mut world);
    world.act(super::world::refer(order));
    assert_eq!(last_completed(&world), [no(2)]);
    let lacking = missing(&world.case, &world.terms, world.now, &world.facts().hub_zone);
    let signed = lacking.iter().find(|m| m.item == item("order.signed-on")).unwrap();
    assert!(signed.concerns(no(2)) && !signed.stops_line(no(2)) && signed.stops_line(no(1)));
    world.act(no_auth(2));
    world.act(offer("o-1", "north", &[2]));
    world.act(accept("o-1", &[2], "2026-07-03 17:00"));
    world.act(schedule("v-1", &[2], ("2026-07-02 10:00", "2026-07-02 12:00")));
}

/// Oxygen whose diagnosis is wanted before the payer is asked, beside a bed that needs none.
fn oxygen_lacks_diagnosis() -> World {
    let mut world = World::new();
    let mut dme = (*world.terms.lines[&ServiceLine::Dme]).clone();
    for requirement in dme.requirements.iter_mut().filter(|r| r.item == item("order.diagnosis")) {
        requirement.families = vec![Family("oxygen".to_owned())];
    }
    world.terms.lines.insert(ServiceLine::Dme, Arc::new(dme));
    let mut order = order_of(2);
    order.diagnoses = Vec::new();
    world.act(super::world::refer(order));
    world
}

#[test]
fn the_payer_is_asked_about_the_line_that_lacks_nothing() {
    let mut world = oxygen_lacks_diagnosis();
    let request = |lines: &[u16], trace: &str| AuthCommand::Request {
        lines: lines.iter().map(|n| no(*n)).collect(),
        trace: trace.to_owned(),
        expedited: false,
        received_at: None,
    };
    assert_eq!(world.refused(request(&[1], "T-1")), "order-incomplete");
    assert_eq!(world.refused(request(&[1, 2], "T-1")), "order-incomplete");
    assert_eq!(world.act(request(&[2], "T-1"))[0], "auth.requested");
}

#[test]
fn a_line_planned_before_it_was_complete_has_no_clock_until_the_plan_fails() {
    let mut world = oxygen_lacks_diagnosis();
    world.act(no_auth(1));
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-03 17:00"));
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    let added = world.act(amend(&[("order.diagnosis", Fact::Held)]));
    assert_eq!(added, ["intake.amended", "orders.completed"]);
    world.at("2026-07-02 13:00");
    let missed = DeliveryCommand::Miss { visit_id: "v-1".into(), reason: MissReason::ALL[0] };
    assert_eq!(world.act(missed), ["delivery.missed", "clock.started"]);
    assert_eq!(world.due("schedule:line-1"), ny("2026-07-05 13:00"));
}

#[test]
fn a_line_that_lapsed_while_it_was_planned_stands_still_when_the_plan_fails() {
    let mut world = World::scheduled(1);
    world.act(withdraw("oxygen.lpm"));
    world.at("2026-07-02 13:00");
    let missed = DeliveryCommand::Miss { visit_id: "v-1".into(), reason: MissReason::ALL[0] };
    assert_eq!(world.act(missed), ["delivery.missed", "clock.reopened", "clock.paused"]);
    assert_eq!(world.act(liters())[1..], ["orders.completed", "clock.resumed"]);
}

#[test]
fn a_line_that_becomes_another_item_has_the_clocks_of_what_it_is() {
    let bed_and_nurse =
        Referral { lines: vec![line_of("E0260", 1), line_of("G0299", 12)], ..order_of(1) };
    let mut world = with_clocks(vec![place()], bed_and_nurse);
    assert!(has_clock(&world, "place:line-1") && !has_clock(&world, "place:line-2"));
    world.at("2026-07-01 12:00");
    let added = world.act(classify(2, ServiceLine::Dme, "hospital-bed"));
    assert_eq!(added, ["intake.classified", "clock.started"]);
    assert_eq!(world.due("place:line-2"), ny("2026-07-03 00:00"));
    let added = world.act(classify(2, ServiceLine::HomeHealth, "skilled-nursing"));
    assert_eq!(added, ["intake.classified", "clock.stopped"]);
    let added = world.act(classify(2, ServiceLine::Dme, "hospital-bed"));
    assert_eq!(added, ["intake.classified", "clock.reopened"]);
    assert!(!has_clock(&world, "place:line-2#2"));
}

#[test]
fn a_line_placed_as_another_item_is_not_placed_again() {
    let nurse = Referral { lines: vec![line_of("G0299", 12)], ..order_of(1) };
    let mut world = with_clocks(vec![place()], nurse);
    world.act(no_auth(1));
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-03 17:00"));
    assert_eq!(world.act(classify(1, ServiceLine::Dme, "hospital-bed")), ["intake.classified"]);
}

/// What an order lacks is asked for by a clock of the whole case.
fn clarify() -> ClockRule {
    let starts =
        "intake.referred intake.line-added intake.classified closing.line-reopened orders.lapsed";
    rule("clarify", About::Case, "2 h", [starts, "orders.asked orders.completed"])
}

#[test]
fn a_clock_of_the_whole_order_waits_for_the_last_line() {
    let mut order = oxygen_lacks();
    order.lines.push(LineRequest { described: true, ..LineRequest::default() });
    let mut world = with_clocks(vec![clarify()], order);
    assert!(world.clock("clarify:case").is_running(), "though the bed is complete");
    world.act(classify(3, ServiceLine::Dme, "hospital-bed"));
    assert!(world.clock("clarify:case").is_running(), "two lines are complete, one is not");
    world.act(liters());
    assert!(!world.clock("clarify:case").is_live());
}

#[test]
fn a_clock_of_the_whole_order_ends_with_the_line_that_lacked_something() {
    let mut world = with_clocks(vec![clarify()], oxygen_lacks());
    let added = world.act(cancel(1));
    assert_eq!(added, ["closing.line-cancelled", "clock.stopped"]);
    assert!(!world.clock("clarify:case").is_live());
    let added = world.act(reopen(1));
    assert_eq!(added, ["closing.line-reopened", "clock.started"], "it lacks something again");
}

#[test]
fn a_line_added_that_lacks_something_is_asked_about_by_a_clock() {
    let mut world = with_clocks(vec![clarify()], order_of(1));
    assert!(!has_clock(&world, "clarify:case"));
    let unnamed = LineRequest { described: true, ..LineRequest::default() };
    let added = world.act(IntakeCommand::AddLine(unnamed));
    assert_eq!(added, ["intake.line-added", "clock.started"]);
}

#[test]
fn what_was_asked_for_already_starts_no_clock_for_asking() {
    let order = Referral { lines: vec![line_of("E0260", 1)], ..oxygen_lacks() };
    let mut world = with_clocks(vec![clarify()], order);
    world.act(withdraw("member.name"));
    world.act(ask("ask-1", &["member.name"]));
    let runs =
        |world: &World| world.case.clocks.0.keys().filter(|id| id.0.starts_with("clarify")).count();
    assert_eq!(runs(&world), 1);
    world.act(IntakeCommand::AddLine(line_of("E0260", 1)));
    assert_eq!(runs(&world), 1, "the added line lacks the name too, which is asked for");
    world.act(IntakeCommand::AddLine(line_of("E1390", 1)));
    assert_eq!(runs(&world), 2, "nobody asked for the liters");
}

fn step(world: &World) -> (&'static str, Option<LineNo>, String) {
    let lacking = missing(&world.case, &world.terms, world.now, &world.facts().hub_zone);
    let step = next_step(&world.case, &lacking);
    (step.code, step.line, step.words)
}

fn wait_words(world: &World) -> Vec<String> {
    let lacking = missing(&world.case, &world.terms, world.now, &world.facts().hub_zone);
    waiting(&world.case, &lacking).iter().map(crate::Waiting::words).collect()
}

#[test]
fn the_next_step_is_that_of_the_line_that_can_go_on() {
    let mut world = World::opened(oxygen_lacks());
    world.act(IntakeCommand::Acknowledge);
    let why = "the test world wants oxygen.lpm";
    let words = format!("ask the referrer for liters of oxygen a minute (line 1): {why}");
    assert_eq!(step(&world), ("ask", Some(no(1)), words));
    world.act(ask("ask-1", &["oxygen.lpm"]));
    world.act(IntakeCommand::Triage(Priority::P2));
    assert_eq!(step(&world).0, "ask-benefits");
    world.act(crate::benefits::BenefitsCommand::Ask);
    // Liters stop the delivery of the oxygen, not its authorization.
    assert_eq!((step(&world).0, step(&world).1), ("determine-auth", Some(no(1))));
    world.act(no_auth(1));
    assert_eq!((step(&world).0, step(&world).1), ("determine-auth", Some(no(2))));
    world.act(no_auth(2));
    assert_eq!((step(&world).0, step(&world).1), ("offer", Some(no(2))));
    world.act(offer("o-1", "north", &[2]));
    let words = "line 1 waits for the referrer's answer about liters of oxygen a minute";
    assert_eq!(step(&world), ("await-answer", Some(no(1)), words.to_owned()));
    assert_eq!(wait_words(&world), ["line 1 waits for liters of oxygen a minute"]);
}

/// What a list says beside the next step.
fn listed(world: &World) -> String {
    let lacking = missing(&world.case, &world.terms, world.now, &world.facts().hub_zone);
    others_waiting(&world.case, &lacking, &next_step(&world.case, &lacking))
}

#[test]
fn a_list_tells_of_the_lines_that_the_next_step_does_not_tell_of() {
    let mut world = World::opened(oxygen_lacks());
    let waits = "line 1 waits for liters of oxygen a minute";
    assert_eq!(listed(&world), waits, "the next step is to acknowledge");
    world.act(IntakeCommand::Acknowledge);
    assert_eq!(listed(&world), "", "the next step asks for it");
    world.act(ask("ask-1", &["oxygen.lpm"]));
    assert_eq!(listed(&world), waits);
    world.act(cancel(2));
    assert_eq!(listed(&world), "", "no other line is open");
    let mut many = order_of(2);
    many.lines.extend(["G0299", "L1832"].map(|code| line_of(code, 1)));
    many.lines.push(LineRequest { described: true, ..LineRequest::default() });
    many.facts.remove(&item("oxygen.lpm"));
    let mut world = World::new();
    let mut dme = (*world.terms.lines[&ServiceLine::Dme]).clone();
    for (name, family) in [("member.weight", "hospital-bed"), ("wound.size", "orthotics")] {
        let needed = Requirement {
            item: item(name),
            families: vec![Family(family.to_owned())],
            ..dme.requirements[0].clone()
        };
        dme.requirements.push(needed);
    }
    world.terms.lines.insert(ServiceLine::Dme, Arc::new(dme));
    world.act(super::world::refer(many));
    let told = format!(
        "{waits}; line 2 waits for the member's weight; lines 4 and 5 wait for something else"
    );
    assert_eq!(listed(&world), told);
}

#[test]
fn lines_that_wait_for_the_same_are_told_together() {
    let mut order = order_of(3);
    order.person.family = None;
    order.facts.remove(&item("oxygen.lpm"));
    let world = World::opened(order);
    let expected = [
        "line 1 waits for the member's full name, and 1 more",
        "lines 2 and 3 wait for the member's full name",
    ];
    assert_eq!(wait_words(&world), expected);
    let (_, _, words) = step(&{
        let mut world = world.clone();
        world.act(IntakeCommand::Acknowledge);
        world
    });
    assert!(words.starts_with("ask the referrer for the member's full name: "), "{words}");
}

#[test]
fn a_referral_is_complete_when_its_last_line_is() {
    let mut world = World::opened(oxygen_lacks());
    let stands = |world: &World| ReferralState::of(&world.case);
    assert_eq!(stands(&world), ReferralState::Received);
    world.act(liters());
    assert_eq!(stands(&world), ReferralState::Complete);
    world.act(cancel(1));
    world.act(cancel(2));
    assert_eq!(stands(&world), ReferralState::Complete, "it was, and nothing is open");
}

#[test]
fn a_test_that_goes_stale_is_missing_of_its_line_alone() {
    let mut world = World::opened(order_of(2));
    world.at("2026-07-31 09:00");
    let added = world.act(IntakeCommand::Note("note-1".into()));
    assert!(added.contains(&"orders.lapsed"), "{added:?}");
    let lines = &world.case.lines;
    assert!(!lines[&no(1)].order.is_complete() && lines[&no(2)].order.is_complete());
    let fresh = amend(&[("oxygen.test-on", Fact::On(on("2026-07-30")))]);
    world.act(fresh);
    let order = world.case.lines[&no(1)].order;
    assert_eq!(order.first_completed_at, Some(ny("2026-07-01 09:00")));
    assert_eq!(order.completed_at, Some(world.now));
}
