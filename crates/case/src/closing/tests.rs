//! Closing rules: given events, when a command comes, then events or a refusal.

use super::{CancelReason, ClosingCommand};
use crate::delivery::DeliveryCommand;
use crate::disputes::{DisputeKind, DisputesCommand, EscalationReason};
use crate::intake::IntakeCommand;
use crate::tests::world::{
    World, ask, deliver, goods, line_of, no, offer, order_of, oxygen_order, schedule,
};
use crate::{LineRequest, Referral, Unit};

fn cancel(line: u16) -> ClosingCommand {
    ClosingCommand::CancelLine { line: no(line), reason: CancelReason::CancelledByMember }
}

fn done() -> World {
    let mut world = World::scheduled(1);
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(1, 1)], "2026-07-02"));
    world
}

#[test]
fn a_line_ends_with_a_reason_once() {
    let mut world = World::opened(order_of(2));
    let added = world.act_twice(cancel(1));
    assert_eq!(added, ["closing.line-cancelled", "clock.stopped"]);
    let other = ClosingCommand::CancelLine { line: no(1), reason: CancelReason::Duplicate };
    assert_eq!(world.refused(other), "line-ended");
    assert_eq!(world.refused(cancel(9)), "line-unknown");
    assert_eq!(world.refused(offer("o-1", "north", &[1])), "line-ended");
}

#[test]
fn cancelling_a_line_withdraws_the_offers_that_are_about_nothing_else() {
    let mut world = World::authorized(2);
    world.act(offer("o-1", "north", &[1]));
    world.act(offer("o-2", "south", &[1, 2]));
    let added = world.act(cancel(1));
    assert_eq!(added.iter().filter(|name| **name == "placement.withdrawn").count(), 1);
    assert!(world.case.placement.offers[&"o-2".into()].is_open());
    assert_eq!(added.iter().filter(|name| **name == "clock.stopped").count(), 2);
}

#[test]
fn a_line_with_somebody_on_the_way_is_not_cancelled_in_silence() {
    let mut world = World::scheduled(1);
    assert_eq!(world.refused(cancel(1)), "visit-ahead");
    world.act(DeliveryCommand::CancelVisit { visit_id: "v-1".into() });
    assert_eq!(world.act(cancel(1))[0], "closing.line-cancelled");
}

#[test]
fn a_delivered_line_is_not_cancelled() {
    assert_eq!(done().refused(cancel(1)), "line-ended");
}

#[test]
fn a_case_closes_when_every_line_has_ended() {
    let mut world = World::opened(order_of(2));
    assert_eq!(world.refused(ClosingCommand::Close), "line-open");
    world.act(cancel(1));
    assert_eq!(world.refused(ClosingCommand::Close), "line-open");
    world.act(cancel(2));
    let added = world.act_twice(ClosingCommand::Close);
    assert_eq!(added, ["closing.closed", "clock.stopped"]);
    assert!(!world.case.closing.closed.as_ref().unwrap().completed, "nothing was delivered");
    assert!(world.case.clocks.0.values().all(|clock| !clock.is_live()));
}

#[test]
fn a_case_with_a_delivered_line_is_completed() {
    let mut world = done();
    world.act(ClosingCommand::Close);
    let closure = world.case.closing.closed.clone().unwrap();
    assert!(closure.completed);
    assert_eq!((closure.at, closure.by), (world.now, "agent-1".into()));
}

#[test]
fn closing_withdraws_what_stands_open() {
    let mut world = World::authorized(2);
    world.act(ask("ask-1", &["member.language"]));
    world.act(offer("o-1", "north", &[1]));
    let mut other = world.clone();
    world.act(cancel(1));
    world.act(cancel(2));
    let added = world.act(ClosingCommand::Close);
    assert!(added.contains(&"orders.ask-withdrawn"), "{added:?}");
    assert!(!world.case.placement.offers.values().any(crate::placement::Offer::is_open));
    assert_eq!(world.case.clocks.next_due(), None);
    assert_eq!(other.refused(ClosingCommand::Close), "line-open");
}

#[test]
fn a_clock_stopped_by_closing_does_not_resume_by_what_closing_withdraws() {
    let mut world = World::oxygen();
    world.act(ask("ask-1", &["member.language"]));
    assert!(!world.clock("schedule:line-1").is_running(), "paused by the question");
    world.act(cancel(1));
    world.act(ClosingCommand::Close);
    assert!(world.case.clocks.0.values().all(|clock| clock.next_at().is_none()));
}

