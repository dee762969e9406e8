//! Complaints: all that is open, by the clock that is due next, and what they were about of late.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::Choice;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{Left, When};
use crate::words;
use askama::Template;
use doorstep_app::raised::{self, RATE_DAYS};
use doorstep_app::{Ctx, Result};
use doorstep_case::disputes::ComplaintCategory;
use doorstep_store::complaints::{Counted, Listed};
use doorstep_vocab::{CaseId, DisputeId, Timestamp};

/// One open complaint.
struct Row {
    path: String,
    number: String,
    payer: String,
    kind: String,
    category: String,
    severity: &'static str,
    is_grave: bool,
    from: String,
    received: When,
    tone: &'static str,
    state: &'static str,
    clock: String,
    due: When,
    left: Left,
}

/// What came of one category.
struct Count {
    category: String,
    path: String,
    n: Counted,
}

#[derive(Template)]
#[template(path = "complaints/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    rows: Vec<Row>,
    categories: Vec<Choice>,
    counts: Vec<Count>,
    next: Option<String>,
    days: i64,
}

/// Shows the open complaints. It names no member.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let category = asked.query.get("category").and_then(ComplaintCategory::parse);
    let found = raised::complaints(ctx, category, after(asked).as_ref())?;
    let categories = ComplaintCategory::ALL
        .iter()
        .map(|one| Choice::new(one.code(), capital(one.words())).chosen(category == Some(*one)));
    let narrowed = category.map(|one| format!("&category={}", one.code())).unwrap_or_default();
    let page = Page {
        shell: &asked.shell,
        rows: found.open.iter().map(|row| view(ctx, row)).collect(),
        categories: categories.collect(),
        counts: found.counted.into_iter().map(count).collect(),
        next: found.next.map(|(at, case_id, id)| {
            let (case, id) = (encoded(case_id.as_str()), encoded(id.as_str()));
            format!("/complaints?after={}&case={case}&complaint={id}{narrowed}", at.0)
        }),
        days: RATE_DAYS,
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn view(ctx: &Ctx, row: &Listed) -> Row {
    let zone = &ctx.app.settings.hub_zone;
    let (tone, state) = match (row.acknowledged_at, row.answered_at) {
        (_, Some(_)) => ("turn", "answered, to be resolved"),
        (Some(_), None) => ("soon", "acknowledged"),
        (None, None) => ("late", "not acknowledged"),
    };
    let payer = ctx.app.packs.payer(&row.payer_id);
    Row {
        path: format!("/cases/{}#disputes-head", encoded(row.case_id.as_str())),
        number: row.number.as_ref().map_or_else(|| row.case_id.to_string(), ToString::to_string),
        payer: payer.map(|payer| payer.name.to_owned()).unwrap_or_default(),
        kind: capital(row.kind.words()),
        category: capital(row.category.words()),
        severity: row.severity.code(),
        is_grave: row.severity.code() <= "2",
        from: format!("{}, by {}", capital(row.from.words()), row.door.words()),
        received: When::at(row.received_at, zone),
        tone,
        state,
        clock: match row.due_clock.as_str() {
            "" => "No clock runs".to_owned(),
            rule => capital(&words::clock(rule)),
        },
        due: When::at(row.due_at, zone),
        left: Left::of(ctx.now, row.received_at, row.due_at, false),
    }
}

fn count(n: Counted) -> Count {
    Count {
        category: capital(n.category.words()),
        path: format!("/complaints?category={}", n.category.code()),
        n,
    }
}

fn after(asked: &Asked) -> Option<(Timestamp, CaseId, DisputeId)> {
    let at = asked.query.get("after")?.parse().ok()?;
    let case_id = CaseId::from(asked.query.get("case")?);
    Some((Timestamp(at), case_id, DisputeId::from(asked.query.get("complaint")?)))
}
