//! One case as the world knows it: the truth about its order, what is planned, and how far the staff have come.

use crate::cast::Door;
use crate::deed::Deed;
use crate::hours::Hours;
use crate::orders::Order;
use crate::people::contact;
use crate::rng::Rng;
use doorstep_app::command::Entered;
use doorstep_app::{App, Error, Result};
use doorstep_case::completeness::{self, Missing};
use doorstep_case::{Actor, Case, Command, NextStep, Role, next_step};
use doorstep_vocab::{CaseId, Micros, Timestamp, UserId, Zone};
use std::collections::BTreeSet;

/// One case as the world knows it.
pub(crate) struct Story {
    /// Its number in the world, from 0 in the order of opening.
    pub number: u32,
    /// The case.
    pub case_id: CaseId,
    /// The truth about it.
    pub order: Order,
    /// The version that the world last saw.
    pub seen: u32,
    /// What is planned, and what was done that is done once.
    pub planned: BTreeSet<Deed>,
    /// Steps that the staff have done.
    pub steps: u32,
    /// The step from which on the staff leave it to the visitor for a while.
    pub leave_from: Option<u32>,
    /// When somebody whom the world does not play last did something.
    pub touched_at: Option<Timestamp>,
    /// Whether somebody whom the world does not play opened it.
    pub is_own: bool,
}

/// How many of a hundred cases the staff leave to the visitor at some step.
const LEFT_PERCENT: u32 = 34;
/// At which step, at the latest.
const LEFT_STEP_MAX: u32 = 5;

impl Story {
    /// Begins the story of a case whose order the world sent.
    pub(crate) fn sent(number: u32, case_id: CaseId, order: Order, seed: u64) -> Self {
        let mut rng = Rng::of(seed, &format!("leave {number}"));
        let leave_from = rng.percent(LEFT_PERCENT).then(|| rng.between(0, LEFT_STEP_MAX));
        Self {
            number,
            case_id,
            order,
            seen: 0,
            planned: BTreeSet::new(),
            steps: 0,
            leave_from,
            touched_at: None,
            is_own: false,
        }
    }

    /// Begins the story of a case that the visitor opened: partners answer, the staff leave it alone.
    pub(crate) fn adopted(number: u32, case_id: CaseId, (seed, now): (u64, Timestamp)) -> Self {
        let order = Order::new(1_000_000 + number, seed, now);
        let planned = BTreeSet::from([Deed::Assign, Deed::HandOver, Deed::Triage]);
        let sent = Self::sent(number, case_id, order, seed);
        Self { leave_from: Some(0), planned, is_own: true, ..sent }
    }

    /// Makes the generator for one thing about this case.
    pub(crate) fn rng(&self, seed: u64, thing: &str) -> Rng {
        Rng::of(seed, &format!("{}/{thing}", self.number))
    }
}

/// What somebody sees who is about to do something: the case, its truth, the time, and chance.
pub(crate) struct Scene<'a> {
    pub app: &'a App,
    pub door: &'a dyn Door,
    pub case: &'a Case,
    pub story: &'a Story,
    pub seed: u64,
    pub now: Timestamp,
    /// Whether somebody may look on.
    pub is_watched: bool,
}

impl Scene<'_> {
    /// Makes the generator for a deed: for when it is done, and for how.
    pub(crate) fn rng(&self, deed: &Deed, what: &str) -> Rng {
        self.story.rng(self.seed, &format!("{what} {}", deed.label(&self.story.planned)))
    }

    /// Gives a command.
    pub(crate) fn act(&self, actor: Actor, command: &Command) -> Result<()> {
        let entered = Entered { command: command.clone(), contact: None, words: None };
        self.door.enter(actor, &self.case.id, &entered)
    }

    /// Gives a command that names whom to ask for at a provider: somebody as invented as the provider.
    pub(crate) fn act_with_contact(
        &self,
        actor: Actor,
        (command, rng): (Command, &mut Rng),
    ) -> Result<()> {
        let entered = Entered { command, contact: Some(contact(rng)), words: None };
        self.door.enter(actor, &self.case.id, &entered)
    }

    /// Gives a command as somebody outside, whom the hub's own program speaks for.
    pub(crate) fn act_as(&self, partner: &str, command: &Command) -> Result<()> {
        self.act(Self::partner(partner), command)
    }

    /// Returns somebody outside as who acts.
    pub(crate) fn partner(name: &str) -> Actor {
        Actor { user_id: UserId::from(name), role: Role::System }
    }

    /// Returns the hub's zone.
    pub(crate) fn hub_zone(&self) -> &Zone {
        &self.app.settings.hub_zone
    }

    /// Returns the zone that counts the case's days.
    pub(crate) fn zone(&self) -> &Zone {
        self.case.zone.as_ref().unwrap_or(self.hub_zone())
    }

    /// Returns the instant after so many minutes of office hours.
    pub(crate) fn after_work(&self, minutes: u32) -> Timestamp {
        Hours::Office.after(self.now, minutes, self.hub_zone())
    }

    /// Returns the instant after so many minutes of the hub's shifts.
    pub(crate) fn on_duty(&self, minutes: u32) -> Timestamp {
        Hours::Desk.after(self.now, minutes, self.hub_zone())
    }

    /// Returns the instant so many minutes from now.
    pub(crate) fn in_minutes(&self, minutes: u32) -> Timestamp {
        self.now.plus(Micros::minutes(i64::from(minutes)))
    }

    /// Returns what is missing and what is next.
    pub(crate) fn next(&self) -> (Vec<Missing>, NextStep) {
        let date = self.case.intake.received_at.date(self.zone());
        let terms = self.app.packs.terms_for(&self.case.intake.payer_id, date);
        let missing = completeness::missing(self.case, &terms, self.now, self.hub_zone());
        let next = next_step(self.case, &missing);
        (missing, next)
    }
}

/// Returns whether the rules said no, with the code.
pub(crate) fn refusal(error: &Error) -> Option<&'static str> {
    if let Error::Refused(refusal) = error { Some(refusal.code()) } else { None }
}
