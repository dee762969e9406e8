//! What people wait for, in stores of many sizes: a page of the worklist, a case, a search. Server time, without the network.
//!
//! A hub keeps its cases for ten years, so what costs more with each of them costs everybody more each day.

pub(crate) mod copies;

use crate::cpu;
use crate::crowd::{amount, median};
use crate::orders::Dialect;
use crate::place::{self, Home, Site};
use anyhow::{Context as _, Result, ensure};
use copies::{Originals, case_id, case_number, letters};
use doorstep_app::intake::{Incoming, take};
use doorstep_app::{App, Ctx, bring_up, case_file, search, worklist};
use doorstep_case::{Actor, Role};
use doorstep_store::search::Query;
use doorstep_store::worklist::{Cursor, Filter, Queue};
use doorstep_vocab::{CaseId, Phi, UserId};
use serde::Serialize;
use std::fmt::Write as _;
use std::time::{Duration, Instant};

/// Real intakes that the copies are made of.
const ORIGINALS: u32 = 100;

/// How often each thing is asked for.
const TRIES: u32 = 400;

/// Rows on a page.
const PAGE_ROWS: u32 = 50;

/// No page may take longer at the largest size than so many times what it takes at the smallest.
pub const GROWTH_MAX: f64 = 2.0;

/// One thing that is asked for, at one size.
#[derive(Debug, Serialize)]
pub struct Asked {
    /// What.
    pub what: &'static str,
    /// The middle time, in milliseconds.
    pub p50_ms: f64,
    /// The slowest but one in a hundred.
    pub p99_ms: f64,
    /// Processor time of this process, in milliseconds.
    pub cpu_ms: f64,
}

/// What was measured at one size.
#[derive(Debug, Serialize)]
pub struct Size {
    /// Cases.
    pub cases: u32,
    /// Bytes on the disk for a case; 0 where the disk is a server's.
    pub bytes_each: f64,
    /// From opening the store to the first page, in milliseconds.
    pub start_ms: f64,
    /// What it took to make a case searchable, in milliseconds.
    pub searchable_ms: f64,
    /// What was asked for.
    pub asked: Vec<Asked>,
}

/// What was measured on one engine.
#[derive(Debug, Serialize)]
pub struct Scale {
    /// The engine, and what it promises of a commit.
    pub engine: String,
    /// By size, the smallest first.
    pub sizes: Vec<Size>,
}

/// Fills a new store to each size, and then asks all of them, one after another: so that they meet the same machine.
pub fn measure(site: &Site<'_>, sizes: &[u32], is_kept: bool) -> Result<Scale> {
    let homes: Vec<(Home, f64)> =
        sizes.iter().map(|size| filled(site, *size)).collect::<Result<_>>()?;
    let (mut engine, mut measured) = (String::new(), Vec::new());
    for (cases, (home, searchable_ms)) in sizes.iter().copied().zip(&homes) {
        let began = Instant::now();
        let hub = place::hub(home.open()?)?;
        page(&ctx(&hub), Queue::All, None)?;
        let start_ms = milliseconds(began.elapsed());
        let bytes_each = whole(home.bytes()?) / f64::from(cases.max(1));
        let (searchable_ms, asked) = (*searchable_ms, all(&hub, cases)?);
        measured.push(Size { cases, bytes_each, start_ms, searchable_ms, asked });
        engine = place::promise(&hub.db)?;
    }
    if is_kept {
        for (home, _) in homes {
            home.keep();
        }
    }
    Ok(Scale { engine, sizes: measured })
}

/// Makes a store of so many cases, and closes it. Returns it with what making one of them searchable took, in milliseconds.
pub(crate) fn filled(site: &Site<'_>, cases: u32) -> Result<(Home, f64)> {
    let (db, home) = site.fresh()?;
    let hub = place::hub(db)?;
    for number in 1..=ORIGINALS {
        let bytes = Dialect::X12.order(number);
        let ctx = hub.system("bench");
        take(&ctx, &Incoming { bytes: &bytes, name: "bench", received_at: ctx.now })?;
    }
    Originals::read(&hub)?.copy(&hub, 0..cases)?;
    let began = Instant::now();
    while bring_up(&hub)? {}
    Ok((home, milliseconds(began.elapsed()) / f64::from(cases.max(1))))
}

fn ctx(hub: &App) -> Ctx<'_> {
    hub.ctx(Actor { user_id: UserId::from("bench"), role: Role::Supervisor })
}

fn all(hub: &App, n_cases: u32) -> Result<Vec<Asked>> {
    // Spread over the store, another for each try.
    let some = |n: u32| n.wrapping_mul(2_654_435_761) % n_cases;
    let deep = Cursor { sort_at: copies::closed_sort_at(n_cases / 2), case_id: CaseId::from("") };
    let mut all = vec![
        asked("worklist, all", |_| page(&ctx(hub), Queue::All, None))?,
        asked("worklist, at risk", |_| page(&ctx(hub), Queue::AtRisk, None))?,
        asked("worklist, closed", |_| page(&ctx(hub), Queue::Closed, None))?,
        asked("worklist, far behind", |_| page(&ctx(hub), Queue::Closed, Some(&deep)).map(drop))?,
        asked("case", |n| {
            let file = case_file(&ctx(hub), &CaseId::from(case_id(some(n)).as_str()))?;
            ensure!(!file.record.is_empty(), "a case has a record");
            Ok(())
        })?,
        asked("search, number", |n| {
            let number = case_number(some(n)).parse().ok().context("a number")?;
            found(hub, &Query { number: Some(number), ..Query::default() })
        })?,
        asked("search, name", |n| {
            let name = Some(Phi::from(letters(some(n))));
            found(hub, &Query { name, ..Query::default() })
        })?,
    ];
    all.extend(nearly(hub, some)?);
    Ok(all)
}

