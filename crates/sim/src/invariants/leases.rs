//! What is claimed is held: by one, for a time, and only who holds it ends it.

use super::{Sound, Watch};
use crate::rows;
use crate::sim::Sim;
use doorstep_vocab::{Micros, Timestamp};

/// How far back ended jobs are looked for: clocks may be off by so much.
const BACK: Micros = Micros::hours(4);
/// How soon and how late a job that failed is tried again.
const PAUSE_MIN: Micros = Micros(20_000_000);
const PAUSE_MAX: Micros = Micros::hours(24);
/// Jobs that always tell somebody.
const ALWAYS: [&str; 5] =
    ["tell-provider", "tell-referrer", "tell-member", "send-auth-request", "recall-question"];

impl Watch {
    /// Looks at what a node has just committed in the transaction of that name.
    pub(crate) fn leases(&self, sim: &Sim, (node, name): (usize, &str)) {
        // Whoever claims ends nothing; what it should have ended all the same is seen at the next end of a job.
        let ended = if name == "claim deadlines" { Ok(()) } else { self.ended(sim, node) };
        let checked = ended.and_then(|()| self.held(sim, (node, name)));
        if let Err(words) = checked {
            sim.fail(format!("node {node}: {words}"));
        }
    }

    /// A commit may have been kept of which nobody was told: whose it was cannot be said until the node has ended.
    pub(crate) fn unsure(&self, is_unsure: bool) {
        self.is_unsure.set(is_unsure);
    }

    /// Who ends a job holds it, and has told whom it is to tell.
    fn ended(&self, sim: &Sim, node: usize) -> Sound {
        let since = Timestamp(sim.now().0 - BACK.0);
        let rows = self.rows(|tx| rows::ended_jobs(tx, since))?;
        let mut known = self.ended.borrow_mut();
        for job in rows {
            if !known.insert(job.job_id.clone()) {
                continue;
            }
            let short = job.job_id.get(..8).unwrap_or_default();
            sim.say(&format!("job {short} ({}) has ended", job.kind));
            if !self.is_unsure.get() && !sim.nodes.borrow()[node].made(&job.token) {
                return Err(format!("ends job {short} ({}), which another has", job.kind));
            }
            let is_to_tell = job.is_done && ALWAYS.contains(&job.kind.as_str());
            if is_to_tell && !sim.receivers.borrow().has(&job.job_id) {
                return Err(format!("job {short} ({}) is done, and nobody was told", job.kind));
            }
        }
        Ok(())
    }

    /// What failed is left alone for a while, and tried again within a day. Without a time nothing is asked, only noted.
    fn paused(&self, now: Option<Timestamp>) -> Sound {
        let mut known = self.put_back.borrow_mut();
        for (job_id, attempts, run_at) in self.rows(rows::put_back)? {
            let is_new = known.insert((job_id.clone(), attempts));
            let Some(pause) = now.filter(|_| is_new).map(|now| run_at.since(now)) else { continue };
            if !(PAUSE_MIN..=PAUSE_MAX).contains(&pause) {
                let short = job_id.get(..8).unwrap_or_default();
                let seconds = pause.0 / 1_000_000;
                return Err(format!("job {short}, which failed, runs again in {seconds} s"));
            }
        }
        Ok(())
    }

    /// What was claimed is held from then on; what failed is left alone for a while.
    fn held(&self, sim: &Sim, (node, name): (usize, &str)) -> Sound {
        let now = Timestamp(sim.nodes.borrow()[node].clock.looked().0 - 1_000_000);
        match name {
            _ if sim.stood_still_lately() => self.paused(None),
            "claim deadlines" => match self.rows(|tx| rows::unheld_deadlines(tx, now))? {
                0 => Ok(()),
                n => Err(format!("{n} clocks were claimed, and nobody holds them")),
            },
            "put job back" => self.paused(Some(now)),
            "" => self.paused(None),
            _ => Ok(()),
        }
    }
}
