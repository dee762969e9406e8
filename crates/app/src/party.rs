//! The people of a case when something about them arrives: put in place of what is known, or only beside it.
//!
//! **Invariant:** nothing is emptied by leaving it out. A second telephone, a second coverage, the third line of an address
//! stay when what arrives does not name them.

use crate::intake::matching::folded;
use crate::intake::pairs::Difference;
use doorstep_case::{Address, Clinician, Coverage, Organisation, Person, Phone};
use doorstep_store::people::Party;
use doorstep_vocab::Phi;

/// Returns `known` with what `came` says in its place, element by element.
pub(crate) fn merged(known: &Party, came: &Party) -> Party {
    Party {
        person: laid_over(&came.person, &known.person),
        coverage: beside(&known.coverage, &came.coverage, |known, came| {
            if is_other_payer(known, came) { came.clone() } else { coverage(came, known) }
        }),
        prescriber: either(known.prescriber.as_ref(), came.prescriber.as_ref(), |known, came| {
            let is_other = differ(known.npi.as_ref(), came.npi.as_ref())
                || differ(known.name.as_ref(), came.name.as_ref());
            if is_other { came.clone() } else { clinician(came, known) }
        }),
        referrer: either(known.referrer.as_ref(), came.referrer.as_ref(), |known, came| {
            let is_other = differ(known.name.as_ref(), came.name.as_ref());
            if is_other { came.clone() } else { organisation(came, known) }
        }),
    }
}

/// Returns `known` with what it lacks taken from `came`.
pub(crate) fn filled(known: &Party, came: &Party) -> Party {
    let mut person = laid_over(&known.person, &came.person);
    // A number of one kind does not make another of that kind needless.
    person.phones = phones(&known.person.phones, &came.person.phones, false);
    Party {
        person,
        coverage: beside(&known.coverage, &came.coverage, |known, came| {
            if is_other_payer(known, came) { known.clone() } else { coverage(known, came) }
        }),
        prescriber: either(known.prescriber.as_ref(), came.prescriber.as_ref(), clinician),
        referrer: either(known.referrer.as_ref(), came.referrer.as_ref(), organisation),
    }
}

/// Returns in what the two cannot both hold, where matching does not look.
pub(crate) fn differing(known: &Party, came: &Party) -> Vec<Difference> {
    let mut out = Vec::new();
    let mut differ = |what: &str, came: Option<String>, known: Option<String>| {
        if let (Some(came), Some(known)) = (came, known) {
            out.push(Difference { what: what.to_owned(), came, known });
        }
    };
    let addresses = (&known.person.address, &came.person.address);
    if let (Some(known), Some(came)) = addresses
        && is_elsewhere(known, came)
    {
        differ("the address", Some(shown(came)), Some(shown(known)));
    }
    if let (Some(known), Some(came)) = (&known.person.email, &came.person.email)
        && folded(known.reveal()) != folded(came.reveal())
    {
        differ("the e-mail address", Some(came.reveal().clone()), Some(known.reveal().clone()));
    }
    for (known, came) in known.coverage.iter().zip(&came.coverage) {
        if is_other_payer(known, came) {
            let name = |one: &Coverage| {
                let id = one.payer_id.as_ref().map(ToString::to_string);
                id.or_else(|| one.payer_name.clone())
            };
            differ("the payer", name(came), name(known));
        } else if let (Some(known), Some(came)) = (&known.group, &came.group)
            && folded(known.reveal()) != folded(came.reveal())
        {
            differ("the group number", Some(came.reveal().clone()), Some(known.reveal().clone()));
        }
    }
    out
}

fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// Returns what `first` says, and where it is silent, what `then` does.
fn laid_over(first: &Person, then: &Person) -> Person {
    Person {
        family: first.family.clone().or_else(|| then.family.clone()),
        given: if first.given.is_empty() { then.given.clone() } else { first.given.clone() },
        suffix: first.suffix.clone().or_else(|| then.suffix.clone()),
        birth_on: first.birth_on.clone().or_else(|| then.birth_on.clone()),
        sex: first.sex.clone().or_else(|| then.sex.clone()),
        address: either(then.address.as_ref(), first.address.as_ref(), |then, first| {
            address(first, then)
        }),
        phones: phones(&then.phones, &first.phones, true),
        email: first.email.clone().or_else(|| then.email.clone()),
        language: first.language.clone().or_else(|| then.language.clone()),
        record_numbers: record_numbers(&first.record_numbers, &then.record_numbers),
    }
}

