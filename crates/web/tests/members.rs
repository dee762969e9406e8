//! Two members compared, merged by a supervisor, found by either, and taken apart again.

#![expect(clippy::unwrap_used, reason = "what cannot be read fails the test")]

mod support;

use axum::http::StatusCode;
use doorstep_app::walls;
use doorstep_case::Role;
use support::{OXYGEN, Session, World};

/// Opens a case of somebody with another name and plan ID, and returns its path.
async fn open(world: &World, session: &Session, who: (&str, &str, &str)) -> String {
    pay(world, session, who, "evergreen-ma").await
}

async fn pay(
    world: &World,
    session: &Session,
    (name, plan, npi): (&str, &str, &str),
    payer: &str,
) -> String {
    let pairs = OXYGEN.iter().map(|(field, value)| match *field {
        "given" => ("given", name),
        "member_id" => ("member_id", plan),
        "npi" => ("npi", npi),
        "payer" => ("payer", payer),
        _ => (*field, *value),
    });
    let opened = world.post("/referrals", Some(session), &pairs.collect::<Vec<_>>()).await;
    assert_eq!(opened.status, StatusCode::SEE_OTHER, "{}", opened.text);
    opened.location().split('?').next().unwrap().to_owned()
}

fn id(case: &str) -> &str {
    case.rsplit('/').next().unwrap()
}

