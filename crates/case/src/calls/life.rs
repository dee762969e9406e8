//! A call's life: connected, worked on, on hold, handed over, wrapped up, closed, with how long each took. Source: facts
//! 6.1, call states; 6.3, AHT is talk and hold and wrap.

use crate::Refusal;
use crate::coded::coded;
use doorstep_vocab::{Micros, Timestamp};
use serde::{Deserialize, Serialize};

coded! {
    /// Where a call stands.
    CallState {
        Talking = "talking", "talking";
        OnHold = "on-hold", "on hold";
        Wrapping = "wrapping", "wrap-up";
        Closed = "closed", "closed";
    }
}

coded! {
    /// What is done to a call. Verification and notes change what is known, not where the call stands.
    Step {
        Hold = "hold", "put on hold";
        Resume = "resume", "talk again";
        Transfer = "transfer", "hand over with both on the line";
        HangUp = "hang-up", "end the call";
        Close = "close", "close the wrap-up";
    }
}

/// A call's state with its times so far. A time that is not over is not in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Life {
    /// Where it stands.
    pub state: CallState,
    /// Since when.
    pub since: Timestamp,
    /// How long was talked.
    pub talk: Micros,
    /// How long somebody waited on hold.
    pub hold: Micros,
    /// How long it was wrapped up.
    pub wrap: Micros,
    /// How often it was put on hold.
    pub n_holds: u32,
    /// How often it was handed over.
    pub n_transfers: u32,
}

impl Life {
    /// A call that was connected.
    pub fn connected(at: Timestamp) -> Self {
        Self {
            state: CallState::Talking,
            since: at,
            talk: Micros(0),
            hold: Micros(0),
            wrap: Micros(0),
            n_holds: 0,
            n_transfers: 0,
        }
    }

    /// Returns the call after a step. The same step twice is one. A machine's clock that went back costs no time.
    ///
    /// # Errors
    ///
    /// [`Refusal`] when the call is not where the step can be taken.
    pub fn step(self, step: Step, at: Timestamp) -> Result<Self, Refusal> {
        use CallState::{Closed, OnHold, Talking, Wrapping};
        let next = match (self.state, step) {
            (Talking, Step::Hold | Step::Transfer) | (OnHold, Step::Transfer) => OnHold,
            (OnHold, Step::Resume) => Talking,
            (Talking | OnHold, Step::HangUp) => Wrapping,
            (Wrapping, Step::Close) => Closed,
            (OnHold, Step::Hold)
            | (Talking, Step::Resume)
            | (Wrapping, Step::HangUp)
            | (Closed, Step::HangUp | Step::Close) => return Ok(self),
            (Talking | OnHold, Step::Close) => {
                let words = "the call goes on: say how it ended first";
                return Err(Refusal::new("call-goes-on", words).at("disposition"));
            }
            (Wrapping | Closed, Step::Hold | Step::Resume | Step::Transfer) => {
                let words = "the call has ended: start another";
                return Err(Refusal::new("call-ended", words));
            }
        };
        let mut life = self.at(at);
        life.n_holds += u32::from(next == OnHold && self.state != OnHold);
        life.n_transfers += u32::from(step == Step::Transfer);
        life.state = next;
        Ok(life)
    }

    /// Returns the times as they are at an instant: the running one counted until then.
    #[must_use]
    pub fn at(mut self, at: Timestamp) -> Self {
        let spent = Micros(at.since(self.since).0.max(0));
        let of = match self.state {
            CallState::Talking => &mut self.talk,
            CallState::OnHold => &mut self.hold,
            CallState::Wrapping => &mut self.wrap,
            CallState::Closed => return self,
        };
        of.0 = of.0.saturating_add(spent.0);
        self.since = self.since.max(at);
        self
    }

    /// Returns whether somebody is on the line.
    pub fn is_on_the_line(self) -> bool {
        matches!(self.state, CallState::Talking | CallState::OnHold)
    }
}
