//! Calls: held step by step by one person, verified blind, put to a case, and kept there as events.
//!
//! **Invariant:** what is on file about a member is compared here and never returned: an answer says which identifiers
//! matched. What a page may show of the case before that is its number.

mod board;
mod compare;
mod guard;
mod identify;

pub use board::{Board, board};
pub use guard::{Guard, watched};
pub use identify::{Identified, Said, identify};

use crate::act::{change, entry, lock, lock_name, today};
use crate::{CaseNow, Ctx, Error, Permission, Result, case_now};
use doorstep_case::calls::{
    CallRules, CallsCommand, Direction, Ends, Level, Life, Matched, Step, TransferTo,
};
use doorstep_case::{Command, Refusal};
use doorstep_db::Tx;
use doorstep_store::calls::{self as rows, CallRow, Interpreter};
use doorstep_store::{audit, cases, people};
use doorstep_vocab::{CallId, CaseId, CaseNumber, Phi, Timestamp};
use std::sync::Arc;

/// Times that a change is tried again when another came between.
const TRIES_MAX: u32 = 5;

/// What is known of a call when it is connected.
#[derive(Debug, Clone)]
pub struct NewCall {
    /// Who called whom.
    pub direction: Direction,
    /// What the caller is to the member, as packs name it.
    pub caller: String,
    /// What it is about, as packs name it.
    pub reason: String,
    /// The caller's name.
    pub name: Phi<String>,
    /// The caller's organisation.
    pub organisation: Phi<String>,
    /// The number to call back.
    pub phone: Phi<String>,
    /// The case that the call was started from.
    pub case_id: Option<CaseId>,
}

/// A call as whoever holds it sees it.
pub struct CallFile {
    /// The call.
    pub call: CallRow,
    /// The rules in force.
    pub rules: Arc<CallRules>,
    /// The number of its case.
    pub number: Option<CaseNumber>,
    /// The case, once the caller may hear of it.
    pub case: Option<CaseNow>,
    /// What keeps the call from telling anything.
    pub guard: Guard,
}

/// Returns the rules of calls that are in force.
pub fn rules(ctx: &Ctx) -> Arc<CallRules> {
    ctx.app.packs.calls(today(ctx, ctx.now))
}

/// Returns the call that somebody holds: it tells nothing of the caller.
pub fn held(ctx: &Ctx) -> Result<Option<CallId>> {
    let scope = ctx.own_scope()?;
    ctx.app.db.read(|tx| rows::held_by(tx, &scope, &ctx.actor.user_id).map_err(Error::from))
}

/// Starts a call. Whoever is on one goes on with that: a person has one call at a time.
pub fn start(ctx: &Ctx, new: &NewCall) -> Result<CallId> {
    ctx.may(Permission::TakeCalls)?;
    let (scope, rules) = (ctx.own_scope()?, rules(ctx));
    if rules.caller(&new.caller).is_none() {
        return Err(Refusal::new("caller-unknown", "choose who is calling").at("caller").into());
    }
    if !rules.reasons.iter().any(|reason| reason.name == new.reason) {
        return Err(Refusal::new("reason-unknown", "choose what it is about").at("reason").into());
    }
    let call = CallRow {
        call_id: CallId(ctx.sortable_id()),
        version: 1,
        case_id: new.case_id.clone(),
        agent: ctx.actor.user_id.clone(),
        direction: new.direction,
        caller: new.caller.clone(),
        reason: new.reason.clone(),
        caller_name: new.name.clone(),
        caller_org: new.organisation.clone(),
        caller_phone: new.phone.clone(),
        notes: Phi::default(),
        started_at: ctx.now,
        life: Life::connected(ctx.now),
        level: Level::Nothing,
        matched: Matched::default(),
        symptoms: Vec::new(),
        handed_to: None,
        disposition: None,
        ends: None,
        promised_to: None,
        passed_to: None,
        is_laid_back: false,
        closed_at: None,
        verified_at: None,
        failed_at: None,
        interpreter: Interpreter::default(),
    };
    let call_id = ctx.app.db.write("start call", |tx| -> Result<CallId> {
        let of_case = call.case_id.iter().map(lock_name);
        let locks: Vec<String> =
            [format!("calls/{}", call.agent)].into_iter().chain(of_case).collect();
        doorstep_store::matching::lock(tx, &locks)?;
        if let Some(held) = rows::held_by(tx, &scope, &call.agent)? {
            return Ok(held);
        }
        if let Some(case_id) = &call.case_id {
            ctx.sees(tx, &scope, case_id)?;
        }
        rows::add(tx, &call)?;
        let case_id = call.case_id.as_ref();
        if case_id.is_none() || !tell(tx, ctx, case_id, &[begin(&call)])? {
            audit::record(tx, &of_call(ctx, &call, "start call"))?;
        }
        Ok(call.call_id.clone())
    })?;
    ctx.app.wrote();
    Ok(call_id)
}

