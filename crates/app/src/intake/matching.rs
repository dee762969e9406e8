//! Whether an arriving order is one that a case already stands for. Source: facts 11.1 (1, 4).
//!
//! Orders are linked, people are never merged: a link needs the same member, the same kind of item, and order dates
//! near one another, with nothing that contradicts. What is alike but contradicts is said to a person.

use super::pairs::{Pair, pairs};
use crate::Result;
use crate::secret::digest;
use doorstep_case::{
    Case, Channel, Fact, Family, Item, LineRequest, Person, Referral, ServiceLine, Terms,
};
use doorstep_db::Tx;
use doorstep_exchange::Problem;
use doorstep_store::{cases, matching, people};
use doorstep_vocab::{Date, Timestamp, Zone};
use std::collections::BTreeSet;

/// Days between the dates of two copies of one order. Source: facts 11.1 (1), \[K\].
const DAYS_APART_MAX: i32 = 3;

/// What was found.
pub(crate) struct Match {
    /// The case that stands for the order.
    pub same: Option<Case>,
    /// Cases that look alike and contradict, for a person.
    pub problems: Vec<Problem>,
}

/// Returns the keys under which the order can be found again, one for each item and way of knowing the member.
pub(crate) fn keys(referral: &Referral, terms: &Terms) -> Vec<String> {
    let members = member_keys(referral);
    let mut keys: Vec<String> = Vec::new();
    for member in &members {
        for item in referral.lines.iter().filter_map(|line| item_of(line, terms)) {
            keys.push(digest(format!("item/{member}/{item}").as_bytes()));
        }
    }
    keys.extend(ref_keys(referral));
    keys.sort();
    keys.dedup();
    keys
}

/// Returns the keys made of the sender's numbers alone: what a cancellation finds its order by.
pub(crate) fn ref_keys(referral: &Referral) -> Vec<String> {
    let numbers = numbers(referral);
    let key = |member: &String, number: &&str| digest(format!("ref/{member}/{number}").as_bytes());
    member_keys(referral)
        .iter()
        .flat_map(|member| numbers.iter().map(|number| key(member, number)))
        .collect()
}

/// The sender's numbers for the order. An HL7 message numbers each of its orders, and any of them may come back alone.
fn numbers(referral: &Referral) -> BTreeSet<&str> {
    let by_line = referral.lines.iter().filter(|_| referral.channel == Channel::Hl7);
    let by_line = by_line.filter_map(|line| line.line_ref.as_deref());
    referral.order_ref.as_deref().into_iter().chain(by_line).collect()
}

/// Returns whether the case has one of the order's numbers.
pub(crate) fn shares_number(referral: &Referral, case: &Case) -> bool {
    let receipts = &case.intake.receipts;
    let by_line =
        case.lines.values().filter(|_| receipts.iter().any(|r| r.channel == Channel::Hl7));
    let by_line = by_line.filter_map(|line| line.request.line_ref.as_deref());
    let ours = numbers(referral);
    let mut theirs = receipts
        .iter()
        .filter_map(|receipt| receipt.order_ref.as_deref())
        .chain(by_line.filter(|_| referral.channel == Channel::Hl7));
    theirs.any(|number| ours.contains(number))
}

/// A member is known by the plan ID, or by name and date of birth; each makes a key of its own.
fn member_keys(referral: &Referral) -> Vec<String> {
    let person = &referral.person;
    let by_id = referral
        .coverage
        .iter()
        .filter_map(|c| c.member_id.as_ref())
        .map(|id| format!("id:{}", folded(id.reveal())));
    let name = person.family.as_ref().zip(person.given.first());
    let by_name = name.zip(person.birth_on.as_ref()).map(|((family, given), born)| {
        format!("name:{}:{}:{}", folded(family.reveal()), folded(given.reveal()), born.reveal())
    });
    by_id.chain(by_name).collect()
}

