//! Sign-in at the identity provider: what is right comes in, in the role of its group, and each thing that is wrong is refused
//! in words. The provider is one of the tests' own, which misbehaves where it is told to.

use crate::on_both;
use crate::support::world::{Clock, World};
use doorstep_app::signin::{
    self, Arrived, Back, Identity, IdentitySettings, Outward, Reply, Way, Whence,
};
use doorstep_app::{App, Error, Result};
use doorstep_case::{Actor, Role};
use doorstep_oidc::testing::{Issuer, unsigned};
use doorstep_store::users::{self, User};
use doorstep_vocab::{Micros, UserId};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const AT: &str = "https://id.example";

/// The provider, as it is just now.
struct Play {
    issuer: Issuer,
    document: Value,
    /// What comes for a code.
    answer: (u16, String),
    asked: Vec<Outward>,
    is_away: bool,
}

impl Play {
    fn reply(&mut self, asked: &Outward) -> std::result::Result<Reply, String> {
        self.asked.push(asked.clone());
        if self.is_away {
            return Err("nobody is there".to_owned());
        }
        let (status, text) = match asked.url.rsplit('/').next() {
            Some("openid-configuration") => (200, self.document.to_string()),
            Some("keys") => (200, self.issuer.keys().to_string()),
            Some("token") => self.answer.clone(),
            _ => (404, String::new()),
        };
        Ok(Reply { status, body: text.into_bytes() })
    }

    fn n_asked(&self, end: &str) -> usize {
        self.asked.iter().filter(|asked| asked.url.ends_with(end)).count()
    }
}

struct Hub {
    app: App,
    clock: Clock,
    play: Arc<Mutex<Play>>,
}

fn settings() -> IdentitySettings {
    let group = |name: &str, role| (name.to_owned(), role);
    IdentitySettings {
        issuer: AT.to_owned(),
        client_id: "hub".to_owned(),
        client_secret: "a secret of the tests".to_owned(),
        name: "Example Health".to_owned(),
        scopes: vec!["profile".to_owned()],
        groups_claim: "groups".to_owned(),
        groups: vec![group("leads", Role::Supervisor), group("nurses", Role::Nurse)],
    }
}

fn hub(world: &World) -> Hub {
    let issuer = Issuer::new(AT, "one");
    let document = issuer.document();
    let answer = (400, String::new());
    let play = Play { issuer, document, answer, asked: Vec::new(), is_away: false };
    let play = Arc::new(Mutex::new(play));
    let told = Arc::clone(&play);
    let identity =
        Identity::new(settings(), move |asked| told.lock().unwrap().reply(asked)).unwrap();
    let app = world.beside().at_origin("https://hub.example").unwrap().with_identity(identity);
    Hub { app, clock: world.clock.clone(), play }
}

/// The value of a name in an address that holds nothing to decode.
fn part<'a>(url: &'a str, name: &str) -> &'a str {
    let query = url.split_once('?').unwrap().1;
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).unwrap().1
}

fn back(way: &Way) -> Back<'_> {
    let (state, browser) = (part(&way.url, "state"), way.browser.reveal());
    Back { state, browser, code: "a-code", ..Back::default() }
}

impl Hub {
    fn now_s(&self) -> i64 {
        self.clock.now().0 / 1_000_000
    }

    fn set_out(&self) -> Way {
        signin::set_out(&self.app, "/worklist", false).unwrap()
    }

    fn claims(&self, way: &Way, subject: &str) -> Value {
        let play = self.play.lock().unwrap();
        let mut claims =
            play.issuer.claims(("hub", part(&way.url, "nonce")), subject, self.now_s());
        claims["groups"] = json!(["nurses"]);
        claims["preferred_username"] = json!("Ana");
        claims["name"] = json!("Ana Example");
        claims
    }

    fn answer(&self, token: &str) {
        let text = json!({ "id_token": token, "access_token": "unused" }).to_string();
        self.play.lock().unwrap().answer = (200, text);
    }

    fn sign(&self, claims: &Value) -> String {
        self.play.lock().unwrap().issuer.token(claims)
    }

    fn come_back(&self, back: &Back<'_>) -> Result<Arrived> {
        signin::come_back(&self.app, back, &Whence::default())
    }

    /// Goes there and back, with what the provider says changed.
    fn enter(&self, change: impl Fn(&mut Value)) -> Result<Arrived> {
        let way = self.set_out();
        let mut claims = self.claims(&way, "s-1");
        change(&mut claims);
        self.answer(&self.sign(&claims));
        self.come_back(&back(&way))
    }

