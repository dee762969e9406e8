//! Authorization rules: given events, when a command comes, then events or a refusal.

use super::{
    Approval, Auth, AuthCommand, AuthHeader, AuthWithdrawReason, Determination, ExtensionReason,
};
use crate::disputes::{DisputeKind, DisputeOutcome, DisputesCommand};
use crate::tests::world::{World, approval, no, ny, on, order_of, withdraw};
use crate::{Referral, Unit};

fn request(lines: &[u16], trace: &str) -> AuthCommand {
    let lines = lines.iter().map(|n| no(*n)).collect();
    AuthCommand::Request { lines, trace: trace.to_owned(), expedited: false, received_at: None }
}

fn approve(line: u16, quantity: Option<u32>) -> AuthCommand {
    AuthCommand::Approve {
        line: no(line),
        approval: approval(quantity),
        modified: false,
        noticed_on: None,
    }
}

fn deny(line: u16) -> AuthCommand {
    AuthCommand::Deny {
        line: no(line),
        reasons: vec!["not medically necessary".to_owned()],
        noticed_on: None,
    }
}

fn requested(n_lines: u16) -> World {
    let mut world = World::opened(order_of(n_lines));
    let lines: Vec<u16> = (1..=n_lines).collect();
    world.act(request(&lines, "T-1"));
    world
}

#[test]
fn the_payers_table_says_whether_to_ask() {
    let mut world = World::opened(order_of(2));
    let from_terms =
        |line| AuthCommand::Determine { line: no(line), answer: Determination::FromTerms };
    assert_eq!(world.act_twice(from_terms(1)), ["auth.required"]);
    assert_eq!(world.act_twice(from_terms(2)), ["auth.not-required"]);
    assert!(world.case.lines[&no(2)].auth.permits(), "the rule itself is the proof");
}

#[test]
fn a_table_that_does_not_say_sends_the_agent_to_the_payer() {
    let lines = vec![crate::tests::world::line_of("G0299", 12)];
    let mut world = World::opened(Referral { lines, ..order_of(1) });
    let answer = Determination::FromTerms;
    assert_eq!(world.refused(AuthCommand::Determine { line: no(1), answer }), "auth-rule-unknown");
}

#[test]
fn not_required_needs_its_proof() {
    let mut world = World::oxygen();
    let without = Determination::NotRequired { proof: " ".to_owned() };
    assert_eq!(
        world.refused(AuthCommand::Determine { line: no(1), answer: without }),
        "proof-missing"
    );
    let with = Determination::NotRequired { proof: "call 4711".to_owned() };
    let command = AuthCommand::Determine { line: no(1), answer: with };
    assert_eq!(world.act_twice(command), ["auth.not-required"]);
}

#[test]
fn a_standard_request_on_friday_evening_is_due_at_the_end_of_the_next_friday() {
    // Facts 13, MA clock: received Friday 2026-07-03 18:00 Eastern.
    let mut world = World::oxygen();
    world.at("2026-07-03 18:00").act(request(&[1], "T-1"));
    assert_eq!(world.due("auth-standard:line-1"), ny("2026-07-11 00:00"));
}

#[test]
fn an_expedited_request_on_friday_evening_is_due_on_monday_evening() {
    // Facts 13, MA clock: 72 hours count nights, weekends and holidays.
    let mut world = World::oxygen();
    let lines = vec![no(1)];
    let expedited =
        AuthCommand::Request { lines, trace: "T-1".to_owned(), expedited: true, received_at: None };
    assert_eq!(world.at("2026-07-03 18:00").act(expedited), ["auth.expedited", "clock.started"]);
    assert_eq!(world.due("auth-expedited:line-1"), ny("2026-07-06 18:00"));
}

#[test]
fn a_request_sent_again_under_its_trace_adds_nothing() {
    // Facts 11.2 (18): a pended request is not asked for anew.
    let mut world = requested(2);
    assert!(world.act(request(&[1, 2], "T-1")).is_empty());
    world.act(AuthCommand::Pend { line: no(1), reference: Some("P-1".to_owned()) });
    assert!(world.act(request(&[1, 2], "T-1")).is_empty());
    assert_eq!(world.refused(request(&[1], "T-2")), "auth-already-determined");
}

