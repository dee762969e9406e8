//! Whether a holiday falls on a date.

use super::spec::{DayName, HolidayRule, HolidaySpec};
use jiff::ToSpan;
use jiff::civil::Date;

impl HolidaySpec {
    /// Returns whether this holiday is kept on `date`.
    pub fn falls_on(&self, date: Date) -> bool {
        match &self.rule {
            HolidayRule::Fixed { month, day, observed } => {
                let shifts = observed.values().copied().chain([0]);
                shifts.filter_map(|shift| Some((shift, before(date, shift)?))).any(
                    |(shift, actual)| {
                        let moves_by =
                            observed.get(&DayName::of(actual.weekday())).copied().unwrap_or(0);
                        (actual.month(), actual.day()) == (*month, *day)
                            && moves_by == shift
                            && self.is_kept(actual)
                    },
                )
            }
            HolidayRule::Nth { month, weekday, n } => {
                let nth = (date.day() - 1) / 7 + 1;
                is_day(date, *month, *weekday) && nth == *n && self.is_kept(date)
            }
            HolidayRule::Last { month, weekday } => {
                let is_last = date.day() > date.days_in_month() - 7;
                is_day(date, *month, *weekday) && is_last && self.is_kept(date)
            }
            HolidayRule::Dates(dates) => dates.contains(&date) && self.is_kept(date),
        }
    }

    fn is_kept(&self, date: Date) -> bool {
        self.effective_from.is_none_or(|from| date >= from)
            && self.effective_to.is_none_or(|to| date <= to)
    }
}

fn before(date: Date, shift: i8) -> Option<Date> {
    date.checked_sub(i32::from(shift).days()).ok()
}

fn is_day(date: Date, month: i8, weekday: DayName) -> bool {
    date.month() == month && DayName::of(date.weekday()) == weekday
}
