//! What a clock means for its case: whether anything is still to come of it, and whether it puts the case at risk, since it
//! has run out, or is far gone and nothing planned will stop it in time.

use super::Clock;
use crate::{Case, OnMiss, Subject};

/// A clock that has warned at this share puts the case at risk. The first warning, at half, is for whoever owns the clock: a
/// list of everything that is half gone tells nobody where to begin.
const FAR_GONE_PERCENT: u8 = 75;

impl Clock {
    /// Returns whether it was a reminder that has gone out: nothing more comes of it, whatever it reminded of.
    pub fn is_spent(&self) -> bool {
        self.missed_at.is_some() && matches!(self.started.on_miss, OnMiss::Chase)
    }

    /// Returns whether it puts its case at risk. A reminder does not: it goes out by itself. What somebody comes for in time is none, however near its end: the
    /// visit's own clock rings when nothing is heard of it.
    pub fn is_at_risk(&self, case: &Case) -> bool {
        if !self.is_live() || matches!(self.started.on_miss, OnMiss::Chase) {
            return false;
        }
        let is_far_gone = self.warned.iter().any(|percent| *percent >= FAR_GONE_PERCENT);
        self.missed_at.is_some() || (is_far_gone && !self.is_planned_for(case))
    }

    /// Returns whether a visit ahead for the line that it is about ends before it does.
    fn is_planned_for(&self, case: &Case) -> bool {
        let Subject::Line(no) = &self.started.about else { return false };
        let mut ahead = case.delivery.visits.values().filter(|visit| visit.is_ahead());
        ahead.any(|visit| visit.lines.contains(no) && visit.to <= self.started.due_at)
    }
}
