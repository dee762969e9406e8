//! Which cases somebody may read.

use crate::sql;
use doorstep_authz::{Grant, Reach, Sight};
use doorstep_case::{Role, ServiceLine};
use doorstep_db::Value;
use doorstep_vocab::{PayerId, Timestamp, UserId};
use std::collections::BTreeSet;

/// Values of a list in one condition come in steps of so many, so that few statements differ.
const STEP: usize = 8;

/// Leave to read case data, asked for by every function that reads it.
///
/// Only `app::Ctx` makes one, when it has checked who is asking and recorded the access; a check of the source text
/// holds everybody else to that. Functions answer a scope that sees nothing as if there were nothing.
///
/// **Invariant:** `Scope::condition` keeps exactly the rows for which [`Sight::decide`] allows: a list is the filter of
/// what may be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    sight: Sight,
}

impl Scope {
    /// Grants what is seen. For `app::Ctx` and tests only.
    pub fn granted(sight: Sight) -> Self {
        Self { sight }
    }

    /// Returns whose it is.
    pub fn user_id(&self) -> &UserId {
        &self.sight.user_id
    }

    /// Returns what is seen.
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// Returns one with every word that a condition can have, for those who check statements.
    pub(crate) fn example() -> Self {
        let mut sight = Sight::of("example".into(), Role::Agent);
        sight.walls.payers.insert("plan-a".into());
        sight.walls.shut.insert("plan-b".into());
        sight.walls.services.extend([ServiceLine::Dme, ServiceLine::HomeHealth]);
        sight.grants.push(Grant { case_id: "c1".into(), until: Timestamp(1), is_glass: false });
        Self::granted(sight)
    }

    /// Returns whether any case may be seen.
    pub fn sees_cases(&self) -> bool {
        Reach::of(self.sight.role) != Reach::Nothing
    }

    /// Returns whether every case is seen, whatever its walls and labels.
    pub(crate) fn sees_all(&self) -> bool {
        Reach::of(self.sight.role) == Reach::All
    }

    /// Returns the words that keep the rows of `case_head AS h` that are seen, beginning with ` AND ` or empty, and their
    /// values, of which the first is `$at`.
    pub(crate) fn condition(&self, at: usize) -> (String, Vec<Value>) {
        let mut values = Vec::new();
        let granted = self.granted_cases(at, &mut values);
        let inside = match Reach::of(self.sight.role) {
            Reach::All => return (String::new(), values),
            Reach::Nothing => return (" AND 1 = 0".to_owned(), values),
            Reach::Granted => {
                return (format!(" AND {}", granted.as_deref().unwrap_or("1 = 0")), values);
            }
            Reach::Walled | Reach::Masked => self.inside(at, &mut values),
        };
        if inside.is_empty() {
            // All is inside: the grants' values would stand in no word.
            return (String::new(), Vec::new());
        }
        match granted {
            Some(granted) => (format!(" AND ({inside} OR {granted})"), values),
            None => (format!(" AND {inside}"), values),
        }
    }

    fn granted_cases(&self, at: usize, values: &mut Vec<Value>) -> Option<String> {
        let cases: Vec<&str> = self.sight.live().map(|grant| grant.case_id.as_str()).collect();
        (!cases.is_empty()).then(|| format!("h.case_id IN ({})", listed(&cases, at, values)))
    }

    /// The words for what is inside the walls and not hidden by a label; empty where nothing is outside.
    fn inside(&self, at: usize, values: &mut Vec<Value>) -> String {
        let walls = &self.sight.walls;
        let mut words = Vec::new();
        if self.sight.role != Role::Supervisor {
            values.push(Value::from(self.sight.user_id.as_str()));
            words.push(format!("(h.labelled = 0 OR h.manager = ${})", at + values.len() - 1));
        }
        let names = |payers: &'_ BTreeSet<PayerId>| -> Vec<String> {
            payers.iter().map(ToString::to_string).collect()
        };
        for (names, is_in) in [(names(&walls.payers), "IN"), (names(&walls.shut), "NOT IN")] {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            if !names.is_empty() {
                words.push(format!("h.payer_id {is_in} ({})", listed(&names, at, values)));
            }
        }
        if !walls.services.is_empty() {
            let likes: Vec<String> = walls
                .services
                .iter()
                .map(|service| format!("h.services LIKE '%,{},%'", service.name()))
                .collect();
            words.push(format!("({})", likes.join(" OR ")));
        }
        match words.as_slice() {
            [] => String::new(),
            [one] => one.clone(),
            _ => format!("({})", words.join(" AND ")),
        }
    }
}

/// Adds the values, the last one again until they are a multiple of [`STEP`], and returns their places.
fn listed(names: &[&str], at: usize, values: &mut Vec<Value>) -> String {
    let from = at + values.len();
    let n = names.len().div_ceil(STEP) * STEP;
    let last = names.last().copied().unwrap_or_default();
    let all = names.iter().copied().chain(std::iter::repeat(last)).take(n);
    values.extend(all.map(Value::from));
    sql::places(from, n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(role: Role) -> Scope {
        Scope::granted(Sight::of("someone".into(), role))
    }

    #[test]
    fn staff_see_cases_and_administrators_do_not() {
        let sees = |role| of(role).sees_cases();
        assert!([Role::Agent, Role::Nurse, Role::Supervisor, Role::System].into_iter().all(sees));
        assert!(!sees(Role::Admin) && !sees(Role::Credentialing));
    }

    #[test]
    fn the_words_have_a_place_for_each_value() {
        let grant = |id: &str| Grant { case_id: id.into(), until: Timestamp(9), is_glass: false };
        for role in Role::PEOPLE.into_iter().chain([Role::System]) {
            let mut sight = Sight::of("someone".into(), role);
            for n in 0..12 {
                sight.grants.push(grant(&format!("c{n}")));
                sight.walls.shut.insert(format!("shut-{n}").as_str().into());
                sight.walls.payers.insert(format!("own-{n}").as_str().into());
                let (words, values) = Scope::granted(sight.clone()).condition(5);
                let mut places: Vec<usize> = words
                    .split('$')
                    .skip(1)
                    .map(|rest| {
                        rest.split(|c: char| !c.is_ascii_digit()).next().unwrap_or_default()
                    })
                    .map(|digits| digits.parse().unwrap_or_default())
                    .collect();
                places.sort_unstable();
                let wanted: Vec<usize> = (5..5 + values.len()).collect();
                assert_eq!(places, wanted, "{words}");
            }
        }
    }
}
