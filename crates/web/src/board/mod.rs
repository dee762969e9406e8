//! The supervisor's board: who has how much and is behind, how old the open cases are, which clocks ran out.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::rota::{Gap, gaps};
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use crate::words;
use askama::Template;
use doorstep_app::raised::{self, RATE_DAYS, Raised};
use doorstep_app::{CELL_MIN, Cell, Ctx, Result, desk, rota};
use doorstep_case::Stage;
use doorstep_store::board::{Aging, Broken, Load};
use doorstep_store::escalations::Filter;
use std::collections::BTreeMap;

/// What the columns of the aging table are called. Source of the limits: facts 10, aging.
const AGE_WORDS: [&str; 7] = [
    "under 24 h",
    "24 to 48 h",
    "48 to 72 h",
    "3 to 7 days",
    "7 to 14 days",
    "14 to 30 days",
    "over 30 days",
];

/// What one person has, with the addresses of the lists behind the numbers.
struct PersonRow {
    name: String,
    open: (u32, String),
    n_ours: u32,
    at_risk: (u32, String),
    missed: (u32, String),
    escalated: (u32, String),
    /// Of a hundred cases how many were missed, for the bar.
    missed_percent: u32,
}

/// How old the cases of one stage are.
struct AgeRow {
    words: &'static str,
    path: String,
    n_by_age: [u32; 7],
    total: u32,
}

