//! Intake rules: given events, when a command comes, then events or a refusal.

use super::{Amendment, CancelAnswer, IntakeCommand, NeedByReason, Priority, Receipt};
use crate::auth::AuthCommand;
use crate::closing::{CancelReason, ClosingCommand};
use crate::delivery::Fulfilment;
use crate::tests::world::{
    ACK, World, amend, discharge, item, line_of, no, ny, on, order_of, oxygen_order, person, refer,
    schedule, withdraw, zone,
};
use crate::{
    Channel, Document, DocumentKind, Fact, Family, LineRequest, Milli, Referral, ServiceLine,
    Urgency,
};

fn receipt(id: &str, at: &str) -> IntakeCommand {
    IntakeCommand::Link(Receipt {
        receipt_id: Some(id.into()),
        channel: Channel::Portal,
        received_at: ny(at),
        order_ref: None,
    })
}

#[test]
fn a_complete_referral_opens_a_case_and_starts_its_clocks() {
    let mut world = World::new();
    let added = world.act(refer(oxygen_order()));
    let expected = ["intake.referred", "clock.started", "orders.completed", "clock.started"];
    assert_eq!(added, expected);
    assert!(world.case.is_open());
    assert_eq!(world.case.zone, Some(zone("America/New_York")));
    assert_eq!(world.case.lines[&no(1)].family, Family("oxygen".to_owned()));
    assert_eq!(world.due("schedule:line-1"), ny("2026-07-04 09:00"));
}

#[test]
fn referring_again_opens_no_second_case() {
    let mut world = World::oxygen();
    assert!(world.act(refer(order_of(3))).is_empty());
    assert_eq!(world.case.lines.len(), 1);
}

#[test]
fn an_order_without_lines_is_refused() {
    let mut world = World::new();
    let empty = Referral { lines: Vec::new(), ..oxygen_order() };
    assert_eq!(world.refused(refer(empty)), "order-empty");
}

#[test]
fn an_order_of_a_thousand_lines_is_refused() {
    let lines = vec![line_of("E0260", 1); 1000];
    assert_eq!(World::new().refused(refer(Referral { lines, ..oxygen_order() })), "order-too-long");
}

#[test]
fn nothing_may_be_done_to_a_case_that_was_not_opened() {
    let mut world = World::new();
    assert_eq!(world.refused(IntakeCommand::Acknowledge), "case-unknown");
    assert_eq!(
        world.refused(schedule("v", &[1], ("2026-07-02 10:00", "2026-07-02 12:00"))),
        "case-unknown"
    );
}

#[test]
fn the_zone_comes_from_the_service_zip() {
    let world = World::opened(Referral { person: person("46534"), ..oxygen_order() });
    assert_eq!(world.case.zone, Some(zone("America/Indiana/Knox")));
    let world = World::opened(Referral { person: person("85001"), ..oxygen_order() });
    assert_eq!(world.case.zone, Some(zone("America/Phoenix")));
    let world = World::opened(Referral { person: person("00000"), ..oxygen_order() });
    assert_eq!(
        world.case.zone,
        Some(zone("America/New_York")),
        "the hub's own, for want of a place"
    );
}

#[test]
fn a_receipt_from_the_future_counts_from_now() {
    let ahead = Referral { received_at: ny("2030-01-01 00:00"), ..oxygen_order() };
    assert_eq!(World::opened(ahead).case.intake.received_at, ny("2026-07-01 09:00"));
}

#[test]
fn a_value_that_cannot_be_is_not_known_and_stays_missing() {
    let mut order = oxygen_order();
    order.facts.insert(item("oxygen.spo2"), (Fact::Number(Milli::whole(880)), None));
    order.facts.insert(item("oxygen.lpm"), (Fact::Flag(true), None));
    order.facts.insert(item("order.signed-on"), (Fact::On(on("2026-07-02")), None));
    let world = World::opened(order);
    for name in ["oxygen.spo2", "oxygen.lpm", "order.signed-on"] {
        assert!(!world.case.known.contains_key(&item(name)), "{name}");
    }
    assert_eq!(world.case.completed_at(), None);
}

