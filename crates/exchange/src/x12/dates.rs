//! Days of a 278. Only a discharge with its hour becomes an instant, on the clock of the member's address.

use super::source::{Draft, Source};
use crate::codes;
use doorstep_case::{Discharge, Fact};
use doorstep_vocab::{Date, DateTime, Time};
use doorstep_x12::Day;
use doorstep_x12::seg::Dtp;
use doorstep_x12::sets::s278::Event;

/// Returns the calendar day.
pub(super) fn day(day: Day) -> Option<Date> {
    Date::new(day.year(), day.month(), day.day()).ok()
}

/// Reads 8 digits.
pub(super) fn eight(sent: &str) -> Option<Date> {
    Day::parse(sent).and_then(day)
}

/// Returns the first day of a DTP.
pub(super) fn first(dtp: &Dtp) -> Option<Date> {
    day(dtp.period()?.from)
}

/// Returns the day on which service should begin: AAH event, else the earliest 472 service, else for an admission 435.
/// Source: facts 3.1, DTP.
pub(super) fn service_on(event: &Event) -> Option<Date> {
    let is_admission = event.um.as_ref().is_some_and(|um| um.category == "AR");
    let services = event.services.iter().filter_map(|service| service.date("472"));
    let earliest = event.date("472").into_iter().chain(services).filter_map(first).min();
    let admitted = event.date("435").filter(|_| is_admission).and_then(first);
    event.date("AAH").and_then(first).or(earliest).or(admitted)
}

/// Reads the event's dates: what has an item becomes a fact, every other one is kept as text.
pub(super) fn read(draft: &mut Draft, event: &Event, from: &Source<'_, '_>) {
    if let Some(on) = service_on(event) {
        draft.fact("order.dates-of-service", Fact::On(on), None);
    }
    for dtp in &event.dates {
        match dtp.qualifier.as_str() {
            "472" => {}
            // The period tells when the event ends too.
            "AAH" if dtp.format == "D8" => {}
            // Dates of the arterial gas, the oximetry and a test. [K]
            "480" | "481" | "119" => {
                if let Some(on) = first(dtp).filter(|_| event.cr5.is_some()) {
                    draft.fact("oxygen.test-on", Fact::On(on), None);
                }
            }
            "096" => discharge(draft, dtp, (event, from)),
            qualifier => draft.text(&format!("DTP-{}", short(qualifier)), &dtp.value),
        }
    }
}

/// A discharge with its hour is an instant, for X12 times are local; any other is a note.
fn discharge(draft: &mut Draft, dtp: &Dtp, (event, from): (&Event, &Source<'_, '_>)) {
    let zone = codes::zone_of(&draft.referral.person);
    let at = zone.zip(minute(dtp)).map(|(zone, local)| zone.instant(local));
    if let Some(at) = at.filter(|at| *at > from.received_at) {
        draft.referral.discharge = Some(Discharge { at, bedside: false });
        return;
    }
    draft.text("DTP-096 discharge", &dtp.value);
    if at.is_none() {
        let place = from.qualified(&event.at, ("DTP", "096"), 3);
        let message = "the discharge is a note only, for its hour or the member's ZIP is not said: send DT with the hour";
        draft.warn("discharge-without-zone", place, message);
    }
}

/// Returns the local day and minute of a DTP in the format DT, whose value has 12 digits.
fn minute(dtp: &Dtp) -> Option<DateTime> {
    let clock = dtp.value.get(8..12).filter(|_| dtp.format == "DT")?;
    let is_clock = clock.bytes().all(|byte| byte.is_ascii_digit());
    let (hour, minute) = is_clock.then(|| clock.split_at(2))?;
    let time = Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()?;
    Some(DateTime::from_parts(first(dtp)?, time))
}

/// Returns a code as it may stand in a label: letters and digits, three at most.
pub(super) fn short(code: &str) -> String {
    code.chars().filter(char::is_ascii_alphanumeric).take(3).collect()
}
