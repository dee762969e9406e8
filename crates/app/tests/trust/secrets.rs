//! S10: what identifies a person reaches no log, no message, no event, no job, no audit row and no error.
//!
//! The canaries are words that stand nowhere else. A search for them that finds nothing proves nothing by itself, so
//! each search also has to find what is planted.

use crate::support::orders::{Door, Order};
use crate::support::rows;
use crate::support::world::World;
use crate::walk::{network, walk};
use doorstep_app::command::{COMMANDS, Field, FieldKind, Input};
use doorstep_app::intake::Taken;
use doorstep_app::{case_file, enter, note, search};
use doorstep_case::Role;
use doorstep_store::cases;
use doorstep_store::notes::Visibility;
use doorstep_store::search::Query;
use doorstep_vocab::{CaseId, Zone};
use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, Once, PoisonError};

/// The member, in lower case: given and family name, plan ID, street, telephone.
const CANARIES: [&str; 5] = ["zzquagga", "qqnumbat", "wwaxolotl77", "kktapir", "5550177"];

/// The order of a member who is nothing but canaries.
fn canary(door: Door, again: u32) -> String {
    let order = Order { n: 900_001, care: crate::support::orders::Care::Oxygen };
    let text = order.by(door, again);
    let pairs = [
        (order.given(), "Zzquagga"),
        (order.given().to_uppercase(), "ZZQUAGGA"),
        ("\"Example\"".to_owned(), "\"Qqnumbat\""),
        ("||Example^".to_owned(), "||Qqnumbat^"),
        ("*EXAMPLE*".to_owned(), "*QQNUMBAT*"),
        (",Example,".to_owned(), ",Qqnumbat,"),
        (order.member_id(), "WWAXOLOTL77"),
        ("Sample Street".to_owned(), "Kktapir Street"),
        ("SAMPLE STREET".to_owned(), "KKTAPIR STREET"),
        ("608-555-0100".to_owned(), "6085550177"),
        ("5550100".to_owned(), "5550177"),
    ];
    pairs.into_iter().fold(text, |text, (from, to)| text.replace(&from, to))
}

/// Returns the canaries that stand in `text`.
fn told(text: &str) -> Vec<&'static str> {
    let text = text.to_lowercase();
    CANARIES.into_iter().filter(|canary| text.contains(canary)).collect()
}

/// All that this process logs from the first call on, at every level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn log() -> Log {
    static STARTED: Once = Once::new();
    static LOG: Mutex<Option<Log>> = Mutex::new(None);
    STARTED.call_once(|| {
        let log = Log::default();
        let writer = log.clone();
        tracing_subscriber::fmt()
            .with_max_level(tracing_subscriber::filter::LevelFilter::TRACE)
            .with_writer(move || writer.clone())
            .init();
        *LOG.lock().unwrap() = Some(log);
    });
    LOG.lock().unwrap().clone().unwrap()
}

/// Every column that is no personal row's own, as one text.
fn told_columns(world: &World) -> Vec<(&'static str, Vec<String>)> {
    [
        ("events", "SELECT actor || body AS t FROM case_event"),
        ("states", "SELECT state AS t FROM case_head"),
        ("next steps", "SELECT next_code || next_words || COALESCE(clock_name, '') AS t FROM case_head"),
        ("jobs", "SELECT kind || body || COALESCE(last_error, '') AS t FROM job"),
        ("deadlines", "SELECT clock_id || rule AS t FROM deadline"),
        ("audit", "SELECT audit_id || user_id || action || COALESCE(case_id, '') || object || purpose AS t FROM audit"),
        ("receipts", "SELECT name || format || COALESCE(sender, '') || problems AS t FROM receipt"),
        ("units", "SELECT place || outcome || problems AS t FROM receipt_unit"),
        ("inbox", "SELECT source || key AS t FROM inbox"),
        ("match keys", "SELECT key AS t FROM order_key"),
        ("documents", "SELECT document_id || media_type AS t FROM document"),
    ]
    .map(|(name, sql)| (name, rows::texts(world, sql)))
    .to_vec()
}

fn messages(taken: &Taken) -> String {
    let problems = taken.problems.iter().chain(taken.units.iter().flat_map(|unit| &unit.problems));
    let lines: Vec<String> = problems
        .map(|problem| format!("{} {} {}", problem.code, problem.at, problem.message))
        .collect();
    lines.join("\n")
}

/// Lives the canaries' cases: every door, a random life, looks and searches.
fn live(world: &World) -> Vec<CaseId> {
    let mut ids = Vec::new();
    for door in Door::ALL {
        let taken = world.take_now(&canary(door, 0));
        ids.extend(taken.units[0].case_id.clone());
        assert_eq!(told(&messages(&taken)), Vec::<&str>::new(), "{door:?}");
    }
    ids.dedup();
    // Of a case that the walk labels, a supervisor still sees all.
    let agent = world.ctx(Role::Supervisor);
    note(&agent, &ids[0], Visibility::Hub, "Zzquagga called from 6085550177".to_owned().into())
        .unwrap();
    network(world);
    walk(world, &ids[0], 60, &mut crate::support::orders::Chance::seeded(14));
    let file = case_file(&agent, &ids[0]).unwrap();
    assert_eq!(
        file.party.person.family.as_ref().unwrap().reveal().to_lowercase(),
        "qqnumbat",
        "the canaries are in"
    );
    for text in ["Qqnumbat", "wwaxolotl77"] {
        assert_eq!(search(&agent, &Query::typed(text), 5).unwrap().len(), 1);
    }
    ids
}

