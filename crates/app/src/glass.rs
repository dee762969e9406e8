//! Breaking the glass: in an emergency somebody sees one case that they do not see otherwise, for four hours, and the privacy
//! officer reviews it. Nobody is stopped in an emergency, and nobody is trusted with it unseen. Source: trust.md 6.3 (13).

use crate::access::{about, told};
use crate::read::{list_entry, record_list};
use crate::trail::administered;
use crate::{App, Ctx, Error, Permission, Result};
use doorstep_authz::Rule;
use doorstep_case::intake::Label;
use doorstep_store::access::{self, Access, Decided, Emergency, Kind};
use doorstep_store::{audit, cases, users, walls};
use doorstep_vocab::{CaseId, CaseNumber, Micros, Phi, Span, Timestamp};

/// Why the glass is broken, each with its words.
pub const PURPOSES: [(&str, &str); 3] = [
    ("treatment", "a medical emergency of the member"),
    ("danger", "a danger to the member or to others"),
    ("discharge", "a discharge that cannot wait, and nobody who has the case can be reached"),
];

/// For how long the case is seen. Source: trust.md 6.3 (13).
pub const HOURS: i64 = 4;
/// Business days until it has to be reviewed. Source: trust.md 6.3 (13).
const REVIEW_DAYS: u32 = 2;
/// Emergencies that a page lists, and accounts that are shut at a time.
const LISTED_MAX: u32 = 200;

/// What is said when the glass is broken.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// A code of [`PURPOSES`].
    pub purpose: String,
    /// Why, in words.
    pub reason: String,
    /// Who receives what is seen, their facility, and the nature of the emergency. Asked for where a label of 42 CFR Part 2 is
    /// on the case. Source: 42 CFR 2.51 (c).
    pub emergency: Emergency,
}

/// Opens a case to whoever says that it is an emergency, and puts it before the privacy officer. It takes a fresh factor.
///
/// # Errors
/// [`Error::Unproved`] without one; [`Error::Bad`] with the code `purpose-unknown`, `reason-missing`, `part2-record`, or
/// `glass-needless` when the case is seen anyway.
pub fn break_glass(ctx: &Ctx, case_id: &CaseId, said: &Said) -> Result<()> {
    ctx.may(Permission::BreakGlass)?;
    if !PURPOSES.iter().any(|(code, _)| *code == said.purpose) {
        return Err(Error::bad("purpose-unknown", "choose what the emergency is"));
    }
    let reason = told(&said.reason)?;
    let scope = ctx.own_scope()?;
    let taken = Access {
        access_id: ctx.sortable_id(),
        kind: Kind::Glass,
        case_id: case_id.clone(),
        user_id: ctx.actor.user_id.clone(),
        asked_at: ctx.now,
        purpose: said.purpose.clone(),
        reason,
        until: Some(ctx.now.plus(Micros::hours(HOURS))),
        decided: None,
        review_by: Some(review_by(ctx)),
        emergency: said.emergency.clone(),
    };
    ctx.stepped_up()?;
    ctx.app.db.write("break glass", |tx| -> Result<()> {
        let case = cases::load(tx, case_id)?.ok_or(Error::NotFound)?;
        if walls::decide(tx, &scope, case_id)?.is_some_and(|decision| decision.allow) {
            return Err(Error::bad("glass-needless", "you see this case already: open it"));
        }
        if case.intake.labels.contains(&Label::Part2) && !is_recorded(&said.emergency) {
            let words = "records of substance use disorder treatment are labelled on this case: say who receives them, at which \
                         facility, and what the emergency is";
            return Err(Error::bad("part2-record", words));
        }
        access::put(tx, &taken)?;
        let mut done = about(ctx, &taken, "break glass");
        "emergency".clone_into(&mut done.purpose);
        Rule::BreakGlass.id().clone_into(&mut done.rule);
        Ok(audit::record(tx, &done)?)
    })
}

fn is_recorded(emergency: &Emergency) -> bool {
    let Emergency { recipient, affiliation, nature } = emergency;
    [recipient, affiliation, nature].iter().all(|text| !text.reveal().trim().is_empty())
}

fn review_by(ctx: &Ctx) -> Timestamp {
    let zone = &ctx.app.settings.hub_zone;
    let calendar = ctx.app.packs.calendar(ctx.now.date(zone));
    calendar.due(ctx.now, Span::business_days(REVIEW_DAYS), zone)
}

