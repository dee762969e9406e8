//! How long something may take, in the unit that was promised. The four units are never turned into one another.

use crate::problem::{CodeProblem, quoted};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The most days that can be written: ten years.
const DAYS_MAX: u32 = 3_660;
/// The most minutes that can be written: ten years.
const MINUTES_MAX: i64 = 3_660 * 24 * 60;

/// A length of time with its unit. Written `48 h`, `30 min`, `7 calendar days`, `2 business days`,
/// `4 business hours`; days end at the end of the day unless `, same time` follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Span {
    /// Minutes that pass by night, on weekends and on holidays too.
    ClockMinutes(i64),
    /// Days of the local calendar.
    CalendarDays {
        /// Days after the day of the start, which is day 0.
        n: u32,
        /// Whether the span ends with that day, rather than at the start's time of day.
        to_end_of_day: bool,
    },
    /// Days on which the calendar is open.
    BusinessDays {
        /// Business days after the day of the start, which is day 0.
        n: u32,
        /// Whether the span ends when business closes on that day, rather than at the start's time of day.
        to_end_of_day: bool,
    },
    /// Minutes while the calendar is open.
    BusinessMinutes(i64),
}

/// The unit of a [`Span`], for counting how much of it was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SpanUnit {
    /// Minutes on the instant line.
    ClockMinutes,
    /// Local dates.
    CalendarDays,
    /// Local dates that are business days.
    BusinessDays,
    /// Open minutes.
    BusinessMinutes,
}

impl Span {
    /// Returns `n` hours on the instant line.
    pub const fn hours(n: u32) -> Self {
        Self::ClockMinutes(n as i64 * 60)
    }

    /// Returns `n` calendar days, to the end of the last.
    pub const fn calendar_days(n: u32) -> Self {
        Self::CalendarDays { n, to_end_of_day: true }
    }

    /// Returns `n` business days, to the close of the last.
    pub const fn business_days(n: u32) -> Self {
        Self::BusinessDays { n, to_end_of_day: true }
    }

    /// Returns the unit.
    pub const fn unit(self) -> SpanUnit {
        match self {
            Self::ClockMinutes(_) => SpanUnit::ClockMinutes,
            Self::CalendarDays { .. } => SpanUnit::CalendarDays,
            Self::BusinessDays { .. } => SpanUnit::BusinessDays,
            Self::BusinessMinutes(_) => SpanUnit::BusinessMinutes,
        }
    }

    /// Reads a span as it is displayed, in any case, with the unit's name in full or as `h` or `min`.
    ///
    /// Problems: `span-format`; `span-too-long` past ten years; `span-unit` for bare days, which could be either.
    pub fn parse(text: &str) -> Result<Self, CodeProblem> {
        let lower = text.trim().to_ascii_lowercase();
        let digits = lower.bytes().take_while(u8::is_ascii_digit).count();
        let (number, rest) = lower.split_at(digits);
        let number: u32 = number.parse().map_err(|_| malformed(text))?;
        let (unit, ending) =
            rest.split_once(',').map_or((rest, None), |(unit, ending)| (unit, Some(ending.trim())));
        let words: Vec<&str> = unit.split_whitespace().collect();
        let to_end_of_day = match ending {
            None => true,
            Some("same time") if words.last().is_some_and(|word| word.starts_with("day")) => false,
            Some(_) => return Err(malformed(text)),
        };
        let minutes = i64::from(number);
        let span = match words[..] {
            ["min" | "minute" | "minutes"] => Self::ClockMinutes(minutes),
            ["h" | "hour" | "hours"] => Self::ClockMinutes(minutes * 60),
            ["calendar", "day" | "days"] => Self::CalendarDays { n: number, to_end_of_day },
            ["business", "day" | "days"] => Self::BusinessDays { n: number, to_end_of_day },
            ["business", "min" | "minute" | "minutes"] => Self::BusinessMinutes(minutes),
            ["business", "h" | "hour" | "hours"] => Self::BusinessMinutes(minutes * 60),
            ["day" | "days"] => {
                let message = format!(
                    "{} may be of two kinds: write calendar days or business days",
                    quoted(text)
                );
                return Err(CodeProblem::new("span-unit", message));
            }
            _ => return Err(malformed(text)),
        };
        span.within_ten_years().ok_or_else(|| {
            CodeProblem::new(
                "span-too-long",
                format!("{} is longer than ten years: write a shorter one", quoted(text)),
            )
        })
    }

