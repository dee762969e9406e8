//! What goes wrong, and when: drawn from the seed, one generator for each kind, so that leaving one kind out changes nothing
//! of when the others strike.

use crate::plan::{Plan, Temper};
use doorstep_world::Rng;
use std::collections::BTreeMap;

/// A kind of thing that goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// A process dies before it writes.
    CrashBefore,
    /// A process dies at its commit: the work of its group is lost.
    CrashCommit,
    /// A process dies after its commit, before anybody is answered.
    CrashAfter,
    /// The disk fails a flush and has kept nothing.
    DiskLost,
    /// The disk fails a flush and has kept everything.
    DiskKept,
    /// The disk is full for some time.
    DiskFull,
    /// Others are in the way of a write.
    Busy,
    /// A process stands still before it writes, while others go on.
    Stall,
    /// Several callers share one commit.
    Company,
    /// A message does not arrive.
    NetDrop,
    /// A message arrives twice.
    NetDouble,
    /// A message arrives, and its answer does not.
    NetAnswer,
    /// Somebody cannot be reached for hours.
    Outage,
    /// A node's clock jumps.
    Jump,
    /// The nodes' clocks differ.
    Skew,
    /// A form is sent twice, or two people do the same.
    Twice,
    /// Somebody outside answers out of turn.
    Stray,
}

/// Every kind, with how many of ten thousand chances strike: in a plain run, and in a biased one that has this kind.
const RATES: [(Class, u32, u32); 17] = [
    (Class::CrashBefore, 35, 345),
    (Class::CrashCommit, 35, 345),
    (Class::CrashAfter, 35, 345),
    (Class::DiskLost, 9, 115),
    (Class::DiskKept, 9, 115),
    (Class::DiskFull, 6, 70),
    (Class::Busy, 70, 920),
    (Class::Stall, 172, 1_380),
    (Class::Company, 460, 3_450),
    (Class::NetDrop, 500, 3_000),
    (Class::NetDouble, 500, 3_000),
    (Class::NetAnswer, 500, 3_000),
    (Class::Outage, 1_500, 7_000),
    (Class::Jump, 1_500, 6_000),
    (Class::Skew, 5_000, 10_000),
    (Class::Twice, 600, 4_000),
    (Class::Stray, 600, 3_000),
];

/// Something that went wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Injected {
    /// Its number in the run, from 0.
    pub number: u32,
    /// What kind of thing.
    pub class: Class,
}

/// Says what goes wrong.
pub(crate) struct Injector {
    kinds: BTreeMap<Class, (u32, Rng)>,
    plan: Plan,
    next: u32,
    is_over: bool,
    injected: Vec<Injected>,
}

impl Injector {
    pub(crate) fn new(plan: &Plan) -> Self {
        let mut swarm = Rng::of(plan.seed, "swarm");
        let mut kinds = BTreeMap::new();
        for (class, plain, biased) in RATES {
            // A biased run has three kinds or so: the fewer there are, the deeper each goes.
            let (percent, rate) = match plan.temper {
                Temper::Plain => (60, plain),
                Temper::Biased => (22, biased),
            };
            if swarm.percent(percent) && !plan.without.contains(&class) {
                kinds.insert(class, (rate, Rng::of(plan.seed, &format!("{class:?}"))));
            }
        }
        Self { kinds, plan: plan.clone(), next: 0, is_over: false, injected: Vec::new() }
    }

    /// Returns whether this kind of thing goes wrong now.
    pub(crate) fn strikes(&mut self, class: Class) -> bool {
        let Some((rate, rng)) = self.kinds.get_mut(&class) else { return false };
        if self.is_over || rng.below(10_000) >= *rate {
            return false;
        }
        let number = self.next;
        self.next += 1;
        if self.plan.only.as_ref().is_some_and(|only| !only.contains(&number)) {
            return false;
        }
        self.injected.push(Injected { number, class });
        true
    }

    /// From now on nothing goes wrong.
    pub(crate) fn end(&mut self) {
        self.is_over = true;
    }

    pub(crate) fn injected(&self) -> &[Injected] {
        &self.injected
    }
}
