//! Cases that nobody has, handed out by the rule of [`doorstep_case::handout`]: shown first and done on a word, or by itself for a
//! team that wants it so. Each is recorded with its reason.

use crate::act::{act, today};
use crate::{App, Ctx, Error, Permission, Result, desk, lists::Many};
use doorstep_authz::{CaseFacts, Sight};
use doorstep_case::calls::CallsCommand;
use doorstep_case::handout::{
    self, Cause, Given, Need, Point, Reason, Weights, Worker, is_at_work,
};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Command, Refusal, Role};
use doorstep_db::Tx;
use doorstep_store::staff::{self, Profile};
use doorstep_store::users::{self, User};
use doorstep_store::worklist::{self, Cursor, Filter, Language, Listed, Queue};
use doorstep_store::{Scope, absences, cases, walls};
use doorstep_vocab::{CaseId, Timestamp, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// Cases handed out at once.
pub const AT_ONCE_MAX: usize = 50;
/// Rows of a queue that are looked through for cases that nobody has.
const ROWS_MAX: usize = 1_000;
/// Rows read at a time.
const ROWS_AT_A_TIME: u32 = 200;
/// Cases that one team is handed by rule in one round, and rows that are looked through for them.
const GIVEN_MAX: usize = 200;
const PUSHED_ROWS_MAX: usize = 10_000;
/// People who may be given something.
const PEOPLE_MAX: u32 = 5_000;
/// The code of a next step that is a nurse's.
const TRIAGE: &str = "triage";

/// A case of a plan.
#[derive(Debug)]
pub struct Planned {
    /// The case as its list has it. Its member is not shown.
    pub row: Listed,
    /// Who is given it, who else might be, and who was out and why.
    pub given: Given,
}

/// What would be handed out, and to whom.
#[derive(Debug)]
pub struct Plan {
    /// The cases, what presses most first.
    pub cases: Vec<Planned>,
    /// What it was weighed by.
    pub weights: Weights,
    /// Everybody's name.
    pub names: BTreeMap<UserId, String>,
}

/// Says who would be given which case that nobody has of a queue, and why; of one team only where one is named. Nothing is done.
pub fn plan(ctx: &Ctx, queue: Queue, team: Option<&str>) -> Result<Plan> {
    ctx.may(Permission::HandOut)?;
    let scope = ctx.scope()?;
    let filter = filter(ctx, queue);
    let ground = Ground::read(ctx, team)?;
    let rows = nobodys(ctx, (&scope, &filter), AT_ONCE_MAX)?;
    let given = ground.plan(ctx, &rows)?;
    let cases = rows.into_iter().zip(given).map(|(row, given)| Planned { row, given }).collect();
    Ok(Plan { cases, weights: ground.weights, names: desk::people(ctx)? })
}

/// What was shown, and is to be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The case.
    pub case_id: CaseId,
    /// The version that was shown.
    pub seen: u32,
    /// Who was shown.
    pub to: UserId,
}

