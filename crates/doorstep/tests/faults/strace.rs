//! Runs the program under `strace`, which kills it, or fails one of its system calls, at an exact point.
//!
//! Source: strace(1), syscall tampering: each thread counts each system call for itself, from 1.

use crate::hub::Hub;
use crate::support::Place;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Returns whether there is one that works here, and says what to do where not.
pub fn is_there() -> bool {
    let tried = Command::new("strace").args(["-f", "-qq", "-o", "/dev/null", "true"]).output();
    let works = tried.is_ok_and(|output| output.status.success());
    if !works {
        eprintln!("skipped: strace is not installed, or may not trace: apt-get install strace");
    }
    works
}

/// What is done to a call: `signal=KILL`, `error=EIO`.
#[derive(Debug, Clone, Copy)]
pub struct Tampering<'a> {
    pub call: &'a str,
    pub does: &'a str,
    pub at: u32,
    /// Whether every later call fares the same.
    pub and_on: bool,
}

impl Tampering<'_> {
    /// Returns the options that make it so.
    pub fn options(self) -> Vec<String> {
        let on = if self.and_on { "+" } else { "" };
        let inject = format!("inject={}:{}:when={}{on}", self.call, self.does, self.at);
        let trace = format!("trace={}", self.call);
        ["-e", &trace, "-e", &inject, "-o", "/dev/null"].map(str::to_owned).to_vec()
    }
}

/// Returns the program with a call tampered with.
pub fn tampered(place: &Place, args: &[&str], tampering: Tampering) -> Command {
    wrapped(&place.command(args), &tampering.options())
}

/// Kills a hub that is traced, and then its tracer: a tracer that is killed lets what it traced go on.
pub fn end(hub: &Hub) {
    if let Some(tracer) = hub.id() {
        let children = format!("/proc/{tracer}/task/{tracer}/children");
        for traced in std::fs::read_to_string(children).unwrap_or_default().split_whitespace() {
            // It may have ended this moment.
            let _ = Command::new("kill").args(["-KILL", traced]).status();
        }
    }
    hub.kill();
}

/// Runs the program to its end and returns how often its busiest thread made each of the calls.
pub fn counted(place: &Place, args: &[&str], calls: &[&str]) -> BTreeMap<String, u32> {
    let log = place.path("calls.txt");
    let trace = format!("trace={}", calls.join(","));
    let options = ["-e", &trace, "-o", &log.display().to_string()].map(str::to_owned);
    let mut command = wrapped(&place.command(args), &options);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let counted = by_call(&std::fs::read_to_string(&log).unwrap());
    forget(&log);
    counted
}

fn forget(path: &Path) {
    std::fs::remove_file(path).unwrap();
}

/// Each line is `THREAD CALL(…`.
fn by_call(log: &str) -> BTreeMap<String, u32> {
    let mut by_thread: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for line in log.lines() {
        let Some((thread, rest)) = line.split_once(char::is_whitespace) else { continue };
        if let Some((call, _)) = rest.trim_start().split_once('(') {
            *by_thread.entry((thread, call)).or_default() += 1;
        }
    }
    let mut most: BTreeMap<String, u32> = BTreeMap::new();
    for ((_, call), n) in by_thread {
        let known = most.entry(call.to_owned()).or_default();
        *known = n.max(*known);
    }
    most
}

/// The program's own standard streams, environment and folder stay as they are.
pub fn wrapped(program: &Command, options: &[String]) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq"]).args(options).arg("--");
    command.arg(program.get_program()).args(program.get_args());
    for (name, value) in program.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = program.get_current_dir() {
        command.current_dir(folder);
    }
    command
}

#[test]
fn calls_are_counted_by_thread() {
    let log = "7 pwrite64(3, \"a\") = 1\n7 pwrite64(3) = 1\n8 pwrite64(3) = 1\n8  fsync(3) = 0\n";
    let expected = [("fsync", 1), ("pwrite64", 2)].map(|(call, n)| (call.to_owned(), n));
    assert_eq!(by_call(log), BTreeMap::from(expected));
}
