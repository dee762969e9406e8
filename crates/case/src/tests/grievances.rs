//! Random escalations and complaints.

use super::chance::Chance;
use super::world::World;
use crate::disputes::{
    AnswerGiven, Complainant, ComplaintCategory, ComplaintDoor, DisputeKind, DisputesCommand,
    Severity, Told,
};
use doorstep_vocab::{DisputeId, EscalationId};

impl Chance {
    pub(super) fn climbed(&mut self, escalation_id: EscalationId) -> DisputesCommand {
        match self.below(3) {
            0 => DisputesCommand::Acknowledge { escalation_id },
            1 => {
                let level = u8::try_from(self.below(7)).unwrap();
                DisputesCommand::Raise { escalation_id, level, message_id: None }
            }
            _ => DisputesCommand::Say { escalation_id, message_id: self.id("m", 4) },
        }
    }

    /// What becomes of a complaint, mostly of one that is there.
    pub(super) fn complained(&mut self, world: &World, other: DisputeId) -> DisputesCommand {
        let known = world.case.disputes.open_disputes();
        let known: Vec<_> = known.filter(|(_, dispute)| dispute.complaint.is_some()).collect();
        let ids: Vec<DisputeId> = known.into_iter().map(|(id, _)| id.clone()).collect();
        let dispute_id = if ids.is_empty() { other } else { self.pick(&ids) };
        match self.below(5) {
            0 | 1 => DisputesCommand::AcknowledgeComplaint { dispute_id },
            2 | 3 => {
                let (in_writing, tells_qio) = (!self.one_in(3), self.one_in(2));
                let answer = AnswerGiven { in_writing, tells_qio, document_id: None };
                DisputesCommand::AnswerComplaint { dispute_id, answer }
            }
            _ => {
                let kind = self.pick(DisputeKind::ALL);
                let told = if self.one_in(2) { Some(self.told(world)) } else { None };
                DisputesCommand::Refile { dispute_id, kind, lines: self.lines(), told }
            }
        }
    }

    pub(super) fn complaint(&mut self, world: &World, dispute_id: DisputeId) -> DisputesCommand {
        let told = self.told(world);
        let appeals = if self.one_in(4) { self.lines() } else { Vec::new() };
        let kind = self.pick(DisputeKind::ALL);
        DisputesCommand::Complain { dispute_id, kind, told, appeals }
    }

    fn told(&mut self, world: &World) -> Told {
        Told {
            category: self.pick(ComplaintCategory::ALL),
            severity: self.pick(Severity::ALL),
            from: self.pick(Complainant::ALL),
            door: self.pick(ComplaintDoor::ALL),
            received_at: self.instant(world.now),
            call_id: None,
            note_id: None,
        }
    }
}

pub(super) fn n_complaints(world: &World) -> usize {
    world.case.disputes.open_disputes().filter(|(_, dispute)| dispute.complaint.is_some()).count()
}
