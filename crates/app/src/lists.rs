//! What is done with lists as a whole: kept under a name, given to somebody, chased, taken away as a file, and the next
//! case taken from the top.

use crate::act::{act, entry};
use crate::read::record_list;
use crate::{Ctx, Error, Permission, Result, desk, trail};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::orders::OrdersCommand;
use doorstep_case::{Command, Role};
use doorstep_store::worklist::{self, Cursor, Filter, Listed, Queue};
use doorstep_store::{audit, views};
use doorstep_vocab::{AskId, CaseId, UserId};

pub use doorstep_store::views::View;

/// Views that a page lists, one's own and those of others each.
const VIEWS_MAX: u32 = 100;
/// Characters of a view's name: it stands in one line beside the queues.
pub const NAME_MAX: usize = 40;
/// Cases that are done something to at once: four pages of a list.
pub const AT_ONCE_MAX: usize = 200;
/// Rows of an exported file. Who needs more narrows the list: a file of members is not the place for all of them.
pub const EXPORT_MAX: usize = 10_000;
/// Rows read at a time for a file.
const ROWS_AT_A_TIME: u32 = 500;
/// How many at the top of a list are tried before somebody who asks for the next case is told that there is none.
const TRIES_MAX: u32 = 20;

/// Keeps a list under a name. `query` is the page's own, without personal data.
///
/// # Errors
/// [`Error::Bad`] with the code `view-name` when the name is missing, longer than [`NAME_MAX`] characters, or no single line.
pub fn keep_view(ctx: &Ctx, (name, query): (&str, &str), is_shared: bool) -> Result<View> {
    ctx.may(Permission::ReadCases)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::bad("view-name", "give the list a name of at most 40 characters"));
    }
    let view = View {
        view_id: ctx.sortable_id(),
        user_id: ctx.actor.user_id.clone(),
        name: name.to_owned(),
        is_shared,
        query: query.to_owned(),
        created_at: ctx.now,
    };
    ctx.app.db.write("keep view", |tx| views::put(tx, &view).map_err(Error::from))?;
    Ok(view)
}

/// Returns the user's own views, then those that others share.
pub fn views(ctx: &Ctx) -> Result<Vec<View>> {
    ctx.may(Permission::ReadCases)?;
    let user_id = &ctx.actor.user_id;
    ctx.app.db.read(|tx| views::list(tx, user_id, VIEWS_MAX).map_err(Error::from))
}

/// Returns a view that is the user's own, or that its owner shares.
pub fn view(ctx: &Ctx, view_id: &str) -> Result<View> {
    ctx.may(Permission::ReadCases)?;
    let view = ctx.app.db.read(|tx| views::find(tx, view_id).map_err(Error::from))?;
    let may_see = |view: &View| view.is_shared || view.user_id == ctx.actor.user_id;
    view.filter(may_see).ok_or(Error::NotFound)
}

/// Forgets a view: one's own, or as a supervisor a shared one of somebody who may have left.
pub fn forget_view(ctx: &Ctx, view_id: &str) -> Result<()> {
    let view = view(ctx, view_id)?;
    if view.user_id != ctx.actor.user_id && ctx.actor.role != Role::Supervisor {
        return Err(Error::Forbidden);
    }
    let was_there =
        ctx.app.db.write("forget view", |tx| views::remove(tx, view_id).map_err(Error::from))?;
    if was_there { Ok(()) } else { Err(Error::NotFound) }
}

/// What became of many cases.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Many {
    /// With how many it was done.
    pub n_done: usize,
    /// With which it was not, each with why.
    pub refused: Vec<(CaseId, String)>,
}

/// Gives cases to a colleague, each by itself: what is refused for one stops no other.
///
/// # Errors
/// [`Error::Bad`] when the colleague works on no cases, or more than [`AT_ONCE_MAX`] are named.
pub fn assign(ctx: &Ctx, case_ids: &[CaseId], to: &UserId) -> Result<Many> {
    ctx.may(Permission::WorkCases)?;
    if !desk::staff(ctx)?.iter().any(|user| user.user_id == *to) {
        return Err(Error::bad("manager", "choose a colleague of the list"));
    }
    let command = Command::Intake(IntakeCommand::Assign(to.clone()));
    each(ctx, case_ids, |case_id| act(ctx, case_id, None, &command).map(|_| ()))
}

/// Reminds whoever was asked about each of these cases and has not answered.
///
/// # Errors
/// [`Error::Bad`] when more than [`AT_ONCE_MAX`] are named.
pub fn chase(ctx: &Ctx, case_ids: &[CaseId]) -> Result<Many> {
    each(ctx, case_ids, |case_id| {
        let case = desk::case_for_form(ctx, case_id)?;
        let asks: Vec<AskId> = case.orders.open_asks().map(|(ask_id, _)| ask_id.clone()).collect();
        if asks.is_empty() {
            return Err(Error::bad(
                "not-asked",
                "nobody was asked anything: there is nothing to chase",
            ));
        }
        asks.into_iter().try_for_each(|ask_id| {
            act(ctx, case_id, None, &Command::Orders(OrdersCommand::Chase(ask_id))).map(|_| ())
        })
    })
}

