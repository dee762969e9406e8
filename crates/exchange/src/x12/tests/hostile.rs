//! Real files and noise.

use super::*;
use proptest::prelude::*;
use std::path::{Path, PathBuf};

/// Files of the folders that begin with `prefix` under `DOORSTEP_SAMPLES`.
fn samples(prefix: &str) -> Option<Vec<PathBuf>> {
    let Some(root) = std::env::var_os("DOORSTEP_SAMPLES") else {
        eprintln!("DOORSTEP_SAMPLES is not set: real files were not read");
        return None;
    };
    let is_meant = |folder: &Path| {
        folder.file_name().is_some_and(|name| name.to_string_lossy().starts_with(prefix))
    };
    let entries = |folder: &Path| -> Vec<PathBuf> {
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let folders = entries(Path::new(&root)).into_iter().filter(|path| is_meant(path));
    let mut files: Vec<PathBuf> =
        folders.flat_map(|folder| entries(&folder)).filter(|path| path.is_file()).collect();
    files.sort();
    assert!(!files.is_empty(), "no sample begins with {prefix}");
    Some(files)
}

#[test]
fn every_real_request_opens_a_case_with_a_line() {
    let Some(files) = samples("x12-278") else { return };
    let mut n_orders = 0;
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let reading = read(&bytes, noon());
        for unit in &reading.units {
            match &unit.found {
                Found::Order { referral, .. } => {
                    n_orders += 1;
                    assert!(!referral.lines.is_empty(), "{name}");
                    assert!(
                        referral.lines.iter().all(doorstep_case::LineRequest::is_named),
                        "{name}"
                    );
                    assert!(referral.coverage[0].names_payer(), "{name}");
                    assert!(referral.person.family.is_some(), "{name}");
                }
                Found::Unsupported { .. } => assert!(
                    !name.contains("request-for-") || name.contains("response-to"),
                    "{name}"
                ),
                other => panic!("{name}: {other:?} {:?}", unit.problems),
            }
        }
        answer(&bytes, &outcomes(&reading));
    }
    assert!(n_orders >= 6, "{n_orders}");
}

#[test]
fn every_real_file_is_at_least_one_unit_and_its_answer_reads_back() {
    let Some(files) = samples("x12-") else { return };
    for path in files {
        let bytes = std::fs::read(&path).unwrap();
        let reading = read(&bytes, noon());
        assert!(!reading.units.is_empty(), "{}", path.display());
        answer(&bytes, &outcomes(&reading));
    }
}

fn a_request() -> Vec<u8> {
    let event = "TRN*1*T*9012345678\nUM*HS*I*12*12:B**U\nDTP*AAH*RD8*20260305-20260405\nHI*ABK:J449*BF:41090\n\
                 HSD*VS*3*WK**34*2\nCRC*09*Y*37\nCR5*I*12*A*E**2*1*18**54*88*R*1*2*3*2*A\n\
                 CR6*4*20260304*RD8*20260304-20260502***W*I\nNM1*DK*1*ORDERER*OTTO****XX*1234567893\n\
                 HL*5*4*SS*0\nTRN*1*L*9012345678\nSV2*0551*HC:G0299:TE**UN*4\nHSD*VS*1\nMSG*HELLO";
    file(1, &[request("0001", event), request("0002", event)]).into_bytes()
}

/// The places of problems are found without reading the set again for each.
#[test]
fn a_set_of_thousands_of_bad_services_is_read_once() {
    use std::fmt::Write as _;
    let mut event = "UM*HS*I*12*12:B\nHI*ABK:J449\n".to_owned();
    for number in 5..6005 {
        let _ = writeln!(event, "HL*{number}*4*SS*0\nSV1*HC:NO CODE**MJ*1");
    }
    let reading = read_text(&file(1, &[request("0001", &event)]));
    let Found::Order { referral, .. } = &reading.units[0].found else { panic!() };
    assert_eq!(referral.lines.len(), 6000);
    let last = reading.units[0].problems.iter().rfind(|p| p.code == "quantity-unit").unwrap();
    assert_eq!(last.at, "ISA 1 GS 1 ST 0001 segment 12018 SV1-04");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..2000)) {
        let reading = read(&bytes, noon());
        prop_assert!(!reading.units.is_empty());
        let _ = reply(&bytes, &outcomes(&reading), noon(), 1);
    }

    /// A damaged request is read or refused, and the 999 says the same of each set as the reading.
    #[test]
    fn what_the_999_takes_is_what_was_read(
        edits in proptest::collection::vec((any::<prop::sample::Index>(), "[A-Z0-9*:~^ ]"), 0..12),
    ) {
        let mut bytes = a_request();
        for (at, new) in &edits {
            let at = at.index(bytes.len());
            bytes[at] = new.as_bytes()[0];
        }
        let reading = read(&bytes, noon());
        let answer = answer(&bytes, &outcomes(&reading));
        let refused = answer.iter().filter(|s| s.starts_with("IK5*R")).count();
        let n_sets = answer.iter().filter(|s| s.starts_with("IK5")).count();
        let untaken = reading
            .units
            .iter()
            .filter(|unit| matches!(unit.found, Found::Refused | Found::Unsupported { .. }))
            .count();
        // A file with nobody to answer, or without sets, has no 999.
        if n_sets > 0 && n_sets == reading.units.len() {
            prop_assert_eq!(refused, untaken);
        }
    }

    /// No telling of what is wrong repeats what the message says.
    #[test]
    fn problems_hold_no_data(at in any::<prop::sample::Index>()) {
        let mut text = String::from_utf8(a_request()).unwrap();
        let cuts: Vec<usize> = text.match_indices('*').map(|(at, _)| at).collect();
        let cut = cuts[at.index(cuts.len())];
        // Envelope elements may be repeated: they name machines.
        prop_assume!(cut > text.find("BHT").unwrap());
        let end = text[cut + 1..].find(['*', '~', ':']).map_or(text.len(), |end| cut + 1 + end);
        prop_assume!(!text[..cut].ends_with("SE") && !text[..cut].ends_with("ST") && !text[..cut].ends_with("278"));
        text.replace_range(cut + 1..end, "Mockname");
        let reading = read(text.as_bytes(), noon());
        for problem in reading.problems.iter().chain(reading.units.iter().flat_map(|u| &u.problems)) {
            prop_assert!(!problem.message.contains("Mockname"), "{:?}", problem);
        }
    }
}
