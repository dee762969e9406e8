//! Prepares every statement of this crate on both engines: those that stand in the source as literals, and those that
//! are put together when they run. `cargo xtask check-sql` runs this test.

use crate::schema::MIGRATIONS;
use crate::statements;
use doorstep_db::store_test;
use std::fs;
use std::path::Path;

const VERBS: [&str; 5] = ["SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH "];

/// Returns the string literals of Rust text that begin like a statement, with their line breaks.
fn literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for verb in VERBS {
        let opening = format!("\"{verb}");
        for (at, _) in source.match_indices(&opening) {
            let text = &source[at + 1..];
            let end = text.find('"').expect("a literal ends");
            found.push(text[..end].to_owned());
        }
    }
    found
}

fn sources(folder: &Path, into: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            into.extend(literals(&fs::read_to_string(path).unwrap()));
        }
    }
}

/// Every literal of the source, whole statements first, then those with `{…}` that are completed when they run.
fn split() -> (Vec<String>, Vec<String>) {
    let mut all = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut all);
    all.into_iter().partition(|sql| !sql.contains('{'))
}

store_test!(every_statement_can_be_prepared, MIGRATIONS, |db: &Db| {
    let (whole, _) = split();
    assert!(whole.len() > 60, "only {} statements were found", whole.len());
    for sql in whole.into_iter().chain(statements::assembled(db.engine())) {
        if let Err(error) = db.prepare_check(&sql) {
            panic!("{error}:\n{sql}");
        }
    }
});

#[test]
fn every_statement_put_together_is_among_the_assembled() {
    let (_, templates) = split();
    let assembled = statements::assembled(doorstep_db::Engine::Sqlite);
    assert!(templates.len() > 8, "only {} were found", templates.len());
    for template in templates {
        let begins = template.split('{').next().unwrap();
        assert!(
            assembled.iter().any(|sql| sql.starts_with(begins)),
            "add an example to statements::assembled of:\n{template}"
        );
    }
}

#[test]
fn literals_are_found() {
    let source = "let a = \"SELECT 1\nFROM t\"; let b = \"select\"; let c = \"DELETE FROM t\";";
    assert_eq!(literals(source), ["SELECT 1\nFROM t", "DELETE FROM t"]);
}
