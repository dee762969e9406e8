//! The page for whoever bills: a case by its number, and of it what is billed.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::day;
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::billing::{self, Billed, BilledLine};
use doorstep_app::{Ctx, Result};
use doorstep_vocab::{CaseNumber, Date};

#[derive(Template)]
#[template(path = "billing/find.html")]
struct Find<'a> {
    shell: &'a Shell,
    form: Form,
}

struct LineRow {
    no: String,
    code: String,
    authorized: String,
    delivered: String,
    returned: String,
    authorizations: Vec<String>,
    delivered_on: String,
    provider: String,
}

#[derive(Template)]
#[template(path = "billing/case.html")]
struct Page<'a> {
    shell: &'a Shell,
    number: String,
    pairs: Vec<(&'static str, String)>,
    lines: Vec<LineRow>,
}

/// Asks for a case number.
pub(crate) fn show(_: &Ctx, asked: &Asked) -> Result<Answer> {
    ask(asked, StatusCode::OK, &[])
}

/// Leads to what is billed of the case of a number.
pub(crate) fn find(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let typed = asked.form.get("number").unwrap_or_default();
    let found = match CaseNumber::parse(typed.trim()) {
        Ok(number) => billing::find(ctx, &number)?,
        Err(_) => None,
    };
    if let Some(id) = found {
        return Ok(Answer::See(format!("/cases/{}/billing", encoded(id.as_str()))));
    }
    let words = "no case has this number: read it again";
    ask(asked, StatusCode::UNPROCESSABLE_ENTITY, &[Wrong::at("number", words)])
}

fn ask(asked: &Asked, status: StatusCode, wrong: &[Wrong]) -> Result<Answer> {
    let mut form = Form::new("find", "/billing", "Open a case", asked.csrf())
        .field(Field::line("number", "Case number").required().hint("As HC-261123-0001-7"))
        .submit("Open");
    form.is_main = true;
    if !wrong.is_empty() {
        form.refill(&asked.form, wrong);
    }
    let page = Find { shell: &asked.shell, form };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

/// Shows what is billed of a case.
pub(crate) fn of_case(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let case_id = asked.case_id();
    let billed = billing::of_case(ctx, &case_id)?;
    let number = billed.number.as_ref().map_or_else(|| case_id.to_string(), ToString::to_string);
    let page = Page {
        shell: &asked.shell,
        number,
        pairs: pairs(ctx, &billed),
        lines: billed.lines.iter().map(row).collect(),
    };
    Ok(Answer::page(page.render().map_err(broken)?))
}

fn pairs(ctx: &Ctx, billed: &Billed) -> Vec<(&'static str, String)> {
    let not_known = || "not known".to_owned();
    vec![
        ("Member", billed.member.reveal().clone()),
        ("Born", billed.birth_on.as_ref().map_or_else(not_known, |on| day(*on.reveal()))),
        ("Plan ID", billed.plan_id.as_ref().map_or_else(not_known, |id| id.reveal().clone())),
        ("Payer", words::payer(ctx, &billed.payer_id)),
        ("Diagnoses", billed.diagnoses.join(", ")),
    ]
}

fn row(line: &BilledLine) -> LineRow {
    let count = |n| words::quantity(n, line.unit);
    let days = |from: Option<Date>, to: Option<Date>| match (from, to) {
        (Some(from), Some(to)) => format!(", {} to {}", day(from), day(to)),
        (Some(from), None) => format!(", from {}", day(from)),
        (None, Some(to)) => format!(", until {}", day(to)),
        (None, None) => String::new(),
    };
    let delivered_on: Vec<String> = line.delivered_on.iter().map(|on| day(*on)).collect();
    LineRow {
        no: line.no.to_string(),
        code: line.code.clone(),
        authorized: count(line.authorized),
        delivered: count(line.delivered),
        returned: count(line.returned),
        authorizations: line
            .authorizations
            .iter()
            .map(|(number, from, to)| capital(&format!("{number}{}", days(*from, *to))))
            .collect(),
        delivered_on: delivered_on.join(", "),
        provider: line.provider.as_ref().map_or_else(String::new, |(name, npi)| match npi {
            Some(npi) => format!("{name}, NPI {npi}"),
            None => name.clone(),
        }),
    }
}
