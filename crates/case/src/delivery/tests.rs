//! Delivery rules: given events, when a command comes, then events or a refusal.

use super::{
    BeyondAuth, DeliveryCommand, Fulfilment, MissReason, PickUpReason, Proof, ProofMethod,
    RefusalReason, Signer, VisitCancelReason, VisitState,
};
use crate::auth::AuthCommand;
use crate::tests::world::{
    World, accept, deliver, discharge, goods, line_of, no, ny, offer, order_of, oxygen_order,
    proof, schedule, withdraw,
};
use crate::{Ledger, Referral};

const MORNING: (&str, &str) = ("2026-07-02 10:00", "2026-07-02 12:00");

fn miss(id: &str) -> DeliveryCommand {
    DeliveryCommand::Miss { visit_id: id.into(), reason: MissReason::NotHome }
}

fn cancel_visit(id: &str) -> DeliveryCommand {
    let reason = VisitCancelReason::DischargeMoved;
    DeliveryCommand::CancelVisit { visit_id: id.into(), reason }
}

fn refuse(line: u16) -> DeliveryCommand {
    DeliveryCommand::Refuse { line: no(line), reason: RefusalReason::NotWanted }
}

fn reschedule(id: &str, from: &str, to: &str) -> DeliveryCommand {
    let reason = MissReason::DischargeMoved;
    DeliveryCommand::Reschedule { visit_id: id.into(), from: ny(from), to: ny(to), reason }
}

fn ship(counted: &[(u16, u32)], tracking: &str) -> DeliveryCommand {
    DeliveryCommand::Ship { goods: goods(counted), tracking: tracking.to_owned() }
}

fn pick_up(counted: &[(u16, u32)]) -> DeliveryCommand {
    let serials = vec!["SN-1".to_owned()];
    DeliveryCommand::PickUp { goods: goods(counted), serials, reason: PickUpReason::Exchange }
}

fn fulfilment(world: &World, line: u16) -> Fulfilment {
    world.case.lines[&no(line)].fulfilment
}

fn ledger(world: &World, line: u16) -> Ledger {
    world.case.lines[&no(line)].ledger
}

#[test]
fn a_visit_is_planned_once_and_stops_the_schedule_clock() {
    let mut world = World::placed(1);
    let added = world.act_twice(schedule("v-1", &[1], MORNING));
    assert_eq!(added, ["delivery.scheduled", "clock.stopped"]);
    assert_eq!(fulfilment(&world, 1), Fulfilment::Scheduled);
    assert_eq!(
        world.refused(schedule("v-1", &[1], ("2026-07-03 10:00", "2026-07-03 12:00"))),
        "visit-known"
    );
    assert_eq!(world.refused(schedule("v-2", &[1], MORNING)), "line-scheduled");
}

#[test]
fn a_window_has_an_order_a_future_and_a_year() {
    let mut world = World::placed(1);
    for (window, code) in [
        (("2026-07-02 12:00", "2026-07-02 10:00"), "window-order"),
        (("2026-06-30 10:00", "2026-06-30 12:00"), "window-past"),
        (("2026-07-02 10:00", "2226-07-02 12:00"), "time-too-far"),
    ] {
        assert_eq!(world.refused(schedule("v-1", &[1], window)), code);
    }
}

#[test]
fn only_lines_with_one_provider_are_planned_together() {
    let mut world = World::authorized(3);
    assert_eq!(world.refused(schedule("v-1", &[], MORNING)), "lines-missing");
    assert_eq!(world.refused(schedule("v-1", &[9], MORNING)), "line-unknown");
    assert_eq!(world.refused(schedule("v-1", &[1], MORNING)), "line-unplaced");
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    world.act(offer("o-2", "south", &[2]));
    world.act(accept("o-2", &[2], "2026-07-02 17:00"));
    assert_eq!(world.refused(schedule("v-1", &[1, 2], MORNING)), "providers-differ");
}

