//! What must happen outside because of what happened.

use super::world::{World, accept, ask, discharge, offer, oxygen_order, schedule};
use crate::auth::AuthCommand;
use crate::intake::IntakeCommand;
use crate::placement::PlacementCommand;
use crate::{Effect, Referral, effects};

fn of(world: &World) -> Vec<Effect> {
    world.record.iter().flat_map(effects).collect()
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
    let request =
        AuthCommand::Request { lines: lines.clone(), trace: trace.clone(), expedited: false };
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
    world.act(PlacementCommand::Withdraw { offer_id: "o-1".into() });
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
