//! One run: the queue of what is to happen, the nodes, and everything that the models share.

use crate::chance::{Class, Injected, Injector};
use crate::clock::Time;
use crate::history::History;
use crate::invariants::Watch;
use crate::machine::Crash;
use crate::net::Net;
use crate::node::Node;
use crate::plan::Plan;
use crate::play::{Letter, Role, Visit, What};
use crate::post::Receivers;
use crate::template::template;
use crate::trace::Trace;
use doorstep_app::{App, Error, Result};
use doorstep_vocab::{Micros, Timestamp};
use doorstep_world::Rng;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::Arc;
use tempfile::TempDir;

/// Nodes of a run.
const NODES: usize = 3;
/// How deep others may go first within others.
const DEPTH_MAX: u8 = 2;
/// What may happen at most while one stands still.
const MEANWHILE_MAX: u32 = 6;
/// Who joins a group must be about to come.
const COMPANY_WITHIN: Micros = Micros::minutes(20);
/// How long after a standstill nothing is said of leases.
const STOOD_LATELY: Micros = Micros(30_000_000);

thread_local! {
    static CURRENT: RefCell<Option<Rc<Sim>>> = const { RefCell::new(None) };
}

/// One run.
pub(crate) struct Sim {
    pub plan: Plan,
    pub time: Time,
    pub start: Timestamp,
    pub rng: RefCell<Rng>,
    pub injector: RefCell<Injector>,
    pub nodes: RefCell<Vec<Node>>,
    pub net: RefCell<Net>,
    pub receivers: RefCell<Receivers>,
    pub history: RefCell<History>,
    pub letters: RefCell<Vec<Letter>>,
    pub roles: RefCell<Vec<Rc<Role>>>,
    pub visit: RefCell<Visit>,
    pub trace: RefCell<Trace>,
    pub watch: Watch,
    pub path: String,
    pub full_until: Cell<Timestamp>,
    pub max_ahead: Cell<Micros>,
    pub are_clocks_odd: Cell<bool>,
    pub work_at: Cell<Timestamp>,
    stood_at: Cell<Timestamp>,
    is_mixed: Cell<bool>,
    queue: RefCell<BTreeMap<(Timestamp, u64), What>>,
    n_queued: Cell<u64>,
    n_played: Cell<u64>,
    depth: Cell<u8>,
    forced: Cell<Option<usize>>,
    failure: RefCell<Option<String>>,
    has_healed: Cell<bool>,
    _folder: TempDir,
}

/// What came of something that a node was to do.
#[derive(Debug)]
pub(crate) enum Done<T> {
    /// It is done.
    Ok(T),
    /// The program said no, or that it could not.
    Err(Error),
    /// The node died, or was not there: nobody knows.
    Died,
}

impl Sim {
    pub(crate) fn new(plan: &Plan, start: Timestamp) -> Self {
        let (folder, path) = template().laid();
        let time = Time::new(start);
        let nodes = (0..NODES).map(|_| Node::new(&time)).collect();
        Self {
            plan: plan.clone(),
            start,
            rng: RefCell::new(Rng::of(plan.seed, "run")),
            injector: RefCell::new(Injector::new(plan)),
            nodes: RefCell::new(nodes),
            net: RefCell::default(),
            receivers: RefCell::default(),
            history: RefCell::default(),
            letters: RefCell::default(),
            roles: RefCell::default(),
            visit: RefCell::default(),
            trace: RefCell::new(Trace::new(plan.n_kept)),
            watch: Watch::open(&path, &time),
            time,
            path,
            full_until: Cell::default(),
            max_ahead: Cell::default(),
            are_clocks_odd: Cell::default(),
            work_at: Cell::default(),
            stood_at: Cell::default(),
            is_mixed: Cell::default(),
            queue: RefCell::default(),
            n_queued: Cell::default(),
            n_played: Cell::default(),
            depth: Cell::default(),
            forced: Cell::default(),
            failure: RefCell::default(),
            has_healed: Cell::default(),
            _folder: folder,
        }
    }

    /// Returns the run that this thread plays.
    pub(crate) fn current() -> Option<Rc<Self>> {
        CURRENT.with_borrow(Clone::clone)
    }

    /// Plays `call` with this run as the thread's own.
    pub(crate) fn within<T>(self: &Rc<Self>, call: impl FnOnce() -> T) -> T {
        CURRENT.set(Some(Rc::clone(self)));
        let done = call();
        CURRENT.set(None);
        done
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.time.now()
    }

