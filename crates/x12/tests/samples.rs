//! Runs over real files named by `DOORSTEP_SAMPLES` (a folder with `INDEX_X12.tsv`); says so and stops when it is unset.

#![expect(clippy::print_stdout, reason = "the rates over real files are read by a person")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use doorstep_x12::sets::s278::{self, Kind};
use doorstep_x12::{
    AckStamp, Day, Minute, Verdict, ack999, count_segments, looks_like_x12, read, ta1,
    transaction_types,
};

struct Sample {
    name: String,
    bytes: Vec<u8>,
    /// The index column `types`, e.g. `278x6,837x2`.
    types: String,
}

fn samples() -> Vec<Sample> {
    let Some(folder) = std::env::var_os("DOORSTEP_SAMPLES").map(PathBuf::from) else {
        println!("DOORSTEP_SAMPLES is unset: real files were not read");
        return Vec::new();
    };
    let index =
        std::fs::read_to_string(folder.join("INDEX_X12.tsv")).expect("the samples have an index");
    index.lines().skip(1).map(|line| sample(&folder, line)).collect()
}

fn sample(folder: &Path, line: &str) -> Sample {
    let columns: Vec<&str> = line.split('\t').collect();
    let bytes = std::fs::read(folder.join(columns[0])).expect("the index names files that exist");
    Sample { name: columns[0].to_owned(), bytes, types: columns[5].to_owned() }
}

fn stamp() -> AckStamp {
    let at = Minute::new(Day::new(2026, 7, 14).expect("14 July 2026 exists"), 9, 30)
        .expect("09:30 exists");
    AckStamp { at, interchange_control: 7, group_control: 8 }
}

fn summary(bytes: &[u8]) -> String {
    let mut order: Vec<(String, usize)> = Vec::new();
    for (id, _) in transaction_types(bytes) {
        match order.iter_mut().find(|(known, _)| *known == id) {
            Some((_, count)) => *count += 1,
            None => order.push((id, 1)),
        }
    }
    order.iter().map(|(id, count)| format!("{id}x{count}")).collect::<Vec<_>>().join(",")
}

#[test]
fn every_kind_of_set_is_recognised_as_the_index_says() {
    let samples = samples();
    let wrong: Vec<String> = samples
        .iter()
        .filter(|sample| !looks_like_x12(&sample.bytes) || summary(&sample.bytes) != sample.types)
        .map(|sample| {
            format!("{}: {} instead of {}", sample.name, summary(&sample.bytes), sample.types)
        })
        .collect();
    println!("recognised {} of {}", samples.len() - wrong.len(), samples.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_envelope_finds_the_same_sets_as_the_tokenizer() {
    for sample in samples() {
        let counts = count_segments(&sample.bytes);
        let transmission = read(&sample.bytes);
        let n_sets: usize = transmission
            .interchanges
            .iter()
            .flat_map(|interchange| &interchange.groups)
            .map(|g| g.sets.len())
            .sum();
        assert_eq!(n_sets, counts.sets, "{}", sample.name);
        for set in
            transmission.interchanges.iter().flat_map(|i| &i.groups).flat_map(|group| &group.sets)
        {
            assert_eq!(
                set.segments().filter(|s| !s.raw.is_empty()).count(),
                set.n_segments,
                "{}",
                sample.name
            );
        }
    }
}

#[test]
fn every_acknowledgement_reads_back_clean() {
    let mut written: BTreeMap<&str, usize> = BTreeMap::new();
    for sample in samples() {
        for interchange in &mut read(&sample.bytes).interchanges {
            let found: Vec<_> = interchange
                .groups
                .iter()
                .flat_map(|group| &group.sets)
                .filter(|set| set.id == "278")
                .flat_map(|set| s278::parse(set).problems)
                .collect();
            interchange.note(found);
            let both =
                [("TA1", ta1(interchange, &stamp())), ("999", ack999(interchange, &stamp()))];
            for (kind, bytes) in both {
                let Some(bytes) = bytes else { continue };
                *written.entry(kind).or_default() += 1;
                let back = read(&bytes);
                let problems: Vec<String> = back.all_problems().map(ToString::to_string).collect();
                let text = String::from_utf8_lossy(&bytes);
                assert!(problems.is_empty(), "{} {kind}: {problems:?}\n{text}", sample.name);
                assert!(
                    ack999(&back.interchanges[0], &stamp()).is_none(),
                    "{}: a loop",
                    sample.name
                );
            }
        }
    }
    println!("written and read back: {written:?}");
}

#[test]
fn every_278_of_the_current_guide_is_read() {
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for sample in samples() {
        let transmission = read(&sample.bytes);
        for interchange in &transmission.interchanges {
            for set in interchange
                .groups
                .iter()
                .flat_map(|group| &group.sets)
                .filter(|set| set.id == "278")
            {
                let parsed = s278::parse(set);
                *kinds.entry(format!("{:?} {}", parsed.kind, set.version)).or_default() += 1;
                let current = set.version == s278::GUIDE;
                match parsed.kind {
                    Kind::Request if current => {
                        let request = parsed.request.expect(&sample.name);
                        assert!(!request.events.is_empty(), "{}", sample.name);
                        println!("{}: {:?}", sample.name, parsed.problems);
                    }
                    Kind::Response if current => {
                        assert!(
                            parsed.response.is_some(),
                            "{}: {:?}",
                            sample.name,
                            parsed.problems
                        );
                        println!("{}: {:?}", sample.name, parsed.problems);
                    }
                    _ => assert!(parsed.request.is_none(), "{}", sample.name),
                }
            }
        }
    }
    println!("278 by kind and guide: {kinds:?}");
}

#[test]
fn a_wrong_segment_count_alone_never_refuses_a_set() {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for sample in samples() {
        for interchange in &read(&sample.bytes).interchanges {
            *counts.entry(format!("interchange {:?}", interchange.verdict())).or_default() += 1;
            for problem in interchange.all_problems() {
                *counts.entry(problem.code().to_owned()).or_default() += 1;
            }
            for (g, group) in interchange.groups.iter().enumerate() {
                for (s, set) in group.sets.iter().enumerate() {
                    let verdict = interchange.set_verdict(g, s);
                    *counts.entry(format!("set {verdict:?}")).or_default() += 1;
                    let around = interchange.verdict().max(group.own_verdict());
                    if around != Verdict::Rejected
                        && set.problems.iter().all(|p| p.code() == "se-count")
                    {
                        assert_ne!(verdict, Verdict::Rejected, "{}", sample.name);
                    }
                }
            }
        }
    }
    println!("{counts:#?}");
}

#[test]
fn damaged_real_files_do_not_panic() {
    for sample in samples().iter().filter(|sample| sample.bytes.len() < 10_000) {
        let n = sample.bytes.len();
        for step in 1..12 {
            read_all(&sample.bytes[..n * step / 12]);
            let mut bytes = sample.bytes.clone();
            bytes[n * step / 13] = b"*~:^\n\0\xFFI"[step % 8];
            read_all(&bytes);
        }
    }
}

fn read_all(bytes: &[u8]) {
    for interchange in &mut read(bytes).interchanges {
        let found: Vec<_> = interchange
            .groups
            .iter()
            .flat_map(|group| &group.sets)
            .flat_map(|set| s278::parse(set).problems)
            .collect();
        interchange.note(found);
        for bytes in
            [ta1(interchange, &stamp()), ack999(interchange, &stamp())].into_iter().flatten()
        {
            assert_eq!(
                read(&bytes).all_problems().count(),
                0,
                "{}",
                String::from_utf8_lossy(&bytes)
            );
        }
    }
}