    fn within_ten_years(self) -> Option<Self> {
        let fits = match self {
            Self::ClockMinutes(n) | Self::BusinessMinutes(n) => n <= MINUTES_MAX,
            Self::CalendarDays { n, .. } | Self::BusinessDays { n, .. } => n <= DAYS_MAX,
        };
        fits.then_some(self)
    }
}

fn malformed(text: &str) -> CodeProblem {
    let message = format!(
        "{} is not a span: write it as in 48 h, 7 calendar days or 4 business hours",
        quoted(text)
    );
    CodeProblem::new("span-format", message)
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = |n: u32| if n == 1 { "" } else { "s" };
        let ending = |to_end_of_day: bool| if to_end_of_day { "" } else { ", same time" };
        match *self {
            Self::ClockMinutes(n) if n != 0 && n % 60 == 0 => write!(f, "{} h", n / 60),
            Self::ClockMinutes(n) => write!(f, "{n} min"),
            Self::CalendarDays { n, to_end_of_day } => {
                write!(f, "{n} calendar day{}{}", plural(n), ending(to_end_of_day))
            }
            Self::BusinessDays { n, to_end_of_day } => {
                write!(f, "{n} business day{}{}", plural(n), ending(to_end_of_day))
            }
            Self::BusinessMinutes(60) => f.write_str("1 business hour"),
            Self::BusinessMinutes(1) => f.write_str("1 business minute"),
            Self::BusinessMinutes(n) if n != 0 && n % 60 == 0 => {
                write!(f, "{} business hours", n / 60)
            }
            Self::BusinessMinutes(n) => write!(f, "{n} business minutes"),
        }
    }
}

impl std::str::FromStr for Span {
    type Err = CodeProblem;

    fn from_str(text: &str) -> Result<Self, CodeProblem> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Span {
    type Error = CodeProblem;

    fn try_from(text: String) -> Result<Self, CodeProblem> {
        Self::parse(&text)
    }
}

impl From<Span> for String {
    fn from(span: Span) -> Self {
        span.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn a_span_reads_as_it_is_written() {
        for (text, span) in [
            ("48 h", Span::hours(48)),
            ("30 min", Span::ClockMinutes(30)),
            ("90 min", Span::ClockMinutes(90)),
            ("0 min", Span::ClockMinutes(0)),
            ("7 calendar days", Span::calendar_days(7)),
            ("1 calendar day", Span::calendar_days(1)),
            ("2 business days", Span::business_days(2)),
            ("2 business days, same time", Span::BusinessDays { n: 2, to_end_of_day: false }),
            ("14 calendar days, same time", Span::CalendarDays { n: 14, to_end_of_day: false }),
            ("4 business hours", Span::BusinessMinutes(240)),
            ("1 business hour", Span::BusinessMinutes(60)),
            ("45 business minutes", Span::BusinessMinutes(45)),
        ] {
            assert_eq!(Span::parse(text), Ok(span));
            assert_eq!(span.to_string(), text);
        }
        assert_eq!(Span::parse(" 2 Business  Day "), Ok(Span::business_days(2)));
        assert_eq!(Span::parse("48h"), Ok(Span::hours(48)));
    }

    #[test]
    fn bare_days_are_refused_because_they_could_be_either() {
        assert_eq!(Span::parse("7 days").unwrap_err().code, "span-unit");
    }

    #[test]
    fn other_texts_are_refused() {
        for text in
            ["", "h", "-1 h", "1.5 h", "7", "7 h, same time", "7 calendar days, noon", "7 business"]
        {
            assert_eq!(Span::parse(text).unwrap_err().code, "span-format", "{text}");
        }
        for text in ["3661 calendar days", "87841 h", "4000000000 h"] {
            assert_eq!(Span::parse(text).unwrap_err().code, "span-too-long", "{text}");
        }
    }
}
