//! How well what was asked for fits the member of a case, and why: exactly, by its beginning, by a nickname, or but for one
//! slip. Pure; every hit passes through here, whatever found it.

use super::near::{self, Slip};
use super::typed::{SUFFIXES, spellings};
use super::{keys, nicknames};
use crate::people::columns as personal;
use crate::people::{Party, folded, member_id_norm};
use doorstep_case::Person;
use doorstep_vocab::{Date, Phi};

/// How well something fits: 0 exactly, more for each thing that is not as it was said, with words for each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Fit {
    pub(super) off: u32,
    pub(super) reasons: Vec<Phi<String>>,
}

/// A beginning only.
const BEGINS: u32 = 1;
/// A name that stands for another.
const NICKNAME: u32 = 2;
/// Family and given name the other way round.
const SWAPPED: u32 = 2;
/// One letter of a name is another.
const LETTER: u32 = 4;
/// One slip in a date.
const DATE: u32 = 4;
/// Said by a note or a document, and of nobody in particular.
pub(super) const WORDS: u32 = 9;

impl Fit {
    fn new(off: u32, reason: impl Into<String>) -> Self {
        Self { off, reasons: vec![Phi::new(reason.into())] }
    }

    pub(super) fn and(mut self, other: Self) -> Self {
        self.off += other.off;
        self.reasons.extend(other.reasons);
        self
    }
}

/// Returns how a typed name fits the member's; `None` when it does not.
pub(super) fn name(typed: &str, person: &Person) -> Option<Fit> {
    let swapped = if is_swapped(typed, person) {
        Fit::new(SWAPPED, "family and given name are the other way round")
    } else {
        Fit::default()
    };
    whole_name(typed, person).or_else(|| each_word(typed, person)).map(|fit| fit.and(swapped))
}

/// As it is written or said, whole or its beginning.
fn whole_name(typed: &str, person: &Person) -> Option<Fit> {
    let family = person.family.as_ref().map(personal::text).map(folded).unwrap_or_default();
    let given: Vec<String> = person.given.iter().map(personal::text).map(folded).collect();
    let first = given.first().cloned().unwrap_or_default();
    let all = [format!("{family}{}", given.concat()), format!("{first}{family}")];
    let spellings = spellings(typed);
    let mut spellings = spellings.iter().filter(|spelling| !spelling.is_empty());
    let ends = [all[0].clone(), all[1].clone(), format!("{family}{first}"), family, first];
    if spellings.clone().any(|spelling| ends.contains(spelling)) {
        return Some(Fit::new(0, "name"));
    }
    spellings
        .any(|spelling| all.iter().any(|name| name.starts_with(spelling)))
        .then(|| Fit::new(BEGINS, "name begins so"))
}

/// Word by word in any order: each has to be one of the member's, one of them with a wrong letter.
fn each_word(typed: &str, person: &Person) -> Option<Fit> {
    let mut left: Vec<String> = keys::names(person).into_iter().collect();
    let words = said(typed);
    let (mut fit, mut is_forgiven) = (Fit::default(), false);
    for word in &words {
        let best =
            left.iter().enumerate().filter_map(|(at, name)| Some((one_word(word, name)?, at)));
        match best.min_by_key(|((off, _), _)| *off) {
            Some(((off, reason), at)) if off < LETTER || !is_forgiven => {
                is_forgiven |= off >= LETTER;
                fit.off += off;
                fit.reasons.extend(reason.map(Phi::new));
                left.remove(at);
            }
            // An initial that the record does not have is no contradiction.
            _ if word.len() == 1 && words.len() > 2 => {}
            _ => return None,
        }
    }
    if words.is_empty() {
        return None;
    }
    if fit.reasons.is_empty() {
        fit.reasons.push(Phi::new("all parts of the name".to_owned()));
    }
    Some(fit)
}

fn one_word(word: &str, name: &str) -> Option<(u32, Option<String>)> {
    if word == name {
        return Some((0, None));
    }
    if nicknames::are(word, name) {
        return Some((NICKNAME, Some(nickname(word, name))));
    }
    if name.starts_with(word) {
        return Some((BEGINS, Some(format!("{} begins so", shown(name)))));
    }
    near::is_near(word, name)
        .then(|| (LETTER, Some(format!("one letter of {} differs", shown(name)))))
}

fn nickname(said: &str, name: &str) -> String {
    let (said_shown, name_shown) = (shown(said), shown(name));
    if nicknames::is_full(name, said) {
        format!("{said_shown} is a nickname of {name_shown}")
    } else if nicknames::is_full(said, name) {
        format!("{name_shown} is a nickname of {said_shown}")
    } else {
        format!("{said_shown} and {name_shown} are nicknames of one name")
    }
}

/// A folded name as a name is written.
fn shown(name: &str) -> String {
    let mut letters = name.chars();
    letters
        .next()
        .map_or(String::new(), |first| first.to_ascii_uppercase().to_string() + letters.as_str())
}

/// Returns the words of a typed name without what follows a family name and is no part of it.
pub(super) fn said(typed: &str) -> Vec<String> {
    let words = keys::words_of(typed).into_iter();
    words.filter(|word| !SUFFIXES.contains(&word.as_str())).collect()
}

