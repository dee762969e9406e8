//! Leave to see one case: asked for by whoever stands outside, given for a time by a supervisor. Source: trust.md 6.3 (2, 4, 12).

use crate::act::entry;
use crate::read::{list_entry, record_list};
use crate::{Ctx, Error, Permission, Result};
use doorstep_authz::Rule;
use doorstep_store::access::{self, Access, Decided, Kind};
use doorstep_store::{audit, cases, walls};
use doorstep_vocab::{CaseId, CaseNumber, Micros, Phi};

/// Why somebody asks, each with its words.
pub const PURPOSES: [(&str, &str); 5] = [
    ("cover", "I stand in for whoever has it"),
    ("transfer", "it is handed over to me"),
    ("question", "somebody asks me about it"),
    ("audit", "an audit, a complaint or a ticket"),
    ("other", "another reason"),
];

/// Hours for which leave is given where nobody says otherwise. Source: trust.md 6.3 (12).
pub const HOURS: i64 = 8;
/// Hours for which leave is given at most: three such days.
pub const HOURS_MAX: i64 = 24;
/// Characters of a reason.
pub const REASON_MAX: usize = 500;
/// Requests that a page lists.
const LISTED_MAX: u32 = 200;

/// A request with what a page shows of its case.
#[derive(Debug)]
pub struct Asked {
    /// The request.
    pub access: Access,
    /// The case's number.
    pub number: Option<CaseNumber>,
}

/// Asks for leave to see a case. Whoever asked already and has no answer yet asks once.
///
/// # Errors
/// [`Error::Bad`] with the code `reason-missing` or `purpose-unknown`.
pub fn ask(ctx: &Ctx, case_id: &CaseId, (purpose, reason): (&str, &str)) -> Result<()> {
    ctx.may(Permission::AskAccess)?;
    if !PURPOSES.iter().any(|(code, _)| *code == purpose) {
        return Err(Error::bad("purpose-unknown", "choose why you have to see it"));
    }
    let reason = told(reason)?;
    let request = Access {
        access_id: ctx.sortable_id(),
        kind: Kind::Grant,
        case_id: case_id.clone(),
        user_id: ctx.actor.user_id.clone(),
        asked_at: ctx.now,
        purpose: purpose.to_owned(),
        reason,
        until: None,
        decided: None,
        review_by: None,
        emergency: access::Emergency::default(),
    };
    ctx.app.db.write("ask access", |tx| -> Result<()> {
        walls::facts(tx, case_id)?.ok_or(Error::NotFound)?;
        let last = access::latest(tx, &ctx.actor.user_id, case_id)?;
        if last.is_some_and(|last| last.kind == Kind::Grant && last.decided.is_none()) {
            return Ok(());
        }
        access::put(tx, &request)?;
        Ok(audit::record(tx, &about(ctx, &request, "ask access"))?)
    })
}

/// Reads a reason: one that says something.
pub(crate) fn told(reason: &str) -> Result<Phi<String>> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > REASON_MAX {
        return Err(Error::bad("reason-missing", "say why, in at most 500 characters"));
    }
    Ok(Phi::new(reason.to_owned()))
}

pub(crate) fn about(ctx: &Ctx, access: &Access, action: &str) -> audit::Entry {
    audit::Entry {
        object: format!("access {}", access.access_id),
        ..entry(ctx, &access.case_id, action)
    }
}

/// Returns what whoever asks has asked or taken last for a case.
pub fn latest(ctx: &Ctx, case_id: &CaseId) -> Result<Option<Access>> {
    ctx.may(Permission::AskAccess)?;
    ctx.app.db.read(|tx| -> Result<_> {
        walls::facts(tx, case_id)?.ok_or(Error::NotFound)?;
        Ok(access::latest(tx, &ctx.actor.user_id, case_id)?)
    })
}

/// Returns the requests that nobody has answered, of cases that whoever looks sees.
pub fn waiting(ctx: &Ctx) -> Result<Vec<Asked>> {
    let scope = ctx.scope_without_leave(Permission::GiveAccess)?;
    let waiting = ctx.app.db.read(|tx| -> Result<Vec<Asked>> {
        let mut asked = Vec::new();
        for access in access::waiting(tx, Kind::Grant, LISTED_MAX)? {
            // What a label or a wall hides from the supervisor is another's to give.
            if let Some(case) = cases::view(tx, &scope, &access.case_id)? {
                asked.push(Asked { access, number: case.number });
            }
        }
        Ok(asked)
    })?;
    let shown: Vec<CaseId> = waiting.iter().map(|one| one.access.case_id.clone()).collect();
    record_list(ctx, &list_entry(ctx, "read access requests"), &shown)?;
    Ok(waiting)
}

/// How a request is answered.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// Leave for so many hours from now.
    Give(i64),
    /// None.
    Refuse,
}

/// Answers a request. Nobody answers their own.
///
/// # Errors
/// [`Error::Bad`] with the code `hours` or `reason-missing`; [`Error::NotFound`] when it was answered before.
pub fn answer(ctx: &Ctx, access_id: &str, answer: Answer, words: &str) -> Result<()> {
    let scope = ctx.scope_without_leave(Permission::GiveAccess)?;
    let words = told(words)?;
    let (outcome, until) = match answer {
        Answer::Give(hours) if (1..=HOURS_MAX).contains(&hours) => {
            ("given", Some(ctx.now.plus(Micros::hours(hours))))
        }
        Answer::Give(_) => return Err(Error::bad("hours", "give leave for 1 to 24 hours")),
        Answer::Refuse => ("refused", None),
    };
    let decided =
        Decided { at: ctx.now, by: ctx.actor.user_id.clone(), outcome: outcome.to_owned(), words };
    ctx.app.db.write("answer access", |tx| -> Result<()> {
        let request = access::get(tx, access_id)?.filter(|found| found.kind == Kind::Grant);
        let request = request.ok_or(Error::NotFound)?;
        if request.user_id == ctx.actor.user_id {
            return Err(Error::outside(&request.case_id, Rule::OwnWork));
        }
        ctx.sees(tx, &scope, &request.case_id)?;
        if !access::decide(tx, access_id, &decided, until)? {
            return Err(Error::NotFound);
        }
        let mut done = about(ctx, &request, "answer access");
        done.object = format!("access {access_id} of {}: {outcome}", request.user_id);
        Ok(audit::record(tx, &done)?)
    })
}
