//! Real files and noise: nothing panics, and what orders something is an order.
//!
//! The folder is named by `DOORSTEP_SAMPLES`; without it there is nothing to read and the test says so.

use super::*;
use crate::Format;
use crate::detect;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

fn folders() -> Vec<PathBuf> {
    let Some(root) = std::env::var_os("DOORSTEP_SAMPLES") else {
        eprintln!("skipped: DOORSTEP_SAMPLES names no folder");
        return Vec::new();
    };
    let entries = std::fs::read_dir(root).expect("the folder of samples is there");
    let paths = entries.map(|entry| entry.expect("an entry can be read").path());
    let is_fhir = |path: &PathBuf| {
        path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("fhir-"))
    };
    paths.filter(is_fhir).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).expect("a folder of samples can be read");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files
}

fn n_lines(found: &Found) -> Option<usize> {
    match found {
        Found::Order { referral, .. }
        | Found::Change { referral, .. }
        | Found::Cancel { referral } => Some(referral.lines.len()),
        Found::Unsupported { .. } | Found::Queued { .. } | Found::Refused => None,
    }
}

#[test]
fn every_file_gives_a_unit() {
    let mut n_files = 0;
    for folder in folders() {
        for path in files(&folder) {
            let bytes = std::fs::read(&path).expect("a sample can be read");
            assert!(!read(&bytes, received_at()).units.is_empty(), "{}", path.display());
            n_files += 1;
        }
    }
    eprintln!("{n_files} files");
}

/// Files of orders that open nothing, and why.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("bundle-with-only-claim", "the claim has neither an item nor a prescription"),
    ("claim-minimal", "the claim has neither an item nor a prescription"),
    ("resources__claim-update.json", "the claim has neither an item nor a prescription"),
];

/// Requests, tasks and messages among the orders, and requests for prior authorization.
fn is_meant_as_order(name: &str, folder: &str, root: &serde_json::Value) -> bool {
    let kind = root["resourceType"].as_str().unwrap_or_default();
    match folder {
        "fhir-dme-orders" => matches!(
            kind,
            "ServiceRequest" | "DeviceRequest" | "MedicationRequest" | "Task" | "MessageHeader"
        ),
        "fhir-pas" => {
            let is_request = kind == "Claim" && root["use"] == "preauthorization"
                || root["entry"][0]["resource"]["resourceType"] == "Claim";
            is_request && !name.contains("nquir")
        }
        _ => false,
    }
}

#[test]
fn orders_open_cases() {
    let (mut n_orders, mut wrong) = (0, Vec::new());
    for folder in folders() {
        let of = folder.file_name().unwrap().to_string_lossy().into_owned();
        for path in files(&folder) {
            let bytes = std::fs::read(&path).expect("a sample can be read");
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let Ok(root) = serde_json::from_slice(&bytes) else { continue };
            if detect(&bytes) != Format::Fhir || !is_meant_as_order(&name, &of, &root) {
                continue;
            }
            n_orders += 1;
            let unit = read(&bytes, received_at()).units.remove(0);
            let is_exception = EXCEPTIONS.iter().any(|(part, _)| name.contains(part));
            if n_lines(&unit.found).is_some_and(|n| n > 0) == is_exception {
                let problems: Vec<String> =
                    unit.problems.iter().map(|one| format!("{} {}", one.code, one.at)).collect();
                let found = match &unit.found {
                    Found::Unsupported { what } => what.clone(),
                    found => format!("{:?}", n_lines(found)),
                };
                wrong.push(format!("{of}/{name}: {found} {problems:?}"));
            }
        }
    }
    eprintln!("{n_orders} orders");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Damages one of our documents at a place, so that readers get past its beginning.
fn damaged() -> impl Strategy<Value = Vec<u8>> {
    let texts = prop::sample::select(vec![OXYGEN, HOME_CARE, PAS, DEVICE, CANCELLED]);
    (texts, any::<prop::sample::Index>(), ".{0,6}").prop_map(|(text, at, put)| {
        let at = at.index(text.len());
        let mut bytes = text.as_bytes().to_vec();
        let end = (at + put.len()).min(bytes.len());
        bytes.splice(at..end, put.bytes());
        bytes
    })
}

proptest! {
    #[test]
    fn any_bytes_are_taken(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_eq!(super::super::read(&bytes, received_at()).units.len(), 1);
        prop_assert_eq!(super::super::refuse_xml(&bytes).units.len(), 1);
    }

    #[test]
    fn a_damaged_order_is_taken(bytes in damaged()) {
        prop_assert!(!super::super::read(&bytes, received_at()).units.is_empty());
    }
}
