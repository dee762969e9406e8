//! The people around one case, for whoever plays them by a clock and doors of their own.
//!
//! A [`Part`] says what its people are about to do about a case as they see it, and when; asked to, they do it through a
//! [`Door`]. What they see may be old by then: that is how people are, and what the program has to stand.

use crate::deed::{Deed, Next};
use crate::orders::Order;
use crate::story::{Scene, Story};
use crate::{partners, staff};
use doorstep_app::command::Entered;
use doorstep_app::{App, PersonChange, Result, amend, enter};
use doorstep_case::intake::Amendment;
use doorstep_case::{Actor, Case};
use doorstep_vocab::{CaseId, Micros, Timestamp};

/// How what somebody decides comes to the program.
pub trait Door {
    /// Gives a command, with whoever it names to be asked for.
    fn enter(&self, actor: Actor, case_id: &CaseId, entered: &Entered) -> Result<()>;

    /// Adds to an order, as the one who referred it.
    fn amend(
        &self,
        actor: Actor,
        case_id: &CaseId,
        what: (&PersonChange, &Amendment),
    ) -> Result<()>;
}

/// The program itself: nothing stands between.
impl Door for App {
    fn enter(&self, actor: Actor, case_id: &CaseId, entered: &Entered) -> Result<()> {
        enter(&self.ctx(actor), case_id, None, entered).map(drop)
    }

    fn amend(
        &self,
        actor: Actor,
        case_id: &CaseId,
        (change, amendment): (&PersonChange, &Amendment),
    ) -> Result<()> {
        amend(&self.ctx(actor), case_id, None, (change, amendment, &[])).map(drop)
    }
}

/// Something that somebody is about to do.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Intent(Deed);

impl Intent {
    /// Returns whether it is somebody of the hub, who works with the pages, and not somebody outside.
    pub fn is_of_staff(&self) -> bool {
        match self.0 {
            Deed::Triage
            | Deed::Assign
            | Deed::HandOver
            | Deed::Step(_)
            | Deed::Commit(_)
            | Deed::Read(_)
            | Deed::Resolve(_)
            | Deed::Call(_)
            | Deed::Hear(_) => true,
            Deed::AnswerBenefits(_)
            | Deed::AnswerAuth(..)
            | Deed::Decide(_)
            | Deed::AnswerOffer(_)
            | Deed::Return(_)
            | Deed::Depart(..)
            | Deed::EndVisit(..)
            | Deed::AnswerAsk(_) => false,
        }
    }
}

/// What came of an intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Came {
    /// It is done.
    Done,
    /// It is done or tried again then.
    Later(Timestamp),
    /// There is nothing to do any more.
    Dropped,
}

/// The people around one case.
pub struct Part {
    story: Story,
    seed: u64,
}

impl Part {
    /// Makes the people around the case that an order opened. The staff leave nothing of it to a visitor.
    pub fn new(number: u32, case_id: CaseId, order: Order, seed: u64) -> Self {
        let story = Story { leave_from: None, ..Story::sent(number, case_id, order, seed) };
        Self { story, seed }
    }

    /// Returns the case.
    pub fn case_id(&self) -> &CaseId {
        &self.story.case_id
    }

    /// Returns what anybody is about to do about the case as it stands, and did not intend before.
    pub fn intents(&mut self, app: &App, case: &Case) -> Vec<(Intent, Timestamp)> {
        let scene = self.scene((app, app), case);
        let mut plans = partners::plans(&scene);
        plans.extend(staff::plans(&scene));
        let is_new = |(deed, at): &(Deed, Timestamp)| {
            self.story.planned.insert(deed.clone()) && *at < Timestamp(i64::MAX)
        };
        plans.into_iter().filter(is_new).map(|(deed, at)| (Intent(deed), at)).collect()
    }

    /// Does what was intended, on the case as it was seen.
    ///
    /// # Errors
    /// The program's: whoever gets one looks again.
    pub fn perform(
        &mut self,
        (app, door): (&App, &dyn Door),
        seen: &Case,
        intent: &Intent,
    ) -> Result<Came> {
        let scene = self.scene((app, door), seen);
        let done = partners::perform(&scene, &intent.0)
            .unwrap_or_else(|| staff::perform(&scene, &intent.0, Micros(0)))?;
        Ok(match done {
            Next::Done => {
                self.settle(intent);
                Came::Done
            }
            Next::Later(at) => Came::Later(at),
            Next::Drop => {
                self.story.planned.remove(&intent.0);
                Came::Dropped
            }
        })
    }

    /// Notes that an intent has ended, whatever came of it: the staff look for the step after it.
    pub fn settle(&mut self, intent: &Intent) {
        if matches!(intent.0, Deed::Step(_)) {
            self.story.steps += 1;
        }
    }

    fn scene<'s>(&'s self, (app, door): (&'s App, &'s dyn Door), case: &'s Case) -> Scene<'s> {
        let (story, seed, now) = (&self.story, self.seed, app.now());
        Scene { app, door, case, story, seed, now, is_watched: false }
    }
}
