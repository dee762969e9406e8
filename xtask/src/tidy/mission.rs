//! The mission is accounted for: each requirement once, each with where it stands, and the tests it names exist.

use super::Finding;
use crate::repo::Repo;
use crate::source::has_word;

const PATH: &str = "docs/mission.md";

/// How many requirements there are: M01 to M36.
const REQUIREMENTS: usize = 36;

const STATES: [&str; 3] = ["*Done.*", "*Partly.*", "*Not yet.*"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let Some(mission) = repo.text(PATH) else {
        return vec![Finding::of(PATH, "nothing says which requirement is done where")];
    };
    let entries = entries(mission);
    let mut out = Vec::new();
    for number in 1..=REQUIREMENTS {
        let mark = format!("- **M{number:02}** ");
        if entries.iter().filter(|(_, text)| text.starts_with(&mark)).count() != 1 {
            out.push(Finding::of(PATH, format!("M{number:02} should stand there once")));
        }
    }
    for (line, text) in entries {
        let tests: Vec<&str> =
            text.split('`').skip(1).step_by(2).filter(|word| is_test_name(word)).collect();
        let state = STATES.iter().find(|state| text.contains(**state));
        match state {
            None => out.push(Finding::at(
                PATH,
                line,
                format!("say how it stands: {}", STATES.join(" ")),
            )),
            Some(state) if *state == STATES[0] && tests.is_empty() => {
                out.push(Finding::at(PATH, line, "done, and no test shows it"));
            }
            Some(_) => {}
        }
        let gone = tests.into_iter().filter(|name| !is_there(repo, name));
        out.extend(gone.map(|name| Finding::at(PATH, line, format!("there is no test {name}"))));
    }
    out
}

/// Returns each item of a list with the line it begins on, its lines joined.
fn entries(text: &str) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        match out.last_mut() {
            _ if line.starts_with("- **") => out.push((at + 1, line.to_owned())),
            Some((_, entry)) if line.starts_with("  ") => {
                entry.push(' ');
                entry.push_str(line.trim_start());
            }
            _ => {}
        }
    }
    out
}

/// A sentence in words joined by underscores.
fn is_test_name(word: &str) -> bool {
    let is_lower =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
    word.matches('_').count() >= 2 && word.chars().all(is_lower)
}

fn is_there(repo: &Repo, name: &str) -> bool {
    repo.sources().any(|(_, source)| source.lines.iter().any(|line| has_word(&line.code, name)))
}

#[cfg(test)]
mod tests {
    use super::super::found;
    use super::{PATH, REQUIREMENTS};

    fn mission(first: &str) -> String {
        let rest = (2..=REQUIREMENTS).map(|number| format!("- **M{number:02}** X. *Not yet.*\n"));
        format!("# M\n\n{first}{}", rest.collect::<String>())
    }

    #[test]
    fn a_test_that_is_gone_and_a_claim_without_one_are_found() {
        let code = ("crates/a/src/tests.rs", "fn it_is_so_indeed() {}\n");
        let lines = |first: &str| found(super::check, &[(PATH, &mission(first)), code]).len();
        assert_eq!(lines("- **M01** X. *Done.* Tests:\n  `it_is_so_indeed`\n"), 0);
        assert_eq!(lines("- **M01** X. *Done.* Tests: `it_was_so_once`\n"), 1);
        assert_eq!(lines("- **M01** X. *Done.*\n"), 1);
        assert_eq!(lines("- **M01** X.\n"), 1);
        assert_eq!(lines(""), 1);
    }
}
