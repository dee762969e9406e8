//! The rules of placement.

use super::{
    AgreementEnd, DeclineReason, LinePlacement, Offer, OfferState, PlacementCommand,
    PlacementEvent, WithdrawReason,
};
use crate::delivery::Fulfilment;
use crate::line::distinct;
use crate::{Case, Facts, OnMiss, Refusal, Subject, clock};
use doorstep_planted as planted;
use doorstep_vocab::{ContactId, LineNo, OfferId, ProviderId, Timestamp};
use std::collections::BTreeMap;

type Decided = Result<Vec<PlacementEvent>, Refusal>;

pub(crate) fn decide(case: &Case, command: &PlacementCommand, facts: &Facts) -> Decided {
    match command {
        PlacementCommand::Offer { offer_id, provider_id, lines } => {
            offer(case, (offer_id, provider_id), lines, facts)
        }
        PlacementCommand::Accept { offer_id, lines, commit_by, contact_id } => {
            accept(case, offer_id, (lines, *commit_by, contact_id), facts)
        }
        PlacementCommand::Decline { offer_id, reason } => decline(case, offer_id, *reason),
        PlacementCommand::Withdraw { offer_id, reason } => withdraw(case, offer_id, *reason),
        PlacementCommand::Return { offer_id, reason } => give_back(case, offer_id, *reason),
        PlacementCommand::AgreeSingleCase { provider_id, lines, reference, contact_id } => {
            agree(case, provider_id, lines, (reference, contact_id))
        }
        PlacementCommand::NameContact { lines, contact_id } => {
            name_contact(case, lines, contact_id)
        }
        PlacementCommand::EndSingleCase { lines, reason } => end_agreement(case, lines, *reason),
    }
}

fn offer(
    case: &Case,
    (offer_id, provider_id): (&OfferId, &ProviderId),
    lines: &[LineNo],
    facts: &Facts,
) -> Decided {
    let lines = distinct(lines);
    if let Some(known) = case.placement.offers.get(offer_id) {
        let is_same = known.provider_id == *provider_id && known.lines == lines;
        let taken = Refusal::new("offer-known", "another offer has this id: make a new one");
        return if is_same { Ok(Vec::new()) } else { Err(taken) };
    }
    placeable(case, &lines)?;
    refuse_repeat(case, provider_id, &lines)?;
    let subject = Subject::Offer(offer_id.clone());
    let respond_by = clock::due(case, "offer-response", (&subject, &lines), facts);
    let respond_by = respond_by.ok_or_else(|| {
        Refusal::new("clock-unknown", "no offer-response clock is in force: check the packs")
    })?;
    let (offer_id, provider_id) = (offer_id.clone(), provider_id.clone());
    Ok(vec![PlacementEvent::Offered { offer_id, provider_id, lines, respond_by }])
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
    let words = match offer.state {
        OfferState::Open => "the offer is still open: accept or decline it",
        OfferState::Accepted { .. } => "the offer was accepted already: return it to give it back",
        OfferState::Declined(_) => "the offer was declined already: make a new one",
        OfferState::Withdrawn => {
            "the offer was withdrawn, since its lines went to another provider or are not needed: await another"
        }
        OfferState::Expired => "the offer expired, since nobody answered in time: make a new one",
        OfferState::Returned(_) => "the offer was returned: make a new one",
    };
    Refusal::new("offer-ended", words)
}

/// Of several providers who were asked, the first to accept has the line; later ones are refused, and told so.
fn accept(
    case: &Case,
    offer_id: &OfferId,
    (lines, commit_by, contact_id): (&[LineNo], Timestamp, &ContactId),
    facts: &Facts,
) -> Decided {
    let lines = distinct(lines);
    let offer = known(case, offer_id)?;
    if let OfferState::Accepted { lines: taken, commit_by: promised } = &offer.state
        && *promised == commit_by
        && distinct(taken).len() == lines.len()
        && lines.iter().all(|no| taken.contains(no))
    {
        return Ok(Vec::new());
    }
    if planted::is("accepts-what-is-taken") {
        let lines = lines.into_iter().filter(|no| case.lines.contains_key(no)).collect();
        let (offer_id, contact_id) = (offer_id.clone(), None);
        return Ok(vec![PlacementEvent::Accepted { offer_id, lines, commit_by, contact_id }]);
    }
    if !offer.is_open() {
        return Err(ended(offer));
    }
    // Whether the job that rings was prompt makes no difference.
    if respond_by(case, (offer_id, offer)).is_some_and(|by| by <= facts.now) {
        let words = "the time to answer this offer is over: ask the hub for a new one";
        return Err(Refusal::new("offer-expired", words));
    }
    if lines.is_empty() || !lines.iter().all(|no| offer.lines.contains(no)) {
        let words = "accept one or more of the lines that were offered";
        return Err(Refusal::new("lines-not-offered", words).at("lines"));
    }
    if commit_by < facts.now {
        let words = "the committed time is in the past: give the time by which you will be there";
        return Err(Refusal::new("commit-past", words).at("commit_by"));
    }
    facts.within_reach(commit_by, "commit_by")?;
    if let Some(no) = lines.iter().find(|no| is_placed(case, **no)) {
        let words = format!("line {no} was taken by another provider: accept only the others");
        return Err(Refusal::new("line-taken", words).at("lines"));
    }
    placeable(case, &lines)?;
    let withdrawn = superseded(case, &lines, Some(offer_id));
    let (offer_id, contact_id) = (offer_id.clone(), Some(contact_id.clone()));
    let accepted = PlacementEvent::Accepted { offer_id, lines, commit_by, contact_id };
    Ok(std::iter::once(accepted).chain(withdrawn).collect())
}

