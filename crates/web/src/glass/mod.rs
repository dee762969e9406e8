//! Emergencies: the glass is broken on the page where access is asked for, and reviewed by the privacy officer on a page of
//! their own.

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
use doorstep_app::glass::{self, Broken, HOURS, PURPOSES, Said};
use doorstep_app::{Ctx, Error, Result};

/// Breaks the glass, or shows the page again with what is missing.
pub(crate) fn break_it(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let given = |name| asked.form.get(name).unwrap_or_default();
    let said = Said {
        purpose: given("purpose").to_owned(),
        reason: given("reason").to_owned(),
        emergency: glass::emergency(given("recipient"), given("affiliation"), given("nature")),
    };
    match glass::break_glass(ctx, &asked.case_id(), &said) {
        Ok(()) => Ok(Answer::See(format!("/cases/{}", encoded(asked.case_id().as_str())))),
        Err(Error::Bad { code, message }) => {
            let field = match code {
                "part2-record" => "recipient",
                "reason-missing" => "reason",
                _ => "purpose",
            };
            crate::access::refused(ctx, asked, Wrong::at(field, message))
        }
        Err(error) => Err(error),
    }
}

/// Returns the form that breaks the glass.
pub(crate) fn form(asked: &Asked) -> Form {
    let path = format!("/cases/{}/glass", encoded(asked.case_id().as_str()));
    let purposes =
        PURPOSES.iter().map(|(code, words)| Choice::new(*code, capital(words))).collect();
    Form::new("glass", path, "It is an emergency", asked.csrf())
        .field(Field::new("purpose", "Which", Control::Select(purposes)).required())
        .field(Field::new("reason", "What happened", Control::Area).required())
        .field(
            Field::line("recipient", "Who receives what you see")
                .hint("Asked for where substance use disorder treatment is labelled: 42 CFR 2.51."),
        )
        .field(Field::line("affiliation", "At which health care facility"))
        .field(Field::line("nature", "Nature of the emergency"))
        .submit(format!("See the case for {HOURS} hours"))
}

struct Row {
    number: String,
    trail: String,
    user: String,
    taken: When,
    review_by: Option<When>,
    is_late: bool,
    purpose: &'static str,
    reason: String,
    record: Vec<(&'static str, String)>,
    form: Form,
}

#[derive(Template)]
#[template(path = "glass/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    said: &'static str,
    rows: Vec<Row>,
}

/// Lists the emergencies that wait for a review.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let said = match asked.query.get("done") {
        Some("reviewed") => "The review is kept.",
        _ => "",
    };
    page(ctx, asked, (StatusCode::OK, said), None)
}

/// Reviews one.
pub(crate) fn review(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let access_id = asked.param("access");
    let finding = asked.form.get("finding");
    let words = asked.form.get("words").unwrap_or_default();
    let done = match finding {
        Some("justified") => glass::review(ctx, access_id, true, words),
        Some("unjustified") => glass::review(ctx, access_id, false, words),
        _ => Err(Error::bad("finding", "say what you found")),
    };
    match done {
        Ok(()) => Ok(Answer::See("/glass?done=reviewed".to_owned())),
        Err(Error::Bad { code, message }) => {
            let field = if code == "finding" { "finding" } else { "words" };
            let wrong = Wrong::at(field, message);
            let (status, wrong) = (StatusCode::UNPROCESSABLE_ENTITY, Some((access_id, &wrong)));
            page(ctx, asked, (status, ""), wrong)
        }
        Err(error) => Err(error),
    }
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    (status, said): (StatusCode, &'static str),
    wrong: Option<(&str, &Wrong)>,
) -> Result<Answer> {
    let mut rows: Vec<Row> =
        glass::waiting(ctx)?.into_iter().map(|one| row(ctx, asked, one)).collect();
    if let Some((id, wrong)) = wrong
        && let Some(row) = rows.iter_mut().find(|row| row.form.id == format!("review-{id}"))
    {
        row.form.refill(&asked.form, std::slice::from_ref(wrong));
    }
    let page = Page { shell: &asked.shell, said, rows };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn row(ctx: &Ctx, asked: &Asked, Broken { access, number }: Broken) -> Row {
    let zone = &ctx.app.settings.hub_zone;
    let purpose = PURPOSES.iter().find(|(code, _)| *code == access.purpose);
    let record = [
        ("Received by", &access.emergency.recipient),
        ("At", &access.emergency.affiliation),
        ("Nature of the emergency", &access.emergency.nature),
    ];
    let record = record.into_iter().map(|(name, text)| (name, text.reveal().clone()));
    Row {
        number: number.map_or_else(|| access.case_id.to_string(), |number| number.to_string()),
        trail: format!("/cases/{}/activity", encoded(access.case_id.as_str())),
        user: access.user_id.to_string(),
        taken: When::in_full(access.asked_at, zone),
        review_by: access.review_by.map(|at| When::in_full(at, zone)),
        is_late: access.review_by.is_some_and(|at| at <= ctx.now),
        purpose: purpose.map_or("another", |(_, words)| words),
        reason: access.reason.reveal().clone(),
        record: record.filter(|(_, text)| !text.is_empty()).collect(),
        form: review_form(asked, &access.access_id),
    }
}

fn review_form(asked: &Asked, id: &str) -> Form {
    let findings = vec![
        Choice::new("justified", "It was justified"),
        Choice::new("unjustified", "It was not"),
    ];
    Form::new(
        format!("review-{id}"),
        format!("/glass/{}/review", encoded(id)),
        "Review",
        asked.csrf(),
    )
    .field(Field::new("finding", "Finding", Control::Select(findings)).required())
    .field(Field::line("words", "Reason").required())
    .submit("Keep the review")
}
