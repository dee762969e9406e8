//! Prepares what was found.

use super::statements::{Statement, Text, find};
use crate::repo::Repo;
use doorstep_db::{Db, testing};
use doorstep_store::{schema, statements};

/// Fewer than this and the search has gone blind.
const STATEMENTS_MIN: usize = 60;

/// Returns what is wrong: what an engine says of a statement, or that nobody showed the engine a statement that is put
/// together while running.
fn wrong(db: &Db, found: &[Statement], assembled: &[String]) -> Vec<String> {
    let said =
        |place: &str, sql: &str| Some(format!("{place}: {}\n{sql}", db.prepare_check(sql).err()?));
    let of_found = found.iter().filter_map(|Statement { place, text }| match text {
        Text::Whole(sql) => said(place, sql),
        Text::Begun(begin) if assembled.iter().any(|sql| sql.starts_with(begin)) => None,
        Text::Begun(_) => Some(format!("{place}: add an example of it to store::statements")),
    });
    of_found.chain(assembled.iter().filter_map(|sql| said("store::statements", sql))).collect()
}

fn all_prepare(db: &Db) {
    let found = find(&Repo::load().unwrap());
    let n_whole = found.iter().filter(|statement| matches!(statement.text, Text::Whole(_))).count();
    assert!(n_whole >= STATEMENTS_MIN, "only {n_whole} statements found in store");
    let wrong = wrong(db, &found, &statements::assembled(db.engine()));
    assert!(
        wrong.is_empty(),
        "on {:?} these do not prepare:\n\n{}",
        db.engine(),
        wrong.join("\n\n")
    );
}

#[test]
fn each_statement_prepares_on_sqlite() {
    testing::on_sqlite(schema::MIGRATIONS, all_prepare);
}

#[test]
fn each_statement_prepares_on_postgres() {
    testing::on_postgres(schema::MIGRATIONS, all_prepare);
}

#[test]
fn a_column_that_is_not_there_and_a_statement_never_shown_are_found() {
    testing::on_sqlite(schema::MIGRATIONS, |db| {
        let of = |text: Text| Statement { place: "here".to_owned(), text };
        let found = [
            of(Text::Whole("SELECT case_id, no_such_column FROM case_event".to_owned())),
            of(Text::Whole("SELECT case_id FROM case_event".to_owned())),
            of(Text::Begun("DELETE FROM case_event WHERE ".to_owned())),
            of(Text::Begun("SELECT seq".to_owned())),
        ];
        assert_eq!(wrong(db, &found, &["SELECT seq FROM case_event".to_owned()]).len(), 2);
    });
}
