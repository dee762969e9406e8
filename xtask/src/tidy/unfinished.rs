//! Nothing is left for later in the text, and no test is switched off.

use super::Finding;
use crate::repo::Repo;
use crate::source::has_word;

/// Written in parts, so that this file keeps its own rule.
const MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X")];

const CODE: [&str; 4] = ["todo!", "unimplemented!", "#[ignore", "#[should_panic"];

const TEXTS: [&str; 7] = [".rs", ".md", ".toml", ".sql", ".html", ".css", ".js"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    let is_text =
        |path: &str| TEXTS.iter().any(|end| path.ends_with(end)) && !path.ends_with(".min.js");
    for (path, file) in repo.files().filter(|(path, _)| is_text(path)) {
        for (at, line) in file.text.lines().enumerate() {
            let mark = MARKS.iter().find(|mark| has_word(line, mark));
            out.extend(mark.map(|mark| {
                Finding::at(path, at + 1, format!("{mark}: do it, or write an issue"))
            }));
        }
    }
    for (path, source) in repo.sources() {
        for (at, line) in source.lines.iter().enumerate() {
            let word = CODE.iter().find(|word| line.code.contains(**word));
            out.extend(word.map(|word| {
                Finding::at(path, at + 1, format!("`{word}`: finish it, or take it out"))
            }));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::found;

    #[test]
    fn what_is_left_for_later_is_found() {
        let text = format!(
            "// {}: more\nfn a() {{ todo!() }}\n#[ignore = \"slow\"]\nfn b() {{ f(\"todo!\") }}\n",
            super::MARKS[0]
        );
        let path = "crates/a/src/a.rs";
        let at = |line| (path.to_owned(), line);
        assert_eq!(found(super::check, &[(path, &text)]), [at(1), at(2), at(3)]);
    }
}
