//! Clocks: what has to happen by when, started, stopped, paused and rung by what happens to the case.
//!
//! A definition is data in a pack; its working is here; its running is a deadline row that the store keeps beside
//! the events. A clock rings by a command: time enters a case by no other way.
//!
//! **Invariant:** the due time is decided once and recorded with the rule, version and source that set it. A later
//! pack never moves a clock that runs.

mod explain;
mod extend;
mod follow;
mod owner;
mod reckon;
mod ring;
mod risk;
#[cfg(test)]
mod tests;
mod turn;
mod whole;

pub use explain::Sentence;
pub(crate) use extend::extendable;
pub(crate) use follow::{due, follow, stop_all, stop_line};
pub use owner::owner_of;
pub(crate) use ring::{ring, rung};

use crate::{From, Item, OnMiss, Recorded, Role, Subject};
use doorstep_vocab::{ClockId, Span, Timestamp, UserId, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Whether a clock counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockState {
    /// It counts.
    Running,
    /// It stands still since then.
    Paused(Timestamp),
    /// It ended then, in time or not.
    Stopped(Timestamp),
}

/// What a running clock was started with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Started {
    /// Its id: the rule's name and what it is about.
    pub clock_id: ClockId,
    /// The rule's name.
    pub rule: String,
    /// What it is about.
    pub about: Subject,
    /// What kind of instant it counts from.
    pub from: From,
    /// The instant it counts from.
    pub counts_from: Timestamp,
    /// How long.
    pub within: Span,
    /// Whether it is due before that instant and not after it.
    pub before: bool,
    /// When it is due.
    pub due_at: Timestamp,
    /// When its owner is warned, by percent.
    pub warn_at: Vec<(u8, Timestamp)>,
    /// The zone that counts its days and hours.
    pub zone: Zone,
    /// Whose it is.
    pub owner: Role,
    /// What follows when it runs out.
    pub on_miss: OnMiss,
    /// Version of the rule.
    pub version: String,
    /// Where the rule's number comes from.
    pub source: String,
    /// Name and version of the calendar that counted.
    #[serde(default)]
    pub calendar: String,
    /// The name of the event that started it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub started_by: String,
    /// The version of the time zone data that counted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub tzdb: String,
    /// By how much it may be extended, once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extendable_by: Option<Span>,
    /// Items that end it once all of them are known of the time since it began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub until: Vec<Item>,
    /// Whether running out decides against the member.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lapses: bool,
}

/// One running of one clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clock {
    /// What it was started with; due and warning times as they now stand.
    pub started: Started,
    /// Whether it counts.
    pub state: ClockState,
    /// Percents already warned of.
    pub warned: Vec<u8>,
    /// When it ran out.
    pub missed_at: Option<Timestamp>,
    /// Pauses that ended.
    pub pauses: Vec<(Timestamp, Timestamp)>,
    /// Earlier due times with when each was replaced.
    pub moved: Vec<(Timestamp, Timestamp)>,
    /// By how much it was extended, and when.
    #[serde(default)]
    pub extended: Vec<(Span, Timestamp)>,
}

impl Clock {
    /// Returns whether it counts.
    pub fn is_running(&self) -> bool {
        self.state == ClockState::Running
    }

    /// Returns whether it has not ended.
    pub fn is_live(&self) -> bool {
        !matches!(self.state, ClockState::Stopped(_))
    }

    /// Returns when it has to ring next: a warning not yet given, or the due time not yet missed.
    pub fn next_at(&self) -> Option<Timestamp> {
        if !self.is_running() || self.missed_at.is_some() {
            return None;
        }
        let warnings =
            self.started.warn_at.iter().filter(|(percent, _)| !self.warned.contains(percent));
        warnings.map(|(_, at)| *at).chain([self.started.due_at]).min()
    }
}

/// Every clock of a case, by id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Clocks(pub BTreeMap<ClockId, Clock>);

impl Clocks {
    /// Returns the live clock that is due first. A reminder that has gone out is due no more.
    pub fn next_due(&self) -> Option<&Clock> {
        let ahead = self.0.values().filter(|clock| clock.is_live() && !clock.is_spent());
        ahead.min_by_key(|clock| {
            (!clock.is_running(), clock.started.due_at, clock.started.clock_id.clone())
        })
    }
}

/// What may be done to a clock from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockCommand {
    /// Its time has come: a warning, or the end.
    Ring(ClockId),
}

