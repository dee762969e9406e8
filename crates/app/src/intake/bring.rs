//! What a known case learns of an order that comes again, or of a change to it.
//!
//! A copy adds what the case lacks; a change also puts its values in the place of those known. What neither may settle (a
//! line that differs, two values for one fact) is written down as a note, with both sides, for a person who settles it.
//!
//! **Invariant:** nothing that arrives is lost in silence: it is in the case, or named in the note.

use super::matching::{folded, has_ended, shares_number};
use super::pairs::{Difference, Pair, pairs};
use crate::act::change;
use crate::amend::with_held;
use crate::open::{Order, attach, keep_note, party_of};
use crate::party::{differing, filled, merged};
use crate::{Ctx, Error, Result};
use doorstep_case::intake::{Amendment, IntakeCommand, NeedByReason, Receipt, ReviewReason};
use doorstep_case::{Case, Command, Diagnosis, Fact, Item, Known, LineRequest};
use doorstep_db::Tx;
use doorstep_exchange::{Attachment, Problem};
use doorstep_store::people::{self, Party};
use doorstep_store::{matching as match_rows, notes};
use doorstep_vocab::{LineNo, Phi, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// What an arrival is to the case that stands for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The order again.
    Copy,
    /// The sender changes it.
    Change,
}

/// What became of it.
pub(crate) struct Brought {
    pub case: Case,
    /// Set when a person has to settle something.
    pub problem: Option<Problem>,
}

/// Brings what arrived to its case, within the caller's transaction, which holds the order's lock.
pub(crate) fn bring(
    tx: &mut Tx,
    ctx: &Ctx,
    (case, order): (Case, &Order),
    (attachments, kind): (&[Attachment], Kind),
) -> Result<Brought> {
    // A later copy may know the member only as this one does.
    match_rows::put(tx, &case.id, &order.keys)?;
    let party = people::for_writing(tx, &case.id)?.unwrap_or_default();
    let had_ended = has_ended(&case);
    // Every door numbers lines in its own way.
    let is_same_door = case.intake.receipts.iter().any(|one| one.channel == order.referral.channel);
    let is_numbered = is_same_door && shares_number(&order.referral, &case);
    let differs = Vec::new();
    let mut bringing = Bringing { tx, ctx, order, kind, case, party, is_numbered, differs };
    bringing.arrival()?;
    let before = bringing.people()?;
    bringing.facts(&before)?;
    bringing.times()?;
    let places = bringing.lines(had_ended)?;
    bringing.documents(attachments)?;
    bringing.texts(&places)?;
    let problem = bringing.tell(had_ended)?;
    Ok(Brought { case: bringing.case, problem })
}

struct Bringing<'a, 't, 'c> {
    tx: &'a mut Tx<'t>,
    ctx: &'a Ctx<'c>,
    order: &'a Order,
    kind: Kind,
    case: Case,
    /// The people of the case, with what the arrival added.
    party: Party,
    /// Whether the numbers of the arriving lines are those of the case.
    is_numbered: bool,
    differs: Vec<Difference>,
}

