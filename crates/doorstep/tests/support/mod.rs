//! Runs the program as an operator would. `DOORSTEP_BIN` names another build of it.

#![expect(dead_code, reason = "each test file uses some of it")]
#![expect(clippy::unwrap_used, reason = "a program that cannot be run fails its test")]

use doorstep_vocab::Timestamp;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, UNIX_EPOCH};

#[path = "../../../app/tests/support/orders.rs"]
pub mod orders;

/// Returns the time, as the program has it.
#[expect(
    clippy::disallowed_methods,
    reason = "the program reads the wall clock, and so must who talks to it"
)]
pub fn now() -> Timestamp {
    let since = std::time::SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    Timestamp(i64::try_from(since.as_micros()).unwrap())
}

/// A place of its own for the program's data.
pub struct Place {
    pub folder: tempfile::TempDir,
    db: String,
}

impl Place {
    /// A place with a SQLite file.
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = folder.path().join("doorstep.db").display().to_string();
        Self { folder, db }
    }

    /// A place with a database elsewhere.
    pub fn on(url: &str) -> Self {
        Self { db: url.to_owned(), ..Self::new() }
    }

    /// The same folder with another database.
    pub fn with_db(self, db: &str) -> Self {
        Self { db: db.to_owned(), ..self }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn db(&self) -> &str {
        &self.db
    }

    /// The program, ready to be run.
    pub fn command<I: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = I>) -> Command {
        let program = std::env::var_os("DOORSTEP_BIN")
            .unwrap_or_else(|| env!("CARGO_BIN_EXE_doorstep").into());
        let mut command = Command::new(program);
        command.args(args).current_dir(self.folder.path()).env("DOORSTEP_DATA", self.path("data"));
        command
            .env("DOORSTEP_DB", &self.db)
            .env_remove("DOORSTEP_PACKS")
            .env_remove("DOORSTEP_LOG");
        command.stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(self.command(args).output().unwrap())
    }

    /// Runs what has to succeed, and returns what it printed.
    pub fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}{}", ran.out, ran.err);
        ran.out
    }
}

/// What a run printed, and how it ended.
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

/// Every file under `folder`, by name.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files_under(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

/// Reads a line of JSON.
pub fn json(line: &str) -> serde_json::Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

/// The program while it runs. It is killed when it is dropped.
pub struct Running {
    child: Child,
    out: BufReader<std::process::ChildStdout>,
    /// What it says on standard error is read all the time: a full pipe would hold it up.
    err: Option<JoinHandle<String>>,
}

impl Running {
    /// Starts it.
    pub fn start(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut err = child.stderr.take().unwrap();
        let err = std::thread::spawn(move || {
            let mut bytes = Vec::new();
            // What came before it broke off is what there is.
            let _ = err.read_to_end(&mut bytes);
            String::from_utf8_lossy(&bytes).into_owned()
        });
        Self { child, out, err: Some(err) }
    }

    /// Reads what it prints up to the line that holds `part`, and returns all of it.
    pub fn until(&mut self, part: &str) -> String {
        let mut said = String::new();
        while !said.lines().last().is_some_and(|line| line.contains(part)) {
            let n_bytes = self.out.read_line(&mut said).unwrap();
            assert_ne!(n_bytes, 0, "it ended before it said `{part}`:\n{said}{}", self.err());
        }
        said
    }

    /// Reads what it prints up to the line that holds `part`, or all of it where it ends before.
    pub fn says(&mut self, part: &str) -> String {
        let mut said = String::new();
        while !said.lines().last().is_some_and(|line| line.contains(part)) {
            if self.out.read_line(&mut said).unwrap() == 0 {
                break;
            }
        }
        said
    }

    /// Reads the address that it serves.
    pub fn address(&mut self) -> String {
        let said = self.until("http://");
        let address = said.split("http://").nth(1).unwrap();
        address.split(|c: char| c.is_whitespace() || c == '/').next().unwrap().to_owned()
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends it a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let id = self.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status().unwrap();
        assert!(sent.success());
    }

    #[expect(
        clippy::disallowed_methods,
        reason = "the standard library waits for a process without a limit only"
    )]
    /// Waits until it ends; `None` when it does not within `patience`.
    pub fn ended_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        let until = Instant::now() + patience;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return Some(status);
            }
            if Instant::now() > until {
                return None;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// What it said on standard error, once it has ended.
    pub fn err(&mut self) -> String {
        self.err.take().map(|err| err.join().unwrap()).unwrap_or_default()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends a request and returns the connection with the answer's head read, and that head.
pub fn ask(address: &str, request: &str) -> (BufReader<TcpStream>, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).unwrap() == 0 {
            break;
        }
    }
    (reader, head)
}

/// Asks for a page and returns the head of the answer.
pub fn get(address: &str, path: &str) -> String {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")).1
}

/// Signs in by a link and returns the cookie.
pub fn sign_in(address: &str, link: &str) -> String {
    let (_, head) = ask(
        address,
        &format!(
            "POST {link} HTTP/1.1\r\nHost: {address}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        ),
    );
    let cookie = head
        .lines()
        .find_map(|line| line.strip_prefix("set-cookie: "))
        .unwrap_or_else(|| panic!("{head}"));
    cookie.split(';').next().unwrap().to_owned()
}

/// Opens `/live` as a browser does, and waits for its head.
pub fn listen(address: &str, cookie: &str) -> BufReader<TcpStream> {
    let request = format!("GET /live HTTP/1.1\r\nHost: {address}\r\nCookie: {cookie}\r\n\r\n");
    let (stream, head) = ask(address, &request);
    assert!(head.contains("text/event-stream"), "{head}");
    stream
}
