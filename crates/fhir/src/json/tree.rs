//! A whole document: the root value, and the names of places in it.

use super::value::{Data, Value};
use std::fmt::Write as _;

/// A document that was read whole. Nothing in it was dropped: what no view knows is still in the tree.
#[derive(Debug, Clone)]
pub struct Tree<'a> {
    pub(crate) root: Value<'a>,
}

impl<'a> Tree<'a> {
    /// Returns the root value.
    pub const fn root(&self) -> &Value<'a> {
        &self.root
    }

    /// Returns the root's `resourceType`.
    pub fn resource_type(&self) -> Option<&str> {
        self.root.text("resourceType")
    }

    /// Returns the place of `value`, as `Bundle.entry[2].resource.code`.
    ///
    /// Values are kept in the order of the text, so the way down is found by halving, not by looking everywhere.
    pub fn path_of(&self, value: &Value<'_>) -> String {
        path_to(&self.root, value.at)
    }

    /// Returns the place of the member `key` of `value`, whether it is there or missing.
    pub fn path_in(&self, value: &Value<'_>, key: &str) -> String {
        let mut path = self.path_of(value);
        push_key(&mut path, key);
        path
    }
}

/// Returns the place of the value that begins at byte `at`.
pub(super) fn path_to(root: &Value<'_>, at: u32) -> String {
    let mut path = root_name(root.text("resourceType"));
    let mut here = root;
    while here.at != at {
        match &here.data {
            Data::List(items) => {
                let Some(index) = items.partition_point(|item| item.at <= at).checked_sub(1) else {
                    break;
                };
                push_index(&mut path, index);
                here = &items[index];
            }
            Data::Object(members) => {
                let Some(index) =
                    members.partition_point(|(_, value)| value.at <= at).checked_sub(1)
                else {
                    break;
                };
                push_key(&mut path, &members[index].0);
                here = &members[index].1;
            }
            _ => break,
        }
    }
    path
}

/// Returns the first word of every path.
pub(super) fn root_name(resource_type: Option<&str>) -> String {
    match resource_type {
        Some(name) if name.len() <= 64 && name.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
            name.to_owned()
        }
        _ => "$".to_owned(),
    }
}

/// Adds a member name. A name that no FHIR element could have is shown as `?`.
pub(super) fn push_key(path: &mut String, key: &str) {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
    path.push('.');
    path.push_str(if key.len() <= 64 && key.bytes().all(plain) { key } else { "?" });
}

/// Adds a place in a list, counted from 0.
pub(super) fn push_index(path: &mut String, index: usize) {
    write!(path, "[{index}]").expect("writing to a string cannot fail");
}
