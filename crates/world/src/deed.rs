//! Something that somebody is about to do about a case.

use doorstep_vocab::{AskId, DisputeId, EscalationId, LineNo, OfferId, Timestamp, VisitId};
use std::collections::BTreeSet;

/// Something that somebody is about to do about a case. Each is planned once: what makes it new is in its fields.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deed {
    /// The nurse triages.
    Triage,
    /// An agent takes the case.
    Assign,
    /// The case is given to the visitor.
    HandOver,
    /// The staff do the next step, the nth of the case.
    Step(u32),
    /// An agent reads what came in since then.
    Read(Timestamp),
    /// The payer answers about coverage, asked at that time.
    AnswerBenefits(Timestamp),
    /// The payer answers a request for a line, under its trace number, in the nth round.
    AnswerAuth(LineNo, String, u8),
    /// The payer decides a dispute.
    Decide(DisputeId),
    /// A provider answers an offer.
    AnswerOffer(OfferId),
    /// A provider gives back what it took.
    Return(OfferId),
    /// A provider sets out to a visit, whose window begins then.
    Depart(VisitId, Timestamp),
    /// A visit ends, well or not.
    EndVisit(VisitId, Timestamp),
    /// Somebody answers a question about the order.
    AnswerAsk(AskId),
    /// The supervisor takes an escalation and promises a time.
    Commit(EscalationId),
    /// The supervisor resolves an escalation.
    Resolve(EscalationId),
    /// Somebody calls about the case, the nth time.
    Call(u32),
    /// The supervisor looks after a complaint.
    Hear(DisputeId),
}

impl Deed {
    /// Returns the name under which chance decides about it: what it is about, and how many of the same were planned
    /// before. No instant is in it: how fast the clock runs, and how often the world looks, must not change what is drawn.
    pub(crate) fn label(&self, planned: &BTreeSet<Self>) -> String {
        let nth = planned.range(..self).filter(|other| other.is_another_time_of(self)).count();
        match self {
            Self::AnswerBenefits(_) => format!("AnswerBenefits {nth}"),
            Self::Read(_) => format!("Read {nth}"),
            Self::Depart(visit_id, _) => format!("Depart {visit_id} {nth}"),
            Self::EndVisit(visit_id, _) => format!("EndVisit {visit_id} {nth}"),
            Self::Triage
            | Self::Assign
            | Self::HandOver
            | Self::Step(_)
            | Self::AnswerAuth(..)
            | Self::Decide(_)
            | Self::AnswerOffer(_)
            | Self::Return(_)
            | Self::AnswerAsk(_)
            | Self::Commit(_)
            | Self::Resolve(_)
            | Self::Call(_)
            | Self::Hear(_) => format!("{self:?}"),
        }
    }

    /// Whether it is the same deed, for another instant.
    fn is_another_time_of(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::AnswerBenefits(_), Self::AnswerBenefits(_)) | (Self::Read(_), Self::Read(_)) => {
                true
            }
            (Self::Depart(one, _), Self::Depart(another, _))
            | (Self::EndVisit(one, _), Self::EndVisit(another, _)) => one == another,
            _ => false,
        }
    }
}

/// What came of a deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    /// It is done, and is not done again.
    Done,
    /// It is done or tried again then.
    Later(Timestamp),
    /// There is nothing to do any more; should it be needed again, it is planned again.
    Drop,
}

#[cfg(test)]
mod tests {
    use super::{BTreeSet, Deed, Timestamp, VisitId};

    #[test]
    fn chance_knows_how_many_came_before_and_no_instant() {
        let visit = |at| Deed::EndVisit(VisitId::from("v1"), Timestamp(at));
        let other = Deed::EndVisit(VisitId::from("v0"), Timestamp(1));
        let planned = |times: [i64; 2]| -> BTreeSet<Deed> {
            times.into_iter().map(visit).chain([other.clone()]).collect()
        };
        assert_eq!(visit(7).label(&planned([7, 9])), visit(70).label(&planned([70, 90])));
        assert_ne!(visit(7).label(&planned([7, 9])), visit(9).label(&planned([7, 9])));
        let asked = |at| Deed::AnswerBenefits(Timestamp(at));
        assert_eq!(asked(5).label(&BTreeSet::new()), asked(6).label(&BTreeSet::new()));
    }
}
