//! Case numbers, leased in blocks so that no two processes wait for one another. Gaps are allowed, doubles are not.

use crate::{App, Result};
use doorstep_vocab::{CaseNumber, Date};
use std::sync::{Mutex, PoisonError};

/// Numbers taken at once. A process that stops loses at most so many.
const BLOCK: u32 = 64;

/// What is left of the block that this process leased.
#[derive(Default)]
pub(crate) struct Numbers(Mutex<Option<Block>>);

struct Block {
    on: Date,
    next: u32,
    end: u32,
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
        let first = self
            .db
            .write("lease case numbers", |tx| doorstep_store::numbers::take(tx, on, BLOCK))?;
        *block = Some(Block { on, next: first + 1, end: first + BLOCK });
        Ok(CaseNumber::new(on, first))
    }
}
