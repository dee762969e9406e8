//! A member dies: what was planned ends with its reason, what was left is picked up, and nobody writes to the member.

use super::clocks::rule;
use super::world::{World, accept, deliver, goods, line_of, no, offer, on, oxygen_order, schedule};
use crate::closing::{CancelReason, ClosingCommand, ClosureKind, ReopenReason};
use crate::delivery::{
    DeliveryCommand, MissReason, PickUpReason, StayReason, VisitCancelReason, VisitState,
};
use crate::intake::{DeathSource, IntakeCommand};
use crate::orders::{AskWithdrawReason, OrdersCommand};
use crate::placement::{OfferState, WithdrawReason};
use crate::{About, ClockRule, Effect, Event, Owner, Referral, effects, next_step};

fn died(day: &str) -> IntakeCommand {
    IntakeCommand::RecordDeath { on: on(day), source: DeathSource::Family }
}

fn pick_up_clock() -> ClockRule {
    let over = "delivery.picked-up delivery.stayed intake.death-retracted";
    rule("pick-up", About::Line, "5 business days", ["delivery.pick-up-due", over])
}

/// Two beds at home, and whatever else the order names.
fn with_beds() -> World {
    let mut world = World::new();
    world.terms.clocks.push(pick_up_clock());
    let order =
        Referral { lines: vec![line_of("E0260", 2), line_of("E1390", 1)], ..oxygen_order() };
    world.act(super::world::refer(order));
    world.act(IntakeCommand::Acknowledge);
    for line in [1, 2] {
        let answer = crate::auth::Determination::NotRequired { proof: "call 4711".to_owned() };
        world.act(crate::auth::AuthCommand::Determine { line: no(line), answer });
    }
    world.act(offer("o-1", "north", &[1, 2]));
    world.act(accept("o-1", &[1, 2], "2026-07-03 17:00"));
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(1, 2)], "2026-07-02"));
    world
}

fn pick_up(n: u32) -> DeliveryCommand {
    let (goods, serials) = (goods(&[(1, n)]), Vec::new());
    DeliveryCommand::PickUp { goods, serials, reason: PickUpReason::Deceased }
}

/// Whom the effects of everything on record since `seq` reach.
fn reached(world: &World, since: usize) -> Vec<String> {
    let all = world.record[since..].iter().flat_map(|recorded| effects(&world.case, recorded));
    all.filter_map(|effect| match effect {
        Effect::TellMember { .. } => Some("member".to_owned()),
        Effect::TellReferrer { tell } => Some(format!("referrer: {}", tell.news.code())),
        Effect::TellProvider { tell, .. } => Some(format!("provider: {}", tell.news.code())),
        Effect::SendQuestion { ask_id } | Effect::RecallQuestion { ask_id } => {
            world.case.orders.asks.get(&ask_id).map(|ask| ask.of.name().to_owned())
        }
        _ => None,
    })
    .collect()
}

#[test]
fn a_death_ends_what_was_planned_with_its_reason() {
    let mut world = World::authorized(3);
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-03 17:00"));
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    world.act(offer("o-2", "south", &[2]));
    let items = vec![super::world::item("member.language")];
    world.act(OrdersCommand::Ask { ask_id: "a-1".into(), of: Owner::Member, items });
    let before = world.record.len();
    world.at("2026-07-02 09:00").act_twice(died("2026-07-01"));
    let case = &world.case;
    let reasons: Vec<_> =
        case.lines.values().map(|line| line.cancelled.as_ref().unwrap().reason).collect();
    assert_eq!(reasons, [CancelReason::Deceased; 3]);
    let visit = &case.delivery.visits[&"v-1".into()];
    assert_eq!(visit.state, VisitState::Cancelled);
    assert_eq!(visit.cancelled, Some(VisitCancelReason::Deceased));
    let open = &case.placement.offers[&"o-2".into()];
    assert_eq!(
        (&open.state, open.withdrawn),
        (&OfferState::Withdrawn, Some(WithdrawReason::Deceased))
    );
    let ends: Vec<_> = world
        .record
        .iter()
        .filter_map(|recorded| match &recorded.event {
            Event::Orders(crate::orders::OrdersEvent::AskWithdrawn { reason, .. }) => *reason,
            _ => None,
        })
        .collect();
    assert_eq!(ends, [AskWithdrawReason::Deceased]);
    assert_eq!(case.lines.len(), 3);
    let running = case.clocks.0.values().filter(|clock| clock.is_live());
    let rules: Vec<&str> = running.map(|clock| &clock.started.rule[..]).collect();
    assert_eq!(rules, ["acknowledge"], "the sender is told the case number all the same");
    let told = reached(&world, before);
    assert!(!told.contains(&"member".to_owned()), "{told:?}");
    for whom in [
        "referrer: deceased",
        "provider: deceased",
        "provider: visit-cancelled",
        "referrer: line-cancelled",
    ] {
        assert!(told.contains(&whom.to_owned()), "{whom} of {told:?}");
    }
    assert_eq!(world.count("delivery.pick-up-due"), 0, "nothing was delivered");
}

#[test]
fn what_was_left_is_picked_up_under_a_clock_before_the_case_closes() {
    let mut world = with_beds();
    world.at("2026-07-03 09:00").act(died("2026-07-02"));
    assert_eq!(world.due("pick-up:line-1"), super::world::ny("2026-07-10 18:00"));
    assert_eq!(next_step(&world.case, &[]).code, "pick-up");
    assert_eq!(world.refused(ClosingCommand::Close), "pick-up-due");
    world.at("2026-07-06 09:00").act(pick_up(1));
    assert!(!world.clock("pick-up:line-1").is_live());
    assert!(world.clock("pick-up:line-1#2").is_running(), "one is still there");
    assert_eq!(world.refused(ClosingCommand::Close), "pick-up-due");
    let leave = DeliveryCommand::Leave { line: no(1), reason: StayReason::Owned };
    assert_eq!(world.act_twice(leave), ["delivery.stayed", "clock.stopped"]);
    assert_eq!(next_step(&world.case, &[]).code, "close");
    world.act(ClosingCommand::Close);
    assert_eq!(world.case.closing.closed.as_ref().unwrap().kind, Some(ClosureKind::Deceased));
}

