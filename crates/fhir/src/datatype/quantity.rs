//! Amounts. A value stays the text it was written with.

use super::Datatype;
use crate::json::Node;

/// `Quantity`, and its kinds `SimpleQuantity`, `Duration`, `Age`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Quantity<'t> {
    /// `value`, exactly as written.
    pub value: Option<&'t str>,
    /// `comparator`: `<`, `<=`, `>=`, `>`. Without it the value is meant exactly.
    pub comparator: Option<&'t str>,
    /// `unit`, for people.
    pub unit: Option<&'t str>,
    /// `system` of the unit's code.
    pub system: Option<&'t str>,
    /// `code` of the unit, most often UCUM.
    pub code: Option<&'t str>,
}

impl<'t> Quantity<'t> {
    /// Returns the value as a count, when it is whole and not negative: `2`, `2.0` and `2.00` are 2.
    pub fn count(&self) -> Option<u32> {
        let value = self.value?;
        let (whole, part) = value.split_once('.').unwrap_or((value, ""));
        if part.bytes().any(|digit| digit != b'0') { None } else { whole.parse().ok() }
    }

    /// Returns the unit's code, else its words.
    pub fn unit_or_code(&self) -> Option<&'t str> {
        self.code.or(self.unit)
    }
}

impl<'t> Datatype<'t> for Quantity<'t> {
    fn read(node: Node<'t>) -> Self {
        Self {
            value: node.number("value"),
            comparator: node.text("comparator"),
            unit: node.text("unit"),
            system: node.text("system"),
            code: node.text("code"),
        }
    }
}

/// `Range`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Range<'t> {
    /// `low`.
    pub low: Option<Quantity<'t>>,
    /// `high`.
    pub high: Option<Quantity<'t>>,
}

impl<'t> Datatype<'t> for Range<'t> {
    fn read(node: Node<'t>) -> Self {
        Self { low: node.one("low"), high: node.one("high") }
    }
}

/// `Ratio`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ratio<'t> {
    /// `numerator`.
    pub numerator: Option<Quantity<'t>>,
    /// `denominator`.
    pub denominator: Option<Quantity<'t>>,
}

impl<'t> Datatype<'t> for Ratio<'t> {
    fn read(node: Node<'t>) -> Self {
        Self { numerator: node.one("numerator"), denominator: node.one("denominator") }
    }
}