#[test]
fn a_line_named_twice_is_requested_once() {
    let mut world = World::oxygen();
    world.act(request(&[1, 1], "T-1"));
    assert_eq!(world.count("clock.started"), 3);
}

#[test]
fn a_request_needs_lines_and_a_trace() {
    let mut world = World::oxygen();
    assert_eq!(world.refused(request(&[], "T-1")), "lines-missing");
    assert_eq!(world.refused(request(&[1], " ")), "trace-length");
    assert_eq!(world.refused(request(&[1], &"9".repeat(51))), "trace-length");
    assert_eq!(world.refused(request(&[7], "T-1")), "line-unknown");
}

#[test]
fn what_blocks_the_authorization_of_one_line_does_not_block_another() {
    let mut world = World::opened(order_of(2));
    world.act(withdraw("oxygen.test-on"));
    assert_eq!(world.refused(request(&[1], "T-1")), "order-incomplete");
    assert_eq!(world.act(request(&[2], "T-1"))[0], "auth.requested");
    world.act(withdraw("order.diagnosis"));
    assert_eq!(world.refused(request(&[1], "T-2")), "order-incomplete");
}

#[test]
fn lines_are_decided_one_by_one_and_the_header_follows() {
    // Facts 0.1 (1): one request can hold approved, modified, denied and pended lines at once.
    let mut world = World::opened(order_of(4));
    assert_eq!(AuthHeader::of(&world.case), AuthHeader::Undetermined);
    world.act(request(&[1, 2, 3, 4], "T-1"));
    assert_eq!(AuthHeader::of(&world.case), AuthHeader::Waiting);
    assert_eq!(world.act_twice(approve(1, None)), ["auth.approved", "clock.stopped"]);
    let modified = ["auth.modified", "clock.stopped", "clock.started"];
    assert_eq!(world.act_twice(approve(2, Some(1))), modified, "it may be appealed");
    assert_eq!(world.act_twice(deny(3)), ["auth.denied", "clock.stopped", "clock.started"]);
    let pend = AuthCommand::Pend { line: no(4), reference: Some("P-1".to_owned()) };
    assert_eq!(world.act_twice(pend), ["auth.pended"]);
    assert_eq!(AuthHeader::of(&world.case), AuthHeader::Waiting);
    world.act(approve(4, None));
    assert_eq!(AuthHeader::of(&world.case), AuthHeader::PartiallyApproved);
    let names: Vec<_> = world.case.lines.values().map(|line| line.auth.name()).collect();
    assert_eq!(names, ["approved", "modified", "denied", "approved"]);
    assert_eq!(world.case.lines[&no(2)].ledger.authorized, 1);
}

#[test]
fn a_header_of_denials_is_denied_and_of_proofs_not_required() {
    let mut world = requested(2);
    world.act(deny(1));
    world.act(deny(2));
    assert_eq!(AuthHeader::of(&world.case), AuthHeader::Denied);
    assert_eq!(AuthHeader::of(&World::authorized(2).case), AuthHeader::NotRequired);
}

#[test]
fn a_rejection_is_not_a_denial_and_may_be_sent_again() {
    // Facts 0.1 (2).
    let mut world = requested(1);
    let reject = AuthCommand::Reject { line: no(1), reasons: vec!["72".to_owned()] };
    assert_eq!(world.act_twice(reject), ["auth.rejected", "clock.stopped"]);
    let lines = vec![no(1)];
    let kind = DisputeKind::Appeal;
    let appeal = DisputesCommand::Open { dispute_id: "d-1".into(), kind, lines };
    assert_eq!(world.refused(appeal), "nothing-to-appeal");
    world.at("2026-07-02 09:00");
    assert_eq!(world.act(request(&[1], "T-2")), ["auth.requested", "clock.started"]);
    assert_eq!(world.due("auth-standard:line-1#2"), ny("2026-07-10 00:00"));
}

