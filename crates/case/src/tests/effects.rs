//! What must happen outside because of what happened.

use super::world::{World, accept, ask, discharge, no, offer, oxygen_order, schedule};
use crate::auth::AuthCommand;
use crate::closing::{CancelReason, ClosingCommand};
use crate::delivery::{DeliveryCommand, MissReason};
use crate::intake::IntakeCommand;
use crate::placement::{PlacementCommand, WithdrawReason};
use crate::{Case, Effect, Event, News, Referral, Subject, effects};
use doorstep_vocab::ProviderId;
use std::collections::BTreeSet;

fn of(world: &World) -> Vec<Effect> {
    world.record.iter().flat_map(|recorded| effects(&world.case, recorded)).collect()
}

#[test]
fn a_referral_is_acknowledged_and_its_benefits_are_asked() {
    let world = World::oxygen();
    let receipt_id = Some("receipt-1".into());
    assert_eq!(of(&world), [Effect::AcknowledgeSender { receipt_id }, Effect::AskBenefits]);
}

#[test]
fn a_question_and_each_chase_of_it_go_out() {
    let mut world = World::oxygen();
    world.act(ask("ask-1", &["member.language"]));
    world.act(crate::orders::OrdersCommand::Chase("ask-1".into()));
    let sent = of(&world).into_iter().filter(|e| matches!(e, Effect::SendQuestion { .. }));
    assert_eq!(sent.count(), 2);
}

#[test]
fn a_request_goes_to_the_payer_with_its_lines_and_trace() {
    let mut world = World::oxygen();
    let lines = vec![crate::tests::world::no(1)];
    let trace = "T-1".to_owned();
    let request = AuthCommand::Request {
        lines: lines.clone(),
        trace: trace.clone(),
        expedited: false,
        received_at: None,
    };
    world.act(request);
    assert!(of(&world).contains(&Effect::SendAuthRequest { lines, trace }));
}

#[test]
fn the_losers_of_a_race_are_told_that_their_offers_no_longer_stand() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    world.act(offer("o-2", "south", &[1]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    assert!(of(&world).contains(&Effect::RecallOffer { offer_id: "o-2".into() }));
}

#[test]
fn an_offer_that_lapses_is_recalled() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    world.act(PlacementCommand::Withdraw {
        offer_id: "o-1".into(),
        reason: WithdrawReason::OfferedInError,
    });
    assert!(of(&world).contains(&Effect::RecallOffer { offer_id: "o-1".into() }));
}

#[test]
fn every_plan_of_a_visit_is_confirmed_in_writing() {
    let mut world = World::placed(1);
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    assert!(of(&world).contains(&Effect::SendConfirmation { visit_id: "v-1".into() }));
}

#[test]
fn a_warning_goes_to_the_owner_and_an_escalation_to_its_level() {
    let mut world = World::opened(Referral {
        discharge: Some(discharge("2026-07-01 18:00")),
        ..oxygen_order()
    });
    let clock_id = "discharge-critical:case".into();
    assert!(of(&world).contains(&Effect::WarnOwner { clock_id }));
    let raised =
        of(&world).into_iter().any(|e| matches!(e, Effect::RaiseEscalation { level: 2, .. }));
    assert!(raised);
    let before = of(&world).len();
    world.act(IntakeCommand::Assign("nurse-1".into()));
    assert_eq!(of(&world).len(), before, "most events stay inside");
}

/// Events that end or change what somebody counts on.
const PLANS: &[&str] = &[
    "placement.accepted",
    "placement.returned",
    "placement.single-case-agreed",
    "delivery.scheduled",
    "delivery.rescheduled",
    "delivery.visit-cancelled",
    "delivery.missed",
    "delivery.left-over",
    "delivery.refused",
    "closing.line-cancelled",
    "closing.closed",
    "closing.reopened",
    "closing.line-completed",
    "placement.single-case-ended",
    "intake.discharge-moved",
    "intake.need-by-moved",
    "auth.approved",
    "auth.modified",
    "auth.denied",
    "auth.withdrawn",
    "auth.expired",
    "intake.death-recorded",
];

fn held_before(case: &Case, event: &Event) -> BTreeSet<ProviderId> {
    let of_case = matches!(event.name().split('.').next(), Some("intake" | "closing"));
    let subjects = event.subjects(case);
    let lines = case.lines.values().filter(|line| {
        subjects.contains(&Subject::Line(line.no))
            || (of_case && subjects.is_empty() && line.is_open())
    });
    lines.filter_map(|line| line.placement.provider().cloned()).collect()
}

