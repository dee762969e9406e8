//! What a person typed into one box, read as what it most likely is: people say names in any order, dates in any
//! form, and leave marks out.

use crate::people::folded;
use doorstep_vocab::{CaseNumber, CodeProblem, Date, Phi};

/// Ways in which a name is looked for.
pub(super) const SPELLINGS: usize = 4;

/// What follows a family name and is no part of it.
pub(super) const SUFFIXES: [&str; 7] = ["jr", "sr", "ii", "iii", "iv", "esq", "md"];

/// What is known. All that is given must hold; a query that gives nothing finds nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// The case number.
    pub number: Option<CaseNumber>,
    /// The beginning of the name, in any order and with or without the names between.
    pub name: Option<Phi<String>>,
    /// The birth date.
    pub birth_on: Option<Phi<Date>>,
    /// The birth date that would do as well: of a year said in two digits, the other century.
    pub or_birth_on: Option<Phi<Date>>,
    /// A plan ID, telephone, authorization or record number, in any spelling.
    pub code: Option<Phi<String>>,
}

impl Query {
    /// Reads what a person typed into one box: a case number, or a name or another number, with a date of birth or
    /// without. What holds a digit and is neither case number nor date is another number.
    pub fn typed(text: &str) -> Self {
        let text = text.trim();
        if let Ok(number) = CaseNumber::parse(text) {
            return Self { number: Some(number), ..Self::default() };
        }
        let mut query = Self::default();
        let mut rest: Vec<&str> = Vec::new();
        for word in text.split_whitespace() {
            match dates(word.trim_matches([',', ';'])) {
                Some((birth_on, or_birth_on)) if query.birth_on.is_none() => {
                    query.birth_on = Some(Phi::new(birth_on));
                    query.or_birth_on = or_birth_on.map(Phi::new);
                }
                _ => rest.push(word),
            }
        }
        let rest = rest.join(" ");
        if rest.bytes().any(|byte| byte.is_ascii_digit()) {
            query.code = Some(Phi::new(rest));
        } else if rest.chars().any(char::is_alphanumeric) || query.birth_on.is_none() {
            query.name = Some(Phi::new(rest));
        }
        query
    }

    /// Returns the birth dates that would do.
    pub(super) fn dates(&self) -> Vec<Date> {
        [&self.birth_on, &self.or_birth_on].into_iter().flatten().map(|on| *on.reveal()).collect()
    }

    /// Returns what is wrong with a text that can only be meant as a case number and is none.
    pub fn misread_number(text: &str) -> Option<CodeProblem> {
        let problem = CaseNumber::parse(text.trim()).err()?;
        let n_digits = text.chars().filter(char::is_ascii_digit).count();
        let letters: String = text.chars().filter(char::is_ascii_alphabetic).collect();
        let is_meant = problem.code == "case-number-check"
            || letters.eq_ignore_ascii_case("hc") && text.trim().len() > 2 && n_digits > 5;
        is_meant.then_some(problem)
    }
}

/// Reads `2026-07-03`, `2026/7/3`, and `7/3/2026`, `07-03-26`, `7.3.26` as it is said in the United States. A year of two
/// digits may be of either century.
fn dates(text: &str) -> Option<(Date, Option<Date>)> {
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [first, second, third] = *parts.as_slice() else { return None };
    let date = |year: i16, month: &str, day: &str| {
        Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
    };
    if parts.iter().any(|part| part.is_empty() || !part.bytes().all(|byte| byte.is_ascii_digit())) {
        return None;
    }
    if first.len() == 4 {
        return Some((date(first.parse().ok()?, second, third)?, None));
    }
    let year: i16 = third.parse().ok()?;
    match third.len() {
        4 => Some((date(year, first, second)?, None)),
        2 => {
            let (old, young) = (date(1900 + year, first, second), date(2000 + year, first, second));
            old.map(|old| (old, young)).or(young.map(|young| (young, None)))
        }
        _ => None,
    }
}

