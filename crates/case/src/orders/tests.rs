//! Order rules: given events, when a command comes, then events or a refusal.

use super::OrdersCommand;
use crate::tests::world::{World, amend, ask, item, ny, on, oxygen_order, withdraw};
use crate::{Fact, Milli, Owner};

fn incomplete() -> World {
    let mut order = oxygen_order();
    order.facts.remove(&item("oxygen.lpm"));
    order.facts.remove(&item("order.signed-on"));
    World::opened(order)
}

#[test]
fn a_question_starts_its_chase_and_is_asked_once() {
    let mut world = incomplete();
    let added = world.act_twice(ask("ask-1", &["oxygen.lpm", "order.signed-on"]));
    assert_eq!(added, ["orders.asked", "clock.started"]);
    assert_eq!(world.due("chase:ask-ask-1"), ny("2026-07-01 11:00"));
}

#[test]
fn a_question_about_nothing_is_refused() {
    assert_eq!(incomplete().refused(ask("ask-1", &[])), "ask-empty");
}

#[test]
fn the_same_items_are_not_asked_of_the_same_person_twice() {
    let mut world = incomplete();
    world.act(ask("ask-1", &["oxygen.lpm", "order.signed-on"]));
    assert_eq!(world.refused(ask("ask-2", &["oxygen.lpm"])), "ask-open");
    let items = vec![item("oxygen.lpm")];
    let other = OrdersCommand::Ask { ask_id: "ask-3".into(), of: Owner::Member, items };
    assert_eq!(world.act(other), ["orders.asked", "clock.started"]);
}

#[test]
fn an_id_names_one_question_only() {
    let mut world = incomplete();
    world.act(ask("ask-1", &["oxygen.lpm"]));
    assert_eq!(world.refused(ask("ask-1", &["order.signed-on"])), "ask-known");
}

#[test]
fn what_is_on_hand_is_not_asked_for() {
    let mut world = World::oxygen();
    assert_eq!(world.refused(ask("ask-1", &["oxygen.lpm"])), "nothing-missing");
}

#[test]
fn a_question_ends_when_its_last_item_comes_in() {
    let mut world = incomplete();
    world.act(ask("ask-1", &["oxygen.lpm", "order.signed-on"]));
    assert_eq!(
        world.act(amend(&[("oxygen.lpm", Fact::Number(Milli::whole(2)))])),
        ["intake.amended"]
    );
    let added = world.act(OrdersCommand::Sign { signed_on: on("2026-06-30") });
    let expected =
        ["orders.signed", "orders.answered", "orders.completed", "clock.stopped", "clock.started"];
    assert_eq!(added, expected);
    assert_eq!(world.case.orders.open_asks().count(), 0);
}

#[test]
fn each_chase_starts_the_chase_clock_again() {
    let mut world = incomplete();
    world.act(ask("ask-1", &["oxygen.lpm"]));
    world.at("2026-07-01 10:30");
    let added = world.act(OrdersCommand::Chase("ask-1".into()));
    assert_eq!(added, ["orders.chased", "clock.stopped", "clock.started"]);
    assert_eq!(world.due("chase:ask-ask-1#2"), ny("2026-07-01 12:30"));
    world.at("2026-07-01 13:00");
    let added = world.act(OrdersCommand::Chase("ask-1".into()));
    assert_eq!(added, ["orders.chased", "clock.missed", "clock.stopped", "clock.started"]);
    assert_eq!(world.case.orders.asks[&"ask-1".into()].chased, 2);
}

#[test]
fn a_question_that_ended_is_not_chased() {
    let mut world = incomplete();
    world.act(ask("ask-1", &["oxygen.lpm"]));
    let withdrawn = OrdersCommand::WithdrawAsk {
        ask_id: "ask-1".into(),
        reason: crate::orders::AskWithdrawReason::NotNeeded,
    };
    assert_eq!(world.act_twice(withdrawn), ["orders.ask-withdrawn", "clock.stopped"]);
    assert_eq!(world.refused(OrdersCommand::Chase("ask-1".into())), "ask-ended");
}

#[test]
fn an_unknown_question_is_refused() {
    let mut world = incomplete();
    assert_eq!(world.refused(OrdersCommand::Chase("ask-9".into())), "ask-unknown");
    assert_eq!(
        world.refused(OrdersCommand::WithdrawAsk {
            ask_id: "ask-9".into(),
            reason: crate::orders::AskWithdrawReason::NotNeeded
        }),
        "ask-unknown"
    );
}

#[test]
fn a_signature_is_recorded_once() {
    let mut world = incomplete();
    let added = world.act_twice(OrdersCommand::Sign { signed_on: on("2026-07-01") });
    assert_eq!(added, ["orders.signed"]);
}

