//! Which clocks an event concerns, and whether it starts, stops, pauses, resumes or reopens them.
//!
//! Rules of one name are variants of one clock: the first that applies starts it, and that very rule ends it.

use super::turn::Turn;
use super::{Clock, ClockEvent, extend, reckon, whole};
use crate::{About, Case, ClockRule, Event, Facts, Line, Subject};
use doorstep_vocab::{LineNo, Timestamp};

/// Returns what follows for the clocks from `event`. `case` is the state after it.
///
/// A clock whose time has passed unseen is missed before it is stopped or paused, so that the record does not depend
/// on how promptly it was rung.
pub(crate) fn follow(case: &Case, event: &Event, facts: &Facts) -> Vec<Event> {
    if matches!(event, Event::Clock(_)) {
        return Vec::new();
    }
    let (name, subjects) = (event.name(), event.subjects(case));
    let may_begin =
        case.closing.closed.is_none() || matches!(event, Event::Disputes(_) | Event::Calls(_));
    let mut out = whole::outgrown(case, event, facts);
    for rule in facts.terms.clocks.iter().filter(|rule| touches(rule, name)) {
        for subject in concerned(rule, (event, &subjects), case) {
            out.extend(Turn { case, rule, subject: &subject, name, facts }.events(may_begin));
        }
    }
    out.extend(whole::left(case, event, facts));
    out.extend(extend::follow(case, event, facts));
    let moves = reckon::moves(case, facts).into_iter().filter(|moved| !ends(&out, moved));
    out.extend(moves.map(Event::Clock).collect::<Vec<_>>());
    out.sort_by_key(|event| matches!(event, Event::Clock(ClockEvent::Started(_))));
    out
}

/// Whether what a clock is to do is done to one that ends by the same event.
fn ends(out: &[Event], moved: &ClockEvent) -> bool {
    matches!(moved, ClockEvent::Moved { .. })
        && out.iter().any(|event| {
            matches!(event, Event::Clock(ClockEvent::Stopped { clock_id }) if clock_id == moved.clock_id())
        })
}

fn touches(rule: &ClockRule, name: &str) -> bool {
    [&rule.starts, &rule.stops, &rule.pauses, &rule.resumes, &rule.reopens]
        .into_iter()
        .any(|names| names.iter().any(|known| known == name))
        || whole::may_begin_late(rule, name)
}

/// An event about lines concerns their clocks; one about the case concerns those of every open line, and of every
/// line whose clock still runs. A dispute about no line concerns no line. A clock that an earlier pack kept for the case
/// as a whole hears of what happens to any line.
fn concerned(
    rule: &ClockRule,
    (event, subjects): (&Event, &[Subject]),
    case: &Case,
) -> Vec<Subject> {
    let named = |is: fn(&Subject) -> bool| subjects.iter().filter(|s| is(s)).cloned().collect();
    match rule.about {
        About::Case => vec![Subject::Case],
        About::Line => {
            let lines: Vec<Subject> = named(|s| matches!(s, Subject::Line(_)));
            let is_of_case =
                lines.is_empty() && !matches!(event, Event::Disputes(_) | Event::Calls(_));
            let mut lines = if is_of_case { every_line(rule, case) } else { lines };
            lines.extend(whole::earlier(case, rule).map(|_| Subject::Case));
            lines
        }
        About::Offer => named(|s| matches!(s, Subject::Offer(_))),
        About::Visit => named(|s| matches!(s, Subject::Visit(_))),
        About::Ask => named(|s| matches!(s, Subject::Ask(_))),
        About::Dispute => named(|s| matches!(s, Subject::Dispute(_))),
        About::Escalation => named(|s| matches!(s, Subject::Escalation(_))),
        About::Call => named(|s| matches!(s, Subject::Call(_))),
    }
}

fn every_line(rule: &ClockRule, case: &Case) -> Vec<Subject> {
    let runs = |line: &Line| {
        let about = Subject::Line(line.no);
        case.clocks
            .0
            .values()
            .any(|c| c.is_live() && c.started.rule == rule.name && c.started.about == about)
    };
    let lines = case.lines.values().filter(|line| line.is_open() || runs(line));
    lines.map(|line| Subject::Line(line.no)).collect()
}

