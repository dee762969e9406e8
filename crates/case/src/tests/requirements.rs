//! Completeness: what an order needs, less what is known.

use super::world::{World, amend, discharge, item, no, on, order_of, oxygen_order};
use crate::completeness::{Lack, Missing, is_complete, missing};
use crate::{Blocks, Fact, Milli, Owner, Referral, Requirement};
use std::sync::Arc;

fn lacking(world: &World) -> Vec<Missing> {
    let facts = world.facts();
    missing(&world.case, facts.terms, facts.now, &facts.hub_zone)
}

fn lacks(world: &World, name: &str) -> Option<Lack> {
    lacking(world).iter().find(|m| m.item == item(name)).map(|m| m.lack)
}

fn with(facts: &[(&str, Fact)]) -> World {
    let mut order = oxygen_order();
    for (name, fact) in facts {
        order.facts.insert(item(name), (fact.clone(), None));
    }
    World::opened(order)
}

fn percent(n: i64) -> Fact {
    Fact::Number(Milli::whole(n))
}

#[test]
fn a_complete_order_lacks_nothing() {
    assert_eq!(lacking(&World::oxygen()), []);
}

#[test]
fn a_saturation_of_88_at_rest_qualifies() {
    // Facts 13, oxygen: SpO2 88 rest room air is Group I.
    assert_eq!(lacks(&with(&[("oxygen.spo2", percent(88))]), "oxygen.spo2"), None);
}

#[test]
fn a_saturation_of_89_needs_a_condition_beside_it() {
    // Facts 13, oxygen: 89 alone does not qualify, 89 with a hematocrit of 57 is Group II.
    let alone = with(&[("oxygen.spo2", percent(89))]);
    assert_eq!(lacks(&alone, "oxygen.spo2"), Some(Lack::NotQualified));
    let thick = with(&[("oxygen.spo2", percent(89)), ("oxygen.hematocrit", percent(57))]);
    assert_eq!(lacks(&thick, "oxygen.spo2"), None);
    let not_thick = with(&[("oxygen.spo2", percent(89)), ("oxygen.hematocrit", percent(56))]);
    assert_eq!(lacks(&not_thick, "oxygen.spo2"), Some(Lack::NotQualified));
}

#[test]
fn where_both_were_measured_the_arterial_pressure_rules() {
    let both = with(&[("oxygen.spo2", percent(86)), ("oxygen.pao2", percent(62))]);
    assert_eq!(lacks(&both, "oxygen.spo2"), Some(Lack::NotQualified));
}

#[test]
fn a_test_goes_stale() {
    let mut world = World::oxygen();
    world.at("2026-07-30 09:00");
    assert_eq!(lacks(&world, "oxygen.test-on"), None);
    world.at("2026-07-31 09:00");
    assert_eq!(lacks(&world, "oxygen.test-on"), Some(Lack::Stale));
}

#[test]
fn an_inpatient_test_is_at_most_two_days_before_discharge() {
    let order = |at| Referral { discharge: Some(discharge(at)), ..oxygen_order() };
    let near = World::opened(order("2026-07-02 10:00"));
    assert_eq!(lacks(&near, "oxygen.test-on"), None);
    let far = World::opened(order("2026-07-03 10:00"));
    assert_eq!(lacks(&far, "oxygen.test-on"), Some(Lack::NotQualified));
}

#[test]
fn what_blocks_billing_only_leaves_the_order_complete() {
    let mut order = oxygen_order();
    order.prescriber = None;
    let world = World::opened(order);
    assert_eq!(lacks(&world, "prescriber.npi"), Some(Lack::Absent));
    assert!(is_complete(&lacking(&world)));
}

#[test]
fn one_missing_item_of_several_lines_is_one_question_that_knows_its_lines() {
    let mut order = order_of(3);
    order.person.family = None;
    order.facts.remove(&item("oxygen.lpm"));
    let world = World::opened(order);
    let missing = lacking(&world);
    let name = missing.iter().find(|m| m.item == item("member.name")).unwrap();
    let lines: Vec<_> = name.lines.keys().copied().collect();
    assert_eq!((name.line, lines), (None, vec![no(1), no(2), no(3)]));
    let lpm = missing.iter().find(|m| m.item == item("oxygen.lpm")).unwrap();
    assert_eq!(lpm.line, Some(no(1)));
    assert!(lpm.concerns(no(1)) && !lpm.concerns(no(2)));
}

