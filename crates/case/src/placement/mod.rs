//! Placement: providers are offered lines, and accept, decline, let the offer lapse, or return what they took.
//!
//! Decline is the normal case: most offers are turned down. Source: facts 0.1 (9), 5.3.

mod decide;
mod reasons;
#[cfg(test)]
mod tests;

pub(crate) use decide::decide;
pub use reasons::{AgreementEnd, DeclineReason, WithdrawReason};

use crate::{Case, Recorded, Subject};
use doorstep_vocab::{ContactId, LineNo, OfferId, ProviderId, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What became of an offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the outcomes")]
pub enum OfferState {
    Open,
    /// Some or all of its lines, and until when the provider committed to be there.
    Accepted {
        lines: Vec<LineNo>,
        commit_by: Timestamp,
    },
    Declined(DeclineReason),
    Withdrawn,
    Expired,
    /// Given back after acceptance.
    Returned(DeclineReason),
}

/// One offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// To whom.
    pub provider_id: ProviderId,
    /// For what.
    pub lines: Vec<LineNo>,
    /// When.
    pub offered_at: Timestamp,
    /// By when an answer is expected.
    pub respond_by: Timestamp,
    /// What became of it.
    pub state: OfferState,
    /// Why it was withdrawn, when it was and somebody said.
    #[serde(default)]
    pub withdrawn: Option<WithdrawReason>,
}

impl Offer {
    /// Returns whether an answer is still awaited.
    pub fn is_open(&self) -> bool {
        self.state == OfferState::Open
    }
}

/// All offers of a case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Placement {
    /// By id.
    pub offers: BTreeMap<OfferId, Offer>,
}

/// Whether and with whom a line is placed. Source: facts 12, placement line axis.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the states")]
pub enum LinePlacement {
    #[default]
    Unplaced,
    Offered,
    Accepted {
        offer_id: OfferId,
        provider_id: ProviderId,
        commit_by: Timestamp,
        /// Whom to ask for there. `None` in what was accepted before that was asked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact_id: Option<ContactId>,
    },
    /// A provider outside the network, for this case only.
    SingleCaseAgreement {
        provider_id: ProviderId,
        reference: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact_id: Option<ContactId>,
    },
}

impl LinePlacement {
    /// Returns the state's name.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Unplaced => "unplaced",
            Self::Offered => "offered",
            Self::Accepted { .. } => "accepted",
            Self::SingleCaseAgreement { .. } => "single-case-agreement",
        }
    }

    /// Returns the provider who has the line.
    pub const fn provider(&self) -> Option<&ProviderId> {
        match self {
            Self::Accepted { provider_id, .. } | Self::SingleCaseAgreement { provider_id, .. } => {
                Some(provider_id)
            }
            Self::Unplaced | Self::Offered => None,
        }
    }

    /// Returns whom to ask for at the provider who has the line.
    pub const fn contact(&self) -> Option<&ContactId> {
        match self {
            Self::Accepted { contact_id, .. } | Self::SingleCaseAgreement { contact_id, .. } => {
                contact_id.as_ref()
            }
            Self::Unplaced | Self::Offered => None,
        }
    }

    fn set_contact(&mut self, named: &ContactId) {
        if let Self::Accepted { contact_id, .. } | Self::SingleCaseAgreement { contact_id, .. } =
            self
        {
            *contact_id = Some(named.clone());
        }
    }
}

/// What may be done about placement.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "fields repeat the offer's")]
pub enum PlacementCommand {
    Offer {
        offer_id: OfferId,
        provider_id: ProviderId,
        lines: Vec<LineNo>,
    },
    /// Takes some or all lines, with a committed time and a named contact, whose name is a row. Source: facts 5.3,
    /// accept.
    Accept {
        offer_id: OfferId,
        lines: Vec<LineNo>,
        commit_by: Timestamp,
        contact_id: ContactId,
    },
    Decline {
        offer_id: OfferId,
        reason: DeclineReason,
    },
    Withdraw {
        offer_id: OfferId,
        reason: WithdrawReason,
    },
    /// Gives lines back after acceptance; placement restarts under the original clock.
    Return {
        offer_id: OfferId,
        reason: DeclineReason,
    },
    AgreeSingleCase {
        provider_id: ProviderId,
        lines: Vec<LineNo>,
        reference: String,
        contact_id: ContactId,
    },
    /// Says whom to ask for from now on at the provider who has the lines.
    NameContact {
        lines: Vec<LineNo>,
        contact_id: ContactId,
    },
    /// Ends the agreement about lines; placement restarts under the original clock.
    EndSingleCase {
        lines: Vec<LineNo>,
        reason: AgreementEnd,
    },
}

/// What happened about placement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "each is the past participle of its command")]
pub enum PlacementEvent {
    Offered {
        offer_id: OfferId,
        provider_id: ProviderId,
        lines: Vec<LineNo>,
        respond_by: Timestamp,
    },
    Accepted {
        offer_id: OfferId,
        lines: Vec<LineNo>,
        commit_by: Timestamp,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact_id: Option<ContactId>,
    },
    Declined {
        offer_id: OfferId,
        reason: DeclineReason,
    },
    Withdrawn {
        offer_id: OfferId,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<WithdrawReason>,
    },
    /// Nobody answered in time.
    Expired {
        offer_id: OfferId,
    },
    Returned {
        offer_id: OfferId,
        lines: Vec<LineNo>,
        reason: DeclineReason,
    },
    SingleCaseAgreed {
        provider_id: ProviderId,
        lines: Vec<LineNo>,
        reference: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        contact_id: Option<ContactId>,
    },
    SingleCaseEnded {
        provider_id: ProviderId,
        lines: Vec<LineNo>,
        reason: AgreementEnd,
    },
    ContactNamed {
        lines: Vec<LineNo>,
        contact_id: ContactId,
    },
}

