//! R09: letters to a gateway that drops some, is given some twice and takes its time. Each takes effect once, none is made up,
//! and what one case says to one receiver arrives in order. Source: trust.md 1.3 (4), 7.

use crate::audit::{self, held};
use crate::nodes::{app, order};
use crate::size::size;
use crate::support::orders::{Chance, Door};
use crate::support::{Place, files_under};
use crate::tampering::{self, Fate, Tampering, tampered};
use doorstep_app::intake::{Incoming, take};
use doorstep_app::{App, act};
use doorstep_case::orders::OrdersCommand;
use doorstep_case::{Actor, Command, Item, Owner, Role};
use doorstep_db::{Db, DbError, params};
use doorstep_vocab::{AskId, Micros, UserId};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// A letter as the gateway took it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Arrival {
    job_id: String,
    text: String,
    /// Whether the job that wants it was in the store at that moment.
    is_wanted: bool,
}

/// A job as the store has it in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Wanted {
    job_id: String,
    case_id: String,
    receiver: String,
    seq: i64,
    is_done: bool,
}

/// Says what a receiver that knows each letter by its number would complain of.
fn wrong(arrivals: &[Arrival], jobs: &[Wanted]) -> Vec<String> {
    let mut out = Vec::new();
    let by_id: BTreeMap<&str, &Wanted> =
        jobs.iter().map(|job| (job.job_id.as_str(), job)).collect();
    let mut first: BTreeMap<&str, &str> = BTreeMap::new();
    let mut last: BTreeMap<(&str, &str), (i64, &str)> = BTreeMap::new();
    for arrival in arrivals {
        let id = arrival.job_id.as_str();
        let Some(job) = by_id.get(id) else {
            out.push(format!("{id} is nobody's letter"));
            continue;
        };
        if !arrival.is_wanted {
            out.push(format!("{id} came before anybody wanted it"));
        }
        if !arrival.text.starts_with("To: ") || !arrival.text.ends_with('\n') {
            out.push(format!("{id} is not whole"));
        }
        if first.insert(id, &arrival.text).is_some() {
            // A second copy has no second effect: it bears the same number.
            continue;
        }
        let (place, known) = ((job.seq, id), last.get(&(&*job.case_id, &*job.receiver)));
        if known.is_some_and(|known| *known > place) {
            out.push(format!("{id} came behind a later letter to {}", job.receiver));
        }
        last.insert((&job.case_id, &job.receiver), place);
    }
    let undone = jobs.iter().filter(|job| !job.is_done);
    out.extend(undone.map(|job| format!("{} was never done", job.job_id)));
    out
}

/// Cases that have much to say to their referrers: a number, questions, and the same questions again.
fn with_much_to_say(place: &Place, n_cases: u32) {
    let app = app(place, Micros(0));
    for n in 0..n_cases {
        let text = order(n).by(Door::Fhir, 0);
        let ctx = app.system("intake");
        let incoming = Incoming { bytes: text.as_bytes(), name: "test", received_at: ctx.now };
        let taken = take(&ctx, &incoming).unwrap();
        let id = taken.units[0].case_id.clone().unwrap();
        let give = |command| act(&agent(&app), &id, None, &Command::Orders(command)).unwrap();
        for n in 0..3 {
            let ask_id = AskId::from(format!("ask-{n}").as_str());
            let items = [["order.signed-on"], ["order.length-of-need"], ["order.dates-of-service"]];
            let items = items[n].iter().map(|name| Item::parse(name).unwrap()).collect();
            give(OrdersCommand::Ask { ask_id: ask_id.clone(), of: Owner::Referrer, items });
            give(OrdersCommand::Chase(ask_id));
        }
    }
}

fn agent(app: &App) -> doorstep_app::Ctx<'_> {
    app.ctx(Actor { user_id: UserId::from("ana"), role: Role::Agent })
}

/// Takes away what is out, as a gateway does, and asks the store whether it is wanted.
fn picked_up(outbox: &Path, db: &Db, chance: &mut Chance) -> Vec<Arrival> {
    let mut out = Vec::new();
    let mut letters: Vec<_> = files_under(outbox);
    letters.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    letters.sort_by_key(|path| fs::metadata(path).and_then(|file| file.modified()).unwrap());
    // A gateway that takes its time leaves what comes behind for the next look.
    let n_taken =
        if chance.below(2) == 0 { letters.len() } else { chance.below(letters.len() + 1) };
    for path in letters.into_iter().take(n_taken) {
        let job_id = path.file_stem().unwrap().to_string_lossy().into_owned();
        let sql = "SELECT COUNT(*) AS n FROM job WHERE job_id = $1";
        let row = db.read::<_, DbError>(|tx| tx.query_one(sql, params![&job_id])).unwrap();
        let is_wanted = row.unwrap().int("n") == Ok(1);
        let arrival = Arrival { job_id, text: fs::read_to_string(&path).unwrap(), is_wanted };
        fs::remove_file(&path).unwrap();
        out.push(arrival);
    }
    out
}

