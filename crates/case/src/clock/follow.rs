//! Which clocks an event concerns, and whether it starts, stops, pauses, resumes or reopens them.
//!
//! Rules of one name are variants of one clock: the first that applies starts it, and that very rule ends it.

use super::{Clock, ClockEvent, extend, reckon, rung};
use crate::{About, Case, ClockRule, Event, Facts, Line, Subject, completeness};
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
    let may_begin = case.closing.closed.is_none() || matches!(event, Event::Disputes(_));
    let mut out = Vec::new();
    for rule in facts.terms.clocks.iter().filter(|rule| touches(rule, name)) {
        for subject in concerned(rule, (event, &subjects), case) {
            out.extend(Turn { case, rule, subject: &subject, name, facts }.events(may_begin));
        }
    }
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
}

/// An event about lines concerns their clocks; one about the case concerns those of every open line, and of every
/// line whose clock still runs. A dispute about no line concerns no line.
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
            let is_of_case = lines.is_empty() && !matches!(event, Event::Disputes(_));
            if is_of_case { every_line(rule, case) } else { lines }
        }
        About::Offer => named(|s| matches!(s, Subject::Offer(_))),
        About::Visit => named(|s| matches!(s, Subject::Visit(_))),
        About::Ask => named(|s| matches!(s, Subject::Ask(_))),
        About::Dispute => named(|s| matches!(s, Subject::Dispute(_))),
        About::Escalation => named(|s| matches!(s, Subject::Escalation(_))),
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

/// One rule looking at one subject because of one event.
struct Turn<'a> {
    case: &'a Case,
    rule: &'a ClockRule,
    subject: &'a Subject,
    name: &'a str,
    facts: &'a Facts<'a>,
}

