//! What a case is found by beside its number, and the member's name, birth date and first plan ID, which have indexes of
//! their own. The same function makes the entries and checks what they found: a number that was amended away finds nothing.

use crate::people::columns as personal;
use crate::people::{folded, member_id_norm};
use doorstep_case::auth::AuthEvent;
use doorstep_case::{Coverage, Event, Person, Recorded};
use std::collections::BTreeSet;

/// The words of one case that are kept. Whoever writes more is found by the first of them.
const WORDS_MAX: usize = 400;

/// A word is so long, in letters.
const WORD_LENGTH: std::ops::RangeInclusive<usize> = 3..=24;

/// So many digits are a telephone number, or the end of one without its area code.
pub(super) const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;

/// What is in every second text tells no case from another.
const COMMON: [&str; 28] = [
    "the", "and", "for", "with", "was", "has", "had", "have", "are", "that", "this", "from", "not",
    "but", "her", "his", "she", "him", "per", "pdf", "will", "been", "were", "they", "you", "any",
    "all", "who",
];

/// What an entry stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// A telephone number, its digits from the last to the first: an end that is said is a beginning.
    Phone,
    /// The plan ID of a coverage behind the first.
    PlanId,
    /// A sender's record number.
    Record,
    /// What the payer calls an authorization.
    Auth,
    /// Another part of a family name, or a middle name, as a name's beginning.
    Name,
    /// A word of a note or of a document's title.
    Word,
}

impl Kind {
    /// Returns an entry's key, or the beginning of one.
    pub(super) fn key(self, text: &str) -> String {
        let letter = match self {
            Self::Phone => 'p',
            Self::PlanId => 'm',
            Self::Record => 'r',
            Self::Auth => 'a',
            Self::Name => 'n',
            Self::Word => 'w',
        };
        format!("{letter}:{text}")
    }
}

/// Returns what the member of a case is found by.
pub(super) fn of_person(person: &Person, coverage: &[Coverage]) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    let phones = person.phones.iter().filter_map(|phone| phone_key(personal::text(&phone.number)));
    keys.extend(phones.map(|digits| Kind::Phone.key(&digits)));
    let others = coverage.iter().skip(1).filter_map(|coverage| coverage.member_id.as_ref());
    keys.extend(others.map(|id| Kind::PlanId.key(&member_id_norm(personal::text(id)))));
    let records = person.record_numbers.iter();
    keys.extend(records.map(|(_, id)| Kind::Record.key(&member_id_norm(personal::text(id)))));
    keys.extend(other_names(person).iter().map(|name| Kind::Name.key(name)));
    keys.retain(|key| key.len() > 3);
    keys
}

/// Returns the beginnings that a name has beside the two of its own columns: each half of `O'Brien-Smith`, a middle name.
fn other_names(person: &Person) -> Vec<String> {
    let family = person.family.as_ref().map(personal::text).unwrap_or_default();
    let given: Vec<String> =
        person.given.iter().flat_map(|name| words_of(personal::text(name))).collect();
    let first = given.first().cloned().unwrap_or_default();
    let parts = words_of(family);
    // The whole of it is in the columns: of one part there is no other.
    let of_family = parts.iter().filter(|_| parts.len() > 1).map(|part| format!("{part}{first}"));
    let middle = given.iter().skip(1).filter(|name| name.len() > 1);
    of_family.chain(middle.map(|name| format!("{name}{}", folded(family)))).collect()
}

/// Returns every word of the member's name, and the family name in one.
pub(super) fn names(person: &Person) -> BTreeSet<String> {
    let family = person.family.as_ref().map(personal::text);
    let given = person.given.iter().map(personal::text);
    let mut names: BTreeSet<String> = family.into_iter().chain(given).flat_map(words_of).collect();
    names.extend(family.map(folded).filter(|name| !name.is_empty()));
    names
}

/// Returns the words of a name, folded.
pub(super) fn words_of(name: &str) -> Vec<String> {
    let parts = name.split(|c: char| c.is_whitespace() || matches!(c, '-' | ',' | '/'));
    parts.map(folded).filter(|word| !word.is_empty()).collect()
}

/// Returns the digits of a telephone number from the last to the first, without the country's own code.
pub(super) fn phone_key(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.strip_prefix('1').filter(|rest| rest.len() == 10).unwrap_or(&digits);
    PHONE_DIGITS.contains(&digits.len()).then(|| digits.chars().rev().collect())
}

/// Returns what the payer called the authorizations of a case, past ones too.
pub(super) fn of_record(record: &[Recorded]) -> BTreeSet<String> {
    let number = |recorded: &Recorded| match &recorded.event {
        Event::Auth(
            AuthEvent::Approved { approval, .. } | AuthEvent::Modified { approval, .. },
        ) => Some(approval.number.clone()),
        Event::Auth(AuthEvent::Pended { reference, .. }) => reference.clone(),
        _ => None,
    };
    let numbers = record.iter().filter_map(number).map(|number| member_id_norm(&number));
    numbers.filter(|number| number.len() > 2).map(|number| Kind::Auth.key(&number)).collect()
}

/// Returns the words that texts are found by, each once.
pub(super) fn words<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    texts.flat_map(plain_words).take(WORDS_MAX).collect()
}

fn plain_words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '\'').map(plain);
    words.filter(|word| WORD_LENGTH.contains(&word.len()) && !COMMON.contains(&word.as_str()))
}

/// Letters folded as in names, and digits.
fn plain(word: &str) -> String {
    let mut key = String::with_capacity(word.len());
    for letter in word.chars() {
        if letter.is_ascii_digit() {
            key.push(letter);
        } else {
            key.push_str(&folded(letter.encode_utf8(&mut [0; 4])));
        }
    }
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorstep_vocab::Phi;

    #[test]
    fn a_number_is_the_same_however_it_is_written() {
        for text in ["(615) 555-0100", "615.555.0100", "+1 615 555 0100", "16155550100"] {
            assert_eq!(phone_key(text).as_deref(), Some("0010555516"), "{text}");
        }
        assert_eq!(phone_key("555-0100").as_deref(), Some("0010555"));
        assert_eq!(phone_key("0100"), None);
        assert!(phone_key("+1 615 555 0100").unwrap().starts_with(&phone_key("555-0100").unwrap()));
    }

    #[test]
    fn a_double_name_is_found_by_its_second_half() {
        let name = |text: &str| Phi::new(text.to_owned());
        let person = Person {
            family: Some(name("O'Brien-Smith")),
            given: vec![name("Anna"), name("Maria")],
            ..Person::default()
        };
        let keys = of_person(&person, &[]);
        assert!(keys.contains("n:smithanna") && keys.contains("n:obrienanna"), "{keys:?}");
        assert!(keys.contains("n:mariaobriensmith"), "{keys:?}");
        assert!(names(&person).contains("obriensmith") && names(&person).contains("smith"));
    }

    #[test]
    fn words_are_folded_and_common_ones_left_out() {
        let words = words(["The Wheelchair's ramp: José needs 2x4 boards, 150lb"].into_iter());
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        assert_eq!(words, ["150lb", "2x4", "boards", "jose", "needs", "ramp", "wheelchairs"]);
    }
}
