//! One node: a program on the shared database, with a clock and ids of its own, that dies and is started again.

use crate::clock::{NodeClock, Time};
use crate::machine::{Machine, options};
use crate::template::template;
use doorstep_app::{App, digest};
use doorstep_db::{Db, DbError, Hook, OpenOptions};
use doorstep_world::Rng;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

/// A node.
pub(crate) struct Node {
    pub clock: NodeClock,
    /// How often it was started.
    pub lives: u32,
    life: Option<Life>,
}

/// One life of a node.
struct Life {
    app: Arc<App>,
    machine: Arc<Machine>,
    tokens: Tokens,
}

/// What of the secrets that a node made is stored: by this the leases are known that are its own.
#[derive(Clone, Default)]
struct Tokens(Arc<Mutex<BTreeSet<String>>>);

impl Tokens {
    fn with<T>(&self, call: impl FnOnce(&mut BTreeSet<String>) -> T) -> T {
        call(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Node {
    pub(crate) fn new(time: &Time) -> Self {
        Self { clock: NodeClock::new(time), lives: 0, life: None }
    }

    /// Starts the program. Its ids follow from the seed, the node and how often it was started.
    pub(crate) fn start(
        &mut self,
        (seed, number): (u64, usize),
        path: &str,
    ) -> Result<(), DbError> {
        let machine = Arc::new(Machine::new(number));
        let hook = Hook::new(Arc::clone(&machine) as Arc<dyn doorstep_db::Faults>);
        let options = OpenOptions { checkpoint_pages: checkpoint_pages(seed), ..options(hook) };
        let db = Db::open_with(path, &options)?;
        let clock = self.clock.clone();
        let tokens = Tokens::default();
        let rng = Mutex::new(Rng::of(seed, &format!("ids {number} {}", self.lives)));
        let template = template();
        let made = tokens.clone();
        let app =
            App::new(db, Arc::clone(&template.packs), template.settings(), move || clock.now())
                .with_chance(move |bytes| fill(bytes, &rng, &made));
        self.lives += 1;
        self.life = Some(Life { app: Arc::new(app), machine, tokens });
        Ok(())
    }

    /// Ends the program at once: nothing of it runs any more.
    pub(crate) fn end(&mut self) {
        if let Some(life) = self.life.take() {
            life.machine.kill();
        }
    }

    /// Returns the program, when it runs.
    pub(crate) fn app(&self) -> Option<Arc<App>> {
        self.life.as_ref().map(|life| Arc::clone(&life.app))
    }

    /// Returns whether this life of the node made a secret, by what is stored of it.
    pub(crate) fn made(&self, token_hash: &str) -> bool {
        self.life.as_ref().is_some_and(|life| life.tokens.with(|all| all.contains(token_hash)))
    }
}

/// After how many pages a run's log is copied back: always within a run, which writes some 1,800, and seldom or often.
fn checkpoint_pages(seed: u64) -> u32 {
    let lengths = [60, 150, 400];
    Rng::of(seed, "log").pick(&lengths).copied().unwrap_or(lengths[0])
}

fn fill(bytes: &mut [u8], rng: &Mutex<Rng>, made: &Tokens) {
    let mut rng = rng.lock().unwrap_or_else(PoisonError::into_inner);
    for chunk in bytes.chunks_mut(8) {
        let drawn = rng.draw().to_le_bytes();
        chunk.copy_from_slice(&drawn[..chunk.len()]);
    }
    // The length of a secret, as [`App::token`] makes it.
    if bytes.len() == 32 {
        let mut hex = String::with_capacity(64);
        for byte in bytes.iter() {
            write!(hex, "{byte:02x}").expect("writing to a string does not fail");
        }
        made.with(|all| all.insert(digest(hex.as_bytes())));
    }
}