#[test]
fn a_signature_before_the_order_is_not_taken_as_one() {
    let mut order = oxygen_order();
    order.facts.insert(item("order.signed-on"), (Fact::On(on("2026-06-01")), None));
    assert!(!World::opened(order).case.known.contains_key(&item("order.signed-on")));
}

#[test]
fn the_same_order_by_fax_and_portal_is_one_case_with_the_first_clock() {
    // Facts 13: fax 09:00 and portal 11:00, one case, acknowledged twice, the clock from 09:00.
    let mut world = World::new();
    world.at("2026-07-01 11:00").act(refer(Referral {
        channel: Channel::Portal,
        received_at: ny("2026-07-01 11:00"),
        ..oxygen_order()
    }));
    let fax = IntakeCommand::Link(Receipt {
        receipt_id: Some("receipt-fax".into()),
        channel: Channel::Fax,
        received_at: ny("2026-07-01 09:00"),
        order_ref: None,
    });
    assert_eq!(world.act_twice(fax), ["intake.linked", "clock.moved"]);
    assert_eq!(world.case.intake.receipts.len(), 2);
    assert_eq!(world.case.intake.received_at, ny("2026-07-01 09:00"));
    assert_eq!(world.clock(ACK).started.counts_from, ny("2026-07-01 09:00"));
    let told = world.record.iter().flat_map(|r| crate::effects(&world.case, r));
    let told = told.filter(|e| matches!(e, crate::Effect::AcknowledgeSender { .. }));
    assert_eq!(told.count(), 2);
}

#[test]
fn a_later_receipt_moves_no_clock() {
    let mut world = World::oxygen();
    world.at("2026-07-01 11:00");
    assert_eq!(world.act(receipt("receipt-2", "2026-07-01 11:00")), ["intake.linked"]);
    assert_eq!(world.clock(ACK).started.counts_from, ny("2026-07-01 09:00"));
}

#[test]
fn a_much_earlier_receipt_makes_the_acknowledgement_late_at_once() {
    let mut world = World::oxygen();
    let added = world.act(receipt("receipt-2", "2026-06-26 09:00"));
    assert_eq!(added, ["intake.linked", "clock.moved", "clock.missed", "disputes.escalated"]);
    world.act(IntakeCommand::Acknowledge);
    assert_eq!(world.count("clock.missed"), 1);
}

#[test]
fn acknowledging_stops_the_first_clock_and_is_done_once() {
    let mut world = World::oxygen();
    world.at("2026-07-01 10:00");
    let added = world.act_twice(IntakeCommand::Acknowledge);
    assert_eq!(added, ["intake.acknowledged", "clock.stopped"]);
    assert_eq!(world.case.intake.acknowledged_at, Some(ny("2026-07-01 10:00")));
    assert_eq!(world.clock(ACK).next_at(), None);
}

#[test]
fn a_case_is_given_to_a_manager_and_to_another() {
    let mut world = World::oxygen();
    assert_eq!(world.act_twice(IntakeCommand::Assign("nurse-1".into())), ["intake.assigned"]);
    assert_eq!(world.act_twice(IntakeCommand::Assign("nurse-2".into())), ["intake.assigned"]);
    assert_eq!(world.case.intake.manager, Some("nurse-2".into()));
}

#[test]
fn triage_is_recorded_and_may_change() {
    let mut world = World::oxygen();
    assert_eq!(world.act_twice(IntakeCommand::Triage(Priority::P1)), ["intake.triaged"]);
    assert_eq!(world.act(IntakeCommand::Triage(Priority::P0)), ["intake.triaged"]);
    assert!(Priority::ALL.iter().all(|p| Priority::parse(p.name()) == Some(*p)));
}

