//! The terms of one payer on one day, put together from the rows in force.

use crate::dated::in_force;
use crate::load::Rows;
use crate::read::clocks::identity;
use crate::read::payers::PayerPack;
use doorstep_case::{ClockRule, CountedBy, LineTerms, PayerTerms, ServiceLine, Terms};
use doorstep_vocab::{Date, PayerId};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Service lines as they stand on a day.
pub(crate) type Lines = BTreeMap<ServiceLine, Arc<LineTerms>>;

/// Returns them as they stand for payers of a line of business. What nobody has classified yet needs what every order
/// does.
pub(crate) fn lines(rows: &Rows, business: &str, on: Date) -> Lines {
    let terms = rows.lines.iter().map(|line| {
        let requirements = in_force(&rows.common, on).chain(in_force(&line.requirements, on));
        let terms = LineTerms {
            families: in_force(&line.families, on).cloned().collect(),
            requirements: requirements
                .filter(|needed| needed.is_for(business))
                .map(|needed| needed.requirement.clone())
                .collect(),
            waivers: Vec::new(),
        };
        (line.service, Arc::new(terms))
    });
    let common = in_force(&rows.common, on).filter(|needed| needed.is_for(business));
    let unclassified = LineTerms {
        requirements: common.map(|needed| needed.requirement.clone()).collect(),
        ..LineTerms::default()
    };
    terms.chain([(ServiceLine::Unclassified, Arc::new(unclassified))]).collect()
}

/// Returns `None` when the hub has no numbers for that day.
pub(crate) fn terms(
    rows: &Rows,
    (payer, lines): (&PayerPack, &Lines),
    on: Date,
    version: &str,
) -> Option<Terms> {
    let hub = in_force(&rows.hub.terms, on).next()?;
    let is_known = payer.payer_id.as_str() != crate::load::DEFAULT_PAYER;
    Some(Terms {
        payer: PayerTerms {
            payer_id: if is_known { payer.payer_id.clone() } else { PayerId::default() },
            name: payer.name.clone(),
            line_of_business: payer.line_of_business.clone(),
            auth: in_force(&payer.auth, on).cloned().collect(),
        },
        lines: payers_own(lines, payer, on),
        clocks: clocks(rows, payer, on),
        calendar: rows.calendars.get(&hub.calendar)?.clone(),
        calendars: rows.calendars.clone(),
        states: states(rows, on),
        declines_until_escalation: hub.declines_until_escalation,
        discharge_critical_hours: hub.discharge_critical_hours,
        need_by_after_discharge_hours: hub.need_by_after_discharge_hours,
        auth_units_low_percent: hub.auth_units_low_percent,
        version: version.to_owned(),
    })
}

/// Lays what the payer itself asks for, and what it does not ask for, over the lines of its line of business.
fn payers_own(lines: &Lines, payer: &PayerPack, on: Date) -> Lines {
    let mut lines = lines.clone();
    for (service, requirement) in in_force(&payer.requirements, on) {
        let line = Arc::make_mut(lines.entry(*service).or_default());
        line.requirements.push(requirement.clone());
    }
    for (service, waiver) in in_force(&payer.waivers, on) {
        Arc::make_mut(lines.entry(*service).or_default()).waivers.push(waiver.clone());
    }
    lines
}

/// The payer's clocks come before those of its line of business, these before a service line's, these before the
/// hub's: of one name and the same cases the first is kept, and a narrower one is found before a wider one.
fn clocks(rows: &Rows, payer: &PayerPack, on: Date) -> Vec<ClockRule> {
    let business = rows.business.get(&payer.line_of_business);
    let named = in_force(&payer.calendars, on).next();
    let named = named.or_else(|| in_force(&business?.calendars, on).next());
    let theirs = in_force(&payer.clocks, on)
        .chain(business.into_iter().flat_map(|business| in_force(&business.clocks, on)))
        .map(|rule| counted_by(rule, named));
    let ours = rows.lines.iter().flat_map(|line| in_force(&line.clocks, on));
    let ours = ours.chain(in_force(&rows.hub.clocks, on)).cloned();
    let mut kept: BTreeSet<String> = BTreeSet::new();
    theirs.chain(ours).filter(|rule| kept.insert(identity(rule))).collect()
}

/// A payer's clock counts by the calendar that it names, else by its payer's, its line of business's, or the state's.
fn counted_by(rule: &ClockRule, named: Option<&String>) -> ClockRule {
    let calendar = match (&rule.calendar, named) {
        (CountedBy::Named(_), _) => rule.calendar.clone(),
        (CountedBy::Hub | CountedBy::State, Some(name)) => CountedBy::Named(name.clone()),
        (CountedBy::Hub | CountedBy::State, None) => CountedBy::State,
    };
    ClockRule { calendar, ..rule.clone() }
}

fn states(rows: &Rows, on: Date) -> BTreeMap<String, String> {
    let named = |(state, names): (&String, &Vec<_>)| {
        Some((state.clone(), in_force(names, on).next().cloned()?))
    };
    rows.states.iter().filter_map(named).collect()
}
