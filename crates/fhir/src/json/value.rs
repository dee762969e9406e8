//! One JSON value that knows where it stood in the text.

use std::borrow::Cow;
use std::fmt;

/// A reference to a value whose own text lives at least as long.
pub type Node<'t> = &'t Value<'t>;

/// A JSON value and the byte where it began.
#[derive(Clone, PartialEq)]
pub struct Value<'a> {
    pub(crate) at: u32,
    pub(crate) data: Data<'a>,
}

/// What a value is.
#[derive(Clone, PartialEq)]
pub(crate) enum Data<'a> {
    Null,
    Bool(bool),
    Number(&'a str),
    Text(Cow<'a, str>),
    List(Vec<Value<'a>>),
    Object(Vec<(Cow<'a, str>, Value<'a>)>),
}

impl<'a> Value<'a> {
    /// Returns the byte where the value begins, counted from 0 after any byte-order mark.
    pub const fn at(&self) -> usize {
        self.at as usize
    }

    /// Returns the member named `key`, when this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Value<'a>> {
        match &self.data {
            Data::Object(members) => {
                members.iter().find(|(name, _)| name == key).map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// Returns the member at the end of a path of names, each inside the one before.
    pub fn find(&self, path: &[&str]) -> Option<&Value<'a>> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// Returns the text, when this is a string that is not blank.
    pub fn as_text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// Returns the text of the member named `key`, when it is a string that is not blank.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// Returns the truth value of the member named `key`.
    pub fn boolean(&self, key: &str) -> Option<bool> {
        match self.get(key)?.data {
            Data::Bool(truth) => Some(truth),
            _ => None,
        }
    }

    /// Returns the number of the member named `key` exactly as it was written. A number sent as a string is taken too.
    pub fn number(&self, key: &str) -> Option<&str> {
        match &self.get(key)?.data {
            Data::Number(text) => Some(text),
            Data::Text(text) if is_number(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the whole number of the member named `key`, when it is one and fits.
    pub fn whole(&self, key: &str) -> Option<u32> {
        self.number(key)?.parse().ok()
    }

    /// Returns the whole number, when this is one and fits.
    pub fn as_whole(&self) -> Option<u32> {
        match self.data {
            Data::Number(text) => text.parse().ok(),
            _ => None,
        }
    }

    /// Returns the elements of the member named `key`: none when it is missing, one when a single value stands where a
    /// list was due.
    pub fn list(&self, key: &str) -> &[Value<'a>] {
        match self.get(key) {
            None | Some(Value { data: Data::Null, .. }) => &[],
            Some(Value { data: Data::List(items), .. }) => items,
            Some(single) => std::slice::from_ref(single),
        }
    }

    /// Returns the first element of the member named `key`.
    pub fn first(&self, key: &str) -> Option<&Value<'a>> {
        self.list(key).first()
    }

    /// Returns the texts of the member named `key`, blanks left out.
    pub fn texts<'s>(&'s self, key: &str) -> impl Iterator<Item = &'s str> + use<'s, 'a> {
        self.list(key).iter().filter_map(Value::as_text)
    }

    /// Returns whether this is an object.
    pub const fn is_object(&self) -> bool {
        matches!(self.data, Data::Object(_))
    }

    /// Returns whether this is a list.
    pub const fn is_list(&self) -> bool {
        matches!(self.data, Data::List(_))
    }

    /// Returns the members, in the order they were written; none when this is no object.
    pub fn members(&self) -> impl Iterator<Item = (&str, &Value<'a>)> {
        let members: &[(Cow<'a, str>, Value<'a>)] = match &self.data {
            Data::Object(members) => members,
            _ => &[],
        };
        members.iter().map(|(name, value)| (name.as_ref(), value))
    }

    /// Returns the values directly inside, whether members or elements.
    pub fn children(&self) -> impl Iterator<Item = &Value<'a>> {
        let items: &[Value<'a>] = match &self.data {
            Data::List(items) => items,
            _ => &[],
        };
        items.iter().chain(self.members().map(|(_, value)| value))
    }
}

impl fmt::Debug for Value<'_> {
    /// Prints the shape only: what a value says may identify a person.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.data {
            Data::Null => f.write_str("null"),
            Data::Bool(truth) => truth.fmt(f),
            Data::Number(_) => f.write_str("number"),
            Data::Text(_) => f.write_str("‹phi›"),
            Data::List(items) => write!(f, "list of {}", items.len()),
            Data::Object(members) => write!(f, "object of {}", members.len()),
        }
    }
}

/// Returns whether `text` is a number as JSON writes it.
pub(crate) fn is_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    let digits =
        |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut at = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(at);
    if whole == 0 || (whole > 1 && bytes[at] == b'0') {
        return false;
    }
    at += whole;
    if bytes.get(at) == Some(&b'.') {
        let part = digits(at + 1);
        if part == 0 {
            return false;
        }
        at += 1 + part;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        at += usize::from(matches!(bytes.get(at), Some(b'+' | b'-')));
        let part = digits(at);
        if part == 0 {
            return false;
        }
        at += part;
    }
    at == bytes.len()
}
