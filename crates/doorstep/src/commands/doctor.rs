//! `doorstep doctor`: what should not exist, each with what to do.

use crate::cli::Json;
use crate::output::{say, say_json};
use crate::place::Place;
use doorstep_app::App;
use doorstep_store::facts;
use doorstep_vocab::{Micros, Timestamp};
use std::process::ExitCode;

/// A row that should have been looked at so long ago is late.
const LATE: Micros = Micros::minutes(10);

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
    findings.extend(store(&app)?);
    findings.push(Finding {
        name: "packs".to_owned(),
        found: app.packs.version().to_owned(),
        advice: None,
    });
    let is_well = findings.iter().all(|finding| finding.advice.is_none());
    for Finding { name, found, advice } in &findings {
        if args.json {
            say_json(&serde_json::json!({ "name": name, "found": found, "advice": advice }))?;
        } else {
            let mark = if advice.is_some() { "!" } else { " " };
            say(format!("{mark} {name:<32} {found}"))?;
            if let Some(advice) = advice {
                say(format!("    {advice}"))?;
            }
        }
    }
    Ok(if is_well { ExitCode::SUCCESS } else { ExitCode::from(1) })
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
            "look at the log for `left to a person`, mend the cause, do it by hand",
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
