//! `date`, `dateTime` and `instant`, of whatever precision they were written with.

use super::{Datatype, Timing, hidden_debug};
use crate::json::Node;

/// How exactly a date or time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Precision {
    /// `2026`
    Year,
    /// `2026-03`
    Month,
    /// `2026-03-09`
    Day,
    /// `2026-03-09T14:05`, which FHIR R4 does not allow and senders write.
    Minute,
    /// `2026-03-09T14:05:09` or finer.
    Second,
}

/// A date or a time that exists in the calendar. What was not written is the lowest value.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct When<'t> {
    /// The text as it was written.
    pub text: &'t str,
    /// How exactly it is known.
    pub precision: Precision,
    /// Year, 1 to 9999.
    pub year: i16,
    /// Month, 1 to 12.
    pub month: i8,
    /// Day of the month, from 1.
    pub day: i8,
    /// Hour, 0 to 23.
    pub hour: i8,
    /// Minute, 0 to 59.
    pub minute: i8,
    /// Second, 0 to 59; a leap second is 59.
    pub second: i8,
    /// Microseconds, 0 to 999,999; finer digits are cut off.
    pub micros: i32,
    /// Minutes east of UTC, when they were written. A time without them is the sender's local time.
    pub offset_minutes: Option<i16>,
}

hidden_debug!(When);

impl<'t> When<'t> {
    /// Parses a date or time. `None` when it is not one, or not in the calendar.
    pub fn parse(text: &'t str) -> Option<Self> {
        let text = text.trim();
        let (date, time) = match text.split_once(['T', 't', ' ']) {
            Some((date, time)) => (date, Some(time)),
            None => (text, None),
        };
        let mut parts = date.split('-');
        let year: i16 = digits(parts.next()?, 4)?;
        let month = parts.next().map(|part| digits(part, 2));
        let day = parts.next().map(|part| digits(part, 2));
        if parts.next().is_some() || year == 0 {
            return None;
        }
        let precision = match (month, day) {
            (None, _) => Precision::Year,
            (Some(_), None) => Precision::Month,
            (Some(_), Some(_)) => Precision::Day,
        };
        let month: i8 = month.unwrap_or(Some(1))?;
        let day: i8 = day.unwrap_or(Some(1))?;
        if !(1..=12).contains(&month) || day < 1 || day > days_in(year, month) {
            return None;
        }
        let whole = Self {
            text,
            precision,
            year,
            month,
            day,
            hour: 0,
            minute: 0,
            second: 0,
            micros: 0,
            offset_minutes: None,
        };
        match time {
            None => Some(whole),
            Some(time) if precision == Precision::Day => whole.at_time(time),
            Some(_) => None,
        }
    }

    /// Returns whether the moment is known: a time with its offset.
    pub const fn offset_known(&self) -> bool {
        self.offset_minutes.is_some()
    }

    /// Returns year, month and day, when at least the day is known.
    pub fn date(&self) -> Option<(i16, i8, i8)> {
        (self.precision >= Precision::Day).then_some((self.year, self.month, self.day))
    }

    fn at_time(self, time: &str) -> Option<Self> {
        let (clock, offset) = split_offset(time)?;
        let mut parts = clock.split(':');
        let hour: i8 = digits(parts.next()?, 2)?;
        let minute: i8 = digits(parts.next()?, 2)?;
        let seconds = parts.next();
        if parts.next().is_some() || hour > 23 || minute > 59 {
            return None;
        }
        let (second, micros, precision) = match seconds {
            None => (0, 0, Precision::Minute),
            Some(text) => {
                let (second, part) = text.split_once('.').unwrap_or((text, "0"));
                (digits::<i8>(second, 2)?, micros(part)?, Precision::Second)
            }
        };
        if second > 60 {
            return None;
        }
        Some(Self {
            hour,
            minute,
            second: second.min(59),
            micros,
            precision,
            offset_minutes: offset,
            ..self
        })
    }
}

fn digits<T: std::str::FromStr>(text: &str, length: usize) -> Option<T> {
    let plain = text.len() == length && text.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn micros(part: &str) -> Option<i32> {
    if part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let first_six = &part[..part.len().min(6)];
    let value: i32 = first_six.parse().ok()?;
    let missing = u32::try_from(6 - first_six.len()).ok()?;
    Some(value * 10_i32.pow(missing))
}

/// Splits `14:05:09-05:00` into the clock and minutes east of UTC.
fn split_offset(time: &str) -> Option<(&str, Option<i16>)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, Some(0)));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, None)) };
    let (clock, offset) = time.split_at(at);
    let (hours, minutes) = offset[1..].split_once(':')?;
    let (hours, minutes): (i16, i16) = (digits(hours, 2)?, digits(minutes, 2)?);
    if hours > 14 || minutes > 59 {
        return None;
    }
    let east = hours * 60 + minutes;
    Some((clock, Some(if offset.starts_with('-') { -east } else { east })))
}

const fn days_in(year: i16, month: i8) -> i8 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 => 29,
        2 => 28,
        _ => 31,
    }
}

/// `Period`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period<'t> {
    /// `start`, inclusive.
    pub start: Option<When<'t>>,
    /// `end`, inclusive.
    pub end: Option<When<'t>>,
}

impl<'t> Datatype<'t> for Period<'t> {
    fn read(node: Node<'t>) -> Self {
        Self {
            start: node.text("start").and_then(When::parse),
            end: node.text("end").and_then(When::parse),
        }
    }
}

/// When something is to happen: the choice that FHIR writes as `occurrence[x]`, `serviced[x]` or `timing[x]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Occurrence<'t> {
    /// At one moment or on one day.
    At(When<'t>),
    /// Between two.
    Over(Period<'t>),
    /// Again and again.
    Repeating(Box<Timing<'t>>),
}

impl<'t> Occurrence<'t> {
    /// Reads the choice whose members begin with `stem`: `occurrence`, `serviced`, `timing`, `effective`.
    pub fn choice(node: Node<'t>, stem: &str) -> Option<Self> {
        let moment = ["DateTime", "Date", "Instant"];
        let at = moment.iter().find_map(|kind| node.text(&format!("{stem}{kind}")));
        at.and_then(When::parse)
            .map(Self::At)
            .or_else(|| node.one(&format!("{stem}Period")).map(Self::Over))
            .or_else(|| {
                node.one(&format!("{stem}Timing")).map(|timing| Self::Repeating(Box::new(timing)))
            })
    }

    /// Returns when it begins, as far as it says.
    pub fn start(&self) -> Option<When<'t>> {
        match self {
            Self::At(when) => Some(*when),
            Self::Over(period) => period.start,
            Self::Repeating(timing) => timing
                .events
                .first()
                .copied()
                .or_else(|| timing.bounds.and_then(|bounds| bounds.start)),
        }
    }

    /// Returns when it ends, as far as it says.
    pub fn end(&self) -> Option<When<'t>> {
        match self {
            Self::At(_) => None,
            Self::Over(period) => period.end,
            Self::Repeating(timing) => timing.bounds.and_then(|bounds| bounds.end),
        }
    }

    /// Returns how often, when it repeats.
    pub fn timing(&self) -> Option<&Timing<'t>> {
        match self {
            Self::Repeating(timing) => Some(timing),
            _ => None,
        }
    }
}