#[test]
fn all_that_is_picked_up_ends_the_line_as_well() {
    let mut world = with_beds();
    world.at("2026-07-03 09:00").act(died("2026-07-02"));
    world.act(pick_up(2));
    assert_eq!(
        world.case.open_lines().count(),
        0,
        "nothing is exchanged for a member who has died"
    );
    assert_eq!(world.act(ClosingCommand::Close)[0], "closing.closed");
}

#[test]
fn what_the_member_bought_stays() {
    let modifiers = vec!["NU".to_owned()];
    let bought = crate::LineRequest { modifiers, ..line_of("E0260", 1) };
    let mut world = World::new();
    world.act(super::world::refer(Referral { lines: vec![bought], ..oxygen_order() }));
    let answer = crate::auth::Determination::FromTerms;
    world.act(crate::auth::AuthCommand::Determine { line: no(1), answer });
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-03 17:00"));
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    world.at("2026-07-02 11:00").act(deliver("v-1", &[(1, 1)], "2026-07-02"));
    world.act(died("2026-07-02"));
    assert_eq!(world.count("delivery.pick-up-due"), 0);
    let leave = DeliveryCommand::Leave { line: no(1), reason: StayReason::Owned };
    assert_eq!(world.refused(leave), "no-pick-up-due");
}

#[test]
fn a_death_after_the_end_opens_the_case_again_where_something_was_left() {
    let mut world = with_beds();
    let reason = CancelReason::CancelledByMember;
    world.act(ClosingCommand::CancelLine { line: no(2), reason });
    world.act(ClosingCommand::Close);
    let mut other = world.clone();
    let added = world.at("2026-07-20 09:00").act(died("2026-07-19"));
    assert_eq!(added[..2], ["intake.death-recorded", "closing.reopened"]);
    assert!(world.case.is_open() && world.clock("pick-up:line-1").is_running());
    other.act(pick_up(2));
    let added = other.at("2026-07-20 09:00").act(died("2026-07-19"));
    assert!(!added.contains(&"closing.reopened"), "{added:?}");
}

#[test]
fn what_came_while_the_member_lived_is_recorded_afterwards() {
    let mut world = World::scheduled(1);
    world.at("2026-07-03 09:00").act(died("2026-07-02"));
    assert_eq!(world.refused(deliver("v-1", &[(1, 1)], "2026-07-03")), "visit-ended");
    let added = world.act_twice(deliver("v-1", &[(1, 1)], "2026-07-02"));
    assert_eq!(added, ["delivery.delivered", "delivery.pick-up-due"]);
}

#[test]
fn nothing_is_planned_for_a_member_who_has_died_until_it_is_taken_back() {
    let mut world = World::authorized(2);
    world.act(died("2026-07-01"));
    assert_eq!(world.refused(IntakeCommand::AddLine(line_of("E0260", 1))), "member-died");
    let reopen = ClosingCommand::ReopenLine { line: no(1), reason: ReopenReason::EndedInError };
    assert_eq!(world.refused(reopen.clone()), "member-died");
    assert_eq!(world.refused(died("2026-07-02")), "date-ahead");
    assert_eq!(world.act(died("2026-06-30")), ["intake.death-recorded"], "the day is corrected");
    assert_eq!(world.act_twice(IntakeCommand::RetractDeath), ["intake.death-retracted"]);
    assert_eq!(world.act(reopen)[0], "closing.line-reopened");
    world.act(offer("o-1", "north", &[1]));
    let before = world.record.len();
    world.act(accept("o-1", &[1], "2026-07-03 17:00"));
    assert!(reached(&world, before).contains(&"member".to_owned()), "the member is told again");
    assert_eq!(World::oxygen().refused(IntakeCommand::RetractDeath), "death-not-recorded");
}

#[test]
fn a_death_told_in_passing_is_to_be_recorded_and_silences_letters() {
    let mut world = World::scheduled(2);
    world.act(IntakeCommand::Acknowledge);
    let reason = MissReason::Deceased;
    world.at("2026-07-02 13:00").act(DeliveryCommand::Miss { visit_id: "v-1".into(), reason });
    assert_eq!(next_step(&world.case, &[]).code, "record-death");
    let before = world.record.len();
    world.act(schedule("v-2", &[1], ("2026-07-03 10:00", "2026-07-03 12:00")));
    assert!(!reached(&world, before).contains(&"member".to_owned()));
    world.act(IntakeCommand::RetractDeath);
    assert_ne!(next_step(&world.case, &[]).code, "record-death");
    world.at("2026-07-02 14:00").act(died("2026-07-02"));
    assert!(!world.case.is_death_reported() && world.case.may_have_died());
}

#[test]
fn nobody_writes_to_the_member_whatever_happens_after_the_death() {
    let mut deaths = 0;
    for seed in 1..=300 {
        super::histories::live_between(seed, |_, world, (_, events)| {
            deaths += usize::from(world.case.intake.death.is_some());
            if world.case.intake.death.is_some() {
                let since = world.record.len() - events.len();
                let told = reached(world, since);
                assert!(!told.iter().any(|whom| whom == "member"), "seed {seed}: {told:?}");
                assert_eq!(world.case.open_lines().count(), 0, "seed {seed}");
            }
        });
    }
    assert!(deaths > 100, "only {deaths} commands came after a death");
}
