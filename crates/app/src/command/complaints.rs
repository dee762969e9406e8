//! Reading the forms of complaints.

use super::Input;
use super::input::problem;
use super::table::Made;
use super::words;
use doorstep_case::Command;
use doorstep_case::disputes::{
    AnswerGiven, Complainant, ComplaintCategory, ComplaintDoor, DisputeKind, DisputesCommand,
    Severity, Told,
};
use doorstep_vocab::{CallId, DisputeId, DocumentId, Timestamp};

/// How it was answered.
pub(super) fn answers() -> Vec<(&'static str, &'static str)> {
    vec![("aloud", "aloud"), ("in-writing", "in writing")]
}

/// What a complaint may be filed as.
pub(super) fn kinds() -> Vec<(&'static str, &'static str)> {
    let kinds = DisputeKind::ALL.iter().filter(|kind| kind.is_complaint());
    kinds.map(|kind| (kind.code(), kind.words())).collect()
}

/// What a dispute may be moved to: a peer-to-peer talk is no filing.
pub(super) fn filings() -> Vec<(&'static str, &'static str)> {
    let kinds = DisputeKind::ALL.iter().filter(|kind| **kind != DisputeKind::PeerToPeer);
    kinds.map(|kind| (kind.code(), kind.words())).collect()
}

pub(super) fn complain(input: &Input) -> Made {
    input.text(words::NAME)?;
    let appeals = if input.get("lines").is_none() { Vec::new() } else { input.lines("lines")? };
    let told = Told { note_id: Some(DocumentId::from(input.id("note_id"))), ..told(input)? };
    Ok(Command::Disputes(DisputesCommand::Complain {
        dispute_id: DisputeId::from(input.id("dispute_id")),
        kind: input.choice("kind", DisputeKind::parse)?,
        told,
        appeals,
    }))
}

fn told(input: &Input) -> Result<Told, super::FieldProblem> {
    Ok(Told {
        category: input.choice("category", ComplaintCategory::parse)?,
        severity: input.choice("severity", Severity::parse)?,
        from: input.choice("from", Complainant::parse)?,
        door: input.choice("door", ComplaintDoor::parse)?,
        received_at: received_at(input)?,
        call_id: input.get("call").map(CallId::from),
        note_id: None,
    })
}

fn received_at(input: &Input) -> Result<Timestamp, super::FieldProblem> {
    let words = "say when it was first heard, as 2026-11-23T15:00";
    input.moment_if("received_at")?.ok_or_else(|| problem("received_at", "field-missing", words))
}

pub(super) fn acknowledge(input: &Input) -> Made {
    let dispute_id = DisputeId::from(input.text("dispute")?);
    Ok(Command::Disputes(DisputesCommand::AcknowledgeComplaint { dispute_id }))
}

pub(super) fn answer(input: &Input) -> Made {
    let in_writing = input.choice("how", |text| match text {
        "aloud" => Some(false),
        "in-writing" => Some(true),
        _ => None,
    })?;
    let answer = AnswerGiven {
        in_writing,
        tells_qio: input.flag("tells_qio")?,
        document_id: input.get("document_id").map(DocumentId::from),
    };
    let dispute_id = DisputeId::from(input.text("dispute")?);
    Ok(Command::Disputes(DisputesCommand::AnswerComplaint { dispute_id, answer }))
}

/// What is complained of is asked for only where it was no complaint before: the case says when it is missing.
pub(super) fn refile(input: &Input) -> Made {
    let is_told =
        ["category", "severity", "from", "door"].iter().any(|name| input.get(name).is_some());
    let told = is_told.then(|| told(input)).transpose()?;
    let lines = if input.get("lines").is_none() { Vec::new() } else { input.lines("lines")? };
    Ok(Command::Disputes(DisputesCommand::Refile {
        dispute_id: DisputeId::from(input.text("dispute")?),
        kind: input.choice("kind", DisputeKind::parse)?,
        lines,
        told,
    }))
}