#[test]
fn what_blocks_delivery_comes_before_what_blocks_billing() {
    let mut order = oxygen_order();
    order.prescriber = None;
    order.person.family = None;
    order.facts.remove(&item("oxygen.lpm"));
    let world = World::opened(order);
    let weigh = |b: Blocks| (b.delivery, b.authorization, b.billing);
    let order: Vec<_> = lacking(&world).iter().map(|m| weigh(m.blocks)).collect();
    assert!(order.is_sorted_by(|a, b| a >= b), "{order:?}");
}

#[test]
fn a_check_that_no_one_wrote_is_never_met() {
    let mut world = World::oxygen();
    let mut dme = (*world.terms.lines[&crate::ServiceLine::Dme]).clone();
    let rule = Some("no-such-check".to_owned());
    dme.requirements = vec![Requirement { rule, ..dme.requirements[0].clone() }];
    world.terms.lines.insert(crate::ServiceLine::Dme, Arc::new(dme));
    assert_eq!(lacking(&world)[0].lack, Lack::NotQualified);
}

/// Lays requirements over those of the first trade.
fn requiring(world: &mut World, requirements: Vec<Requirement>) {
    let mut dme = (*world.terms.lines[&crate::ServiceLine::Dme]).clone();
    dme.requirements = requirements;
    world.terms.lines.insert(crate::ServiceLine::Dme, Arc::new(dme));
}

fn first(world: &World) -> Requirement {
    world.terms.lines[&crate::ServiceLine::Dme].requirements[0].clone()
}

#[test]
fn an_item_that_says_no_where_yes_is_needed_does_not_qualify() {
    let mut world = with(&[("oxygen.edema", Fact::Flag(false))]);
    let needed = Requirement {
        item: item("oxygen.edema"),
        must_be: vec![Fact::Flag(true)],
        why: "edema is needed".to_owned(),
        ..first(&world)
    };
    requiring(&mut world, vec![needed]);
    let found = lacking(&world);
    assert_eq!(found[0].lack, Lack::NotQualified);
    assert_eq!(found[0].why, "edema is needed: the order says no");
    world.act(amend(&[("oxygen.edema", Fact::Flag(true))]));
    assert_eq!(lacking(&world), []);
}

#[test]
fn a_check_asks_for_what_it_has_to_know_and_not_again_for_what_was_sent() {
    let mut order = oxygen_order();
    order.facts.remove(&item("oxygen.condition"));
    let world = World::opened(order);
    assert_eq!(lacks(&world, "oxygen.condition"), Some(Lack::Absent));
    assert_eq!(lacks(&world, "oxygen.spo2"), None, "it was sent");
}

#[test]
fn a_question_is_asked_in_the_words_of_what_blocks_most() {
    let mut order = oxygen_order();
    order.facts.remove(&item("oxygen.lpm"));
    let mut world = World::opened(order);
    let of = |blocks, owner, why: &str| Requirement {
        item: item("oxygen.lpm"),
        blocks,
        owner,
        why: why.to_owned(),
        ..first(&world)
    };
    let bills = Blocks { billing: true, ..Blocks::default() };
    let delivers = Blocks { delivery: true, ..Blocks::default() };
    let weak = of(bills, Owner::Hub, "weak");
    let strong = of(delivers, Owner::Referrer, "strong");
    for rows in [vec![weak.clone(), strong.clone()], vec![strong, weak]] {
        requiring(&mut world, rows);
        let found = lacking(&world);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].owner, found[0].why.as_str()), (Owner::Referrer, "strong"));
        assert!(found[0].blocks.billing && found[0].blocks.delivery);
    }
}

#[test]
fn a_check_without_its_numbers_is_never_met() {
    let mut world = World::oxygen();
    let rule = Some("oxygen-qualifies".to_owned());
    let bare = Requirement { rule, item: item("oxygen.spo2"), ..first(&world) };
    requiring(&mut world, vec![bare]);
    assert_eq!(lacking(&world)[0].lack, Lack::NotQualified);
}

#[test]
fn a_new_reading_completes_the_order() {
    let mut world = with(&[("oxygen.spo2", percent(89))]);
    assert_eq!(world.case.completed_at(), None);
    let added = world.act(amend(&[("oxygen.spo2", percent(87))]));
    assert_eq!(added, ["intake.amended", "orders.completed", "clock.started"]);
    let stale = world.case.known[&item("oxygen.test-on")].fact.clone();
    assert_eq!(stale, Fact::On(on("2026-06-30")));
}
