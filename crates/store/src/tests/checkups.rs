//! One runner a night does the checkup, and another when that one never came back.

use crate::StoreError;
use crate::checkups::{self, Checkup};
use crate::schema::MIGRATIONS;
use doorstep_db::{Db, store_test};
use doorstep_vocab::{Date, Timestamp};

fn begin(db: &Db, day: Date, now: i64) -> bool {
    let times = (Timestamp(now), Timestamp(now - 10));
    db.write::<_, StoreError>("begin", |tx| checkups::begin(tx, day, times)).unwrap()
}

store_test!(a_checkup_is_one_runners_until_it_never_comes_back, MIGRATIONS, |db: &Db| {
    let day = Date::new(2026, 3, 2).unwrap();
    assert!(begin(db, day, 100));
    assert!(!begin(db, day, 105), "somebody has it");
    assert!(begin(db, day, 111), "whoever had it is gone");
    assert_eq!(db.read(|tx| checkups::latest(tx, 9)), Ok(vec![]), "it is not done");
    let done = Checkup { day, done_at: Timestamp(112), findings: "[]".to_owned() };
    db.write::<_, StoreError>("finish", |tx| checkups::finish(tx, &done)).unwrap();
    assert!(!begin(db, day, 999), "it is done");
    assert!(begin(db, day.tomorrow().unwrap(), 999));
    assert_eq!(db.read(|tx| checkups::latest(tx, 9)), Ok(vec![done]));
});
