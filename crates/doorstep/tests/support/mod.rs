//! Runs the program as an operator would. `DOORSTEP_BIN` names another build of it.

#![expect(dead_code, reason = "each test file uses some of it")]
#![expect(clippy::unwrap_used, reason = "a program that cannot be run fails its test")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

#[path = "../../../app/tests/support/orders.rs"]
pub mod orders;

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