#[test]
fn the_payer_may_ask_for_more() {
    let mut world = requested(1);
    let wanted = vec!["11503-0".to_owned()];
    let asked = AuthCommand::AskInfo { line: no(1), wanted, supply_by: None };
    assert_eq!(world.act_twice(asked), ["auth.info-requested"]);
    assert!(
        matches!(&world.case.lines[&no(1)].auth, Auth::InfoRequested { trace, .. } if trace == "T-1")
    );
}

#[test]
fn a_denial_and_a_rejection_name_their_reason() {
    let mut world = requested(1);
    let silent = AuthCommand::Deny { line: no(1), reasons: vec![String::new()], noticed_on: None };
    assert_eq!(world.refused(silent), "reason-missing");
    let silent = AuthCommand::Reject { line: no(1), reasons: Vec::new() };
    assert_eq!(world.refused(silent), "reason-missing");
}

#[test]
fn nobody_answers_what_was_not_asked() {
    let mut world = World::oxygen();
    assert_eq!(world.refused(deny(1)), "auth-not-requested");
    let pend = AuthCommand::Pend { line: no(1), reference: None };
    assert_eq!(world.refused(pend), "auth-not-requested");
    assert_eq!(
        world.refused(AuthCommand::Withdraw {
            line: no(1),
            reason: AuthWithdrawReason::OrderChanged
        }),
        "auth-not-requested"
    );
    assert_eq!(world.refused(AuthCommand::Expire { line: no(1) }), "auth-not-approved");
}

#[test]
fn an_approval_without_a_number_of_none_or_backwards_is_refused() {
    let mut world = requested(1);
    let with = |approval| AuthCommand::Approve {
        line: no(1),
        approval,
        modified: false,
        noticed_on: None,
    };
    let unnamed = Approval { number: String::new(), ..approval(None) };
    assert_eq!(world.refused(with(unnamed)), "number-length");
    assert_eq!(world.refused(with(approval(Some(0)))), "nothing-approved");
    let backwards = Approval { to: Some(on("2026-01-01")), ..approval(None) };
    assert_eq!(world.refused(with(backwards)), "auth-dates");
}

#[test]
fn an_approval_in_another_unit_shows_as_modified_and_is_not_converted() {
    let mut world = requested(1);
    let approval = Approval { unit: Unit::Month, ..approval(Some(3)) };
    assert_eq!(
        world.act(AuthCommand::Approve {
            line: no(1),
            approval,
            modified: false,
            noticed_on: None
        })[0],
        "auth.modified"
    );
    assert_eq!(world.case.lines[&no(1)].ledger.authorized, 0);
}

#[test]
fn a_number_already_on_the_order_is_recorded_without_a_request() {
    let mut world = World::opened(order_of(2));
    assert_eq!(world.act(approve(1, None)), ["auth.approved"]);
    assert_eq!(world.act(approve(2, Some(1))), ["auth.modified", "clock.started"]);
}

#[test]
fn an_approval_expires_once_and_may_be_asked_for_again() {
    let mut world = requested(1);
    world.act(approve(1, None));
    assert_eq!(world.act_twice(AuthCommand::Expire { line: no(1) }), ["auth.expired"]);
    assert!(!world.case.lines[&no(1)].auth.permits());
    assert_eq!(world.act(request(&[1], "T-2"))[0], "auth.requested");
}

#[test]
fn a_request_is_taken_back_once() {
    let mut world = requested(1);
    let back = AuthCommand::Withdraw { line: no(1), reason: AuthWithdrawReason::OrderChanged };
    assert_eq!(world.act_twice(back), ["auth.withdrawn", "clock.stopped"]);
    assert_eq!(AuthHeader::of(&world.case), AuthHeader::Required);
    let answer = Determination::NotRequired { proof: "call 4711".to_owned() };
    world.act(AuthCommand::Determine { line: no(1), answer });
    assert_eq!(AuthHeader::of(&world.case), AuthHeader::NotRequired);
}

