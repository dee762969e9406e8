//! Cutting X12 into segments, against a bare scan for the byte that ends them: no reader that looks at every byte can be
//! faster than that.

use crate::crowd::{amount, median};
use crate::orders::Dialect;
use memchr::memchr_iter;
use serde::Serialize;
use std::hint::black_box;
use std::time::Instant;

/// Rounds, each with all four walks one after another.
const ROUNDS: usize = 9;

/// The byte that ends a segment in the made-up orders.
const TERMINATOR: u8 = b'~';

/// What was measured. Speeds are the middle ones of all rounds, in MB a second; ratios are the middle ones of the ratios
/// within each round.
#[derive(Debug, Serialize)]
pub struct Tokenising {
    /// Size of the text, in MB.
    pub megabytes: f64,
    /// Segments in it.
    pub segments: usize,
    /// The bare scan.
    pub scan_mb_s: f64,
    /// [`doorstep_x12::count_segments`].
    pub count_mb_s: f64,
    /// [`doorstep_x12::Segments`], one after another.
    pub segments_mb_s: f64,
    /// The same with every element cut off.
    pub elements_mb_s: f64,
    /// Counting, as a share of the bare scan's speed.
    pub count_ratio: f64,
    /// Iterating, as a share of the bare scan's speed.
    pub segments_ratio: f64,
    /// Elements, as a share of the bare scan's speed.
    pub elements_ratio: f64,
}

/// Measures on about `megabytes` of orders.
pub fn measure(megabytes: usize) -> Tokenising {
    let text = text_of(megabytes * 1_000_000);
    let mut rounds = Vec::with_capacity(ROUNDS);
    let mut segments = 0;
    for _ in 0..ROUNDS {
        let scan = timed(&text, |text| memchr_iter(TERMINATOR, text).fold(0, |n, at| n + at % 2));
        let count = timed(&text, |text| {
            segments = doorstep_x12::count_segments(text).segments;
            segments
        });
        let cut = timed(&text, |text| {
            doorstep_x12::Segments::new(text).fold(0, |n, segment| n + segment.raw.len())
        });
        let elements = timed(&text, |text| {
            let all = doorstep_x12::Segments::new(text);
            all.flat_map(|segment| segment.elements()).fold(0, |n, element| n + element.len())
        });
        rounds.push([scan, count, cut, elements]);
    }
    let speed = |at: usize| median(rounds.iter().map(|round| round[at]));
    let ratio = |at: usize| median(rounds.iter().map(|round| round[at] / round[0]));
    Tokenising {
        megabytes: amount(text.len()) / 1e6,
        segments,
        scan_mb_s: speed(0),
        count_mb_s: speed(1),
        segments_mb_s: speed(2),
        elements_mb_s: speed(3),
        count_ratio: ratio(1),
        segments_ratio: ratio(2),
        elements_ratio: ratio(3),
    }
}

fn text_of(n_bytes: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(n_bytes + 2_000);
    for number in 0.. {
        text.extend(Dialect::X12.order(number));
        if text.len() >= n_bytes {
            break;
        }
    }
    text
}

/// Returns the speed of a walk, in MB a second.
fn timed(text: &[u8], walk: impl FnOnce(&[u8]) -> usize) -> f64 {
    let began = Instant::now();
    black_box(walk(black_box(text)));
    amount(text.len()) / 1e6 / began.elapsed().as_secs_f64().max(1e-9)
}
