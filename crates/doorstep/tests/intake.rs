//! `doorstep intake` with files that are none, lists, and looks that keep nothing.

mod support;

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;
use support::orders::{CSV_HEADER, Door, Order};
use support::{Place, Ran, json};

fn lines(ran: &Ran) -> Vec<serde_json::Value> {
    assert_eq!(ran.code, Some(0), "{}{}", ran.out, ran.err);
    ran.out.lines().map(json).collect()
}

#[test]
fn a_file_that_cannot_be_taken_is_a_line_and_ends_nothing() {
    let place = Place::new();
    let inbox = place.path("inbox");
    fs::create_dir(&inbox).unwrap();
    fs::File::create(inbox.join("1-large")).unwrap().set_len(51 << 20).unwrap();
    symlink("nowhere", inbox.join("2-dangling")).unwrap();
    assert!(Command::new("mkfifo").arg(inbox.join("3-pipe")).status().unwrap().success());
    symlink(".", inbox.join("4-loop")).unwrap();
    fs::write(inbox.join("5-good"), Order::nth(0).by(Door::Hl7, 0)).unwrap();
    let told = lines(&place.run(&["intake", "inbox", "missing.x12", "--json"]));
    let codes: Vec<(&str, &str)> = told
        .iter()
        .filter(|line| line["path"].is_string())
        .map(|line| {
            let code = line["problems"][0]["code"].as_str().unwrap_or_default();
            (line["outcome"].as_str().unwrap(), code)
        })
        .collect();
    assert_eq!(
        codes,
        [
            ("refused", "file-too-large"),
            ("refused", "file-unreadable"),
            ("refused", "file-unreadable"),
            ("opened", ""),
            ("refused", "file-unreadable"),
        ]
    );
    let summary = &told.last().unwrap()["summary"];
    assert_eq!((&summary["files"], &summary["refused"]), (&5.into(), &4.into()));
}

#[test]
fn a_line_has_the_promised_keys_and_no_more() {
    let place = Place::new();
    fs::write(place.path("bad.csv"), format!("{CSV_HEADER}{}", ",".repeat(16))).unwrap();
    let told = lines(&place.run(&["intake", "bad.csv", "--json"]));
    let keys =
        |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&told[0]), ["cases", "format", "outcome", "path", "problems"]);
    assert_eq!(keys(&told[0]["problems"][0]), ["code", "message", "where"]);
}

#[test]
fn the_rows_of_a_list_add_up() {
    let place = Place::new();
    let good: String = (0..70).map(|n| Order::nth(n).csv_row(0)).collect();
    let again = Order::nth(3).csv_row(0).replacen("C-3", "", 1);
    let bad = Order::nth(99).csv_row(0).replace("2026-03-02", "never");
    fs::write(place.path("list.csv"), format!("{CSV_HEADER}{good}{again}{bad}")).unwrap();
    let shown = place.ok(&["intake", "list.csv"]);
    assert!(shown.contains("rows 72 = opened 70 + linked 1 + refused 1"), "{shown}");
    let told = lines(&place.run(&["intake", "list.csv", "--json"]));
    assert_eq!(told[1]["summary"]["rows"], serde_json::json!({ "linked": 71, "refused": 1 }));
}

#[test]
fn a_dry_run_makes_nothing_and_knows_what_came() {
    let place = Place::new();
    fs::write(place.path("order.hl7"), Order::nth(0).by(Door::Hl7, 0)).unwrap();
    let args = ["intake", "order.hl7", "--json", "--dry-run", "--replies", "answers"];
    assert_eq!(lines(&place.run(&args))[0]["outcome"], "opened");
    assert!(!place.path("doorstep.db").exists() && !place.path("answers").exists());
    place.ok(&["intake", "order.hl7"]);
    let told = lines(&place.run(&args));
    assert_eq!(told[0]["outcome"], "linked");
    assert_eq!(told[0]["cases"].as_array().unwrap().len(), 1);
    fs::write(place.path("order.hl7"), Order::nth(0).by(Door::X12, 0)).unwrap();
    assert_eq!(lines(&place.run(&args))[0]["outcome"], "linked", "by another door too");
    assert_eq!(json(place.ok(&["replay", "--check", "--json"]).trim())["cases"], 1);
}

#[test]
fn a_files_name_is_kept_nowhere() {
    let place = Place::new();
    fs::write(place.path("Example, Testa.hl7"), Order::nth(0).by(Door::Hl7, 0)).unwrap();
    place.ok(&["intake", "Example, Testa.hl7", "--replies", "answers"]);
    let names = fs::read_dir(place.path("answers")).unwrap();
    let names: Vec<String> =
        names.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.len() == 1 && names[0].starts_with("upload.hl7."), "{names:?}");
}
