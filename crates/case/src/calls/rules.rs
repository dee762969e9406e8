//! The rules of calls, as a pack gives them: who may be told what once what has matched, what is asked, how a call can end,
//! which words call for a nurse. Values and words alone; what they mean is beside.

use crate::coded::coded;
use serde::{Deserialize, Serialize};

coded! {
    /// What a caller can say that is compared with what is on file. The values never leave the comparison. Source: facts
    /// 6.2; trust.md 6.4.
    Identifier {
        Name = "name", "full name";
        BirthDate = "birth-date", "date of birth";
        MemberId = "member-id", "plan ID";
        Address = "address", "address";
        Phone = "phone", "telephone on file";
        CaseNumber = "case-number", "case number";
        Npi = "npi", "NPI";
    }
}

coded! {
    /// What an agent sees or does that shows a caller's authority. Source: facts 6.2; 45 CFR 164.514(h).
    Authority {
        Relationship = "relationship", "the relationship is on file or looks right";
        Document = "document", "the document is on file, in scope, not expired";
        MemberPresent = "member-present", "the member is on the line and agrees";
        Agreement = "agreement", "the member's agreement is on record";
        Appointment = "appointment", "the appointment for the appeal is on file";
        CalledBack = "called-back", "called back at the number on file";
        Roster = "roster", "registered with us under this number";
        ContractLine = "contract-line", "came by the contract's own line";
        Badge = "badge", "badge and company agree";
    }
}

coded! {
    /// How much a caller may be told. Source: trust.md 6.4, tiers 0 to 2.
    Level {
        Nothing = "nothing", "nothing about anybody";
        Status = "status", "the state of the order and its times";
        Full = "full", "the record, within what the caller is entitled to";
    }
}

coded! {
    /// What a disposition says of a call, for the figures. Source: facts 10, FCR and abandon rate.
    Ends {
        Resolved = "resolved", "resolved";
        Open = "open", "goes on";
        NotReached = "not-reached", "nobody was reached";
        Abandoned = "abandoned", "the caller gave up";
        WrongNumber = "wrong-number", "wrong number";
    }
}

/// All rules of calls that are in force on a day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallRules {
    /// The hub's own numbers and wording.
    pub terms: CallTerms,
    /// Kinds of callers, in the order of the list.
    pub callers: Vec<CallerKind>,
    /// Reasons for calls.
    pub reasons: Vec<Named>,
    /// What is asked.
    pub scripts: Vec<Script>,
    /// How a call can end.
    pub dispositions: Vec<Disposition>,
    /// Words that call for a nurse.
    pub symptoms: Vec<Symptom>,
}

/// The hub's numbers and wording.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CallTerms {
    /// The number that callers are asked to call.
    pub callback_number: String,
    /// Failed tries after which nothing is told.
    pub tries_max: u32,
    /// Minutes that a verification holds.
    pub verified_minutes: u32,
    /// Hours for which nothing is told of a member to whoever calls, after the tries of one call failed.
    pub member_locked_hours: u32,
    /// Calls from one number whose tries failed within [`Self::fraud_days`] that make it one to watch.
    pub fraud_calls: u32,
    /// Days that count for it.
    pub fraud_days: u32,
    /// Days within which the same caller's reason about the same case is a repeated contact.
    pub first_contact_days: u32,
    /// Seconds after which a call that the caller ended counts as abandoned: one figure for each.
    pub abandoned_after_s: Vec<u32>,
    /// What is never read aloud.
    pub never_aloud: Vec<String>,
    /// What is left on a voicemail, with `{agent}`, `{hub}`, `{callback}`, `{case}`.
    pub voicemail: String,
    /// What is said first.
    pub opening: String,
    /// What is said last.
    pub closing: String,
}

/// A kind of caller: how it is verified and what it hears then. Source: facts 6.2.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerKind {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub words: String,
    /// Each has to match before anything is told.
    pub must: Vec<Identifier>,
    /// One has to be seen before anything is told; empty means that none is asked for.
    pub authority: Vec<Authority>,
    /// Identifiers that count.
    pub counted: Vec<Identifier>,
    /// How many of them open the state of the order; `None` means that nothing is ever told.
    pub status: Option<u32>,
    /// How many open the rest; `None` means that it stays closed.
    pub full: Option<u32>,
    /// Identifiers that have to be among those that open the rest.
    pub full_must: Vec<Identifier>,
    /// What may be told at the first level.
    pub hears_status: String,
    /// What may be told at the second.
    pub hears_full: String,
}

/// A name with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The name that rows and events keep.
    pub name: String,
    /// What people read.
    pub words: String,
}

/// Questions for some callers and some reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// For these kinds of callers; empty means all.
    pub callers: Vec<String>,
    /// For these reasons; empty means all.
    pub reasons: Vec<String>,
    /// In this order.
    pub questions: Vec<String>,
}

/// A way in which a call can end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disposition {
    /// Its name and words.
    pub named: Named,
    /// What it says of the call.
    pub ends: Ends,
}

/// A symptom with the words that callers have for it. Source: facts 6.3, scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symptom {
    /// Its name.
    pub name: String,
    /// Phrases, lower case.
    pub words: Vec<String>,
    /// What the agent says at once.
    pub say: String,
}

impl CallRules {
    /// Returns a kind of caller.
    pub fn caller(&self, name: &str) -> Option<&CallerKind> {
        self.callers.iter().find(|kind| kind.name == name)
    }

    /// Returns a reason's words; the name itself where the pack does not have it any more.
    pub fn reason_words<'a>(&'a self, name: &'a str) -> &'a str {
        let found = self.reasons.iter().find(|reason| reason.name == name);
        found.map_or(name, |reason| &reason.words)
    }

    /// Returns a way of ending.
    pub fn disposition(&self, name: &str) -> Option<&Disposition> {
        self.dispositions.iter().find(|way| way.named.name == name)
    }

    /// Returns the questions for a caller and a reason, in order.
    pub fn questions<'a>(
        &'a self,
        caller: &'a str,
        reason: &'a str,
    ) -> impl Iterator<Item = &'a str> {
        let is_of = |names: &[String], name: &str| {
            names.is_empty() || names.iter().any(|known| known == name)
        };
        let scripts = self.scripts.iter();
        let fitting =
            scripts.filter(move |s| is_of(&s.callers, caller) && is_of(&s.reasons, reason));
        fitting.flat_map(|script| script.questions.iter().map(String::as_str))
    }

    /// Returns the symptoms that a text tells of. Letters are compared without case, and anything that is no letter or
    /// digit parts words: an agent who types in haste is understood.
    pub fn symptoms_in<'a>(&'a self, text: &str) -> Vec<&'a Symptom> {
        let text = spaced(text);
        let has = |symptom: &&Symptom| {
            symptom.words.iter().any(|phrase| text.contains(spaced(phrase).as_str()))
        };
        self.symptoms.iter().filter(has).collect()
    }
}

/// ` chest pain ` of `Chest-pain!`: words in lower case, each between two blanks. An apostrophe parts nothing.
fn spaced(text: &str) -> String {
    let mut out = String::from(" ");
    for letter in text.chars().filter(|letter| !matches!(letter, '\'' | '\u{2019}')) {
        if letter.is_alphanumeric() {
            out.extend(letter.to_lowercase());
        } else if !out.ends_with(' ') {
            out.push(' ');
        }
    }
    if !out.ends_with(' ') {
        out.push(' ');
    }
    out
}
