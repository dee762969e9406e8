//! Where care happens.

use super::view;
use crate::datatype::{Address, ContactPoint, Reference};

view! {
    /// `Location`.
    Location
}

impl<'t> Location<'t> {
    /// Returns `name`.
    pub fn name(self) -> Option<&'t str> {
        self.0.node().text("name")
    }

    /// Returns `address`.
    pub fn address(self) -> Option<Address<'t>> {
        self.0.node().one("address")
    }

    /// Returns `telecom`.
    pub fn telecoms(self) -> Vec<ContactPoint<'t>> {
        self.0.node().all("telecom")
    }

    /// Returns `managingOrganization`.
    pub fn managing_organization(self) -> Option<Reference<'t>> {
        self.0.reference("managingOrganization")
    }
}