#[test]
fn whoever_holds_a_plan_is_told_of_each_event_that_changes_or_ends_it() {
    let mut seen = BTreeSet::new();
    for seed in 1..=400 {
        super::histories::live_between(seed, |before, world, (_, events)| {
            let from = world.record.len() - events.len();
            for recorded in &world.record[from..] {
                let name = recorded.event.name();
                // What a death reopens ends at once, of which its lines' holders are told.
                let ends_again =
                    name == "closing.reopened" && events[0].name() == "intake.death-recorded";
                if !PLANS.contains(&name) || ends_again {
                    continue;
                }
                let told: BTreeSet<ProviderId> = effects(&world.case, recorded)
                    .into_iter()
                    .filter_map(|effect| match effect {
                        Effect::TellProvider { provider_id, .. } => Some(provider_id),
                        _ => None,
                    })
                    .collect();
                let holders = held_before(before, &recorded.event);
                assert!(holders.is_subset(&told), "seed {seed}: {name}: {holders:?}, {told:?}");
                seen.extend((!holders.is_empty()).then_some(name));
            }
        });
    }
    for name in ["placement.returned", "delivery.visit-cancelled", "closing.line-cancelled"] {
        assert!(seen.contains(name), "{name} never met a holder");
    }
}

fn told(world: &World) -> Vec<(&'static str, News)> {
    let of = |effect| match effect {
        Effect::TellProvider { tell, .. } => Some(("provider", tell.news)),
        Effect::TellReferrer { tell } => Some(("referrer", tell.news)),
        Effect::TellMember { tell, .. } => Some(("member", tell.news)),
        _ => None,
    };
    of_last(world).into_iter().filter_map(of).collect()
}

/// The effects of the last command: of all events recorded at its time.
fn of_last(world: &World) -> Vec<Effect> {
    let last = world.record.iter().filter(|recorded| recorded.at == world.now);
    last.flat_map(|recorded| effects(&world.case, recorded)).collect()
}

#[test]
fn the_member_is_told_the_providers_name_at_acceptance() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    world.at("2026-07-01 10:00").act(accept("o-1", &[1], "2026-07-02 17:00"));
    assert_eq!(told(&world), [("provider", News::Accepted), ("member", News::Accepted)]);
    let named = |e: &Effect| matches!(e, Effect::TellMember { provider_id: Some(id), .. } if id.as_str() == "north");
    assert!(of_last(&world).iter().any(named));
}

#[test]
fn a_cancelled_line_is_told_to_provider_referrer_and_member() {
    let mut world = World::placed(2);
    let reason = CancelReason::CancelledByReferrer;
    world.at("2026-07-01 10:00").act(ClosingCommand::CancelLine { line: no(2), reason });
    let all = ["provider", "referrer", "member"].map(|whom| (whom, News::LineCancelled));
    assert_eq!(told(&world), all);
}

#[test]
fn nobody_writes_to_a_member_who_has_died() {
    let mut world = World::placed(2);
    let reason = CancelReason::Deceased;
    for (line, at) in [(1, "2026-07-01 10:00"), (2, "2026-07-01 10:05")] {
        world.at(at).act(ClosingCommand::CancelLine { line: no(line), reason });
        let both = ["provider", "referrer"].map(|whom| (whom, News::LineCancelled));
        assert_eq!(told(&world), both);
    }
}

#[test]
fn a_visit_that_does_not_take_place_is_told_to_whoever_counted_on_it() {
    let mut world = World::scheduled(1);
    let (visit_id, reason) = ("v-1".into(), MissReason::StockOut);
    world.at("2026-07-02 13:00").act(DeliveryCommand::Miss { visit_id, reason });
    assert_eq!(told(&world), [("provider", News::Missed), ("referrer", News::Missed)]);
}

#[test]
fn a_move_of_the_discharge_is_told_to_whoever_holds_open_lines() {
    let mut world = World::placed(2);
    let moved = IntakeCommand::MoveDischarge(discharge("2026-07-05 10:00"));
    world.at("2026-07-01 10:00").act(moved);
    assert_eq!(told(&world), [("provider", News::DischargeMoved), ("provider", News::NeedByMoved)]);
}

#[test]
fn a_question_that_is_withdrawn_is_recalled() {
    let mut world = World::oxygen();
    world.act(ask("ask-1", &["member.language"]));
    world.act(crate::orders::OrdersCommand::WithdrawAsk {
        ask_id: "ask-1".into(),
        reason: crate::orders::AskWithdrawReason::NotNeeded,
    });
    assert!(of(&world).contains(&Effect::RecallQuestion { ask_id: "ask-1".into() }));
}
