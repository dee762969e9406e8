//! Reading, without a store: each way through a text as MB of it for a second of processor time, beside a floor of the same
//! round. For X12 and HL7 v2 the floor is a bare scan for the byte that ends a segment, which no reader that looks at every
//! byte can beat; for FHIR it is `serde_json::Value`, which takes what no strict reader may.

use crate::cpu;
use crate::crowd::{amount, median};
use crate::orders::Dialect;
use doorstep_exchange::Found;
use doorstep_fhir::{json, order};
use doorstep_hl7::{Message, OrderMessage};
use doorstep_vocab::Timestamp;
use doorstep_x12::sets::s278;
use memchr::memchr_iter;
use serde::Serialize;
use std::hint::black_box;

/// Rounds, each with all ways one after another.
const ROUNDS: usize = 7;

/// Size of a file of the batches, in bytes: well within what a door takes.
const FILE_BYTES: usize = 4_000_000;

/// Entries of the FHIR bundle, about as many as are taken at once: some 800 KB.
const BUNDLE_ENTRIES: usize = 980;

/// How often the bundle is read in a round.
const BUNDLES: usize = 10;

/// One way through a text.
#[derive(Debug, Serialize)]
pub struct Way {
    /// What is done.
    pub what: &'static str,
    /// MB for a second of processor time, the middle one of all rounds.
    pub mb_s: f64,
    /// As a share of the floor, the middle one of the shares within each round.
    pub ratio: f64,
}

/// What was measured of one dialect. The floor comes first.
#[derive(Debug, Serialize)]
pub struct Reading {
    /// The dialect.
    pub dialect: &'static str,
    /// Size of the text, in MB.
    pub megabytes: f64,
    /// What is in it: segments, or entries.
    pub parts: usize,
    /// The ways.
    pub ways: Vec<Way>,
}

/// A way: its name, and what it does with one file. What it returns is looked at, so that nothing is left out.
type Walk<'a> = (&'static str, &'a dyn Fn(&[u8]) -> usize);

/// Measures all dialects, X12 and HL7 v2 on about `megabytes`.
pub fn measure(megabytes: usize) -> Vec<Reading> {
    vec![x12(megabytes), hl7(megabytes), fhir()]
}

fn x12(megabytes: usize) -> Reading {
    let files = files_of(Dialect::X12, megabytes);
    let parts = files.iter().map(|file| doorstep_x12::count_segments(file).segments).sum();
    let walks: [Walk<'_>; 6] = [
        ("bare scan for ~", &|file| scan(b'~', file)),
        ("segments counted", &|file| doorstep_x12::count_segments(file).segments),
        ("segments, one by one", &|file| {
            doorstep_x12::Segments::new(file).fold(0, |n, segment| n + segment.raw.len())
        }),
        ("all elements", &|file| {
            let all = doorstep_x12::Segments::new(file);
            all.flat_map(|segment| segment.elements()).fold(0, |n, element| n + element.len())
        }),
        ("read and validated", &|file| {
            let sent = doorstep_x12::read(file);
            let groups = sent.interchanges.iter().flat_map(|interchange| &interchange.groups);
            let sets = groups.flat_map(|group| &group.sets);
            sets.map(|set| usize::from(s278::parse(set).request.is_some())).sum()
        }),
        ("read into orders", &orders),
    ];
    reading(Dialect::X12, &files, parts, &walks)
}

fn hl7(megabytes: usize) -> Reading {
    let files = files_of(Dialect::Hl7, megabytes);
    let parts = files.iter().map(|file| memchr_iter(b'\r', file).count()).sum();
    let walks: [Walk<'_>; 4] = [
        ("bare scan for CR", &|file| scan(b'\r', file)),
        ("messages, one by one", &|file| doorstep_hl7::messages(file).len()),
        ("read and validated", &|file| {
            let messages = doorstep_hl7::messages(file);
            let read = messages.iter().filter_map(|bytes| Message::read(bytes).ok());
            read.map(|message| usize::from(OrderMessage::read(&message).is_ok())).sum()
        }),
        ("read into orders", &orders),
    ];
    reading(Dialect::Hl7, &files, parts, &walks)
}