/// Returns the lines that decide which variant of a rule holds for a subject.
pub(super) fn lines_of(case: &Case, subject: &Subject) -> Vec<LineNo> {
    let open = || case.open_lines().map(|line| line.no).collect();
    match subject {
        Subject::Line(no) => vec![*no],
        Subject::Offer(id) => {
            case.placement.offers.get(id).map(|o| o.lines.clone()).unwrap_or_default()
        }
        Subject::Visit(id) => {
            case.delivery.visits.get(id).map(|visit| visit.lines.clone()).unwrap_or_default()
        }
        Subject::Dispute(id) => match case.disputes.disputes.get(id) {
            Some(dispute) if !dispute.lines.is_empty() => dispute.lines.clone(),
            _ => open(),
        },
        Subject::Case | Subject::Ask(_) | Subject::Escalation(_) | Subject::Call(_) => open(),
    }
}

pub(super) fn applies(
    rule: &ClockRule,
    (subject, lines): (&Subject, &[LineNo]),
    case: &Case,
) -> bool {
    let is_any = rule.services.is_empty()
        && rule.families.is_empty()
        && rule.custom.is_none()
        && rule.expedited.is_none();
    let urgency = &case.intake.urgency;
    let kind = match subject {
        Subject::Dispute(id) => case.disputes.disputes.get(id).map(|dispute| dispute.kind),
        _ => None,
    };
    let level = match subject {
        Subject::Escalation(id) => case.disputes.escalations.get(id).map(|raised| raised.level),
        _ => None,
    };
    (rule.levels.is_empty() || level.is_some_and(|level| rule.levels.contains(&level)))
        && (rule.urgencies.is_empty() || rule.urgencies.contains(urgency))
        && (rule.kinds.is_empty() || kind.is_some_and(|kind| rule.kinds.contains(&kind)))
        && (is_any || lines.iter().filter_map(|no| case.lines.get(no)).any(|line| fits(rule, line)))
}

fn fits(rule: &ClockRule, line: &Line) -> bool {
    (rule.services.is_empty() || rule.services.contains(&line.service))
        && (rule.families.is_empty() || rule.families.contains(&line.family))
        && rule.custom.is_none_or(|custom| custom == line.custom)
        && rule.expedited.is_none_or(|hurried| hurried == line.auth_times.expedited_at.is_some())
}

/// Returns when a clock of that name about `subject`, which concerns `lines`, would be due if it started now.
pub(crate) fn due(
    case: &Case,
    name: &str,
    (subject, lines): (&Subject, &[LineNo]),
    facts: &Facts,
) -> Option<Timestamp> {
    let mut rules = facts.terms.clocks.iter();
    let applies = |rule: &&ClockRule| rule.name == name && applies(rule, (subject, lines), case);
    let rule = rules.find(applies)?;
    reckon::start(case, rule, (subject, ""), facts).map(|started| started.due_at)
}

/// Stops every clock that is about `line`. Should it be reopened, the pause until now counts.
pub(crate) fn stop_line(case: &Case, line: LineNo, facts: &Facts) -> Vec<ClockEvent> {
    let about = Subject::Line(line);
    let clocks = case.clocks.0.values().filter(|clock| clock.is_live());
    clocks.filter(|clock| clock.started.about == about).flat_map(|c| ended(c, facts)).collect()
}

/// Returns the end of a live clock that may be reopened.
pub(super) fn ended(clock: &Clock, facts: &Facts) -> Vec<ClockEvent> {
    let stopped = ClockEvent::Stopped { clock_id: clock.started.clock_id.clone() };
    reckon::resume(clock, facts).into_iter().chain([stopped]).collect()
}

/// Stops every clock but those of promises to call back: who was promised a call waits for it, whatever became of the case.
pub(crate) fn stop_all(case: &Case) -> Vec<ClockEvent> {
    let is_of_case = |clock: &&Clock| !matches!(clock.started.about, Subject::Call(_));
    let live = case.clocks.0.values().filter(|clock| clock.is_live()).filter(is_of_case);
    live.map(|clock| ClockEvent::Stopped { clock_id: clock.started.clock_id.clone() }).collect()
}
