//! The second factor: nobody is in before it, a code serves once, wrong ones are few, and it can be taken off.

use super::authenticator::shows;
use super::signins::{RIGHT, with_ana};
use crate::on_both;
use crate::support::world::World;
use doorstep_app::signin::{self, Entered, Whence};
use doorstep_app::{Ctx, Error, Result, Token};
use doorstep_case::{Actor, Role};
use doorstep_vocab::{Micros, UserId};

/// Ana, who showed a factor just now.
fn ana(world: &World) -> Ctx<'_> {
    let mut ctx = world.app.ctx(Actor { user_id: UserId::from("ana"), role: Role::Agent });
    ctx.proved_at = Some(world.app.wall_now());
    ctx
}

fn enter(world: &World) -> Result<Entered> {
    signin::by_password(&world.app, ("ana", RIGHT), &Whence::default())
}

/// Shows the password, and returns what the form of the second factor carries.
fn halfway(world: &World) -> Token {
    match enter(world).unwrap() {
        Entered::Second(step) => step,
        Entered::In(_) => panic!("the password alone let her in"),
    }
}

fn second(world: &World, step: &Token, typed: &str) -> Result<Token> {
    signin::by_second(&world.app, (step.reveal(), typed), &Whence::default())
}

/// Sets the app up in a session of hers. Returns its secret, the codes on paper, and the session.
fn with_app(world: &World) -> (String, Vec<String>, Token) {
    with_ana(world);
    let session = enter(world).unwrap().session().unwrap();
    let ctx = ana(world);
    signin::begin_app(&ctx).unwrap();
    let secret = signin::begun_app(&ctx).unwrap().unwrap().secret;
    let code = shows(&secret, world.app.wall_now());
    let codes = signin::confirm_app(&ctx, session.reveal(), &code).unwrap();
    world.clock.pass(Micros::minutes(1));
    (secret, codes, session)
}

fn nobody_is_in_before_the_second_factor(world: &World) {
    let (secret, _, _) = with_app(world);
    let step = halfway(world);
    assert!(signin::signed_in(&world.app, step.reveal()).unwrap().is_none());
    for wrong in ["", "000000", RIGHT] {
        assert!(second(world, &step, wrong).is_err(), "{wrong}");
    }
    let code = shows(&secret, world.app.wall_now());
    let session = second(world, &step, &code).unwrap();
    assert!(signin::signed_in(&world.app, session.reveal()).unwrap().is_some());
    // Neither the step nor the code serves a second time.
    world.clock.pass(Micros::minutes(1));
    let next = shows(&secret, world.app.wall_now());
    assert!(second(world, &step, &next).is_err(), "the step was used");
    world.clock.pass(Micros::minutes(-1));
    assert!(second(world, &halfway(world), &code).is_err(), "the code was used");
}

fn a_code_serves_once_and_only_around_its_time(world: &World) {
    let (secret, _, _) = with_app(world);
    let code = shows(&secret, world.app.wall_now());
    world.clock.pass(Micros(31_000_000));
    second(world, &halfway(world), &code).unwrap();
    let again = second(world, &halfway(world), &code);
    assert!(matches!(again, Err(Error::Bad { code: "sign-in", .. })));
    let code = shows(&secret, world.app.wall_now());
    second(world, &halfway(world), &code).unwrap();
    let old = shows(&secret, world.app.wall_now());
    world.clock.pass(Micros::minutes(2));
    assert!(second(world, &halfway(world), &old).is_err(), "too old");
}

fn a_code_on_paper_serves_once(world: &World) {
    let (_, codes, _) = with_app(world);
    assert_eq!(codes.len(), 10);
    let typed = codes[3].to_lowercase().replace('-', " ");
    second(world, &halfway(world), &typed).unwrap();
    assert!(second(world, &halfway(world), &codes[3]).is_err(), "it was used");
    second(world, &halfway(world), &codes[4]).unwrap();
    assert_eq!(signin::second(&ana(world)).unwrap().n_recovery, 8);
    let fresh = signin::new_recovery_codes(&ana(world)).unwrap();
    assert!(second(world, &halfway(world), &codes[5]).is_err(), "the old ones are void");
    second(world, &halfway(world), &fresh[0]).unwrap();
}

fn whoever_knows_the_password_has_no_more_tries_at_the_code(world: &World) {
    let (secret, _, _) = with_app(world);
    let mut n_tries = 0;
    // Each password that is right is a try as well, and forgives nothing.
    while let Ok(Entered::Second(step)) = enter(world) {
        n_tries += 1;
        assert!(second(world, &step, "000000").is_err());
        assert!(n_tries < 10, "as many tries as anybody likes");
    }
    assert_eq!(n_tries, 5);
    world.clock.pass(Micros::minutes(16));
    let step = halfway(world);
    let code = shows(&secret, world.app.wall_now());
    second(world, &step, &code).unwrap();
    let _ = halfway(world);
}