    fn user(&self, name: &str) -> Option<User> {
        self.app.db.read(|tx| users::find(tx, &name.into())).unwrap()
    }

    fn holds(&self, arrived: &Arrived) -> bool {
        signin::signed_in(&self.app, arrived.token.reveal()).unwrap().is_some()
    }
}

fn code(result: &Result<Arrived>) -> &'static str {
    match result {
        Ok(_) => "came in",
        Err(Error::Bad { code, .. }) => code,
        Err(_) => "another error",
    }
}

fn words(result: &Result<Arrived>) -> String {
    match result {
        Err(Error::Bad { message, .. }) => message.clone(),
        _ => String::new(),
    }
}

fn whoever_comes_back_is_in_by_the_role_of_their_group(world: &World) {
    let hub = hub(world);
    let way = hub.set_out();
    assert!(way.url.starts_with("https://id.example/authorize?response_type=code&client_id=hub"));
    let redirect = "redirect_uri=https%3A%2F%2Fhub.example%2Fsign-in%2Fidentity%2Fdone";
    assert!(way.url.contains(redirect) && way.url.contains("code_challenge_method=S256"));
    assert!(!way.url.contains(way.browser.reveal()), "the cookie's secret stays here");
    hub.answer(&hub.sign(&hub.claims(&way, "s-1")));
    let arrived = hub.come_back(&back(&way)).unwrap();
    assert_eq!(arrived.next_path, "/worklist");
    let who = signin::signed_in(&hub.app, arrived.token.reveal()).unwrap().unwrap();
    assert_eq!((who.user_id.as_str(), who.role), ("ana", Role::Nurse));
    assert_eq!((who.name.as_str(), who.proved_at), ("Ana Example", hub.clock.now()));
    // The verifier is shown with the code, and its digest went ahead; the secret of the hub stands in a header.
    let play = hub.play.lock().unwrap();
    let asked = play.asked.last().unwrap();
    assert_eq!(asked.basic.as_deref(), Some("hub:a%20secret%20of%20the%20tests"));
    let form = asked.form.as_deref().unwrap();
    assert!(form.contains("grant_type=authorization_code&code=a-code&redirect_uri=https%3A"));
    assert!(form.contains("&code_verifier=") && !form.contains("secret"));
}

fn roles_follow_the_groups_and_sessions_of_another_role_end(world: &World) {
    let hub = hub(world);
    let first = hub.enter(|_| {}).unwrap();
    let again = hub.enter(|claims| claims["name"] = json!("Ana Newname")).unwrap();
    assert!(hub.holds(&first) && hub.holds(&again), "the same role ends nothing");
    assert_eq!(hub.user("ana").unwrap().name, "Ana Newname");
    // Of two groups the one that stands first in the operator's file counts.
    let both = json!(["all", "nurses", "leads"]);
    let lead = hub.enter(|claims| claims["groups"] = both.clone()).unwrap();
    assert_eq!(hub.user("ana").unwrap().role, Role::Supervisor);
    assert!(!hub.holds(&first) && hub.holds(&lead));
    let system = hub.app.system("test");
    let token = signin::make_api_token(&system, &"ana".into(), "a program").unwrap();
    let link = signin::make_link(&system, &"ana".into()).unwrap();
    for none in [json!([]), json!(["Nurses", "nurse", "all"])] {
        let refused = hub.enter(|claims| claims["groups"] = none.clone());
        assert_eq!(code(&refused), "identity-role");
        assert!(words(&refused).contains("none of your groups there has a role here"));
    }
    assert!(!hub.holds(&lead), "who lost their groups is out");
    assert!(signin::by_api_token(&hub.app, token.reveal()).is_err(), "and so are their programs");
    assert!(signin::by_link(&hub.app, link.reveal(), &Whence::default()).is_err());
}

fn nobody_is_made_of_whom_no_group_has_a_role(world: &World) {
    let hub = hub(world);
    let refused = hub.enter(|claims| claims["groups"] = json!(["all"]));
    assert_eq!(code(&refused), "identity-role");
    assert!(hub.user("ana").is_none());
}

