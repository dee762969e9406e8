//! Clock rules: given events, when time passes, then events.

use super::{ClockCommand, ClockState};
use crate::intake::IntakeCommand;
use crate::orders::OrdersCommand;
use crate::tests::clocks::rule;
use crate::tests::world::{
    ACK, World, amend, ask, discharge, line_of, no, ny, oxygen_order, schedule, withdraw, zone,
};
use crate::{About, ClockRule, Fact, Milli, OnMiss, Referral, Role, ServiceLine};
use doorstep_vocab::{Span, Timestamp};

fn with_rules(rules: Vec<ClockRule>, referral: Referral) -> World {
    let mut world = World::new();
    world.terms.clocks = rules;
    world.act(crate::tests::world::refer(referral));
    world
}

fn sentences(world: &World, id: &str) -> Vec<(&'static str, String)> {
    world.clock(id).explain_on(&world.terms.calendar)
}

fn said(world: &World, id: &str, about: &str) -> String {
    let all = sentences(world, id);
    let found: Vec<_> =
        all.iter().filter(|(what, _)| *what == about).map(|(_, s)| &s[..]).collect();
    found.join(" / ")
}

#[test]
fn a_clock_warns_at_each_percent_once_and_is_missed_once() {
    let mut world = World::oxygen();
    let id = "schedule:line-1";
    assert_eq!(world.clock(id).next_at(), Some(ny("2026-07-02 21:00")));
    assert!(world.at("2026-07-02 20:59").ring(id).is_empty());
    assert_eq!(world.at("2026-07-02 21:00").ring(id), ["clock.warned"]);
    assert!(world.ring(id).is_empty());
    assert_eq!(world.at("2026-07-04 02:00").ring(id), ["clock.warned", "clock.warned"]);
    assert_eq!(world.clock(id).warned, [50, 75, 90]);
    assert!(world.at("2026-07-04 08:59").ring(id).is_empty());
    assert_eq!(world.at("2026-07-04 09:00").ring(id), ["clock.missed"]);
    assert!(world.at("2026-07-05 09:00").ring(id).is_empty());
    assert_eq!(world.clock(id).next_at(), None);
}

#[test]
fn a_warning_names_its_owner() {
    let mut world = World::oxygen();
    world.at("2026-07-02 21:00").ring("schedule:line-1");
    let warned = world.record.iter().find_map(|recorded| match &recorded.event {
        crate::Event::Clock(super::ClockEvent::Warned { percent, owner, .. }) => {
            Some((*percent, *owner))
        }
        _ => None,
    });
    assert_eq!(warned, Some((50, Role::Agent)));
}

#[test]
fn a_clock_the_case_does_not_have_is_refused() {
    assert_eq!(
        World::oxygen().refused(ClockCommand::Ring("schedule:line-9".into())),
        "clock-unknown"
    );
}

#[test]
fn a_stopped_or_paused_clock_does_not_ring() {
    let mut world = World::placed(1);
    world.act(ask("ask-1", &["member.language"]));
    assert!(world.at("2026-07-09 09:00").ring("schedule:line-1").is_empty());
    let mut world = World::scheduled(1);
    assert!(world.at("2026-07-09 09:00").ring("schedule:line-1").is_empty());
}

#[test]
fn a_clock_stands_still_until_the_last_question_is_answered() {
    let mut world = World::oxygen();
    let id = "schedule:line-1";
    world.at("2026-07-01 10:00").act(ask("ask-1", &["member.language"]));
    world.at("2026-07-01 11:00").act(ask("ask-2", &["member.access-barriers"]));
    assert_eq!(world.clock(id).state, ClockState::Paused(ny("2026-07-01 10:00")));
    world.at("2026-07-01 12:00");
    let added = world.act(OrdersCommand::WithdrawAsk {
        ask_id: "ask-1".into(),
        reason: crate::orders::AskWithdrawReason::NotNeeded,
    });
    assert!(!added.contains(&"clock.resumed"), "another question is open");
    world.at("2026-07-01 13:00");
    let added = world.act(amend(&[("member.access-barriers", Fact::Held)]));
    assert!(added.contains(&"clock.resumed"), "{added:?}");
    assert_eq!(world.due(id), ny("2026-07-04 12:00"), "three hours later");
    assert_eq!(world.clock(id).pauses, [(ny("2026-07-01 10:00"), ny("2026-07-01 13:00"))]);
}

