//! Where the data is: `--db`, `DOORSTEP_DB`, or `doorstep.db` in the data directory. A new database is migrated on
//! first use.

mod ballast;
mod private;
mod room;

pub(crate) use ballast::{Ballast, Kept};
pub(crate) use private::{file as private_file, is_root};
pub(crate) use room::Room;

use crate::clock;
use anyhow::Context as _;
use clap::Args;
use doorstep_app::{App, Settings};
use doorstep_db::{Db, Kind, OpenOptions};
use doorstep_packs::{Packs, Problem};
use doorstep_vocab::Timestamp;
use std::path::{Path, PathBuf};

/// The data directory when none is named.
const USUAL: &str = "doorstep-data";

/// Where the data is.
#[derive(Args, Clone, Debug)]
pub(crate) struct Place {
    /// The database: a file, or a postgres:// URL [default: doorstep.db in the data directory]
    #[arg(
        long,
        env = "DOORSTEP_DB",
        hide_env_values = true,
        value_name = "FILE|URL",
        global = true
    )]
    pub(crate) db: Option<String>,
    /// The data directory, for the database and what waits to be sent [default: doorstep-data, or where --db is]
    #[arg(long, env = "DOORSTEP_DATA", value_name = "DIR", global = true)]
    data: Option<PathBuf>,
    /// A folder of packs laid over those that are built in
    #[arg(long, env = "DOORSTEP_PACKS", value_name = "DIR", global = true)]
    pub(crate) packs: Option<PathBuf>,
}

impl Place {
    /// Returns the database's file or URL, and makes the data directory when the file would be in it.
    pub(crate) fn url(&self) -> anyhow::Result<String> {
        if let Some(db) = &self.db {
            return Ok(db.clone());
        }
        let data = self.data();
        make_private_dir(&data)?;
        private::dir(&data)?;
        Ok(self.file().display().to_string())
    }

    /// Returns the data directory: as given, else where the database's file is, else the usual one.
    pub(crate) fn data(&self) -> PathBuf {
        if let Some(data) = &self.data {
            return data.clone();
        }
        let file = self.db.as_deref().filter(|db| !db.contains("://")).map(Path::new);
        match file.and_then(Path::parent) {
            Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
            Some(folder) => folder.to_owned(),
            None => PathBuf::from(USUAL),
        }
    }

    /// Returns the folders that this place fills: the database's, where it is a file, and that of what waits to be sent.
    pub(crate) fn folders(&self) -> Vec<PathBuf> {
        let mut folders = vec![self.data()];
        let file = self.db.as_deref().filter(|db| !db.contains("://")).map(Path::new);
        if let Some(folder) = file.and_then(Path::parent) {
            let here = folder.as_os_str().is_empty();
            folders.insert(0, if here { PathBuf::from(".") } else { folder.to_owned() });
        }
        folders.dedup();
        folders
    }

    /// Returns what is kept free of the database's disk; `None` where that is a server's.
    pub(crate) fn ballast(&self) -> Option<Ballast> {
        self.file_of_db().map(|file| Ballast::beside(&file))
    }

    /// Returns the database's file; `None` where it is a server's.
    pub(crate) fn file_of_db(&self) -> Option<PathBuf> {
        match self.db.as_deref() {
            Some(url) if url.contains("://") => None,
            Some(file) => Some(PathBuf::from(file)),
            None => Some(self.file()),
        }
    }

    /// Returns the folder for what waits to be sent, which nobody else may look into.
    pub(crate) fn outbox(&self) -> anyhow::Result<PathBuf> {
        let outbox = self.data().join("outbox");
        make_private_dir(&outbox)?;
        private::dir(&outbox)?;
        Ok(outbox)
    }

    /// Opens the database and migrates it where it is new or older.
    pub(crate) fn open_db(&self, kind: Kind) -> anyhow::Result<Db> {
        let url = self.url()?;
        if !url.contains("://") {
            private::file(Path::new(&url))?;
        }
        let db = Db::open_with(&url, &OpenOptions { kind, ..OpenOptions::default() })
            .with_context(|| format!("the database {} could not be opened", shown(&url)))?;
        doorstep_store::schema::migrate(&db).context("the database could not be migrated")?;
        Ok(db)
    }

