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
