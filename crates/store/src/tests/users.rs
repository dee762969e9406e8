//! Users, sessions, links, attempts, tokens.

use super::given::at_once;
use crate::schema::MIGRATIONS;
use crate::users::{
    self, ApiToken, EndWhy, Holder, IdleSince, Limits, NewLink, NewSession, NewToken, Session, User,
};
use doorstep_case::Role;
use doorstep_db::{Db, store_test};
use doorstep_vocab::{Micros, Timestamp, UserId};

fn minute(at: i64) -> Timestamp {
    Timestamp(0).plus(Micros::minutes(at))
}

pub(super) fn user(id: &str, role: Role) -> User {
    User {
        user_id: id.into(),
        name: format!("Name of {id}"),
        role,
        password_hash: Some("$argon2id$secret".into()),
        disabled_at: None,
        created_at: minute(1),
        epoch: 1,
        team: None,
        phone: None,
    }
}

fn create(db: &Db, id: &str) -> bool {
    db.write("create", |tx| users::create(tx, &user(id, Role::Agent))).unwrap()
}

/// Staff's sessions are idle after 15 minutes, administrators' after 10.
fn idle(at: i64) -> IdleSince {
    IdleSince { staff: minute(at - 15), admin: minute(at - 10) }
}

fn sign_in(db: &Db, token_hash: &str, user_id: &str, at: i64) -> bool {
    let user_id = UserId::from(user_id);
    let session = NewSession {
        token_hash,
        user_id: &user_id,
        csrf: "csrf",
        now: minute(at),
        proved_at: minute(at),
        expires_at: minute(at + 720),
        device: "Firefox on Windows",
        address: "192.0.2.7",
    };
    let limits = Limits { at_once: 3, idle: idle(at) };
    let begun = db.write("sign in", |tx| users::create_session(tx, &session, limits)).unwrap();
    begun.is_begun
}

fn session(db: &Db, token_hash: &str, at: i64) -> Option<Session> {
    db.read(|tx| users::find_session(tx, token_hash, minute(at), idle(at))).unwrap()
}

store_test!(users_are_kept_and_listed, MIGRATIONS, |db: &Db| {
    assert_eq!(db.read(users::is_empty), Ok(true));
    assert!(create(db, "b.agent"));
    assert!(!create(db, "b.agent"));
    assert!(create(db, "a.agent"));
    assert_eq!(db.read(users::is_empty), Ok(false));
    let found = db.read(|tx| users::find(tx, &"b.agent".into())).unwrap();
    assert_eq!(found, Some(user("b.agent", Role::Agent)));
    assert!(!format!("{found:?}").contains("secret"));
    assert_eq!(db.read(|tx| users::find(tx, &"c.agent".into())), Ok(None));
    let ids = |after: Option<&UserId>| {
        let list = db.read(|tx| users::list(tx, after, 1)).unwrap();
        list.into_iter().map(|user| user.user_id.0).collect::<Vec<_>>()
    };
    assert_eq!(ids(None), ["a.agent"]);
    assert_eq!(ids(Some(&"a.agent".into())), ["b.agent"]);
});

store_test!(a_session_holds_until_it_is_idle_or_over, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    assert!(sign_in(db, "t1", "a.agent", 100));
    assert!(!sign_in(db, "t2", "nobody", 100));
    let found = session(db, "t1", 114).unwrap();
    assert_eq!(
        (found.user_id.as_str(), found.role, found.csrf.as_str()),
        ("a.agent", Role::Agent, "csrf")
    );
    assert_eq!((found.created_at, found.expires_at), (minute(100), minute(820)));
    assert!(session(db, "t1", 115).is_none(), "idle");
    assert!(session(db, "t9", 114).is_none());
    assert!(found.wants_touch(minute(101)));
    assert!(!found.wants_touch(Timestamp(minute(101).0 - 1)));
    let touch = |at| db.write("touch", |tx| users::touch_session(tx, "t1", minute(at))).unwrap();
    touch(114);
    touch(110);
    assert_eq!(session(db, "t1", 128).map(|session| session.seen_at), Some(minute(114)));
    touch(815);
    assert!(session(db, "t1", 819).is_some());
    assert!(session(db, "t1", 820).is_none(), "over");
    assert_eq!(db.write("sweep", |tx| users::sweep_sessions(tx, minute(819))), Ok(0));
    assert_eq!(db.write("sweep", |tx| users::sweep_sessions(tx, minute(820))), Ok(1));
});

store_test!(a_form_is_known_by_a_session_that_only_ran_out, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    create(db, "b.agent");
    sign_in(db, "t1", "a.agent", 100);
    let had =
        |user: &str, csrf: &str| db.read(|tx| users::had_session(tx, &user.into(), csrf)).unwrap();
    assert!(session(db, "t1", 200).is_none(), "it ran out");
    assert!(had("a.agent", "csrf"));
    assert!(!had("a.agent", "") && !had("a.agent", "other") && !had("b.agent", "csrf"));
    db.write("w", |tx| users::set_role(tx, &"a.agent".into(), Role::Nurse)).unwrap();
    assert!(!had("a.agent", "csrf"), "another role, another form");
});

