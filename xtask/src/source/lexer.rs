//! The pass over the letters: blanks what is not code, keeps what is in strings.

use super::Literal;
use std::iter::Peekable;
use std::str::Chars;

/// How much of the code before a literal is kept.
const BEFORE_MAX: usize = 120;

struct Lexer<'a> {
    rest: Peekable<Chars<'a>>,
    code: String,
    literals: Vec<Literal>,
    line: usize,
}

/// Returns the code with comments and the insides of strings left out, line for line, and the string literals.
pub fn split(text: &str) -> (String, Vec<Literal>) {
    let mut lexer =
        Lexer { rest: text.chars().peekable(), code: String::new(), literals: Vec::new(), line: 1 };
    while let Some(letter) = lexer.next() {
        lexer.take(letter);
    }
    (lexer.code, lexer.literals)
}

impl Lexer<'_> {
    /// Returns the next letter. Ends of lines go into the code wherever they stand, so that numbers hold.
    fn next(&mut self) -> Option<char> {
        let letter = self.rest.next()?;
        if letter == '\n' {
            self.line += 1;
            self.code.push('\n');
        }
        Some(letter)
    }

    fn take(&mut self, letter: char) {
        match letter {
            '\n' => {}
            '/' if self.rest.peek() == Some(&'/') => self.skip_line(),
            '/' if self.rest.peek() == Some(&'*') => self.skip_block(),
            '"' => self.string(),
            '\'' => self.quote(),
            'r' if !self.is_in_word() && matches!(self.rest.peek(), Some('"' | '#')) => self.raw(),
            letter => self.code.push(letter),
        }
    }

    /// Returns whether the letter at hand goes on a name. A `b` or `c` alone is a prefix, not a name.
    fn is_in_word(&self) -> bool {
        let mut back = self.code.chars().rev();
        let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
        match back.next() {
            Some('b' | 'c') => back.next().is_some_and(is_part),
            Some(letter) => is_part(letter),
            None => false,
        }
    }

    fn skip_line(&mut self) {
        while self.rest.peek().is_some_and(|letter| *letter != '\n') {
            self.next();
        }
    }

    fn skip_block(&mut self) {
        self.next();
        let mut depth = 1;
        while depth > 0 {
            match (self.next(), self.rest.peek()) {
                (Some('/'), Some('*')) => depth += 1,
                (Some('*'), Some('/')) => depth -= 1,
                (None, _) => return,
                _ => continue,
            }
            self.next();
        }
    }

    /// A character, or the mark of a lifetime.
    fn quote(&mut self) {
        self.code.push('\'');
        let mut ahead = self.rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('\\'), _) => {
                self.next();
                self.next();
                while self.next().is_some_and(|letter| letter != '\'') {}
                self.code.push('\'');
            }
            (Some(_), Some('\'')) => {
                self.next();
                self.next();
                self.code.push('\'');
            }
            _ => {}
        }
    }

    fn begin(&mut self) -> Literal {
        let statement = self.code.rfind([';', '{', '}']).map_or(0, |at| at + 1);
        let words: Vec<&str> = self.code[statement..].split_whitespace().collect();
        let mut before = words.join(" ");
        if let Some((at, _)) = before.char_indices().rev().nth(BEFORE_MAX) {
            before.drain(..at);
        }
        self.code.push('"');
        Literal { line: self.line, before, ..Literal::default() }
    }

    fn end(&mut self, literal: Literal) {
        self.code.push('"');
        self.literals.push(literal);
    }

    fn string(&mut self) {
        let mut literal = self.begin();
        while let Some(letter) = self.next() {
            match letter {
                '"' => break,
                '\\' => self.escape(&mut literal.text),
                letter => literal.text.push(letter),
            }
        }
        self.end(literal);
    }

    fn escape(&mut self, text: &mut String) {
        match self.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some('\n') => {
                while self.rest.peek().is_some_and(|letter| letter.is_whitespace()) {
                    self.next();
                }
            }
            // What other escapes stand for is of no interest to any rule; that they are there is.
            Some(letter) => text.push(letter),
            None => {}
        }
    }

    /// A raw string, or a raw name such as `r#type`.
    fn raw(&mut self) {
        let mut ahead = self.rest.clone();
        let mut n_hashes = 0;
        while ahead.peek() == Some(&'#') {
            ahead.next();
            n_hashes += 1;
        }
        self.code.push('r');
        if ahead.peek() != Some(&'"') {
            return;
        }
        for _ in 0..=n_hashes {
            self.next();
        }
        let mut literal = self.begin();
        let end = format!("\"{}", "#".repeat(n_hashes));
        while let Some(letter) = self.next() {
            literal.text.push(letter);
            if literal.text.ends_with(&end) {
                literal.text.truncate(literal.text.len() - end.len());
                break;
            }
        }
        self.end(literal);
    }
}