/// What callers say who do not say it quite right, and what a person types who knows little.
fn nearly(hub: &App, some: impl Fn(u32) -> u32) -> Result<Vec<Asked>> {
    let typed = |text: String| found(hub, &Query::typed(&text));
    let misspelt = |n: u32| letters(some(n)).replacen(|_| true, "z", 1) + "testperson";
    Ok(vec![
        asked("search, a wrong letter", |n| typed(format!("Synthia {}", misspelt(n))))?,
        asked("search, name, wrong digit", |n| {
            let on = copies::birth_on(some(n));
            // Of the year, because every year has that day.
            let (rest, day) = on.split_at(4);
            let (rest, last) = rest.split_at(3);
            let other = if last == "9" { "8" } else { "9" };
            typed(format!("Synthia {}testperson {rest}{other}{day}", letters(some(n))))
        })?,
        asked("search, a name of all", |n| {
            typed(format!("Synthia {}", copies::birth_on(some(n))))
        })?,
        asked("search, birth date", |n| typed(copies::birth_on(some(n))))?,
        asked("search, words of all", |_| typed("call before delivery".to_owned()))?,
    ])
}

fn page(ctx: &Ctx, queue: Queue, after: Option<&Cursor>) -> Result<()> {
    let filter =
        Filter { queue, user_id: ctx.actor.user_id.clone(), now: ctx.now, ..Filter::default() };
    worklist(ctx, &filter, after, PAGE_ROWS)?;
    Ok(())
}

fn found(hub: &App, query: &Query) -> Result<()> {
    ensure!(!search(&ctx(hub), query, PAGE_ROWS)?.is_empty(), "what is searched for is there");
    Ok(())
}

fn asked(what: &'static str, ask: impl Fn(u32) -> Result<()>) -> Result<Asked> {
    // The first few read pages that no cache has yet, and are nobody's usual wait.
    (0..20).try_for_each(&ask).context(what)?;
    let began_at = cpu::spent();
    let mut times = Vec::with_capacity(TRIES as usize);
    for n in 0..TRIES {
        let began = Instant::now();
        ask(n)?;
        times.push(milliseconds(began.elapsed()));
    }
    let spent = cpu::spent().saturating_sub(began_at);
    times.sort_by(f64::total_cmp);
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    let cpu_ms = milliseconds(spent) / f64::from(TRIES);
    Ok(Asked { what, p50_ms: median(times), p99_ms: p99, cpu_ms })
}

fn milliseconds(took: Duration) -> f64 {
    took.as_secs_f64() * 1e3
}

fn whole(n: u64) -> f64 {
    amount(usize::try_from(n / 1024).unwrap_or(usize::MAX)) * 1024.0
}

impl Scale {
    /// Returns what grows by more than [`GROWTH_MAX`] from the smallest store to the largest.
    pub fn growing(&self) -> Vec<String> {
        let (Some(first), Some(last)) = (self.sizes.first(), self.sizes.last()) else {
            return Vec::new();
        };
        let pairs = first.asked.iter().zip(&last.asked);
        pairs
            .filter(|(small, large)| large.p99_ms > GROWTH_MAX * small.p99_ms)
            .map(|(small, large)| {
                format!("{} from {:.1} to {:.1} ms", large.what, small.p99_ms, large.p99_ms)
            })
            .collect()
    }

    /// Returns everything as text.
    pub fn text(&self) -> String {
        let mut text = format!("{}\n", self.engine);
        for size in &self.sizes {
            let Size { cases, bytes_each, start_ms, searchable_ms, asked } = size;
            writeln!(text, "\n{cases} cases, {bytes_each:.0} bytes each; first page {start_ms:.0} ms after the start; {searchable_ms:.2} ms to make one searchable")
                .expect("a String takes all that is written");
            for Asked { what, p50_ms, p99_ms, cpu_ms } in asked {
                writeln!(text, "  {what:<26} p50 {p50_ms:>7.2} ms   p99 {p99_ms:>7.2} ms   {cpu_ms:>6.2} ms of processor time")
                    .expect("a String takes all that is written");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::measure;
    use crate::place::Site;

    #[test]
    fn copies_are_found_and_counted_at_every_size() {
        let folder = tempfile::tempdir().unwrap();
        let scale = measure(&Site::Folder(folder.path()), &[150, 300], false).unwrap();
        let sizes: Vec<u32> = scale.sizes.iter().map(|size| size.cases).collect();
        assert_eq!(sizes, [150, 300]);
        assert!(scale.sizes.iter().all(|size| size.bytes_each > 2000.0), "{scale:?}");
        assert!(scale.sizes.iter().flat_map(|size| &size.asked).all(|one| one.p99_ms > 0.0));
        assert!(scale.text().contains("search, name"), "{}", scale.text());
    }
}
