//! Who is given what, and why.

use super::*;
use doorstep_vocab::{Timestamp, Zone};

fn weights() -> Weights {
    Weights {
        had_case: 40,
        has_member: 20,
        language: 15,
        skill: 5,
        nurse_spared: 25,
        load_ours: 2,
        load_waiting: 1,
        load_at_risk: 2,
        load_missed: 3,
        load_max: 100,
    }
}

fn worker(name: &str, load: u32) -> Worker {
    Worker {
        user_id: name.into(),
        role: Role::Agent,
        services: BTreeSet::new(),
        languages: BTreeSet::new(),
        is_at_work: true,
        is_away: false,
        load,
    }
}

fn need() -> Need {
    Need { case_id: "c1".into(), services: BTreeSet::from([ServiceLine::Dme]), ..Need::default() }
}

fn given(need: &Need, workers: &[Worker]) -> Given {
    hand_out(std::slice::from_ref(need), workers, &weights()).remove(0)
}

fn to(given: &Given) -> Option<&str> {
    given.to().map(|to| to.user_id.as_str())
}

#[test]
fn of_equals_the_one_with_less_work_then_the_first_by_name_is_given_it() {
    let least = given(&need(), &[worker("ana", 9), worker("ben", 3), worker("cai", 3)]);
    assert_eq!(to(&least), Some("ben"));
    assert_eq!(least.ranked[0].why, [Point::Load]);
    let backwards = given(&need(), &[worker("cai", 3), worker("ben", 3), worker("ana", 9)]);
    assert_eq!(backwards.ranked, least.ranked, "the order of asking does not matter");
}

#[test]
fn each_reason_to_be_out_is_told() {
    let mut all: Vec<Worker> =
        ["wall", "away", "home", "named", "full", "in"].map(|name| worker(name, 0)).to_vec();
    all[1].is_away = true;
    all[2].is_at_work = false;
    all[3].services.insert(ServiceLine::HomeInfusion);
    all[4].load = 100;
    let need = Need { hidden_from: BTreeSet::from(["wall".into()]), ..need() };
    let out = given(&need, &all);
    assert_eq!(to(&out), Some("in"));
    let why: BTreeMap<&str, Out> = out.out.iter().map(|(id, why)| (id.as_str(), *why)).collect();
    let expected = [
        ("away", Out::Away),
        ("full", Out::Full),
        ("home", Out::NotAtWork),
        ("named", Out::NoSkill),
        ("wall", Out::Wall),
    ];
    assert_eq!(why, BTreeMap::from(expected));
}

#[test]
fn a_nurses_work_goes_to_a_nurse_and_other_work_rather_not() {
    let nurse = Worker { role: Role::Nurse, ..worker("noor", 20) };
    let triage = Need { is_nurse_work: true, ..need() };
    let of_nurse = given(&triage, &[worker("ana", 0), nurse.clone()]);
    assert_eq!(to(&of_nurse), Some("noor"));
    assert_eq!(of_nurse.out, [("ana".into(), Out::NoNurse)]);
    assert_eq!(to(&given(&need(), &[worker("ana", 20), nurse])), Some("ana"));
}

#[test]
fn language_and_who_had_it_before_outweigh_a_little_load_and_not_much_of_it() {
    let mut speaks = worker("sol", 10);
    speaks.languages.insert("spa".to_owned());
    let spanish = Need { language: Some("spa".to_owned()), ..need() };
    let near = given(&spanish, &[worker("ana", 0), speaks.clone()]);
    assert_eq!((to(&near), near.ranked[0].why.as_slice()), (Some("sol"), &[Point::Language][..]));
    speaks.load = 16;
    assert_eq!(to(&given(&spanish, &[worker("ana", 0), speaks])), Some("ana"));
    let before =
        Need { had_by: Some("ben".into()), member_of: BTreeSet::from(["cai".into()]), ..need() };
    let all = given(&before, &[worker("ana", 0), worker("ben", 30), worker("cai", 15)]);
    let order: Vec<&str> = all.ranked.iter().map(|one| one.user_id.as_str()).collect();
    assert_eq!(order, ["ben", "cai", "ana"]);
}

#[test]
fn what_one_is_given_counts_for_the_next_and_a_full_team_leaves_the_rest() {
    let needs = ["c1", "c2", "c3"].map(|id| Need { case_id: id.into(), ..need() });
    let given = hand_out(&needs, &[worker("ana", 0), worker("ben", 1)], &weights());
    let who: Vec<Option<&str>> = given.iter().map(to).collect();
    assert_eq!(who, [Some("ana"), Some("ben"), Some("ana")]);
    let tight = Weights { load_max: 2, ..weights() };
    let given = hand_out(&needs, &[worker("ana", 0)], &tight);
    assert_eq!(given.iter().map(to).collect::<Vec<_>>(), [Some("ana"), None, None]);
    assert_eq!(given[1].out, [("ana".into(), Out::Full)]);
}

#[test]
fn clocks_weigh_in_the_load() {
    let of = |n_ours, n_waiting, n_at_risk, n_missed| {
        weights().load(Work { n_ours, n_waiting, n_at_risk, n_missed })
    };
    assert_eq!([of(1, 0, 0, 0), of(0, 1, 0, 0), of(2, 1, 2, 1)], [2, 1, 12]);
    assert_eq!(of(u32::MAX, u32::MAX, 9, 9), u32::MAX);
}

#[test]
fn hours_hold_in_the_zone_of_the_worker_and_past_midnight() {
    let zone = Zone::parse("America/Chicago").unwrap();
    let at = |text: &str| Timestamp::parse(text).unwrap();
    let day = [Shift { weekday: 1, from_min: 8 * 60, to_min: 16 * 60 }];
    let is_in = |shifts: &[Shift], text| is_at_work(shifts, &zone, at(text));
    assert!(is_in(&day, "2026-11-23T08:00:00-06:00"));
    assert!(!is_in(&day, "2026-11-23T16:00:00-06:00"), "the end is not in it");
    assert!(!is_in(&day, "2026-11-24T09:00:00-06:00"), "a Tuesday");
    assert!(!is_in(&day, "2026-11-23T08:00:00Z"), "two at night in Chicago");
    let night = [Shift { weekday: 7, from_min: 19 * 60, to_min: 7 * 60 }];
    assert!(is_in(&night, "2026-11-22T23:00:00-06:00"));
    assert!(is_in(&night, "2026-11-23T06:59:00-06:00"), "Sunday's night ends on Monday");
    assert!(!is_in(&night, "2026-11-22T06:59:00-06:00"));
    assert!(is_in(&[], "2026-11-23T03:00:00-06:00"), "nobody said when");
}
