//! `doorstep audit`: who did or saw what, by case, user and period.

use super::case::find;
use crate::cli::Audit;
use crate::output::{say, say_json};
use crate::place::Place;
use doorstep_app::{Ctx, trail};
use doorstep_store::audit::{Audited, Filter};
use doorstep_vocab::{Date, DateTime, Time, Timestamp, UserId};
use std::process::ExitCode;

/// Entries read at once.
const PAGE: u32 = 500;

/// Prints the entries.
pub(crate) fn run(place: &Place, args: &Audit) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    let ctx = app.system("command-line");
    let mut filter = Filter {
        case_id: args.case.as_deref().map(|number| find(&ctx, number)).transpose()?,
        user_id: args.user.as_deref().map(UserId::from),
        before: None,
    };
    let from = args.from.map(|day| begin(&ctx, day));
    let until = args.to.map(|day| day.tomorrow().map(|next| begin(&ctx, next))).transpose()?;
    let mut left = args.limit;
    while left > 0 {
        let page = trail::page(&ctx, &filter, PAGE)?;
        let Some(last) = page.last() else { break };
        filter.before = Some(last.entry.audit_id.clone());
        let is_past = from.is_some_and(|from| last.entry.at < from);
        let is_asked = |one: &&Audited| {
            from.is_none_or(|from| one.entry.at >= from)
                && until.is_none_or(|until| one.entry.at < until)
        };
        for one in page.iter().filter(is_asked).take(left as usize) {
            print(&ctx, one, args.json)?;
            left -= 1;
        }
        if is_past {
            break;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The first instant of a day in the hub's zone.
fn begin(ctx: &Ctx, day: Date) -> Timestamp {
    ctx.app.settings.hub_zone.instant(DateTime::from_parts(day, Time::midnight()))
}

fn print(ctx: &Ctx, Audited { entry, n_cases }: &Audited, is_json: bool) -> anyhow::Result<()> {
    if is_json {
        return say_json(&serde_json::json!({
            "at": entry.at.to_string(), "user": entry.user_id, "role": entry.role.name(), "action": entry.action,
            "case_id": entry.case_id, "object": entry.object, "purpose": entry.purpose, "outcome": entry.outcome,
            "request": entry.request_id, "n_cases": n_cases,
        }));
    }
    let at = super::case::local(entry.at, &ctx.app.settings.hub_zone);
    let case = entry.case_id.as_ref().map(|id| format!("case {id} ")).unwrap_or_default();
    say(format!(
        "{at}  {:<16} {:<11} {:<24} {:<8} {case}{}",
        entry.user_id,
        entry.role.name(),
        entry.action,
        entry.outcome,
        entry.object
    ))
}