#[test]
fn an_amended_fact_is_known_and_the_same_again_adds_nothing() {
    let mut world = World::oxygen();
    let command = amend(&[("oxygen.lpm", Fact::Number(Milli::whole(3)))]);
    assert_eq!(world.act_twice(command), ["intake.amended"]);
    assert_eq!(world.case.known[&item("oxygen.lpm")].fact, Fact::Number(Milli::whole(3)));
}

#[test]
fn an_amendment_that_says_nothing_is_refused() {
    let mut world = World::oxygen();
    let nothing = IntakeCommand::Amend(Amendment::default());
    assert_eq!(world.refused(nothing), "nothing-amended");
}

#[test]
fn an_amendment_of_what_cannot_be_is_refused_at_its_field() {
    let mut world = World::oxygen();
    for (name, fact) in [
        ("oxygen.spo2", Fact::Number(Milli::whole(101))),
        ("oxygen.lpm", Fact::Number(Milli::whole(16))),
        ("oxygen.condition", Fact::Code("running".to_owned())),
        ("oxygen.lpm", Fact::Flag(true)),
        ("order.signed-on", Fact::On(on("2026-07-02"))),
        ("oxygen.test-on", Fact::On(on("2026-07-02"))),
    ] {
        let refusal = world.attempt(amend(&[(name, fact)])).unwrap_err();
        assert_eq!((refusal.code(), refusal.field()), ("value-implausible", Some(name)));
    }
    let early = amend(&[("order.signed-on", Fact::On(on("2026-06-01")))]);
    assert_eq!(world.refused(early), "signed-before-order");
    let late = amend(&[("order.ordered-on", Fact::On(on("2026-07-01")))]);
    assert_eq!(world.refused(late), "signed-before-order");
}

#[test]
fn what_is_withdrawn_is_missing_again_and_pauses_the_clock_that_waits_for_it() {
    let mut world = World::oxygen();
    world.at("2026-07-01 12:00");
    let added = world.act_twice(withdraw("order.signed-on"));
    assert_eq!(added, ["intake.amended", "orders.lapsed", "clock.paused"]);
    world.at("2026-07-01 14:00");
    let added = world.act(amend(&[("order.signed-on", Fact::On(on("2026-07-01")))]));
    assert_eq!(added, ["intake.amended", "orders.completed", "clock.resumed"]);
    assert_eq!(world.due("schedule:line-1"), ny("2026-07-04 11:00"));
    assert_eq!(world.case.first_completed_at(), Some(ny("2026-07-01 09:00")));
}

#[test]
fn an_item_corrected_and_withdrawn_together_keeps_the_correction() {
    let mut world = World::oxygen();
    let command = IntakeCommand::Amend(Amendment {
        facts: [(item("oxygen.lpm"), (Fact::Number(Milli::whole(4)), None))].into(),
        withdrawn: vec![item("oxygen.lpm")],
        ..Amendment::default()
    });
    world.act_twice(command);
    assert_eq!(world.case.known[&item("oxygen.lpm")].fact, Fact::Number(Milli::whole(4)));
}

#[test]
fn a_line_of_an_unknown_code_waits_to_be_classified() {
    let unnamed = LineRequest { described: true, ..LineRequest::default() };
    let mut world = World::opened(Referral { lines: vec![unnamed], ..oxygen_order() });
    assert_eq!(world.case.lines[&no(1)].service, ServiceLine::Unclassified);
    assert_eq!(world.case.completed_at(), None);
    let service = ServiceLine::Dme;
    let classify = |name: &str| IntakeCommand::Classify {
        line: no(1),
        service,
        family: Family(name.to_owned()),
    };
    assert_eq!(world.refused(classify("hovercraft")), "family-unknown");
    let added = world.act_twice(classify("hospital-bed"));
    assert_eq!(added, ["intake.classified", "orders.completed", "clock.started"]);
    let absent =
        IntakeCommand::Classify { line: no(9), service, family: Family("oxygen".to_owned()) };
    assert_eq!(world.refused(absent), "line-unknown");
}

