//! What a killed process left half read is finished, under its own receipt and its own time; what cannot be stops nothing.

use crate::on_both;
use crate::support::orders::{CSV_HEADER, Order};
use crate::support::rows;
use crate::support::world::{World, monday};
use doorstep_app::intake::resume;
use doorstep_db::params;
use doorstep_exchange::Outcome;
use doorstep_vocab::Micros;

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
        "DELETE FROM match_key",
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

on_both!(a_damaged_file_stops_no_other, what_comes_again_is_finished_as_it_first_came);