fn somebody_is_who_the_provider_means_and_never_a_name_or_an_address(world: &World) {
    let hub = hub(world);
    let system = hub.app.system("test");
    signin::add_user(&system, &"ana".into(), "Ana Local", Role::Admin).unwrap();
    hub.enter(|claims| claims["email"] = json!("ana")).unwrap();
    let local = hub.user("ana").unwrap();
    assert_eq!((local.name.as_str(), local.role), ("Ana Local", Role::Admin), "hers stays hers");
    // The same subject under another name is the same user; another subject under the same name is not.
    let names = || {
        let users = signin::list(&system).unwrap();
        users.into_iter().map(|user| user.user_id.to_string()).collect::<Vec<_>>()
    };
    let after_one = names();
    assert_eq!(after_one.len(), 2);
    hub.enter(|claims| claims["preferred_username"] = json!("root")).unwrap();
    assert_eq!(names(), after_one);
    hub.enter(|claims| claims["sub"] = json!("s-2")).unwrap();
    assert_eq!(names().len(), 3);
    hub.enter(|claims| {
        claims["sub"] = json!("s-3");
        claims["preferred_username"] = json!("  Ünïcode <script> ");
        claims["name"] = Value::Null;
    })
    .unwrap();
    assert!(hub.user("ncodescript").is_some());
}

fn nobody_gets_the_name_of_a_program_or_of_whoever_took_theirs(world: &World) {
    let hub = hub(world);
    let enter = |subject: &str, name: &str| {
        let arrived = hub.enter(|claims| {
            claims["sub"] = json!(subject);
            claims["preferred_username"] = json!(name);
        });
        signin::signed_in(&hub.app, arrived.unwrap().token.reveal()).unwrap().unwrap().user_id
    };
    for program in ["command-line", "Worker", "clock", "identity-provider", "nobody"] {
        let user_id = enter(program, program);
        assert!(user_id.as_str().starts_with(&format!("{}-", program.to_lowercase())), "{user_id}");
    }
    enter("s-1", "ana");
    let own = doorstep_app::digest(format!("{AT}\ns-2").as_bytes());
    let taken = enter("s-3", &format!("ana-{}", &own[..12]));
    let second = enter("s-2", "ana");
    assert!(second.as_str().starts_with(taken.as_str()) && second != taken, "{second}");
}

fn a_shut_account_stays_shut(world: &World) {
    let hub = hub(world);
    let arrived = hub.enter(|_| {}).unwrap();
    signin::set_disabled(&hub.app.system("test"), &"ana".into(), true).unwrap();
    assert!(!hub.holds(&arrived));
    let refused = hub.enter(|claims| claims["groups"] = json!(["leads"]));
    assert_eq!(code(&refused), "identity-shut");
    assert_eq!(hub.user("ana").unwrap().role, Role::Nurse, "nor is it changed");
}

fn what_is_wrong_in_a_token_is_refused_in_words(world: &World) {
    let hub = hub(world);
    let now = hub.now_s();
    for (claim, value, why) in [
        ("nonce", json!("another"), "nonce"),
        ("aud", json!("another"), "audience"),
        ("aud", json!(["hub", "another"]), "audience"),
        ("iss", json!("https://evil.example"), "issuer"),
        ("exp", json!(now - 61), "expired"),
        ("iat", json!(now + 61), "early"),
        ("sub", Value::Null, "unreadable"),
    ] {
        let refused = hub.enter(|claims| claims[claim] = value.clone());
        assert_eq!(code(&refused), "identity-token", "{claim}");
        let words = words(&refused);
        assert!(words.contains("Example Health") && words.contains(&format!("({why})")), "{words}");
    }
    let forged = |token: &dyn Fn(&Play, &str) -> String| {
        let way = hub.set_out();
        let claims = hub.claims(&way, "s-1").to_string();
        let token = token(&hub.play.lock().unwrap(), &claims);
        hub.answer(&token);
        words(&hub.come_back(&back(&way)))
    };
    let none = json!({ "alg": "none" });
    assert!(forged(&|_, claims| format!("{}.", unsigned(&none, claims))).contains("(algorithm)"));
    let symmetric = json!({ "alg": "HS256", "kid": "one" });
    assert!(forged(&|play, claims| play.issuer.sign(&symmetric, claims)).contains("(algorithm)"));
    let other = Issuer::new(AT, "one");
    let header = json!({ "alg": "ES256", "kid": "one" });
    assert!(forged(&|_, claims| other.sign(&header, claims)).contains("(signature)"));
    let header = json!({ "alg": "ES256", "kid": "two" });
    assert!(forged(&|_, claims| other.sign(&header, claims)).contains("(key)"));
    assert!(forged(&|_, _| "not a token".to_owned()).contains("(unreadable)"));
    assert!(hub.user("ana").is_none(), "nobody came of any of them");
}