impl Bringing<'_, '_, '_> {
    /// Does a command. What the rules refuse is told to a person, as any other difference.
    fn give(&mut self, command: IntakeCommand) -> Result<()> {
        let (case, person) = (self.case.clone(), &self.party.person);
        match change(self.tx, self.ctx, (case, person), &Command::Intake(command)) {
            Ok(acted) => self.case = acted.case,
            Err(Error::Refused(refusal)) => {
                let what = format!("something that cannot be recorded ({refusal})");
                self.differ(what, String::new(), String::new());
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    fn differ(&mut self, what: impl Into<String>, came: String, known: String) {
        let difference = Difference { what: what.into(), came, known };
        if !self.differs.contains(&difference) {
            self.differs.push(difference);
        }
    }

    fn arrival(&mut self) -> Result<()> {
        let referral = &self.order.referral;
        self.give(IntakeCommand::Link(Receipt {
            receipt_id: referral.receipt_id.clone(),
            channel: referral.channel,
            received_at: referral.received_at,
            order_ref: referral.order_ref.clone(),
        }))
    }

    /// Returns the people as they were before.
    fn people(&mut self) -> Result<Party> {
        let came = party_of(&self.order.referral);
        let before = self.party.clone();
        self.party = match self.kind {
            Kind::Copy => {
                self.differs.extend(differing(&before, &came));
                filled(&before, &came)
            }
            Kind::Change => merged(&before, &came),
        };
        if self.party != before {
            people::put(self.tx, &self.case.id, &self.party, self.ctx.now)?;
        }
        Ok(before)
    }

    fn facts(&mut self, before: &Party) -> Result<()> {
        let referral = &self.order.referral;
        let zone = self.case.zone.clone().unwrap_or_else(Zone::utc);
        let sound = referral.sound(self.ctx.now.date(&zone), self.ctx.now);
        let auth_number = referral.auth_number.clone();
        let known_number = self.case.intake.auth_number.clone();
        if let (Kind::Copy, Some(came), Some(known)) = (self.kind, &auth_number, &known_number)
            && came != known
        {
            self.differ("the authorization number", came.clone(), known.clone());
        }
        let takes_number = self.kind == Kind::Change || known_number.is_none();
        let unsound = referral.known(self.ctx.now).into_iter();
        for (item, came) in unsound.filter(|(item, _)| !sound.contains_key(item)) {
            let what = format!("{}, which cannot be", item.words());
            self.differ(what, words(&came.fact), String::new());
        }
        let amendment = Amendment {
            facts: self.new_facts(sound),
            diagnoses: self.new_diagnoses(),
            urgency: (referral.urgency > self.case.intake.urgency).then_some(referral.urgency),
            auth_number: auth_number.filter(|_| takes_number),
            ..Amendment::default()
        };
        let amendment = with_held(self.ctx, amendment, &self.case, (before, &self.party));
        if amendment == Amendment::default() {
            return Ok(());
        }
        self.give(IntakeCommand::Amend(amendment))
    }

    fn new_facts(
        &mut self,
        sound: BTreeMap<Item, Known>,
    ) -> BTreeMap<Item, (Fact, Option<doorstep_vocab::Date>)> {
        let mut facts = BTreeMap::new();
        for (item, came) in sound {
            let known = self.case.known.get(&item).map(|known| known.fact.clone());
            match known {
                Some(known) if known == came.fact => {}
                Some(known) if self.kind == Kind::Copy => {
                    let [came, known] = [words(&came.fact), words(&known)];
                    self.differ(item.words(), came, known);
                }
                _ => {
                    facts.insert(item, (came.fact, came.as_of));
                }
            }
        }
        facts
    }

    /// A copy adds diagnoses after those known; a change replaces them.
    fn new_diagnoses(&self) -> Option<Vec<Diagnosis>> {
        let (came, known) = (&self.order.referral.diagnoses, &self.case.intake.diagnoses);
        let is_new = |one: &&Diagnosis| known.iter().all(|other| other.code != one.code);
        match self.kind {
            Kind::Change => (!came.is_empty() && came != known).then(|| came.clone()),
            Kind::Copy => {
                let added: Vec<Diagnosis> = came.iter().filter(is_new).cloned().collect();
                (!added.is_empty()).then(|| known.iter().cloned().chain(added).collect())
            }
        }
    }

    fn times(&mut self) -> Result<()> {
        let referral = &self.order.referral;
        if let Some(came) = &referral.discharge {
            match self.case.intake.discharge.clone() {
                Some(known) if known == *came => {}
                Some(known) if self.kind == Kind::Copy => {
                    self.differ("the discharge", came.at.to_string(), known.at.to_string());
                }
                _ => self.give(IntakeCommand::MoveDischarge(came.clone()))?,
            }
        }
        let Some(at) = referral.need_by else { return Ok(()) };
        if self.case.intake.need_by.iter().any(|known| known.at == at) {
            return Ok(());
        }
        match self.case.intake.need_by().copied() {
            Some(known) if self.kind == Kind::Copy && known.reason != NeedByReason::Discharge => {
                self.differ("the need-by time", at.to_string(), known.at.to_string());
                Ok(())
            }
            _ => self.give(IntakeCommand::MoveNeedBy { at, reason: NeedByReason::Stated }),
        }
    }

    /// Adds lines that the case lacks, as far as they tell what they are. Returns the line of the case that each arriving
    /// line became, for the texts that stood there.
    fn lines(&mut self, had_ended: bool) -> Result<BTreeMap<String, String>> {
        let referral = &self.order.referral;
        let found = pairs(&referral.lines, &self.case, (&self.order.terms, self.is_numbered));
        let mut places = BTreeMap::new();
        for ((n, request), pair) in (1..).zip(&referral.lines).zip(found) {
            let mut no = pair.line();
            if let Some(ended) = no.filter(|no| !had_ended && self.is_cancelled(*no)) {
                let what = format!("line {ended}, which was cancelled, is ordered again");
                self.differ(what, shown(request), String::new());
            }
            match pair {
                Pair::Same(_) => {}
                Pair::Differs(_, differs) => self.differs.extend(differs),
                Pair::Extra if !had_ended && tells(request) => {
                    self.give(IntakeCommand::AddLine(request.clone()))?;
                    no = self.case.lines.last_key_value().map(|(no, _)| *no);
                }
                Pair::Extra => {
                    self.differ(
                        format!("a line that the case lacks (line {n})"),
                        shown(request),
                        String::new(),
                    );
                }
            }
            places.extend(no.map(|no| (format!("line {n}"), format!("line {no}"))));
        }
        let withdrawn =
            pairs(&referral.withdrawn, &self.case, (&self.order.terms, self.is_numbered));
        for (request, pair) in referral.withdrawn.iter().zip(withdrawn) {
            let line = pair.line().map_or("a line".to_owned(), |no| format!("line {no}"));
            self.differ(format!("{line} is taken out"), shown(request), String::new());
        }
        Ok(places)
    }

    fn is_cancelled(&self, no: LineNo) -> bool {
        self.case.lines.get(&no).is_some_and(|line| line.cancelled.is_some())
    }

    fn documents(&mut self, attachments: &[Attachment]) -> Result<()> {
        let receipt_id = self.order.referral.receipt_id.as_ref();
        for attachment in attachments {
            let document = attach(self.tx, self.ctx, &self.case.id, (attachment, receipt_id))?;
            self.give(IntakeCommand::Attach(document))?;
        }
        Ok(())
    }

    /// Keeps the texts that the case does not have yet.
    fn texts(&mut self, places: &BTreeMap<String, String>) -> Result<()> {
        let texts = &self.order.referral.texts;
        if texts.is_empty() {
            return Ok(());
        }
        let known = notes::for_writing(self.tx, &self.case.id)?;
        let mut known: BTreeSet<String> =
            known.iter().map(|note| folded(note.text.reveal())).collect();
        for (place, text) in texts {
            if known.insert(folded(text.reveal())) {
                let place = places.get(place).unwrap_or(place);
                keep_note(self.tx, self.ctx, &self.case.id, (place, text))?;
            }
        }
        Ok(())
    }

    /// Writes down what differs, and asks a person to settle it.
    fn tell(&mut self, had_ended: bool) -> Result<Option<Problem>> {
        let had_ended = had_ended && self.kind == Kind::Copy;
        if self.differs.is_empty() && !had_ended {
            return Ok(None);
        }
        let reason = match self.kind {
            Kind::Copy if had_ended => ReviewReason::OrderEnded,
            Kind::Copy => ReviewReason::CopyDiffers,
            Kind::Change => ReviewReason::ChangeToConfirm,
        };
        let differs = std::mem::take(&mut self.differs);
        if !differs.is_empty() {
            let sides: Vec<String> = differs.iter().map(sides).collect();
            let text = Phi::from(format!("{}:\n{}", reason.words(), sides.join("\n")));
            let note_id = keep_note(self.tx, self.ctx, &self.case.id, (reason.code(), &text))?;
            self.give(IntakeCommand::Note(note_id))?;
        }
        if let Some(receipt_id) = self.order.referral.receipt_id.clone() {
            self.give(IntakeCommand::AskReview { receipt_id, reason })?;
        }
        let number = self.case.number.as_ref().map(ToString::to_string).unwrap_or_default();
        let what: Vec<&str> = differs.iter().map(|one| one.what.as_str()).collect();
        let what = if what.is_empty() { String::new() } else { format!(" in {}", what.join(", ")) };
        let message = format!(
            "{} ({number}){what}; a note of the case has both sides: compare them and settle it",
            reason.words()
        );
        Ok(Some(Problem::warning(reason.code(), "order", message)))
    }
}

/// A line of words alone may be any line of the case.
fn tells(request: &LineRequest) -> bool {
    request.code.is_some() || request.other_code.is_some() || request.family.is_some()
}

fn shown(request: &LineRequest) -> String {
    let code = request.code.as_ref().map(|code| code.as_str().to_owned());
    let family = request.family.as_ref().map(ToString::to_string);
    let what = code.or_else(|| request.other_code.clone()).or(family);
    let what = what.unwrap_or_else(|| "words, kept as a note".to_owned());
    match request.quantity {
        Some(n) => format!("{what}, {n} {}", request.unit.name()),
        None => what,
    }
}

fn words(fact: &Fact) -> String {
    match fact {
        Fact::Held => "on hand".to_owned(),
        Fact::Flag(flag) => if *flag { "yes" } else { "no" }.to_owned(),
        Fact::Number(number) => number.to_string(),
        Fact::On(date) => date.to_string(),
        Fact::At(at) => at.to_string(),
        Fact::Code(code) => code.clone(),
    }
}

fn sides(difference: &Difference) -> String {
    let Difference { what, came, known } = difference;
    match (came.is_empty(), known.is_empty()) {
        (true, true) => what.clone(),
        (_, true) => format!("{what}: {came}"),
        (_, false) => format!("{what}: came as {came}, the case has {known}"),
    }
}