#[test]
fn nothing_is_planned_without_its_authorization() {
    let mut world = World::oxygen();
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    assert_eq!(world.refused(schedule("v-1", &[1], MORNING)), "auth-not-in-place");
    assert_eq!(world.refused(ship(&[(1, 1)], "1Z-1")), "auth-not-in-place");
}

#[test]
fn nothing_is_planned_while_what_blocks_delivery_is_missing() {
    // Facts 0.1 (6): oxygen is not delivered without the signed order, a bed is.
    let mut world = World::placed(2);
    world.act(withdraw("order.signed-on"));
    assert_eq!(world.refused(schedule("v-1", &[1], MORNING)), "order-incomplete");
    assert_eq!(world.act(schedule("v-2", &[2], MORNING))[0], "delivery.scheduled");
}

#[test]
fn a_delivery_with_proof_ends_the_line() {
    let mut world = World::scheduled(1);
    world.at("2026-07-02 11:00");
    assert_eq!(world.act_twice(deliver("v-1", &[(1, 1)], "2026-07-02")), ["delivery.delivered"]);
    assert_eq!(fulfilment(&world, 1), Fulfilment::Delivered);
    assert!(!world.case.lines[&no(1)].is_open());
    let visit = &world.case.delivery.visits[&"v-1".into()];
    assert_eq!(visit.state, VisitState::Done { at: ny("2026-07-02 11:00") });
    assert_eq!(world.refused(deliver("v-1", &[(1, 1)], "2026-07-01")), "visit-ended");
}

#[test]
fn a_part_delivered_leaves_the_rest_owed() {
    let mut world = World::scheduled(2);
    world.at("2026-07-02 11:00");
    let added = world.act(deliver("v-1", &[(1, 1), (2, 1)], "2026-07-02"));
    let expected = ["delivery.delivered", "delivery.partly-delivered", "delivery.left-over"];
    assert_eq!(added[..3], expected);
    assert_eq!(
        (fulfilment(&world, 1), fulfilment(&world, 2)),
        (Fulfilment::Delivered, Fulfilment::Partial)
    );
    assert_eq!(ledger(&world, 2).outstanding(), 1);
    world.act(schedule("v-2", &[2], ("2026-07-06 10:00", "2026-07-06 12:00")));
    world.act(deliver("v-2", &[(2, 1)], "2026-07-02"));
    assert_eq!(fulfilment(&world, 2), Fulfilment::Delivered);
}

#[test]
fn a_line_of_the_visit_of_which_nothing_came_is_to_be_scheduled_again() {
    let mut world = World::scheduled(2);
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(1, 1)], "2026-07-02"));
    assert_eq!(fulfilment(&world, 2), Fulfilment::Unscheduled);
    let added = world.act(schedule("v-2", &[2], ("2026-07-06 10:00", "2026-07-06 12:00")));
    assert_eq!(added, ["delivery.scheduled", "clock.stopped"]);
}

#[test]
fn goods_of_one_line_in_two_boxes_are_counted_once_each() {
    let mut world = World::scheduled(2);
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(2, 1), (2, 1)], "2026-07-02"));
    assert_eq!(ledger(&world, 2).delivered, 2);
}

#[test]
fn more_than_is_owed_nothing_or_another_line_is_refused() {
    let mut world = World::scheduled(1);
    world.at("2026-07-02 11:00");
    assert_eq!(world.refused(deliver("v-1", &[(1, 2)], "2026-07-02")), "quantity-too-large");
    assert_eq!(
        world.refused(deliver("v-1", &[(1, u32::MAX), (1, u32::MAX)], "2026-07-02")),
        "quantity-too-large"
    );
    assert_eq!(world.refused(deliver("v-1", &[(1, 0)], "2026-07-02")), "quantity-missing");
    assert_eq!(world.refused(deliver("v-1", &[], "2026-07-02")), "quantity-missing");
    assert_eq!(world.refused(deliver("v-1", &[(2, 1)], "2026-07-02")), "line-not-planned");
    assert_eq!(world.refused(deliver("v-9", &[(1, 1)], "2026-07-02")), "visit-unknown");
}

