//! Closing rules: given events, when a command comes, then events or a refusal.

use super::{
    CancelReason, ClosingCommand, ClosureKind, CompleteReason, ReferralState, ReopenReason,
};
use crate::delivery::{DeliveryCommand, PickUpReason, RefusalReason, VisitCancelReason};
use crate::disputes::{DisputeKind, DisputesCommand, EscalationReason};
use crate::intake::IntakeCommand;
use crate::tests::world::{
    World, ask, deliver, goods, line_of, no, offer, order_of, oxygen_order, schedule,
};
use crate::{LineRequest, Referral, Unit};
use std::collections::BTreeMap;

fn cancel(line: u16) -> ClosingCommand {
    ClosingCommand::CancelLine { line: no(line), reason: CancelReason::CancelledByMember }
}

fn pick_up() -> DeliveryCommand {
    let reason = PickUpReason::EndOfNeed;
    DeliveryCommand::PickUp { goods: goods(&[(1, 1)]), serials: Vec::new(), reason }
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
    world.act(DeliveryCommand::CancelVisit {
        visit_id: "v-1".into(),
        reason: VisitCancelReason::CancelledByMember,
    });
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
    world.act(DeliveryCommand::Refuse { line: no(1), reason: RefusalReason::Cost });
    assert_eq!(world.refused(ClosingCommand::Close), "line-open");
    let mut world = done();
    let reason = EscalationReason::Other;
    let (call_id, message_id) = (None, None);
    let raise = DisputesCommand::Escalate {
        escalation_id: "e-1".into(),
        level: 1,
        reason,
        call_id,
        message_id,
    };
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
    let pick_up = pick_up();
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
    assert!(world.act(ClosingCommand::Reopen(ReopenReason::Other)).is_empty(), "it is open");
    world.act(ClosingCommand::Close);
    assert_eq!(world.act_twice(ClosingCommand::Reopen(ReopenReason::Other)), ["closing.reopened"]);
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
    let pick_up = pick_up();
    assert_eq!(world.act(pick_up), ["delivery.picked-up"]);
}

fn reopen_line(line: u16) -> ClosingCommand {
    ClosingCommand::ReopenLine { line: no(line), reason: ReopenReason::ProviderFound }
}

#[test]
fn a_cancelled_line_comes_back_under_its_original_clock_and_is_placed_anew() {
    let mut world = World::placed(2);
    let due = world.due("schedule:line-1");
    assert!(world.act(reopen_line(1)).is_empty(), "it is open");
    world.act(cancel(1));
    assert_eq!(world.act_twice(reopen_line(1)), ["closing.line-reopened", "clock.reopened"]);
    let line = &world.case.lines[&no(1)];
    assert!(line.is_open() && line.placement.provider().is_none());
    assert!(world.clock("schedule:line-1").is_running());
    assert_eq!(world.due("schedule:line-1"), due);
    assert_eq!(world.act(offer("o-2", "north", &[1]))[0], "placement.offered");
    assert_eq!(world.refused(reopen_line(9)), "line-unknown");
}

#[test]
fn a_line_that_comes_back_is_still_before_whoever_was_asked() {
    let mut world = World::authorized(2);
    world.act(offer("o-1", "north", &[1, 2]));
    world.act(cancel(1));
    world.act(reopen_line(1));
    assert_eq!(world.case.lines[&no(1)].placement.name(), "offered");
}

#[test]
fn a_line_is_complete_with_what_the_payer_authorized() {
    let mut world = World::opened(Referral { lines: vec![line_of("E0260", 3)], ..oxygen_order() });
    let lines = vec![no(1)];
    let trace = "T-1".to_owned();
    world.act(crate::auth::AuthCommand::Request {
        lines,
        trace,
        expedited: false,
        received_at: None,
    });
    let approval = crate::tests::world::approval(Some(2));
    world.act(crate::auth::AuthCommand::Approve {
        line: no(1),
        approval,
        modified: false,
        noticed_on: None,
    });
    world.act(IntakeCommand::Acknowledge);
    world.act(offer("o-1", "north", &[1]));
    world.act(crate::tests::world::accept("o-1", &[1], "2026-07-03 17:00"));
    let complete = |reason| ClosingCommand::CompleteLine { line: no(1), reason };
    assert_eq!(world.refused(complete(CompleteReason::Enough)), "nothing-delivered");
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    assert_eq!(world.refused(complete(CompleteReason::Enough)), "visit-ahead");
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(1, 1)], "2026-07-02"));
    assert_eq!(world.refused(complete(CompleteReason::AuthorizedOnly)), "authorized-left");
    world.act(schedule("v-2", &[1], ("2026-07-03 10:00", "2026-07-03 12:00")));
    world.at("2026-07-03 11:00").act(deliver("v-2", &[(1, 1)], "2026-07-03"));
    assert_eq!(world.refused(ClosingCommand::Close), "line-open");
    let added = world.act_twice(complete(CompleteReason::AuthorizedOnly));
    assert_eq!(added[0], "closing.line-completed");
    world.act(ClosingCommand::Close);
    assert_eq!(world.case.closing.closed.clone().unwrap().kind, Some(ClosureKind::Completed));
}

#[test]
fn a_case_closes_as_what_its_lines_say() {
    use CancelReason::{AuthDenied, CancelledByMember, Deceased, Duplicate, NoProvider};
    for (reasons, kind) in [
        ([CancelledByMember, CancelledByMember], ClosureKind::CancelledByMember),
        ([NoProvider, AuthDenied], ClosureKind::NotEligible),
        ([Duplicate, Deceased], ClosureKind::Deceased),
    ] {
        let mut world = World::opened(order_of(2));
        for (line, reason) in [no(1), no(2)].into_iter().zip(reasons) {
            world.act(ClosingCommand::CancelLine { line, reason });
        }
        world.act(ClosingCommand::Close);
        assert_eq!(world.case.closing.closed.unwrap().kind, Some(kind));
    }
}

#[test]
fn a_referral_stands_where_its_events_have_brought_it() {
    let mut world = World::opened(Referral { facts: BTreeMap::default(), ..oxygen_order() });
    let stands = |world: &World| ReferralState::of(&world.case).code();
    assert_eq!(stands(&world), "received");
    world.act(IntakeCommand::Acknowledge);
    assert_eq!(stands(&world), "acknowledged");
    world.act(IntakeCommand::Triage(crate::intake::Priority::P2));
    assert_eq!(stands(&world), "triaged");
    world.act(ask("ask-1", &["oxygen.spo2"]));
    assert_eq!(stands(&world), "clarifying");
    let mut world = World::authorized(1);
    assert_eq!(stands(&world), "complete");
    world.act(offer("o-1", "north", &[1]));
    assert_eq!(stands(&world), "in-progress");
    world.act(cancel(1));
    world.act(ClosingCommand::Close);
    assert_eq!(stands(&world), "closed");
}