fn a_state_serves_one_browser_once_and_not_for_long(world: &World) {
    let hub = hub(world);
    let way = hub.set_out();
    hub.answer(&hub.sign(&hub.claims(&way, "s-1")));
    // Another browser, lured to come back with the state of this one.
    let lured = Back { browser: "another", ..back(&way) };
    assert_eq!(code(&hub.come_back(&lured)), "identity-trip");
    assert_eq!(code(&hub.come_back(&back(&way))), "identity-trip", "the state is used up");
    let way = hub.set_out();
    hub.answer(&hub.sign(&hub.claims(&way, "s-1")));
    hub.come_back(&back(&way)).unwrap();
    assert_eq!(code(&hub.come_back(&back(&way))), "identity-trip", "a second time");
    let way = hub.set_out();
    hub.clock.pass(Micros::minutes(10));
    hub.answer(&hub.sign(&hub.claims(&way, "s-1")));
    assert_eq!(code(&hub.come_back(&back(&way))), "identity-trip", "too late");
    assert_eq!(code(&hub.come_back(&Back::default())), "identity-trip", "with nothing");
}

fn another_provider_may_not_answer_for_this_one(world: &World) {
    let hub = hub(world);
    let from = |issuer| {
        let way = hub.set_out();
        hub.answer(&hub.sign(&hub.claims(&way, "s-1")));
        code(&hub.come_back(&Back { issuer, ..back(&way) }))
    };
    assert_eq!(from(Some("https://evil.example")), "identity-token");
    assert_eq!(from(Some(AT)), "came in");
    assert_eq!(from(None), "came in");
    // One that says it names itself always has to.
    hub.play.lock().unwrap().document["authorization_response_iss_parameter_supported"] =
        json!(true);
    hub.clock.pass(Micros::hours(1));
    assert_eq!(from(None), "identity-token");
}

fn a_provider_that_says_no_or_nothing_is_told_in_words(world: &World) {
    let hub = hub(world);
    let way = hub.set_out();
    let refused = hub.come_back(&Back { error: "access_denied", code: "", ..back(&way) });
    assert!(words(&refused).contains("did not let you in (access_denied)"));
    let way = hub.set_out();
    let refused = hub.come_back(&Back { error: "<b>Call 555-0100</b>", code: "", ..back(&way) });
    assert!(words(&refused).contains("(no reason given)"), "nobody's words but the provider's");
    let way = hub.set_out();
    hub.play.lock().unwrap().answer = (400, r#"{"error":"invalid_grant"}"#.to_owned());
    assert_eq!(code(&hub.come_back(&back(&way))), "identity-refused");
    let way = hub.set_out();
    hub.play.lock().unwrap().answer = (200, "<html>".to_owned());
    assert_eq!(code(&hub.come_back(&back(&way))), "identity-token");
    let way = hub.set_out();
    hub.play.lock().unwrap().is_away = true;
    assert_eq!(code(&hub.come_back(&back(&way))), "identity-away");
    hub.clock.pass(Micros::hours(1));
    let refused = signin::set_out(&hub.app, "/", false);
    assert!(matches!(refused, Err(Error::Bad { code: "identity-away", .. })));
}

fn a_provider_that_fails_is_left_alone_for_some_seconds(world: &World) {
    let hub = hub(world);
    hub.play.lock().unwrap().is_away = true;
    for _ in 0..5 {
        let refused = signin::set_out(&hub.app, "/", false);
        assert!(matches!(refused, Err(Error::Bad { code: "identity-away", .. })));
    }
    assert_eq!(hub.play.lock().unwrap().asked.len(), 1);
    hub.play.lock().unwrap().is_away = false;
    hub.clock.pass(Micros(10_000_000));
    hub.enter(|_| {}).unwrap();
}

/// A provider that hangs holds eight of those who sign in and nobody else.
fn of_many_who_set_out_at_once_one_asks_and_few_wait(world: &World) {
    let Hub { play, .. } = hub(world);
    let (open, opened) = std::sync::mpsc::channel::<()>();
    let (opened, told) = (Mutex::new(opened), Arc::clone(&play));
    let identity = Identity::new(settings(), move |asked| {
        let _ = opened.lock().unwrap().recv();
        told.lock().unwrap().reply(asked)
    });
    let app = world.beside().at_origin("https://hub.example").unwrap();
    let app = app.with_identity(identity.unwrap());
    let (tell, came) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..20 {
            let (tell, app) = (tell.clone(), &app);
            scope.spawn(move || tell.send(signin::set_out(app, "/", false).is_ok()).unwrap());
        }
        let next = || came.recv_timeout(std::time::Duration::from_secs(5));
        let refused = (0..12).filter(|_| next() == Ok(false)).count();
        assert!(play.lock().unwrap().asked.is_empty());
        drop(open);
        assert_eq!((refused, (0..8).filter(|_| next() == Ok(true)).count()), (12, 8));
    });
    assert_eq!(play.lock().unwrap().n_asked("openid-configuration"), 1);
}

