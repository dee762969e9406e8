//! What should not exist in a store: looked for when an operator asks, and each night by the runner, which keeps what it
//! found for supervisors.
//!
//! **Invariant:** a night's checkup is done by one runner and is on the audit trail. What is found holds no personal data.

use crate::trail::administered;
use crate::{App, Ctx, Error, Permission, Result};
use doorstep_case::Role;
use doorstep_store::checkups::{self, Checkup};
use doorstep_store::facts::{self, Named, StoreFacts};
use doorstep_store::search::index;
use doorstep_vocab::{Date, Micros, Timestamp};
use serde::{Deserialize, Serialize};

/// A new day's checkup begins so long after midnight at the hub, when few work.
const NIGHT: Micros = Micros::hours(3);

/// A runner that took on a checkup and did not finish it by then never comes back.
const LOST: Micros = Micros::hours(1);

/// Cases that a finding names.
const NAMED_MAX: u32 = 20;

/// So far may the clocks of two machines be apart. A lease is counted in minutes, a due time is told in minutes.
const SKEW_MAX: Micros = Micros(10_000_000);

/// A runner makes a case searchable within seconds. After this none does.
const UNSEARCHED_MAX: Micros = Micros::minutes(10);

/// Something that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// What.
    pub name: String,
    /// How it stands.
    pub found: String,
    /// What to do, when something is to be done.
    pub advice: Option<String>,
    /// The cases that it is about, by id and number, as far as they are named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<(String, String)>,
}

impl Finding {
    /// Something that is only told.
    pub fn told(name: impl Into<String>, found: impl Into<String>) -> Self {
        Self { name: name.into(), found: found.into(), advice: None, cases: Vec::new() }
    }

    /// The same with what to do about it, if it is so.
    #[must_use]
    pub fn advise(self, is_wrong: bool, advice: &str) -> Self {
        Self { advice: is_wrong.then(|| advice.to_owned()), ..self }
    }

    fn naming(self, cases: Vec<Named>) -> Self {
        let cases = cases.into_iter().map(|(id, number)| (id.to_string(), number)).collect();
        Self { cases, ..self }
    }

    /// Returns whether somebody has to do something.
    pub fn is_wrong(&self) -> bool {
        self.advice.is_some()
    }
}

/// Looks at the rows and the clocks. It reads whole tables.
pub fn look(app: &App) -> Result<Vec<Finding>> {
    let now = app.now();
    let (found, unwatched, behind) = app.db.read(|tx| -> Result<_> {
        let found = facts::gather(tx, now)?;
        let unwatched = facts::without_clock(tx, NAMED_MAX)?;
        // Only where there are any is the whole table read once more.
        let behind =
            if found.heads_behind > 0 { facts::behind(tx, NAMED_MAX)? } else { Vec::new() };
        Ok((found, unwatched, behind))
    })?;
    let mut findings = counted(&found);
    for finding in &mut findings {
        match finding.name.as_str() {
            UNWATCHED => *finding = finding.clone().naming(unwatched.clone()),
            BEHIND => *finding = finding.clone().naming(behind.clone()),
            _ => {}
        }
    }
    findings.push(Finding::told("messages that wait for a person", found.units_queued.to_string()));
    findings.push(searched(app)?);
    findings.extend(clocks(app, found.newest_at)?);
    Ok(findings)
}

const UNWATCHED: &str = "open cases without a clock";
const BEHIND: &str = "cases behind their record";

/// Counts of what should not be there, each with what to do about it.
fn counted(found: &StoreFacts) -> Vec<Finding> {
    let runs = "see that `doorstep work` or `doorstep serve` runs";
    let advised: [(&str, u64, &str); 10] = [
        (
            UNWATCHED,
            found.cases_without_clock,
            "nothing will remind anybody of them: open each and give it a next step",
        ),
        (
            BEHIND,
            found.heads_behind,
            "`doorstep replay --check` says what differs: restore from a copy, or have the record looked at",
        ),
        ("jobs that wait too long", found.jobs_late, runs),
        (
            "leases whose holder is gone",
            found.leases_lost,
            "they are claimed again by the next `doorstep work`",
        ),
        (
            "leases that end too late",
            found.leases_beyond,
            "a machine's clock ran ahead when they were taken: set it; they are claimed again all the same",
        ),
        (
            "jobs left to a person",
            found.jobs_dead,
            "mend the cause, then `doorstep work --once --retry`, or try each again on the console's page Files",
        ),
        ("deadlines that should have rung", found.deadlines_late, runs),
        ("files that are half read", found.receipts_half_read, runs),
        (
            "documents without their bytes",
            found.documents_without_blob,
            "restore them from a backup",
        ),
        ("receipts without their bytes", found.receipts_without_blob, "restore them from a backup"),
    ];
    let finding = |(name, n, advice): (&str, u64, &str)| {
        Finding::told(name, n.to_string()).advise(n > 0, advice)
    };
    advised.into_iter().map(finding).collect()
}

