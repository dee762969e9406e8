//! Where people are, and how to reach them.

use super::{Datatype, Period, hidden_debug};
use crate::json::Node;

/// `Address`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Address<'t> {
    /// `use`: home, work, temp, old, billing.
    pub usage: Option<&'t str>,
    /// `text`, the whole address.
    pub text: Option<&'t str>,
    /// `line`, street and unit.
    pub lines: Vec<&'t str>,
    /// `city`.
    pub city: Option<&'t str>,
    /// `district`, the county.
    pub district: Option<&'t str>,
    /// `state`.
    pub state: Option<&'t str>,
    /// `postalCode`.
    pub postal_code: Option<&'t str>,
    /// `country`.
    pub country: Option<&'t str>,
    /// `period`, when the address was in use.
    pub period: Option<Period<'t>>,
}

hidden_debug!(Address, ContactPoint);

impl<'t> Datatype<'t> for Address<'t> {
    fn read(node: Node<'t>) -> Self {
        Self {
            usage: node.text("use"),
            text: node.text("text"),
            lines: node.texts("line").collect(),
            city: node.text("city"),
            district: node.text("district"),
            state: node.text("state"),
            postal_code: node.text("postalCode"),
            country: node.text("country"),
            period: node.one("period"),
        }
    }
}

impl<'t> Address<'t> {
    /// Returns the address to go to: one without an end before one with, temporary before home before the rest, since a
    /// person staying elsewhere is delivered to there.
    pub fn preferred<'n>(addresses: &'n [Address<'t>]) -> Option<&'n Address<'t>> {
        addresses.iter().min_by_key(|address| {
            let usage = match address.usage {
                Some("temp") => 0,
                Some("home") => 1,
                None => 2,
                Some("old") => 5,
                Some("billing") => 4,
                Some(_) => 3,
            };
            (address.period.is_some_and(|period| period.end.is_some()), usage)
        })
    }
}

/// `ContactPoint`.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
pub struct ContactPoint<'t> {
    /// `system`: phone, fax, email, pager, url, sms, other.
    pub system: Option<&'t str>,
    /// `value`.
    pub value: Option<&'t str>,
    /// `use`: home, work, temp, old, mobile.
    pub usage: Option<&'t str>,
    /// `rank`, 1 is preferred.
    pub rank: Option<u32>,
}

impl<'t> Datatype<'t> for ContactPoint<'t> {
    fn read(node: Node<'t>) -> Self {
        Self {
            system: node.text("system"),
            value: node.text("value"),
            usage: node.text("use"),
            rank: node.whole("rank"),
        }
    }
}
