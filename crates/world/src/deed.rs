//! Something that somebody is about to do about a case.

use doorstep_vocab::{AskId, DisputeId, EscalationId, LineNo, OfferId, Timestamp, VisitId};

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
    /// The supervisor resolves an escalation.
    Resolve(EscalationId),
}

impl Deed {
    /// Returns the name under which chance decides about it.
    pub(crate) fn label(&self) -> String {
        format!("{self:?}")
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
