//! References to other resources.

use super::{Datatype, Identifier, hidden_debug};
use crate::json::Node;

/// `Reference`.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Reference<'t> {
    /// `reference`: `Type/id`, an absolute URL, `urn:uuid:...`, or `#id` of a contained resource.
    pub reference: Option<&'t str>,
    /// `type`, the kind of resource meant.
    pub kind: Option<&'t str>,
    /// `identifier`, a name for what is meant when there is no address.
    pub identifier: Option<Identifier<'t>>,
    /// `display`, for people.
    pub display: Option<&'t str>,
}

hidden_debug!(Reference);

impl<'t> Reference<'t> {
    /// Returns whether it names anything at all.
    pub const fn is_empty(&self) -> bool {
        self.reference.is_none() && self.identifier.is_none() && self.display.is_none()
    }

    /// Returns the kind of resource meant: `type`, else the part before the id.
    pub fn target_kind(&self) -> Option<&'t str> {
        self.kind.or_else(|| {
            let path = without_version(self.reference?);
            let kind = path.rsplit('/').nth(1)?;
            kind.bytes()
                .all(|byte| byte.is_ascii_alphabetic())
                .then_some(kind)
                .filter(|kind| !kind.is_empty())
        })
    }

    /// Returns the id at the end of the address.
    pub fn target_id(&self) -> Option<&'t str> {
        without_version(self.reference?).rsplit('/').next()
    }
}

/// Returns the address without `/_history/...`.
pub(crate) fn without_version(address: &str) -> &str {
    address.split("/_history/").next().unwrap_or(address)
}

impl<'t> Datatype<'t> for Reference<'t> {
    fn read(node: Node<'t>) -> Self {
        Self {
            reference: node.text("reference"),
            kind: node.text("type"),
            identifier: node.one("identifier"),
            display: node.text("display"),
        }
    }
}
