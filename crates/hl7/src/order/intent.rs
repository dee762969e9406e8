//! What a message is and what its sender wants done.

use crate::header::MessageType;
use crate::order::{OrderMessage, Referral};

/// The kinds of message that carry referrals and orders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderKind {
    /// REF^I12 to I15: a patient is referred.
    Referral,
    /// ORM^O01: any order, in the old form.
    General,
    /// OMG^O19: a clinical order.
    Clinical,
    /// OMP^O09, RDE^O11, RDE^O25 and old RDE^O01: a drug.
    Pharmacy,
    /// OMD^O03: a diet.
    Diet,
    /// OML: laboratory work.
    Laboratory,
    /// OMI^O23: imaging.
    Imaging,
    /// OMS^O05 and OMN^O07: supplies, from stock or not.
    Supply,
}

impl OrderKind {
    /// Returns the kind by MSH-9, by its structure when the code is empty; `None` for everything else.
    pub fn of(message_type: &MessageType) -> Option<Self> {
        let structure = message_type.structure.split('_').next().unwrap_or("");
        let code = match message_type.code.as_str() {
            "" => structure,
            code => code,
        };
        match code {
            "REF" => Some(Self::Referral),
            "ORM" => Some(Self::General),
            "OMG" => Some(Self::Clinical),
            "OMP" | "RDE" => Some(Self::Pharmacy),
            "OMD" => Some(Self::Diet),
            "OML" => Some(Self::Laboratory),
            "OMI" => Some(Self::Imaging),
            "OMS" | "OMN" => Some(Self::Supply),
            _ => None,
        }
    }
}

/// What the sender wants done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Intent {
    /// Take it up.
    #[default]
    New,
    /// Change what was sent before.
    Change,
    /// Do not start.
    Cancel,
    /// Stop what is going on.
    Discontinue,
    /// Nothing: the sender tells or asks how things stand.
    Status,
    /// A control code we do not know: a person has to look.
    Unclear,
}

impl Intent {
    /// Reads ORC-1 (HL7 table 0119) together with ORC-5 (HL7 table 0038). \[K\]
    pub(crate) fn of_order(control: Option<&str>, status: Option<&str>) -> Self {
        match control {
            None | Some("NW" | "PA" | "CH" | "RF" | "RO") => Self::New,
            Some("XO" | "XR" | "XX" | "RP" | "RQ" | "RU" | "HD" | "RL" | "AF" | "PY") => {
                Self::Change
            }
            Some("CA" | "OC" | "CR" | "DE") => Self::Cancel,
            Some("DC" | "OD" | "DR") => Self::Discontinue,
            Some("SC" | "SN" | "SR" | "SS" | "ST" | "OK" | "OE" | "NA" | "PR" | "RE") => {
                match status {
                    Some("CA") => Self::Cancel,
                    Some("DC") => Self::Discontinue,
                    _ => Self::Status,
                }
            }
            Some(_) => Self::Unclear,
        }
    }

    pub(crate) fn of(message: &OrderMessage) -> Self {
        if message.kind == OrderKind::Referral {
            let is_cancelled = message.referral.as_ref().is_some_and(Referral::is_cancelled);
            return match message.message_type.trigger.as_str() {
                "I14" => Self::Cancel,
                _ if is_cancelled => Self::Cancel,
                "I12" | "" => Self::New,
                "I13" => Self::Change,
                "I15" => Self::Status,
                _ => Self::Unclear,
            };
        }
        let own: Vec<Self> =
            message.orders.iter().filter(|o| !o.may_be_prior).map(|o| o.intent).collect();
        let Some(first) = own.first().copied() else { return Self::Unclear };
        if own.iter().all(|one| *one == first) {
            return first;
        }
        // Orders that differ are each to be looked at; the message as a whole then brings the most that one of them asks.
        let by_weight = [Self::Unclear, Self::New, Self::Change, Self::Discontinue, Self::Cancel];
        by_weight.into_iter().find(|one| own.contains(one)).unwrap_or(Self::Status)
    }
}
