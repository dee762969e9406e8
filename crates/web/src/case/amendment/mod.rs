//! Adding to an order, or correcting it: the member, coverage, clinician, diagnoses, facts. What was known stands in
//! the fields; what is left empty stays as it is.

mod kept;

use super::differs::Differs;
use super::{others, story};
use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field};
use crate::posted::{Posted, Wrong};
use crate::referral::fields::{self, FactSection, Section};
use crate::referral::read::Reader;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::{CaseFile, Ctx, Error, PersonChange, Result, Shown};
use doorstep_case::intake::Amendment;
use doorstep_case::{Fact, Item, Known, Sex};
use doorstep_vocab::{Phi, Timestamp, Zone};

#[derive(Template)]
#[template(path = "case/amendment/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    number: String,
    path: String,
    id: String,
    version_path: String,
    others: String,
    seq: u32,
    people_at: String,
    /// What stood in the fields when the page was made.
    along: Vec<(String, String)>,
    wrong: Vec<Wrong>,
    is_stale: bool,
    since: Vec<story::Happened>,
    differs: Vec<Differs>,
    missing: Section,
    sections: Vec<Section>,
    facts: Vec<FactSection>,
    withdrawn: Field,
}

/// Shows the form with what is known.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, StatusCode::OK, (&[], false))
}

/// Records what was added or corrected.
pub(crate) fn amend(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let case = doorstep_app::desk::case_for_form(ctx, &asked.case_id())?;
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let mut reader = Reader::new(&asked.form, ctx.now, zone);
    let (change, amendment, texts) = read(&mut reader, &asked.form);
    if !reader.wrong.is_empty() {
        return page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (&reader.wrong, false));
    }
    let amended = (&change, &amendment, &texts[..]);
    let shown = Shown { seq: asked.seen(), people_at: people_at(asked) };
    match doorstep_app::amend_shown(ctx, &asked.case_id(), shown, amended) {
        Ok(_) => Ok(Answer::See(format!("/cases/{}?done=amendments", encoded(case.id.as_str())))),
        Err(Error::Refused(refusal)) => {
            let field = refusal.field().map(|item| format!("fact.{item}")).unwrap_or_default();
            let wrong = [Wrong::at(field, refusal.to_string())];
            page(ctx, asked, StatusCode::UNPROCESSABLE_ENTITY, (&wrong, false))
        }
        Err(Error::Stale) => page(ctx, asked, StatusCode::CONFLICT, (&[], true)),
        Err(error) => Err(error),
    }
}

/// When the people had last been written as the form was made.
fn people_at(asked: &Asked) -> Option<Timestamp> {
    asked.form.get("people")?.parse().ok().map(Timestamp)
}

/// Who changed what the form shows since it was made: what is recorded, and what is personal and in no event.
fn since(ctx: &Ctx, asked: &Asked, file: &CaseFile) -> Result<Vec<story::Happened>> {
    let desk = super::desk::Desk::of(ctx, file, asked.csrf())?;
    let mut all = Vec::new();
    if let Some(seen) = asked.seen() {
        all = story::since(&desk, &file.record, seen);
    }
    if let Some(at) = people_at(asked) {
        let amended = doorstep_app::trail::people_amended(ctx, &file.case.id, at)?;
        all.extend(amended.into_iter().map(|(at, by)| story::people_amended(&desk, at, &by)));
    }
    Ok(all)
}

type Read = (PersonChange, Amendment, Vec<Phi<String>>);