/// Returns until when an open offer can be accepted; `None` while its clock stands still.
fn respond_by(case: &Case, (offer_id, offer): (&OfferId, &Offer)) -> Option<Timestamp> {
    let about = Subject::Offer(offer_id.clone());
    let mut clocks = case.clocks.0.values();
    let clock = clocks.find(|clock| {
        clock.is_live()
            && clock.started.about == about
            && clock.started.on_miss == OnMiss::ExpireOffer
    });
    match clock {
        Some(clock) => clock.is_running().then_some(clock.started.due_at),
        None => Some(offer.respond_by),
    }
}

fn is_placed(case: &Case, no: LineNo) -> bool {
    case.lines.get(&no).is_some_and(|line| line.placement.provider().is_some())
}

/// Returns the end of every other open offer of which nothing is left to accept.
fn superseded(case: &Case, lines: &[LineNo], by: Option<&OfferId>) -> Vec<PlacementEvent> {
    let gone = |no: &LineNo| {
        let is_open = case.lines.get(no).is_some_and(crate::Line::is_open);
        lines.contains(no) || !is_open || is_placed(case, *no)
    };
    let others =
        case.placement.offers.iter().filter(|(id, other)| {
            Some(*id) != by && other.is_open() && other.lines.iter().all(gone)
        });
    let reason = Some(WithdrawReason::PlacedElsewhere);
    others.map(|(id, _)| PlacementEvent::Withdrawn { offer_id: id.clone(), reason }).collect()
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

fn withdraw(case: &Case, offer_id: &OfferId, reason: WithdrawReason) -> Decided {
    let offer = known(case, offer_id)?;
    match offer.state {
        OfferState::Withdrawn => Ok(Vec::new()),
        OfferState::Open => {
            Ok(vec![PlacementEvent::Withdrawn { offer_id: offer_id.clone(), reason: Some(reason) }])
        }
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

fn agree(
    case: &Case,
    provider_id: &ProviderId,
    lines: &[LineNo],
    (reference, contact_id): (&str, &ContactId),
) -> Decided {
    if reference.trim().is_empty() {
        return Err(
            Refusal::new("reference-missing", "enter the agreement's reference").at("reference")
        );
    }
    let lines = distinct(lines);
    let is_known = |no: &LineNo| {
        case.lines.get(no).is_some_and(|line| {
            matches!(&line.placement,
                LinePlacement::SingleCaseAgreement { provider_id: known, reference: under, .. }
                    if known == provider_id && under == reference)
        })
    };
    if !lines.is_empty() && lines.iter().all(is_known) {
        return Ok(Vec::new());
    }
    placeable(case, &lines)?;
    let withdrawn = superseded(case, &lines, None);
    let (provider_id, reference) = (provider_id.clone(), reference.to_owned());
    let contact_id = Some(contact_id.clone());
    let agreed = PlacementEvent::SingleCaseAgreed { provider_id, lines, reference, contact_id };
    Ok(std::iter::once(agreed).chain(withdrawn).collect())
}

/// A contact answers for one provider.
fn name_contact(case: &Case, lines: &[LineNo], contact_id: &ContactId) -> Decided {
    let lines = distinct(lines);
    if lines.is_empty() {
        let words = "choose the lines that the contact is for";
        return Err(Refusal::new("lines-missing", words).at("lines"));
    }
    let mut provider = None;
    for no in &lines {
        let line = case.lines.get(no).ok_or_else(|| Refusal::no_line(*no))?;
        let Some(holder) = line.placement.provider() else {
            let words = format!("nobody has line {no}: place it first");
            return Err(Refusal::new("line-unplaced", words).at("lines"));
        };
        if provider.get_or_insert(holder) != &holder {
            let words = "these lines are with several providers: name a contact for each";
            return Err(Refusal::new("providers-differ", words).at("lines"));
        }
    }
    if lines.iter().all(|no| case.lines[no].placement.contact() == Some(contact_id)) {
        return Ok(Vec::new());
    }
    Ok(vec![PlacementEvent::ContactNamed { lines, contact_id: contact_id.clone() }])
}

/// One event for each provider that had some of the lines.
fn end_agreement(case: &Case, lines: &[LineNo], reason: AgreementEnd) -> Decided {
    let mut held: BTreeMap<&ProviderId, Vec<LineNo>> = BTreeMap::new();
    for no in distinct(lines) {
        let line = case.lines.get(&no).ok_or_else(|| Refusal::no_line(no))?;
        let LinePlacement::SingleCaseAgreement { provider_id, .. } = &line.placement else {
            let words = format!("no single-case agreement stands for line {no}");
            return Err(Refusal::new("no-agreement", words).at("lines"));
        };
        if !line.is_open() {
            return Err(Refusal::line_ended(no));
        }
        held.entry(provider_id).or_default().push(no);
    }
    if held.is_empty() {
        let words = "choose the lines whose agreement ends";
        return Err(Refusal::new("lines-missing", words).at("lines"));
    }
    let ended = held.into_iter().map(|(provider_id, lines)| {
        let provider_id = provider_id.clone();
        PlacementEvent::SingleCaseEnded { provider_id, lines, reason }
    });
    Ok(ended.collect())
}
