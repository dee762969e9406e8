//! Dates and times as X12 writes them. The caller says what time it is; nothing here asks a clock.

use std::fmt;

/// A day of the calendar that exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(i16, i8, i8);

impl Day {
    /// Returns the day when it exists and its year is 1-9999.
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let last = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        ((1..=9999).contains(&year) && (1..=last).contains(&day)).then_some(Self(year, month, day))
    }

    /// Reads 8 digits, year first.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return None;
        }
        Self::new(text[..4].parse().ok()?, text[4..6].parse().ok()?, text[6..].parse().ok()?)
    }

    /// Returns the year, 1-9999.
    pub fn year(self) -> i16 {
        self.0
    }

    /// Returns the month, 1-12.
    pub fn month(self) -> i8 {
        self.1
    }

    /// Returns the day of the month, 1-31.
    pub fn day(self) -> i8 {
        self.2
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}{:02}{:02}", self.0, self.1, self.2)
    }
}

/// First and last day of a period; the same day twice for a single date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Day,
    /// The last day, included.
    pub to: Day,
}

impl Period {
    /// Reads a value by its format: `D8` a day, `RD8` two days with a hyphen, `DT` a day with a time.
    pub fn parse(format: &str, value: &str) -> Option<Self> {
        match format {
            "D8" => Day::parse(value).map(|day| Self { from: day, to: day }),
            "DT" => Day::parse(value.get(..8)?).map(|day| Self { from: day, to: day }),
            "RD8" => {
                let (from, to) = value.split_once('-')?;
                Some(Self { from: Day::parse(from)?, to: Day::parse(to)? })
            }
            _ => None,
        }
    }
}

/// A minute, in the zone the two sides agreed on; given by the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Minute {
    /// The day.
    pub day: Day,
    /// Hour and minute.
    clock: (u8, u8),
}

impl Minute {
    /// Returns the minute when the hour is 0-23 and the minute 0-59.
    pub fn new(day: Day, hour: u8, minute: u8) -> Option<Self> {
        (hour < 24 && minute < 60).then_some(Self { day, clock: (hour, minute) })
    }

    /// Returns the day in 6 digits.
    pub(crate) fn short_date(self) -> String {
        self.day.to_string()[2..].to_owned()
    }

    /// Returns the time in 4 digits.
    pub(crate) fn time(self) -> String {
        format!("{:02}{:02}", self.clock.0, self.clock.1)
    }
}
