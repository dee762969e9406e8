//! Quality: which calls and cases of a month are looked at, and what a card comes to. Both follow from what they are given:
//! the same seed draws the same sample.

use crate::Refusal;
use crate::coded::coded;
use doorstep_vocab::{CaseId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

coded! {
    /// What is looked at.
    Looked {
        Call = "call", "a call";
        Complaint = "complaint", "a complaint";
        Denial = "denial", "a notice of denial";
    }
}

impl Looked {
    /// Returns whether all of them are looked at, and not only some. Source: facts 6.3, QA sample.
    pub const fn is_always(self) -> bool {
        matches!(self, Self::Complaint | Self::Denial)
    }
}

/// An item of the scorecard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreItem {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub words: String,
    /// The most that it gives.
    pub points: u32,
    /// Whether less than all of it fails the whole card.
    pub auto_fail: bool,
}

/// How quality is looked at, as a pack gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QualityRules {
    /// Calls of each agent and month.
    pub per_agent: u32,
    /// The card: its points add up to 100.
    pub items: Vec<ScoreItem>,
}

/// Something that may be looked at.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// What it is.
    pub what: Looked,
    /// Its own id: of the call, or of the complaint or notice within its case.
    pub id: String,
    /// Its case, where it has one.
    pub case_id: Option<CaseId>,
    /// Whose work it is.
    pub agent: UserId,
}

/// A call with its place in the draw: what is not scored yet comes after what is.
type Drawn<'a> = ((bool, u64), &'a Candidate);

/// Draws the sample: every complaint and every notice of denial, and so many calls of each agent. Which calls, the seed
/// says alone: not the order in which they are given, nor what else there is. While a month goes on, more calls may come that
/// the seed would rather have: what was scored already, as `is_scored` says, stays in.
pub fn sample(
    seed: &str,
    candidates: &[Candidate],
    (per_agent, is_scored): (u32, &dyn Fn(&Candidate) -> bool),
) -> Vec<Candidate> {
    let mut by_agent: BTreeMap<&UserId, Vec<Drawn<'_>>> = BTreeMap::new();
    let mut drawn: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if candidate.what.is_always() {
            drawn.push(candidate.clone());
        } else {
            let place = ((!is_scored(candidate), draw(seed, &candidate.id)), candidate);
            by_agent.entry(&candidate.agent).or_default().push(place);
        }
    }
    let most = usize::try_from(per_agent).unwrap_or(usize::MAX);
    for mut of_agent in by_agent.into_values() {
        of_agent.sort();
        of_agent.dedup();
        drawn.extend(of_agent.into_iter().take(most).map(|(_, candidate)| candidate.clone()));
    }
    drawn.sort_by(|a, b| (&a.agent, a.what, &a.id).cmp(&(&b.agent, b.what, &b.id)));
    drawn.dedup();
    drawn
}

/// FNV-1a over the seed and the id, mixed once more so that ids that follow one another fall apart.
fn draw(seed: &str, id: &str) -> u64 {
    let bytes = seed.bytes().chain([0]).chain(id.bytes());
    let hash = bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// What a card comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// Points, 0 where it failed.
    pub total: u32,
    /// Whether an item failed the whole.
    pub is_failed: bool,
}