#[test]
fn each_method_of_proof_needs_its_own_evidence() {
    // Facts 7.1.
    let mut world = World::scheduled(1);
    world.at("2026-07-02 11:00");
    let with =
        |proof| DeliveryCommand::Deliver { visit_id: "v-1".into(), goods: goods(&[(1, 1)]), proof };
    let signed = proof("2026-07-02");
    let unsigned = Proof { signer: None, ..signed.clone() };
    assert_eq!(world.refused(with(unsigned)), "signer-missing");
    let undated = Proof { signed_on: None, ..signed.clone() };
    assert_eq!(world.refused(with(undated)), "signature-date-missing");
    assert_eq!(world.refused(with(proof("2026-07-03"))), "date-ahead");
    assert_eq!(world.refused(with(proof("2026-06-29"))), "delivered-before-order");
    let untracked = Proof { method: ProofMethod::Carrier, ..signed.clone() };
    assert_eq!(world.refused(with(untracked)), "tracking-missing");
    let tracking = Some("1Z-1".to_owned());
    let tracked = Proof { method: ProofMethod::Carrier, tracking, ..signed };
    assert_eq!(world.act(with(tracked)), ["delivery.delivered"]);
}

#[test]
fn a_carton_is_sent_once_and_bounded_by_what_is_owed() {
    let mut world = World::placed(2);
    assert_eq!(world.act_twice(ship(&[(2, 1)], "1Z-1")), ["delivery.shipped"]);
    assert_eq!(world.refused(ship(&[(2, 2)], "1Z-1")), "shipment-known");
    assert_eq!(world.refused(ship(&[(2, 2)], "1Z-2")), "quantity-too-large");
    assert_eq!(world.refused(ship(&[(2, 1)], " ")), "tracking-missing");
    assert_eq!(world.act(ship(&[(2, 1)], "1Z-2")), ["delivery.shipped"]);
    assert_eq!(ledger(&world, 2), Ledger { ordered: 2, shipped: 2, ..Ledger::default() });
}

#[test]
fn nothing_is_shipped_for_a_line_without_a_provider() {
    assert_eq!(World::authorized(1).refused(ship(&[(1, 1)], "1Z-1")), "line-unplaced");
}

#[test]
fn a_missed_visit_has_a_reason_and_reopens_the_schedule_clock() {
    let mut world = World::scheduled(1);
    let due = world.due("schedule:line-1");
    world.at("2026-07-02 12:30");
    assert_eq!(world.act_twice(miss("v-1")), ["delivery.missed", "clock.reopened"]);
    assert_eq!(world.due("schedule:line-1"), due);
    assert_eq!(fulfilment(&world, 1), Fulfilment::Missed);
    assert_eq!(
        world.refused(reschedule("v-1", "2026-07-03 10:00", "2026-07-03 12:00")),
        "visit-ended"
    );
    assert_eq!(world.refused(miss("v-9")), "visit-unknown");
    world.act(schedule("v-2", &[1], ("2026-07-03 10:00", "2026-07-03 12:00")));
    assert_eq!(fulfilment(&world, 1), Fulfilment::Scheduled);
}

#[test]
fn a_rescheduled_visit_keeps_the_window_first_given() {
    // Facts 10: on time is measured against the window first given.
    let mut world = World::scheduled(1);
    world.act(DeliveryCommand::Confirm { visit_id: "v-1".into() });
    let moved = reschedule("v-1", "2026-07-03 10:00", "2026-07-03 12:00");
    assert_eq!(world.act_twice(moved), ["delivery.rescheduled"]);
    let visit = &world.case.delivery.visits[&"v-1".into()];
    assert_eq!((visit.first_to, visit.to), (ny("2026-07-02 12:00"), ny("2026-07-03 12:00")));
    assert_eq!(visit.confirmed_at, None, "the new window is to be confirmed anew");
}

