//! A commit is durable: nothing outside a test asks an engine to be quick about it.

use super::Finding;
use crate::repo::{Repo, is_test_file};

/// Settings that would lose what was said to be safe, in lower case and without blanks.
const QUICK: [&str; 8] = [
    "synchronous=normal",
    "synchronous=off",
    "synchronous=1",
    "synchronous=0",
    "synchronous_commit=off",
    "synchronous_commit=local",
    "synchronous_commit=remote_write",
    "fsync=off",
];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    for (path, source) in
        repo.sources().filter(|(path, _)| !is_test_file(path) && path.starts_with("crates/"))
    {
        for literal in source.literals.iter().filter(|literal| !literal.is_test) {
            let text = squeezed(&literal.text);
            if let Some(setting) = QUICK.iter().find(|setting| text.contains(**setting)) {
                out.push(Finding::at(
                    path,
                    literal.line,
                    format!("`{setting}` loses commits in a crash"),
                ));
            }
        }
        let near = |at: usize| source.literals.get(at + 1).is_some_and(|next| is_quick(&next.text));
        let pairs =
            source.literals.iter().enumerate().filter(|(_, literal)| literal.text == "synchronous");
        out.extend(pairs.filter(|(at, _)| near(*at)).map(|(_, literal)| {
            Finding::at(path, literal.line, "`synchronous` may only be FULL or EXTRA")
        }));
    }
    out
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_whitespace()).collect::<String>().to_lowercase()
}

fn is_quick(value: &str) -> bool {
    ["normal", "off", "1", "0"].contains(&squeezed(value).as_str())
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_quick_setting_is_found() {
        let path = "crates/db/src/a.rs";
        let text = "f(\"PRAGMA synchronous = NORMAL\");\nf((\"synchronous\", \"FULL\"));\nf((\"synchronous\", \"OFF\"));\n";
        let at = |line| (path.to_owned(), line);
        assert_eq!(found(super::check, &[(path, text)]), [at(1), at(3)]);
    }
}
