//! Passkeys, S06: one is made and signs in, and seven ways to misuse it are refused. The device is a software one; Chromium's own
//! is met in the console's tests.

use super::signins::with_ana;
use crate::on_both;
use crate::support::world::{Clock, World};
use doorstep_app::signin::{self, KeyUsed, Proof, Whence};
use doorstep_app::{App, Ctx, Error, Result, Token};
use doorstep_case::{Actor, Role};
use doorstep_passkeys::decoded;
use doorstep_passkeys::testing::{Device, Said};
use doorstep_vocab::{Micros, UserId};

const HUB: &str = "https://hub.example";

fn ana(app: &App) -> Ctx<'_> {
    let mut ctx = app.ctx(Actor { user_id: UserId::from("ana"), role: Role::Agent });
    ctx.proved_at = Some(app.wall_now());
    ctx
}

/// The hub, told its address.
struct Hub {
    app: App,
    clock: Clock,
}

impl Hub {
    fn ctx(&self, role: Role) -> Ctx<'_> {
        self.app.ctx(Actor { user_id: UserId::from(role.name()), role })
    }
}

/// With Ana and a session of hers.
fn hub(world: &World) -> (Hub, Token) {
    with_ana(world);
    let app = world.beside().at_origin(HUB).unwrap();
    let hub = Hub { app, clock: world.clock.clone() };
    let session = enter(&hub);
    (hub, session)
}

fn enter(world: &Hub) -> Token {
    let password = ("ana", super::signins::RIGHT);
    signin::by_password(&world.app, password, &Whence::default()).unwrap().session().unwrap()
}

/// Makes a key of the device's. Returns what devices call Ana.
fn make(world: &Hub, session: &Token, device: &Device) -> String {
    let asked = signin::ask_new_key(&ana(&world.app)).unwrap();
    let said = Said::right(&decoded(&asked.challenge).unwrap(), HUB);
    let made = device.make(&said);
    let new = ("Example phone", asked.user_handle.as_str(), &made);
    signin::add_key(&ana(&world.app), session.reveal(), new).unwrap();
    asked.user_handle
}

fn shown(device: &Device, handle: &str, said: &Said) -> KeyUsed {
    KeyUsed {
        credential_id: doorstep_passkeys::encoded(&device.credential_id),
        user_handle: handle.to_owned(),
        used: device.sign(said),
    }
}

/// What is right to say now: a challenge that was just asked.
fn asked(world: &Hub) -> Said {
    let asked = signin::ask_key(&world.app).unwrap();
    Said::right(&decoded(&asked.challenge).unwrap(), HUB)
}

fn by(world: &Hub, key: &KeyUsed) -> Result<Token> {
    signin::by_key(&world.app, key, &Whence::default())
}

fn is_refused(result: &Result<Token>) -> bool {
    matches!(result, Err(Error::Bad { code: "passkey", .. }))
}

fn one_signs_in_and_seven_are_refused(world: &World) {
    let (world, session) = hub(world);
    let device = Device::new();
    let handle = make(&world, &session, &device);
    let sign = |said: &Said| by(&world, &shown(&device, &handle, said));
    // 1 passes.
    let right = Said { counter: 5, ..asked(&world) };
    let signed_in = sign(&right).unwrap();
    assert!(signin::signed_in(&world.app, signed_in.reveal()).unwrap().is_some());
    // 7 are refused.
    let next = || Said { counter: 100, ..asked(&world) };
    let wrong_origin = Said { origin: "https://hub.example.evil.example".to_owned(), ..next() };
    assert!(is_refused(&sign(&wrong_origin)), "another page asked");
    assert!(
        is_refused(&sign(&Said { rp_id: "evil.example".to_owned(), ..next() })),
        "another site's key"
    );
    assert!(is_refused(&sign(&Said { flags: 0x01, ..next() })), "nobody was verified");
    assert!(
        is_refused(&sign(&Said { counter: 101, ..right.clone() })),
        "a challenge a second time"
    );
    assert!(is_refused(&sign(&Said { challenge: b"made up".to_vec(), ..next() })), "never asked");
    for counter in [4, 5] {
        assert!(is_refused(&sign(&Said { counter, ..asked(&world) })), "it counts back");
    }
    // The wrong ones changed nothing: the right one still does it.
    sign(&Said { counter: 6, ..asked(&world) }).unwrap();
    let own = signin::keys(&ana(&world.app)).unwrap().remove(0);
    signin::remove_key(&ana(&world.app), session.reveal(), &own.credential_id).unwrap();
    assert!(is_refused(&sign(&Said { counter: 200, ..asked(&world) })), "the key was taken off");
}

