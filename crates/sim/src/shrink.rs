//! Makes a run that fails smaller: kinds of faults are left out one by one, then single faults by halves, as long as it still
//! fails. What is left is what somebody has to look at.

use crate::chance::Class;
use crate::plan::Plan;
use crate::run::{Report, run};
use std::collections::BTreeSet;

/// Runs spent on one failure at most.
const RUNS_MAX: u32 = 120;

/// Returns a smaller plan that still fails, with what came of it. A plan that does not fail is returned as it is.
pub fn shrink(plan: &Plan) -> (Plan, Report) {
    let report = run(plan);
    let mut shrinking = Shrinking { plan: plan.clone(), report, n_runs: 1 };
    if shrinking.report.failure.is_some() {
        shrinking.classes();
        shrinking.faults();
    }
    (shrinking.plan, shrinking.report)
}

struct Shrinking {
    plan: Plan,
    report: Report,
    n_runs: u32,
}

impl Shrinking {
    /// Takes a plan when it fails too.
    fn try_with(&mut self, plan: Plan) -> bool {
        if self.n_runs >= RUNS_MAX {
            return false;
        }
        self.n_runs += 1;
        let report = run(&plan);
        let fails = report.failure.is_some();
        if fails {
            (self.plan, self.report) = (plan, report);
        }
        fails
    }

    fn classes(&mut self) {
        let struck: BTreeSet<Class> = self.report.injected.iter().map(|one| one.class).collect();
        for class in struck {
            let mut plan = self.plan.clone();
            plan.without.insert(class);
            self.try_with(plan);
        }
    }

    /// Leaves out stretches of the faults that struck, the long ones first.
    fn faults(&mut self) {
        let mut size = self.report.injected.len().div_ceil(2);
        while size > 0 {
            let mut from = 0;
            while from < self.report.injected.len() && self.n_runs < RUNS_MAX {
                let struck = self.report.injected.iter().enumerate();
                let kept = struck.filter(|(at, _)| !(from..from + size).contains(at));
                let only = kept.map(|(_, one)| one.number).collect();
                let plan = Plan { only: Some(only), ..self.plan.clone() };
                if !self.try_with(plan) {
                    from += size;
                }
            }
            size = if size == 1 { 0 } else { size.div_ceil(2) };
        }
    }
}
