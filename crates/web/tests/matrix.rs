//! Every route that is about a case, asked by everybody for a case of their own, of another's, outside of their walls, closed and
//! labelled: the answers are the golden table. Source: trust.md 7, S01.
#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::StatusCode;
use doorstep_app::{Outsider, act};
use doorstep_case::closing::{CancelReason, ClosingCommand};
use doorstep_case::intake::{IntakeCommand, Label};
use doorstep_case::{Command, Role};
use doorstep_vocab::{CaseId, LineNo, UserId};
use doorstep_web::{Method, Route, routes};
use std::fmt::Write as _;
use std::path::Path;
use support::{Answered, OXYGEN, Session, World};

const GOLDEN: &str = "tests/matrix.golden.txt";

/// The cases that everybody is asked about, each by how it stands to whoever asks.
const STANDINGS: [&str; 5] = ["own", "other", "walled", "closed", "labelled"];

struct Cases {
    /// One for each role: managed by the user of that role.
    own: Vec<(Role, String)>,
    /// The others, in the order of [`STANDINGS`] without the first.
    others: [String; 4],
}

impl Cases {
    fn of(&self, role: Option<Role>, standing: &str) -> &str {
        let at = STANDINGS.iter().position(|one| *one == standing).unwrap();
        let own = |role: Role| self.own.iter().find(|(of, _)| *of == role).map(|(_, path)| path);
        match (at, role) {
            (0, Some(role)) => own(role).unwrap(),
            (0, None) => &self.own[0].1,
            _ => &self.others[at - 1],
        }
    }
}

/// Opens a case of a member of its own, so that none is taken for another.
async fn open(world: &World, supervisor: &Session, (n, payer): (u32, &str)) -> String {
    let (plan_id, given) = (format!("TEST-9{n:03}"), format!("Testa{n}"));
    let birth = format!("19{:02}-01-02", 40 + n);
    let pairs: Vec<(&str, &str)> = OXYGEN
        .iter()
        .map(|(name, value)| match *name {
            "member_id" => ("member_id", plan_id.as_str()),
            "given" => ("given", given.as_str()),
            "birth_on" => ("birth_on", birth.as_str()),
            "payer" => ("payer", payer),
            _ => (*name, *value),
        })
        .collect();
    let opened = world.post("/referrals", Some(supervisor), &pairs).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    opened.location().split('?').next().unwrap().to_owned()
}

fn id(path: &str) -> CaseId {
    CaseId::from(path.rsplit('/').next().unwrap())
}

fn give(world: &World, path: &str, commands: &[Command]) {
    for command in commands {
        act(&world.app.system("test"), &id(path), None, command).unwrap();
    }
}

fn managed_by(user: &str) -> Command {
    Command::Intake(IntakeCommand::Assign(UserId::from(user)))
}

/// All cases, and everybody walled to the payer of all but one.
async fn cases(world: &World) -> Cases {
    let supervisor = world.sign_in(Role::Supervisor);
    let (inside, outside) = ("evergreen-ma", "summit-commercial");
    let mut own = Vec::new();
    for (n, role) in (0..).zip(Role::PEOPLE) {
        let path = open(world, &supervisor, (n, inside)).await;
        give(world, &path, &[managed_by(role.name())]);
        own.push((role, path));
    }
    let other = open(world, &supervisor, (20, inside)).await;
    give(world, &other, &[managed_by("ben")]);
    let walled = open(world, &supervisor, (21, outside)).await;
    let closed = open(world, &supervisor, (22, inside)).await;
    let (line, reason) = (LineNo(1), CancelReason::CancelledByMember);
    let cancel = Command::Closing(ClosingCommand::CancelLine { line, reason });
    give(world, &closed, &[cancel, Command::Closing(ClosingCommand::Close)]);
    let labelled = open(world, &supervisor, (23, inside)).await;
    let label = Command::Intake(IntakeCommand::Label(Label::Part2));
    give(world, &labelled, &[managed_by("ben"), label]);
    let ctx = world.app.system("test");
    for role in Role::PEOPLE {
        let user_id = UserId::from(role.name());
        doorstep_app::signin::set_team(&ctx, &user_id, "west").unwrap();
    }
    let admin = world.sign_in(Role::Admin);
    let wall = [("team", "west"), ("payers", inside)];
    world.post("/walls", Some(&admin), &wall).await;
    Cases { own, others: [other, walled, closed, labelled] }
}

async fn ask(world: &World, route: &Route, case: &str, session: Option<&Session>) -> Answered {
    let path = route
        .path
        .replace("{id}", id(case).as_str())
        .replace("{document}", "none")
        .replace("{other}", id(case).as_str());
    match route.method {
        Method::Get => world.get(&path, session).await,
        // A form of a version that no case has, and of which nothing is filled in: it changes nothing.
        Method::Post => world.post(&path, session, &[("seen", "0")]).await,
    }
}

fn word(answer: &Answered) -> &'static str {
    let signs_in = answer.location().starts_with("/sign-in");
    match answer.status {
        _ if signs_in => "sign-in",
        StatusCode::UNAUTHORIZED => "sign-in",
        StatusCode::FORBIDDEN => "no",
        status if status.is_server_error() => "broken",
        _ => "yes",
    }
}

#[tokio::test]
async fn every_route_about_a_case_answers_everybody_as_the_golden_table_says() {
    let world = World::new();
    let cases = cases(&world).await;
    let mut table = String::from(
        "# Route by how the case stands to whoever asks, and by role. UPDATE_GOLDEN=1 rewrites this file; the difference is reviewed.\n",
    );
    let mut about: Vec<&Route> =
        routes().iter().filter(|route| route.path.starts_with("/cases/{id}")).collect();
    let askers: Vec<(Option<Role>, Option<Session>)> = std::iter::once(None)
        .chain(Role::PEOPLE.map(Some))
        .map(|role| (role, role.map(|role| world.sign_in(role))))
        .collect();
    about.sort_by(|a, b| (&a.path, a.method.name()).cmp(&(&b.path, b.method.name())));
    for route in about {
        for standing in STANDINGS {
            write!(table, "{:<4} {:<40} {standing:<8}", route.method.name(), route.path).unwrap();
            let mut outside = "";
            for (role, session) in &askers {
                let case = cases.of(*role, standing);
                let said = word(&ask(&world, route, case, session.as_ref()).await);
                match role {
                    Some(role) => write!(table, " {}={said}", role.name()).unwrap(),
                    None => outside = said,
                }
            }
            // Nobody outside has an account: each of them is answered as nobody is.
            for outsider in Outsider::ALL {
                write!(table, " {}={outside}", outsider.name()).unwrap();
            }
            table.push('\n');
        }
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &table).unwrap();
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        table, known,
        "who may do what with which case changed: run with UPDATE_GOLDEN=1 and review"
    );
    assert!(!table.contains("=broken"), "an answer broke");
}
