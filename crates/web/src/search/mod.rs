//! Finding a case by whatever a caller can say, exactly or nearly. What was typed is personal, so it is sent in a form and
//! never stands in an address.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::errors::capital;
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use crate::when::{When, day};
use crate::words;
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::{Ctx, Result};
use doorstep_store::providers::Provider;
use doorstep_store::search::{Hit, Query};
use doorstep_vocab::CaseId;

/// Cases that a search shows. Whoever has more hits says more.
const HITS_MAX: u32 = 50;

/// Cases of members alike that are shown.
const ALIKE_MAX: u32 = 20;

/// Providers that a search shows.
const PROVIDERS_MAX: u32 = 10;

/// A case of a member.
struct Row {
    case_id: CaseId,
    path: String,
    number: String,
    payer: String,
    next: String,
    is_closed: bool,
    opened: When,
    /// Where its member is compared with another, where that is asked for.
    compare: Option<String>,
}

/// A member with the cases that were found, and why.
struct Member {
    same_as: String,
    name: String,
    birth: String,
    plan_id: String,
    why: Vec<String>,
    rows: Vec<Row>,
}

struct ProviderRow {
    name: String,
    more: Vec<String>,
    is_accepting: bool,
}

/// What was found, by what it is.
#[derive(Default)]
struct Found {
    n_cases: usize,
    members: Vec<Member>,
    /// Cases whose notes or documents hold the words: the words say nothing of who it is.
    by_words: Vec<Member>,
    providers: Vec<ProviderRow>,
}

impl Found {
    /// The groups of members, each with the id and the words of its heading.
    fn groups(&self) -> [(&'static str, &'static str, &[Member]); 2] {
        [
            ("members", "Members", &self.members),
            ("by-words", "In notes and documents", &self.by_words),
        ]
    }
}

#[derive(Template)]
#[template(path = "search/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    typed: String,
    wrong: String,
    is_asked: bool,
    has_more: bool,
    found: Found,
}

#[derive(Template)]
#[template(path = "search/alike.html")]
struct Alike<'a> {
    shell: &'a Shell,
    path: String,
    own: Vec<Member>,
    members: Vec<Member>,
}

/// Shows the empty box.
pub(crate) fn show(_: &Ctx, asked: &Asked) -> Result<Answer> {
    page(asked, (String::new(), String::new()), None)
}

/// Shows what was found. A case number with a wrong digit is told so: it is nothing else, and finds nothing.
pub(crate) fn find(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let Some(typed) = asked.form.text("q") else { return show(ctx, asked) };
    if let Some(problem) = Query::misread_number(&typed) {
        return page(asked, (typed, capital(&problem.message)), None);
    }
    let hits = doorstep_app::search(ctx, &Query::typed(&typed), HITS_MAX)?;
    let providers = doorstep_app::search_providers(ctx, &typed, PROVIDERS_MAX)?;
    let mut found = Found { n_cases: hits.len(), ..Found::default() };
    for hit in &hits {
        let group = if hit.is_by_words() { &mut found.by_words } else { &mut found.members };
        put(ctx, hit, group);
    }
    found.providers = providers.iter().map(provider).collect();
    page(asked, (typed, String::new()), Some(found))
}

fn page(asked: &Asked, (typed, wrong): (String, String), found: Option<Found>) -> Result<Answer> {
    let is_asked = found.is_some();
    let found = found.unwrap_or_default();
    let has_more = u32::try_from(found.n_cases).is_ok_and(|n| n >= HITS_MAX);
    let status = if wrong.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = Page { shell: &asked.shell, typed, wrong, is_asked, has_more, found };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

/// Shows other cases of a case's member, and of members alike. A page of its own, because whoever works on a case need not
/// see whom else it might be, and every look is recorded.
pub(crate) fn alike(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let case_id = asked.case_id();
    let found = doorstep_app::alike(ctx, &case_id, ALIKE_MAX)?;
    let (mut own, mut members) = (Vec::new(), Vec::new());
    put(ctx, &found.own, &mut own);
    found.others.iter().for_each(|hit| put(ctx, hit, &mut members));
    if doorstep_app::Permission::WorkCases.is_for(ctx.actor.role) {
        for row in members.iter_mut().flat_map(|member| &mut member.rows) {
            row.compare = Some(crate::members::path(&case_id, &row.case_id));
        }
    }
    let path = format!("/cases/{}", encoded(case_id.as_str()));
    let page = Alike { shell: &asked.shell, path, own, members };
    Ok(Answer::Page(StatusCode::OK, page.render().map_err(broken)?))
}

/// Puts a hit under its member. The best hit of a member comes first, and its place is the member's.
fn put(ctx: &Ctx, hit: &Hit, members: &mut Vec<Member>) {
    let same_as = hit.same_as.reveal();
    let known = members.iter_mut().find(|member| !same_as.is_empty() && member.same_as == *same_as);
    match known {
        Some(member) => member.rows.push(row(ctx, hit)),
        None => members.push(Member {
            same_as: same_as.clone(),
            name: hit
                .member
                .as_ref()
                .map_or_else(|| "Name not known".to_owned(), |name| name.reveal().clone()),
            birth: hit.birth_on.as_ref().map(|on| day(*on.reveal())).unwrap_or_default(),
            plan_id: hit.member_id.as_ref().map(|id| id.reveal().clone()).unwrap_or_default(),
            why: hit.reasons.iter().map(|words| capital(words.reveal())).collect(),
            rows: vec![row(ctx, hit)],
        }),
    }
}

fn row(ctx: &Ctx, hit: &Hit) -> Row {
    Row {
        case_id: hit.case_id.clone(),
        path: format!("/cases/{}", encoded(hit.case_id.as_str())),
        number: hit.number.as_ref().map(ToString::to_string).unwrap_or_default(),
        payer: words::payer(ctx, &hit.payer_id),
        next: capital(&hit.next_words),
        is_closed: hit.is_closed,
        opened: When::in_full(hit.opened_at, &ctx.app.settings.hub_zone),
        compare: None,
    }
}

fn provider(provider: &Provider) -> ProviderRow {
    let labelled = |label: &str, value: &Option<String>| {
        value.as_ref().map(|value| format!("{label} {value}"))
    };
    let more = [
        labelled("Telephone", &provider.phone),
        labelled("Fax", &provider.fax),
        labelled("Ask for", &provider.contact),
        labelled("NPI", &provider.npi),
    ];
    ProviderRow {
        name: provider.name.clone(),
        more: more.into_iter().flatten().collect(),
        is_accepting: provider.accepting,
    }
}
