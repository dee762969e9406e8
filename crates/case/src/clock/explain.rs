//! Each due time explains itself: rule, version, source, start, pauses, zone, arithmetic.

use super::{Clock, ClockState, Started};
use crate::From;
use doorstep_vocab::{Calendar, Date, DayName, Micros, Span, SpanUnit, Timestamp, Zone};

/// One sentence of an explanation, with what it is about.
pub type Sentence = (&'static str, String);

/// The most days without business that are named one by one.
const NAMED_MAX: usize = 12;

impl Clock {
    /// Returns how the due time came about, in sentences for a person, with the calendar's part in it: the opening hours,
    /// and the days that were skipped, by name.
    pub fn explain_on(&self, calendar: &Calendar) -> Vec<Sentence> {
        let started = &self.started;
        let zone = &started.zone;
        let mut out = vec![
            ("rule", format!("{}, version {}", started.rule, started.version)),
            ("source", started.source.clone()),
            ("counts from", format!("{}, {}", self.origin(), local(started.counts_from, zone))),
            ("time allowed", allowed(started.before, started.within, zone)),
        ];
        let counted = match shortened(started, calendar) {
            Some(words) => words,
            None => counted(started, self.first_due(calendar)),
        };
        out.push(("counted", counted));
        out.extend(skipped(started, calendar));
        out.extend(self.pauses.iter().map(|pause| ("paused", paused(*pause, started, calendar))));
        if let ClockState::Paused(since) = self.state {
            out.push(("paused", format!("since {}; the time left is kept", local(since, zone))));
        }
        for (by, at) in &self.extended {
            out.push(("extended", format!("by {by}, on {}", local(*at, zone))));
        }
        for (was, at) in &self.moved {
            out.push(("moved", format!("on {} from {}", local(*at, zone), local(*was, zone))));
        }
        out.push(("due", local(started.due_at, zone)));
        if !started.tzdb.is_empty() {
            out.push(("time zones", format!("by the tz database {}", started.tzdb)));
        }
        if let Some(at) = self.missed_at {
            out.push(("missed", format!("recorded {}", local(at, zone))));
        }
        if let ClockState::Stopped(at) = self.state {
            let how = if at <= started.due_at { "in time" } else { "late" };
            out.push(("stopped", format!("{}, {how}", local(at, zone))));
        }
        out
    }

    fn origin(&self) -> String {
        match (self.started.from, self.started.started_by.as_str()) {
            (From::Event, name) if !name.is_empty() => name.to_owned(),
            (from, "") => origin(from).to_owned(),
            (from, name) => format!("{} (started by {name})", origin(from)),
        }
    }

    /// Returns when the span ends before any pause or extension.
    fn first_due(&self, calendar: &Calendar) -> Timestamp {
        let Started { counts_from, within, zone, due_at, before, .. } = &self.started;
        if (self.pauses.is_empty() && self.extended.is_empty()) || *before {
            return *due_at;
        }
        calendar.due(*counts_from, *within, zone)
    }
}

fn origin(from: From) -> &'static str {
    match from {
        From::Event => "the event that started it",
        From::Received => "the first receipt by any door",
        From::Discharge => "the planned discharge",
        From::Home => "the return home, the referral or the ordered start",
        From::NeedBy => "the need-by time",
        From::Committed => "the promised time",
        From::Complained => "the first receipt of what was told",
        From::WindowEnds => "the end of the visit's window",
        From::Requested => "the payer's receipt of the request",
        From::Expedited => "the request to decide at once",
        From::Asked => "the payer's question",
        From::SupplyBy => "the end of the time to answer the payer's question",
        From::Noticed => "the payer's notice",
        From::AuthEnds => "the end of the authorization",
        From::NextDose => "the next dose",
        From::TherapyDue => "when the therapy is due",
        From::DischargeOrDose => "the planned discharge or the next dose, whichever comes first",
    }
}

/// What a pause added, in the clock's own unit: a pause that enters no new day adds none to a count of days.
fn paused(
    (since, until): (Timestamp, Timestamp),
    started: &Started,
    calendar: &Calendar,
) -> String {
    let Started { within, zone, before, .. } = started;
    let unit = within.unit();
    let n = if *before { 0 } else { calendar.elapsed(since, until, unit, zone) };
    let plural = if n == 1 { "" } else { "s" };
    let added = match unit {
        SpanUnit::ClockMinutes => Span::ClockMinutes(n).to_string(),
        SpanUnit::BusinessMinutes => Span::BusinessMinutes(n).to_string(),
        SpanUnit::CalendarDays => format!("{n} calendar day{plural}"),
        SpanUnit::BusinessDays => format!("{n} business day{plural}"),
    };
    format!("from {} to {}, {added} added", local(since, zone), local(until, zone))
}

