//! The rules of the test world: one payer, two trades, a calendar with one holiday.

use super::clocks::clocks;
use super::world::item;
use crate::{
    AuthRule, AuthRuleAnswer, Blocks, Family, FamilyTerms, LineTerms, Milli, Owner, PayerTerms,
    Requirement, ServiceLine, Terms,
};
use doorstep_vocab::{Calendar, CalendarSpec, DayName, DayTime, HolidayRule, HolidaySpec};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rules in force.
pub(crate) fn terms() -> Terms {
    let dme = LineTerms {
        families: vec![
            coming_back(family("oxygen", &["E1390", "E043*"])),
            coming_back(family("hospital-bed", &["E0260"])),
            FamilyTerms { custom: true, ..family("orthotics", &["L*"]) },
        ],
        requirements: requirements(),
        waivers: Vec::new(),
    };
    let home_health =
        LineTerms { families: vec![family("skilled-nursing", &["G0299"])], ..LineTerms::default() };
    let lines = [(ServiceLine::Dme, dme), (ServiceLine::HomeHealth, home_health)];
    Terms {
        payer: PayerTerms {
            payer_id: "acme".into(),
            name: "Acme Example Health".to_owned(),
            line_of_business: "medicare-advantage".to_owned(),
            auth: vec![
                auth_rule(ServiceLine::Dme, "oxygen", AuthRuleAnswer::Required),
                auth_rule(ServiceLine::Dme, "hospital-bed", AuthRuleAnswer::NotRequired),
                auth_rule(ServiceLine::HomeHealth, "skilled-nursing", AuthRuleAnswer::Unknown),
            ],
        },
        lines: lines.into_iter().map(|(line, terms)| (line, Arc::new(terms))).collect(),
        clocks: clocks(),
        calendar: Arc::new(calendar()),
        calendars: BTreeMap::new(),
        states: BTreeMap::new(),
        declines_until_escalation: 3,
        discharge_critical_hours: 24,
        need_by_after_discharge_hours: 48,
        auth_units_low_percent: 20,
        version: "packs-1".to_owned(),
    }
}

fn family(name: &str, codes: &[&str]) -> FamilyTerms {
    FamilyTerms {
        name: Family(name.to_owned()),
        words: name.replace('-', " "),
        codes: codes.iter().map(|code| (*code).to_owned()).collect(),
        custom: false,
        comes_back: Vec::new(),
        tells: Vec::new(),
    }
}

fn coming_back(family: FamilyTerms) -> FamilyTerms {
    FamilyTerms { comes_back: family.codes.clone(), ..family }
}

fn auth_rule(service: ServiceLine, name: &str, answer: AuthRuleAnswer) -> AuthRule {
    AuthRule {
        service,
        families: vec![Family(name.to_owned())],
        codes: Vec::new(),
        answer,
        source: "table of 2026".to_owned(),
        version: "acme 2026-01-01".to_owned(),
    }
}

fn requirements() -> Vec<Requirement> {
    let [auth, delivery, billing] = [
        Blocks { authorization: true, ..Blocks::default() },
        Blocks { delivery: true, ..Blocks::default() },
        Blocks { billing: true, ..Blocks::default() },
    ];
    let both = Blocks { authorization: true, delivery: true, billing: false };
    let oxygen = |name: &str, blocks| Requirement {
        families: vec![Family("oxygen".to_owned())],
        ..requirement(name, blocks)
    };
    let limits = [
        ("group-1-pao2-max", 55),
        ("group-1-spo2-max", 88),
        ("group-2-pao2-max", 59),
        ("group-2-spo2-max", 89),
        ("hematocrit-above", 56),
        ("sleep-drop-pao2-above", 10),
        ("sleep-drop-spo2-above", 5),
    ];
    let values = limits.into_iter().map(|(name, n)| (name.to_owned(), Milli::whole(n))).collect();
    let timing = [("days-before-discharge-max".to_owned(), Milli::whole(2))];
    vec![
        requirement("member.name", both),
        requirement("member.address", delivery),
        requirement("coverage.member-id", auth),
        requirement("order.diagnosis", auth),
        requirement("prescriber.npi", billing),
        oxygen("order.signed-on", delivery),
        oxygen("oxygen.lpm", delivery),
        Requirement { fresh_days: Some(30), ..oxygen("oxygen.test-on", auth) },
        Requirement {
            rule: Some("oxygen-qualifies".to_owned()),
            values,
            ..oxygen("oxygen.spo2", auth)
        },
        Requirement {
            rule: Some("oxygen-test-timing".to_owned()),
            values: BTreeMap::from(timing),
            discharge_only: true,
            ..oxygen("oxygen.test-on", auth)
        },
    ]
}

fn requirement(name: &str, blocks: Blocks) -> Requirement {
    Requirement {
        item: item(name),
        families: Vec::new(),
        codes: Vec::new(),
        must_be: Vec::new(),
        urgencies: Vec::new(),
        discharge_only: false,
        owner: Owner::Referrer,
        blocks,
        fresh_days: None,
        rule: None,
        values: BTreeMap::new(),
        why: format!("the test world wants {name}"),
        source: "the test world".to_owned(),
    }
}

fn calendar() -> Calendar {
    let observed = BTreeMap::from([(DayName::Saturday, -1), (DayName::Sunday, 1)]);
    Calendar::new(CalendarSpec {
        name: "test-hub".to_owned(),
        version: "2026-1".to_owned(),
        source: "the test world".to_owned(),
        open: DayTime::parse("08:00").unwrap(),
        close: DayTime::parse("18:00").unwrap(),
        working: vec![
            DayName::Monday,
            DayName::Tuesday,
            DayName::Wednesday,
            DayName::Thursday,
            DayName::Friday,
        ],
        holidays: vec![HolidaySpec {
            name: "Independence Day".to_owned(),
            rule: HolidayRule::Fixed { month: 7, day: 4, observed },
            effective_from: None,
            effective_to: None,
        }],
    })
    .unwrap()
}