store_test!(a_session_ends_with_what_it_rests_on, MIGRATIONS, |db: &Db| {
    type Change = fn(&Db);
    let changes: [Change; 6] = [
        |db| {
            let forget = || db.write("w", |tx| users::forget_password(tx, &"a.agent".into()));
            assert_eq!((forget(), forget()), (Ok(true), Ok(false)));
        },
        |db| {
            assert_eq!(
                db.write("w", |tx| users::set_password(tx, &"a.agent".into(), "$new")),
                Ok(true)
            );
        },
        |db| {
            assert_eq!(
                db.write("w", |tx| users::set_role(tx, &"a.agent".into(), Role::Nurse)),
                Ok(true)
            );
        },
        |db| {
            let shut =
                |at| db.write("w", |tx| users::set_disabled(tx, &"a.agent".into(), at)).unwrap();
            assert!(shut(Some(minute(1))));
            assert!(!sign_in(db, "t2", "a.agent", 100), "the account is shut");
            assert!(shut(None));
        },
        |db| db.write("w", |tx| users::kill_session(tx, "t1")).unwrap(),
        |db| assert_eq!(db.write("w", |tx| users::kill_sessions(tx, &"a.agent".into())), Ok(1)),
    ];
    create(db, "a.agent");
    create(db, "b.agent");
    sign_in(db, "tb", "b.agent", 100);
    for change in changes {
        assert!(sign_in(db, "t1", "a.agent", 100));
        assert!(session(db, "t1", 101).is_some());
        change(db);
        assert!(session(db, "t1", 101).is_none());
        assert!(session(db, "tb", 101).is_some());
    }
    let changed = db.read(|tx| users::find(tx, &"a.agent".into())).unwrap().unwrap();
    assert_eq!((changed.role, changed.password_hash.as_deref()), (Role::Nurse, Some("$new")));
    assert_eq!(changed.epoch, 6);
    assert_eq!(db.write("w", |tx| users::set_role(tx, &"nobody".into(), Role::Nurse)), Ok(false));
});

store_test!(a_session_of_an_older_epoch_is_void, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    sign_in(db, "t1", "a.agent", 100);
    db.write("w", |tx| tx.execute("UPDATE app_user SET epoch = 2", doorstep_db::params![]))
        .map_err(|error: doorstep_db::DbError| error)
        .unwrap();
    assert!(session(db, "t1", 101).is_none());
});

store_test!(the_oldest_session_gives_way, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    for (token, at) in [("t1", 100), ("t2", 101), ("t3", 102), ("t4", 103)] {
        sign_in(db, token, "a.agent", at);
    }
    let alive = ["t1", "t2", "t3", "t4"].map(|token| session(db, token, 104).is_some());
    assert_eq!(alive, [false, true, true, true]);
});

fn link(db: &Db, token_hash: &str) {
    let link = NewLink { token_hash, user_id: &"a.agent".into(), expires_at: minute(15) };
    db.write("link", |tx| users::create_link(tx, &link)).unwrap();
}

store_test!(a_link_works_once_and_not_for_long, MIGRATIONS, |db: &Db| {
    let follow =
        |token: &str, at| db.write("use", |tx| users::use_link(tx, token, minute(at))).unwrap();
    link(db, "l1");
    assert_eq!(follow("l2", 1), None);
    assert_eq!(follow("l1", 15), None);
    assert_eq!(follow("l1", 14), None, "a clock that is set back revives none");
    link(db, "l5");
    assert_eq!(follow("l5", 14), Some("a.agent".into()));
    assert_eq!(follow("l5", 14), None);
    link(db, "l6");
    assert_eq!(db.write("end", |tx| users::end_links(tx, minute(15))), Ok(1));
    assert_eq!(follow("l6", 14), None);
    link(db, "l3");
    link(db, "l4");
    assert_eq!(follow("l3", 1), None, "a later link takes its place");
    let (one, other) = at_once(|| follow("l4", 1), || follow("l4", 1));
    assert_eq!([one, other].into_iter().flatten().count(), 1);
});

store_test!(failures_are_counted_until_a_success, MIGRATIONS, |db: &Db| {
    let tries =
        |at, ok| db.write("try", |tx| users::record_attempt(tx, "k", minute(at), ok)).unwrap();
    let since = |key: &str, at| db.read(|tx| users::failures_since(tx, key, minute(at))).unwrap();
    assert_eq!(since("k", 0), 0);
    tries(1, false);
    tries(2, false);
    tries(2, false);
    assert_eq!((since("k", 0), since("k", 2), since("k", 3), since("other", 0)), (3, 2, 0, 0));
    tries(3, true);
    assert_eq!(since("k", 0), 0);
    tries(4, false);
    assert_eq!(since("k", 0), 1);
    assert_eq!(db.write("sweep", |tx| users::sweep_attempts(tx, minute(4))), Ok(3));
    assert_eq!(since("k", 0), 1);
});

