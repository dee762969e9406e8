//! `doorstep provider`: whoever has this machine's command line keeps the provider network.

use crate::cli::{NewProvider, Provider};
use crate::output::{say, say_json};
use crate::place::Place;
use anyhow::Context as _;
use doorstep_app::{Ctx, network};
use doorstep_store::providers::Provider as Row;
use doorstep_vocab::ProviderId;
use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;

/// Keeps the network.
pub(crate) fn run(place: &Place, command: Provider) -> anyhow::Result<ExitCode> {
    let app = place.app()?;
    let ctx = app.system("command-line");
    match command {
        Provider::Add(new) => return add(&ctx, new),
        Provider::Import { file, json } => return import(&ctx, &file, json),
        Provider::Accepting { id, answer } => {
            network::set_accepting(&ctx, &ProviderId(id), answer == "yes")
                .context("there is no such provider: `doorstep provider list` shows them")?;
        }
        Provider::List(args) => list(&ctx, args.json)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn add(ctx: &Ctx, new: NewProvider) -> anyhow::Result<ExitCode> {
    let mut values = BTreeMap::from([
        ("provider_id".to_owned(), new.id),
        ("name".to_owned(), new.name),
        ("services".to_owned(), new.services),
        ("areas".to_owned(), new.areas),
    ]);
    for field in &new.more {
        let (name, value) =
            field.split_once('=').with_context(|| format!("write `{field}` as field=value"))?;
        anyhow::ensure!(
            network::FIELDS.iter().any(|(known, _)| *known == name),
            "a provider has no field `{name}`: `doorstep provider add --help` names them"
        );
        values.insert(name.to_owned(), value.to_owned());
    }
    match network::read(&values) {
        Ok(provider) => {
            network::put(ctx, &provider)?;
            say(format!("{} is in the network", provider.provider_id))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => {
            for problem in problems {
                say(format!("{}: {}", problem.field, problem.message))?;
            }
            Ok(ExitCode::from(1))
        }
    }
}

fn import(ctx: &Ctx, file: &Path, is_json: bool) -> anyhow::Result<ExitCode> {
    let table =
        std::fs::read(file).with_context(|| format!("{} could not be read", file.display()))?;
    match network::import(ctx, &table)? {
        Ok(n_rows) if is_json => {
            say_json(&serde_json::json!({ "providers": n_rows, "problems": 0 }))?;
        }
        Ok(n_rows) => say(format!("{n_rows} providers are in the network"))?,
        Err(problems) => {
            for problem in &problems {
                let (line, column, message) = (problem.line, &problem.column, &problem.message);
                if is_json {
                    say_json(
                        &serde_json::json!({ "line": line, "column": column, "message": message }),
                    )?;
                } else {
                    say(format!("{}:{line}: {column}: {message}", file.display()))?;
                }
            }
            if !is_json {
                say("nothing was kept: correct the table and import it again")?;
            }
            return Ok(ExitCode::from(1));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(ctx: &Ctx, is_json: bool) -> anyhow::Result<()> {
    let mut after: Option<ProviderId> = None;
    loop {
        let page = network::list(ctx, after.as_ref())?;
        for provider in &page {
            if is_json { say_json(&as_json(provider))? } else { say(line(provider))? }
        }
        after = page.last().map(|provider| provider.provider_id.clone());
        if after.is_none() {
            return Ok(());
        }
    }
}

fn services(provider: &Row) -> Vec<&'static str> {
    provider.services.iter().map(|service| service.name()).collect()
}

fn line(provider: &Row) -> String {
    let state = if provider.accepting { "accepting" } else { "closed" };
    format!(
        "{:<24} {state:<10} {:<24} {:<24} {}",
        provider.provider_id,
        services(provider).join(","),
        provider.areas.join(","),
        provider.name
    )
}

fn as_json(provider: &Row) -> serde_json::Value {
    serde_json::json!({
        "provider_id": provider.provider_id, "name": provider.name, "npi": provider.npi, "taxonomy": provider.taxonomy,
        "services": services(provider), "areas": provider.areas, "phone": provider.phone, "fax": provider.fax,
        "contact": provider.contact, "accepting": provider.accepting,
        "active_from": provider.active_from.map(|on| on.to_string()), "active_to": provider.active_to.map(|on| on.to_string()),
    })
}
