//! One change to one case: all of it or none, once, and by whoever saw the case as it is.

use crate::on_both;
use crate::support::orders::{Door, Order};
use crate::support::rows;
use crate::support::world::World;
use doorstep_app::command::{Contact, Entered};
use doorstep_app::{Error, PersonChange, act, amend, case_file, enter, note};
use doorstep_case::closing::{ClosingCommand, ReopenReason};
use doorstep_case::disputes::{DisputesCommand, EscalationReason};
use doorstep_case::intake::{Amendment, IntakeCommand, Priority};
use doorstep_case::orders::OrdersCommand;
use doorstep_case::placement::PlacementCommand;
use doorstep_case::{Case, Command, Coverage, Fact, Item, Milli, Owner, Person, Role};
use doorstep_db::params;
use doorstep_store::notes::Visibility;
use doorstep_store::{cases, people};
use doorstep_vocab::{AskId, CaseId, EscalationId, Micros};
use std::sync::Barrier;

/// Opens a case and returns its id.
fn opened(world: &World) -> CaseId {
    let taken = world.take_now(&Order::nth(0).by(Door::Fhir, 0));
    taken.units[0].case_id.clone().unwrap()
}

fn load(world: &World, id: &CaseId) -> Case {
    world.app.db.read(|tx| cases::load(tx, id)).unwrap().unwrap()
}

fn triage(priority: Priority) -> Command {
    Command::Intake(IntakeCommand::Triage(priority))
}

