//! A new referral: everything that an order may say, checked for completeness before it is kept.

mod call;
pub(crate) mod fields;
mod file;
pub(crate) mod read;

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field};
use crate::posted::{Posted, Wrong};
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::abbreviation;
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use call::CallView;
use doorstep_app::{Ctx, Entry, Error, FormSent, Result, desk};
use doorstep_case::Referral;
use doorstep_case::completeness::Missing;
use doorstep_vocab::{Key, PayerId};
use fields::{FactSection, LineEntry, Section};
use file::FileView;
use read::{CHANNELS, Reader};

/// The hidden field that tells one form from the next: who sends it twice means it once.
const FORM_KEY: &str = "form_key";
/// Where who sends the order stands among the sections.
const SENDERS: usize = 2;
/// Letters that a key may have; ours are shorter.
const FORM_KEY_MAX: usize = 64;

/// What the order would lack, as the page tells it.
struct Told {
    is_asked: bool,
    is_complete: bool,
    items: Vec<Lacking>,
}

/// Something that the order would lack: who has to supply it, what its absence blocks, and why it is needed.
struct Lacking {
    what: String,
    /// The field where it is entered.
    at: String,
    from: String,
    blocks: String,
    why: String,
}

#[derive(Template)]
#[template(path = "referral/new.html")]
struct Page<'a> {
    shell: &'a Shell,
    wrong: Vec<Wrong>,
    form_key: String,
    file: Option<FileView>,
    call: Option<CallView>,
    arrival: Section,
    sections: Vec<Section>,
    lines: Vec<LineEntry>,
    facts: Vec<FactSection>,
    note: Field,
    told: Told,
}

/// Shows the empty form, for a file that waits when one is named.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    if let Some(receipt_id) = file::named(&asked.query) {
        doorstep_app::waiting_file(ctx, &receipt_id)?;
    }
    page(ctx, asked, StatusCode::OK, (Vec::new(), None))
}

/// Opens the case, or links the order to the one that stands for it.
pub(crate) fn open(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let (referral, wrong) = read(ctx, asked)?;
    if asked.form.get("do") == Some("check") {
        return checked(ctx, asked, (referral, wrong));
    }
    if !wrong.is_empty() {
        return page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (wrong, None));
    }
    let entry = Entry { sent: sent(&asked.form), file: file::typed_from(&asked.form) };
    match doorstep_app::open(ctx, referral, &entry) {
        Ok(opened) => {
            let done = match (opened.repeated, opened.linked, opened.differs) {
                (true, ..) => "repeated",
                (false, false, _) => "opened",
                (false, true, false) => "linked",
                (false, true, true) => "linked-differs",
            };
            if let Some(path) = call::attached(ctx, &asked.form, &opened.case.id)? {
                return Ok(Answer::See(path));
            }
            Ok(Answer::See(format!("/cases/{}?done={done}", encoded(opened.case.id.as_str()))))
        }
        Err(Error::Refused(refusal)) => {
            let field = match refusal.field() {
                Some("lines") | None => "line1.family".to_owned(),
                Some(item) => format!("fact.{item}"),
            };
            let wrong = vec![Wrong::at(field, refusal.to_string())];
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (wrong, None))
        }
        Err(Error::Bad { code, message }) => {
            let mut asked = asked.clone();
            if code == "form-sent-before" {
                asked.form.0.retain(|(name, _)| name != FORM_KEY);
            }
            let wrong = vec![Wrong::at("referral", message)];
            page(ctx, &asked, StatusCode::UNPROCESSABLE_ENTITY, (wrong, None))
        }
        Err(error) => Err(error),
    }
}

/// Returns which form it was and what was entered in it. What the page adds is not entered, nor which button was used.
fn sent(posted: &Posted) -> Option<FormSent> {
    let key = posted.get(FORM_KEY).filter(|key| key.len() <= FORM_KEY_MAX)?;
    let entered = posted.0.iter().filter(|(name, _)| !["csrf", FORM_KEY, "do"].contains(&&**name));
    let entered =
        entered.fold(String::new(), |all, (name, value)| all + name + "\0" + value + "\0");
    let hash = doorstep_app::digest(entered.as_bytes());
    Some(FormSent { key: Key(key.to_owned()), hash })
}

/// Says what the order would lack, and keeps nothing.
pub(crate) fn check(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    checked(ctx, asked, read(ctx, asked)?)
}

fn checked(ctx: &Ctx, asked: &Asked, (referral, wrong): (Referral, Vec<Wrong>)) -> Result<Answer> {
    let missing =
        if referral.lines.is_empty() { Ok(Vec::new()) } else { desk::check(ctx, referral) };
    match missing {
        Ok(missing) => page(ctx, asked, StatusCode::OK, (wrong, Some(missing))),
        Err(Error::Refused(refusal)) => {
            let wrong = vec![Wrong::at("line1.family", refusal.to_string())];
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (wrong, None))
        }
        Err(error) => Err(error),
    }
}

