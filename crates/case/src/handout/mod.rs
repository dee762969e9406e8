//! Who of the staff is given a case: by skills, language, load, hours at work, and who had the case or the member before.
//!
//! Everything that counts is an argument, so the same question has the same answer, and each answer says what spoke for it and
//! who was out and why. Not here: what a person's load is and whether they may see the case; who asks reads that.

mod hours;
#[cfg(test)]
mod tests;

pub use hours::{DAY_MINUTES, Shift, is_at_work};

use crate::coded::coded;
use crate::{Role, ServiceLine};
use doorstep_vocab::{CaseId, UserId};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

coded! {
    /// What brought a case to somebody, or took it from somebody, without that they took it themselves.
    Cause {
        ByHand = "by-hand", "handed out by a supervisor";
        ByRule = "by-rule", "handed out by the rule of the team";
        StandIn = "stand-in", "the stand-in takes over from somebody who is away";
        Away = "away", "handed on by the rule, because somebody is away";
        NobodyThere = "nobody-there", "laid back for anybody: whoever had it is away, and nobody else may take it now";
    }
}

coded! {
    /// What spoke for somebody.
    Point {
        HadCase = "had-case", "had this case before";
        HasMember = "has-member", "has another case of the member";
        Language = "language", "speaks the member's language";
        Skill = "skill", "is named for the service line";
        Nurse = "nurse", "is a nurse, and a nurse has to see it";
        Load = "load", "has the least work of those who remain";
    }
}

coded! {
    /// Why somebody is given nothing.
    Out {
        Wall = "wall", "the case is outside the walls of their team";
        Away = "away", "away";
        NotAtWork = "not-at-work", "not at work now";
        NoSkill = "no-skill", "not named for the service line";
        NoNurse = "no-nurse", "no nurse, and a nurse has to see it";
        Full = "full", "has as much work as one may have";
    }
}

/// What the answer is weighed by. Whole points; which day has which stands in the packs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Weights {
    /// For whoever had the case before.
    pub had_case: u32,
    /// For whoever has another case of the member.
    pub has_member: u32,
    /// For whoever speaks the member's language.
    pub language: u32,
    /// For whoever is named for the line, before those who are named for none and so for all.
    pub skill: u32,
    /// Against a nurse where no nurse is needed: nurses are kept for what only they may do.
    pub nurse_spared: u32,
    /// Load of an open case whose turn is the hub's.
    pub load_ours: u32,
    /// Load of an open case that waits for others.
    pub load_waiting: u32,
    /// Load on top for a case of which three quarters of a clock are gone.
    pub load_at_risk: u32,
    /// Load on top for a case with a clock that has run out.
    pub load_missed: u32,
    /// From this load on somebody is given nothing.
    pub load_max: u32,
}

/// How many cases somebody has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Work {
    /// Open ones whose turn is the hub's.
    pub n_ours: u32,
    /// Open ones that wait for others.
    pub n_waiting: u32,
    /// Of all open ones those with three quarters of a clock gone.
    pub n_at_risk: u32,
    /// Of all open ones those with a clock that has run out.
    pub n_missed: u32,
}

impl Weights {
    /// Returns the load that so many cases are.
    pub fn load(&self, work: Work) -> u32 {
        [
            (self.load_ours, work.n_ours),
            (self.load_waiting, work.n_waiting),
            (self.load_at_risk, work.n_at_risk),
            (self.load_missed, work.n_missed),
        ]
        .iter()
        .fold(0, |sum: u32, (weight, n)| sum.saturating_add(weight.saturating_mul(*n)))
    }
}

/// A case that somebody has to get.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Need {
    /// The case.
    pub case_id: CaseId,
    /// The service lines of its open lines.
    pub services: BTreeSet<ServiceLine>,
    /// Whether its next step is a nurse's.
    pub is_nurse_work: bool,
    /// The member's language as ISO 639 has it; `None` where it is English, or not known.
    pub language: Option<String>,
    /// Who had the case before.
    pub had_by: Option<UserId>,
    /// Who has another case of the member.
    pub member_of: BTreeSet<UserId>,
    /// Those who may not see it.
    pub hidden_from: BTreeSet<UserId>,
}

/// Somebody who may be given cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worker {
    /// Who.
    pub user_id: UserId,
    /// As what.
    pub role: Role,
    /// The service lines they are named for; none for all.
    pub services: BTreeSet<ServiceLine>,
    /// The languages they speak besides English.
    pub languages: BTreeSet<String>,
    /// Whether they are at work now.
    pub is_at_work: bool,
    /// Whether they are away.
    pub is_away: bool,
    /// How much they have, by [`Weights::load`].
    pub load: u32,
}

