//! R03: the power goes. A file system of our own is shut down without its log, as a disk is that loses what was not flushed;
//! the hub loses nothing that it acknowledged. The control, a program that flushes less, has to lose, or the trial shows
//! nothing. Source: trust.md 1.2, 7.

use crate::audit::{audit, restart, settle};
use crate::history::{End, History, Op};
use crate::hub::Hub;
use crate::inner;
use crate::lanes::Over;
use crate::senders::{File, Told, answered, by_http};
use crate::size::size;
use crate::support::Place;
use crate::support::orders::{Chance, Door, Order};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::mpsc::channel;
use std::time::Duration;

/// Shuts the file system of a folder down and flushes nothing.
/// Source: linux/fs.h, `FS_IOC_SHUTDOWN` with `FS_SHUTDOWN_FLAGS_NOLOGFLUSH`.
const CUT: &str = "import fcntl, os, struct, sys\n\
    fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))";

/// The control: acknowledges each commit, and leaves flushing to the system.
const CONTROL: &str = "import sqlite3, sys\n\
    db = sqlite3.connect(sys.argv[1], isolation_level=None)\n\
    db.execute('PRAGMA journal_mode = WAL')\n\
    db.execute('PRAGMA synchronous = ' + sys.argv[2])\n\
    db.execute('PRAGMA wal_autocheckpoint = 0')\n\
    db.execute('CREATE TABLE IF NOT EXISTS t (n INTEGER)')\n\
    n = 0\n\
    while True:\n\
    \x20   n += 1\n\
    \x20   db.execute('INSERT INTO t VALUES (?)', (n,))\n\
    \x20   print(n, flush=True)";

/// Counts what the control has kept.
const COUNT: &str = "import sqlite3, sys\n\
    db = sqlite3.connect(sys.argv[1])\n\
    there = db.execute(\"SELECT COUNT(*) FROM sqlite_master WHERE name = 't'\").fetchone()[0]\n\
    print(db.execute('SELECT COUNT(*) FROM t').fetchone()[0] if there else 0)";

/// What makes a file system in a file.
struct Maker {
    program: &'static str,
    args: [&'static str; 2],
    package: &'static str,
}

const EXT4: Maker = Maker { program: "mkfs.ext4", args: ["-q", "-F"], package: "e2fsprogs" };
const XFS: Maker = Maker { program: "mkfs.xfs", args: ["-q", "-f"], package: "xfsprogs" };

/// A file system in a file, which can be cut off.
struct Disk {
    image: PathBuf,
    at: PathBuf,
}

impl Disk {
    /// Makes one and mounts it over a folder.
    fn new(maker: &Maker, image: &Path, at: &Path) -> Self {
        inner::run("truncate", &["-s", "512M", image.to_str().unwrap()]);
        inner::run(maker.program, &[&maker.args[..], &[image.to_str().unwrap()]].concat());
        let disk = Self { image: image.to_owned(), at: at.to_owned() };
        disk.mount();
        inner::run("chmod", &["700", at.to_str().unwrap()]);
        disk
    }

    fn mount(&self) {
        let [image, at] = [&self.image, &self.at].map(|path| path.to_str().unwrap());
        inner::run("mount", &["-o", "loop", image, at]);
    }

    /// Cuts the power.
    fn cut(&self) {
        inner::run("python3", &["-c", CUT, self.at.to_str().unwrap()]);
    }