fn a_challenge_serves_one_ceremony_for_five_minutes(world: &World) {
    let (world, session) = hub(world);
    let device = Device::new();
    let handle = make(&world, &session, &device);
    // One to make a key with signs nobody in, and the other way round.
    let new = signin::ask_new_key(&ana(&world.app)).unwrap();
    let said = Said::right(&decoded(&new.challenge).unwrap(), HUB);
    assert!(is_refused(&by(&world, &shown(&device, &handle, &said))));
    let made = Device::new().make(&asked(&world));
    let refused = signin::add_key(&ana(&world.app), session.reveal(), ("x", &handle, &made));
    assert!(matches!(refused, Err(Error::Bad { code: "passkey", .. })));
    // One that was asked for somebody else, too.
    let made = Device::new().make(&Said::right(
        &decoded(&signin::ask_new_key(&ana(&world.app)).unwrap().challenge).unwrap(),
        HUB,
    ));
    let mut ben = world.ctx(Role::Nurse);
    ben.proved_at = Some(world.app.wall_now());
    assert!(signin::add_key(&ben, session.reveal(), ("x", &handle, &made)).is_err());
    let late = asked(&world);
    world.clock.pass(Micros::minutes(5));
    assert!(is_refused(&by(&world, &shown(&device, &handle, &late))));
}

fn a_key_of_somebody_else_or_of_a_shut_account_signs_nobody_in(world: &World) {
    let (world, session) = hub(world);
    let device = Device::new();
    let handle = make(&world, &session, &device);
    assert!(is_refused(&by(&world, &shown(&device, "another", &asked(&world)))));
    assert!(is_refused(&by(&world, &shown(&Device::new(), &handle, &asked(&world)))));
    let system = world.app.system("test");
    signin::set_disabled(&system, &"ana".into(), true).unwrap();
    let before = n_came_in(&world);
    assert!(is_refused(&by(&world, &shown(&device, &handle, &asked(&world)))));
    let link = signin::make_link(&system, &"ana".into()).unwrap();
    let refused = signin::by_link(&world.app, link.reveal(), &Whence::default()).err().unwrap();
    assert!(matches!(refused, Error::Bad { code: "link-used", .. }));
    assert_eq!(n_came_in(&world), before, "the trail has nobody come in who did not");
}

/// How many sign-ins the trail has that were no refusals.
fn n_came_in(world: &Hub) -> usize {
    let scope = world.ctx(Role::Supervisor).scope().unwrap();
    let filter = doorstep_store::audit::Filter::default();
    let page = |tx: &mut doorstep_db::Tx| doorstep_store::audit::page(tx, &scope, &filter, 200);
    let trail = world.app.db.read(page).unwrap();
    let came_in = trail.iter().filter(|one| one.entry.action == "sign in");
    came_in.filter(|one| one.entry.outcome != "refused").count()
}

fn a_key_of_whoever_signs_in_at_the_provider_serves_no_more(world: &World) {
    let (world, session) = hub(world);
    let device = Device::new();
    let handle = make(&world, &session, &device);
    let who = signin::signed_in(&world.app, session.reveal()).unwrap().unwrap();
    let bound = (&"ana".into(), world.app.wall_now());
    let bind = |tx: &mut doorstep_db::Tx| {
        doorstep_store::users::bind_identity(tx, ("https://id.example", "s-1"), bound)
    };
    world.app.db.write("bind", bind).unwrap();
    assert!(is_refused(&by(&world, &shown(&device, &handle, &asked(&world)))));
    let key = shown(&device, &handle, &asked(&world));
    assert!(signin::prove(&world.app, (&who, session.reveal()), Proof::Key(&key)).is_err());
}

