//! When a clock is due: at its start, after a pause, and when what it counts from moves.
//!
//! **Invariant:** nothing here reads a clock's own rule again: a running clock keeps the numbers it started with.

use super::{Clock, ClockEvent, ClockState, Started};
use crate::{Case, ClockRule, Facts, From, Subject};
use doorstep_vocab::{ClockId, Micros, Period, Span, Timestamp};

/// Returns the clock that `rule` starts about `subject` now; `None` while what it counts from is not known.
pub(super) fn start(
    case: &Case,
    rule: &ClockRule,
    subject: &Subject,
    facts: &Facts,
) -> Option<Started> {
    let counts_from = origin(case, rule.from, subject, facts.now)?;
    let mut warn = rule.warn.clone();
    warn.sort_unstable();
    warn.dedup();
    let calendar = &facts.terms.calendar;
    let mut started = Started {
        clock_id: unused_id(case, &format!("{}:{subject}", rule.name)),
        rule: rule.name.clone(),
        about: subject.clone(),
        from: rule.from,
        counts_from,
        within: rule.within,
        before: rule.before,
        due_at: counts_from,
        warn_at: warn.iter().map(|percent| ((*percent).min(100), counts_from)).collect(),
        zone: case.zone.clone().unwrap_or_else(|| facts.hub_zone.clone()),
        owner: rule.owner,
        on_miss: rule.on_miss,
        version: rule.version.clone(),
        source: rule.source.clone(),
        calendar: format!("{} {}", calendar.name(), calendar.version()),
    };
    reckon(&mut started, facts);
    Some(started)
}

/// The first running has the plain id; later ones are numbered from 2.
fn unused_id(case: &Case, plain: &str) -> ClockId {
    let numbered = (2..).map(|run: u32| format!("{plain}#{run}"));
    let mut ids = std::iter::once(plain.to_owned()).chain(numbered).map(ClockId);
    ids.find(|id| !case.clocks.0.contains_key(id)).unwrap_or_default()
}

fn origin(case: &Case, from: From, subject: &Subject, now: Timestamp) -> Option<Timestamp> {
    match from {
        From::Event => Some(now),
        From::Received => Some(case.intake.received_at),
        From::Discharge => case.intake.discharge.as_ref().map(|discharge| discharge.at),
        From::Home => {
            let discharge = case.intake.discharge.as_ref().map(|discharge| discharge.at);
            discharge.or(Some(case.intake.received_at))
        }
        From::NeedBy => case.intake.need_by().map(|need_by| need_by.at),
        From::Committed => {
            let Subject::Escalation(id) = subject else { return None };
            case.disputes.escalations.get(id)?.committed_to
        }
    }
}

/// Works the due and warning times out from what the clock counts from.
fn reckon(started: &mut Started, facts: &Facts) {
    let Started { counts_from, within, zone, before, .. } = started;
    let (from, within) = (*counts_from, *within);
    let calendar = &facts.terms.calendar;
    let (life, within) = if *before {
        let due_at = Timestamp(from.0.saturating_sub(ahead(within).0));
        // Counted from now, since the time left is what the owner has.
        (Period { from: facts.now.min(due_at), to: due_at }, Span::ClockMinutes(0))
    } else {
        (Period { from, to: calendar.due(from, within, zone) }, within)
    };
    for (percent, at) in &mut started.warn_at {
        *at = calendar.warn_at(life, within, *percent, zone);
    }
    started.due_at = life.to;
}

/// Only clock hours and minutes count backwards: packs are checked for it.
fn ahead(within: Span) -> Micros {
    match within {
        Span::ClockMinutes(minutes) => Micros(minutes.saturating_mul(Micros::MINUTE.0)),
        Span::CalendarDays { .. } | Span::BusinessDays { .. } | Span::BusinessMinutes(_) => {
            Micros(0)
        }
    }
}

/// Returns how a paused clock goes on now: later by the pause, in the clock's own unit.
pub(super) fn resume(clock: &Clock, facts: &Facts) -> Option<ClockEvent> {
    let ClockState::Paused(since) = clock.state else { return None };
    let mut started = clock.started.clone();
    shift(&mut started, Period { from: since, to: facts.now }, facts);
    let Started { clock_id, due_at, warn_at, .. } = started;
    Some(ClockEvent::Resumed { clock_id, due_at, warn_at })
}

/// What a live clock counts from may move: an earlier receipt, a discharge, a need-by, a new promise. Pauses that
/// ended before stay counted.
///
/// A clock that was missed stays missed; when the move gives time again, another running begins, which can be missed
/// for itself.
pub(super) fn moves(case: &Case, facts: &Facts) -> Vec<ClockEvent> {
    let live = case.clocks.0.values().filter(|clock| clock.is_live());
    live.filter(|clock| clock.started.from != From::Event)
        .flat_map(|clock| moved(case, clock, facts).unwrap_or_default())
        .collect()
}

fn moved(case: &Case, clock: &Clock, facts: &Facts) -> Option<Vec<ClockEvent>> {
    let was = &clock.started;
    let counts_from = origin(case, was.from, &was.about, facts.now)?;
    if counts_from == was.counts_from {
        return None;
    }
    let mut moved = Started { counts_from, ..was.clone() };
    reckon(&mut moved, facts);
    if clock.missed_at.is_some() && moved.due_at > facts.now {
        let stopped = ClockEvent::Stopped { clock_id: was.clock_id.clone() };
        moved.clock_id = unused_id(case, &format!("{}:{}", was.rule, was.about));
        return Some(vec![stopped, ClockEvent::Started(Box::new(moved))]);
    }
    for (since, until) in &clock.pauses {
        shift(&mut moved, Period { from: *since, to: *until }, facts);
    }
    let Started { clock_id, counts_from, due_at, warn_at, .. } = moved;
    Some(vec![ClockEvent::Moved { clock_id, counts_from, due_at, warn_at }])
}

/// Moves what was still to come when the pause began. What is due before an instant does not move by a pause: the
/// instant does not either.
fn shift(started: &mut Started, pause: Period, facts: &Facts) {
    let pause = Period { from: pause.from.max(started.counts_from), to: pause.to };
    if started.before || pause.to <= pause.from {
        return;
    }
    let Started { within, zone, due_at, warn_at, .. } = started;
    let calendar = &facts.terms.calendar;
    let times = warn_at.iter_mut().map(|(_, at)| at).chain([due_at]);
    for at in times.filter(|at| **at > pause.from) {
        *at = calendar.resume(*at, pause, *within, zone);
    }
}
