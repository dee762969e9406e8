//! People of the hub: they open a page, think, and send a form with the version that they saw.

use super::desk::Desk;
use super::{TRIES_MAX, Turn, What};
use crate::chance::Class;
use crate::sim::{Done, Sim};
use doorstep_app::{Error, case_file, desk};
use doorstep_case::{Actor, Role};
use doorstep_vocab::UserId;
use doorstep_world::{Came, Door};
use std::cell::Cell;
use std::rc::Rc;

impl Sim {
    /// Somebody opens the page of a case.
    pub(super) fn open_page(&self, turn: Turn) {
        let Some(node) = self.any_node() else { return self.open_later(turn) };
        let case_id = turn.role.case_id.clone();
        let known = self.watch.seq(&case_id);
        let is_whole = self.percent(30);
        let read = self.operate(node, |app| {
            let ctx = app.ctx(Actor { user_id: UserId::from("ben"), role: Role::Agent });
            if is_whole {
                let file = case_file(&ctx, &case_id)?;
                if doorstep_case::replay(case_id.clone(), &file.record) != file.case {
                    self.fail("a page shows a case that is not what its record says");
                }
                return Ok(file.now.case);
            }
            desk::case_for_form(&ctx, &case_id)
        });
        let case = match read {
            Done::Ok(case) => case,
            Done::Err(Error::NotFound) => return self.fail("a case that was there is not found"),
            Done::Err(_) | Done::Died => return self.open_later(turn),
        };
        if case.seq < known {
            return self.fail(format!("a page shows version {} after {known}", case.seq));
        }
        if turn.tries == 0 && !turn.is_other && self.strikes(Class::Twice) {
            let other = Turn { is_other: !turn.is_other, ..turn.clone() };
            self.push_in(self.seconds(0, 20), What::Open(other));
        }
        let turn = Turn { seen: Some(Rc::new(case)), ..turn };
        self.push_in(self.seconds(1, 300), What::Write(turn));
    }

    /// And sends a form.
    pub(super) fn write(&self, turn: Turn) {
        let Some(node) = self.any_node() else { return self.open_later(turn) };
        match self.perform(node, &turn) {
            Some(Done::Ok(Came::Done)) => self.call(&turn.role),
            // Whoever changes the case next lets everybody look again.
            Some(Done::Ok(Came::Dropped)) => {}
            Some(Done::Ok(Came::Later(at))) => self.push(at, What::Open(turn.again())),
            Some(Done::Err(Error::NotFound)) => self.fail("a case that was there is not found"),
            Some(Done::Err(Error::Stale)) if turn.tries < TRIES_MAX => {
                self.push_in(self.seconds(5, 60), What::Open(turn.again()));
            }
            Some(Done::Err(Error::Busy(_) | Error::Broken(_)) | Done::Died) | None => {
                self.open_later(turn);
            }
            Some(Done::Err(
                Error::Refused(_)
                | Error::Stale
                | Error::Bad { .. }
                | Error::Forbidden
                | Error::Unproved
                | Error::Outside { .. },
            )) => self.give_up(&turn),
        }
    }

    /// Lets a node do what somebody intends; `None` while the same people are busy with the case elsewhere on the stack.
    pub(super) fn perform(&self, node: usize, turn: &Turn) -> Option<Done<Came>> {
        let seen = turn.seen.clone()?;
        let mut part = turn.role.part.try_borrow_mut().ok()?;
        let done = self.operate(node, |app| {
            let is_other = turn.is_other;
            let at = Desk { sim: self, app, seen: Cell::new(seen.seq), is_other };
            part.perform((app, &at as &dyn Door), &seen, &turn.intent)
        });
        self.say(&format!("{:?} by node {node}: {}", turn.intent, came(&done)));
        Some(done)
    }

    /// The rules say no: it is not done, and the case is looked at anew.
    pub(super) fn give_up(&self, turn: &Turn) {
        if let Ok(mut part) = turn.role.part.try_borrow_mut() {
            part.settle(&turn.intent);
        }
        self.call(&turn.role);
    }

    fn open_later(&self, turn: Turn) {
        if turn.tries < TRIES_MAX {
            self.push_in(self.seconds(5, 240), What::Open(turn.again()));
        } else {
            self.give_up(&turn);
        }
    }
}

fn came(done: &Done<Came>) -> String {
    match done {
        Done::Ok(came) => format!("{came:?}"),
        Done::Err(error) => error.code().to_owned(),
        Done::Died => "died".to_owned(),
    }
}
