//! The record of one case, and the rules for adding to it.
//!
//! A case is a list of events. [`decide`] says which events a command adds, or refuses it. [`apply`] folds one event
//! into the state. Both are pure: no clock, no database, no chance, no configuration. What a decision needs beyond
//! the state is in [`Facts`], and every number in it comes from a pack.
//!
//! One folder a stage, each with its own state, commands, events and rules: [`intake`], [`benefits`], [`orders`],
//! [`auth`], [`placement`], [`delivery`], [`disputes`], [`calls`], [`closing`]. [`clock`] follows them all.
//!
//! **Invariant:** [`apply`] reads nothing but its arguments, so a case replays to the same state under any later
//! version of any pack: whatever a rule decided (a due time, a completeness, an escalation) is in an event.
//!
//! **Invariant:** events hold ids, codes, dates and measures; never a name, an address or free text.

pub mod acuity;
pub mod auth;
pub mod benefits;
pub mod calls;
pub mod clock;
mod clock_rule;
pub mod closing;
mod coded;
pub mod completeness;
mod consequences;
pub mod delivery;
pub mod disputes;
mod effect;
mod event;
mod facts;
pub mod handout;
pub mod handover;
pub mod intake;
pub mod invariants;
mod items;
mod line;
pub mod messages;
mod next_step;
pub mod orders;
pub mod placement;
pub mod quality;
mod referral;
mod refusal;
pub mod rota;
pub mod rules;
mod stage;
mod terms;
mod waiting;

pub use clock_rule::{About, ClockRule, CountedBy, From, OnMiss};
pub use effect::{Effect, News, Tell, effects};
pub use event::{Command, EVENT_NAMES, Event, Recorded, Subject};
pub use facts::{Actor, Facts, Role};
pub use items::{Fact, ITEMS, Item, ItemKind, Known, Milli, Owner};
pub use line::{Ledger, Line, LineEnd, LineRequest, ServiceLine, Unit};
pub use next_step::{NextStep, next_step};
pub use referral::{
    Address, Channel, Clinician, Coverage, Diagnosis, Discharge, Document, DocumentKind,
    Organisation, Person, Phone, Referral, Sex, Urgency,
};
pub use refusal::Refusal;
pub use stage::Stage;
pub use terms::{
    AuthRule, AuthRuleAnswer, Blocks, Family, FamilyTerms, LineTerms, PayerTerms, Requirement,
    Terms, Waiver,
};
pub use waiting::{Waiting, lines_words, others_waiting, waiting};

use doorstep_planted as planted;
use doorstep_vocab::{CaseId, CaseNumber, LineNo, Timestamp, Zone};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The way in which [`apply`] folds events, by number. It counts up when events that are on record come to another state:
/// a state that was stored by an earlier number is folded anew from its record, not read. 2: lines are complete each for
/// itself. 3: what came in and nobody has read is counted. 4: an escalation has its
/// promises.
pub const FOLD: u32 = 4;

/// What is known about a case after its first `seq` events.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Case {
    /// The case's id, given when it was opened.
    pub id: CaseId,
    /// The [`FOLD`] that made the state.
    #[serde(default)]
    pub fold: u32,
    /// Number of events applied; the next event is `seq + 1`.
    pub seq: u32,
    /// When the last of them was recorded. The next is recorded no earlier, whatever a machine's clock says.
    #[serde(default)]
    pub recorded_at: Timestamp,
    /// What a person reads aloud.
    pub number: Option<CaseNumber>,
    /// The zone that counts the case's days: the service ZIP's, else the hub's.
    pub zone: Option<Zone>,
    /// The state where care is given, by two letters, where its ZIP tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// How the order came in and how it stands.
    pub intake: intake::Intake,
    /// What the payer says of the member's coverage.
    pub benefits: benefits::Benefits,
    /// The questions asked about the order.
    pub orders: orders::Orders,
    /// Each service line with its completeness, authorization, placement and delivery.
    pub lines: BTreeMap<LineNo, Line>,
    /// Offers made to providers, each for one or more lines.
    pub placement: placement::Placement,
    /// Planned deliveries and visits, each for one or more lines.
    pub delivery: delivery::Delivery,
    /// Escalations, appeals, grievances.
    pub disputes: disputes::Disputes,
    /// The calls about it, and what was promised in them.
    #[serde(default, skip_serializing_if = "calls::Calls::is_empty")]
    pub calls: calls::Calls,
    /// What was written to others about it, and what came in that nobody has read.
    #[serde(default, skip_serializing_if = "messages::Messages::is_empty")]
    pub messages: messages::Messages,
    /// How and why the case ended, if it did.
    pub closing: closing::Closing,
    /// Facts about the order by item, for completeness.
    pub known: BTreeMap<Item, Known>,
    /// Every clock that ever ran.
    pub clocks: clock::Clocks,
}

