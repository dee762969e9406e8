//! The strict parser: RFC 8259, no duplicate names, caps on everything, numbers kept as written.
//!
//! It is one pass over the bytes with one byte of look-ahead. Strings without escapes are borrowed from the input.
//! Recursion is bounded by [`Limits::depth`], so the stack is.

use super::limits::Limits;
use super::text;
use super::tree;
use super::value::{Data, Value, is_number};
use crate::problem::{Code, Problem};
use std::borrow::Cow;

type Members<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

/// Duplicate names reported for one document at most; the document is refused after the first.
const DUPLICATES_MAX: usize = 20;

/// Why reading stopped. The path is gathered from the inside outwards while the stack unwinds.
pub(super) struct Stop(Box<Halt>);

struct Halt {
    code: Code,
    at: usize,
    message: String,
    steps: Vec<Step>,
    resource_type: Option<String>,
}

enum Step {
    Key(String),
    Index(usize),
}

impl Stop {
    pub(super) fn new(code: Code, at: usize, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Halt { code, at, message, steps: Vec::new(), resource_type: None }))
    }

    fn within(mut self, step: Step) -> Self {
        self.0.steps.push(step);
        self
    }

    /// Returns what is wrong, the byte where reading stopped, and the sentence.
    pub(super) fn what(&self) -> (Code, usize, &str) {
        (self.0.code, self.0.at, &self.0.message)
    }

    /// Returns the place where reading stopped.
    pub(super) fn path(&self) -> String {
        let mut path = tree::root_name(self.0.resource_type.as_deref());
        for step in self.0.steps.iter().rev() {
            match step {
                Step::Key(key) => tree::push_key(&mut path, key),
                Step::Index(index) => tree::push_index(&mut path, *index),
            }
        }
        path
    }
}

type Read<T> = Result<T, Stop>;

/// What one pass found.
pub(super) struct Parsed<'a> {
    pub(super) root: Value<'a>,
    /// Whether any member is named `modifierExtension` or `implicitRules`.
    pub(super) has_modifiers: bool,
    pub(super) problems: Vec<Problem>,
}

/// Reads `source` whole.
pub(super) fn parse<'a>(source: &'a str, limits: &Limits) -> Read<Parsed<'a>> {
    let mut parser = Parser {
        source,
        bytes: source.as_bytes(),
        at: 0,
        depth: 0,
        n_values: 0,
        limits,
        duplicates: Vec::new(),
        has_modifiers: false,
    };
    parser.skip_space();
    let root = parser.value(limits.text_bytes)?;
    parser.skip_space();
    if parser.at < parser.bytes.len() {
        return Err(Stop::new(
            Code::NotJson,
            parser.at,
            "there is text after the end of the document",
        ));
    }
    let problems = parser
        .duplicates
        .iter()
        .map(|(at, key)| {
            let mut path = tree::path_to(&root, *at);
            tree::push_key(&mut path, key);
            Problem::fatal(Code::DuplicateKey, path, "this member is written twice: send it once")
        })
        .collect();
    Ok(Parsed { has_modifiers: parser.has_modifiers, root, problems })
}

struct Parser<'a, 'l> {
    source: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    n_values: usize,
    limits: &'l Limits,
    duplicates: Vec<(u32, String)>,
    has_modifiers: bool,
}

