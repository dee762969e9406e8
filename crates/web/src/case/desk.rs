//! What the forms of a case page are filled in from: the case, its words, colleagues, providers.

use crate::{phone, words};
use doorstep_app::desk;
use doorstep_app::{CaseFile, Ctx, Result};
use doorstep_case::{Case, NextStep, ServiceLine, completeness::Missing};
use doorstep_store::contacts::Contact;
use doorstep_store::escalations::Message;
use doorstep_store::providers::Provider;
use doorstep_store::users::User;
use doorstep_vocab::{CaseId, ContactId, DocumentId, LineNo, ProviderId, Timestamp, UserId, Zone};
use std::collections::BTreeMap;

/// A trade with its words, and its families by name with theirs.
pub(crate) type Service = (ServiceLine, String, Vec<(String, String)>);

/// What the forms of a case page are filled in from.
pub(crate) struct Desk<'a> {
    pub(crate) case: &'a Case,
    pub(crate) missing: &'a [Missing],
    pub(crate) next: &'a NextStep,
    pub(crate) zone: Zone,
    pub(crate) now: Timestamp,
    pub(crate) csrf: &'a str,
    pub(crate) user_id: &'a str,
    pub(crate) lines: BTreeMap<LineNo, String>,
    pub(crate) services: Vec<Service>,
    pub(crate) names: BTreeMap<ProviderId, String>,
    /// How each provider is reached.
    pub(crate) reach: BTreeMap<ProviderId, String>,
    /// Names of users, those who left too.
    pub(crate) people: BTreeMap<UserId, String>,
    pub(crate) staff: Vec<User>,
    pub(crate) providers: Vec<Provider>,
    pub(crate) titles: BTreeMap<DocumentId, String>,
    /// Whom to ask for at providers.
    pub(crate) contacts: &'a BTreeMap<ContactId, Contact>,
    /// What was written about escalations.
    pub(crate) threads: &'a [Message],
    pub(crate) role: doorstep_case::Role,
}

impl<'a> Desk<'a> {
    /// Gathers what the forms need.
    pub(crate) fn of(ctx: &'a Ctx, file: &'a CaseFile, csrf: &'a str) -> Result<Self> {
        let case = &file.case;
        let zone = case.zone.clone().unwrap_or_else(|| ctx.app.settings.hub_zone.clone());
        let terms = ctx.app.packs.terms_between(
            &case.intake.payer_id,
            case.intake.received_at.date(&zone),
            ctx.now.date(&zone),
        );
        let lines = case.lines.values().map(|line| (line.no, words::line(line, &terms))).collect();
        let services = ctx.app.packs.lines(ctx.now.date(&zone)).map(|info| {
            let families =
                info.families.iter().map(|family| (family.name.to_string(), family.words.clone()));
            (info.service, info.words.to_owned(), families.collect())
        });
        let known = desk::providers(ctx, &provider_ids(case))?;
        Ok(Self {
            case,
            missing: &file.missing,
            next: &file.next,
            zone,
            now: ctx.now,
            csrf,
            user_id: ctx.actor.user_id.as_str(),
            lines,
            services: services.collect(),
            names: known.iter().map(|(id, provider)| (id.clone(), provider.name.clone())).collect(),
            reach: known.iter().map(|(id, provider)| (id.clone(), reach(provider))).collect(),
            people: desk::people(ctx)?,
            staff: desk::staff(ctx)?,
            providers: providers(ctx, case)?,
            titles: titles(file),
            contacts: &file.contacts,
            threads: &file.threads,
            role: ctx.actor.role,
        })
    }

    /// Returns what is on a line, with its number where there are several.
    pub(crate) fn line(&self, no: LineNo) -> String {
        let what = self.lines.get(&no).cloned().unwrap_or_default();
        if self.case.lines.len() > 1 { format!("{no}. {what}") } else { what }
    }

    /// Returns what is on several lines.
    pub(crate) fn on(&self, lines: &[LineNo]) -> String {
        lines.iter().map(|no| self.line(*no)).collect::<Vec<_>>().join(", ")
    }

    /// Returns a user's name, or the user name where nobody knows it.
    pub(crate) fn person(&self, id: &UserId) -> String {
        self.people.get(id).cloned().unwrap_or_else(|| id.to_string())
    }

    /// Returns a colleague's name with the direct number, as a caller is told.
    pub(crate) fn reached(&self, id: &UserId) -> String {
        let known = self.staff.iter().find(|user| user.user_id == *id);
        match known.and_then(|user| user.phone.as_ref()) {
            Some(number) => format!("{} ({})", self.person(id), phone::told(number)),
            None => self.person(id),
        }
    }

    /// Returns a provider's name, or its id where the network does not know it.
    pub(crate) fn provider(&self, id: &ProviderId) -> String {
        self.names.get(id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// `phone 574-555-0199, fax 574-555-0198, ask for the intake desk`.
fn reach(provider: &Provider) -> String {
    let ways = [("phone", &provider.phone), ("fax", &provider.fax), ("ask for", &provider.contact)];
    let known = ways
        .iter()
        .filter_map(|(way, value)| Some(format!("{way} {}", phone::told(value.as_ref()?))));
    known.collect::<Vec<_>>().join(", ")
}

fn titles(file: &CaseFile) -> BTreeMap<DocumentId, String> {
    let documents = file.documents.iter();
    documents.map(|known| (known.document_id.clone(), known.title.reveal().clone())).collect()
}

fn provider_ids(case: &Case) -> Vec<ProviderId> {
    let offered = case.placement.offers.values().map(|offer| offer.provider_id.clone());
    let placed = case.lines.values().filter_map(|line| line.placement.provider().cloned());
    let visiting = case.delivery.visits.values().map(|visit| visit.provider_id.clone());
    let mut ids: Vec<ProviderId> = offered.chain(placed).chain(visiting).collect();
    ids.sort();
    ids.dedup();
    ids
}

fn providers(ctx: &Ctx, case: &Case) -> Result<Vec<Provider>> {
    let unplaced = case.open_lines().filter(|line| line.placement.provider().is_none());
    let mut services: Vec<ServiceLine> = unplaced.map(|line| line.service).collect();
    services.sort();
    services.dedup();
    let mut found: Vec<Provider> = Vec::new();
    for service in services {
        for provider in desk::providers_for(ctx, &CaseId::clone(&case.id), service)? {
            if !found.iter().any(|known| known.provider_id == provider.provider_id) {
                found.push(provider);
            }
        }
    }
    Ok(found)
}