/// The rest of an address belongs to its street: of another street nothing is kept.
fn address(first: &Address, then: &Address) -> Address {
    let street = |address: &Address| address.lines.first().map(|line| folded(line.reveal()));
    if differ(street(first).as_ref(), street(then).as_ref()) {
        return first.clone();
    }
    let n = first.lines.len().max(then.lines.len());
    let line = |at: usize| first.lines.get(at).or_else(|| then.lines.get(at)).cloned();
    Address {
        lines: (0..n).filter_map(line).collect(),
        city: first.city.clone().or_else(|| then.city.clone()),
        state: first.state.clone().or_else(|| then.state.clone()),
        zip: first.zip.clone().or_else(|| then.zip.clone()),
    }
}

/// Two ways of writing one address share the number of the house and the five digits of the ZIP.
fn is_elsewhere(known: &Address, came: &Address) -> bool {
    let house = |address: &Address| {
        let line = address.lines.first()?.reveal();
        let digits = |word: &str| word.chars().filter(char::is_ascii_digit).collect::<String>();
        line.split_whitespace().map(digits).find(|word| !word.is_empty())
    };
    let zip = |address: &Address| address.zip.as_ref().map(|zip| digits(zip.reveal(), 5));
    differ(house(known).as_ref(), house(came).as_ref())
        || differ(zip(known).as_ref(), zip(came).as_ref())
}

fn shown(address: &Address) -> String {
    let lines = address.lines.iter();
    let rest = [&address.city, &address.state, &address.zip].into_iter().flatten();
    lines.chain(rest).map(|part| part.reveal().as_str()).collect::<Vec<_>>().join(", ")
}

fn digits(text: &str, most: usize) -> String {
    text.chars().filter(char::is_ascii_digit).take(most).collect()
}

/// Returns the known numbers and those that came, each once. `replaces`: one that came takes the place of the first of
/// its kind.
fn phones(known: &[Phone], came: &[Phone], replaces: bool) -> Vec<Phone> {
    let number = |phone: &Phone| digits(phone.number.reveal(), usize::MAX);
    let mut out = known.to_vec();
    let mut kinds: Vec<&str> = Vec::new();
    for phone in came {
        if let Some(same) = out.iter_mut().find(|one| number(one) == number(phone)) {
            if replaces || same.kind.is_empty() {
                *same = phone.clone();
            }
            continue;
        }
        let is_first = !kinds.contains(&phone.kind.as_str());
        kinds.push(&phone.kind);
        match out.iter_mut().find(|one| one.kind == phone.kind) {
            Some(old) if replaces && is_first => *old = phone.clone(),
            _ => out.push(phone.clone()),
        }
    }
    out
}

fn record_numbers(
    first: &[(String, Phi<String>)],
    then: &[(String, Phi<String>)],
) -> Vec<(String, Phi<String>)> {
    let is_other = |one: &&(String, Phi<String>)| first.iter().all(|known| known.0 != one.0);
    first.iter().chain(then.iter().filter(is_other)).cloned().collect()
}

fn is_other_payer(known: &Coverage, came: &Coverage) -> bool {
    match (&known.payer_id, &came.payer_id) {
        (Some(known), Some(came)) => known != came,
        (None, None) => {
            let name = |one: &Coverage| one.payer_name.as_ref().map(|name| folded(name));
            differ(name(known).as_ref(), name(came).as_ref())
        }
        _ => false,
    }
}

fn coverage(first: &Coverage, then: &Coverage) -> Coverage {
    Coverage {
        payer_id: first.payer_id.clone().or_else(|| then.payer_id.clone()),
        payer_code: first.payer_code.clone().or_else(|| then.payer_code.clone()),
        payer_name: first.payer_name.clone().or_else(|| then.payer_name.clone()),
        member_id: first.member_id.clone().or_else(|| then.member_id.clone()),
        group: first.group.clone().or_else(|| then.group.clone()),
        is_subscriber: first.is_subscriber.or(then.is_subscriber),
    }
}

fn clinician(first: &Clinician, then: &Clinician) -> Clinician {
    let npi = if first.npi.is_some() { first } else { then };
    Clinician {
        name: first.name.clone().or_else(|| then.name.clone()),
        npi: npi.npi.clone(),
        npi_valid: npi.npi_valid,
        phone: first.phone.clone().or_else(|| then.phone.clone()),
        fax: first.fax.clone().or_else(|| then.fax.clone()),
    }
}

