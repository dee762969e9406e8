//! What whoever bills is shown of a case: name, plan ID and birth date; codes, dates and units; authorization numbers.
//!
//! **Invariant:** the answer holds these fields and no other. What is masked is not read into it, so no page can show it.
//! Source: trust.md 6.2 and 6.3 (8).

use crate::act::entry;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::delivery::VisitState;
use doorstep_case::{Case, Line, Unit};
use doorstep_db::Tx;
use doorstep_store::people::Party;
use doorstep_store::{audit, cases, people, providers};
use doorstep_vocab::{CaseId, CaseNumber, Date, LineNo, PayerId, Phi};

/// A case as whoever bills sees it.
#[derive(Debug)]
pub struct Billed {
    /// Its number.
    pub number: Option<CaseNumber>,
    /// The member's names, given names first.
    pub member: Phi<String>,
    /// The birth date.
    pub birth_on: Option<Phi<Date>>,
    /// The plan ID of the first coverage.
    pub plan_id: Option<Phi<String>>,
    /// The payer.
    pub payer_id: PayerId,
    /// Diagnosis codes, the principal one first.
    pub diagnoses: Vec<String>,
    /// Its lines.
    pub lines: Vec<BilledLine>,
}

/// A line as whoever bills sees it.
#[derive(Debug)]
pub struct BilledLine {
    /// Its number in the case.
    pub no: LineNo,
    /// The procedure code with its modifiers, as ordered.
    pub code: String,
    /// What the numbers count.
    pub unit: Unit,
    /// How many were authorized.
    pub authorized: u32,
    /// How many were delivered.
    pub delivered: u32,
    /// How many came back.
    pub returned: u32,
    /// The authorizations that hold, each with its first and last day.
    pub authorizations: Vec<(String, Option<Date>, Option<Date>)>,
    /// The days on which something was delivered or done, in the zone where care is given.
    pub delivered_on: Vec<Date>,
    /// Who delivers: name and NPI.
    pub provider: Option<(String, Option<String>)>,
}

/// Finds a case by its number, for whoever bills. It tells nothing else.
pub fn find(ctx: &Ctx, number: &CaseNumber) -> Result<Option<CaseId>> {
    let scope = ctx.scope_to(Permission::ReadBilling)?;
    ctx.app.db.read(|tx| cases::by_number(tx, &scope, number).map_err(Error::from))
}

/// Returns what is billed of a case, and records who looked.
pub fn of_case(ctx: &Ctx, case_id: &CaseId) -> Result<Billed> {
    let scope = ctx.scope_to(Permission::ReadBilling)?;
    let billed = ctx.app.db.read(|tx| -> Result<Billed> {
        ctx.sees(tx, &scope, case_id)?;
        let case = cases::view(tx, &scope, case_id)?.ok_or(Error::NotFound)?;
        let party = people::get(tx, &scope, case_id)?.unwrap_or_default();
        let lines: Result<Vec<BilledLine>> =
            case.lines.values().map(|line| of_line(tx, ctx, (&case, line))).collect();
        Ok(Billed {
            number: case.number.clone(),
            member: named(&party),
            birth_on: party.person.birth_on.clone(),
            plan_id: party.coverage.first().and_then(|coverage| coverage.member_id.clone()),
            payer_id: case.intake.payer_id.clone(),
            diagnoses: case.intake.diagnoses.iter().map(|known| known.code.clone()).collect(),
            lines: lines?,
        })
    })?;
    let look = entry(ctx, case_id, "read billing");
    ctx.app.db.write("record a look", |tx| audit::record(tx, &look).map_err(Error::from))?;
    Ok(billed)
}

fn named(party: &Party) -> Phi<String> {
    let person = &party.person;
    let names = person.given.iter().chain(&person.family).chain(&person.suffix);
    Phi::new(names.map(|name| name.reveal().as_str()).collect::<Vec<_>>().join(" "))
}

fn of_line(tx: &mut Tx, ctx: &Ctx, (case, line): (&Case, &Line)) -> Result<BilledLine> {
    let zone = case.zone.as_ref().unwrap_or(&ctx.app.settings.hub_zone);
    let delivered_on = case.delivery.visits.values().filter_map(|visit| match visit.state {
        VisitState::Done { at } if visit.lines.contains(&line.no) => Some(at.date(zone)),
        _ => None,
    });
    let mut delivered_on: Vec<Date> = delivered_on.collect();
    delivered_on.sort_unstable();
    let provider = match line.placement.provider() {
        Some(provider_id) => providers::get(tx, provider_id)?,
        None => None,
    };
    let code = line.request.code.as_ref().map(ToString::to_string);
    let code = code.or_else(|| line.request.other_code.clone()).unwrap_or_default();
    let words = std::iter::once(code).chain(line.request.modifiers.iter().cloned());
    Ok(BilledLine {
        no: line.no,
        code: words.collect::<Vec<_>>().join(" "),
        unit: line.request.unit,
        authorized: line.ledger.authorized,
        delivered: line.ledger.delivered,
        returned: line.ledger.returned,
        authorizations: line
            .approvals()
            .map(|approval| (approval.number.clone(), approval.from, approval.to))
            .collect(),
        delivered_on,
        provider: provider.map(|provider| (provider.name, provider.npi)),
    })
}