fn fhir() -> Reading {
    let (bundle, parts) = bundle();
    let walks: [Walk<'_>; 3] = [
        ("serde_json::Value", &|file| {
            let value: Result<serde_json::Value, _> = serde_json::from_slice(file);
            value.ok().and_then(|value| value["entry"].as_array().map(Vec::len)).unwrap_or(0)
        }),
        ("read and validated", &|file| usize::from(json::read(file).is_ok())),
        ("orders gathered", &|file| json::read(file).map_or(0, |t| order::read_orders(&t).len())),
    ];
    reading(Dialect::Fhir, &vec![bundle; BUNDLES], parts, &walks)
}

fn scan(end: u8, file: &[u8]) -> usize {
    memchr_iter(end, file).fold(0, |n, at| n + at % 2)
}

fn orders(file: &[u8]) -> usize {
    let units = doorstep_exchange::read(file, Timestamp(1_772_000_000_000_000)).units;
    units.iter().filter(|unit| matches!(unit.found, Found::Order { .. })).count()
}

fn reading(dialect: Dialect, files: &[Vec<u8>], parts: usize, walks: &[Walk<'_>]) -> Reading {
    let megabytes = amount(files.iter().map(Vec::len).sum()) / 1e6;
    let rounds: Vec<Vec<f64>> = (0..ROUNDS)
        .map(|_| walks.iter().map(|(_, walk)| megabytes / seconds(files, walk)).collect())
        .collect();
    let way = |(at, (what, _)): (usize, &Walk<'_>)| Way {
        what,
        mb_s: median(rounds.iter().map(|round| round[at])),
        ratio: median(rounds.iter().map(|round| round[at] / round[0])),
    };
    let ways = walks.iter().enumerate().map(way).collect();
    Reading { dialect: dialect.name(), megabytes, parts, ways }
}

/// Returns what a walk through all files spends, in seconds.
fn seconds(files: &[Vec<u8>], walk: &dyn Fn(&[u8]) -> usize) -> f64 {
    let ((), spent) = cpu::of(|| {
        for file in files {
            black_box(walk(black_box(file)));
        }
    });
    spent.as_secs_f64().max(1e-9)
}

/// Makes batches of orders, some thousands in each.
fn files_of(dialect: Dialect, megabytes: usize) -> Vec<Vec<u8>> {
    let mut numbers = 0..;
    let n_files = (megabytes * 1_000_000).div_ceil(FILE_BYTES);
    (0..n_files)
        .map(|_| {
            let mut orders = Vec::new();
            let mut size = 0;
            while size < FILE_BYTES.min(megabytes * 1_000_000) {
                let order = numbers.next().map(|number| dialect.order(number)).unwrap_or_default();
                size += order.len();
                orders.push(order);
            }
            dialect.batch(&orders)
        })
        .collect()
}

/// Makes one bundle with the entries of many orders, and returns how many entries it has.
fn bundle() -> (Vec<u8>, usize) {
    let mut entries = Vec::new();
    for number in 0.. {
        let order: serde_json::Value =
            serde_json::from_slice(&Dialect::Fhir.order(number)).unwrap_or_default();
        entries.extend(order["entry"].as_array().cloned().unwrap_or_default());
        if entries.len() >= BUNDLE_ENTRIES {
            break;
        }
    }
    let n_entries = entries.len();
    let bundle = serde_json::json!({
        "resourceType": "Bundle", "type": "collection", "entry": entries,
    });
    (serde_json::to_vec_pretty(&bundle).unwrap_or_default(), n_entries)
}

#[cfg(test)]
mod tests {
    use super::{bundle, files_of, orders};
    use crate::orders::Dialect;
    use doorstep_fhir::json;

    #[test]
    fn what_is_read_is_sound_so_that_no_way_is_cut_short() {
        for dialect in [Dialect::X12, Dialect::Hl7] {
            let files = files_of(dialect, 1);
            assert!(orders(&files[0]) > 400, "{}", dialect.name());
        }
        let (bytes, n_entries) = bundle();
        assert!(bytes.len() > 700_000 && n_entries >= super::BUNDLE_ENTRIES);
        assert!(json::read(&bytes).is_ok());
    }
}
