//! Plays the world: what is due is done, the program's own work is done in between, and whoever has something to answer
//! plans to.

mod watch;

pub use watch::Wake;

use crate::clock::WorldClock;
use crate::deed::{Deed, Next};
use crate::hours::{at_hour, plus_days, working_days_before};
use crate::orders::Order;
use crate::script::{self, Arrival};
use crate::story::{Scene, Story, refusal};
use crate::{partners, staff};
use doorstep_app::intake::{self, Incoming, Taken};
use doorstep_app::{App, Error, Result, desk};
use doorstep_case::Case;
use doorstep_exchange::Outcome;
use doorstep_store::deadlines;
use doorstep_vocab::{CaseId, Date, Micros, Timestamp, Zone};
use doorstep_work::{Spool, run_once};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// What is due, and of the same time what was planned first.
type Due = (Timestamp, u64);

/// What may be due.
enum What {
    /// A day of arrivals begins.
    Day(Date),
    /// A file is at the door.
    Arrive(Box<Arrival>),
    /// Somebody does something about a case.
    Do(usize, Deed),
}

/// What came of it all, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Files taken.
    pub files: u32,
    /// Units of files by what became of them.
    pub units: BTreeMap<&'static str, u32>,
    /// Commands that were done.
    pub done: u32,
    /// Commands that the rules refused, by code.
    pub refused: BTreeMap<&'static str, u32>,
    /// Jobs and clocks that the program did in between.
    pub worked: usize,
    /// Jobs that were left to a person.
    pub dead: usize,
}

/// Plays the world.
pub struct Player {
    app: Arc<App>,
    clock: Arc<WorldClock>,
    spool: Spool,
    seed: u64,
    hands_off: Micros,
    /// Whether somebody may look on: then what visitors do is looked for.
    is_watched: bool,
    /// Whether people call: not in a part of a large day, whose players would share the few lines of a small hub.
    has_telephone: bool,
    stories: Vec<Story>,
    by_case: BTreeMap<CaseId, usize>,
    queue: BTreeMap<Due, What>,
    n_queued: u64,
    dirty: BTreeSet<usize>,
    seen_written: u64,
    tally: Tally,
}

/// The shortest step of a day that is played fast.
const QUANTUM: Micros = Micros::minutes(1);
/// Cases that one look for new ones reads.
const IDS_A_READ: u32 = 1000;
/// A command that came too early or too late is tried again so soon.
const AGAIN: Micros = Micros::minutes(1);

impl Player {
    /// Makes a player. The staff leave a case alone for `hands_off` of the world's time after a visitor touched it.
    pub fn new(
        app: Arc<App>,
        clock: Arc<WorldClock>,
        spool: Spool,
        (seed, hands_off): (u64, Micros),
    ) -> Self {
        Self {
            app,
            clock,
            spool,
            seed,
            hands_off,
            is_watched: false,
            has_telephone: false,
            stories: Vec::new(),
            by_case: BTreeMap::new(),
            queue: BTreeMap::new(),
            n_queued: 0,
            dirty: BTreeSet::new(),
            seen_written: 0,
            tally: Tally::default(),
        }
    }

    /// Returns when a world begins whose first `days` working days lie before `start`: at midnight of the first of them.
    pub fn opening(start: Timestamp, days: u32, zone: &Zone) -> Timestamp {
        at_hour(working_days_before(start.date(zone), days), 0, zone)
    }

    /// Plans the first day of arrivals: today's, by the world's clock. From then on the telephone rings too.
    pub fn begin(&mut self) {
        self.has_telephone = true;
        let now = self.app.now();
        self.push(now, What::Day(now.date(&self.app.settings.hub_zone)));
    }

    /// Plans one working day of so many orders, today by the world's clock, and no other day: a part of a large day, which
    /// several players share by numbers.
    pub fn begin_with(&mut self, numbers: Range<u32>) {
        let zone = self.app.settings.hub_zone.clone();
        let today = self.app.now().date(&zone);
        for arrival in script::orders_of(self.seed, today, (&zone, numbers)) {
            self.push(arrival.at, What::Arrive(Box::new(arrival)));
        }
    }

