//! Copies and their proof, on both engines: what was taken out of a copy or changed in it is told, and so is what a
//! store lost by itself.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use doorstep_db::testing::{FreshPostgres, fresh_postgres, postgres_url};
use doorstep_db::{Db, OpenOptions, params};
use std::fs;
use std::path::Path;
use support::orders::{CSV_HEADER, Door, Order};
use support::{Place, json};

/// A place with cases by two doors, worked on once, so that every table has rows.
fn filled(place: Place) -> Place {
    let rows: String = (0..12).map(|n| Order::nth(n).csv_row(0)).collect();
    fs::write(place.path("referrals.csv"), format!("{CSV_HEADER}{rows}")).unwrap();
    fs::write(place.path("order.hl7"), Order::nth(50).by(Door::Hl7, 0)).unwrap();
    place.ok(&["intake", "referrals.csv", "order.hl7"]);
    place.ok(&["work", "--once"]);
    place
}

/// What is done to a copy, and the word that the proof has for it.
const PLANTED: &[(&str, &str)] = &[
    ("DELETE FROM case_event WHERE seq = 2", "case_event"),
    ("DELETE FROM case_head WHERE case_id = (SELECT MIN(case_id) FROM case_head)", "case_head"),
    ("DELETE FROM audit WHERE audit_id = (SELECT MAX(audit_id) FROM audit)", "audit"),
    ("DELETE FROM blob WHERE hash = (SELECT MIN(hash) FROM blob)", "blob"),
    ("DELETE FROM job", "job"),
    ("UPDATE blob SET bytes = $1 WHERE hash = (SELECT MIN(hash) FROM blob)", "not what was kept"),
    (
        "UPDATE case_head SET status = 'closed' WHERE case_id = (SELECT MIN(case_id) FROM case_head)",
        "status differ",
    ),
    (
        "UPDATE case_event SET at = at + 1 WHERE case_id = (SELECT MIN(case_id) FROM case_event)",
        "differ",
    ),
];

/// Changes rows as nobody may.
fn meddle(db: &Db, sql: &str) {
    let values =
        if sql.contains("$1") { params![b"other bytes".as_slice()].to_vec() } else { Vec::new() };
    let n_rows = db.write("meddle", |tx| tx.execute(sql, &values)).unwrap();
    assert!(n_rows > 0, "{sql}");
}

#[test]
fn whatever_is_taken_out_of_a_copy_or_changed_in_it_is_told() {
    let place = filled(Place::new());
    place.ok(&["backup", "copy.db"]);
    for (n, (sql, word)) in PLANTED.iter().enumerate() {
        let name = format!("copy{n}.db");
        fs::copy(place.path("copy.db"), place.path(&name)).unwrap();
        fs::copy(place.path("copy.db.counts.json"), place.path(&format!("{name}.counts.json")))
            .unwrap();
        meddle(
            &Db::open_with(place.path(&name).to_str().unwrap(), &OpenOptions::default()).unwrap(),
            sql,
        );
        let ran = place.run(&["restore", &name, "--db", &format!("restored{n}.db")]);
        assert_eq!(ran.code, Some(1), "{sql}: {}{}", ran.out, ran.err);
        assert!(ran.out.contains(word) && ran.out.contains("not proved"), "{sql}: {}", ran.out);
    }
    let ran = place.run(&["restore", "copy.db", "--db", "good.db", "--json"]);
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    assert_eq!(json(ran.out.trim())["proved"], true);
}

#[test]
fn a_copy_without_its_counts_is_put_back_only_when_told_so() {
    let place = filled(Place::new());
    place.ok(&["backup", "copy.db"]);
    fs::remove_file(place.path("copy.db.counts.json")).unwrap();
    let ran = place.run(&["restore", "copy.db", "--db", "restored.db"]);
    assert!(ran.code == Some(2) && ran.err.contains("--no-counts"), "{}", ran.err);
    place.ok(&["restore", "copy.db", "--db", "restored.db", "--no-counts"]);
}

#[test]
fn a_case_that_waits_for_a_clock_is_put_back_all_the_same() {
    let place = filled(Place::new());
    let db = Db::open(place.db()).unwrap();
    meddle(
        &db,
        "UPDATE case_head SET clock_due_at = NULL WHERE case_id = (SELECT MIN(case_id) FROM case_head)",
    );
    drop(db);
    place.ok(&["backup", "copy.db"]);
    let ran = place.run(&["restore", "copy.db", "--db", "restored.db", "--json"]);
    assert_eq!(json(ran.out.trim())["sound"], true, "{}", ran.out);
}

fn postgres() -> Option<(FreshPostgres, FreshPostgres)> {
    let Some(server) = postgres_url() else {
        eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set");
        return None;
    };
    Some((fresh_postgres(&server).unwrap(), fresh_postgres(&server).unwrap()))
}

#[test]
fn a_servers_copy_is_put_back_and_proved() {
    let Some((from, to)) = postgres() else { return };
    let place = filled(Place::on(&from.url));
    let told = json(place.ok(&["backup", "copy.dump", "--json"]).trim());
    assert_eq!(told["held"]["rows"]["case_head"], 13);
    let proof = json(place.ok(&["restore", "copy.dump", "--db", &to.url, "--json"]).trim());
    assert_eq!(
        (&proof["proved"], &proof["replay"]["cases"]),
        (&true.into(), &13.into()),
        "{proof}"
    );
    assert_eq!(proof["held"], told["held"]);
    let again = place.run(&["restore", "copy.dump", "--db", &to.url]);
    assert_ne!(again.code, Some(0), "nothing is written over");
}

#[test]
fn a_servers_copy_that_lacks_rows_is_told() {
    let Some((from, to)) = postgres() else { return };
    let place = filled(Place::on(&from.url));
    place.ok(&["backup", "copy.dump"]);
    let counts = fs::read(place.path("copy.dump.counts.json")).unwrap();
    meddle(&Db::open(&from.url).unwrap(), "DELETE FROM case_event WHERE seq = 2");
    for path in ["copy.dump", "copy.dump.counts.json"] {
        fs::remove_file(place.path(path)).unwrap();
    }
    place.ok(&["backup", "copy.dump"]);
    fs::write(place.path("copy.dump.counts.json"), counts).unwrap();
    let ran = place.run(&["restore", "copy.dump", "--db", &to.url]);
    assert!(ran.code == Some(1) && ran.out.contains("case_event"), "{}{}", ran.out, ran.err);
}

/// Planted in the store itself: what the replay has to find.
#[test]
fn a_replay_finds_a_case_whose_list_row_is_gone() {
    let place = filled(Place::new());
    place.ok(&["replay", "--check"]);
    let db = Db::open(place.db()).unwrap();
    meddle(&db, "DELETE FROM case_head WHERE case_id = (SELECT MIN(case_id) FROM case_head)");
    drop(db);
    let ran = place.run(&["replay", "--check"]);
    assert_eq!(ran.code, Some(1), "{}", ran.out);
    assert!(ran.out.contains("there are events and no case"), "{}", ran.out);
    assert!(Path::new(place.db()).exists());
}