#[test]
fn a_pause_shifts_only_the_warnings_to_come() {
    let mut world = World::oxygen();
    let id = "schedule:line-1";
    world.at("2026-07-02 21:00").ring(id);
    world.at("2026-07-02 22:00").act(ask("ask-1", &["member.language"]));
    world.at("2026-07-03 22:00").act(OrdersCommand::WithdrawAsk {
        ask_id: "ask-1".into(),
        reason: crate::orders::AskWithdrawReason::NotNeeded,
    });
    let expected = [(50, "2026-07-02 21:00"), (75, "2026-07-04 15:00"), (90, "2026-07-05 01:48")];
    assert_eq!(world.clock(id).started.warn_at, expected.map(|(percent, at)| (percent, ny(at))));
    assert_eq!(world.clock(id).warned, [50]);
}

#[test]
fn a_clock_overdue_unseen_is_missed_before_it_is_paused() {
    let mut world = World::oxygen();
    world.at("2026-07-04 10:00");
    let added = world.act(ask("ask-1", &["member.language"]));
    assert!(added.contains(&"clock.missed") && !added.contains(&"clock.paused"), "{added:?}");
}

#[test]
fn a_clock_overdue_unseen_is_missed_before_it_is_stopped() {
    let mut world = World::placed(1);
    world.at("2026-07-05 10:00");
    let added = world.act(schedule("v-1", &[1], ("2026-07-06 10:00", "2026-07-06 12:00")));
    assert_eq!(added, ["delivery.scheduled", "clock.missed", "clock.stopped"]);
}

#[test]
fn a_pause_still_open_at_the_stop_counts_when_the_clock_is_reopened() {
    let mut world = World::placed(1);
    world.at("2026-07-01 10:00").act(ask("ask-1", &["member.language"]));
    world.at("2026-07-01 12:00");
    let added = world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    assert_eq!(added, ["delivery.scheduled", "clock.resumed", "clock.stopped"]);
    assert_eq!(world.due("schedule:line-1"), ny("2026-07-04 11:00"));
}

#[test]
fn the_first_rule_that_applies_is_the_clock() {
    let narrow = ClockRule {
        services: vec![ServiceLine::Dme],
        ..rule("start", About::Line, "1 h", ["intake.referred", "orders.signed"])
    };
    let elsewhere = ClockRule { services: vec![ServiceLine::HomeHealth], ..narrow.clone() };
    let broad = rule("start", About::Line, "5 h", ["intake.referred", "orders.verbal-taken"]);
    let mut world = with_rules(vec![elsewhere, narrow, broad], oxygen_order());
    assert_eq!(world.count("clock.started"), 1);
    assert_eq!(world.due("start:line-1"), ny("2026-07-01 10:00"));
    let verbal = OrdersCommand::TakeVerbal { on: "2026-07-01".parse().unwrap() };
    assert_eq!(
        world.act(verbal),
        ["orders.verbal-taken"],
        "the broad rule does not end the narrow clock"
    );
    let sign = OrdersCommand::Sign { signed_on: "2026-07-01".parse().unwrap() };
    assert_eq!(world.act(sign), ["orders.signed", "clock.stopped"]);
}

#[test]
fn a_rule_about_the_case_holds_only_where_one_of_its_lines_fits() {
    let rule = ClockRule {
        services: vec![ServiceLine::HomeHealth],
        ..rule("start", About::Case, "1 h", ["intake.referred", ""])
    };
    assert_eq!(with_rules(vec![rule.clone()], oxygen_order()).count("clock.started"), 0);
    let lines = vec![line_of("E1390", 1), line_of("G0299", 12)];
    let order = Referral { lines, ..oxygen_order() };
    assert_eq!(with_rules(vec![rule], order).count("clock.started"), 1);
}

