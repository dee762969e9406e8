//! Messages to providers. Before acceptance they hold the offer card and no more: facts 5.3, minimum necessary.

use super::Task;
use crate::Message;
use doorstep_app::Result;
use doorstep_case::placement::Offer;
use doorstep_vocab::OfferId;
use serde::Deserialize;

#[derive(Deserialize)]
struct Body {
    offer_id: OfferId,
}

/// Offers lines: service, area, urgency, payer, and by when an answer is wanted.
pub(super) fn offer(task: &Task) -> Result<()> {
    let Body { offer_id } = task.body()?;
    let Some(offer) =
        task.file.case.placement.offers.get(&offer_id).filter(|offer| offer.is_open())
    else {
        return Ok(());
    };
    let case = &task.file.case;
    let mut lines = vec![
        format!("Offer {offer_id}, to be answered by {}.", task.local(offer.respond_by)),
        format!(
            "Area: ZIP {}. Payer: {}. Urgency: {}.",
            area(task),
            case.intake.payer_id,
            case.intake.urgency.name()
        ),
    ];
    for line in offer.lines.iter().filter_map(|no| case.lines.get(no)) {
        let code = line.request.code.as_ref().map_or("", |code| code.as_str());
        let quantity = line.ledger.outstanding();
        lines.push(format!(
            "- {}/{} {code}, {quantity} {}",
            line.service,
            line.family,
            line.request.unit.name()
        ));
    }
    if let Some(need_by) = case.intake.need_by() {
        lines.push(format!("Needed by {}.", task.local(need_by.at)));
    }
    task.send(&to_provider(offer, "Offer", lines))
}

/// Tells a provider that an offer no longer stands.
pub(super) fn recall(task: &Task) -> Result<()> {
    let Body { offer_id } = task.body()?;
    let Some(offer) = task.file.case.placement.offers.get(&offer_id) else { return Ok(()) };
    let lines = vec![format!("Offer {offer_id} no longer stands. Nothing is to be done.")];
    task.send(&to_provider(offer, "Offer recalled", lines))
}

/// The first three digits of the ZIP: enough to tell the area, too few to tell the house.
fn area(task: &Task) -> String {
    let zip = task.file.party.person.address.as_ref().and_then(|address| address.zip.as_ref());
    zip.map(|zip| format!("{}xx", zip.reveal().chars().take(3).collect::<String>()))
        .unwrap_or_default()
}

fn to_provider(offer: &Offer, subject: &str, lines: Vec<String>) -> Message {
    Message {
        to: "provider",
        address: offer.provider_id.to_string(),
        subject: subject.to_owned(),
        lines,
    }
}