/// The names that packs may write.
pub const EVENT_NAMES: &[&str] = &[
    "placement.offered",
    "placement.accepted",
    "placement.declined",
    "placement.withdrawn",
    "placement.expired",
    "placement.returned",
    "placement.single-case-agreed",
    "placement.single-case-ended",
    "placement.contact-named",
];

impl PlacementEvent {
    /// Returns the event's name.
    pub fn name(&self) -> &'static str {
        let at = match self {
            Self::Offered { .. } => 0,
            Self::Accepted { .. } => 1,
            Self::Declined { .. } => 2,
            Self::Withdrawn { .. } => 3,
            Self::Expired { .. } => 4,
            Self::Returned { .. } => 5,
            Self::SingleCaseAgreed { .. } => 6,
            Self::SingleCaseEnded { .. } => 7,
            Self::ContactNamed { .. } => 8,
        };
        EVENT_NAMES[at]
    }

    /// Returns the offer and the lines that the event is about.
    pub fn subjects(&self, case: &Case) -> Vec<Subject> {
        let (offer_id, lines) = match self {
            Self::Offered { offer_id, lines, .. }
            | Self::Accepted { offer_id, lines, .. }
            | Self::Returned { offer_id, lines, .. } => (Some(offer_id), lines.clone()),
            Self::Declined { offer_id, .. }
            | Self::Withdrawn { offer_id, .. }
            | Self::Expired { offer_id } => {
                let lines = case.placement.offers.get(offer_id).map(|offer| offer.lines.clone());
                (Some(offer_id), lines.unwrap_or_default())
            }
            Self::SingleCaseAgreed { lines, .. }
            | Self::SingleCaseEnded { lines, .. }
            | Self::ContactNamed { lines, .. } => (None, lines.clone()),
        };
        let offer = offer_id.into_iter().map(|id| Subject::Offer(id.clone()));
        offer.chain(lines.into_iter().map(Subject::Line)).collect()
    }
}

pub(crate) fn apply(case: &mut Case, event: &PlacementEvent, recorded: &Recorded) {
    match event {
        PlacementEvent::Offered { offer_id, provider_id, lines, respond_by } => {
            let offer = Offer {
                provider_id: provider_id.clone(),
                lines: lines.clone(),
                offered_at: recorded.at,
                respond_by: *respond_by,
                state: OfferState::Open,
                withdrawn: None,
            };
            case.placement.offers.insert(offer_id.clone(), offer);
        }
        PlacementEvent::Accepted { offer_id, lines, commit_by, .. } => {
            end(
                case,
                offer_id,
                OfferState::Accepted { lines: lines.clone(), commit_by: *commit_by },
            );
        }
        PlacementEvent::Declined { offer_id, reason } => {
            end(case, offer_id, OfferState::Declined(*reason));
        }
        PlacementEvent::Withdrawn { offer_id, reason } => {
            end(case, offer_id, OfferState::Withdrawn);
            if let Some(offer) = case.placement.offers.get_mut(offer_id) {
                offer.withdrawn = *reason;
            }
        }
        PlacementEvent::Expired { offer_id } => end(case, offer_id, OfferState::Expired),
        PlacementEvent::Returned { offer_id, reason, .. } => {
            end(case, offer_id, OfferState::Returned(*reason));
        }
        PlacementEvent::SingleCaseAgreed { .. }
        | PlacementEvent::SingleCaseEnded { .. }
        | PlacementEvent::ContactNamed { .. } => {}
    }
    place(case, event);
}

fn end(case: &mut Case, offer_id: &OfferId, state: OfferState) {
    if let Some(offer) = case.placement.offers.get_mut(offer_id) {
        offer.state = state;
    }
}

fn place(case: &mut Case, event: &PlacementEvent) {
    let Case { lines, placement, .. } = case;
    for line in lines.values_mut() {
        match event {
            PlacementEvent::Accepted { offer_id, lines, commit_by, contact_id }
                if lines.contains(&line.no) =>
            {
                if let Some(offer) = placement.offers.get(offer_id) {
                    let provider_id = offer.provider_id.clone();
                    line.placement = LinePlacement::Accepted {
                        offer_id: offer_id.clone(),
                        provider_id,
                        commit_by: *commit_by,
                        contact_id: contact_id.clone(),
                    };
                }
            }
            PlacementEvent::SingleCaseAgreed { provider_id, lines, reference, contact_id }
                if lines.contains(&line.no) =>
            {
                line.placement = LinePlacement::SingleCaseAgreement {
                    provider_id: provider_id.clone(),
                    reference: reference.clone(),
                    contact_id: contact_id.clone(),
                };
            }
            PlacementEvent::ContactNamed { lines, contact_id } if lines.contains(&line.no) => {
                line.placement.set_contact(contact_id);
            }
            PlacementEvent::Returned { lines, .. }
            | PlacementEvent::SingleCaseEnded { lines, .. }
                if lines.contains(&line.no) =>
            {
                line.placement = LinePlacement::Unplaced;
            }
            _ => {}
        }
        if line.placement.provider().is_none() {
            let offered = placement
                .offers
                .values()
                .any(|offer| offer.is_open() && offer.lines.contains(&line.no));
            line.placement = if offered { LinePlacement::Offered } else { LinePlacement::Unplaced };
        }
    }
}
