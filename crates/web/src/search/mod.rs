//! Finding a case by its number, the member's name, birth date or plan ID. What was typed is personal, so it is sent
//! in a form and never stands in an address.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{When, day};
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::{Ctx, Result};
use doorstep_store::search::{Hit, Query};

/// Cases that a search shows. Whoever has more hits says more.
const HITS_MAX: u32 = 50;

struct Row {
    path: String,
    number: String,
    member: String,
    birth: String,
    plan_id: String,
    payer: String,
    next: String,
    is_closed: bool,
    opened: When,
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    typed: String,
    wrong: String,
    is_asked: bool,
    has_more: bool,
    rows: Vec<Row>,
}

/// Shows the empty box.
pub(crate) fn show(_: &Ctx, asked: &Asked) -> Result<Answer> {
    page(asked, (String::new(), String::new()), None)
}

/// Shows what was found. A case number with a wrong digit is told so: it is nothing else, and finds nothing.
pub(crate) fn find(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let Some(typed) = asked.form.text("q") else { return show(ctx, asked) };
    if let Some(problem) = Query::misread_number(&typed) {
        return page(asked, (typed, capital(&problem.message)), None);
    }
    let hits = doorstep_app::search(ctx, &Query::typed(&typed), HITS_MAX)?;
    let rows = hits.iter().map(|hit| row(ctx, hit)).collect();
    page(asked, (typed, String::new()), Some(rows))
}

fn page(
    asked: &Asked,
    (typed, wrong): (String, String),
    found: Option<Vec<Row>>,
) -> Result<Answer> {
    let is_asked = found.is_some();
    let rows = found.unwrap_or_default();
    let has_more = u32::try_from(rows.len()).is_ok_and(|n| n >= HITS_MAX);
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page { shell: &asked.shell, typed, wrong, is_asked, has_more, rows };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn row(ctx: &Ctx, hit: &Hit) -> Row {
    Row {
        path: format!("/cases/{}", encoded(hit.case_id.as_str())),
        number: hit.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        member: hit
            .member
            .as_ref()
            .map_or_else(|| "Name not known".to_owned(), |name| name.reveal().clone()),
        birth: hit.birth_on.as_ref().map(|on| day(*on.reveal())).unwrap_or_default(),
        plan_id: hit.member_id.as_ref().map(|id| id.reveal().clone()).unwrap_or_default(),
        payer: words::payer(ctx, &hit.payer_id),
        next: capital(&hit.next_words),
        is_closed: hit.is_closed,
        opened: When::in_full(hit.opened_at, &ctx.app.settings.hub_zone),
    }
}
