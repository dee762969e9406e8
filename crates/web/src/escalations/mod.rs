//! Escalations: all that is open, by what is due next, with who has it and whether promises are kept; and the page that
//! calls for a supervisor now.

mod supervisor;

pub(crate) use supervisor::{call, raise};

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::Choice;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{Left, When};
use askama::Template;
use doorstep_app::raised::{self, After, RATE_DAYS, Raised, Reach};
use doorstep_app::{Ctx, Result};
use doorstep_case::disputes::Tally;
use doorstep_store::escalations::{Filter, Listed};
use doorstep_vocab::{CaseId, EscalationId, Timestamp, UserId};
use std::collections::BTreeMap;

/// One open escalation.
struct Row {
    path: String,
    number: String,
    payer: String,
    level: u8,
    reason: String,
    opened: When,
    by: String,
    owner: String,
    phone: String,
    tone: &'static str,
    state: &'static str,
    due: When,
    left: Left,
}

/// What promises came to.
struct RateRow {
    who: String,
    level: String,
    tally: Tally,
    percent: String,
}

/// One level of the ladder.
struct LevelRow {
    level: u8,
    name: String,
    who: String,
    trigger: String,
    within: String,
    source: String,
}

#[derive(Template)]
#[template(path = "escalations/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    rows: Vec<Row>,
    n_open: String,
    n_unseen: u32,
    levels: Vec<Choice>,
    owners: Vec<Choice>,
    next: Option<String>,
    rates: Vec<RateRow>,
    total: RateRow,
    days: i64,
    ladder: Vec<LevelRow>,
}

/// Shows the open escalations. It names no member.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let filter = Filter {
        level: asked.query.get("level").and_then(|level| level.parse().ok()),
        owner: asked.query.get("owner").map(UserId::from),
    };
    let found = raised::raised(ctx, &filter, after(asked).as_ref())?;
    let people = raised::reach(ctx)?;
    let rows = found.open.iter().map(|row| view(ctx, row, &people)).collect();
    let rates = found.rates.iter().map(|rate| RateRow {
        who: name(&people, &rate.owner),
        level: rate.level.to_string(),
        tally: rate.tally,
        percent: percent(rate.tally),
    });
    let owners: Vec<&UserId> = found.rates.iter().map(|rate| &rate.owner).collect();
    let page = Page {
        shell: &asked.shell,
        rows,
        n_open: if found.counts.n_open == 1000 {
            "1000 and more".to_owned()
        } else {
            found.counts.n_open.to_string()
        },
        n_unseen: found.counts.n_unseen,
        levels: levels(&found, filter.level),
        owners: owners_of(&found, (&owners, &people), filter.owner.as_ref()),
        next: found.next.as_ref().map(|after| next(after, &filter)),
        total: RateRow {
            who: "Everybody".to_owned(),
            level: String::new(),
            tally: found.tally,
            percent: percent(found.tally),
        },
        rates: rates.collect(),
        days: RATE_DAYS,
        ladder: ladder(&found),
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn view(ctx: &Ctx, row: &Listed, people: &BTreeMap<UserId, Reach>) -> Row {
    let zone = &ctx.app.settings.hub_zone;
    let owner = row.owner.as_ref().and_then(|id| people.get(id));
    let (tone, state) = match (row.committed_to, row.acknowledged_at) {
        (Some(at), _) if at < ctx.now => ("late", "promise broken"),
        (Some(_), _) => ("turn", "promised"),
        (None, Some(_)) => ("soon", "seen, nothing promised"),
        (None, None) => ("late", "nobody has seen it"),
    };
    let payer = ctx.app.packs.payer(&row.payer_id);
    Row {
        path: format!("/cases/{}#disputes-head", encoded(row.case_id.as_str())),
        number: row.number.as_ref().map_or_else(|| row.case_id.to_string(), ToString::to_string),
        payer: payer.map(|payer| payer.name.to_owned()).unwrap_or_default(),
        level: row.level,
        reason: capital(row.reason.words()),
        opened: When::at(row.opened_at, zone),
        by: row.opened_by.as_ref().map_or_else(|| "by itself".to_owned(), |id| name(people, id)),
        owner: owner.map(|reach| reach.name.clone()).unwrap_or_default(),
        phone: owner.map(|reach| reach.phone.clone()).unwrap_or_default(),
        tone,
        state,
        due: When::at(row.due_at, zone),
        left: Left::of(ctx.now, row.opened_at, row.due_at, false),
    }
}

fn name(people: &BTreeMap<UserId, Reach>, id: &UserId) -> String {
    people.get(id).map_or_else(|| id.to_string(), |reach| reach.name.clone())
}

/// Of nothing that has come to an end there is no rate.
fn percent(tally: Tally) -> String {
    tally.keep_percent().map_or_else(|| "none yet".to_owned(), |percent| format!("{percent} %"))
}

fn levels(found: &Raised, chosen: Option<u8>) -> Vec<Choice> {
    let rungs = found.ladder.iter().filter(|(rung, _)| rung.level > 0);
    rungs
        .map(|(rung, _)| {
            let words = format!("{}: {}", rung.level, rung.name);
            Choice::new(rung.level.to_string(), words).chosen(chosen == Some(rung.level))
        })
        .collect()
}

/// Whoever has one that is shown, or has promised of late.
fn owners_of(
    found: &Raised,
    (promised, people): (&[&UserId], &BTreeMap<UserId, Reach>),
    chosen: Option<&UserId>,
) -> Vec<Choice> {
    let mut ids: Vec<&UserId> = found
        .open
        .iter()
        .filter_map(|row| row.owner.as_ref())
        .chain(promised.iter().copied())
        .collect();
    ids.extend(chosen);
    ids.sort();
    ids.dedup();
    ids.into_iter()
        .map(|id| Choice::new(id.as_str(), name(people, id)).chosen(chosen == Some(id)))
        .collect()
}

fn ladder(found: &Raised) -> Vec<LevelRow> {
    let row =
        |(rung, within): &(doorstep_case::disputes::Rung, Option<doorstep_vocab::Span>)| LevelRow {
            level: rung.level,
            name: capital(&rung.name),
            who: capital(&rung.who),
            trigger: capital(&rung.trigger),
            within: match within {
                Some(span) if span.to_string() == "0 business days" => "the same day".to_owned(),
                Some(span) => span.to_string(),
                None => "at once".to_owned(),
            },
            source: rung.source.clone(),
        };
    found.ladder.iter().map(row).collect()
}

fn after(asked: &Asked) -> Option<After> {
    let at = asked.query.get("after")?.parse().ok()?;
    let case_id = CaseId::from(asked.query.get("case")?);
    Some((Timestamp(at), case_id, EscalationId::from(asked.query.get("escalation")?)))
}

fn next((at, case_id, id): &After, filter: &Filter) -> String {
    let level = filter.level.map(|level| format!("&level={level}")).unwrap_or_default();
    let owner = filter.owner.as_ref().map(|owner| format!("&owner={}", encoded(owner.as_str())));
    format!(
        "/escalations?after={}&case={}&escalation={}{level}{}",
        at.0,
        encoded(case_id.as_str()),
        encoded(id.as_str()),
        owner.unwrap_or_default()
    )
}