/// Returns a call with as much of its case as the caller may hear, and records who looked.
pub fn call_file(ctx: &Ctx, call_id: &CallId) -> Result<CallFile> {
    ctx.may(Permission::TakeCalls)?;
    let scope = ctx.scope()?;
    let rules = rules(ctx);
    let (call, number, guard) = ctx.app.db.read(|tx| -> Result<_> {
        let mut call = rows::get(tx, &scope, call_id)?.ok_or(Error::NotFound)?;
        let guard = Guard::of(tx, (&call, None), &rules.terms, ctx.now)?;
        call.level = guard.level(call.level);
        let case = match &call.case_id {
            Some(case_id) => cases::view(tx, &scope, case_id)?,
            None => None,
        };
        Ok((call, case.and_then(|case| case.number), guard))
    })?;
    let open = call.case_id.as_ref().filter(|_| call.level > Level::Nothing);
    let case = if let Some(case_id) = open {
        Some(case_now(ctx, case_id)?)
    } else {
        let look = of_call(ctx, &call, "read call");
        ctx.app.db.write("record a look", |tx| audit::record(tx, &look).map_err(Error::from))?;
        None
    };
    Ok(CallFile { call, rules, number, case, guard })
}

/// Returns a call that is on the line, for whoever holds it: what they typed in themselves.
pub fn own(ctx: &Ctx, call_id: &CallId) -> Result<CallRow> {
    ctx.may(Permission::TakeCalls)?;
    let scope = ctx.scope()?;
    let call = ctx.app.db.read(|tx| rows::get(tx, &scope, call_id).map_err(Error::from))?;
    let call = call.filter(|call| call.closed_at.is_none()).ok_or(Error::NotFound)?;
    if is_theirs(ctx, &call) { Ok(call) } else { Err(Error::Forbidden) }
}

/// Puts the call to a case.
pub fn attach(ctx: &Ctx, call_id: &CallId, case_id: &CaseId) -> Result<()> {
    change_call(ctx, call_id, Some(case_id), "attach call", &mut |call, _| {
        is_not_closed(call)?;
        if call.case_id.as_ref().is_some_and(|known| known != case_id) {
            unverified(call);
        }
        call.case_id = Some(case_id.clone());
        Ok(vec![begin(call)])
    })
}

/// Puts the call to the case of a number that the agent knows.
pub fn attach_number(ctx: &Ctx, call_id: &CallId, number: &CaseNumber) -> Result<()> {
    ctx.may(Permission::TakeCalls)?;
    let scope = ctx.scope()?;
    let found = ctx.app.db.read(|tx| cases::by_number(tx, &scope, number).map_err(Error::from))?;
    let unknown = || Refusal::new("case-unknown", "no case has this number: read it again");
    attach(ctx, call_id, &found.ok_or_else(|| unknown().at("number"))?)
}

/// Keeps what was said. Symptom words in it call for a nurse from then on.
pub fn keep_notes(ctx: &Ctx, call_id: &CallId, notes: &Phi<String>) -> Result<()> {
    change_call(ctx, call_id, None, "keep call notes", &mut |call, rules| {
        for symptom in rules.symptoms_in(notes.reveal()) {
            if !call.symptoms.contains(&symptom.name) {
                call.symptoms.push(symptom.name.clone());
            }
        }
        call.notes = notes.clone();
        Ok(Vec::new())
    })
}

/// Who is calling, as it is known better than at the start.
#[derive(Debug, Clone)]
pub struct Caller {
    /// What the caller is to the member, as packs name it.
    pub kind: String,
    /// The caller's name.
    pub name: Phi<String>,
    /// The caller's organisation.
    pub organisation: Phi<String>,
    /// The number to call back.
    pub phone: Phi<String>,
}

