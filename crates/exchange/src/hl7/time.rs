//! HL7 times to dates and instants.

use doorstep_hl7::types::Ts;
use doorstep_vocab::{Date, DateTime, Micros, Time, Timestamp, Zone};

/// Returns the calendar date as sent; `None` when the day was not.
pub(super) fn date(ts: &Ts) -> Option<Date> {
    let (year, month, day) = ts.date()?;
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Where a time without an offset was written: the message's own time (MSH-7), and the member's zone.
#[derive(Clone, Copy, Default)]
pub(super) struct Clock<'a> {
    /// MSH-7.
    pub sent_at: Option<&'a Ts>,
    /// The zone of the member's address.
    pub zone: Option<&'a Zone>,
}

/// Returns the instant. A time without an offset is in the message's zone (MSH-7), else in the member's; `None` when neither is
/// known, or when no hour was sent.
pub(super) fn instant(ts: &Ts, clock: Clock<'_>) -> Option<Timestamp> {
    let (hour, minute, second) = ts.time()?;
    let narrow = |n: u8| i8::try_from(n).ok();
    let time = Time::new(narrow(hour)?, narrow(minute)?, narrow(second)?, 0).ok()?;
    let local = DateTime::from_parts(date(ts)?, time);
    match ts.offset_minutes.or_else(|| clock.sent_at?.offset_minutes) {
        Some(offset) => Some(Zone::utc().instant(local).plus(Micros::minutes(-i64::from(offset)))),
        None => clock.zone.map(|zone| zone.instant(local)),
    }
}

/// Returns a time in words, as exact as it was sent.
pub(super) fn words(ts: &Ts) -> String {
    let parts = [Some(u16::from(ts.month.unwrap_or(0))), ts.day.map(u16::from)];
    let parts: Vec<String> =
        parts.into_iter().flatten().filter(|n| *n > 0).map(|n| format!("-{n:02}")).collect();
    let clock = ts.time().map(|(hour, minute, _)| format!(" {hour:02}:{minute:02}"));
    format!("{:04}{}{}", ts.year, parts.concat(), clock.unwrap_or_default())
}

/// Returns an instant as MSH-7 writes it, in UTC.
pub(super) fn stamp(at: Timestamp) -> String {
    let at = at.civil(&Zone::utc());
    let date = format!("{:04}{:02}{:02}", at.year(), at.month(), at.day());
    format!("{date}{:02}{:02}{:02}+0000", at.hour(), at.minute(), at.second())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_messages_offset_holds_for_times_without_one() {
        let header = Ts::parse("20260105120000-0500");
        let sent = Clock { sent_at: header.as_ref(), zone: None };
        let wanted = Timestamp::parse("2026-01-05T14:30:00Z");
        assert_eq!(instant(&Ts::parse("202601050930").unwrap(), sent), wanted);
        assert_eq!(instant(&Ts::parse("202601051530+0100").unwrap(), sent), wanted);
        assert_eq!(instant(&Ts::parse("202601050930").unwrap(), Clock::default()), None);
        let zone = Zone::parse("America/Chicago").unwrap();
        let home = Clock { sent_at: None, zone: Some(&zone) };
        assert_eq!(instant(&Ts::parse("202601050830").unwrap(), home), wanted);
        assert_eq!(instant(&Ts::parse("20260105").unwrap(), sent), None);
        assert_eq!(stamp(wanted.unwrap()), "20260105143000+0000");
    }
}
