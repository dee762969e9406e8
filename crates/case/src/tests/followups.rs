//! What follows a delivery, and what the next dose decides: items that end a clock, deadlines that are instants, and what is
//! fetched.

use super::clocks::rule;
use super::world::{World, amend, deliver, discharge, no, ny, on, oxygen_order, refer, withdraw};
use crate::delivery::{DeliveryCommand, PickUpReason};
use crate::rules::{self, Verdict};
use crate::{About, ClockRule, Fact, From, Milli, OnMiss, Referral};

fn number(n: i64) -> Fact {
    Fact::Number(Milli::whole(n))
}

/// One line, delivered on 2026-07-02, whose user is seen again within ninety days.
fn on_trial() -> World {
    let mut world = World::scheduled(1);
    let until = ["pap.reevaluated-on", "pap.adherent-nights"].map(super::world::item).to_vec();
    let about = ["delivery.delivered", "delivery.pick-up-due delivery.picked-up"];
    let trial = rule("trial", About::Line, "90 calendar days", about);
    world.terms.clocks.push(ClockRule { until, on_miss: OnMiss::Escalate(1), ..trial });
    world.act(amend(&[("pap.adherent-nights", number(3))]));
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(1, 1)], "2026-07-02"));
    world
}

#[test]
fn a_trial_ends_when_the_member_was_seen_again_and_the_nights_are_counted() {
    let mut world = on_trial();
    // Day 1 is July 2, so day 91 is September 30.
    assert_eq!(world.due("trial:line-1"), ny("2026-10-01 00:00"));
    world.at("2026-08-20 09:00");
    let seen = [("pap.reevaluated-on", Fact::On(on("2026-08-19")))];
    world.act(amend(&seen));
    assert!(world.clock("trial:line-1").is_running(), "the nights of before do not count");
    let added = world.act(amend(&[("pap.adherent-nights", number(22))]));
    assert_eq!(added, ["intake.amended", "clock.stopped"]);
}

#[test]
fn an_evaluation_of_before_the_delivery_ends_no_trial() {
    let mut world = on_trial();
    world.at("2026-08-20 09:00");
    let before =
        [("pap.reevaluated-on", Fact::On(on("2026-07-01"))), ("pap.adherent-nights", number(22))];
    world.act(amend(&before));
    assert!(world.clock("trial:line-1").is_running());
    world.at("2026-10-01 00:00");
    assert_eq!(world.ring("trial:line-1")[..2], ["clock.missed", "disputes.escalated"]);
}

#[test]
fn a_trial_that_failed_ends_with_the_device_fetched() {
    let mut world = on_trial();
    let reason = PickUpReason::NonCompliance;
    let fetch = DeliveryCommand::RequestPickUp { lines: vec![no(1)], reason };
    let added = world.at("2026-09-20 09:00").act_twice(fetch);
    assert_eq!(added, ["delivery.pick-up-due", "clock.stopped"]);
    assert!(world.case.lines[&no(1)].is_pick_up_due());
    let none = DeliveryCommand::RequestPickUp { lines: vec![no(1)], reason };
    assert_eq!(World::scheduled(1).refused(none), "nothing-held");
}

#[test]
fn a_member_is_seen_again_from_day_31_to_day_91() {
    let rule = rules::find("pap-reevaluated").unwrap();
    let values = [("first-day", 31), ("last-day", 91)];
    let values = values.into_iter().map(|(name, n)| (name.to_owned(), Milli::whole(n))).collect();
    let verdict = |world: &World| (rule.check)(&world.case, &world.case.lines[&no(1)], &values);
    assert_eq!(verdict(&World::scheduled(1)), Verdict::Met, "nothing is asked before");
    let mut world = on_trial();
    assert!(matches!(verdict(&world), Verdict::Unknown(wanted) if wanted.len() == 1));
    world.at("2026-12-01 09:00");
    for (day, is_met) in
        [("2026-07-31", false), ("2026-08-01", true), ("2026-09-30", true), ("2026-10-01", false)]
    {
        world.act(amend(&[("pap.reevaluated-on", Fact::On(on(day)))]));
        assert_eq!(verdict(&world) == Verdict::Met, is_met, "{day}");
    }
}

fn by_dose() -> Vec<ClockRule> {
    let begins = "intake.referred intake.amended intake.discharge-moved";
    let before = |name: &str, from, within: &str| ClockRule {
        from,
        before: true,
        ..rule(name, About::Line, within, [begins, "delivery.delivered"])
    };
    vec![
        before("next-dose", From::NextDose, "0 min"),
        before("critical", From::DischargeOrDose, "24 h"),
    ]
}

#[test]
fn the_next_dose_is_a_deadline_to_the_minute() {
    let mut world = World::new();
    world.terms.clocks = by_dose();
    let order = Referral { discharge: Some(discharge("2026-07-06 12:00")), ..oxygen_order() };
    world.act(refer(order));
    assert!(!world.case.clocks.0.contains_key(&"next-dose:line-1".into()));
    assert_eq!(world.due("critical:line-1"), ny("2026-07-05 12:00"), "by the discharge");
    world.act(amend(&[("infusion.next-dose-at", Fact::On(on("2026-07-05")))]));
    assert!(!world.case.clocks.0.contains_key(&"next-dose:line-1".into()), "no hour, no clock");
    world.act(amend(&[("infusion.next-dose-at", Fact::At(ny("2026-07-05 18:30")))]));
    assert_eq!(world.due("next-dose:line-1"), ny("2026-07-05 18:30"));
    assert_eq!(world.due("critical:line-1"), ny("2026-07-04 18:30"), "the dose comes first");
    world.act(amend(&[("infusion.next-dose-at", Fact::At(ny("2026-07-07 06:00")))]));
    assert_eq!(world.due("next-dose:line-1"), ny("2026-07-07 06:00"), "it moves");
    assert_eq!(world.due("critical:line-1"), ny("2026-07-05 12:00"), "the discharge again");
    world.act(withdraw("infusion.next-dose-at"));
    assert!(world.clock("next-dose:line-1").is_live(), "what was promised stands");
}

#[test]
fn a_time_is_read_with_its_zone_or_its_offset_and_a_day_without_an_hour() {
    let item = super::world::item("infusion.next-dose-at");
    let zone = super::world::zone("America/New_York");
    let at = |text: &str| item.read_in(text, &zone);
    assert_eq!(at("2026-07-05T18:30"), Some(Fact::At(ny("2026-07-05 18:30"))));
    assert_eq!(at("2026-07-05T18:30:00-05:00"), Some(Fact::At(ny("2026-07-05 19:30"))));
    assert_eq!(at("2026-07-05"), Some(Fact::On(on("2026-07-05"))));
    assert_eq!(at("soon"), None);
    let unzoned = item.read("2026-07-05T18:30");
    assert_eq!(unzoned, Some(Fact::On(on("2026-07-05"))), "whose clock it is cannot be told");
}
