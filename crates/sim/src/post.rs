//! Those who are told: each knows a message by its job's id, so that what comes twice counts once.
//!
//! What comes twice costs whoever is told a look all the same: so the hands of one round put it out again only when it was
//! claimed again.

use crate::chance::Class;
use crate::net::Net;
use crate::sim::Sim;
use doorstep_work::{Message, Post};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io;

/// How often what arrived, by the job's id.
#[derive(Default)]
pub(crate) struct Receivers {
    arrived: BTreeMap<String, u32>,
}

impl Receivers {
    pub(crate) fn has(&self, job_id: &str) -> bool {
        self.arrived.contains_key(job_id)
    }

    pub(crate) fn len(&self) -> usize {
        self.arrived.len()
    }

    pub(crate) fn times(&self) -> u64 {
        self.arrived.values().map(|times| u64::from(*times)).sum()
    }

    /// Notes an arrival. Returns whether it is the first of its id.
    fn note(&mut self, job_id: &str) -> bool {
        let times = self.arrived.entry(job_id.to_owned()).or_default();
        *times += 1;
        *times == 1
    }
}

/// The post of one node, for one round of work.
pub(crate) struct SimPost<'a> {
    sim: &'a Sim,
    node: usize,
    /// Whether several hands were at work at the same time.
    are_several: Cell<bool>,
    /// What they have put out, and how often it had been claimed by then.
    put: RefCell<BTreeSet<(String, i64)>>,
}

impl<'a> SimPost<'a> {
    pub(crate) fn new(sim: &'a Sim, node: usize) -> Self {
        Self { sim, node, are_several: Cell::default(), put: RefCell::default() }
    }

    /// Says which of so many hands goes on.
    pub(crate) fn whose_turn(&self, n_hands: usize) -> usize {
        let Ok(n @ 2..) = u32::try_from(n_hands) else { return 0 };
        self.are_several.set(true);
        usize::try_from(self.sim.between(0, n - 1)).unwrap_or(0)
    }

    /// Two hands of one round do not put out the same.
    fn once_a_claim(&self, job_id: &str) {
        if !self.are_several.get() {
            return;
        }
        let claim = (job_id.to_owned(), self.sim.watch.n_claims(job_id));
        if !self.put.borrow_mut().insert(claim) {
            let short = job_id.get(..8).unwrap_or(job_id);
            self.sim.fail(format!("node {} puts out job {short} twice", self.node));
        }
    }
}

impl Post for SimPost<'_> {
    fn put(&self, job_id: &str, message: &Message) -> io::Result<()> {
        self.once_a_claim(job_id);
        let sim = self.sim;
        let link = Net::link(message.to, &message.address);
        let fails = |words: &str| Err(io::Error::other(words.to_owned()));
        if sim.net.borrow().is_down(&link) {
            return fails("cannot be reached");
        }
        if sim.strikes(Class::NetDrop) {
            return fails("lost on the way");
        }
        self.arrive(job_id, &link);
        if sim.strikes(Class::NetDouble) {
            self.arrive(job_id, &link);
        }
        if sim.strikes(Class::NetAnswer) { fails("no answer") } else { Ok(()) }
    }
}

impl SimPost<'_> {
    fn arrive(&self, job_id: &str, link: &str) {
        let sim = self.sim;
        let is_first = sim.receivers.borrow_mut().note(job_id);
        if is_first {
            let short = job_id.get(..8).unwrap_or(job_id);
            sim.say(&format!("{link} is told {short} by node {}", self.node));
            sim.watch.told(sim, job_id);
        }
    }
}
