//! Throw-away PostgreSQL servers of a trial's own, which can be killed, copied and promoted. The one of the test command is
//! shared with other tests and is left alone.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Whoever runs the servers where the tests are root's: PostgreSQL refuses to run as root.
const NOBODY: u32 = 65_534;

/// Returns the folder with PostgreSQL's programs, or says that the trial is skipped.
pub fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok().into_iter().flatten();
    let mut found: Vec<PathBuf> = versions
        .filter_map(Result::ok)
        .map(|version| version.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    if found.is_empty() {
        eprintln!(
            "skipped: PostgreSQL's own programs are not installed: apt-get install postgresql"
        );
    }
    found.pop()
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|of| std::os::unix::fs::MetadataExt::uid(&of) == 0)
}

/// Runs one of PostgreSQL's programs as whoever may.
fn command(program: &Path) -> Command {
    let mut command = Command::new(if is_root() { Path::new("setpriv") } else { program });
    if is_root() {
        let id = NOBODY.to_string();
        command.args(["--reuid", &id, "--regid", &id, "--clear-groups"]).arg(program);
    }
    command.stdin(Stdio::null());
    command
}

fn succeeded(output: &Output) {
    let told = [output.stdout.as_slice(), output.stderr.as_slice()].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&told));
}

/// A server, with a folder of its own.
pub struct Cluster {
    bin: PathBuf,
    folder: TempDir,
    pub port: u16,
}

impl Cluster {
    fn place(bin: &Path) -> Self {
        // A socket's path has to be short, and whoever runs the server has to get there.
        let folder = tempfile::Builder::new().prefix("dspg").tempdir_in("/tmp").unwrap();
        if is_root() {
            chown(folder.path(), Some(NOBODY), Some(NOBODY)).unwrap();
        }
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        Self { bin: bin.to_owned(), folder, port }
    }

    /// Makes an empty server that is not running.
    pub fn new(bin: &Path) -> Self {
        let cluster = Self::place(bin);
        let args = ["-U", "postgres", "-A", "trust", "--locale=C", "-E", "UTF8", "--no-sync", "-D"];
        succeeded(&command(&bin.join("initdb")).args(args).arg(cluster.data()).output().unwrap());
        cluster
    }

    /// Copies a running server, as one that follows it where `follows`. It is not running yet.
    pub fn copy_of(other: &Self, follows: bool) -> Self {
        let cluster = Self::place(&other.bin);
        let mut copy = command(&other.bin.join("pg_basebackup"));
        copy.args(["-h", "127.0.0.1", "-U", "postgres", "-p", &other.port.to_string()]);
        copy.args(["--checkpoint=fast", "--no-sync", "-D"]).arg(cluster.data());
        if follows {
            copy.arg("--write-recovery-conf");
        }
        succeeded(&copy.output().unwrap());
        cluster
    }

    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Starts it with settings beside the usual ones. What is on its disk is flushed as on a real one.
    pub fn start(&self, settings: &[&str]) {
        let sockets = format!("unix_socket_directories={}", self.folder.path().display());
        let port = format!("port={}", self.port);
        let usual = ["listen_addresses=127.0.0.1", &port, &sockets, "max_connections=60"];
        let options: Vec<String> =
            usual.iter().chain(settings).map(|setting| format!("-c '{setting}'")).collect();
        let mut start = self.ctl(&["-w", "-t", "60", "-l"]);
        start.arg(self.path("log")).arg("-o").arg(options.join(" ")).arg("start");
        // Its children keep what they inherit open: nobody waits for the end of an output that never ends.
        let status = start.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        let log = fs::read_to_string(self.path("log")).unwrap_or_default();
        assert!(status.success(), "{log}");
    }

    fn ctl(&self, args: &[&str]) -> Command {
        let mut ctl = command(&self.bin.join("pg_ctl"));
        ctl.arg("-D").arg(self.data()).args(args);
        ctl
    }

    /// Kills all of it at once, as a machine that dies.
    pub fn kill(&self) {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).unwrap_or_default();
        let Some(pid) = pid.lines().next() else { return };
        let mut all: Vec<String> = children(pid);
        all.push(pid.to_owned());
        for pid in all {
            // It may be gone already.
            let _ = Command::new("kill").args(["-KILL", &pid]).stderr(Stdio::null()).status();
        }
        let _ = fs::remove_file(self.data().join("postmaster.pid"));
    }

    /// Sends a signal to its processes whose title holds `part`, and returns how many they are.
    pub fn signal(&self, name: &str, part: &str) -> usize {
        let pid = fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let is_meant = |pid: &String| {
            fs::read(format!("/proc/{pid}/cmdline"))
                .is_ok_and(|title| String::from_utf8_lossy(&title).contains(part))
        };
        let meant: Vec<String> =
            children(pid.lines().next().unwrap()).into_iter().filter(is_meant).collect();
        for pid in &meant {
            let _ = Command::new("kill").args(["-s", name, pid]).stderr(Stdio::null()).status();
        }
        meant.len()
    }

    /// Makes the one that follows the one that leads.
    pub fn promote(&self) {
        succeeded(&self.ctl(&["-w", "-t", "30", "promote"]).output().unwrap());
    }

    /// Makes a folder that the server may write in.
    pub fn make_folder(&self, name: &str) {
        fs::create_dir(self.path(name)).unwrap();
        if is_root() {
            chown(self.path(name), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    /// Makes an empty file that the server may read.
    pub fn touch(&self, name: &str) {
        fs::write(self.path(name), "").unwrap();
        if is_root() {
            chown(self.path(name), Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }

    pub fn url(&self, name: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{name}", self.port)
    }

    /// Waits until it answers a question with `t`.
    pub fn wait_for(&self, question: &str) {
        let began = Instant::now();
        while self.ask(question).trim() != "t" {
            assert!(began.elapsed() < Duration::from_secs(30), "{question}");
        }
    }

    /// Asks one question, or does one thing.
    pub fn ask(&self, sql: &str) -> String {
        let mut psql = command(&self.bin.join("psql"));
        let port = self.port.to_string();
        psql.args(["-h", "127.0.0.1", "-U", "postgres", "-p", &port, "-Atqc", sql, "postgres"]);
        String::from_utf8(psql.output().unwrap().stdout).unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        self.kill();
    }
}

fn children(pid: &str) -> Vec<String> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let text = fs::read_to_string(path).unwrap_or_default();
    text.split_whitespace().map(str::to_owned).collect()
}