impl Case {
    /// Returns a case that holds nothing yet.
    pub fn new(id: CaseId) -> Self {
        Self { id, fold: FOLD, ..Self::default() }
    }

    /// Returns the lines that are neither cancelled nor done.
    pub fn open_lines(&self) -> impl Iterator<Item = &Line> {
        self.lines.values().filter(|line| line.is_open())
    }

    /// Returns whether the order of every open line is complete.
    pub fn is_complete(&self) -> bool {
        self.open_lines().all(|line| line.order.is_complete())
    }

    /// Returns when the order as a whole was found complete: when the last of its open lines was, or of all when none is
    /// open. `None` while one of them is not.
    pub fn completed_at(&self) -> Option<Timestamp> {
        self.latest(|order| order.completed_at)
    }

    /// Returns when each of those lines had been complete once.
    pub fn first_completed_at(&self) -> Option<Timestamp> {
        self.latest(|order| order.first_completed_at)
    }

    fn latest(&self, of: fn(&orders::LineOrder) -> Option<Timestamp>) -> Option<Timestamp> {
        let has_open = self.open_lines().next().is_some();
        let lines = self.lines.values().filter(|line| line.is_open() || !has_open);
        lines.map(|line| of(&line.order)).collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// Returns whether the case was opened and has not been closed.
    pub fn is_open(&self) -> bool {
        self.seq > 0 && self.closing.closed.is_none()
    }
}

/// Returns the events that `command` adds to `case`, with all that follows from them: completeness, escalations,
/// clocks. An empty list means that it was done before.
///
/// # Errors
///
/// [`Refusal`] when the state or the payer's terms do not allow the command.
pub fn decide(case: &Case, command: &Command, facts: &Facts) -> Result<Vec<Event>, Refusal> {
    closing::permits(case, command)?;
    let decided: Vec<Event> = match command {
        Command::Intake(command) => stage(intake::decide(case, command, facts)?, Event::Intake),
        Command::Benefits(command) => {
            stage(benefits::decide(case, command, facts)?, Event::Benefits)
        }
        Command::Orders(command) => stage(orders::decide(case, command, facts)?, Event::Orders),
        Command::Auth(command) => stage(auth::decide(case, command, facts)?, Event::Auth),
        Command::Placement(command) => {
            stage(placement::decide(case, command, facts)?, Event::Placement)
        }
        Command::Delivery(command) => {
            stage(delivery::decide(case, command, facts)?, Event::Delivery)
        }
        Command::Disputes(command) => {
            stage(disputes::decide(case, command, facts)?, Event::Disputes)
        }
        Command::Calls(command) => stage(calls::decide(case, command, facts)?, Event::Calls),
        Command::Messages(command) => stage(messages::decide(case, command)?, Event::Messages),
        Command::Closing(command) => stage(closing::decide(case, command, facts)?, Event::Closing),
        Command::Clock(command) => clock::ring(case, command, facts)?,
    };
    Ok(consequences::follow(case, decided, facts))
}

fn stage<E>(events: Vec<E>, wrap: fn(E) -> Event) -> Vec<Event> {
    events.into_iter().map(wrap).collect()
}

/// Folds one recorded event into `case`.
///
/// # Panics
///
/// When events are out of order: that is a bug in the caller, and going on would hide it.
pub fn apply(case: &mut Case, recorded: &Recorded) {
    assert_eq!(recorded.seq, case.seq + 1, "case {} skipped an event", case.id);
    case.seq = recorded.seq;
    case.recorded_at = recorded.at.max(case.recorded_at);
    if planted::is("folds-what-no-event-says") {
        case.recorded_at.0 += planted::nth();
    }
    match &recorded.event {
        Event::Intake(event) => intake::apply(case, event, recorded),
        Event::Benefits(event) => benefits::apply(&mut case.benefits, event, recorded),
        Event::Orders(event) => orders::apply(case, event, recorded),
        Event::Auth(event) => auth::apply(case, event, recorded),
        Event::Placement(event) => placement::apply(case, event, recorded),
        Event::Delivery(event) => delivery::apply(case, event, recorded),
        Event::Disputes(event) => disputes::apply(&mut case.disputes, event, recorded),
        Event::Calls(event) => calls::apply(&mut case.calls, event, recorded),
        Event::Messages(event) => messages::apply(&mut case.messages, event, recorded),
        Event::Closing(event) => closing::apply(case, event, recorded),
        Event::Clock(event) => clock::apply(&mut case.clocks, event, recorded),
    }
    messages::came(case, recorded);
}

/// Folds a whole record into the state it stands for.
pub fn replay<'a>(id: CaseId, record: impl IntoIterator<Item = &'a Recorded>) -> Case {
    let mut case = Case::new(id);
    for recorded in record {
        apply(&mut case, recorded);
    }
    case
}

#[cfg(test)]
mod tests;