store_test!(of_many_who_try_at_once_no_more_than_the_limit_may, MIGRATIONS, |db: &Db| {
    let begin = || {
        db.write("begin", |tx| users::begin_attempt(tx, ("k", minute(1)), (minute(0), 10))).unwrap()
    };
    let n_begun = std::thread::scope(|scope| {
        let tries: Vec<_> = (0..50).map(|_| scope.spawn(begin)).collect();
        tries.into_iter().map(|one| usize::from(one.join().unwrap())).sum::<usize>()
    });
    assert_eq!(n_begun, 10);
    db.write("right", |tx| users::record_attempt(tx, "k", minute(1), true)).unwrap();
    assert!(begin());
});

store_test!(a_session_that_ran_out_stays_so, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    for token in ["t1", "t2"] {
        assert!(sign_in(db, token, "a.agent", 0));
    }
    let out = |token: &str, at| {
        db.read(|tx| users::has_run_out(tx, token, (minute(at), idle(at)))).unwrap()
    };
    assert!(!out("t1", 14) && out("t1", 15) && !out("t3", 15));
    db.write("end", |tx| users::end_session(tx, "t1", minute(15))).unwrap();
    assert!(session(db, "t1", 1).is_none() && session(db, "t2", 1).is_some() && !out("t1", 15));
    let ended = db.write("end", |tx| users::end_idle_sessions(tx, minute(15), idle(15)));
    assert_eq!(ended, Ok(1));
    assert!(session(db, "t2", 1).is_none());
});

store_test!(a_token_acts_as_its_user_until_it_is_withdrawn, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    let user_id = UserId::from("a.agent");
    for token_hash in ["t1", "t2"] {
        let token = NewToken { token_hash, user_id: &user_id, label: "import", now: minute(1) };
        db.write("make", |tx| users::create_token(tx, &token)).unwrap();
    }
    let find = |token: &str| db.read(|tx| users::find_token(tx, token)).unwrap();
    let holder = Holder { user_id: user_id.clone(), role: Role::Agent, label: "import".into() };
    assert_eq!(find("t1"), Some(holder));
    assert_eq!(find("t3"), None);
    let revoke = || db.write("revoke", |tx| users::revoke_token(tx, "t1", minute(2))).unwrap();
    assert_eq!((revoke(), revoke()), (true, false));
    assert_eq!(find("t1"), None);
    let listed = |token_hash: &str, revoked_at| ApiToken {
        token_hash: token_hash.into(),
        label: "import".into(),
        created_at: minute(1),
        revoked_at,
    };
    let tokens = db.read(|tx| users::tokens_of(tx, &user_id)).unwrap();
    assert_eq!(tokens, [listed("t1", Some(minute(2))), listed("t2", None)]);
    db.write("shut", |tx| users::set_disabled(tx, &user_id, Some(minute(3)))).unwrap();
    assert_eq!(find("t2"), None);
});

store_test!(a_team_is_set_and_taken_back_and_ends_no_session, MIGRATIONS, |db: &Db| {
    create(db, "agent");
    assert!(sign_in(db, "t1", "agent", 1));
    let set = |name: &str, team| db.write("team", |tx| users::set_team(tx, &name.into(), team));
    let team = || db.read(|tx| users::find(tx, &"agent".into())).unwrap().unwrap().team;
    assert_eq!(set("agent", Some("East")), Ok(true));
    assert_eq!(team().as_deref(), Some("East"));
    assert!(session(db, "t1", 2).is_some());
    assert_eq!(set("agent", None), Ok(true));
    assert_eq!(team(), None);
    assert_eq!(set("nobody", Some("East")), Ok(false));
});

store_test!(an_administrators_session_is_idle_sooner, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    db.write("create", |tx| users::create(tx, &user("ada", Role::Admin))).unwrap();
    sign_in(db, "t1", "a.agent", 100);
    sign_in(db, "t2", "ada", 100);
    assert!(session(db, "t2", 109).is_some());
    assert!(session(db, "t2", 110).is_none() && session(db, "t1", 110).is_some());
    let out = |token: &str| {
        db.read(|tx| users::has_run_out(tx, token, (minute(110), idle(110)))).unwrap()
    };
    assert!(out("t2") && !out("t1"));
    let end = || db.write("end", |tx| users::end_idle_sessions(tx, minute(110), idle(110)));
    assert_eq!((end(), end()), (Ok(1), Ok(0)));
    assert!(session(db, "t1", 110).is_some());
});

