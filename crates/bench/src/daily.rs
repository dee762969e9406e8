//! What people do all day, on the store that the intake has filled: a simple command, and a page of the worklist. Without a
//! floor and without a bar.

use crate::cpu;
use crate::crowd::{self, per_second};
use anyhow::Result;
use doorstep_app::{App, act, worklist};
use doorstep_case::intake::{IntakeCommand, Priority};
use doorstep_case::{Actor, Command, Role};
use doorstep_store::worklist::{Filter, Queue};
use doorstep_vocab::{CaseId, UserId};
use serde::Serialize;
use std::time::{Duration, Instant};

/// Rows on a page.
const PAGE_ROWS: u32 = 50;

/// Pages asked for, one after another.
const PAGES: usize = 200;

/// What was measured.
#[derive(Debug, Serialize)]
pub struct Daily {
    /// Triages a second, as many waiting at a time as at the intake, each of another case.
    pub acts_s: f64,
    /// Processor time of this process for a triage, in microseconds.
    pub act_cpu_us: f64,
    /// Time of a page of 50 of the worklist, the middle one, in milliseconds; the audit entry of the look is in it.
    pub page_p50_ms: f64,
    /// The same, the slowest but one in a hundred.
    pub page_p99_ms: f64,
}

/// Measures up to `n` commands, and some pages.
pub fn measure(hub: &App, n: usize, waiting: usize) -> Result<Daily> {
    let actor = Actor { user_id: UserId::from("bench"), role: Role::Supervisor };
    let case_ids = cases(hub, &actor, n)?;
    let triage = Command::Intake(IntakeCommand::Triage(Priority::P2));
    let (took, spent) = cpu::of(|| {
        crowd::all(case_ids.len(), waiting, |at| {
            act(&hub.ctx(actor.clone()), &case_ids[at], None, &triage)?;
            Ok(())
        })
    });
    let took = took?;
    let mut pages = Vec::with_capacity(PAGES);
    for _ in 0..PAGES {
        let ctx = hub.ctx(actor.clone());
        let began = Instant::now();
        worklist(&ctx, &all(&ctx.actor, ctx.now), None, PAGE_ROWS)?;
        pages.push(began.elapsed());
    }
    pages.sort();
    Ok(Daily {
        acts_s: per_second(case_ids.len(), took),
        act_cpu_us: spent.as_secs_f64() * 1e6 / crowd::amount(case_ids.len()).max(1.0),
        page_p50_ms: milliseconds(pages[PAGES / 2]),
        page_p99_ms: milliseconds(pages[PAGES * 99 / 100]),
    })
}

/// Returns up to `n` open cases, page by page.
fn cases(hub: &App, actor: &Actor, n: usize) -> Result<Vec<CaseId>> {
    let (mut case_ids, mut after) = (Vec::new(), None);
    let ctx = hub.ctx(actor.clone());
    while case_ids.len() < n {
        let page = worklist(&ctx, &all(actor, ctx.now), after.as_ref(), PAGE_ROWS)?;
        case_ids.extend(page.rows.into_iter().map(|row| row.case_id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    case_ids.truncate(n);
    Ok(case_ids)
}

fn all(actor: &Actor, now: doorstep_vocab::Timestamp) -> Filter {
    Filter { queue: Queue::All, user_id: actor.user_id.clone(), now, ..Filter::default() }
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}
