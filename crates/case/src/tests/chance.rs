//! Random commands over a case: some that a sensible agent would give next, some that nobody would.

use super::grievances::n_complaints;
use super::world::{World, approval, item, no, on, oxygen_order, person, proof};
use crate::auth::{Approval, AuthCommand, AuthWithdrawReason, Determination, ExtensionReason};
use crate::benefits::{Answer, BenefitsCommand, CoverageStatus};
use crate::clock::ClockCommand;
use crate::closing::{CancelReason, ClosingCommand, CompleteReason, ReopenReason};
use crate::delivery::{
    BeyondAuth, Counted, DeliveryCommand, MissReason, PickUpReason, RefusalReason, StayReason,
    VisitCancelReason,
};
use crate::disputes::{DisputeKind, DisputeOutcome, DisputesCommand, EscalationReason};
use crate::handout::{Cause, Reason};
use crate::intake::{
    Amendment, CancelAnswer, DeathSource, IntakeCommand, Label, NeedByReason, Priority, Receipt,
    ReviewReason,
};
use crate::orders::{AskWithdrawReason, OrdersCommand};
use crate::placement::{AgreementEnd, DeclineReason, PlacementCommand, WithdrawReason};
use crate::{
    Channel, Command, Discharge, Document, DocumentKind, Fact, Family, Item, LineRequest, Milli,
    Owner, Referral, ServiceLine, Unit, Urgency,
};
use doorstep_vocab::{ClockId, LineNo, Micros, Procedure, Timestamp};

