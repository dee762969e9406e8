//! A case lived at random: the commands that people give, with answers that could be theirs, and time between.

use crate::support::orders::Chance;
use crate::support::world::World;
use doorstep_app::command::{COMMANDS, CommandForm, Field, FieldKind, Input};
use doorstep_app::{Error, PersonChange, Rule, act, amend, case_file, enter, note};
use doorstep_case::clock::ClockCommand;
use doorstep_case::intake::Amendment;
use doorstep_case::{Case, Command, Fact, Item, ItemKind, Milli, Recorded, Role, ServiceLine};
use doorstep_store::notes::Visibility;
use doorstep_store::providers::{self, Provider};
use doorstep_store::{cases, deadlines};
use doorstep_vocab::{CaseId, Micros, Timestamp, Zone};
use std::collections::{BTreeMap, BTreeSet};

/// What a walk came to.
#[derive(Debug, Default)]
pub struct Walked {
    pub done: usize,
    pub refused: usize,
    pub names: BTreeSet<&'static str>,
}

impl Walked {
    pub fn add(&mut self, other: Self) {
        self.done += other.done;
        self.refused += other.refused;
        self.names.extend(other.names);
    }

    fn count(&mut self, result: Result<Vec<Recorded>, Error>) {
        match result {
            Ok(recorded) => {
                self.done += usize::from(!recorded.is_empty());
                self.names.extend(recorded.iter().map(|one| one.event.name()));
            }
            // Whoever manages the case may not go beyond its authorization.
            Err(
                Error::Refused(_) | Error::Bad { .. } | Error::Outside { rule: Rule::OwnWork, .. },
            ) => {
                self.refused += 1;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
}

/// Lives `n_steps` of a case, among the providers of [`network`].
pub fn walk(world: &World, id: &CaseId, n_steps: usize, chance: &mut Chance) -> Walked {
    let mut walked = Walked::default();
    for _ in 0..n_steps {
        world.clock.pass(Micros::minutes(i64::try_from(chance.below(90)).unwrap()));
        let case = world.app.db.read(|tx| cases::load(tx, id)).unwrap().unwrap();
        let result = match chance.below(10) {
            0 | 1 => fill_in(world, &case, chance),
            2 => ring(world, &case),
            3 => {
                note(&world.ctx(Role::Supervisor), id, Visibility::Hub, "called".to_owned().into())
                    .map(|acted| acted.recorded)
            }
            _ => command(world, &case, chance),
        };
        walked.count(result);
    }
    walked
}

type Done = Result<Vec<Recorded>, Error>;

fn command(world: &World, case: &Case, chance: &mut Chance) -> Done {
    let form = chance.of(&COMMANDS.iter().collect::<Vec<&CommandForm>>());
    let mut values = BTreeMap::new();
    for field in form.fields {
        if field.required || chance.below(2) == 0 {
            values.insert(field.name.to_owned(), answer(field, case, world.clock.now(), chance));
        }
    }
    let fresh_id = format!("id-{}", chance.below(1000));
    let hub_zone = Zone::utc();
    let input = Input { values: &values, case, hub_zone: &hub_zone, fresh_id: &fresh_id };
    let entered = form.read_all(&input)?;
    enter(&world.ctx(Role::Supervisor), &case.id, Some(case.seq), &entered)
        .map(|acted| acted.recorded)
}

/// Puts three providers, of whom each supplies everything in all of Wisconsin. Comes before the walks.
pub fn network(world: &World) {
    for n in 0..3 {
        let provider = Provider {
            provider_id: format!("provider-{n}").as_str().into(),
            services: ServiceLine::ALL.to_vec(),
            areas: vec!["WI".to_owned()],
            accepting: true,
            ..Provider::default()
        };
        world.app.db.write("provider", |tx| providers::put(tx, &provider)).unwrap();
    }
}

/// An answer that a person could give: mostly of this case, at times of none.
fn answer(field: &Field, case: &Case, now: Timestamp, chance: &mut Chance) -> String {
    let ids = |ids: Vec<String>, chance: &mut Chance| {
        if ids.is_empty() { "none".to_owned() } else { ids[chance.below(ids.len())].clone() }
    };
    let line = |chance: &mut Chance| (1 + chance.below(case.lines.len().max(1))).to_string();
    match field.kind {
        FieldKind::Text if field.name == "code" => {
            chance.of(&["E0431", "E0260", "G0151"]).to_owned()
        }
        FieldKind::Text | FieldKind::Area => format!("ref-{}", chance.below(100)),
        FieldKind::Phone => format!("608-555-01{:02}", chance.below(100)),
        FieldKind::Number => (1 + chance.below(3)).to_string(),
        FieldKind::Date => now.date(&Zone::utc()).to_string(),
        FieldKind::Moment => {
            let at = now.plus(Micros::hours(i64::try_from(1 + chance.below(48)).unwrap()));
            at.to_string()
        }
        FieldKind::Flag => chance.of(&["yes", "no"]).to_owned(),
        FieldKind::Choice(choices) | FieldKind::Choices(choices) => {
            chance.of(&choices()).0.to_owned()
        }
        FieldKind::Line | FieldKind::Lines => line(chance),
        FieldKind::Goods => format!("{}=1", line(chance)),
        FieldKind::Offer => {
            ids(case.placement.offers.keys().map(ToString::to_string).collect(), chance)
        }
        FieldKind::Visit => {
            ids(case.delivery.visits.keys().map(ToString::to_string).collect(), chance)
        }
        FieldKind::Ask => ids(case.orders.asks.keys().map(ToString::to_string).collect(), chance),
        FieldKind::Escalation => {
            ids(case.disputes.escalations.keys().map(ToString::to_string).collect(), chance)
        }
        FieldKind::Dispute => {
            ids(case.disputes.disputes.keys().map(ToString::to_string).collect(), chance)
        }
        FieldKind::Items => {
            doorstep_case::ITEMS[chance.below(doorstep_case::ITEMS.len())].name().to_owned()
        }
        FieldKind::Document => {
            let of = |known: &doorstep_case::Document| known.document_id.to_string();
            ids(case.intake.documents.iter().map(of).collect(), chance)
        }
        FieldKind::Provider => format!("provider-{}", chance.below(3)),
        FieldKind::User => format!("user-{}", chance.below(3)),
        FieldKind::Service => chance.of(ServiceLine::ALL.as_slice()).name().to_owned(),
        FieldKind::Family => "other".to_owned(),
        FieldKind::List => "A1, A2".to_owned(),
        FieldKind::Id | FieldKind::Call => format!("id-{}", chance.below(1000)),
    }
}

/// Supplies some of what is missing, as far as it is no person's data.
fn fill_in(world: &World, case: &Case, chance: &mut Chance) -> Done {
    let file = case_file(&world.ctx(Role::Supervisor), &case.id)?;
    let today = world.clock.now().date(&Zone::utc());
    let fact = |item: Item| match item.kind() {
        ItemKind::Held => Fact::Held,
        ItemKind::Number(_) => Fact::Number(Milli::whole(70)),
        ItemKind::Code(codes) => Fact::Code(codes[0].to_owned()),
        ItemKind::Date => Fact::On(today),
        ItemKind::Moment => Fact::At(world.clock.now()),
        ItemKind::Flag => Fact::Flag(true),
    };
    let mut amendment = Amendment::default();
    for missing in file.missing.iter().filter(|_| chance.below(4) > 0) {
        amendment.facts.insert(missing.item, (fact(missing.item), Some(today)));
    }
    let nobody = PersonChange::default();
    amend(&world.ctx(Role::Supervisor), &case.id, Some(case.seq), (&nobody, &amendment, &[]))
        .map(|acted| acted.recorded)
}

/// Rings the clocks of the case whose time has come.
fn ring(world: &World, case: &Case) -> Done {
    let now = world.clock.now();
    let due = world.app.db.read(|tx| deadlines::due(tx, now, 100)).unwrap();
    let mut recorded = Vec::new();
    for one in due.into_iter().filter(|one| one.case_id == case.id) {
        let command = Command::Clock(ClockCommand::Ring(one.clock_id));
        recorded.extend(act(&world.app.system("clock"), &case.id, None, &command)?.recorded);
    }
    Ok(recorded)
}
