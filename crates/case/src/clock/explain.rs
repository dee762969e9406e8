//! Each due time explains itself: rule, version, source, start, pauses, zone, arithmetic.

use super::{Clock, ClockState};
use crate::From;
use doorstep_vocab::{Timestamp, Zone};

/// One sentence of an explanation, with what it is about.
pub type Sentence = (&'static str, String);

impl Clock {
    /// Returns how the due time came about, in sentences for a person.
    pub fn explain(&self) -> Vec<Sentence> {
        let started = &self.started;
        let zone = &started.zone;
        let mut out = vec![
            ("rule", format!("{}, version {}", started.rule, started.version)),
            ("source", started.source.clone()),
            (
                "counts from",
                format!("{}, {}", origin(started.from), local(started.counts_from, zone)),
            ),
            ("time allowed", allowed(started.before, &started.within.to_string(), zone)),
        ];
        for (since, until) in &self.pauses {
            out.push((
                "paused",
                format!("from {} to {}, not counted", local(*since, zone), local(*until, zone)),
            ));
        }
        if let ClockState::Paused(since) = self.state {
            out.push(("paused", format!("since {}; the time left is kept", local(since, zone))));
        }
        for (was, at) in &self.moved {
            out.push(("moved", format!("on {} from {}", local(*at, zone), local(*was, zone))));
        }
        out.push(("due", local(started.due_at, zone)));
        if let Some(at) = self.missed_at {
            out.push(("missed", format!("recorded {}", local(at, zone))));
        }
        if let ClockState::Stopped(at) = self.state {
            let how = if at <= started.due_at { "in time" } else { "late" };
            out.push(("stopped", format!("{}, {how}", local(at, zone))));
        }
        out
    }
}

fn origin(from: From) -> &'static str {
    match from {
        From::Event => "the event that started it",
        From::Received => "the first receipt by any door",
        From::Discharge => "the planned discharge",
        From::NeedBy => "the need-by time",
        From::Committed => "the promised time",
    }
}

fn allowed(before: bool, within: &str, zone: &Zone) -> String {
    if before {
        format!("{within} before that, counted in {zone}")
    } else {
        format!("{within}, counted in {zone}")
    }
}

/// Minute, date and zone, as people in that zone read it.
fn local(at: Timestamp, zone: &Zone) -> String {
    format!("{} {zone}", at.civil(zone).strftime("%a %Y-%m-%d %H:%M"))
}