#[test]
fn a_visit_is_confirmed_and_departs_once() {
    let mut world = World::scheduled(1);
    let visit_id = || "v-1".into();
    let confirm = DeliveryCommand::Confirm { visit_id: visit_id() };
    assert_eq!(world.act_twice(confirm), ["delivery.confirmed"]);
    let depart = DeliveryCommand::Depart { visit_id: visit_id() };
    assert_eq!(world.act_twice(depart), ["delivery.departed"]);
    assert_eq!(fulfilment(&world, 1), Fulfilment::EnRoute);
    let absent = DeliveryCommand::Confirm { visit_id: "v-9".into() };
    assert_eq!(world.refused(absent), "visit-unknown");
}

#[test]
fn the_written_confirmation_stops_the_discharge_clock() {
    let order = Referral { discharge: Some(discharge("2026-07-05 18:00")), ..order_of(1) };
    let mut world = World::opened(order);
    let answer = crate::auth::Determination::NotRequired { proof: "call 4711".to_owned() };
    world.act(AuthCommand::Determine { line: no(1), answer });
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-05 12:00"));
    world.act(schedule("v-1", &[1], ("2026-07-05 10:00", "2026-07-05 12:00")));
    let added = world.act(DeliveryCommand::Confirm { visit_id: "v-1".into() });
    assert_eq!(added, ["delivery.confirmed", "clock.stopped"]);
}

#[test]
fn a_cancelled_visit_frees_its_lines() {
    let mut world = World::scheduled(1);
    let cancel = cancel_visit("v-1");
    assert_eq!(world.act_twice(cancel), ["delivery.visit-cancelled", "clock.reopened"]);
    assert_eq!(fulfilment(&world, 1), Fulfilment::Unscheduled);
    assert_eq!(world.refused(miss("v-1")), "visit-ended");
}

#[test]
fn a_refusal_stays_when_the_visit_is_cancelled() {
    let mut world = World::scheduled(1);
    assert_eq!(world.act_twice(refuse(1)), ["delivery.refused"]);
    world.act(cancel_visit("v-1"));
    assert_eq!(fulfilment(&world, 1), Fulfilment::Refused);
    assert!(world.case.lines[&no(1)].is_open(), "it ends with a reason only");
    assert_eq!(world.refused(refuse(9)), "line-unknown");
}

#[test]
fn what_came_back_is_exchanged_within_the_ledger() {
    let mut world = World::scheduled(1);
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(1, 1)], "2026-07-02"));
    assert_eq!(world.refused(pick_up(&[(1, 2)])), "quantity-too-large");
    assert_eq!(world.act(pick_up(&[(1, 1)])), ["delivery.picked-up"]);
    assert_eq!(fulfilment(&world, 1), Fulfilment::PickedUp);
    assert_eq!(world.refused(pick_up(&[(1, 1)])), "quantity-too-large");
    world.act(schedule("v-2", &[1], ("2026-07-06 10:00", "2026-07-06 12:00")));
    world.act(deliver("v-2", &[(1, 1)], "2026-07-02"));
    assert_eq!(fulfilment(&world, 1), Fulfilment::Exchanged);
    assert!(!world.case.lines[&no(1)].is_open());
    assert_eq!((ledger(&world, 1).delivered, ledger(&world, 1).returned), (2, 1));
}

#[test]
fn the_ledger_does_not_wrap() {
    let ledger =
        Ledger { ordered: u32::MAX, returned: u32::MAX, delivered: 1, ..Ledger::default() };
    assert_eq!(ledger.outstanding(), u32::MAX - 1);
    let lines = vec![line_of("E0260", u32::MAX)];
    let world = World::opened(Referral { lines, ..oxygen_order() });
    assert_eq!(world.case.lines[&no(1)].ledger.outstanding(), u32::MAX);
}