fn jobs(db: &Db) -> Vec<Wanted> {
    let sql = "SELECT job_id, case_id, receiver, seq, done_at FROM job";
    let rows = db.read::<_, DbError>(|tx| tx.query(sql, params![])).unwrap();
    rows.iter()
        .map(|row| Wanted {
            job_id: row.text("job_id").unwrap().to_owned(),
            case_id: row.text("case_id").unwrap().to_owned(),
            receiver: row.text("receiver").unwrap().to_owned(),
            seq: row.int("seq").unwrap(),
            is_done: row.opt_int("done_at").unwrap().is_some(),
        })
        .collect()
}

/// Works once: mostly the worker is killed right behind a letter, sometimes every third cannot be put out.
fn work(place: &Place, chance: &mut Chance) {
    let tampering = if chance.below(4) > 0 {
        // The flush of a letter, of its folder, or of the store that would have noted it as done.
        let at = 4 + u32::try_from(chance.below(size(24, 200))).unwrap();
        Tampering { call: "fsync", fate: Fate::Kill, at, each: None }
    } else {
        let at = 1 + u32::try_from(chance.below(3)).unwrap();
        Tampering { call: "rename", fate: Fate::Eio, at, each: Some(3) }
    };
    let mut command = tampered(place, &["work", "--once"], tampering);
    // A worker whose letters cannot be put out says so and ends well; a killed one does not.
    let _ = command.stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
}

#[test]
fn each_letter_takes_effect_once_and_in_order_whatever_its_gateway_does() {
    if !tampering::is_there() {
        return;
    }
    let place = Place::new();
    place.ok(&["migrate"]);
    with_much_to_say(&place, size(40, 300));
    let (db, outbox) = (Db::open(place.db()).unwrap(), place.path("data/outbox"));
    let (mut chance, mut arrivals) = (Chance::seeded(9), Vec::new());
    fs::create_dir_all(&outbox).unwrap();
    let mut n_rounds = 0;
    while jobs(&db).iter().any(|job| !job.is_done) {
        n_rounds += 1;
        assert!(n_rounds < 200, "the letters do not get out");
        work(&place, &mut chance);
        arrivals.extend(picked_up(&outbox, &db, &mut chance));
        // Pauses between tries are minutes, and a killed worker's lease is five.
        let now =
            "UPDATE job SET run_at = 0, lease_until = 0 WHERE done_at IS NULL AND dead_at IS NULL";
        db.write::<_, DbError>("let time pass", |tx| tx.execute(now, params![])).unwrap();
        let tries = "UPDATE job SET attempts = 0 WHERE done_at IS NULL AND attempts > 6";
        db.write::<_, DbError>("forget tries", |tx| tx.execute(tries, params![])).unwrap();
    }
    while !files_under(&outbox).iter().all(|path| path.extension().is_none()) {
        arrivals.extend(picked_up(&outbox, &db, &mut chance));
    }
    assert_eq!(wrong(&arrivals, &jobs(&db)), Vec::<String>::new());
    let distinct: BTreeSet<&str> = arrivals.iter().map(|one| one.job_id.as_str()).collect();
    let doubled = arrivals.len() - distinct.len();
    eprintln!("{} letters, {doubled} of them twice, in {n_rounds} rounds", distinct.len());
    let letters = audit::count(
        &db,
        "SELECT COUNT(*) AS n FROM job WHERE kind IN ('acknowledge-sender', 'send-question')",
    );
    assert_eq!(i64::try_from(distinct.len()), Ok(letters));
    assert!(doubled > 0, "nothing was put out twice: the trial is too kind");
    assert_eq!(audit::store(&place, &db, &held(&db)), Vec::<String>::new());
}

/// Planted: a letter behind a later one, one of nobody, one that came too early, half a one, one that never went out.
#[test]
fn the_trial_of_letters_notices() {
    let job = |id: &str, seq| Wanted {
        job_id: id.to_owned(),
        case_id: "c".to_owned(),
        receiver: "referrer".to_owned(),
        seq,
        is_done: true,
    };
    let letter = |id: &str| Arrival {
        job_id: id.to_owned(),
        text: "To: referrer\n".to_owned(),
        is_wanted: true,
    };
    let jobs = [job("a", 1), job("b", 2)];
    let good = [letter("a"), letter("a"), letter("b"), letter("a")];
    assert_eq!(wrong(&good, &jobs), Vec::<String>::new(), "a copy that comes late is a copy");
    let finds = |arrivals: &[Arrival], jobs: &[Wanted], word: &str| {
        let found = wrong(arrivals, jobs);
        assert!(found.len() == 1 && found[0].contains(word), "{word}: {found:?}");
    };
    finds(&[letter("b"), letter("a")], &jobs, "behind a later letter");
    finds(&[letter("x")], &jobs, "nobody's");
    finds(&[Arrival { is_wanted: false, ..letter("a") }], &jobs, "before anybody wanted it");
    finds(&[Arrival { text: "To: ref".to_owned(), ..letter("a") }], &jobs, "not whole");
    finds(&[], &[Wanted { is_done: false, ..job("a", 1) }], "never done");
}