impl Turn<'_> {
    fn events(&self, may_begin: bool) -> Vec<Event> {
        let rule = self.rule;
        match self.latest() {
            Some(clock) if clock.is_live() => self.live(clock, may_begin),
            Some(clock) if self.is(&rule.reopens) => {
                if !(may_begin && self.governs(clock) && self.is_wanted()) {
                    return Vec::new();
                }
                reckon::reopen(self.case, clock, self.facts).into_iter().map(Event::Clock).collect()
            }
            Some(_) if !may_start_again(rule) => Vec::new(),
            Some(_) | None if may_begin && self.is(&rule.starts) => self.start(),
            Some(_) | None => Vec::new(),
        }
    }

    fn live(&self, clock: &Clock, may_begin: bool) -> Vec<Event> {
        if !self.governs(clock) {
            return Vec::new();
        }
        let rule = self.rule;
        let clock_id = || clock.started.clock_id.clone();
        let mut out = Vec::new();
        if self.is(&rule.stops) {
            out.extend(self.overdue(clock));
            // The pause until now counts, should the clock be reopened.
            out.extend(reckon::resume(clock, self.facts).map(Event::Clock));
            out.push(Event::Clock(ClockEvent::Stopped { clock_id: clock_id() }));
            if may_begin && self.is(&rule.starts) && may_start_again(rule) {
                out.extend(self.start());
            }
        } else if self.is(&rule.pauses) && clock.is_running() && clock.missed_at.is_none() {
            let overdue = self.overdue(clock);
            let stands = overdue.is_empty();
            out.extend(overdue);
            out.extend(once(stands, ClockEvent::Paused { clock_id: clock_id() }));
        } else if self.is(&rule.resumes) && self.may_resume() {
            out.extend(reckon::resume(clock, self.facts).map(Event::Clock));
        }
        out
    }

    /// Nothing is waited for on a line that was cancelled.
    fn is_wanted(&self) -> bool {
        let Subject::Line(no) = self.subject else { return true };
        self.case.lines.get(no).is_some_and(|line| line.cancelled.is_none())
    }

    fn is(&self, names: &[String]) -> bool {
        names.iter().any(|known| known == self.name)
    }

    /// What happened just now need not follow once more: a question chased by hand is not chased again by its clock.
    fn overdue(&self, clock: &Clock) -> Vec<Event> {
        if clock.started.due_at > self.facts.now {
            return Vec::new();
        }
        let rung = rung(self.case, clock, self.facts.now).into_iter();
        rung.filter(|event| event.name() != self.name).collect()
    }

    fn start(&self) -> Vec<Event> {
        if !self.is_first() || self.has_nothing_to_wait_for() {
            return Vec::new();
        }
        let about = (self.subject, self.name);
        let started = reckon::start(self.case, self.rule, about, self.facts);
        started.map(|s| Event::Clock(ClockEvent::Started(Box::new(s)))).into_iter().collect()
    }

    /// What waits for a complete order does not start about one that is complete.
    fn has_nothing_to_wait_for(&self) -> bool {
        let Facts { terms, now, hub_zone, .. } = self.facts;
        self.rule.stops.iter().any(|event| event == "orders.completed")
            && completeness::is_complete(&completeness::missing(self.case, terms, *now, hub_zone))
    }

    /// A clock that waits for answers goes on only when the last open question has ended; one that waits for the
    /// order to be complete, when it is.
    fn may_resume(&self) -> bool {
        let waits_for = |name: &str| self.rule.pauses.iter().any(|event| event == name);
        let orders = &self.case.orders;
        !self.name.starts_with("orders.")
            || ((!waits_for("orders.asked") || orders.open_asks().next().is_none())
                && (!waits_for("orders.lapsed") || orders.completed_at.is_some()))
    }

    /// Of several rules of one name that apply, the first is the clock: packs put the narrower one first.
    fn is_first(&self) -> bool {
        let lines = lines_of(self.case, self.subject);
        self.namesakes()
            .find(|other| applies(other, (self.subject, &lines), self.case))
            .is_some_and(|first| std::ptr::eq(first, self.rule))
    }

    /// Whether this is the rule that `clock` was started by; when the packs no longer have it, the first of its name.
    fn governs(&self, clock: &Clock) -> bool {
        let started = &clock.started;
        let is_it = |rule: &&ClockRule| {
            (rule.within, rule.from, rule.before) == (started.within, started.from, started.before)
                && (&rule.version, &rule.source) == (&started.version, &started.source)
        };
        self.namesakes()
            .find(is_it)
            .or_else(|| self.namesakes().next())
            .is_some_and(|found| std::ptr::eq(found, self.rule))
    }

    fn namesakes(&self) -> impl Iterator<Item = &ClockRule> {
        self.facts.terms.clocks.iter().filter(|other| other.name == self.rule.name)
    }

    /// Returns the last running of the clock about the subject.
    fn latest(&self) -> Option<&Clock> {
        let runs = self.case.clocks.0.values();
        let runs =
            runs.filter(|c| c.started.rule == self.rule.name && c.started.about == *self.subject);
        runs.max_by_key(|clock| {
            let clock_id = &clock.started.clock_id;
            (clock.is_live(), clock_id.as_str().len(), clock_id.clone())
        })
    }
}

fn once(is_so: bool, event: ClockEvent) -> Vec<Event> {
    if is_so { vec![Event::Clock(event)] } else { Vec::new() }
}

/// A clock that ended starts afresh only if it counts from what happens again, and the rule says so or nothing reopens
/// it: a line once scheduled is not to be scheduled anew because another line completed the order.
fn may_start_again(rule: &ClockRule) -> bool {
    rule.from.is_repeated() && (rule.again || rule.reopens.is_empty())
}

/// Returns the lines that decide which variant of a rule holds for a subject.
fn lines_of(case: &Case, subject: &Subject) -> Vec<LineNo> {
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
        Subject::Case | Subject::Ask(_) | Subject::Escalation(_) => open(),
    }
}

fn applies(rule: &ClockRule, (subject, lines): (&Subject, &[LineNo]), case: &Case) -> bool {
    let is_any = rule.services.is_empty()
        && rule.families.is_empty()
        && rule.custom.is_none()
        && rule.expedited.is_none();
    let urgency = &case.intake.urgency;
    let kind = match subject {
        Subject::Dispute(id) => case.disputes.disputes.get(id).map(|dispute| dispute.kind),
        _ => None,
    };
    (rule.urgencies.is_empty() || rule.urgencies.contains(urgency))
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
