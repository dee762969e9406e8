//! The closed lists that forms choose from: each code with the words that people read.

use doorstep_case::auth::{AuthWithdrawReason, ExtensionReason};
use doorstep_case::benefits::CoverageStatus;
use doorstep_case::closing::{CancelReason, CompleteReason, ReopenReason};
use doorstep_case::delivery::{
    BeyondAuth, MissReason, PickUpReason, ProofMethod, RefusalReason, Signer, StayReason,
    VisitCancelReason,
};
use doorstep_case::disputes::{
    Complainant, ComplaintCategory, ComplaintDoor, DisputeKind, DisputeOutcome, EscalationReason,
    Severity,
};
use doorstep_case::intake::{
    CancelAnswer, DeathSource, Label, NeedByReason, Priority, TriageCheck, TriageOutcome,
    TriageReason,
};
use doorstep_case::orders::AskWithdrawReason;
use doorstep_case::placement::{AgreementEnd, DeclineReason, WithdrawReason};
use doorstep_case::{Owner, Unit};

macro_rules! codes {
    ($($list:ident = $kind:ident;)*) => {
        $(pub(super) fn $list() -> Vec<(&'static str, &'static str)> {
            $kind::ALL.iter().map(|reason| (reason.code(), reason.words())).collect()
        })*
    };
}

codes! {
    declines = DeclineReason;
    misses = MissReason;
    methods = ProofMethod;
    signers = Signer;
    cancels = CancelReason;
    cancel_answers = CancelAnswer;
    death_sources = DeathSource;
    labels = Label;
    stays = StayReason;
    ask_ends = AskWithdrawReason;
    auth_ends = AuthWithdrawReason;
    offer_ends = WithdrawReason;
    agreement_ends = AgreementEnd;
    visit_ends = VisitCancelReason;
    refusals = RefusalReason;
    pick_ups = PickUpReason;
    beyonds = BeyondAuth;
    completions = CompleteReason;
    reopens = ReopenReason;
    raises = EscalationReason;
    dispute_kinds = DisputeKind;
    outcomes = DisputeOutcome;
    extensions = ExtensionReason;
    triage_outcomes = TriageOutcome;
    triage_reasons = TriageReason;
    triage_checks = TriageCheck;
    complaint_categories = ComplaintCategory;
    severities = Severity;
    complainants = Complainant;
    complaint_doors = ComplaintDoor;
}

pub(super) fn priorities() -> Vec<(&'static str, &'static str)> {
    let words = [
        "life-sustaining, or home within four hours",
        "within a day",
        "within three days",
        "routine",
    ];
    Priority::ALL.iter().map(|priority| priority.name()).zip(words).collect()
}

pub(super) fn need_by_reasons() -> Vec<(&'static str, &'static str)> {
    let words = [
        "the order says so",
        "the member asked",
        "the referrer asked",
        "the provider could not otherwise",
    ];
    NeedByReason::GIVEN.iter().map(|reason| reason.name()).zip(words).collect()
}

pub(super) fn coverages() -> Vec<(&'static str, &'static str)> {
    let words = ["active", "not active", "another payer may come first"];
    CoverageStatus::ANSWERS.iter().map(|status| status.name()).zip(words).collect()
}

/// The ladder. Source: facts 6.4; level 0 is whoever was called first.
pub(super) fn levels() -> Vec<(&'static str, &'static str)> {
    vec![
        ("1", "1: team lead, a promise was missed or the caller asks"),
        ("2", "2: supervisor and network desk, a discharge or life-sustaining care is at risk"),
        ("3", "3: clinical lead or medical director, clinical risk or a denial disputed"),
        ("4", "4: payer liaison and compliance, a regulator, privacy or a safety event"),
        ("5", "5: outside, the state, the ombudsman or Medicare"),
    ]
}

pub(super) fn owners() -> Vec<(&'static str, &'static str)> {
    Owner::ALL.iter().map(|owner| (owner.name(), owner.name())).collect()
}

pub(super) fn units() -> Vec<(&'static str, &'static str)> {
    Unit::ALL.iter().map(|unit| (unit.name(), unit.name())).collect()
}

pub(super) fn determinations() -> Vec<(&'static str, &'static str)> {
    vec![
        ("as-listed", "as the payer's table says"),
        ("required", "the payer said that it is required"),
        ("not-required", "the payer said that it is not required"),
    ]
}
