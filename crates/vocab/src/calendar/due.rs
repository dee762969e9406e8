//! When a span ends, how much of it was used, where a pause leaves it, and when to warn.

use super::{Calendar, END_OF_TIME, Span, SpanUnit, days_from};
use crate::{Micros, Timestamp, Zone};
use jiff::ToSpan;
use jiff::civil::Date;

/// The shortest length on the instant line; the end of a day belongs to the next one.
const INSTANT: Micros = Micros(1);

/// From one instant to a later one: the life of a clock, or a pause of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Period {
    /// The first instant.
    pub from: Timestamp,
    /// The first instant after it.
    pub to: Timestamp,
}

impl Calendar {
    /// Returns when a span that starts at `start` ends, by the local dates and hours of `zone`.
    ///
    /// `0 business days` ends at the close of the day itself or, when that has passed, of the next business day.
    pub fn due(&self, start: Timestamp, span: Span, zone: &Zone) -> Timestamp {
        let date = start.date(zone);
        match span {
            Span::ClockMinutes(minutes) => start.plus(micros(minutes)),
            Span::BusinessMinutes(minutes) => self.after_open(start, micros(minutes), zone),
            Span::CalendarDays { n, to_end_of_day: true } => zone.end_of_day(plus_days(date, n)),
            Span::CalendarDays { n, to_end_of_day: false } => {
                at_same_time(start, plus_days(date, n), zone)
            }
            Span::BusinessDays { n, to_end_of_day: true } => {
                let due = self.close_on(self.business_day_after(date, n), zone);
                if due > start {
                    due
                } else {
                    self.close_on(self.business_day_after(date, 1), zone)
                }
            }
            Span::BusinessDays { n, to_end_of_day: false } => {
                at_same_time(start, self.business_day_after(date, n), zone)
            }
        }
    }

    /// Returns when a span begins that ends at `end`: hours and minutes on the instant line, calendar days to the same
    /// local time of an earlier day. Business units are not counted backwards: for them it is `end`.
    pub fn before(&self, end: Timestamp, span: Span, zone: &Zone) -> Timestamp {
        match span {
            Span::ClockMinutes(minutes) => end.plus(Micros(micros(minutes).0.saturating_neg())),
            Span::CalendarDays { n, .. } => {
                let days = i64::from(n.min(MOST_DAYS)).days();
                at_same_time(end, end.date(zone).saturating_sub(days), zone)
            }
            Span::BusinessDays { .. } | Span::BusinessMinutes(_) => end,
        }
    }

    /// Returns how much of `unit` was used between two instants: whole minutes, or local dates entered after that
    /// of `from`. 0 when `to` is not later.
    pub fn elapsed(&self, from: Timestamp, to: Timestamp, unit: SpanUnit, zone: &Zone) -> i64 {
        if to <= from {
            return 0;
        }
        match unit {
            SpanUnit::ClockMinutes => to.since(from).0 / Micros::MINUTE.0,
            SpanUnit::BusinessMinutes => self.open_between(from, to, zone).0 / Micros::MINUTE.0,
            SpanUnit::CalendarDays => i64::from(days_between(from.date(zone), to.date(zone))),
            SpanUnit::BusinessDays => {
                i64::from(self.business_days_between(from.date(zone), to.date(zone)))
            }
        }
    }

    /// Returns the new time due of a span when a pause ends: later by what was paused, counted in the span's own
    /// unit. A pause that enters no new day does not move a count of days.
    pub fn resume(
        &self,
        due_before: Timestamp,
        pause: Period,
        span: Span,
        zone: &Zone,
    ) -> Timestamp {
        let Period { from: paused_at, to: resumed_at } = pause;
        if resumed_at <= paused_at {
            return due_before;
        }
        let days = u32::try_from(self.elapsed(paused_at, resumed_at, span.unit(), zone))
            .unwrap_or(u32::MAX);
        // The end of a day is the first instant of the next one.
        let last_day = due_before.plus(Micros(-INSTANT.0)).date(zone);
        match span {
            Span::ClockMinutes(_) => due_before.plus(resumed_at.since(paused_at)),
            Span::BusinessMinutes(_) => match self.open_between(paused_at, resumed_at, zone) {
                Micros(0) => due_before,
                paused => self.after_open(due_before, paused, zone),
            },
            Span::CalendarDays { .. } | Span::BusinessDays { .. } if days == 0 => due_before,
            Span::CalendarDays { to_end_of_day: true, .. } => {
                zone.end_of_day(plus_days(last_day, days))
            }
            Span::CalendarDays { to_end_of_day: false, .. } => {
                at_same_time(due_before, plus_days(due_before.date(zone), days), zone)
            }
            Span::BusinessDays { to_end_of_day: true, .. } => {
                self.close_on(self.business_day_after(last_day, days), zone)
            }
            Span::BusinessDays { to_end_of_day: false, .. } => {
                at_same_time(due_before, self.business_day_after(due_before.date(zone), days), zone)
            }
        }
    }

