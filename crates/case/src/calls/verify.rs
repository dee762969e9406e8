//! Who is calling, by what matched: never by what was said. Source: facts 6.2; trust.md 6.4, blind entry.

use super::rules::{Authority, CallTerms, CallerKind, Identifier, Level};
use doorstep_vocab::{Micros, Timestamp};
use std::collections::BTreeSet;

/// What matched in one call so far, and how often nothing did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Matched {
    /// What the caller said and the file says too.
    pub identifiers: BTreeSet<Identifier>,
    /// What the agent saw of the caller's authority.
    pub authority: BTreeSet<Authority>,
    /// Tries in which something did not match.
    pub tries_failed: u32,
}

impl Matched {
    /// Takes another try: what matched of it, and whether something did not. What matched before stays matched; to say a
    /// thing wrong is a failed try all the same, or it could be guessed.
    pub fn tried(&mut self, matched: &[Identifier], has_failed: bool) {
        self.identifiers.extend(matched);
        self.tries_failed += u32::from(has_failed);
    }

    /// Returns whether nothing more is told in this call, whatever matches: a call back to the number on file is offered.
    pub fn is_locked(&self, tries_max: u32) -> bool {
        self.tries_failed >= tries_max
    }
}

/// Why nothing is told in a call, whatever matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Barred {
    /// Too many tries of this call failed.
    Tries,
    /// Those of another call about the same member did. It ends by itself.
    Member {
        /// When.
        until: Timestamp,
    },
    /// The caller was verified too long ago, and is asked again.
    Expired,
}

impl Matched {
    /// Returns why nothing is told now. `verified_at` is when this call's level was reached, `failed_at` when the tries of
    /// another call about the member failed last. We may always call back at the number on file, so such a call is not
    /// barred by another's tries. Source: facts 6.2, fail rule; trust.md 6.4, caller verification.
    pub fn barred(
        &self,
        terms: &CallTerms,
        (verified_at, failed_at): (Option<Timestamp>, Option<Timestamp>),
        now: Timestamp,
    ) -> Option<Barred> {
        if self.is_locked(terms.tries_max) {
            return Some(Barred::Tries);
        }
        let locked = Micros::hours(i64::from(terms.member_locked_hours));
        let until = failed_at.map(|at| at.plus(locked)).filter(|until| *until > now);
        if let Some(until) = until {
            return Some(Barred::Member { until });
        }
        let holds = Micros::minutes(i64::from(terms.verified_minutes));
        let is_old = verified_at.is_some_and(|at| at.plus(holds) <= now);
        is_old.then_some(Barred::Expired)
    }
}

impl CallerKind {
    /// Returns how much the caller may be told.
    pub fn level(&self, matched: &Matched, tries_max: u32) -> Level {
        let has = |id: &Identifier| matched.identifiers.contains(id);
        let is_entitled = self.authority.is_empty()
            || self.authority.iter().any(|seen| matched.authority.contains(seen));
        if matched.is_locked(tries_max) || !is_entitled || !self.must.iter().all(has) {
            return Level::Nothing;
        }
        let n = self.counted.iter().filter(|id| has(id)).count();
        let is_enough = |wanted: Option<u32>| {
            wanted.is_some_and(|wanted| u32::try_from(n).is_ok_and(|n| n >= wanted))
        };
        match (is_enough(self.status), is_enough(self.full)) {
            (_, true) if self.full_must.iter().all(has) => Level::Full,
            (true, _) => Level::Status,
            _ => Level::Nothing,
        }
    }

    /// Returns the identifiers that can still bring the caller further, in the order in which they are asked for.
    pub fn asked(&self) -> Vec<Identifier> {
        let mut seen = BTreeSet::new();
        self.must.iter().chain(&self.counted).copied().filter(|id| seen.insert(*id)).collect()
    }
}
