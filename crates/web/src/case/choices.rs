//! What can be chosen in the fields of a command's form: what the case has, in words.

use super::desk::Desk;
use crate::errors::capital;
use crate::field::Choice;
use crate::when::When;
use crate::words;
use doorstep_case::DocumentKind;
use doorstep_case::placement::OfferState;

pub(super) fn offers(desk: &Desk, command: &str) -> Vec<Choice> {
    let fits = |state: &OfferState| match command {
        "return" => matches!(state, OfferState::Accepted { .. }),
        _ => *state == OfferState::Open,
    };
    let offers = desk.case.placement.offers.iter().filter(|(_, offer)| fits(&offer.state));
    let words = |lines: &[_], provider: String| format!("{provider}: {}", desk.on(lines));
    offers
        .map(|(id, offer)| {
            Choice::new(id.as_str(), words(&offer.lines, desk.provider(&offer.provider_id)))
        })
        .collect()
}

pub(super) fn visits(desk: &Desk) -> Vec<Choice> {
    let visits = desk.case.delivery.visits.iter().filter(|(_, visit)| visit.is_ahead());
    let choice = visits.map(|(id, visit)| {
        let at = When::at(visit.from, &desk.zone).local;
        Choice::new(
            id.as_str(),
            format!("{at}, {}: {}", desk.provider(&visit.provider_id), desk.on(&visit.lines)),
        )
    });
    choice.collect()
}

pub(super) fn asked(desk: &Desk) -> Vec<Choice> {
    let words = |ask: &doorstep_case::orders::Ask| {
        let items: Vec<&str> = ask.items.iter().map(|item| item.words()).collect();
        format!("{}: {}", words::owner(ask.of), items.join("; "))
    };
    desk.case.orders.open_asks().map(|(id, ask)| Choice::new(id.as_str(), words(ask))).collect()
}

/// The first one that nobody has taken is chosen.
pub(super) fn escalations(desk: &Desk) -> Vec<Choice> {
    let untaken = desk.case.disputes.open_escalations().find(|(_, e)| e.committed_to.is_none());
    let untaken = untaken.map(|(id, _)| id);
    let choice = |(id, e): (&_, &doorstep_case::disputes::Escalation)| {
        let words = format!("Level {}: {}", e.level, e.reason.words());
        Choice::new(doorstep_vocab::EscalationId::as_str(id), words).chosen(untaken == Some(id))
    };
    desk.case.disputes.open_escalations().map(choice).collect()
}

pub(super) fn disputes(desk: &Desk, command: &str) -> Vec<Choice> {
    let is_of_complaint = matches!(command, "acknowledge-complaint" | "answer-complaint");
    let open = desk.case.disputes.open_disputes();
    let open = open.filter(|(_, dispute)| !is_of_complaint || dispute.complaint.is_some());
    open.map(|(id, dispute)| {
        let about = dispute.complaint.as_ref().map(|one| one.told.category.words());
        let about = about.map(|about| format!(": {about}")).unwrap_or_default();
        let words = format!("{}{about}", capital(dispute.kind.words()));
        Choice::new(id.as_str(), words)
    })
    .collect()
}

/// What is missing; where nothing is, what is known, to be asked anew.
pub(super) fn items(desk: &Desk) -> Vec<Choice> {
    let choice = |item: doorstep_case::Item| Choice::new(item.name(), capital(item.words()));
    if desk.missing.is_empty() {
        return desk.case.known.keys().map(|item| choice(*item)).collect();
    }
    desk.missing.iter().map(|missing| choice(missing.item)).collect()
}

pub(super) fn proofs(desk: &Desk) -> Vec<Choice> {
    let documents = desk.case.intake.documents.iter();
    let is_proof = |kind| kind == DocumentKind::ProofOfDelivery;
    let mut choices: Vec<(bool, Choice)> = documents
        .map(|document| {
            let words = desk.titles.get(&document.document_id).cloned().unwrap_or_default();
            let words = format!("{}: {words}", words::document(document.kind));
            (is_proof(document.kind), Choice::new(document.document_id.as_str(), words))
        })
        .collect();
    choices.sort_by_key(|(is_proof, _)| !is_proof);
    choices.into_iter().map(|(_, choice)| choice).collect()
}

/// The providers by trade, so that nobody is offered what they do not supply.
pub(super) fn providers(desk: &Desk) -> Vec<Choice> {
    let turned_down = |id: &doorstep_vocab::ProviderId| {
        desk.case.placement.offers.values().any(|offer| {
            offer.provider_id == *id
                && matches!(offer.state, OfferState::Declined(_) | OfferState::Returned(_))
        })
    };
    let choice = |provider: &doorstep_store::providers::Provider| {
        let mut words = provider.name.clone();
        if !provider.accepting {
            words.push_str(", takes nobody new");
        }
        if turned_down(&provider.provider_id) {
            words.push_str(", turned this case down");
        }
        let trades =
            desk.services.iter().filter(|(service, ..)| provider.services.contains(service));
        let trades: Vec<&str> = trades.map(|(_, words, _)| words.as_str()).collect();
        Choice::new(provider.provider_id.as_str(), words).under(trades.join(", "))
    };
    let mut choices: Vec<Choice> = desk.providers.iter().map(choice).collect();
    choices.sort_by(|one, other| one.group.cmp(&other.group));
    choices
}

pub(super) fn staff(desk: &Desk) -> Vec<Choice> {
    let choice = |user: &doorstep_store::users::User| {
        let words = format!("{}, {}", user.name, user.role.name());
        Choice::new(user.user_id.as_str(), words).chosen(user.user_id.as_str() == desk.user_id)
    };
    desk.staff.iter().map(choice).collect()
}

pub(super) fn families(desk: &Desk) -> Vec<Choice> {
    let all = desk.services.iter();
    all.flat_map(|(service, heading, families)| {
        let value = move |name: &str| format!("{}/{name}", service.name());
        families.iter().map(move |(name, words)| Choice::new(value(name), words).under(heading))
    })
    .collect()
}
