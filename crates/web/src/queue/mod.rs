//! Files: what came in, what became of each, what waits for a person. Files can be sent here by hand too. What could
//! not go out is shown as well: `left`.

mod left;

pub(crate) use left::retry;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::desk::{ListedFile, Settled};
use doorstep_app::intake::{self, Incoming};
use doorstep_app::{Ctx, Error, Permission, Result, desk};
use doorstep_exchange::Problem;
use doorstep_store::receipts::Unit;
use doorstep_vocab::{CaseNumber, ReceiptId};
use left::LeftView;

/// Files that a page shows of each kind.
const FILES_MAX: u32 = 40;

pub(crate) struct ProblemView {
    pub(crate) code: String,
    pub(crate) at: String,
    pub(crate) words: String,
}

struct UnitView {
    no: u32,
    place: String,
    outcome: String,
    tone: &'static str,
    case_path: String,
    problems: Vec<ProblemView>,
    waits: bool,
}

struct FileView {
    name: String,
    format: String,
    sender: String,
    size: String,
    at: When,
    outcome: String,
    tone: &'static str,
    path: String,
    problems: Vec<ProblemView>,
    units: Vec<UnitView>,
    has_more: bool,
    has_detail: bool,
    /// Where a case is opened from the file; empty where it cannot be.
    open_path: String,
}

/// The files that wait, or the latest.
struct FileList {
    id: &'static str,
    title: &'static str,
    empty: &'static str,
    is_waiting: bool,
    files: Vec<FileView>,
}

#[derive(Template)]
#[template(path = "queue/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    lists: [FileList; 2],
    left: Vec<LeftView>,
    reasons: Vec<Choice>,
    form: Option<Form>,
    said: String,
    wrong: String,
}

/// Shows what waits and what came last.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let said = match asked.query.get("done") {
        Some("resolution") => "Settled.".to_owned(),
        Some("retry") => {
            "It is tried again now. If it fails for good, it comes back here.".to_owned()
        }
        Some("sent") => {
            "The file was taken. What became of it stands at the top of the latest files."
                .to_owned()
        }
        _ => String::new(),
    };
    page(ctx, asked, StatusCode::OK, (said, String::new()))
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    status: StatusCode,
    (said, wrong): (String, String),
) -> Result<Answer> {
    let view = |files: Vec<ListedFile>| files.iter().map(|file| view(ctx, file)).collect();
    let waiting = FileList {
        id: "waiting",
        title: "Waits for a person",
        empty: "Nothing waits. Files that only a person can read come here, and cancellations to confirm.",
        is_waiting: true,
        files: view(desk::waiting_files(ctx, FILES_MAX)?),
    };
    let latest = FileList {
        id: "latest",
        title: "The latest files",
        empty: "No file has come in yet.",
        is_waiting: false,
        files: view(desk::files(ctx, FILES_MAX)?),
    };
    let form = Permission::SendFiles.is_for(ctx.actor.role).then(|| form(asked, &wrong));
    let reason = |(code, words): (&'static str, &'static str)| Choice::new(code, capital(words));
    let reasons = desk::SETTLED_WITHOUT_CASE.into_iter().map(reason).collect();
    let left = left::list(ctx)?;
    let lists = [waiting, latest];
    let html = Page { shell: &asked.shell, lists, left, reasons, form, said, wrong };
    Ok(Answer::Page(status, html.render().map_err(broken)?))
}

fn form(asked: &Asked, wrong: &str) -> Form {
    let hint =
        "X12 278, HL7 v2, FHIR, a list as CSV; a PDF or a photo waits for a person. 50 MB at most.";
    let mut form = Form::new("send", "/files", "Send a file", asked.csrf())
        .field(Field::new("file", "File", Control::File).required().hint(hint));
    form.has_file = true;
    if !wrong.is_empty() {
        form.refill(&asked.form, &[Wrong::at("file", wrong)]);
    }
    form
}

/// Takes a file as if it had come by any other door.
pub(crate) fn send(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let upload = asked.files.iter().find(|file| file.field == "file" && !file.bytes.is_empty());
    let Some(upload) = upload else {
        let wrong = "choose a file that is not empty".to_owned();
        return page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (String::new(), wrong));
    };
    let name = intake::plain_name(&upload.name);
    let incoming = Incoming { bytes: &upload.bytes, name: &name, received_at: ctx.now };
    match intake::take(ctx, &incoming) {
        Ok(_) => Ok(Answer::See("/queue?done=sent#latest".to_owned())),
        Err(Error::Bad { message, .. }) => {
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (String::new(), message))
        }
        Err(error) => Err(error),
    }
}

/// Hands out a file's original bytes, and records who took them.
pub(crate) fn bytes(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let (receipt, bytes) = desk::file_bytes(ctx, &ReceiptId::from(asked.param("receipt")))?;
    let name = format!("{}-{}", receipt.receipt_id, receipt.name);
    Ok(Answer::File { bytes, media_type: "application/octet-stream".to_owned(), name })
}

