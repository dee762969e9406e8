//! A supervisor now: one page from a case or a call, with a summary written from the case. It may be changed before it goes.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::case::people;
use crate::errors::capital;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::command::{Entered, Words};
use doorstep_app::{CaseNow, Ctx, Error, Result, case_now, desk, rota};
use doorstep_case::Command;
use doorstep_case::disputes::{DisputesCommand, EscalationReason};
use doorstep_case::handover::{Names, summary};
use doorstep_case::rota::Duty;
use doorstep_vocab::{CallId, DocumentId, EscalationId, Phi, Timestamp};

/// The levels that a supervisor answers. Source: facts 6.4, L1 and L2.
const LEVELS: [(&str, u8, &str); 2] = [
    ("1", 1, "1: the team lead, within a business hour"),
    ("2", 2, "2: a supervisor and the network desk, within half an hour"),
];

#[derive(Template)]
#[template(path = "escalations/supervisor.html")]
struct Page<'a> {
    shell: &'a Shell,
    number: String,
    member: String,
    path: String,
    back: String,
    on_call: String,
    form: Form,
}

/// Shows the form, filled in.
pub(crate) fn call(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, &[])
}

/// Raises it. What the case has become meanwhile does not matter: whoever needs help now gets it.
pub(crate) fn raise(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let mut wrong = Vec::new();
    let level = |text: &str| LEVELS.iter().find(|one| one.0 == text).map(|one| one.1);
    let level = asked.form.choice("level", level, &mut wrong);
    let reason = asked.form.choice("reason", EscalationReason::parse, &mut wrong);
    let text = asked.form.text("words");
    for (is_there, field, words) in [
        (level.is_some(), "level", "choose a level"),
        (reason.is_some(), "reason", "choose why"),
        (text.is_some(), "words", "say what it is about"),
    ] {
        if !is_there && wrong.iter().all(|one| one.field != field) {
            wrong.push(Wrong::at(field, words));
        }
    }
    let (Some(level), Some(reason), Some(text)) = (level, reason, text) else {
        return page(ctx, asked, &wrong);
    };
    let id = asked.form.text("escalation_id").unwrap_or_else(|| ctx.request_id.clone());
    let call_id = asked.form.get("call").map(CallId::from);
    let command = Command::Disputes(DisputesCommand::Escalate {
        escalation_id: EscalationId(id.clone()),
        level,
        reason,
        call_id: call_id.clone(),
        message_id: Some(DocumentId(id)),
    });
    let asked_by = Phi::new(asked.form.text("asked_by").unwrap_or_default());
    let words = Some(Words { asked_by, text: Phi::new(text) });
    let entered = Entered { command, contact: None, words };
    match doorstep_app::enter(ctx, &asked.case_id(), None, &entered) {
        Ok(_) => Ok(Answer::See(match call_id {
            Some(call) => format!("/calls/{}?done=raised", encoded(call.as_str())),
            None => format!("/cases/{}?done=escalations", encoded(asked.case_id().as_str())),
        })),
        Err(Error::Refused(refusal)) => {
            let wrong = Wrong::at(refusal.field().unwrap_or_default(), refusal.to_string());
            page(ctx, asked, &[wrong])
        }
        Err(error) => Err(error),
    }
}

fn page(ctx: &Ctx, asked: &Asked, wrong: &[Wrong]) -> Result<Answer> {
    let case_id = asked.case_id();
    let now = case_now(ctx, &case_id)?;
    let path = format!("/cases/{}", encoded(case_id.as_str()));
    let call = asked.query.get("call").or_else(|| asked.form.get("call"));
    let mut form = form(ctx, asked, (&now, &path), call)?;
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if !wrong.is_empty() {
        form.refill(&asked.form, wrong);
    }
    let page = Page {
        shell: &asked.shell,
        member: people::member(&now.party, ctx.now.date(&ctx.app.settings.hub_zone)).name,
        number: now.case.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        back: call.map_or_else(|| path.clone(), |call| format!("/calls/{}", encoded(call))),
        on_call: rota::rota(ctx)?.now_in_words(Duty::Supervisor),
        path,
        form,
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn form(
    ctx: &Ctx,
    asked: &Asked,
    (now, path): (&CaseNow, &str),
    call: Option<&str>,
) -> Result<Form> {
    let is_pressing = now.case.intake.urgency != doorstep_case::Urgency::Routine;
    let likely = if is_pressing { "2" } else { "1" };
    let levels = LEVELS.iter().map(|(value, _, words)| Choice::new(*value, *words));
    let reasons = EscalationReason::ALL.iter();
    let reasons = reasons.map(|reason| Choice::new(reason.code(), capital(reason.words())));
    let id: String = doorstep_app::token().reveal().chars().take(24).collect();
    let mut form =
        Form::new("supervisor", format!("{path}/supervisor"), "Raise it now", asked.csrf())
            .field(
                Field::new("level", "To whom", Control::Radios(levels.collect()))
                    .required()
                    .with(likely),
            )
            .field(
                Field::new("reason", "Because", Control::Select(reasons.collect()))
                    .required()
                    .with(EscalationReason::CallerAsked.code()),
            )
            .field(
                Field::line("asked_by", "Who asked, when it was a caller")
                    .hint("Name and organisation."),
            )
            .field(
                Field::new("words", "What they have to know", Control::Area)
                    .required()
                    .wide()
                    .hint("Written from the case. Change it, and say what is to be done.")
                    .with(written(ctx, now)?),
            )
            .hide("escalation_id", id)
            .hide("call", call.unwrap_or_default());
    form.is_main = true;
    Ok(form)
}

/// Returns the summary of a case, with names and times as people say them.
fn written(ctx: &Ctx, now: &CaseNow) -> Result<String> {
    let case = &now.case;
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let (received_on, today) = (case.intake.received_at.date(zone), ctx.now.date(zone));
    let terms = ctx.app.packs.terms_between(&case.intake.payer_id, received_on, today);
    let member = people::member(&now.party, today);
    let staff = desk::people(ctx)?;
    let ids: Vec<_> = case
        .placement
        .offers
        .values()
        .map(|offer| offer.provider_id.clone())
        .chain(case.lines.values().filter_map(|line| line.placement.provider().cloned()))
        .collect();
    let providers = desk::providers(ctx, &ids)?;
    let payer = ctx.app.packs.payer(&case.intake.payer_id);
    let names = Names {
        member: &format!("{}, born {}", member.name, member.birth),
        payer: payer.as_ref().map_or("payer not known", |payer| payer.name),
        asked_by: None,
        line: &|no| case.lines.get(&no).map(|line| words::line(line, &terms)).unwrap_or_default(),
        provider: &|id| {
            providers.get(id).map_or_else(|| id.to_string(), |provider| provider.name.clone())
        },
        person: &|id| staff.get(id).cloned().unwrap_or_else(|| id.to_string()),
        at: &|at: Timestamp| When::at(at, zone).local,
    };
    Ok(summary(case, &now.missing, &now.next, &names))
}
