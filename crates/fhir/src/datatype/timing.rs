//! How often something happens.

use super::{CodeableConcept, Datatype, Period, Quantity, When};
use crate::json::Node;

/// `Timing`: `frequency` times in every `period` of `period_unit`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Timing<'t> {
    /// `event`, the very moments.
    pub events: Vec<When<'t>>,
    /// `repeat.boundsPeriod`.
    pub bounds: Option<Period<'t>>,
    /// `repeat.boundsDuration`.
    pub bounds_duration: Option<Quantity<'t>>,
    /// `repeat.count`, how often in all.
    pub count: Option<u32>,
    /// `repeat.duration`, how long each lasts, as written.
    pub duration: Option<&'t str>,
    /// `repeat.durationUnit`: s, min, h, d, wk, mo, a.
    pub duration_unit: Option<&'t str>,
    /// `repeat.frequency`. FHIR takes a missing one as 1; it is kept missing here.
    pub frequency: Option<u32>,
    /// `repeat.frequencyMax`.
    pub frequency_max: Option<u32>,
    /// `repeat.period`, as written.
    pub period: Option<&'t str>,
    /// `repeat.periodUnit`: s, min, h, d, wk, mo, a.
    pub period_unit: Option<&'t str>,
    /// `repeat.dayOfWeek`: mon to sun.
    pub days_of_week: Vec<&'t str>,
    /// `repeat.timeOfDay`.
    pub times_of_day: Vec<&'t str>,
    /// `repeat.when`: WAKE, PC, HS, ...
    pub when: Vec<&'t str>,
    /// `code`: BID, TID, QD, or words.
    pub code: CodeableConcept<'t>,
}

impl<'t> Datatype<'t> for Timing<'t> {
    fn read(node: Node<'t>) -> Self {
        let code = node.one("code").unwrap_or_default();
        let events = node.texts("event").filter_map(When::parse).collect();
        let Some(repeat) = node.first("repeat") else {
            return Self { events, code, ..Self::default() };
        };
        Self {
            events,
            bounds: repeat.one("boundsPeriod"),
            bounds_duration: repeat.one("boundsDuration"),
            count: repeat.whole("count"),
            duration: repeat.number("duration"),
            duration_unit: repeat.text("durationUnit"),
            frequency: repeat.whole("frequency"),
            frequency_max: repeat.whole("frequencyMax"),
            period: repeat.number("period"),
            period_unit: repeat.text("periodUnit"),
            days_of_week: repeat.texts("dayOfWeek").collect(),
            times_of_day: repeat.texts("timeOfDay").collect(),
            when: repeat.texts("when").collect(),
            code,
        }
    }
}
