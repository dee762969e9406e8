//! Dates and instants as people and programs write them. A date that could be read in two ways is not read.

use doorstep_case::Person;
use doorstep_vocab::{Date, DateTime, Micros, Time, Timestamp, Zip, Zone};

/// Returns the zone in which the member is cared for, by the ZIP of the address: the clock of a time that says no offset.
/// Source: facts 11.5 (45).
pub(crate) fn zone_of(person: &Person) -> Option<Zone> {
    let zip = person.address.as_ref()?.zip.as_ref()?;
    Zip::shape(zip.reveal())?.place()?.zone()
}

/// Reads `2026-01-05`, `20260105`, `1/5/2026` and `01-05-2026` (month first, as written in the United States),
/// `5-Jan-2026`, `5 January 2026` and `Jan 5, 2026`. Two-digit years are not read.
pub(crate) fn date(said: &str) -> Option<Date> {
    let said = said.trim();
    if said.len() == 8 && said.bytes().all(|b| b.is_ascii_digit()) {
        return ymd(&said[..4], &said[4..6], &said[6..]);
    }
    let parts: Vec<&str> =
        said.split(['-', '/', ' ', ',', '.']).filter(|part| !part.is_empty()).collect();
    let [a, b, c] = parts[..] else { return None };
    if a.len() == 4 {
        return ymd(a, b, c);
    }
    if c.len() != 4 {
        return None;
    }
    match (month(a), month(b)) {
        (_, Some(named)) => made(c, named, one_or_two(a)?),
        (Some(named), None) => made(c, named, one_or_two(b)?),
        (None, None) if said.contains('.') => None,
        (None, None) => made(c, one_or_two(a)?, one_or_two(b)?),
    }
}

/// Reads an instant: a date and a time with an offset or `Z`, with or without the T and the separators. A time without an
/// offset is `None`: whose clock it is cannot be told.
pub(crate) fn instant(said: &str) -> Option<Timestamp> {
    let said = said.trim();
    if let Some(at) = Timestamp::parse(said) {
        return Some(at);
    }
    let (civil, offset_minutes) = split_offset(said)?;
    let local = local(civil)?;
    Some(Zone::utc().instant(local).plus(Micros::minutes(-offset_minutes)))
}

/// Reads a date and a time without an offset, `2026-01-05 14:30` or `1/5/2026 2:30 PM`: an instant once its zone is known.
pub(crate) fn local(said: &str) -> Option<DateTime> {
    let said = said.trim();
    // The time is behind the last blank or T that leaves a date before it; a month's name has blanks and may have a T.
    let cuts = said.char_indices().filter(|(_, c)| matches!(c, 'T' | 't' | ' '));
    let mut readings = cuts.filter_map(|(at, _)| {
        let (on, time) = (date(&said[..at])?, clock(&said[at + 1..])?);
        Some(DateTime::from_parts(on, time))
    });
    readings.next()
}

fn split_offset(said: &str) -> Option<(&str, i64)> {
    if let Some(local) = said.strip_suffix(['Z', 'z']) {
        return Some((local.trim(), 0));
    }
    let at = said.rfind(['+', '-'])?;
    let digits: String = said[at + 1..].chars().filter(|c| *c != ':').collect();
    if digits.len() != 4 || !digits.bytes().all(|b| b.is_ascii_digit()) || !said[..at].contains(':')
    {
        return None;
    }
    let (hours, minutes): (i64, i64) = (digits[..2].parse().ok()?, digits[2..].parse().ok()?);
    let east = hours * 60 + minutes;
    let is_real = hours <= 14 && minutes < 60;
    is_real.then(|| (said[..at].trim(), if said[at..].starts_with('-') { -east } else { east }))
}

/// Reads `14:30`, `14:30:59`, `2:30 PM`.
fn clock(said: &str) -> Option<Time> {
    let lower = said.trim().to_ascii_lowercase();
    let (digits, half) = match (lower.strip_suffix("am"), lower.strip_suffix("pm")) {
        (Some(rest), _) => (rest.trim(), Some(0)),
        (_, Some(rest)) => (rest.trim(), Some(12)),
        _ => (lower.as_str(), None),
    };
    let mut parts = digits.split(':').map(|part| part.parse::<i8>().ok());
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    let hour = match half {
        None => hour,
        Some(half) if (1..=12).contains(&hour) => hour % 12 + half,
        Some(_) => return None,
    };
    Time::new(hour, minute, second, 0).ok()
}

fn ymd(year: &str, month: &str, day: &str) -> Option<Date> {
    made(year, one_or_two(month)?, one_or_two(day)?)
}

fn made(year: &str, month: i8, day: i8) -> Option<Date> {
    let year: i16 = year.parse().ok()?;
    Date::new(year, month, day).ok()
}

/// Reads one or two digits.
fn one_or_two(said: &str) -> Option<i8> {
    ((1..=2).contains(&said.len()) && said.bytes().all(|b| b.is_ascii_digit()))
        .then(|| said.parse().ok())?
}

fn month(said: &str) -> Option<i8> {
    const NAMES: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let said = said.to_ascii_lowercase();
    let at = NAMES.iter().position(|name| said.len() >= 3 && name.starts_with(said.as_str()))?;
    i8::try_from(at + 1).ok()
}
