//! The nurses' board: each case in its place, with the reason.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{Left, When, length};
use crate::words;
use askama::Template;
use doorstep_app::triage::{self, Placed};
use doorstep_app::{Ctx, Result};
use doorstep_case::acuity::Why;
use doorstep_case::intake::Priority;
use doorstep_vocab::Timestamp;

/// One case.
struct Row {
    nth: usize,
    path: String,
    number: String,
    payer: String,
    lines: String,
    acuity: String,
    tone: &'static str,
    is_said: bool,
    why: Vec<(&'static str, String)>,
    left: Option<(Left, When)>,
    age: String,
}

#[derive(Template)]
#[template(path = "triage/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    waiting: Vec<Row>,
    at_risk: Vec<Row>,
    has_more: bool,
    has_more_at_risk: bool,
    max: u32,
}

/// Shows the board. It names no member.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let board = triage::board(ctx)?;
    let rows = |placed: &[Placed]| -> Vec<Row> {
        (1..).zip(placed).map(|(nth, placed)| view(ctx, nth, placed)).collect()
    };
    let page = Page {
        shell: &asked.shell,
        waiting: rows(&board.waiting),
        at_risk: rows(&board.at_risk),
        has_more: board.has_more,
        has_more_at_risk: board.has_more_at_risk,
        max: triage::CASES_MAX,
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn view(ctx: &Ctx, nth: usize, placed: &Placed) -> Row {
    let (case, place) = (&placed.case, &placed.place);
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let (received_on, today) = (case.intake.received_at.date(zone), ctx.now.date(zone));
    let terms = ctx.app.packs.terms_between(&case.intake.payer_id, received_on, today);
    let lines: Vec<String> = case.open_lines().map(|line| words::line(line, &terms)).collect();
    let payer = ctx.app.packs.payer(&placed.payer_id);
    let is_timed = place.at < Timestamp(i64::MAX);
    let due = is_timed.then(|| {
        let left = Left::of(ctx.now, place.received_at, place.at, false);
        (left, When::at(place.at, zone))
    });
    Row {
        nth,
        path: format!("/cases/{}#do-triage", encoded(placed.case_id.as_str())),
        number: placed
            .number
            .as_ref()
            .map_or_else(|| placed.case_id.to_string(), ToString::to_string),
        payer: payer.map(|payer| payer.name.to_owned()).unwrap_or_default(),
        lines: lines.join("; "),
        acuity: words::priority(place.acuity).to_owned(),
        tone: match place.acuity {
            Priority::P0 => "late",
            Priority::P1 => "soon",
            Priority::P2 | Priority::P3 => "",
        },
        is_said: place.is_said,
        why: place.why.iter().map(|why| reason(placed, *why, zone)).collect(),
        left: due,
        age: length(ctx.now.since(place.received_at)),
    }
}

fn reason(placed: &Placed, why: Why, zone: &doorstep_vocab::Zone) -> (&'static str, String) {
    let at = |at: Timestamp| When::at(at, zone).local;
    match why {
        Why::Therapy(no, due) => {
            let line = placed.case.lines.get(&no);
            let what = line.map(|line| line.family.to_string().replace('-', " "));
            let what = what.filter(|what| !what.is_empty()).unwrap_or_else(|| "therapy".to_owned());
            ("late", format!("{} is due {}, and nothing is planned", capital(&what), at(due)))
        }
        Why::Discharge(due) => ("soon", format!("Discharge {}", at(due))),
        Why::Urgent => ("soon", "Ordered as urgent".to_owned()),
        Why::ClinicalRisk => ("late", "Clinical risk was raised".to_owned()),
        Why::Missed => ("late", "A clock has run out".to_owned()),
        Why::Routine => ("", "Nothing presses: in the order of arrival".to_owned()),
    }
}
