//! Escalations: who was asked to step in, who took it, what they promised, and whether they kept it.

use super::EscalationReason;
use crate::coded::coded;
use doorstep_vocab::{CallId, DocumentId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The highest level of the ladder: outside bodies. Source: facts 6.4.
pub const LEVEL_MAX: u8 = 5;

coded! {
    /// What became of a promise.
    PromiseEnd {
        Kept = "kept", "kept";
        Broken = "broken", "broken";
        Moved = "moved", "moved to later";
    }
}

/// A date and time by which whoever took an escalation promised to have resolved it. Source: M24, facts 6.4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    /// Who promised.
    pub owner: UserId,
    /// The level it stood at then.
    pub level: u8,
    /// When it was promised.
    pub made_at: Timestamp,
    /// For when.
    pub due_at: Timestamp,
    /// When and how it ended; `None` while nothing came of it.
    pub ended: Option<(Timestamp, PromiseEnd)>,
}

impl Promise {
    /// Returns what has become of it: one whose time has passed is broken, whether or not anybody said so.
    pub fn standing(&self, now: Timestamp) -> Option<PromiseEnd> {
        match self.ended {
            Some((_, end)) => Some(end),
            None => (self.due_at < now).then_some(PromiseEnd::Broken),
        }
    }

    fn ends(&mut self, at: Timestamp, end: PromiseEnd) {
        let end = if self.due_at < at { PromiseEnd::Broken } else { end };
        self.ended = Some((at, end));
    }
}

/// One escalation. Source: M24, facts 6.4.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalation {
    /// 1 team lead, 2 supervisor and network desk, 3 clinical lead, 4 payer liaison, 5 outside.
    pub level: u8,
    /// Why.
    pub reason: EscalationReason,
    /// When it was raised.
    pub opened_at: Timestamp,
    /// Who raised it; `None` for one that the program raised by itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_by: Option<UserId>,
    /// The call in which somebody asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub call_id: Option<CallId>,
    /// Who took it.
    pub owner: Option<UserId>,
    /// When somebody said that they had seen it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged_at: Option<Timestamp>,
    /// By when the owner promised a resolution.
    pub committed_to: Option<Timestamp>,
    /// When it was resolved.
    pub resolved_at: Option<Timestamp>,
    /// Every promise about it, the last one in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promises: Vec<Promise>,
    /// The levels that it stood at before, each with when it left.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub left: Vec<(Timestamp, u8)>,
    /// The messages about it, whose words are in rows.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub messages: BTreeSet<DocumentId>,
}

impl Escalation {
    pub(super) fn new(level: u8, reason: EscalationReason, opened_at: Timestamp) -> Self {
        Self {
            level,
            reason,
            opened_at,
            opened_by: None,
            call_id: None,
            owner: None,
            acknowledged_at: None,
            committed_to: None,
            resolved_at: None,
            promises: Vec::new(),
            left: Vec::new(),
            messages: BTreeSet::new(),
        }
    }

    /// Returns whether it is not resolved.
    pub fn is_open(&self) -> bool {
        self.resolved_at.is_none()
    }

    pub(super) fn acknowledge(&mut self, by: &UserId, at: Timestamp) {
        self.acknowledged_at.get_or_insert(at);
        self.owner.get_or_insert_with(|| by.clone());
    }

    /// A promise in place of another ends that one: kept it was not. One that comes sooner does no harm, and takes the
    /// other's place as if that had not been made.
    pub(super) fn commit(&mut self, owner: &UserId, due_at: Timestamp, at: Timestamp) {
        if let Some(last) = self.promises.last_mut().filter(|last| last.ended.is_none()) {
            if last.due_at >= at && due_at <= last.due_at {
                self.promises.pop();
            } else {
                last.ends(at, PromiseEnd::Moved);
            }
        }
        let (owner, level) = (owner.clone(), self.level);
        self.promises.push(Promise {
            owner: owner.clone(),
            level,
            made_at: at,
            due_at,
            ended: None,
        });
        self.acknowledged_at.get_or_insert(at);
        (self.owner, self.committed_to) = (Some(owner), Some(due_at));
    }

    /// Whoever had it has it no more: the next level takes it anew. A promise that was made stands until its time.
    pub(super) fn raise(&mut self, level: u8, at: Timestamp) {
        self.left.push((at, self.level));
        self.level = level;
        (self.owner, self.acknowledged_at, self.committed_to) = (None, None, None);
    }

    pub(super) fn resolve(&mut self, at: Timestamp) {
        self.resolved_at = Some(at);
        if let Some(last) = self.promises.last_mut().filter(|last| last.ended.is_none()) {
            last.ends(at, PromiseEnd::Kept);
        }
    }
}

/// What a number of promises came to.
///
/// The keep-rate is promises kept, of those whose end is known: kept, broken, or moved to later. One that was moved to later
/// was not kept, else moving it would mend the rate. Those that still run are told apart. Counted by the day they were made.
/// Source: facts 10, common rules; M24.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Resolved by the promised time.
    pub n_kept: u32,
    /// Not resolved by then.
    pub n_broken: u32,
    /// Put off before their time had come.
    pub n_moved: u32,
    /// Their time is to come.
    pub n_running: u32,
}

impl Tally {
    /// Counts promises as they stand.
    pub fn of<'a>(promises: impl IntoIterator<Item = &'a Promise>, now: Timestamp) -> Self {
        let mut tally = Self::default();
        for promise in promises {
            tally.add(promise.standing(now));
        }
        tally
    }

    /// Counts one more.
    pub fn add(&mut self, end: Option<PromiseEnd>) {
        let n = match end {
            Some(PromiseEnd::Kept) => &mut self.n_kept,
            Some(PromiseEnd::Broken) => &mut self.n_broken,
            Some(PromiseEnd::Moved) => &mut self.n_moved,
            None => &mut self.n_running,
        };
        *n = n.saturating_add(1);
    }

    /// Returns how many were made.
    pub fn n_made(&self) -> u32 {
        self.n_settled().saturating_add(self.n_running)
    }

    /// Returns how many have come to an end.
    pub fn n_settled(&self) -> u32 {
        self.n_kept.saturating_add(self.n_broken).saturating_add(self.n_moved)
    }

    /// Returns the keep-rate in percent, rounded down; `None` where nothing has come to an end.
    pub fn keep_percent(&self) -> Option<u32> {
        let settled = u64::from(self.n_settled());
        let percent = (u64::from(self.n_kept) * 100).checked_div(settled)?;
        u32::try_from(percent).ok()
    }
}
