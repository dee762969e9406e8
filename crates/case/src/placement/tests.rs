//! Placement rules: given events, when a command comes, then events or a refusal.

use super::{
    AgreementEnd, DeclineReason, LinePlacement, OfferState, PlacementCommand, WithdrawReason,
};
use crate::delivery::Fulfilment;
use crate::disputes::EscalationReason;
use crate::tests::world::{
    World, accept, deliver, discharge, no, ny, offer, order_of, oxygen_order, schedule,
};
use crate::{Referral, Urgency};

fn decline(id: &str) -> PlacementCommand {
    PlacementCommand::Decline { offer_id: id.into(), reason: DeclineReason::NoCapacityDate }
}

fn withdraw(id: &str) -> PlacementCommand {
    PlacementCommand::Withdraw { offer_id: id.into(), reason: WithdrawReason::OfferedInError }
}

fn give_back(id: &str) -> PlacementCommand {
    PlacementCommand::Return { offer_id: id.into(), reason: DeclineReason::EquipmentOutOfStock }
}

fn agree(lines: &[u16], reference: &str) -> PlacementCommand {
    PlacementCommand::AgreeSingleCase {
        provider_id: "outside".into(),
        lines: lines.iter().map(|n| no(*n)).collect(),
        reference: reference.to_owned(),
        contact_id: "contact-1".into(),
    }
}

fn placements(world: &World) -> Vec<&'static str> {
    world.case.lines.values().map(|line| line.placement.name()).collect()
}

#[test]
fn an_offer_says_by_when_to_respond_and_is_made_once() {
    let mut world = World::authorized(1);
    assert_eq!(
        world.act_twice(offer("o-1", "north", &[1])),
        ["placement.offered", "clock.started"]
    );
    let made = &world.case.placement.offers[&"o-1".into()];
    assert_eq!(made.respond_by, ny("2026-07-01 11:00"));
    assert_eq!(world.due("offer-response:offer-o-1"), made.respond_by);
    assert_eq!(placements(&world), ["offered"]);
}

#[test]
fn the_more_urgent_the_shorter_the_time_to_respond() {
    for (urgency, discharge, due) in [
        (Urgency::Urgent, None, "2026-07-01 10:00"),
        (Urgency::Routine, Some(discharge("2026-07-01 18:00")), "2026-07-01 09:30"),
    ] {
        let mut world = World::opened(Referral { urgency, discharge, ..oxygen_order() });
        world.act(offer("o-1", "north", &[1]));
        assert_eq!(world.due("offer-response:offer-o-1"), ny(due));
    }
}

#[test]
fn an_offer_needs_lines_that_exist_and_are_free() {
    let mut world = World::authorized(2);
    assert_eq!(world.refused(offer("o-1", "north", &[])), "lines-missing");
    assert_eq!(world.refused(offer("o-1", "north", &[3])), "line-unknown");
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    assert_eq!(world.refused(offer("o-2", "south", &[1, 2])), "line-placed");
}

#[test]
fn an_id_names_one_offer_only() {
    let mut world = World::authorized(2);
    world.act(offer("o-1", "north", &[1]));
    assert_eq!(world.refused(offer("o-1", "south", &[1])), "offer-known");
    assert_eq!(world.refused(offer("o-1", "north", &[2])), "offer-known");
}

#[test]
fn nobody_is_asked_twice_at_once_nor_after_a_decline() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    assert_eq!(world.refused(offer("o-2", "north", &[1])), "offer-open");
    world.act(decline("o-1"));
    assert_eq!(world.refused(offer("o-2", "north", &[1])), "provider-declined");
    assert_eq!(world.act(offer("o-2", "south", &[1]))[0], "placement.offered");
}

#[test]
fn an_acceptance_commits_to_a_time_and_stops_the_clock() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    let added = world.act_twice(accept("o-1", &[1], "2026-07-02 17:00"));
    assert_eq!(added, ["placement.accepted", "clock.stopped"]);
    let LinePlacement::Accepted { commit_by, .. } = world.case.lines[&no(1)].placement else {
        panic!("not accepted")
    };
    assert_eq!(commit_by, ny("2026-07-02 17:00"));
}

#[test]
fn a_commitment_in_the_past_or_another_century_is_refused() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    assert_eq!(world.refused(accept("o-1", &[1], "2026-06-30 17:00")), "commit-past");
    assert_eq!(world.refused(accept("o-1", &[1], "2126-06-30 17:00")), "time-too-far");
}

