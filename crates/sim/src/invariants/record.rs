//! One case's record: it grows in order, no clock rings early or twice, nobody takes what another has, what a return or an
//! answer has to set going goes on.

use super::{Kept, Seen, Sound, Watch};
use crate::sim::Sim;
use doorstep_app::{App, summary};
use doorstep_case::clock::{Clock, ClockEvent, ClockState};
use doorstep_case::closing::ClosingEvent;
use doorstep_case::disputes::LEVEL_MAX;
use doorstep_case::placement::PlacementEvent;
use doorstep_case::{
    Case, ClockRule, Event, Facts, Line, OnMiss, Recorded, Role, Subject, invariants,
};
use doorstep_vocab::{ClockId, EscalationId, LineNo, Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Checks an event against the state before it.
pub(super) fn event(seen: &Seen, event: &Recorded) -> Sound {
    let (case, name) = (&seen.fold, event.event.name());
    if event.seq != case.seq + 1 {
        return Err(format!("case {}: event {} follows {}", case.id, event.seq, case.seq));
    }
    if seen.record.last().is_some_and(|last| event.at < last.at) {
        return Err(format!("case {}: event {} goes back in time", case.id, event.seq));
    }
    match &event.event {
        Event::Placement(
            PlacementEvent::Accepted { lines, .. } | PlacementEvent::SingleCaseAgreed { lines, .. },
        ) => free(case, lines),
        Event::Closing(ClosingEvent::LineCancelled { .. } | ClosingEvent::Closed { .. })
            if event.by.role == Role::System && is_a_door(event.by.user_id.as_str()) =>
        {
            Err(format!("case {}: {name} by {}, and no person", case.id, event.by.user_id))
        }
        _ => Ok(()),
    }
}

/// Two acceptances never both win.
fn free(case: &Case, lines: &[LineNo]) -> Sound {
    let held =
        |no: &&LineNo| case.lines.get(no).is_some_and(|line| line.placement.provider().is_some());
    match lines.iter().find(held) {
        Some(no) => Err(format!("case {}: line {no} is taken twice", case.id)),
        None => Ok(()),
    }
}

/// What acts by itself: it ends nothing that people count on.
fn is_a_door(user: &str) -> bool {
    ["intake", "api", "worker", "clock"].contains(&user)
}

/// When each clock has to ring, and which rings came.
#[derive(Default)]
pub(super) struct Rings {
    due: BTreeMap<(ClockId, u8), Timestamp>,
    rung: BTreeSet<(ClockId, u8)>,
}

/// The end of a clock, beside its warnings by percent.
const END: u8 = 100;

impl Rings {
    /// Follows an event. `truly` is the latest time that any clock of the run can have told.
    pub(super) fn turn(&mut self, recorded: &Recorded, truly: Timestamp) -> Sound {
        let Event::Clock(event) = &recorded.event else { return Ok(()) };
        let id = event.clock_id();
        match event {
            ClockEvent::Started(started) => self.set(id, &started.warn_at, started.due_at),
            ClockEvent::Resumed { due_at, warn_at, .. } => self.set(id, warn_at, *due_at),
            ClockEvent::Moved { due_at, warn_at, .. }
            | ClockEvent::Extended { due_at, warn_at, .. } => {
                // What lies ahead again is warned of again.
                self.rung.retain(|(known, percent)| known != id || *percent == END);
                self.set(id, warn_at, *due_at);
            }
            ClockEvent::Warned { percent, .. } => {
                return self.ring((id, *percent), recorded, truly);
            }
            ClockEvent::Missed { .. } => return self.ring((id, END), recorded, truly),
            ClockEvent::Paused { .. }
            | ClockEvent::Stopped { .. }
            | ClockEvent::Reopened { .. } => {}
        }
        Ok(())
    }

    fn set(&mut self, id: &ClockId, warn_at: &[(u8, Timestamp)], due_at: Timestamp) {
        self.due.retain(|(known, _), _| known != id);
        for (percent, at) in warn_at.iter().copied().chain([(END, due_at)]) {
            self.due.insert((id.clone(), percent), at);
        }
    }

    fn ring(
        &mut self,
        (id, percent): (&ClockId, u8),
        recorded: &Recorded,
        truly: Timestamp,
    ) -> Sound {
        let key = (id.clone(), percent);
        let Some(due) = self.due.get(&key) else {
            return Err(format!("{id} rang at {percent} %, which it does not have"));
        };
        if recorded.at < *due || truly < *due {
            return Err(format!("{id} rang early at {percent} %: {} before {due}", recorded.at));
        }
        if !self.rung.insert(key) {
            return Err(format!("{id} rang twice at {percent} %"));
        }
        Ok(())
    }
}

/// Checks what one commit has made of a case.
pub(super) fn batch(app: &App, (before, seen): (&Case, &Seen), events: &[Recorded]) -> Sound {
    let case = &seen.fold;
    if !case.is_open() {
        return Ok(());
    }
    let terms = terms(app, case, case.recorded_at);
    for clock in case.clocks.0.values() {
        paused(case, clock, &terms.clocks)?;
    }
    for event in events {
        match &event.event {
            Event::Placement(PlacementEvent::Returned { lines, .. }) => {
                for no in lines {
                    returned((before, case), *no, &terms.clocks)?;
                }
            }
            Event::Clock(ClockEvent::Missed { clock_id, .. }) => missed(case, clock_id)?,
            _ => {}
        }
    }
    Ok(())
}

/// What runs out is followed by what its rule says.
fn missed(case: &Case, clock_id: &ClockId) -> Sound {
    let Some(clock) = case.clocks.0.get(clock_id) else { return Ok(()) };
    let is_followed = match (clock.started.on_miss, &clock.started.about) {
        (OnMiss::ExpireOffer, Subject::Offer(id)) => {
            !case.placement.offers.get(id).is_some_and(doorstep_case::placement::Offer::is_open)
        }
        (OnMiss::Escalate(level), about) => {
            let raised = &case.disputes.escalations;
            let is_higher = |id| raised.get(id).is_some_and(|escalation| escalation.level >= level);
            // A therapy of a line whose discharge was raised already is not raised once more: the pack says so of its clock.
            let therapy = clock_id.as_str().strip_prefix("therapy-due:");
            let for_discharge = |of: &str| {
                let id = EscalationId(format!("missed:discharge-critical:{of}"));
                raised.get(&id).is_some_and(|escalation| escalation.resolved_at.is_none())
            };
            raised.contains_key(&EscalationId(format!("missed:{clock_id}")))
                || therapy.is_some_and(for_discharge)
                || matches!(about, Subject::Escalation(id) if is_higher(id))
        }
        (OnMiss::EscalateNext, Subject::Escalation(id)) => {
            let raised = &case.disputes.escalations;
            let is_highest = raised.get(id).is_some_and(|known| known.level == LEVEL_MAX);
            is_highest || raised.contains_key(&EscalationId(format!("missed:{clock_id}")))
        }
        _ => true,
    };
    if is_followed {
        Ok(())
    } else {
        Err(format!("case {}: {clock_id} ran out, and nothing followed", case.id))
    }
}

fn terms(app: &App, case: &Case, now: Timestamp) -> std::sync::Arc<doorstep_case::Terms> {
    let zone = case.zone.as_ref().unwrap_or(&app.settings.hub_zone);
    let received_on = case.intake.received_at.date(zone);
    app.packs.terms_between(&case.intake.payer_id, received_on, now.date(zone))
}

/// A clock that waits for the order to be complete stands still only while it is not.
fn paused(case: &Case, clock: &Clock, rules: &[ClockRule]) -> Sound {
    let waits =
        |rule: &&ClockRule| rule.name == clock.started.rule && rule.pauses == ["orders.lapsed"];
    let stands = matches!(clock.state, ClockState::Paused(_));
    let is_complete = match &clock.started.about {
        Subject::Line(no) => case.lines.get(no).is_some_and(|line| line.order.is_complete()),
        _ => case.is_complete(),
    };
    if stands && is_complete && rules.iter().any(|rule| waits(&rule)) {
        let id = &clock.started.clock_id;
        return Err(format!("case {}: {id} stands still, and the order is complete", case.id));
    }
    Ok(())
}

/// What a provider gives back goes on under the clock that it had.
fn returned((before, case): (&Case, &Case), no: LineNo, rules: &[ClockRule]) -> Sound {
    let about = Subject::Line(no);
    if !case.lines.get(&no).is_some_and(Line::is_open) {
        return Ok(());
    }
    let reopened = |clock: &&Clock| {
        clock.started.about == about
            && rules.iter().any(|rule| {
                rule.name == clock.started.rule
                    && rule.reopens.iter().any(|name| name == "placement.returned")
            })
    };
    for old in before.clocks.0.values().filter(reopened) {
        let goes_on = case.clocks.0.iter().any(|(id, clock)| {
            clock.started.rule == old.started.rule
                && clock.started.about == about
                && clock.is_live()
                && before.clocks.0.contains_key(id)
        });
        if !goes_on {
            let id = &old.started.clock_id;
            return Err(format!("case {}: {id} does not go on after the return", case.id));
        }
    }
    Ok(())
}

impl Watch {
    /// The list row is the one that would be made anew. Asked where no clock was wrong, since the row depends on the day.
    pub(super) fn row(&self, sim: &Sim, seen: &Seen, kept: &Kept) -> Sound {
        if sim.has_odd_clocks() {
            return Ok(());
        }
        let case = &seen.fold;
        let terms = terms(&self.app, case, case.recorded_at);
        let facts = Facts {
            now: case.recorded_at,
            actor: doorstep_case::Actor::default(),
            terms: &terms,
            hub_zone: self.app.settings.hub_zone.clone(),
        };
        let says = |words| format!("case {}: {words}", case.id);
        invariants::completeness(case, &facts).map_err(says)?;
        invariants::timed(case, &terms.clocks).map_err(says)?;
        let stored = &kept.row;
        let anew = summary(case, &kept.party.person, &facts);
        let anew = (anew.next_code, anew.next_words, anew.blocked);
        if stored.as_ref() == Some(&anew) {
            return Ok(());
        }
        Err(format!("case {}: the list says {stored:?}, and the case {anew:?}", case.id))
    }
}
