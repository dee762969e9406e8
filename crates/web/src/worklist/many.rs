//! What is done to many cases of a list at once, the lists kept under a name, and the next case.

use super::narrowed::Narrowed;
use super::{Said, respond};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::posted::Wrong;
use crate::signin::encoded;
use axum::http::StatusCode;
use doorstep_app::lists::{self, Many};
use doorstep_app::{Ctx, Error, Result, away, desk};
use doorstep_vocab::{CaseId, UserId};

/// Gives the ticked cases to a colleague.
pub(crate) fn assign(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let to = asked.form.get("to").map(UserId::from);
    done(ctx, asked, "given to a colleague", |cases| {
        let to = to.ok_or_else(|| Error::bad("manager", "choose whom to give them to"))?;
        lists::assign(ctx, cases, &to)
    })
}

/// Reminds whoever was asked about the ticked cases.
pub(crate) fn chase(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    done(ctx, asked, "chased", |cases| lists::chase(ctx, cases))
}

/// Does it, and shows the list again with what became of it. A reload repeats nothing that matters: who has a case already is
/// given it again without a change, and a reminder too many is refused by the rules.
fn done(
    ctx: &Ctx,
    asked: &Asked,
    what: &'static str,
    act: impl FnOnce(&[CaseId]) -> Result<Many>,
) -> Result<Answer> {
    let cases: Vec<CaseId> = asked.form.all("case").map(CaseId::from).collect();
    let narrowed = posted(ctx, asked);
    if cases.is_empty() {
        let wrong = Wrong::at("case", "tick the cases first");
        return respond(
            ctx,
            asked,
            (StatusCode::UNPROCESSABLE_ENTITY, narrowed),
            Said::Wrong(wrong),
        );
    }
    match act(&cases) {
        Ok(many) => {
            let status = if many.refused.is_empty() {
                StatusCode::OK
            } else {
                StatusCode::UNPROCESSABLE_ENTITY
            };
            respond(ctx, asked, (status, narrowed), Said::Many(what, many))
        }
        Err(Error::Bad { message, .. }) => {
            let wrong = Wrong::at("case", message);
            respond(ctx, asked, (StatusCode::UNPROCESSABLE_ENTITY, narrowed), Said::Wrong(wrong))
        }
        Err(error) => Err(error),
    }
}

/// Keeps the list under a name.
pub(crate) fn keep(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let narrowed = posted(ctx, asked);
    let name = asked.form.get("name").unwrap_or_default();
    let is_shared = asked.form.is_ticked("shared");
    match lists::keep_view(ctx, (name, &narrowed.query()), is_shared) {
        Ok(view) => Ok(Answer::See(format!("/worklist?view={}", encoded(&view.view_id)))),
        Err(Error::Bad { message, .. }) => {
            let wrong = Wrong::at("name", message);
            respond(ctx, asked, (StatusCode::UNPROCESSABLE_ENTITY, narrowed), Said::Wrong(wrong))
        }
        Err(error) => Err(error),
    }
}

/// Forgets a list that was kept.
pub(crate) fn forget(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    lists::forget_view(ctx, asked.param("view"))?;
    Ok(Answer::See("/worklist?done=forgotten".to_owned()))
}

/// Leads to the case to work on next.
pub(crate) fn next(ctx: &Ctx, _: &Asked) -> Result<Answer> {
    if away::own(ctx)?.is_some() {
        return Ok(Answer::See("/worklist?queue=mine&done=away".to_owned()));
    }
    Ok(Answer::See(match lists::next_case(ctx)? {
        Some((case_id, why)) => {
            format!("/cases/{}?done=next-{}", encoded(case_id.as_str()), why.name())
        }
        None => "/worklist?queue=mine&done=no-next".to_owned(),
    }))
}

fn posted(ctx: &Ctx, asked: &Asked) -> Narrowed {
    let query = asked.form.get("query").unwrap_or_default();
    Narrowed::parse(query, desk::first_queue(ctx.actor.role))
}
