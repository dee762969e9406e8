//! Rust text split into code, comments and string literals, so that a rule about one does not trip over the others.
//!
//! Not a parser: it knows comments, the kinds of literals, and which lines stand inside `#[cfg(test)] mod … { }`.

mod lexer;

/// One line of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// The code, with comments and the insides of strings left out.
    pub code: String,
    /// Whether it stands in a test module of its file.
    pub is_test: bool,
}

/// One string literal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Literal {
    /// The line it begins on, from 1.
    pub line: usize,
    /// What it stands for, escapes undone.
    pub text: String,
    /// The code before it on its statement, on one line: `const COLUMNS: &str =`, `format!(`.
    pub before: String,
    /// Whether it stands in a test module of its file.
    pub is_test: bool,
}

/// A Rust file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// Its lines.
    pub lines: Vec<Line>,
    /// Its string literals, in order.
    pub literals: Vec<Literal>,
}

impl Source {
    /// Splits a file's text.
    pub fn read(text: &str) -> Self {
        let (code, mut literals) = lexer::split(text);
        let mut lines: Vec<Line> =
            code.lines().map(|code| Line { code: code.to_owned(), is_test: false }).collect();
        mark_tests(&mut lines);
        for literal in &mut literals {
            literal.is_test = lines.get(literal.line - 1).is_some_and(|line| line.is_test);
        }
        Self { lines, literals }
    }

    /// Returns the lines with their numbers, from 1, that are not tests.
    pub fn own_lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let numbered = self.lines.iter().enumerate().filter(|(_, line)| !line.is_test);
        numbered.map(|(at, line)| (at + 1, line.code.as_str()))
    }
}

/// Marks the lines from `#[cfg(test)]` to the brace that closes the module after it.
fn mark_tests(lines: &mut [Line]) {
    let mut at = 0;
    while at < lines.len() {
        if lines[at].code.trim() != "#[cfg(test)]" {
            at += 1;
            continue;
        }
        let mut depth = 0_usize;
        let mut has_opened = false;
        while at < lines.len() {
            lines[at].is_test = true;
            for letter in lines[at].code.chars() {
                match letter {
                    '{' => (depth, has_opened) = (depth + 1, true),
                    '}' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            let is_over =
                if has_opened { depth == 0 } else { lines[at].code.trim_end().ends_with(';') };
            at += 1;
            if is_over {
                break;
            }
        }
    }
}

/// Returns whether `word` stands in `code` with no letter, digit or underscore around it.
pub fn has_word(code: &str, word: &str) -> bool {
    let is_part = |letter: Option<char>| letter.is_some_and(|c| c.is_alphanumeric() || c == '_');
    code.match_indices(word).any(|(at, _)| {
        !is_part(code[..at].chars().next_back()) && !is_part(code[at + word.len()..].chars().next())
    })
}

#[cfg(test)]
mod tests;