fn organisation(first: &Organisation, then: &Organisation) -> Organisation {
    Organisation {
        name: first.name.clone().or_else(|| then.name.clone()),
        identifier: first.identifier.clone().or_else(|| then.identifier.clone()),
        contact: first.contact.clone().or_else(|| then.contact.clone()),
        phone: first.phone.clone().or_else(|| then.phone.clone()),
        fax: first.fax.clone().or_else(|| then.fax.clone()),
    }
}

fn either<T: Clone>(known: Option<&T>, came: Option<&T>, both: impl Fn(&T, &T) -> T) -> Option<T> {
    match (known, came) {
        (Some(known), Some(came)) => Some(both(known, came)),
        (known, came) => known.or(came).cloned(),
    }
}

/// Joins two lists place by place; what only one of them has stays.
fn beside<T: Clone>(known: &[T], came: &[T], both: impl Fn(&T, &T) -> T) -> Vec<T> {
    let n = known.len().max(came.len());
    let at = |at: usize| match (known.get(at), came.get(at)) {
        (Some(known), Some(came)) => Some(both(known, came)),
        (known, came) => known.or(came).cloned(),
    };
    (0..n).filter_map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn phone(number: &str, kind: &str) -> Phone {
        Phone { number: Phi::new(number.to_owned()), kind: kind.to_owned() }
    }

    fn party(lines: &[&str], phones: Vec<Phone>) -> Party {
        let lines = lines.iter().map(|line| Phi::new((*line).to_owned())).collect();
        let address = Some(Address { lines, ..Address::default() });
        Party { person: Person { address, phones, ..Person::default() }, ..Party::default() }
    }

    #[test]
    fn what_a_form_does_not_show_stays_when_it_is_sent_again() {
        let mut known = party(
            &["1 Sample St", "Apt 2", "Side door"],
            vec![phone("608-555-0100", "home"), phone("608-555-0101", "mobile")],
        );
        let first = Coverage {
            payer_code: Some("EX001".to_owned()),
            is_subscriber: Some(true),
            ..Coverage::default()
        };
        let second = Coverage { payer_name: Some("Second".to_owned()), ..Coverage::default() };
        known.coverage = vec![first, second];
        let mut form = party(&["1 Sample St", "Apt 2"], vec![phone("608-555-0100", "home")]);
        form.coverage =
            vec![Coverage { payer_name: Some("Example".to_owned()), ..Coverage::default() }];
        let after = merged(&known, &form);
        assert_eq!(after.person, known.person);
        assert_eq!(after.coverage[0].payer_code.as_deref(), Some("EX001"));
        assert_eq!(after.coverage[0].is_subscriber, Some(true));
        assert_eq!(after.coverage[1], known.coverage[1]);
    }

    #[test]
    fn another_street_takes_the_place_of_the_whole_address() {
        let known = party(&["1 Sample St", "Apt 2"], Vec::new());
        let after = merged(&known, &party(&["9 Other Rd"], Vec::new()));
        assert_eq!(after.person.address.unwrap().lines.len(), 1);
    }

    #[test]
    fn a_corrected_number_replaces_the_first_of_its_kind_only() {
        let known =
            party(&[], vec![phone("608-555-0100", "home"), phone("608-555-0101", "mobile")]);
        let after = merged(&known, &party(&[], vec![phone("608-555-0199", "home")]));
        let kinds: Vec<&str> = after.person.phones.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(kinds, ["home", "mobile"]);
        assert_eq!(after.person.phones[0].number.reveal(), "608-555-0199");
    }

    #[test]
    fn a_copy_adds_what_is_lacking_and_replaces_nothing() {
        let known = party(&["1 Sample St"], vec![phone("608-555-0100", "home")]);
        let came = party(&["1 SAMPLE STREET"], vec![phone("608-555-0199", "home")]);
        let after = filled(&known, &came);
        assert_eq!(after.person.address, known.person.address);
        assert_eq!(after.person.phones.len(), 2);
        assert_eq!(differing(&known, &came), []);
        let came = party(&["22 SAMPLE STREET"], Vec::new());
        assert_eq!(differing(&known, &came).len(), 1);
    }
}
