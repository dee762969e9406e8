//! The commands and the links in the documents work: a command named is a command the program has, a file linked is there.

use super::Finding;
use crate::repo::{Repo, has_extension};

const CLI: &str = "crates/doorstep/src/cli.rs";
const TASKS: &str = "xtask/src/main.rs";

/// The two commands a stranger is promised.
const PROMISED: [&str; 2] = ["cargo run --release -- demo", "./test"];

pub fn check(repo: &Repo) -> Vec<Finding> {
    let mut out = Vec::new();
    let readme = repo.text("README.md").unwrap_or_default();
    let absent = PROMISED.iter().filter(|command| !readme.contains(**command));
    out.extend(
        absent.map(|command| Finding::of("README.md", format!("it should name `{command}`"))),
    );
    for (path, file) in repo.files().filter(|(path, _)| has_extension(path, "md")) {
        let mut is_block = false;
        for (at, line) in file.text.lines().enumerate() {
            is_block ^= line.starts_with("```");
            let mut commands: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
            if is_block {
                commands = vec![line.trim_start_matches("$ ")];
            }
            let unknown = commands.into_iter().filter_map(|command| unknown(repo, command));
            out.extend(unknown.map(|words| Finding::at(path, at + 1, words)));
            let broken = links(line).filter(|link| !is_there(repo, path, link));
            out.extend(broken.map(|link| {
                Finding::at(path, at + 1, format!("the link to {link} leads nowhere"))
            }));
        }
    }
    out
}

/// Returns what is wrong with a command, if it is one of ours.
fn unknown(repo: &Repo, typed: &str) -> Option<String> {
    let words: Vec<&str> = typed.split_whitespace().collect();
    let (name, is_known) = match words.as_slice() {
        ["cargo", "xtask", task, ..] => (task, repo.text(TASKS)?.contains(&format!("\"{task}\""))),
        ["cargo", "run", "--release", "--", command, ..] | ["doorstep", command, ..]
            if is_name(command) =>
        {
            (command, commands(repo.text(CLI)?).iter().any(|known| known == command))
        }
        [program, ..] if program.starts_with("./") && !program.contains('<') => {
            (program, is_file(repo, &program[2..]))
        }
        _ => return None,
    };
    (!is_known).then(|| format!("`{name}` is not a command: {typed}"))
}

fn is_name(word: &str) -> bool {
    word.starts_with(|letter: char| letter.is_ascii_lowercase())
}

fn is_file(repo: &Repo, path: &str) -> bool {
    let path = path.trim_end_matches('/');
    repo.files().any(|(file, _)| {
        file.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// Returns the program's commands: the variants of its enum, as clap writes them.
fn commands(cli: &str) -> Vec<String> {
    let Some((_, after)) = cli.split_once("enum Command {\n") else { return Vec::new() };
    let block = after.split("\n}").next().unwrap_or_default();
    let variants = block.lines().filter_map(|line| line.strip_prefix("    "));
    let variants =
        variants.filter(|line| line.starts_with(|letter: char| letter.is_ascii_uppercase()));
    variants
        .map(|line| kebab(line.split(['(', ',', ' ', '{']).next().unwrap_or_default()))
        .collect()
}

fn kebab(name: &str) -> String {
    let mut out = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push('-');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

/// Returns the targets of a line's links that are files of ours.
fn links(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    let targets = targets.map(|target| target.split('#').next().unwrap_or_default());
    targets.filter(|target| !target.is_empty() && !target.contains(':') && !target.contains(' '))
}

fn is_there(repo: &Repo, from: &str, link: &str) -> bool {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    is_file(repo, &parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::found;

    const CLI: (&str, &str) = (
        "crates/doorstep/src/cli.rs",
        "enum Command {\n    /// Show\n    Demo(Demo),\n    ShowCase {\n        a: u8,\n    },\n}\n",
    );

    #[test]
    fn a_command_or_a_link_that_is_not_there_is_found() {
        let readme = "```sh\ncargo run --release -- demo\n./test\ndoorstep show-case 1\ndoorstep fly\n```\n\
                      Say `cargo xtask dance`, see [a](docs/a.md) and [b](docs/b.md#x).\n";
        let files = [
            CLI,
            ("README.md", readme),
            ("test", ""),
            ("docs/a.md", "[up](../README.md) [off](https://example.org)\n"),
            ("xtask/src/main.rs", "[\"ci\"]"),
        ];
        let at = |line| ("README.md".to_owned(), line);
        assert_eq!(found(super::check, &files), [at(5), at(7), at(7)]);
    }

    #[test]
    fn the_two_promised_commands_are_missed() {
        assert_eq!(found(super::check, &[CLI, ("README.md", "# A\n")]).len(), 2);
    }
}
