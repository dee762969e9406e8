//! `doctor` finds what should not exist, each thing with what to do about it, and nothing else.

use crate::support::orders::{Door, Order};
use crate::support::{Place, json};
use doorstep_db::testing::{fresh_postgres, postgres_url};
use doorstep_db::{Db, DbError, params};
use std::collections::BTreeSet;
use std::fs;

/// What is planted, and the name under which it has to be found.
const PLANTED: [(&str, &str); 11] = [
    (
        "UPDATE case_head SET clock_due_at = NULL WHERE case_id = (SELECT MIN(case_id) FROM case_head)",
        "open cases without a clock",
    ),
    (
        "UPDATE case_head SET seq = seq + 1 WHERE case_id = (SELECT MAX(case_id) FROM case_head)",
        "cases behind their record",
    ),
    ("UPDATE job SET run_at = run_at - 3600000000 WHERE kind = 'ask-benefits'", "jobs that wait too long"),
    (
        "UPDATE job SET lease_until = run_at - 1200000000 WHERE kind = 'acknowledge-sender'",
        "leases whose holder is gone",
    ),
    (
        "UPDATE deadline SET lease_until = next_at + 90000000000000",
        "leases that end too late",
    ),
    (
        "UPDATE job SET dead_at = run_at, last_error = 'broken' WHERE job_id = (SELECT MIN(job_id) FROM job)",
        "jobs left to a person",
    ),
    (
        "UPDATE deadline SET next_at = 1 WHERE case_id = (SELECT MIN(case_id) FROM deadline)",
        "deadlines that should have rung",
    ),
    (
        "INSERT INTO document (case_id, document_id, hash, kind, media_type, title, added_at, added_by)
         SELECT case_id, 'd', 'lost', 'order', 'application/pdf', 'order.pdf', 1, 'ana' FROM case_head ORDER BY case_id LIMIT 1",
        "documents without their bytes",
    ),
    (
        "UPDATE receipt SET outcome = 'reading', received_at = received_at - 3600000000 WHERE receipt_id = (SELECT MAX(receipt_id) FROM receipt)",
        "files that are half read",
    ),
    (
        "UPDATE receipt SET hash = 'lost' WHERE receipt_id = (SELECT MIN(receipt_id) FROM receipt)",
        "receipts without their bytes",
    ),
    (
        "UPDATE audit SET at = at + 3600000000 WHERE audit_id = (SELECT MAX(audit_id) FROM audit)",
        "the newest entry",
    ),
];

/// Names of what the doctor advises about, apart from the machine's disks and the throw-away server's own settings.
fn advised(place: &Place) -> BTreeSet<String> {
    let found = json(&place.run(&["doctor", "--json"]).out);
    let findings = found["findings"].as_array().unwrap().iter();
    let wrong = findings.filter(|one| !one["advice"].is_null());
    let names = wrong.map(|one| one["name"].as_str().unwrap().to_owned());
    let of_the_machine = ["fsync", "data_checksums", "room for files"];
    names
        .filter(|name| !of_the_machine.contains(&name.as_str()) && !name.starts_with("disk of"))
        .collect()
}

fn with_cases(place: Place) -> Place {
    for n in 0..3 {
        let name = format!("order-{n}");
        fs::write(place.path(&name), Order::nth(n).by(Door::Fhir, 0)).unwrap();
        place.ok(&["intake", &name]);
    }
    place
}

fn each_is_found(place: &Place) {
    let mut known = BTreeSet::new();
    assert_eq!(advised(place), known, "nothing is planted yet");
    for (sql, name) in PLANTED {
        let db = Db::open(place.db()).unwrap();
        let planted = db.write::<_, DbError>("plant", |tx| tx.execute(sql, params![]));
        assert!(planted.unwrap() > 0, "{sql}");
        drop(db);
        known.insert(name.to_owned());
        assert_eq!(advised(place), known, "{sql}");
    }
    let ran = place.run(&["doctor"]);
    assert_eq!(ran.code, Some(1));
    let numbers = ran.out.lines().filter(|line| line.trim().starts_with("HC-")).count();
    assert_eq!(numbers, 2, "the cases are named: {}", ran.out);
}

#[test]
fn whatever_should_not_exist_is_found_with_what_to_do() {
    each_is_found(&with_cases(Place::new()));
}

#[test]
fn whatever_should_not_exist_on_postgres_is_found_with_what_to_do() {
    let Some(server) = postgres_url() else {
        eprintln!("skipped: DOORSTEP_TEST_POSTGRES is not set");
        return;
    };
    let fresh = fresh_postgres(&server).unwrap();
    let place = with_cases(Place::on(&fresh.url));
    each_is_found(&place);
    let Some(mut late) = crate::clocks::at(&place, &["doctor", "--json"], "+2h") else { return };
    let found = json(&String::from_utf8(late.output().unwrap().stdout).unwrap());
    let findings = found["findings"].as_array().unwrap();
    let skewed = |one: &&serde_json::Value| one["name"] == "the server's clock";
    let skewed = findings.iter().find(skewed).unwrap();
    assert!(skewed["advice"].as_str().unwrap().contains("NTP"), "{skewed}");
}

#[test]
fn a_hub_looks_by_itself_each_night_and_keeps_what_it_found() {
    let place = with_cases(Place::new());
    let db = Db::open(place.db()).unwrap();
    let (sql, _) = PLANTED[0];
    db.write::<_, DbError>("plant", |tx| tx.execute(sql, params![])).unwrap();
    let hub = crate::hub::Hub::new(&place, &[]);
    hub.start();
    let kept = "SELECT COUNT(*) AS n FROM checkup WHERE findings LIKE '%without a clock%HC-%'";
    let began = std::time::Instant::now();
    while crate::audit::count(&db, kept) == 0 {
        assert!(began.elapsed().as_secs() < 20, "nobody has looked");
    }
    hub.stop();
    let told = place.run(&["doctor"]).out;
    assert!(told.contains("last nightly checkup") && told.contains("1 found"), "{told}");
    let trail = place.ok(&["audit", "--json"]);
    assert!(trail.contains("checkup"), "{trail}");
}