/// Who has the lost device in hand is in by it: the link puts them out.
fn a_link_ends_the_sessions_of_whoever_had_a_key_alone(world: &World) {
    let (world, session) = hub(world);
    let device = Device::new();
    let handle = make(&world, &session, &device);
    let system = world.app.system("test");
    let link = || {
        let link = signin::make_link(&system, &"ana".into()).unwrap();
        signin::by_link(&world.app, link.reveal(), &Whence::default()).unwrap().0.session().unwrap()
    };
    // The first takes her password; with a new key she has that and nothing else.
    let first = link();
    assert!(is_refused(&by(&world, &shown(&device, &handle, &asked(&world)))));
    let device = Device::new();
    let handle = make(&world, &first, &device);
    let lost = by(&world, &shown(&device, &handle, &asked(&world))).unwrap();
    let holds = |token: &Token| signin::signed_in(&world.app, token.reveal()).unwrap().is_some();
    assert!(holds(&lost));
    let second = link();
    assert!(!holds(&lost) && !holds(&first) && holds(&second));
}

fn making_and_taking_off_take_a_fresh_factor_and_end_other_sessions(world: &World) {
    let (world, session) = hub(world);
    let other = enter(&world);
    let mut stale = ana(&world.app);
    stale.proved_at = Some(world.app.wall_now().plus(Micros::minutes(-5)));
    assert!(matches!(signin::ask_new_key(&stale), Err(Error::Unproved)));
    let device = Device::new();
    let handle = make(&world, &session, &device);
    let holds = |token: &Token| signin::signed_in(&world.app, token.reveal()).unwrap().is_some();
    assert!(holds(&session) && !holds(&other));
    // The same device makes no second key, and a second device calls her the same.
    let asked = signin::ask_new_key(&ana(&world.app)).unwrap();
    assert_eq!((asked.known.len(), asked.user_handle.as_str()), (1, handle.as_str()));
    let id = &asked.known[0];
    assert!(matches!(signin::remove_key(&stale, session.reveal(), id), Err(Error::Unproved)));
    let nurse = {
        let mut ctx = world.ctx(Role::Nurse);
        ctx.proved_at = Some(world.app.wall_now());
        ctx
    };
    let of_others = signin::remove_key(&nurse, session.reveal(), id);
    assert!(matches!(of_others, Err(Error::NotFound)));
    signin::rename_key(&ana(&world.app), id, " Blue key ").unwrap();
    assert_eq!(signin::keys(&ana(&world.app)).unwrap()[0].name, "Blue key");
    for wrong in ["", " ", &"x".repeat(41)] {
        assert!(signin::rename_key(&ana(&world.app), id, wrong).is_err(), "{wrong}");
    }
}

fn a_key_confirms_who_sits_there(world: &World) {
    let (world, session) = hub(world);
    let device = Device::new();
    let handle = make(&world, &session, &device);
    world.clock.pass(Micros::minutes(6));
    let who = signin::signed_in(&world.app, session.reveal()).unwrap().unwrap();
    let key = shown(&device, &handle, &asked(&world));
    let renewed = signin::prove(&world.app, (&who, session.reveal()), Proof::Key(&key)).unwrap();
    let who = signin::signed_in(&world.app, renewed.reveal()).unwrap().unwrap();
    assert_eq!(who.proved_at, world.app.wall_now());
    // Somebody else's does not.
    let system = world.app.system("test");
    signin::add_user(&system, &"ben".into(), "Ben Example", Role::Agent).unwrap();
    let link = signin::make_link(&system, &"ben".into()).unwrap();
    let (entered, _) = signin::by_link(&world.app, link.reveal(), &Whence::default()).unwrap();
    let bens = entered.session().unwrap();
    let ben = signin::signed_in(&world.app, bens.reveal()).unwrap().unwrap();
    let key = shown(&device, &handle, &asked(&world));
    assert!(signin::prove(&world.app, (&ben, bens.reveal()), Proof::Key(&key)).is_err());
}