/// Settles a unit that waited: it went to a case, or there is a reason why it did not.
pub(crate) fn resolve(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let receipt_id = ReceiptId::from(asked.param("receipt"));
    let unit = asked.form.get("unit").and_then(|unit| unit.parse().ok()).ok_or(Error::NotFound)?;
    let wrong = |words: String| {
        page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (String::new(), capital(&words)))
    };
    let number = match asked.form.get("number").map(CaseNumber::parse).transpose() {
        Ok(number) => number,
        Err(problem) => return wrong(problem.message),
    };
    let why = asked.form.get("why").and_then(|why| {
        desk::SETTLED_WITHOUT_CASE.into_iter().map(|(code, _)| code).find(|code| *code == why)
    });
    let settled = match (&number, why) {
        (Some(number), None) => Settled::Case(number),
        (None, Some(why)) => Settled::Without(why),
        (None, None) => {
            return wrong(
                "say how it was settled: enter the case number, or choose why there is none"
                    .to_owned(),
            );
        }
        (Some(_), Some(_)) => {
            return wrong("enter the case number or choose why there is none, not both".to_owned());
        }
    };
    match desk::resolve_unit(ctx, (&receipt_id, unit), settled) {
        Ok(()) => Ok(Answer::See("/queue?done=resolution".to_owned())),
        Err(Error::Bad { message, .. }) => wrong(message),
        Err(error) => Err(error),
    }
}

fn view(ctx: &Ctx, ListedFile { receipt, units, has_more }: &ListedFile) -> FileView {
    let is_settled = receipt.outcome == "queued" && !has_more && !units.iter().any(waits);
    let (tone, outcome) = if is_settled { settled() } else { outcome(&receipt.outcome) };
    let id = encoded(receipt.receipt_id.as_str());
    let is_whole =
        matches!(&units[..], [unit] if !has_more && waits(unit) && unit.case_id.is_none());
    let may_open = is_whole && Permission::Refer.is_for(ctx.actor.role);
    FileView {
        name: receipt.name.clone(),
        format: receipt.format.clone(),
        sender: receipt.sender.clone().unwrap_or_default(),
        size: size(receipt.size),
        at: When::in_full(receipt.received_at, &ctx.app.settings.hub_zone),
        outcome,
        tone,
        open_path: if may_open { format!("/referrals/new?file={id}") } else { String::new() },
        path: format!("/queue/{id}"),
        problems: problems(&receipt.problems),
        units: units.iter().map(unit_view).collect(),
        has_more: *has_more,
        has_detail: units.len() > 1
            || units.iter().any(|unit| unit.case_id.is_some() || unit.problems.len() > 2),
    }
}

fn waits(unit: &Unit) -> bool {
    unit.outcome == "queued" && unit.resolved_at.is_none()
}

fn unit_view(unit: &Unit) -> UnitView {
    let waits = waits(unit);
    let is_settled = unit.outcome == "queued" && !waits;
    let (tone, outcome) = if is_settled { settled() } else { outcome(&unit.outcome) };
    UnitView {
        no: unit.unit,
        place: if unit.place.is_empty() { "The file".to_owned() } else { unit.place.clone() },
        outcome,
        tone,
        case_path: unit
            .case_id
            .as_ref()
            .map(|id| format!("/cases/{}", encoded(id.as_str())))
            .unwrap_or_default(),
        problems: problems(&unit.problems),
        waits,
    }
}

pub(crate) fn problems(json: &str) -> Vec<ProblemView> {
    let problems: Vec<Problem> = serde_json::from_str(json).unwrap_or_default();
    let view = |problem: Problem| ProblemView {
        code: problem.code,
        at: problem.at,
        words: capital(&problem.message),
    };
    problems.into_iter().map(view).collect()
}

fn settled() -> (&'static str, String) {
    ("good", "Settled".to_owned())
}

fn outcome(name: &str) -> (&'static str, String) {
    match name {
        "opened" => ("good", "Opened a case".to_owned()),
        "linked" => ("good", "Linked to a case".to_owned()),
        "updated" => ("good", "Changed a case".to_owned()),
        "queued" => ("soon", "Waits for a person".to_owned()),
        "refused" => ("late", "Refused".to_owned()),
        "unsupported" => ("", "Not an order".to_owned()),
        other => ("", capital(other)),
    }
}

/// A size in the unit that people think of it in.
pub(crate) fn size(bytes: u64) -> String {
    const KB: u64 = 1024;
    match bytes {
        0..KB => format!("{bytes} B"),
        _ if bytes < KB * KB => format!("{} KB", bytes / KB),
        _ => format!("{} MB", bytes / (KB * KB)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_in_their_unit() {
        assert_eq!([size(12), size(2048), size(3 << 20)], ["12 B", "2 KB", "3 MB"]);
    }
}
