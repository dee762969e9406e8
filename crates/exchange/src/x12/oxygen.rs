//! CR5: the certificate for oxygen at home.

use super::source::{Draft, Source};
use crate::codes;
use doorstep_case::{Fact, Item, Milli};
use doorstep_vocab::Date;
use doorstep_x12::seg::Cr5;
use doorstep_x12::sets::s278::Event;

/// Hours of a day.
const HOURS_MAX: i64 = 24;

/// Reads the certificate. Source: facts 1.3 (fields) and 3.1, CR5.
pub(super) fn read(draft: &mut Draft, event: &Event, from: &Source<'_, '_>) {
    let Some(cr5) = &event.cr5 else { return };
    let at = |element| from.find(&event.at, "CR5", element);
    let tested = tested_on(draft);
    draft.number("order.length-of-need", &cr5.treatment_months, (None, at(2)));
    draft.number("oxygen.lpm", &cr5.flow_lpm, (None, at(6)));
    draft.number("oxygen.pao2", &cr5.arterial_gas_mmhg, (tested, at(10)));
    draft.number("oxygen.spo2", &cr5.saturation_percent, (tested, at(11)));
    hours(draft, cr5, at(8));
    condition(draft, cr5, (tested, at(12)));
    findings(draft, cr5, (tested, &at(13)));
    let equipment = [&cr5.equipment, &cr5.equipment_2, &cr5.equipment_3];
    let is_portable = equipment.into_iter().any(|code| matches!(code.as_str(), "D" | "E"));
    if is_portable || !cr5.portable_flow_lpm.is_empty() {
        draft.fact("oxygen.portable", Fact::Flag(true), None);
    }
    if let Some(device) = device(&cr5.delivery) {
        draft.fact("oxygen.device", Fact::Code(device.to_owned()), None);
    }
    draft.text("CR5 therapist", &cr5.therapist_order);
    if !cr5.portable_flow_lpm.is_empty() {
        draft.text("CR5 portable", &format!("{} L/min", cr5.portable_flow_lpm));
    }
}

/// The day of the test, which the event's dates gave.
fn tested_on(draft: &Draft) -> Option<Date> {
    match draft.referral.facts.get(&Item::named("oxygen.test-on")) {
        Some((Fact::On(on), _)) => Some(*on),
        _ => None,
    }
}

/// CR508 counts the hours of one use, CR507 the uses in a day. Source: facts 3.1, CR5.
fn hours(draft: &mut Draft, cr5: &Cr5, at: String) {
    if cr5.hours.is_empty() {
        return;
    }
    let times =
        if cr5.times_a_day.is_empty() { Some(1) } else { codes::quantity(&cr5.times_a_day) };
    let in_a_day = Milli::parse(&cr5.hours)
        .zip(times)
        .and_then(|(hours, times)| hours.0.checked_mul(i64::from(times)))
        .filter(|hours| (0..=Milli::whole(HOURS_MAX).0).contains(hours));
    if let Some(hours) = in_a_day {
        return draft.fact("oxygen.hours-per-day", Fact::Number(Milli(hours)), None);
    }
    draft.text("CR5 hours", &format!("{} times a day, {} hours", cr5.times_a_day, cr5.hours));
    let message = "times a day by hours of each use is not a number of hours in a day: both were kept as a note";
    draft.warn("oxygen-hours", at, message);
}

/// CR512: `R` at rest, `E` in exercise, `S` asleep, `W` walking. Source: facts 1.3, oxygen.
fn condition(draft: &mut Draft, cr5: &Cr5, (tested, at): (Option<Date>, String)) {
    let condition = match cr5.test_condition.as_str() {
        "" => return,
        "R" => "rest",
        "E" | "W" => "exercise",
        "S" => "sleep",
        _ => {
            let message = "the condition of the test is none of R, E, S, W: it was kept as a note, and is to be asked for";
            return draft.warn("oxygen-condition", at, message);
        }
    };
    draft.fact("oxygen.condition", Fact::Code(condition.to_owned()), tested);
}

/// The least hematocrit above 56 % that we can say: the finding tells that much and no more. Source: facts 1.3, oxygen.
const ABOVE_56: Milli = Milli(56_001);

/// CR513 to CR515. Of the hematocrit a finding tells that it is above 56 %, and not its number.
fn findings(draft: &mut Draft, cr5: &Cr5, (tested, at): (Option<Date>, &str)) {
    for finding in [&cr5.finding, &cr5.finding_2, &cr5.finding_3] {
        match finding.as_str() {
            "" => {}
            "1" => draft.fact("oxygen.edema", Fact::Flag(true), None),
            "2" => draft.fact("oxygen.cor-pulmonale", Fact::Flag(true), None),
            "3" => {
                draft.fact("oxygen.hematocrit", Fact::Number(ABOVE_56), tested);
                draft.text("CR5 finding", "hematocrit above 56 %");
                let message =
                    "a hematocrit above 56 % was said without its number: ask for the number";
                draft.warn("oxygen-hematocrit", at.to_owned(), message);
            }
            other => draft.text("CR5 finding", other),
        }
    }
}

/// CR517: `A` nasal cannula, `B` to `D` conserving devices, `E` through the trachea. \[K\]
fn device(code: &str) -> Option<&'static str> {
    match code {
        "A" => Some("cannula"),
        "B" | "C" | "D" => Some("conserver"),
        "E" => Some("other"),
        _ => None,
    }
}
