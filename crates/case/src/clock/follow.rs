//! What an event does to the clocks: starts, stops, pauses, resumes, reopens and moves them.

use super::{Clock, ClockEvent, ClockState, Started};
use crate::{About, Case, ClockRule, Event, Facts, From, Line, Subject};
use doorstep_vocab::{ClockId, LineNo, Micros, Period, Span, Timestamp, Zone};

/// Returns the clock events that follow from `event`. `case` is the state after it.
pub(crate) fn follow(case: &Case, event: &Event, facts: &Facts) -> Vec<ClockEvent> {
    if matches!(event, Event::Clock(_)) {
        return Vec::new();
    }
    let (name, subjects) = (event.name(), event.subjects(case));
    let mut out = Vec::new();
    for rule in facts.terms.clocks.iter().filter(|rule| touches(rule, name)) {
        for subject in concerned(rule, &subjects, case) {
            out.extend(one(case, rule, (&subject, name), facts));
        }
    }
    out.extend(moves(case, facts));
    out.sort_by_key(|event| matches!(event, ClockEvent::Started(_)));
    // Rules of one name say the same of a clock that runs.
    let mut unique: Vec<ClockEvent> = Vec::with_capacity(out.len());
    for event in out {
        if !unique.contains(&event) {
            unique.push(event);
        }
    }
    unique
}

fn touches(rule: &ClockRule, name: &str) -> bool {
    [&rule.starts, &rule.stops, &rule.pauses, &rule.resumes, &rule.reopens]
        .into_iter()
        .any(|names| names.iter().any(|known| known == name))
}

/// An event about lines concerns their clocks; one about the case concerns those of every open line.
fn concerned(rule: &ClockRule, subjects: &[Subject], case: &Case) -> Vec<Subject> {
    match rule.about {
        About::Case => vec![Subject::Case],
        About::Line => {
            let named: Vec<Subject> =
                subjects.iter().filter(|s| matches!(s, Subject::Line(_))).cloned().collect();
            if named.is_empty() {
                case.open_lines().map(|line| Subject::Line(line.no)).collect()
            } else {
                named
            }
        }
        About::Offer => {
            subjects.iter().filter(|s| matches!(s, Subject::Offer(_))).cloned().collect()
        }
        About::Ask => subjects.iter().filter(|s| matches!(s, Subject::Ask(_))).cloned().collect(),
        About::Dispute => {
            subjects.iter().filter(|s| matches!(s, Subject::Dispute(_))).cloned().collect()
        }
        About::Escalation => {
            subjects.iter().filter(|s| matches!(s, Subject::Escalation(_))).cloned().collect()
        }
    }
}

fn one(
    case: &Case,
    rule: &ClockRule,
    (subject, name): (&Subject, &str),
    facts: &Facts,
) -> Option<ClockEvent> {
    let is = |names: &[String]| names.iter().any(|known| known == name);
    let clock = latest(case, rule, subject);
    let id = |clock: &Clock| clock.started.clock_id.clone();
    match clock {
        Some(clock) if clock.is_live() && is(&rule.stops) => {
            Some(ClockEvent::Stopped { clock_id: id(clock) })
        }
        Some(clock) if !clock.is_live() && is(&rule.reopens) => {
            Some(ClockEvent::Reopened { clock_id: id(clock) })
        }
        Some(clock) if clock.is_running() && is(&rule.pauses) => {
            Some(ClockEvent::Paused { clock_id: id(clock) })
        }
        Some(clock) if is(&rule.resumes) && may_resume(case, rule, name) => resume(clock, facts),
        Some(clock) if clock.is_live() => None,
        Some(_) if !may_start_again(rule) => None,
        _ if is(&rule.starts) && is_first(rule, subject, case, facts) => {
            let run = case
                .clocks
                .0
                .values()
                .filter(|c| c.started.rule == rule.name && c.started.about == *subject)
                .count();
            start(case, rule, (subject, run), facts)
                .map(|started| ClockEvent::Started(Box::new(started)))
        }
        _ => None,
    }
}

/// A clock that waits for answers goes on only when the last open question has ended; one that waits for the order
/// to be complete, when it is.
fn may_resume(case: &Case, rule: &ClockRule, name: &str) -> bool {
    let waits_for_order = rule.pauses.iter().any(|event| event == "orders.lapsed");
    !name.starts_with("orders.")
        || (case.orders.open_asks().next().is_none()
            && (!waits_for_order || case.orders.completed_at.is_some()))
}

/// A clock that ended starts afresh only if it counts from the event that starts it and nothing reopens it: a line
/// once scheduled is not to be scheduled anew because another line completed the order.
fn may_start_again(rule: &ClockRule) -> bool {
    rule.from == From::Event && rule.reopens.is_empty()
}

/// Of several rules of one name that apply, the first is the clock: packs put the narrower one first.
fn is_first(rule: &ClockRule, subject: &Subject, case: &Case, facts: &Facts) -> bool {
    let mut namesakes = facts.terms.clocks.iter().filter(|other| other.name == rule.name);
    namesakes
        .find(|other| applies(other, subject, case))
        .is_some_and(|first| std::ptr::eq(first, rule))
}

/// Returns the last running of this very rule: rules of one name differ by whom they apply to, not by their clock.
fn latest<'a>(case: &'a Case, rule: &ClockRule, subject: &Subject) -> Option<&'a Clock> {
    let runs = case
        .clocks
        .0
        .values()
        .filter(|c| c.started.rule == rule.name && c.started.about == *subject);
    runs.max_by_key(|clock| {
        (clock.is_live(), clock.started.clock_id.as_str().len(), clock.started.clock_id.clone())
    })
}