/// Returns what a name may begin with as it is kept, folded: as typed, then without the names between the first and the
/// last, in either order. What is spelled alike stands there twice.
pub(super) fn spellings(name: &str) -> [String; SPELLINGS] {
    let whole = folded(name);
    let said: Vec<String> = name
        .split(|c: char| c.is_whitespace() || c == ',')
        .map(folded)
        .filter(|word| !word.is_empty() && !SUFFIXES.contains(&word.as_str()))
        .collect();
    let bare = said.concat();
    let (first, last) = match (name.split_once(','), said.as_slice()) {
        (Some((family, _)), [_, ..]) => {
            let family: String = family
                .split_whitespace()
                .map(folded)
                .filter(|word| !SUFFIXES.contains(&word.as_str()))
                .collect();
            let mut left = family.len();
            let given = said.iter().find(|word| {
                let is_given = left == 0;
                left = left.saturating_sub(word.len());
                is_given
            });
            (given.cloned().unwrap_or_default(), family)
        }
        (None, [first, .., last]) => (first.clone(), last.clone()),
        _ => (String::new(), whole.clone()),
    };
    // Family name first, without a comma and with something behind it.
    let turned = match said.as_slice() {
        [family, given, _, ..] if !name.contains(',') => format!("{family}{given}"),
        _ => bare,
    };
    [whole, format!("{first}{last}"), format!("{last}{first}"), turned]
}

#[cfg(test)]
mod tests {
    use super::{Query, spellings};
    use doorstep_vocab::{Date, Phi};

    fn born(year: i16) -> Phi<Date> {
        Phi::new(Date::constant(year, 7, 3))
    }

    #[test]
    fn one_box_is_enough() {
        assert!(Query::typed(" hc 260703 000042 6").number.is_some());
        assert_eq!(Query::typed("7/33/1950").code, Some(Phi::new("7/33/1950".to_owned())));
        assert_eq!(Query::typed("TEST-123").code, Some(Phi::new("TEST-123".to_owned())));
        assert_eq!(Query::typed("Example, T").name, Some(Phi::new("Example, T".to_owned())));
    }

    #[test]
    fn a_birth_date_is_read_in_every_form() {
        for text in ["1950-07-03", "1950-7-3", "1950/07/03", "7/3/1950", "07-03-1950", "7.3.1950"] {
            let query = Query::typed(text);
            assert_eq!((query.birth_on, query.or_birth_on), (Some(born(1950)), None), "{text}");
            assert_eq!((query.name, query.code), (None, None), "{text}");
        }
        for text in ["07/03/50", "7-3-50", "7.3.50"] {
            let query = Query::typed(text);
            assert_eq!(
                (query.birth_on, query.or_birth_on),
                (Some(born(1950)), Some(born(2050))),
                "{text}"
            );
        }
        let leap = Query::typed("2/29/00");
        assert_eq!(
            leap.birth_on,
            Some(Phi::new(Date::constant(2000, 2, 29))),
            "1900 had no such day"
        );
    }

    #[test]
    fn a_name_or_a_plan_id_may_have_a_date_beside_it() {
        for text in ["Smith 7/3/1950", "7/3/1950 Smith", "Smith, 1950-7-3"] {
            let query = Query::typed(text);
            assert_eq!(query.birth_on, Some(born(1950)), "{text}");
            assert_eq!(spellings(query.name.unwrap().reveal())[0], "smith", "{text}");
        }
        let query = Query::typed("TEST-0001 07/03/1950");
        assert_eq!(
            (query.birth_on, query.code),
            (Some(born(1950)), Some(Phi::new("TEST-0001".to_owned())))
        );
    }

    #[test]
    fn a_number_with_a_wrong_digit_is_no_plan_id() {
        let wrong = Query::misread_number("HC-260703-000042-7").unwrap();
        assert_eq!(wrong.code, "case-number-check");
        assert_eq!(Query::misread_number("hc 260703").unwrap().code, "case-number-format");
        for text in ["HC-260703-000042-6", "TEST-0001", "HCG 123456", "Hc", "7/3/1950", ""] {
            assert_eq!(Query::misread_number(text), None, "{text}");
        }
    }

    #[test]
    fn names_are_looked_for_in_every_order() {
        let finds = |typed: &str, key: &str| {
            spellings(typed).iter().any(|spelling| key.starts_with(spelling))
        };
        for typed in [
            "Anna M Smith",
            "anna smith",
            "Smith, Anna M.",
            "SMITH ANNA",
            "Smith Anna M",
            "Anna Smith Jr",
        ] {
            assert!(
                finds(typed, "smithanna") || finds(typed, "annasmith"),
                "{typed}: {:?}",
                spellings(typed)
            );
        }
        assert!(finds("De La Cruz, Ana Q", "delacruzana"), "{:?}", spellings("De La Cruz, Ana Q"));
        assert!(finds("O'Brien-Smith", "obriensmithanna"));
        assert!(!finds("Smith, Bea", "smithanna") && !finds("Smith, Bea", "annasmith"));
    }
}
