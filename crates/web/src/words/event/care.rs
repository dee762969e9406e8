//! Authorization, placement and delivery, in words.

use super::{Told, because, referenced};
use crate::when::day;
use crate::words;
use doorstep_case::auth::{Approval, AuthEvent, AuthWithdrawReason};
use doorstep_case::delivery::{
    DeliveryEvent, PickUpReason, Proof, RefusalReason, VisitCancelReason,
};
use doorstep_case::placement::{PlacementEvent, WithdrawReason};
use doorstep_vocab::Date;

impl Told<'_> {
    pub(super) fn auth(&self, event: &AuthEvent) -> String {
        match event {
            AuthEvent::NotRequired { line, proof } => {
                format!("No authorization needed for {}: {proof}", self.on(&[*line]))
            }
            AuthEvent::Required { line, version } => {
                let by =
                    version.as_ref().map(|version| format!(" by {version}")).unwrap_or_default();
                format!("Authorization needed for {}{by}", self.on(&[*line]))
            }
            AuthEvent::Requested { lines, renews: true, .. } => {
                format!("Renewal of the authorization requested for {}", self.on(lines))
            }
            AuthEvent::Expedited { lines, renews: true, .. } => {
                format!("Expedited renewal of the authorization requested for {}", self.on(lines))
            }
            AuthEvent::Requested { lines, .. } => {
                format!("Authorization requested for {}", self.on(lines))
            }
            AuthEvent::Expedited { lines, .. } => {
                format!("Expedited authorization requested for {}", self.on(lines))
            }
            AuthEvent::ExpediteRefused { line } => {
                format!("Payer will not hurry: {} goes on as standard", self.on(&[*line]))
            }
            AuthEvent::Extended { line, reason } => {
                format!("Payer takes longer for {}: {}", self.on(&[*line]), reason.words())
            }
            AuthEvent::InfoSent { line } => {
                format!("Sent what the payer asked for on {}", self.on(&[*line]))
            }
            AuthEvent::Pended { line, reference } => {
                format!("Payer pended {}{}", self.on(&[*line]), referenced(reference.as_deref()))
            }
            AuthEvent::InfoRequested { line, wanted, supply_by } => {
                let by = supply_by.map(|at| format!(", by {}", self.at(at))).unwrap_or_default();
                format!("Payer wants more for {}: {}{by}", self.on(&[*line]), wanted.join(", "))
            }
            AuthEvent::Rejected { line, reasons } => {
                format!(
                    "Payer could not process the request for {}: {}",
                    self.on(&[*line]),
                    reasons.join(", ")
                )
            }
            AuthEvent::Approved { .. }
            | AuthEvent::Modified { .. }
            | AuthEvent::Denied { .. }
            | AuthEvent::Lapsed { .. }
            | AuthEvent::Withdrawn { .. }
            | AuthEvent::RenewalWithdrawn { .. }
            | AuthEvent::RunningLow { .. }
            | AuthEvent::Expired { .. } => self.auth_outcome(event),
        }
    }

    fn auth_outcome(&self, event: &AuthEvent) -> String {
        match event {
            AuthEvent::Approved { line, approval, noticed_on } => {
                let notice = noticed(*noticed_on);
                format!("Approved: {}, {}{notice}", self.on(&[*line]), approved(approval))
            }
            AuthEvent::Modified { line, approval, noticed_on } => {
                let asked = self.case.lines.get(line);
                let differences =
                    asked.map(|line| words::differences(line, approval)).unwrap_or_default();
                format!(
                    "Approved differently than asked: {}, {}{differences}{}",
                    self.on(&[*line]),
                    approved(approval),
                    noticed(*noticed_on)
                )
            }
            AuthEvent::Denied { line, reasons, noticed_on } => {
                let notice = noticed(*noticed_on);
                format!("Denied: {}: {}{notice}", self.on(&[*line]), reasons.join(", "))
            }
            AuthEvent::Withdrawn { line, reason } => {
                let why = because(reason.map(AuthWithdrawReason::words));
                format!("Authorization request withdrawn for {}{why}", self.on(&[*line]))
            }
            AuthEvent::RenewalWithdrawn { line, reason } => {
                format!("Renewal withdrawn for {}: {}", self.on(&[*line]), reason.words())
            }
            AuthEvent::RunningLow { line, left } => {
                format!("Little of the authorization is left, {left}: {}", self.on(&[*line]))
            }
            AuthEvent::Expired { line } => {
                format!("Authorization ended unused for {}", self.on(&[*line]))
            }
            AuthEvent::Lapsed { line } => {
                format!("The payer's time ran out, which counts as a denial: {}", self.on(&[*line]))
            }
            AuthEvent::NotRequired { .. }
            | AuthEvent::Required { .. }
            | AuthEvent::Requested { .. }
            | AuthEvent::Expedited { .. }
            | AuthEvent::ExpediteRefused { .. }
            | AuthEvent::Extended { .. }
            | AuthEvent::InfoSent { .. }
            | AuthEvent::Pended { .. }
            | AuthEvent::InfoRequested { .. }
            | AuthEvent::Rejected { .. } => String::new(),
        }
    }

    pub(super) fn placement(&self, event: &PlacementEvent) -> String {
        match event {
            PlacementEvent::Offered { provider_id, lines, respond_by, .. } => {
                format!(
                    "Offered {} to {}, answer by {}",
                    self.on(lines),
                    self.provider(provider_id),
                    self.at(*respond_by)
                )
            }
            PlacementEvent::Accepted { offer_id, lines, commit_by, .. } => {
                format!(
                    "{} accepted {}, there by {}",
                    self.of_offer(offer_id),
                    self.on(lines),
                    self.at(*commit_by)
                )
            }
            PlacementEvent::Declined { offer_id, reason } => {
                format!("{} declined: {}", self.of_offer(offer_id), reason.words())
            }
            PlacementEvent::Withdrawn { offer_id, reason } => {
                let why = because(reason.map(WithdrawReason::words));
                format!("Offer to {} withdrawn{why}", self.of_offer(offer_id))
            }
            PlacementEvent::Expired { offer_id } => {
                format!("{} did not answer in time", self.of_offer(offer_id))
            }
            PlacementEvent::Returned { offer_id, lines, reason } => {
                format!(
                    "{} gave back {}: {}",
                    self.of_offer(offer_id),
                    self.on(lines),
                    reason.words()
                )
            }
            PlacementEvent::SingleCaseAgreed { provider_id, lines, reference, .. } => {
                format!(
                    "Single-case agreement {reference} with {} for {}",
                    self.provider(provider_id),
                    self.on(lines)
                )
            }
            PlacementEvent::SingleCaseEnded { provider_id, lines, reason } => {
                format!(
                    "Single-case agreement with {} ended for {}: {}",
                    self.provider(provider_id),
                    self.on(lines),
                    reason.words()
                )
            }
            PlacementEvent::ContactNamed { lines, .. } => {
                format!("Another contact at the provider for {}", self.on(lines))
            }
        }
    }

    pub(super) fn delivery(&self, event: &DeliveryEvent) -> String {
        match event {
            DeliveryEvent::Scheduled { provider_id, lines, from, to, .. } => {
                format!(
                    "Scheduled {} with {}: {}",
                    self.on(lines),
                    self.provider(provider_id),
                    self.window(*from, *to)
                )
            }
            DeliveryEvent::Rescheduled { from, to, reason, .. } => {
                format!("Moved to {}: {}", self.window(*from, *to), reason.words())
            }
            DeliveryEvent::Confirmed { visit_id } => {
                format!("Start confirmed in writing: {}", self.visit(visit_id))
            }
            DeliveryEvent::Departed { visit_id } => format!("On the way: {}", self.visit(visit_id)),
            DeliveryEvent::Shipped { goods, tracking } => {
                format!("Shipped {}, tracking {tracking}", self.goods(goods))
            }
            DeliveryEvent::Delivered { goods, proof, .. } => {
                format!("Delivered {}, {}", self.goods(goods), proved(proof))
            }
            DeliveryEvent::PartlyDelivered { goods, proof, .. } => {
                format!("Delivered in part: {}, {}", self.goods(goods), proved(proof))
            }
            DeliveryEvent::Missed { visit_id, reason } => {
                format!("Missed {}: {}", self.visit(visit_id), reason.words())
            }
            DeliveryEvent::Refused { line, reason } => {
                let why = because(reason.map(RefusalReason::words));
                format!("The member refused {}{why}", self.on(&[*line]))
            }
            DeliveryEvent::PickedUp { goods, reason, .. } => {
                let why = because(reason.map(PickUpReason::words));
                format!("Picked up {}{why}", self.goods(goods))
            }
            DeliveryEvent::VisitCancelled { visit_id, reason } => {
                let why = because(reason.map(VisitCancelReason::words));
                format!("Cancelled the visit: {}{why}", self.visit(visit_id))
            }
            DeliveryEvent::LeftOver { goods, .. } => {
                format!("Did not come and is still owed: {}", self.goods(goods))
            }
            DeliveryEvent::PickUpDue { lines, reason } => {
                format!("To be picked up: {}: {}", self.on(lines), reason.words())
            }
            DeliveryEvent::Stayed { line, reason } => {
                format!("Stays where it is: {}: {}", self.on(&[*line]), reason.words())
            }
            DeliveryEvent::AuthOverridden { lines, reason } => {
                format!("May go beyond the authorization: {}: {}", self.on(lines), reason.words())
            }
        }
    }
}

fn approved(approval: &Approval) -> String {
    let quantity = approval
        .quantity
        .map(|n| format!(", {}", words::quantity(n, approval.unit)))
        .unwrap_or_default();
    let dates = match (approval.from, approval.to) {
        (Some(from), Some(to)) => format!(", {} to {}", day(from), day(to)),
        (Some(from), None) => format!(", from {}", day(from)),
        (None, Some(to)) => format!(", until {}", day(to)),
        (None, None) => String::new(),
    };
    format!("number {}{quantity}{dates}", approval.number)
}

fn noticed(on: Option<Date>) -> String {
    on.map(|on| format!(", notice of {}", day(on))).unwrap_or_default()
}

fn proved(proof: &Proof) -> String {
    let mut words = proof.method.words().to_owned();
    if let Some(signer) = proof.signer {
        words = format!("signed by {}", signer.words());
    }
    if let Some(on) = proof.signed_on {
        words = format!("{words} on {}", day(on));
    }
    if let Some(tracking) = &proof.tracking {
        words = format!("{words}, tracking {tracking}");
    }
    if !proof.serials.is_empty() {
        words = format!("{words}, serial {}", proof.serials.join(", "));
    }
    words
}
