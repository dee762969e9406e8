//! Escalation and dispute rules: given events, when a command comes, then events or a refusal.

use super::{DisputeKind, DisputeOutcome, DisputesCommand, EscalationReason};
use crate::Referral;
use crate::auth::AuthCommand;
use crate::tests::world::{World, discharge, no, ny, oxygen_order};

fn raise(id: &str, level: u8) -> DisputesCommand {
    let reason = EscalationReason::CallerAsked;
    let (call_id, message_id) = (None, None);
    DisputesCommand::Escalate { escalation_id: id.into(), level, reason, call_id, message_id }
}

fn commit(id: &str, owner: &str, at: &str) -> DisputesCommand {
    DisputesCommand::Commit { escalation_id: id.into(), owner: owner.into(), committed_to: ny(at) }
}

fn resolve(id: &str) -> DisputesCommand {
    DisputesCommand::Resolve { escalation_id: id.into() }
}

fn open(id: &str, kind: DisputeKind, lines: &[u16]) -> DisputesCommand {
    let lines = lines.iter().map(|n| no(*n)).collect();
    DisputesCommand::Open { dispute_id: id.into(), kind, lines }
}

fn end(id: &str, outcome: DisputeOutcome) -> DisputesCommand {
    DisputesCommand::Decide { dispute_id: id.into(), outcome }
}

fn denied() -> World {
    let mut world = World::oxygen();
    let (lines, trace) = (vec![no(1)], "T-1".to_owned());
    world.act(AuthCommand::Request { lines, trace, expedited: false, received_at: None });
    world.act(AuthCommand::Deny {
        line: no(1),
        reasons: vec!["not necessary".to_owned()],
        noticed_on: None,
    });
    world
}

#[test]
fn an_escalation_is_raised_once_to_a_level_of_the_ladder() {
    let mut world = World::oxygen();
    assert_eq!(world.act_twice(raise("e-1", 1)), ["disputes.escalated"]);
    assert_eq!(world.refused(raise("e-1", 2)), "escalation-known");
    assert_eq!(world.refused(raise("e-2", 0)), "level-unknown");
    assert_eq!(world.refused(raise("e-2", 6)), "level-unknown");
}

#[test]
fn whoever_takes_it_promises_a_time_that_has_a_clock() {
    let mut world = World::oxygen();
    world.act(raise("e-1", 2));
    let added = world.act_twice(commit("e-1", "lead-1", "2026-07-01 10:00"));
    assert_eq!(added, ["disputes.committed", "clock.started"]);
    assert_eq!(world.due("promise:escalation-e-1"), ny("2026-07-01 10:00"));
    assert_eq!(world.refused(commit("e-1", "lead-1", "2026-07-01 08:00")), "commit-past");
    assert_eq!(world.refused(commit("e-1", "lead-1", "2126-07-01 08:00")), "time-too-far");
    assert_eq!(world.refused(commit("e-9", "lead-1", "2026-07-01 10:00")), "escalation-unknown");
}

#[test]
fn a_promise_that_moves_moves_its_clock() {
    let mut world = World::oxygen();
    world.act(raise("e-1", 2));
    world.act(commit("e-1", "lead-1", "2026-07-01 10:00"));
    let added = world.act(commit("e-1", "lead-1", "2026-07-01 11:00"));
    assert_eq!(added, ["disputes.committed", "clock.moved"]);
    assert_eq!(world.clock("promise:escalation-e-1").moved.len(), 1);
}

#[test]
fn a_broken_promise_is_raised_and_the_next_promise_counts_for_itself() {
    let mut world = World::oxygen();
    world.act(raise("e-1", 2));
    world.act(commit("e-1", "lead-1", "2026-07-01 10:00"));
    world.at("2026-07-01 10:00");
    let added = world.ring("promise:escalation-e-1");
    assert_eq!(added, ["clock.missed", "disputes.escalated"]);
    assert!(world.ring("promise:escalation-e-1").is_empty());
    let added = world.act(commit("e-1", "lead-1", "2026-07-01 12:00"));
    assert_eq!(added, ["disputes.committed", "clock.stopped", "clock.started"]);
    assert_eq!(world.due("promise:escalation-e-1#2"), ny("2026-07-01 12:00"));
    assert!(world.clock("promise:escalation-e-1").missed_at.is_some(), "the first stays missed");
}

#[test]
fn the_ladder_ends_at_its_top() {
    let mut world = World::oxygen();
    world.act(raise("e-1", 3));
    world.act(commit("e-1", "lead-1", "2026-07-01 10:00"));
    world.at("2026-07-01 10:00");
    assert_eq!(world.ring("promise:escalation-e-1"), ["clock.missed"], "it is at level 3 already");
}

#[test]
fn an_escalation_is_resolved_once() {
    let mut world = World::oxygen();
    world.act(raise("e-1", 2));
    world.act(commit("e-1", "lead-1", "2026-07-01 10:00"));
    assert_eq!(world.act_twice(resolve("e-1")), ["disputes.resolved", "clock.stopped"]);
    assert_eq!(world.refused(commit("e-1", "lead-1", "2026-07-01 11:00")), "escalation-resolved");
    assert_eq!(world.refused(resolve("e-9")), "escalation-unknown");
}