fn each(ctx: &Ctx, case_ids: &[CaseId], one: impl Fn(&CaseId) -> Result<()>) -> Result<Many> {
    ctx.may(Permission::WorkCases)?;
    if case_ids.len() > AT_ONCE_MAX {
        return Err(Error::bad("too-many", "at most 200 cases at once: choose fewer"));
    }
    let mut many = Many::default();
    for case_id in case_ids {
        let why = match one(case_id) {
            Ok(()) => {
                many.n_done += 1;
                continue;
            }
            Err(Error::Refused(refusal)) => refusal.to_string(),
            Err(Error::Bad { message, .. }) => message,
            Err(Error::NotFound) => "there is no such case".to_owned(),
            Err(Error::Outside { case_id, rule }) => {
                trail::kept_out(ctx, ("change several", "worklist"), (&case_id, rule))?;
                "there is no such case".to_owned()
            }
            Err(error) => return Err(error),
        };
        many.refused.push((case_id.clone(), why));
    }
    Ok(many)
}

/// Returns all rows of a list for a file, [`EXPORT_MAX`] at most, and whether there were more. Which members it shows, and of which
/// list, is recorded before.
///
/// # Errors
/// [`Error::Unproved`] when no factor was shown a moment ago. Source: trust.md 6.4.
pub fn export(ctx: &Ctx, filter: &Filter, list: &str) -> Result<(Vec<Listed>, bool)> {
    let scope = ctx.scope_to_export()?;
    ctx.stepped_up()?;
    let (mut rows, mut after): (Vec<Listed>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let page = ctx.app.db.read(|tx| {
            worklist::page(tx, &scope, filter, after.as_ref(), ROWS_AT_A_TIME).map_err(Error::from)
        })?;
        rows.extend(page.rows);
        after = page.next;
        if after.is_none() || rows.len() >= EXPORT_MAX {
            break;
        }
    }
    rows.truncate(EXPORT_MAX);
    let shown: Vec<CaseId> = rows.iter().map(|row| row.case_id.clone()).collect();
    let export = audit::Entry {
        object: format!("list {list}"),
        case_id: None,
        ..entry(ctx, &CaseId::default(), "export list")
    };
    record_list(ctx, &export, &shown)?;
    Ok((rows, after.is_some()))
}

/// Why a case is the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Of one's own that are the hub's turn, it is due first.
    Own,
    /// Nobody had it, and it is due before all of one's own.
    Taken,
}

impl Why {
    /// Returns the name that URLs use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Taken => "taken",
        }
    }
}

/// Returns the case to work on next: what is due first of one's own and of those that nobody has, and that waits for nobody
/// else. One that nobody had is one's own from then on. A nurse is given what waits for triage before what waits for anybody.
pub fn next_case(ctx: &Ctx) -> Result<Option<(CaseId, Why)>> {
    ctx.may(Permission::WorkCases)?;
    let own = top(ctx, Queue::Mine)?.into_iter().next();
    let free = match ctx.actor.role {
        Role::Nurse => [Queue::Triage, Queue::Unassigned].as_slice(),
        _ => &[Queue::Unassigned],
    };
    for queue in free {
        for row in top(ctx, *queue)?.into_iter().filter(|row| row.manager.is_none()) {
            if own.as_ref().is_some_and(|own| own.sort_at <= row.sort_at) {
                break;
            }
            let take = Command::Intake(IntakeCommand::Assign(ctx.actor.user_id.clone()));
            // The version says that still nobody has it: of two who press the key at once, one gets the next.
            match act(ctx, &row.case_id, Some(row.seq), &take) {
                Ok(_) => return Ok(Some((row.case_id, Why::Taken))),
                Err(Error::Stale | Error::Refused(_)) => {}
                Err(error) => return Err(error),
            }
        }
    }
    Ok(own.map(|row| (row.case_id, Why::Own)))
}

/// The rows at the top of a queue that are the hub's turn. Agents triage nothing.
fn top(ctx: &Ctx, queue: Queue) -> Result<Vec<Listed>> {
    let filter = Filter {
        queue,
        user_id: ctx.actor.user_id.clone(),
        now: ctx.now,
        day_ends: desk::day_ends(ctx),
        ..Filter::default()
    };
    let scope = ctx.scope()?;
    let page = ctx
        .app
        .db
        .read(|tx| worklist::page(tx, &scope, &filter, None, TRIES_MAX).map_err(Error::from))?;
    let may_triage = Permission::Triage.is_for(ctx.actor.role);
    let is_ours = |row: &Listed| !row.next_waits && (may_triage || row.next_code != "triage");
    Ok(page.rows.into_iter().filter(is_ours).collect())
}
