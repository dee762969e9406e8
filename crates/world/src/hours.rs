//! When people work. A simple week: offices from 08:00 to 18:00 by the hub's clocks, Monday to Friday, but for Thanksgiving
//! and Christmas; the hub's own calendar is the pack's, and clocks count by that.

use doorstep_vocab::{Date, Micros, Time, Timestamp, Weekday, Zone};
use std::time::Duration;

/// The hour at which offices open.
pub(crate) const OPEN: i8 = 8;
/// The hour at which offices close.
pub(crate) const CLOSE: i8 = 18;

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

/// Returns the instant after so many minutes of office hours.
pub(crate) fn after_work(at: Timestamp, minutes: u32, zone: &Zone) -> Timestamp {
    let mut left = Micros::minutes(i64::from(minutes)).0;
    let mut at = at;
    loop {
        let date = at.date(zone);
        let (open, close) = (at_hour(date, OPEN, zone), at_hour(date, CLOSE, zone));
        let from = at.max(open);
        let room = close.since(from).0;
        if is_working_day(date) && room > left {
            return from.plus(Micros(left));
        }
        if is_working_day(date) {
            left -= room.max(0);
        }
        at = at_hour(next_working_day(date), OPEN, zone);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_stops_in_the_evening_and_over_the_weekend() {
        let zone = Zone::parse("America/New_York").unwrap();
        let at = |text: &str| Timestamp::parse(text).unwrap();
        let after = |from, minutes| after_work(at(from), minutes, &zone);
        assert_eq!(after("2026-11-20T16:00:00Z", 30), at("2026-11-20T16:30:00Z"));
        assert_eq!(
            after("2026-11-20T22:45:00Z", 30),
            at("2026-11-23T13:15:00Z"),
            "Friday, then Monday"
        );
        assert_eq!(
            after("2026-11-25T22:59:00Z", 2),
            at("2026-11-27T13:01:00Z"),
            "not on Thanksgiving"
        );
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
