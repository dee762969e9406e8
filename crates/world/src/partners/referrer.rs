//! Who referred the member answers questions about the order: most within hours, some in part, a few never.

use crate::deed::{Deed, Next};
use crate::orders::{Order, truth};
use crate::people::{is_hospital, organisation};
use crate::story::Scene;
use doorstep_app::{PersonChange, Result};
use doorstep_case::intake::Amendment;
use doorstep_case::{Actor, Case, Diagnosis, Fact, Item, Person, Role, Urgency};
use doorstep_vocab::{AskId, Date, Micros, Timestamp, UserId};

/// Questions that are never answered, of a hundred.
const SILENT_PERCENT: u32 = 5;
/// Questions that are answered in part first, of a hundred.
const PARTIAL_PERCENT: u32 = 15;
/// Once a question is so old, it is answered in full.
const PATIENCE: Micros = Micros::minutes(100);

/// Items that come on the same page as another.
const TOGETHER: &[(&str, &str)] = &[
    ("home-health.face-to-face-on", "home-health.start-on"),
    ("order.face-to-face-on", "order.ordered-on"),
    ("order.signed-on", "order.ordered-on"),
    ("oxygen.spo2", "oxygen.condition"),
    ("pap.ahi", "pap.events"),
];

pub(super) fn plans(scene: &Scene) -> Vec<(Deed, Timestamp)> {
    let is_pressing =
        scene.case.intake.urgency == Urgency::Discharge || scene.case.intake.discharge.is_some();
    let is_staffed = is_pressing || is_hospital(scene.story.order.sender);
    let open = scene.case.orders.open_asks();
    let plan = |(ask_id, _): (&AskId, _)| {
        let deed = Deed::AnswerAsk(ask_id.clone());
        let mut rng = scene.rng(&deed, "when");
        // Whoever never answers is asked again after the world has ended. A hospital answers on every day, an office in its hours.
        let at = if rng.percent(SILENT_PERCENT) {
            Timestamp(i64::MAX)
        } else if is_pressing {
            scene.on_duty(rng.between(8, 70))
        } else if is_staffed {
            scene.on_duty(rng.between(20, 260))
        } else {
            scene.after_work(rng.between(20, 260))
        };
        (deed, at)
    };
    open.map(plan).collect()
}

pub(super) fn answer(scene: &Scene, deed: &Deed, ask_id: &AskId) -> Result<Next> {
    let ask = scene.case.orders.asks.get(ask_id).filter(|ask| ask.ended_at.is_none());
    let Some(ask) = ask.filter(|_| scene.case.is_open()) else { return Ok(Next::Drop) };
    let mut rng = scene.rng(deed, "how");
    let is_fresh = scene.now.since(ask.asked_at) < PATIENCE;
    let is_partial = rng.percent(PARTIAL_PERCENT) && is_fresh && ask.items.len() > 1;
    let items = if is_partial { &ask.items[..ask.items.len() / 2] } else { &ask.items[..] };
    let (change, amendment) = answered(scene.case, &scene.story.order, items);
    let referrer = Actor { user_id: UserId::from("referrer"), role: Role::System };
    scene.door.amend(referrer, &scene.case.id, (&change, &amendment))?;
    Ok(if is_partial { Next::Later(scene.after_work(rng.between(120, 240))) } else { Next::Done })
}

/// Returns what the referrer knows of the items, in two parts: what is personal, and what is not.
fn answered(case: &Case, order: &Order, items: &[Item]) -> (PersonChange, Amendment) {
    let ordered_on = match case.known.get(&Item::named("order.ordered-on")).map(|known| &known.fact)
    {
        Some(Fact::On(on)) => *on,
        _ => order.ordered_on(),
    };
    let mut change = PersonChange::default();
    let mut amendment = Amendment::default();
    for item in items {
        if !personal(order, item.name(), &mut change) && item.name() == "order.diagnosis" {
            amendment.diagnoses = Some(diagnoses(order));
        }
        let together =
            TOGETHER.iter().filter(|(one, _)| *one == item.name()).map(|(_, other)| *other);
        for name in std::iter::once(item.name()).chain(together) {
            amendment.facts.extend(fact(name, ordered_on));
        }
    }
    (change, amendment)
}

fn fact(name: &str, ordered_on: Date) -> Option<(Item, (Fact, Option<Date>))> {
    let item = Item::parse(name)?;
    Some((item, (item.read(&truth(name, ordered_on)?)?, None)))
}

fn diagnoses(order: &Order) -> Vec<Diagnosis> {
    let codes = order.kind.diagnoses.iter();
    codes.map(|code| Diagnosis { code: (*code).to_owned(), billable: true }).collect()
}

/// Fills in what is personal. Returns whether the item is.
fn personal(order: &Order, item: &str, change: &mut PersonChange) -> bool {
    let whole = order.member.person();
    let person: &mut Person = &mut change.person;
    match item {
        "member.name" => (person.family, person.given) = (whole.family, whole.given),
        "member.birth-date" => person.birth_on = whole.birth_on,
        "member.sex" => person.sex = whole.sex,
        "member.address" => person.address = whole.address,
        "member.phone" => person.phones = whole.phones,
        "member.language" => person.language = whole.language,
        "coverage.member-id" | "coverage.payer" => {
            change.coverage = vec![order.member.coverage(order.plan)];
        }
        "prescriber.name" | "prescriber.npi" | "prescriber.phone" => {
            change.prescriber = Some(order.prescriber.clinician());
        }
        _ => return false,
    }
    change.referrer = Some(organisation(order.sender));
    true
}
