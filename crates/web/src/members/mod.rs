//! Two members side by side: what is the same and what differs, merging them with a reason, and taking a merge apart.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::Wrong;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{When, day};
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::members::{self, Compared, Side};
use doorstep_app::{Ctx, Error, Permission, Result};
use doorstep_case::Sex;
use doorstep_store::members::Merged;
use doorstep_store::people::Party;
use doorstep_vocab::{CaseId, Phi};
use std::collections::BTreeMap;

const MERGE: &str = "merge";
const UNMERGE: &str = "unmerge";
/// The answer of who says that a case is of the identity that survived.
const KEPT: &str = "kept";

/// One line of the comparison.
struct Line {
    what: &'static str,
    own: String,
    other: String,
    is_same: bool,
}

/// A merge that holds, and the form that takes it apart.
struct Held {
    words: String,
    reason: String,
    form: Option<Form>,
}

struct CaseLink {
    path: String,
    number: String,
}

#[derive(Template)]
#[template(path = "members/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    path: String,
    done: &'static str,
    wrong: String,
    names: [String; 2],
    cases: [Vec<CaseLink>; 2],
    reasons: Vec<String>,
    is_one: bool,
    lines: Vec<Line>,
    form: Option<Form>,
    merges: Vec<Held>,
}

/// Shows the two.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    page(ctx, asked, (StatusCode::OK, None))
}

/// Merges them.
pub(crate) fn merge(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let (own, other) = (asked.case_id(), other(asked));
    let reason = Phi::new(asked.form.text("reason").unwrap_or_default());
    let pair = match asked.form.get("survivor") {
        Some(id) if id == own.as_str() => (&own, &other),
        Some(id) if id == other.as_str() => (&other, &own),
        _ => {
            let wrong = Wrong::at("survivor", "choose whose identity survives");
            return refused(ctx, asked, (MERGE.to_owned(), wrong));
        }
    };
    done(ctx, asked, (MERGE.to_owned(), members::merge(ctx, pair, &reason)))
}

/// Takes a merge apart.
pub(crate) fn unmerge(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let merge_id = asked.form.text("merge").unwrap_or_default();
    let reason = Phi::new(asked.form.text("reason").unwrap_or_default());
    let of = |(name, value): &(String, String)| {
        Some((CaseId::from(name.strip_prefix("whose.")?), value == KEPT))
    };
    let kept: BTreeMap<CaseId, bool> = asked.form.0.iter().filter_map(of).collect();
    let form = format!("{UNMERGE}-{merge_id}");
    done(ctx, asked, (form, members::unmerge(ctx, &merge_id, (&kept, &reason))))
}

fn done(ctx: &Ctx, asked: &Asked, (form, result): (String, Result<()>)) -> Result<Answer> {
    match result {
        Ok(()) => {
            let what = if form == MERGE { MERGE } else { UNMERGE };
            Ok(Answer::See(format!("{}?done={what}", path(&asked.case_id(), &other(asked)))))
        }
        Err(Error::Refused(refusal)) => {
            let field = refusal.field().unwrap_or_default();
            refused(ctx, asked, (form, Wrong::at(field, refusal.to_string())))
        }
        // A merge that somebody else took apart meanwhile.
        Err(Error::NotFound) => {
            let words = "this merge does not hold any more: look at the two as they are now";
            refused(ctx, asked, (form, Wrong::at("", words)))
        }
        Err(error) => Err(error),
    }
}

fn refused(ctx: &Ctx, asked: &Asked, wrong: (String, Wrong)) -> Result<Answer> {
    page(ctx, asked, (StatusCode::UNPROCESSABLE_ENTITY, Some(wrong)))
}

fn other(asked: &Asked) -> CaseId {
    CaseId::from(asked.param("other"))
}

fn case_path(case_id: &CaseId) -> String {
    format!("/cases/{}", encoded(case_id.as_str()))
}

/// Returns where the members of two cases are compared.
pub(crate) fn path(own: &CaseId, other: &CaseId) -> String {
    format!("{}/same/{}", case_path(own), encoded(other.as_str()))
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    (status, wrong): (StatusCode, Option<(String, Wrong)>),
) -> Result<Answer> {
    let compared = members::compare(ctx, &asked.case_id(), &other(asked))?;
    let may_merge = Permission::MergeMembers.is_for(ctx.actor.role);
    let told = wrong.as_ref().map(|(_, wrong)| capital(&wrong.words)).unwrap_or_default();
    let refill = |mut form: Form| {
        if let Some((_, wrong)) = wrong.as_ref().filter(|(id, _)| *id == form.id) {
            form.refill(&asked.form, std::slice::from_ref(wrong));
            form.wrong.clear();
        }
        form
    };
    let form = (may_merge && !compared.is_one).then(|| refill(merge_form(&compared, asked)));
    let held = |merged: &Merged| Held {
        words: merge_words(ctx, &compared, merged),
        reason: merged.merge.reason.reveal().clone(),
        form: may_merge.then(|| refill(unmerge_form(&compared, merged, asked))),
    };
    let html = Page {
        shell: &asked.shell,
        path: case_path(&asked.case_id()),
        done: match asked.query.get("done") {
            Some(MERGE) => {
                "The two are one member from now on. Each case keeps its people and its record."
            }
            Some(UNMERGE) => "The two are two members again.",
            _ => "",
        },
        wrong: told,
        names: [&compared.own, &compared.other].map(|side| name(&side.party)),
        cases: [&compared.own, &compared.other].map(|side| links(&compared, side)),
        reasons: compared.reasons.iter().map(|words| capital(words.reveal())).collect(),
        is_one: compared.is_one,
        lines: lines(&compared),
        form,
        merges: compared.merges.iter().map(held).collect(),
    };
    Ok(Answer::Page(status, html.render().map_err(broken)?))
}

