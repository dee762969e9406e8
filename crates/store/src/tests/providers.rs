//! Providers and finding them.

use crate::providers::{self, Need, Provider};
use crate::schema::MIGRATIONS;
use doorstep_case::ServiceLine;
use doorstep_db::{Db, store_test};
use doorstep_vocab::{Date, ProviderId};

fn provider(id: &str, areas: &[&str]) -> Provider {
    Provider {
        provider_id: id.into(),
        name: format!("Example Care {id}"),
        npi: Some("1234567893".into()),
        taxonomy: Some("332B00000X".into()),
        services: vec![ServiceLine::Dme, ServiceLine::HomeHealth],
        areas: areas.iter().map(ToString::to_string).collect(),
        phone: Some("555-0100".into()),
        fax: None,
        contact: Some("Desk".into()),
        accepting: true,
        active_from: Some(Date::constant(2026, 1, 1)),
        active_to: None,
    }
}

fn put(db: &Db, provider: &Provider) {
    db.write("put", |tx| providers::put(tx, provider)).unwrap();
}

fn found(db: &Db, need: &Need<'_>) -> Vec<String> {
    let found = db.read(|tx| providers::find(tx, need, 9)).unwrap();
    found.into_iter().map(|provider| provider.provider_id.0).collect()
}

const NEED: Need<'static> = Need {
    service: ServiceLine::Dme,
    zip: Some("60601-1234"),
    state: Some("il"),
    on: Date::constant(2026, 7, 3),
};

store_test!(providers_are_kept_and_replaced, MIGRATIONS, |db: &Db| {
    let get = |id: &str| db.read(|tx| providers::get(tx, &id.into())).unwrap();
    put(db, &provider("p1", &["IL"]));
    let changed = Provider { fax: Some("555-0101".into()), ..provider("p1", &["WI", "wi"]) };
    put(db, &changed);
    put(db, &provider("p2", &["IL"]));
    assert_eq!(get("p1"), Some(changed));
    assert_eq!(get("p3"), None);
    assert_eq!(found(db, &NEED), ["p2"]);
    assert_eq!(found(db, &Need { state: Some("WI"), ..NEED }), ["p1"]);
    let list = |after: Option<&ProviderId>| {
        let list = db.read(|tx| providers::list(tx, after, 1)).unwrap();
        list.into_iter().map(|provider| provider.provider_id.0).collect::<Vec<_>>()
    };
    assert_eq!(
        (list(None), list(Some(&"p1".into()))),
        (vec!["p1".to_owned()], vec!["p2".to_owned()])
    );
});

store_test!(providers_are_found_by_service_area_and_day, MIGRATIONS, |db: &Db| {
    put(db, &provider("a", &["IL"]));
    put(db, &provider("b", &["606"]));
    put(db, &provider("c", &["60601", "IL"]));
    put(db, &provider("d", &["607"]));
    put(db, &Provider { services: vec![ServiceLine::HomeInfusion], ..provider("e", &["IL"]) });
    put(db, &Provider { active_to: Some(Date::constant(2026, 7, 2)), ..provider("f", &["IL"]) });
    put(db, &Provider { active_from: Some(Date::constant(2026, 7, 4)), ..provider("g", &["IL"]) });
    assert_eq!(found(db, &NEED), ["a", "b", "c"]);
    assert_eq!(found(db, &Need { state: None, ..NEED }), ["b", "c"]);
    assert_eq!(found(db, &Need { zip: None, ..NEED }), ["a", "c"]);
    assert_eq!(found(db, &Need { zip: Some("6"), state: None, ..NEED }), [""; 0]);
    assert_eq!(found(db, &Need { service: ServiceLine::HomeInfusion, ..NEED }), ["e"]);
    assert_eq!(found(db, &Need { on: Date::constant(2026, 7, 2), ..NEED }), ["a", "b", "c", "f"]);
    let stop =
        |id: &str| db.write("stop", |tx| providers::set_accepting(tx, &id.into(), false)).unwrap();
    assert!(stop("a"));
    assert!(!stop("z"));
    assert_eq!(found(db, &NEED), ["b", "c", "a"]);
});
