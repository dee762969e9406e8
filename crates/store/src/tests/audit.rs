//! The audit trail.

use super::given::{admin, staff};
use crate::audit::{self, Audited, Entry, Filter};
use crate::schema::MIGRATIONS;
use crate::{Scope, StoreError};
use doorstep_case::Role;
use doorstep_db::store_test;
use doorstep_vocab::{CaseId, Timestamp};

fn entry(id: &str, user: &str, case_id: Option<&str>) -> Entry {
    Entry {
        audit_id: id.into(),
        at: Timestamp(1),
        user_id: user.into(),
        role: Role::Agent,
        action: "read".into(),
        case_id: case_id.map(CaseId::from),
        object: "case".into(),
        purpose: "TREAT".into(),
        outcome: "allowed".into(),
        request_id: "q1".into(),
        rule: "0-role".into(),
    }
}

store_test!(accesses_are_recorded_and_found_by_case_and_user, MIGRATIONS, |db: &Db| {
    let many: Vec<CaseId> = (0..250).map(|n| CaseId(format!("m{n}"))).collect();
    db.write::<_, StoreError>("audit", |tx| {
        audit::record(tx, &entry("1", "one", Some("c1")))?;
        audit::record_many(tx, &entry("2", "two", None), &["c1".into(), "c2".into(), "c1".into()])?;
        audit::record(tx, &entry("3", "two", None))?;
        audit::record_many(tx, &entry("4", "one", None), &many)?;
        audit::record_many(tx, &entry("5", "one", None), &[])
    })
    .unwrap();
    let page = |scope: &Scope, filter: &Filter| -> Vec<Audited> {
        db.read(|tx| audit::page(tx, scope, filter, 3)).unwrap()
    };
    let ids = |filter: Filter| {
        let page = page(&staff(), &filter);
        page.into_iter()
            .map(|audited| (audited.entry.audit_id, audited.n_cases))
            .collect::<Vec<_>>()
    };
    let is = |id: &str, n_cases: u32| (id.to_owned(), n_cases);
    assert_eq!(ids(Filter::default()), [is("5", 0), is("4", 250), is("3", 0)]);
    let older = Filter { before: Some("3".into()), ..Filter::default() };
    assert_eq!(ids(older), [is("2", 2), is("1", 1)]);
    let of_case = |id: &str| Filter { case_id: Some(id.into()), ..Filter::default() };
    assert_eq!(ids(of_case("c1")), [is("2", 2), is("1", 1)]);
    assert_eq!(ids(of_case("m249")), [is("4", 250)]);
    assert_eq!(ids(Filter { user_id: Some("two".into()), ..of_case("c1") }), [is("2", 2)]);
    assert_eq!(page(&staff(), &of_case("c1"))[1].entry, entry("1", "one", Some("c1")));
    assert_eq!(page(&admin(), &Filter::default()), []);
});

store_test!(an_entry_is_never_written_over, MIGRATIONS, |db: &Db| {
    let record = |user| db.write("audit", |tx| audit::record(tx, &entry("1", user, None)));
    assert_eq!(record("one"), Ok(()));
    assert!(matches!(record("two"), Err(StoreError::Db(doorstep_db::DbError::Unique { .. }))));
});