#[test]
fn a_miss_by_the_member_is_told_from_the_providers() {
    // Facts 7.4.
    assert!(MissReason::NotHome.is_members() && !MissReason::Vehicle.is_members());
    for reason in MissReason::ALL {
        assert_eq!(MissReason::parse(reason.code()), Some(*reason));
    }
    assert!(Signer::ALL.iter().all(|signer| Signer::parse(signer.code()) == Some(*signer)));
    assert_eq!(Signer::parse("supplier"), None, "the supplier may not sign");
}

/// A line of beds, so many of them, approved as `approval` says and taken by `north`.
fn approved(ordered: u32, authorized: Option<u32>) -> World {
    let mut world =
        World::opened(Referral { lines: vec![line_of("E0260", ordered)], ..oxygen_order() });
    let lines = vec![no(1)];
    world.act(AuthCommand::Request {
        lines,
        trace: "T-1".to_owned(),
        expedited: false,
        received_at: None,
    });
    let approval = crate::tests::world::approval(authorized);
    world.act(AuthCommand::Approve { line: no(1), approval, modified: false, noticed_on: None });
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-03 17:00"));
    world
}

fn beyond() -> DeliveryCommand {
    DeliveryCommand::OverrideAuth { lines: vec![no(1)], reason: BeyondAuth::PayerAgreed }
}

#[test]
fn a_window_after_the_authorization_is_refused_until_somebody_says_why() {
    // Facts 3.3: delivery slips past the end of the authorization.
    let mut world = approved(1, None);
    let late = ("2027-01-02 10:00", "2027-01-02 12:00");
    assert_eq!(world.refused(schedule("v-1", &[1], late)), "auth-ends-before");
    world.act(schedule("v-1", &[1], MORNING));
    assert_eq!(world.refused(reschedule("v-1", late.0, late.1)), "auth-ends-before");
    assert_eq!(world.act_twice(beyond()), ["delivery.auth-overridden"]);
    assert_eq!(world.act(reschedule("v-1", late.0, late.1))[0], "delivery.rescheduled");
}

#[test]
fn more_than_is_authorized_is_neither_sent_nor_delivered() {
    let mut world = approved(3, Some(2));
    assert_eq!(world.refused(ship(&[(1, 3)], "1Z-1")), "over-authorized");
    world.act(schedule("v-1", &[1], MORNING));
    world.at("2026-07-02 11:00");
    assert_eq!(world.refused(deliver("v-1", &[(1, 3)], "2026-07-02")), "over-authorized");
    world.act(deliver("v-1", &[(1, 2)], "2026-07-02"));
    assert_eq!((world.case.lines[&no(1)].owed(), ledger(&world, 1).outstanding()), (0, 1));
    assert_eq!(crate::next_step(&world.case, &[]).code, "acknowledge");
    world.act(beyond());
    assert_eq!(world.case.lines[&no(1)].owed(), 1, "somebody decided to go beyond");
}

#[test]
fn a_new_approval_ends_the_leave_to_go_beyond_the_last() {
    let mut world = approved(3, Some(2));
    world.act(beyond());
    let reason = crate::auth::AuthWithdrawReason::OrderChanged;
    world.act(AuthCommand::Withdraw { line: no(1), reason });
    let (lines, trace) = (vec![no(1)], "T-2".to_owned());
    world.act(AuthCommand::Request { lines, trace, expedited: false, received_at: None });
    let approval = crate::tests::world::approval(Some(1));
    world.act(AuthCommand::Approve { line: no(1), approval, modified: false, noticed_on: None });
    assert_eq!(world.refused(ship(&[(1, 2)], "1Z-1")), "over-authorized");
}

#[test]
fn there_is_nothing_to_go_beyond_without_an_approval() {
    assert_eq!(World::placed(1).refused(beyond()), "auth-not-approved");
}

