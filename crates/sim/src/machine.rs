//! The machine beneath a node: asked by the database at each point of a write, it lets the node die, the disk fail, time pass
//! and others go first.

use crate::chance::Class;
use crate::sim::Sim;
use doorstep_db::{Fault, Faults, Hook, OpenOptions, Point};
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What unwinds when a process dies. Nothing of the process may run after that.
pub(crate) struct Crash;

/// The machine beneath one life of a node.
pub(crate) struct Machine {
    node: usize,
    is_dead: AtomicBool,
}

/// Returns how a node opens its database: it waits for nobody in real time, since nobody else has a thread.
pub(crate) fn options(faults: Hook) -> OpenOptions {
    OpenOptions {
        read_connections: 1,
        busy_timeout: Duration::ZERO,
        group_max: 8,
        group_wait_max: Duration::ZERO,
        faults,
        is_alone: true,
        ..OpenOptions::default()
    }
}

impl Machine {
    pub(crate) fn new(node: usize) -> Self {
        Self { node, is_dead: AtomicBool::new(false) }
    }

    /// Ends the process without unwinding what it does: it finds out at its next question.
    pub(crate) fn kill(&self) {
        self.is_dead.store(true, Ordering::Relaxed);
    }

    fn die(&self, sim: &Sim, when: &str) -> ! {
        sim.say(&format!("node {} dies {when}", self.node));
        self.kill();
        resume_unwind(Box::new(Crash))
    }

    fn answer(&self, sim: &Sim, point: Point, name: &'static str) -> Fault {
        match point {
            Point::Read => Fault::None,
            Point::Write => {
                if sim.strikes(Class::CrashBefore) {
                    self.die(sim, "before a write");
                }
                if may_wait(name) && sim.strikes(Class::Stall) {
                    sim.stall(self.node);
                }
                if sim.strikes(Class::Busy) { Fault::Busy } else { Fault::None }
            }
            Point::Turn => {
                let is_joined = may_wait(name) && sim.may_nest() && sim.strikes(Class::Company);
                if is_joined { Fault::Company } else { Fault::None }
            }
            Point::Waiting => {
                sim.company(self.node);
                Fault::None
            }
            Point::Commit => self.commit(sim),
            Point::Committed => {
                sim.committed(self.node, name);
                if sim.strikes(Class::CrashAfter) {
                    self.die(sim, "after a commit");
                }
                Fault::None
            }
        }
    }

    fn commit(&self, sim: &Sim) -> Fault {
        if sim.strikes(Class::CrashCommit) {
            self.die(sim, "at a commit");
        }
        if sim.is_disk_full() {
            return Fault::Full;
        }
        let fault = if sim.strikes(Class::DiskLost) {
            Fault::Lost
        } else if sim.strikes(Class::DiskKept) {
            Fault::Kept
        } else {
            return Fault::None;
        };
        if fault == Fault::Kept {
            // Whose it is cannot be said until the node has ended.
            sim.watch.unsure(true);
        }
        sim.say(&format!("node {}: the disk fails: {fault:?}", self.node));
        fault
    }
}

/// A block of case numbers is leased under a lock of the process: nobody of the same process may come in between.
fn may_wait(name: &str) -> bool {
    name != "lease case numbers"
}

impl Faults for Machine {
    fn at(&self, point: Point, name: &'static str) -> Fault {
        let alive = || {
            if self.is_dead.load(Ordering::Relaxed) {
                resume_unwind(Box::new(Crash));
            }
        };
        if std::thread::panicking() {
            // What is cleared away while a process dies would not have been: nothing of it reaches the disk.
            return Fault::Lost;
        }
        alive();
        let Some(sim) = Sim::current() else { return Fault::None };
        let fault = self.answer(&sim, point, name);
        // Others have gone first, and may have ended this very process.
        alive();
        fault
    }
}