#[test]
fn a_running_clock_keeps_its_rule_when_the_packs_change() {
    // Facts 11.6 (57).
    let mut world = World::oxygen();
    let due = world.due("schedule:line-1");
    for rule in &mut world.terms.clocks {
        rule.within = Span::hours(1);
        rule.version = "clocks 2027-01-01".to_owned();
    }
    world.at("2026-07-01 10:00").act(ask("ask-1", &["member.language"]));
    world.at("2026-07-01 11:00").act(OrdersCommand::WithdrawAsk {
        ask_id: "ask-1".into(),
        reason: crate::orders::AskWithdrawReason::NotNeeded,
    });
    assert_eq!(world.due("schedule:line-1"), Timestamp(due.0 + 3_600_000_000));
    assert_eq!(world.clock("schedule:line-1").started.version, "clocks 2026-01-01");
}

#[test]
fn hours_are_added_on_the_instant_line_across_a_change_of_the_clocks() {
    // Facts 13, DST: 2026-10-31 09:00 Eastern and 72 hours is 2026-11-03 08:00.
    let mut world = World::oxygen();
    let (lines, trace) = (vec![no(1)], "T-1".to_owned());
    let expedited =
        crate::auth::AuthCommand::Request { lines, trace, expedited: true, received_at: None };
    world.at("2026-10-31 09:00");
    world.act(amend(&[("oxygen.test-on", Fact::On("2026-10-30".parse().unwrap()))]));
    world.act(expedited);
    assert_eq!(world.due("auth-expedited:line-1"), ny("2026-11-03 08:00"));
    let counted = said(&world, "auth-expedited:line-1", "counted");
    assert!(
        counted.ends_with(
            "end at Tue 2026-11-03 08:00 America/New_York, across a change of the clocks"
        ),
        "{counted}"
    );
}

#[test]
fn days_are_added_on_the_local_calendar_across_a_change_of_the_clocks() {
    let rules = vec![rule("days", About::Case, "3 calendar days", ["intake.acknowledged", ""])];
    let mut world = with_rules(rules, oxygen_order());
    world.at("2026-10-31 09:00").act(IntakeCommand::Acknowledge);
    let due = world.due("days:case");
    assert_eq!(due, ny("2026-11-04 00:00"));
    let as_hours = ny("2026-11-01 00:00").plus(doorstep_vocab::Micros::hours(3 * 24));
    assert_ne!(due, as_hours, "a day counted as 24 hours would be an hour early");
}

#[test]
fn days_end_at_the_members_midnight() {
    let rules = || vec![rule("days", About::Case, "1 calendar day", ["intake.acknowledged", ""])];
    for (zip, name) in [("85001", "America/Phoenix"), ("46534", "America/Indiana/Knox")] {
        let person = crate::tests::world::person(zip);
        let mut world = with_rules(rules(), Referral { person, ..oxygen_order() });
        world.act(IntakeCommand::Acknowledge);
        let midnight = "2026-07-03T00:00:00".parse().unwrap();
        assert_eq!(world.due("days:case"), zone(name).instant(midnight), "{name}");
    }
}

#[test]
fn the_first_business_day_skips_the_weekend_and_the_holiday() {
    let received = Referral { received_at: ny("2026-07-01 09:00"), ..oxygen_order() };
    assert_eq!(World::opened(received).due(ACK), ny("2026-07-02 18:00"));
    let mut world = World::new();
    world.at("2026-07-02 17:00");
    world.act(crate::tests::world::refer(Referral { received_at: world.now, ..oxygen_order() }));
    assert_eq!(world.due(ACK), ny("2026-07-06 18:00"), "Friday is the holiday observed");
}

