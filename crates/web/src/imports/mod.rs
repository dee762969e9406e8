//! Files of which rows were refused: which wait and who looks at each, the rows with why, and how they were settled.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::Choice;
use crate::queue::{ProblemView, problems};
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::imports::{self, Import, NOTE_MAX};
use doorstep_app::{Ctx, Error, Result, desk};
use doorstep_store::receipts::Unit;
use doorstep_vocab::{ReceiptId, UserId};
use std::collections::BTreeMap;

struct FileView {
    path: String,
    original: String,
    name: String,
    format: String,
    sender: String,
    at: When,
    refused: String,
    owner: String,
    settled: Option<(When, String)>,
    note: String,
}

struct RowView {
    place: String,
    problems: Vec<ProblemView>,
}

#[derive(Template)]
#[template(path = "imports/list.html")]
struct ListPage<'a> {
    shell: &'a Shell,
    files: Vec<FileView>,
    is_settled: bool,
    next: Option<String>,
    said: &'static str,
}

#[derive(Template)]
#[template(path = "imports/file.html")]
struct FilePage<'a> {
    shell: &'a Shell,
    file: FileView,
    rows: Vec<RowView>,
    colleagues: Vec<Choice>,
    next: Option<String>,
    note: String,
    note_max: usize,
    wrong: String,
    said: &'static str,
}

/// Shows the files that wait, or those that were settled last.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let is_settled = asked.query.get("show") == Some("settled");
    let after = asked.query.get("after").map(ReceiptId::from);
    let found =
        if is_settled { imports::settled(ctx)? } else { imports::waiting(ctx, after.as_ref())? };
    let names = desk::people(ctx)?;
    let page = ListPage {
        shell: &asked.shell,
        files: found.files.iter().map(|file| view(ctx, file, &names)).collect(),
        is_settled,
        next: found.next.map(|id| format!("/imports?after={}", encoded(id.as_str()))),
        said: if asked.query.get("done") == Some("settlement") { "Settled." } else { "" },
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

/// Shows one file with its refused rows.
pub(crate) fn file(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, StatusCode::OK, String::new())
}

fn page(ctx: &Ctx, asked: &Asked, status: StatusCode, wrong: String) -> Result<Answer> {
    let receipt_id = ReceiptId::from(asked.param("receipt"));
    let after = asked.query.get("after").and_then(|row| row.parse().ok());
    let found = imports::refused(ctx, &receipt_id, after)?;
    let (names, own) = (desk::people(ctx)?, &ctx.actor.user_id);
    let chosen = found.file.owner.as_ref().unwrap_or(own);
    let colleagues = desk::staff(ctx)?.into_iter().map(|user| {
        let is_chosen = user.user_id == *chosen;
        Choice::new(user.user_id.as_str(), user.name).chosen(is_chosen)
    });
    let file = view(ctx, &found.file, &names);
    let page = FilePage {
        shell: &asked.shell,
        next: found.next.map(|row| format!("{}?after={row}", file.path)),
        file,
        rows: found.rows.iter().map(row).collect(),
        colleagues: colleagues.collect(),
        note: asked.form.get("note").unwrap_or_default().to_owned(),
        note_max: NOTE_MAX,
        said: if asked.query.get("done") == Some("owner") { "Given." } else { "" },
        wrong,
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

/// Says who looks at a file.
pub(crate) fn give(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let receipt_id = ReceiptId::from(asked.param("receipt"));
    let owner = UserId::from(asked.form.get("owner").unwrap_or_default());
    let to = format!("/imports/{}?done=owner", encoded(receipt_id.as_str()));
    answered(ctx, asked, (imports::give(ctx, &receipt_id, &owner), to))
}

/// Settles a file.
pub(crate) fn settle(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let receipt_id = ReceiptId::from(asked.param("receipt"));
    let note = asked.form.get("note").unwrap_or_default();
    let to = "/imports?done=settlement".to_owned();
    answered(ctx, asked, (imports::settle(ctx, &receipt_id, note), to))
}

fn answered(ctx: &Ctx, asked: &Asked, (done, to): (Result<()>, String)) -> Result<Answer> {
    match done {
        Ok(()) => Ok(Answer::See(to)),
        Err(Error::Bad { message, .. }) => {
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, capital(&message))
        }
        Err(error) => Err(error),
    }
}

fn view(ctx: &Ctx, file: &Import, names: &BTreeMap<UserId, String>) -> FileView {
    let zone = &ctx.app.settings.hub_zone;
    let name = |user: &UserId| names.get(user).cloned().unwrap_or_else(|| user.to_string());
    let by = file.settled_by.as_ref().map(name).unwrap_or_default();
    FileView {
        path: format!("/imports/{}", encoded(file.receipt_id.as_str())),
        original: format!("/queue/{}/bytes", encoded(file.receipt_id.as_str())),
        name: file.name.clone(),
        format: file.format.clone(),
        sender: file.sender.clone().unwrap_or_default(),
        at: When::in_full(file.received_at, zone),
        refused: match file.n_refused {
            1 => "1 row refused".to_owned(),
            n => format!("{n} rows refused"),
        },
        owner: file.owner.as_ref().map(name).unwrap_or_default(),
        settled: file.settled_at.map(|at| (When::in_full(at, zone), by)),
        note: file.note.clone(),
    }
}

fn row(unit: &Unit) -> RowView {
    let place = if unit.place.is_empty() { "The file".to_owned() } else { capital(&unit.place) };
    RowView { place, problems: problems(&unit.problems) }
}
