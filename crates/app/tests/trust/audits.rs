//! S11: whatever shows a member leaves exactly one audit record with the cases shown, or shows nothing.

use crate::on_both;
use crate::support::orders::{Door, Order};
use crate::support::rows;
use crate::support::world::World;
use doorstep_app::{Ctx, Elsewhere, Error, Result, act, case_file, desk, search, worklist};
use doorstep_case::intake::IntakeCommand;
use doorstep_case::{Command, DocumentKind, Role};
use doorstep_db::{DbError, params};
use doorstep_exchange::Attachment;
use doorstep_store::search::Query;
use doorstep_store::worklist::{Filter, Queue};
use doorstep_vocab::CaseId;

/// An audit row, with the cases that it names.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    action: String,
    user: String,
    role: String,
    request: String,
    cases: Vec<String>,
}

fn audited(world: &World) -> Vec<Row> {
    let read = world.app.db.read(|tx| -> std::result::Result<_, DbError> {
        let sql = "SELECT audit_id, action, user_id, role, request_id, case_id, n_cases FROM audit ORDER BY audit_id";
        let mut all = Vec::new();
        for row in tx.query(sql, params![])? {
            let of = "SELECT case_id FROM audit_case WHERE audit_id = $1 ORDER BY case_id";
            let shown = tx.query(of, params![row.text("audit_id")?])?;
            let mut cases: Vec<String> = row.opt_text("case_id")?.map(str::to_owned).into_iter().collect();
            for one in &shown {
                cases.push(one.text("case_id")?.to_owned());
            }
            assert_eq!(usize::try_from(row.int("n_cases")?), Ok(cases.len()));
            let text = |name| row.text(name).map(str::to_owned);
            let (action, user, role) = (text("action")?, text("user_id")?, text("role")?);
            all.push((row.text("audit_id")?.to_owned(), Row { action, user, role, request: text("request_id")?, cases }));
        }
        Ok(all)
    });
    read.unwrap().into_iter().map(|(_, row)| row).collect()
}

fn opened(world: &World, n_cases: u32) -> Vec<CaseId> {
    let open =
        |n| world.take_now(&Order::nth(n).by(Door::Csv, 0)).units[0].case_id.clone().unwrap();
    (0..n_cases).map(open).collect()
}

fn all_cases(world: &World) -> Filter {
    let now = world.clock.now();
    Filter { queue: Queue::All, now, ..Filter::default() }
}