fn read(ctx: &Ctx, asked: &Asked) -> Result<(Referral, Vec<Wrong>)> {
    let mut reader = Reader::new(&asked.form, ctx.now, &ctx.app.settings.hub_zone);
    let mut referral = reader.referral();
    if asked.form.get("channel").is_none() {
        referral.channel = file::channel(ctx, &asked.form)?.unwrap_or(referral.channel);
    }
    Ok((referral, reader.wrong))
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    status: StatusCode,
    (wrong, missing): (Vec<Wrong>, Option<Vec<Missing>>),
) -> Result<Answer> {
    let posted = &asked.form;
    let zone = Reader::new(posted, ctx.now, &ctx.app.settings.hub_zone).zone;
    let zone_words = format!("{zone} ({})", abbreviation(ctx.now, &zone));
    let terms = ctx.app.packs.terms_for(&PayerId::default(), ctx.now.date(&zone));
    let (mut arrival, mut facts, mut lines) =
        (arrival(&zone_words), fields::facts(&terms), fields::lines(ctx));
    let mut sections = vec![
        fields::member(),
        fields::coverage(ctx),
        fields::senders(),
        fields::order(&zone_words),
    ];
    let mut note = Field::new("note", "Note", Control::Area)
        .hint("Kept as a note of the case, for people of the hub.");
    let call = call::view(ctx, if posted.0.is_empty() { &asked.query } else { posted })?;
    if let Some(call) = &call {
        call.fill(&mut arrival, &mut sections[SENDERS]);
    }
    if !posted.0.is_empty() {
        fields::refill(&mut arrival.fields, posted, &wrong);
        fields::refill(sections.iter_mut().flat_map(|section| &mut section.fields), posted, &wrong);
        fields::refill(lines.iter_mut().flat_map(|line| &mut line.fields), posted, &wrong);
        fields::refill(facts.iter_mut().flat_map(|section| &mut section.fields), posted, &wrong);
        fields::refill([&mut note], posted, &wrong);
    }
    open_what_is_asked(&mut facts, posted);
    let file = file::view(ctx, if posted.0.is_empty() { &asked.query } else { posted })?;
    if let Some(file) = &file {
        file.ask(&mut arrival, posted);
    }
    let form_key = posted.text(FORM_KEY).unwrap_or_else(|| ctx.request_id.clone());
    let wrong = wrong.into_iter().map(|one| Wrong { words: capital(&one.words), ..one }).collect();
    let told = told(missing);
    let shell = &asked.shell;
    let html =
        Page { shell, wrong, form_key, file, call, arrival, sections, lines, facts, note, told };
    Ok(Answer::Page(status, html.render().map_err(broken)?))
}

/// What is asked of the items that were chosen stands open, and so does what was filled in.
fn open_what_is_asked(facts: &mut [FactSection], posted: &Posted) {
    let chosen: Vec<&str> = (1..=fields::LINES)
        .filter_map(|no| posted.get(&format!("line{no}.family"))?.split_once('/'))
        .map(|(_, family)| family)
        .collect();
    for section in facts {
        let is_asked = section.families.split(' ').any(|family| chosen.contains(&family));
        let is_filled = section.fields.iter().any(|field| posted.get(&field.name).is_some());
        section.is_open = is_asked || is_filled;
    }
}

fn told(missing: Option<Vec<Missing>>) -> Told {
    let is_asked = missing.is_some();
    let missing = missing.unwrap_or_default();
    let is_complete = doorstep_case::completeness::is_complete(&missing);
    let item = |missing: &Missing| {
        let blocks = [
            (missing.blocks.delivery, "delivery"),
            (missing.blocks.authorization, "authorization"),
            (missing.blocks.billing, "billing"),
        ];
        let blocks: Vec<&str> =
            blocks.iter().filter(|(is_so, _)| *is_so).map(|(_, words)| *words).collect();
        let blocks =
            if blocks.is_empty() { String::new() } else { format!("blocks {}", blocks.join(", ")) };
        Lacking {
            what: capital(missing.item.words()),
            at: fields::place(missing.item, missing.line),
            from: capital(&words::source(missing.owner)),
            blocks,
            why: capital(&missing.why),
        }
    };
    Told { is_asked, is_complete, items: missing.iter().map(item).collect() }
}

fn arrival(zone_words: &str) -> Section {
    let channel =
        |(channel, words): &(doorstep_case::Channel, &str)| Choice::new(channel.name(), *words);
    let fields = vec![
        Field::new(
            "channel",
            "How it came",
            Control::Select(CHANNELS.iter().map(channel).collect()),
        ),
        Field::new("received_at", "When it came", Control::Line("datetime-local"))
            .hint(format!("Left empty: now. {zone_words}.")),
        Field::line("order_ref", "The sender's order number"),
    ];
    Section {
        title: "Arrival".to_owned(),
        hint: "Clocks count from when anybody at the hub first held the order.".to_owned(),
        fields,
    }
}