/// Adds a card up.
///
/// # Errors
///
/// [`Refusal`] when an item has no points or more than it gives; it names the item.
pub fn score(rules: &QualityRules, given: &BTreeMap<String, u32>) -> Result<Score, Refusal> {
    let mut total = 0_u32;
    let mut is_failed = false;
    for item in &rules.items {
        let points = given.get(&item.name).copied().filter(|points| *points <= item.points);
        let Some(points) = points else {
            let words = format!("give 0 to {} points for {}", item.points, item.words);
            return Err(Refusal::new("points", words));
        };
        total = total.saturating_add(points);
        is_failed |= item.auto_fail && points < item.points;
    }
    Ok(Score { total: if is_failed { 0 } else { total }, is_failed })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(n: u32, agent: &str) -> Candidate {
        let id = format!("call-{n}");
        Candidate { what: Looked::Call, id, case_id: None, agent: agent.into() }
    }

    fn month() -> Vec<Candidate> {
        let mut all: Vec<Candidate> =
            (0..40).map(|n| call(n, if n % 2 == 0 { "ana" } else { "ben" })).collect();
        for (what, id) in [(Looked::Complaint, "g-1"), (Looked::Denial, "c1/7")] {
            let (case_id, agent) = (Some("c1".into()), "ana".into());
            all.push(Candidate { what, id: id.to_owned(), case_id, agent });
        }
        all
    }

    #[test]
    fn the_same_seed_draws_the_same_sample_in_whatever_order() {
        let (all, mut turned) = (month(), month());
        turned.reverse();
        let drawn = sample("2026-07", &all, (4, &|_| false));
        assert_eq!(drawn, sample("2026-07", &turned, (4, &|_| false)));
        assert_ne!(drawn, sample("2026-08", &all, (4, &|_| false)), "another seed draws others");
        let without: Vec<Candidate> =
            all.iter().filter(|one| one.agent.as_str() == "ben").cloned().collect();
        let of_ben = |drawn: &[Candidate]| -> Vec<Candidate> {
            drawn.iter().filter(|one| one.agent.as_str() == "ben").cloned().collect()
        };
        assert_eq!(
            of_ben(&drawn),
            sample("2026-07", &without, (4, &|_| false)),
            "others change nothing"
        );
    }

    #[test]
    fn what_was_scored_stays_in_the_sample_while_the_month_goes_on() {
        let is_of = |n: usize| move |one: &Candidate| one.id == format!("call-{n}");
        let early: Vec<Candidate> = month().into_iter().take(6).collect();
        let scored = sample("2026-07", &early, (1, &|_| false));
        let first = scored.first().unwrap().clone();
        let is_scored = |one: &Candidate| *one == first;
        let drawn = |all: &[Candidate]| sample("2026-07", all, (1, &is_scored));
        let rivals = (0..40).filter(|n| {
            let all: Vec<Candidate> =
                early.iter().cloned().chain(month().into_iter().filter(is_of(*n))).collect();
            assert!(drawn(&all).contains(&first), "call {n} takes its place");
            !sample("2026-07", &all, (1, &|_| false)).contains(&first)
        });
        assert!(rivals.count() > 0, "some call would be drawn before it");
        assert_eq!(drawn(&month()).iter().filter(|one| one.agent == first.agent).count(), 1 + 2);
    }

    #[test]
    fn every_complaint_and_denial_is_drawn_and_so_many_calls_of_each() {
        let drawn = sample("2026-07", &month(), (4, &|_| false));
        let n = |what: Looked, agent: &str| {
            drawn.iter().filter(|one| one.what == what && one.agent.as_str() == agent).count()
        };
        assert_eq!((n(Looked::Call, "ana"), n(Looked::Call, "ben")), (4, 4));
        assert_eq!((n(Looked::Complaint, "ana"), n(Looked::Denial, "ana")), (1, 1));
        assert_eq!(
            sample("x", &[call(1, "ana")], (4, &|_| false)).len(),
            1,
            "who has fewer, has all looked at"
        );
    }

    #[test]
    fn an_item_that_fails_fails_the_card() {
        let item = |name: &str, points, auto_fail| ScoreItem {
            name: name.to_owned(),
            words: name.to_owned(),
            points,
            auto_fail,
        };
        let items = vec![item("verification", 60, true), item("greeting", 40, false)];
        let rules = QualityRules { per_agent: 4, items };
        let card = |a, b| {
            let given = [("verification", a), ("greeting", b)];
            score(&rules, &given.map(|(name, n)| (name.to_owned(), n)).into())
        };
        assert_eq!(card(60, 15), Ok(Score { total: 75, is_failed: false }));
        assert_eq!(card(59, 40), Ok(Score { total: 0, is_failed: true }));
        assert_eq!(card(60, 41).unwrap_err().code(), "points");
        assert_eq!(score(&rules, &BTreeMap::new()).unwrap_err().code(), "points");
    }
}
