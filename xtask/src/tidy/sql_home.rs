//! SQL stands in `store`. `db` has its own list of migrations and its settings, `bench` its plain tables to measure against,
//! `sim` looks at the tables past every function that a program would ask; tests ask what they like.

use super::Finding;
use crate::repo::{Repo, crate_of, is_test_file};
use crate::source::Literal;

const HOMES: [&str; 4] = ["store", "db", "bench", "sim"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    let elsewhere = |path: &str| {
        crate_of(path).is_some_and(|name| !HOMES.contains(&name)) && !is_test_file(path)
    };
    for (path, source) in repo.sources().filter(|(path, _)| elsewhere(path)) {
        let literals = source.literals.iter().filter(|literal| !literal.is_test && is_sql(literal));
        out.extend(
            literals
                .map(|literal| Finding::at(path, literal.line, "SQL has its home in crates/store")),
        );
    }
    out
}

/// Returns whether a string is a statement: a verb in upper case, and the word that goes with it.
pub fn is_sql(literal: &Literal) -> bool {
    let words: Vec<&str> = literal.text.split_whitespace().collect();
    let has = |word: &str| words.contains(&word);
    match words.first() {
        Some(&"SELECT") => has("FROM") || words.get(1).is_some_and(|word| word.contains('(')),
        Some(&"DELETE") => words.get(1) == Some(&"FROM"),
        Some(&"INSERT") => words.get(1) == Some(&"INTO"),
        Some(&"UPDATE") => has("SET"),
        Some(&"WITH") => has("AS") && has("SELECT"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_statement_outside_store_is_found() {
        let text = "let a = \"SELECT one FROM thing\";\nlet b = \"SELECT a service\";\nlet c = \"UPDATE thing\n SET a = 1\";\n";
        let path = "crates/web/src/a.rs".to_owned();
        let files = [
            ("crates/web/src/a.rs", text),
            ("crates/store/src/a.rs", text),
            ("crates/web/tests/a.rs", text),
        ];
        assert_eq!(found(super::check, &files), [(path.clone(), 1), (path, 3)]);
    }
}
