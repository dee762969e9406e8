//! From what a form sent to an order: text in, checked values out, every field named that cannot be read.

use super::fields::{self, LINES};
use crate::posted::{Posted, Wrong};
use doorstep_case::{
    Address, Channel, Clinician, Coverage, Diagnosis, Discharge, Fact, Family, ITEMS, Item,
    ItemKind, LineRequest, Organisation, Person, Phone, Referral, ServiceLine, Sex, Unit, Urgency,
};
use doorstep_vocab::{Date, Icd10, Npi, PayerId, Phi, Procedure, Timestamp, Zip, Zone};
use std::collections::BTreeMap;

/// By what an order reached the person who types it in.
pub(crate) const CHANNELS: [(Channel, &str); 5] = [
    (Channel::Phone, "Phone"),
    (Channel::Fax, "Fax"),
    (Channel::Email, "E-mail"),
    (Channel::Mail, "Mail"),
    (Channel::Form, "In person or otherwise"),
];

/// What a form is read with.
pub(crate) struct Reader<'a> {
    pub(crate) posted: &'a Posted,
    pub(crate) now: Timestamp,
    pub(crate) zone: Zone,
    pub(crate) wrong: Vec<Wrong>,
}

/// Facts by item, with the words that belong into notes.
pub(crate) type Facts = (BTreeMap<Item, (Fact, Option<Date>)>, Vec<(String, Phi<String>)>);

impl<'a> Reader<'a> {
    /// Makes a reader. Times are those of the ZIP that was entered, else of `zone`.
    pub(crate) fn new(posted: &'a Posted, now: Timestamp, zone: &Zone) -> Self {
        let zip = posted.get("zip").and_then(|zip| Zip::parse(zip).ok());
        let of_zip = zip.and_then(|zip| zip.place()?.zone());
        Self { posted, now, zone: of_zip.unwrap_or_else(|| zone.clone()), wrong: Vec::new() }
    }

    /// Reads a whole new order.
    pub(crate) fn referral(&mut self) -> Referral {
        let posted = self.posted;
        let channel = posted
            .get("channel")
            .and_then(|name| CHANNELS.iter().find(|(channel, _)| channel.name() == name));
        let (facts, texts) = self.facts();
        Referral {
            channel: channel.map_or(Channel::Form, |(channel, _)| *channel),
            received_at: self.received_at(),
            sender: posted.text("organisation"),
            order_ref: posted.text("order_ref"),
            person: self.person(),
            coverage: self.coverage().into_iter().collect(),
            prescriber: self.clinician(),
            referrer: self.organisation(),
            urgency: self.urgency().unwrap_or_default(),
            discharge: self.discharge(),
            need_by: self.moment("need_by"),
            diagnoses: self.diagnoses(),
            lines: self.lines(),
            facts,
            auth_number: posted.text("auth_number"),
            texts,
            ..Referral::default()
        }
    }

    fn received_at(&mut self) -> Timestamp {
        let at = self.moment("received_at").unwrap_or(self.now);
        if at > self.now {
            self.wrong.push(Wrong::at(
                "received_at",
                "the order cannot have come in the future: enter when it came",
            ));
        }
        at
    }

    fn moment(&mut self, name: &str) -> Option<Timestamp> {
        self.posted.moment(name, &self.zone, &mut self.wrong)
    }

    fn phi(&self, name: &str) -> Option<Phi<String>> {
        self.posted.text(name).map(Phi::new)
    }

    /// Reads the member. What is left empty is not known, or stays as it is.
    pub(crate) fn person(&mut self) -> Person {
        let birth_on = self.posted.date("birth_on", &mut self.wrong);
        let today = self.now.date(&self.zone);
        if birth_on.is_some_and(|on| on > today) {
            self.wrong
                .push(Wrong::at("birth_on", "the date of birth is in the future: check the year"));
        }
        let sex = self.posted.choice("sex", sex, &mut self.wrong);
        let given = self.posted.get("given").unwrap_or_default();
        Person {
            family: self.phi("family_name"),
            given: given.split_whitespace().map(|name| Phi::new(name.to_owned())).collect(),
            suffix: self.phi("suffix"),
            birth_on: birth_on.map(Phi::new),
            sex: sex.map(Phi::new),
            address: self.address(),
            phones: self.phones(),
            email: self.phi("email"),
            language: self.phi("language"),
            record_numbers: Vec::new(),
        }
    }

