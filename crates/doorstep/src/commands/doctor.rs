//! `doorstep doctor`: what should not exist, each with what to do.

use crate::cli::Json;
use crate::output::{say, say_json};
use crate::place::{Place, Room};
use doorstep_app::{App, jobs};
use doorstep_store::facts;
use doorstep_store::jobs::Job;
use doorstep_vocab::{Micros, Timestamp};
use std::process::ExitCode;

/// A row that should have been looked at so long ago is late.
const LATE: Micros = Micros::minutes(10);

/// Jobs left to a person that are named, the newest first.
const LEFT_MAX: u32 = 20;

#[derive(serde::Serialize)]
struct Finding {
    name: String,
    found: String,
    advice: Option<String>,
}

/// Looks at the engine, the store and the packs.
pub(crate) fn run(place: &Place, args: &Json) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    let mut findings = Vec::new();
    for fact in app.db.facts()?.facts {
        findings.push(Finding {
            name: fact.name.to_owned(),
            found: fact.value,
            advice: fact.advice.map(str::to_owned),
        });
    }
    findings.extend(
        place.folders().iter().filter_map(|folder| Room::of(folder)).map(|found| room(&found)),
    );
    findings.extend(store(&app)?);
    let left = jobs::left(&app.system("command-line"), LEFT_MAX)?;
    findings.push(Finding {
        name: "packs".to_owned(),
        found: app.packs.version().to_owned(),
        advice: None,
    });
    let is_well = findings.iter().all(|finding| finding.advice.is_none());
    if args.json {
        let left: Vec<_> = left.iter().map(as_json).collect();
        say_json(&serde_json::json!({ "is_well": is_well, "findings": findings, "left": left }))?;
    } else {
        for Finding { name, found, advice } in &findings {
            let mark = if advice.is_some() { "!" } else { " " };
            say(format!("{mark} {name:<32} {found}"))?;
            if let Some(advice) = advice {
                say(format!("    {advice}"))?;
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
    Finding {
        advice: room
            .is_low()
            .then(|| "make room: on a full disk what comes in is refused".to_owned()),
        name: format!("disk of {}", room.folder.display()),
        found: format!("{} % free", room.free_percent),
    }
}

/// Counts what should not be there, each with what to do about it.
fn store(app: &App) -> anyhow::Result<Vec<Finding>> {
    let old = Timestamp(app.now().0 - LATE.0);
    let found = app.db.read(|tx| facts::gather(tx, old))?;
    let advised = [
        (
            "open cases without a clock",
            found.cases_without_clock,
            "look at them with `doorstep worklist`: give each a next step",
        ),
        (
            "jobs that wait too long",
            found.jobs_late,
            "see that `doorstep work` or `doorstep serve` runs",
        ),
        (
            "leases whose holder is gone",
            found.leases_lost,
            "they are claimed again by the next `doorstep work`",
        ),
        (
            "jobs left to a person",
            found.jobs_dead,
            "mend the cause, then `doorstep work --once --retry`, or try each again on the console's page Files",
        ),
        (
            "deadlines that should have rung",
            found.deadlines_late,
            "see that `doorstep work` or `doorstep serve` runs",
        ),
        (
            "documents without their bytes",
            found.documents_without_blob,
            "restore them from a backup",
        ),
        ("receipts without their bytes", found.receipts_without_blob, "restore them from a backup"),
    ];
    let mut findings: Vec<Finding> = advised
        .into_iter()
        .map(|(name, n, advice)| Finding {
            name: name.to_owned(),
            found: n.to_string(),
            advice: (n > 0).then(|| advice.to_owned()),
        })
        .collect();
    let queued = found.units_queued.to_string();
    findings.push(Finding {
        name: "messages that wait for a person".to_owned(),
        found: queued,
        advice: None,
    });
    Ok(findings)
}
