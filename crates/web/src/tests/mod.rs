//! Tests of the console's tables against what they stand for.

use crate::case::permission;
use doorstep_app::Permission;
use doorstep_app::command::{COMMANDS, FieldKind, Input};
use doorstep_case::Case;
use doorstep_vocab::Zone;
use std::collections::BTreeMap;

fn plausible(kind: FieldKind) -> String {
    match kind {
        FieldKind::Number | FieldKind::Line | FieldKind::Lines | FieldKind::List => "1",
        FieldKind::Phone => "574-555-0142",
        FieldKind::Date => "2026-11-23",
        FieldKind::Moment => "2026-11-23T15:00",
        FieldKind::Flag => "yes",
        FieldKind::Choice(list) | FieldKind::Choices(list) => list()[0].0,
        FieldKind::Goods => "1=1",
        FieldKind::Items => "oxygen.spo2",
        FieldKind::Service => "dme",
        FieldKind::Text
        | FieldKind::Area
        | FieldKind::Id
        | FieldKind::Call
        | FieldKind::Offer
        | FieldKind::Visit
        | FieldKind::Ask
        | FieldKind::Escalation
        | FieldKind::Dispute
        | FieldKind::Document
        | FieldKind::Provider
        | FieldKind::User
        | FieldKind::Family => "E1390",
    }
    .to_owned()
}

#[test]
fn each_route_of_a_command_asks_for_the_permission_that_the_command_needs() {
    let (case, zone) = (Case::default(), Zone::utc());
    for form in COMMANDS {
        let values: BTreeMap<String, String> = form
            .fields
            .iter()
            .map(|field| (field.name.to_owned(), plausible(field.kind)))
            .collect();
        let input = Input { values: &values, case: &case, hub_zone: &zone, fresh_id: "test" };
        let entered =
            form.read(&input).unwrap_or_else(|problem| panic!("{}: {problem:?}", form.name));
        assert_eq!(permission(form), Permission::of(&entered.command), "{}", form.name);
    }
}

#[test]
fn no_two_commands_share_a_noun() {
    let mut nouns: Vec<&str> = COMMANDS.iter().map(|form| form.noun).collect();
    nouns.sort_unstable();
    assert!(nouns.windows(2).all(|pair| pair[0] != pair[1]), "{nouns:?}");
}
