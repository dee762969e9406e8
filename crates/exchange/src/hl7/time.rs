//! HL7 times to dates and instants.

use doorstep_hl7::types::Ts;
use doorstep_vocab::{Date, DateTime, Micros, Time, Timestamp, Zone};

/// Returns the calendar date as sent; `None` when the day was not.
pub(super) fn date(ts: &Ts) -> Option<Date> {
    let (year, month, day) = ts.date()?;
    Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Returns the instant. A time without an offset is in the message's zone (MSH-7); `None` when that has none either, or
/// when no hour was sent.
pub(super) fn instant(ts: &Ts, message: Option<&Ts>) -> Option<Timestamp> {
    let (hour, minute, second) = ts.time()?;
    let narrow = |n: u8| i8::try_from(n).ok();
    let time = Time::new(narrow(hour)?, narrow(minute)?, narrow(second)?, 0).ok()?;
    let offset = ts.offset_minutes.or_else(|| message?.offset_minutes)?;
    let local = DateTime::from_parts(date(ts)?, time);
    Some(Zone::utc().instant(local).plus(Micros::minutes(-i64::from(offset))))
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
        let wanted = Timestamp::parse("2026-01-05T14:30:00Z");
        assert_eq!(instant(&Ts::parse("202601050930").unwrap(), header.as_ref()), wanted);
        assert_eq!(instant(&Ts::parse("202601051530+0100").unwrap(), header.as_ref()), wanted);
        assert_eq!(instant(&Ts::parse("202601050930").unwrap(), None), None);
        assert_eq!(instant(&Ts::parse("20260105").unwrap(), header.as_ref()), None);
        assert_eq!(stamp(wanted.unwrap()), "20260105143000+0000");
    }
}
