//! Times as people read them: always with the zone they are told in, and with UTC for whoever asks.

use askama::Template;
use askama::filters::HtmlSafe;
use doorstep_vocab::{Date, DateTime, Micros, Timestamp, Zone};

/// A moment in a zone.
#[derive(Debug, Clone, Template)]
#[template(
    ext = "html",
    source = r#"<time datetime="{{ utc }}" title="{{ utc }}">{{ local }}</time>"#
)]
pub(crate) struct When {
    /// RFC 3339 in UTC.
    pub(crate) utc: String,
    /// Weekday, day, minute and zone, such as `Fri, Jul 3, 6:00 PM CDT`.
    pub(crate) local: String,
}

impl HtmlSafe for When {}

impl When {
    /// Returns the moment as people in `zone` read it.
    pub(crate) fn at(at: Timestamp, zone: &Zone) -> Self {
        let local = format!(
            "{} {}",
            at.civil(zone).strftime("%a, %b %-d, %-I:%M %p"),
            abbreviation(at, zone)
        );
        Self { utc: at.to_string(), local }
    }

    /// Returns the moment with its year, for what may be long past.
    pub(crate) fn in_full(at: Timestamp, zone: &Zone) -> Self {
        let local = format!(
            "{} {}",
            at.civil(zone).strftime("%a, %b %-d, %Y, %-I:%M %p"),
            abbreviation(at, zone)
        );
        Self { utc: at.to_string(), local }
    }

    /// Returns the time of day only: for now, where the day is plain.
    pub(crate) fn clock(at: Timestamp, zone: &Zone) -> Self {
        let local = format!("{} {}", at.civil(zone).strftime("%-I:%M %p"), abbreviation(at, zone));
        Self { utc: at.to_string(), local }
    }
}

/// Returns what the zone is called at that time, such as `CDT`.
pub(crate) fn abbreviation(at: Timestamp, zone: &Zone) -> String {
    let tz = jiff::tz::TimeZone::get(zone.name()).unwrap_or(jiff::tz::TimeZone::UTC);
    let at = jiff::Timestamp::from_microsecond(at.0).unwrap_or(jiff::Timestamp::MAX);
    tz.to_offset_info(at).abbreviation().to_owned()
}

/// Returns a date as `Jul 3, 2026`.
pub(crate) fn day(date: Date) -> String {
    date.strftime("%b %-d, %Y").to_string()
}

/// Returns the moment as a form's field holds it, `2026-07-03T18:00`.
pub(crate) fn field(at: Timestamp, zone: &Zone) -> String {
    at.civil(zone).strftime("%Y-%m-%dT%H:%M").to_string()
}

/// Reads what a form's field held, as a reading of `zone`'s clocks.
pub(crate) fn read(text: &str, zone: &Zone) -> Option<Timestamp> {
    let text = text.trim();
    if let Some(at) = Timestamp::parse(text) {
        return Some(at);
    }
    let local: DateTime = text.replace(' ', "T").parse().ok()?;
    Some(zone.instant(local))
}

/// Returns whole years from birth to `today`.
pub(crate) fn age(birth_on: Date, today: Date) -> i32 {
    let had_birthday = (today.month(), today.day()) >= (birth_on.month(), birth_on.day());
    let years = i32::from(today.year()) - i32::from(birth_on.year());
    if had_birthday { years } else { years - 1 }
}

/// Returns a length in the two largest units that it has: `3 d 4 h`, `2 h 14 min`, `9 min`.
pub(crate) fn length(span: Micros) -> String {
    let minutes = span.0.unsigned_abs() / 60_000_000;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, rest) => format!("{rest} min"),
        (0, hours, 0) => format!("{hours} h"),
        (0, hours, rest) => format!("{hours} h {rest} min"),
        (days, 0, _) => format!("{days} d"),
        (days, hours, _) => format!("{days} d {hours} h"),
    }
}