#[test]
fn what_a_visit_did_not_bring_is_owed_under_the_original_clock() {
    // Facts 11.5 (41): partial delivery, back-order.
    let mut world = World::scheduled(3);
    let due = world.due("schedule:line-2");
    world.at("2026-07-02 11:00");
    let added = world.act_twice(deliver("v-1", &[(1, 1), (2, 1)], "2026-07-02"));
    assert!(added.contains(&"delivery.left-over"), "{added:?}");
    assert_eq!(world.case.delivery.visits[&"v-1".into()].left_over, goods(&[(2, 1), (3, 2)]));
    for (line, runs) in [(1, false), (2, true), (3, true)] {
        let clock = world.clock(&format!("schedule:line-{line}"));
        assert_eq!(clock.is_running(), runs, "line {line}");
    }
    assert_eq!(world.due("schedule:line-2"), due);
}

#[test]
fn care_in_visits_owes_nothing_by_one_visit() {
    let visits = crate::LineRequest { unit: crate::Unit::Visit, ..line_of("E0260", 12) };
    let mut world = World::opened(Referral { lines: vec![visits], ..oxygen_order() });
    let answer = crate::auth::Determination::NotRequired { proof: "call 4711".to_owned() };
    world.act(AuthCommand::Determine { line: no(1), answer });
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-03 17:00"));
    world.act(schedule("v-1", &[1], MORNING));
    world.at("2026-07-02 11:00");
    let added = world.act(deliver("v-1", &[(1, 1)], "2026-07-02"));
    assert!(!added.contains(&"delivery.left-over"), "{added:?}");
}

#[test]
fn a_cancelled_visit_says_why() {
    let mut world = World::scheduled(1);
    world.act_twice(cancel_visit("v-1"));
    let visit = &world.case.delivery.visits[&"v-1".into()];
    assert_eq!(visit.cancelled, Some(VisitCancelReason::DischargeMoved));
}

#[test]
fn a_window_that_passes_unrecorded_rings_and_asks_for_the_outcome() {
    let mut world = World::placed(1);
    world.terms.clocks.extend(crate::tests::clocks::promises());
    world.act(schedule("v-1", &[1], MORNING));
    world.act(crate::intake::IntakeCommand::Acknowledge);
    world.act(crate::benefits::BenefitsCommand::Ask);
    assert_eq!(world.due("visit-outcome:visit-v-1"), ny("2026-07-02 13:00"));
    assert_eq!(crate::next_step(&world.case, &[]).code, "deliver");
    world.act(reschedule("v-1", "2026-07-02 14:00", "2026-07-02 16:00"));
    assert_eq!(world.due("visit-outcome:visit-v-1"), ny("2026-07-02 17:00"), "it moves along");
    world.at("2026-07-02 17:00");
    let added = world.ring("visit-outcome:visit-v-1");
    assert_eq!(added[..2], ["clock.missed", "disputes.escalated"]);
    let (escalation_id, _) = world.case.disputes.open_escalations().next().unwrap();
    let escalation_id = escalation_id.clone();
    world.act(crate::disputes::DisputesCommand::Resolve { escalation_id });
    assert_eq!(crate::next_step(&world.case, &[]).code, "record-outcome");
    world.act(miss("v-1"));
    assert!(!world.clock("visit-outcome:visit-v-1").is_live());
}

#[test]
fn a_commitment_has_a_clock_for_each_acceptance() {
    let mut world = World::authorized(1);
    world.terms.clocks.extend(crate::tests::clocks::promises());
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-03 17:00"));
    assert_eq!(world.due("keep-commitment:line-1"), ny("2026-07-03 17:00"));
    let reason = crate::placement::DeclineReason::EquipmentOutOfStock;
    world.act(crate::placement::PlacementCommand::Return { offer_id: "o-1".into(), reason });
    assert!(!world.clock("keep-commitment:line-1").is_live());
    world.act(offer("o-2", "south", &[1]));
    world.act(accept("o-2", &[1], "2026-07-04 09:00"));
    assert_eq!(world.due("keep-commitment:line-1#2"), ny("2026-07-04 09:00"));
    world.act(schedule("v-1", &[1], MORNING));
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(1, 1)], "2026-07-02"));
    assert!(!world.clock("keep-commitment:line-1#2").is_live());
}
