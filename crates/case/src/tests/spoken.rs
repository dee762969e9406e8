//! Random calls and messages about a case.

use super::chance::Chance;
use super::world::World;
use crate::calls::{Authority, CallsCommand, Direction, Identifier, Level, TransferTo};
use crate::handout::Cause;
use crate::messages::{MessagesCommand, Receiver};
use doorstep_vocab::{CallId, Micros};

impl Chance {
    pub(super) fn message(&mut self) -> MessagesCommand {
        if self.one_in(2) {
            return MessagesCommand::Read;
        }
        let to = match self.below(4) {
            0 => Receiver::Referrer,
            1 => Receiver::Member,
            2 => Receiver::Payer,
            _ => Receiver::Provider(self.pick(&["north", "south", "nobody"]).into()),
        };
        MessagesCommand::Write { message_id: self.id("message", 3), to }
    }

    pub(super) fn call(&mut self, world: &World) -> CallsCommand {
        let known: Vec<CallId> = world.case.calls.0.keys().cloned().collect();
        let owed: Vec<CallId> = world.case.calls.owed().map(|(id, _)| id.clone()).collect();
        let call_id = match (&owed[..], &known[..]) {
            (owed, _) if !owed.is_empty() && self.one_in(2) => self.pick(owed),
            (_, known) if !known.is_empty() && !self.one_in(4) => self.pick(known),
            _ => self.id("call", 3),
        };
        match self.below(10) {
            0 | 1 => CallsCommand::Begin {
                call_id,
                direction: self.pick(Direction::ALL),
                caller: self.text("caller", 2),
                reason: self.text("reason", 2),
            },
            2 => CallsCommand::Verify {
                call_id,
                level: self.pick(Level::ALL),
                matched: vec![self.pick(Identifier::ALL)],
                authority: vec![self.pick(Authority::ALL)],
            },
            3 => {
                let symptoms = vec![self.text("symptom", 2)];
                CallsCommand::Transfer { call_id, to: self.pick(TransferTo::ALL), symptoms }
            }
            4 | 5 => {
                let minutes = i64::try_from(self.below(2000)).unwrap() - 200;
                let promised_to = world.now.plus(Micros::minutes(minutes));
                CallsCommand::Promise { call_id, promised_to }
            }
            6 => CallsCommand::Keep { call_id },
            7 => CallsCommand::Fail { call_id },
            8 => {
                let to = Some(self.id("nurse", 2)).filter(|_| self.one_in(2));
                CallsCommand::PassOn { call_id, to, cause: self.pick(Cause::ALL) }
            }
            _ => {
                let disposition = self.text("disposition", 2);
                CallsCommand::End { call_id, disposition, was_reached: self.one_in(2) }
            }
        }
    }
}
