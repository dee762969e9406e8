//! The supervisor's board: counts of all open cases.

use super::given::{Given, SECOND, admin, staff};
use crate::board::{self, AGES, Aging, Broken, Load};
use crate::schema::MIGRATIONS;
use doorstep_case::clock::ClockEvent;
use doorstep_case::closing::ClosingEvent;
use doorstep_case::{Event, Role};
use doorstep_db::{Db, store_test};
use doorstep_vocab::{Micros, Timestamp};

/// Three open cases, one of them missed and one nobody's, and one that is closed.
fn given(db: &Db) {
    let clock_id = super::given::clock_id("acknowledge");
    let mut cases: Vec<Given> = (1..=4).map(|n| Given::opened(&format!("c{n}"), n)).collect();
    for (case, n) in cases.iter_mut().zip(1..) {
        case.clock(n, "acknowledge", (100, 200));
        if n != 2 {
            case.assigned(n, "agent.two");
        }
    }
    let missed = ClockEvent::Missed { clock_id, owner: Role::Agent, user_id: None };
    cases[0].happens(300, Event::Clock(missed));
    "offer".clone_into(&mut cases[1].row.next_code);
    cases[1].row.next_waits = true;
    let closed = ClosingEvent::Closed { completed: false, kind: None };
    cases[3].happens(10, Event::Closing(closed));
    for case in &mut cases {
        case.write(db).unwrap();
    }
}

store_test!(open_cases_are_counted_by_person_age_and_broken_clock, MIGRATIONS, |db: &Db| {
    given(db);
    let load = db.read(|tx| board::load(tx, &staff())).unwrap();
    let of = |manager: Option<&str>, n: [u32; 5]| {
        let [n_open, n_ours, n_at_risk, n_missed, n_escalated] = n;
        let manager = manager.map(Into::into);
        Load { manager, n_open, n_ours, n_at_risk, n_missed, n_escalated }
    };
    assert_eq!(load, [of(Some("agent.two"), [2, 2, 1, 1, 0]), of(None, [1, 0, 0, 0, 0])]);

    // The first two were received one and two seconds after time began.
    let aging = |at: Timestamp| db.read(|tx| board::aging(tx, &staff(), at)).unwrap();
    let row = |next_code: &str, n_by_age| Aging { next_code: next_code.to_owned(), n_by_age };
    let young = aging(Timestamp(10 * SECOND));
    assert_eq!(young, [row("ask", [2, 0, 0, 0, 0, 0, 0]), row("offer", [1, 0, 0, 0, 0, 0, 0])]);
    let a_day_on = aging(Timestamp(SECOND).plus(AGES[0]));
    assert_eq!(a_day_on[0], row("ask", [1, 1, 0, 0, 0, 0, 0]), "a day old to the microsecond");
    let old = aging(Timestamp(9 * SECOND).plus(Micros::hours(31 * 24)));
    assert_eq!(old[1], row("offer", [0, 0, 0, 0, 0, 0, 1]));

    let broken = db.read(|tx| board::broken(tx, &staff())).unwrap();
    let clock = Some("acknowledge".to_owned());
    assert_eq!(broken, [Broken { clock, next_code: "ask".to_owned(), n_cases: 1 }]);
    assert!(db.read(|tx| board::load(tx, &admin())).unwrap().is_empty());
});