    pub(crate) fn say(&self, words: &str) {
        self.trace.borrow_mut().say(self.now(), words);
    }

    /// Something does not hold. The first counts.
    pub(crate) fn fail(&self, words: impl Into<String>) {
        let mut failure = self.failure.borrow_mut();
        if failure.is_none() {
            let words = words.into();
            self.trace.borrow_mut().say(self.now(), &format!("DOES NOT HOLD: {words}"));
            *failure = Some(words);
        }
    }

    pub(crate) fn failure(&self) -> Option<String> {
        self.failure.borrow().clone()
    }

    pub(crate) fn injected(&self) -> Vec<Injected> {
        self.injector.borrow().injected().to_vec()
    }

    pub(crate) fn n_played(&self) -> u64 {
        self.n_played.get()
    }

    pub(crate) fn strikes(&self, class: Class) -> bool {
        self.injector.borrow_mut().strikes(class)
    }

    pub(crate) fn has_healed(&self) -> bool {
        self.has_healed.get()
    }

    /// From now on nothing goes wrong: clocks are right, everybody can be reached, every node runs.
    pub(crate) fn heal(&self) {
        self.say("everything heals");
        self.injector.borrow_mut().end();
        self.has_healed.set(true);
        self.full_until.set(Timestamp(0));
        self.net.borrow_mut().heal();
        for node in 0..NODES {
            self.nodes.borrow()[node].clock.set_off(Micros(0));
            self.push(self.now(), What::Restart(node));
        }
        self.plan_work(self.now());
    }

    /// Returns a number from `least` to `most`.
    pub(crate) fn between(&self, least: u32, most: u32) -> u32 {
        self.rng.borrow_mut().between(least, most)
    }

    pub(crate) fn percent(&self, percent: u32) -> bool {
        self.rng.borrow_mut().percent(percent)
    }

    /// Plans something for `at`, or for now when that has passed.
    pub(crate) fn push(&self, at: Timestamp, what: What) {
        let number = self.n_queued.get();
        self.n_queued.set(number + 1);
        self.queue.borrow_mut().insert((at.max(self.now()), number), what);
    }

    pub(crate) fn push_in(&self, after: Micros, what: What) {
        self.push(self.now().plus(after), what);
    }

    /// Plays what is due until `until`, and returns whether all holds.
    pub(crate) fn play_until(&self, until: Timestamp) -> bool {
        while self.failure.borrow().is_none() {
            if !self.play_next(until) {
                break;
            }
        }
        self.time.reach(until);
        self.failure.borrow().is_none()
    }

    /// Plays the next thing when it is due by `until`.
    fn play_next(&self, until: Timestamp) -> bool {
        let next = {
            let mut queue = self.queue.borrow_mut();
            match queue.first_entry() {
                Some(entry) if entry.key().0 <= until => Some((entry.key().0, entry.remove())),
                _ => None,
            }
        };
        let Some((at, what)) = next else { return false };
        self.time.reach(at);
        self.n_played.set(self.n_played.get() + 1);
        self.play(what);
        true
    }

    pub(crate) fn may_nest(&self) -> bool {
        self.depth.get() < DEPTH_MAX && self.failure.borrow().is_none()
    }

    /// A node stands still before it writes, and others go on.
    pub(crate) fn stall(&self, node: usize) {
        let lengths = [Micros(200_000), Micros(5_000_000), Micros(70_000_000), Micros::minutes(6)];
        let length = *self.rng.borrow_mut().pick(&lengths).unwrap_or(&lengths[0]);
        let until = self.now().plus(length);
        if self.may_nest() {
            self.say(&format!("node {node} stands still for {} s", length.0 / 1_000_000));
            self.depth.set(self.depth.get() + 1);
            for _ in 0..MEANWHILE_MAX {
                if self.failure.borrow().is_some() || !self.play_next(until) {
                    break;
                }
            }
            self.time.reach(until);
            // Somebody takes over what this one has in hand.
            if let Some(other) = self.another(node) {
                self.work(other);
            }
            self.depth.set(self.depth.get() - 1);
        }
        self.time.reach(until);
        self.stood_at.set(self.now());
    }

    /// Returns whether some node stood still a moment ago: what it claimed may have run out before it was written.
    pub(crate) fn stood_still_lately(&self) -> bool {
        self.now().since(self.stood_at.get()) < STOOD_LATELY
    }