/// Corrects who is calling. Another kind of caller is verified by its own rules, from the start.
pub fn correct(ctx: &Ctx, call_id: &CallId, caller: &Caller) -> Result<()> {
    change_call(ctx, call_id, None, "correct caller", &mut |call, rules| {
        is_not_closed(call)?;
        if rules.caller(&caller.kind).is_none() {
            let words = "choose who is calling";
            return Err(Refusal::new("caller-unknown", words).at("caller").into());
        }
        if call.caller != caller.kind {
            unverified(call);
        }
        call.caller.clone_from(&caller.kind);
        (call.caller_name, call.caller_org) = (caller.name.clone(), caller.organisation.clone());
        call.caller_phone = caller.phone.clone();
        Ok(Vec::new())
    })
}

/// Another member, or another kind of caller: what matched says nothing of it.
fn unverified(call: &mut CallRow) {
    (call.matched.identifiers, call.matched.authority) = Default::default();
    (call.level, call.verified_at) = (Level::Nothing, None);
}

/// What a closed call says of itself stays.
fn is_not_closed(call: &CallRow) -> Result<()> {
    let over = || Refusal::new("call-closed", "the call is closed: what is left to say is a note");
    if call.closed_at.is_some() { Err(over().into()) } else { Ok(()) }
}

/// Says in which language the call is held, and who interprets. Source: facts 6.6.
pub fn interpret(ctx: &Ctx, call_id: &CallId, interpreter: &Interpreter) -> Result<()> {
    change_call(ctx, call_id, None, "record interpreter", &mut |call, _| {
        is_not_closed(call)?;
        if call.interpreter == *interpreter {
            let words = "choose the language, or who interprets";
            return Err(Refusal::new("interpreter-same", words).at("language").into());
        }
        if !interpreter.language.is_empty() && interpreter.by.is_none() {
            let words = "say who interprets, or that it was offered and declined";
            return Err(Refusal::new("interpreter-missing", words).at("by").into());
        }
        call.interpreter = interpreter.clone();
        Ok(Vec::new())
    })
}

/// Puts the call on hold, or goes on with it.
pub fn step(ctx: &Ctx, call_id: &CallId, step: Step) -> Result<()> {
    change_call(ctx, call_id, None, step.code(), &mut |call, _| {
        call.life = call.life.step(step, ctx.now)?;
        if step == Step::Close {
            call.closed_at = call.closed_at.or(Some(ctx.now));
        }
        Ok(Vec::new())
    })
}

/// Hands the call over, with both on the line: the caller waits on hold until somebody goes on.
pub fn transfer(ctx: &Ctx, call_id: &CallId, to: TransferTo) -> Result<()> {
    change_call(ctx, call_id, None, "transfer call", &mut |call, _| {
        call.life = call.life.step(Step::Transfer, ctx.now)?;
        call.handed_to = Some(to);
        let (call_id, symptoms) = (call.call_id.clone(), call.symptoms.clone());
        Ok(vec![CallsCommand::Transfer { call_id, to, symptoms }])
    })
}

/// Promises a call back. It has a clock on the case, so a case has to be known.
pub fn promise(ctx: &Ctx, call_id: &CallId, promised_to: Timestamp) -> Result<()> {
    change_call(ctx, call_id, None, "promise call back", &mut |call, _| {
        if call.case_id.is_none() {
            let words = "put the call to a case first: the promise has its clock there";
            return Err(Refusal::new("call-without-case", words).at("promised_to").into());
        }
        call.promised_to = Some(promised_to);
        Ok(vec![CallsCommand::Promise { call_id: call.call_id.clone(), promised_to }])
    })
}

/// Says by hand that a promised call back was made.
pub fn keep_promise(ctx: &Ctx, call_id: &CallId) -> Result<()> {
    change_call(ctx, call_id, None, "keep promise", &mut |call, _| {
        if call.promised_to.is_none() {
            return Err(Refusal::new("nothing-promised", "no call back is owed here").into());
        }
        Ok(vec![CallsCommand::Keep { call_id: call.call_id.clone() }])
    })
}

/// Says how the call ended. A symptom that was told goes to a nurse or to 911 before: facts 6.3, scope.
pub fn end(ctx: &Ctx, call_id: &CallId, disposition: &str) -> Result<()> {
    change_call(ctx, call_id, None, "end call", &mut |call, rules| {
        let unknown =
            || Refusal::new("disposition-unknown", "choose how it ended").at("disposition");
        let way = rules.disposition(disposition).ok_or_else(unknown)?;
        if needs_nurse(call) && !matches!(way.ends, Ends::Abandoned | Ends::NotReached) {
            let words = "a symptom was told: hand the call to a nurse or to 911 before it ends";
            return Err(Refusal::new("nurse-needed", words).at("disposition").into());
        }
        call.life = call.life.step(Step::HangUp, ctx.now)?;
        call.disposition = Some(disposition.to_owned());
        call.ends = Some(way.ends);
        let was_reached = matches!(way.ends, Ends::Resolved | Ends::Open);
        let (call_id, disposition) = (call.call_id.clone(), disposition.to_owned());
        Ok(vec![CallsCommand::End { call_id, disposition, was_reached }])
    })
}

