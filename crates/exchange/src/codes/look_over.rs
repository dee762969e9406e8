//! What is looked over in every order, whatever door it came by: it is taken all the same.

use crate::{Format, Found, Problem, Unit};
use doorstep_case::{Address, Coverage, Referral};
use doorstep_vocab::{Mbi, PlaceKind, Zip};

/// Adds what is odd about the member's address and plan IDs to a unit's problems.
pub(crate) fn look_over(unit: &mut Unit, format: Format) {
    let referral = match &unit.found {
        Found::Order { referral, .. } | Found::Change { referral, .. } => referral,
        Found::Cancel { .. }
        | Found::Unsupported { .. }
        | Found::Queued { .. }
        | Found::Refused => return,
    };
    let found = [address(referral, format), member_ids(referral, format)];
    unit.problems.extend(found.into_iter().flatten());
}

/// Nothing is delivered to a post office box. Source: facts 2.3.
fn address(referral: &Referral, format: Format) -> Option<Problem> {
    let address = referral.person.address.as_ref()?;
    if !is_box(address) {
        return None;
    }
    let at = match format {
        Format::X12 => "member N3",
        Format::Hl7 => "PID-11",
        Format::Fhir => "Patient.address",
        _ => "column address",
    };
    let message = "a post office box is no place to deliver to: send the street and its ZIP";
    Some(Problem::warning("po-box-address", at, message))
}

fn is_box(address: &Address) -> bool {
    let letters = |line: &str| {
        let lower = line.to_ascii_lowercase();
        lower.chars().filter(char::is_ascii_alphanumeric).collect::<String>()
    };
    let named = |line: &String| {
        let line = letters(line);
        line.starts_with("pobox") || line.starts_with("postofficebox")
    };
    let zip = address.zip.as_ref().and_then(|zip| Zip::shape(zip.reveal()));
    let by_zip = zip.and_then(|zip| zip.place().map(doorstep_vocab::Place::kind));
    address.lines.iter().any(|line| named(line.reveal())) || by_zip == Some(PlaceKind::PoBox)
}

/// A number of Original Medicare has the form of one. Source: facts 2.1, MBI. A plan's own numbers have forms of their own.
fn member_ids(referral: &Referral, format: Format) -> Option<Problem> {
    let is_wrong = |coverage: &Coverage| {
        let id = coverage.member_id.as_ref().filter(|_| is_original_medicare(coverage));
        id.is_some_and(|id| Mbi::parse(id.reveal()).is_err())
    };
    if !referral.coverage.iter().any(is_wrong) {
        return None;
    }
    let at = match format {
        Format::X12 => "member NM1",
        Format::Hl7 => "IN1-36",
        Format::Fhir => "Coverage.subscriberId",
        _ => "column member_id",
    };
    let message =
        "this is no Medicare number: it has eleven characters and none of S, L, O, I, B, Z";
    Some(Problem::warning("mbi-format", at, message))
}

fn is_original_medicare(coverage: &Coverage) -> bool {
    let name = coverage.payer_name.as_deref().unwrap_or_default().trim().to_ascii_lowercase();
    matches!(
        name.as_str(),
        "medicare" | "original medicare" | "medicare part a" | "medicare part b" | "cms medicare"
    )
}
