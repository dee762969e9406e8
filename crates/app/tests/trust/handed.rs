//! Cases handed out by rule, and handed on when somebody is away: each once, with its reason, on both engines.

use crate::on_both;
use crate::support::orders::{Door, Order};
use crate::support::rows;
use crate::support::world::World;

use doorstep_app::calls::{self, NewCall};
use doorstep_app::{Ctx, act, away, handout, rota, signin, staff};
use doorstep_case::calls::{Call, Direction};
use doorstep_case::intake::{IntakeCommand, IntakeEvent, Label};
use doorstep_case::rota::{Duty, Span};
use doorstep_case::{Actor, Command, Event, Role};
use doorstep_store::cases;
use doorstep_vocab::{CallId, CaseId, Micros, Phi, UserId};

const PEOPLE: [(&str, Role); 3] =
    [("ana", Role::Agent), ("ben", Role::Agent), ("noor", Role::Nurse)];
const HOUR: Micros = Micros::hours(1);

/// A team of three that is handed work by rule, and four cases that nobody has.
fn team(world: &World) -> Vec<CaseId> {
    let system = world.app.system("test");
    for (name, role) in PEOPLE {
        let user_id = UserId::from(name);
        signin::add_user(&system, &user_id, name, role).unwrap();
        signin::set_team(&system, &user_id, "north").unwrap();
    }
    staff::set_push(&world.ctx(Role::Supervisor), "north", true).unwrap();
    let opened = (0..4).map(|n| world.take_now(&Order::nth(n).by(Door::Fhir, 0)));
    opened.map(|taken| taken.units[0].case_id.clone().unwrap()).collect()
}

/// Who has a case, and how often it was handed out.
fn has(world: &World, case_id: &CaseId) -> (Option<UserId>, usize) {
    let case = world.app.db.read(|tx| cases::load(tx, case_id)).unwrap().unwrap();
    let record = world.app.db.read(|tx| cases::record(tx, case_id)).unwrap();
    let is_handed = |event: &Event| matches!(event, Event::Intake(IntakeEvent::HandedOut { .. }));
    let n = record.iter().filter(|recorded| is_handed(&recorded.event)).count();
    (case.intake.manager, n)
}

fn two_runners_hand_each_case_out_once(world: &World) {
    let ids = team(world);
    let beside = world.beside();
    let n_given = std::thread::scope(|scope| {
        let other = scope.spawn(|| handout::sweep(&beside).unwrap());
        handout::sweep(&world.app).unwrap() + other.join().unwrap()
    });
    assert_eq!(n_given, ids.len());
    for case_id in &ids {
        let (manager, n) = has(world, case_id);
        assert!(manager.is_some() && n == 1, "{case_id}: {manager:?} {n}");
    }
    assert_eq!(handout::sweep(&world.app).unwrap(), 0);
    assert_eq!(rows::differing(world), []);
}

fn what_somebody_has_goes_on_once_when_they_are_away(world: &World) {
    let ids = team(world);
    handout::sweep(&world.app).unwrap();
    let ana = UserId::from("ana");
    let of_ana: Vec<&CaseId> =
        ids.iter().filter(|id| has(world, id).0.as_ref() == Some(&ana)).collect();
    assert!(!of_ana.is_empty(), "ana has something");
    let now = world.clock.now();
    let typed = away::Typed {
        user_id: ana.clone(),
        from_at: now.plus(HOUR),
        until_at: now.plus(Micros::hours(72)),
        stand_in: Some("ben".into()),
    };
    away::enter(&world.ctx(Role::Supervisor), &typed).unwrap();
    assert_eq!(away::sweep(&world.app).unwrap(), 0, "it has not begun");
    world.clock.pass(HOUR);
    assert_eq!(away::sweep(&world.app).unwrap(), of_ana.len());
    assert_eq!(away::sweep(&world.beside()).unwrap(), 0);
    for case_id in of_ana {
        assert_eq!(has(world, case_id), (Some("ben".into()), 2));
    }
    assert_eq!(rows::differing(world), []);
}

/// Ana is away for three days from now on.
fn ana_away(world: &World, stand_in: Option<&str>) {
    let now = world.clock.now();
    let typed = away::Typed {
        user_id: "ana".into(),
        from_at: now,
        until_at: now.plus(Micros::hours(72)),
        stand_in: stand_in.map(Into::into),
    };
    away::enter(&world.ctx(Role::Supervisor), &typed).unwrap();
}

fn assign(world: &World, case_id: &CaseId, to: &str) {
    let command = Command::Intake(IntakeCommand::Assign(to.into()));
    act(&world.ctx(Role::Supervisor), case_id, None, &command).unwrap();
}

fn two_runners_hand_each_case_on_once(world: &World) {
    let ids = team(world);
    let cy = UserId::from("cy");
    signin::add_user(&world.app.system("test"), &cy, "cy", Role::Agent).unwrap();
    signin::set_team(&world.app.system("test"), &cy, "north").unwrap();
    for case_id in &ids {
        assign(world, case_id, "ana");
    }
    ana_away(world, None);
    let beside = world.beside();
    let n_moved = std::thread::scope(|scope| {
        let other = scope.spawn(|| away::sweep(&beside).unwrap());
        away::sweep(&world.app).unwrap() + other.join().unwrap()
    });
    assert_eq!(n_moved, ids.len());
    let mut managers = std::collections::BTreeSet::new();
    for case_id in &ids {
        let (manager, n) = has(world, case_id);
        assert_eq!(n, 1, "{case_id}");
        managers.extend(manager);
    }
    assert!(managers.len() > 1, "what one was given counts for the next: {managers:?}");
    assert_eq!(rows::differing(world), []);
}