    fn address(&mut self) -> Option<Address> {
        if let Some(zip) = self.posted.get("zip")
            && let Err(problem) = Zip::parse(zip)
        {
            self.wrong.push(Wrong::at("zip", problem.message));
        }
        let state = self.posted.text("state").map(|state| state.to_uppercase());
        if state
            .as_ref()
            .is_some_and(|state| state.len() != 2 || !state.chars().all(|c| c.is_ascii_uppercase()))
        {
            self.wrong.push(Wrong::at("state", "write the state as two letters, such as IN"));
        }
        let address = Address {
            lines: ["street", "street2"].iter().filter_map(|name| self.phi(name)).collect(),
            city: self.phi("city"),
            state: state.map(Phi::new),
            zip: self.phi("zip"),
        };
        (address != Address::default()).then_some(address)
    }

    fn phones(&self) -> Vec<Phone> {
        let kind = self.posted.text("phone_kind").unwrap_or_default();
        self.phi("phone").map(|number| Phone { number, kind }).into_iter().collect()
    }

    /// Reads the coverage, when anything of it was entered.
    pub(crate) fn coverage(&self) -> Option<Coverage> {
        let coverage = Coverage {
            payer_id: self.posted.get("payer").map(PayerId::from),
            payer_code: None,
            payer_name: self.posted.text("payer_name"),
            member_id: self.phi("member_id"),
            group: self.phi("group"),
            is_subscriber: None,
        };
        (coverage != Coverage::default()).then_some(coverage)
    }

    /// Reads the clinician. A wrong check digit is said, and stops nobody.
    pub(crate) fn clinician(&self) -> Option<Clinician> {
        let npi = self.posted.text("npi");
        let clinician = Clinician {
            name: self.posted.text("clinician"),
            npi_valid: npi.as_deref().is_some_and(|npi| Npi::parse(npi).is_ok()),
            npi,
            phone: self.posted.text("clinician_phone"),
            fax: self.posted.text("clinician_fax"),
        };
        (clinician != Clinician::default()).then_some(clinician)
    }

    /// Reads who sent it.
    pub(crate) fn organisation(&self) -> Option<Organisation> {
        let organisation = Organisation {
            name: self.posted.text("organisation"),
            identifier: None,
            contact: self.posted.text("contact"),
            phone: self.posted.text("contact_phone"),
            fax: self.posted.text("contact_fax"),
        };
        (organisation != Organisation::default()).then_some(organisation)
    }

    /// Reads the urgency.
    pub(crate) fn urgency(&mut self) -> Option<Urgency> {
        self.posted.choice("urgency", Urgency::parse, &mut self.wrong)
    }

    fn discharge(&mut self) -> Option<Discharge> {
        let at = self.moment("discharge_at")?;
        Some(Discharge { at, bedside: self.posted.is_ticked("bedside") })
    }

    /// Reads the diagnoses, each with whether it can be billed today.
    pub(crate) fn diagnoses(&mut self) -> Vec<Diagnosis> {
        let said = self.posted.get("diagnoses").unwrap_or_default();
        let today = self.now.date(&self.zone);
        let codes: Vec<&str> =
            said.split([',', ';', ' ']).map(str::trim).filter(|code| !code.is_empty()).collect();
        if codes.iter().any(|code| Icd10::shape(code).is_none()) {
            self.wrong.push(Wrong::at(
                "diagnoses",
                "write ICD-10-CM codes only, such as J44.9, separated by commas",
            ));
        }
        codes.into_iter().filter_map(|code| diagnosis(code, today)).collect()
    }

    fn lines(&mut self) -> Vec<LineRequest> {
        let lines: Vec<LineRequest> = (1..=LINES).filter_map(|no| self.line(no)).collect();
        let is_told = self.wrong.iter().any(|wrong| wrong.field.starts_with("line"));
        if lines.is_empty() && !is_told {
            self.wrong.push(Wrong::at(
                "line1.family",
                "say what is ordered: choose an item or enter its code",
            ));
        }
        lines
    }

    fn line(&mut self, no: usize) -> Option<LineRequest> {
        let name = |part: &str| format!("line{no}.{part}");
        let code = self.code(&name("code"));
        let family = self.posted.get(&name("family")).and_then(family);
        let quantity = self.quantity(&name("quantity"));
        let unit = self.posted.choice(&name("unit"), Unit::parse, &mut self.wrong);
        let line = LineRequest {
            code,
            hint: family.as_ref().map(|(service, _)| *service),
            family: family.map(|(_, family)| family),
            quantity,
            unit: unit.unwrap_or_default(),
            ..LineRequest::default()
        };
        if !line.is_named() && quantity.is_some() {
            self.wrong.push(Wrong::at(
                name("family"),
                "say what this quantity is of: choose an item or enter its code",
            ));
        }
        line.is_named().then_some(line)
    }

    fn code(&mut self, name: &str) -> Option<Procedure> {
        let code = Procedure::parse(self.posted.get(name)?);
        code.map_err(|problem| self.wrong.push(Wrong::at(name, problem.message))).ok()
    }

