//! The case page: everything about one case, and every command that a person may give it.

pub(crate) mod amendment;
mod choices;
mod clocks;
mod desk;
mod differs;
mod forms;
mod lines;
pub(crate) mod messages;
pub(crate) mod others;
pub(crate) mod outside;
mod page;
mod past;
pub(crate) mod people;
mod possible;
mod rows;
mod story;
mod undo;

pub(crate) use forms::permission;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::posted::Wrong;
use crate::signin::encoded;
use axum::http::StatusCode;
use doorstep_app::command::{CommandForm, Input};
use doorstep_app::{Ctx, Error, Result};
use doorstep_case::DocumentKind;
use doorstep_exchange::Attachment;
use doorstep_store::notes::Visibility;
use doorstep_vocab::{DocumentId, Phi};
use page::{Said, Sent};

/// Shows the case.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let said = match asked.query.get("done") {
        None => Said::Nothing,
        Some("opened") => Said::Done("The case is open."),
        Some("repeated") => Said::Done(
            "This form was sent before. This is the case that it led to: nothing was opened twice.",
        ),
        Some("linked") => Said::Done(
            "This order was here already: it was added to this case, and nothing was opened twice.",
        ),
        Some("linked-differs") => Said::Done(
            "This order was here already, and differs from it: nothing was opened twice. What differs is among the notes; \
             compare the two.",
        ),
        Some("next-own") => {
            Said::Done("Your next case: of your own that are your turn, it is due first.")
        }
        Some("next-taken") => Said::Done(
            "Your next case: nobody had it, and it is due before all of your own. It is yours now.",
        ),
        Some("amendments") => Said::Done("What was entered is recorded."),
        Some("messages") => Said::Done("The message goes out."),
        Some("readings") => Said::Done("What came in is read."),
        Some("notes") => Said::Done("The note is kept."),
        Some("documents") => Said::Done("The document is stored."),
        Some(_) => Said::DoneLast,
    };
    page::answer(ctx, asked, StatusCode::OK, &said)
}

/// Tells a page whether it still shows the case as it stands. No personal data, so no look is recorded.
pub(crate) fn version(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    Ok(Answer::Text(doorstep_app::desk::version(ctx, &asked.case_id())?.to_string()))
}

fn back(asked: &Asked, done: &str) -> Answer {
    Answer::See(format!("/cases/{}?done={done}", encoded(asked.case_id().as_str())))
}

/// Gives a command to the case. What the rules refuse comes back with what was entered.
pub(crate) fn command(ctx: &Ctx, asked: &Asked, command: &'static CommandForm) -> Result<Answer> {
    match give(ctx, asked, command) {
        Ok(()) => Ok(back(asked, command.noun)),
        Err(Failed::Wrong(wrong)) => {
            let sent = Sent { form: format!("do-{}", command.name), wrong };
            page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &Said::Refused(sent))
        }
        Err(Failed::Error(Error::Stale)) => {
            let sent = Sent { form: format!("do-{}", command.name), wrong: Vec::new() };
            page::answer(ctx, asked, StatusCode::CONFLICT, &Said::Stale(sent))
        }
        Err(Failed::Error(error)) => Err(error),
    }
}

enum Failed {
    Wrong(Vec<Wrong>),
    Error(Error),
}

fn give(ctx: &Ctx, asked: &Asked, command: &CommandForm) -> std::result::Result<(), Failed> {
    let left_out = forms::left_out(command, &asked.form);
    if !left_out.is_empty() {
        return Err(Failed::Wrong(left_out));
    }
    let seen = asked.seen().ok_or_else(|| {
        Failed::Error(Error::bad("seen", "the form is not one of this page: open the case again"))
    })?;
    let case = doorstep_app::desk::case_for_form(ctx, &asked.case_id()).map_err(Failed::Error)?;
    let values = forms::answers(command, &asked.form);
    let hub_zone = &ctx.app.settings.hub_zone;
    let input = Input { values: &values, case: &case, hub_zone, fresh_id: &ctx.request_id };
    let read = command
        .read(&input)
        .map_err(|problem| Failed::Wrong(vec![Wrong::at(problem.field, problem.message)]))?;
    match doorstep_app::enter(ctx, &asked.case_id(), Some(seen), &read) {
        Ok(_) => Ok(()),
        Err(Error::Refused(refusal)) => Err(Failed::Wrong(vec![Wrong::at(
            refusal.field().unwrap_or_default(),
            refusal.to_string(),
        )])),
        Err(Error::Bad { message, .. }) => Err(Failed::Wrong(vec![Wrong::at("", message)])),
        Err(error) => Err(Failed::Error(error)),
    }
}

/// Keeps a note.
pub(crate) fn note(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let text = asked.form.get("text").unwrap_or_default().to_owned();
    match doorstep_app::note(ctx, &asked.case_id(), Visibility::Hub, Phi::new(text)) {
        Ok(_) => Ok(back(asked, "notes")),
        Err(error) => refused(ctx, asked, error, ("do-note", "text")),
    }
}

/// Stores a document.
pub(crate) fn attach(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let Some(kind) = asked.form.get("kind").and_then(DocumentKind::parse) else {
        let error = Error::bad("document-kind", "choose what the document is");
        return refused(ctx, asked, error, ("do-document", "kind"));
    };
    let upload = asked.files.iter().find(|file| file.field == "file");
    let title = asked.form.text("title").or_else(|| upload.map(|file| file.name.clone()));
    let attachment = Attachment {
        bytes: upload.map(|file| file.bytes.clone()).unwrap_or_default(),
        media_type: upload.map(|file| file.media_type.clone()).unwrap_or_default(),
        kind,
        title: title.map(Phi::new),
    };
    match doorstep_app::desk::add_document(ctx, &asked.case_id(), &attachment) {
        Ok(_) => Ok(back(asked, "documents")),
        Err(error) => refused(ctx, asked, error, ("do-document", "file")),
    }
}

fn refused(ctx: &Ctx, asked: &Asked, error: Error, (form, field): (&str, &str)) -> Result<Answer> {
    let words = match error {
        Error::Bad { message, .. } => message,
        Error::Refused(refusal) => refusal.to_string(),
        error => return Err(error),
    };
    let sent = Sent { form: form.to_owned(), wrong: vec![Wrong::at(field, words)] };
    page::answer(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, &Said::Refused(sent))
}

/// Hands out a document, and records who took it.
pub(crate) fn document(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let document_id = DocumentId::from(asked.param("document"));
    let (document, bytes) = doorstep_app::desk::document(ctx, &asked.case_id(), &document_id)?;
    let ending =
        document.media_type.rsplit('/').next().filter(|ending| ending.len() <= 4).unwrap_or("bin");
    let name = format!("{}-{document_id}.{ending}", document.kind.name());
    Ok(Answer::File { bytes, media_type: document.media_type, name })
}