fn links(compared: &Compared, side: &Side) -> Vec<CaseLink> {
    let link = |id: &CaseId| CaseLink { path: case_path(id), number: number(compared, id) };
    side.cases.iter().map(link).collect()
}

fn number(compared: &Compared, case_id: &CaseId) -> String {
    compared.numbers.get(case_id).map_or_else(|| case_id.to_string(), ToString::to_string)
}

fn merge_form(compared: &Compared, asked: &Asked) -> Form {
    let action = format!("{}/merge", path(&compared.own.case_id, &compared.other.case_id));
    let choice = |side: &Side| {
        let words = format!("{}, of case {}", name(&side.party), number(compared, &side.case_id));
        Choice::new(side.case_id.as_str(), words)
    };
    let survivors = vec![choice(&compared.own), choice(&compared.other)];
    Form::new(MERGE, action, "Merge the two members", asked.csrf())
        .field(
            Field::new("survivor", "Whose identity survives", Control::Radios(survivors))
                .required(),
        )
        .field(Field::new("reason", "Why they are one", Control::Area).required().hint(
            "What was compared, and with whom it was confirmed. It can be taken apart again.",
        ))
}

fn unmerge_form(compared: &Compared, merged: &Merged, asked: &Asked) -> Form {
    let action = format!("{}/unmerge", path(&compared.own.case_id, &compared.other.case_id));
    let merge = &merged.merge;
    let id = format!("{UNMERGE}-{}", merge.merge_id);
    let mut form = Form::new(id, action, "Take the merge apart", asked.csrf())
        .hide("merge", merge.merge_id.clone());
    for case_id in &merged.since {
        let is_kept = merged.falls_to_kept.contains(case_id);
        let of = |id: &CaseId| format!("The member of case {}", number(compared, id));
        let choices = vec![
            Choice::new(KEPT, of(&merge.kept)).chosen(is_kept),
            Choice::new("merged", of(&merge.merged)).chosen(!is_kept),
        ];
        let label = format!("Whose is case {}, opened since", number(compared, case_id));
        let field = Field::new(format!("whose.{case_id}"), label, Control::Radios(choices));
        form = form.field(field.required());
    }
    form.field(Field::new("reason", "Why they are two", Control::Area).required())
}

fn merge_words(ctx: &Ctx, compared: &Compared, merged: &Merged) -> String {
    let merge = &merged.merge;
    let at = When::in_full(merge.at, &ctx.app.settings.hub_zone).local;
    let (kept, other) = (number(compared, &merge.kept), number(compared, &merge.merged));
    format!("The member of {other} was merged into that of {kept}, {at}, by {}.", merge.by)
}

fn name(party: &Party) -> String {
    let person = &party.person;
    let names = person.given.iter().chain(&person.family).chain(&person.suffix);
    let name = names.map(|name| name.reveal().as_str()).collect::<Vec<_>>().join(" ");
    if name.is_empty() { "Name not known".to_owned() } else { name }
}

fn lines(compared: &Compared) -> Vec<Line> {
    let (own, other) = (values(&compared.own.party), values(&compared.other.party));
    let line = |((what, own), (_, other)): ((&'static str, String), (&'static str, String))| Line {
        what,
        is_same: own == other && !own.is_empty(),
        own,
        other,
    };
    let both = own.into_iter().zip(other).map(line);
    both.filter(|line| !(line.own.is_empty() && line.other.is_empty())).collect()
}

fn values(party: &Party) -> Vec<(&'static str, String)> {
    let person = &party.person;
    let text = |value: &Option<Phi<String>>| {
        value.as_ref().map(|value| value.reveal().clone()).unwrap_or_default()
    };
    let all = |values: Vec<String>| values.join(", ");
    let address = person.address.clone().unwrap_or_default();
    let street = address.lines.iter().map(|line| line.reveal().clone());
    let place = [&address.city, &address.state, &address.zip].map(text);
    let street = street.chain(place).filter(|part| !part.is_empty()).collect();
    let ids = party.coverage.iter().map(|coverage| text(&coverage.member_id));
    let payers = party.coverage.iter().filter_map(|coverage| coverage.payer_name.clone());
    let sex = match person.sex.as_ref().map(Phi::reveal) {
        Some(Sex::Female) => "female",
        Some(Sex::Male) => "male",
        Some(Sex::Unknown) | None => "",
    };
    let birth = person.birth_on.as_ref().map(|on| day(*on.reveal()));
    vec![
        ("Name", name(party)),
        ("Birth date", birth.unwrap_or_default()),
        ("Sex", sex.to_owned()),
        ("Plan ID", all(ids.filter(|id| !id.is_empty()).collect())),
        ("Payer", all(payers.collect())),
        ("Address", all(street)),
        (
            "Telephone",
            all(person.phones.iter().map(|phone| phone.number.reveal().clone()).collect()),
        ),
        ("E-mail", text(&person.email)),
        ("Language", text(&person.language)),
    ]
}