#[test]
fn a_custom_made_item_has_the_longer_clock() {
    let world = World::opened(Referral { lines: vec![line_of("L1832", 1)], ..oxygen_order() });
    assert!(world.case.lines[&no(1)].custom);
    assert_eq!(world.due("schedule:line-1"), ny("2026-07-16 00:00"));
}

#[test]
fn a_line_added_later_gets_the_next_number_and_its_own_clock_only() {
    let mut world = World::scheduled(1);
    let added = world
        .act(IntakeCommand::AddLine(LineRequest { described: true, ..LineRequest::default() }));
    assert_eq!(added, ["intake.line-added"]);
    assert_eq!(world.case.completed_at(), None, "the whole order is not complete any more");
    let family = Family("hospital-bed".to_owned());
    let service = ServiceLine::Dme;
    let added = world.act(IntakeCommand::Classify { line: no(2), service, family });
    assert_eq!(added, ["intake.classified", "orders.completed", "clock.started"]);
    assert!(world.case.clocks.0.contains_key(&"schedule:line-2".into()));
    assert_eq!(world.case.clocks.0.keys().filter(|id| id.0.contains("line-1#2")).count(), 0);
}

#[test]
fn a_line_that_names_nothing_is_refused() {
    let mut world = World::oxygen();
    assert_eq!(world.refused(IntakeCommand::AddLine(LineRequest::default())), "order-empty");
}

#[test]
fn a_quantity_of_none_or_zero_is_one() {
    let lines = vec![line_of("E0260", 0), LineRequest { quantity: None, ..line_of("E0260", 1) }];
    let world = World::opened(Referral { lines, ..oxygen_order() });
    assert!(world.case.lines.values().all(|line| line.ledger.ordered == 1));
}

#[test]
fn a_quantity_is_stated_until_the_payer_or_the_member_has_it() {
    let mut world = World::opened(Referral {
        lines: vec![LineRequest { quantity: None, ..line_of("E0260", 1) }],
        ..oxygen_order()
    });
    let state = |quantity| IntakeCommand::StateQuantity { line: no(1), quantity, unit: None };
    assert_eq!(world.refused(state(0)), "quantity-zero");
    assert_eq!(world.act_twice(state(30)), ["intake.quantity-stated"]);
    let line = &world.case.lines[&no(1)];
    assert_eq!((line.ledger.ordered, line.request.quantity), (30, Some(30)));
    world.act(state(20));
    let (lines, trace) = (vec![no(1)], "T-1".to_owned());
    world.act(AuthCommand::Request { lines, trace, expedited: false, received_at: None });
    assert_eq!(world.refused(state(30)), "quantity-used");
    let unknown = IntakeCommand::StateQuantity { line: no(9), quantity: 1, unit: None };
    assert_eq!(world.refused(unknown), "line-unknown");
}

