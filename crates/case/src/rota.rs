//! Who is on call for the line that answers at all hours: shifts, and where there is nobody. Source: facts 6.3, scope, and 6.4,
//! L3: a nurse at all hours.

use crate::coded::coded;
use doorstep_vocab::Timestamp;
use serde::{Deserialize, Serialize};

coded! {
    /// What somebody is on call as.
    Duty {
        Nurse = "nurse", "nurse";
        Supervisor = "supervisor", "supervisor";
    }
}

/// A span of time, the end excluded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
}

impl Span {
    /// Returns whether a moment is in it.
    pub fn holds(self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }
}

/// Returns the parts of `period` that no shift covers, in their order.
pub fn gaps(shifts: &[Span], period: Span) -> Vec<Span> {
    let mut sorted: Vec<Span> = shifts.to_vec();
    sorted.sort_unstable();
    let (mut gaps, mut covered) = (Vec::new(), period.from);
    for shift in sorted {
        let from = shift.from.min(period.until);
        if from > covered {
            gaps.push(Span { from: covered, until: from });
        }
        covered = covered.max(shift.until);
    }
    if covered < period.until {
        gaps.push(Span { from: covered, until: period.until });
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from: i64, until: i64) -> Span {
        Span { from: Timestamp(from), until: Timestamp(until) }
    }

    #[test]
    fn what_no_shift_covers_is_a_gap() {
        let week = span(0, 100);
        assert_eq!(gaps(&[], week), [week]);
        let shifts = [span(60, 80), span(-10, 20), span(15, 40), span(70, 75)];
        assert_eq!(gaps(&shifts, week), [span(40, 60), span(80, 100)]);
        assert_eq!(gaps(&[span(-5, 200)], week), []);
        assert_eq!(gaps(&[span(0, 50), span(50, 100)], week), [], "the end of one is the next's");
        assert_eq!(gaps(&[span(100, 120), span(-9, -3)], week), [week]);
    }

    #[test]
    fn an_end_is_outside() {
        assert!(span(1, 2).holds(Timestamp(1)) && !span(1, 2).holds(Timestamp(2)));
    }
}
