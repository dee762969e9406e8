//! Real files of every format, taken by the program as they are. They are not part of the project: `DOORSTEP_SAMPLES`
//! names their folder.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use doorstep_db::{Db, DbError, params};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use support::{Place, files_under, json};

const OUTCOMES: [&str; 6] = ["opened", "linked", "updated", "queued", "refused", "unsupported"];

fn samples() -> Option<PathBuf> {
    let folder = std::env::var_os("DOORSTEP_SAMPLES").filter(|folder| !folder.is_empty());
    if folder.is_none() {
        eprintln!("skipped: DOORSTEP_SAMPLES is not set");
    }
    folder.map(PathBuf::from)
}

/// Takes the folder and returns what was said of each file, by path.
fn taken(place: &Place, folder: &Path, more: &[&str]) -> BTreeMap<PathBuf, serde_json::Value> {
    let args = [&["intake", folder.to_str().unwrap(), "--json"], more].concat();
    let ran = place.run(&args);
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    assert!(!ran.err.contains("panicked") && !ran.out.contains("panicked"), "{}", ran.err);
    let mut lines: Vec<serde_json::Value> = ran.out.lines().map(json).collect();
    let summary = lines.pop().unwrap();
    assert_eq!(summary["summary"]["files"].as_u64(), Some(lines.len() as u64));
    let said: BTreeMap<PathBuf, _> = lines
        .into_iter()
        .map(|line| (PathBuf::from(line["path"].as_str().unwrap()), line))
        .collect();
    eprintln!("{} {summary}", more.concat());
    said
}

fn text<'a>(said: &'a serde_json::Value, name: &str) -> &'a str {
    said[name].as_str().unwrap()
}

/// Whether a folder of that name is on the way to the file.
fn is_in(path: &Path, folder: &str) -> bool {
    path.components().any(|part| part.as_os_str() == folder)
}

#[test]
fn every_sample_is_taken_kept_and_reasoned_about() {
    let Some(folder) = samples() else { return };
    let place = Place::new();
    let files = files_under(&folder);
    let previewed = taken(&place, &folder, &["--dry-run"]);
    assert_eq!(previewed.len(), files.len());
    assert!(!Path::new(place.db()).exists(), "a dry run makes nothing");
    let receipts = |db: &Db| {
        db.read(|tx| {
            tx.query_one("SELECT COUNT(*) AS n FROM receipt", params![])?.unwrap().int("n")
        })
        .unwrap()
    };
    // One after the other: a cancellation that overtakes its order is left to a person without a case.
    let said = taken(&place, &folder, &["--at-once", "1"]);
    let db = Db::open(place.db()).unwrap();
    assert_eq!(
        said.keys().collect::<Vec<_>>(),
        files.iter().collect::<Vec<_>>(),
        "one line a file"
    );
    assert_eq!(receipts(&db), i64::try_from(files.len()).unwrap());
    for (path, said) in &said {
        assert!(OUTCOMES.contains(&text(said, "outcome")), "{said}");
        assert!(is_kept(&db, path), "{} is not in the store", path.display());
        let is_reasoned =
            !said["problems"].as_array().unwrap().is_empty() || text(said, "outcome") != "refused";
        assert!(is_reasoned, "{} is refused without a word", path.display());
        let has_case = !said["cases"].as_array().unwrap().is_empty();
        let needs_one = matches!(text(said, "outcome"), "opened" | "linked" | "updated");
        assert!(has_case || !needs_one || is_again(&db, path), "{said}");
    }
    orders_open(&said);
    place.ok(&["replay", "--check"]);
    place.ok(&["doctor"]);
    let again = taken(&place, &folder, &[]);
    assert!(
        again.values().all(|said| !matches!(text(said, "outcome"), "opened" | "updated")),
        "all came before"
    );
}

/// Whether the file's bytes are kept under a receipt of their hash.
fn is_kept(db: &Db, path: &Path) -> bool {
    let bytes = std::fs::read(path).unwrap();
    let hash = doorstep_app::digest(&bytes);
    db.read(|tx| {
        let sql = "SELECT b.bytes FROM blob AS b JOIN receipt AS r ON r.hash = b.hash WHERE b.hash = $1 LIMIT 1";
        let row = tx.query_one(sql, params![hash.as_str()])?;
        Ok::<_, DbError>(row.is_some_and(|row| row.bytes("bytes") == Ok(bytes.as_slice())))
    })
    .unwrap()
}

/// Whether the same bytes came under another name.
fn is_again(db: &Db, path: &Path) -> bool {
    let hash = doorstep_app::digest(&std::fs::read(path).unwrap());
    let sql = "SELECT COUNT(*) AS n FROM receipt WHERE hash = $1";
    db.read(|tx| tx.query_one(sql, params![hash.as_str()])?.unwrap().int("n")).unwrap() > 1
}

/// What is plainly an order leads to a case, and what is plainly none does not.
fn orders_open(said: &BTreeMap<PathBuf, serde_json::Value>) {
    for (path, said) in said {
        let led = !said["cases"].as_array().unwrap().is_empty();
        if let Some(is_order) = is_plainly_an_order(path) {
            assert_eq!(led, is_order, "{said}");
        }
    }
    for folder in ["hl7v2-order", "hl7v2-ref"] {
        let of_folder: Vec<_> = said.iter().filter(|(path, _)| is_in(path, folder)).collect();
        let led = of_folder
            .iter()
            .filter(|(_, said)| !said["cases"].as_array().unwrap().is_empty())
            .count();
        eprintln!("{folder}: {led} of {} files led to a case", of_folder.len());
        assert!(led * 100 >= of_folder.len() * 80, "{folder}: {led} of {}", of_folder.len());
    }
}

/// `None` where it takes more than a look to tell.
fn is_plainly_an_order(path: &Path) -> Option<bool> {
    let text = std::fs::read_to_string(path).ok()?;
    if is_in(path, "x12-278") {
        // BHT02 is 13 in a request and 11 in the answer to one.
        return Some(text.contains("BHT*0007*13"));
    }
    if is_in(path, "fhir-dme-orders") {
        let resource: serde_json::Value = serde_json::from_str(&text).ok()?;
        let orders =
            ["DeviceRequest", "MedicationRequest", "MessageHeader", "ServiceRequest", "Task"];
        return Some(orders.contains(&resource["resourceType"].as_str()?));
    }
    None
}