#[test]
fn only_what_was_offered_can_be_accepted() {
    let mut world = World::authorized(2);
    world.act(offer("o-1", "north", &[1]));
    assert_eq!(world.refused(accept("o-1", &[2], "2026-07-02 17:00")), "lines-not-offered");
    assert_eq!(world.refused(accept("o-1", &[], "2026-07-02 17:00")), "lines-not-offered");
    assert_eq!(world.refused(accept("o-9", &[1], "2026-07-02 17:00")), "offer-unknown");
}

#[test]
fn of_two_who_accept_the_first_has_the_line() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    world.act(offer("o-2", "south", &[1]));
    let added = world.act(accept("o-2", &[1], "2026-07-02 17:00"));
    let expected = ["placement.accepted", "placement.withdrawn", "clock.stopped", "clock.stopped"];
    assert_eq!(added, expected);
    let refusal = world.attempt(accept("o-1", &[1], "2026-07-02 12:00")).unwrap_err();
    assert_eq!(refusal.code(), "offer-ended");
    assert!(refusal.to_string().contains("another provider"));
}

#[test]
fn a_part_accepted_leaves_the_rest_to_be_offered() {
    let mut world = World::authorized(2);
    world.act(offer("o-1", "north", &[1, 2]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    assert_eq!(placements(&world), ["accepted", "unplaced"]);
    world.act(offer("o-2", "south", &[2]));
    world.act(accept("o-2", &[2], "2026-07-02 17:00"));
    assert_eq!(placements(&world), ["accepted", "accepted"]);
}

#[test]
fn the_second_of_two_broad_offers_can_still_have_what_is_left() {
    let mut world = World::authorized(2);
    world.act(offer("o-1", "north", &[1, 2]));
    world.act(offer("o-2", "south", &[1, 2]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    assert_eq!(placements(&world), ["accepted", "offered"]);
    assert_eq!(world.refused(accept("o-2", &[1, 2], "2026-07-02 17:00")), "line-taken");
    assert_eq!(world.act(accept("o-2", &[2], "2026-07-02 17:00"))[0], "placement.accepted");
}

#[test]
fn an_offer_ends_when_others_took_all_of_it_piece_by_piece() {
    let mut world = World::authorized(2);
    world.act(offer("o-1", "north", &[1]));
    world.act(offer("o-2", "south", &[2]));
    world.act(offer("o-3", "west", &[1, 2]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    assert!(world.case.placement.offers[&"o-3".into()].is_open());
    world.act(accept("o-2", &[2], "2026-07-02 17:00"));
    assert_eq!(world.case.placement.offers[&"o-3".into()].state, OfferState::Withdrawn);
}

#[test]
fn an_unanswered_offer_expires_and_the_line_is_free_again() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    assert!(world.at("2026-07-01 09:59").ring("offer-response:offer-o-1").is_empty());
    world.at("2026-07-01 11:00");
    let added = world.ring("offer-response:offer-o-1");
    assert_eq!(added, ["clock.missed", "placement.expired"]);
    assert_eq!(placements(&world), ["unplaced"]);
    assert_eq!(world.refused(accept("o-1", &[1], "2026-07-02 17:00")), "offer-ended");
    assert_eq!(world.act(offer("o-2", "north", &[1]))[0], "placement.offered");
}

#[test]
fn an_offer_past_its_time_cannot_be_accepted_although_nobody_rang() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    world.at("2026-07-01 11:00");
    assert_eq!(world.refused(accept("o-1", &[1], "2026-07-02 17:00")), "offer-expired");
}

#[test]
fn an_offer_is_declined_or_withdrawn_once() {
    let mut world = World::authorized(2);
    world.act(offer("o-1", "north", &[1]));
    world.act(offer("o-2", "south", &[1]));
    assert_eq!(world.act_twice(decline("o-1")), ["placement.declined", "clock.stopped"]);
    let withdrawn = withdraw("o-2");
    assert_eq!(world.act_twice(withdrawn.clone()), ["placement.withdrawn", "clock.stopped"]);
    assert_eq!(world.refused(decline("o-2")), "offer-ended");
    assert_eq!(world.refused(withdraw("o-1")), "offer-ended");
    assert_eq!(world.refused(decline("o-9")), "offer-unknown");
}

#[test]
fn the_third_decline_pages_the_network_desk_once() {
    // Facts 13, decline loop: three declines at 16:00 with the discharge at 18:00.
    let order = Referral { discharge: Some(discharge("2026-07-01 18:00")), ..oxygen_order() };
    let mut world = World::opened(order);
    world.at("2026-07-01 16:00");
    for (id, provider) in [("o-1", "north"), ("o-2", "south"), ("o-3", "west")] {
        world.act(offer(id, provider, &[1]));
    }
    world.act(decline("o-1"));
    world.act(decline("o-2"));
    let added = world.act(decline("o-3"));
    assert_eq!(added, ["placement.declined", "clock.stopped", "disputes.escalated"]);
    let raised = &world.case.disputes.escalations[&"declines:line-1".into()];
    assert_eq!((raised.level, raised.reason), (2, EscalationReason::Declines));
    world.act(offer("o-4", "east", &[1]));
    assert_eq!(world.act(decline("o-4")), ["placement.declined", "clock.stopped"]);
}

#[test]
fn a_return_restarts_placement_under_the_original_clock() {
    // Facts 11.5 (40), 5.3: the provider returns what it accepted.
    let mut world = World::scheduled(1);
    let due = world.due("schedule:line-1");
    assert!(!world.clock("schedule:line-1").is_live());
    world.at("2026-07-01 17:55");
    let added = world.act_twice(give_back("o-1"));
    assert_eq!(added, ["placement.returned", "clock.reopened", "delivery.visit-cancelled"]);
    assert_eq!(world.due("schedule:line-1"), due);
    assert!(world.clock("schedule:line-1").is_running());
    assert_eq!(placements(&world), ["unplaced"]);
    assert_eq!(world.case.lines[&no(1)].fulfilment, Fulfilment::Unscheduled);
    assert_eq!(world.refused(offer("o-2", "north", &[1])), "provider-declined");
}

#[test]
fn a_return_after_the_original_time_is_late_at_once() {
    let mut world = World::scheduled(1);
    world.at("2026-07-06 09:00");
    let added = world.act(give_back("o-1"));
    assert!(added.contains(&"clock.reopened") && added.contains(&"clock.missed"), "{added:?}");
    assert_eq!(world.clock("schedule:line-1").missed_at, Some(ny("2026-07-06 09:00")));
}

#[test]
fn a_clock_that_was_missed_already_is_not_missed_again_by_a_return() {
    let mut world = World::placed(1);
    world.at("2026-07-05 09:00");
    assert_eq!(world.ring("schedule:line-1"), ["clock.missed"]);
    world.act(schedule("v-1", &[1], ("2026-07-06 10:00", "2026-07-06 12:00")));
    world.act(give_back("o-1"));
    assert_eq!(world.count("clock.missed"), 1);
    assert!(world.clock("schedule:line-1").missed_at.is_some());
    assert_eq!(world.clock("schedule:line-1").next_at(), None);
}

#[test]
fn only_what_was_not_delivered_is_returned() {
    let mut world = World::scheduled(2);
    world.at("2026-07-02 11:00");
    world.act(deliver("v-1", &[(1, 1), (2, 1)], "2026-07-02"));
    world.act(give_back("o-1"));
    assert_eq!(placements(&world), ["accepted", "unplaced"]);
    assert_eq!(world.case.lines[&no(2)].ledger.delivered, 1);
}

#[test]
fn there_is_nothing_to_return_before_acceptance() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    assert_eq!(world.refused(give_back("o-1")), "nothing-to-return");
    assert_eq!(world.refused(give_back("o-9")), "offer-unknown");
}

#[test]
fn a_single_case_agreement_places_outside_the_network_and_recalls_the_offers() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    assert_eq!(world.refused(agree(&[1], " ")), "reference-missing");
    assert_eq!(world.refused(agree(&[], "SCA-1")), "lines-missing");
    let added = world.act_twice(agree(&[1], "SCA-1"));
    let expected = ["placement.single-case-agreed", "placement.withdrawn", "clock.stopped"];
    assert_eq!(added, expected);
    assert_eq!(placements(&world), ["single-case-agreement"]);
}

#[test]
fn a_line_named_twice_is_offered_once() {
    let mut world = World::opened(order_of(1));
    world.act(offer("o-1", "north", &[1, 1]));
    assert_eq!(world.case.placement.offers[&"o-1".into()].lines, [no(1)]);
}

#[test]
fn every_reason_reads_as_it_is_written() {
    for reason in DeclineReason::ALL {
        assert_eq!(DeclineReason::parse(reason.code()), Some(*reason));
        assert_eq!(serde_json::to_string(reason).unwrap(), format!("\"{}\"", reason.code()));
    }
    assert_eq!(DeclineReason::ALL.len(), 19, "facts 5.3");
    assert_eq!(DeclineReason::parse("no"), None);
}

#[test]
fn an_agreement_ends_with_a_reason_and_placement_restarts_under_the_original_clock() {
    let mut world = World::authorized(1);
    world.act(agree(&[1], "SCA-1"));
    world.act(schedule("v-1", &[1], ("2026-07-02 10:00", "2026-07-02 12:00")));
    let due = world.due("schedule:line-1");
    let (lines, reason) = (vec![no(1)], AgreementEnd::TermsNotMet);
    let added = world.act(PlacementCommand::EndSingleCase { lines: lines.clone(), reason });
    let expected = ["placement.single-case-ended", "clock.reopened", "delivery.visit-cancelled"];
    assert_eq!(added, expected);
    assert_eq!(placements(&world), ["unplaced"]);
    assert!(world.clock("schedule:line-1").is_running());
    assert_eq!(world.due("schedule:line-1"), due);
    let again = PlacementCommand::EndSingleCase { lines, reason };
    assert_eq!(world.refused(again), "no-agreement");
    assert_eq!(world.act(offer("o-1", "north", &[1]))[0], "placement.offered");
}

#[test]
fn only_an_agreement_that_stands_can_be_ended() {
    let mut world = World::placed(1);
    let end = |lines: &[u16]| PlacementCommand::EndSingleCase {
        lines: lines.iter().map(|n| no(*n)).collect(),
        reason: AgreementEnd::Other,
    };
    assert_eq!(world.refused(end(&[1])), "no-agreement");
    assert_eq!(world.refused(end(&[7])), "line-unknown");
    assert_eq!(world.refused(end(&[])), "lines-missing");
}

#[test]
fn what_is_withdrawn_says_why() {
    let mut world = World::authorized(2);
    world.act(offer("o-1", "north", &[1]));
    world.act(offer("o-2", "south", &[1]));
    world.act(offer("o-3", "west", &[2]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    world.act(withdraw("o-3"));
    let why = |id: &str| world.case.placement.offers[&id.into()].withdrawn;
    assert_eq!(why("o-2"), Some(WithdrawReason::PlacedElsewhere));
    assert_eq!(why("o-3"), Some(WithdrawReason::OfferedInError));
}

fn name_contact(lines: &[u16], contact: &str) -> PlacementCommand {
    let lines = lines.iter().map(|n| no(*n)).collect();
    PlacementCommand::NameContact { lines, contact_id: contact.into() }
}

fn contacts(world: &World) -> Vec<Option<&str>> {
    let lines = world.case.lines.values();
    lines.map(|line| line.placement.contact().map(doorstep_vocab::ContactId::as_str)).collect()
}

#[test]
fn an_acceptance_names_a_contact_for_its_lines_until_they_go_back() {
    let mut world = World::authorized(3);
    world.act(offer("o-1", "north", &[1, 2]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    assert_eq!(contacts(&world), [Some("contact-1"), None, None]);
    world.act(agree(&[3], "SCA-1"));
    assert_eq!(contacts(&world), [Some("contact-1"), None, Some("contact-1")]);
    world.act(give_back("o-1"));
    assert_eq!(contacts(&world)[0], None);
}

#[test]
fn an_acceptance_sent_again_with_another_contact_is_the_same_acceptance() {
    let mut world = World::authorized(1);
    world.act(offer("o-1", "north", &[1]));
    world.act(accept("o-1", &[1], "2026-07-02 17:00"));
    let again = PlacementCommand::Accept {
        offer_id: "o-1".into(),
        lines: vec![no(1)],
        commit_by: ny("2026-07-02 17:00"),
        contact_id: "contact-2".into(),
    };
    assert!(world.act(again).is_empty());
    assert_eq!(contacts(&world), [Some("contact-1")]);
}

#[test]
fn another_contact_is_named_for_lines_of_one_provider() {
    let mut world = World::authorized(3);
    assert_eq!(world.refused(name_contact(&[1], "contact-2")), "line-unplaced");
    assert_eq!(world.refused(name_contact(&[], "contact-2")), "lines-missing");
    world.act(offer("o-1", "north", &[1, 2]));
    world.act(accept("o-1", &[1, 2], "2026-07-02 17:00"));
    world.act(agree(&[3], "SCA-1"));
    assert_eq!(world.refused(name_contact(&[2, 3], "contact-2")), "providers-differ");
    assert_eq!(world.act_twice(name_contact(&[2], "contact-2")), ["placement.contact-named"]);
    assert_eq!(contacts(&world), [Some("contact-1"), Some("contact-2"), Some("contact-1")]);
}
