//! The columns of a case's list row that follow from its state alone.

use doorstep_case::Case;
use doorstep_case::delivery::Fulfilment;
use doorstep_case::intake::Priority;
use doorstep_case::placement::Offer;
use doorstep_db::Value;
use doorstep_vocab::{CaseNumber, Timestamp, UserId, Zone};
use std::collections::BTreeSet;

/// The place in lists of an open case without a live clock: behind all others.
const NO_CLOCK: i64 = i64::MAX;

/// The names, in the order of [`of`]'s values.
pub(super) const NAMES: [&str; 26] = [
    "seq",
    "number",
    "status",
    "opened_at",
    "received_at",
    "closed_at",
    "urgency",
    "priority",
    "payer_id",
    "services",
    "manager",
    "discharge_at",
    "service_zone",
    "sort_at",
    "clock_name",
    "clock_due_at",
    "clock_started_at",
    "clock_paused",
    "at_risk",
    "clarifying",
    "offers_waiting",
    "auth_pending",
    "visit_at",
    "missed",
    "unread",
    "labelled",
];

/// The highest open escalation's level is a column of its own, beside those of [`NAMES`].
pub(super) const ESCALATION: &str = "escalation_level";

/// Returns the columns' values.
pub(super) fn of(case: &Case) -> [Value; 26] {
    let intake = &case.intake;
    let clock = case.clocks.next_due();
    let closed_at = case.closing.closed.as_ref().map(|closure| closure.at.0);
    let due_at = clock.map(|clock| clock.started.due_at.0);
    let sort_at = closed_at.map_or(due_at.unwrap_or(NO_CLOCK), i64::saturating_neg);
    [
        Value::from(case.seq),
        Value::from(case.number.as_ref().map(CaseNumber::as_str)),
        Value::from(if closed_at.is_some() { "closed" } else { "open" }),
        Value::from(intake.opened_at.0),
        Value::from(intake.received_at.0),
        Value::from(closed_at),
        Value::from(intake.urgency.name()),
        Value::from(intake.priority.map(Priority::name)),
        Value::from(intake.payer_id.as_str()),
        Value::from(services(case)),
        Value::from(intake.manager.as_ref().map(UserId::as_str)),
        Value::from(intake.discharge.as_ref().map(|discharge| discharge.at.0)),
        Value::from(case.zone.as_ref().map(Zone::name)),
        Value::from(sort_at),
        Value::from(clock.map(|clock| clock.started.rule.as_str())),
        Value::from(due_at),
        Value::from(clock.map(|clock| clock.started.counts_from.0)),
        Value::from(clock.is_some_and(|clock| !clock.is_running())),
        Value::from(case.clocks.0.values().any(|clock| clock.is_at_risk(case))),
        Value::from(case.orders.open_asks().next().is_some()),
        Value::from(case.placement.offers.values().any(Offer::is_open)),
        Value::from(case.open_lines().any(|line| line.auth.is_waiting())),
        Value::from(first_visit(case).map(|at| at.0)),
        Value::from(is_missed(case)),
        Value::from(case.messages.n_unread > 0),
        Value::from(!case.intake.labels.is_empty()),
    ]
}

/// The start of the first window that is still ahead, even one that has passed without a word.
fn first_visit(case: &Case) -> Option<Timestamp> {
    case.delivery.visits.values().filter(|visit| visit.is_ahead()).map(|visit| visit.from).min()
}

fn is_missed(case: &Case) -> bool {
    case.clocks.0.values().any(|clock| clock.is_live() && clock.missed_at.is_some())
        || case.open_lines().any(|line| line.fulfilment == Fulfilment::Missed)
}

/// Returns the highest level of the unresolved escalations, 0 for none.
pub(super) fn escalation_level(case: &Case) -> u32 {
    case.disputes
        .open_escalations()
        .map(|(_, escalation)| u32::from(escalation.level))
        .max()
        .unwrap_or(0)
}

fn services(case: &Case) -> String {
    let names: BTreeSet<&str> = case
        .lines
        .values()
        .filter(|line| line.cancelled.is_none())
        .map(|line| line.service.name())
        .collect();
    names.into_iter().fold(",".to_owned(), |text, name| text + name + ",")
}
