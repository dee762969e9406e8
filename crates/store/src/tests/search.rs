//! Finding what was nearly said, on both engines.

use super::given::{Given, admin, party, phi, staff};
use crate::documents::{self, Document};
use crate::notes::{self, Note};
use crate::people::{self, Party};
use crate::providers::{self, Provider};
use crate::schema::MIGRATIONS;
use crate::search::{self, Hit, Query, index};
use crate::{Result, StoreError};
use doorstep_case::auth::{Approval, AuthEvent};
use doorstep_case::{Coverage, DocumentKind, Event, Phone};
use doorstep_db::{Db, store_test};
use doorstep_vocab::{Date, LineNo, Phi, Timestamp};

fn put(db: &Db, id: &str, party: &Party) -> Result<()> {
    db.write("put", |tx| people::put(tx, &id.into(), party, Timestamp(1)))
}

/// Opens a case for somebody, without making its entries.
fn opened(db: &Db, (id, at): (&str, i64), party: &Party) -> Given {
    let mut given = Given::opened(id, at);
    given.write(db).unwrap();
    put(db, id, party).unwrap();
    given
}

fn indexed(db: &Db) -> u32 {
    let mut n_all = 0;
    loop {
        let n = db.write("index", |tx| index::bring_up(tx, 2)).unwrap();
        n_all += n;
        if n == 0 {
            return n_all;
        }
    }
}

fn hits(db: &Db, typed: &str) -> Vec<Hit> {
    db.read(|tx| search::find(tx, &staff(), &Query::typed(typed), 50)).unwrap()
}

fn found(db: &Db, typed: &str) -> Vec<String> {
    hits(db, typed).into_iter().map(|hit| hit.case_id.0).collect()
}

fn why(db: &Db, typed: &str, id: &str) -> String {
    let hit = hits(db, typed).into_iter().find(|hit| hit.case_id.as_str() == id);
    let reasons = hit.unwrap_or_else(|| panic!("{id} is found by {typed}")).reasons;
    reasons.iter().map(|words| words.reveal().clone()).collect::<Vec<_>>().join("; ")
}

fn born(mut party: Party, on: Date) -> Party {
    party.person.birth_on = Some(Phi::new(on));
    party
}

store_test!(what_was_nearly_said_is_found_and_says_why, MIGRATIONS, |db: &Db| {
    opened(db, ("c1", 1), &born(party("O'Sample-Smith", "William"), Date::constant(1950, 7, 3)));
    opened(db, ("c2", 2), &born(party("Smyth", "Wilma"), Date::constant(1951, 1, 1)));
    opened(db, ("c3", 3), &born(party("William", "Sample"), Date::constant(1960, 1, 1)));
    assert_eq!(indexed(db), 3);
    assert_eq!(indexed(db), 0, "nothing is due twice");
    assert_eq!(found(db, "bill smith"), ["c1"]);
    assert_eq!(why(db, "bill smith", "c1"), "Bill is a nickname of William");
    assert_eq!(why(db, "Bill O'Sample Smith", "c1"), "Bill is a nickname of William");
    assert_eq!(why(db, "william osample-smiht", "c1"), "one letter of Smith differs");
    assert_eq!(why(db, "william osampel", "c1"), "one letter of Osample differs");
    assert_eq!(found(db, "smith wilma"), ["c2"]);
    assert_eq!(why(db, "smith wilma", "c2"), "one letter of Smyth differs");
    assert_eq!(found(db, "smith"), ["c1", "c2"], "exactly that, then nearly that");
    assert_eq!(
        why(db, "Sample, William", "c3"),
        "name; family and given name are the other way round"
    );
    assert_eq!(
        why(db, "smith 7/8/1950", "c1"),
        "birth date differs in one digit; all parts of the name"
    );
    assert_eq!(
        why(db, "smith 3/7/1950", "c1").split(';').next(),
        Some("day and month of the birth date are swapped")
    );
    assert_eq!(found(db, "1/1/1951"), ["c2"], "exactly that day");
    assert_eq!(found(db, "1/2/1951"), ["c2"], "nobody was born that day");
    for nobody in ["bill smooth", "wiliam smyth", "smith 7/3/1952 x", "wil", "%", "_", "'"] {
        let only: Vec<String> =
            found(db, nobody).into_iter().filter(|id| id == "c1" && nobody != "wil").collect();
        assert_eq!(only, [""; 0], "{nobody}");
    }
    let query = Query::typed("smith");
    assert_eq!(db.read(|tx| search::find(tx, &admin(), &query, 9)), Ok(vec![]));
});

