//! When a clock is due: at its start, after a pause, and when what it counts from moves.
//!
//! **Invariant:** nothing here reads a clock's own rule again: a running clock keeps the numbers it started with.

use super::{Clock, ClockEvent, ClockState, Started, extend};
use crate::placement::LinePlacement;
use crate::{Case, ClockRule, Fact, Facts, From, Item, ServiceLine, Subject, auth};
use doorstep_vocab::{ClockId, Date, Micros, Period, Span, SpanUnit, Time, Timestamp, Zone};

/// Returns the clock that `rule` starts about `subject` now because of the event `name`; `None` while what it counts
/// from is not known.
pub(super) fn start(
    case: &Case,
    rule: &ClockRule,
    (subject, name): (&Subject, &str),
    facts: &Facts,
) -> Option<Started> {
    let counts_from = origin(case, rule.from, subject, facts)?;
    let mut warn = rule.warn.clone();
    warn.sort_unstable();
    warn.dedup();
    let calendar = facts.terms.calendar_of(&rule.calendar, case.state.as_deref());
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
        zone: zone(case, facts).clone(),
        owner: rule.owner,
        on_miss: rule.on_miss,
        version: rule.version.clone(),
        source: rule.source.clone(),
        calendar: format!("{} {}", calendar.name(), calendar.version()),
        started_by: name.to_owned(),
        tzdb: Zone::data_version().to_owned(),
        extendable_by: rule.extendable_by,
        lapses: rule.lapses,
        until: rule.until.clone(),
    };
    reckon(&mut started, facts);
    at_least(&mut started, case, facts);
    Some(started)
}

/// Where the payer gives longer than its rules have to, the clock ends with what it gives.
fn at_least(started: &mut Started, case: &Case, facts: &Facts) {
    let given = auth_times(case, &started.about).and_then(|times| times.supply_by);
    let Some(until) = given.filter(|at| started.from == From::Asked && *at > started.due_at) else {
        return;
    };
    let life = Period { from: started.counts_from, to: until };
    for (percent, at) in &mut started.warn_at {
        let calendar = facts.terms.calendar_named(&started.calendar);
        *at = calendar.warn_at(life, started.within, *percent, &started.zone);
    }
    started.due_at = until;
}

/// The first running has the plain id; later ones are numbered from 2.
fn unused_id(case: &Case, plain: &str) -> ClockId {
    let numbered = (2..).map(|run: u32| format!("{plain}#{run}"));
    let mut ids = std::iter::once(plain.to_owned()).chain(numbered).map(ClockId);
    ids.find(|id| !case.clocks.0.contains_key(id)).unwrap_or_default()
}

fn zone<'a>(case: &'a Case, facts: &'a Facts) -> &'a Zone {
    case.zone.as_ref().unwrap_or(&facts.hub_zone)
}

fn origin(case: &Case, from: From, subject: &Subject, facts: &Facts) -> Option<Timestamp> {
    match from {
        From::Event | From::Asked => Some(facts.now),
        From::Received => Some(case.intake.received_at),
        From::Discharge => case.intake.discharge.as_ref().map(|discharge| discharge.at),
        From::Home => Some(home(case, facts)),
        From::NextDose => next_dose(case),
        From::TherapyDue => therapy_due(case, subject),
        From::DischargeOrDose => {
            let discharge = case.intake.discharge.as_ref().map(|discharge| discharge.at);
            discharge.into_iter().chain(next_dose(case)).min()
        }
        From::NeedBy => case.intake.need_by().map(|need_by| need_by.at),
        From::Committed => committed(case, subject),
        From::Complained => {
            let Subject::Dispute(id) = subject else { return None };
            Some(case.disputes.disputes.get(id)?.received_at())
        }
        From::WindowEnds => {
            let Subject::Visit(id) = subject else { return None };
            Some(case.delivery.visits.get(id)?.to)
        }
        From::Requested => auth_times(case, subject)?.received_at,
        From::Expedited => auth_times(case, subject)?.expedited_at,
        From::SupplyBy => auth_times(case, subject)?.supply_by,
        From::Noticed => {
            let times = auth_times(case, subject)?;
            let noticed_at = times.noticed_on.map(|on| begins(on, zone(case, facts)));
            noticed_at.or(times.decided_at)
        }
        From::AuthEnds => {
            let Subject::Line(no) = subject else { return None };
            let last = auth::ends_on(case.lines.get(no)?)?;
            Some(zone(case, facts).end_of_day(last))
        }
    }
}

