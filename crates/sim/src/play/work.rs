//! Workers: a round of the runner at a node, when there is something to do; and the start of a node.

use super::What;
use crate::post::SimPost;
use crate::sim::{Done, Sim};
use doorstep_app::intake;
use doorstep_vocab::{Micros, Timestamp};
use doorstep_work::{Ran, run_by_turns, sweep};

/// How long a worker leaves alone what is due and in the way of something.
const POLL: Micros = Micros::MINUTE;
/// Of a hundred rounds of work, in how many another worker looks too.
const RIVALS: u32 = 25;

impl Sim {
    /// Plans a round of work, unless one is planned that comes no later. One that comes later is put off for it.
    pub(crate) fn plan_work(&self, at: Timestamp) {
        let planned = self.work_at.get();
        if planned < self.now() || at < planned {
            self.work_at.set(at);
            self.push(at, What::Work(at));
        }
    }

    /// Somebody works when the time of a round has come that was not put off, and the next round is planned.
    ///
    /// Workers of a hub look each second and mostly find nothing. Here time leaps to the next thing due; now and then
    /// another worker looks at that moment too.
    pub(super) fn work_on(&self, at: Timestamp) {
        if self.work_at.get() != at {
            return;
        }
        self.work_at.set(Timestamp(0));
        if self.percent(RIVALS) {
            self.push_in(self.seconds(0, 3), What::Rival);
        }
        let node = self.any_node();
        if let Some(node) = node {
            self.work(node);
        }
        if let Some(next) = self.watch.next_work() {
            let soon = if node.is_some() && next > self.now() { Micros(0) } else { POLL };
            self.plan_work(next.max(self.now().plus(soon)).plus(self.seconds(0, 3)));
        }
    }

    /// Another worker looks for work at about the same time.
    pub(super) fn rival(&self) {
        if let Some(node) = self.any_node() {
            self.work(node);
        }
    }

    /// A node's worker does all that is due, by several hands that come between each other's halves.
    pub(crate) fn work(&self, node: usize) {
        let post = SimPost::new(self, node);
        let done =
            self.operate(node, |app| run_by_turns(app, &post, &|n_hands| post.whose_turn(n_hands)));
        match done {
            Done::Ok(ran) if ran == Ran::default() => {}
            Done::Ok(Ran { rung, done, put_back, dead }) => self.say(&format!(
                "node {node} rang {rung}, did {done}, put {put_back} back, left {dead}"
            )),
            Done::Err(error) => self.say(&format!("node {node} works in vain: {}", error.code())),
            Done::Died => self.say(&format!("node {node} died at work")),
        }
    }

    /// A node is started, and finishes what an earlier life of it left half done.
    pub(super) fn restart(&self, node: usize) {
        if self.nodes.borrow()[node].app().is_some() {
            return;
        }
        let started = self.nodes.borrow_mut()[node].start((self.plan.seed, node), &self.path);
        if let Err(error) = started {
            self.say(&format!("node {node} does not start: {error}"));
            return self.push_in(self.seconds(1, 30), What::Restart(node));
        }
        self.say(&format!("node {node} starts"));
        let done = self.operate(node, |app| intake::resume(&app.system("intake")));
        if let Done::Ok(n) = done
            && n > 0
        {
            self.say(&format!("node {node} finishes {n} files"));
        }
        self.plan_work(self.now().plus(self.seconds(1, 5)));
    }

    pub(super) fn sweep(&self) {
        if let Some(node) = self.any_node() {
            self.operate(node, |app| sweep(app));
        }
        self.push_in(Micros::hours(8), What::Sweep);
    }
}
