//! Benefits: what the payer says of the member's coverage, asked and answered.

use crate::{Case, Facts, Recorded, Refusal};
use doorstep_vocab::{Date, Timestamp};
use serde::{Deserialize, Serialize};

/// Coverage as the payer answered. Source: facts 12, coverage axis.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CoverageStatus {
    /// Nobody asked yet.
    #[default]
    Unchecked,
    /// Asked; no answer yet.
    Pending,
    /// In force.
    Active,
    /// Not in force on the date of service.
    Inactive,
    /// Another payer may come first.
    CobReview,
}

impl CoverageStatus {
    /// The answers that can be recorded.
    pub const ANSWERS: [Self; 3] = [Self::Active, Self::Inactive, Self::CobReview];

    /// Returns the name that pages use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Unchecked => "unchecked",
            Self::Pending => "pending",
            Self::Active => "active",
            Self::Inactive => "inactive",
            Self::CobReview => "cob-review",
        }
    }

    /// Reads an answer's name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ANSWERS.into_iter().find(|status| status.name() == name)
    }
}

/// What the payer said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// In force or not.
    pub status: CoverageStatus,
    /// The payer's reference for the answer, kept as proof.
    pub reference: Option<String>,
    /// First day of coverage, when told.
    pub from: Option<Date>,
    /// Last day of coverage, when told.
    pub to: Option<Date>,
}

/// What is known of the coverage.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Benefits {
    /// Where it stands.
    pub status: CoverageStatus,
    /// When the payer was last asked.
    pub asked_at: Option<Timestamp>,
    /// When it last answered, and what.
    pub answered: Option<(Timestamp, Answer)>,
}

/// What may be done about benefits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BenefitsCommand {
    /// The payer is asked.
    Ask,
    /// The payer answered.
    Answer(Answer),
}

/// What happened about benefits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum BenefitsEvent {
    Asked,
    Answered(Answer),
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &["benefits.asked", "benefits.answered"];

impl BenefitsEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Asked => EVENT_NAMES[0],
            Self::Answered(_) => EVENT_NAMES[1],
        }
    }
}

pub(crate) fn decide(
    case: &Case,
    command: &BenefitsCommand,
    _: &Facts,
) -> Result<Vec<BenefitsEvent>, Refusal> {
    match command {
        BenefitsCommand::Ask if case.benefits.status == CoverageStatus::Pending => Ok(Vec::new()),
        BenefitsCommand::Ask => Ok(vec![BenefitsEvent::Asked]),
        BenefitsCommand::Answer(answer) => answer_given(case, answer),
    }
}

fn answer_given(case: &Case, answer: &Answer) -> Result<Vec<BenefitsEvent>, Refusal> {
    if let (Some(from), Some(to)) = (answer.from, answer.to)
        && to < from
    {
        return Err(Refusal::new(
            "coverage-dates",
            "the coverage ends before it begins: check both dates",
        )
        .at("to"));
    }
    if case.benefits.answered.as_ref().is_some_and(|(_, known)| known == answer)
        && case.benefits.status == answer.status
    {
        return Ok(Vec::new());
    }
    Ok(vec![BenefitsEvent::Answered(answer.clone())])
}

pub(crate) fn apply(benefits: &mut Benefits, event: &BenefitsEvent, recorded: &Recorded) {
    match event {
        BenefitsEvent::Asked => {
            benefits.status = CoverageStatus::Pending;
            benefits.asked_at = Some(recorded.at);
        }
        BenefitsEvent::Answered(answer) => {
            benefits.status = answer.status;
            benefits.answered = Some((recorded.at, answer.clone()));
        }
    }
}

#[cfg(test)]
mod tests;