#[test]
fn a_discharge_within_a_day_is_raised_at_once() {
    // Facts 4.2, 6.4: discharge under 24 hours away, unplaced.
    let world = World::opened(Referral {
        discharge: Some(discharge("2026-07-01 18:00")),
        ..oxygen_order()
    });
    let raised = world.case.disputes.open_escalations().next().unwrap().1;
    assert_eq!((raised.level, raised.reason), (2, EscalationReason::DischargeCritical));
}

#[test]
fn only_a_decision_can_be_appealed() {
    let mut world = World::oxygen();
    assert_eq!(world.refused(open("d-1", DisputeKind::Appeal, &[1])), "nothing-to-appeal");
    let mut world = denied();
    assert_eq!(world.refused(open("d-1", DisputeKind::Appeal, &[])), "nothing-to-appeal");
    assert_eq!(world.refused(open("d-1", DisputeKind::Appeal, &[9])), "line-unknown");
    let added = world.act_twice(open("d-1", DisputeKind::Appeal, &[1]));
    assert_eq!(added, ["disputes.opened", "clock.started"]);
    assert_eq!(world.refused(open("d-1", DisputeKind::PeerToPeer, &[1])), "dispute-known");
}

#[test]
fn a_grievance_needs_no_decision() {
    let mut world = World::oxygen();
    let added = world.act(open("d-1", DisputeKind::Grievance, &[]));
    assert_eq!(added, ["disputes.opened", "clock.started"]);
}

#[test]
fn a_dispute_is_filed_and_decided_once() {
    let mut world = denied();
    world.act(open("d-1", DisputeKind::Appeal, &[1]));
    let file = DisputesCommand::File { dispute_id: "d-1".into() };
    assert_eq!(world.act_twice(file.clone()), ["disputes.filed", "clock.stopped"]);
    let added = world.act_twice(end("d-1", DisputeOutcome::Partial));
    assert_eq!(added, ["disputes.decided", "clock.stopped"]);
    assert!(world.act(file).is_empty(), "it was filed before");
    assert_eq!(world.refused(end("d-1", DisputeOutcome::Upheld)), "dispute-decided");
    assert_eq!(world.refused(end("d-9", DisputeOutcome::Upheld)), "dispute-unknown");
    let unfiled = DisputesCommand::File { dispute_id: "d-9".into() };
    assert_eq!(world.refused(unfiled), "dispute-unknown");
}

const APPEAL_BY: &str = "appeal-by:line-1";

fn file(id: &str) -> DisputesCommand {
    DisputesCommand::File { dispute_id: id.into() }
}

#[test]
fn only_an_appeal_ends_the_window_to_appeal() {
    for (kind, lines) in [
        (DisputeKind::Grievance, &[][..]),
        (DisputeKind::Grievance, &[1][..]),
        (DisputeKind::PeerToPeer, &[1][..]),
    ] {
        let mut world = denied();
        world.act(open("d-1", kind, lines));
        assert_eq!(world.act(file("d-1")), ["disputes.filed"]);
        assert!(world.clock(APPEAL_BY).is_running(), "{kind:?}");
    }
}

#[test]
fn an_appeal_that_comes_to_nothing_lets_the_window_go_on() {
    for outcome in [DisputeOutcome::Withdrawn, DisputeOutcome::Dismissed] {
        let mut world = denied();
        let due_at = world.due(APPEAL_BY);
        world.act(open("d-1", DisputeKind::Appeal, &[1]));
        world.act(file("d-1"));
        world.act(open("d-2", DisputeKind::ExpeditedAppeal, &[1]));
        world.act(file("d-2"));
        assert!(!world.clock(APPEAL_BY).is_live());
        world.act_twice(end("d-1", outcome));
        assert!(!world.clock(APPEAL_BY).is_live(), "the other appeal stands");
        world.act(end("d-2", outcome));
        assert!(world.clock(APPEAL_BY).is_running());
        assert_eq!(world.due(APPEAL_BY), due_at, "by its first date");
    }
}

#[test]
fn each_denial_has_a_window_of_its_own() {
    let mut world = denied();
    world.act(open("d-1", DisputeKind::Appeal, &[1]));
    world.act(file("d-1"));
    world.act(end("d-1", DisputeOutcome::Partial));
    let approval = crate::tests::world::approval(None);
    let (line, noticed_on) = (no(1), None);
    let added = world.act(AuthCommand::Approve { line, approval, modified: true, noticed_on });
    assert_eq!(added, ["auth.modified", "clock.started"]);
    assert!(world.clock("appeal-by:line-1#2").is_running());
}

#[test]
fn a_denied_line_waits_while_it_is_appealed() {
    let mut world = denied();
    world.act(crate::intake::IntakeCommand::Acknowledge);
    let answer = crate::benefits::Answer {
        status: crate::benefits::CoverageStatus::Active,
        reference: None,
        from: None,
        to: None,
    };
    world.act(crate::benefits::BenefitsCommand::Answer(answer));
    let next = |world: &World| crate::next_step(&world.case, &[]).code;
    assert_eq!(next(&world), "dispute");
    world.act(open("d-1", DisputeKind::Appeal, &[1]));
    assert_eq!(next(&world), "file-dispute");
    world.act(file("d-1"));
    assert_eq!(next(&world), "await-dispute");
    world.act(end("d-1", DisputeOutcome::Upheld));
    assert_eq!(next(&world), "dispute");
}
