//! Walls, labels and leave: what a list shows is what may be opened, whoever asks.

use super::given::{Given, number, party};
use crate::schema::MIGRATIONS;
use crate::walls::{self, TeamWall};
use crate::worklist::{self, Asks, Filter, Queue};
use crate::{Result, Scope, StoreError, access, board, cases, people, search, users};
use doorstep_authz::{Grant, Sight, Walls};
use doorstep_case::{Role, ServiceLine};
use doorstep_db::{Db, Tx, params, store_test};
use doorstep_vocab::{CaseId, PayerId, Phi, Timestamp, UserId};
use std::collections::BTreeSet;

/// A generator that is the same on every machine. The seed is in the test's text.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

const N_CASES: u32 = 24;
const USERS: [&str; 3] = ["ana", "ben", "noor"];

fn payer(n: u64) -> PayerId {
    PayerId(format!("plan-{n}"))
}

fn id(n: u32) -> CaseId {
    CaseId(format!("c{n:02}"))
}

fn cases_written(db: &Db) {
    for n in 1..=N_CASES {
        let mut given = Given::opened(id(n).as_str(), i64::from(n));
        given.write(db).unwrap();
        db.write("people", |tx| people::put(tx, &id(n), &party("Example", "Testa"), Timestamp(1)))
            .unwrap();
    }
}

/// Gives every case another payer, service lines, manager and label.
fn shuffle(tx: &mut Tx<'_>, chance: &mut Chance) -> Result<()> {
    for n in 1..=N_CASES {
        let services: Vec<&str> =
            ServiceLine::ALL.iter().filter(|_| chance.one_in(2)).map(|line| line.name()).collect();
        let services = services.iter().fold(",".to_owned(), |text, name| text + name + ",");
        let manager = match chance.below(4) {
            3 => None,
            at => USERS.get(usize::try_from(at).unwrap()).copied(),
        };
        let status = if chance.one_in(4) { "closed" } else { "open" };
        tx.execute(
            "UPDATE case_head SET payer_id = $2, services = $3, manager = $4, labelled = $5, status = $6 WHERE case_id = $1",
            params![
                id(n).as_str(),
                payer(chance.below(4)).as_str(),
                services,
                manager,
                chance.one_in(3),
                status
            ],
        )?;
    }
    Ok(())
}

fn sight(chance: &mut Chance) -> Sight {
    let role = Role::PEOPLE[usize::try_from(chance.below(10)).unwrap()];
    let user = USERS[usize::try_from(chance.below(3)).unwrap()];
    let mut walls = Walls::default();
    for n in 0..4 {
        if chance.one_in(4) {
            walls.payers.insert(payer(n));
        } else if chance.one_in(5) {
            walls.shut.insert(payer(n));
        }
    }
    walls.services.extend(ServiceLine::ALL.into_iter().filter(|_| chance.one_in(6)));
    let grants = (0..chance.below(12)).map(|_| Grant {
        case_id: id(u32::try_from(chance.below(u64::from(N_CASES))).unwrap() + 1),
        until: Timestamp(i64::try_from(chance.below(3)).unwrap()),
        is_glass: chance.one_in(2),
    });
    let grants = grants.collect();
    Sight { walls, grants, now: Timestamp(1), ..Sight::of(user.into(), role) }
}

fn listed(tx: &mut Tx<'_>, scope: &Scope, queue: Queue) -> Result<BTreeSet<CaseId>> {
    let filter = Filter { queue, ..Filter::default() };
    let page = worklist::page(tx, scope, &filter, None, 100)?;
    Ok(page.rows.into_iter().map(|row| row.case_id).collect())
}

store_test!(a_list_is_the_filter_of_what_may_be_opened, MIGRATIONS, |db: &Db| {
    cases_written(db);
    let mut chance = Chance(20_261_128);
    let mut n_hidden = 0;
    for _ in 0..10 {
        db.write::<_, StoreError>("shuffle", |tx| shuffle(tx, &mut chance)).unwrap();
        for _ in 0..40 {
            let scope = Scope::granted(sight(&mut chance));
            db.read::<_, StoreError>(|tx| {
                let mut seen = BTreeSet::new();
                for n in 1..=N_CASES {
                    let decision = walls::decide(tx, &scope, &id(n))?.unwrap();
                    if decision.allow {
                        seen.insert(id(n));
                    }
                    assert_eq!(cases::view(tx, &scope, &id(n))?.is_some(), decision.allow);
                    assert_eq!(people::get(tx, &scope, &id(n))?.is_some(), decision.allow);
                    let found = cases::by_number(tx, &scope, &number(n))?;
                    assert_eq!(found.is_some(), decision.allow, "{scope:?}");
                }
                let open = listed(tx, &scope, Queue::All)?;
                let all: BTreeSet<CaseId> =
                    open.union(&listed(tx, &scope, Queue::Closed)?).cloned().collect();
                assert_eq!(all, seen, "{scope:?}");
                let user_id = UserId::from("ana");
                let (now, day_ends) = (Timestamp(1), Timestamp(1));
                let asks = Asks { user_id: &user_id, now, day_ends };
                let counts = worklist::counts(tx, &scope, &asks)?;
                let count = counts.iter().find(|(queue, _)| *queue == Queue::All).unwrap().1;
                assert_eq!(usize::try_from(count).unwrap(), open.len(), "{scope:?}");
                let load = board::load(tx, &scope)?;
                let on_board: u32 = load.iter().map(|row| row.n_open).sum();
                assert_eq!(usize::try_from(on_board).unwrap(), open.len(), "{scope:?}");
                n_hidden += usize::try_from(N_CASES).unwrap() - seen.len();
                Ok(())
            })
            .unwrap();
        }
    }
    assert!(n_hidden > 1000, "the test hides something");
});

