//! FHIR documents to referrals, and their answers.

mod answers;
mod files;
mod orders;

use crate::{Attachment, Found, Problem, Reading, Unit, read};
use doorstep_case::{Fact, Item, Known, Referral};
use doorstep_vocab::Timestamp;
use std::collections::BTreeMap;

const OXYGEN: &str = include_str!("fixtures/oxygen_message.json");
const HOME_CARE: &str = include_str!("fixtures/home_care_transaction.json");
const PAS: &str = include_str!("fixtures/pas_home_health.json");
const DEVICE: &str = include_str!("fixtures/device_alone.json");
const CANCELLED: &str = include_str!("fixtures/task_cancelled.json");

fn received_at() -> Timestamp {
    Timestamp::parse("2026-03-03T15:00:00Z").unwrap()
}

fn reading(text: &str) -> Reading {
    read(text.as_bytes(), received_at())
}

fn unit(text: &str) -> Unit {
    let mut units = reading(text).units;
    assert_eq!(units.len(), 1);
    units.remove(0)
}

fn order(text: &str) -> (Referral, Vec<Attachment>, Vec<Problem>) {
    let unit = unit(text);
    match unit.found {
        Found::Order { referral, attachments } => (*referral, attachments, unit.problems),
        other => panic!("no order but {other:?}: {:?}", unit.problems),
    }
}

fn known(referral: &Referral) -> BTreeMap<Item, Known> {
    referral.known(received_at())
}

fn fact(referral: &Referral, item: &str) -> Option<Fact> {
    known(referral).get(&Item::named(item)).map(|known| known.fact.clone())
}

fn on(text: &str) -> Fact {
    Fact::On(text.parse().unwrap())
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|problem| problem.code.as_str()).collect()
}
