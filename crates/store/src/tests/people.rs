//! People and finding them.

use super::given::{Given, SECOND, admin, party, phi, system};
use crate::people::{self, Party};
use crate::schema::MIGRATIONS;
use crate::search::{self, Query};
use doorstep_case::{Address, Clinician, Coverage, Organisation, Person, Phone, Sex};
use doorstep_db::{Db, store_test};
use doorstep_vocab::{Date, Phi, Timestamp};

fn put(db: &Db, case_id: &str, party: &Party) {
    db.write("put", |tx| people::put(tx, &case_id.into(), party, Timestamp(1))).unwrap();
}

fn everything() -> Party {
    Party {
        person: Person {
            family: Some(phi("O'Example-Ægir")),
            given: vec![phi("Testa"), phi("Quill")],
            suffix: Some(phi("Jr")),
            birth_on: Some(Phi::new(Date::constant(1950, 1, 2))),
            sex: Some(Phi::new(Sex::Female)),
            address: Some(Address {
                lines: vec![phi("1 Invented Way"), phi("Apt \"0\"")],
                city: Some(phi("Nowhere")),
                state: Some(phi("ZZ")),
                zip: Some(phi("00000-0001")),
            }),
            phones: vec![Phone { number: phi("555-0100"), kind: "mobile".into() }],
            email: Some(phi("testa@example.org")),
            language: Some(phi("es")),
            record_numbers: vec![("General Example".into(), phi("MRN-1"))],
        },
        coverage: vec![
            Coverage {
                payer_id: Some("example-plan".into()),
                payer_code: Some("00000".into()),
                payer_name: Some("Example Plan".into()),
                member_id: Some(phi("test-0001 a")),
                group: Some(phi("G1")),
                is_subscriber: Some(false),
            },
            Coverage { payer_name: Some("Second Example".into()), ..Coverage::default() },
        ],
        prescriber: Some(Clinician { name: Some("Dr. Example".into()), ..Clinician::default() }),
        referrer: Some(Organisation {
            name: Some("General Example".into()),
            ..Organisation::default()
        }),
    }
}

store_test!(people_are_read_back_as_they_were_written, MIGRATIONS, |db: &Db| {
    let get = |scope| db.read(|tx| people::get(tx, &scope, &"c1".into())).unwrap();
    assert_eq!(get(system()), None);
    for party in [everything(), Party::default(), party("Example", "Testa")] {
        put(db, "c1", &party);
        assert_eq!(get(system()), Some(party.clone()));
        assert_eq!(db.read(|tx| people::for_writing(tx, &"c1".into())), Ok(Some(party)));
        assert_eq!(get(admin()), None);
    }
});

store_test!(an_empty_address_is_not_no_address, MIGRATIONS, |db: &Db| {
    let mut party = party("Example", "Testa");
    party.person.address = Some(Address::default());
    put(db, "c1", &party);
    assert_eq!(db.read(|tx| people::get(tx, &system(), &"c1".into())), Ok(Some(party)));
});

store_test!(nothing_printed_shows_a_person, MIGRATIONS, |db: &Db| {
    put(db, "c1", &everything());
    let read = db.read(|tx| people::get(tx, &system(), &"c1".into())).unwrap();
    let printed = format!("{read:?}");
    for word in ["Testa", "Invented", "0100", "example.org", "MRN-1", "0001"] {
        assert!(!printed.contains(word), "{word} in {printed}");
    }
});

fn found(db: &Db, query: &Query) -> Vec<String> {
    let hits = db.read(|tx| search::find(tx, &system(), query, 10)).unwrap();
    hits.into_iter().map(|hit| hit.case_id.0).collect()
}

store_test!(cases_are_found_by_what_callers_say, MIGRATIONS, |db: &Db| {
    for (n, (family, given)) in
        [(1, ("Example", "Testa")), (2, ("Examplesen", "Anna")), (3, ("Testa", "Exa"))]
    {
        let id = format!("c{n}");
        Given::opened(&id, n).write(db).unwrap();
        put(db, &id, &party(family, given));
    }
    put(db, "c2", &everything());
    Given::opened("c4", 4).write(db).unwrap();
    let typed = |text: &str| found(db, &Query::typed(text));
    assert_eq!(typed("HC-260703-000002-3"), [""; 0], "a wrong check digit is not a number");
    assert_eq!(typed(super::given::number(2).as_str()), ["c2"]);
    assert_eq!(typed("example"), ["c1"]);
    assert_eq!(typed("EXAMPLE, TESTA"), ["c1"]);
    assert_eq!(typed("testa exa"), ["c3", "c1"]);
    assert_eq!(typed("o example aegir"), ["c2"]);
    assert_eq!(typed("Testa O'Example"), ["c2"]);
    assert_eq!(typed("1/2/1950"), ["c3", "c2", "c1"]);
    assert_eq!(typed("TEST0001A"), ["c2"]);
    assert_eq!(typed("test-0001"), ["c3", "c1", "c2"], "of c2 it is the beginning");
    assert_eq!(typed("01/02/50"), ["c3", "c2", "c1"], "1950 or 2050");
    assert_eq!(typed("1950-1-2"), ["c3", "c2", "c1"]);
    assert_eq!(typed("Example 1-2-1950"), ["c1"]);
    assert_eq!(typed("Example 1/3/1950"), ["c1"], "one digit differs");
    assert_eq!(typed("Example 11/3/1950"), [""; 0]);
    assert_eq!(typed("Testa Q Example"), ["c1"]);
    assert_eq!(typed("Example, Testa Q"), ["c1"]);
    assert_eq!(typed("%"), [""; 0]);
    assert_eq!(typed(""), [""; 0]);
    let both =
        Query { birth_on: Some(Phi::new(Date::constant(1951, 1, 3))), ..Query::typed("example") };
    assert_eq!(found(db, &both), [""; 0]);
    let hits = db.read(|tx| search::find(tx, &system(), &Query::typed("example"), 1)).unwrap();
    assert_eq!(hits[0].opened_at, Timestamp(SECOND));
    assert_eq!(hits[0].member, Some(phi("Example, Testa")));
    assert_eq!(hits[0].member_id, Some(phi("TEST-0001")));
    assert_eq!(db.read(|tx| search::find(tx, &admin(), &Query::typed("example"), 1)), Ok(vec![]));
});
