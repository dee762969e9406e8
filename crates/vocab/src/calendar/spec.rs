//! A calendar as it is written in a pack: hours, working days, holidays by rule. All its numbers are data.

use crate::problem::{CodeProblem, quoted};
use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What a calendar file says. [`Calendar::new`](super::Calendar::new) checks it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// The name that contracts refer to, such as `us-federal`.
    pub name: String,
    /// The version of this file; a case keeps the version it was counted with.
    pub version: String,
    /// Where the hours and holidays come from.
    pub source: String,
    /// Local time at which a business day opens.
    pub open: DayTime,
    /// Local time at which a business day closes; `24:00` is the end of the day.
    pub close: DayTime,
    /// The days of the week that are worked.
    pub working: Vec<DayName>,
    /// Days that are not worked although their weekday is.
    #[serde(default, rename = "holiday")]
    pub holidays: Vec<HolidaySpec>,
}

/// One holiday: when it falls and since when it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidaySpec {
    /// The holiday's name, for people.
    pub name: String,
    /// When it falls.
    pub rule: HolidayRule,
    /// The first date on which it may fall; always, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Date>,
    /// The last date on which it may fall; for ever, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
}

/// When a holiday falls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum HolidayRule {
    /// The same date each year.
    Fixed {
        /// Month, 1 to 12.
        month: i8,
        /// Day of the month.
        day: i8,
        /// Days by which it moves when it falls on that weekday, such as Saturday by -1.
        #[serde(default)]
        observed: BTreeMap<DayName, i8>,
    },
    /// The nth such weekday of a month.
    Nth {
        /// Month, 1 to 12.
        month: i8,
        /// The weekday.
        weekday: DayName,
        /// Which one, 1 to 5.
        n: i8,
    },
    /// The last such weekday of a month.
    Last {
        /// Month, 1 to 12.
        month: i8,
        /// The weekday.
        weekday: DayName,
    },
    /// These dates and no others.
    Dates(Vec<Date>),
}

/// A day of the week by its English name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum DayName {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl DayName {
    /// Returns the name of a weekday.
    pub fn of(weekday: Weekday) -> Self {
        match weekday {
            Weekday::Monday => Self::Monday,
            Weekday::Tuesday => Self::Tuesday,
            Weekday::Wednesday => Self::Wednesday,
            Weekday::Thursday => Self::Thursday,
            Weekday::Friday => Self::Friday,
            Weekday::Saturday => Self::Saturday,
            Weekday::Sunday => Self::Sunday,
        }
    }
}

/// A time of day in whole minutes, written `HH:MM`, from `00:00` to `24:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DayTime(u16);

impl DayTime {
    /// The end of the day, `24:00`.
    pub const MIDNIGHT_AFTER: Self = Self(24 * 60);

    /// Reads `HH:MM`. Problem: `day-time-format`.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let two = |part: &str| -> Option<u16> {
            (part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse().ok())?
        };
        let read = text.trim().split_once(':').and_then(|(h, m)| Some((two(h)?, two(m)?)));
        match read {
            Some((hour, minute)) if hour * 60 + minute <= Self::MIDNIGHT_AFTER.0 && minute < 60 => {
                Ok(Self(hour * 60 + minute))
            }
            Some(_) | None => {
                let message =
                    format!("{} is not a time of day: write it as in 08:00", quoted(text));
                Err(CodeProblem::new("day-time-format", message))
            }
        }
    }

    /// Returns the whole minutes since the day began, 0 to 1440.
    pub fn minute_of_day(self) -> u16 {
        self.0
    }
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl TryFrom<String> for DayTime {
    type Error = CodeProblem;

    fn try_from(text: String) -> Result<Self, CodeProblem> {
        Self::parse(&text)
    }
}

impl From<DayTime> for String {
    fn from(time: DayTime) -> Self {
        time.to_string()
    }
}
