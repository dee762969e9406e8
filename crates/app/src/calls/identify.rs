//! Who the call is about, and who is calling: the agent types what the caller says, and is told what of it matches.

use super::compare::{OnFile, is_same};
use super::{Guard, begin, change_call, is_not_closed};
use crate::act::entry;
use crate::{Ctx, Error, Permission, Result};
use doorstep_case::Refusal;
use doorstep_case::calls::{Authority, Barred, CallRules, CallsCommand, Identifier, Level};
use doorstep_db::Tx;
use doorstep_store::calls::{self as rows, CallRow};
use doorstep_store::people::Party;
use doorstep_store::search::{self, Query};
use doorstep_store::{Scope, audit, cases, people, providers};
use doorstep_vocab::{CallId, CaseId, CaseNumber, Phi};
use std::collections::BTreeMap;

/// Cases that are compared with what was said.
const CASES_MAX: u32 = 50;

/// What the caller says, and what the agent sees.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// By identifier, as typed.
    pub values: BTreeMap<Identifier, Phi<String>>,
    /// What was seen of the caller's authority.
    pub authority: Vec<Authority>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identified {
    /// Which identifiers match.
    pub matched: Vec<Identifier>,
    /// Which do not.
    pub failed: Vec<Identifier>,
    /// How much the caller may hear now.
    pub level: Level,
    /// Whether nothing more is told in this call.
    pub is_locked: bool,
    /// Cases that what was said fits, when they are several: the caller says which.
    pub choices: Vec<CaseNumber>,
}

/// Compares what the caller says with what is on file: of the call's case, or of the one case that it fits. Something that
/// does not match is a failed try, and so is something that fits nobody.
pub fn identify(ctx: &Ctx, call_id: &CallId, said: &Said) -> Result<Identified> {
    ctx.may(Permission::TakeCalls)?;
    let read = compared(ctx, call_id, said)?;
    let best = read.iter().map(|one| one.matched.len()).max().unwrap_or(0);
    let mut fitting: Vec<&Compared> =
        read.iter().filter(|one| one.matched.len() == best && best > 0).collect();
    let is_given = said.values.values().any(|value| !value.reveal().trim().is_empty());
    let mut choices = Vec::new();
    if fitting.len() > 1 {
        choices = fitting.iter().filter_map(|one| one.number.clone()).collect();
        fitting.clear();
    }
    let none = Compared::default();
    let one = fitting.first().copied().unwrap_or(&none);
    let goes_to = one.case_id.clone();
    let is_failed = choices.is_empty() && is_given && one.matched.len() < given(said);
    let guard = guarded(ctx, call_id, goes_to.as_ref())?;
    let mut out = None;
    change_call(ctx, call_id, goes_to.as_ref(), "identify caller", &mut |call, rules| {
        if guard.barred == Some(Barred::Expired) {
            (call.matched.identifiers, call.matched.authority) = Default::default();
            call.verified_at = None;
        }
        call.matched.tried(&one.matched, is_failed);
        call.matched.authority.extend(&said.authority);
        let mut commands = Vec::new();
        if let Some(case_id) = &goes_to {
            call.case_id = Some(case_id.clone());
            commands.push(begin(call));
        }
        let is_of_locked = matches!(guard.barred, Some(Barred::Member { .. }));
        call.level = if is_of_locked { Level::Nothing } else { level(call, rules) };
        if call.level > Level::Nothing {
            call.verified_at = call.verified_at.or(Some(ctx.now));
        }
        commands.extend(call.case_id.is_some().then(|| verified(call)));
        let is_locked = call.matched.is_locked(rules.terms.tries_max);
        if is_locked && call.failed_at.is_none() {
            call.failed_at = Some(ctx.now);
            let fail = CallsCommand::Fail { call_id: call.call_id.clone() };
            commands.extend(call.case_id.is_some().then_some(fail));
        }
        out = Some((call.level, is_locked));
        Ok(commands)
    })?;
    record(ctx, &read)?;
    let (level, is_locked) = out.unwrap_or((Level::Nothing, false));
    let failed = said.values.iter().filter(|(_, value)| !value.reveal().trim().is_empty());
    let failed = failed.map(|(id, _)| *id).filter(|id| !one.matched.contains(id));
    let failed = if choices.is_empty() { failed.collect() } else { Vec::new() };
    Ok(Identified { matched: one.matched.clone(), failed, level, is_locked, choices })
}

/// Compares what is said with the call's own case, or with those that it leads to.
fn compared(ctx: &Ctx, call_id: &CallId, said: &Said) -> Result<Vec<Compared>> {
    let scope = ctx.scope()?;
    let tries_max = super::rules(ctx).terms.tries_max;
    ctx.app.db.read(|tx| -> Result<_> {
        let call = rows::get(tx, &scope, call_id)?.ok_or(Error::NotFound)?;
        is_not_closed(&call)?;
        if call.matched.is_locked(tries_max) {
            let words = "too many tries failed: nothing is compared in this call any more";
            return Err(Refusal::new("call-locked", words).into());
        }
        if call.case_id.is_none() && !is_enough(said) {
            let words = "enter two things that the caller says of the member, or the case number";
            return Err(Refusal::new("say-two", words).into());
        }
        let found = find(tx, &scope, &call, said)?;
        let mut compared = Vec::new();
        for case_id in found {
            let compared_one = compare(tx, &scope, case_id, said)?;
            let fits = |one: &Compared| call.case_id.is_some() || fits(&one.matched);
            compared.extend(compared_one.filter(fits));
        }
        Ok(compared)
    })
}