#[test]
fn a_denial_stands_until_a_dispute_is_won() {
    let mut world = requested(1);
    world.act(deny(1));
    assert_eq!(world.refused(approve(1, None)), "auth-already-determined");
    let (lines, kind) = (vec![no(1)], DisputeKind::Appeal);
    world.act(DisputesCommand::Open { dispute_id: "d-1".into(), kind, lines });
    let outcome = DisputeOutcome::Overturned;
    world.act(DisputesCommand::Decide { dispute_id: "d-1".into(), outcome });
    assert_eq!(world.act_twice(approve(1, None)), ["auth.approved", "clock.stopped"]);
}

#[test]
fn a_lost_dispute_lets_nothing_in() {
    let mut world = requested(1);
    world.act(deny(1));
    let (lines, kind) = (vec![no(1)], DisputeKind::Appeal);
    world.act(DisputesCommand::Open { dispute_id: "d-1".into(), kind, lines });
    let outcome = DisputeOutcome::Upheld;
    world.act(DisputesCommand::Decide { dispute_id: "d-1".into(), outcome });
    assert_eq!(world.refused(approve(1, None)), "auth-already-determined");
}

#[test]
fn a_decided_line_is_not_determined_again() {
    let mut world = requested(1);
    let answer = Determination::Required;
    assert_eq!(
        world.refused(AuthCommand::Determine { line: no(1), answer }),
        "auth-already-determined"
    );
}

const STANDARD: &str = "auth-standard:line-1";
const EXPEDITED: &str = "auth-expedited:line-1";
const APPEAL_BY: &str = "appeal-by:line-1";

#[test]
fn a_standard_request_is_hurried_and_put_back_counted_from_its_receipt() {
    let mut world = requested(1);
    world.at("2026-07-02 10:00");
    let added = world.act_twice(AuthCommand::Expedite { line: no(1) });
    assert_eq!(added, ["auth.expedited", "clock.stopped", "clock.started"]);
    assert_eq!(world.due(EXPEDITED), ny("2026-07-05 10:00"));
    assert_eq!(world.case.lines[&no(1)].auth.name(), "submitted", "it is the same request");
    world.at("2026-07-03 10:00");
    let added = world.act_twice(AuthCommand::RefuseExpedite { line: no(1) });
    assert_eq!(added, ["auth.expedite-refused", "clock.stopped", "clock.started"]);
    assert_eq!(world.due("auth-standard:line-1#2"), ny("2026-07-09 00:00"));
    let mut plain = requested(1);
    assert_eq!(plain.refused(AuthCommand::RefuseExpedite { line: no(1) }), "not-expedited");
    let mut world = World::oxygen();
    assert_eq!(world.refused(AuthCommand::Expedite { line: no(1) }), "auth-not-requested");
}

#[test]
fn a_payer_takes_more_time_once_with_its_reason() {
    let mut world = requested(1);
    let extend = |reason| AuthCommand::Extend { line: no(1), reason };
    world.at("2026-07-05 09:00").ring(STANDARD);
    let added = world.act_twice(extend(ExtensionReason::MoreEvidence));
    assert_eq!(added, ["auth.extended", "clock.extended"]);
    assert_eq!(world.due(STANDARD), ny("2026-07-23 00:00"), "seven days and fourteen");
    assert!(world.act(extend(ExtensionReason::MemberAsked)).is_empty(), "once");
    assert!(world.at("2026-07-09 00:00").ring(STANDARD).is_empty(), "the first end has passed");
    let mut world = requested(1);
    world.act(AuthCommand::Expedite { line: no(1) });
    assert_eq!(world.refused(extend(ExtensionReason::MemberAsked)), "not-extendable");
    let mut world = requested(1);
    world.at("2026-07-10 09:00");
    assert_eq!(world.refused(extend(ExtensionReason::MemberAsked)), "time-ran-out");
}

