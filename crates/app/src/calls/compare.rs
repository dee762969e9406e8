//! Whether what a caller says is what is on file. Each comparison is of whole folded values, in a time that does not depend
//! on how much of them is alike. Source: trust.md 6.4.

use crate::secret::digest;
use doorstep_case::calls::Identifier;
use doorstep_case::{Case, Person};
use doorstep_store::people::{Party, folded, member_id_norm};
use doorstep_vocab::{CaseNumber, Date};
use std::collections::BTreeSet;
use subtle::ConstantTimeEq as _;

/// Digits that a telephone number has without its country's 1.
const PHONE_DIGITS: usize = 10;
/// Digits that are too few for a telephone number.
const PHONE_MIN: usize = 7;

/// What is on file.
pub(super) struct OnFile<'a> {
    pub(super) case: &'a Case,
    pub(super) party: &'a Party,
    /// NPIs of those who ordered it, and of providers who have a line of it.
    pub(super) npis: &'a [String],
}

/// Returns whether `said` is what is on file. Nothing is never what is on file.
pub(super) fn is_same(identifier: Identifier, said: &str, file: &OnFile) -> bool {
    let person = &file.party.person;
    match identifier {
        Identifier::Name => is_name(said, person),
        Identifier::BirthDate => {
            let on_file = person.birth_on.as_ref().map(|on| on.reveal().to_string());
            let said = date(said).map(|on| on.to_string());
            on_file.zip(said).is_some_and(|(file, said)| same(&file, &said))
        }
        Identifier::MemberId => {
            let ids = file.party.coverage.iter().filter_map(|coverage| coverage.member_id.as_ref());
            any(ids.map(|id| member_id_norm(id.reveal())), &member_id_norm(said))
        }
        Identifier::Address => is_address(said, person),
        Identifier::Phone => {
            let said = phone(said);
            let known = person.phones.iter().map(|known| phone(known.number.reveal()));
            said.len() >= PHONE_MIN && any(known, &said)
        }
        Identifier::CaseNumber => {
            CaseNumber::parse(said).is_ok_and(|said| file.case.number.as_ref() == Some(&said))
        }
        Identifier::Npi => any(file.npis.iter().cloned(), said.trim()),
    }
}

/// Compares with every one, not only until one is found.
fn any(known: impl Iterator<Item = String>, said: &str) -> bool {
    known.fold(false, |found, known| found | same(&known, said))
}

fn same(known: &str, said: &str) -> bool {
    let alike = digest(known.as_bytes()).as_bytes().ct_eq(digest(said.as_bytes()).as_bytes());
    bool::from(alike) & !known.is_empty()
}

/// A family name and a given name were said, in any order, and nothing that is no part of the name.
fn is_name(said: &str, person: &Person) -> bool {
    let said = words(said);
    let family: BTreeSet<String> =
        person.family.iter().flat_map(|name| words(name.reveal())).collect();
    let given: BTreeSet<String> =
        person.given.iter().flat_map(|name| words(name.reveal())).collect();
    let suffix: BTreeSet<String> =
        person.suffix.iter().flat_map(|name| words(name.reveal())).collect();
    let known =
        |word: &String| family.contains(word) || given.contains(word) || suffix.contains(word);
    let has_family = !family.is_empty() && family.iter().all(|word| said.contains(word));
    has_family && said.iter().any(|word| given.contains(word)) && said.iter().all(known)
}

fn words(name: &str) -> BTreeSet<String> {
    let words = name.split(|c: char| !c.is_alphabetic() && c != '\'' && c != '\u{2019}');
    words.map(folded).filter(|word| !word.is_empty()).collect()
}

/// The number of the house and the ZIP: streets are said and written in too many ways.
fn is_address(said: &str, person: &Person) -> bool {
    let Some(address) = &person.address else { return false };
    let lines: Vec<&str> = address.lines.iter().map(|line| line.reveal().as_str()).collect();
    let house = numbers(&lines.join(" ")).into_iter().next();
    let zip: Option<String> =
        address.zip.as_ref().map(|zip| zip.reveal().chars().take(5).collect());
    let said = numbers(said);
    match (house, zip) {
        (Some(house), Some(zip)) if said.len() >= 2 => {
            any(said.first().cloned().into_iter(), &house) & any(said.into_iter().skip(1), &zip)
        }
        _ => false,
    }
}