fn all_questions_of_one_step_share_one_time(world: &World) {
    let hub = hub(world);
    let way = hub.set_out();
    hub.clock.pass(Micros::minutes(1));
    // The code is changed, and the keys are read again.
    hub.play.lock().unwrap().issuer = Issuer::new(AT, "two");
    hub.answer(&hub.sign(&hub.claims(&way, "s-1")));
    hub.play.lock().unwrap().asked.clear();
    hub.come_back(&back(&way)).unwrap();
    let play = hub.play.lock().unwrap();
    let within: Vec<_> = play.asked.iter().map(|asked| asked.within).collect();
    assert_eq!(within.len(), 2);
    assert!(within[0] < std::time::Duration::from_secs(14) && within[1] < within[0], "{within:?}");
}

fn keys_turn_and_strangers_do_not_make_them_be_read_each_time(world: &World) {
    let hub = hub(world);
    hub.enter(|_| {}).unwrap();
    hub.play.lock().unwrap().issuer = Issuer::new(AT, "two");
    let refused = hub.enter(|_| {});
    assert!(words(&refused).contains("(key)"), "they were read a moment ago");
    hub.clock.pass(Micros::minutes(1));
    hub.enter(|_| {}).unwrap();
    let n_read = hub.play.lock().unwrap().n_asked("/keys");
    let stranger = Issuer::new(AT, "three");
    for _ in 0..5 {
        let way = hub.set_out();
        hub.answer(&stranger.token(&hub.claims(&way, "s-1")));
        assert!(words(&hub.come_back(&back(&way))).contains("(key)"));
    }
    assert_eq!(hub.play.lock().unwrap().n_asked("/keys"), n_read);
    assert_eq!(hub.play.lock().unwrap().n_asked("openid-configuration"), 1);
}

/// What the provider knows for long is no fresh sign of who sits there; what it asked for a moment ago is.
fn a_fresh_factor_is_one_that_the_provider_dates(world: &World) {
    let hub = hub(world);
    let hour_ago = hub.now_s() - 3600;
    for old in [json!(hour_ago), Value::Null] {
        let arrived = hub.enter(|claims| claims["auth_time"] = old.clone()).unwrap();
        let who = signin::signed_in(&hub.app, arrived.token.reveal()).unwrap().unwrap();
        let mut ctx = hub.app.ctx(signin::actor_of(&who));
        ctx.proved_at = Some(who.proved_at);
        assert!(matches!(ctx.stepped_up(), Err(Error::Unproved)), "{old}");
        assert_eq!(signin::provable(&ctx).unwrap().identity.as_deref(), Some("Example Health"));
    }
    let fresh = |at: Value| {
        let way = signin::set_out(&hub.app, "/", true).unwrap();
        assert!(way.url.ends_with("&prompt=login&max_age=0"));
        let mut claims = hub.claims(&way, "s-1");
        claims["auth_time"] = at;
        hub.answer(&hub.sign(&claims));
        hub.come_back(&back(&way))
    };
    assert!(words(&fresh(json!(hour_ago))).contains("(stale)"));
    assert!(words(&fresh(Value::Null)).contains("(stale)"));
    assert_eq!(code(&fresh(json!(hub.now_s()))), "came in");
}

fn whoever_signs_in_there_has_no_password_and_no_key_here(world: &World) {
    let hub = hub(world);
    hub.enter(|_| {}).unwrap();
    let mut ctx = hub.app.ctx(Actor { user_id: UserId::from("ana"), role: Role::Nurse });
    ctx.proved_at = Some(hub.app.wall_now());
    let refused = signin::set_password(&ctx, "", "the ferry leaves at noon");
    assert!(matches!(refused, Err(Error::Bad { code: "identity-own", .. })));
    let refused = signin::ask_new_key(&ctx);
    assert!(matches!(refused, Err(Error::Bad { code: "identity-own", .. })));
    assert!(hub.user("ana").unwrap().password_hash.is_none());
}