/// Letters and digits in lower case: spaces, dashes and accents are where copies differ.
pub(crate) fn folded(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What a line is for telling copies apart: its item family, else its code. `None` when neither can be told: words
/// alone are no reason to take two orders for one.
pub(crate) fn item_of(request: &LineRequest, terms: &Terms) -> Option<String> {
    let by_code = request.code.as_ref().and_then(|code| terms.classify(code));
    let family = by_code.map(|(service, family)| (service, &family.name));
    item(request, family.or_else(|| request.hint.zip(request.family.as_ref())))
}

pub(crate) fn item(
    request: &LineRequest,
    family: Option<(ServiceLine, &Family)>,
) -> Option<String> {
    // A family that gathers what has no other says no more than the code does.
    let telling =
        family.filter(|(_, family)| !family.0.is_empty() && !family.0.starts_with("other"));
    match (telling, &request.code, &request.other_code) {
        (Some((service, family)), ..) => Some(format!("{service}/{family}")),
        (None, Some(code), _) => Some(code.as_str().to_owned()),
        (None, None, other) => other.clone(),
    }
}

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sought {
    /// A case that the order is a copy of.
    Copy,
    /// The case that a change or a cancellation means, whatever became of it.
    Known,
}

/// Looks for the case that stands for the order. One that has its number goes before one that only looks like it.
pub(crate) fn find(
    tx: &mut Tx,
    referral: &Referral,
    (keys, terms, sought): (&[String], &Terms, Sought),
) -> Result<Match> {
    let mut out = Match { same: None, problems: Vec::new() };
    for case_id in matching::cases_with(tx, keys)? {
        let (Some(case), Some(party)) =
            (cases::load(tx, &case_id)?, people::for_writing(tx, &case_id)?)
        else {
            continue;
        };
        match compare((referral, terms, sought), &case, &party) {
            Verdict::Same if shares_number(referral, &case) => {
                return Ok(Match { same: Some(case), problems: Vec::new() });
            }
            Verdict::Same => out.same = out.same.or(Some(case)),
            Verdict::Contradicts(how) => out.problems.push(contradiction(&case, how)),
            Verdict::Other => {}
        }
    }
    if out.same.is_some() {
        out.problems.clear();
    }
    Ok(out)
}

enum Verdict {
    Same,
    Contradicts(&'static str),
    Other,
}

fn compare(
    (referral, terms, sought): (&Referral, &Terms, Sought),
    case: &Case,
    party: &people::Party,
) -> Verdict {
    let same_number = shares_number(referral, case);
    let is_meant = same_number && sought == Sought::Known;
    if !is_meant && !are_near(referral, case) {
        return Verdict::Other;
    }
    if let Some(how) = contradicting_people(referral, party) {
        return Verdict::Contradicts(how);
    }
    if is_meant {
        return Verdict::Same;
    }
    match (are_alike(referral, terms, case), same_number) {
        (Some(true), _) | (None, true) => {}
        (Some(false), true) => return Verdict::Contradicts("the services differ"),
        (Some(false) | None, false) => return Verdict::Other,
    }
    if same_number {
        return Verdict::Same;
    }
    let numbered = |receipt: &doorstep_case::intake::Receipt| {
        receipt.channel == referral.channel
            && differ(receipt.order_ref.as_ref(), referral.order_ref.as_ref())
    };
    // One sender gives two orders two numbers; two doors number the same order each in their own way.
    if case.intake.receipts.iter().any(numbered) {
        return Verdict::Other;
    }
    // A list whose rows carry no number names each order once: another row is another order, unless it says the same.
    let is_of_one_file = referral.receipt_id.is_some()
        && case.intake.receipts.iter().any(|one| one.receipt_id == referral.receipt_id);
    if is_of_one_file && !is_equal(referral, terms, case) {
        return Verdict::Other;
    }
    if has_ended(case) && sought == Sought::Copy {
        return Verdict::Contradicts("that one has ended");
    }
    Verdict::Same
}

/// Returns what of the member or the clinician cannot be the same.
fn contradicting_people(referral: &Referral, party: &people::Party) -> Option<&'static str> {
    if differ(referral.person.birth_on.as_ref(), party.person.birth_on.as_ref()) {
        return Some("the dates of birth differ");
    }
    if !may_share_a_name(&referral.person, &party.person) {
        return Some("the names differ");
    }
    let member_id = |coverage: &[doorstep_case::Coverage]| {
        coverage.iter().find_map(|c| c.member_id.as_ref().map(|id| folded(id.reveal())))
    };
    if differ(member_id(&referral.coverage).as_ref(), member_id(&party.coverage).as_ref()) {
        return Some("the plan IDs differ");
    }
    let npi = |clinician: &Option<doorstep_case::Clinician>| {
        clinician.as_ref().and_then(|c| c.npi.clone())
    };
    let differs = differ(npi(&referral.prescriber).as_ref(), npi(&party.prescriber).as_ref());
    differs.then_some("the ordering clinicians differ")
}

/// Returns whether nothing is left to be done about the case: what is ordered after that is ordered anew.
pub(crate) fn has_ended(case: &Case) -> bool {
    case.closing.closed.is_some() || case.open_lines().next().is_none()
}

/// Returns whether the two say the same, neither more nor less.
fn is_equal(referral: &Referral, terms: &Terms, case: &Case) -> bool {
    let pairs = pairs(&referral.lines, case, (terms, false));
    let zone = case.zone.clone().unwrap_or_else(Zone::utc);
    let known = referral.sound(on(referral.received_at, &zone), referral.received_at);
    pairs.len() == case.lines.len()
        && pairs.iter().all(|pair| matches!(pair, Pair::Same(_)))
        && known.iter().all(|(item, known)| {
            case.known.get(item).is_some_and(|theirs| theirs.fact == known.fact)
        })
}

/// Copies of one order name the same items, or one of them leaves some out. `None` when one does not tell.
fn are_alike(referral: &Referral, terms: &Terms, case: &Case) -> Option<bool> {
    let ours: BTreeSet<_> = referral.lines.iter().map(|line| item_of(line, terms)).collect();
    let theirs: BTreeSet<_> = case
        .lines
        .values()
        .map(|line| item(&line.request, Some((line.service, &line.family))))
        .collect();
    let told = |items: &BTreeSet<Option<String>>| !items.is_empty() && !items.contains(&None);
    (told(&ours) && told(&theirs)).then(|| ours.is_subset(&theirs) || theirs.is_subset(&ours))
}

fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

/// Jr and Sr share a name and not a suffix; twins share a birth date and not a given name.
fn may_share_a_name(one: &Person, other: &Person) -> bool {
    let given = |person: &Person| person.given.first().map(|name| folded(name.reveal()));
    let family = |person: &Person| person.family.as_ref().map(|name| folded(name.reveal()));
    let suffix = |person: &Person| person.suffix.as_ref().map(|name| folded(name.reveal()));
    !differ(given(one).as_ref(), given(other).as_ref())
        && !differ(family(one).as_ref(), family(other).as_ref())
        && !differ(suffix(one).as_ref(), suffix(other).as_ref())
}

fn are_near(referral: &Referral, case: &Case) -> bool {
    let zone = case.zone.clone().unwrap_or_else(Zone::utc);
    let item = Item::named("order.ordered-on");
    let theirs = match case.known.get(&item).map(|known| &known.fact) {
        Some(Fact::On(date)) => Some(*date),
        _ => None,
    };
    let ours = match referral.facts.get(&item) {
        Some((Fact::On(date), _)) => Some(*date),
        _ => None,
    };
    match (ours, theirs) {
        (Some(ours), Some(theirs)) => days_apart(ours, theirs) <= DAYS_APART_MAX,
        _ => {
            days_apart(on(referral.received_at, &zone), on(case.intake.received_at, &zone))
                <= DAYS_APART_MAX
        }
    }
}

fn on(at: Timestamp, zone: &Zone) -> Date {
    at.date(zone)
}

fn days_apart(one: Date, other: Date) -> i32 {
    (one - other).get_days().abs()
}

fn contradiction(case: &Case, how: &str) -> Problem {
    let number = case.number.as_ref().map(ToString::to_string).unwrap_or_default();
    let message = format!(
        "case {number} looks like the same order, but {how}: compare them, and cancel one if it is a copy"
    );
    Problem::warning("possible-duplicate", "order", message)
}
