//! A hub that serves, is killed and comes back, each time at other addresses.

use crate::support::{Place, Running};
use std::process::Command;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Where the hub listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    pub http: String,
    pub mllp: String,
}

/// How long somebody waits for a hub that is down before the trial has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// A hub of a place, up or down.
pub struct Hub<'a> {
    place: &'a Place,
    args: Vec<&'static str>,
    data: String,
    running: Mutex<Option<Running>>,
    at: Mutex<Option<At>>,
    up: Condvar,
}

impl<'a> Hub<'a> {
    /// A hub that is not up yet. `args` come behind those of `serve`.
    pub fn new(place: &'a Place, args: &[&'static str]) -> Self {
        let (running, at, up) = (Mutex::new(None), Mutex::new(None), Condvar::new());
        Self { place, args: args.to_vec(), data: "data".to_owned(), running, at, up }
    }

    /// The same with an outbox of its own, as one of several machines has.
    pub fn keeping(self, data: &str) -> Self {
        Self { data: data.to_owned(), ..self }
    }

    /// Starts it and waits until it serves.
    pub fn start(&self) {
        assert!(self.start_by(|command| command), "the hub does not start");
    }

    /// Starts it in another way, such as at another time. Returns whether it serves; where not, it has ended.
    pub fn start_by(&self, way: impl FnOnce(Command) -> Command) -> bool {
        let listen = ["serve", "--listen", "127.0.0.1:0", "--mllp", "127.0.0.1:0"];
        let mut command = self.place.command(listen.iter().chain(&self.args));
        command.env("DOORSTEP_DATA", self.place.path(&self.data));
        let mut running = Running::start(way(command));
        let said = running.says("MLLP on ");
        let word =
            |line: Option<&str>| line.and_then(|line| line.rsplit(' ').next()).map(str::to_owned);
        let http = word(said.lines().find(|line| line.contains("http://")));
        let mllp = word(said.lines().find(|line| line.contains("MLLP on ")));
        let (Some(http), Some(mllp)) = (http, mllp) else { return false };
        let http = http.trim_start_matches("http://").to_owned();
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = Some(running);
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = Some(At { http, mllp });
        self.up.notify_all();
        true
    }

    /// Returns the id of its process, while it runs.
    pub fn id(&self) -> Option<u32> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(Running::id)
    }

    /// Kills it as a power cut of the process would: it learns nothing of it.
    pub fn kill(&self) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = None;
        // A running program is killed when it is dropped.
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Waits until it has ended by itself, and returns its status; `None` where it goes on.
    pub fn ended_within(&self, patience: Duration) -> Option<i32> {
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        let status = running.as_mut().expect("it was started").ended_within(patience)?;
        Some(status.code().unwrap_or(-1))
    }

    /// Stops it as an operator does, and waits until it has ended.
    pub fn stop(&self) {
        *self.at.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let running = self.running.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut running = running.expect("a hub that is to be stopped runs");
        running.signal("TERM");
        let status = running.ended_within(Duration::from_secs(20)).expect("it goes on after TERM");
        assert!(status.success(), "{status}: {}", running.err());
    }

    /// Waits until it is up, and returns where.
    pub fn at(&self) -> At {
        let at = self.at.lock().unwrap_or_else(PoisonError::into_inner);
        let (at, waited) = self
            .up
            .wait_timeout_while(at, PATIENCE, |at| at.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        assert!(!waited.timed_out(), "the hub did not come back within {PATIENCE:?}");
        at.clone().expect("it is up")
    }
}
