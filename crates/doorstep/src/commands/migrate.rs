//! `doorstep migrate`: brings the database to this version, and nothing else.

use crate::cli::Json;
use crate::output::{say, say_json};
use crate::place::Place;
use doorstep_db::Kind;
use doorstep_store::schema::MIGRATIONS;
use std::process::ExitCode;

/// Migrates.
pub(crate) fn run(place: &Place, args: &Json) -> anyhow::Result<ExitCode> {
    place.open_db(Kind::Real)?;
    let version = MIGRATIONS.last().map_or(0, |last| last.number);
    if args.json {
        say_json(&serde_json::json!({ "version": version }))?;
    } else {
        say(format!("the database is at version {version}, which is this program's"))?;
    }
    Ok(ExitCode::SUCCESS)
}
