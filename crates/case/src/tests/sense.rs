//! The next command of a good agent, so that random histories come to deliveries and ends.

use super::chance::Chance;
use super::world::{World, amend, approval, proof, zone};
use crate::auth::{Approval, Auth, AuthCommand, Determination, ExtensionReason};
use crate::closing::{ClosingCommand, CompleteReason, ReopenReason};
use crate::completeness::missing;
use crate::delivery::{Counted, DeliveryCommand, Fulfilment, MissReason, PickUpReason, StayReason};
use crate::disputes::DisputesCommand;
use crate::intake::IntakeCommand;
use crate::placement::{AgreementEnd, DeclineReason, LinePlacement, PlacementCommand};
use crate::{Command, Fact, Family, Item, Line, Milli, ServiceLine};
use doorstep_vocab::{LineNo, Micros};

impl Chance {
    /// What a good agent would do next about one of the lines, so that histories come to an end.
    pub(super) fn sensible(&mut self, world: &World) -> Command {
        let lines: Vec<&Line> = world.case.open_lines().collect();
        if lines.is_empty() {
            return self.afterwards(world);
        }
        let line = self.pick(&lines);
        let no = line.no;
        if !line.is_permitted() || line.running_low || self.one_in(12) {
            return self.authorize(line).into();
        }
        let facts = world.facts();
        let missing = missing(&world.case, facts.terms, facts.now, &facts.hub_zone);
        if let Some(lack) = missing.iter().find(|m| m.concerns(no)) {
            return supply(world, (lack.item, no));
        }
        match (&line.placement, line.fulfilment) {
            (LinePlacement::Unplaced, _) => PlacementCommand::Offer {
                offer_id: self.id("o", 99),
                provider_id: self.id("provider", 9),
                lines: vec![no],
            }
            .into(),
            (LinePlacement::Offered, _) => self.acceptance(world).into(),
            (_, Fulfilment::Scheduled | Fulfilment::EnRoute) => self.visit(world, no).into(),
            (LinePlacement::Accepted { offer_id, .. }, _) if self.one_in(8) => {
                let reason = DeclineReason::EquipmentOutOfStock;
                PlacementCommand::Return { offer_id: offer_id.clone(), reason }.into()
            }
            (LinePlacement::SingleCaseAgreement { .. }, _) if self.one_in(8) => {
                let (lines, reason) = (vec![no], self.pick(AgreementEnd::ALL));
                PlacementCommand::EndSingleCase { lines, reason }.into()
            }
            (_, Fulfilment::Partial) if self.one_in(4) => {
                let reason = self.pick(CompleteReason::ALL);
                ClosingCommand::CompleteLine { line: no, reason }.into()
            }
            _ => {
                let (visit_id, from) = (self.id("v", 99), world.now);
                let (lines, to) = (vec![no], from.plus(Micros::hours(2)));
                DeliveryCommand::Schedule { visit_id, lines, from, to }.into()
            }
        }
    }

    fn authorize(&mut self, line: &Line) -> AuthCommand {
        let no = line.no;
        let proof = "call 4711".to_owned();
        if line.auth.permits() && self.one_in(2) {
            let (lines, trace) = (vec![no], self.text("T", 99));
            return AuthCommand::Renew { lines, trace, expedited: false, received_at: None };
        }
        if line.auth.permits() {
            return AuthCommand::Expire { line: no };
        }
        if line.auth.is_waiting() {
            if matches!(line.auth, Auth::InfoRequested { .. }) {
                return AuthCommand::SendInfo { line: no };
            }
            return match self.below(9) {
                4 => {
                    let wanted = vec!["11503-0".to_owned()];
                    AuthCommand::AskInfo { line: no, wanted, supply_by: None }
                }
                5 => AuthCommand::Expedite { line: no },
                6 => AuthCommand::RefuseExpedite { line: no },
                7 => AuthCommand::Extend { line: no, reason: self.pick(ExtensionReason::ALL) },
                0 => AuthCommand::Reject { line: no, reasons: vec!["72".to_owned()] },
                1 => AuthCommand::Pend { line: no, reference: None },
                _ => AuthCommand::Approve {
                    line: no,
                    approval: Approval {
                        unit: line.request.unit,
                        ..approval(self.pick(&[None, Some(1), Some(2)]))
                    },
                    modified: false,
                    noticed_on: None,
                },
            };
        }
        if self.one_in(2) {
            return AuthCommand::Determine {
                line: no,
                answer: Determination::NotRequired { proof },
            };
        }
        let (lines, trace) = (vec![no], self.text("T", 99));
        AuthCommand::Request { lines, trace, expedited: self.one_in(2), received_at: None }
    }

    fn visit(&mut self, world: &World, line: LineNo) -> DeliveryCommand {
        let mut ahead = world.case.delivery.visits.iter().filter(|(_, visit)| visit.is_ahead());
        let found = ahead.find(|(_, visit)| visit.lines.contains(&line));
        let visit_id = found.map(|(id, _)| id.clone()).unwrap_or_default();
        match self.below(6) {
            0 => DeliveryCommand::Confirm { visit_id },
            1 => DeliveryCommand::Depart { visit_id },
            2 => DeliveryCommand::Miss { visit_id, reason: self.pick(MissReason::ALL) },
            _ => {
                let owed = world.case.lines.get(&line).map_or(0, Line::owed);
                let quantity = if self.one_in(2) { owed } else { 1 };
                let goods = vec![Counted { line, quantity }];
                DeliveryCommand::Deliver { visit_id, goods, proof: proof("2026-07-01") }
            }
        }
    }

    fn afterwards(&mut self, world: &World) -> Command {
        let held = world.case.lines.values().find(|line| line.ledger.held() > 0);
        let due = world.case.lines.values().find(|line| line.is_pick_up_due());
        if let Some(line) = due.filter(|_| self.one_in(2)) {
            let reason = self.pick(StayReason::ALL);
            return DeliveryCommand::Leave { line: line.no, reason }.into();
        }
        let raised = world.case.disputes.open_escalations().next();
        match (held, raised) {
            (Some(line), _) if self.one_in(3) => {
                let goods = vec![Counted { line: line.no, quantity: 1 }];
                DeliveryCommand::PickUp {
                    goods,
                    serials: Vec::new(),
                    reason: self.pick(PickUpReason::ALL),
                }
                .into()
            }
            (_, Some((id, _))) => DisputesCommand::Resolve { escalation_id: id.clone() }.into(),
            _ if self.one_in(3) => ClosingCommand::Reopen(self.pick(ReopenReason::ALL)).into(),
            _ => ClosingCommand::Close.into(),
        }
    }
}

fn supply(world: &World, (lacking, line): (Item, LineNo)) -> Command {
    let today = Fact::On(world.now.date(&zone("America/Los_Angeles")));
    let fact = match lacking.name() {
        "order.service" => {
            let family = Family("hospital-bed".to_owned());
            return IntakeCommand::Classify { line, service: ServiceLine::Dme, family }.into();
        }
        "oxygen.spo2" => Fact::Number(Milli::whole(86)),
        "oxygen.lpm" => Fact::Number(Milli::whole(2)),
        "oxygen.test-on" | "order.signed-on" => today,
        _ => Fact::Held,
    };
    amend(&[(lacking.name(), fact)]).into()
}
