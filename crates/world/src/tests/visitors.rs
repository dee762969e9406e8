//! Whoever came to look: their cases are left alone, partners answer them too, and their sign-in lasts as long as theirs.

use super::{World, at, world};
use crate::{VISITORS, WorldClock, visitor_links};
use doorstep_app::{App, Entry, act, open, signin};
use doorstep_case::clock::ClockEvent;
use doorstep_case::disputes::DisputesEvent;
use doorstep_case::intake::{IntakeCommand, Priority};
use doorstep_case::{Actor, Command, Coverage, Event, LineRequest, Recorded, Referral, Role};
use doorstep_store::cases;
use doorstep_vocab::{CaseId, Micros, PayerId, Procedure, Timestamp, UserId};
use std::sync::Arc;

fn ana() -> Actor {
    Actor { user_id: UserId::from("ana"), role: Role::Agent }
}

fn record(world: &World, id: &CaseId) -> Vec<Recorded> {
    let scope = world.app.system("test").scope().unwrap();
    world.app.db.read(|tx| cases::events(tx, &scope, id)).unwrap()
}

fn is_staff(event: &Recorded) -> bool {
    ["ben", "ivy", "ines", "olu"].contains(&event.by.user_id.as_str())
}

/// Whether a clock is far gone or ran out, or somebody raised the case.
fn is_alarm(event: &Recorded) -> bool {
    match &event.event {
        Event::Clock(ClockEvent::Warned { percent, .. }) => *percent >= 75,
        Event::Clock(ClockEvent::Missed { .. })
        | Event::Disputes(DisputesEvent::Escalated { .. }) => true,
        _ => false,
    }
}

#[test]
fn a_case_that_a_visitor_has_in_hand_is_left_alone_until_it_presses() {
    let mut world = world(3, 0);
    world.player.watch();
    world.player.begin();
    world.player.play_until(at("2026-11-23T10:30:00-05:00")).unwrap();
    let ids: Vec<_> = world.player.cases().cloned().collect();
    for id in &ids {
        let command = Command::Intake(IntakeCommand::Assign(UserId::from("ana")));
        act(&world.app.ctx(ana()), id, None, &command).unwrap();
    }
    let from = world.app.now();
    world.player.play_until(at("2026-11-23T21:00:00-05:00")).unwrap();
    let (mut n_alone, mut n_helped) = (0, 0);
    for id in &ids {
        let record = record(&world, id);
        match record.iter().position(|event| event.at > from && is_staff(event)) {
            None => n_alone += 1,
            Some(first) => {
                assert!(record[..first].iter().any(is_alarm), "{id}");
                n_helped += 1;
            }
        }
    }
    assert!(n_alone > 3 && n_helped > 3, "{n_alone} left alone, {n_helped} helped with");
}

#[test]
fn a_case_that_a_visitor_touched_is_left_alone_for_a_while() {
    let mut world = world(3, 0);
    world.player.watch();
    world.player.begin();
    world.player.play_until(at("2026-11-23T10:30:00-05:00")).unwrap();
    let ids: Vec<_> = world.player.cases().cloned().collect();
    let noor = Actor { user_id: UserId::from("noor"), role: Role::Nurse };
    for id in &ids {
        for priority in [Priority::P2, Priority::P1] {
            let command = Command::Intake(IntakeCommand::Triage(priority));
            act(&world.app.ctx(noor.clone()), id, None, &command).unwrap();
        }
    }
    world.player.look_around().unwrap();
    let (from, until) = (world.app.now(), world.app.now().plus(super::HANDS_OFF));
    world.player.play_until(at("2026-11-23T17:00:00-05:00")).unwrap();
    // Nobody hangs up on a caller.
    let is_call = |event: &Recorded| event.event.name().starts_with("calls.");
    let by_staff = |event: &&Recorded| is_staff(event) && event.at > from && !is_call(event);
    let all: Vec<Recorded> = ids.iter().flat_map(|id| record(&world, id)).collect();
    let times: Vec<Timestamp> = all.iter().filter(by_staff).map(|event| event.at).collect();
    assert!(!times.is_empty(), "they go on afterwards");
    assert!(times.iter().all(|at| *at >= until), "{from} {until} {times:?}");
}

#[test]
fn partners_answer_a_case_that_a_visitor_opened_and_the_staff_leave_it_alone() {
    let mut world = world(5, 0);
    world.player.watch();
    world.player.begin();
    world.player.play_until(at("2026-11-23T09:00:00-05:00")).unwrap();
    let walker = LineRequest {
        code: Procedure::parse("E0143").ok(),
        quantity: Some(1),
        ..LineRequest::default()
    };
    let evergreen =
        Coverage { payer_id: Some(PayerId::from("evergreen-ma")), ..Coverage::default() };
    let referral = Referral {
        received_at: world.app.now(),
        coverage: vec![evergreen],
        lines: vec![walker],
        ..Referral::default()
    };
    let opened = open(&world.app.ctx(ana()), referral, &Entry::default()).unwrap();
    world.player.look_around().unwrap();
    world.player.play_until(at("2026-11-23T15:00:00-05:00")).unwrap();
    let record = record(&world, &opened.case.id);
    let answered = record.iter().find(|event| event.event.name() == "benefits.answered");
    assert_eq!(answered.map(|event| event.by.user_id.as_str()), Some("payer"));
    assert!(!record.iter().any(is_staff));
}

#[test]
fn sign_in_goes_by_the_wall_however_fast_the_day_goes() {
    let world = world(1, 0);
    let wall = Arc::new(WorldClock::standing(Timestamp(0)));
    let now = Arc::clone(&wall);
    drop(world.player);
    let app: App = Arc::into_inner(world.app).unwrap().with_wall(move || now.now());
    let links = visitor_links(&app).unwrap();
    assert_eq!(links.len(), VISITORS.len());
    world.clock.stand_at(app.now().plus(Micros::hours(12)));
    let (entered, user_id) =
        signin::by_link(&app, links[0].1.reveal(), &signin::Whence::default()).unwrap();
    let token = entered.session().unwrap();
    assert_eq!(user_id.as_str(), "ana");
    assert!(
        signin::by_link(&app, links[0].1.reveal(), &signin::Whence::default()).is_err(),
        "a link is used once"
    );
    world.clock.stand_at(app.now().plus(Micros::hours(12)));
    wall.stand_at(Timestamp(0).plus(Micros::minutes(14)));
    assert!(signin::signed_in(&app, token.reveal()).unwrap().is_some());
    wall.stand_at(Timestamp(0).plus(Micros::minutes(30)));
    assert!(signin::signed_in(&app, token.reveal()).unwrap().is_none(), "idle by the wall");
    assert!(
        signin::by_link(&app, links[1].1.reveal(), &signin::Whence::default()).is_err(),
        "too old by the wall"
    );
}