    /// Turns it on again: the file system recovers by its journal.
    fn again(&self) {
        inner::run("umount", &[self.at.to_str().unwrap()]);
        self.mount();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // Whatever is left mounted is gone with the mounts of this trial.
        let _ = Command::new("umount").arg("-l").arg(&self.at).status();
    }
}

/// Forgets what was answered since: it may have happened or not.
fn unsure(now: Vec<Op>, before: &[Op]) -> Vec<Op> {
    let was_ok = |at: usize| before.get(at).is_some_and(|op| matches!(op.end, End::Ok(_)));
    let unsure = |(at, op): (usize, Op)| match op.end {
        End::Ok(_) if !was_ok(at) => Op { end: End::Info, ended: u64::MAX, ..op },
        _ => op,
    };
    now.into_iter().enumerate().map(unsure).collect()
}

/// Sends new orders by several senders until the power goes, and returns what was asked, and answered before.
fn sent_until_cut(
    (hub, disk): (&Hub, &Disk),
    (token, next): (&str, &AtomicU32),
    (history, chance): (&History, &mut Chance),
) -> Vec<Op> {
    let (is_over, at) = (AtomicBool::new(false), hub.at().http);
    let mut before = Vec::new();
    std::thread::scope(|scope| {
        let (done, acknowledged) = channel();
        for _ in 0..4 {
            let (done, is_over, at) = (done.clone(), &is_over, &at);
            scope.spawn(move || {
                while !is_over.load(Ordering::Relaxed) {
                    let file = file(next.fetch_add(1, Ordering::Relaxed));
                    let asked = file.ask(history);
                    let told = by_http(at, token, &file);
                    let told = told.unwrap_or_else(|error| Told::Info(error.kind().to_string()));
                    let is_ok = matches!(told, Told::Ok(_));
                    answered(history, &asked, &told);
                    if !is_ok {
                        return;
                    }
                    // Nobody waits any more once the power is gone.
                    let _ = done.send(());
                }
            });
        }
        drop(done);
        let _over = Over(&is_over);
        for _ in 0..20 + chance.below(40) {
            acknowledged.recv_timeout(Duration::from_secs(30)).unwrap();
        }
        // What is answered later may rest on a flush that the cut meets half way.
        before = history.ops();
        disk.cut();
    });
    before
}

#[test]
fn a_power_cut_of_ext4_takes_nothing_that_was_acknowledged() {
    if inner::enter("power::a_power_cut_of_ext4_takes_nothing_that_was_acknowledged") {
        takes_nothing(&EXT4, size(2, 100));
    }
}

#[test]
fn a_power_cut_of_xfs_takes_nothing_that_was_acknowledged() {
    if inner::enter("power::a_power_cut_of_xfs_takes_nothing_that_was_acknowledged") {
        takes_nothing(&XFS, size(1, 50));
    }
}

/// Cuts that one disk bears: each ends with an audit of all that is on it.
const CUTS: u32 = 25;

fn takes_nothing(maker: &Maker, n_cuts: u32) {
    if !can_mount_files(maker) {
        return;
    }
    let mut chance = Chance::seeded(3);
    let disks = (0..n_cuts).step_by(CUTS as usize).map(|n| CUTS.min(n_cuts - n));
    let n_sure: usize = disks.map(|n_cuts| bears(maker, n_cuts, &mut chance)).sum();
    eprintln!("{}: {n_sure} acknowledged before {n_cuts} cuts, none lost", maker.program);
}

/// Cuts the power of a new disk so many times, and returns how many were acknowledged before.
fn bears(maker: &Maker, n_cuts: u32, chance: &mut Chance) -> usize {
    let (image, place) = (tempfile::tempdir().unwrap(), Place::new());
    let disk = Disk::new(maker, &image.path().join("disk"), place.folder.path());
    the_control_loses(&place, &disk);
    place.ok(&["user", "add", "ana", "--role", "agent"]);
    let token = place.ok(&["user", "token", "ana"]).trim().to_owned();
    let (hub, next) = (Hub::new(&place, &[]), AtomicU32::new(0));
    let (history, mut sure) = (History::default(), Vec::new());
    let (mut labels, mut n_labelled) = (BTreeMap::new(), 0);
    for n in 0..n_cuts {
        hub.start();
        let before = sent_until_cut((&hub, &disk), (&token, &next), (&history, chance));
        hub.kill();
        disk.again();
        // What was unsure at an earlier cut stays so.
        let known: Vec<Op> =
            sure.iter().cloned().chain(before.into_iter().skip(sure.len())).collect();
        sure = unsure(history.ops(), &known);
        let n_sent = next.load(Ordering::Relaxed);
        labels.extend((n_labelled..n_sent).map(|n| file(n).named()));
        n_labelled = n_sent;
        restart(&place);
        settle(&place);
        assert_eq!(audit(&place, &sure, &labels), Vec::<String>::new(), "cut {n}");
    }
    sure.iter().filter(|op| matches!(op.end, End::Ok(_))).count()
}

fn file(n: u32) -> File {
    File::one(Order::nth(n), [Door::Fhir, Door::X12, Door::Csv][n as usize % 3])
}

/// Whether this machine, or container, lets a file be a disk of the kind; says so where not.
fn can_mount_files(maker: &Maker) -> bool {
    let works = |program: &str, args: &[&str]| {
        Command::new(program).args(args).output().is_ok_and(|output| output.status.success())
    };
    if !works(maker.program, &["-V"]) {
        eprintln!("skipped: no {}: apt-get install {}", maker.program, maker.package);
        return false;
    }
    let folder = tempfile::tempdir().unwrap();
    let (image, at) = (folder.path().join("disk"), folder.path().join("at"));
    std::fs::create_dir(&at).unwrap();
    let [image, at] = [&image, &at].map(|path| path.to_str().unwrap());
    let mounts = works("truncate", &["-s", "512M", image])
        && works(maker.program, &[&maker.args[..], &[image]].concat())
        && works("mount", &["-o", "loop", image, at])
        && works("umount", &[at]);
    if !mounts {
        eprintln!("skipped: no file can be mounted here as a disk of {}", maker.program);
    }
    mounts
}

/// How many of those that it acknowledged a program has lost that flushes as it is told.
fn lost_by(place: &Place, disk: &Disk, flushing: &str) -> i64 {
    let path = place.path(&format!("control-{flushing}.db"));
    let args = ["-c", CONTROL, path.to_str().unwrap(), flushing];
    let mut child = Command::new("python3")
        .args(args)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let (sender, acknowledged) = channel();
    let reader = std::thread::spawn(move || {
        for line in lines.map_while(Result::ok) {
            // Nobody counts any more after the cut.
            let _ = sender.send(line);
        }
    });
    for _ in 0..COMMITS {
        acknowledged.recv_timeout(Duration::from_secs(30)).unwrap();
    }
    let n_acknowledged = COMMITS + acknowledged.try_iter().count();
    disk.cut();
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();
    disk.again();
    let kept = inner::run("python3", &["-c", COUNT, path.to_str().unwrap()]);
    let (told, kept) =
        (i64::try_from(n_acknowledged).unwrap(), kept.trim().parse::<i64>().unwrap());
    eprintln!("{flushing}: {told} acknowledged, {kept} kept");
    told - kept
}

/// Commits that the control acknowledges before the cut, at least.
const COMMITS: usize = 300;

/// Without this the trial would show nothing.
fn the_control_loses(place: &Place, disk: &Disk) {
    let (quick, whole) = (lost_by(place, disk, "NORMAL"), lost_by(place, disk, "FULL"));
    assert!(quick > 0, "the power cut takes nothing: it is no power cut");
    assert!(whole <= 0, "the disk loses what was flushed: {whole}");
}
