//! CE, CWE and CNE: codes; CQ: quantities.

use crate::segment::Repetition;

/// A code with its text and system, and the same in a second system.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// CWE.1.
    pub id: Option<String>,
    /// CWE.2.
    pub text: Option<String>,
    /// CWE.3, HL7 table 0396, such as `I10`, `LN`, `HCPCS`, `SCT`.
    pub system: Option<String>,
    /// CWE.4.
    pub other_id: Option<String>,
    /// CWE.5.
    pub other_text: Option<String>,
    /// CWE.6.
    pub other_system: Option<String>,
    /// CWE.9, what the sender's user saw or typed.
    pub original: Option<String>,
}

impl Code {
    /// Reads a code; a field with one plain component is its id.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        let code = Self {
            id: from.text(1),
            text: from.text(2),
            system: from.text(3),
            other_id: from.text(4),
            other_text: from.text(5),
            other_system: from.text(6),
            original: from.text(9),
        };
        (code != Self::default()).then_some(code)
    }

    /// Returns the id in one of some systems, compared without case; the first system of the sender wins.
    pub fn in_systems(&self, systems: &[&str]) -> Option<&str> {
        let is_one = |system: &Option<String>| {
            let system = system.as_deref();
            system.is_some_and(|said| systems.iter().any(|one| one.eq_ignore_ascii_case(said)))
        };
        match (is_one(&self.system), is_one(&self.other_system)) {
            (true, _) => self.id.as_deref(),
            (false, true) => self.other_id.as_deref(),
            (false, false) => None,
        }
    }

    /// Returns the best words for a person: what was typed, else the text, else the id.
    pub fn shown(&self) -> Option<&str> {
        let words = [&self.original, &self.text, &self.other_text, &self.id, &self.other_id];
        words.into_iter().flatten().map(String::as_str).next()
    }
}

/// A number with a unit, CQ. The number is kept as text: it is never computed with here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Quantity {
    /// CQ.1.
    pub number: String,
    /// CQ.2.
    pub unit: Option<Code>,
}

impl Quantity {
    /// Reads a quantity; `None` unless there is a number.
    pub fn read(from: &Repetition<'_>) -> Option<Self> {
        let number = from.text(1)?;
        let is_number = number.bytes().any(|b| b.is_ascii_digit())
            && number.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+'));
        is_number.then(|| Self { number, unit: Code::read(&from.component(2).nested()) })
    }

    /// Returns a quantity of a number and a unit that stand in fields of their own.
    pub fn of(number: &Repetition<'_>, unit: &Repetition<'_>) -> Option<Self> {
        let quantity = Self::read(number)?;
        Some(Self { unit: Code::read(unit).or(quantity.unit), ..quantity })
    }
}
