//! More time, where the payer's rules give it: later by calendar or business days or by hours, to the same time of day.

use super::{Clock, ClockEvent, Started};
use crate::auth::AuthEvent;
use crate::disputes::DisputesEvent;
use crate::{Case, Event, Facts, Subject};
use doorstep_vocab::{Calendar, Period, Span, Timestamp, Zone};

/// Returns the live clock about a line or a dispute that may be extended, or was.
pub(crate) fn extendable<'a>(case: &'a Case, about: &Subject) -> Option<&'a Clock> {
    let is_it = |started: &Started| started.about == *about && started.extendable_by.is_some();
    case.clocks.0.values().find(|clock| clock.is_live() && is_it(&clock.started))
}

/// The payer takes more time for a line or a dispute: its clock is due later.
pub(super) fn follow(case: &Case, event: &Event, facts: &Facts) -> Option<Event> {
    let about = match event {
        Event::Auth(AuthEvent::Extended { line, .. }) => Subject::Line(*line),
        Event::Disputes(DisputesEvent::Extended { dispute_id, .. }) => {
            Subject::Dispute(dispute_id.clone())
        }
        _ => return None,
    };
    let clock = extendable(case, &about).filter(|clock| clock.extended.is_empty())?;
    let by = clock.started.extendable_by?;
    let mut started = clock.started.clone();
    lengthen(&mut started, by, facts);
    let Started { clock_id, due_at, warn_at, .. } = started;
    Some(Event::Clock(ClockEvent::Extended { clock_id, by, due_at, warn_at }))
}

/// Puts the end off and divides the longer life anew.
pub(super) fn lengthen(started: &mut Started, by: Span, facts: &Facts) {
    let Started { counts_from, within, zone, due_at, warn_at, calendar, .. } = started;
    let calendar = facts.terms.calendar_named(calendar);
    *due_at = later(*due_at, by, (zone, calendar));
    let life = Period { from: *counts_from, to: *due_at };
    for (percent, at) in warn_at {
        *at = calendar.warn_at(life, *within, *percent, zone);
    }
}

/// The end of a day plus days is the end of a later day.
fn later(due_at: Timestamp, by: Span, (zone, calendar): (&Zone, &Calendar)) -> Timestamp {
    let by = match by {
        Span::CalendarDays { n, .. } => Span::CalendarDays { n, to_end_of_day: false },
        Span::BusinessDays { n, .. } => Span::BusinessDays { n, to_end_of_day: false },
        Span::ClockMinutes(_) | Span::BusinessMinutes(_) => by,
    };
    calendar.due(due_at, by, zone)
}
