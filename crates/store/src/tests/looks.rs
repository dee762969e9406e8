//! What of a day's looks to ask about.

use super::given::{Given, party};
use crate::audit::{self, Entry};
use crate::looks::{self, Day};
use crate::schema::MIGRATIONS;
use crate::{StoreError, people};
use doorstep_case::Role;
use doorstep_db::{Db, store_test};
use doorstep_vocab::{CaseId, Timestamp};

const HOUR: i64 = 3_600_000_000;

/// A look at a case at a time of the day.
fn look(db: &Db, user: &str, case: u32, at: i64) {
    let millis = at / 1000;
    let entry = Entry {
        audit_id: format!("{millis:012x}{user}{case:04}"),
        at: Timestamp(at),
        user_id: user.into(),
        role: Role::Agent,
        action: "read case".into(),
        case_id: Some(CaseId(format!("c{case}"))),
        object: String::new(),
        purpose: String::new(),
        outcome: "done".into(),
        request_id: "q".into(),
        rule: "0-role".into(),
    };
    db.write("look", |tx| audit::record(tx, &entry)).unwrap();
}

store_test!(a_day_is_counted_by_hour_and_by_who, MIGRATIONS, |db: &Db| {
    let day = Day {
        from: Timestamp(24 * HOUR),
        to: Timestamp(48 * HOUR),
        opens: Timestamp(30 * HOUR),
        closes: Timestamp(44 * HOUR),
    };
    for case in 0..5 {
        look(db, "quick", case, 31 * HOUR + i64::from(case));
        look(db, "slow", case, (31 + i64::from(case)) * HOUR);
        look(db, "late", case, 45 * HOUR + i64::from(case) * HOUR / 2);
        look(db, "before", case, 20 * HOUR);
    }
    // The same case again is one case.
    look(db, "again", 1, 31 * HOUR);
    look(db, "again", 1, 31 * HOUR + 1_000_000);
    let users = |counts: Vec<looks::Count>| -> Vec<(String, u64)> {
        counts.into_iter().map(|count| (count.user_id.to_string(), count.n_cases)).collect()
    };
    let many = db.read(|tx| looks::many_an_hour(tx, day, 2)).unwrap();
    assert_eq!(users(many), [("quick".to_owned(), 5)]);
    let late = db.read(|tx| looks::after_hours(tx, day, 2)).unwrap();
    assert_eq!(users(late), [("late".to_owned(), 5)]);
    assert_eq!(db.read(|tx| looks::after_hours(tx, day, 5)).unwrap(), []);
    assert_eq!(db.read(|tx| looks::closed_cases(tx, day)).unwrap(), []);
});

store_test!(the_cases_of_a_member_are_found_by_plan_id_and_by_number, MIGRATIONS, |db: &Db| {
    for (id, at) in [("c1", 1), ("c2", 2), ("c3", 3)] {
        Given::opened(id, at).write(db).unwrap();
    }
    db.write::<_, StoreError>("people", |tx| {
        people::put(tx, &"c1".into(), &party("Example", "Testa"), Timestamp(1))?;
        people::put(tx, &"c2".into(), &party("Example", "Testa"), Timestamp(1))
    })
    .unwrap();
    let plan_id = doorstep_vocab::Phi::new("test 0001".to_owned());
    let found = db.read(|tx| looks::cases_of_plan_id(tx, &plan_id)).unwrap();
    assert_eq!(found, [CaseId::from("c1"), CaseId::from("c2")]);
    let of = |n| db.read(|tx| looks::cases_of_number(tx, &super::given::number(n))).unwrap();
    assert_eq!(of(1), [CaseId::from("c1"), CaseId::from("c2")]);
    assert_eq!(of(3), [CaseId::from("c3")], "a case without people is its own");
    assert_eq!(of(9), []);
});
