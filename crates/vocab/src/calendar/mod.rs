//! A calendar of business hours and holidays, and what is due when by it.
//!
//! Rules that hold everywhere:
//!
//! - Hours and minutes are added on the instant line, days on the local calendar of the zone that is given.
//! - The day on which a span starts is day 0, whether or not it is a business day. `1 business day` from a Saturday,
//!   or from a Friday evening after the close, ends on Monday; a start after the close earns no extra day.
//! - Calendar days end at the end of the local day, business days when business closes; the calendar's own holidays
//!   never lengthen a count of calendar days.
//! - When a pause ends, the time due moves by what was paused in the span's own unit.
//!
//! **Invariant:** no hour, weekday or holiday is written here; they come from a [`CalendarSpec`].

mod due;
mod holiday;
mod span;
mod spec;

#[cfg(test)]
mod tests;

pub use due::Period;
pub use span::{Span, SpanUnit};
pub use spec::{CalendarSpec, DayName, DayTime, HolidayRule, HolidaySpec};

use crate::{CodeProblem, Timestamp, Zone};
use jiff::civil::{Date, Time};

/// The most holidays a calendar may keep each year. Fewer than the weeks of a year, so that there is always a next
/// business day.
const YEARLY_MAX: usize = 50;

/// The most days by which a holiday may move.
const SHIFT_MAX: i8 = 6;

/// A calendar whose specification was checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    spec: CalendarSpec,
}

impl Calendar {
    /// Checks a specification. Problems: `calendar-hours`, `calendar-working`, `calendar-holiday`.
    pub fn new(spec: CalendarSpec) -> Result<Self, CodeProblem> {
        if spec.open >= spec.close {
            let message = format!(
                "the calendar closes at {} but opens at {}: swap them",
                spec.close, spec.open
            );
            return Err(CodeProblem::new("calendar-hours", message));
        }
        if spec.working.is_empty() {
            return Err(CodeProblem::new(
                "calendar-working",
                "the calendar has no working day: list at least one",
            ));
        }
        if let Some(holiday) = spec.holidays.iter().find(|h| !is_sound(&h.rule)) {
            let message = format!(
                "the rule of `{}` names no possible day: correct its numbers",
                holiday.name
            );
            return Err(CodeProblem::new("calendar-holiday", message));
        }
        let yearly =
            spec.holidays.iter().filter(|h| !matches!(h.rule, HolidayRule::Dates(_))).count();
        if yearly > YEARLY_MAX {
            let message =
                format!("the calendar has {yearly} yearly holidays: keep at most {YEARLY_MAX}");
            return Err(CodeProblem::new("calendar-holiday", message));
        }
        Ok(Self { spec })
    }

    /// Returns what the calendar was made from.
    pub fn spec(&self) -> &CalendarSpec {
        &self.spec
    }

    /// Returns the name that contracts refer to.
    pub fn name(&self) -> &str {
        &self.spec.name
    }

    /// Returns the version, which is kept with what was counted.
    pub fn version(&self) -> &str {
        &self.spec.version
    }

    /// Returns the name of the holiday that is kept on `date`, if one is.
    pub fn holiday(&self, date: Date) -> Option<&str> {
        self.spec.holidays.iter().find(|h| h.falls_on(date)).map(|h| h.name.as_str())
    }

    /// Returns whether `date` is worked.
    pub fn is_business_day(&self, date: Date) -> bool {
        self.spec.working.contains(&DayName::of(date.weekday())) && self.holiday(date).is_none()
    }

    /// Returns whether business is open at `at`, by the local time of `zone`. It is no longer open at the close.
    pub fn is_open(&self, at: Timestamp, zone: &Zone) -> bool {
        let date = at.date(zone);
        let (open, close) = self.hours_on(date, zone);
        self.is_business_day(date) && open <= at && at < close
    }

    /// Returns `at` when business is open, else the next opening.
    pub fn next_open(&self, at: Timestamp, zone: &Zone) -> Timestamp {
        let next = self.openings(at.date(zone), zone).find(|(_, close)| at < *close);
        next.map_or(END_OF_TIME, |(open, _)| open.max(at))
    }

    /// Returns the opening and the close on `date`, whether or not it is worked.
    fn hours_on(&self, date: Date, zone: &Zone) -> (Timestamp, Timestamp) {
        (instant(date, self.spec.open, zone), instant(date, self.spec.close, zone))
    }

    /// Returns the opening and the close of each business day from `first` on.
    fn openings<'a>(
        &'a self,
        first: Date,
        zone: &'a Zone,
    ) -> impl Iterator<Item = (Timestamp, Timestamp)> + 'a {
        days_from(first)
            .filter(|date| self.is_business_day(*date))
            .map(|date| self.hours_on(date, zone))
    }
}

/// What saturated arithmetic on instants returns.
const END_OF_TIME: Timestamp = Timestamp(i64::MAX);

fn instant(date: Date, time: DayTime, zone: &Zone) -> Timestamp {
    let minute = i32::from(time.minute_of_day());
    // Only the end of the day, 24:00, is no time on the day itself.
    let local = i8::try_from(minute / 60).ok().zip(i8::try_from(minute % 60).ok());
    match local.and_then(|(hour, minute)| Time::new(hour, minute, 0, 0).ok()) {
        Some(time) => zone.instant(date.to_datetime(time)),
        None => zone.end_of_day(date),
    }
}

fn days_from(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |date| date.tomorrow().ok())
}

fn is_sound(rule: &HolidayRule) -> bool {
    let is_month = |month: i8| (1..=12).contains(&month);
    match rule {
        HolidayRule::Fixed { month, day, observed } => {
            let shifts = observed.values().all(|shift| (-SHIFT_MAX..=SHIFT_MAX).contains(shift));
            // 2000 is a leap year, so February 29 is possible.
            shifts && Date::new(2000, *month, *day).is_ok()
        }
        HolidayRule::Nth { month, n, .. } => is_month(*month) && (1..=5).contains(n),
        HolidayRule::Last { month, .. } => is_month(*month),
        HolidayRule::Dates(_) => true,
    }
}
