//! Saved views.

use crate::schema::MIGRATIONS;
use crate::views::{self, View};
use doorstep_db::store_test;
use doorstep_vocab::Timestamp;

fn view(view_id: &str, user_id: &str, (name, is_shared): (&str, bool)) -> View {
    View {
        view_id: view_id.to_owned(),
        user_id: user_id.into(),
        name: name.to_owned(),
        is_shared,
        query: "queue=all&service=dme".to_owned(),
        created_at: Timestamp(7),
    }
}

store_test!(own_views_come_first_and_then_what_others_share, MIGRATIONS, |db: &Db| {
    let kept = [
        view("v1", "b.agent", ("Oxygen", false)),
        view("v2", "b.agent", ("Beds", true)),
        view("v3", "a.agent", ("Wounds", true)),
        view("v4", "a.agent", ("Mine alone", false)),
    ];
    for view in &kept {
        db.write("keep", |tx| views::put(tx, view)).unwrap();
    }
    let listed = |user: &str, limit| db.read(|tx| views::list(tx, &user.into(), limit)).unwrap();
    let ids = |views: Vec<View>| views.into_iter().map(|view| view.view_id).collect::<Vec<_>>();
    assert_eq!(ids(listed("b.agent", 9)), ["v2", "v1", "v3"]);
    assert_eq!(ids(listed("a.agent", 9)), ["v4", "v3", "v2"]);
    assert_eq!(ids(listed("c.agent", 1)), ["v2"]);
    let find = |id: &str| db.read(|tx| views::find(tx, id)).unwrap();
    assert_eq!(find("v3"), Some(kept[2].clone()));
    assert_eq!(db.write("forget", |tx| views::remove(tx, "v3")), Ok(true));
    assert_eq!(db.write("forget", |tx| views::remove(tx, "v3")), Ok(false));
    assert_eq!(find("v3"), None);
});
