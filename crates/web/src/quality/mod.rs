//! Quality: the sample of a month with its cards, the card itself, and one's own cards.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::quality::{self, Month};
use doorstep_app::{Ctx, Error, Result, raised};
use doorstep_case::quality::{Candidate, Looked, QualityRules};
use doorstep_store::quality::Card;
use doorstep_vocab::Phi;
use std::collections::BTreeMap;

/// Something of the sample.
struct Row {
    what: String,
    path: String,
    card_path: String,
    agent: String,
    score: String,
    tone: &'static str,
}

#[derive(Template)]
#[template(path = "quality/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    month: String,
    rows: Vec<Row>,
    n_candidates: usize,
    per_agent: u32,
    done: bool,
}

#[derive(Template)]
#[template(path = "quality/card.html")]
struct CardPage<'a> {
    shell: &'a Shell,
    month: String,
    what: String,
    path: String,
    agent: String,
    form: Form,
}

/// One of one's own cards.
struct OwnCard {
    what: String,
    month: String,
    total: u32,
    is_failed: bool,
    items: Vec<(String, u32, u32)>,
    words: String,
    at: When,
    by: String,
}

#[derive(Template)]
#[template(path = "quality/own.html")]
struct OwnPage<'a> {
    shell: &'a Shell,
    cards: Vec<OwnCard>,
}

/// Shows the sample of a month. It names no member.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let month = asked.query.text("month").unwrap_or_else(|| quality::this_month(ctx));
    let found = quality::month(ctx, &month)?;
    let people = raised::reach(ctx)?;
    let rows = found.drawn.iter().map(|(one, card)| Row {
        what: capital(one.what.words()),
        path: place(one),
        card_path: format!(
            "/quality/card?month={}&what={}&id={}",
            encoded(&month),
            one.what.code(),
            encoded(&one.id)
        ),
        agent: match people.get(&one.agent) {
            Some(reach) => reach.name.clone(),
            None if one.agent.as_str().is_empty() => "nobody".to_owned(),
            None => one.agent.to_string(),
        },
        score: match card {
            Some(card) if card.is_failed => "failed".to_owned(),
            Some(card) => format!("{} of 100", card.total),
            None => "to be scored".to_owned(),
        },
        tone: match card {
            Some(card) if card.is_failed => "late",
            Some(_) => "good",
            None => "soon",
        },
    });
    let page = Page {
        shell: &asked.shell,
        rows: rows.collect(),
        n_candidates: found.n_candidates,
        per_agent: found.rules.per_agent,
        done: asked.query.get("done").is_some(),
        month,
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

/// Where what is looked at can be read.
fn place(one: &Candidate) -> String {
    match (&one.case_id, one.what) {
        (_, Looked::Call) => format!("/calls/{}", encoded(&one.id)),
        (Some(case_id), _) => format!("/cases/{}", encoded(case_id.as_str())),
        (None, _) => String::new(),
    }
}

/// What a card is of, as the address and the form name it.
struct Of {
    month: String,
    what: Looked,
    id: String,
}

impl Of {
    fn read(of: &crate::posted::Posted) -> Result<Self> {
        let what = of.get("what").and_then(Looked::parse).ok_or(Error::NotFound)?;
        let (month, id) = (of.text("month"), of.text("id"));
        Ok(Self { month: month.ok_or(Error::NotFound)?, what, id: id.ok_or(Error::NotFound)? })
    }
}

/// Shows the card of something in the sample.
pub(crate) fn card(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    card_page(ctx, asked, &Of::read(&asked.query)?, &[])
}

/// Scores it. What an item lacks is said beside it.
pub(crate) fn score(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let of = Of::read(&asked.form)?;
    let found = quality::month(ctx, &of.month)?;
    let mut wrong = Vec::new();
    let mut points = BTreeMap::new();
    for item in &found.rules.items {
        let given = asked.form.get(&item.name).and_then(|text| text.parse::<u32>().ok());
        if let Some(given) = given.filter(|given| *given <= item.points) {
            points.insert(item.name.clone(), given);
        } else {
            let words = format!("give 0 to {} points", item.points);
            wrong.push(Wrong::at(item.name.clone(), words));
        }
    }
    if !wrong.is_empty() {
        return card_page(ctx, asked, &of, &wrong);
    }
    let words = Phi::new(asked.form.text("words").unwrap_or_default());
    match quality::put(ctx, (&of.month, of.what, &of.id), (points, words)) {
        Ok(()) => Ok(Answer::See(format!("/quality?month={}&done=1", encoded(&of.month)))),
        Err(Error::Refused(refusal)) => {
            card_page(ctx, asked, &of, &[Wrong::at("", refusal.to_string())])
        }
        Err(error) => Err(error),
    }
}

fn card_page(ctx: &Ctx, asked: &Asked, of: &Of, wrong: &[Wrong]) -> Result<Answer> {
    let found: Month = quality::month(ctx, &of.month)?;
    let is_it = |one: &&(Candidate, Option<Card>)| (one.0.what, &one.0.id) == (of.what, &of.id);
    let (one, known) = found.drawn.iter().find(is_it).ok_or(Error::NotFound)?;
    let mut form = Form::new("card", "/quality/cards", "Keep the card", asked.csrf())
        .hide("month", of.month.clone())
        .hide("what", of.what.code())
        .hide("id", of.id.clone());
    for item in &found.rules.items {
        let label = format!("{} (0 to {})", capital(&item.words), item.points);
        let mut field = Field::new(item.name.clone(), label, Control::Line("number")).required();
        if item.auto_fail {
            field = field.hint("Less than all of it fails the card.");
        }
        if let Some(points) = known.as_ref().and_then(|card| card.points.get(&item.name)) {
            field = field.with(points.to_string());
        }
        form = form.field(field);
    }
    let words = known.as_ref().map(|card| card.words.reveal().clone()).unwrap_or_default();
    form =
        form.field(Field::new("words", "What the agent is told", Control::Area).wide().with(words));
    form.is_main = true;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if !wrong.is_empty() {
        form.refill(&asked.form, wrong);
    }
    let people = raised::reach(ctx)?;
    let page = CardPage {
        shell: &asked.shell,
        month: of.month.clone(),
        what: one.what.words().to_owned(),
        path: place(one),
        agent: people
            .get(&one.agent)
            .map_or_else(|| one.agent.to_string(), |known| known.name.clone()),
        form,
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

/// Shows whoever asks their own cards.
pub(crate) fn own(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let (cards, rules) = quality::own(ctx)?;
    let people = raised::reach(ctx)?;
    let zone = &ctx.app.settings.hub_zone;
    let view = cards.into_iter().map(|card| OwnCard {
        what: capital(card.of.what.words()),
        total: card.total,
        is_failed: card.is_failed,
        items: items(&rules, &card),
        at: When::in_full(card.scored_at, zone),
        by: people
            .get(&card.reviewer)
            .map_or_else(|| card.reviewer.to_string(), |r| r.name.clone()),
        words: card.words.reveal().clone(),
        month: card.month,
    });
    let page = OwnPage { shell: &asked.shell, cards: view.collect() };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn items(rules: &QualityRules, card: &Card) -> Vec<(String, u32, u32)> {
    let of = |(name, points): (&String, &u32)| {
        let item = rules.items.iter().find(|item| item.name == *name);
        let words = item.map_or_else(|| name.clone(), |item| capital(&item.words));
        (words, *points, item.map_or(0, |item| item.points))
    };
    card.points.iter().map(of).collect()
}