fn next_dose(case: &Case) -> Option<Timestamp> {
    match case.known.get(&Item::named("infusion.next-dose-at"))?.fact {
        Fact::At(at) => Some(at),
        _ => None,
    }
}

fn therapy_due(case: &Case, subject: &Subject) -> Option<Timestamp> {
    let Subject::Line(no) = subject else { return None };
    let is_infusion = case.lines.get(no)?.service == ServiceLine::HomeInfusion;
    let dose = is_infusion.then(|| next_dose(case)).flatten();
    dose.or_else(|| case.intake.need_by().map(|need_by| need_by.at))
}

fn auth_times(case: &Case, subject: &Subject) -> Option<auth::Times> {
    let Subject::Line(no) = subject else { return None };
    case.lines.get(no).map(|line| line.auth_times)
}

/// Nobody is visited before the referral came, nor in the hospital. Source: 42 CFR 484.55(a)(1); facts 1.4, 4.5.
fn home(case: &Case, facts: &Facts) -> Timestamp {
    let received_at = case.intake.received_at;
    let named = |item: &str| case.known.get(&Item::named(item)).map(|known| &known.fact);
    let ordered = ["home-health.start-on", "order.dates-of-service"].into_iter().find_map(named);
    let home_at = match (ordered, &case.intake.discharge) {
        (Some(Fact::On(on)), _) => Some(begins(*on, zone(case, facts))),
        (_, discharge) => discharge.as_ref().map(|discharge| discharge.at),
    };
    home_at.map_or(received_at, |at| at.max(received_at))
}

fn begins(on: Date, zone: &Zone) -> Timestamp {
    zone.instant(on.to_datetime(Time::midnight()))
}

/// A promise: of whoever took the escalation, or of the provider that has the line.
fn committed(case: &Case, subject: &Subject) -> Option<Timestamp> {
    match subject {
        Subject::Escalation(id) => case.disputes.escalations.get(id)?.committed_to,
        Subject::Call(id) => case.calls.0.get(id)?.promised_to,
        Subject::Line(no) => match &case.lines.get(no)?.placement {
            LinePlacement::Accepted { commit_by, .. } => Some(*commit_by),
            _ => None,
        },
        Subject::Case
        | Subject::Offer(_)
        | Subject::Visit(_)
        | Subject::Ask(_)
        | Subject::Dispute(_) => None,
    }
}

