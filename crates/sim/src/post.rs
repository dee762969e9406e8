//! Those who are told: each knows a message by its job's id, so that what comes twice counts once.

use crate::chance::Class;
use crate::net::Net;
use crate::sim::Sim;
use doorstep_work::{Message, Post};
use std::collections::BTreeMap;
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

/// The post of one node.
pub(crate) struct SimPost<'a> {
    pub sim: &'a Sim,
    pub node: usize,
}

impl Post for SimPost<'_> {
    fn put(&self, job_id: &str, message: &Message) -> io::Result<()> {
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
