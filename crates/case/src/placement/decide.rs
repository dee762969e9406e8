//! The rules of placement.

use super::{DeclineReason, LinePlacement, Offer, OfferState, PlacementCommand, PlacementEvent};
use crate::delivery::Fulfilment;
use crate::{Case, Facts, Refusal, Subject, clock};
use doorstep_vocab::{LineNo, OfferId, ProviderId, Timestamp};

type Decided = Result<Vec<PlacementEvent>, Refusal>;

pub(crate) fn decide(case: &Case, command: &PlacementCommand, facts: &Facts) -> Decided {
    match command {
        PlacementCommand::Offer { offer_id, provider_id, lines } => {
            offer(case, (offer_id, provider_id), lines, facts)
        }
        PlacementCommand::Accept { offer_id, lines, commit_by } => {
            accept(case, offer_id, (lines, *commit_by), facts)
        }
        PlacementCommand::Decline { offer_id, reason } => decline(case, offer_id, *reason),
        PlacementCommand::Withdraw { offer_id } => withdraw(case, offer_id),
        PlacementCommand::Return { offer_id, reason } => give_back(case, offer_id, *reason),
        PlacementCommand::AgreeSingleCase { provider_id, lines, reference } => {
            agree(case, provider_id, lines, reference)
        }
    }
}

fn offer(
    case: &Case,
    (offer_id, provider_id): (&OfferId, &ProviderId),
    lines: &[LineNo],
    facts: &Facts,
) -> Decided {
    if case.placement.offers.contains_key(offer_id) {
        return Ok(Vec::new());
    }
    placeable(case, lines)?;
    refuse_repeat(case, provider_id, lines)?;
    let respond_by = clock::due(case, "offer-response", &Subject::Offer(offer_id.clone()), facts)
        .ok_or_else(|| {
        Refusal::new("clock-unknown", "no offer-response clock is in force: check the packs")
    })?;
    Ok(vec![PlacementEvent::Offered {
        offer_id: offer_id.clone(),
        provider_id: provider_id.clone(),
        lines: lines.to_vec(),
        respond_by,
    }])
}

fn placeable(case: &Case, lines: &[LineNo]) -> Result<(), Refusal> {
    if lines.is_empty() {
        return Err(Refusal::new("lines-missing", "choose the lines to place").at("lines"));
    }
    for no in lines {
        let line = case.lines.get(no).ok_or_else(|| Refusal::no_line(*no))?;
        if !line.is_open() {
            return Err(Refusal::line_ended(*no));
        }
        if let Some(provider) = line.placement.provider() {
            let words =
                format!("line {no} is placed with provider {provider}: record its return first");
            return Err(Refusal::new("line-placed", words).at("lines"));
        }
    }
    Ok(())
}

/// Nobody is asked again for what they have open before them, or declined. Source: facts 5.3, hard filter.
fn refuse_repeat(case: &Case, provider_id: &ProviderId, lines: &[LineNo]) -> Result<(), Refusal> {
    let overlaps = |offer: &&Offer| {
        offer.provider_id == *provider_id && offer.lines.iter().any(|no| lines.contains(no))
    };
    for offer in case.placement.offers.values().filter(overlaps) {
        match offer.state {
            OfferState::Open => {
                return Err(Refusal::new(
                    "offer-open",
                    "this provider has an open offer for the line: await it",
                )
                .at("provider"));
            }
            OfferState::Declined(_) | OfferState::Returned(_) => {
                return Err(Refusal::new(
                    "provider-declined",
                    "this provider turned the line down: choose another",
                )
                .at("provider"));
            }
            OfferState::Accepted { .. } | OfferState::Withdrawn | OfferState::Expired => {}
        }
    }
    Ok(())
}

fn known<'a>(case: &'a Case, offer_id: &OfferId) -> Result<&'a Offer, Refusal> {
    let offer = case.placement.offers.get(offer_id);
    offer.ok_or_else(|| {
        Refusal::new("offer-unknown", "the case has no such offer: choose one of its own")
    })
}