/// Works the due and warning times out from what the clock counts from.
fn reckon(started: &mut Started, facts: &Facts) {
    let ahead = started.before.then(|| ahead(started, facts));
    let Started { counts_from, within, zone, calendar, .. } = started;
    let (from, within) = (*counts_from, *within);
    let calendar = facts.terms.calendar_named(calendar);
    let (life, within) = if let Some(due_at) = ahead {
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

/// An authorization that is shorter than the time wanted before its end is not late on its first day.
fn ahead(started: &Started, facts: &Facts) -> Timestamp {
    let Started { counts_from, within, zone, from, calendar, .. } = started;
    let due_at = facts.terms.calendar_named(calendar).before(*counts_from, *within, zone);
    if *from != From::AuthEnds || due_at > facts.now || *counts_from <= facts.now {
        return due_at;
    }
    facts.now.plus(Micros(counts_from.since(facts.now).0 / 2))
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
/// ended before stay counted, and so does more time that was given.
///
/// A clock that was missed stays missed; when the move gives time again, another running begins, which can be missed
/// for itself.
pub(super) fn moves(case: &Case, facts: &Facts) -> Vec<ClockEvent> {
    let live = case.clocks.0.values().filter(|clock| clock.is_live());
    live.flat_map(|clock| match moved(case, clock, facts) {
        _ if is_needless(case, clock, facts) => {
            vec![ClockEvent::Stopped { clock_id: clock.started.clock_id.clone() }]
        }
        Some(Move::To(event)) => vec![event],
        Some(Move::Anew(started)) => {
            let stopped = ClockEvent::Stopped { clock_id: clock.started.clock_id.clone() };
            vec![stopped, ClockEvent::Started(started)]
        }
        None => Vec::new(),
    })
    .collect()
}

/// Nobody renews the authorization of a service that has ended, nor waits for what is known.
fn is_needless(case: &Case, clock: &Clock, facts: &Facts) -> bool {
    let Started { from, about, until, .. } = &clock.started;
    let has_ended = *from == From::AuthEnds && origin(case, *from, about, facts).is_none();
    has_ended || (!until.is_empty() && until.iter().all(|item| is_since(case, *item, clock)))
}

/// Whether an item is known of the time since the clock began: by its own day, else by when it was recorded.
fn is_since(case: &Case, item: Item, clock: &Clock) -> bool {
    let (began, zone) = (clock.started.counts_from, &clock.started.zone);
    case.known.get(&item).is_some_and(|known| match known.fact {
        Fact::On(on) => on >= began.date(zone),
        Fact::At(at) => at >= began,
        Fact::Held | Fact::Number(_) | Fact::Code(_) | Fact::Flag(_) => known.recorded_at >= began,
    })
}

/// Returns how a stopped clock goes on. What it counts from may have moved while it stood: then it moves first, so that
/// it is not found overdue by a time that no longer holds.
pub(super) fn reopen(case: &Case, clock: &Clock, facts: &Facts) -> Vec<ClockEvent> {
    let reopened = ClockEvent::Reopened { clock_id: clock.started.clock_id.clone() };
    match moved(case, clock, facts) {
        Some(Move::To(event)) => vec![event, reopened],
        Some(Move::Anew(started)) => vec![ClockEvent::Started(started)],
        None => vec![reopened],
    }
}

/// What becomes of a clock whose origin moved.
enum Move {
    /// It is due at another time.
    To(ClockEvent),
    /// It stays missed, and another begins.
    Anew(Box<Started>),
}

fn moved(case: &Case, clock: &Clock, facts: &Facts) -> Option<Move> {
    let was = &clock.started;
    // An event that has happened does not move; the zone that counts from it may.
    let counts_from = match was.from {
        From::Event | From::Asked => was.counts_from,
        from => origin(case, from, &was.about, facts)?,
    };
    let has_days = was.within.unit() != SpanUnit::ClockMinutes;
    let corrected = case.zone.as_ref().filter(|zone| has_days && **zone != was.zone).cloned();
    if counts_from == was.counts_from && corrected.is_none() {
        return None;
    }
    let zone = corrected.clone().unwrap_or_else(|| was.zone.clone());
    let mut moved = Started { counts_from, zone, ..was.clone() };
    reckon(&mut moved, facts);
    at_least(&mut moved, case, facts);
    if clock.missed_at.is_some() && moved.due_at > facts.now {
        moved.clock_id = unused_id(case, &format!("{}:{}", was.rule, was.about));
        return Some(Move::Anew(Box::new(moved)));
    }
    for (since, until) in &clock.pauses {
        shift(&mut moved, Period { from: *since, to: *until }, facts);
    }
    for (by, _) in &clock.extended {
        extend::lengthen(&mut moved, *by, facts);
    }
    let Started { clock_id, counts_from, due_at, warn_at, .. } = moved;
    let zone = corrected;
    Some(Move::To(ClockEvent::Moved { clock_id, counts_from, due_at, warn_at, zone }))
}

/// Moves what was still to come when the pause began. What is due before an instant does not move by a pause: the
/// instant does not either.
fn shift(started: &mut Started, pause: Period, facts: &Facts) {
    let pause = Period { from: pause.from.max(started.counts_from), to: pause.to };
    if started.before || pause.to <= pause.from {
        return;
    }
    let Started { within, zone, due_at, warn_at, calendar, .. } = started;
    let calendar = facts.terms.calendar_named(calendar);
    let times = warn_at.iter_mut().map(|(_, at)| at).chain([due_at]);
    for at in times.filter(|at| **at > pause.from) {
        *at = calendar.resume(*at, pause, *within, zone);
    }
}