fn what_becomes_due_while_somebody_is_away_goes_on_too(world: &World) {
    let ids = team(world);
    ana_away(world, Some("ben"));
    assert_eq!(away::sweep(&world.app).unwrap(), 0);
    assign(world, &ids[0], "ana");
    assert_eq!(away::sweep(&world.app).unwrap(), 1);
    assert_eq!(has(world, &ids[0]), (Some("ben".into()), 1));
    world.clock.pass(Micros::hours(73));
    assign(world, &ids[0], "ana");
    assert_eq!(away::sweep(&world.app).unwrap(), 0, "she is back");
}

fn a_labelled_case_is_laid_back_where_nobody_stands_in(world: &World) {
    let ids = team(world);
    assign(world, &ids[0], "ana");
    let command = Command::Intake(IntakeCommand::Label(Label::Part2));
    act(&world.ctx(Role::Supervisor), &ids[0], None, &command).unwrap();
    ana_away(world, None);
    assert_eq!(away::sweep(&world.app).unwrap(), 1);
    assert_eq!(has(world, &ids[0]), (None, 1), "a supervisor hands it out");
    assert_eq!(handout::sweep(&world.app).unwrap(), ids.len() - 1);
}

fn as_user<'a>(world: &'a World, name: &str) -> Ctx<'a> {
    world.app.ctx(Actor { user_id: name.into(), role: Role::Agent })
}

/// Ana has a case, and promised a call back about it.
fn promised(world: &World) -> (CaseId, CallId) {
    let case_id = team(world).remove(0);
    assign(world, &case_id, "ana");
    let nothing = || Phi::new(String::new());
    let new = NewCall {
        direction: Direction::Inbound,
        caller: "member".to_owned(),
        reason: "status".to_owned(),
        name: nothing(),
        organisation: nothing(),
        phone: nothing(),
        case_id: Some(case_id.clone()),
    };
    let ana = as_user(world, "ana");
    let call_id = calls::start(&ana, &new).unwrap();
    calls::promise(&ana, &call_id, world.clock.now().plus(Micros::hours(24))).unwrap();
    (case_id, call_id)
}

fn call(world: &World, (case_id, call_id): (&CaseId, &CallId)) -> Call {
    let case = world.app.db.read(|tx| cases::load(tx, case_id)).unwrap().unwrap();
    case.calls.0[call_id].clone()
}

fn a_promised_call_without_anybody_to_make_it_is_laid_back(world: &World) {
    let (case_id, call_id) = promised(world);
    let command = Command::Intake(IntakeCommand::Label(Label::Part2));
    act(&world.ctx(Role::Supervisor), &case_id, None, &command).unwrap();
    ana_away(world, Some("ben"));
    signin::set_disabled(&world.app.system("test"), &"ben".into(), true).unwrap();
    assert_eq!(away::sweep(&world.app).unwrap(), 2, "the case and the call");
    let laid = call(world, (&case_id, &call_id));
    assert!(laid.passed_to.is_none() && laid.is_laid_back, "{laid:?}");
    assert_eq!(away::sweep(&world.app).unwrap(), 0, "once");
}

fn whoever_a_call_back_was_passed_to_says_that_it_was_made(world: &World) {
    let (case_id, call_id) = promised(world);
    let ben = as_user(world, "ben");
    assert!(calls::keep_promise(&ben, &call_id).is_err(), "it is ana's");
    ana_away(world, Some("ben"));
    assert_eq!(away::sweep(&world.app).unwrap(), 2, "the case and the call");
    calls::keep_promise(&ben, &call_id).unwrap();
    assert!(!call(world, (&case_id, &call_id)).is_owed());
}

fn whoever_is_away_is_not_on_call(world: &World) {
    team(world);
    let (ctx, now) = (world.ctx(Role::Supervisor), world.clock.now());
    let until = now.plus(Micros::hours(24 * 10));
    rota::add(&ctx, (Duty::Nurse, &"noor".into()), Span { from: now, until }).unwrap();
    let told = || {
        let rota = rota::rota(&world.ctx(Role::Supervisor)).unwrap();
        let gaps = rota.gaps.iter().filter(|(duty, _)| *duty == Duty::Nurse);
        (rota.now(Duty::Nurse).count(), gaps.map(|(_, span)| *span).collect::<Vec<_>>())
    };
    assert_eq!(told(), (1, vec![]));
    let back = now.plus(Micros::hours(72));
    let (user_id, stand_in) = (UserId::from("noor"), None);
    away::enter(&ctx, &away::Typed { user_id, from_at: now, until_at: back, stand_in }).unwrap();
    assert_eq!(told(), (0, vec![Span { from: now, until: back }]));
}

on_both!(
    whoever_is_away_is_not_on_call,
    two_runners_hand_each_case_out_once,
    what_somebody_has_goes_on_once_when_they_are_away,
    two_runners_hand_each_case_on_once,
    what_becomes_due_while_somebody_is_away_goes_on_too,
    a_labelled_case_is_laid_back_where_nobody_stands_in,
    a_promised_call_without_anybody_to_make_it_is_laid_back,
    whoever_a_call_back_was_passed_to_says_that_it_was_made,
);