/// Returns whether a symptom was told that no nurse and no 911 has heard of yet.
pub fn needs_nurse(call: &CallRow) -> bool {
    let is_heard = matches!(call.handed_to, Some(TransferTo::Nurse | TransferTo::Emergency));
    !call.symptoms.is_empty() && !is_heard
}

fn begin(call: &CallRow) -> CallsCommand {
    CallsCommand::Begin {
        call_id: call.call_id.clone(),
        direction: call.direction,
        caller: call.caller.clone(),
        reason: call.reason.clone(),
    }
}

type Deed<'a> = dyn FnMut(&mut CallRow, &CallRules) -> Result<Vec<CallsCommand>> + Send + 'a;

/// Changes a call and what its case records of it, together or not at all. `goes_to` is the case that it is put to now.
fn change_call(
    ctx: &Ctx,
    call_id: &CallId,
    goes_to: Option<&CaseId>,
    action: &str,
    deed: &mut Deed<'_>,
) -> Result<()> {
    ctx.may(Permission::TakeCalls)?;
    let (scope, rules) = (ctx.scope()?, rules(ctx));
    for _ in 0..TRIES_MAX {
        let known = ctx.app.db.read(|tx| rows::get(tx, &scope, call_id).map_err(Error::from))?;
        let known = known.ok_or(Error::NotFound)?;
        if !is_theirs(ctx, &known) {
            return Err(Error::Forbidden);
        }
        let case_id = goes_to.or(known.case_id.as_ref());
        let done = ctx.app.db.write("change call", |tx| -> Result<()> {
            if let Some(case_id) = case_id {
                lock(tx, case_id)?;
                ctx.sees(tx, &scope, case_id)?;
            }
            let mut call = rows::get(tx, &scope, call_id)?.ok_or(Error::NotFound)?;
            if call.version != known.version {
                return Err(Error::Stale);
            }
            let commands = deed(&mut call, &rules)?;
            rows::put(tx, &call)?;
            let is_recorded = tell(tx, ctx, case_id, &commands)?;
            if !is_recorded {
                audit::record(tx, &of_call(ctx, &call, action))?;
            }
            Ok(())
        });
        match done {
            Err(Error::Stale) => {}
            Ok(()) => {
                ctx.app.wrote();
                return Ok(());
            }
            Err(error) => return Err(error),
        }
    }
    Err(Error::Stale)
}

/// Tells the case, and returns whether it recorded anything. What happened without a case is in the call's row alone.
fn tell(
    tx: &mut Tx,
    ctx: &Ctx,
    case_id: Option<&CaseId>,
    commands: &[CallsCommand],
) -> Result<bool> {
    let Some(case_id) = case_id.filter(|_| !commands.is_empty()) else { return Ok(false) };
    let mut case = cases::load(tx, case_id)?.ok_or(Error::NotFound)?;
    let party = people::for_writing(tx, case_id)?.unwrap_or_default();
    let mut is_recorded = false;
    for command in commands {
        let acted = change(tx, ctx, (case, &party.person), &Command::Calls(command.clone()))?;
        is_recorded |= !acted.recorded.is_empty();
        case = acted.case;
    }
    Ok(is_recorded)
}

/// Whoever holds the call changes it, and whoever its promise was passed on to; once it was handed over or laid back, whoever takes
/// calls; and a supervisor at any time.
fn is_theirs(ctx: &Ctx, call: &CallRow) -> bool {
    call.agent == ctx.actor.user_id
        || call.passed_to.as_ref() == Some(&ctx.actor.user_id)
        || call.is_laid_back
        || call.handed_to.is_some()
        || ctx.actor.role == doorstep_case::Role::Supervisor
}

fn of_call(ctx: &Ctx, call: &CallRow, action: &str) -> audit::Entry {
    audit::Entry {
        case_id: call.case_id.clone(),
        object: format!("call {}", call.call_id),
        ..entry(ctx, &CaseId::default(), action)
    }
}