/// Reads in one way, as the agent, and returns the cases that it should have recorded.
type Look = (&'static str, fn(&Ctx, &World, &[CaseId]) -> Result<Vec<CaseId>>);

const LOOKS: [Look; 6] = [
    ("read case", |ctx, _, ids| case_file(ctx, &ids[0]).map(|_| vec![ids[0].clone()])),
    ("read worklist", |ctx, world, _| {
        let page = worklist(ctx, &all_cases(world), None, 2)?;
        assert_eq!(page.rows.len(), 2);
        Ok(page.rows.into_iter().map(|row| row.case_id).collect())
    }),
    ("search", |ctx, _, ids| {
        let hits = search(ctx, &Query::typed("syn-000000001"), 10)?;
        assert_eq!(hits.len(), 1);
        assert_eq!(hits[0].case_id, ids[1]);
        Ok(hits.into_iter().map(|hit| hit.case_id).collect())
    }),
    ("search", |ctx, _, _| {
        let hits = search(ctx, &Query::typed("Nobody"), 10)?;
        Ok(hits.into_iter().map(|hit| hit.case_id).collect())
    }),
    ("read document", |ctx, world, ids| {
        let id = world.app.db.read(|tx| doorstep_store::cases::load(tx, &ids[2])).unwrap().unwrap();
        desk::document(ctx, &ids[2], &id.intake.documents[0].document_id)?;
        Ok(vec![ids[2].clone()])
    }),
    ("read file", |ctx, _, _| {
        let file = desk::files(ctx, 1)?.remove(0);
        desk::file_bytes(ctx, &file.receipt.receipt_id)?;
        Ok(file.units.into_iter().filter_map(|unit| unit.case_id).collect())
    }),
];

fn with_a_document(world: &World) -> Vec<CaseId> {
    let ids = opened(world, 3);
    let attachment = Attachment {
        kind: DocumentKind::ALL[0],
        media_type: "text/plain".to_owned(),
        title: None,
        bytes: b"synthetic".to_vec(),
    };
    desk::add_document(&world.agent(), &ids[2], &attachment).unwrap();
    ids
}

fn each_look_leaves_one_record_with_the_cases_shown(world: &World) {
    let ids = with_a_document(world);
    for (action, look) in LOOKS {
        let before = audited(world).len();
        let ctx = world.agent();
        let mut cases: Vec<String> =
            look(&ctx, world, &ids).unwrap().iter().map(ToString::to_string).collect();
        cases.sort();
        let all = audited(world);
        assert_eq!(all.len(), before + 1, "{action} leaves one record");
        let (user, role) = ("agent".to_owned(), "agent".to_owned());
        let expected =
            Row { action: action.to_owned(), user, role, request: ctx.request_id.clone(), cases };
        assert!(all.contains(&expected), "{expected:?} is not among {:?}", &all[all.len() - 3..]);
    }
}

fn what_cannot_be_recorded_is_not_shown(world: &World) {
    let ids = with_a_document(world);
    rows::meddle(world, "ALTER TABLE audit RENAME TO audit_gone", params![]);
    for (action, look) in LOOKS {
        let shown = look(&world.agent(), world, &ids);
        assert!(matches!(shown, Err(Error::Broken(_))), "{action} showed {shown:?}");
    }
}

fn each_change_leaves_one_record_of_who_did_it(world: &World) {
    let ids = opened(world, 1);
    let events = |world: &World| rows::rows(world, "case_event");
    let commands = [
        (Role::Agent, IntakeCommand::Acknowledge),
        (Role::Supervisor, IntakeCommand::Assign("ana".into())),
        (Role::Nurse, IntakeCommand::Triage(doorstep_case::intake::Priority::P1)),
    ];
    for (role, command) in commands {
        let (before, n_events) = (audited(world).len(), events(world));
        let ctx = world.ctx(role);
        let acted = act(&ctx, &ids[0], None, &Command::Intake(command)).unwrap();
        assert!(events(world) > n_events);
        let all = audited(world);
        assert_eq!(all.len(), before + 1);
        let row = all.iter().find(|row| row.request == ctx.request_id).unwrap();
        assert_eq!(row.action, acted.recorded[0].event.name());
        assert_eq!((row.user.as_str(), row.role.as_str()), (role.name(), role.name()));
        assert_eq!(row.cases, [ids[0].to_string()]);
    }
    let opening = "SELECT COUNT(*) AS n FROM audit WHERE user_id = 'intake' AND role = 'system'";
    assert_eq!(rows::count(world, opening), 1, "opening the case is a change too");
}

fn a_renewal_is_told_from_a_persons_look(world: &World) {
    opened(world, 2);
    let looks = |object: &str| {
        rows::count(world, &format!("SELECT COUNT(*) AS n FROM audit WHERE object = '{object}'"))
    };
    let mut ctx = world.agent();
    worklist(&ctx, &all_cases(world), None, 2).unwrap();
    assert_eq!(looks("renewal"), 0);
    ctx.is_renewal = true;
    worklist(&ctx, &all_cases(world), None, 2).unwrap();
    assert_eq!(looks("renewal"), 1);
}

fn changes_of_another_process_are_heard_and_looks_are_not(world: &World) {
    let ids = opened(world, 1);
    let beside = world.beside();
    let mut elsewhere = Elsewhere::listen(&beside).unwrap();
    assert!(!elsewhere.changed(&beside).unwrap());
    world.clock.pass(doorstep_vocab::Micros::MINUTE);
    case_file(&world.agent(), &ids[0]).unwrap();
    assert!(!elsewhere.changed(&beside).unwrap(), "a look is no change");
    let acknowledge = Command::Intake(IntakeCommand::Acknowledge);
    act(&world.agent(), &ids[0], None, &acknowledge).unwrap();
    assert!(elsewhere.changed(&beside).unwrap());
    assert!(!elsewhere.changed(&beside).unwrap(), "once");
    let own = beside.ctx(world.ctx(Role::Supervisor).actor.clone());
    let assign = Command::Intake(IntakeCommand::Assign("ana".into()));
    act(&own, &ids[0], None, &assign).unwrap();
    assert!(!elsewhere.changed(&beside).unwrap(), "its own changes are told at once, not here");
}

on_both!(
    a_renewal_is_told_from_a_persons_look,
    changes_of_another_process_are_heard_and_looks_are_not,
    each_look_leaves_one_record_with_the_cases_shown,
    what_cannot_be_recorded_is_not_shown,
    each_change_leaves_one_record_of_who_did_it,
);