fn applies(rule: &ClockRule, subject: &Subject, case: &Case) -> bool {
    let line = if let Subject::Line(no) = subject { case.lines.get(no) } else { None };
    let urgency = case.intake.urgency;
    (rule.urgencies.is_empty() || rule.urgencies.contains(&urgency))
        && line.is_none_or(|line| fits(rule, line))
}

fn fits(rule: &ClockRule, line: &Line) -> bool {
    (rule.services.is_empty() || rule.services.contains(&line.service))
        && (rule.families.is_empty() || rule.families.contains(&line.family))
        && rule.custom.is_none_or(|custom| custom == line.custom)
}

/// Returns when a clock of that name would be due if it started now.
pub(crate) fn due(case: &Case, name: &str, subject: &Subject, facts: &Facts) -> Option<Timestamp> {
    let rule =
        facts.terms.clocks.iter().find(|rule| rule.name == name && applies(rule, subject, case))?;
    start(case, rule, (subject, 0), facts).map(|started| started.due_at)
}

fn start(
    case: &Case,
    rule: &ClockRule,
    (subject, run): (&Subject, usize),
    facts: &Facts,
) -> Option<Started> {
    let counts_from = origin(case, rule.from, subject, facts.now)?;
    let zone = case.zone.clone().unwrap_or_else(|| facts.hub_zone.clone());
    let repeat = if run == 0 { String::new() } else { format!("#{}", run + 1) };
    let mut started = Started {
        clock_id: ClockId(format!("{}:{subject}{repeat}", rule.name)),
        rule: rule.name.clone(),
        about: subject.clone(),
        from: rule.from,
        counts_from,
        within: rule.within,
        before: rule.before,
        due_at: counts_from,
        warn_at: rule.warn.iter().map(|percent| (*percent, counts_from)).collect(),
        zone,
        owner: rule.owner,
        on_miss: rule.on_miss,
        version: rule.version.clone(),
        source: rule.source.clone(),
    };
    reckon(&mut started, facts);
    Some(started)
}

fn origin(case: &Case, from: From, subject: &Subject, now: Timestamp) -> Option<Timestamp> {
    match from {
        From::Event => Some(now),
        From::Received => Some(case.intake.received_at),
        From::Discharge => case.intake.discharge.as_ref().map(|discharge| discharge.at),
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
    let calendar = &facts.terms.calendar;
    if *before {
        let length = if let Span::ClockMinutes(minutes) = within {
            Micros::minutes(*minutes)
        } else {
            Micros(0)
        };
        let due_at = Timestamp(counts_from.0.saturating_sub(length.0));
        // Counted from now, since the time left is what the owner has.
        let left = due_at.since(facts.now).0.max(0);
        for (percent, at) in &mut started.warn_at {
            *at = Timestamp(facts.now.0 + left / 100 * i64::from(*percent));
        }
        started.due_at = due_at;
        return;
    }
    let due_at = calendar.due(*counts_from, *within, zone);
    for (percent, at) in &mut started.warn_at {
        *at = calendar.warn_at(Period { from: *counts_from, to: due_at }, *within, *percent, zone);
    }
    started.due_at = due_at;
}

fn resume(clock: &Clock, facts: &Facts) -> Option<ClockEvent> {
    let ClockState::Paused(since) = clock.state else { return None };
    let Started { clock_id, within, zone, due_at, warn_at, .. } = &clock.started;
    let pause = Period { from: since, to: facts.now };
    let shifted = |at: Timestamp| facts.terms.calendar.resume(at, pause, *within, zone);
    let later =
        |(percent, at): &(u8, Timestamp)| (*percent, if *at > since { shifted(*at) } else { *at });
    let warn_at = warn_at.iter().map(later).collect();
    Some(ClockEvent::Resumed { clock_id: clock_id.clone(), due_at: shifted(*due_at), warn_at })
}

/// What a live clock counts from may move: an earlier receipt, a discharge, a need-by, a new promise. Pauses that
/// ended before stay counted.
fn moves(case: &Case, facts: &Facts) -> Vec<ClockEvent> {
    let live =
        case.clocks.0.values().filter(|clock| clock.is_live() && clock.started.from != From::Event);
    live.filter_map(|clock| {
        let now_from = origin(case, clock.started.from, &clock.started.about, facts.now)?;
        if now_from == clock.started.counts_from {
            return None;
        }
        let mut moved = clock.started.clone();
        moved.counts_from = now_from;
        reckon(&mut moved, facts);
        for (since, until) in &clock.pauses {
            shift(&mut moved, Period { from: *since, to: *until }, facts);
        }
        let Started { clock_id, counts_from, due_at, warn_at, .. } = moved;
        Some(ClockEvent::Moved { clock_id, counts_from, due_at, warn_at })
    })
    .collect()
}

fn shift(started: &mut Started, pause: Period, facts: &Facts) {
    let (within, zone): (Span, Zone) = (started.within, started.zone.clone());
    let shifted = |at: Timestamp| facts.terms.calendar.resume(at, pause, within, &zone);
    started.due_at = shifted(started.due_at);
    for (_, at) in &mut started.warn_at {
        *at = shifted(*at);
    }
}

/// Stops every clock that is about `line`.
pub(crate) fn stop_line(case: &Case, line: LineNo) -> Vec<ClockEvent> {
    stop_where(case, |clock| clock.started.about == Subject::Line(line))
}

/// Stops every clock.
pub(crate) fn stop_all(case: &Case) -> Vec<ClockEvent> {
    stop_where(case, |_| true)
}

fn stop_where(case: &Case, test: impl Fn(&Clock) -> bool) -> Vec<ClockEvent> {
    let live = case.clocks.0.values().filter(|clock| clock.is_live() && test(clock));
    live.map(|clock| ClockEvent::Stopped { clock_id: clock.started.clock_id.clone() }).collect()
}
