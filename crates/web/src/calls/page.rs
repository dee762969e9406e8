//! The guided page of one call.

use super::forms::Forms;
use super::view::{self, Fact, Time, Told};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::Form;
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::When;
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::calls::{self, CallFile};
use doorstep_app::{Ctx, Permission, Result, rota};
use doorstep_case::calls::{Barred, Identifier, Level, Symptom, TransferTo};
use doorstep_case::rota::Duty;
use doorstep_store::worklist::Language;
use doorstep_vocab::{CallId, Zone};

#[derive(Template)]
#[template(path = "calls/show.html")]
struct Page<'a> {
    shell: &'a Shell,
    path: String,
    said: String,
    failed: String,
    wrong: Vec<(String, String)>,
    number: String,
    case_path: String,
    /// Where a supervisor is called for, once there is a case.
    supervisor_path: String,
    on_call: Vec<(String, String)>,
    title: String,
    caller: String,
    opening: String,
    closing: String,
    voicemail: String,
    started: When,
    state: &'static str,
    is_on_the_line: bool,
    is_wrapping: bool,
    times: Vec<Time>,
    questions: Vec<String>,
    level: &'static str,
    tone: &'static str,
    hears: String,
    never: Vec<String>,
    matched: String,
    barred: String,
    watched: String,
    facts: Vec<Fact>,
    told: Told,
    summary: String,
    notes: Form,
    correct: Form,
    interpreter: Form,
    held_in: String,
    identify: Option<Form>,
    attach: Option<Form>,
    call_id: String,
    may_refer: bool,
    transfer: Form,
    promise: Option<Form>,
    promised: Option<When>,
    end: Form,
    disposition: String,
    handed_to: &'static str,
}

/// Shows the page with what is wrong, if anything is.
pub(super) fn answer(
    ctx: &Ctx,
    asked: &Asked,
    status: StatusCode,
    wrong: &[Wrong],
) -> Result<Answer> {
    let file = calls::call_file(ctx, &CallId::from(asked.param("call")))?;
    let call = &file.call;
    let path = format!("/calls/{}", encoded(call.call_id.as_str()));
    let mut forms = Forms::of(&file, (&path, asked.csrf()));
    forms.refill(asked, wrong);
    let kind = file.rules.caller(&call.caller);
    let symptoms = heard(&file);
    let zone = &ctx.app.settings.hub_zone;
    let (said, failed) = said(asked);
    let said_as = Wording::of(ctx, asked, &file);
    let matched = call.matched.identifiers.iter().map(|id| id.words());
    let matched = matched.chain(call.matched.authority.iter().map(|seen| seen.words()));
    let html = Page {
        shell: &asked.shell,
        said,
        failed,
        wrong: forms.told(wrong),
        number: file.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        case_path: call
            .case_id
            .as_ref()
            .map(|id| format!("/cases/{}", encoded(id.as_str())))
            .unwrap_or_default(),
        supervisor_path: supervisor_path(call),
        on_call: on_call(ctx)?,
        title: format!(
            "{}: {}",
            capital(call.direction.words()),
            kind.map_or(&*call.caller, |kind| &kind.words)
        ),
        caller: caller(&file),
        opening: said_as.say(&file.rules.terms.opening),
        closing: said_as.say(&file.rules.terms.closing),
        voicemail: said_as.say(&file.rules.terms.voicemail),
        started: When::at(call.started_at, zone),
        state: call.life.state.words(),
        is_on_the_line: call.life.is_on_the_line(),
        is_wrapping: call.disposition.is_some() && call.closed_at.is_none(),
        times: view::times(call.life, ctx.now),
        questions: file.rules.questions(&call.caller, &call.reason).map(str::to_owned).collect(),
        level: call.level.words(),
        tone: if call.level == Level::Nothing { "late" } else { "good" },
        hears: hears(&file),
        never: file.rules.terms.never_aloud.clone(),
        matched: matched.collect::<Vec<_>>().join(", "),
        barred: file.guard.barred.map(|barred| told_why(barred, zone)).unwrap_or_default(),
        watched: file.guard.failed_calls.map(watched).unwrap_or_default(),
        facts: view::facts(ctx, &file)?,
        summary: view::summary(&file, &symptoms),
        told: Told { symptoms, is_handed_over: !calls::needs_nurse(call) },
        notes: forms.notes,
        correct: forms.caller,
        interpreter: forms.interpreter,
        held_in: held_in(&file),
        identify: forms.identify,
        attach: forms.attach,
        call_id: encoded(call.call_id.as_str()),
        may_refer: Permission::Refer.is_for(ctx.actor.role),
        transfer: forms.transfer,
        promise: forms.promise,
        promised: call.promised_to.map(|at| When::at(at, zone)),
        end: forms.end,
        disposition: disposition(&file),
        handed_to: call.handed_to.map(TransferTo::words).unwrap_or_default(),
        path,
    };
    Ok(Answer::Page(status, html.render().map_err(broken)?))
}

/// Who answers now for what an agent may not, with a direct number.
fn on_call(ctx: &Ctx) -> Result<Vec<(String, String)>> {
    let found = rota::rota(ctx)?;
    let told = |duty: &Duty| (capital(duty.words()), found.now_in_words(*duty));
    Ok(Duty::ALL.iter().map(told).collect())
}

