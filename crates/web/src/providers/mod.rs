//! The provider network, for whoever keeps it: listed, entered, corrected, taken from a table, closed to new members.

use crate::answer::Answer;
use crate::asked::Asked;
use crate::field::{Choice, Control, Field, Form};
use crate::posted::{Posted, Wrong};
use crate::shell::Shell;
use crate::signin::{broken, encoded};
use askama::Template;
use axum::http::StatusCode;
use doorstep_app::{Ctx, Error, Result, network};
use doorstep_case::ServiceLine;
use doorstep_store::providers::Provider;
use doorstep_vocab::ProviderId;
use std::collections::BTreeMap;

/// Problems of a table that a page shows at most: who sees fifty corrects the rest with them.
const PROBLEMS_MAX: usize = 50;

struct Row {
    path: String,
    correct: String,
    name: String,
    id: String,
    services: String,
    areas: String,
    reached: String,
    is_accepting: bool,
}

#[derive(Template)]
#[template(path = "providers/page.html")]
struct Page<'a> {
    shell: &'a Shell,
    rows: Vec<Row>,
    next: String,
    form: Form,
    table: Form,
    said: &'static str,
    problems: Vec<network::RowProblem>,
}

/// Lists the providers, with the form filled in for the one that is to be corrected.
pub(crate) fn show(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let said = match asked.query.get("done") {
        Some("kept") => "The provider is in the network.",
        Some("changed") => "The change holds from the next offer.",
        Some("imported") => "Every provider of the table is in the network.",
        _ => "",
    };
    let known = match asked.query.get("correct") {
        Some(id) => posted(&network::get(ctx, &ProviderId::from(id))?),
        None => Posted::default(),
    };
    page(ctx, asked, (StatusCode::OK, said), (&known, &[], Vec::new()))
}

/// Keeps a provider, in place of what was known of it.
pub(crate) fn put(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let services: Vec<&str> = asked.form.all("services").collect();
    let mut values: BTreeMap<String, String> = asked.form.0.iter().cloned().collect();
    values.insert("services".to_owned(), services.join(","));
    values.insert(
        "accepting".to_owned(),
        if asked.form.is_ticked("accepting") { "yes" } else { "no" }.to_owned(),
    );
    match network::read(&values) {
        Ok(provider) => {
            network::put(ctx, &provider)?;
            Ok(Answer::See("/providers?done=kept".to_owned()))
        }
        Err(problems) => {
            let wrong: Vec<Wrong> =
                problems.into_iter().map(|one| Wrong::at(one.field, one.message)).collect();
            let status = (StatusCode::UNPROCESSABLE_ENTITY, "");
            page(ctx, asked, status, (&asked.form, &wrong, Vec::new()))
        }
    }
}

/// Says whether a provider takes new members.
pub(crate) fn set_accepting(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let is_accepting = match asked.form.get("accepting") {
        Some("yes") => true,
        Some("no") => false,
        _ => return Err(Error::bad("accepting", "say whether the provider takes new members")),
    };
    network::set_accepting(ctx, &ProviderId::from(asked.param("provider")), is_accepting)?;
    Ok(Answer::See("/providers?done=changed".to_owned()))
}

/// Takes a table, whole or not at all.
pub(crate) fn import(ctx: &Ctx, asked: &Asked) -> Result<Answer> {
    let upload = asked.files.iter().find(|file| file.field == "table");
    let table = upload.map(|file| file.bytes.as_slice()).unwrap_or_default();
    match network::import(ctx, table)? {
        Ok(_) => Ok(Answer::See("/providers?done=imported".to_owned())),
        Err(problems) => {
            let status = (StatusCode::UNPROCESSABLE_ENTITY, "");
            page(ctx, asked, status, (&Posted::default(), &[], problems))
        }
    }
}

fn page(
    ctx: &Ctx,
    asked: &Asked,
    (status, said): (StatusCode, &'static str),
    (known, wrong, mut problems): (&Posted, &[Wrong], Vec<network::RowProblem>),
) -> Result<Answer> {
    let after = asked.query.get("after").map(ProviderId::from);
    let providers = network::list(ctx, after.as_ref())?;
    let next = providers
        .last()
        .map(|last| format!("/providers?after={}", encoded(last.provider_id.as_str())));
    let mut form = form(asked.csrf());
    if !known.0.is_empty() {
        form.refill(known, wrong);
    }
    let mut table = Form::new("table", "/providers/tables", "Import", asked.csrf())
        .field(Field::new("table", "Table", Control::File).required().hint(
            "CSV with a column for each field of the form: provider_id, name, services, areas and so on. It is taken whole or not at all.",
        ));
    table.has_file = true;
    problems.truncate(PROBLEMS_MAX);
    let rows = providers.into_iter().map(row).collect();
    let page = Page {
        shell: &asked.shell,
        rows,
        next: next.unwrap_or_default(),
        form,
        table,
        said,
        problems,
    };
    Ok(Answer::Page(status, page.render().map_err(broken)?))
}

fn row(provider: Provider) -> Row {
    let services: Vec<&str> = provider.services.iter().map(|service| service.name()).collect();
    let reached = [provider.contact, provider.phone, provider.fax.map(|fax| format!("fax {fax}"))];
    let id = encoded(provider.provider_id.as_str());
    Row {
        path: format!("/providers/{id}"),
        correct: format!("/providers?correct={id}"),
        id: provider.provider_id.to_string(),
        name: provider.name,
        services: services.join(", "),
        areas: provider.areas.join(", "),
        reached: reached.into_iter().flatten().collect::<Vec<_>>().join(", "),
        is_accepting: provider.accepting,
    }
}

fn form(csrf: &str) -> Form {
    let choice = |service: &ServiceLine| Choice::new(service.name(), service.name());
    let services: Vec<Choice> = ServiceLine::ALL.iter().map(choice).collect();
    let mut form = Form::new("provider", "/providers", "Keep", csrf);
    for (name, words) in network::FIELDS {
        let field = match *name {
            "services" => {
                Field::new(*name, "Services", Control::Checks(services.clone())).required()
            }
            "accepting" => Field::new(*name, "Takes new members", Control::Tick).with("yes"),
            "active_from" | "active_to" => Field::new(*name, *words, Control::Line("date")),
            "provider_id" | "name" | "areas" => Field::line(*name, *words).required(),
            _ => Field::line(*name, *words),
        };
        form = form.field(field);
    }
    form.is_main = true;
    form
}

/// A provider as the form would have sent it.
fn posted(provider: &Provider) -> Posted {
    let mut pairs: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        pairs.extend(value.map(|value| (name.to_owned(), value)));
    };
    add("provider_id", Some(provider.provider_id.to_string()));
    add("name", Some(provider.name.clone()));
    for service in &provider.services {
        add("services", Some(service.name().to_owned()));
    }
    add("areas", Some(provider.areas.join(", ")));
    add("npi", provider.npi.clone());
    add("taxonomy", provider.taxonomy.clone());
    add("phone", provider.phone.clone());
    add("fax", provider.fax.clone());
    add("contact", provider.contact.clone());
    add("accepting", provider.accepting.then(|| "yes".to_owned()));
    add("active_from", provider.active_from.map(|on| on.to_string()));
    add("active_to", provider.active_to.map(|on| on.to_string()));
    Posted(pairs)
}