async fn found(world: &World, session: &Session, typed: &str) -> Vec<String> {
    doorstep_app::bring_up(&world.app).unwrap();
    let page = world.post("/search", Some(session), &[("q", typed)]).await.text;
    let links = page.split("data-pick href=\"").skip(1);
    links.map(|link| link.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn a_supervisor_merges_two_members_and_takes_them_apart_with_what_came_since() {
    let world = World::new();
    let (agent, supervisor) = (world.sign_in(Role::Agent), world.sign_in(Role::Supervisor));
    let one = open(&world, &agent, ("Testa", "TEST-0001", "1003000126")).await;
    let two = open(&world, &agent, ("Tessa", "TEST-0002", "1003000126")).await;
    let same = format!("{one}/same/{}", id(&two));
    doorstep_app::bring_up(&world.app).unwrap();
    let alike = world.get(&format!("{one}/alike"), Some(&agent)).await.text;
    assert!(alike.contains(&format!("href=\"{same}\"")), "a suggestion leads to the comparison");
    let page = world.get(&same, Some(&agent)).await.text;
    assert!(page.contains("Testa Example") && page.contains("Tessa Example"), "{page}");
    assert!(page.contains("differs") && page.contains("A supervisor merges members"));
    let reason = [("reason", "the same person, asked by telephone"), ("survivor", id(&one))];
    let refused = world.post(&format!("{same}/merge"), Some(&agent), &reason).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let unsaid = world.post(&format!("{same}/merge"), Some(&supervisor), &reason[1..]).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.text.contains("Say why"), "{}", unsaid.text);
    let merged = world.post(&format!("{same}/merge"), Some(&supervisor), &reason).await;
    assert_eq!(merged.status, StatusCode::SEE_OTHER, "{}", merged.text);
    let case = world.get(&one, Some(&agent)).await.text;
    assert!(case.contains("By a merge the member of") && case.contains(&same), "{case}");
    for typed in ["TEST-0001", "TEST-0002"] {
        let mut all = found(&world, &agent, typed).await;
        all.sort();
        let mut both = vec![one.clone(), two.clone()];
        both.sort();
        assert_eq!(all, both, "{typed}");
    }
    world.pass_minutes(1);
    let since = open(&world, &agent, ("Testa", "TEST-0001", "1234567893")).await;
    let page = world.get(&same, Some(&supervisor)).await.text;
    let whose = format!("whose.{}", id(&since));
    assert!(page.contains(&whose), "of what came since is asked whose it is");
    let merge = support::hidden(&page, &format!("{same}/unmerge"), "merge").to_owned();
    let apart = [("merge", merge.as_str()), ("reason", "two sisters"), (whose.as_str(), "merged")];
    let done = world.post(&format!("{same}/unmerge"), Some(&supervisor), &apart).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let again = world.post(&format!("{same}/unmerge"), Some(&supervisor), &apart).await;
    assert!(again.text.contains("does not hold any more"), "{}", again.text);
    let cases = doorstep_store::members::cases_of;
    let of = |case: &str| {
        let found = world.app.db.read(|tx| cases(tx, &id(case).into())).unwrap();
        found.into_iter().map(|id| format!("/cases/{id}")).collect::<Vec<_>>()
    };
    assert_eq!(of(&one), std::slice::from_ref(&one));
    let mut theirs = vec![two.clone(), since.clone()];
    theirs.sort();
    assert_eq!(of(&since), theirs, "it is where the supervisor said");
}

#[tokio::test]
async fn members_are_merged_by_whoever_showed_a_factor_and_sees_both() {
    let world = World::new();
    let (agent, supervisor) = (world.sign_in(Role::Agent), world.sign_in(Role::Supervisor));
    let one = open(&world, &agent, ("Testa", "TEST-0001", "1003000126")).await;
    let two = open(&world, &agent, ("Tessa", "TEST-0002", "1003000126")).await;
    let merge = format!("{one}/same/{}/merge", id(&two));
    let pairs = [("reason", "asked"), ("survivor", id(&one))];
    world.pass_minutes(6);
    let asked = world.post(&merge, Some(&supervisor), &pairs).await;
    assert_ne!(asked.status, StatusCode::SEE_OTHER, "a factor is asked for first");
    assert!(world.get(&one, Some(&agent)).await.text.contains("Testa"));
    assert!(!world.get(&one, Some(&agent)).await.text.contains("By a merge"));
    let supervisor = world.sign_in(Role::Supervisor);
    // A case of the other member that is shut to the supervisor, beside one that is not.
    let third =
        pay(&world, &agent, ("Tessa", "TEST-0002", "1234567893"), "summit-commercial").await;
    let admin = || {
        let user_id = Role::Admin.name().into();
        world.app.ctx(doorstep_case::Actor { user_id, role: Role::Admin })
    };
    walls::shut(&admin(), &["summit-commercial"]).unwrap();
    assert_eq!(world.get(&third, Some(&supervisor)).await.status, StatusCode::FORBIDDEN);
    let page = world.get(&format!("{one}/same/{}", id(&two)), Some(&supervisor)).await;
    assert!(page.status == StatusCode::OK && !page.text.contains(id(&third)), "{}", page.text);
    let kept_out = world.post(&merge, Some(&supervisor), &pairs).await;
    assert_eq!(kept_out.status, StatusCode::FORBIDDEN, "{}", kept_out.text);
    walls::shut(&admin(), &[]).unwrap();
    let done = world.post(&merge, Some(&supervisor), &pairs).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);

    // Of a merge whose other end is shut nobody learns: neither that it is, nor why.
    let fourth =
        pay(&world, &agent, ("Tess", "TEST-0004", "1234567893"), "summit-commercial").await;
    let merge = format!("{one}/same/{}/merge", id(&fourth));
    let pairs = [("reason", "told by the clinic"), ("survivor", id(&one))];
    let done = world.post(&merge, Some(&supervisor), &pairs).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let compared = format!("{one}/same/{}", id(&two));
    assert!(world.get(&compared, Some(&agent)).await.text.contains("told by the clinic"));
    walls::shut(&admin(), &["summit-commercial"]).unwrap();
    let page = world.get(&compared, Some(&agent)).await.text;
    assert!(!page.contains(id(&fourth)) && !page.contains("told by the clinic"), "{page}");
    assert!(!world.get(&one, Some(&agent)).await.text.contains(id(&fourth)));
}
