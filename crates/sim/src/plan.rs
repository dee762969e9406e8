//! What is to be played: a seed, and what may go wrong.

use crate::chance::Class;
use std::collections::BTreeSet;

/// How faults are spread over a run. Source: trust.md 1.4: without bias some planted bugs are never found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Temper {
    /// Each kind of fault by a coin, all of them seldom.
    Plain,
    /// Few kinds of fault, and often: at the dangerous moments.
    Biased,
}

/// What is to be played.
#[derive(Debug, Clone)]
pub struct Plan {
    /// All chance follows from it.
    pub seed: u64,
    /// How faults are spread.
    pub temper: Temper,
    /// Kinds of faults that do not happen: a run is made smaller so.
    pub without: BTreeSet<Class>,
    /// The only faults that happen, by their number in the run; all when not given.
    pub only: Option<BTreeSet<u32>>,
    /// The planted fault that is at work, if one is.
    pub mutant: Option<&'static str>,
    /// How many of the last lines of what happened are kept.
    pub n_kept: usize,
}

/// Lines kept for whoever looks at a failed run.
const KEPT: usize = 60;

impl Plan {
    /// Makes the plan of a seed: plain and biased ones take turns.
    pub fn of(seed: u64) -> Self {
        let temper = if seed.is_multiple_of(2) { Temper::Biased } else { Temper::Plain };
        Self { seed, temper, without: BTreeSet::new(), only: None, mutant: None, n_kept: KEPT }
    }

    /// Makes the same plan with a planted fault at work.
    #[must_use]
    pub fn with(mut self, mutant: &'static str) -> Self {
        self.mutant = Some(mutant);
        self
    }
}