fn guarded(ctx: &Ctx, call_id: &CallId, goes_to: Option<&CaseId>) -> Result<Guard> {
    let (scope, rules) = (ctx.scope()?, super::rules(ctx));
    ctx.app.db.read(|tx| {
        let call = rows::get(tx, &scope, call_id)?.ok_or(Error::NotFound)?;
        Guard::of(tx, (&call, goes_to), &rules.terms, ctx.now)
    })
}

/// A case is told by its number, or by two things that are right of its member: many people have one name.
fn fits(matched: &[Identifier]) -> bool {
    matched.len() >= 2 || matched.contains(&Identifier::CaseNumber)
}

fn is_enough(said: &Said) -> bool {
    let number = said.values.get(&Identifier::CaseNumber);
    given(said) >= 2 || number.is_some_and(|number| !number.reveal().trim().is_empty())
}

fn given(said: &Said) -> usize {
    said.values.values().filter(|value| !value.reveal().trim().is_empty()).count()
}

/// Returns how much the caller may hear: nothing where the pack does not know the kind any more.
fn level(call: &CallRow, rules: &CallRules) -> Level {
    let kind = rules.caller(&call.caller).filter(|_| call.case_id.is_some());
    kind.map_or(Level::Nothing, |kind| kind.level(&call.matched, rules.terms.tries_max))
}

fn verified(call: &CallRow) -> CallsCommand {
    CallsCommand::Verify {
        call_id: call.call_id.clone(),
        level: call.level,
        matched: call.matched.identifiers.iter().copied().collect(),
        authority: call.matched.authority.iter().copied().collect(),
    }
}

#[derive(Debug, Default)]
struct Compared {
    case_id: Option<CaseId>,
    number: Option<CaseNumber>,
    matched: Vec<Identifier>,
}

/// The call's own case once it has one; else those that the most telling of what was said leads to.
fn find(tx: &mut Tx, scope: &Scope, call: &CallRow, said: &Said) -> Result<Vec<CaseId>> {
    if let Some(case_id) = &call.case_id {
        return Ok(vec![case_id.clone()]);
    }
    let value = |id: Identifier| {
        said.values.get(&id).map(|value| value.reveal().trim()).filter(|value| !value.is_empty())
    };
    if let Some(Ok(number)) = value(Identifier::CaseNumber).map(CaseNumber::parse) {
        return Ok(cases::by_number(tx, scope, &number)?.into_iter().collect());
    }
    for id in [Identifier::MemberId, Identifier::Name, Identifier::BirthDate] {
        let Some(text) = value(id) else { continue };
        let hits = search::find(tx, scope, &Query::typed(text), CASES_MAX)?;
        if !hits.is_empty() {
            return Ok(hits.into_iter().map(|hit| hit.case_id).collect());
        }
    }
    Ok(Vec::new())
}

fn compare(tx: &mut Tx, scope: &Scope, case_id: CaseId, said: &Said) -> Result<Option<Compared>> {
    let Some(case) = cases::view(tx, scope, &case_id)? else { return Ok(None) };
    let party = people::get(tx, scope, &case_id)?.unwrap_or_default();
    let npis = npis(tx, &case, &party)?;
    let file = OnFile { case: &case, party: &party, npis: &npis };
    let is_it = |(id, value): &(&Identifier, &Phi<String>)| is_same(**id, value.reveal(), &file);
    let matched = said.values.iter().filter(is_it).map(|(id, _)| *id).collect();
    Ok(Some(Compared { case_id: Some(case_id), number: case.number, matched }))
}

fn npis(tx: &mut Tx, case: &doorstep_case::Case, party: &Party) -> Result<Vec<String>> {
    let prescriber = party.prescriber.as_ref().and_then(|who| who.npi.clone());
    let referrer = party.referrer.as_ref().and_then(|who| who.identifier.clone());
    let mut npis: Vec<String> = prescriber.into_iter().chain(referrer).collect();
    for line in case.lines.values() {
        if let Some(id) = line.placement.provider() {
            npis.extend(providers::get(tx, id)?.and_then(|provider| provider.npi));
        }
    }
    Ok(npis)
}

/// Whose file was compared is on the trail, whether or not it matched: who guesses leaves traces.
fn record(ctx: &Ctx, compared: &[Compared]) -> Result<()> {
    let mut look = entry(ctx, &CaseId::default(), "identify caller");
    look.case_id = None;
    let cases: Vec<CaseId> = compared.iter().filter_map(|one| one.case_id.clone()).collect();
    let recorded = |tx: &mut Tx| audit::record_many(tx, &look, &cases).map_err(Error::from);
    ctx.app.db.write("record a look", recorded)
}
