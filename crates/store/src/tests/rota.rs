//! Shifts on call.

use crate::rota::{self, Shift};
use crate::schema::MIGRATIONS;
use doorstep_case::rota::{Duty, Span};
use doorstep_db::store_test;
use doorstep_vocab::Timestamp;

fn shift(id: &str, from: i64, until: i64) -> Shift {
    let span = Span { from: Timestamp(from), until: Timestamp(until) };
    Shift { shift_id: id.into(), duty: Duty::Nurse, user_id: "noor".into(), span }
}

store_test!(shifts_are_kept_listed_and_taken_off, MIGRATIONS, |db: &Db| {
    for shift in [shift("b", 20, 30), shift("a", 10, 20), shift("c", 5, 8)] {
        db.write("add", |tx| rota::add(tx, &shift, (&"sue".into(), Timestamp(1)))).unwrap();
    }
    let between = |from, until| {
        let period = (Timestamp(from), Timestamp(until));
        db.read(|tx| rota::between(tx, period, 9)).unwrap()
    };
    assert_eq!(between(8, 21), [shift("a", 10, 20), shift("b", 20, 30)]);
    assert_eq!(between(20, 20), [], "an end is outside, and so is a beginning at the end");
    let remove = |id: &str, now| db.write("remove", |tx| rota::remove(tx, id, Timestamp(now)));
    assert_eq!(
        (remove("a", 20), remove("a", 19), remove("a", 19)),
        (Ok(false), Ok(true), Ok(false))
    );
    assert_eq!(between(0, 99).len(), 2);
});
