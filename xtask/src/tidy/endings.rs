//! What we write ends with one newline and has no blanks at the ends of lines and no tabs or carriage returns in it.

use super::Finding;
use crate::repo::Repo;

const OURS: [&str; 9] = [".rs", ".md", ".toml", ".sql", ".html", ".css", ".js", ".sh", "/run"];

/// Golden files and samples are what a format makes them.
const FOREIGN: [&str; 3] = ["/samples/", "/golden/", "/fixtures/"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let ours = |path: &str| {
        (path == "test" || OURS.iter().any(|end| path.ends_with(end)))
            && !FOREIGN.iter().any(|part| path.contains(part))
            && !is_minified(path)
    };
    repo.files()
        .filter(|(path, _)| ours(path))
        .flat_map(|(path, file)| in_text(path, &file.text))
        .collect()
}

/// A script of somebody else's, kept byte for byte.
fn is_minified(path: &str) -> bool {
    path.ends_with(".min.js") || path.ends_with(".min.css")
}

fn in_text(path: &str, text: &str) -> Vec<Finding> {
    let mut out = Vec::new();
    if !text.is_empty() && (!text.ends_with('\n') || text.ends_with("\n\n")) {
        out.push(Finding::at(path, text.lines().count(), "a file ends with one newline"));
    }
    for (at, line) in text.split('\n').enumerate() {
        if line.ends_with([' ', '\t', '\r']) {
            out.push(Finding::at(path, at + 1, "blanks at the end of the line"));
        } else if line.starts_with('\t') {
            out.push(Finding::at(path, at + 1, "a tab: indent with spaces"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn bad_endings_are_found() {
        let at = |path: &str, line| (path.to_owned(), line);
        let files = [
            ("a.rs", "fn a() {}"),
            ("b.md", "a \nb\n"),
            ("c.toml", "a\n\n"),
            ("d.sql", "\ta\n"),
            ("e.bin", "x"),
        ];
        assert_eq!(
            found(super::check, &files),
            [at("a.rs", 1), at("b.md", 1), at("c.toml", 2), at("d.sql", 1)]
        );
    }
}
