//! The runner in a small world: what is due happens once, what fails is tried again, and what goes out is whole.

#![expect(clippy::unwrap_used, reason = "a test has no use for an error")]

#[expect(dead_code, reason = "the small world is shared with other crates' tests")]
#[path = "../../app/tests/support/mod.rs"]
mod support;

use doorstep_app::command::{Contact, Entered};
use doorstep_app::{App, Entry, Error, PersonChange, act, amend, checkup, enter, jobs, open};
use doorstep_case::auth::{AuthCommand, Determination};
use doorstep_case::closing::{CancelReason, ClosingCommand};
use doorstep_case::delivery::{DeliveryCommand, VisitCancelReason};
use doorstep_case::intake::{Amendment, DeathSource, IntakeCommand};
use doorstep_case::placement::{PlacementCommand, WithdrawReason};
use doorstep_case::{
    Case, Channel, Command, Fact, Item, LineRequest, Milli, Person, Referral, ServiceLine,
};
use doorstep_db::{Value, params};
use doorstep_store::cases;
use doorstep_store::providers::{self, Provider};
use doorstep_vocab::{CaseId, LineNo, Micros, OfferId, Procedure};
use doorstep_work::{Ran, Spool, run_once, sweep};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use support::orders::{Door, Order};
use support::rows;
use support::world::{World, folder};
use tempfile::TempDir;

fn spool() -> (TempDir, Spool) {
    let folder = folder();
    let spool = Spool::open(&folder.path().join("outbox")).unwrap();
    (folder, spool)
}

fn load(world: &World, id: &CaseId) -> Case {
    world.app.db.read(|tx| cases::load(tx, id)).unwrap().unwrap()
}

fn events(world: &World, id: &CaseId) -> Vec<&'static str> {
    let record = world.app.db.read(|tx| cases::record(tx, id)).unwrap();
    record.iter().map(|one| one.event.name()).collect()
}

/// An oxygen order that came by telephone, so that nothing is acknowledged by the runner.
fn telephoned(world: &World, n: u32) -> CaseId {
    let person = Person {
        family: Some("Example".to_owned().into()),
        given: vec![format!("Testa{n}").into()],
        birth_on: Some(Order::nth(n).born_on().into()),
        ..Person::default()
    };
    let line = LineRequest { code: Procedure::parse("E1390").ok(), ..LineRequest::default() };
    let (channel, received_at) = (Channel::Phone, world.clock.now());
    let referral =
        Referral { channel, received_at, person, lines: vec![line], ..Referral::default() };
    open(&world.agent(), referral, &Entry::default()).unwrap().case.id
}

fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { all.extend(files_under(&path)) } else { all.push(path) }
    }
    all.sort();
    all
}

