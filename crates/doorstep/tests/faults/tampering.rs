//! Kills the program, or fails one of its calls that write, at an exact point: the n-th of all its threads together.
//!
//! A library of ours is loaded before the program's own and stands in for the calls (`tampering.c`). The program makes the
//! same calls of the system, as many as without it. A tracer would do too, but it counts each thread by itself: a disk that
//! is full from the n-th write on stays full for one thread and takes what another writes. It is also slower by far.

use crate::support::Place;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const SOURCE: &str = include_str!("tampering.c");

/// What the library is asked, and where it is to write how many calls there were.
const ASKED: &str = "DOORSTEP_TAMPERING";
const COUNTS: &str = "DOORSTEP_CALLS";

/// What is done to a call instead of what it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// The program is killed.
    Kill,
    /// The disk is broken.
    Eio,
    /// The disk is full.
    Enospc,
}

/// Which calls fare so.
#[derive(Debug, Clone, Copy)]
pub struct Tampering<'a> {
    pub call: &'a str,
    pub fate: Fate,
    /// The first of them, from 1.
    pub at: u32,
    /// Each so many behind it; `None` where it is the only one.
    pub each: Option<u32>,
}

impl Tampering<'_> {
    /// Lets the calls of a program that is started later fare so.
    pub fn with(self, mut program: Command) -> Command {
        let fate = match self.fate {
            Fate::Kill => "KILL",
            Fate::Eio => "EIO",
            Fate::Enospc => "ENOSPC",
        };
        let asked = format!("{} {fate} {} {}", self.call, self.at, self.each.unwrap_or(0));
        program.env("LD_PRELOAD", library()).env(ASKED, asked);
        program
    }
}

/// The library, made once; `None` where there is no compiler or the program cannot be made to load it.
static LIBRARY: LazyLock<Option<PathBuf>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    fs::create_dir_all(folder).unwrap();
    // Others may make it at the same time: each in a place of its own, and all the same.
    let own = tempfile::tempdir_in(folder).unwrap();
    let [source, made, path] =
        [own.path().join("it.c"), own.path().join("it.so"), folder.join("tampering.so")];
    fs::write(&source, SOURCE).unwrap();
    let compiler = ["-O2", "-shared", "-fPIC", "-o"];
    let output = Command::new("cc").args(compiler).args([&made, &source]).output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::rename(made, &path).unwrap();
    Some(path)
});

fn library() -> &'static Path {
    LIBRARY.as_deref().expect("`is_there` was asked before")
}

/// Returns whether calls can be tampered with here, and says what to do where not.
pub fn is_there() -> bool {
    if LIBRARY.is_none() {
        eprintln!("skipped: there is no C compiler: apt-get install build-essential");
        return false;
    }
    let place = Place::new();
    let kill = Tampering { call: "pwrite64", fate: Fate::Kill, at: 1, each: None };
    let survives = tampered(&place, &["migrate"], kill).output().unwrap().status.success();
    if survives {
        eprintln!("skipped: this build of the program loads no libraries: its calls cannot be met");
    }
    !survives
}

/// Returns the program with calls tampered with.
pub fn tampered(place: &Place, args: &[&str], tampering: Tampering) -> Command {
    tampering.with(place.command(args))
}

/// Runs the program to its end and returns how often it made each call that writes.
pub fn counted(place: &Place, args: &[&str]) -> BTreeMap<String, u32> {
    let told = tempfile::NamedTempFile::new().unwrap();
    let mut program = place.command(args);
    program.env("LD_PRELOAD", library()).env(COUNTS, told.path());
    let output = program.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = fs::read_to_string(told.path()).unwrap();
    let counted = told.lines().map(|line| line.split_once(' ').unwrap());
    let counted = counted.map(|(call, n)| (call.to_owned(), n.parse().unwrap()));
    counted.filter(|(_, n)| *n > 0).collect()
}

/// What is counted is what the system is asked, by whichever thread.
#[test]
fn a_call_is_met_at_its_number_and_no_other() {
    if !is_there() {
        return;
    }
    let place = Place::new();
    let calls = counted(&place, &["migrate"]);
    let n_flushes = calls["fsync"];
    let fails = |at, each| {
        let place = Place::new();
        let eio = Tampering { call: "fsync", fate: Fate::Eio, at, each };
        !tampered(&place, &["migrate"], eio).output().unwrap().status.success()
    };
    assert!(n_flushes > 2 && fails(1, None) && fails(1, Some(1)));
    assert!(!fails(n_flushes + 1, Some(1)), "there is one call more than was counted");
}
