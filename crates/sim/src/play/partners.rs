//! Everybody outside: they answer what they saw some time ago, late, twice, out of turn, and again when nobody thanked them.

use super::desk::Desk;
use super::{Role, TRIES_MAX, Turn, What};
use crate::chance::Class;
use crate::sim::{Done, Sim};
use doorstep_app::Error;
use doorstep_app::command::{Contact, Entered};
use doorstep_case::auth::{Approval, AuthCommand};
use doorstep_case::benefits::{Answer, BenefitsCommand, CoverageStatus};
use doorstep_case::delivery::{DeliveryCommand, MissReason};
use doorstep_case::intake::{Amendment, IntakeCommand};
use doorstep_case::placement::{DeclineReason, PlacementCommand};
use doorstep_case::{Actor, Case, Command};
use doorstep_vocab::{ContactId, LineNo, Micros, OfferId, Phi, UserId};
use doorstep_world::{Came, Door, Rng};
use std::cell::Cell;
use std::rc::Rc;

impl Sim {
    /// Somebody outside answers, by the case as it stands.
    pub(super) fn answer(&self, turn: Turn) {
        let Some(case) = self.watch.case(&turn.role.case_id) else { return };
        let turn = Turn { seen: Some(Rc::new(case)), ..turn };
        if self.strikes(Class::NetDrop) {
            let after = self.seconds(300, 3_600);
            return self.push_in(after, What::Answer(turn.again()));
        }
        if self.strikes(Class::NetDouble) {
            self.push_in(self.seconds(1, 7_200), What::Arrive(turn.clone()));
        }
        let way = match self.between(0, 99) {
            0..70 => self.seconds(0, 30),
            70..95 => self.seconds(30, 600),
            _ => self.seconds(600, 10_800),
        };
        self.push_in(way, What::Arrive(turn));
    }

    /// And the answer arrives.
    pub(super) fn arrive(&self, turn: Turn) {
        let node = self.any_node();
        match node.and_then(|node| self.perform(node, &turn)) {
            Some(Done::Ok(Came::Dropped)) => {}
            Some(Done::Ok(Came::Done)) => {
                if self.strikes(Class::NetAnswer) {
                    self.push_in(self.seconds(60, 1_800), What::Arrive(turn.clone()));
                }
                self.call(&turn.role);
            }
            Some(Done::Ok(Came::Later(at))) => self.push(at, What::Answer(turn.again())),
            Some(Done::Err(Error::NotFound)) => self.fail("a case that was there is not found"),
            Some(Done::Err(Error::Busy(_) | Error::Broken(_) | Error::Stale) | Done::Died)
            | None
                if turn.tries < TRIES_MAX =>
            {
                let turn = Turn { tries: turn.tries + 1, ..turn };
                self.push_in(self.seconds(30, 900), What::Arrive(turn));
            }
            Some(Done::Err(_) | Done::Died) | None => self.give_up(&turn),
        }
    }

    /// Somebody outside says what nobody asked: contradicts itself, answers twice, means another line.
    pub(super) fn stray(&self, role: &Rc<Role>) {
        let (Some(case), Some(node)) = (self.watch.case(&role.case_id), self.any_node()) else {
            return;
        };
        let Some((who, command)) = said(&case, &mut self.rng.borrow_mut(), self.now()) else {
            return;
        };
        let done = self.operate(node, |app| {
            let at = Desk { sim: self, app, seen: Cell::new(case.seq), is_other: false };
            let actor = Actor { user_id: UserId::from(who), role: doorstep_case::Role::System };
            at.enter(
                actor,
                &role.case_id,
                &Entered { command, contact: Some(contact()), words: None },
            )
        });
        let answer = match done {
            Done::Ok(()) => "done",
            Done::Err(error) => error.code(),
            Done::Died => "died",
        };
        self.say(&format!("{who} says out of turn to node {node}: {answer}"));
    }
}

/// Whom to ask for, in case that what is said names somebody.
fn contact() -> Contact {
    let [name, phone] = ["Cora Sample", "800-555-0100"].map(|text| Phi::new(text.to_owned()));
    Contact { name, phone }
}

/// Returns who says what.
fn said(
    case: &Case,
    rng: &mut Rng,
    now: doorstep_vocab::Timestamp,
) -> Option<(&'static str, Command)> {
    let lines: Vec<LineNo> = case.lines.keys().copied().collect();
    let line = *rng.pick(&lines)?;
    let offers: Vec<&OfferId> = case.placement.offers.keys().collect();
    let offer = rng.pick(&offers).map(|id| (*id).clone());
    let visits: Vec<_> = case.delivery.visits.keys().collect();
    let visit = rng.pick(&visits).map(|id| (*id).clone());
    let reason = DeclineReason::NoCapacityDate;
    let known: Vec<_> = case.known.keys().copied().collect();
    let item = rng.pick(&known).copied();
    Some(match (rng.below(10), offer, visit) {
        (8..=9, ..) if item.is_some() => {
            let withdrawn = item.into_iter().collect();
            let amendment = Amendment { withdrawn, ..Amendment::default() };
            ("referrer", Command::Intake(IntakeCommand::Amend(amendment)))
        }
        (0..=2, Some(offer_id), _) => {
            let lines = case.placement.offers[&offer_id].lines.clone();
            let commit_by = now.plus(Micros::hours(i64::from(rng.between(2, 40))));
            let contact_id = ContactId(format!("{offer_id}-contact"));
            let accept = PlacementCommand::Accept { offer_id, lines, commit_by, contact_id };
            ("provider", Command::Placement(accept))
        }
        (3, Some(offer_id), _) => {
            ("provider", Command::Placement(PlacementCommand::Decline { offer_id, reason }))
        }
        (4, Some(offer_id), _) => {
            ("provider", Command::Placement(PlacementCommand::Return { offer_id, reason }))
        }
        (5, _, Some(visit_id)) => {
            let reason = MissReason::NotHome;
            ("provider", Command::Delivery(DeliveryCommand::Miss { visit_id, reason }))
        }
        (6, ..) => {
            let reasons = vec!["TEST-out-of-turn".to_owned()];
            ("payer", Command::Auth(AuthCommand::Deny { line, reasons, noticed_on: None }))
        }
        (7, ..) => {
            let status = CoverageStatus::Inactive;
            let answer = Answer { status, reference: None, from: None, to: None };
            ("payer", Command::Benefits(BenefitsCommand::Answer(answer)))
        }
        _ => {
            let number = format!("TEST-AUTH-{:06}", rng.below(1_000_000));
            let approval = Approval { number, ..Approval::default() };
            let approve =
                AuthCommand::Approve { line, approval, modified: false, noticed_on: None };
            ("payer", Command::Auth(approve))
        }
    })
}
