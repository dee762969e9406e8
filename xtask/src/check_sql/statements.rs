//! Finds the statements in the store's text.

use crate::repo::{Repo, is_test_file};
use crate::source::{Literal, Source};
use crate::tidy::is_sql;
use std::collections::BTreeMap;

/// One statement as it stands in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// Its file and line.
    pub place: String,
    /// Its text.
    pub text: Text,
}

/// How much of a statement stands in the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Text {
    /// What an engine is given.
    Whole(String),
    /// The beginning, up to the first part that is made while running.
    Begun(String),
}

/// Constants of one file by name.
type Constants = BTreeMap<String, String>;

/// Returns every statement of the store outside its tests.
pub fn find(repo: &Repo) -> Vec<Statement> {
    let own = |path: &str| path.starts_with("crates/store/src/") && !is_test_file(path);
    let mut everywhere = Constants::new();
    for (_, source) in repo.sources().filter(|(path, _)| own(path)) {
        everywhere.extend(constants(&source));
    }
    let mut out = Vec::new();
    for (path, source) in repo.sources().filter(|(path, _)| own(path)) {
        // A name of the file's own goes before the same name elsewhere.
        let mut known = everywhere.clone();
        known.extend(constants(&source));
        let statements =
            source.literals.iter().filter(|literal| !literal.is_test && is_sql(literal));
        out.extend(statements.map(|literal| Statement {
            place: format!("{path}:{}", literal.line),
            text: text_of(literal, &known),
        }));
    }
    out
}

fn constants(source: &Source) -> Constants {
    let named = source.literals.iter().filter_map(|literal| {
        let name = literal.before.strip_suffix(": &str =")?.split_whitespace().next_back()?;
        Some((name.to_owned(), literal.text.clone()))
    });
    named.collect()
}

fn text_of(literal: &Literal, known: &Constants) -> Text {
    if !literal.before.ends_with("format!(") {
        return Text::Whole(literal.text.clone());
    }
    let mut out = String::new();
    let mut rest = literal.text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, after)) = after.split_once('}') else { return Text::Begun(out) };
        let Some(constant) = known.get(name) else { return Text::Begun(out) };
        out.push_str(constant);
        rest = after;
    }
    out.push_str(rest);
    Text::Whole(out)
}

#[cfg(test)]
mod tests {
    use super::{Text, find};
    use crate::repo::Repo;

    #[test]
    fn constants_are_put_in_and_what_is_made_while_running_is_left() {
        let text = "const COLUMNS: &str = \"a, b\";\n\
                    fn f() { g(&format!(\"SELECT {COLUMNS} FROM t\")); g(\"DELETE FROM t\"); g(\"no statement\") }\n\
                    fn h(n: usize) { g(&format!(\"DELETE FROM t WHERE a IN ({})\", places(n))) }\n";
        let repo =
            Repo::of([("crates/store/src/a.rs", text), ("crates/store/src/tests/a.rs", text)]);
        let texts: Vec<Text> = find(&repo).into_iter().map(|statement| statement.text).collect();
        let whole = |sql: &str| Text::Whole(sql.to_owned());
        let begun = Text::Begun("DELETE FROM t WHERE a IN (".to_owned());
        assert_eq!(texts, [whole("SELECT a, b FROM t"), whole("DELETE FROM t"), begun]);
    }
}