impl<'a> Parser<'a, '_> {
    fn skip_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn value(&mut self, text_bytes: usize) -> Read<Value<'a>> {
        self.n_values += 1;
        if self.n_values > self.limits.values {
            return Err(Stop::new(
                Code::TooManyValues,
                self.at,
                format!("more than {} values", self.limits.values),
            ));
        }
        let start = self.at;
        let data = match self.bytes.get(start) {
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::list)?,
            Some(b'"') => Data::Text(self.text(text_bytes)?),
            Some(b'-' | b'0'..=b'9') => self.number()?,
            Some(b't') => self.word("true", Data::Bool(true))?,
            Some(b'f') => self.word("false", Data::Bool(false))?,
            Some(b'n') => self.word("null", Data::Null)?,
            Some(_) => return Err(Stop::new(Code::NotJson, start, "a value was expected here")),
            None => {
                return Err(Stop::new(
                    Code::NotJson,
                    start,
                    "the document ends where a value was expected",
                ));
            }
        };
        let at = u32::try_from(start).expect("the size cap is below 4 GB, checked before parsing");
        Ok(Value { at, data })
    }

    fn nested(&mut self, read: fn(&mut Self) -> Read<Data<'a>>) -> Read<Data<'a>> {
        if self.depth == self.limits.depth {
            return Err(Stop::new(
                Code::TooDeep,
                self.at,
                format!("nested more than {} levels deep", self.limits.depth),
            ));
        }
        self.depth += 1;
        let data = read(self);
        self.depth -= 1;
        data
    }

    fn object(&mut self) -> Read<Data<'a>> {
        let start = self.at;
        let mut members = Members::new();
        self.at += 1;
        self.skip_space();
        if self.bytes.get(self.at) == Some(&b'}') {
            self.at += 1;
            return Ok(Data::Object(members));
        }
        loop {
            if let Err(stop) = self.member(&mut members) {
                return Err(self.at_root(stop, &members));
            }
            match self.bytes.get(self.at) {
                Some(b',') => {
                    self.at += 1;
                    self.skip_space();
                }
                Some(b'}') => {
                    self.at += 1;
                    break;
                }
                _ => {
                    let stop = Stop::new(
                        Code::NotJson,
                        self.at,
                        "a comma or a closing brace was expected here",
                    );
                    return Err(self.at_root(stop, &members));
                }
            }
        }
        self.drop_duplicates(start, &mut members);
        Ok(Data::Object(members))
    }

    fn member(&mut self, members: &mut Members<'a>) -> Read<()> {
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(Stop::new(
                Code::NotJson,
                self.at,
                "a member name in quotes was expected here",
            ));
        }
        let key = self.text(self.limits.key_bytes)?;
        self.skip_space();
        if self.bytes.get(self.at) != Some(&b':') {
            let stop =
                Stop::new(Code::NotJson, self.at, "a colon was expected after the member name");
            return Err(stop.within(Step::Key(key.into_owned())));
        }
        self.at += 1;
        self.skip_space();
        let text_bytes =
            if key == "data" { self.limits.data_bytes } else { self.limits.text_bytes };
        self.has_modifiers |= key == "modifierExtension" || key == "implicitRules";
        match self.value(text_bytes) {
            Ok(value) => members.push((key, value)),
            Err(stop) => return Err(stop.within(Step::Key(key.into_owned()))),
        }
        self.skip_space();
        Ok(())
    }

    fn list(&mut self) -> Read<Data<'a>> {
        let mut items = Vec::new();
        self.at += 1;
        self.skip_space();
        if self.bytes.get(self.at) == Some(&b']') {
            self.at += 1;
            return Ok(Data::List(items));
        }
        loop {
            let item = self.value(self.limits.text_bytes);
            items.push(item.map_err(|stop| stop.within(Step::Index(items.len())))?);
            self.skip_space();
            match self.bytes.get(self.at) {
                Some(b',') => {
                    self.at += 1;
                    self.skip_space();
                }
                Some(b']') => {
                    self.at += 1;
                    return Ok(Data::List(items));
                }
                _ => {
                    return Err(Stop::new(
                        Code::NotJson,
                        self.at,
                        "a comma or a closing bracket was expected here",
                    ));
                }
            }
        }
    }

    fn text(&mut self, text_bytes: usize) -> Read<Cow<'a, str>> {
        let (text, end) = text::read(self.source, self.at)?;
        if text.len() > text_bytes {
            return Err(Stop::new(
                Code::TextTooLong,
                self.at,
                format!("longer than {text_bytes} bytes"),
            ));
        }
        self.at = end;
        Ok(text)
    }

    fn number(&mut self) -> Read<Data<'a>> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .take_while(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E'))
            .count();
        let text = &self.source[self.at..self.at + length];
        if length > self.limits.number_bytes {
            return Err(Stop::new(Code::BadNumber, self.at, "this number has too many characters"));
        }
        if !is_number(text) {
            return Err(Stop::new(
                Code::BadNumber,
                self.at,
                "this is not a number as JSON writes it",
            ));
        }
        self.at += length;
        Ok(Data::Number(text))
    }

    fn word(&mut self, word: &str, data: Data<'a>) -> Read<Data<'a>> {
        if !self.bytes[self.at..].starts_with(word.as_bytes()) {
            return Err(Stop::new(Code::NotJson, self.at, "a value was expected here"));
        }
        self.at += word.len();
        Ok(data)
    }

    /// Notes the resource type when the stack has unwound to the root.
    fn at_root(&self, mut stop: Stop, members: &Members<'a>) -> Stop {
        if self.depth == 1 {
            let name = members.iter().find(|(key, _)| key == "resourceType");
            stop.0.resource_type = name.and_then(|(_, value)| value.as_text()).map(str::to_owned);
        }
        stop
    }

    /// Keeps the first of each name and notes the rest.
    fn drop_duplicates(&mut self, start: usize, members: &mut Members<'a>) {
        if !has_duplicate(members) {
            return;
        }
        let mut seen = std::collections::HashSet::new();
        let mut repeated = Vec::new();
        members.retain(|(key, _)| {
            let is_new = seen.insert(key.clone());
            if !is_new {
                repeated.push(key.clone());
            }
            is_new
        });
        let at = u32::try_from(start).expect("the size cap is below 4 GB, checked before parsing");
        let room = DUPLICATES_MAX.saturating_sub(self.duplicates.len());
        self.duplicates.extend(repeated.into_iter().take(room).map(|key| (at, key.into_owned())));
    }
}

/// Compares few names pairwise and sorts many.
fn has_duplicate(members: &Members<'_>) -> bool {
    if members.len() <= 16 {
        return members
            .iter()
            .enumerate()
            .any(|(index, (key, _))| members[..index].iter().any(|(earlier, _)| earlier == key));
    }
    let mut keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
    keys.sort_unstable();
    keys.windows(2).any(|pair| pair[0] == pair[1])
}
