//! Skills and hours, teams that are handed work, what everybody has, and who has another case of a member.

use super::given::{self, Given, party};
use crate::schema::MIGRATIONS;
use crate::staff::{self, Profile};
use crate::{Scope, StoreError, people};
use doorstep_authz::Sight;
use doorstep_case::handout::{Shift, Work};
use doorstep_case::{Role, ServiceLine};
use doorstep_db::{params, store_test};
use doorstep_vocab::{Timestamp, UserId, Zone};
use std::collections::BTreeSet;

store_test!(skills_and_hours_are_kept_and_replaced, MIGRATIONS, |db: &Db| {
    let zone = Zone::parse("America/Chicago").unwrap();
    let mut profile = Profile::empty(zone);
    profile.services.insert(ServiceLine::HomeInfusion);
    profile.languages.insert("spa".to_owned());
    profile.shifts = vec![
        Shift { weekday: 1, from_min: 480, to_min: 720 },
        Shift { weekday: 7, from_min: 1140, to_min: 420 },
    ];
    let put =
        |profile: &Profile| db.write("put", |tx| staff::put(tx, &"ana".into(), profile)).unwrap();
    let all = || db.read(staff::profiles).unwrap();
    put(&profile);
    assert_eq!(all().get(&UserId::from("ana")), Some(&profile));
    let less = Profile { services: BTreeSet::new(), shifts: Vec::new(), ..profile };
    put(&less);
    assert_eq!(all().get(&UserId::from("ana")), Some(&less));
});

store_test!(a_team_is_handed_work_or_not, MIGRATIONS, |db: &Db| {
    let set = |is_on| {
        db.write("set", |tx| staff::set_push(tx, "north", is_on, (&"sue".into(), Timestamp(1))))
            .unwrap();
        db.read(staff::pushed_teams).unwrap()
    };
    assert_eq!(set(true), ["north"]);
    assert_eq!(set(true), ["north"]);
    assert!(set(false).is_empty());
});

store_test!(what_everybody_has_is_counted_by_clocks, MIGRATIONS, |db: &Db| {
    for n in 1..=3 {
        Given::opened(&format!("c{n}"), n).write(db).unwrap();
    }
    db.write::<_, StoreError>("give", |tx| {
        tx.execute(
            "UPDATE case_head SET manager = 'ana', next_waits = 0, at_risk = 0, missed = 0",
            params![],
        )?;
        tx.execute(
            "UPDATE case_head SET next_waits = 1, at_risk = 1, missed = 1 WHERE case_id = 'c2'",
            params![],
        )?;
        tx.execute("UPDATE case_head SET status = 'closed' WHERE case_id = 'c3'", params![])?;
        Ok(())
    })
    .unwrap();
    let work = db.read(staff::work).unwrap();
    let expected = Work { n_ours: 1, n_waiting: 1, n_at_risk: 1, n_missed: 1 };
    assert_eq!(work.get(&UserId::from("ana")), Some(&expected));
});

store_test!(who_has_another_case_of_the_member_is_known, MIGRATIONS, |db: &Db| {
    for n in 1..=2 {
        let id = format!("c{n}");
        Given::opened(&id, n).write(db).unwrap();
        db.write("people", |tx| {
            people::put(tx, &id.as_str().into(), &party("Example", "Testa"), Timestamp(1))
        })
        .unwrap();
    }
    db.write::<_, StoreError>("give", |tx| {
        tx.execute("UPDATE case_head SET manager = 'ana' WHERE case_id = 'c1'", params![])?;
        Ok(())
    })
    .unwrap();
    let of = |scope: &Scope, id: &str| {
        db.read(|tx| staff::managers_of_member(tx, scope, &id.into())).unwrap()
    };
    assert_eq!(of(&given::staff(), "c2"), BTreeSet::from([UserId::from("ana")]));
    assert!(of(&given::staff(), "c1").is_empty(), "not its own");
    let mut walled = Sight::of("ben".into(), Role::Agent);
    walled.walls.payers.insert("another".into());
    assert!(of(&Scope::granted(walled), "c2").is_empty(), "behind a wall");
    db.write::<_, StoreError>("close", |tx| {
        tx.execute("UPDATE case_head SET status = 'closed' WHERE case_id = 'c1'", params![])?;
        Ok(())
    })
    .unwrap();
    assert!(of(&given::staff(), "c2").is_empty(), "closed");
});
