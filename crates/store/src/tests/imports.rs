//! Files of which rows were refused: they wait, one person settles each, and rows of hidden cases are left out.

use super::given::{Given, admin, staff};
use crate::receipts::{self, Receipt, Unit};
use crate::schema::MIGRATIONS;
use crate::{Scope, StoreError, imports};
use doorstep_authz::Sight;
use doorstep_case::Role;
use doorstep_db::{Db, store_test};
use doorstep_vocab::{ReceiptId, Timestamp};

/// A file all of whose rows went to a case.
const HIDDEN: &str = "r9";

fn file(db: &Db, id: &str) {
    let receipt = Receipt {
        receipt_id: id.into(),
        received_at: Timestamp(1),
        channel: "csv".into(),
        name: "list.csv".into(),
        format: "CSV".into(),
        sender: None,
        hash: "h".into(),
        size: 7,
        outcome: "partly".into(),
        problems: "[]".into(),
        reply_hash: None,
    };
    let unit = |unit, outcome: &str, case_id: Option<&str>| Unit {
        unit,
        place: format!("row {unit}"),
        outcome: outcome.into(),
        case_id: case_id.map(Into::into),
        problems: "[]".into(),
        resolved_at: None,
        resolved_by: None,
    };
    db.write::<_, StoreError>("receive", |tx| {
        receipts::put(tx, &receipt)?;
        let to_none = (id != HIDDEN).then(|| unit(1, "refused", None));
        let of_case = [unit(0, "opened", Some("c1")), unit(2, "refused", Some("c1"))];
        for unit in of_case.into_iter().chain(to_none) {
            receipts::put_unit(tx, &id.into(), &unit)?;
        }
        imports::open(tx, &id.into(), 2)?;
        imports::open(tx, &id.into(), 2)
    })
    .unwrap();
}

fn waiting(db: &Db, scope: &Scope, after: Option<&ReceiptId>) -> Vec<String> {
    let files = db.read(|tx| imports::waiting(tx, scope, after, 10)).unwrap();
    files.into_iter().map(|file| file.receipt_id.to_string()).collect()
}

store_test!(
    a_file_with_refused_rows_waits_until_one_person_has_settled_it,
    MIGRATIONS,
    |db: &Db| {
        file(db, "r1");
        file(db, "r2");
        let count = |scope: &Scope| db.read(|tx| imports::count(tx, scope)).unwrap();
        assert_eq!((count(&staff()), count(&admin())), (2, 0));
        assert_eq!(waiting(db, &staff(), None), ["r1", "r2"]);
        assert_eq!(waiting(db, &staff(), Some(&"r1".into())), ["r2"]);
        assert!(waiting(db, &admin(), None).is_empty());
        assert_eq!(db.write("give", |tx| imports::give(tx, &"r1".into(), &"ana".into())), Ok(true));
        let settle = |by: &str| {
            let (by, id) = (by.into(), "r1".into());
            db.write("settle", |tx| imports::settle(tx, &id, (&by, Timestamp(9)), "sent again"))
        };
        assert_eq!((settle("ana"), settle("noor")), (Ok(true), Ok(false)), "one of the two");
        assert_eq!(
            db.write("give", |tx| imports::give(tx, &"r1".into(), &"ben".into())),
            Ok(false)
        );
        assert_eq!(count(&staff()), 1);
        let settled = db.read(|tx| imports::settled(tx, &staff(), 10)).unwrap();
        let [one] = &settled[..] else { panic!("{settled:?}") };
        assert_eq!(
            (one.owner.as_ref(), one.settled_by.as_ref()),
            (Some(&"ana".into()), Some(&"ana".into()))
        );
        assert_eq!((one.note.as_str(), one.n_refused), ("sent again", 2));
        db.write("open again", |tx| imports::open(tx, &"r1".into(), 2)).unwrap();
        assert_eq!(count(&staff()), 1, "what was settled stays so");
    }
);

store_test!(a_refused_row_of_a_hidden_case_is_left_out, MIGRATIONS, |db: &Db| {
    let mut given = Given::opened("c1", 1);
    given.write(db).unwrap();
    file(db, "r1");
    let rows = |scope: &Scope, after| {
        let rows = db.read(|tx| imports::refused(tx, scope, (&"r1".into(), after), 10)).unwrap();
        rows.into_iter().map(|row| row.unit).collect::<Vec<u32>>()
    };
    assert_eq!(rows(&staff(), None), [1, 2]);
    assert_eq!(rows(&staff(), Some(1)), [2]);
    let mut sight = Sight::of("ana".into(), Role::Agent);
    sight.walls.payers.insert("another".into());
    assert_eq!(rows(&Scope::granted(sight), None), [1]);
    assert!(rows(&admin(), None).is_empty());
});

store_test!(a_file_all_of_a_hidden_case_is_in_no_read, MIGRATIONS, |db: &Db| {
    Given::opened("c1", 1).write(db).unwrap();
    file(db, "r1");
    file(db, HIDDEN);
    let mut sight = Sight::of("ana".into(), Role::Agent);
    sight.walls.payers.insert("another".into());
    let walled = Scope::granted(sight);
    let count = |scope: &Scope| db.read(|tx| imports::count(tx, scope)).unwrap();
    assert_eq!((count(&staff()), count(&walled)), (2, 1));
    assert_eq!(waiting(db, &staff(), None), ["r1", HIDDEN]);
    assert_eq!(waiting(db, &walled, None), ["r1"]);
    let is_there = |scope: &Scope, id: &str| {
        db.read(|tx| imports::get(tx, scope, &id.into())).unwrap().is_some()
    };
    assert!(is_there(&staff(), HIDDEN) && is_there(&walled, "r1") && !is_there(&walled, HIDDEN));
    for id in ["r1", HIDDEN] {
        let by = (&"ana".into(), Timestamp(9));
        db.write("settle", |tx| imports::settle(tx, &id.into(), by, "sent again")).unwrap();
    }
    let settled = |scope: &Scope| db.read(|tx| imports::settled(tx, scope, 10)).unwrap().len();
    assert_eq!((settled(&staff()), settled(&walled)), (2, 1));
});
