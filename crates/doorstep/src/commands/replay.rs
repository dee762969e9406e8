//! `doorstep replay --check`: every stored state is what its record says.

use crate::cli::Replay;
use crate::output::{say, say_json};
use crate::place::Place;
use doorstep_db::Db;
use doorstep_store::cases::{self, ReplayVerdict};
use std::process::ExitCode;

/// Cases read in one transaction.
const BATCH: u32 = 200;

/// Cases without their list row that are named at most: where one is gone, somebody has to look.
const STRAYS_MAX: u32 = 1000;

/// What the replay of a whole store found.
#[derive(Default, serde::Serialize)]
pub(crate) struct Verdict {
    /// Cases replayed.
    pub(crate) cases: u64,
    /// Cases whose stored state is not the replayed one, with what differs.
    pub(crate) differ: Vec<String>,
}

/// Replays every case and prints what was found.
pub(crate) fn run(place: &Place, args: &Replay) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    let verdict = replay_all(&app.db)?;
    if args.json {
        say_json(&verdict)?;
    } else {
        for differ in &verdict.differ {
            say(differ)?;
        }
        say(format!("{} cases replayed, {} differ", verdict.cases, verdict.differ.len()))?;
    }
    Ok(if verdict.differ.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Replays every case of a store.
pub(crate) fn replay_all(db: &Db) -> anyhow::Result<Verdict> {
    let mut verdict = Verdict::default();
    let mut after = None;
    loop {
        let ids = db.read(|tx| cases::ids_after(tx, after.as_ref(), BATCH))?;
        for id in &ids {
            match db.read(|tx| cases::replay_check(tx, id))? {
                ReplayVerdict::Same => {}
                ReplayVerdict::Missing => {
                    verdict.differ.push(format!("{id}: there is neither a case nor an event"));
                }
                ReplayVerdict::Differs(what) => {
                    verdict.differ.push(format!("{id}: {} differ", what.join(", ")));
                }
            }
            verdict.cases += 1;
        }
        after = ids.last().cloned();
        if after.is_none() {
            break;
        }
    }
    for id in db.read(|tx| cases::strays(tx, STRAYS_MAX))? {
        verdict.differ.push(format!("{id}: there are events and no case"));
        verdict.cases += 1;
    }
    Ok(verdict)
}
