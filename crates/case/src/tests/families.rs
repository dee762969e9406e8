//! A line whose trade or item family nobody knows: it is asked about, and nothing of it passes meanwhile.

use super::world::{World, item, no, oxygen_order};
use crate::auth::{AuthCommand, Determination};
use crate::completeness::{Missing, missing};
use crate::intake::IntakeCommand;
use crate::{
    AuthRule, AuthRuleAnswer, Family, LineRequest, Owner, Referral, ServiceLine, Terms, next_step,
};
use doorstep_vocab::Procedure;

fn family(name: &str) -> Family {
    Family(name.to_owned())
}

/// A case of one line without a code.
fn opened(hint: Option<ServiceLine>, name: Option<&str>) -> World {
    let request =
        LineRequest { hint, family: name.map(family), described: true, ..LineRequest::default() };
    World::opened(Referral { lines: vec![request], ..oxygen_order() })
}

fn placed(world: &World) -> (ServiceLine, &str) {
    let line = &world.case.lines[&no(1)];
    (line.service, &line.family.0)
}

fn lacking(world: &World) -> Vec<Missing> {
    missing(&world.case, &world.terms, world.now, &world.facts().hub_zone)
}

#[test]
fn a_family_is_kept_only_when_the_packs_know_it() {
    let dme = Some(ServiceLine::Dme);
    assert_eq!(placed(&opened(dme, Some("oxygen"))), (ServiceLine::Dme, "oxygen"));
    assert_eq!(placed(&opened(dme, Some("boats"))), (ServiceLine::Dme, ""));
    assert_eq!(placed(&opened(dme, Some("skilled-nursing"))), (ServiceLine::Dme, ""));
    assert_eq!(
        placed(&opened(None, Some("oxygen"))),
        (ServiceLine::Dme, "oxygen"),
        "the one trade"
    );
    assert_eq!(placed(&opened(None, Some("boats"))), (ServiceLine::Unclassified, ""));
}

#[test]
fn a_line_of_a_trade_without_a_family_is_the_hubs_to_classify() {
    let mut world = opened(Some(ServiceLine::Dme), None);
    assert_eq!(world.case.completed_at(), None);
    let found = lacking(&world);
    assert_eq!((found[0].item, found[0].owner), (item("order.service"), Owner::Hub));
    world.act(IntakeCommand::Acknowledge);
    let step = next_step(&world.case, &lacking(&world));
    assert_eq!((step.code, step.line), ("classify", Some(no(1))));
    let (service, family) = (ServiceLine::Dme, family("oxygen"));
    let added = world.act(IntakeCommand::Classify { line: no(1), service, family });
    assert_eq!(added[..2], ["intake.classified", "orders.completed"]);
}

#[test]
fn what_is_not_classified_needs_what_its_trade_and_every_order_need() {
    let mut order = oxygen_order();
    order.person.family = None;
    order.lines = vec![LineRequest {
        hint: Some(ServiceLine::Dme),
        described: true,
        ..LineRequest::default()
    }];
    let found = lacking(&World::opened(order));
    let names: Vec<&str> = found.iter().map(|m| m.item.name()).collect();
    assert_eq!(names, ["order.service", "member.name"]);
}

#[test]
fn nothing_is_read_from_the_payers_table_for_an_unknown_family() {
    let mut world = opened(Some(ServiceLine::Dme), None);
    let all = AuthRule { families: Vec::new(), ..world.terms.payer.auth[1].clone() };
    world.terms.payer.auth = vec![all];
    let answer = Determination::FromTerms;
    assert_eq!(world.refused(AuthCommand::Determine { line: no(1), answer }), "auth-rule-unknown");
}

/// The payer's table: one code of the family `orthotics` or of another, then the rest of the trade.
fn with_code(code: &str, answer: AuthRuleAnswer) -> Terms {
    let mut terms = World::new().terms;
    let rest = AuthRule { families: Vec::new(), ..terms.payer.auth[1].clone() };
    let one = AuthRule { codes: vec![code.to_owned()], answer, ..rest.clone() };
    terms.payer.auth = vec![one, rest];
    terms
}

#[test]
fn a_line_without_a_code_is_not_told_from_the_codes_of_its_family() {
    let answer = |terms: &Terms, code: Option<&str>| {
        let rule = terms.authorization(ServiceLine::Dme, &family("orthotics"), code);
        rule.map(|rule| rule.answer)
    };
    let (needed, free) = (AuthRuleAnswer::Required, AuthRuleAnswer::NotRequired);
    let terms = with_code("L1832", needed);
    assert_eq!(answer(&terms, Some("L1832")), Some(needed));
    assert_eq!(answer(&terms, Some("L1900")), Some(free));
    assert_eq!(answer(&terms, None), None, "it may be L1832");
    assert_eq!(answer(&with_code("L18*", needed), None), None);
    assert_eq!(answer(&with_code("L1832", free), None), Some(free), "either way");
    assert_eq!(answer(&with_code("E1390", needed), None), Some(free), "not of this family");
    assert_eq!(answer(&with_code("E13*", needed), None), Some(free));
}

#[test]
fn a_requirement_of_some_codes_is_one_of_a_line_of_the_family_without_a_code() {
    let world = World::oxygen();
    let mut requirement = world.terms.lines[&ServiceLine::Dme].requirements[0].clone();
    requirement.families = vec![family("oxygen")];
    requirement.codes = vec!["E043*".to_owned()];
    let mut line = world.case.lines[&no(1)].clone();
    assert!(!requirement.is_of(&line), "E1390 is another code");
    line.request.code = Procedure::parse("E0431").ok();
    assert!(requirement.is_of(&line));
    line.request.code = None;
    assert!(requirement.is_of(&line));
    line.family = family("hospital-bed");
    assert!(!requirement.is_of(&line));
}