#[test]
fn need_by_follows_the_discharge_and_keeps_its_history() {
    let order = Referral { discharge: Some(discharge("2026-07-05 10:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    assert_eq!(world.case.intake.need_by().unwrap().at, ny("2026-07-07 10:00"));
    let moved = IntakeCommand::MoveDischarge(discharge("2026-07-06 10:00"));
    let added = world.act_twice(moved);
    assert_eq!(added[..2], ["intake.discharge-moved", "intake.need-by-moved"]);
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-04 10:00")));
    let times: Vec<_> = world.case.intake.need_by.iter().map(|need_by| need_by.at).collect();
    let expected = ["2026-07-07 10:00", "2026-07-08 10:00", "2026-07-06 10:00"].map(ny);
    assert_eq!(times, expected);
}

#[test]
fn a_stated_need_by_does_not_follow_the_discharge() {
    let order = Referral {
        discharge: Some(discharge("2026-07-05 10:00")),
        need_by: Some(ny("2026-07-05 20:00")),
        ..oxygen_order()
    };
    let mut world = World::opened(order);
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-06 10:00")));
    assert_eq!(world.case.intake.need_by.len(), 1);
    let reason = NeedByReason::Member;
    let at = ny("2026-07-08 10:00");
    let added = world.act_twice(IntakeCommand::MoveNeedBy { at, reason });
    assert_eq!(added[0], "intake.need-by-moved");
    let past = IntakeCommand::MoveNeedBy { at: ny("2026-06-30 10:00"), reason };
    assert_eq!(world.refused(past), "need-by-past");
}

#[test]
fn a_change_of_the_bedside_alone_does_not_repeat_the_need_by() {
    let order = Referral { discharge: Some(discharge("2026-07-05 10:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    let bedside = crate::Discharge { bedside: true, ..discharge("2026-07-05 10:00") };
    assert_eq!(world.act(IntakeCommand::MoveDischarge(bedside)), ["intake.discharge-moved"]);
}

#[test]
fn times_in_another_century_are_refused() {
    let mut world = World::oxygen();
    let far = IntakeCommand::MoveDischarge(discharge("2126-07-05 10:00"));
    assert_eq!(world.refused(far), "time-too-far");
    let far =
        IntakeCommand::MoveNeedBy { at: ny("2126-07-05 10:00"), reason: NeedByReason::Member };
    assert_eq!(world.refused(far), "time-too-far");
}

#[test]
fn a_near_discharge_makes_the_case_urgent_and_a_far_one_gives_the_urgency_back() {
    let order = Referral {
        urgency: Urgency::Urgent,
        discharge: Some(discharge("2026-07-01 18:00")),
        ..oxygen_order()
    };
    let mut world = World::opened(order);
    assert_eq!(world.case.intake.urgency, Urgency::Discharge);
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-04 18:00")));
    assert_eq!(world.case.intake.urgency, Urgency::Urgent);
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-02 08:00")));
    assert_eq!(world.case.intake.urgency, Urgency::Discharge);
}

#[test]
fn the_discharge_comes_near_by_itself() {
    let order = Referral { discharge: Some(discharge("2026-07-05 18:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    assert_eq!(world.case.intake.urgency, Urgency::Routine);
    world.at("2026-07-04 18:00");
    let added = world.ring("discharge-critical:case");
    assert_eq!(added, ["clock.missed", "disputes.escalated", "intake.amended"]);
    assert_eq!(world.case.intake.urgency, Urgency::Discharge);
}

#[test]
fn a_document_is_attached_once_and_supplies_what_it_proves() {
    let mut world = World::oxygen();
    let document = Document { document_id: "doc-1".into(), kind: DocumentKind::FaceToFace };
    assert_eq!(world.act_twice(IntakeCommand::Attach(document)), ["intake.attached"]);
    assert!(world.case.known.contains_key(&item("order.face-to-face-note")));
}

#[test]
fn a_note_is_kept_once() {
    let mut world = World::oxygen();
    assert_eq!(world.act_twice(IntakeCommand::Note("note-1".into())), ["intake.noted"]);
    assert_eq!(world.case.intake.notes.len(), 1);
}

#[test]
fn the_axes_of_a_line_move_apart() {
    // Facts 11.6 (56), 12: one status for each axis, none for all.
    let mut world = World::scheduled(2);
    world.at("2026-07-02 11:00");
    world.act(crate::tests::world::deliver("v-1", &[(1, 1)], "2026-07-02"));
    let (one, two) = (&world.case.lines[&no(1)], &world.case.lines[&no(2)]);
    assert_eq!((one.fulfilment, two.fulfilment), (Fulfilment::Delivered, Fulfilment::Unscheduled));
    assert_eq!((one.placement.name(), two.placement.name()), ("accepted", "accepted"));
    assert_eq!((one.auth.name(), two.auth.name()), ("not-required", "not-required"));
    assert_eq!(world.case.benefits.status, crate::benefits::CoverageStatus::Unchecked);
}

#[test]
fn while_the_discharge_is_near_what_is_stated_is_kept_for_later() {
    let order = Referral { discharge: Some(discharge("2026-07-01 18:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    let urgency = Some(Urgency::Urgent);
    let stated = IntakeCommand::Amend(Amendment { urgency, ..Amendment::default() });
    assert_eq!(world.act_twice(stated), ["intake.amended", "intake.amended"]);
    assert_eq!(world.case.intake.urgency, Urgency::Discharge);
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-04 18:00")));
    assert_eq!(world.case.intake.urgency, Urgency::Urgent);
}

fn cancellation() -> Receipt {
    let receipt_id = Some("receipt-9".into());
    let received_at = ny("2026-07-01 10:00");
    Receipt { receipt_id, channel: Channel::Hl7, received_at, order_ref: None }
}

fn cancel(line: u16) -> ClosingCommand {
    ClosingCommand::CancelLine { line: no(line), reason: CancelReason::CancelledByReferrer }
}

#[test]
fn a_senders_cancellation_is_recorded_once_with_a_clock_and_cancels_nothing_by_itself() {
    let mut world = World::opened(order_of(2));
    world.at("2026-07-01 10:00");
    let added = world.act_twice(IntakeCommand::RequestCancel(cancellation()));
    assert_eq!(added, ["intake.cancel-requested", "clock.started"]);
    assert_eq!(world.case.open_lines().count(), 2);
    assert_eq!(world.case.intake.receipts.len(), 1, "it is no arrival of the order");
    let step = crate::next_step(&world.case, &[]);
    assert_eq!(step.code, "confirm-cancel");
    let sent = crate::effects(&world.case, &world.record[world.record.len() - 2]);
    assert!(!sent.iter().any(|e| matches!(e, crate::Effect::AcknowledgeSender { .. })), "{sent:?}");
    assert!(sent.iter().any(|e| matches!(e, crate::Effect::TellReferrer { .. })), "{sent:?}");
}

#[test]
fn cancelling_every_line_answers_the_senders_cancellation() {
    let mut world = World::opened(order_of(2));
    world.act(IntakeCommand::RequestCancel(cancellation()));
    let answer = IntakeCommand::AnswerCancel(CancelAnswer::Cancelled);
    assert_eq!(world.refused(answer.clone()), "line-open");
    world.act(cancel(1));
    assert!(world.case.intake.open_cancel().is_some());
    let added = world.act(cancel(2));
    assert!(added.contains(&"intake.cancel-answered"), "{added:?}");
    assert!(!world.clock("cancel-request:case").is_live());
    assert!(world.act(answer).is_empty(), "it is answered so already");
}

#[test]
fn an_order_that_stands_goes_on_and_the_sender_is_told() {
    let mut world = World::oxygen();
    let stands = IntakeCommand::AnswerCancel(CancelAnswer::Stands);
    assert_eq!(world.refused(stands.clone()), "cancel-not-requested");
    world.act(IntakeCommand::RequestCancel(cancellation()));
    assert_eq!(world.act_twice(stands), ["intake.cancel-answered", "clock.stopped"]);
    assert_eq!(world.case.open_lines().count(), 1);
}

#[test]
fn a_case_does_not_close_over_a_cancellation_that_nobody_answered() {
    let mut world = World::scheduled(1);
    world.act(IntakeCommand::RequestCancel(cancellation()));
    let counted = [(1, 1)];
    world.at("2026-07-02 11:00").act(crate::tests::world::deliver("v-1", &counted, "2026-07-02"));
    assert_eq!(world.refused(ClosingCommand::Close), "cancel-open");
    world.act(IntakeCommand::AnswerCancel(CancelAnswer::Cancelled));
    assert_eq!(world.act(ClosingCommand::Close)[0], "closing.closed");
    let again = Receipt { receipt_id: Some("receipt-10".into()), ..cancellation() };
    assert_eq!(world.act(IntakeCommand::RequestCancel(again)), ["intake.cancel-requested"]);
}