store_test!(whoever_signs_in_once_too_often_is_told_and_the_oldest_too, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    for (token, at) in [("t1", 100), ("t2", 101), ("t3", 102)] {
        sign_in(db, token, "a.agent", at);
        assert_eq!(session(db, token, 102).unwrap().displaced, 0);
    }
    sign_in(db, "t4", "a.agent", 103);
    assert_eq!(session(db, "t4", 103).unwrap().displaced, 1);
    let why = |token: &str| db.read(|tx| users::why_ended(tx, token)).unwrap();
    assert_eq!((why("t1"), why("t2"), why("t9")), (Some(EndWhy::Displaced), None, None));
    // What nobody used for long is over already: nobody has to make room for the next.
    sign_in(db, "t5", "a.agent", 130);
    assert_eq!(session(db, "t5", 130).unwrap().displaced, 0);
    assert_eq!(why("t2"), None, "it ran out");
});

store_test!(a_user_sees_and_ends_where_they_are_signed_in, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    create(db, "b.agent");
    sign_in(db, "tb", "b.agent", 100);
    for (token, at) in [("t1", 100), ("t2", 101), ("t3", 102)] {
        sign_in(db, token, "a.agent", at);
    }
    let times = (minute(103), idle(103));
    let places = || db.read(|tx| users::places_of(tx, &"a.agent".into(), times)).unwrap();
    let listed: Vec<String> = places().into_iter().map(|place| place.token_hash).collect();
    assert_eq!(listed, ["t3", "t2", "t1"]);
    let first = places().remove(2);
    assert_eq!((first.created_at, first.seen_at), (minute(100), minute(100)));
    assert_eq!(
        (first.device.as_str(), first.address.as_str()),
        ("Firefox on Windows", "192.0.2.7")
    );
    let counted = |limit| db.read(|tx| users::count_places(tx, times, limit)).unwrap();
    assert_eq!(counted(9), [("a.agent".into(), 3), ("b.agent".into(), 1)]);
    assert_eq!(counted(1), [("a.agent".into(), 3)]);
    let end = |user: &str, which: (Option<&str>, Option<&str>)| {
        let how = (EndWhy::Ended, minute(103));
        db.write("end", |tx| users::end_places(tx, &user.into(), which, how)).unwrap()
    };
    assert_eq!(end("b.agent", (Some("t1"), None)), 0, "of nobody else");
    assert_eq!(end("a.agent", (Some("t1"), Some("t3"))), 1);
    assert!(session(db, "t1", 103).is_none() && session(db, "t2", 103).is_some());
    assert_eq!(end("a.agent", (None, Some("t3"))), 1);
    assert!(session(db, "t2", 103).is_none() && session(db, "t3", 103).is_some());
    assert_eq!(end("a.agent", (None, None)), 1);
    assert_eq!(places(), []);
    assert!(session(db, "tb", 103).is_some());
    let had = db.read(|tx| users::had_session(tx, &"a.agent".into(), "csrf"));
    assert_eq!(had, Ok(false), "forms of what was ended are void");
});

store_test!(a_session_goes_on_under_another_token, MIGRATIONS, |db: &Db| {
    create(db, "a.agent");
    sign_in(db, "t1", "a.agent", 100);
    let renew = |old: &str, token_hash: &str| {
        let new = users::Renewed { token_hash, csrf: "new", now: minute(110) };
        db.write("renew", |tx| users::renew_session(tx, old, new)).unwrap()
    };
    assert!(renew("t1", "t2"));
    let found = session(db, "t2", 111).unwrap();
    assert_eq!((found.created_at, found.expires_at), (minute(100), minute(820)));
    assert_eq!((found.proved_at, found.csrf.as_str()), (minute(110), "new"));
    assert!(session(db, "t1", 111).is_none());
    let had = |csrf: &str| db.read(|tx| users::had_session(tx, &"a.agent".into(), csrf)).unwrap();
    assert!(had("csrf"), "forms in other tabs were made for the same person");
    assert!(!renew("t1", "t3"), "it goes on once");
});

store_test!(the_language_of_a_user_comes_with_each_session, MIGRATIONS, |db: &Db| {
    assert!(create(db, "ana"));
    assert!(sign_in(db, "t1", "ana", 10));
    assert_eq!(session(db, "t1", 11).unwrap().language, None);
    let set = |id: &str, tag: Option<&str>| {
        db.write("set language", |tx| users::set_language(tx, &UserId::from(id), tag)).unwrap()
    };
    assert!(set("ana", Some("es")));
    assert_eq!(session(db, "t1", 12).unwrap().language.as_deref(), Some("es"));
    assert!(set("ana", None));
    assert_eq!(session(db, "t1", 13).unwrap().language, None);
    assert!(!set("nobody", Some("es")));
});
