//! A shift: many agents at once, each with a page before them, on a store with many cases. Through the console's own router:
//! sessions, forms, audit, pages made whole. Server time, without the network.
//!
//! Some pages stay open and listen: what is told to them, and how soon a change is on another screen, is measured as a page
//! does it. An agent pauses between two pages; the pauses are short of a real agent's, so that a day's work passes in minutes.

mod agent;
mod form;

use crate::place::{self, Site};
use crate::{cpu, crowd, scale};
use agent::{Agent, Does, Time};
use anyhow::{Context as _, Result};
use axum::Router;
use doorstep_web::{Nudge, Room, router};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How long an agent looks at a page, on average.
const PAUSE: Duration = Duration::from_secs(1);
/// Of how many agents one has a list open that renews itself while others work.
const LIST_OPEN_OF: usize = 10;
/// Changes whose way to another's screen is measured.
const CHANGES: usize = 40;
/// Times that each thing is asked for by one alone, for its processor time.
const ALONE: usize = 60;

/// One thing that agents do.
#[derive(Debug, Serialize)]
pub struct Done {
    /// What.
    pub what: &'static str,
    /// How often, by all.
    pub times: usize,
    /// The middle server time, in milliseconds.
    pub p50_ms: f64,
    /// The slowest but one in a hundred.
    pub p99_ms: f64,
    /// Processor time of one, asked for alone, in milliseconds.
    pub cpu_ms: f64,
}

/// What a shift was like on one engine.
#[derive(Debug, Serialize)]
pub struct Shift {
    /// The engine, and what it promises of a commit.
    pub engine: String,
    /// Cases in the store.
    pub cases: u32,
    /// Agents at work.
    pub agents: usize,
    /// Pages a second, of all.
    pub pages_a_second: f64,
    /// Processor time a page while all worked, in milliseconds.
    pub cpu_ms: f64,
    /// What they did.
    pub done: Vec<Done>,
    /// From the click that changes a case until another's open page shows it: the middle, and the slowest but one in a
    /// hundred, in milliseconds.
    pub seen_ms: (f64, f64),
}

/// Fills a store and lets agents work in it, each so many pages.
pub fn measure(site: &Site<'_>, cases: u32, (agents, pages): (usize, usize)) -> Result<Shift> {
    let (home, _) = scale::filled(site, cases)?;
    let nudge = Nudge::new();
    let heard = nudge.clone();
    let app = Arc::new(place::hub(home.open()?)?.on_write(move || heard.fire()));
    let engine = place::promise(&app.db)?;
    let staff: Vec<Agent> =
        (0..agents.max(2)).map(|n| Agent::sign_in(&app, n)).collect::<Result<_>>()?;
    let router = router(Arc::clone(&app), nudge, Room::default());
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let floor = Floor { router, cases };
    let (took, spent, times, seen) = runtime.block_on(worked(&floor, &staff, pages))?;
    let alone = runtime.block_on(alone(&floor, staff.first().context("an agent")?))?;
    let n_pages = times.values().map(Vec::len).sum::<usize>();
    Ok(Shift {
        engine,
        cases,
        agents: staff.len(),
        pages_a_second: crowd::per_second(n_pages, took),
        cpu_ms: milliseconds(spent) / crowd::amount(n_pages.max(1)),
        done: times.into_iter().map(|(does, times)| done(does, times, &alone)).collect(),
        seen_ms: (percentile(&seen, 50), percentile(&seen, 99)),
    })
}

/// Where they work.
#[derive(Clone)]
pub struct Floor {
    router: Router,
    cases: u32,
}

type Times = BTreeMap<Does, Vec<f64>>;