store_test!(a_search_finds_nothing_outside, MIGRATIONS, |db: &Db| {
    cases_written(db);
    let query = search::Query::typed("Example");
    let scope = |walls| Scope::granted(Sight { walls, ..Sight::of("ana".into(), Role::Agent) });
    let found = |scope: &Scope| db.read(|tx| search::find(tx, scope, &query, 50)).unwrap().len();
    assert_eq!(found(&scope(Walls::default())), N_CASES as usize);
    let payers = BTreeSet::from([PayerId::from("another-plan")]);
    assert_eq!(found(&scope(Walls { payers, ..Walls::default() })), 0);
    let shut = BTreeSet::from([PayerId::from("example-plan")]);
    assert_eq!(found(&scope(Walls { shut, ..Walls::default() })), 0);
});

fn leave(id: &str, kind: access::Kind, until: Option<Timestamp>) -> access::Access {
    access::Access {
        access_id: id.to_owned(),
        kind,
        case_id: "c01".into(),
        user_id: "ana".into(),
        asked_at: Timestamp(5),
        purpose: "cover".to_owned(),
        reason: Phi::new("I stand in".to_owned()),
        until,
        decided: None,
        review_by: (kind == access::Kind::Glass).then_some(Timestamp(50)),
        emergency: access::Emergency::default(),
    }
}

store_test!(a_sight_is_made_of_team_walls_and_leave, MIGRATIONS, |db: &Db| {
    let (ana, now) = (UserId::from("ana"), Timestamp(10));
    let user = users::User {
        user_id: ana.clone(),
        name: "Ana Example".to_owned(),
        role: Role::Agent,
        password_hash: None,
        disabled_at: None,
        created_at: Timestamp(1),
        epoch: 1,
        team: Some("west".to_owned()),
        phone: None,
    };
    db.write::<_, StoreError>("give", |tx| {
        users::create(tx, &user)?;
        walls::put_team(
            tx,
            &TeamWall {
                team: "west".to_owned(),
                payers: BTreeSet::from(["plan-a".into(), "plan-b".into()]),
                services: BTreeSet::from([ServiceLine::HomeHealth]),
            },
        )?;
        walls::put_shut_payers(tx, &BTreeSet::from(["plan-b".into(), "plan-c".into()]))?;
        access::put(tx, &leave("1", access::Kind::Grant, None))?;
        access::put(tx, &leave("2", access::Kind::Glass, Some(Timestamp(20))))
    })
    .unwrap();
    let sight = |now| db.read(|tx| walls::sight(tx, (&ana, Role::Agent), now)).unwrap();
    let seen = sight(now);
    assert_eq!(seen.walls.payers.len(), 2);
    assert_eq!(seen.walls.shut, BTreeSet::from(["plan-c".into()]));
    assert_eq!(seen.walls.services, BTreeSet::from([ServiceLine::HomeHealth]));
    assert_eq!(seen.grants.len(), 1);
    assert!(seen.grants[0].is_glass);
    assert!(sight(Timestamp(20)).grants.is_empty(), "it has run out");
    let decided = access::Decided {
        at: now,
        by: "sam".into(),
        outcome: "given".to_owned(),
        words: Phi::new("for today".to_owned()),
    };
    let give = |until| db.write("give", |tx| access::decide(tx, "1", &decided, until)).unwrap();
    assert!(give(Some(Timestamp(30))) && !give(Some(Timestamp(90))), "once");
    assert!(sight(Timestamp(25)).grants.iter().all(|grant| !grant.is_glass));
    assert_eq!(sight(Timestamp(25)).grants.len(), 1);
    let overdue = |now| db.read(|tx| access::overdue(tx, now, 9)).unwrap().len();
    assert_eq!((overdue(Timestamp(49)), overdue(Timestamp(50))), (0, 1));
    db.write::<_, StoreError>("block", |tx| access::blocked(tx, "2", Timestamp(50))).unwrap();
    assert_eq!(overdue(Timestamp(60)), 0, "an account is shut once");
    let known = db.read(|tx| access::latest(tx, &ana, &"c01".into())).unwrap().unwrap();
    assert_eq!((known.access_id.as_str(), known.until), ("2", Some(Timestamp(20))));
});
