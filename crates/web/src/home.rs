//! The start, the built-in files, and the word that says the process lives.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::assets;
use doorstep_app::{App, Ctx, Error, Result, raised};
use doorstep_case::Role;

/// Leads to the page that the role works with. Where something was raised that nobody has seen, a supervisor sees it first;
/// in an empty hub, whoever sets it up sees what it needs.
pub(crate) fn start(ctx: &Ctx, _: &Asked) -> Result<Answer> {
    if crate::first::comes_first(ctx)? {
        return Ok(Answer::See("/first-steps".to_owned()));
    }
    let is_called = ctx.actor.role == Role::Supervisor && raised::counts(ctx)?.n_unseen > 0;
    let first = crate::shell::first_place(ctx.actor.role).unwrap_or("/account");
    let path = if is_called { "/escalations" } else { first };
    Ok(Answer::See(path.to_owned()))
}

/// Says whether the process lives and can keep what it is given, and nothing else to anybody.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every handler has the one signature that the table holds"
)]
pub(crate) fn health(app: &App, _: &Asked) -> Result<Answer> {
    if app.db.is_broken() {
        return Ok(Answer::Unwell("broken: the store can no longer be written\n".to_owned()));
    }
    Ok(Answer::Text("ok\n".to_owned()))
}

/// Gives a built-in file.
pub(crate) fn asset(_: &App, asked: &Asked) -> Result<Answer> {
    assets::at(&asked.path).map(Answer::Asset).ok_or(Error::NotFound)
}
