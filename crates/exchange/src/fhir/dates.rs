//! Dates and instants of FHIR on our calendar, and the days of an order.

use super::draft::Draft;
use crate::codes::zone_of;
use doorstep_case::{Discharge, Fact};
use doorstep_fhir::bundle::Bundle;
use doorstep_fhir::datatype::{Occurrence, Precision, When};
use doorstep_fhir::json::Tree;
use doorstep_fhir::order::{Order, Signature};
use doorstep_fhir::resource::{Encounter, Resource};
use doorstep_vocab::{Date, DateTime, Micros, Time, Timestamp, Zone};

/// Returns the day as the sender wrote it; `None` when only a month or a year is known.
pub(super) fn date(when: When<'_>) -> Option<Date> {
    let (year, month, day) = when.date()?;
    Date::new(year, month, day).ok()
}

/// Returns the instant; `None` without a time, or without both an offset and a `zone` that tell whose clock it is.
pub(super) fn instant(when: When<'_>, zone: Option<&Zone>) -> Option<Timestamp> {
    if when.precision < Precision::Minute {
        return None;
    }
    let time = Time::new(when.hour, when.minute, when.second, 0).ok()?;
    let local = DateTime::from_parts(date(when)?, time);
    match when.offset_minutes {
        Some(east) => Some(Zone::utc().instant(local).plus(Micros::minutes(-i64::from(east)))),
        None => zone.map(|zone| zone.instant(local)),
    }
}

/// Returns when the order was written: its requests say so, else its task or its claim. The time at which a bundle was
/// put together is not it.
pub(super) fn authored<'t>(tree: &'t Tree<'t>, order: &Order<'t>) -> Option<When<'t>> {
    let bundled_at = Resource::at(tree.root()).and_then(Bundle::of).and_then(Bundle::timestamp);
    let by_line = order.lines.iter().find_map(|line| line.authored_at);
    by_line.or_else(|| order.authored_at.filter(|at| Some(*at) != bundled_at))
}

/// Records the days of the order: ordered, signed, to begin, needed by, discharge.
pub(super) fn note(draft: &mut Draft, order: &Order<'_>, authored: Option<When<'_>>) {
    if let Some(on) = authored.and_then(date) {
        draft.know("order.ordered-on", Fact::On(on), None);
    }
    if let Some(on) =
        order.signatures.iter().filter(|one| approves(one)).filter_map(signed_on).max()
    {
        draft.know("order.signed-on", Fact::On(on), None);
    }
    let starts = || order.lines.iter().filter_map(|line| line.occurrence.as_ref()?.start());
    let begins = starts().filter_map(date).min();
    let event = || order.event.and_then(|event| event.start).and_then(date);
    if let Some(on) = begins.or_else(event) {
        draft.know("order.dates-of-service", Fact::On(on), None);
    }
    if let Some(on) =
        order.home_health.as_ref().and_then(|home_health| home_health.started_on).and_then(date)
    {
        draft.know("home-health.start-on", Fact::On(on), None);
    }
    let zone = zone_of(&draft.referral.person);
    let at = |when: When<'_>| instant(when, zone.as_ref());
    let written_at = authored.and_then(at);
    let is_ahead = |at: &Timestamp| written_at.is_none_or(|written_at| *at > written_at);
    draft.referral.need_by = starts().filter_map(at).filter(is_ahead).min();
    discharge(draft, order, (written_at, zone.as_ref()));
}

/// Signatures that approve: author's, coauthor's, verification, validation. Consent and witnesses do not. Source: ASTM
/// E1762-95 as FHIR R4's `signature-type` lists it \[K\].
const APPROVALS: &[&str] = &[
    "1.2.840.10065.1.12.1.1",
    "1.2.840.10065.1.12.1.2",
    "1.2.840.10065.1.12.1.5",
    "1.2.840.10065.1.12.1.6",
];

/// An order that is only `active` counts as unsigned: the status is an application's word, a signature a person's.
fn approves(signature: &Signature<'_>) -> bool {
    signature.kinds.iter().all(|kind| kind.code.is_none())
        || signature.kinds.iter().any(|kind| APPROVALS.iter().any(|approval| kind.is(approval)))
}

fn signed_on(signature: &Signature<'_>) -> Option<Date> {
    signature.when.and_then(date)
}

/// The end of a stay is a discharge; the end of a visit to the office is not.
///
/// A time without an offset is on the clock of the member's address; a day alone is a note, for nobody can count the hours
/// to it.
fn discharge(
    draft: &mut Draft,
    order: &Order<'_>,
    (written_at, zone): (Option<Timestamp>, Option<&Zone>),
) {
    let Some(ends) = &order.discharged else { return };
    let Some(when) = ends.end().or_else(|| ends.start()) else { return };
    let by_encounter = order.encounter.filter(|encounter| {
        let end = encounter.period().and_then(|period| period.end);
        end.map(Occurrence::At).as_ref() == Some(ends)
    });
    if by_encounter.is_some_and(|encounter| !is_stay(encounter)) {
        return;
    }
    let Some(at) = instant(when, zone) else {
        let message = "the discharge is a note only, for its hour or its zone is not said: send the time with an offset";
        draft.warn("discharge-time", "Encounter.period", message);
        draft.keep_words("discharge", &format!("discharge {}", when.text));
        return;
    };
    if written_at.is_none_or(|written_at| at >= written_at) {
        draft.referral.discharge = Some(Discharge { at, bedside: false });
    }
}

/// Source: HL7 v3 `ActEncounterCode` \[K\]: inpatient, acute, non-acute, observation, emergency, short stay.
const STAYS: &[&str] = &["IMP", "ACUTE", "NONAC", "OBSENC", "EMER", "SS"];

fn is_stay(encounter: Encounter<'_>) -> bool {
    encounter.discharge_disposition().is_some()
        || encounter.class().is_some_and(|class| STAYS.iter().any(|stay| class.is(stay)))
}
