//! How what somebody decides comes to a node: each command is noted before it is given and when it is answered.

use crate::chance::Class;
use crate::history::Answer;
use crate::sim::Sim;
use doorstep_app::command::Entered;
use doorstep_app::{Acted, App, Ctx, Error, PersonChange, Result, amend, enter};
use doorstep_case::intake::Amendment;
use doorstep_case::{Actor, Role};
use doorstep_vocab::{CaseId, UserId};
use doorstep_world::Door;
use std::cell::Cell;

/// A desk at a node.
pub(super) struct Desk<'a> {
    pub sim: &'a Sim,
    pub app: &'a App,
    /// The version that was seen, which pages send along.
    pub seen: Cell<u32>,
    /// Whether a colleague sits there.
    pub is_other: bool,
}

impl Desk<'_> {
    fn who(&self, actor: Actor) -> Actor {
        let other = match actor.user_id.as_str() {
            "ben" => "ivy",
            "ivy" => "ben",
            _ => return actor,
        };
        if self.is_other { Actor { user_id: UserId::from(other), ..actor } } else { actor }
    }

    /// Gives a command once, and holds the program to its answer at once: what is done is on the disk.
    fn once(
        &self,
        (ctx, case_id): (&Ctx<'_>, &CaseId),
        expected: Option<u32>,
        call: impl FnOnce() -> Result<Acted>,
    ) -> Result<Acted> {
        let sim = self.sim;
        let op = sim.history.borrow_mut().invoke((case_id, &ctx.actor), (ctx.now, expected));
        let acted = call();
        let answer = match &acted {
            Ok(acted) => Answer::Ok(acted.recorded.clone()),
            Err(error) if is_no(error) => Answer::No(error.code()),
            Err(_) => Answer::Unknown,
        };
        if let Answer::Ok(events) = &answer
            && !sim.watch.has(case_id, events)
        {
            sim.fail(format!(
                "{} was told that it is done, and it is not on the disk",
                ctx.actor.user_id
            ));
        }
        sim.history.borrow_mut().answer(op, answer);
        acted
    }
}

/// Whether the answer says that nothing was done.
fn is_no(error: &Error) -> bool {
    match error {
        Error::Refused(_)
        | Error::Forbidden
        | Error::Unproved
        | Error::Outside { .. }
        | Error::NotFound
        | Error::Stale
        | Error::Bad { .. }
        | Error::Busy(_) => true,
        Error::Broken(_) => false,
    }
}

impl Door for Desk<'_> {
    fn enter(&self, actor: Actor, case_id: &CaseId, entered: &Entered) -> Result<()> {
        let actor = self.who(actor);
        let is_person = actor.role != Role::System;
        let expected = is_person.then(|| self.seen.get());
        let ctx = self.app.ctx(actor.clone());
        let give = |ctx: &Ctx<'_>| {
            self.once((ctx, case_id), expected, || enter(ctx, case_id, expected, entered))
        };
        let acted = give(&ctx)?;
        self.seen.set(acted.case.seq);
        if self.sim.strikes(Class::Twice) {
            let ctx = self.app.ctx(actor);
            if let Ok(again) = give(&ctx)
                && !again.recorded.is_empty()
            {
                let name = again.recorded[0].event.name();
                self.sim.fail(format!("the same command twice was done twice: {name}"));
            }
        }
        Ok(())
    }

    fn amend(
        &self,
        actor: Actor,
        case_id: &CaseId,
        (change, amendment): (&PersonChange, &Amendment),
    ) -> Result<()> {
        let ctx = self.app.ctx(actor);
        let give = || amend(&ctx, case_id, None, (change, amendment, &[]));
        self.once((&ctx, case_id), None, give).map(drop)
    }
}