/// A clock that ran out, and whose turn it is there.
struct CauseRow {
    words: String,
    path: Option<String>,
    waits_for: Vec<(&'static str, u32)>,
    total: u32,
}

#[derive(Template)]
#[template(path = "board/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    help: Vec<String>,
    people: Vec<PersonRow>,
    age_words: [&'static str; 7],
    ages: Vec<AgeRow>,
    ages_total: AgeRow,
    causes: Vec<CauseRow>,
    raised: RaisedView,
    complaints: Vec<(String, String, u32, u32)>,
    days: i64,
    gaps: Vec<Gap>,
    as_of: When,
}

/// What was raised, and whether promises about it are kept.
struct RaisedView {
    n_open: u32,
    n_unseen: u32,
    n_at_risk: u32,
    n_made: u32,
    n_kept: u32,
    n_settled: u32,
    keep_rate: String,
}

/// What those who see counts only are shown.
#[derive(Template)]
#[template(path = "board/counts.html")]
struct CountsPage<'a> {
    shell: &'a Shell,
    age_words: [&'static str; 7],
    ages: Vec<(&'static str, Vec<String>)>,
    causes: Vec<(String, String)>,
    few_max: u32,
    as_of: When,
}

/// Shows the counts, small ones withheld.
pub(crate) fn counts(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let counts = doorstep_app::counts::counts(ctx)?;
    let cells = |(stage, cells): (Stage, [Cell; 7])| {
        (words::part(stage), cells.into_iter().map(cell).collect())
    };
    let page = CountsPage {
        shell: &asked.shell,
        age_words: AGE_WORDS,
        ages: counts.aging.into_iter().map(cells).collect(),
        causes: counts
            .broken
            .into_iter()
            .map(|(clock, n)| (cause(clock.as_deref()), cell(n)))
            .collect(),
        few_max: CELL_MIN - 1,
        as_of: When::clock(ctx.now, &ctx.app.settings.hub_zone),
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn cell(of: Cell) -> String {
    match of {
        Cell::Exactly(n) => n.to_string(),
        Cell::Few => format!("under {CELL_MIN}"),
    }
}

fn cause(clock: Option<&str>) -> String {
    clock.map_or_else(
        || "A visit or delivery was missed".to_owned(),
        |clock| crate::errors::capital(&words::clock(clock)),
    )
}

/// Shows the board. It names no member.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let found = raised::raised(ctx, &Filter::default(), None)?;
    let complaints = raised::complaints(ctx, None, None)?;
    let board = desk::board(ctx)?;
    let names = desk::people(ctx)?;
    let name = |load: &Load| match &load.manager {
        None => "Nobody".to_owned(),
        Some(user_id) => names.get(user_id).cloned().unwrap_or_else(|| user_id.to_string()),
    };
    let people: Vec<PersonRow> = board.load.iter().map(|load| person(load, name(load))).collect();
    let ages = ages(&board.aging);
    let page = Page {
        shell: &asked.shell,
        help: people.iter().filter_map(needs_help).collect(),
        people,
        age_words: AGE_WORDS,
        ages_total: sum(&ages),
        ages,
        causes: causes(&board.broken),
        raised: raised_view(&found),
        complaints: complaints
            .counted
            .iter()
            .map(|n| {
                let path = format!("/complaints?category={}", n.category.code());
                (crate::errors::capital(n.category.words()), path, n.n_received, n.n_grave)
            })
            .collect(),
        days: RATE_DAYS,
        gaps: gaps(ctx, rota::rota(ctx)?.near_gaps()),
        as_of: When::clock(ctx.now, &ctx.app.settings.hub_zone),
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn raised_view(found: &Raised) -> RaisedView {
    let tally = found.tally;
    RaisedView {
        n_open: found.counts.n_open,
        n_unseen: found.counts.n_unseen,
        n_at_risk: found.counts.n_therapy,
        n_made: tally.n_made(),
        n_kept: tally.n_kept,
        n_settled: tally.n_settled(),
        keep_rate: tally.keep_percent().map_or_else(|| "none yet".to_owned(), |n| format!("{n} %")),
    }
}

fn person(load: &Load, name: String) -> PersonRow {
    let path = |queue: &str| match &load.manager {
        Some(user_id) => format!("/worklist?queue={queue}&manager={}", encoded(user_id.as_str())),
        None => "/worklist?queue=unassigned".to_owned(),
    };
    PersonRow {
        name,
        open: (load.n_open, path("all")),
        n_ours: load.n_ours,
        at_risk: (load.n_at_risk, path("at-risk")),
        missed: (load.n_missed, path("missed")),
        escalated: (load.n_escalated, path("escalated")),
        missed_percent: load.n_missed * 100 / load.n_open.max(1),
    }
}

/// Who has missed more than one case, and at least a third of all they have, is told of in words.
fn needs_help(row: &PersonRow) -> Option<String> {
    let (open, missed) = (row.open.0, row.missed.0);
    (missed > 1 && missed * 3 >= open)
        .then(|| format!("{}: {missed} of {open} open cases have missed a time.", row.name))
}

fn ages(aging: &[Aging]) -> Vec<AgeRow> {
    let of = |stage: Stage| {
        let mut row = AgeRow {
            words: words::part(stage),
            path: format!("/worklist?queue=all&stage={}", stage.name()),
            n_by_age: [0; 7],
            total: 0,
        };
        for known in aging.iter().filter(|known| stage.steps().contains(&known.next_code.as_str()))
        {
            add(&mut row, known.n_by_age);
        }
        row
    };
    Stage::ALL.into_iter().map(of).filter(|row| row.total > 0).collect()
}

fn sum(rows: &[AgeRow]) -> AgeRow {
    let path = "/worklist?queue=all".to_owned();
    let mut total = AgeRow { words: "All", path, n_by_age: [0; 7], total: 0 };
    for row in rows {
        add(&mut total, row.n_by_age);
    }
    total
}

fn add(row: &mut AgeRow, n_by_age: [u32; 7]) {
    for (sum, n) in row.n_by_age.iter_mut().zip(n_by_age) {
        *sum += n;
        row.total += n;
    }
}

fn causes(broken: &[Broken]) -> Vec<CauseRow> {
    let mut rows: BTreeMap<Option<&str>, BTreeMap<&'static str, u32>> = BTreeMap::new();
    for known in broken {
        let stage =
            Stage::ALL.iter().find(|stage| stage.steps().contains(&known.next_code.as_str()));
        let part = stage.map_or("Other", |stage| words::part(*stage));
        *rows.entry(known.clock.as_deref()).or_default().entry(part).or_default() += known.n_cases;
    }
    let mut causes: Vec<CauseRow> = rows
        .into_iter()
        .map(|(clock, parts)| CauseRow {
            words: cause(clock),
            path: clock.map(|clock| format!("/worklist?queue=missed&clock={}", encoded(clock))),
            total: parts.values().sum(),
            waits_for: parts.into_iter().collect(),
        })
        .collect();
    causes.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.words.cmp(&b.words)));
    causes
}
