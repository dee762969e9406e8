//! Cases handed out by rule, and handed on when somebody is away: each once, with its reason, on both engines.

use crate::on_both;
use crate::support::orders::{Door, Order};
use crate::support::rows;
use crate::support::world::World;
use doorstep_app::{away, handout, signin, staff};
use doorstep_case::intake::IntakeEvent;
use doorstep_case::{Event, Role};
use doorstep_store::cases;
use doorstep_vocab::{CaseId, Micros, UserId};

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

on_both!(two_runners_hand_each_case_out_once, what_somebody_has_goes_on_once_when_they_are_away);
