//! `async` stays at the edges: where something truly waits on the network.

use super::Finding;
use crate::repo::{Repo, crate_of, is_test_file};
use crate::source::has_word;

/// The crates that listen or send, and the bench, which is many browsers at once.
const EDGES: [&str; 5] = ["web", "api", "work", "doorstep", "bench"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let inside = |path: &str| crate_of(path).is_some_and(|name| !EDGES.contains(&name));
    let mut out = Vec::new();
    for (path, source) in repo.sources().filter(|(path, _)| inside(path) && !is_test_file(path)) {
        let lines = source.own_lines().filter(|(_, code)| has_word(code, "async"));
        out.extend(lines.map(|(line, _)| {
            Finding::at(
                path,
                line,
                format!("async only in {}: make it a plain function", EDGES.join(", ")),
            )
        }));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn an_async_function_inside_is_found() {
        let files = [
            ("crates/app/src/a.rs", "fn a() {}\nasync fn b() {}\n"),
            ("crates/web/src/a.rs", "async fn a() {}"),
        ];
        assert_eq!(found(super::check, &files), [("crates/app/src/a.rs".to_owned(), 2)]);
    }
}