    /// Goes on with a copy of the store, and another folder for what goes out.
    pub fn move_to(&mut self, app: Arc<App>, spool: Spool) {
        (self.app, self.spool, self.seen_written) = (app, spool, 0);
    }

    /// Returns what came of it all so far.
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Returns the cases, in the order in which the world learned of them.
    pub fn cases(&self) -> impl Iterator<Item = &CaseId> {
        self.stories.iter().map(|story| &story.case_id)
    }

    /// Plays as fast as it goes until `until`, where the clock then stands.
    pub fn play_until(&mut self, until: Timestamp) -> Result<()> {
        let mut at = self.app.now();
        while let Some(next) = self.next_due()?.filter(|next| *next <= until) {
            at = next.max(at.plus(QUANTUM)).min(until);
            self.clock.stand_at(at);
            self.step()?;
            if at == until {
                break;
            }
        }
        self.clock.stand_at(until);
        self.step()
    }

    /// Does all that is due now.
    pub fn step(&mut self) -> Result<()> {
        self.perform_due()?;
        let now = self.app.now();
        let due =
            self.app.db.read(|tx| deadlines::due(tx, now, IDS_A_READ).map_err(Error::from))?;
        self.notice(due.iter().map(|due| &due.case_id));
        let ran = run_once(&self.app, &self.spool)?;
        self.tally.worked += ran.done + ran.rung;
        self.tally.dead += ran.dead;
        self.look_again()
    }

    /// Does what people and partners have planned until now. The program's own work is not done, and nobody looks at what
    /// came of it.
    pub fn perform_due(&mut self) -> Result<()> {
        let now = self.app.now();
        while let Some(entry) = self.queue.first_entry().filter(|entry| entry.key().0 <= now) {
            match entry.remove() {
                What::Day(date) => self.day(date),
                What::Arrive(arrival) => self.arrive(*arrival)?,
                What::Do(at, deed) => self.perform(at, deed)?,
            }
        }
        Ok(())
    }