fn of_two_who_saw_the_same_case_one_wins(world: &World) {
    let id = opened(world);
    for _ in 0..10 {
        let seen = load(world, &id);
        let others = Priority::ALL.into_iter().filter(|one| Some(*one) != seen.intake.priority);
        let commands: Vec<Command> = others.take(2).map(triage).collect();
        let barrier = Barrier::new(2);
        let results: Vec<_> = std::thread::scope(|scope| {
            let writers: Vec<_> = commands
                .iter()
                .map(|command| {
                    scope.spawn(|| {
                        let ctx = world.ctx(Role::Nurse);
                        barrier.wait();
                        act(&ctx, &id, Some(seen.seq), command)
                    })
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        let won = results.iter().filter(|result| result.is_ok()).count();
        let stale = results.iter().filter(|result| matches!(result, Err(Error::Stale))).count();
        assert_eq!((won, stale), (1, 1), "{results:?}");
        assert_eq!(load(world, &id).seq, seen.seq + 1);
    }
    assert_eq!(rows::differing(world), []);
}

fn writers_that_saw_nothing_all_get_through(world: &World) {
    let id = opened(world);
    let before = load(world, &id).seq;
    std::thread::scope(|scope| {
        for n in 0..8 {
            let id = &id;
            scope.spawn(move || {
                let words = format!("call {n}");
                note(&world.agent(), id, Visibility::Hub, words.into()).unwrap();
            });
        }
    });
    assert_eq!(load(world, &id).seq, before + 8);
    assert_eq!(rows::rows(world, "note"), 8);
}

fn the_same_command_again_adds_nothing(world: &World) {
    let id = opened(world);
    let commands = [
        Command::Intake(IntakeCommand::Acknowledge),
        Command::Intake(IntakeCommand::Assign("ana".into())),
        Command::Orders(OrdersCommand::Ask {
            ask_id: AskId::from("ask-1"),
            of: Owner::Referrer,
            items: vec![Item::named("order.signed-on")],
        }),
        Command::Disputes(DisputesCommand::Escalate {
            escalation_id: EscalationId::from("escalation-1"),
            level: 1,
            reason: EscalationReason::ALL[0],
            call_id: None,
            message_id: None,
        }),
    ];
    for command in &commands {
        let seen = load(world, &id).seq;
        let ctx = world.ctx(Role::Supervisor);
        assert!(!act(&ctx, &id, Some(seen), command).unwrap().recorded.is_empty(), "{command:?}");
        let after = rows::tables(world);
        for expected in [Some(seen), None, Some(load(world, &id).seq)] {
            let again = act(&ctx, &id, expected, command).unwrap();
            assert!(again.recorded.is_empty(), "{command:?} after {expected:?}");
        }
        assert_eq!(rows::tables(world), after, "{command:?} left something");
    }
}

/// Lists sort and filter by the name: it changes there with the person, without waiting for an event.
fn a_name_that_changes_changes_in_the_list_at_once(world: &World) {
    let id = opened(world);
    let agent = world.agent();
    let renamed = PersonChange {
        person: Person { family: Some("Otherwise".to_owned().into()), ..Person::default() },
        ..PersonChange::default()
    };
    let done = amend(&agent, &id, None, (&renamed, &Amendment::default(), &[])).unwrap();
    assert!(done.recorded.is_empty(), "an event holds no name");
    let sorted = rows::texts(world, "SELECT member_sort AS t FROM case_head");
    assert!(sorted[0].starts_with("otherwise"), "{sorted:?}");
    assert_eq!(load(world, &id).seq, done.case.seq);
    assert_eq!(rows::differing(world), []);
}

/// Whom to ask for at a provider is a row, kept with the acceptance that names it and never without one.
fn a_named_contact_is_kept_with_its_acceptance_and_in_no_event(world: &World) {
    let id = opened(world);
    crate::walk::network(world);
    let agent = world.agent();
    let lines: Vec<_> = load(world, &id).open_lines().map(|line| line.no).take(1).collect();
    let offer = PlacementCommand::Offer {
        offer_id: "o1".into(),
        provider_id: "provider-0".into(),
        lines: lines.clone(),
    };
    act(&agent, &id, None, &Command::Placement(offer)).unwrap();
    let commit_by = world.clock.now().plus(Micros::hours(9));
    let accept = |contact: &str| {
        let (offer_id, contact_id) = ("o1".into(), contact.into());
        let lines = lines.clone();
        Command::Placement(PlacementCommand::Accept { offer_id, lines, commit_by, contact_id })
    };
    let with = |command, name: &str| Entered {
        command,
        contact: Some(Contact {
            name: name.to_owned().into(),
            phone: "608-555-0199".to_owned().into(),
        }),
        words: None,
    };
    let nameless = act(&agent, &id, None, &accept("k1")).unwrap_err();
    assert_eq!(nameless.code(), "contact-missing");
    let late = PlacementCommand::NameContact { lines: lines.clone(), contact_id: "k0".into() };
    let refused = enter(&agent, &id, None, &with(Command::Placement(late), "Zzquagga"));
    assert_eq!(refused.unwrap_err().code(), "line-unplaced");
    assert_eq!(rows::rows(world, "provider_contact"), 0, "nothing of what was refused");
    enter(&agent, &id, None, &with(accept("k1"), "Zzquagga")).unwrap();
    assert!(enter(&agent, &id, None, &with(accept("k2"), "Other")).unwrap().recorded.is_empty());
    assert_eq!(rows::texts(world, "SELECT name AS t FROM provider_contact"), ["Zzquagga"]);
    for sql in [
        "SELECT body || actor AS t FROM case_event",
        "SELECT state || next_words AS t FROM case_head",
        "SELECT kind || body AS t FROM job",
        "SELECT action || object AS t FROM audit",
    ] {
        let told = rows::texts(world, sql).concat();
        assert!(!told.contains("Zzquagga") && !told.contains("5550199"), "{sql}");
        assert!(!told.contains("608-555-0199"), "{sql}");
    }
    let file = case_file(&agent, &id).unwrap();
    let contact = file.contact(&file.case.lines[&lines[0]]).unwrap();
    assert_eq!(contact.name.reveal(), "Zzquagga");
    assert_eq!(rows::differing(world), []);
}

/// What a refused change could have touched, row by row.
fn everything(world: &World) -> (Vec<(&'static str, i64)>, Vec<String>) {
    let person = "SELECT COALESCE(family, '') || given || COALESCE(birth_on, '') || coverages || address AS t FROM person";
    let head = "SELECT state || next_words AS t FROM case_head";
    (rows::tables(world), [rows::texts(world, person), rows::texts(world, head)].concat())
}

fn a_refusal_leaves_no_trace(world: &World) {
    let id = opened(world);
    let agent = world.agent();
    let before = everything(world);
    let renamed = PersonChange {
        person: Person { family: Some("Otherwise".to_owned().into()), ..Person::default() },
        coverage: vec![Coverage {
            member_id: Some("OTHER".to_owned().into()),
            ..Coverage::default()
        }],
        ..PersonChange::default()
    };
    let impossible = Amendment {
        facts: [(Item::named("oxygen.spo2"), (Fact::Number(Milli::whole(900)), None))].into(),
        ..Amendment::default()
    };
    let seen = load(world, &id).seq;
    let refused = amend(&agent, &id, Some(seen), (&renamed, &impossible, &[])).unwrap_err();
    assert!(matches!(refused, Error::Refused(_)), "{refused:?}");
    let stale =
        amend(&agent, &id, Some(seen + 1), (&renamed, &Amendment::default(), &[])).unwrap_err();
    assert!(matches!(stale, Error::Stale), "{stale:?}");
    let close = Command::Closing(ClosingCommand::Close);
    assert!(matches!(act(&agent, &id, None, &close), Err(Error::Refused(_))));
    let reopen = Command::Closing(ClosingCommand::Reopen(ReopenReason::Other));
    assert!(matches!(act(&agent, &id, None, &reopen), Err(Error::Forbidden)));
    assert!(matches!(act(&world.ctx(Role::Admin), &id, None, &close), Err(Error::Forbidden)));
    let empty = note(&agent, &id, Visibility::Hub, "  ".to_owned().into());
    assert!(matches!(empty, Err(Error::Bad { .. })));
    assert!(matches!(act(&agent, &CaseId::from("none"), None, &close), Err(Error::NotFound)));
    assert_eq!(everything(world), before);
    let known = world.app.db.read(|tx| people::for_writing(tx, &id)).unwrap().unwrap();
    assert_eq!(known.person.family.unwrap().reveal(), "Example");
}

/// The audit row is the last that an act writes: without it the whole act is undone.
fn a_change_that_cannot_be_recorded_is_not_made(world: &World) {
    let id = opened(world);
    let before = load(world, &id);
    rows::meddle(world, "ALTER TABLE audit RENAME TO audit_gone", params![]);
    let failed = act(&world.agent(), &id, None, &Command::Intake(IntakeCommand::Acknowledge));
    assert!(matches!(failed, Err(Error::Broken(_))), "{failed:?}");
    assert_eq!(load(world, &id), before);
    rows::meddle(world, "ALTER TABLE audit_gone RENAME TO audit", params![]);
    assert!(act(&world.agent(), &id, None, &Command::Intake(IntakeCommand::Acknowledge)).is_ok());
    world.clock.pass(Micros::minutes(1));
    assert_eq!(rows::differing(world), []);
}

on_both!(
    a_name_that_changes_changes_in_the_list_at_once,
    of_two_who_saw_the_same_case_one_wins,
    writers_that_saw_nothing_all_get_through,
    the_same_command_again_adds_nothing,
    a_named_contact_is_kept_with_its_acceptance_and_in_no_event,
    a_refusal_leaves_no_trace,
    a_change_that_cannot_be_recorded_is_not_made,
);