fn numbers(text: &str) -> Vec<String> {
    let parts = text.split(|c: char| !c.is_ascii_digit());
    parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn phone(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let from = digits.len().saturating_sub(PHONE_DIGITS);
    digits[from..].to_owned()
}

/// `2026-07-03`, or `7/3/1950` as it is said in the United States.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut parts = text.split(['/', '-', '.']).map(str::trim);
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let is_whole = year.len() == 4 && parts.next().is_none();
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?).ok();
    date.filter(|_| is_whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_case::{Address, Coverage, Phone};
    use doorstep_vocab::Phi;

    fn text(text: &str) -> Phi<String> {
        Phi::new(text.to_owned())
    }

    fn party() -> Party {
        let person = Person {
            family: Some(text("O'Example-Muster")),
            given: vec![text("Testa"), text("Q")],
            birth_on: Some(Phi::new(Date::constant(1950, 7, 4))),
            address: Some(Address {
                lines: vec![text("12 Sample Street, Apt 3")],
                zip: Some(text("60601-1234")),
                ..Address::default()
            }),
            phones: vec![Phone { number: text("+1 (608) 555-0100"), kind: String::new() }],
            ..Person::default()
        };
        let coverage = Coverage { member_id: Some(text("TEST-0001")), ..Coverage::default() };
        Party { person, coverage: vec![coverage], ..Party::default() }
    }

    fn says(identifier: Identifier, said: &str) -> bool {
        let (party, case) = (party(), Case::default());
        let npis = ["1234567893".to_owned()];
        is_same(identifier, said, &OnFile { case: &case, party: &party, npis: &npis })
    }

    #[test]
    fn what_callers_say_is_recognised_in_their_own_spelling() {
        let said = [
            (Identifier::Name, "testa oexample muster"),
            (Identifier::Name, "O\u{2019}Example-Muster, Testa Q"),
            (Identifier::BirthDate, "1950-07-04"),
            (Identifier::BirthDate, "7/4/1950"),
            (Identifier::MemberId, "test 0001"),
            (Identifier::Address, "12 Sample St 60601"),
            (Identifier::Phone, "608 555 0100"),
            (Identifier::Npi, " 1234567893 "),
        ];
        for (identifier, text) in said {
            assert!(says(identifier, text), "{identifier:?} {text}");
        }
    }

    #[test]
    fn a_part_or_nothing_of_it_is_no_match() {
        let said = [
            (Identifier::Name, "Testa"),
            (Identifier::Name, "O'Example-Muster"),
            (Identifier::Name, "Testa Muster"),
            (Identifier::Name, "Testa O'Example-Muster Smith"),
            (Identifier::Name, ""),
            (Identifier::BirthDate, "1950-07-05"),
            (Identifier::BirthDate, "7/4/50"),
            (Identifier::MemberId, "0001"),
            (Identifier::MemberId, "-"),
            (Identifier::Address, "60601"),
            (Identifier::Address, "3 Sample St 60601"),
            (Identifier::Address, "12 Sample St 60602"),
            (Identifier::Phone, "555"),
            (Identifier::Phone, ""),
            (Identifier::CaseNumber, "HC-260703-000042-6"),
            (Identifier::Npi, ""),
        ];
        for (identifier, text) in said {
            assert!(!says(identifier, text), "{identifier:?} {text}");
        }
    }

    #[test]
    fn what_is_not_on_file_matches_nothing() {
        let (case, party) = (Case::default(), Party::default());
        let file = OnFile { case: &case, party: &party, npis: &[] };
        for identifier in Identifier::ALL {
            for said in ["", " ", "0", "1950-07-04"] {
                assert!(!is_same(*identifier, said, &file), "{identifier:?} `{said}`");
            }
        }
    }
}