fn an_order_is_acknowledged_by_a_whole_file_and_an_event(world: &World) {
    let taken = world.take_now(&Order::nth(0).by(Door::Fhir, 0));
    let id = taken.units[0].case_id.clone().unwrap();
    let (folder, spool) = spool();
    let ran = run_once(&world.app, &spool).unwrap();
    assert!(ran.done > 0 && ran.dead == 0 && ran.put_back == 0, "{ran:?}");
    assert!(events(world, &id).contains(&"intake.acknowledged"));
    assert_eq!(load(world, &id).intake.acknowledged_at, Some(world.clock.now()));
    let files = files_under(folder.path());
    let number = taken.units[0].number.as_ref().unwrap().to_string();
    let letter = files.iter().find(|file| file.parent().unwrap().ends_with("referrer")).unwrap();
    let text = fs::read_to_string(letter).unwrap();
    assert!(text.contains(&number) && text.ends_with('\n'), "{text}");
    for file in &files {
        assert!(
            !file.file_name().unwrap().to_string_lossy().starts_with('.'),
            "{} is half a file",
            file.display()
        );
        assert_eq!(fs::metadata(file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    assert_eq!(run_once(&world.app, &spool).unwrap(), Ran::default(), "nothing is left to do");
    assert_eq!(files_under(folder.path()), files);
    assert_eq!(rows::differing(world), []);
}

/// Runs one round on each of two hubs at the same moment.
fn both_run(one: &App, other: &App, spool: &Spool) -> Ran {
    let barrier = Barrier::new(2);
    let rounds: Vec<Ran> = std::thread::scope(|scope| {
        let runners: Vec<_> = [one, other]
            .into_iter()
            .map(|app| {
                let barrier = &barrier;
                scope.spawn(move || {
                    barrier.wait();
                    run_once(app, spool).unwrap()
                })
            })
            .collect();
        runners.into_iter().map(|runner| runner.join().unwrap()).collect()
    });
    let [one, other] = rounds[..] else { panic!("two runners") };
    Ran {
        rung: one.rung + other.rung,
        done: one.done + other.done,
        put_back: one.put_back + other.put_back,
        dead: one.dead + other.dead,
    }
}

fn a_due_clock_rings_once_under_two_runners(world: &World) {
    let ids: Vec<CaseId> = (0..12).map(|n| telephoned(world, n)).collect();
    let beside = world.beside();
    let (_folder, spool) = spool();
    for _ in 0..60 {
        world.clock.pass(Micros::hours(1));
        let ran = both_run(&world.app, &beside, &spool);
        assert_eq!(ran.dead, 0, "{ran:?}");
    }
    for id in &ids {
        let case = load(world, id);
        let clock =
            case.clocks.0.values().find(|clock| clock.started.rule == "acknowledge").unwrap();
        assert!(clock.missed_at.is_some(), "sixty hours are more than a business day");
        assert_eq!(clock.warned, [50, 75, 90], "each warning once, in their order");
        let missed = events(world, id).iter().filter(|name| **name == "clock.missed").count();
        let clocks_missed =
            case.clocks.0.values().filter(|clock| clock.missed_at.is_some()).count();
        assert_eq!(missed, clocks_missed, "each clock is missed once");
    }
    let warnings = "SELECT COUNT(*) AS n FROM case_event WHERE body LIKE '%warned%'";
    let jobs = "SELECT COUNT(*) AS n FROM job WHERE kind = 'warn-owner'";
    assert!(rows::count(world, jobs) >= rows::count(world, warnings));
    let undone = "SELECT COUNT(*) AS n FROM job WHERE done_at IS NULL";
    assert_eq!(rows::count(world, undone), 0);
    assert_eq!(rows::differing(world), []);
}

fn nothing_rings_before_its_time(world: &World) {
    let id = telephoned(world, 0);
    let (_folder, spool) = spool();
    let next_at = load(world, &id)
        .clocks
        .0
        .values()
        .filter_map(doorstep_case::clock::Clock::next_at)
        .min()
        .unwrap();
    world.clock.set(next_at.plus(Micros(-1)));
    assert_eq!(run_once(&world.app, &spool).unwrap().rung, 0);
    world.clock.set(next_at);
    assert_eq!(run_once(&world.app, &spool).unwrap().rung, 1);
}

/// Puts a provider into the network that supplies equipment in all of Wisconsin.
fn supplier(world: &World) {
    let provider = Provider {
        provider_id: "provider-1".into(),
        name: "Sample Supply".to_owned(),
        services: vec![ServiceLine::Dme],
        areas: vec!["WI".to_owned()],
        accepting: true,
        ..Provider::default()
    };
    world.app.db.write("provider", |tx| providers::put(tx, &provider)).unwrap();
}

fn nobody_is_offered_what_they_do_not_supply(world: &World) {
    let id = telephoned(world, 3);
    let give = |provider: &str| {
        let (offer_id, provider_id) = (OfferId::from("offer-1"), provider.into());
        let lines = load(world, &id).open_lines().map(|line| line.no).collect();
        let offer = PlacementCommand::Offer { offer_id, provider_id, lines };
        match act(&world.agent(), &id, None, &Command::Placement(offer)) {
            Err(Error::Refused(refusal)) => refusal.code(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(give("nobody"), "provider-unknown");
    let nurses = Provider {
        provider_id: "nurses".into(),
        services: vec![ServiceLine::HomeHealth],
        ..Provider::default()
    };
    world.app.db.write("provider", |tx| providers::put(tx, &nurses)).unwrap();
    assert_eq!(give("nurses"), "provider-service");
}

fn an_offer_that_nobody_answers_expires_and_is_recalled(world: &World) {
    supplier(world);
    let id = telephoned(world, 3);
    let offer_id = OfferId::from("offer-1");
    let lines = load(world, &id).open_lines().map(|line| line.no).collect();
    let offer = PlacementCommand::Offer {
        offer_id: offer_id.clone(),
        provider_id: "provider-1".into(),
        lines,
    };
    act(&world.agent(), &id, None, &Command::Placement(offer)).unwrap();
    let (folder, spool) = spool();
    run_once(&world.app, &spool).unwrap();
    let respond_by = load(world, &id).placement.offers[&offer_id].respond_by;
    world.clock.set(respond_by.plus(Micros(-1)));
    run_once(&world.app, &spool).unwrap();
    assert!(load(world, &id).placement.offers[&offer_id].is_open());
    world.clock.set(respond_by);
    run_once(&world.app, &spool).unwrap();
    assert!(!load(world, &id).placement.offers[&offer_id].is_open());
    assert!(events(world, &id).contains(&"placement.expired"));
    let subjects: Vec<String> = files_under(&folder.path().join("outbox/provider"))
        .iter()
        .map(|file| fs::read_to_string(file).unwrap().lines().nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(subjects.len(), 2, "{subjects:?}");
    assert!(subjects.iter().any(|subject| subject == "Subject: Offer recalled"), "{subjects:?}");
}

/// What the files for somebody say, from the subject on.
fn letters(folder: &Path, to: &str) -> Vec<String> {
    let files = files_under(&folder.join("outbox").join(to));
    files.iter().map(|file| fs::read_to_string(file).unwrap()).collect()
}

fn contact(name: &str) -> Contact {
    Contact { name: name.to_owned().into(), phone: "800-555-0142".to_owned().into() }
}

/// Gives what was entered about somebody at the provider.
fn give_with(world: &World, id: &CaseId, (command, name): (PlacementCommand, &str)) {
    let (command, contact) = (Command::Placement(command), Some(contact(name)));
    enter(&world.agent(), id, None, &Entered { command, contact, words: None }).unwrap();
}

/// A bed that `provider-1` was offered and has accepted, with its lines. Everything that had to go out is in the outbox.
fn accepted(world: &World, (folder, spool): (&Path, &Spool)) -> (CaseId, Vec<LineNo>) {
    supplier(world);
    let taken = world.take_now(&Order::nth(1).by(Door::Fhir, 0));
    let id = taken.units[0].case_id.clone().unwrap();
    let offer_id = OfferId::from("offer-1");
    let lines: Vec<_> = load(world, &id).open_lines().map(|line| line.no).collect();
    let offer = PlacementCommand::Offer {
        offer_id: offer_id.clone(),
        provider_id: "provider-1".into(),
        lines: lines.clone(),
    };
    act(&world.agent(), &id, None, &Command::Placement(offer)).unwrap();
    run_once(&world.app, spool).unwrap();
    assert!(!letters(folder, "provider").concat().contains("Testa1"), "only a card");
    let (commit_by, contact_id) = (world.clock.now().plus(Micros::hours(24)), "contact-1".into());
    let accept = PlacementCommand::Accept { offer_id, lines: lines.clone(), commit_by, contact_id };
    give_with(world, &id, (accept, "Cora Sample"));
    run_once(&world.app, spool).unwrap();
    (id, lines)
}

fn nobody_learns_of_an_end_by_silence(world: &World) {
    let (folder, spool) = spool();
    let (id, lines) = accepted(world, (folder.path(), &spool));
    let packet = letters(folder.path(), "provider").concat();
    assert!(packet.contains("Testa1 Example") && packet.contains("Sample Street"), "{packet}");
    let notice = letters(folder.path(), "member").concat();
    assert!(notice.contains("arranged with") && !notice.contains("E0260"), "{notice}");
    let reason = CancelReason::CancelledByReferrer;
    let cancel = Command::Closing(ClosingCommand::CancelLine { line: lines[0], reason });
    act(&world.agent(), &id, None, &cancel).unwrap();
    run_once(&world.app, &spool).unwrap();
    for to in ["provider", "referrer"] {
        let told = letters(folder.path(), to).concat();
        assert!(told.contains("the line is cancelled") && told.contains(reason.words()), "{told}");
    }
    assert_eq!(rows::differing(world), []);
}

/// Lets a bed be delivered: what its order lacks is known, and the payer need not be asked.
fn permitted(world: &World, id: &CaseId, lines: &[LineNo]) {
    let weight = (Item::named("member.weight"), (Fact::Number(Milli::whole(180)), None));
    let amendment = Amendment { facts: [weight].into(), ..Amendment::default() };
    amend(&world.agent(), id, None, (&PersonChange::default(), &amendment, &[])).unwrap();
    for line in lines {
        let answer = Determination::NotRequired { proof: "call 4711".to_owned() };
        let command = Command::Auth(AuthCommand::Determine { line: *line, answer });
        act(&world.agent(), id, None, &command).unwrap();
    }
}

fn whoever_hears_of_a_provider_hears_whom_to_ask_for(world: &World) {
    let (folder, spool) = spool();
    let (id, lines) = accepted(world, (folder.path(), &spool));
    let told = |to: &str| letters(folder.path(), to).concat();
    assert!(told("member").contains("Ask for Cora Sample, 800-555-0142."), "{}", told("member"));
    permitted(world, &id, &lines);
    let visit = DeliveryCommand::Schedule {
        visit_id: "visit-1".into(),
        lines: lines.clone(),
        from: world.clock.now().plus(Micros::hours(20)),
        to: world.clock.now().plus(Micros::hours(22)),
    };
    act(&world.agent(), &id, None, &Command::Delivery(visit)).unwrap();
    run_once(&world.app, &spool).unwrap();
    let confirmed = told("referrer");
    for words in ["Provider: Sample Supply.", "Ask for Cora Sample, 800-555-0142."] {
        assert!(confirmed.contains(words), "{words}: {confirmed}");
    }
    let named = PlacementCommand::NameContact { lines, contact_id: "contact-2".into() };
    give_with(world, &id, (named, "Dev Example"));
    run_once(&world.app, &spool).unwrap();
    for to in ["member", "referrer"] {
        assert!(told(to).contains("Ask for Dev Example, 800-555-0142."), "{to}: {}", told(to));
    }
    let (visit_id, reason) = ("visit-1".into(), VisitCancelReason::CancelledByReferrer);
    let cancel = Command::Delivery(DeliveryCommand::CancelVisit { visit_id, reason });
    act(&world.agent(), &id, None, &cancel).unwrap();
    let before = told("member").matches("Ask for Dev").count();
    run_once(&world.app, &spool).unwrap();
    assert!(told("member").contains("does not come at the time"), "{}", told("member"));
    assert_eq!(told("member").matches("Ask for Dev").count(), before, "nobody comes any more");
}

/// A file stands where the folder should be, so nothing can be put out.
fn block(outbox: &Path, to: &str) -> PathBuf {
    let blocked = outbox.join(to);
    fs::write(&blocked, "in the way").unwrap();
    blocked
}

fn what_cannot_be_sent_is_tried_again_and_then_sent_once(world: &World) {
    world.take_now(&Order::nth(0).by(Door::Hl7, 0));
    let (folder, spool) = spool();
    let outbox = folder.path().join("outbox");
    let blocked = block(&outbox, "referrer");
    for _ in 0..3 {
        assert!(run_once(&world.app, &spool).unwrap().put_back > 0);
        world.clock.pass(Micros::hours(1));
    }
    let waiting = "SELECT COUNT(*) AS n FROM job WHERE kind = 'acknowledge-sender' AND done_at IS NULL AND attempts = 3
                   AND last_error = 'broken'";
    assert_eq!(rows::count(world, waiting), 1);
    fs::remove_file(blocked).unwrap();
    run_once(&world.app, &spool).unwrap();
    assert_eq!(rows::count(world, waiting), 0);
    assert_eq!(files_under(&outbox.join("referrer")).len(), 1);
}

fn what_fails_for_a_day_is_left_to_a_person(world: &World) {
    world.take_now(&Order::nth(0).by(Door::Hl7, 0));
    let (folder, spool) = spool();
    let blocked = block(&folder.path().join("outbox"), "referrer");
    let mut dead = 0;
    for _ in 0..24 {
        dead += run_once(&world.app, &spool).unwrap().dead;
        world.clock.pass(Micros::hours(4));
    }
    assert_eq!(dead, 1);
    let left = "SELECT COUNT(*) AS n FROM job WHERE kind = 'acknowledge-sender' AND dead_at IS NOT NULL AND attempts = 12";
    assert_eq!(rows::count(world, left), 1, "it is not dropped: it waits for a person");
    fs::remove_file(blocked).unwrap();
    assert_eq!(run_once(&world.app, &spool).unwrap().done, 0, "nobody has said that it is mended");
    let ctx = world.agent();
    let named: Vec<_> = jobs::left(&ctx, 9).unwrap().into_iter().map(|job| job.key).collect();
    assert_eq!(named.len(), 1);
    jobs::retry(&ctx, &named[0]).unwrap();
    assert!(matches!(jobs::retry(&ctx, &named[0]), Err(Error::NotFound)));
    run_once(&world.app, &spool).unwrap();
    assert_eq!(files_under(&folder.path().join("outbox/referrer")).len(), 1);
    assert_eq!(jobs::left(&ctx, 9).unwrap(), []);
}

/// An offer could not be put out and is taken back meanwhile: the recall waits, and says nothing when nothing was said.
fn what_takes_something_back_does_not_overtake_it(world: &World) {
    supplier(world);
    let id = telephoned(world, 0);
    let offer_id = OfferId::from("o1");
    let offer = PlacementCommand::Offer {
        offer_id: offer_id.clone(),
        provider_id: "provider-1".into(),
        lines: load(world, &id).open_lines().map(|line| line.no).collect(),
    };
    let (folder, spool) = spool();
    let blocked = block(&folder.path().join("outbox"), "provider");
    act(&world.agent(), &id, None, &Command::Placement(offer)).unwrap();
    assert!(run_once(&world.app, &spool).unwrap().put_back > 0);
    let withdraw = PlacementCommand::Withdraw { offer_id, reason: WithdrawReason::OfferedInError };
    act(&world.agent(), &id, None, &Command::Placement(withdraw)).unwrap();
    fs::remove_file(blocked).unwrap();
    run_once(&world.app, &spool).unwrap();
    let recalled = "SELECT COUNT(*) AS n FROM job WHERE kind = 'recall-offer' AND attempts > 0";
    assert_eq!(rows::count(world, recalled), 0, "the offer is tried again only later");
    world.clock.pass(Micros::hours(1));
    run_once(&world.app, &spool).unwrap();
    assert_eq!(rows::count(world, recalled), 1);
    let undone =
        "SELECT COUNT(*) AS n FROM job WHERE receiver = 'provider/provider-1' AND done_at IS NULL";
    assert_eq!(rows::count(world, undone), 0);
}

/// The notice of an acceptance waits; the member dies meanwhile.
fn no_letter_that_waited_reaches_a_member_who_has_died(world: &World) {
    supplier(world);
    let taken = world.take_now(&Order::nth(1).by(Door::Fhir, 0));
    let id = taken.units[0].case_id.clone().unwrap();
    let (folder, spool) = spool();
    let outbox = folder.path().join("outbox");
    let give = |command: Command| act(&world.agent(), &id, None, &command).unwrap();
    let lines: Vec<_> = load(world, &id).open_lines().map(|line| line.no).collect();
    let (offer_id, provider_id) = (OfferId::from("offer-1"), "provider-1".into());
    let commit_by = world.clock.now().plus(Micros::hours(24));
    let offer =
        PlacementCommand::Offer { offer_id: offer_id.clone(), provider_id, lines: lines.clone() };
    let blocked = block(&outbox, "member");
    give(Command::Placement(offer));
    let contact_id = "contact-1".into();
    let accept = PlacementCommand::Accept { offer_id, lines, commit_by, contact_id };
    give_with(world, &id, (accept, "Cora Sample"));
    assert!(run_once(&world.app, &spool).unwrap().put_back > 0);
    let on = world.clock.now().date(&doorstep_vocab::Zone::utc()).yesterday().unwrap();
    give(Command::Intake(IntakeCommand::RecordDeath { on, source: DeathSource::Family }));
    fs::remove_file(blocked).unwrap();
    world.clock.pass(Micros::hours(1));
    run_once(&world.app, &spool).unwrap();
    let waiting = "SELECT COUNT(*) AS n FROM job WHERE receiver = 'member' AND done_at IS NULL";
    assert_eq!(rows::count(world, waiting), 0);
    assert!(!outbox.join("member").exists(), "nothing was written to the member");
    for to in ["provider", "referrer"] {
        let told = letters(folder.path(), to).concat();
        assert!(told.contains("the member has died"), "{told}");
    }
}

/// What the agents are told waits; what was raised goes to the supervisors all the same.
fn what_waits_for_one_owner_holds_back_no_other(world: &World) {
    let id = telephoned(world, 0);
    let (folder, spool) = spool();
    let blocked = block(&folder.path().join("outbox"), "staff");
    let is_raised = |case: &Case| case.disputes.open_escalations().next().is_some();
    for _ in 0..80 {
        run_once(&world.app, &spool).unwrap();
        if is_raised(&load(world, &id)) {
            break;
        }
        world.clock.pass(Micros::hours(1));
    }
    assert!(is_raised(&load(world, &id)));
    fs::remove_file(blocked).unwrap();
    let far = world.clock.now().plus(Micros::hours(24 * 365)).0;
    let hold = |tx: &mut doorstep_db::Tx| -> Result<u64, doorstep_db::DbError> {
        let sql = "UPDATE job SET run_at = $1 WHERE receiver = $2 AND done_at IS NULL";
        tx.execute(sql, params![far, "staff/agent"])
    };
    assert!(world.app.db.write("hold", hold).unwrap() > 0);
    world.clock.pass(Micros::hours(5));
    run_once(&world.app, &spool).unwrap();
    let undone = |receiver: &str| {
        let sql = format!(
            "SELECT COUNT(*) AS n FROM job WHERE receiver = '{receiver}' AND done_at IS NULL"
        );
        rows::count(world, &sql)
    };
    assert!(undone("staff/agent") > 0);
    assert_eq!(undone("staff/level-1"), 0, "the escalation went out");
    assert!(letters(folder.path(), "staff").concat().contains("escalated to level 1"));
}

fn a_job_that_nothing_here_does_is_left_to_a_person_at_once(world: &World) {
    let id = telephoned(world, 0);
    let sql = "INSERT INTO job (case_id, job_id, kind, body, seq, run_at, lease_until, attempts)
               VALUES ($1, 'strange', 'strange', '{}', 1, 0, 0, 0)";
    rows::meddle(world, sql, params![id.as_str()]);
    let (_folder, spool) = spool();
    assert_eq!(run_once(&world.app, &spool).unwrap().dead, 1);
    assert_eq!(
        rows::texts(world, "SELECT last_error AS t FROM job WHERE kind = 'strange'"),
        ["job-kind"]
    );
}

/// A runner that was killed between sending and saying so: the lease ends, and the same file is put out again.
fn a_job_whose_runner_died_is_done_again_under_the_same_name(world: &World) {
    let taken = world.take_now(&Order::nth(0).by(Door::Csv, 0));
    let id = taken.units[0].case_id.clone().unwrap();
    let (folder, spool) = spool();
    run_once(&world.app, &spool).unwrap();
    let files = files_under(folder.path());
    let n_events = events(world, &id).len();
    let until = world.clock.now().plus(Micros::minutes(5));
    let sql = "UPDATE job SET done_at = NULL, lease_until = $1, lease_token = 'of a dead runner'";
    rows::meddle(world, sql, &[Value::from(until.0)]);
    assert_eq!(run_once(&world.app, &spool).unwrap().done, 0, "the lease still holds");
    world.clock.set(until);
    assert!(run_once(&world.app, &spool).unwrap().done > 0);
    assert_eq!(files_under(folder.path()), files);
    assert_eq!(events(world, &id).len(), n_events, "the case learns nothing new");
}

/// Two runners, three moments of two days: after the first night, before three in the morning, and after it.
fn each_night_one_runner_does_the_checkup(world: &World) {
    let id = telephoned(world, 3);
    let unwatched = "UPDATE case_head SET clock_due_at = NULL WHERE case_id = $1";
    assert_eq!(rows::meddle(world, unwatched, params![id.as_str()]), 1);
    let beside = world.beside();
    let swept = |hours: i64| {
        world.clock.pass(Micros::hours(hours));
        for app in [&*world.app, &beside] {
            checkup::nightly(app).unwrap();
        }
        checkup::nights(&world.app.system("command-line"), 9).unwrap()
    };
    let first = swept(0);
    let [night] = &first[..] else { panic!("{first:?}") };
    let found = night.wrong.iter().find(|one| one.name == "open cases without a clock").unwrap();
    assert_eq!((found.found.as_str(), found.cases[0].0.as_str()), ("1", id.as_str()));
    // At the hub it is ten in the morning; the next look is at three.
    assert_eq!(swept(16), first, "the day has not begun");
    assert_eq!(swept(2).len(), 2);
    let trail = "SELECT COUNT(*) AS n FROM audit WHERE action = 'checkup'";
    assert_eq!(rows::count(world, trail), 2, "one runner a night, on the trail");
}

/// A process that only serves was killed in the middle of a file, and no runner is started anew.
fn what_a_killed_process_left_half_read_is_taken_by_a_runner_that_goes_on(world: &World) {
    world.take_now(&Order::nth(0).by(Door::Csv, 0));
    let cut = |sql| rows::meddle(world, sql, params![]);
    assert_eq!(cut("UPDATE receipt SET outcome = 'reading', reply_hash = NULL"), 1);
    assert_eq!(cut("DELETE FROM receipt_unit"), 1);
    let half_read = "SELECT COUNT(*) AS n FROM receipt WHERE outcome = 'reading'";
    world.clock.pass(Micros::minutes(9));
    sweep(&world.app).unwrap();
    assert_eq!(rows::count(world, half_read), 1, "somebody may be at it");
    world.clock.pass(Micros::minutes(2));
    sweep(&world.app).unwrap();
    assert_eq!((rows::count(world, half_read), rows::rows(world, "case_head")), (0, 1));
}

on_both!(
    what_a_killed_process_left_half_read_is_taken_by_a_runner_that_goes_on,
    each_night_one_runner_does_the_checkup,
    nobody_is_offered_what_they_do_not_supply,
    nobody_learns_of_an_end_by_silence,
    whoever_hears_of_a_provider_hears_whom_to_ask_for,
    an_order_is_acknowledged_by_a_whole_file_and_an_event,
    a_due_clock_rings_once_under_two_runners,
    nothing_rings_before_its_time,
    an_offer_that_nobody_answers_expires_and_is_recalled,
    what_cannot_be_sent_is_tried_again_and_then_sent_once,
    what_fails_for_a_day_is_left_to_a_person,
    what_takes_something_back_does_not_overtake_it,
    no_letter_that_waited_reaches_a_member_who_has_died,
    what_waits_for_one_owner_holds_back_no_other,
    a_job_that_nothing_here_does_is_left_to_a_person_at_once,
    a_job_whose_runner_died_is_done_again_under_the_same_name,
);