#[test]
fn a_signature_of_tomorrow_or_before_the_order_is_refused() {
    let mut world = incomplete();
    let tomorrow = OrdersCommand::Sign { signed_on: on("2026-07-02") };
    assert_eq!(world.refused(tomorrow), "date-ahead");
    let early = OrdersCommand::Sign { signed_on: on("2026-06-29") };
    assert_eq!(world.refused(early), "signed-before-order");
}

#[test]
fn today_is_the_members_today() {
    // Half past midnight in New York is still yesterday in Phoenix.
    let mut order = oxygen_order();
    order.person = crate::tests::world::person("85001");
    let mut world = World::opened(order);
    world.at("2026-07-02 00:30");
    let tomorrow_there = OrdersCommand::Sign { signed_on: on("2026-07-02") };
    assert_eq!(world.refused(tomorrow_there), "date-ahead");
}

#[test]
fn a_verbal_order_dates_the_order_and_signs_nothing() {
    let mut order = oxygen_order();
    order.facts.remove(&item("order.ordered-on"));
    order.facts.remove(&item("order.signed-on"));
    let mut world = World::opened(order);
    let verbal = OrdersCommand::TakeVerbal { on: on("2026-07-01") };
    assert_eq!(world.act_twice(verbal), ["orders.verbal-taken"]);
    assert_eq!(world.case.known[&item("order.ordered-on")].fact, Fact::On(on("2026-07-01")));
    assert_eq!(world.case.completed_at(), None);
    let ahead = OrdersCommand::TakeVerbal { on: on("2026-07-02") };
    assert_eq!(world.refused(ahead), "date-ahead");
}

#[test]
fn an_order_that_lapses_and_completes_again_says_so_each_time() {
    let mut world = World::oxygen();
    for _ in 0..2 {
        world.act(withdraw("oxygen.lpm"));
        world.act(amend(&[("oxygen.lpm", Fact::Number(Milli::whole(2)))]));
    }
    assert_eq!((world.count("orders.lapsed"), world.count("orders.completed")), (2, 3));
    assert_eq!(
        world.count("clock.started"),
        2,
        "the schedule clock goes on, it does not start anew"
    );
}

fn withdrawn(id: &str) -> OrdersCommand {
    let reason = crate::orders::AskWithdrawReason::AskedInError;
    OrdersCommand::WithdrawAsk { ask_id: id.into(), reason }
}

/// An order that lacks two things, with a clock that has them asked for.
fn to_be_asked() -> World {
    let starts = "intake.referred orders.lapsed orders.ask-withdrawn";
    let over = "orders.asked orders.completed";
    let clarify = crate::tests::clocks::rule("clarify", crate::About::Case, "2 h", [starts, over]);
    let mut world = World::new();
    world.terms.clocks = vec![clarify];
    let mut order = oxygen_order();
    order.facts.remove(&item("oxygen.lpm"));
    order.facts.remove(&item("order.signed-on"));
    world.act(crate::tests::world::refer(order));
    world
}

#[test]
fn what_is_still_missing_after_a_withdrawn_question_is_asked_for_under_a_clock_again() {
    let mut world = to_be_asked();
    world.act(ask("ask-1", &["oxygen.lpm", "order.signed-on"]));
    assert!(!world.clock("clarify:case").is_live());
    world.at("2026-07-01 15:00");
    assert_eq!(world.act_twice(withdrawn("ask-1")), ["orders.ask-withdrawn", "clock.started"]);
    assert_eq!(world.due("clarify:case#2"), ny("2026-07-01 17:00"), "counted from now");
    world.act(ask("ask-2", &["oxygen.lpm", "order.signed-on"]));
    world.act(OrdersCommand::Sign { signed_on: on("2026-06-30") });
    world.act(amend(&[("oxygen.lpm", Fact::Number(Milli::whole(2)))]));
    assert!(!world.case.clocks.0.values().any(crate::clock::Clock::is_live));
}

#[test]
fn a_withdrawn_question_starts_no_clock_where_another_asks_for_the_same_or_nothing_is_missing() {
    let mut world = to_be_asked();
    world.act(ask("ask-1", &["oxygen.lpm", "order.signed-on"]));
    let (of, items) = (Owner::Member, vec![item("oxygen.lpm"), item("order.signed-on")]);
    world.act(OrdersCommand::Ask { ask_id: "ask-2".into(), of, items });
    assert_eq!(world.act(withdrawn("ask-1")), ["orders.ask-withdrawn"]);
    assert_eq!(world.act(withdrawn("ask-2")), ["orders.ask-withdrawn", "clock.started"]);
    let mut world = to_be_asked();
    world.act(ask("ask-1", &["oxygen.lpm", "order.signed-on", "member.language"]));
    world.act(amend(&[("oxygen.lpm", Fact::Number(Milli::whole(2)))]));
    world.act(OrdersCommand::Sign { signed_on: on("2026-06-30") });
    assert_eq!(world.act(withdrawn("ask-1")), ["orders.ask-withdrawn"], "the rest may wait");
}
