//! Real files: none may panic, each is what the index says, and what orders something gives an order.
//!
//! The folder is named by `DOORSTEP_SAMPLES`; without it there is nothing to read and the tests say so.

use doorstep_fhir::detect::looks_like_fhir_xml;
use doorstep_fhir::json::read;
use doorstep_fhir::kind::Kind;
use doorstep_fhir::order::read_orders;
use doorstep_fhir::problem::{Code, Problem};
use std::path::{Path, PathBuf};

struct Row {
    path: String,
    syntax: String,
    kind: String,
    bundle_type: String,
    entry_types: String,
}

fn rows(folder: &Path) -> Vec<Row> {
    let index = std::fs::read_to_string(folder.join("INDEX_FHIR.tsv"))
        .expect("the index is beside the samples");
    let rows = index.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split('\t').collect();
        let cell = |at: usize| cells.get(at).copied().unwrap_or_default().to_owned();
        Row {
            path: cell(0),
            syntax: cell(2),
            kind: cell(3),
            bundle_type: cell(4),
            entry_types: cell(6),
        }
    });
    rows.filter(|row| row.path.starts_with("fhir-")).collect()
}

fn folder() -> Option<PathBuf> {
    let folder = std::env::var_os("DOORSTEP_SAMPLES").map(PathBuf::from);
    if folder.is_none() {
        eprintln!("skipped: DOORSTEP_SAMPLES names no folder");
    }
    folder
}

/// Returns the type of a resource that was read and refused only for a modifier that is not known.
fn refused(problems: &[Problem]) -> String {
    match problems.first() {
        Some(problem) if problems.iter().all(|one| one.code == Code::UnknownModifier) => {
            problem.path.split('.').next().unwrap_or_default().to_owned()
        }
        _ => "refused".to_owned(),
    }
}

#[test]
fn every_file_is_what_the_index_says() {
    let Some(folder) = folder() else { return };
    let mut wrong = Vec::new();
    for row in rows(&folder) {
        let bytes = std::fs::read(folder.join(&row.path)).expect("an indexed file is there");
        let found = match read(&bytes) {
            Ok(tree) => tree.resource_type().unwrap_or("none").to_owned(),
            Err(problems) => looks_like_fhir_xml(&bytes).unwrap_or_else(|| refused(&problems)),
        };
        let is_right = match row.syntax.as_str() {
            "json-BAD" => found == "refused",
            _ if row.kind.starts_with("CDS-Hooks")
                || matches!(row.kind.as_str(), "(none)" | "cards" | "list" | "") =>
            {
                found == "none"
            }
            _ => found == row.kind,
        };
        if !is_right {
            wrong.push(format!("{}: {} {} but read as {found}", row.path, row.syntax, row.kind));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_orders_something_gives_lines() {
    let Some(folder) = folder() else { return };
    let ordered = ["ServiceRequest", "DeviceRequest", "MedicationRequest", "Task", "MessageHeader"];
    let mut without = Vec::new();
    for row in rows(&folder).iter().filter(|row| row.syntax == "json") {
        let bytes = std::fs::read(folder.join(&row.path)).expect("an indexed file is there");
        let Ok(tree) = read(&bytes) else { continue };
        let reading = read_orders(&tree).remove(0);
        let is_dme =
            row.path.starts_with("fhir-dme-orders/") && ordered.contains(&row.kind.as_str());
        let is_request = row.kind == "Bundle"
            && row.bundle_type == "collection"
            && row.entry_types.starts_with("Claim:");
        let is_pas = row.path.starts_with("fhir-pas/") && is_request;
        if !(is_dme || is_pas) || reading.kind == Kind::Inquiry {
            continue;
        }
        // A claim that has neither item nor prescription orders nothing, and must say so.
        let text = String::from_utf8_lossy(&bytes);
        let orders_nothing =
            !text.contains("\"item\"") && !text.contains("\"prescription\"") && is_request;
        let says_so = reading.problems.iter().any(|problem| problem.code == Code::NoLines);
        let n_lines = reading.order.map_or(0, |order| order.lines.len());
        if reading.kind != Kind::Order || says_so != (n_lines == 0) || (says_so && !orders_nothing)
        {
            without.push(format!("{}: {:?}, {n_lines} lines", row.path, reading.kind));
        }
    }
    assert!(without.is_empty(), "{}", without.join("\n"));
}