/// Cases whose numbers, words and nearly said names a search does not know yet.
fn searched(app: &App) -> Result<Finding> {
    let behind = app.db.read(|tx| index::behind(tx).map_err(Error::from))?;
    let is_late = behind.since.is_some_and(|since| app.now().0 - since.0 > UNSEARCHED_MAX.0);
    let advice = "searches do not find all that is in them yet: see that `doorstep work` or `doorstep serve` runs";
    Ok(Finding::told("cases to be made searchable", behind.n_cases.to_string())
        .advise(is_late, advice))
}

/// Compares this machine's clock with the server's, and with what was recorded last.
fn clocks(app: &App, newest_at: Option<Timestamp>) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    let before = app.now();
    if let Some(server) = app.db.server_now()? {
        // The answer was on its way for half of the time at most.
        let middle = before.0 + (app.now().0 - before.0) / 2;
        let apart = server - middle;
        let found = format!("{} ms ahead of this machine's", apart / 1000);
        let is_wrong = apart.abs() > SKEW_MAX.0 && app.pace() == 1;
        let advice = "the clocks of this machine and of the database server differ: let both keep time by NTP";
        findings.push(Finding::told("the server's clock", found).advise(is_wrong, advice));
    }
    if let Some(newest) = newest_at {
        let ahead = newest.0 - app.now().0;
        let advice =
            "this machine's clock was put back, or another's runs ahead: let all keep time by NTP";
        let found = format!("{} s ahead of now", ahead.max(0) / 1_000_000);
        findings.push(Finding::told("the newest entry", found).advise(ahead > SKEW_MAX.0, advice));
    }
    Ok(findings)
}

/// Does the day's checkup unless somebody did. Returns whether this was it. For the runner, which asks every minute.
pub fn nightly(app: &App) -> Result<bool> {
    let now = app.now();
    let day = Timestamp(now.0 - NIGHT.0).date(&app.settings.hub_zone);
    let times = (now, Timestamp(now.0 - LOST.0));
    let is_known = |checkup: &Checkup| checkup.day == day;
    if app.db.read(|tx| checkups::latest(tx, 1))?.first().is_some_and(is_known)
        || !app.db.write("begin checkup", |tx| checkups::begin(tx, day, times))?
    {
        return Ok(false);
    }
    let wrong: Vec<Finding> = look(app)?.into_iter().filter(Finding::is_wrong).collect();
    for finding in &wrong {
        tracing::warn!("{}: {}", finding.name, finding.found);
    }
    keep(&app.system("checkup"), day, &wrong)?;
    Ok(true)
}

fn keep(ctx: &Ctx, day: Date, wrong: &[Finding]) -> Result<()> {
    let findings = serde_json::to_string(wrong).map_err(|error| Error::Broken(Box::new(error)))?;
    let checkup = Checkup { day, done_at: ctx.now, findings };
    ctx.app.db.write("finish checkup", |tx| -> Result<()> {
        checkups::finish(tx, &checkup)?;
        administered(tx, ctx, ("checkup", format!("{} found", wrong.len())))
    })
}

/// A night's checkup, as supervisors read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Night {
    /// The hub's day.
    pub day: Date,
    /// When it was done.
    pub done_at: Timestamp,
    /// What is wrong; nothing when all is well.
    pub wrong: Vec<Finding>,
}

/// Returns the last nights, the newest first. Whoever has the command line on the machine reads them there; over the network
/// a supervisor does.
pub fn nights(ctx: &Ctx, limit: u32) -> Result<Vec<Night>> {
    if ctx.actor.role != Role::System {
        ctx.may(Permission::ReadActivity)?;
    }
    let checkups = ctx.app.db.read(|tx| checkups::latest(tx, limit))?;
    let night = |checkup: Checkup| Night {
        day: checkup.day,
        done_at: checkup.done_at,
        wrong: serde_json::from_str(&checkup.findings).unwrap_or_default(),
    };
    Ok(checkups.into_iter().map(night).collect())
}