fn nor_when_the_hub_is_told_of_no_provider_any_more(world: &World) {
    hub(world).enter(|_| {}).unwrap();
    let app = world.beside().at_origin("https://hub.example").unwrap();
    let mut ctx = app.ctx(Actor { user_id: UserId::from("ana"), role: Role::Nurse });
    ctx.proved_at = Some(app.wall_now());
    let own = |error: Option<Error>| matches!(error, Some(Error::Bad { code: "identity-own", .. }));
    assert!(own(signin::set_password(&ctx, "", "the ferry leaves at noon").err()));
    assert!(own(signin::ask_new_key(&ctx).err()));
    assert!(own(signin::begin_app(&ctx).err()));
    assert!(own(signin::confirm_app(&ctx, "", "123456").err()));
}

fn what_somebody_had_before_lets_them_in_no_more_and_is_forgotten(world: &World) {
    super::signins::with_ana(world);
    let hub = hub(world);
    let ana = UserId::from("ana");
    let by_password = || {
        let shown = ("ana", super::signins::RIGHT);
        signin::by_password(&hub.app, shown, &Whence::default())
    };
    let session = by_password().unwrap().session().unwrap();
    let who = signin::signed_in(&hub.app, session.reveal()).unwrap().unwrap();
    let bind = |tx: &mut doorstep_db::Tx| {
        users::begin_totp(tx, &ana, "GEZDGNBVGY3TQOJQ")?;
        users::confirm_totp(tx, &ana, hub.clock.now())?;
        users::bind_identity(tx, (AT, "s-1"), (&ana, hub.clock.now()))
    };
    hub.app.db.write("bind", bind).unwrap();
    assert!(by_password().is_err());
    for proof in [signin::Proof::Password(super::signins::RIGHT), signin::Proof::Code("123456")] {
        let refused = signin::prove(&hub.app, (&who, session.reveal()), proof);
        assert!(matches!(refused, Err(Error::Bad { code: "identity-own", .. })));
    }
    hub.enter(|_| {}).unwrap();
    assert!(hub.user("ana").unwrap().password_hash.is_none());
    assert!(hub.app.db.read(|tx| users::totp_of(tx, &ana)).unwrap().is_none());
    assert_eq!(hub.app.db.read(|tx| users::n_recovery_codes(tx, &ana)).unwrap(), 0);
}

fn settings_that_let_nobody_or_too_much_in_are_refused(_: &World) {
    let with = |change: &dyn Fn(&mut IdentitySettings)| {
        let mut settings = settings();
        change(&mut settings);
        Identity::new(settings, |_| Err(String::new())).is_ok()
    };
    assert!(with(&|_| {}));
    assert!(with(&|settings| "http://127.0.0.1:9000".clone_into(&mut settings.issuer)));
    assert!(!with(&|settings| "http://id.example".clone_into(&mut settings.issuer)));
    assert!(!with(&|settings| " ".clone_into(&mut settings.client_secret)));
    assert!(!with(&|settings| settings.groups.clear()));
    assert!(!with(&|settings| settings.groups.push(("x".to_owned(), Role::System))));
}

on_both!(
    whoever_comes_back_is_in_by_the_role_of_their_group,
    roles_follow_the_groups_and_sessions_of_another_role_end,
    nobody_is_made_of_whom_no_group_has_a_role,
    somebody_is_who_the_provider_means_and_never_a_name_or_an_address,
    nobody_gets_the_name_of_a_program_or_of_whoever_took_theirs,
    a_shut_account_stays_shut,
    what_is_wrong_in_a_token_is_refused_in_words,
    a_state_serves_one_browser_once_and_not_for_long,
    another_provider_may_not_answer_for_this_one,
    a_provider_that_says_no_or_nothing_is_told_in_words,
    a_provider_that_fails_is_left_alone_for_some_seconds,
    of_many_who_set_out_at_once_one_asks_and_few_wait,
    all_questions_of_one_step_share_one_time,
    keys_turn_and_strangers_do_not_make_them_be_read_each_time,
    a_fresh_factor_is_one_that_the_provider_dates,
    whoever_signs_in_there_has_no_password_and_no_key_here,
    nor_when_the_hub_is_told_of_no_provider_any_more,
    what_somebody_had_before_lets_them_in_no_more_and_is_forgotten,
    settings_that_let_nobody_or_too_much_in_are_refused,
);
