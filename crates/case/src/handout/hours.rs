//! Hours at work: shifts by weekday, in the zone of whoever works them.

use doorstep_vocab::{Timestamp, Zone};

/// Minutes of a day.
pub const DAY_MINUTES: u16 = 24 * 60;

/// Hours of one weekday. One that ends before it begins goes on past midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Shift {
    /// The weekday on which it begins, 1 for Monday to 7 for Sunday.
    pub weekday: u8,
    /// Minutes after midnight at which it begins.
    pub from_min: u16,
    /// Minutes after midnight at which it ends; as many as it begins at for the whole day round.
    pub to_min: u16,
}

impl Shift {
    /// Returns whether a minute of a weekday is in it.
    fn holds(self, weekday: u8, minute: u16) -> bool {
        let is_begun = self.weekday == weekday && minute >= self.from_min;
        if self.from_min < self.to_min {
            return is_begun && minute < self.to_min;
        }
        let eve = if weekday == 1 { 7 } else { weekday - 1 };
        is_begun || (self.weekday == eve && minute < self.to_min)
    }
}

/// Returns whether somebody with these shifts is at work. Without any it is not known when they are: they count as there.
pub fn is_at_work(shifts: &[Shift], zone: &Zone, now: Timestamp) -> bool {
    let local = now.civil(zone);
    let weekday = u8::try_from(local.weekday().to_monday_one_offset()).unwrap_or(1);
    let minute = u16::try_from(i32::from(local.hour()) * 60 + i32::from(local.minute()));
    let minute = minute.unwrap_or_default().min(DAY_MINUTES - 1);
    shifts.is_empty() || shifts.iter().any(|shift| shift.holds(weekday, minute))
}