/// What was said before a comma is this member's given name.
fn is_swapped(typed: &str, person: &Person) -> bool {
    let Some((family, given)) = typed.split_once(',') else { return false };
    let (family, given) = (folded(family), folded(given));
    let own = person.family.as_ref().map(personal::text).map(folded).unwrap_or_default();
    let is_given = |name: &Phi<String>| folded(personal::text(name)).starts_with(&family);
    !family.is_empty()
        && !given.is_empty()
        && own != family
        && own.starts_with(&given)
        && person.given.iter().any(is_given)
}

/// Returns how a birth date fits; `None` when it is another.
pub(super) fn birth_on(asked: &[Date], own: Date) -> Option<Fit> {
    if asked.contains(&own) {
        return Some(Fit::new(0, "birth date"));
    }
    let slip = asked.iter().find_map(|asked| near::slip(*asked, own))?;
    let words = match slip {
        Slip::Digit => "birth date differs in one digit",
        Slip::Swapped => "two digits of the birth date are swapped",
        Slip::DayAndMonth => "day and month of the birth date are swapped",
    };
    Some(Fit::new(DATE, words))
}

/// Returns which of the case's numbers a typed one is, or begins. `found` are its entries that were found by it.
pub(super) fn code(typed: &str, party: &Party, found: &[String]) -> Option<Fit> {
    let norm = member_id_norm(typed);
    if norm.is_empty() {
        return None;
    }
    let first = party.coverage.first().and_then(|coverage| coverage.member_id.as_ref());
    let first = first.map(|id| member_id_norm(personal::text(id))).unwrap_or_default();
    if first.starts_with(&norm) {
        return Some(beginning(first == norm, "plan ID"));
    }
    let own: Vec<String> = keys::of_person(&party.person, &party.coverage).into_iter().collect();
    let holds = |kind: keys::Kind, text: &str| {
        // What the payer calls it is in the record, which only grows: as it was found, so it is.
        let all = if kind == keys::Kind::Auth { found } else { &own };
        let key = kind.key(text);
        let mut entries = all.iter().filter(|entry| entry.starts_with(&key)).peekable();
        entries.peek()?;
        Some(entries.any(|entry| *entry == key))
    };
    let phone = keys::phone_key(typed);
    if let Some(is_whole) = phone.and_then(|digits| holds(keys::Kind::Phone, &digits)) {
        let words = if is_whole { "telephone number" } else { "telephone number ends so" };
        return Some(Fit::new(u32::from(!is_whole), words));
    }
    let others = [
        (keys::Kind::Auth, "authorization number"),
        (keys::Kind::PlanId, "another plan ID"),
        (keys::Kind::Record, "record number"),
    ];
    others.into_iter().find_map(|(kind, words)| Some(beginning(holds(kind, &norm)?, words)))
}

fn beginning(is_whole: bool, words: &str) -> Fit {
    if is_whole { Fit::new(0, words) } else { Fit::new(BEGINS, format!("{words} begins so")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(family: &str, given: &[&str]) -> Person {
        let given = given.iter().map(|name| Phi::new((*name).to_owned())).collect();
        Person { family: Some(Phi::new(family.to_owned())), given, ..Person::default() }
    }

    fn why(typed: &str, person: &Person) -> Option<(u32, Vec<String>)> {
        let fit = name(typed, person)?;
        Some((fit.off, fit.reasons.iter().map(|words| words.reveal().clone()).collect()))
    }

    fn says(typed: &str, person: &Person) -> String {
        why(typed, person).map_or(String::new(), |(_, reasons)| reasons.join("; "))
    }

    #[test]
    fn a_name_fits_in_every_order_and_form() {
        let own = person("O'Brien-Smith", &["William", "Quill"]);
        for typed in [
            "obriensmith",
            "O'Brien-Smith, William",
            "william o brien smith",
            "WILLIAM OBRIEN-SMITH",
        ] {
            assert_eq!(why(typed, &own).map(|(off, _)| off), Some(0), "{typed}");
        }
        assert_eq!(says("smith william", &own), "all parts of the name");
        assert_eq!(says("will obri", &own), "Will is a nickname of William; Obrien begins so");
        assert_eq!(says("Bill Smith", &own), "Bill is a nickname of William");
        assert_eq!(says("William Smyth", &own), "one letter of Smith differs");
        assert_eq!(says("William X Smith", &own), "all parts of the name");
        for typed in ["", "Bea Smith", "Wiliam Smyth", "Smith Smith William William"] {
            assert_eq!(why(typed, &own), None, "{typed}");
        }
    }

    #[test]
    fn the_better_fit_is_less_off() {
        let off = |typed| why(typed, &person("Smith", &["William"])).map(|(off, _)| off);
        assert!(off("William Smith") < off("William Smi"));
        assert!(off("William Smi") < off("Bill Smith"));
        assert!(off("Bill Smith") < off("William Smyth"));
    }

    #[test]
    fn names_the_other_way_round_are_said_to_be() {
        let words = "family and given name are the other way round";
        assert!(says("Smith, William", &person("William", &["Smith"])).contains(words));
        assert!(!says("Smith, William", &person("Smith", &["William"])).contains(words));
    }

    #[test]
    fn a_slip_in_a_date_is_named() {
        let asked = [Date::constant(1950, 7, 3)];
        let says = |on| birth_on(&asked, on).map(|fit| fit.reasons[0].reveal().clone());
        assert_eq!(says(asked[0]).as_deref(), Some("birth date"));
        assert_eq!(
            says(Date::constant(1950, 7, 8)).as_deref(),
            Some("birth date differs in one digit")
        );
        assert_eq!(says(Date::constant(1951, 8, 3)), None);
    }
}
