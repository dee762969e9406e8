//! What may happen in a run, one file for each of those who act: senders, people, partners, workers, the weather, and visitors
//! who sign in.

mod desk;
mod doors;
mod partners;
mod people;
mod script;
mod visits;
mod weather;
mod work;

pub(crate) use doors::Letter;
pub(crate) use visits::Visit;

use crate::sim::Sim;
use doorstep_case::Case;
use doorstep_vocab::{CaseId, Micros, Timestamp};
use doorstep_world::{Intent, Part};
use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Something that is to happen.
pub(crate) enum What {
    /// A letter comes to a door, for the first time or again.
    Send(usize),
    /// Those around a case look at it, and plan.
    Look(Rc<Role>),
    /// Somebody of the hub opens the page of a case, to do something about it.
    Open(Turn),
    /// And does it, after some thought.
    Write(Turn),
    /// Somebody outside answers.
    Answer(Turn),
    /// And the answer arrives.
    Arrive(Turn),
    /// Somebody outside says what nobody asked.
    Stray(Rc<Role>),
    /// A worker looks for work, at a time that it was planned for.
    Work(Timestamp),
    /// Another looks at about the same time.
    Rival,
    /// A node is started.
    Restart(usize),
    /// What has run out is swept.
    Sweep,
    /// Somebody who has signed in looks at a page.
    Visit,
    /// Some of those who are told can perhaps not be reached for a while.
    Outage,
    /// One of them cannot be reached.
    Cut(String),
    /// One of them can be reached again.
    Mend(String),
    /// A node's clock perhaps jumps.
    Jump(usize),
}

/// The people around one case.
pub(crate) struct Role {
    pub case_id: CaseId,
    pub part: RefCell<Part>,
    /// Whether they are about to look.
    pub is_called: Cell<bool>,
}

/// Somebody's turn to do something about a case.
#[derive(Clone)]
pub(crate) struct Turn {
    pub role: Rc<Role>,
    pub intent: Intent,
    /// The case as they saw it.
    pub seen: Option<Rc<Case>>,
    /// How often it was tried.
    pub tries: u32,
    /// Whether it is a colleague of whoever would do it, or the same person at another window.
    pub is_other: bool,
}

impl Turn {
    fn again(self) -> Self {
        Self { tries: self.tries + 1, seen: None, ..self }
    }
}

/// Tries after which somebody gives up on one thing, and looks at the case anew.
const TRIES_MAX: u32 = 30;

impl Sim {
    pub(crate) fn play(&self, what: What) {
        match what {
            What::Send(letter) => self.send(letter),
            What::Look(role) => self.look(&role),
            What::Open(turn) => self.open_page(turn),
            What::Write(turn) => self.write(turn),
            What::Answer(turn) => self.answer(turn),
            What::Arrive(turn) => self.arrive(turn),
            What::Stray(role) => self.stray(&role),
            What::Work(at) => self.work_on(at),
            What::Rival => self.rival(),
            What::Restart(node) => self.restart(node),
            What::Sweep => self.sweep(),
            What::Visit => self.visited(),
            What::Outage => self.outage(),
            What::Cut(link) => self.cut(&link),
            What::Mend(link) => self.mend(&link),
            What::Jump(node) => self.jump(node),
        }
    }

    /// A case has changed: those around it look, and a worker does.
    pub(crate) fn changed(&self, case_id: &CaseId) {
        let role = self.roles.borrow().iter().find(|role| role.case_id == *case_id).cloned();
        if let Some(role) = role {
            self.call(&role);
        }
        let after = i64::from(self.between(50, 3_000)) * 1_000;
        self.plan_work(self.now().plus(Micros(after)));
    }

    /// Lets those around a case look at it soon.
    fn call(&self, role: &Rc<Role>) {
        if !role.is_called.replace(true) {
            let after = i64::from(self.between(1, 8)) * 500_000;
            self.push_in(Micros(after), What::Look(Rc::clone(role)));
        }
    }

    /// Those around a case look at it as it stands, and plan what they are about to do.
    fn look(&self, role: &Rc<Role>) {
        role.is_called.set(false);
        let Some(case) = self.watch.case(&role.case_id) else { return };
        let Ok(mut part) = role.part.try_borrow_mut() else { return self.call(role) };
        let intents = part.intents(self.watch.app(), &case);
        drop(part);
        for (intent, at) in intents {
            let is_of_staff = intent.is_of_staff();
            let role = Rc::clone(role);
            let turn = Turn { role, intent, seen: None, tries: 0, is_other: false };
            self.push(at, if is_of_staff { What::Open(turn) } else { What::Answer(turn) });
        }
        if self.strikes(crate::Class::Stray) {
            let minutes = i64::from(self.between(1, 240));
            self.push_in(Micros::minutes(minutes), What::Stray(Rc::clone(role)));
        }
    }

    /// A span of so many seconds.
    fn seconds(&self, least: u32, most: u32) -> Micros {
        Micros(i64::from(self.between(least, most)) * 1_000_000)
    }
}