/// What happened to a clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it; fields are the clock's")]
pub enum ClockEvent {
    Started(Box<Started>),
    Paused {
        clock_id: ClockId,
    },
    Resumed {
        clock_id: ClockId,
        due_at: Timestamp,
        warn_at: Vec<(u8, Timestamp)>,
    },
    Stopped {
        clock_id: ClockId,
    },
    /// A stopped clock goes on with its original due time.
    Reopened {
        clock_id: ClockId,
    },
    /// What it counts from, or the zone that counts, moved.
    Moved {
        clock_id: ClockId,
        counts_from: Timestamp,
        due_at: Timestamp,
        warn_at: Vec<(u8, Timestamp)>,
        /// The zone that counts from now on, where it changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        zone: Option<Zone>,
    },
    /// It was given more time.
    Extended {
        clock_id: ClockId,
        by: Span,
        due_at: Timestamp,
        warn_at: Vec<(u8, Timestamp)>,
    },
    Warned {
        clock_id: ClockId,
        percent: u8,
        owner: Role,
        /// Who owned it then, where that is one person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_id: Option<UserId>,
    },
    Missed {
        clock_id: ClockId,
        owner: Role,
        /// Who owned it then, where that is one person.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user_id: Option<UserId>,
    },
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &[
    "clock.started",
    "clock.paused",
    "clock.resumed",
    "clock.stopped",
    "clock.reopened",
    "clock.moved",
    "clock.warned",
    "clock.missed",
    "clock.extended",
];

impl ClockEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::Started(_) => 0,
            Self::Paused { .. } => 1,
            Self::Resumed { .. } => 2,
            Self::Stopped { .. } => 3,
            Self::Reopened { .. } => 4,
            Self::Moved { .. } => 5,
            Self::Warned { .. } => 6,
            Self::Missed { .. } => 7,
            Self::Extended { .. } => 8,
        };
        EVENT_NAMES[at]
    }

    /// Returns the clock that the event is about.
    pub fn clock_id(&self) -> &ClockId {
        match self {
            Self::Started(started) => &started.clock_id,
            Self::Paused { clock_id }
            | Self::Resumed { clock_id, .. }
            | Self::Stopped { clock_id }
            | Self::Reopened { clock_id }
            | Self::Moved { clock_id, .. }
            | Self::Extended { clock_id, .. }
            | Self::Warned { clock_id, .. }
            | Self::Missed { clock_id, .. } => clock_id,
        }
    }
}

/// Returns whether something recorded meanwhile made the event needless: within one decision, several reasons may ask
/// for the same end of the same clock.
pub(crate) fn is_stale(clocks: &Clocks, event: &ClockEvent) -> bool {
    let clock = clocks.0.get(event.clock_id());
    let may = |test: fn(&Clock) -> bool| clock.is_some_and(test);
    let is_due = match event {
        ClockEvent::Started(_) => clock.is_none(),
        ClockEvent::Paused { .. } => may(Clock::is_running),
        ClockEvent::Resumed { .. } => may(|clock| matches!(clock.state, ClockState::Paused(_))),
        ClockEvent::Stopped { .. } => may(Clock::is_live),
        ClockEvent::Reopened { .. } => may(|clock| !clock.is_live()),
        // One that is about to be reopened moves first.
        ClockEvent::Moved { counts_from, zone, .. } => clock.is_some_and(|c| {
            c.started.counts_from != *counts_from
                || zone.as_ref().is_some_and(|zone| *zone != c.started.zone)
        }),
        ClockEvent::Extended { .. } => may(|c| c.is_live() && c.extended.is_empty()),
        ClockEvent::Warned { percent, .. } => {
            clock.is_some_and(|c| c.next_at().is_some() && !c.warned.contains(percent))
        }
        ClockEvent::Missed { .. } => may(|clock| clock.next_at().is_some()),
    };
    !is_due
}

pub(crate) fn apply(clocks: &mut Clocks, event: &ClockEvent, recorded: &Recorded) {
    if let ClockEvent::Started(started) = event {
        let clock = Clock {
            started: (**started).clone(),
            state: ClockState::Running,
            warned: Vec::new(),
            missed_at: None,
            pauses: Vec::new(),
            moved: Vec::new(),
            extended: Vec::new(),
        };
        clocks.0.insert(started.clock_id.clone(), clock);
        return;
    }
    if let Some(clock) = clocks.0.get_mut(event.clock_id()) {
        change(clock, event, recorded.at);
    }
}

fn change(clock: &mut Clock, event: &ClockEvent, at: Timestamp) {
    match event {
        ClockEvent::Started(_) => {}
        ClockEvent::Paused { .. } => clock.state = ClockState::Paused(at),
        ClockEvent::Resumed { due_at, warn_at, .. } => {
            if let ClockState::Paused(since) = clock.state {
                clock.pauses.push((since, at));
            }
            clock.state = ClockState::Running;
            (clock.started.due_at, clock.started.warn_at) = (*due_at, warn_at.clone());
        }
        ClockEvent::Stopped { .. } => clock.state = ClockState::Stopped(at),
        ClockEvent::Reopened { .. } => clock.state = ClockState::Running,
        ClockEvent::Moved { counts_from, due_at, warn_at, zone, .. } => {
            clock.moved.push((clock.started.due_at, at));
            if let Some(zone) = zone {
                clock.started.zone = zone.clone();
            }
            clock.started.counts_from = *counts_from;
            put_off(clock, *due_at, (warn_at, at));
        }
        ClockEvent::Extended { by, due_at, warn_at, .. } => {
            clock.extended.push((*by, at));
            put_off(clock, *due_at, (warn_at, at));
        }
        ClockEvent::Warned { percent, .. } => clock.warned.push(*percent),
        ClockEvent::Missed { .. } => clock.missed_at = Some(at),
    }
}

/// What lies ahead again is warned of again.
fn put_off(clock: &mut Clock, due_at: Timestamp, (warn_at, now): (&[(u8, Timestamp)], Timestamp)) {
    (clock.started.due_at, clock.started.warn_at) = (due_at, warn_at.to_vec());
    let is_past = |percent: &u8| warn_at.iter().all(|(p, when)| p != percent || *when <= now);
    clock.warned.retain(is_past);
}
