//! The case page put together: head, next step, what is missing, lines, lists, forms, story.

use super::clocks::{self, ClockView, EndedClock};
use super::desk::Desk;
use super::differs::{self, Differs};
use super::forms::{self, Placed, action};
use super::lines::{self, LineView};
use super::messages::{self, MessageView, Unread};
use super::others;
use super::past::{self, Dial, PastView};
use super::people::{self, Member};
use super::rows::{self, DocumentView, Entry, LackingOf, NoteView};
use super::story::{self, Chosen, Happened, Story};
use super::undo;
use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{When, day};
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::{Ctx, Permission, Result};
use doorstep_case::{DocumentKind, Recorded};

/// A form that was sent, and what is wrong with it.
pub(crate) struct Sent {
    pub(crate) form: String,
    pub(crate) wrong: Vec<Wrong>,
}

/// What the page says of what was done before.
pub(crate) enum Said {
    Nothing,
    /// It went well.
    Done(&'static str),
    /// A command was given; the story tells what it did.
    DoneLast,
    /// The rules said no.
    Refused(Sent),
    /// The case had moved on.
    Stale(Sent),
}

/// The forms of one stage.
struct Stage {
    words: String,
    forms: Vec<Form>,
}

/// Who the case is about, and how it stands.
struct Head {
    number: String,
    spoken: String,
    member: Member,
    payer: String,
    coverage: (&'static str, String),
    order: lines::OrderView,
    zone: String,
    local_now: When,
    manager: String,
    badges: Vec<(&'static str, String)>,
    need_by: Option<When>,
    discharge: Option<(When, bool)>,
    received: When,
}

/// What to do next, whose turn it is, and the forms that do it.
struct Next {
    words: String,
    turn: &'static str,
    waits: bool,
    is_ask: bool,
    is_call: bool,
    note: &'static str,
    forms: Vec<Form>,
}

/// One of the lists that a case has.
struct List {
    id: &'static str,
    title: &'static str,
    entries: Vec<Entry>,
}

#[derive(Template)]
#[template(path = "case/show.html")]
struct Page<'a> {
    shell: &'a Shell,
    past: Option<&'a PastView>,
    dial: Dial,
    head: Head,
    path: String,
    id: String,
    version_path: String,
    amend_path: String,
    /// Where a call about the case is started, for those who make calls.
    call_path: Option<String>,
    /// Where a supervisor is called for, for those who work cases.
    supervisor_path: Option<String>,
    activity_path: Option<String>,
    seq: u32,
    details: Vec<(&'static str, String)>,
    done: String,
    wrong: Vec<(String, String)>,
    /// Until when the case is seen because of an emergency.
    glass: Option<When>,
    is_stale: bool,
    since: Vec<Happened>,
    differs: Vec<Differs>,
    /// Other cases of the member that a merge says are theirs: each with its path and its number.
    merged: Vec<(String, String)>,
    /// Who else has the case open, in words.
    others: String,
    next: Next,
    clocks: Vec<ClockView>,
    ended_clocks: Vec<EndedClock>,
    missing: Vec<LackingOf>,
    is_open: bool,
    may_work: bool,
    lines: Vec<LineView>,
    lists: Vec<List>,
    documents: Vec<DocumentView>,
    document_form: Form,
    notes: Vec<NoteView>,
    note_form: Form,
    message_form: Form,
    messages: Vec<MessageView>,
    unread: Option<Unread>,
    stages: Vec<Stage>,
    more: Vec<Stage>,
    opened: String,
    /// The button that takes back what the reader did last.
    undo: Option<Form>,
    story: Story,
}

/// Answers with the page.
pub(crate) fn answer(ctx: &Ctx, asked: &Asked, status: StatusCode, said: &Said) -> Result<Answer> {
    let opened = opened(said);
    let seen = past::seen(ctx, asked, others::form(&opened))?;
    let (ctx, file) = (&seen.ctx, &seen.file);
    let is_past = seen.past.is_some();
    let desk = Desk::of(ctx, file, asked.csrf())?;
    let mut forms = if is_past { Vec::new() } else { forms::all(&desk) };
    let mut extra = [note_form(&desk), document_form(&desk), messages::form(&desk, said)];
    let mut all = forms.iter_mut().map(|placed| &mut placed.form).chain(extra.iter_mut());
    let (differs, wrong) = refill((ctx, asked), (desk.case, &mut all), said)?;
    drop(all);
    let [note, document, message] = extra;
    let is_stale = matches!(said, Said::Stale(_));
    let chosen = Chosen { stage: asked.query.get("stage"), by: asked.query.get("by") };
    let counted = (&desk.zone, &*ctx.app.packs);
    let (clocks, ended_clocks) = clocks::of(desk.case, ctx.now, counted, &desk.lines);
    let (next_forms, stages, more) = sorted(forms, &opened);
    let case = desk.case;
    let undo = undo::form(&desk, &file.record, &story::with(&desk));
    let path = format!("/cases/{}", encoded(case.id.as_str()));
    let hcpcs = |code: &str| ctx.app.packs.hcpcs_words(code).map(str::to_owned);
    let html = Page {
        shell: &seen.shell,
        past: seen.past.as_ref(),
        dial: seen.dial(&desk.zone),
        head: head(ctx, file, &desk),
        id: case.id.to_string(),
        version_path: format!("{path}/version"),
        amend_path: format!("{path}/amendment"),
        activity_path: activity_path(&desk, &path),
        call_path: call_path(&desk, is_past),
        supervisor_path: supervisor_path(&desk, is_past),
        path,
        seq: case.seq,
        details: people::details(&file.party, case),
        done: match said {
            Said::Done(words) => (*words).to_owned(),
            Said::DoneLast => story::last(&desk, &file.record),
            Said::Nothing | Said::Refused(_) | Said::Stale(_) => String::new(),
        },
        wrong,
        glass: doorstep_app::glass::until(ctx, &case.id)?.map(|at| When::in_full(at, &desk.zone)),
        is_stale,
        since: since((asked, &opened), &desk, &file.record),
        differs,
        merged: merged(ctx, case)?,
        others: if is_past { String::new() } else { others::of(ctx, &case.id)? },
        next: next(&desk, next_forms),
        clocks,
        ended_clocks,
        missing: rows::missing(&desk),
        is_open: case.is_open(),
        may_work: !is_past && Permission::WorkCases.is_for(desk.role),
        lines: lines::of(&desk, &hcpcs),
        lists: lists(&desk),
        documents: rows::documents(&desk, file),
        document_form: document,
        notes: rows::notes(&desk, file),
        note_form: note,
        message_form: message,
        messages: messages::list(&desk, file),
        unread: messages::unread(&desk).filter(|_| !is_past),
        stages,
        more,
        opened,
        undo: undo.filter(|_| !is_past),
        story: story::shown(ctx, (&desk, &file.record), (chosen, is_past))?,
    };
    Ok(Answer::Page(status, html.render().map_err(broken)?))
}

/// Which form is to stand open: the one that was sent and not done.
fn opened(said: &Said) -> String {
    match said {
        Said::Refused(sent) | Said::Stale(sent) => sent.form.clone(),
        Said::Nothing | Said::Done(_) | Said::DoneLast => String::new(),
    }
}

fn supervisor_path(desk: &Desk, is_past: bool) -> Option<String> {
    let may_work = Permission::WorkCases.is_for(desk.role) && !is_past;
    may_work.then(|| action(desk, "supervisor"))
}

fn call_path(desk: &Desk, is_past: bool) -> Option<String> {
    let case_id = encoded(desk.case.id.as_str());
    let may_call = Permission::TakeCalls.is_for(desk.role) && !is_past;
    may_call.then(|| format!("/calls/new?case={case_id}&direction=outbound"))
}

/// Returns where the audit trail of the case is, for those who may read it.
fn activity_path(desk: &Desk, path: &str) -> Option<String> {
    Permission::ReadActivity.is_for(desk.role).then(|| format!("{path}/activity"))
}

fn merged(ctx: &Ctx, case: &doorstep_case::Case) -> Result<Vec<(String, String)>> {
    let others = doorstep_app::members::merged_with(ctx, &case.id)?;
    let link = |(id, number): (doorstep_vocab::CaseId, doorstep_vocab::CaseNumber)| {
        (crate::members::path(&case.id, &id), number.to_string())
    };
    Ok(others.into_iter().map(link).collect())
}

/// What happened since the page was made from which a form was sent.
fn since((asked, opened): (&Asked, &str), desk: &Desk, record: &[Recorded]) -> Vec<Happened> {
    let seen = asked.seen().filter(|_| !opened.is_empty());
    seen.map(|seen| story::since(desk, record, seen)).unwrap_or_default()
}

/// What is wrong: where on the page, and the words.
type Told = Vec<(String, String)>;

/// Fills the form that was sent with what was sent, and returns what of it is no longer as its page showed it, and what is
/// wrong for the top of the page: where on it, and the words.
fn refill<'f>(
    (ctx, asked): (&Ctx, &Asked),
    (case, forms): (&doorstep_case::Case, &mut impl Iterator<Item = &'f mut Form>),
    said: &Said,
) -> Result<(Vec<Differs>, Told)> {
    let (Said::Refused(sent) | Said::Stale(sent)) = said else {
        return Ok((Vec::new(), Vec::new()));
    };
    let Some(form) = forms.find(|form| form.id == sent.form) else {
        let told = |wrong: &Wrong| (sent.form.clone(), capital(&wrong.words));
        return Ok((Vec::new(), sent.wrong.iter().map(told).collect()));
    };
    let fresh = form.clone();
    form.refill(&asked.form, &sent.wrong);
    let differs = match asked.seen() {
        Some(seen) if (1..case.seq).contains(&seen) => {
            differs::since((ctx, asked), (case, seen), (&fresh, form))?
        }
        _ => Vec::new(),
    };
    if matches!(said, Said::Stale(_)) {
        form.submit = format!("Send it again: {}", form.submit);
    }
    Ok((differs, form.told()))
}

/// Sorts the forms: those the next step calls for, those that make sense now, the others. One that was just refused
/// stands among those that make sense, so that it is seen.
fn sorted(forms: Vec<Placed>, opened: &str) -> (Vec<Form>, Vec<Stage>, Vec<Stage>) {
    let (mut next, mut stages, mut more) = (Vec::new(), Vec::new(), Vec::new());
    for placed in forms {
        let stage = words::stage(placed.command.stage);
        if placed.is_called_for && placed.is_possible {
            next.push(placed.form);
        } else if placed.is_possible || placed.form.id == opened {
            push(&mut stages, stage, placed.form);
        } else {
            push(&mut more, stage, placed.form);
        }
    }
    next.sort_by_key(|form| !form.is_main);
    (next, stages, more)
}

fn push(stages: &mut Vec<Stage>, words: String, form: Form) {
    match stages.last_mut().filter(|last| last.words == words) {
        Some(last) => last.forms.push(form),
        None => stages.push(Stage { words, forms: vec![form] }),
    }
}

fn head(ctx: &Ctx, file: &doorstep_app::CaseFile, desk: &Desk) -> Head {
    let (case, intake) = (desk.case, &desk.case.intake);
    Head {
        number: case.number.as_ref().map_or_else(|| case.id.to_string(), ToString::to_string),
        spoken: case.number.as_ref().map(doorstep_vocab::CaseNumber::spoken).unwrap_or_default(),
        member: people::member(&file.party, ctx.now.date(&desk.zone)),
        payer: payer(ctx, file),
        coverage: coverage(desk),
        order: lines::order(desk),
        zone: desk.zone.to_string(),
        local_now: When::clock(ctx.now, &desk.zone),
        manager: manager(desk),
        badges: badges(desk),
        need_by: intake.need_by().map(|need_by| When::at(need_by.at, &desk.zone)),
        discharge: intake.discharge.as_ref().map(|d| (When::at(d.at, &desk.zone), d.bedside)),
        received: When::in_full(intake.received_at, &desk.zone),
    }
}

fn next(desk: &Desk, forms: Vec<Form>) -> Next {
    let step = desk.next;
    Next {
        words: step.words.clone(),
        turn: words::turn(step.code, step.waits()),
        waits: step.waits() || step.code == "none",
        is_call: step.code == "call-back",
        is_ask: matches!(step.code, "ask" | "await-answer"),
        note: next_note(desk, &forms),
        forms,
    }
}

/// Says who can do the next step, when it is not whoever looks.
fn next_note(desk: &Desk, next_forms: &[Form]) -> &'static str {
    match desk.next.code {
        "commit-escalation" | "triage" if next_forms.is_empty() => {
            "A nurse or a supervisor can do this. Meanwhile, what is below can go on."
        }
        "none" if next_forms.is_empty() => "A supervisor can reopen it.",
        _ => "",
    }
}

fn lists(desk: &Desk) -> Vec<List> {
    let lists = [
        List { id: "asks", title: "Questions", entries: rows::asks(desk) },
        List { id: "offers", title: "Offers", entries: rows::offers(desk) },
        List { id: "visits", title: "Visits and deliveries", entries: rows::visits(desk) },
        List { id: "disputes", title: "Escalations and disputes", entries: rows::disputes(desk) },
    ];
    lists.into_iter().filter(|list| !list.entries.is_empty()).collect()
}

fn payer(ctx: &Ctx, file: &doorstep_app::CaseFile) -> String {
    let payer_id = &file.case.intake.payer_id;
    if let Some(payer) = ctx.app.packs.payer(payer_id) {
        return payer.name.to_owned();
    }
    let named = file.party.coverage.iter().find_map(|coverage| coverage.payer_name.clone());
    named.unwrap_or_else(|| "Payer not known".to_owned())
}

fn coverage(desk: &Desk) -> (&'static str, String) {
    let (tone, words) = words::coverage(desk.case.benefits.status);
    (tone, format!("Coverage {words}"))
}

fn manager(desk: &Desk) -> String {
    let Some(manager) = &desk.case.intake.manager else { return "Nobody yet".to_owned() };
    let known = desk.staff.iter().find(|user| user.user_id == *manager);
    known.map_or_else(|| manager.to_string(), |user| user.name.clone())
}

fn badges(desk: &Desk) -> Vec<(&'static str, String)> {
    let case = desk.case;
    let (tone, urgency) = words::urgency(case.intake.urgency);
    let mut badges = vec![(tone, urgency.to_owned())];
    if let Some(death) = &case.intake.death {
        badges.push(("late", format!("Died {}", day(death.on))));
    }
    if let Some(priority) = case.intake.priority {
        badges.push(("", priority.name().to_uppercase()));
    }
    if let Some(level) = case.disputes.open_escalations().map(|(_, e)| e.level).max() {
        badges.push(("late", format!("Escalated, level {level}")));
    }
    badges.extend(
        case.intake.labels.iter().map(|label| ("soon", format!("Sensitive: {}", label.words()))),
    );
    if let Some(closure) = &case.closing.closed {
        badges.push((
            "good",
            if closure.completed { "Closed, completed" } else { "Closed" }.to_owned(),
        ));
    }
    badges
}

fn note_form(desk: &Desk) -> Form {
    Form::new("do-note", action(desk, "notes"), "Write a note", desk.csrf)
        .field(Field::new("text", "Note", Control::Area).required())
        .submit("Keep the note")
}

fn document_form(desk: &Desk) -> Form {
    let kind = |kind: &DocumentKind| Choice::new(kind.name(), words::document(*kind));
    let mut form = Form::new("do-document", action(desk, "documents"), "Add a document", desk.csrf)
        .field(Field::new("file", "File", Control::File).required().hint("50 MB at most."))
        .field(
            Field::new(
                "kind",
                "What it is",
                Control::Select(DocumentKind::ALL.iter().map(kind).collect()),
            )
            .required(),
        )
        .field(Field::line("title", "Title"))
        .submit("Store the document");
    form.has_file = true;
    form
}
