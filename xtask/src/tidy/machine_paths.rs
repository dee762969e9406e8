//! Nothing names a place on one developer's machine.

use super::Finding;
use crate::repo::Repo;

const PLACES: [&str; 6] = ["/home/", "/Users/", "/root/", "/work/main", "/work/shared", "/tmp/"];

/// Text nobody here wrote.
const FOREIGN: [&str; 2] = ["Cargo.lock", "LICENSE"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    let own = |path: &str| !FOREIGN.contains(&path) && path != "xtask/src/tidy/machine_paths.rs";
    for (path, file) in repo.files().filter(|(path, _)| own(path)) {
        for (at, line) in file.text.lines().enumerate() {
            let place = PLACES.iter().find(|place| begins_in(line, place));
            out.extend(place.map(|place| {
                Finding::at(path, at + 1, format!("`{place}` is a place on one machine"))
            }));
        }
    }
    out
}

/// Returns whether `place` stands in the line as the beginning of a path, not as a part of one.
fn begins_in(line: &str, place: &str) -> bool {
    let is_path =
        |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '.' | '}' | '-' | '$');
    line.match_indices(place).any(|(at, _)| !line[..at].ends_with(is_path))
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn a_place_is_found_and_a_part_of_a_path_is_not() {
        let text = "see /home/ann/x\ncrates/home/x\nhttps://example.org/home/x\n";
        assert_eq!(found(super::check, &[("docs/a.md", text)]), [("docs/a.md".to_owned(), 1)]);
    }
}