#[test]
fn what_the_payer_asked_for_is_sent() {
    let mut world = requested(1);
    let send = AuthCommand::SendInfo { line: no(1) };
    assert_eq!(world.refused(send.clone()), "info-not-asked");
    let wanted = vec!["11503-0".to_owned()];
    world.act(AuthCommand::AskInfo { line: no(1), wanted, supply_by: None });
    assert_eq!(world.act_twice(send), ["auth.info-sent"]);
    let auth = &world.case.lines[&no(1)].auth;
    assert!(matches!(auth, Auth::Pended { trace, .. } if trace == "T-1"), "{auth:?}");
}

#[test]
fn a_payer_that_lets_its_time_run_out_has_denied() {
    // Facts 4.3, 11.2 (17).
    let mut world = requested(1);
    world.at("2026-07-09 00:00");
    assert_eq!(world.ring(STANDARD), ["clock.missed", "auth.lapsed", "clock.started"]);
    assert!(world.ring(STANDARD).is_empty());
    assert_eq!(AuthHeader::of(&world.case), AuthHeader::Denied);
    assert_eq!(world.due(APPEAL_BY), ny("2026-09-13 00:00"));
    assert_eq!(crate::next_step(&world.case, &[]).code, "acknowledge");
    let (lines, kind) = (vec![no(1)], DisputeKind::Appeal);
    world.act(DisputesCommand::Open { dispute_id: "d-1".into(), kind, lines });
    let added = world.act(approve(1, None));
    assert_eq!(added, ["auth.approved", "clock.stopped", "clock.stopped"], "late is not too late");
}

#[test]
fn a_late_denial_counts_the_appeal_from_its_notice() {
    let mut world = requested(1);
    world.at("2026-07-09 00:00").ring(STANDARD);
    world.at("2026-07-15 12:00");
    let reasons = vec!["R-1".to_owned()];
    let noticed_on = Some(on("2026-07-14"));
    world.act(AuthCommand::Deny { line: no(1), reasons, noticed_on });
    assert_eq!(world.due(APPEAL_BY), ny("2026-09-18 00:00"));
}

#[test]
fn clocks_count_from_the_payers_receipt_and_its_notice() {
    // Facts 4.3, 4.4: the plan's time runs from receipt, the member's from the notice.
    let mut world = World::oxygen();
    world.at("2026-07-02 09:00");
    let (lines, trace) = (vec![no(1)], "T-1".to_owned());
    let with = |at| AuthCommand::Request {
        lines: lines.clone(),
        trace: trace.clone(),
        expedited: false,
        received_at: Some(ny(at)),
    };
    assert_eq!(world.refused(with("2026-07-02 10:00")), "time-ahead");
    assert_eq!(world.refused(with("2006-07-02 10:00")), "time-too-far");
    world.act(with("2026-07-01 17:00"));
    assert_eq!(world.due(STANDARD), ny("2026-07-09 00:00"));
    let deny = |day| AuthCommand::Deny {
        line: no(1),
        reasons: vec!["R-1".to_owned()],
        noticed_on: Some(on(day)),
    };
    assert_eq!(world.refused(deny("2026-07-03")), "date-ahead");
    world.at("2026-07-06 09:00").act(deny("2026-07-03"));
    assert_eq!(world.due(APPEAL_BY), ny("2026-09-07 00:00"));
}

#[test]
fn another_code_modifier_or_date_makes_an_approval_a_modified_one() {
    // Facts 3.2, A6.
    let recorded = |approval, modified| {
        let mut world = requested(1);
        let line = no(1);
        world.act(AuthCommand::Approve { line, approval, modified, noticed_on: None })[0]
    };
    let code = |text| Some(doorstep_vocab::Procedure::parse(text).unwrap());
    let asked = approval(None);
    assert_eq!(recorded(Approval { code: code("E1390"), ..asked.clone() }, false), "auth.approved");
    assert_eq!(recorded(Approval { code: code("E1392"), ..asked.clone() }, false), "auth.modified");
    let modifiers = vec!["RR".to_owned()];
    assert_eq!(recorded(Approval { modifiers, ..asked.clone() }, false), "auth.modified");
    assert_eq!(recorded(asked, true), "auth.modified");
}
