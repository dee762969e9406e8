//! `doorstep backup` and `doorstep restore`: a copy while in use, and the proof that it is one.

use super::replay::replay_all;
use crate::cli::Backup;
use crate::output::{say, say_json};
use crate::place::{Place, shown};
use anyhow::Context as _;
use doorstep_db::{Db, Kind, OpenOptions};
use doorstep_store::{cases, facts};
use doorstep_vocab::Timestamp;
use std::process::ExitCode;

/// Copies the database.
pub(crate) fn run(place: &Place, args: &Backup) -> anyhow::Result<ExitCode> {
    anyhow::ensure!(
        !args.file.exists(),
        "{} is there already: choose another name",
        args.file.display()
    );
    let db = place.open_db(Kind::Real)?;
    let backup = db.backup_to(&args.file).context("the copy could not be made")?;
    if args.json {
        say_json(
            &serde_json::json!({ "file": args.file.display().to_string(), "bytes": backup.bytes }),
        )?;
    } else {
        say(format!(
            "{} bytes copied to {}: prove it with `doorstep restore`",
            backup.bytes,
            args.file.display()
        ))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Puts a copy back into a new database and proves it: integrity, counts, replay.
pub(crate) fn restore(place: &Place, args: &Backup) -> anyhow::Result<ExitCode> {
    let url = place.url()?;
    let is_file = !url.contains("://");
    anyhow::ensure!(
        !is_file || !std::path::Path::new(&url).exists(),
        "{url} is there already: restore into a new one"
    );
    let db: Db = doorstep_db::restore(
        &args.file,
        &url,
        &OpenOptions { kind: Kind::Real, ..OpenOptions::default() },
    )
    .with_context(|| {
        format!("{} could not be put back into {}", args.file.display(), shown(&url))
    })?;
    db.integrity_check().context("the copy is damaged")?;
    doorstep_store::schema::migrate(&db).context("the copy could not be migrated")?;
    let cases = db.read(cases::count)?;
    let found = db.read(|tx| facts::gather(tx, Timestamp(i64::MIN)))?;
    let verdict = replay_all(&db)?;
    if args.json {
        say_json(
            &serde_json::json!({ "cases": cases, "sound": found.is_sound(), "replay": verdict }),
        )?;
    } else {
        let sound = if found.is_sound() {
            "every document has its bytes"
        } else {
            "something is missing: run `doorstep doctor`"
        };
        say(format!("{cases} cases, {sound}"))?;
        say(format!("{} cases replayed, {} differ", verdict.cases, verdict.differ.len()))?;
    }
    let is_proved = verdict.differ.is_empty() && verdict.cases == cases && found.is_sound();
    Ok(if is_proved { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
