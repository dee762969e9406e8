//! The audit trail, for supervisors: of everybody, of one user, of one case. Looking at it is on it as well.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use askama::Template;
use doorstep_app::checkup::{self, Finding, Night};
use doorstep_app::{Ctx, Result, trail};
use doorstep_store::audit::{Audited, Filter};
use doorstep_vocab::UserId;

/// Nights that are shown.
const NIGHTS: u32 = 7;
/// Entries of one page.
const LISTED: u32 = 100;

struct Row {
    at: When,
    user: String,
    of_user: String,
    role: &'static str,
    action: String,
    object: String,
    case: Option<String>,
    n_cases: u32,
    is_refused: bool,
    request_id: String,
    rule: String,
}

#[derive(Template)]
#[template(path = "activity/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    title: String,
    nights: Vec<NightView>,
    rows: Vec<Row>,
    next: Option<String>,
}

/// A night's checkup.
struct NightView {
    day: String,
    at: When,
    wrong: Vec<Finding>,
}

/// Shows what everybody did, or one user.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let user_id = asked.query.get("user").map(UserId::from);
    let title =
        user_id.as_ref().map_or_else(|| "Activity".to_owned(), |id| format!("Activity of {id}"));
    let more =
        user_id.as_ref().map(|id| format!("user={}&", encoded(id.as_str()))).unwrap_or_default();
    let filter = Filter { user_id, before: asked.query.text("before"), ..Filter::default() };
    let is_first = filter.user_id.is_none() && filter.before.is_none();
    let nights = if is_first { nights(ctx)? } else { Vec::new() };
    page(ctx, asked, (&filter, title, format!("/activity?{more}")), nights)
}

/// Shows who did or saw what of a case.
pub(crate) fn of_case(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let case_id = asked.case_id();
    trail::has_case(ctx, &case_id)?;
    let path = format!("/cases/{}/activity?", encoded(case_id.as_str()));
    let filter =
        Filter { case_id: Some(case_id), before: asked.query.text("before"), ..Filter::default() };
    page(ctx, asked, (&filter, "Activity on this case".to_owned(), path), Vec::new())
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    (filter, title, path): (&Filter, String, String),
    nights: Vec<NightView>,
) -> Result<Answer> {
    let found = trail::page(ctx, filter, LISTED)?;
    let is_full = found.len() == LISTED as usize;
    let last = found.last().filter(|_| is_full);
    let next = last.map(|last| format!("{path}before={}", encoded(&last.entry.audit_id)));
    let rows = found.into_iter().map(|one| row(ctx, one)).collect();
    let page = Page { shell: &asked.shell, title, nights, rows, next };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn nights(ctx: &Ctx) -> Result<Vec<NightView>> {
    let view = |night: Night| NightView {
        day: night.day.to_string(),
        at: When::in_full(night.done_at, &ctx.app.settings.hub_zone),
        wrong: night.wrong,
    };
    Ok(checkup::nights(ctx, NIGHTS)?.into_iter().map(view).collect())
}

fn row(ctx: &Ctx, Audited { entry, n_cases }: Audited) -> Row {
    Row {
        at: When::in_full(entry.at, &ctx.app.settings.hub_zone),
        of_user: format!("/activity?user={}", encoded(entry.user_id.as_str())),
        user: entry.user_id.to_string(),
        role: entry.role.name(),
        action: entry.action,
        object: entry.object,
        case: entry.case_id.map(|id| format!("/cases/{}", encoded(id.as_str()))),
        n_cases,
        is_refused: entry.outcome == "refused",
        rule: entry.rule,
        request_id: entry.request_id,
    }
}