fn read(reader: &mut Reader, posted: &Posted) -> Read {
    let change = PersonChange {
        person: reader.person(),
        coverage: reader.coverage().into_iter().collect(),
        prescriber: reader.clinician(),
        referrer: reader.organisation(),
    };
    let (facts, texts) = reader.facts();
    let text =
        |(place, text): (String, Phi<String>)| Phi::new(format!("{place}: {}", text.reveal()));
    let texts = texts.into_iter().map(text).collect();
    let diagnoses = posted.get("diagnoses").is_some().then(|| reader.diagnoses());
    let withdrawn = posted.all("withdrawn").filter_map(Item::parse).collect();
    let amendment = Amendment {
        facts,
        withdrawn,
        diagnoses,
        urgency: reader.urgency(),
        auth_number: posted.text("auth_number"),
        ..Amendment::default()
    };
    (change, amendment, texts)
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    status: StatusCode,
    (wrong, is_stale): (&[Wrong], bool),
) -> Result<Answer> {
    // Before the people are read: what is written between the two is then told as a change, and not overwritten.
    let written_at = doorstep_app::people_written_at(ctx, &asked.case_id())?;
    let file = doorstep_app::case_file_at(ctx, &asked.case_id(), "amendment")?;
    let case = &file.case;
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let terms = ctx.app.packs.terms_between(
        &case.intake.payer_id,
        case.intake.received_at.date(zone),
        ctx.now.date(zone),
    );
    let now_known = known(&file, zone);
    let is_sent = !asked.form.0.is_empty();
    let mut posted = if is_sent { asked.form.clone() } else { now_known.clone() };
    let mut missing = missing(&file);
    let mut sections = vec![fields::member(), fields::coverage(ctx), fields::senders(), order()];
    let mut facts = fields::facts(&terms);
    let is_missing = |field: &Field| missing.fields.iter().any(|known| known.name == field.name);
    for section in &mut sections {
        section.fields.retain(|field| !is_missing(field));
    }
    let mut differs = Vec::new();
    if is_stale {
        let ordinary = sections.iter().flat_map(|section| &section.fields);
        let of_need = facts.iter().flat_map(|section| &section.fields);
        let of_need = of_need.filter(|field| !is_missing(field));
        let all = missing.fields.iter().chain(ordinary).chain(of_need);
        (posted, differs) = kept::together(all, &asked.form, &now_known);
    }
    for section in &mut facts {
        section.fields.retain(|field| !is_missing(field));
        section.is_open = section.fields.iter().any(|field| posted.get(&field.name).is_some());
    }
    facts.retain(|section| !section.fields.is_empty());
    fields::refill(&mut missing.fields, &posted, wrong);
    fields::refill(sections.iter_mut().flat_map(|section| &mut section.fields), &posted, wrong);
    fields::refill(facts.iter_mut().flat_map(|section| &mut section.fields), &posted, wrong);
    let path = format!("/cases/{}", encoded(case.id.as_str()));
    let wrong =
        wrong.iter().map(|one| Wrong { words: capital(&one.words), ..one.clone() }).collect();
    let number = case.number.as_ref().map(ToString::to_string).unwrap_or_default();
    let withdrawn = withdrawn(&file);
    // A page that was refused for another reason still shows what it showed: it is of the version that it was made from.
    let is_as_sent = is_sent && !is_stale;
    let seq = asked.seen().filter(|_| is_as_sent).unwrap_or(case.seq);
    let since = if is_stale { since(ctx, asked, &file)? } else { Vec::new() };
    let people_at = people_at(asked).filter(|_| is_as_sent).or(written_at);
    let html = Page {
        shell: &asked.shell,
        number,
        id: case.id.to_string(),
        version_path: format!("{path}/version"),
        path,
        others: others::of(ctx, &case.id)?,
        seq,
        people_at: people_at.map(|at| at.0.to_string()).unwrap_or_default(),
        along: if is_as_sent { kept::again(&asked.form) } else { kept::along(&now_known) },
        wrong,
        is_stale,
        since,
        differs,
        missing,
        sections,
        facts,
        withdrawn,
    };
    Ok(Answer::Page(status, html.render().map_err(broken)?))
}

/// What is missing and can be entered as a fact stands at the top.
fn missing(file: &CaseFile) -> Section {
    let mut items: Vec<Item> = file.missing.iter().map(|missing| missing.item).collect();
    items.dedup();
    let mut found: Vec<Field> = Vec::new();
    for item in items {
        let field = match item.name() {
            "order.diagnosis" | "order.quantity" | "order.service" | "auth.number" => continue,
            name if name.starts_with("member.")
                || name.starts_with("coverage.")
                || name.starts_with("prescriber.") =>
            {
                match item.kind() {
                    doorstep_case::ItemKind::Flag => fields::fact(item),
                    _ if matches!(name, "member.allergies" | "member.access-barriers") => {
                        fields::fact(item)
                    }
                    _ => continue,
                }
            }
            _ => fields::fact(item),
        };
        if found.iter().all(|known| known.name != field.name) {
            let why = file
                .missing
                .iter()
                .find(|missing| missing.item == item)
                .map(|missing| capital(&missing.why));
            found.push(field.hint(why.unwrap_or_default()));
        }
    }
    Section { title: "What is missing".to_owned(), hint: String::new(), fields: found }
}