    /// Returns the packs: those built in, with the operator's folder over them.
    pub(crate) fn packs(&self) -> anyhow::Result<Packs> {
        let builtin = Packs::builtin();
        let Some(dir) = &self.packs else { return Ok(builtin) };
        let (files, broken) = read_packs(dir)?;
        if !broken.is_empty() {
            let lines: Vec<String> = broken.iter().map(ToString::to_string).collect();
            anyhow::bail!("the packs in {} are not right:\n{}", dir.display(), lines.join("\n"));
        }
        let files: Vec<(&str, &str)> =
            files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        builtin.overlay(&files).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow::anyhow!("the packs in {} are not right:\n{}", dir.display(), lines.join("\n"))
        })
    }

    /// Opens everything for a real store.
    pub(crate) fn app(&self) -> anyhow::Result<App> {
        self.app_with(Kind::Real, clock::now)
    }

    /// Opens everything to look only: nothing is made or migrated. Where there is no database yet, one beside it all stands
    /// in, and goes with what is returned second.
    pub(crate) fn app_to_look(&self) -> anyhow::Result<(App, Option<Stand>)> {
        let packs = self.packs()?;
        let settings = Settings { hub_zone: packs.hub_zone().clone(), demo: false };
        let url = self.db.clone().unwrap_or_else(|| self.file().display().to_string());
        let options = OpenOptions { create: false, ..OpenOptions::default() };
        let is_there = url.contains("://") || Path::new(&url).exists();
        if is_there {
            let db = Db::open_with(&url, &options)
                .with_context(|| format!("the database {} could not be opened", shown(&url)))?;
            if db.read(|tx| doorstep_store::receipts::unfinished(tx, "", 1)).is_ok() {
                return Ok((App::new(db, packs, settings, clock::now), None));
            }
        }
        let stand = Stand::new()?;
        let db = Db::open(&stand.0.join("doorstep.db").display().to_string())?;
        doorstep_store::schema::migrate(&db)?;
        Ok((App::new(db, packs, settings, clock::now), Some(stand)))
    }

    fn file(&self) -> PathBuf {
        self.data().join("doorstep.db")
    }

    /// Opens everything, with a clock.
    pub(crate) fn app_with(
        &self,
        kind: Kind,
        now: impl Fn() -> Timestamp + Send + Sync + 'static,
    ) -> anyhow::Result<App> {
        let packs = self.packs()?;
        let settings = Settings { hub_zone: packs.hub_zone().clone(), demo: kind == Kind::Demo };
        let app = App::new(self.open_db(kind)?, packs, settings, now);
        Ok(match self.ballast() {
            Some(ballast) => app.with_room(move || ballast.takes_files()),
            None => app,
        })
    }
}

/// A folder of its own among the system's temporary files, gone when it is dropped.
pub(crate) struct Stand(PathBuf);

impl Stand {
    fn new() -> anyhow::Result<Self> {
        let dir = std::env::temp_dir().join(format!("doorstep-{}", doorstep_app::token().reveal()));
        make_private_dir(&dir)?;
        Ok(Self(dir))
    }
}

impl Drop for Stand {
    fn drop(&mut self) {
        // What cannot be removed holds nothing of anybody.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Returns a database's name without a password in it.
pub(crate) fn shown(url: &str) -> String {
    match (url.split_once("://"), url.rsplit_once('@')) {
        (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
        _ => url.to_owned(),
    }
}

/// Makes a directory that nobody else may look into.
pub(crate) fn make_private_dir(dir: &Path) -> anyhow::Result<()> {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder
        .create(dir)
        .with_context(|| format!("the directory {} could not be made", dir.display()))
}

/// A pack's files: path relative to the folder, and text.
pub(crate) type PackFiles = Vec<(String, String)>;

/// Returns every `.toml` under `dir` with its text, and what is wrong before any of it is read.
pub(crate) fn read_packs(dir: &Path) -> anyhow::Result<(PackFiles, Vec<Problem>)> {
    let (mut files, mut broken) = (Vec::new(), Vec::new());
    for path in files_under(dir)? {
        if path.extension().is_none_or(|extension| extension != "toml") {
            continue;
        }
        let bytes = std::fs::read(&path)
            .with_context(|| format!("{} could not be read", path.display()))?;
        let name = path.strip_prefix(dir).unwrap_or(&path).display().to_string();
        match String::from_utf8(bytes) {
            Ok(text) => files.push((name, text)),
            Err(error) => {
                let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = before.split(|byte| *byte == b'\n').count();
                broken.push(problem(name, line, "not-utf-8", "this is not UTF-8: save it anew"));
            }
        }
    }
    if files.is_empty() && broken.is_empty() {
        let words =
            "no .toml file is in this folder: give the one that holds payers, lines or hub.toml";
        broken.push(problem(".".to_owned(), 1, "folder-empty", words));
    }
    Ok((files, broken))
}

fn problem(file: String, line: usize, code: &'static str, words: &str) -> Problem {
    Problem { file, line, column: 1, code, message: words.to_owned() }
}

/// Returns every file under `path`, sorted; `path` itself when it is a file.
pub(crate) fn files_under(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let entries =
        std::fs::read_dir(path).with_context(|| format!("{} could not be read", path.display()))?;
    let mut names: Vec<PathBuf> =
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    names.sort();
    let mut files = Vec::new();
    for name in names {
        files.extend(files_under(&name)?);
    }
    Ok(files)
}
