//! What does not mean the same on both engines, or not the same twice, is not written.

use super::Finding;
use crate::repo::{Repo, is_test_file};

/// A word in a statement, and what to do instead.
const WORDS: [(&str, &str); 9] = [
    ("SELECT *", "name the columns"),
    ("OFFSET", "go on from the last row's key"),
    ("NOW()", "the time is a parameter"),
    ("CURRENT_TIMESTAMP", "the time is a parameter"),
    ("ILIKE", "write lower(x) LIKE $1"),
    ("AUTOINCREMENT", "ids are made by the caller"),
    ("SERIAL", "ids are made by the caller"),
    ("INSERT OR", "write ON CONFLICT"),
    ("RANDOM()", "chance is a parameter"),
];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    for (path, file) in
        repo.files().filter(|(path, _)| path.starts_with("crates/store/migrations/"))
    {
        for (at, line) in file.text.lines().enumerate() {
            out.extend(wrong(line).map(|words| Finding::at(path, at + 1, words)));
        }
    }
    let store = |path: &str| path.starts_with("crates/store/src/") && !is_test_file(path);
    for (path, source) in repo.sources().filter(|(path, _)| store(path)) {
        let literals = source.literals.iter().filter(|literal| !literal.is_test);
        out.extend(
            literals
                .filter_map(|literal| Some(Finding::at(path, literal.line, wrong(&literal.text)?))),
        );
    }
    out
}

fn wrong(sql: &str) -> Option<String> {
    let mut words = WORDS.iter();
    words
        .find(|(word, _)| is_in(sql, word))
        .map(|(word, instead)| format!("no `{word}` in SQL: {instead}"))
}

fn is_in(sql: &str, word: &str) -> bool {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    sql.match_indices(word).any(|(at, _)| {
        let after = &sql[at + word.len()..];
        !sql[..at].ends_with(is_part) && (word.ends_with(')') || !after.starts_with(is_part))
    })
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn words_that_engines_read_differently_are_found() {
        let at = |path: &str, line| (path.to_owned(), line);
        let (step, code) = ("crates/store/migrations/0001_a.sql", "crates/store/src/a.rs");
        let files = [
            (step, "CREATE TABLE a (\n at BIGINT DEFAULT NOW()\n);\n"),
            (code, "let a = \"SELECT * FROM a\";\nlet b = \"SELECT offset_days FROM a\";\n"),
        ];
        assert_eq!(found(super::check, &files), [at(step, 2), at(code, 1)]);
    }
}
