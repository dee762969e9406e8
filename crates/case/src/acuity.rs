//! Where a case stands on the nurses' board, and why: by acuity, then by what comes first of a therapy, a discharge and a
//! clock, then by age.

use crate::disputes::EscalationReason;
use crate::intake::Priority;
use crate::{Case, From, Subject, Urgency};
use doorstep_vocab::{LineNo, Micros, Timestamp};

/// A discharge that near makes a case of the first priority. Source: facts 12, task priority.
const DISCHARGE_NOW: Micros = Micros::hours(4);
/// The times within which the second and the third priority are due. Source: facts 12, task priority.
const WITHIN: [Micros; 2] = [Micros::hours(24), Micros::hours(72)];
/// A therapy that near is at risk. Source: facts 6.4, L2.
const THERAPY_AT_RISK: Micros = Micros::hours(12);

/// Why a case stands where it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// Oxygen, ventilation or an infusion of a line is due then, and is not planned.
    Therapy(LineNo, Timestamp),
    /// The member goes home then.
    Discharge(Timestamp),
    /// It was ordered as urgent.
    Urgent,
    /// Clinical risk was raised.
    ClinicalRisk,
    /// A clock has run out.
    Missed,
    /// Nothing presses.
    Routine,
}

/// A case's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// How soon: what a nurse said, else what follows from the case.
    pub acuity: Priority,
    /// Whether a nurse said so.
    pub is_said: bool,
    /// The first time that presses.
    pub at: Timestamp,
    /// Every reason, the one that counts most first.
    pub why: Vec<Why>,
    /// When the hub first held the order.
    pub received_at: Timestamp,
}

impl Place {
    /// Returns what cases are sorted by.
    pub fn key(&self) -> (Priority, Timestamp, Timestamp) {
        (self.acuity, self.at, self.received_at)
    }

    /// Returns whether a therapy is at risk.
    pub fn is_therapy_at_risk(&self) -> bool {
        self.why.iter().any(|why| matches!(why, Why::Therapy(..)))
    }
}

/// Returns where a case stands now.
pub fn place(case: &Case, now: Timestamp) -> Place {
    let why = reasons(case, now);
    let follows = follows(case, &why, now);
    let said = case.intake.priority;
    let clock = case.clocks.next_due().map(|clock| clock.started.due_at);
    let pressing = why.iter().filter_map(|why| match why {
        Why::Therapy(_, at) | Why::Discharge(at) => Some(*at),
        Why::Urgent | Why::ClinicalRisk | Why::Missed | Why::Routine => None,
    });
    Place {
        acuity: said.unwrap_or(follows),
        is_said: said.is_some(),
        at: pressing.chain(clock).min().unwrap_or(Timestamp(i64::MAX)),
        why,
        received_at: case.intake.received_at,
    }
}

fn reasons(case: &Case, now: Timestamp) -> Vec<Why> {
    let mut therapies: Vec<(Timestamp, LineNo)> = therapies(case, now);
    therapies.sort();
    let mut why: Vec<Why> = therapies.into_iter().map(|(at, no)| Why::Therapy(no, at)).collect();
    // A level is who answers: a broken promise or a dispute is handed to the clinical lead too, and hurts nobody by itself.
    let is_clinical = |(_, raised): (_, &crate::disputes::Escalation)| {
        raised.reason == EscalationReason::ClinicalRisk
    };
    why.extend(case.disputes.open_escalations().any(is_clinical).then_some(Why::ClinicalRisk));
    why.extend(case.intake.discharge.as_ref().map(|discharge| Why::Discharge(discharge.at)));
    why.extend((case.intake.urgency == Urgency::Urgent).then_some(Why::Urgent));
    let mut live = case.clocks.0.values().filter(|clock| clock.is_live());
    why.extend(live.any(|clock| clock.missed_at.is_some()).then_some(Why::Missed));
    if why.is_empty() {
        why.push(Why::Routine);
    }
    why
}

/// Which lines life hangs on is the packs' to say: they have a clock for it.
fn therapies(case: &Case, now: Timestamp) -> Vec<(Timestamp, LineNo)> {
    let live = case.clocks.0.values().filter(|clock| clock.is_live());
    let of_therapy =
        live.filter(|clock| matches!(clock.started.from, From::TherapyDue | From::NextDose));
    let due = of_therapy.filter_map(|clock| match clock.started.about {
        Subject::Line(no) => Some((clock.started.counts_from, no)),
        _ => None,
    });
    let mut due: Vec<_> = due.filter(|(at, _)| at.since(now) <= THERAPY_AT_RISK).collect();
    due.sort();
    due.dedup_by_key(|(_, no)| *no);
    due
}

/// The priority that follows where no nurse has said one. Source: facts 12, task priority.
fn follows(case: &Case, why: &[Why], now: Timestamp) -> Priority {
    let near = |within: Micros| {
        let discharge = case.intake.discharge.as_ref().map(|discharge| discharge.at);
        let need_by = case.intake.need_by().map(|need_by| need_by.at);
        discharge.into_iter().chain(need_by).any(|at| at.since(now) <= within)
    };
    let is_now = case.intake.discharge.as_ref().is_some_and(|d| d.at.since(now) <= DISCHARGE_NOW);
    let is_grave = |why: &Why| matches!(why, Why::Therapy(..) | Why::ClinicalRisk);
    let [soon, later] = WITHIN;
    if is_now || why.iter().any(is_grave) {
        Priority::P0
    } else if near(soon) || case.intake.urgency != Urgency::Routine {
        Priority::P1
    } else if near(later) {
        Priority::P2
    } else {
        Priority::P3
    }
}
