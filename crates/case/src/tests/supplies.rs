//! A payer asks for more, by the rules of employer plans; and a dispute takes longer. Source: 29 CFR 2560.503-1; facts 4.3, 4.4.

use super::clocks::rule;
use super::world::{World, no, ny, oxygen_order};
use crate::auth::{AuthCommand, ExtensionReason};
use crate::clock::ClockState;
use crate::disputes::{DisputeKind, DisputesCommand};
use crate::{About, ClockRule, From};

const OVER: &str = "auth.approved auth.modified auth.denied auth.withdrawn auth.rejected";

fn rules() -> Vec<ClockRule> {
    let only = |expedited, rule| ClockRule { expedited: Some(expedited), ..rule };
    let sent = format!("auth.info-sent {OVER}");
    let supply = |within: &str| ClockRule {
        from: From::Asked,
        ..rule("supply-info", About::Line, within, ["auth.info-requested", &sent])
    };
    let without = ClockRule {
        from: From::SupplyBy,
        ..rule("auth-without-info", About::Line, "48 h", ["auth.info-requested", &sent])
    };
    let asked = format!("{OVER} auth.info-requested");
    let after = rule("auth-after-info", About::Line, "48 h", ["auth.info-sent", &asked]);
    vec![
        only(true, supply("48 h")),
        only(false, supply("45 calendar days")),
        only(true, without),
        only(true, after),
    ]
}

fn asked_for_more(expedited: bool, supply_by: Option<&str>) -> World {
    let mut world = World::new();
    world.terms.clocks.extend(rules());
    world.act(super::world::refer(oxygen_order()));
    let (lines, trace) = (vec![no(1)], "T-1".to_owned());
    world.act(AuthCommand::Request { lines, trace, expedited, received_at: None });
    world.at("2026-07-01 12:00");
    world.act_twice(question(supply_by));
    world
}

fn question(supply_by: Option<&str>) -> AuthCommand {
    AuthCommand::AskInfo {
        line: no(1),
        wanted: vec!["11503-0".to_owned()],
        supply_by: supply_by.map(ny),
    }
}

#[test]
fn an_urgent_request_that_lacks_something_is_decided_with_it_or_without() {
    let mut world = asked_for_more(true, None);
    assert_eq!(world.due("supply-info:line-1"), ny("2026-07-03 12:00"), "48 hours to supply it");
    assert_eq!(world.due("auth-without-info:line-1"), ny("2026-07-05 12:00"), "48 hours more");
    world.at("2026-07-02 08:00").act(AuthCommand::SendInfo { line: no(1) });
    assert_eq!(world.due("auth-after-info:line-1"), ny("2026-07-04 08:00"));
    for ended in ["supply-info:line-1", "auth-without-info:line-1"] {
        assert!(matches!(world.clock(ended).state, ClockState::Stopped(_)), "{ended}");
    }
}

#[test]
fn the_payer_may_give_longer_and_no_shorter_time_than_its_rules() {
    let world = asked_for_more(true, Some("2026-07-06 17:00"));
    assert_eq!(world.due("supply-info:line-1"), ny("2026-07-06 17:00"));
    assert_eq!(world.due("auth-without-info:line-1"), ny("2026-07-08 17:00"));
    let warned: Vec<_> = world.clock("supply-info:line-1").started.warn_at.clone();
    assert_eq!(warned[0], (50, ny("2026-07-04 02:30")), "the longer time is divided");
    let mut world = asked_for_more(true, Some("2026-07-02 12:00"));
    assert_eq!(world.due("supply-info:line-1"), ny("2026-07-03 12:00"));
    world.at("2026-07-01 18:00").act(question(Some("2026-07-07 12:00")));
    assert_eq!(world.due("auth-without-info:line-1"), ny("2026-07-09 12:00"), "it moves along");
}

#[test]
fn a_standard_request_has_forty_five_days_and_no_limit_of_its_own_after_them() {
    let world = asked_for_more(false, None);
    assert_eq!(world.due("supply-info:line-1"), ny("2026-08-16 00:00"));
    assert!(!world.case.clocks.0.contains_key(&"auth-without-info:line-1".into()));
}

#[test]
fn a_dispute_takes_longer_once_where_the_rules_of_its_payer_say_so() {
    let mut world = World::oxygen();
    let extend = |id: &str| DisputesCommand::Extend {
        dispute_id: id.into(),
        reason: ExtensionReason::MoreEvidence,
    };
    let kind = DisputeKind::Grievance;
    world.act(DisputesCommand::Open { dispute_id: "d-1".into(), kind, lines: Vec::new() });
    assert_eq!(world.due("answer-dispute:dispute-d-1"), ny("2026-08-01 00:00"));
    assert_eq!(world.act_twice(extend("d-1")), ["disputes.extended", "clock.extended"]);
    assert_eq!(world.due("answer-dispute:dispute-d-1"), ny("2026-08-15 00:00"));
    assert_eq!(world.refused(extend("d-9")), "dispute-unknown");
    let mut other = World::oxygen();
    for rule in other.terms.clocks.iter_mut().filter(|rule| rule.name == "answer-dispute") {
        rule.extendable_by = None;
    }
    other.act(DisputesCommand::Open { dispute_id: "d-1".into(), kind, lines: Vec::new() });
    assert_eq!(other.refused(extend("d-1")), "not-extendable");
}
