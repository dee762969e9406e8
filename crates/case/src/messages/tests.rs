//! Rules of messages: to whom, and what is unread.

use super::{MessagesCommand, Receiver};
use crate::Role;
use crate::intake::IntakeCommand;
use crate::tests::world::World;
use doorstep_vocab::{DocumentId, MessageId, Micros};

fn write(id: &str, to: Receiver) -> MessagesCommand {
    MessagesCommand::Write { message_id: MessageId::from(id), to }
}

#[test]
fn a_message_is_written_once_and_not_to_strangers() {
    let mut world = World::oxygen();
    assert_eq!(world.act(write("m-1", Receiver::Referrer)), ["messages.written"]);
    assert_eq!(world.act(write("m-1", Receiver::Referrer)), [""; 0]);
    let stranger = Receiver::Provider("nobody".into());
    assert_eq!(world.refused(write("m-2", stranger)), "receiver-foreign");
    assert_eq!(world.case.messages.written.len(), 1);
}

#[test]
fn what_a_door_brings_later_is_unread_until_somebody_reads_it() {
    let mut world = World::oxygen();
    let note = |id: &str| IntakeCommand::Note(DocumentId::from(id));
    world.role = Role::System;
    world.act(note("with-the-order"));
    assert_eq!(world.case.messages.n_unread, 0, "it came with the order");
    world.now = world.now.plus(Micros::minutes(5));
    let since = world.now;
    world.act(note("n-1"));
    world.now = world.now.plus(Micros::minutes(5));
    world.act(note("n-2"));
    assert_eq!(world.case.messages.n_unread, 2);
    assert_eq!(world.case.messages.unread_since, Some(since));
    world.role = Role::Agent;
    world.act(note("n-3"));
    assert_eq!(world.case.messages.n_unread, 2, "whoever writes a note has read it");
    assert_eq!(world.act(MessagesCommand::Read), ["messages.read"]);
    assert_eq!(world.act(MessagesCommand::Read), [""; 0]);
    assert!(world.case.messages.is_empty());
}
