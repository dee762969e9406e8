//! Personal data that cannot be printed by accident.

use std::fmt;

/// Something that identifies a person. `Debug` and `Display` print `‹phi›`; it has no `Serialize`.
///
/// Reading it is [`reveal`](Phi::reveal), a word that a reviewer can search for.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phi<T>(T);

impl<T> Phi<T> {
    /// Wraps `value`.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// Returns the value itself. Whoever calls this answers for where it goes.
    pub const fn reveal(&self) -> &T {
        &self.0
    }

    /// Returns the value itself, by value.
    pub fn into_revealed(self) -> T {
        self.0
    }
}

impl<T> fmt::Debug for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹phi›")
    }
}

impl<T> fmt::Display for Phi<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹phi›")
    }
}

impl<T> From<T> for Phi<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

#[cfg(test)]
mod tests {
    use super::Phi;

    #[test]
    fn personal_data_does_not_print() {
        let name = Phi::new("Testa Example");
        assert_eq!(format!("{name} {name:?}"), "‹phi› ‹phi›");
        assert_eq!(*name.reveal(), "Testa Example");
    }
}