store_test!(a_case_is_found_by_all_its_numbers, MIGRATIONS, |db: &Db| {
    let mut someone = party("Example", "Testa");
    someone.person.phones = vec![Phone { number: phi("(615) 555-0100"), kind: "mobile".into() }];
    someone.person.record_numbers = vec![("General Example".into(), phi("MRN-77"))];
    someone.coverage.push(Coverage { member_id: Some(phi("SECOND-9")), ..Coverage::default() });
    let mut given = opened(db, ("c1", 1), &someone);
    opened(db, ("c2", 2), &party("Other", "Testa"));
    indexed(db);
    let approval: Approval = serde_json::from_value(serde_json::json!({
        "number": "PA-2026/001", "from": null, "to": null, "quantity": null, "unit": "each",
    }))
    .unwrap();
    let event = AuthEvent::Approved { line: LineNo(1), approval, noticed_on: None };
    given.happens(2, Event::Auth(event)).write(db).unwrap();
    assert_eq!(found(db, "PA2026001"), [""; 0], "its entries are still to be made");
    assert_eq!(indexed(db), 1);
    for (typed, words) in [
        ("615 555 0100", "telephone number"),
        ("+1 (615) 555.0100", "telephone number"),
        ("555-0100", "telephone number ends so"),
        ("mrn 77", "record number"),
        ("second 9", "another plan ID"),
        ("sec-9", ""),
        ("pa 2026 001", "authorization number"),
        ("PA-2026", "authorization number begins so"),
    ] {
        if words.is_empty() {
            assert_eq!(found(db, typed), [""; 0], "{typed}");
        } else {
            assert_eq!(found(db, typed), ["c1"], "{typed}");
            assert_eq!(why(db, typed, "c1"), words, "{typed}");
        }
    }
    someone.person.phones = vec![Phone { number: phi("615-555-0199"), kind: "mobile".into() }];
    put(db, "c1", &someone).unwrap();
    assert_eq!(found(db, "615-555-0100"), [""; 0], "a number that was amended away");
});

store_test!(words_of_notes_and_titles_find_their_case, MIGRATIONS, |db: &Db| {
    let note = |id: &str, text: &str| Note {
        note_id: id.into(),
        at: Timestamp(1),
        author: "agent.one".into(),
        visibility: notes::Visibility::Hub,
        place: String::new(),
        text: phi(text),
    };
    let document = Document {
        document_id: "d1".into(),
        hash: "h".into(),
        kind: DocumentKind::Order,
        media_type: "application/pdf".into(),
        title: phi("Letter about a ramp.pdf"),
        receipt_id: None,
        added_at: Timestamp(1),
        added_by: "agent.one".into(),
    };
    db.write::<_, StoreError>("put", |tx| {
        notes::put(tx, &"c1".into(), &note("n1", "Gate code: ask the neighbour, big dog"))?;
        notes::put(tx, &"c2".into(), &note("n2", "The dog is small"))?;
        documents::put(tx, &"c2".into(), &document)
    })
    .unwrap();
    opened(db, ("c1", 1), &party("Example", "Testa"));
    opened(db, ("c2", 2), &party("Ramp", "Testa"));
    indexed(db);
    assert_eq!(found(db, "dog"), ["c2", "c1"], "the newest first");
    assert_eq!(found(db, "neighbour dog"), ["c1"]);
    assert_eq!(why(db, "dog", "c1"), "its notes or documents hold these words");
    assert_eq!(why(db, "ramp", "c2"), "name", "a name is told before words");
    assert_eq!(found(db, "dog 1/2/1950"), [""; 0], "a birth date asks for a name");
});

store_test!(what_changed_is_due_and_how_long_is_known, MIGRATIONS, |db: &Db| {
    let behind = || db.read(index::behind).unwrap();
    assert_eq!(behind(), index::Behind::default());
    let mut given = opened(db, ("c1", 5), &party("Example", "Testa"));
    assert_eq!((behind().n_cases, behind().since), (1, Some(Timestamp(5_000_000))));
    indexed(db);
    given.assigned(6, "agent.two").write(db).unwrap();
    assert_eq!(behind().n_cases, 0, "who has the case is no entry");
});

store_test!(providers_are_found_by_name_number_and_telephone, MIGRATIONS, |db: &Db| {
    let provider = Provider {
        provider_id: "p1".into(),
        name: "St. Example's Home-Oxygen".into(),
        npi: Some("1234567893".into()),
        phone: Some("(615) 555-0142".into()),
        ..Provider::default()
    };
    db.write("put", |tx| providers::put(tx, &provider)).unwrap();
    let found = |typed: &str, scope| {
        let found = db.read(|tx| search::providers::find(tx, &scope, typed, 9)).unwrap();
        found.len()
    };
    for typed in
        ["examples oxygen", "HOMEOXYGEN", "st example's", "1234567893", "615.555.0142", "555-0142"]
    {
        assert_eq!(found(typed, staff()), 1, "{typed}");
        assert_eq!(found(typed, admin()), 0, "{typed}");
    }
    for typed in ["", "%", "_", "st", "oxygen bed", "615-555-0143", "0142"] {
        assert_eq!(found(typed, staff()), 0, "{typed}");
    }
});