fn nothing_personal_is_told(world: &World) {
    let log = log();
    let ids = live(world);
    assert_eq!(ids.len(), 1, "the canary is one member with one order");
    for (name, texts) in told_columns(world) {
        assert!(!texts.is_empty() || matches!(name, "deadlines" | "documents"), "{name} has rows");
        for text in texts {
            assert_eq!(told(&text), Vec::<&str>::new(), "{name}: {text}");
        }
    }
    let personal = rows::texts(
        world,
        "SELECT COALESCE(family, '') || coverages || address || phones AS t FROM person",
    );
    assert_eq!(
        told(&personal.join(" ").replace('-', "")).len(),
        4,
        "the search finds what is there"
    );
    let logged = log.text();
    assert!(logged.contains("transaction"), "the log was listened to");
    assert_eq!(told(&logged), Vec::<&str>::new());
}

/// Puts a canary in every place of a file in turn: whatever is wrong with it then, the words about it do not repeat it.
fn broken_files_are_told_without_their_values(world: &World) {
    let log = log();
    let mut n_files = 0;
    for door in Door::ALL {
        let whole = canary(door, 0);
        let marks: &[char] = match door {
            Door::Fhir => &['"'],
            Door::X12 => &['*', '~', ':'],
            Door::Hl7 => &['|', '\r', '^'],
            Door::Csv => &[',', '\n'],
        };
        // Envelopes hold numbers of messages, which answers repeat.
        let order_begins = whole.find("BHT*").unwrap_or(0);
        let order_ends = whole.find("~SE*").unwrap_or(whole.len());
        let cuts: Vec<usize> =
            whole.match_indices(marks).map(|(at, mark)| at + mark.len()).collect();
        for at in cuts.windows(2) {
            let (start, end) = (at[0], at[1] - 1);
            let is_envelope = door == Door::X12 && !(order_begins..order_ends).contains(&start);
            if is_envelope || (start == end && door == Door::Fhir) {
                continue;
            }
            let broken = format!("{}ZZQUAGGA{n_files}{}", &whole[..start], &whole[end..]);
            let taken = world.take_now(&broken);
            let problems =
                taken.problems.iter().chain(taken.units.iter().flat_map(|unit| &unit.problems));
            for problem in problems {
                let words = format!("{} {} {}", problem.code, problem.at, problem.message);
                assert_eq!(
                    told(&words),
                    Vec::<&str>::new(),
                    "{door:?}, bytes {start} to {end}: {words}"
                );
            }
            n_files += 1;
        }
    }
    eprintln!("{n_files} broken files");
    assert!(n_files > 300);
    assert_eq!(told(&log.text()), Vec::<&str>::new());
}

/// Ids, and the provider of an agreement, which the next refusal names.
fn is_an_id(field: &Field) -> bool {
    matches!(field.kind, FieldKind::Id | FieldKind::Call) || field.name == "provider"
}

/// Answers every field of every command with a canary: no refusal repeats it.
fn refusals_do_not_repeat_what_was_entered(world: &World) {
    let log = log();
    let id = world.take_now(&canary(Door::Hl7, 0)).units[0].case_id.clone().unwrap();
    let case = world.app.db.read(|tx| cases::load(tx, &id)).unwrap().unwrap();
    let hub_zone = Zone::utc();
    let mut n_refused = 0;
    for form in COMMANDS {
        for canary_at in form.fields.iter().filter(|field| !is_an_id(field)) {
            let values: BTreeMap<String, String> = form
                .fields
                .iter()
                .map(|field| {
                    let value = if field.name == canary_at.name { "Zzquagga" } else { "1" };
                    (field.name.to_owned(), value.to_owned())
                })
                .collect();
            let input =
                Input { values: &values, case: &case, hub_zone: &hub_zone, fresh_id: "fresh" };
            let done = form
                .read_all(&input)
                .and_then(|entered| enter(&world.ctx(Role::Supervisor), &id, None, &entered));
            if let Err(error) = done {
                n_refused += 1;
                assert_eq!(
                    told(&error.to_string()),
                    Vec::<&str>::new(),
                    "{} {}",
                    form.name,
                    canary_at.name
                );
            }
        }
    }
    assert!(n_refused > 20, "{n_refused}");
    assert_eq!(told(&log.text()), Vec::<&str>::new());
}

/// Planted: a canary in a log line and in a job's body are found by the same searches.
#[test]
fn the_searches_find_what_is_planted() {
    let world = World::sqlite();
    live(&world);
    rows::meddle(&world, "UPDATE job SET last_error = 'no answer for Qqnumbat'", &[]);
    let found: Vec<&str> = told_columns(&world)
        .into_iter()
        .filter(|(_, texts)| texts.iter().any(|text| !told(text).is_empty()))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(found, ["jobs"]);
    assert_eq!(told("sent to Zzquagga QQNUMBAT"), ["zzquagga", "qqnumbat"]);
}

crate::on_both!(
    nothing_personal_is_told,
    broken_files_are_told_without_their_values,
    refusals_do_not_repeat_what_was_entered,
);