    /// Returns whether any clock was ever wrong.
    pub(crate) fn has_odd_clocks(&self) -> bool {
        self.are_clocks_odd.get()
    }

    /// Others of the same node come while a group is open, and share its commit.
    pub(crate) fn company(&self, node: usize) {
        self.is_mixed.set(true);
        self.depth.set(self.depth.get() + 1);
        let before = self.forced.replace(Some(node));
        for _ in 0..self.between(1, 2) {
            if self.failure.borrow().is_some() || !self.play_next(self.now().plus(COMPANY_WITHIN)) {
                break;
            }
        }
        self.forced.set(before);
        self.depth.set(self.depth.get() - 1);
    }

    pub(crate) fn is_disk_full(&self) -> bool {
        if self.full_until.get() <= self.now() && self.strikes(Class::DiskFull) {
            let minutes = i64::from(self.between(2, 60));
            self.say(&format!("the disk is full for {minutes} minutes"));
            self.full_until.set(self.now().plus(Micros::minutes(minutes)));
        }
        self.full_until.get() > self.now()
    }

    /// A group is on the disk: the invariants are asked.
    pub(crate) fn committed(&self, node: usize, name: &'static str) {
        // What shares a commit with others may be anything, whatever the name of the last one says.
        let name = if self.is_mixed.replace(false) { "" } else { name };
        match name {
            // No case and no job is touched. Should one be all the same, the next step finds it: each looks at all cases.
            "record a look" | "claim jobs" | "make link" | "use link" | "begin session"
            | "touch session" | "end session" | "sweep sign-in" => {}
            "finish job" | "kill job" | "put job back" | "claim deadlines" => {
                self.watch.leases(self, (node, name));
            }
            "" => {
                self.watch.step(self);
                self.watch.leases(self, (node, name));
            }
            _ => self.watch.step(self),
        }
    }

    /// Returns a node that runs: the one whose turn it must be, or any.
    pub(crate) fn any_node(&self) -> Option<usize> {
        let forced = self.forced.get();
        let nodes = self.nodes.borrow();
        let alive: Vec<usize> = (0..NODES)
            .filter(|node| forced.is_none_or(|forced| forced == *node))
            .filter(|node| nodes[*node].app().is_some())
            .collect();
        self.rng.borrow_mut().pick(&alive).copied()
    }

    fn another(&self, than: usize) -> Option<usize> {
        let nodes = self.nodes.borrow();
        let alive: Vec<usize> =
            (0..NODES).filter(|node| *node != than && nodes[*node].app().is_some()).collect();
        self.rng.borrow_mut().pick(&alive).copied()
    }

    /// Lets a node do something: what dies in it is dead, and what panics is a fault that was found.
    pub(crate) fn operate<T>(
        &self,
        node: usize,
        call: impl FnOnce(&Arc<App>) -> Result<T>,
    ) -> Done<T> {
        let Some(app) = self.nodes.borrow()[node].app() else { return Done::Died };
        let done = match catch_unwind(AssertUnwindSafe(|| call(&app))) {
            Ok(Ok(done)) => Done::Ok(done),
            Ok(Err(error)) => Done::Err(error),
            Err(payload) => {
                if !payload.is::<Crash>() {
                    let words = payload.downcast_ref::<String>().cloned();
                    let words =
                        words.or_else(|| payload.downcast_ref::<&str>().map(|w| (*w).into()));
                    self.fail(format!("a panic: {}", words.unwrap_or_default()));
                }
                Done::Died
            }
        };
        if matches!(done, Done::Died) || app.db.is_broken() {
            drop(app);
            self.end(node);
        }
        done
    }

    /// The run is over.
    pub(crate) fn end_all(&self) {
        self.queue.borrow_mut().clear();
        for node in self.nodes.borrow_mut().iter_mut() {
            node.end();
        }
    }

    /// A node has ended: what it did is looked at, and it is started again after a while.
    fn end(&self, node: usize) {
        if self.nodes.borrow()[node].app().is_none() {
            return;
        }
        self.watch.unsure(true);
        self.watch.leases(self, (node, ""));
        self.watch.unsure(false);
        self.nodes.borrow_mut()[node].end();
        self.watch.step(self);
        let after = Micros(i64::from(self.between(1, 90)) * 1_000_000);
        self.push_in(after, What::Restart(node));
    }
}
