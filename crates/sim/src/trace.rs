//! What happened, line by line: a hash over all of it, and the last lines in words.

use doorstep_vocab::Timestamp;
use std::collections::VecDeque;

/// Offset and prime of the 64-bit FNV-1a hash. Source: RFC 9923 \[K\].
const FNV: (u64, u64) = (0xcbf2_9ce4_8422_2325, 0x0000_0100_0000_01b3);

/// What happened.
pub(crate) struct Trace {
    hash: u64,
    n_lines: u64,
    n_kept: usize,
    tail: VecDeque<String>,
}

impl Trace {
    /// Makes one that keeps so many of the last lines.
    pub(crate) fn new(n_kept: usize) -> Self {
        Self { hash: FNV.0, n_lines: 0, n_kept, tail: VecDeque::new() }
    }

    /// Adds a line.
    pub(crate) fn say(&mut self, at: Timestamp, words: &str) {
        let line = format!("{at} {words}");
        for byte in line.bytes() {
            self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(FNV.1);
        }
        self.n_lines += 1;
        if self.tail.len() >= self.n_kept {
            self.tail.pop_front();
        }
        self.tail.push_back(line);
    }

    pub(crate) fn hash(&self) -> u64 {
        self.hash
    }

    pub(crate) fn n_lines(&self) -> u64 {
        self.n_lines
    }

    pub(crate) fn tail(&self) -> Vec<String> {
        self.tail.iter().cloned().collect()
    }
}
