//! The five characters that cut a message, as its first segment declares them in MSH-1 and MSH-2.
//!
//! Invariant: all are printable ASCII, none is a letter, a digit or a space, and no two are the same.

/// The separators of one message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Separators {
    /// MSH-1.
    pub(crate) field: u8,
    /// MSH-2, first character.
    pub(crate) component: u8,
    /// MSH-2, second character.
    pub(crate) repetition: u8,
    /// MSH-2, third character; `None` when the sender has no escapes.
    pub(crate) escape: Option<u8>,
    /// MSH-2, fourth character.
    pub(crate) subcomponent: u8,
    /// MSH-2, fifth character, since version 2.7.
    pub(crate) truncation: Option<u8>,
}

impl Separators {
    /// The characters everybody uses.
    pub const USUAL: Self = Self {
        field: b'|',
        component: b'^',
        repetition: b'~',
        escape: Some(b'\\'),
        subcomponent: b'&',
        truncation: None,
    };

    /// Reads MSH-1 and MSH-2 from the start of an MSH, FHS or BHS segment; the reason when they cannot be used.
    pub fn read(segment: &[u8]) -> Result<Self, &'static str> {
        let field = *segment.get(3).ok_or("the header ends before its field separator")?;
        if !usable(field) {
            return Err("the field separator must be a printable ASCII sign");
        }
        let rest = &segment[4..];
        let end = rest.iter().position(|b| *b == field || matches!(b, b'\r' | b'\n'));
        let encoding = &rest[..end.unwrap_or(rest.len())];
        if encoding.len() > 6 || !encoding.iter().copied().all(usable) {
            return Err("the encoding characters of the header cannot be read");
        }
        let made = Self::from_encoding(field, &undouble(encoding));
        if made.are_distinct() { Ok(made) } else { Err("two separators are the same character") }
    }

    /// Fills up what a short MSH-2 leaves out with the usual characters.
    fn from_encoding(field: u8, encoding: &[u8]) -> Self {
        let usual = Self::USUAL;
        let at = |i: usize, default: u8| encoding.get(i).copied().unwrap_or(default);
        let escape = match encoding.len() {
            0 => usual.escape,
            _ => encoding.get(2).copied(),
        };
        Self {
            field,
            component: at(0, usual.component),
            repetition: at(1, usual.repetition),
            escape,
            subcomponent: at(3, usual.subcomponent),
            truncation: encoding.get(4).copied(),
        }
    }

    fn are_distinct(self) -> bool {
        let mut all = vec![self.field, self.component, self.repetition, self.subcomponent];
        all.extend(self.escape);
        all.extend(self.truncation);
        all.iter().enumerate().all(|(i, one)| !all[i + 1..].contains(one))
    }

    /// Returns MSH-2 as it is written.
    pub fn encoding(&self) -> String {
        let mut signs = vec![self.component, self.repetition];
        if let Some(escape) = self.escape {
            signs.extend([escape, self.subcomponent]);
            signs.extend(self.truncation);
        }
        signs.into_iter().map(char::from).collect()
    }

    /// Returns the field separator, MSH-1.
    pub fn field(&self) -> char {
        char::from(self.field)
    }

    /// Returns the component separator.
    pub fn component(&self) -> char {
        char::from(self.component)
    }

    /// Returns the repetition separator.
    pub fn repetition(&self) -> char {
        char::from(self.repetition)
    }

    /// Returns the subcomponent separator.
    pub fn subcomponent(&self) -> char {
        char::from(self.subcomponent)
    }
}

/// Some senders pass MSH-2 through a string literal and double the escape character: `^~\\&` means `^~\&`.
fn undouble(encoding: &[u8]) -> Vec<u8> {
    match encoding {
        [c, r, e, again, s, rest @ ..] if e == again => {
            let mut one = vec![*c, *r, *e, *s];
            one.extend_from_slice(rest);
            one
        }
        other => other.to_vec(),
    }
}

/// Tells whether a byte may separate anything.
pub(crate) fn usable(byte: u8) -> bool {
    byte.is_ascii_punctuation()
}