    fn quantity(&mut self, name: &str) -> Option<u32> {
        let quantity: Option<u32> = self.posted.get(name)?.parse().ok().filter(|n| *n > 0);
        if quantity.is_none() {
            self.wrong.push(Wrong::at(name, "enter a whole number, at least 1"));
        }
        quantity
    }

    /// Reads the facts. Words about the member go to notes, and the record says that they are held.
    pub(crate) fn facts(&mut self) -> Facts {
        let (mut facts, mut texts) = (BTreeMap::new(), Vec::new());
        for item in ITEMS {
            let name = fields::name(*item);
            let Some(text) = self.posted.get(&name) else { continue };
            match item.also_tells(text) {
                Ok(told) => facts.extend(told.map(|(item, fact)| (item, (fact, None)))),
                Err(problem) => self.wrong.push(Wrong::at(name.clone(), problem.message)),
            }
            match item.read_in(text, &self.zone) {
                Some(fact) => {
                    if item.kind() == ItemKind::Held {
                        texts.push((item.words().to_owned(), Phi::new(text.to_owned())));
                    }
                    facts.insert(*item, (fact, None));
                }
                None => self.wrong.push(Wrong::at(name, misread(item.kind()))),
            }
        }
        if let Some(text) = self.phi("note") {
            texts.push(("with the referral".to_owned(), text));
        }
        (facts, texts)
    }
}

fn misread(kind: ItemKind) -> String {
    match kind {
        ItemKind::Number(unit) => format!("enter a number, in {unit}"),
        ItemKind::Date => "enter a date as 2026-11-23".to_owned(),
        ItemKind::Moment => "enter a date and a time".to_owned(),
        ItemKind::Flag => "choose yes or no".to_owned(),
        ItemKind::Code(_) | ItemKind::Held => "choose one of the list".to_owned(),
    }
}

fn sex(name: &str) -> Option<Sex> {
    match name {
        "female" => Some(Sex::Female),
        "male" => Some(Sex::Male),
        "unknown" => Some(Sex::Unknown),
        _ => None,
    }
}

fn family(value: &str) -> Option<(ServiceLine, Family)> {
    let (service, family) = value.split_once('/')?;
    Some((ServiceLine::parse(service)?, Family(family.to_owned())))
}

/// A code of the right form that cannot be billed is kept as sent, and said to be so.
fn diagnosis(code: &str, on: Date) -> Option<Diagnosis> {
    let shaped = Icd10::shape(code)?;
    Some(Diagnosis { code: shaped.as_str().to_owned(), billable: Icd10::parse(code, on).is_ok() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn posted(pairs: &[(&str, &str)]) -> Posted {
        Posted(
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        )
    }

    fn now() -> Timestamp {
        Timestamp::parse("2026-11-22T15:00:00Z").unwrap()
    }

    #[test]
    fn times_are_those_of_the_members_zip() {
        let posted =
            posted(&[("zip", "85001"), ("need_by", "2026-11-23T09:00"), ("line1.code", "E1390")]);
        let mut reader = Reader::new(&posted, now(), &Zone::utc());
        let referral = reader.referral();
        assert_eq!(reader.wrong, []);
        assert_eq!(referral.need_by, Timestamp::parse("2026-11-23T09:00:00-07:00"));
        assert_eq!(referral.lines[0].code.as_ref().map(Procedure::as_str), Some("E1390"));
    }

    #[test]
    fn each_field_that_cannot_be_read_is_named() {
        let posted = posted(&[
            ("zip", "8500"),
            ("state", "Arizona"),
            ("birth_on", "2027-01-01"),
            ("fact.oxygen.spo2", "low"),
            ("line1.code", "13-90"),
            ("line2.quantity", "0"),
            ("received_at", "2026-11-23T00:00"),
        ]);
        let mut reader = Reader::new(&posted, now(), &Zone::utc());
        reader.referral();
        let mut fields: Vec<&str> = reader.wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        fields.sort_unstable();
        assert_eq!(
            fields,
            [
                "birth_on",
                "fact.oxygen.spo2",
                "line1.code",
                "line2.quantity",
                "received_at",
                "state",
                "zip"
            ]
        );
    }

    #[test]
    fn words_about_the_member_are_held_and_kept_apart() {
        let posted = posted(&[
            ("fact.member.allergies", "penicillin"),
            ("fact.oxygen.lpm", "2"),
            ("npi", "1003000126"),
        ]);
        let mut reader = Reader::new(&posted, now(), &Zone::utc());
        let (facts, texts) = reader.facts();
        assert_eq!(facts[&Item::named("member.allergies")].0, Fact::Held);
        assert_eq!(texts[0].1.reveal(), "penicillin");
        assert!(reader.clinician().is_some_and(|clinician| clinician.npi_valid));
    }
}