fn allowed(before: bool, within: Span, zone: &Zone) -> String {
    let before = if before { " before that" } else { "" };
    format!("{within}{before}, counted in {zone}")
}

/// The arithmetic in words, as one would check it by hand.
fn counted(started: &Started, end: Timestamp) -> String {
    let Started { counts_from, within, zone, before, .. } = started;
    let start = local(*counts_from, zone);
    // The end of a day is the first instant of the next one.
    let (first, last) = (day(counts_from.date(zone)), day(end.plus(Micros(-1)).date(zone)));
    match within {
        _ if *before => format!("{within} before {start} is {}", local(end, zone)),
        Span::ClockMinutes(_) => {
            let shifts = shift_minutes(*counts_from, end, zone);
            let note = if shifts == 0 { "" } else { ", across a change of the clocks" };
            format!("{within} after {start} end at {}{note}", local(end, zone))
        }
        Span::BusinessMinutes(_) => {
            format!("{within} after {start}, while open, end at {}", local(end, zone))
        }
        Span::CalendarDays { to_end_of_day: true, .. } => {
            format!("{within} after {first} end with {last} in {zone}")
        }
        Span::BusinessDays { to_end_of_day: true, .. } => {
            format!("{within} after {first} end at the close of {last} in {zone}")
        }
        Span::CalendarDays { to_end_of_day: false, .. }
        | Span::BusinessDays { to_end_of_day: false, .. } => {
            format!("{within} after {start} end at {}", local(end, zone))
        }
    }
}

/// What is said where less time was left than is wanted before an end, so that half of it was kept.
fn shortened(started: &Started, calendar: &Calendar) -> Option<String> {
    let Started { counts_from, within, zone, before, due_at, from, .. } = started;
    let is_shorter = *before
        && *from == From::AuthEnds
        && *due_at > calendar.before(*counts_from, *within, zone);
    is_shorter.then(|| {
        let (end, due) = (local(*counts_from, zone), local(*due_at, zone));
        format!("less than {within} were left before {end}: half of what was left ends at {due}")
    })
}

/// Returns by how many minutes the local clock was put forward or back between two instants.
fn shift_minutes(from: Timestamp, to: Timestamp, zone: &Zone) -> i64 {
    let offset = |at: Timestamp| Zone::utc().instant(at.civil(zone)).since(at).0 / Micros::MINUTE.0;
    offset(to) - offset(from)
}

/// Only business units know hours and holidays. A calendar of another version says so.
fn skipped(started: &Started, calendar: &Calendar) -> Vec<Sentence> {
    let Started { counts_from, within, zone, before, due_at, .. } = started;
    let is_business = matches!(within, Span::BusinessDays { .. } | Span::BusinessMinutes(_));
    if *before || !is_business {
        return Vec::new();
    }
    let spec = calendar.spec();
    let days: Vec<String> = spec.working.iter().map(|name| format!("{name:?}")).collect();
    let hours = format!("{} to {} on {}", spec.open, spec.close, days.join(", "));
    let mut out =
        vec![("open", format!("{hours}, local time, by the calendar {}", named(calendar)))];
    if !started.calendar.is_empty() && started.calendar != named(calendar) {
        out.push(("calendar", format!("it was counted with {}", started.calendar)));
    }
    let (first, last) = (counts_from.date(zone), due_at.date(zone));
    let span = std::iter::successors(Some(first), |date| date.tomorrow().ok());
    let free =
        span.take_while(|date| *date <= last).filter(|date| !calendar.is_business_day(*date));
    let mut free: Vec<String> =
        free.take(NAMED_MAX + 1).map(|date| why_free(date, calendar)).collect();
    if free.len() > NAMED_MAX {
        free.truncate(NAMED_MAX);
        free.push("and others".to_owned());
    }
    if !free.is_empty() {
        out.push(("not worked", free.join("; ")));
    }
    out
}

fn named(calendar: &Calendar) -> String {
    format!("{} {}", calendar.name(), calendar.version())
}

fn why_free(date: Date, calendar: &Calendar) -> String {
    match calendar.holiday(date) {
        Some(holiday) => format!("{}, {holiday}", day(date)),
        None => format!("{}, no {:?} is worked", day(date), DayName::of(date.weekday())),
    }
}

fn day(date: Date) -> String {
    date.strftime("%a %Y-%m-%d").to_string()
}

/// Minute, date and zone, as people in that zone read it.
fn local(at: Timestamp, zone: &Zone) -> String {
    format!("{} {zone}", at.civil(zone).strftime("%a %Y-%m-%d %H:%M"))
}