fn halfway_ends_after_five_minutes_and_with_the_password(world: &World) {
    let (secret, _, _) = with_app(world);
    let step = halfway(world);
    world.clock.pass(Micros::minutes(5));
    let code = shows(&secret, world.app.wall_now());
    let late = second(world, &step, &code);
    assert!(matches!(late, Err(Error::Bad { code: "sign-in-step", .. })));
    let step = halfway(world);
    signin::set_password(&ana(world), RIGHT, "another phrase of a test user").unwrap();
    assert!(matches!(second(world, &step, &code), Err(Error::Bad { code: "sign-in-step", .. })));
}

fn a_link_asks_for_the_second_factor_too(world: &World) {
    let (secret, _, _) = with_app(world);
    let system = world.app.system("test");
    let link = signin::make_link(&system, &UserId::from("ana")).unwrap();
    let (entered, _) = signin::by_link(&world.app, link.reveal(), &Whence::default()).unwrap();
    let Entered::Second(step) = entered else { panic!("the link alone let her in") };
    second(world, &step, &shows(&secret, world.app.wall_now())).unwrap();
}

fn setting_it_up_ends_other_sessions_and_takes_a_fresh_factor(world: &World) {
    with_ana(world);
    let (other, own) = (enter(world).unwrap().session().unwrap(), enter(world).unwrap());
    let own = own.session().unwrap();
    let mut stale = ana(world);
    stale.proved_at = Some(world.app.wall_now().plus(Micros::minutes(-5)));
    assert!(matches!(signin::begin_app(&stale), Err(Error::Unproved)));
    signin::begin_app(&ana(world)).unwrap();
    assert!(matches!(signin::begun_app(&stale), Err(Error::Unproved)), "the secret is not shown");
    let wrong = signin::confirm_app(&ana(world), own.reveal(), "000000");
    assert!(matches!(wrong, Err(Error::Bad { code: "second-code", .. })));
    assert!(enter(world).unwrap().session().is_some(), "it is not asked for before it works");
    let secret = signin::begun_app(&ana(world)).unwrap().unwrap().secret;
    let code = shows(&secret, world.app.wall_now());
    signin::confirm_app(&ana(world), own.reveal(), &code).unwrap();
    let holds = |token: &Token| signin::signed_in(&world.app, token.reveal()).unwrap().is_some();
    assert!(holds(&own) && !holds(&other));
    assert!(signin::begun_app(&ana(world)).unwrap().is_none(), "its secret is shown to nobody");
    assert!(matches!(signin::begin_app(&ana(world)), Err(Error::Bad { code: "second-on", .. })));
    assert!(matches!(signin::remove_app(&stale, own.reveal()), Err(Error::Unproved)));
    signin::remove_app(&ana(world), own.reveal()).unwrap();
    assert!(enter(world).unwrap().session().is_some());
}

fn an_administrator_takes_it_off_for_whoever_lost_it(world: &World) {
    let (_, _, session) = with_app(world);
    let nurse = world.ctx(Role::Nurse);
    assert!(matches!(signin::reset_second(&nurse, &"ana".into()), Err(Error::Forbidden)));
    let admin = world.ctx(Role::Admin);
    signin::reset_second(&admin, &"ana".into()).unwrap();
    assert!(signin::signed_in(&world.app, session.reveal()).unwrap().is_none());
    assert!(enter(world).unwrap().session().is_some(), "the password alone again");
    assert!(matches!(signin::reset_second(&admin, &"nobody".into()), Err(Error::NotFound)));
}

fn a_step_up_takes_the_code_and_not_the_password(world: &World) {
    let (secret, _, session) = with_app(world);
    let who = signin::signed_in(&world.app, session.reveal()).unwrap().unwrap();
    let prove = |proof| signin::prove(&world.app, (&who, session.reveal()), proof);
    assert!(prove(signin::Proof::Password(RIGHT)).is_err());
    assert!(prove(signin::Proof::Code("000000")).is_err());
    let code = shows(&secret, world.app.wall_now());
    let renewed = prove(signin::Proof::Code(&code)).unwrap();
    let who = signin::signed_in(&world.app, renewed.reveal()).unwrap().unwrap();
    assert_eq!(who.proved_at, world.app.wall_now());
    assert!(signin::signed_in(&world.app, session.reveal()).unwrap().is_none());
}

on_both!(
    nobody_is_in_before_the_second_factor,
    a_code_serves_once_and_only_around_its_time,
    a_code_on_paper_serves_once,
    whoever_knows_the_password_has_no_more_tries_at_the_code,
    halfway_ends_after_five_minutes_and_with_the_password,
    a_link_asks_for_the_second_factor_too,
    setting_it_up_ends_other_sessions_and_takes_a_fresh_factor,
    an_administrator_takes_it_off_for_whoever_lost_it,
    a_step_up_takes_the_code_and_not_the_password,
);
