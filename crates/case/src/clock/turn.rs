//! One rule looking at one subject because of one event: whether its clock starts, stops, pauses, goes on or is reopened.

use super::follow::{applies, ended, lines_of};
use super::{Clock, ClockEvent, reckon, rung, whole};
use crate::{Case, ClockRule, Event, Facts, Line, Subject, completeness};
use doorstep_planted as planted;

/// One rule looking at one subject because of one event.
pub(super) struct Turn<'a> {
    /// The state after the event.
    pub(super) case: &'a Case,
    /// The rule.
    pub(super) rule: &'a ClockRule,
    /// What its clock is about.
    pub(super) subject: &'a Subject,
    /// The event's name.
    pub(super) name: &'a str,
    /// What may be known besides.
    pub(super) facts: &'a Facts<'a>,
}

impl Turn<'_> {
    /// Returns what follows for the clock.
    pub(super) fn events(&self, may_begin: bool) -> Vec<Event> {
        let rule = self.rule;
        if self.name == whole::COMPLETED && !self.is_complete() {
            return Vec::new();
        }
        match self.latest() {
            Some(clock) if clock.is_live() => self.live(clock, may_begin),
            Some(_) if self.is(&rule.reopens) && planted::is("loses-the-clock-of-a-return") => {
                Vec::new()
            }
            Some(clock) if self.is(&rule.reopens) || self.comes_back() => {
                if !(may_begin && self.governs(clock) && self.is_wanted()) {
                    return Vec::new();
                }
                self.reopen(clock)
            }
            Some(_) if !may_start_again(rule) => Vec::new(),
            Some(_) if may_begin && self.is(&rule.starts) => self.start(),
            None if may_begin && (self.is(&rule.starts) || self.begins_late()) => self.start(),
            Some(_) | None => Vec::new(),
        }
    }

    fn live(&self, clock: &Clock, may_begin: bool) -> Vec<Event> {
        if !self.governs(clock) {
            return Vec::new();
        }
        let rule = self.rule;
        let mut out = Vec::new();
        if self.is(&rule.stops) {
            out.extend(self.overdue(clock));
            out.extend(ended(clock, self.facts).into_iter().map(Event::Clock));
            if may_begin && self.is(&rule.starts) && may_start_again(rule) {
                out.extend(self.next().start());
            }
        } else if self.is(&rule.pauses) && clock.is_running() && clock.missed_at.is_none() {
            let overdue = self.overdue(clock);
            let clock_id = clock.started.clock_id.clone();
            let paused =
                overdue.is_empty().then_some(Event::Clock(ClockEvent::Paused { clock_id }));
            out.extend(overdue.into_iter().chain(paused));
        } else if self.is(&rule.resumes) && self.may_resume() && !planted::is("pauses-for-good") {
            out.extend(reckon::resume(clock, self.facts).map(Event::Clock));
        }
        out
    }

    /// Of variants of one rule the one begins the next that applies now: an escalation that is raised a level has that
    /// level's time.
    fn next(&self) -> Turn<'_> {
        let lines = lines_of(self.case, self.subject);
        let applies = |other: &&ClockRule| applies(other, (self.subject, &lines), self.case);
        let rule = self.namesakes().find(applies).filter(|other| self.is(&other.starts));
        Turn { rule: rule.unwrap_or(self.rule), ..*self }
    }

    /// One that stands still while the order lacks something is reopened standing still.
    fn reopen(&self, clock: &Clock) -> Vec<Event> {
        let mut out = reckon::reopen(self.case, clock, self.facts);
        let due_at = out.iter().find_map(|event| match event {
            ClockEvent::Moved { due_at, .. } => Some(*due_at),
            ClockEvent::Started(started) => Some(started.due_at),
            _ => None,
        });
        let is_ahead = due_at.unwrap_or(clock.started.due_at) > self.facts.now;
        let is_anew = matches!(out.last(), Some(ClockEvent::Started(_)));
        let counts = is_ahead && (is_anew || clock.missed_at.is_none());
        let waits = whole::is_named(&self.rule.pauses, whole::LAPSED) && !self.is_complete();
        let clock_id = out.last().map(|event| event.clock_id().clone());
        out.extend(
            clock_id.filter(|_| counts && waits).map(|id| ClockEvent::Paused { clock_id: id }),
        );
        out.into_iter().map(Event::Clock).collect()
    }

    /// Nothing is waited for on a line that was cancelled, or that became what the rule is not about.
    fn is_wanted(&self) -> bool {
        let Subject::Line(_) = self.subject else { return true };
        self.line().is_some_and(|line| {
            line.cancelled.is_none() && self.namesakes().any(|rule| whole::is_of(rule, line))
        })
    }

    fn line(&self) -> Option<&Line> {
        let Subject::Line(no) = self.subject else { return None };
        self.case.lines.get(no)
    }

    fn is(&self, names: &[String]) -> bool {
        whole::is_named(names, self.name)
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
        if whole::is_covered(self) || !self.is_first() || self.has_nothing_to_wait_for() {
            return Vec::new();
        }
        let about = (self.subject, self.name);
        let started = reckon::start(self.case, self.rule, about, self.facts);
        started.map(|s| Event::Clock(ClockEvent::Started(Box::new(s)))).into_iter().collect()
    }

    /// What is to happen has happened: the line is planned or placed already, the order is complete, or all that it lacks
    /// was asked for.
    fn has_nothing_to_wait_for(&self) -> bool {
        let stops = &self.rule.stops;
        if let Some(line) = self.line()
            && stops.iter().any(|event| whole::has_happened(line, event))
        {
            return true;
        }
        if !whole::is_named(stops, whole::COMPLETED) {
            return false;
        }
        let Facts { terms, now, hub_zone, .. } = self.facts;
        let missing = completeness::missing(self.case, terms, *now, hub_zone);
        let waits_for_asking = whole::is_named(stops, "orders.asked");
        let is_done = |m: &completeness::Missing| {
            waits_for_asking
                && self.case.orders.open_asks().any(|(_, ask)| ask.items.contains(&m.item))
        };
        let concerns = |m: &&completeness::Missing| match self.subject {
            Subject::Line(no) => m.stops_line(*no),
            _ => m.stops(),
        };
        missing.iter().filter(concerns).all(is_done)
    }

    /// A clock that waits for answers goes on only when the last open question has ended; one that waits for the
    /// order to be complete, when it is.
    fn may_resume(&self) -> bool {
        let waits_for = |name: &str| whole::is_named(&self.rule.pauses, name);
        !self.name.starts_with("orders.")
            || ((!waits_for("orders.asked") || self.case.orders.open_asks().next().is_none())
                && (!waits_for(whole::LAPSED) || self.is_complete()))
    }

    /// Whether the order is complete as far as the subject goes: that of its line, else that of every open line.
    fn is_complete(&self) -> bool {
        match self.line() {
            Some(line) => line.order.is_complete(),
            None => self.case.is_complete(),
        }
    }

    /// What is kept for complete lines starts late for one that was complete before: when it became something that the
    /// rule is about, or when what was done without the clock came to nothing.
    fn begins_late(&self) -> bool {
        whole::may_begin_late(self.rule, self.name)
            && self.line().is_some_and(|line| line.is_open() && line.order.is_complete())
    }

    /// The clock of a line that was another item for a while goes on, unless what it waited for happened then.
    fn comes_back(&self) -> bool {
        let is_planned =
            |line: &Line| self.rule.stops.iter().any(|event| whole::has_happened(line, event));
        self.name == whole::CLASSIFIED
            && self.begins_late()
            && self.is_first()
            && self.line().is_some_and(|line| !is_planned(line))
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

/// A clock that ended starts afresh only if it counts from what happens again, and the rule says so or nothing reopens
/// it: a line once scheduled is not to be scheduled anew because its order was complete again.
fn may_start_again(rule: &ClockRule) -> bool {
    rule.from.is_repeated() && (rule.again || rule.reopens.is_empty())
}