fn a_link_voids_the_keys_as_it_voids_the_password(world: &World) {
    let (world, session) = hub(world);
    let device = Device::new();
    let handle = make(&world, &session, &device);
    let link = signin::make_link(&world.app.system("test"), &"ana".into()).unwrap();
    by(&world, &shown(&device, &handle, &asked(&world))).unwrap();
    signin::by_link(&world.app, link.reveal(), &Whence::default()).unwrap();
    assert!(is_refused(&by(&world, &shown(&device, &handle, &asked(&world)))));
}

fn an_administrator_with_a_passkey_alone_manages_the_hub(world: &World) {
    let hub = Hub { app: world.beside().at_origin(HUB).unwrap(), clock: world.clock.clone() };
    let system = hub.app.system("test");
    let chief: UserId = "chief".into();
    signin::add_user(&system, &chief, "Chief Example", Role::Admin).unwrap();
    let link = signin::make_link(&system, &chief).unwrap();
    let (entered, _) = signin::by_link(&hub.app, link.reveal(), &Whence::default()).unwrap();
    assert!(!signin::has_enrolled_admin(&system).unwrap());
    let session = entered.session().unwrap();
    let mut ctx = hub.app.ctx(Actor { user_id: chief, role: Role::Admin });
    ctx.proved_at = Some(hub.app.wall_now());
    let asked = signin::ask_new_key(&ctx).unwrap();
    let made = Device::new().make(&Said::right(&decoded(&asked.challenge).unwrap(), HUB));
    let new = ("Example key", asked.user_handle.as_str(), &made);
    signin::add_key(&ctx, session.reveal(), new).unwrap();
    assert!(signin::has_enrolled_admin(&system).unwrap());
}

fn a_name_for_the_user_that_the_hub_did_not_make_is_refused(world: &World) {
    let (world, session) = hub(world);
    for handle in ["", "ana", "YW5h"] {
        let asked = signin::ask_new_key(&ana(&world.app)).unwrap();
        let made = Device::new().make(&Said::right(&decoded(&asked.challenge).unwrap(), HUB));
        let refused = signin::add_key(&ana(&world.app), session.reveal(), ("x", handle, &made));
        assert!(matches!(refused, Err(Error::Bad { code: "passkey", .. })), "{handle}");
    }
}

fn nobody_has_more_keys_than_a_list_shows(world: &World) {
    let (world, session) = hub(world);
    for _ in 0..20 {
        make(&world, &session, &Device::new());
    }
    let refused = signin::ask_new_key(&ana(&world.app));
    assert!(matches!(refused, Err(Error::Bad { code: "passkey-many", .. })));
}

fn a_hub_that_was_not_told_its_address_makes_no_key(world: &World) {
    with_ana(world);
    let refused = signin::ask_new_key(&ana(&world.app));
    assert!(matches!(refused, Err(Error::Bad { code: "passkey-site", .. })));
    assert!(signin::ask_key(&world.app).is_err());
}

on_both!(
    one_signs_in_and_seven_are_refused,
    a_challenge_serves_one_ceremony_for_five_minutes,
    a_key_of_somebody_else_or_of_a_shut_account_signs_nobody_in,
    making_and_taking_off_take_a_fresh_factor_and_end_other_sessions,
    a_key_confirms_who_sits_there,
    a_key_of_whoever_signs_in_at_the_provider_serves_no_more,
    a_link_ends_the_sessions_of_whoever_had_a_key_alone,
    a_link_voids_the_keys_as_it_voids_the_password,
    an_administrator_with_a_passkey_alone_manages_the_hub,
    a_name_for_the_user_that_the_hub_did_not_make_is_refused,
    nobody_has_more_keys_than_a_list_shows,
    a_hub_that_was_not_told_its_address_makes_no_key,
);
