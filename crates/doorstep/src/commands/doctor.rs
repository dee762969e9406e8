//! `doorstep doctor`: what should not exist, each with what to do.

use crate::cli::Json;
use crate::output::{say, say_json};
use crate::place::{Ballast, Place, Room};
use doorstep_app::checkup::{self, Finding};
use doorstep_app::{App, jobs};
use doorstep_store::jobs::Job;
use doorstep_vocab::Micros;
use std::process::ExitCode;

/// A checkup is done each night: when the last one is older than this, no runner runs.
const NIGHTS: Micros = Micros::hours(36);

/// Jobs left to a person that are named, the newest first.
const LEFT_MAX: u32 = 20;

/// Looks at the engine, the store and the packs.
pub(crate) fn run(place: &Place, args: &Json) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    let mut findings = Vec::new();
    for fact in app.db.facts()?.facts {
        let advice = fact.advice.map(str::to_owned);
        findings.push(Finding { advice, ..Finding::told(fact.name, fact.value) });
    }
    findings.extend(
        place.folders().iter().filter_map(|folder| Room::of(folder)).map(|found| room(&found)),
    );
    findings.extend(place.ballast().map(|ballast| for_files(&ballast)));
    findings.extend(checkup::look(&app)?);
    findings.extend(last_night(&app)?);
    let left = jobs::left(&app.system("command-line"), LEFT_MAX)?;
    findings.push(Finding::told("packs", app.packs.version()));
    let is_well = findings.iter().all(|finding| finding.advice.is_none());
    if args.json {
        let left: Vec<_> = left.iter().map(as_json).collect();
        say_json(&serde_json::json!({ "is_well": is_well, "findings": findings, "left": left }))?;
    } else {
        for Finding { name, found, advice, cases } in &findings {
            let mark = if advice.is_some() { "!" } else { " " };
            say(format!("{mark} {name:<32} {found}"))?;
            if let Some(advice) = advice {
                say(format!("    {advice}"))?;
            }
            for (_, number) in cases {
                say(format!("    {number}"))?;
            }
        }
        for job in &left {
            let why = job.last_error.as_deref().unwrap_or_default();
            say(format!("    left: {} of case {}: {why}", job.kind, job.key.case_id))?;
        }
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn as_json(job: &Job) -> serde_json::Value {
    serde_json::json!({
        "case_id": job.key.case_id, "job_id": job.key.job_id, "kind": job.kind, "error": job.last_error,
        "attempts": job.attempts, "dead_at": job.dead_at.map(|at| at.to_string()),
    })
}

fn room(room: &Room) -> Finding {
    let name = format!("disk of {}", room.folder.display());
    Finding::told(name, format!("{} % free", room.free_percent))
        .advise(room.is_low(), "make room: on a full disk what comes in is refused")
}

fn for_files(ballast: &Ballast) -> Finding {
    let takes = ballast.takes_files();
    Finding::told("room for files", if takes { "yes" } else { "no" }).advise(
        !takes,
        "make room: files are refused until then, and people go on in what is kept for them",
    )
}

/// Says what the last nightly checkup came to. A store that no runner has looked at yet has none.
fn last_night(app: &App) -> anyhow::Result<Option<Finding>> {
    let nights = checkup::nights(&app.system("command-line"), 1)?;
    Ok(nights.first().map(|night| {
        let is_old = app.now().0 - night.done_at.0 > NIGHTS.0;
        Finding::told("last nightly checkup", format!("{}: {} found", night.day, night.wrong.len()))
            .advise(is_old, "see that `doorstep work` or `doorstep serve` runs")
    }))
}
