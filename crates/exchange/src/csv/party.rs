//! Who the member is, who pays, who ordered, who sent.

use super::draft::at;
use super::order::Reader;
use crate::codes::{self, phi};
use doorstep_case::{Address, Clinician, Coverage, Organisation, Person, Phone};
use doorstep_vocab::{Phi, Zip};

impl Reader {
    pub(super) fn person(&mut self) -> Person {
        let draft = &self.draft;
        let (mut family, mut given) = (self.personal("member_last"), Vec::new());
        given.extend(self.personal("member_first"));
        if let (None, Some(full)) = (&family, draft.text("member_name")) {
            (family, given) = full_name(full);
        }
        given.extend(self.personal("member_middle"));
        let lines = ["address1", "address2"].into_iter().filter_map(|name| self.personal(name));
        let address = Address {
            lines: lines.collect(),
            city: self.personal("city"),
            state: self.personal("state"),
            zip: self.personal("zip"),
        };
        let phones = [("phone", "home"), ("mobile", "mobile")];
        let phones =
            phones.into_iter().filter_map(|(name, kind)| codes::phone(draft.text(name)?, kind));
        let record = self
            .personal("mrn")
            .map(|number| (self.own("referrer_name").unwrap_or_default(), number));
        let mut person = Person {
            suffix: self.personal("member_suffix"),
            birth_on: None,
            sex: draft.text("sex").and_then(codes::sex).map(Phi::new),
            address: (address != Address::default()).then_some(address),
            phones: phones.collect::<Vec<Phone>>(),
            email: self.personal("email"),
            language: self.personal("language"),
            record_numbers: record.into_iter().collect(),
            family,
            given,
        };
        person.birth_on = self.day("dob").map(Phi::new);
        self.check_person(&person);
        person
    }

    fn check_person(&mut self, person: &Person) {
        let row = self.draft.rows.first().copied().unwrap_or_default();
        if person.family.is_none() {
            let said =
                "the member's name is missing: fill member_last and member_first, or member_name";
            self.refuse("member-unnamed", at(row, "member_last"), said);
        }
        if let Some((zip, at)) = self.placed("zip")
            && Zip::shape(&zip).is_none()
        {
            self.warn("zip-format", at, "this is not a ZIP: write 53703 or 53703-1234");
        }
        if let Some((number, at)) = self.placed("phone")
            && codes::phone(&number, "").is_none()
        {
            self.warn("phone-format", at, "this is not a telephone number and was left out");
        }
    }

    pub(super) fn coverage(&mut self) -> Option<Coverage> {
        let coverage = Coverage {
            payer_id: None,
            payer_code: self.own("payer_id"),
            payer_name: self.own("payer_name"),
            member_id: self.personal("member_id"),
            group: self.personal("group_number"),
            is_subscriber: None,
        };
        (coverage != Coverage::default()).then_some(coverage)
    }

    pub(super) fn prescriber(&mut self) -> Option<Clinician> {
        let mut clinician = Clinician {
            name: self.own("prescriber_name"),
            phone: self.own("prescriber_phone"),
            fax: self.own("prescriber_fax"),
            ..Clinician::default()
        };
        if let Some((npi, at)) = self.placed("prescriber_npi") {
            codes::set_npi(&mut clinician, &npi, (&at, &mut self.problems));
        }
        (clinician != Clinician::default()).then_some(clinician)
    }

    pub(super) fn referrer(&self) -> Option<Organisation> {
        let organisation = Organisation {
            name: self.own("referrer_name"),
            identifier: self.own("referrer_id"),
            contact: self.own("referrer_contact"),
            phone: self.own("referrer_phone"),
            fax: self.own("referrer_fax"),
        };
        (organisation != Organisation::default()).then_some(organisation)
    }
}

/// Reads `Family, Given Middle` or `Given Middle Family`.
fn full_name(full: &str) -> (Option<Phi<String>>, Vec<Phi<String>>) {
    let given = |said: &str| said.split_whitespace().filter_map(phi).collect();
    if let Some((family, rest)) = full.split_once(',') {
        return (phi(family), given(rest));
    }
    match full.trim().rsplit_once(char::is_whitespace) {
        Some((rest, family)) => (phi(family), given(rest)),
        None => (phi(full), Vec::new()),
    }
}