/// Everybody works at once; meanwhile one changes a case again and again that another has open.
async fn worked(
    floor: &Floor,
    staff: &[Agent],
    pages: usize,
) -> Result<(Duration, Duration, Times, Vec<f64>)> {
    for agent in staff {
        agent.open_a_case(floor).await?;
    }
    let (began, began_at) = (Instant::now(), cpu::spent());
    let mut lists = tokio::task::JoinSet::new();
    for agent in staff.iter().step_by(LIST_OPEN_OF) {
        let (agent, floor) = (agent.clone(), floor.clone());
        lists.spawn(async move { agent.keep_list_open(&floor).await });
    }
    let mut at_work = tokio::task::JoinSet::new();
    for agent in staff {
        let (agent, floor) = (agent.clone(), floor.clone());
        at_work.spawn(async move { agent.work(&floor, pages, PAUSE).await });
    }
    let seen = seen(floor, staff).await?;
    let mut times = Times::new();
    while let Some(done) = at_work.join_next().await {
        for Time { does, ms } in done.context("an agent panicked")?? {
            times.entry(does).or_default().push(ms);
        }
    }
    let (took, spent) = (began.elapsed(), cpu::spent().saturating_sub(began_at));
    // Whatever a list still waits for, nobody looks at it any more.
    lists.abort_all();
    Ok((took, spent, times, seen))
}

/// From a change until the page of another shows it.
async fn seen(floor: &Floor, staff: &[Agent]) -> Result<Vec<f64>> {
    let (one, other) = (&staff[0], &staff[1]);
    let mut all = Vec::with_capacity(CHANGES);
    for n in 0..CHANGES {
        let words = format!("seen from afar {n}");
        all.push(milliseconds(one.is_seen_by(floor, other, &words).await?));
    }
    Ok(all)
}

/// The processor time of each thing, in milliseconds, when nobody else works.
async fn alone(floor: &Floor, agent: &Agent) -> Result<BTreeMap<Does, f64>> {
    let mut spent = BTreeMap::new();
    for does in Does::ALL {
        let began_at = cpu::spent();
        for n in 0..ALONE {
            agent.does(floor, does, n).await?;
        }
        let of_all = milliseconds(cpu::spent().saturating_sub(began_at));
        spent.insert(does, of_all / crowd::amount(ALONE));
    }
    Ok(spent)
}

fn done(does: Does, mut times: Vec<f64>, alone: &BTreeMap<Does, f64>) -> Done {
    times.sort_by(f64::total_cmp);
    Done {
        what: does.words(),
        times: times.len(),
        p50_ms: percentile(&times, 50),
        p99_ms: percentile(&times, 99),
        cpu_ms: alone.get(&does).copied().unwrap_or_default(),
    }
}

fn percentile(times: &[f64], percent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort_by(f64::total_cmp);
    times.get(times.len() * percent / 100).copied().unwrap_or_default()
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

impl Shift {
    /// Returns everything as text.
    pub fn text(&self) -> String {
        let Self { engine, cases, agents, pages_a_second, cpu_ms, done, seen_ms } = self;
        let mut text = format!(
            "{engine}\n\n{agents} agents on {cases} cases: {pages_a_second:.0} pages a second, {cpu_ms:.2} ms of processor \
             time each, open lists included\n"
        );
        for Done { what, times, p50_ms, p99_ms, cpu_ms } in done {
            writeln!(text, "  {what:<28} {times:>7} times   p50 {p50_ms:>7.2} ms   p99 {p99_ms:>7.2} ms   alone {cpu_ms:>6.2} ms of processor time")
                .expect("a String takes all that is written");
        }
        let (p50, p99) = seen_ms;
        writeln!(
            text,
            "  from a change until another's screen shows it: p50 {p50:.0} ms, p99 {p99:.0} ms"
        )
        .expect("a String takes all that is written");
        text
    }
}

#[cfg(test)]
mod tests {
    use super::measure;
    use crate::place::Site;

    #[test]
    fn agents_do_everything_and_see_what_others_did() {
        let folder = tempfile::tempdir().unwrap();
        let shift = measure(&Site::Folder(folder.path()), 200, (4, 12)).unwrap();
        assert_eq!((shift.cases, shift.agents), (200, 4));
        assert_eq!(shift.done.iter().map(|done| done.times).sum::<usize>(), 48);
        assert!(shift.seen_ms.0 > 0.0 && shift.text().contains("worklist"), "{}", shift.text());
    }
}