#[test]
fn a_discharge_that_moves_later_moves_its_clock_and_keeps_the_history() {
    let order = Referral { discharge: Some(discharge("2026-07-05 18:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    assert_eq!(world.due("discharge-critical:case"), ny("2026-07-04 18:00"));
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-06 18:00")));
    let clock = world.clock("discharge-critical:case");
    assert_eq!(clock.started.due_at, ny("2026-07-05 18:00"));
    assert_eq!(clock.moved, [(ny("2026-07-04 18:00"), ny("2026-07-01 09:00"))]);
}

#[test]
fn a_discharge_that_moves_near_rings_at_once() {
    let order = Referral { discharge: Some(discharge("2026-07-05 18:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    let added = world.act(IntakeCommand::MoveDischarge(discharge("2026-07-02 08:00")));
    assert!(added.contains(&"clock.missed") && added.contains(&"disputes.escalated"), "{added:?}");
}

#[test]
fn a_discharge_that_moves_away_after_the_alarm_is_watched_anew() {
    let order = Referral { discharge: Some(discharge("2026-07-01 18:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    assert!(world.clock("discharge-critical:case").missed_at.is_some());
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-05 18:00")));
    assert!(world.clock("discharge-critical:case").missed_at.is_some(), "the first alarm stays");
    assert!(!world.clock("discharge-critical:case").is_live());
    assert_eq!(world.due("discharge-critical:case#2"), ny("2026-07-04 18:00"));
}

#[test]
fn warnings_before_a_discharge_divide_the_time_that_is_left() {
    let order = Referral { discharge: Some(discharge("2026-07-06 09:00")), ..oxygen_order() };
    let world = World::opened(order);
    let warn_at = &world.clock("discharge-critical:case").started.warn_at;
    assert_eq!(warn_at[0], (50, ny("2026-07-03 09:00")), "four days are left until the alarm");
}

#[test]
fn a_move_into_the_future_warns_again() {
    let order = Referral { discharge: Some(discharge("2026-07-06 09:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    world.at("2026-07-03 09:00").ring("discharge-critical:case");
    assert_eq!(world.clock("discharge-critical:case").warned, [50]);
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-12 09:00")));
    assert_eq!(world.clock("discharge-critical:case").warned, Vec::<u8>::new());
}

#[test]
fn pauses_stay_counted_when_the_origin_moves() {
    let clock = ClockRule {
        from: crate::From::Received,
        pauses: vec!["orders.asked".to_owned()],
        resumes: vec!["orders.ask-withdrawn".to_owned()],
        ..rule("answer", About::Case, "10 h", ["intake.referred", ""])
    };
    let mut world = with_rules(vec![clock], oxygen_order());
    world.at("2026-07-01 10:00").act(ask("ask-1", &["member.language"]));
    world.at("2026-07-01 12:00").act(OrdersCommand::WithdrawAsk {
        ask_id: "ask-1".into(),
        reason: crate::orders::AskWithdrawReason::NotNeeded,
    });
    assert_eq!(world.due("answer:case"), ny("2026-07-01 21:00"));
    let receipt = crate::intake::Receipt {
        receipt_id: None,
        channel: crate::Channel::Fax,
        received_at: ny("2026-07-01 08:00"),
        order_ref: None,
    };
    world.act(IntakeCommand::Link(receipt));
    assert_eq!(world.due("answer:case"), ny("2026-07-01 20:00"));
}

#[test]
fn doubled_and_excessive_percents_do_no_harm() {
    let clock = ClockRule {
        warn: vec![90, 50, 50, 200],
        ..rule("odd", About::Case, "10 h", ["intake.referred", ""])
    };
    let mut world = with_rules(vec![clock], oxygen_order());
    assert_eq!(world.at("2026-07-01 14:00").ring("odd:case"), ["clock.warned"]);
}

#[test]
fn a_rule_whose_escalation_starts_itself_still_ends() {
    let clock = ClockRule {
        from: crate::From::Received,
        on_miss: OnMiss::Escalate(2),
        ..rule("loop", About::Escalation, "0 min", ["disputes.escalated", ""])
    };
    let first = ClockRule {
        from: crate::From::Received,
        on_miss: OnMiss::Escalate(1),
        ..rule("first", About::Case, "0 min", ["intake.referred", ""])
    };
    let world = with_rules(vec![first, clock], oxygen_order());
    assert_eq!(world.case.disputes.escalations.len(), 2);
}

#[test]
fn absurd_instants_do_no_harm() {
    for at in [i64::MIN, i64::MIN + 1, -1, 0, i64::MAX - 1, i64::MAX] {
        let at = Timestamp(at);
        let discharge = Some(crate::Discharge { at, bedside: false });
        let order = Referral { received_at: at, need_by: Some(at), discharge, ..oxygen_order() };
        let mut world = World::new();
        world.act(crate::tests::world::refer(order.clone()));
        for id in world.case.clocks.0.keys().cloned().collect::<Vec<_>>() {
            assert!(!sentences(&world, id.as_str()).is_empty());
            world.ring(id.as_str());
        }
        let mut world = World::new();
        world.now = at;
        let _ = world.attempt(crate::tests::world::refer(order));
    }
}

#[test]
fn calendar_days_explain_themselves() {
    let mut world = World::oxygen();
    let (lines, trace) = (vec![no(1)], "T-1".to_owned());
    let request =
        crate::auth::AuthCommand::Request { lines, trace, expedited: false, received_at: None };
    world.at("2026-07-03 18:00").act(request);
    let id = "auth-standard:line-1";
    let counted =
        "7 calendar days after Fri 2026-07-03 end with Fri 2026-07-10 in America/New_York";
    assert_eq!(said(&world, id, "counted"), counted);
    assert_eq!(said(&world, id, "rule"), "auth-standard, version clocks 2026-01-01");
    assert_eq!(said(&world, id, "source"), "the test world, auth-standard 7 calendar days");
    assert_eq!(said(&world, id, "due"), "Sat 2026-07-11 00:00 America/New_York");
}

#[test]
fn business_days_name_their_hours_and_the_days_they_skip() {
    let mut world = World::new();
    world.at("2026-07-02 17:00");
    world.act(crate::tests::world::refer(Referral { received_at: world.now, ..oxygen_order() }));
    let counted = "1 business day after Thu 2026-07-02 end at the close of Mon 2026-07-06 in America/New_York";
    assert_eq!(said(&world, ACK, "counted"), counted);
    let open = "08:00 to 18:00 on Monday, Tuesday, Wednesday, Thursday, Friday, local time, by the calendar test-hub 2026-1";
    assert_eq!(said(&world, ACK, "open"), open);
    let skipped = "Fri 2026-07-03, Independence Day; Sat 2026-07-04, no Saturday is worked; Sun 2026-07-05, no Sunday is worked";
    assert_eq!(said(&world, ACK, "not worked"), skipped);
}

#[test]
fn an_explanation_tells_pauses_moves_and_how_it_ended() {
    let mut world = World::oxygen();
    let id = "schedule:line-1";
    world.at("2026-07-01 10:00").act(ask("ask-1", &["member.language"]));
    assert!(said(&world, id, "paused").starts_with("since Wed 2026-07-01 10:00"));
    world.at("2026-07-01 13:00").act(OrdersCommand::WithdrawAsk {
        ask_id: "ask-1".into(),
        reason: crate::orders::AskWithdrawReason::NotNeeded,
    });
    let paused = "from Wed 2026-07-01 10:00 America/New_York to Wed 2026-07-01 13:00 America/New_York, 3 h added";
    assert_eq!(said(&world, id, "paused"), paused);
    let counted = "72 h after Wed 2026-07-01 09:00 America/New_York end at Sat 2026-07-04 09:00 America/New_York";
    assert_eq!(said(&world, id, "counted"), counted);
    assert_eq!(said(&world, id, "due"), "Sat 2026-07-04 12:00 America/New_York");
    world.at("2026-07-04 13:00").ring(id);
    assert!(said(&world, id, "missed").starts_with("recorded Sat 2026-07-04 13:00"));
    world.act(withdraw("oxygen.lpm"));
    world.act(amend(&[("oxygen.lpm", Fact::Number(Milli::whole(2)))]));
    world.act(IntakeCommand::Acknowledge);
    assert!(said(&world, ACK, "stopped").ends_with("late"));
}

#[test]
fn an_explanation_says_when_the_calendar_is_another() {
    let world = World::oxygen();
    let mut spec = world.terms.calendar.spec().clone();
    spec.version = "2027-1".to_owned();
    let later = doorstep_vocab::Calendar::new(spec).unwrap();
    let all = world.clock(ACK).explain_on(&later);
    assert!(
        all.contains(&("calendar", "it was counted with test-hub 2026-1".to_owned())),
        "{all:?}"
    );
}

#[test]
fn what_is_due_before_a_discharge_explains_itself() {
    let order = Referral { discharge: Some(discharge("2026-07-05 18:00")), ..oxygen_order() };
    let world = World::opened(order);
    let counted = "24 h before Sun 2026-07-05 18:00 America/New_York is Sat 2026-07-04 18:00 America/New_York";
    assert_eq!(said(&world, "discharge-critical:case", "counted"), counted);
}

#[test]
fn the_clock_due_first_is_found() {
    let world = World::oxygen();
    assert_eq!(world.case.clocks.next_due().unwrap().started.rule, "acknowledge");
}

fn chasing(within: &str) -> World {
    let turns =
        ["orders.asked orders.chased", "orders.chased orders.answered orders.ask-withdrawn"];
    let clock = ClockRule { on_miss: OnMiss::Chase, ..rule("chase", About::Ask, within, turns) };
    let mut world = with_rules(vec![clock], oxygen_order());
    world.act(ask("ask-1", &["member.language"]));
    world
}

#[test]
fn a_question_is_chased_by_its_clock_and_the_next_clock_starts() {
    let mut world = chasing("2 h");
    let added = world.at("2026-07-01 11:00").ring("chase:ask-ask-1");
    assert_eq!(added, ["clock.missed", "orders.chased", "clock.stopped", "clock.started"]);
    assert_eq!(world.due("chase:ask-ask-1#2"), ny("2026-07-01 13:00"));
}

#[test]
fn a_question_chased_by_hand_is_not_chased_again_by_its_overdue_clock() {
    let mut world = chasing("2 h");
    world.at("2026-07-01 11:30");
    let added = world.act(OrdersCommand::Chase("ask-1".into()));
    assert_eq!(added, ["orders.chased", "clock.missed", "clock.stopped", "clock.started"]);
}

#[test]
fn a_chase_of_no_length_ends() {
    let mut world = chasing("0 min");
    assert_eq!(world.count("orders.chased"), 0);
    assert!(world.at("2026-07-01 11:30").ring("chase:ask-ask-1").is_empty());
}

#[test]
fn a_reopened_clock_moves_before_it_is_found_overdue() {
    // Confirmed, the discharge put off, then the visit missed: there is time again.
    let critical = ClockRule {
        from: crate::From::Discharge,
        before: true,
        reopens: vec!["delivery.missed".to_owned()],
        on_miss: OnMiss::Escalate(2),
        ..rule("critical", About::Line, "24 h", ["intake.discharge-moved", "delivery.confirmed"])
    };
    let order = Referral { discharge: Some(discharge("2026-07-02 18:00")), ..oxygen_order() };
    let mut world = World::new();
    world.terms.clocks = vec![critical];
    let answer = "placement.accepted placement.declined placement.withdrawn";
    let offered = rule("offer-response", About::Offer, "2 h", ["placement.offered", answer]);
    world.terms.clocks.push(offered);
    world.act(crate::tests::world::refer(order));
    let answer = crate::auth::Determination::NotRequired { proof: "call 4711".to_owned() };
    world.act(crate::auth::AuthCommand::Determine { line: no(1), answer });
    world.act(crate::tests::world::offer("o-1", "north", &[1]));
    world.act(crate::tests::world::accept("o-1", &[1], "2026-07-02 12:00"));
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    let confirm = crate::delivery::DeliveryCommand::Confirm { visit_id: "v-1".into() };
    assert!(world.act(confirm).contains(&"clock.stopped"));
    world.act(IntakeCommand::MoveDischarge(discharge("2026-07-06 18:00")));
    world.at("2026-07-02 13:00");
    let reason = crate::delivery::MissReason::ALL[0];
    let missed = crate::delivery::DeliveryCommand::Miss { visit_id: "v-1".into(), reason };
    let added = world.act(missed);
    assert_eq!(added, ["delivery.missed", "clock.moved", "clock.reopened"]);
    assert_eq!(world.due("critical:line-1"), ny("2026-07-05 18:00"));
}

#[test]
fn the_first_visit_counts_from_the_return_home_the_referral_or_the_ordered_start() {
    // 42 CFR 484.55(a)(1).
    let visit = ClockRule {
        from: crate::From::Home,
        ..rule("first-visit", About::Line, "48 h", ["intake.referred", ""])
    };
    let due = |left: Option<&str>, start: Option<&str>| {
        let mut order = Referral { discharge: left.map(discharge), ..oxygen_order() };
        if let Some(on) = start {
            let fact = (Fact::On(on.parse().unwrap()), None);
            order.facts.insert(crate::Item::named("home-health.start-on"), fact);
        }
        with_rules(vec![visit.clone()], order).due("first-visit:line-1")
    };
    assert_eq!(due(None, None), ny("2026-07-03 09:00"));
    assert_eq!(due(Some("2026-07-02 18:00"), None), ny("2026-07-04 18:00"));
    assert_eq!(due(Some("2026-06-20 18:00"), None), ny("2026-07-03 09:00"), "home long since");
    assert_eq!(due(Some("2026-07-02 18:00"), Some("2026-07-08")), ny("2026-07-10 00:00"));
    assert_eq!(due(None, Some("2026-06-20")), ny("2026-07-03 09:00"), "not before the referral");
}

#[test]
fn a_clock_names_its_owner_the_event_that_started_it_and_the_zone_data() {
    let mut world = World::oxygen();
    world.act(IntakeCommand::Assign("ana".into()));
    let id = "schedule:line-1";
    let from = said(&world, id, "counts from");
    assert_eq!(from, "orders.completed, Wed 2026-07-01 09:00 America/New_York");
    assert!(said(&world, id, "time zones").starts_with("by the tz database 20"));
    world.at("2026-07-02 21:00").ring(id);
    let warned = world.record.iter().find_map(|recorded| match &recorded.event {
        crate::Event::Clock(super::ClockEvent::Warned { user_id, .. }) => user_id.clone(),
        _ => None,
    });
    assert_eq!(warned, Some("ana".into()));
    assert_eq!(super::owner_of(&world.case, world.clock(ACK)), Some("ana".into()));
    let mut supervised = world.clock(id).clone();
    supervised.started.owner = Role::Supervisor;
    assert_eq!(super::owner_of(&world.case, &supervised), None, "it is every supervisor's");
}

#[test]
fn a_question_that_nobody_answers_is_told_to_the_referrer_and_the_member() {
    // Facts 4.2: three attempts, then notify.
    let turns = ["orders.asked", "orders.answered orders.ask-withdrawn"];
    let clock =
        ClockRule { on_miss: OnMiss::Notify, ..rule("unanswered", About::Ask, "9 h", turns) };
    let mut world = with_rules(vec![clock], oxygen_order());
    world.act(ask("ask-1", &["member.language"]));
    let added = world.at("2026-07-01 18:00").ring("unanswered:ask-ask-1");
    assert_eq!(added, ["clock.missed", "orders.unanswered", "disputes.escalated"]);
    let told = world.record.iter().flat_map(|recorded| crate::effects(&world.case, recorded));
    let told: Vec<_> = told
        .filter(|effect| match effect {
            crate::Effect::TellReferrer { tell } | crate::Effect::TellMember { tell, .. } => {
                tell.news == crate::News::Unanswered
            }
            _ => false,
        })
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
}

#[test]
fn an_incomplete_order_that_nobody_asked_about_has_a_clock() {
    let clarify = || {
        let turns = ["intake.referred orders.lapsed", "orders.asked orders.completed"];
        vec![rule("clarify", About::Case, "2 h", turns)]
    };
    let mut order = oxygen_order();
    order.facts.remove(&crate::Item::named("oxygen.lpm"));
    let mut world = with_rules(clarify(), order);
    assert_eq!(world.due("clarify:case"), ny("2026-07-01 11:00"));
    assert_eq!(world.act(ask("ask-1", &["oxygen.lpm"])), ["orders.asked", "clock.stopped"]);
    let mut complete = with_rules(clarify(), oxygen_order());
    assert_eq!(complete.count("clock.started"), 0);
    complete.act(withdraw("oxygen.lpm"));
    assert!(complete.clock("clarify:case").is_running(), "found wanting later");
}

#[test]
fn a_corrected_zone_moves_the_clocks_that_count_its_days() {
    let rules = vec![rule("days", About::Case, "1 calendar day", ["intake.acknowledged", ""])];
    let mut world = with_rules(rules, oxygen_order());
    world.act(IntakeCommand::Acknowledge);
    let corrected = crate::intake::Amendment {
        zone: Some(zone("America/Phoenix")),
        ..crate::intake::Amendment::default()
    };
    let added = world.act(IntakeCommand::Amend(corrected));
    assert_eq!(added, ["intake.amended", "clock.moved"]);
    let midnight = "2026-07-03T00:00:00".parse().unwrap();
    assert_eq!(world.due("days:case"), zone("America/Phoenix").instant(midnight));
    assert_eq!(world.clock("days:case").started.zone, zone("America/Phoenix"));
}

#[test]
fn business_days_are_counted_by_the_calendar_of_the_payer_or_the_state_which_is_named() {
    use crate::CountedBy;
    use doorstep_vocab::{Calendar, HolidayRule, HolidaySpec};
    let mut world = World::new();
    let mut spec = world.terms.calendar.spec().clone();
    (spec.name, spec.version) = ("example".to_owned(), "2026-3".to_owned());
    let thursday = HolidayRule::Dates(vec!["2026-07-02".parse().unwrap()]);
    let name = "Example Day".to_owned();
    spec.holidays.push(HolidaySpec {
        name,
        rule: thursday,
        effective_from: None,
        effective_to: None,
    });
    let calendar = std::sync::Arc::new(Calendar::new(spec).unwrap());
    world.terms.calendars.insert("example".to_owned(), calendar.clone());
    world.terms.states.insert("CT".to_owned(), "example".to_owned());
    let opened = ["intake.referred", ""];
    let by = |name: &str, calendar| ClockRule {
        calendar,
        pauses: vec!["orders.asked".to_owned()],
        resumes: vec!["orders.ask-withdrawn".to_owned()],
        ..rule(name, About::Case, "1 business day", opened)
    };
    world.terms.clocks = vec![
        by("hub", CountedBy::Hub),
        by("state", CountedBy::State),
        by("payer", CountedBy::Named("example".to_owned())),
    ];
    world.act(crate::tests::world::refer(oxygen_order()));
    assert_eq!(world.case.state.as_deref(), Some("CT"), "the ZIP 06103 is there");
    assert_eq!(world.due("hub:case"), ny("2026-07-02 18:00"));
    for id in ["state:case", "payer:case"] {
        assert_eq!(world.due(id), ny("2026-07-06 18:00"), "{id}");
        assert_eq!(world.clock(id).started.calendar, "example 2026-3");
    }
    let explained = world.clock("state:case").explain_on(&calendar);
    let said = |about: &str| {
        explained.iter().find(|(what, _)| *what == about).map(|(_, words)| &words[..]).unwrap()
    };
    assert!(said("open").ends_with("by the calendar example 2026-3"), "{}", said("open"));
    assert!(said("not worked").starts_with("Thu 2026-07-02, Example Day"));
    // A pause over the closed Thursday moves it by no business day: it goes on by its own calendar.
    world.at("2026-07-01 12:00").act(ask("ask-1", &["member.language"]));
    world.at("2026-07-02 12:00").act(OrdersCommand::WithdrawAsk {
        ask_id: "ask-1".into(),
        reason: crate::orders::AskWithdrawReason::NotNeeded,
    });
    assert_eq!(world.due("hub:case"), ny("2026-07-06 18:00"), "Thursday was a business day");
    assert_eq!(world.due("payer:case"), ny("2026-07-06 18:00"));
}
