//! Who has which case open.

use super::given::{Given, admin, staff};
use super::users::user;
use crate::presence;
use crate::schema::MIGRATIONS;
use crate::users;
use doorstep_case::Role;
use doorstep_db::store_test;
use doorstep_vocab::{CaseId, Timestamp, UserId};

store_test!(who_has_a_case_open_is_told_until_it_is_a_minute_old, MIGRATIONS, |db: &Db| {
    Given::opened("c1", 1).write(db).unwrap();
    for (id, role) in [("ana", Role::Agent), ("bo", Role::Nurse)] {
        db.write("user", |tx| users::create(tx, &user(id, role))).unwrap();
    }
    let second = |n: i64| Timestamp(n * 1_000_000);
    let says = |who: &str, case: &str, form: &str, at: i64| {
        let (who, case) = (UserId::from(who), CaseId::from(case));
        db.write("here", |tx| {
            presence::lock(tx, &who)?;
            presence::put(tx, (&who, &case), form, (second(at), second(at - 60)))
        })
        .unwrap();
    };
    let seen_by = |who: &str, case: &str, at: i64, scope: &crate::Scope| {
        let (who, case) = (UserId::from(who), CaseId::from(case));
        let others =
            db.read(|tx| presence::others(tx, scope, (&case, &who), second(at - 60))).unwrap();
        others
            .into_iter()
            .map(|other| (other.user_id.to_string(), other.role, other.form))
            .collect::<Vec<_>>()
    };
    says("ana", "c1", "", 100);
    says("bo", "c1", "triage", 110);
    assert_eq!(
        seen_by("ana", "c1", 111, &staff()),
        [("bo".to_owned(), Role::Nurse, "triage".to_owned())]
    );
    assert_eq!(
        seen_by("bo", "c1", 111, &staff()),
        [("ana".to_owned(), Role::Agent, String::new())]
    );
    assert_eq!(
        seen_by("ana", "c1", 111, &admin()),
        [],
        "whoever does not see the case is told of nobody"
    );
    assert_eq!(seen_by("ana", "c1", 171, &staff()), [], "gone after a minute");
    says("bo", "c1", "", 175);
    assert_eq!(
        seen_by("ana", "c1", 176, &staff()),
        [("bo".to_owned(), Role::Nurse, String::new())]
    );
    says("bo", "c2", "", 300);
    let n =
        db.read(|tx| tx.query("SELECT case_id FROM presence WHERE user_id = 'bo'", &[])).unwrap();
    assert_eq!(n.len(), 1, "what is old goes with the next sign");
});