    /// Returns when `percent` (0 to 100) of a clock's life has passed: of open time for the business
    /// units, so that the warning comes while someone is there to see it; of all time for the others.
    pub fn warn_at(&self, life: Period, span: Span, percent: u8, zone: &Zone) -> Timestamp {
        let Period { from: start, to: due } = life;
        if due <= start {
            return due;
        }
        let part = |whole| share(whole, percent);
        match span.unit() {
            SpanUnit::ClockMinutes | SpanUnit::CalendarDays => start.plus(part(due.since(start))),
            SpanUnit::BusinessMinutes | SpanUnit::BusinessDays => {
                self.after_open(start, part(self.open_between(start, due, zone)), zone).min(due)
            }
        }
    }

    /// Returns the instant by which business was open for `length` since `start`.
    fn after_open(&self, start: Timestamp, length: Micros, zone: &Zone) -> Timestamp {
        let mut left = length;
        for (open, close) in self.openings(start.date(zone), zone) {
            let from = open.max(start);
            let here = Micros(close.since(from).0.max(0));
            if from < close && left <= here {
                return from.plus(left);
            }
            left = Micros(left.0.saturating_sub(here.0));
        }
        END_OF_TIME
    }

    /// Returns for how long business was open between two instants.
    fn open_between(&self, from: Timestamp, to: Timestamp, zone: &Zone) -> Micros {
        let openings = self.openings(from.date(zone), zone).take_while(|(open, _)| *open < to);
        let open: i64 =
            openings.map(|(open, close)| close.min(to).since(open.max(from)).0.max(0)).sum();
        Micros(open)
    }

    /// Returns the `n`th business day after `date`; for 0 `date` itself or, when it is not worked, the next one.
    fn business_day_after(&self, date: Date, n: u32) -> Date {
        if n == 0 && self.is_business_day(date) {
            return date;
        }
        let nth = usize::try_from(n.max(1) - 1).unwrap_or(usize::MAX);
        days_from(date)
            .skip(1)
            .filter(|day| self.is_business_day(*day))
            .nth(nth)
            .unwrap_or(Date::MAX)
    }

    fn business_days_between(&self, from: Date, to: Date) -> u32 {
        let days = days_from(from).skip(1).take_while(|day| *day <= to);
        days.fold(0, |n, day| n + u32::from(self.is_business_day(day)))
    }

    fn close_on(&self, date: Date, zone: &Zone) -> Timestamp {
        self.hours_on(date, zone).1
    }
}

fn share(whole: Micros, percent: u8) -> Micros {
    let part = i128::from(whole.0) * i128::from(percent.min(100)) / 100;
    Micros(i64::try_from(part).unwrap_or(whole.0))
}

fn micros(minutes: i64) -> Micros {
    Micros(minutes.saturating_mul(Micros::MINUTE.0))
}

fn plus_days(date: Date, n: u32) -> Date {
    date.saturating_add(i64::from(n.min(MOST_DAYS)).days())
}

/// More days than the calendar has; keeps a count within what a date can be moved by.
const MOST_DAYS: u32 = 4_000_000;

fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(0, |span| span.get_days())
}

/// Returns the instant on `date` at the local time of day of `at`.
fn at_same_time(at: Timestamp, date: Date, zone: &Zone) -> Timestamp {
    zone.instant(date.to_datetime(at.civil(zone).time()))
}