/// Where a supervisor is called for about the call's case; empty before there is one.
fn supervisor_path(call: &doorstep_store::calls::CallRow) -> String {
    let Some(case_id) = &call.case_id else { return String::new() };
    let (case, call) = (encoded(case_id.as_str()), encoded(call.call_id.as_str()));
    format!("/cases/{case}/supervisor?call={call}")
}

/// What may be told now, in the pack's words.
fn hears(file: &CallFile) -> String {
    match (file.call.level, file.rules.caller(&file.call.caller)) {
        (Level::Status, Some(kind)) => kind.hears_status.clone(),
        (Level::Full, Some(kind)) => kind.hears_full.clone(),
        (Level::Nothing, Some(kind)) if kind.status.is_none() => kind.hears_status.clone(),
        _ => "nothing about anybody, not even that there is a case".to_owned(),
    }
}

/// Why nothing is told, and what to do about it. Source: facts 6.2, fail rule.
fn told_why(barred: Barred, zone: &Zone) -> String {
    match barred {
        Barred::Tries => "Too many tries failed. Tell nothing in this call, whatever is said. Offer to call back at the number on file.".to_owned(),
        Barred::Member { until } => format!(
            "Too many tries failed in another call about this member. Tell no caller anything until {}. Offer to call back at the number on file.",
            When::at(until, zone).local
        ),
        Barred::Expired => "The caller was verified too long ago. Ask again before anything more is told.".to_owned(),
    }
}

fn watched(n_members: u32) -> String {
    format!(
        "Calls from this number failed to verify, about {n_members} members lately. Be slow to tell, and hand the call to the privacy officer when in doubt."
    )
}

fn disposition(file: &CallFile) -> String {
    let name = file.call.disposition.as_deref().unwrap_or_default();
    let known = file.rules.disposition(name);
    known.map_or_else(|| name.to_owned(), |way| way.named.words.clone())
}

fn held_in(file: &CallFile) -> String {
    let interpreter = &file.call.interpreter;
    if interpreter.language.is_empty() && interpreter.by.is_none() {
        return String::new();
    }
    let language = Language::parse(&interpreter.language).map(words::language);
    let language = language.map_or_else(|| interpreter.language.clone(), str::to_owned);
    let by = interpreter.by.map(|by| by.words().to_owned());
    let parts = [Some(language), by, Some(interpreter.number.clone())];
    let parts = parts.into_iter().flatten().filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

fn heard(file: &CallFile) -> Vec<Symptom> {
    let told = |symptom: &&Symptom| file.call.symptoms.contains(&symptom.name);
    file.rules.symptoms.iter().filter(told).cloned().collect()
}

fn caller(file: &CallFile) -> String {
    let call = &file.call;
    let parts = [&call.caller_name, &call.caller_org, &call.caller_phone];
    let parts =
        parts.into_iter().map(|part| part.reveal().as_str()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// What stands in the braces of a wording.
struct Wording {
    agent: String,
    hub: String,
    callback: String,
    case: String,
}

impl Wording {
    fn of(ctx: &Ctx, asked: &Asked, file: &CallFile) -> Self {
        Self {
            agent: asked.shell.name.clone(),
            hub: ctx.app.packs.hub_name().to_owned(),
            callback: file.rules.terms.callback_number.clone(),
            case: file.number.as_ref().map_or_else(|| "(none yet)".to_owned(), ToString::to_string),
        }
    }

    fn say(&self, wording: &str) -> String {
        let text = wording.replace("{agent}", &self.agent).replace("{hub}", &self.hub);
        text.replace("{callback}", &self.callback).replace("{case}", &self.case)
    }
}

/// What came of the last step, by the codes that stand in the address.
fn said(asked: &Asked) -> (String, String) {
    let named = |key: &str| -> Vec<&'static str> {
        let codes = asked.query.get(key).unwrap_or_default().split(',');
        codes.filter_map(Identifier::parse).map(Identifier::words).collect()
    };
    let (matched, failed) = (named("matched"), named("failed"));
    let said = match asked.query.get("done") {
        Some("identified") if asked.query.get("several").is_some_and(|n| n != "0") => {
            "More than one case fits. Ask for the case number, or for one thing more.".to_owned()
        }
        Some("identified") if matched.is_empty() => String::new(),
        Some("identified") => format!("Matches: {}.", matched.join(", ")),
        Some("case") => "The call is put to the case.".to_owned(),
        Some("opened") => "The case is opened, and the call is put to it.".to_owned(),
        Some("caller") => "Who is calling is corrected.".to_owned(),
        Some("interpreter") => "The language and who interprets are kept.".to_owned(),
        Some("notes") => "What was said is kept.".to_owned(),
        Some("transferred") => "Handed over: stay until both speak, then go on or end.".to_owned(),
        Some("raised") => "It is raised: everybody at that level sees it now.".to_owned(),
        Some("promised") => "The call back has its clock.".to_owned(),
        Some("kept") => "The promise is kept.".to_owned(),
        Some("ended") => "The call has ended. Wrap it up.".to_owned(),
        Some("closed") => "The call is closed.".to_owned(),
        _ => String::new(),
    };
    let failed = if failed.is_empty() {
        String::new()
    } else {
        format!("Does not match: {}. Do not say what is on file.", failed.join(", "))
    };
    (said, failed)
}
