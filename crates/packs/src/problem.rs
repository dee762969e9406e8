//! What is wrong with a pack, and where.

use std::fmt;

/// One thing wrong with one file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file, as its path below the packs' folder.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// Stable name of the kind of problem, such as `item-unknown`.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl Problem {
    /// Returns the stable kebab-case code.
    pub fn code(&self) -> &'static str {
        self.code
    }
}

/// As compilers print it, so that editors can jump there.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}: {} ({})", self.file, self.line, self.column, self.message, self.code)
    }
}

/// The problems of one file, found by byte offset.
#[derive(Debug)]
pub(crate) struct Log<'a> {
    file: &'a str,
    text: &'a str,
    problems: Vec<Problem>,
}

impl<'a> Log<'a> {
    pub(crate) fn new(file: &'a str, text: &'a str) -> Self {
        Self { file, text, problems: Vec::new() }
    }

    /// Notes a problem at a byte offset of the file.
    pub(crate) fn at(&mut self, offset: usize, code: &'static str, message: impl Into<String>) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        self.problems.push(Problem {
            file: self.file.to_owned(),
            line: before.matches('\n').count() + 1,
            column: before[line_start..].chars().count() + 1,
            code,
            message: message.into(),
        });
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }
}