/// A splitmix generator: small, even, and the same everywhere. Source: Steele, Lea and Flood, OOPSLA 2014.
#[derive(Clone)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `n - 1`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// One time in `n`.
    pub(crate) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    pub(super) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        let at = usize::try_from(self.below(of.len() as u64)).unwrap();
        of[at].clone()
    }

    pub(super) fn text(&mut self, letter: &str, n: u64) -> String {
        format!("{letter}-{}", self.below(n) + 1)
    }

    pub(super) fn id<T: for<'a> std::convert::From<&'a str>>(&mut self, letter: &str, n: u64) -> T {
        self.text(letter, n).as_str().into()
    }

    fn line(&mut self) -> LineNo {
        no(u16::try_from(self.below(4)).unwrap() + u16::from(!self.one_in(20)))
    }

    pub(super) fn lines(&mut self) -> Vec<LineNo> {
        let n = self.below(4);
        (0..n).map(|_| self.line()).collect()
    }

    /// Mostly within days of now, sometimes nowhere near.
    pub(super) fn instant(&mut self, now: Timestamp) -> Timestamp {
        if self.one_in(60) {
            return Timestamp(self.pick(&[i64::MIN, -1, 0, i64::MAX]));
        }
        let minutes = i64::try_from(self.below(8 * 24 * 60)).unwrap() - 24 * 60;
        now.plus(Micros::minutes(minutes))
    }

    /// How long nothing happens before the next command.
    pub(crate) fn wait(&mut self) -> Micros {
        let most = self.pick(&[0, 1, 30, 120, 600, 3000]);
        Micros::minutes(i64::try_from(self.below(most + 1)).unwrap())
    }

    fn item(&mut self) -> Item {
        let names = [
            "oxygen.spo2",
            "oxygen.lpm",
            "oxygen.test-on",
            "order.signed-on",
            "order.diagnosis",
            "member.name",
            "member.language",
            "member.weight",
        ];
        item(self.pick(&names))
    }

    fn fact(&mut self, of: Item) -> Fact {
        if self.one_in(10) {
            return Fact::Flag(true);
        }
        match of.name() {
            "oxygen.spo2" => Fact::Number(Milli::whole(self.pick(&[86, 88, 89, 92, 120]))),
            "oxygen.lpm" | "member.weight" => Fact::Number(Milli::whole(self.pick(&[2, 3, 99]))),
            "oxygen.test-on" | "order.signed-on" => {
                Fact::On(on(self.pick(&["2026-06-01", "2026-06-30", "2026-07-02"])))
            }
            _ => Fact::Held,
        }
    }

    fn request(&mut self) -> LineRequest {
        let code = self.pick(&["E1390", "E0260", "L1832", "G0299", "A4253"]);
        let quantity = self.pick(&[None, Some(0), Some(1), Some(2), Some(5), Some(u32::MAX)]);
        LineRequest {
            code: (!self.one_in(8)).then(|| Procedure::parse(code).unwrap()),
            quantity,
            unit: self.pick(&[Unit::Each, Unit::Each, Unit::Visit]),
            described: !self.one_in(12),
            hint: self.pick(&[None, Some(ServiceLine::Dme)]),
            ..LineRequest::default()
        }
    }

    pub(crate) fn referral(&mut self, now: Timestamp) -> Referral {
        let mut order = oxygen_order();
        order.lines = (0..=self.below(3)).map(|_| self.request()).collect();
        order.received_at = if self.one_in(3) { self.instant(now) } else { now };
        order.person = person(self.pick(&["06103", "46534", "85001", "00000"]));
        order.urgency = self.pick(&[Urgency::Routine, Urgency::Urgent, Urgency::Discharge]);
        if self.one_in(3) {
            order.discharge = Some(Discharge { at: self.instant(now), bedside: self.one_in(2) });
        }
        order.need_by = self.one_in(4).then(|| self.instant(now));
        if self.one_in(3) {
            order.person.family = None;
        }
        for _ in 0..self.below(3) {
            let gone = self.item();
            order.facts.remove(&gone);
        }
        order
    }

    /// A command of any stage, with ids from so small a pool that they meet.
    pub(crate) fn command(&mut self, world: &World) -> Command {
        match self.below(26) {
            15.. => self.sensible(world),
            0 | 1 => self.intake(world).into(),
            2 | 3 => self.order(world).into(),
            4 => self.coverage().into(),
            5 | 6 => self.auth().into(),
            7 | 8 => self.placement(world).into(),
            9 | 10 => self.delivery(world).into(),
            13 if self.one_in(3) => self.message().into(),
            13 => self.call(world).into(),
            11 | 14 => self.dispute(world).into(),
            _ if self.one_in(3) => self.closing().into(),
            _ => self.ring(world).into(),
        }
    }

    fn ring(&mut self, world: &World) -> ClockCommand {
        let due = world.case.clocks.0.values().filter(|clock| clock.next_at().is_some());
        let ids: Vec<ClockId> = due.map(|clock| clock.started.clock_id.clone()).collect();
        let id = if ids.is_empty() { "no-such:clock".into() } else { self.pick(&ids) };
        ClockCommand::Ring(id)
    }

    fn intake(&mut self, world: &World) -> IntakeCommand {
        let now = world.now;
        match self.below(14) {
            0 => IntakeCommand::Acknowledge,
            1 if self.one_in(3) => {
                let to = Some(self.id("nurse", 2)).filter(|_| self.one_in(2));
                let cause = self.pick(Cause::ALL);
                IntakeCommand::HandOut { to, reason: Reason { cause, points: Vec::new() } }
            }
            1 => IntakeCommand::Assign(self.id("nurse", 2)),
            2 => IntakeCommand::Triage(self.pick(&Priority::ALL)),
            3 => IntakeCommand::MoveDischarge(Discharge {
                at: self.instant(now),
                bedside: self.one_in(2),
            }),
            4 => {
                let reason = self.pick(&NeedByReason::GIVEN);
                IntakeCommand::MoveNeedBy { at: self.instant(now), reason }
            }
            5 if self.one_in(3) => IntakeCommand::Label(self.pick(&Label::ALL[..2])),
            5 if self.one_in(3) => IntakeCommand::TakeLabelOff(self.pick(&Label::ALL[..2])),
            5 => IntakeCommand::Note(self.id("note", 3)),
            6 => {
                let kind = self.pick(&DocumentKind::ALL);
                IntakeCommand::Attach(Document { document_id: self.id("doc", 3), kind })
            }
            7 => IntakeCommand::Link(Receipt {
                receipt_id: self.pick(&[None, Some("receipt-2".into())]),
                channel: Channel::Fax,
                received_at: self.instant(now),
                order_ref: None,
            }),
            8 => IntakeCommand::AddLine(self.request()),
            9 => IntakeCommand::Classify {
                line: self.line(),
                service: self.pick(&ServiceLine::ALL),
                family: Family(
                    self.pick(&["oxygen", "hospital-bed", "skilled-nursing"]).to_owned(),
                ),
            },
            10 if self.one_in(2) => super::world::refer(self.referral(now)),
            10 if self.one_in(2) => IntakeCommand::AnswerCancel(self.pick(CancelAnswer::ALL)),
            10 => IntakeCommand::RequestCancel(Receipt {
                receipt_id: self.pick(&[None, Some("cancel-1".into())]),
                channel: Channel::Hl7,
                received_at: self.instant(now),
                order_ref: None,
            }),
            11 if self.one_in(2) => IntakeCommand::Review(self.id("receipt", 3)),
            11 => IntakeCommand::AskReview {
                receipt_id: self.id("receipt", 3),
                reason: self.pick(ReviewReason::ALL),
            },
            12 => IntakeCommand::StateQuantity {
                line: self.line(),
                quantity: self.pick(&[0, 1, 3, u32::MAX]),
                unit: self.pick(&[None, Some(Unit::Visit)]),
            },
            _ if self.one_in(6) => IntakeCommand::RecordDeath {
                on: on(self.pick(&["2026-06-30", "2026-07-02", "2026-07-05"])),
                source: self.pick(DeathSource::ALL),
            },
            _ if self.one_in(4) => IntakeCommand::RetractDeath,
            _ => IntakeCommand::Amend(self.amendment()),
        }
    }

    fn amendment(&mut self) -> Amendment {
        let n_facts = self.below(3);
        let items: Vec<Item> = (0..n_facts).map(|_| self.item()).collect();
        let facts = items.into_iter().map(|of| (of, (self.fact(of), None))).collect();
        let n_withdrawn = self.below(2);
        let withdrawn = (0..n_withdrawn).map(|_| self.item()).collect();
        let urgency = self.pick(&[None, None, Some(Urgency::Routine), Some(Urgency::Discharge)]);
        Amendment { facts, withdrawn, urgency, ..Amendment::default() }
    }

    fn order(&mut self, _: &World) -> OrdersCommand {
        match self.below(6) {
            0 | 1 => {
                let n_items = self.below(3);
                let items = (0..n_items).map(|_| self.item()).collect();
                OrdersCommand::Ask { ask_id: self.id("a", 5), of: self.pick(&Owner::ALL), items }
            }
            2 => OrdersCommand::Chase(self.id("a", 5)),
            3 => OrdersCommand::WithdrawAsk {
                ask_id: self.id("a", 5),
                reason: self.pick(AskWithdrawReason::ALL),
            },
            4 => OrdersCommand::Sign { signed_on: on(self.pick(&["2026-06-30", "2026-07-02"])) },
            _ => OrdersCommand::TakeVerbal { on: on(self.pick(&["2026-06-30", "2026-07-02"])) },
        }
    }

    fn coverage(&mut self) -> BenefitsCommand {
        if self.one_in(2) {
            return BenefitsCommand::Ask;
        }
        let status = self.pick(&CoverageStatus::ANSWERS);
        BenefitsCommand::Answer(Answer { status, reference: None, from: None, to: None })
    }

    fn auth(&mut self) -> AuthCommand {
        let line = self.line();
        match self.below(20) {
            18 | 19 => AuthCommand::Renew {
                lines: self.lines(),
                trace: self.text("T", 3),
                expedited: self.one_in(3),
                received_at: None,
            },
            0 | 1 => AuthCommand::Determine { line, answer: Determination::FromTerms },
            14 => AuthCommand::Expedite { line },
            15 => AuthCommand::RefuseExpedite { line },
            16 => AuthCommand::Extend { line, reason: self.pick(ExtensionReason::ALL) },
            17 => AuthCommand::SendInfo { line },
            2 | 3 => {
                let proof = self.pick(&["", "call 4711"]).to_owned();
                AuthCommand::Determine { line, answer: Determination::NotRequired { proof } }
            }
            4..=6 => AuthCommand::Request {
                lines: self.lines(),
                trace: self.text("T", 3),
                expedited: self.one_in(3),
                received_at: None,
            },
            7 => AuthCommand::Pend { line, reference: Some(self.text("P", 2)) },
            8 => AuthCommand::AskInfo { line, wanted: vec!["11503-0".to_owned()], supply_by: None },
            9 => AuthCommand::Reject { line, reasons: vec![self.text("R", 2)] },
            10 => AuthCommand::Deny { line, reasons: vec![self.text("R", 2)], noticed_on: None },
            11 => AuthCommand::Withdraw { line, reason: self.pick(AuthWithdrawReason::ALL) },
            12 if self.one_in(2) => {
                AuthCommand::WithdrawRenewal { line, reason: self.pick(AuthWithdrawReason::ALL) }
            }
            12 => AuthCommand::Expire { line },
            _ => {
                let quantity = self.pick(&[None, Some(0), Some(1), Some(9)]);
                let unit = self.pick(&[Unit::Each, Unit::Each, Unit::Visit]);
                let approval = Approval { unit, ..approval(quantity) };
                AuthCommand::Approve { line, approval, modified: false, noticed_on: None }
            }
        }
    }

    fn placement(&mut self, world: &World) -> PlacementCommand {
        let reason = self.pick(DeclineReason::ALL);
        match self.below(10) {
            9 => PlacementCommand::EndSingleCase {
                lines: self.lines(),
                reason: self.pick(AgreementEnd::ALL),
            },
            0..=2 => PlacementCommand::Offer {
                offer_id: self.id("o", 9),
                provider_id: self.id("provider", 5),
                lines: self.lines(),
            },
            3 | 4 => self.acceptance(world),
            5 => PlacementCommand::Decline { offer_id: self.id("o", 9), reason },
            6 => PlacementCommand::Withdraw {
                offer_id: self.id("o", 9),
                reason: self.pick(WithdrawReason::ALL),
            },
            7 => PlacementCommand::Return { offer_id: self.id("o", 9), reason },
            8 if self.one_in(2) => PlacementCommand::NameContact {
                lines: self.lines(),
                contact_id: self.id("contact", 3),
            },
            _ => PlacementCommand::AgreeSingleCase {
                provider_id: self.id("provider", 5),
                lines: self.lines(),
                reference: self.pick(&["", "SCA-1"]).to_owned(),
                contact_id: self.id("contact", 3),
            },
        }
    }

    pub(super) fn acceptance(&mut self, world: &World) -> PlacementCommand {
        let open = world.case.placement.offers.iter().filter(|(_, offer)| offer.is_open());
        let open: Vec<_> = open.map(|(id, offer)| (id.clone(), offer.lines.clone())).collect();
        let (commit_by, contact_id) = (self.instant(world.now), self.id("contact", 3));
        if open.is_empty() || self.one_in(4) {
            let (offer_id, lines) = (self.id("o", 9), self.lines());
            return PlacementCommand::Accept { offer_id, lines, commit_by, contact_id };
        }
        let (offer_id, mut lines) = self.pick(&open);
        if self.one_in(2) {
            lines.truncate(1);
        }
        PlacementCommand::Accept { offer_id, lines, commit_by, contact_id }
    }

    fn delivery(&mut self, world: &World) -> DeliveryCommand {
        let ahead = world.case.delivery.visits.iter().filter(|(_, visit)| visit.is_ahead());
        let ahead: Vec<_> = ahead.map(|(id, _)| id.clone()).collect();
        let visit_id =
            if ahead.is_empty() || self.one_in(2) { self.id("v", 6) } else { self.pick(&ahead) };
        let from = self.instant(world.now);
        let to = from.plus(Micros::hours(2));
        let reason = self.pick(MissReason::ALL);
        match self.below(15) {
            0..=2 => {
                let lines = self.placed(world);
                DeliveryCommand::Schedule { visit_id, lines, from, to }
            }
            3 => DeliveryCommand::Reschedule { visit_id, from, to, reason },
            4 => DeliveryCommand::Confirm { visit_id },
            5 => DeliveryCommand::Depart { visit_id },
            6 => {
                let lines = self.placed(world);
                DeliveryCommand::Ship { goods: self.goods(&lines), tracking: self.text("1Z", 4) }
            }
            7..=9 => {
                let visit = world.case.delivery.visits.get(&visit_id);
                let lines = visit.map(|visit| visit.lines.clone()).unwrap_or_default();
                let goods = self.goods(&lines);
                DeliveryCommand::Deliver { visit_id, goods, proof: proof("2026-07-01") }
            }
            10 => DeliveryCommand::Miss { visit_id, reason },
            11 if self.one_in(3) => {
                DeliveryCommand::Refuse { line: self.line(), reason: self.pick(RefusalReason::ALL) }
            }
            12 => {
                let lines = self.lines();
                DeliveryCommand::PickUp {
                    goods: self.goods(&lines),
                    serials: Vec::new(),
                    reason: self.pick(PickUpReason::ALL),
                }
            }
            13 if self.one_in(2) => DeliveryCommand::RequestPickUp {
                lines: self.lines(),
                reason: self.pick(PickUpReason::ALL),
            },
            13 if self.one_in(2) => {
                DeliveryCommand::Leave { line: self.line(), reason: self.pick(StayReason::ALL) }
            }
            13 => DeliveryCommand::OverrideAuth {
                lines: self.lines(),
                reason: self.pick(BeyondAuth::ALL),
            },
            _ => {
                let reason = self.pick(VisitCancelReason::ALL);
                DeliveryCommand::CancelVisit { visit_id, reason }
            }
        }
    }

    fn placed(&mut self, world: &World) -> Vec<LineNo> {
        if self.one_in(5) {
            return self.lines();
        }
        let lines = world.case.lines.values().filter(|line| line.placement.provider().is_some());
        lines.map(|line| line.no).filter(|_| !self.one_in(3)).collect()
    }

    fn goods(&mut self, lines: &[LineNo]) -> Vec<Counted> {
        let counts = [1, 1, 2, 5, 0, u32::MAX, u32::MAX - 1];
        lines.iter().map(|line| Counted { line: *line, quantity: self.pick(&counts) }).collect()
    }

    fn dispute(&mut self, world: &World) -> DisputesCommand {
        let raised: Vec<_> = world.case.disputes.escalations.keys().cloned().collect();
        let escalation_id =
            if raised.is_empty() || self.one_in(3) { self.id("e", 3) } else { self.pick(&raised) };
        let fought: Vec<_> =
            world.case.disputes.open_disputes().map(|(id, _)| id.clone()).collect();
        let dispute_id =
            if fought.is_empty() || self.one_in(4) { self.id("d", 3) } else { self.pick(&fought) };
        match self.below(12) {
            0 => {
                let (level, reason) =
                    (u8::try_from(self.below(7)).unwrap(), EscalationReason::Other);
                let message_id = self.one_in(2).then(|| self.id("m", 4));
                let call_id = None;
                DisputesCommand::Escalate { escalation_id, level, reason, call_id, message_id }
            }
            1 | 2 => {
                let committed_to = self.instant(world.now);
                DisputesCommand::Commit { escalation_id, owner: self.id("lead", 2), committed_to }
            }
            3 => DisputesCommand::Resolve { escalation_id },
            4 => self.climbed(escalation_id),
            5 => {
                let kind = self.pick(DisputeKind::ALL);
                DisputesCommand::Open { dispute_id, kind, lines: self.lines() }
            }
            6 | 7 if self.one_in(2) => {
                DisputesCommand::Extend { dispute_id, reason: self.pick(ExtensionReason::ALL) }
            }
            6 | 7 => DisputesCommand::File { dispute_id },
            8 | 9 if n_complaints(world) == 0 => self.complaint(world, dispute_id),
            8 => self.complaint(world, dispute_id),
            9 | 10 => self.complained(world, dispute_id),
            _ => DisputesCommand::Decide { dispute_id, outcome: self.pick(DisputeOutcome::ALL) },
        }
    }

    fn closing(&mut self) -> ClosingCommand {
        match self.below(8) {
            5 => ClosingCommand::CompleteLine {
                line: self.line(),
                reason: self.pick(CompleteReason::ALL),
            },
            6 | 7 => ClosingCommand::ReopenLine {
                line: self.line(),
                reason: self.pick(ReopenReason::ALL),
            },
            0 | 1 => ClosingCommand::CancelLine {
                line: self.line(),
                reason: self.pick(CancelReason::ALL),
            },
            2 | 3 => ClosingCommand::Close,
            _ => ClosingCommand::Reopen(self.pick(ReopenReason::ALL)),
        }
    }
}
