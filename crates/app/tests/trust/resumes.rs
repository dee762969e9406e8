//! What a killed process left half read is finished, under its own receipt and its own time; what cannot be stops nothing.

use crate::on_both;
use crate::support::orders::{CSV_HEADER, Order};
use crate::support::rows;
use crate::support::world::{World, monday};
use doorstep_app::intake::{Incoming, resume, take_keyed};
use doorstep_db::{Engine, params};
use doorstep_exchange::Outcome;
use doorstep_vocab::{Key, Micros};

fn list(from: u32) -> String {
    let rows: String = (from..from + 3).map(|n| Order::nth(n).csv_row(0)).collect();
    format!("{CSV_HEADER}{rows}")
}

/// Makes every list look as if its process had been killed after the bytes were kept.
fn cut_short(world: &World) {
    for sql in [
        "UPDATE receipt SET outcome = 'reading', reply_hash = NULL",
        "DELETE FROM receipt_unit",
        "DELETE FROM case_head",
        "DELETE FROM case_event",
        "DELETE FROM order_key",
        "DELETE FROM person",
        "DELETE FROM job",
        "DELETE FROM deadline",
    ] {
        rows::meddle(world, sql, params![]);
    }
}

fn a_damaged_file_stops_no_other(world: &World) {
    world.take_now(&list(0));
    world.take_now(&list(10));
    cut_short(world);
    let damage = "UPDATE blob SET bytes = $1 WHERE hash = (SELECT MIN(hash) FROM receipt)";
    assert_eq!(rows::meddle(world, damage, params![b"damaged".as_slice()]), 1);
    assert_eq!(resume(&world.app.system("intake")).unwrap(), 2);
    assert_eq!(rows::rows(world, "case_head"), 3, "the other one is taken");
    let waits = "SELECT COUNT(*) AS n FROM receipt_unit WHERE outcome = 'queued' AND problems LIKE '%file-damaged%'";
    assert_eq!(rows::count(world, waits), 1, "a person is told");
    assert_eq!(resume(&world.app.system("intake")).unwrap(), 0, "once");
}

fn what_comes_again_is_finished_as_it_first_came(world: &World) {
    world.take(list(0).as_bytes(), monday());
    cut_short(world);
    let later = monday().plus(Micros::hours(30));
    world.clock.set(later);
    assert_eq!(world.take(list(0).as_bytes(), later).outcome, Outcome::Linked);
    let from = "SELECT COUNT(*) AS n FROM case_head WHERE received_at <> ";
    let wrong = rows::count(world, &format!("{from}{}", monday().0));
    assert_eq!((rows::rows(world, "case_head"), wrong), (3, 0), "the clock counts from the first");
}

/// The same bytes came a second time, and the process was killed before it had answered them: the case has ended since.
fn a_repeat_that_was_cut_short_opens_nothing_at_the_next_start(world: &World) {
    world.take(list(0).as_bytes(), monday());
    world.clock.set(monday().plus(Micros::hours(1)));
    assert_eq!(world.take_now(&list(0)).outcome, Outcome::Linked);
    let repeat = "receipt_id = (SELECT MAX(receipt_id) FROM receipt)";
    let reading =
        format!("UPDATE receipt SET outcome = 'reading', reply_hash = NULL WHERE {repeat}");
    assert_eq!(rows::meddle(world, &reading, params![]), 1);
    assert_eq!(
        rows::meddle(world, &format!("DELETE FROM receipt_unit WHERE {repeat}"), params![]),
        3
    );
    let before = ["case_head", "case_event", "job"].map(|table| rows::rows(world, table));
    assert_eq!(resume(&world.app.system("intake")).unwrap(), 1);
    let after = ["case_head", "case_event", "job"].map(|table| rows::rows(world, table));
    assert_eq!(after, before, "nothing arrived that had not");
    let linked = "SELECT COUNT(*) AS n FROM receipt_unit WHERE outcome = 'linked'";
    assert_eq!(rows::count(world, linked), 3, "and it is answered as the repeat that it is");
}

/// Lets no receipt be finished from now on, as if the process were killed before.
fn let_none_be_finished(world: &World) -> &'static str {
    let (make, undo): (&[&str], &str) = match world.app.db.engine() {
        Engine::Sqlite => (
            &["CREATE TRIGGER cut BEFORE UPDATE ON receipt BEGIN SELECT RAISE(ABORT, 'cut'); END"],
            "DROP TRIGGER cut",
        ),
        Engine::Postgres => (
            &[
                "CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''cut''; END'",
                "CREATE TRIGGER cut BEFORE UPDATE ON receipt FOR EACH ROW EXECUTE FUNCTION cut()",
            ],
            "DROP TRIGGER cut ON receipt",
        ),
    };
    for sql in make {
        rows::meddle(world, sql, params![]);
    }
    undo
}

fn a_key_used_twice_waits_for_a_person_whenever_the_process_is_killed(world: &World) {
    let ctx = world.agent();
    let key = Key::from("7");
    let keyed = |text: &str| {
        let incoming = Incoming { bytes: text.as_bytes(), name: "http", received_at: ctx.now };
        take_keyed(&ctx, &incoming, &key)
    };
    keyed(&list(0)).unwrap();
    let undo = let_none_be_finished(world);
    keyed(&list(10)).unwrap_err();
    rows::meddle(world, undo, params![]);
    resume(&world.app.system("intake")).unwrap();
    assert_eq!(rows::rows(world, "case_head"), 3, "the second content is no order yet");
    let waits = "SELECT COUNT(*) AS n FROM receipt_unit WHERE outcome = 'queued' AND problems LIKE '%key-reused%'";
    assert_eq!(rows::count(world, waits), 1, "a person is told");
}

on_both!(
    a_damaged_file_stops_no_other,
    what_comes_again_is_finished_as_it_first_came,
    a_repeat_that_was_cut_short_opens_nothing_at_the_next_start,
    a_key_used_twice_waits_for_a_person_whenever_the_process_is_killed,
);