#[test]
fn a_case_does_not_close_over_what_is_open() {
    let mut world = World::scheduled(1);
    world.act(DeliveryCommand::Refuse { line: no(1) });
    assert_eq!(world.refused(ClosingCommand::Close), "line-open");
    let mut world = done();
    let reason = EscalationReason::Other;
    let raise = DisputesCommand::Escalate { escalation_id: "e-1".into(), level: 1, reason };
    world.act(raise);
    assert_eq!(world.refused(ClosingCommand::Close), "escalation-open");
    world.act(DisputesCommand::Resolve { escalation_id: "e-1".into() });
    let (kind, lines) = (DisputeKind::Grievance, Vec::new());
    world.act(DisputesCommand::Open { dispute_id: "d-1".into(), kind, lines });
    assert_eq!(world.refused(ClosingCommand::Close), "dispute-open");
}

#[test]
fn care_in_visits_is_handed_over_once_begun() {
    let visits = LineRequest { unit: Unit::Visit, ..line_of("E0260", 12) };
    let mut world = World::authorized(1);
    world.act(IntakeCommand::AddLine(visits));
    world.act(cancel(1));
    let answer = crate::auth::Determination::FromTerms;
    world.act(crate::auth::AuthCommand::Determine { line: no(2), answer });
    world.act(offer("o-1", "north", &[2]));
    world.act(crate::tests::world::accept("o-1", &[2], "2026-07-03 17:00"));
    assert_eq!(world.refused(ClosingCommand::Close), "line-open");
    world.act(schedule("v-1", &[2], ("2026-07-02 10:00", "2026-07-02 12:00")));
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(2, 1)], "2026-07-02"));
    assert_eq!(world.act(ClosingCommand::Close)[0], "closing.closed");
}

#[test]
fn a_closed_case_takes_only_what_adds_to_its_record() {
    let mut world = done();
    world.act(ClosingCommand::Close);
    assert_eq!(world.refused(offer("o-9", "south", &[1])), "case-closed");
    assert_eq!(world.refused(cancel(1)), "case-closed");
    assert_eq!(world.act(IntakeCommand::Note("note-1".into())), ["intake.noted"]);
    let pick_up = DeliveryCommand::PickUp { goods: goods(&[(1, 1)]), serials: Vec::new() };
    assert_eq!(world.act(pick_up), ["delivery.picked-up"]);
}

#[test]
fn a_grievance_about_a_closed_case_has_its_own_clock() {
    let mut world = done();
    world.act(ClosingCommand::Close);
    let (kind, lines) = (DisputeKind::Grievance, Vec::new());
    let added = world.act(DisputesCommand::Open { dispute_id: "d-1".into(), kind, lines });
    assert_eq!(added, ["disputes.opened", "clock.started"]);
}

#[test]
fn a_case_goes_on_when_it_is_reopened() {
    let mut world = done();
    assert!(world.act(ClosingCommand::Reopen).is_empty(), "it is open");
    world.act(ClosingCommand::Close);
    assert_eq!(world.act_twice(ClosingCommand::Reopen), ["closing.reopened"]);
    assert_eq!(world.case.closing.reopened, 1);
    assert_eq!(world.act(IntakeCommand::AddLine(line_of("E0260", 1)))[0], "intake.line-added");
}

#[test]
fn what_a_cancelled_line_left_at_home_is_picked_up() {
    let mut world = World::opened(Referral { lines: vec![line_of("E0260", 2)], ..oxygen_order() });
    let answer = crate::auth::Determination::FromTerms;
    world.act(crate::auth::AuthCommand::Determine { line: no(1), answer });
    world.act(offer("o-1", "north", &[1]));
    world.act(crate::tests::world::accept("o-1", &[1], "2026-07-03 17:00"));
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(1, 1)], "2026-07-02"));
    let reason = CancelReason::Deceased;
    world.act(ClosingCommand::CancelLine { line: no(1), reason });
    let pick_up = DeliveryCommand::PickUp { goods: goods(&[(1, 1)]), serials: Vec::new() };
    assert_eq!(world.act(pick_up), ["delivery.picked-up"]);
}