fn ended(offer: &Offer) -> Refusal {
    let how = match offer.state {
        OfferState::Open => "open",
        OfferState::Accepted { .. } => "accepted",
        OfferState::Declined(_) => "declined",
        OfferState::Withdrawn => "withdrawn",
        OfferState::Expired => "expired",
        OfferState::Returned(_) => "returned",
    };
    Refusal::new("offer-ended", format!("the offer is already {how}: make a new one"))
}

/// Of several providers who were asked, the first to accept has the line; later ones are refused, and told so.
fn accept(
    case: &Case,
    offer_id: &OfferId,
    (lines, commit_by): (&[LineNo], Timestamp),
    facts: &Facts,
) -> Decided {
    let offer = known(case, offer_id)?;
    if offer.state == (OfferState::Accepted { lines: lines.to_vec(), commit_by }) {
        return Ok(Vec::new());
    }
    if !offer.is_open() {
        return Err(ended(offer));
    }
    if lines.is_empty() || !lines.iter().all(|no| offer.lines.contains(no)) {
        return Err(Refusal::new(
            "lines-not-offered",
            "accept one or more of the lines that were offered",
        )
        .at("lines"));
    }
    if commit_by < facts.now {
        let words = "the committed time is in the past: give the time by which you will be there";
        return Err(Refusal::new("commit-past", words).at("commit_by"));
    }
    placeable(case, lines)?;
    let accepted =
        PlacementEvent::Accepted { offer_id: offer_id.clone(), lines: lines.to_vec(), commit_by };
    let others = case.placement.offers.iter().filter(|(id, other)| {
        *id != offer_id && other.is_open() && other.lines.iter().all(|no| lines.contains(no))
    });
    let withdrawn = others.map(|(id, _)| PlacementEvent::Withdrawn { offer_id: id.clone() });
    Ok(std::iter::once(accepted).chain(withdrawn).collect())
}

fn decline(case: &Case, offer_id: &OfferId, reason: DeclineReason) -> Decided {
    let offer = known(case, offer_id)?;
    match offer.state {
        OfferState::Declined(was) if was == reason => Ok(Vec::new()),
        OfferState::Open => {
            Ok(vec![PlacementEvent::Declined { offer_id: offer_id.clone(), reason }])
        }
        _ => Err(ended(offer)),
    }
}

fn withdraw(case: &Case, offer_id: &OfferId) -> Decided {
    let offer = known(case, offer_id)?;
    match offer.state {
        OfferState::Withdrawn => Ok(Vec::new()),
        OfferState::Open => Ok(vec![PlacementEvent::Withdrawn { offer_id: offer_id.clone() }]),
        _ => Err(ended(offer)),
    }
}

/// What was delivered already stays with the provider; the rest goes back to be placed.
fn give_back(case: &Case, offer_id: &OfferId, reason: DeclineReason) -> Decided {
    let offer = known(case, offer_id)?;
    if offer.state == OfferState::Returned(reason) {
        return Ok(Vec::new());
    }
    let held: Vec<LineNo> = case
        .open_lines()
        .filter(|line| matches!(&line.placement, LinePlacement::Accepted { offer_id: id, .. } if id == offer_id))
        .filter(|line| line.fulfilment != Fulfilment::Delivered)
        .map(|line| line.no)
        .collect();
    if held.is_empty() {
        return Err(Refusal::new(
            "nothing-to-return",
            "the provider holds no open line of this offer",
        ));
    }
    Ok(vec![PlacementEvent::Returned { offer_id: offer_id.clone(), lines: held, reason }])
}

fn agree(case: &Case, provider_id: &ProviderId, lines: &[LineNo], reference: &str) -> Decided {
    if reference.trim().is_empty() {
        return Err(
            Refusal::new("reference-missing", "enter the agreement's reference").at("reference")
        );
    }
    let known = LinePlacement::SingleCaseAgreement {
        provider_id: provider_id.clone(),
        reference: reference.to_owned(),
    };
    if !lines.is_empty()
        && lines.iter().all(|no| case.lines.get(no).is_some_and(|line| line.placement == known))
    {
        return Ok(Vec::new());
    }
    placeable(case, lines)?;
    Ok(vec![PlacementEvent::SingleCaseAgreed {
        provider_id: provider_id.clone(),
        lines: lines.to_vec(),
        reference: reference.to_owned(),
    }])
}