fn order() -> Section {
    let mut section = fields::order("");
    section.fields.retain(|field| {
        field.name.starts_with("fact.") || matches!(field.name.as_str(), "urgency" | "diagnoses")
    });
    section
}

fn withdrawn(file: &CaseFile) -> Field {
    let choice = |item: &Item| Choice::new(item.name(), capital(item.words()));
    let choices = file.case.known.keys().map(choice).collect();
    Field::new("withdrawn", "Known so far", Control::Checks(choices))
}

/// What is known, as the form would have sent it.
fn known(file: &CaseFile, zone: &Zone) -> Posted {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        pairs.extend(value.map(|value| (name.to_owned(), value)));
    };
    let person = &file.party.person;
    let phi = |value: &Option<Phi<String>>| value.as_ref().map(|value| value.reveal().clone());
    let given: Vec<&str> = person.given.iter().map(|name| name.reveal().as_str()).collect();
    add("given", Some(given.join(" ")));
    add("family_name", phi(&person.family));
    add("suffix", phi(&person.suffix));
    add("birth_on", person.birth_on.as_ref().map(|on| on.reveal().to_string()));
    add("sex", person.sex.as_ref().map(|sex| sex_name(*sex.reveal()).to_owned()));
    add("email", phi(&person.email));
    add("language", phi(&person.language));
    let address = person.address.clone().unwrap_or_default();
    add("street", address.lines.first().map(|line| line.reveal().clone()));
    add("street2", address.lines.get(1).map(|line| line.reveal().clone()));
    add("city", phi(&address.city));
    add("state", phi(&address.state));
    add("zip", phi(&address.zip));
    if let Some(phone) = person.phones.first() {
        add("phone", Some(phone.number.reveal().clone()));
        add("phone_kind", Some(phone.kind.clone()));
    }
    if let Some(coverage) = file.party.coverage.first() {
        add("payer", coverage.payer_id.as_ref().map(ToString::to_string));
        add("payer_name", coverage.payer_name.clone());
        add("member_id", phi(&coverage.member_id));
        add("group", phi(&coverage.group));
    }
    add("auth_number", file.case.intake.auth_number.clone());
    if let Some(clinician) = &file.party.prescriber {
        add("clinician", clinician.name.clone());
        add("npi", clinician.npi.clone());
        add("clinician_phone", clinician.phone.clone());
        add("clinician_fax", clinician.fax.clone());
    }
    if let Some(referrer) = &file.party.referrer {
        add("organisation", referrer.name.clone());
        add("contact", referrer.contact.clone());
        add("contact_phone", referrer.phone.clone());
        add("contact_fax", referrer.fax.clone());
    }
    let codes: Vec<&str> =
        file.case.intake.diagnoses.iter().map(|diagnosis| diagnosis.code.as_str()).collect();
    add("diagnoses", Some(codes.join(", ")));
    for (item, known) in &file.case.known {
        add(&fields::name(*item), value(known, zone));
    }
    Posted(pairs)
}

fn sex_name(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Unknown => "unknown",
    }
}

/// A fact as its field holds it. What is held is in notes and rows, not here.
fn value(known: &Known, zone: &Zone) -> Option<String> {
    match &known.fact {
        Fact::Held => None,
        Fact::Number(number) => Some(number.to_string()),
        Fact::Code(code) => Some(code.clone()),
        Fact::On(date) => Some(date.to_string()),
        Fact::At(at) => Some(when::field(*at, zone)),
        Fact::Flag(flag) => Some(if *flag { "yes" } else { "no" }.to_owned()),
    }
}
