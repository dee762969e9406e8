//! Every shape that an event was ever stored in is still read, and written again as it was.
//!
//! `past/` has a file for each event, named as packs name it. A new event needs a new file; a changed shape keeps the
//! old file beside its own, as `<name>.<n>.json`.

use doorstep_case::{Actor, EVENT_NAMES, Event, Recorded, Role};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The envelope of an event, which has no name of its own.
const ENVELOPE: &str = "recorded";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("past")
}

fn files() -> Vec<(String, String)> {
    let entries = fs::read_dir(folder()).expect("past/ is part of the crate");
    let paths = entries.map(|entry| entry.expect("a listed file can be looked at").path());
    let read = |path: PathBuf| {
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let text = fs::read_to_string(&path).expect("a stored event is text");
        (stem.unwrap_or_default(), text)
    };
    let mut files: Vec<(String, String)> = paths.map(read).collect();
    files.sort();
    files
}

fn written<T: serde::Serialize>(value: &T) -> String {
    format!("{}\n", serde_json::to_string_pretty(value).expect("an event has a JSON form"))
}

#[test]
fn every_stored_event_reads_and_writes_as_it_was() {
    for (stem, text) in files().into_iter().filter(|(stem, _)| stem != ENVELOPE) {
        let event: Event = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{stem}: {e}"));
        assert!(stem == event.name() || stem.starts_with(&format!("{}.", event.name())), "{stem}");
        assert_eq!(written(&event), text, "{stem}");
    }
}

#[test]
fn the_envelope_reads_and_writes_as_it_was() {
    let text = fs::read_to_string(folder().join("recorded.json")).unwrap();
    let recorded: Recorded = serde_json::from_str(&text).unwrap();
    assert_eq!(recorded.by, Actor { user_id: "agent-1".into(), role: Role::Agent });
    assert_eq!(written(&recorded), text);
}

#[test]
fn every_event_has_a_stored_example() {
    let stored: BTreeSet<String> = files().into_iter().map(|(stem, _)| stem).collect();
    for name in EVENT_NAMES.iter().flat_map(|names| names.iter()) {
        assert!(stored.contains(*name), "past/{name}.json is missing");
    }
}

#[test]
fn an_event_of_before_calendars_were_recorded_is_read() {
    let text = fs::read_to_string(folder().join("clock.started.json")).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    json["clock"]["started"].as_object_mut().unwrap().remove("calendar").unwrap();
    let event: Event = serde_json::from_value(json).unwrap();
    assert!(matches!(event, Event::Clock(_)));
}

#[test]
fn an_unknown_event_is_refused_not_skipped() {
    assert!(serde_json::from_str::<Event>(r#"{"intake":"forgotten"}"#).is_err());
    assert!(serde_json::from_str::<Event>(r#"{"intake":{"triaged":{"priority":"p9"}}}"#).is_err());
}