/// Returns until when a case is seen because of an emergency; `None` where it is seen otherwise, or not at all.
pub fn until(ctx: &Ctx, case_id: &CaseId) -> Result<Option<Timestamp>> {
    let scope = ctx.own_scope()?;
    ctx.app.db.read(|tx| -> Result<_> {
        let decision = walls::decide(tx, &scope, case_id)?;
        let is_glass = decision.is_some_and(|one| one.allow && one.rule == Rule::BreakGlass);
        let of_case = scope.sight().live().filter(|grant| grant.case_id == *case_id);
        Ok(of_case.map(|grant| grant.until).max().filter(|_| is_glass))
    })
}

/// An emergency with what a page shows of it.
#[derive(Debug)]
pub struct Broken {
    /// What was taken.
    pub access: Access,
    /// The case's number.
    pub number: Option<CaseNumber>,
}

/// Returns the emergencies that nobody has reviewed, the oldest first.
pub fn waiting(ctx: &Ctx) -> Result<Vec<Broken>> {
    ctx.may(Permission::ReviewGlass)?;
    let waiting = ctx.app.db.read(|tx| -> Result<Vec<Broken>> {
        let mut broken = Vec::new();
        for access in access::waiting(tx, Kind::Glass, LISTED_MAX)? {
            let number = walls::number(tx, &access.case_id)?;
            broken.push(Broken { access, number });
        }
        Ok(broken)
    })?;
    let shown: Vec<CaseId> = waiting.iter().map(|one| one.access.case_id.clone()).collect();
    record_list(ctx, &list_entry(ctx, "read emergencies"), &shown)?;
    Ok(waiting)
}

/// Returns how many wait for whoever reviews them; `None` for everybody else.
pub fn n_waiting(ctx: &Ctx) -> Result<Option<usize>> {
    if !Permission::ReviewGlass.is_for(ctx.actor.role) {
        return Ok(None);
    }
    let waiting = ctx.app.db.read(|tx| access::waiting(tx, Kind::Glass, LISTED_MAX));
    Ok(Some(waiting?.len()))
}

/// Reviews one. Nobody reviews their own.
///
/// # Errors
/// [`Error::Bad`] with the code `reason-missing`; [`Error::NotFound`] when it was reviewed before.
pub fn review(ctx: &Ctx, access_id: &str, is_justified: bool, words: &str) -> Result<()> {
    ctx.may(Permission::ReviewGlass)?;
    let outcome = if is_justified { "justified" } else { "unjustified" };
    let decided = Decided {
        at: ctx.now,
        by: ctx.actor.user_id.clone(),
        outcome: outcome.to_owned(),
        words: told(words)?,
    };
    ctx.app.db.write("review glass", |tx| -> Result<()> {
        let found = access::get(tx, access_id)?.filter(|found| found.kind == Kind::Glass);
        let found = found.ok_or(Error::NotFound)?;
        if found.user_id == ctx.actor.user_id {
            return Err(Error::outside(&found.case_id, Rule::OwnWork));
        }
        // What was not justified ends at once, if it has not ended by itself.
        let is_open = found.until.is_some_and(|until| until > ctx.now);
        let ends = (!is_justified && is_open).then_some(ctx.now);
        if !access::decide(tx, access_id, &decided, ends)? {
            return Err(Error::NotFound);
        }
        let mut done = about(ctx, &found, "review glass");
        done.object = format!("access {access_id} of {}: {outcome}", found.user_id);
        Ok(audit::record(tx, &done)?)
    })
}

/// Shuts the accounts of those whose emergency nobody reviewed in time, once for each. An administrator lets them in again.
pub fn sweep(app: &App) -> Result<()> {
    let ctx = app.system("glass");
    let overdue =
        ctx.app.db.read(|tx| access::overdue(tx, ctx.now, LISTED_MAX).map_err(Error::from))?;
    for one in overdue {
        ctx.app.db.write("shut account", |tx| -> Result<()> {
            users::set_disabled(tx, &one.user_id, Some(ctx.now))?;
            access::blocked(tx, &one.access_id, ctx.now)?;
            let object = format!("{}: emergency {} was not reviewed", one.user_id, one.access_id);
            administered(tx, &ctx, ("disable user", object))
        })?;
    }
    Ok(())
}

/// Makes what 42 CFR 2.51 asks for of what was typed.
pub fn emergency(recipient: &str, affiliation: &str, nature: &str) -> Emergency {
    let text = |typed: &str| Phi::new(typed.trim().to_owned());
    Emergency { recipient: text(recipient), affiliation: text(affiliation), nature: text(nature) }
}