/// How much of a clock's time is left.
#[derive(Debug, Clone, Template)]
#[template(path = "left.html")]
pub(crate) struct Left {
    /// `2 h 14 min left`, `35 min late`, or why it stands still.
    pub(crate) words: String,
    /// `late`, `soon`, or nothing.
    pub(crate) tone: &'static str,
    /// Percent of the time used, 0 to 100.
    pub(crate) used: i64,
    /// Due and start, UTC; empty when the clock stands still.
    pub(crate) due: String,
    /// When it began to count.
    pub(crate) from: String,
}

impl HtmlSafe for Left {}

/// From this share of its time on, a clock is shown as pressing. Source: packs warn their owners at 75 percent.
const SOON_PERCENT: i64 = 75;

impl Left {
    /// Returns what is left until `due_at` of a clock that counts since `from`.
    pub(crate) fn of(now: Timestamp, from: Timestamp, due_at: Timestamp, is_paused: bool) -> Self {
        let (span, used) = (due_at.since(from).0.max(1), now.since(from).0.max(0));
        let used = i64::try_from(i128::from(used) * 100 / i128::from(span)).unwrap_or(100).min(100);
        let is_late = now > due_at;
        let words = match (is_paused, is_late) {
            (true, _) => "paused".to_owned(),
            (false, true) => format!("{} late", length(now.since(due_at))),
            (false, false) => format!("{} left", length(due_at.since(now))),
        };
        let tone = match (is_paused, is_late, used >= SOON_PERCENT) {
            (true, ..) => "",
            (_, true, _) => "late",
            (.., true) => "soon",
            _ => "",
        };
        let used = if is_late { 100 } else { used };
        let told = |at: Timestamp| if is_paused { String::new() } else { at.to_string() };
        Self { words, tone, used, due: told(due_at), from: told(from) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn chicago() -> Zone {
        Zone::parse("America/Chicago").unwrap()
    }

    #[test]
    fn a_moment_is_told_with_its_zone_and_in_utc() {
        let at = Timestamp::parse("2026-07-03T18:00:00-05:00").unwrap();
        let html = When::at(at, &chicago()).to_string();
        assert_eq!(
            html,
            r#"<time datetime="2026-07-03T23:00:00Z" title="2026-07-03T23:00:00Z">Fri, Jul 3, 6:00 PM CDT</time>"#
        );
        let winter = Timestamp::parse("2026-12-03T18:00:00-06:00").unwrap();
        assert_eq!(abbreviation(winter, &chicago()), "CST");
    }

    #[test]
    fn what_a_field_holds_is_read_back() {
        let at = Timestamp::parse("2026-07-03T18:00:00-05:00").unwrap();
        assert_eq!(read(&field(at, &chicago()), &chicago()), Some(at));
        assert_eq!(read("2026-07-03T23:00:00Z", &chicago()), Some(at));
        assert_eq!(read("tomorrow", &chicago()), None);
    }

    #[test]
    fn what_is_left_is_told_in_two_units() {
        let due = Timestamp(0).plus(Micros::hours(10));
        let left = |hours: i64, minutes: i64| {
            Left::of(
                Timestamp(0).plus(Micros::minutes(hours * 60 + minutes)),
                Timestamp(0),
                due,
                false,
            )
        };
        assert_eq!((left(7, 46).words.as_str(), left(7, 46).tone), ("2 h 14 min left", "soon"));
        assert_eq!(
            (left(2, 0).words.as_str(), left(2, 0).tone, left(2, 0).used),
            ("8 h left", "", 20)
        );
        assert_eq!(
            (left(10, 35).words.as_str(), left(10, 35).tone, left(10, 35).used),
            ("35 min late", "late", 100)
        );
        assert_eq!(Left::of(Timestamp(0), Timestamp(0), due, true).words, "paused");
    }

    #[test]
    fn nobody_is_a_year_older_before_their_birthday() {
        assert_eq!(age(date(1950, 7, 4), date(2026, 7, 3)), 75);
        assert_eq!(age(date(1950, 7, 4), date(2026, 7, 4)), 76);
    }
}