    /// Learns that something happens to cases; those of others are passed over.
    pub fn notice<'c>(&mut self, cases: impl Iterator<Item = &'c CaseId>) {
        self.dirty.extend(cases.filter_map(|case_id| self.by_case.get(case_id)));
    }

    /// Lets everybody look at the cases to which something happened, and plan.
    pub fn look_again(&mut self) -> Result<()> {
        for at in std::mem::take(&mut self.dirty) {
            self.look(at)?;
        }
        Ok(())
    }

    /// Returns when somebody does something next; `None` when nobody ever does.
    pub fn next_planned(&self) -> Option<Timestamp> {
        self.queue.keys().next().map(|(at, _)| *at)
    }

    /// Returns when something is due next; `None` when nothing ever is.
    fn next_due(&self) -> Result<Option<Timestamp>> {
        let planned = self.next_planned();
        let rings = self.app.db.read(|tx| deadlines::next_at(tx).map_err(Error::from))?;
        Ok(planned.into_iter().chain(rings).min())
    }

    fn push(&mut self, at: Timestamp, what: What) {
        self.n_queued += 1;
        self.queue.insert((at, self.n_queued), what);
    }

    fn day(&mut self, date: Date) {
        let zone = self.app.settings.hub_zone.clone();
        for arrival in script::day(self.seed, date, &zone) {
            self.push(arrival.at, What::Arrive(Box::new(arrival)));
        }
        let next = plus_days(date, 1);
        self.push(at_hour(next, 0, &zone), What::Day(next));
    }

    fn arrive(&mut self, arrival: Arrival) -> Result<()> {
        let ctx = self.app.system("intake");
        let incoming =
            Incoming { bytes: &arrival.bytes, name: &arrival.name, received_at: ctx.now };
        let taken = intake::take(&ctx, &incoming)?;
        self.count(&taken);
        let mut orders = arrival.orders.into_iter();
        for unit in &taken.units {
            let order = orders.next();
            let Some(case_id) = unit.case_id.clone() else { continue };
            match (self.by_case.get(&case_id), order) {
                (Some(known), _) => {
                    self.dirty.insert(*known);
                }
                (None, Some(order)) if unit.outcome == Outcome::Opened => self.open(case_id, order),
                (None, _) => self.adopt(case_id),
            }
        }
        Ok(())
    }

    fn count(&mut self, taken: &Taken) {
        self.tally.files += 1;
        for unit in &taken.units {
            *self.tally.units.entry(unit.outcome.name()).or_default() += 1;
        }
    }

    fn open(&mut self, case_id: CaseId, order: Order) {
        let number = u32::try_from(self.stories.len()).unwrap_or(u32::MAX);
        self.tell(Story::sent(number, case_id, order, self.seed));
    }

    fn adopt(&mut self, case_id: CaseId) {
        let number = u32::try_from(self.stories.len()).unwrap_or(u32::MAX);
        self.tell(Story::adopted(number, case_id, (self.seed, self.app.now())));
    }

    fn tell(&mut self, story: Story) {
        let at = self.stories.len();
        self.by_case.insert(story.case_id.clone(), at);
        self.stories.push(story);
        self.dirty.insert(at);
    }

    fn perform(&mut self, at: usize, deed: Deed) -> Result<()> {
        let case = self.case(at)?;
        if let Some(touched_at) = self.touched(at, &case)? {
            self.stories[at].touched_at = Some(touched_at);
        }
        let scene = self.scene(at, &case);
        let now = scene.now;
        let done = partners::perform(&scene, &deed)
            .unwrap_or_else(|| staff::perform(&scene, &deed, self.hands_off));
        match done {
            Ok(Next::Done) => self.tally.done += 1,
            Ok(Next::Later(later)) => {
                self.again(later, at, deed);
                return Ok(());
            }
            Ok(Next::Drop) => {
                self.stories[at].planned.remove(&deed);
                return Ok(());
            }
            Err(Error::Stale | Error::Busy(_)) => {
                self.again(now.plus(AGAIN), at, deed);
                return Ok(());
            }
            Err(error) => match refusal(&error) {
                Some(code) => *self.tally.refused.entry(code).or_default() += 1,
                None => return Err(error),
            },
        }
        if matches!(deed, Deed::Step(_)) {
            self.stories[at].steps += 1;
        }
        self.dirty.insert(at);
        Ok(())
    }

    fn again(&mut self, later: Timestamp, at: usize, deed: Deed) {
        self.dirty.insert(at);
        self.push(later, What::Do(at, deed));
    }

    fn case(&self, at: usize) -> Result<Case> {
        desk::case_for_form(&self.app.system("world"), &self.stories[at].case_id)
    }

    fn scene<'s>(&'s self, at: usize, case: &'s Case) -> Scene<'s> {
        Scene {
            app: &self.app,
            door: &*self.app,
            case,
            story: &self.stories[at],
            seed: self.seed,
            now: self.app.now(),
            is_watched: self.is_watched,
        }
    }

    /// Looks at a case as it stands, and lets everybody plan what they have to do about it.
    fn look(&mut self, at: usize) -> Result<()> {
        let case = self.case(at)?;
        let touched_at = self.touched(at, &case)?;
        let story = &mut self.stories[at];
        story.touched_at = touched_at.or(story.touched_at);
        story.seen = case.seq;
        let scene = self.scene(at, &case);
        let mut plans = partners::plans(&scene);
        plans.extend(staff::plans(&scene));
        if self.has_telephone {
            plans.extend(staff::calls::plans(&scene));
        }
        for (deed, due_at) in plans {
            if self.stories[at].planned.insert(deed.clone()) && due_at < Timestamp(i64::MAX) {
                self.push(due_at, What::Do(at, deed));
            }
        }
        Ok(())
    }
}