/// Somebody as they were weighed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weighed {
    /// Who.
    pub user_id: UserId,
    /// The sum of what spoke for and against them, without the load.
    pub points: i64,
    /// What they have.
    pub load: u32,
    /// What spoke for them.
    pub why: Vec<Point>,
}

/// Who is given a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The case.
    pub case_id: CaseId,
    /// Those who may be given it, the first of whom is.
    pub ranked: Vec<Weighed>,
    /// Who was out, and why.
    pub out: Vec<(UserId, Out)>,
}

impl Given {
    /// Returns who is given it; `None` where nobody may be.
    pub fn to(&self) -> Option<&Weighed> {
        self.ranked.first()
    }
}

/// Decides about cases one after the other, the most pressing first: what one is given counts as load for the next.
pub fn hand_out(needs: &[Need], workers: &[Worker], weights: &Weights) -> Vec<Given> {
    let mut loads: BTreeMap<UserId, u32> =
        workers.iter().map(|worker| (worker.user_id.clone(), worker.load)).collect();
    let mut all = Vec::with_capacity(needs.len());
    for need in needs {
        let given = one(need, workers, (weights, &loads));
        if let Some(load) = given.to().and_then(|to| loads.get_mut(&to.user_id)) {
            *load = load.saturating_add(weights.load_ours);
        }
        all.push(given);
    }
    all
}

fn one(
    need: &Need,
    workers: &[Worker],
    (weights, loads): (&Weights, &BTreeMap<UserId, u32>),
) -> Given {
    let (mut ranked, mut out) = (Vec::new(), Vec::new());
    for worker in workers {
        let load = loads.get(&worker.user_id).copied().unwrap_or(worker.load);
        match why_out(need, worker, (weights, load)) {
            Some(why) => out.push((worker.user_id.clone(), why)),
            None => ranked.push(weighed(need, worker, (weights, load))),
        }
    }
    // The load is what most differs between two: every point of it counts against one for them.
    ranked.sort_by(|a, b| {
        let of = |one: &Weighed| one.points.saturating_sub(i64::from(one.load));
        of(b).cmp(&of(a)).then(a.load.cmp(&b.load)).then_with(|| a.user_id.cmp(&b.user_id))
    });
    let least = ranked.iter().map(|one| one.load).min();
    if let Some(first) = ranked.first_mut().filter(|first| Some(first.load) == least) {
        first.why.push(Point::Load);
    }
    out.sort();
    Given { case_id: need.case_id.clone(), ranked, out }
}

fn why_out(need: &Need, worker: &Worker, (weights, load): (&Weights, u32)) -> Option<Out> {
    let is_named = worker.services.is_empty()
        || need.services.is_empty()
        || !worker.services.is_disjoint(&need.services);
    let all = [
        (need.hidden_from.contains(&worker.user_id), Out::Wall),
        (worker.is_away, Out::Away),
        (!worker.is_at_work, Out::NotAtWork),
        (need.is_nurse_work && worker.role != Role::Nurse, Out::NoNurse),
        (!is_named, Out::NoSkill),
        (load >= weights.load_max, Out::Full),
    ];
    all.into_iter().find(|(is_so, _)| *is_so).map(|(_, why)| why)
}

fn weighed(need: &Need, worker: &Worker, (weights, load): (&Weights, u32)) -> Weighed {
    let speaks = need.language.as_ref().is_some_and(|one| worker.languages.contains(one));
    let is_nurse = worker.role == Role::Nurse;
    let all = [
        (need.had_by.as_ref() == Some(&worker.user_id), Point::HadCase, weights.had_case),
        (need.member_of.contains(&worker.user_id), Point::HasMember, weights.has_member),
        (speaks, Point::Language, weights.language),
        (!worker.services.is_disjoint(&need.services), Point::Skill, weights.skill),
        (need.is_nurse_work && is_nurse, Point::Nurse, 0),
    ];
    let spoke = all.into_iter().filter(|(is_so, ..)| *is_so);
    let (mut points, mut why) = (0, Vec::new());
    for (_, point, weight) in spoke {
        points += i64::from(weight);
        why.push(point);
    }
    if is_nurse && !need.is_nurse_work {
        points -= i64::from(weights.nurse_spared);
    }
    Weighed { user_id: worker.user_id.clone(), points, load, why }
}

/// Why a case came to somebody, or to nobody, as its record keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What brought it about.
    pub cause: Cause,
    /// What spoke for whoever has it now.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub points: Vec<Point>,
}
