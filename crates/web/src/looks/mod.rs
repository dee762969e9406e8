//! Who viewed which member, and what of a day's looks to ask about. No page names a member: what was typed is sent in a form,
//! and cases are told by number.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::looks::{self, Query, SortBy};
use doorstep_app::{Ctx, Error, Result};
use doorstep_store::looks::Look;
use doorstep_vocab::{Date, Phi};

/// Rows that a page shows; the file has all.
const LISTED: usize = 500;

struct Row {
    at: When,
    user: String,
    role: &'static str,
    action: String,
    number: String,
    object: String,
    rule: String,
    is_refused: bool,
}

#[derive(Template)]
#[template(path = "looks/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    form: Form,
    /// Takes what was found away; present where something was asked for.
    export: Option<Form>,
    rows: Vec<Row>,
    n_rows: usize,
}

/// Asks whose looks.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, (StatusCode::OK, &[]), None)
}

/// Shows the looks at a member's cases.
pub(crate) fn find(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let query = match query(ctx, asked) {
        Ok(query) => query,
        Err(wrong) => return page(ctx, asked, (StatusCode::UNPROCESSABLE_ENTITY, &wrong), None),
    };
    match looks::of_member(ctx, &query) {
        Ok(found) => page(ctx, asked, (StatusCode::OK, &[]), Some(found)),
        Err(Error::Bad { message, .. }) => {
            let wrong = [Wrong::at("member", message)];
            page(ctx, asked, (StatusCode::UNPROCESSABLE_ENTITY, &wrong), None)
        }
        Err(error) => Err(error),
    }
}

/// Hands the looks out as a file.
pub(crate) fn export(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let query = query(ctx, asked).map_err(|_| Error::bad("period", "say whose looks, and when"))?;
    let bytes = looks::export(ctx, &query)?;
    Ok(Answer::File { bytes, media_type: "text/csv".to_owned(), name: "looks.csv".to_owned() })
}

fn query(ctx: &Ctx, asked: &Asked) -> std::result::Result<Query, Vec<Wrong>> {
    let mut wrong = Vec::new();
    let typed = asked.form.get("member").unwrap_or_default().trim().to_owned();
    if typed.is_empty() {
        wrong.push(Wrong::at("member", "enter a plan ID or a case number"));
    }
    let today = ctx.now.date(&ctx.app.settings.hub_zone);
    let from = asked.form.date("from", &mut wrong).unwrap_or(today);
    let to = asked.form.date("to", &mut wrong).unwrap_or(today);
    if from > to {
        wrong.push(Wrong::at("to", "the last day comes before the first: swap them"));
    }
    let by = SortBy::parse(asked.form.get("by").unwrap_or_default());
    if wrong.is_empty() { Ok(Query { typed: Phi::new(typed), from, to, by }) } else { Err(wrong) }
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    (status, wrong): (StatusCode, &[Wrong]),
    found: Option<Vec<Look>>,
) -> Result<Answer> {
    let mut form = ask_form(ctx, asked);
    if !wrong.is_empty() || found.is_some() {
        form.refill(&asked.form, wrong);
    }
    let export = found.is_some().then(|| {
        let form = Form::new("export", "/looks/exports", "Take it away", asked.csrf());
        let names = ["member", "from", "to", "by"];
        let given = |name: &str| asked.form.get(name).unwrap_or_default().to_owned();
        let form = names.into_iter().fold(form, |form, name| form.hide(name, given(name)));
        form.submit("Take it away as CSV")
    });
    let looks = found.unwrap_or_default();
    let n_rows = looks.len();
    let rows = looks.into_iter().take(LISTED).map(|look| row(ctx, look)).collect();
    let page = Page { shell: &asked.shell, form, export, rows, n_rows };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn ask_form(ctx: &Ctx, asked: &Asked) -> Form {
    let today = ctx.now.date(&ctx.app.settings.hub_zone).to_string();
    let sorts = SortBy::ALL.iter().map(|(_, code, words)| Choice::new(*code, *words)).collect();
    let date = |name: &str, label: &str| {
        Field::new(name, label, Control::Line("date")).required().with(today.clone())
    };
    let mut form = Form::new("looks", "/looks", "Who viewed a member", asked.csrf())
        .field(Field::line("member", "Plan ID or case number").required())
        .field(date("from", "First day"))
        .field(date("to", "Last day"))
        .field(Field::new("by", "Sorted by", Control::Select(sorts)))
        .submit("Show who looked");
    form.is_main = true;
    form
}

fn row(ctx: &Ctx, look: Look) -> Row {
    let entry = look.audited.entry;
    Row {
        at: When::in_full(entry.at, &ctx.app.settings.hub_zone),
        user: entry.user_id.to_string(),
        role: entry.role.name(),
        is_refused: entry.outcome == "refused",
        action: entry.action,
        number: look.number.map_or_else(|| look.case_id.to_string(), |number| number.to_string()),
        object: entry.object,
        rule: entry.rule,
    }
}

/// One question about a day, with who.
struct Asking {
    words: &'static str,
    rows: Vec<(String, String, u64)>,
}

#[derive(Template)]
#[template(path = "looks/review.html")]
struct ReviewPage<'a> {
    shell: &'a Shell,
    on: String,
    before: Option<String>,
    n_glass: usize,
    questions: Vec<Asking>,
}

/// Shows what of a day's looks to ask about: of yesterday where no day is named.
pub(crate) fn review(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let today = ctx.now.date(&ctx.app.settings.hub_zone);
    let on = match asked.query.get("on") {
        Some(text) => text.parse::<Date>().map_err(|_| Error::NotFound)?,
        None => today.yesterday().unwrap_or(today),
    };
    let found = looks::review(ctx, on)?;
    let questions = found.questions.into_iter().map(|(words, counts)| Asking {
        words,
        rows: counts
            .into_iter()
            .map(|count| {
                let name = found.names.get(&count.user_id).cloned();
                let path = format!("/activity?user={}", encoded(count.user_id.as_str()));
                (name.unwrap_or_else(|| count.user_id.to_string()), path, count.n_cases)
            })
            .collect(),
    });
    let page = ReviewPage {
        shell: &asked.shell,
        on: on.to_string(),
        before: on.yesterday().ok().map(|day| format!("/looks/review?on={day}")),
        n_glass: found.n_glass,
        questions: questions.collect(),
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}
