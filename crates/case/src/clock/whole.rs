//! Clocks and the completeness of an order: those that a complete line starts, and those that wait for the order as a
//! whole.
//!
//! Completeness is found line by line, so `orders.completed` is about lines. A clock of the case hears of it when the
//! last open line is complete.

use super::turn::Turn;
use super::{Clock, follow, rung};
use crate::closing::ClosingEvent;
use crate::delivery::Fulfilment;
use crate::intake::IntakeEvent;
use crate::{About, Case, ClockRule, Event, Facts, From, Line, Subject};

/// The event by which lines are complete.
pub(super) const COMPLETED: &str = "orders.completed";
/// The event by which they are so no more.
pub(super) const LAPSED: &str = "orders.lapsed";
/// The event by which a line becomes another item.
pub(super) const CLASSIFIED: &str = "intake.classified";

/// Returns whether `name` is one of the events that a rule names.
pub(super) fn is_named(names: &[String], name: &str) -> bool {
    names.iter().any(|known| known == name)
}

/// Returns whether a clock that complete lines start may begin by an event that comes after the line was complete.
pub(super) fn may_begin_late(rule: &ClockRule, name: &str) -> bool {
    rule.about == About::Line
        && is_named(&rule.starts, COMPLETED)
        && (name == CLASSIFIED || is_named(&rule.reopens, name))
}

/// Returns whether what would stop a clock of the line has happened and stands: planned or placed before its order was
/// complete.
pub(super) fn has_happened(line: &Line, event: &str) -> bool {
    match event {
        "delivery.scheduled" => {
            matches!(line.fulfilment, Fulfilment::Scheduled | Fulfilment::EnRoute)
                || line.has_begun()
        }
        "placement.accepted" | "placement.single-case-agreed" => {
            line.placement.provider().is_some()
        }
        _ => false,
    }
}

/// A line that ends may leave an order that is complete: what waits for that ends with it.
pub(super) fn left(case: &Case, event: &Event, facts: &Facts) -> Vec<Event> {
    let may_end_line = match event {
        Event::Closing(ClosingEvent::LineCancelled { .. } | ClosingEvent::LineCompleted { .. })
        | Event::Delivery(_) => true,
        Event::Intake(_)
        | Event::Benefits(_)
        | Event::Orders(_)
        | Event::Auth(_)
        | Event::Placement(_)
        | Event::Disputes(_)
        | Event::Calls(_)
        | Event::Messages(_)
        | Event::Closing(_)
        | Event::Clock(_) => false,
    };
    if !may_end_line || !case.is_complete() {
        return Vec::new();
    }
    let rules = facts.terms.clocks.iter().filter(|rule| rule.about == About::Case);
    let turn = |rule| Turn { case, rule, subject: &Subject::Case, name: COMPLETED, facts };
    rules.flat_map(|rule| turn(rule).events(false)).collect()
}

/// A line that became another item is not timed any more by rules about what it was.
pub(super) fn outgrown(case: &Case, event: &Event, facts: &Facts) -> Vec<Event> {
    let Event::Intake(IntakeEvent::Classified { line, .. }) = event else { return Vec::new() };
    let Some(line) = case.lines.get(line) else { return Vec::new() };
    let about = Subject::Line(line.no);
    let is_outgrown = |clock: &&Clock| {
        let rules = facts.terms.clocks.iter();
        let mut rules = rules.filter(|rule| rule.name == clock.started.rule).peekable();
        rules.peek().is_some() && !rules.any(|rule| is_of(rule, line))
    };
    let clocks = case.clocks.0.values().filter(|c| c.is_live() && c.started.about == about);
    let ends = |clock: &Clock| {
        let is_due = clock.started.due_at <= facts.now;
        let missed = if is_due { rung(case, clock, facts.now) } else { Vec::new() };
        let ended = follow::ended(clock, facts).into_iter().map(Event::Clock);
        missed.into_iter().chain(ended).collect::<Vec<_>>()
    };
    clocks.filter(is_outgrown).flat_map(ends).collect()
}

/// Returns whether a rule is about what the line is.
pub(super) fn is_of(rule: &ClockRule, line: &Line) -> bool {
    (rule.services.is_empty() || rule.services.contains(&line.service))
        && (rule.families.is_empty() || rule.families.contains(&line.family))
        && rule.custom.is_none_or(|custom| custom == line.custom)
}

/// Returns the live clock that an earlier pack kept for the case as a whole, where the rule keeps one for each line.
pub(super) fn earlier<'a>(case: &'a Case, rule: &ClockRule) -> Option<&'a Clock> {
    let is_it = |clock: &&Clock| {
        clock.is_live() && clock.started.about == Subject::Case && clock.started.rule == rule.name
    };
    case.clocks.0.values().find(is_it).filter(|_| rule.about == About::Line)
}

/// Returns whether a clock is kept for the subject already: what an earlier pack kept for the case goes on for the lines
/// that it was started for, and is not started again.
pub(super) fn is_covered(turn: &Turn) -> bool {
    let Some(earlier) = earlier(turn.case, turn.rule) else {
        return turn.rule.about == About::Line && *turn.subject == Subject::Case;
    };
    let Subject::Line(no) = turn.subject else { return true };
    let order = turn.case.lines.get(no).map(|line| line.order);
    let came_later = order
        .and_then(|order| order.first_completed_at)
        .is_some_and(|at| earlier.started.from == From::Event && at > earlier.started.counts_from);
    !came_later
}
