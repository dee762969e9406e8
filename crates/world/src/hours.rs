//! When people work. A simple week: offices from 08:00 to 18:00 by the hub's clocks, Monday to Friday, but for Thanksgiving
//! and Christmas; the hub's desk on every day, from 07:00 to 21:00. The hub's own calendar is the pack's, and clocks count by
//! that.

use doorstep_vocab::{Date, Micros, Time, Timestamp, Weekday, Zone};
use std::time::Duration;

/// The hour at which offices open.
pub(crate) const OPEN: i8 = 8;
/// The hour at which offices close.
pub(crate) const CLOSE: i8 = 18;

/// The hour at which the hub's early shift begins.
const DESK_OPEN: i8 = 7;
/// The hour at which the hub's late shift ends.
const DESK_CLOSE: i8 = 21;

/// Returns the instant of an hour of a day.
pub(crate) fn at_hour(date: Date, hour: i8, zone: &Zone) -> Timestamp {
    zone.instant(date.to_datetime(Time::constant(hour, 0, 0, 0)))
}

/// Returns whether offices open on that day.
pub(crate) fn is_working_day(date: Date) -> bool {
    let is_weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
    let is_thanksgiving = date.month() == 11
        && date.weekday() == Weekday::Thursday
        && (22..=28).contains(&date.day());
    let is_christmas = (date.month(), date.day()) == (12, 25);
    !is_weekend && !is_thanksgiving && !is_christmas
}

/// Returns the first working day after `date`.
pub(crate) fn next_working_day(date: Date) -> Date {
    let mut next = plus_days(date, 1);
    while !is_working_day(next) {
        next = plus_days(next, 1);
    }
    next
}

/// Returns the working day that is `n` before `date`.
pub(crate) fn working_days_before(date: Date, n: u32) -> Date {
    let mut before = date;
    for _ in 0..n {
        before = before.yesterday().unwrap_or(before);
        while !is_working_day(before) {
            before = before.yesterday().unwrap_or(before);
        }
    }
    before
}

/// Returns the day so many days later.
pub(crate) fn plus_days(date: Date, days: u32) -> Date {
    date.saturating_add(Duration::from_secs(u64::from(days) * 86_400))
}

/// Returns the day so many days earlier.
pub(crate) fn minus_days(date: Date, days: u32) -> Date {
    date.saturating_sub(Duration::from_secs(u64::from(days) * 86_400))
}

/// Whose hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hours {
    /// Offices: whoever refers, payers.
    Office,
    /// The hub's own people: an early and a late shift, on every day. What presses does not wait for Monday. Source: M08.
    Desk,
}

impl Hours {
    const fn span(self) -> (i8, i8) {
        match self {
            Self::Office => (OPEN, CLOSE),
            Self::Desk => (DESK_OPEN, DESK_CLOSE),
        }
    }

    fn are_on(self, date: Date) -> bool {
        match self {
            Self::Office => is_working_day(date),
            Self::Desk => true,
        }
    }

    /// Returns the instant after so many minutes of these hours.
    pub(crate) fn after(self, at: Timestamp, minutes: u32, zone: &Zone) -> Timestamp {
        let (open, close) = self.span();
        let mut left = Micros::minutes(i64::from(minutes)).0;
        let mut date = at.date(zone);
        loop {
            let from = at.max(at_hour(date, open, zone));
            let room = at_hour(date, close, zone).since(from).0;
            if self.are_on(date) && room > left {
                return from.plus(Micros(left));
            }
            if self.are_on(date) {
                left -= room.max(0);
            }
            date = plus_days(date, 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offices_stop_in_the_evening_and_over_the_weekend_and_the_desk_does_not() {
        let zone = Zone::parse("America/New_York").unwrap();
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let after = |hours: Hours, from, minutes| hours.after(at(from), minutes, &zone);
        let office = |from, minutes| after(Hours::Office, from, minutes);
        assert_eq!(office("2026-11-20T16:00:00Z", 30), at("2026-11-20T16:30:00Z"));
        assert_eq!(
            office("2026-11-20T22:45:00Z", 30),
            at("2026-11-23T13:15:00Z"),
            "Friday, then Monday"
        );
        assert_eq!(
            office("2026-11-25T22:59:00Z", 2),
            at("2026-11-27T13:01:00Z"),
            "not on Thanksgiving"
        );
        let desk = |from, minutes| after(Hours::Desk, from, minutes);
        assert_eq!(desk("2026-11-21T01:45:00Z", 30), at("2026-11-21T12:15:00Z"), "Saturday");
        assert_eq!(desk("2026-11-22T04:00:00Z", 5), at("2026-11-22T12:05:00Z"), "after midnight");
        assert_eq!(
            working_days_before(Date::constant(2026, 11, 23), 2),
            Date::constant(2026, 11, 19)
        );
    }

    #[test]
    fn the_demo_begins_when_it_says() {
        assert_eq!(crate::START, Timestamp::parse("2026-11-23T08:00:00-05:00").unwrap());
    }
}
