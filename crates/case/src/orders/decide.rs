//! The rules about an order.

use super::{Ask, OrdersCommand, OrdersEvent};
use crate::{Case, Fact, Facts, Item, Owner, Refusal, completeness, rules};
use doorstep_vocab::{AskId, Date};
use std::collections::BTreeSet;

type Decided = Result<Vec<OrdersEvent>, Refusal>;

pub(crate) fn decide(case: &Case, command: &OrdersCommand, facts: &Facts) -> Decided {
    match command {
        OrdersCommand::Ask { ask_id, of, items } => ask(case, (ask_id, *of), items, facts),
        OrdersCommand::Chase(ask_id) => chase(case, ask_id),
        OrdersCommand::WithdrawAsk { ask_id, reason } => Ok(match open(case, ask_id)? {
            Some(_) => {
                vec![OrdersEvent::AskWithdrawn { ask_id: ask_id.clone(), reason: Some(*reason) }]
            }
            None => Vec::new(),
        }),
        OrdersCommand::Sign { signed_on } => sign(case, *signed_on, facts),
        OrdersCommand::TakeVerbal { on } => take_verbal(case, *on, facts),
    }
}

fn ask(case: &Case, (ask_id, of): (&AskId, Owner), items: &[Item], facts: &Facts) -> Decided {
    let items: Vec<Item> = items.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    if let Some(known) = case.orders.asks.get(ask_id) {
        let taken = Refusal::new("ask-known", "another question has this id: make a new one");
        return if (known.of, &known.items) == (of, &items) { Ok(Vec::new()) } else { Err(taken) };
    }
    if items.is_empty() {
        let words = "say what is asked for: choose at least one item";
        return Err(Refusal::new("ask-empty", words).at("items"));
    }
    let asked = |item: &Item| {
        case.orders.open_asks().any(|(_, ask)| ask.of == of && ask.items.contains(item))
    };
    if items.iter().all(asked) {
        let words =
            format!("the {} was already asked for all of this: chase the open question", of.name());
        return Err(Refusal::new("ask-open", words).at("items"));
    }
    let missing = completeness::missing(case, facts.terms, facts.now, &facts.hub_zone);
    if completeness::on_hand(case, &missing, &items) {
        let words = "all of this is on hand: withdraw what is wrong first, then ask for it";
        return Err(Refusal::new("nothing-missing", words).at("items"));
    }
    Ok(vec![OrdersEvent::Asked { ask_id: ask_id.clone(), of, items }])
}

fn chase(case: &Case, ask_id: &AskId) -> Decided {
    match open(case, ask_id)? {
        Some(_) => Ok(vec![OrdersEvent::Chased { ask_id: ask_id.clone() }]),
        None => Err(Refusal::new(
            "ask-ended",
            "the question was answered or withdrawn: there is nothing to chase",
        )),
    }
}

fn open<'a>(case: &'a Case, ask_id: &AskId) -> Result<Option<&'a Ask>, Refusal> {
    let ask = case.orders.asks.get(ask_id);
    let ask = ask.ok_or_else(|| {
        Refusal::new("ask-unknown", "the case has no such question: choose one of its own")
    })?;
    Ok(ask.ended_at.is_none().then_some(ask))
}

/// A signature cannot be of a day to come, nor before the order. Source: facts 11.1 (5).
fn sign(case: &Case, signed_on: Date, facts: &Facts) -> Decided {
    not_ahead(case, signed_on, facts, "signed_on")?;
    let known = |name| case.known.get(&Item::named(name)).map(|known| &known.fact);
    let signed = Fact::On(signed_on);
    if rules::signed_too_early(Some(&signed), known("order.ordered-on")) {
        return Err(Refusal::signed_before_order());
    }
    if known("order.signed-on") == Some(&signed) {
        return Ok(Vec::new());
    }
    Ok(vec![OrdersEvent::Signed { signed_on }])
}

/// A verbal order may start many items, but stands in for no signature. Source: facts 11.1 (8).
fn take_verbal(case: &Case, on: Date, facts: &Facts) -> Decided {
    not_ahead(case, on, facts, "on")?;
    if case
        .known
        .get(&Item::named("order.verbal"))
        .is_some_and(|known| known.fact == Fact::Flag(true))
    {
        return Ok(Vec::new());
    }
    Ok(vec![OrdersEvent::VerbalTaken { on }])
}

fn not_ahead(case: &Case, on: Date, facts: &Facts, field: &'static str) -> Result<(), Refusal> {
    let zone = case.zone.as_ref().unwrap_or(&facts.hub_zone);
    if on > facts.now.date(zone) {
        return Err(Refusal::new(
            "date-ahead",
            "the date is in the future: enter the day it was given",
        )
        .at(field));
    }
    Ok(())
}
