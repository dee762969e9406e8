//! Case numbers, leased in blocks so that no two processes wait for one another. Gaps are allowed, doubles are not.

use crate::{App, Result};
use doorstep_vocab::{CaseNumber, Date};
use std::sync::{Mutex, PoisonError};

/// Numbers taken at first. Each further block of a day is twice as large, because everybody who opens a case waits for it.
const BLOCK_MIN: u32 = 64;
/// Numbers taken at once at most: a process that stops loses no more.
const BLOCK_MAX: u32 = 1024;

/// What is left of the block that this process leased.
#[derive(Default)]
pub(crate) struct Numbers(Mutex<Option<Block>>);

struct Block {
    on: Date,
    next: u32,
    end: u32,
    size: u32,
}

impl App {
    /// Returns a number that no other case has.
    pub(crate) fn next_number(&self, on: Date) -> Result<CaseNumber> {
        let mut block = self.numbers.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(block) = block.as_mut().filter(|block| block.on == on && block.next < block.end)
        {
            block.next += 1;
            return Ok(CaseNumber::new(on, block.next - 1));
        }
        let used = block.as_ref().filter(|block| block.on == on).map(|block| block.size);
        let size = used.map_or(BLOCK_MIN, |size| size.saturating_mul(2).min(BLOCK_MAX));
        let first = self
            .db
            .write("lease case numbers", |tx| doorstep_store::numbers::take(tx, on, size))?;
        *block = Some(Block { on, next: first + 1, end: first + size, size });
        Ok(CaseNumber::new(on, first))
    }
}