/// Hands cases out as they were shown, each by itself. What has moved on since, or would not go to that person any more, is not
/// done and says why.
///
/// # Errors
/// [`Error::Bad`] when more than [`AT_ONCE_MAX`] are named.
pub fn confirm(ctx: &Ctx, picks: &[Pick]) -> Result<Many> {
    ctx.may(Permission::HandOut)?;
    if picks.len() > AT_ONCE_MAX {
        return Err(Error::bad("too-many", "at most 50 cases at once: look again"));
    }
    let ground = Ground::read(ctx, None)?;
    let scope = ctx.scope()?;
    let mut many = Many::default();
    for pick in picks {
        match hand(ctx, (&scope, &ground), pick) {
            Ok(()) => many.n_done += 1,
            Err(Error::Refused(refusal)) => {
                many.refused.push((pick.case_id.clone(), refusal.to_string()));
            }
            Err(Error::Stale) => {
                let words = "the case has moved on since it was shown: look again";
                many.refused.push((pick.case_id.clone(), words.to_owned()));
            }
            Err(Error::NotFound | Error::Outside { .. }) => {
                many.refused.push((pick.case_id.clone(), "there is no such case".to_owned()));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(many)
}

fn hand(ctx: &Ctx, (scope, ground): (&Scope, &Ground), pick: &Pick) -> Result<()> {
    let need = ctx.app.db.read(|tx| -> Result<Need> {
        ctx.sees(tx, scope, &pick.case_id)?;
        ground.need(tx, (&pick.case_id, None))
    })?;
    let given = ground.weigh(&[need]).pop().ok_or(Error::NotFound)?;
    let Some(weighed) = given.ranked.iter().find(|one| one.user_id == pick.to) else {
        let out = given.out.iter().find(|(user_id, _)| *user_id == pick.to);
        let why = out.map_or("not among those who are given cases", |(_, why)| why.words());
        return Err(Refusal::new("not-to-them", format!("not given to {}: {why}", pick.to)).into());
    };
    let reason = Reason { cause: Cause::ByHand, points: weighed.why.clone() };
    let command = IntakeCommand::HandOut { to: Some(pick.to.clone()), reason };
    act(ctx, &pick.case_id, Some(pick.seen), &Command::Intake(command)).map(|_| ())
}

/// Hands out what nobody has to the teams that are handed work by rule. Returns how many cases somebody has now. A labelled case
/// is not among them: a supervisor hands it out.
pub fn sweep(app: &App) -> Result<usize> {
    let ctx = app.system("hand-out");
    let teams = app.db.read(|tx| staff::pushed_teams(tx).map_err(Error::from))?;
    let mut n_given = 0;
    for team in teams {
        match push(&ctx, &team) {
            Ok(n) => n_given += n,
            Err(error) => {
                tracing::warn!(team, "a team was handed no work, and is in a minute: {error}");
            }
        }
    }
    Ok(n_given)
}

/// Goes on page by page until so many were given, or nobody takes more: what nobody may be given holds up nothing behind it.
fn push(ctx: &Ctx, team: &str) -> Result<usize> {
    let mut ground = Ground::read(ctx, Some(team))?;
    let Some(sight) = ground.sights.values().next() else { return Ok(0) };
    let scope = Scope::granted(Sight { role: Role::Agent, ..sight.clone() });
    let filter = filter(ctx, Queue::Unassigned);
    let (mut n_given, mut n_read, mut after) = (0, 0, None);
    while n_given < GIVEN_MAX && n_read < PUSHED_ROWS_MAX && ground.takes_more(None) {
        let has_nurse = ground.takes_more(Some(Role::Nurse));
        let page = ctx.app.db.read(|tx| {
            worklist::page(tx, &scope, &filter, after.as_ref(), ROWS_AT_A_TIME).map_err(Error::from)
        })?;
        n_read += page.rows.len();
        let is_wanted = |row: &Listed| {
            let is_triage = row.next_code == TRIAGE;
            is_nobodys(row) && !row.next_waits && (has_nurse || !is_triage)
        };
        let rows: Vec<Listed> = page.rows.into_iter().filter(is_wanted).collect();
        n_given += give(ctx, &mut ground, &rows, GIVEN_MAX - n_given);
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    Ok(n_given)
}

/// Gives up to `n_max` rows of a page away. Returns how many somebody has now. A row that fails stops no other.
fn give(ctx: &Ctx, ground: &mut Ground, rows: &[Listed], n_max: usize) -> usize {
    let mut n_given = 0;
    for row in rows {
        if n_given >= n_max || !ground.takes_more(None) {
            break;
        }
        match give_one(ctx, ground, row) {
            Ok(is_given) => n_given += usize::from(is_given),
            // Somebody was quicker: what is left is looked at in the next round.
            Err(Error::Stale | Error::Refused(_) | Error::NotFound) => {}
            Err(error) => {
                tracing::warn!("a case was not handed out, and is in a minute: {error}");
            }
        }
    }
    n_given
}

fn give_one(ctx: &Ctx, ground: &mut Ground, row: &Listed) -> Result<bool> {
    let Some(given) = ground.plan(ctx, std::slice::from_ref(row))?.pop() else { return Ok(false) };
    let Some(to) = given.to() else { return Ok(false) };
    let reason = Reason { cause: Cause::ByRule, points: to.why.clone() };
    let command = IntakeCommand::HandOut { to: Some(to.user_id.clone()), reason };
    let acted = act(ctx, &row.case_id, Some(row.seq), &Command::Intake(command))?;
    let is_given = !acted.recorded.is_empty();
    if is_given {
        ground.took(&to.user_id);
    }
    Ok(is_given)
}

fn is_nobodys(row: &Listed) -> bool {
    row.manager.is_none() && !row.is_closed
}

fn filter(ctx: &Ctx, queue: Queue) -> Filter {
    let (user_id, now, day_ends) = (ctx.actor.user_id.clone(), ctx.now, desk::day_ends(ctx));
    Filter { queue, user_id, now, day_ends, ..Filter::default() }
}

/// The cases of a queue that nobody has, what presses most first.
fn nobodys(ctx: &Ctx, (scope, filter): (&Scope, &Filter), n_max: usize) -> Result<Vec<Listed>> {
    let (mut found, mut after, mut n_read): (Vec<Listed>, Option<Cursor>, usize) =
        (Vec::new(), None, 0);
    loop {
        let page = ctx.app.db.read(|tx| {
            worklist::page(tx, scope, filter, after.as_ref(), ROWS_AT_A_TIME).map_err(Error::from)
        })?;
        n_read += page.rows.len();
        found.extend(page.rows.into_iter().filter(is_nobodys));
        after = page.next;
        if after.is_none() || found.len() >= n_max || n_read >= ROWS_MAX {
            found.truncate(n_max);
            return Ok(found);
        }
    }
}

/// What the rule needs to know of the staff.
pub(crate) struct Ground {
    weights: Weights,
    workers: Vec<Worker>,
    /// What each sees by walls and labels alone.
    sights: BTreeMap<UserId, Sight>,
    /// What whoever asks sees; where nobody does, the team.
    scope: Scope,
}

impl Ground {
    /// Reads it: of one team only where one is named.
    pub(crate) fn read(ctx: &Ctx, team: Option<&str>) -> Result<Self> {
        let weights = ctx.app.packs.handout(today(ctx, ctx.now));
        let zone = &ctx.app.settings.hub_zone;
        let asks = ctx.scope()?;
        ctx.app.db.read(|tx| {
            let (mut workers, mut sights) = (Vec::new(), BTreeMap::new());
            let (profiles, work) = (staff::profiles(tx)?, staff::work(tx)?);
            let away = absences::not_over(tx, ctx.now)?;
            let away: BTreeSet<UserId> = away
                .into_iter()
                .filter(|absence| absence.from_at <= ctx.now)
                .map(|absence| absence.user_id)
                .collect();
            let mut of_team: BTreeMap<Option<String>, Sight> = BTreeMap::new();
            for user in users::workers(tx, team, PEOPLE_MAX)? {
                let sight = if let Some(known) = of_team.get(&user.team) {
                    known.clone()
                } else {
                    let mut sight = walls::sight(tx, (&user.user_id, user.role), ctx.now)?;
                    sight.grants.clear();
                    of_team.insert(user.team.clone(), sight.clone());
                    sight
                };
                let (user_id, role) = (user.user_id.clone(), user.role);
                sights.insert(user_id.clone(), Sight { user_id, role, ..sight });
                let of_user = work.get(&user.user_id).copied().unwrap_or_default();
                let profile = profiles.get(&user.user_id).cloned();
                let profile = profile.unwrap_or_else(|| Profile::empty(zone.clone()));
                let is_away = away.contains(&user.user_id);
                let worker = worker(ctx.now, user, (profile, weights.load(of_user)));
                workers.push(Worker { is_away, ..worker });
            }
            let of_them = sights.values().next().filter(|_| ctx.actor.role == Role::System);
            let of_them = of_them.map(|sight| Sight { role: Role::Agent, ..sight.clone() });
            let scope = of_them.map_or_else(|| asks.clone(), Scope::granted);
            Ok(Self { weights, workers, sights, scope })
        })
    }

    /// Decides about rows of a list, in their order.
    fn plan(&self, ctx: &Ctx, rows: &[Listed]) -> Result<Vec<Given>> {
        let needs = ctx.app.db.read(|tx| {
            let need = |row: &Listed| self.need(tx, (&row.case_id, Some(row)));
            rows.iter().map(need).collect::<Result<Vec<Need>>>()
        })?;
        Ok(self.weigh(&needs))
    }

    pub(crate) fn weigh(&self, needs: &[Need]) -> Vec<Given> {
        handout::hand_out(needs, &self.workers, &self.weights)
    }

    /// Reads what the rule needs to know of a case.
    pub(crate) fn need(
        &self,
        tx: &mut Tx,
        (case_id, row): (&CaseId, Option<&Listed>),
    ) -> Result<Need> {
        let facts = walls::facts(tx, case_id)?.ok_or(Error::NotFound)?;
        let known = match row {
            Some(row) => (row.next_code.clone(), row.language.clone()),
            None => staff::next_and_language(tx, case_id)?.unwrap_or_default(),
        };
        let language = known.1.and_then(|text| Language::parse(text.reveal()));
        let had_by = cases::load(tx, case_id)?.and_then(|case| case.intake.had_by);
        Ok(Need {
            case_id: case_id.clone(),
            is_nurse_work: known.0 == TRIAGE,
            language: language
                .filter(|language| *language != Language::English)
                .map(|language| language.iso639_3().to_owned()),
            had_by,
            member_of: staff::managers_of_member(tx, &self.scope, case_id)?,
            hidden_from: self.hidden_from(&facts),
            services: facts.services,
        })
    }

    /// Counts what somebody was given.
    pub(crate) fn took(&mut self, user_id: &UserId) {
        let by = self.weights.load_ours;
        if let Some(worker) = self.workers.iter_mut().find(|one| one.user_id == *user_id) {
            worker.load = worker.load.saturating_add(by);
        }
    }

    /// Returns whether anybody may be given more, of one role only where one is named.
    fn takes_more(&self, role: Option<Role>) -> bool {
        self.workers.iter().any(|one| {
            let is_here = one.is_at_work && !one.is_away;
            is_here && one.load < self.weights.load_max && role.is_none_or(|role| role == one.role)
        })
    }

    /// Returns whether somebody may take over a case: they are here, would see it, and are a nurse where one has to see it. Load and
    /// hours do not count: they were chosen.
    pub(crate) fn may_stand_in(ctx: &Ctx, user_id: &UserId, need: &Need) -> Result<bool> {
        ctx.app.db.read(|tx| {
            let Some(user) = here(tx, ctx, user_id)? else { return Ok(false) };
            let may_do = !need.is_nurse_work || user.role == Role::Nurse;
            Ok(may_do && would_see(tx, ctx, (&need.case_id, user_id))?)
        })
    }

    /// Returns whether somebody may make a promised call back: they are here, and see the case as it is.
    pub(crate) fn may_call_back(ctx: &Ctx, user_id: &UserId, case_id: &CaseId) -> Result<bool> {
        ctx.app.db.read(|tx| {
            Ok(here(tx, ctx, user_id)?.is_some() && sees_now(tx, ctx, (case_id, user_id))?)
        })
    }

    /// Returns whether somebody labelled a case as sensitive.
    pub(crate) fn is_labelled(ctx: &Ctx, case_id: &CaseId) -> Result<bool> {
        let facts = ctx.app.db.read(|tx| walls::facts(tx, case_id))?;
        Ok(facts.is_some_and(|facts| facts.is_labelled))
    }

    fn hidden_from(&self, facts: &CaseFacts) -> BTreeSet<UserId> {
        let hidden = self.sights.values().filter(|sight| !may_manage(sight, facts));
        hidden.map(|sight| sight.user_id.clone()).collect()
    }
}

/// Returns somebody who works on cases and is not away.
fn here(tx: &mut Tx, ctx: &Ctx, user_id: &UserId) -> Result<Option<User>> {
    let user = users::find(tx, user_id)?
        .filter(|user| Permission::WorkCases.is_for(user.role) && user.disabled_at.is_none());
    let is_away = absences::of_user(tx, user_id, ctx.now)?.is_some();
    Ok(user.filter(|_| !is_away))
}

fn worker(now: Timestamp, user: User, (profile, load): (Profile, u32)) -> Worker {
    Worker {
        is_at_work: is_at_work(&profile.shifts, &profile.zone, now),
        is_away: false,
        user_id: user.user_id,
        role: user.role,
        services: profile.services,
        languages: profile.languages,
        load,
    }
}

/// Returns whether somebody would see a case if it were theirs: inside their walls, labelled or not.
fn may_manage(sight: &Sight, facts: &CaseFacts) -> bool {
    sight.decide(&CaseFacts { manager: Some(sight.user_id.clone()), ..facts.clone() }).allow
}

/// Returns whether a case would be inside somebody's walls if it were theirs.
fn would_see(tx: &mut Tx, ctx: &Ctx, (case_id, user_id): (&CaseId, &UserId)) -> Result<bool> {
    let Some(facts) = walls::facts(tx, case_id)? else { return Ok(true) };
    // Whoever has a case sees it by that: of walls and labels, only walls count.
    let mut sight = walls::sight(tx, (user_id, Role::Agent), ctx.now)?;
    sight.grants.clear();
    Ok(may_manage(&sight, &facts))
}

/// Returns whether somebody sees a case as it is, without leave for a time.
fn sees_now(tx: &mut Tx, ctx: &Ctx, (case_id, user_id): (&CaseId, &UserId)) -> Result<bool> {
    let Some(facts) = walls::facts(tx, case_id)? else { return Ok(true) };
    let role = users::find(tx, user_id)?.map_or(Role::Agent, |user| user.role);
    let mut sight = walls::sight(tx, (user_id, role), ctx.now)?;
    sight.grants.clear();
    Ok(sight.decide(&facts).allow)
}

/// Refuses to give a case to somebody who would not see it, or a call back about it to somebody who does not.
///
/// # Errors
/// [`Error::Refused`] with the code `outside-wall`.
pub(crate) fn check_sees(
    tx: &mut Tx,
    ctx: &Ctx,
    (case_id, command): (&CaseId, &Command),
) -> Result<()> {
    let is_seen = match command {
        Command::Intake(
            IntakeCommand::Assign(to) | IntakeCommand::HandOut { to: Some(to), .. },
        ) => would_see(tx, ctx, (case_id, to))?,
        Command::Calls(CallsCommand::PassOn { to: Some(to), .. }) => {
            sees_now(tx, ctx, (case_id, to))?
        }
        _ => true,
    };
    if is_seen {
        return Ok(());
    }
    let words = "the case is outside the walls of their team: choose a colleague who sees it";
    Err(Refusal::new("outside-wall", words).at("manager").into())
}

/// Returns what spoke for somebody, in words.
pub fn points_in_words(points: &[Point]) -> String {
    points.iter().map(|point| point.words()).collect::<Vec<_>>().join(", ")
}
