//! Plays one plan from its beginning to the last look.

use crate::chance::Injected;
use crate::plan::Plan;
use crate::play::What;
use crate::sim::Sim;
use doorstep_vocab::{Micros, Timestamp};
use doorstep_world::Rng;
use std::rc::Rc;

/// How long things go wrong, in hours: three days.
const HOURS: u32 = 72;
/// How long after that nothing goes wrong.
const AFTER: Micros = Micros::hours(24);

/// What came of a run.
#[derive(Debug, Clone)]
pub struct Report {
    /// The plan's seed.
    pub seed: u64,
    /// What does not hold, if anything does not.
    pub failure: Option<String>,
    /// A hash over everything that happened.
    pub hash: u64,
    /// How many lines that is.
    pub n_lines: u64,
    /// How many things happened that were planned.
    pub n_played: u64,
    /// How many events the cases have in the end.
    pub n_events: u64,
    /// How many messages arrived, and how often with repeats.
    pub told: (u64, u64),
    /// What went wrong.
    pub injected: Vec<Injected>,
    /// The last lines of what happened.
    pub tail: Vec<String>,
}

/// Plays a plan.
pub fn run(plan: &Plan) -> Report {
    #[cfg(feature = "mutants")]
    doorstep_planted::choose(plan.mutant);
    let sim = Rc::new(Sim::new(plan, start(plan.seed)));
    sim.within(|| {
        begin(&sim);
        let until = sim.start.plus(Micros::hours(i64::from(HOURS)));
        if sim.play_until(until) {
            sim.heal();
            if sim.play_until(until.plus(AFTER)) {
                sim.watch.last(&sim);
            }
        }
        sim.end_all();
    });
    #[cfg(feature = "mutants")]
    doorstep_planted::choose(None);
    report(&sim)
}

/// Each run begins on a working day, some of them so that the clocks of the zone change within it.
fn start(seed: u64) -> Timestamp {
    // Thursday 2027-03-11, Friday 2027-03-12, Thursday 2027-11-04, Friday 2027-11-05, and three other weeks: 08:00 in New
    // York. Source of the days on which the clocks change, 2027-03-14 and 2027-11-07: 15 U.S.C. 260a.
    const STARTS: [&str; 7] = [
        "2027-03-11T08:00:00-05:00",
        "2027-03-12T08:00:00-05:00",
        "2027-11-04T08:00:00-04:00",
        "2027-11-05T08:00:00-04:00",
        "2027-01-12T08:00:00-05:00",
        "2027-06-21T08:00:00-04:00",
        "2027-09-15T08:00:00-04:00",
    ];
    let mut rng = Rng::of(seed, "start");
    let text = rng.pick(&STARTS).copied().unwrap_or(STARTS[0]);
    Timestamp::parse(text).expect("the starts are written as instants")
}

fn begin(sim: &Rc<Sim>) {
    for node in 0..3 {
        sim.push(sim.start, What::Restart(node));
    }
    sim.plan_letters();
    sim.plan_weather(HOURS);
    sim.push_in(Micros::minutes(7), What::Visit);
    sim.push_in(Micros::hours(3), What::Sweep);
}

fn report(sim: &Rc<Sim>) -> Report {
    let trace = sim.trace.borrow();
    let receivers = sim.receivers.borrow();
    let n_events = sim.watch.case_ids().iter().map(|id| u64::from(sim.watch.seq(id))).sum();
    Report {
        seed: sim.plan.seed,
        failure: sim.failure(),
        hash: trace.hash(),
        n_lines: trace.n_lines(),
        n_played: sim.n_played(),
        n_events,
        told: (u64::try_from(receivers.len()).unwrap_or(0), receivers.times()),
        injected: sim.injected(),
        tail: trace.tail(),
    }
}
