//! Typed views of the resources in use: one file each, one method for each element that is used.
//!
//! A view is a pointer into the tree, made without copying. Elements that no view knows stay in the tree.

mod claim;
mod claim_response;
mod clinical;
mod communication;
mod coverage;
mod device;
mod device_request;
mod document_reference;
mod encounter;
mod location;
mod medication_request;
mod message_header;
mod nutrition_order;
mod operation_outcome;
mod organization;
mod patient;
mod practitioner;
mod provenance;
mod questionnaire_response;
mod related_person;
mod service_request;
mod task;

pub use claim::{Claim, ClaimItem, SupportingInfo};
pub use claim_response::ClaimResponse;
pub use clinical::{AllergyIntolerance, Condition, Observation};
pub use communication::Communication;
pub use coverage::Coverage;
pub use device::{Device, DeviceDefinition, Medication};
pub use device_request::DeviceRequest;
pub use document_reference::{Binary, DocumentReference};
pub use encounter::Encounter;
pub use location::Location;
pub use medication_request::MedicationRequest;
pub use message_header::MessageHeader;
pub use nutrition_order::NutritionOrder;
pub use operation_outcome::OperationOutcome;
pub use organization::Organization;
pub use patient::Patient;
pub use practitioner::{Practitioner, PractitionerRole};
pub use provenance::Provenance;
pub use questionnaire_response::QuestionnaireResponse;
pub use related_person::RelatedPerson;
pub use service_request::ServiceRequest;
pub use task::Task;

use crate::datatype::{Identifier, Reference};
use crate::json::Node;
use std::fmt;

/// Any resource: an object that says its `resourceType`.
#[derive(Clone, Copy)]
pub struct Resource<'t>(Node<'t>);

impl<'t> Resource<'t> {
    /// Returns the resource at `node`, when it is one.
    pub fn at(node: Node<'t>) -> Option<Self> {
        node.text("resourceType").map(|_| Self(node))
    }

    /// Returns the value in the tree.
    pub const fn node(self) -> Node<'t> {
        self.0
    }

    /// Returns `resourceType`.
    pub fn kind(self) -> &'t str {
        self.0.text("resourceType").unwrap_or_default()
    }

    /// Returns `id`.
    pub fn id(self) -> Option<&'t str> {
        self.0.text("id")
    }

    /// Returns `status`.
    pub fn status(self) -> Option<&'t str> {
        self.0.text("status")
    }

    /// Returns `identifier`, whether the resource has one or many.
    pub fn identifiers(self) -> Vec<Identifier<'t>> {
        self.0.all("identifier")
    }

    /// Returns the profiles that the resource claims to follow.
    pub fn profiles(self) -> impl Iterator<Item = &'t str> {
        self.0.get("meta").into_iter().flat_map(|meta| meta.texts("profile"))
    }

    /// Returns whether a claimed profile's name, the last part of its URL without version, is `name`.
    pub fn follows(self, name: &str) -> bool {
        self.profiles().any(|url| {
            let bare = url.split('|').next().unwrap_or(url);
            bare.rsplit('/').next() == Some(name)
        })
    }

    /// Returns the reference at `key`, unless it is empty.
    pub fn reference(self, key: &str) -> Option<Reference<'t>> {
        self.0.one::<Reference<'t>>(key).filter(|reference| !reference.is_empty())
    }

    /// Returns the references at `key`.
    pub fn references(self, key: &str) -> Vec<Reference<'t>> {
        self.0.all(key)
    }

    /// Returns the resources contained in this one.
    pub fn contained(self) -> impl Iterator<Item = Resource<'t>> {
        self.0.list("contained").iter().filter_map(Resource::at)
    }

    /// Returns whether both are the same place in the same tree.
    pub fn is_same(self, other: Resource<'_>) -> bool {
        self.0.at == other.0.at
    }
}

impl fmt::Debug for Resource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}(‹phi›)", self.kind())
    }
}

/// Makes a view of one resource type.
macro_rules! view {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $name<'t>($crate::resource::Resource<'t>);

        impl<'t> $name<'t> {
            /// Returns the view, when the resource is of this type.
            pub fn of(resource: $crate::resource::Resource<'t>) -> Option<Self> {
                (resource.kind() == stringify!($name)).then_some(Self(resource))
            }

            /// Returns the resource itself.
            pub const fn resource(self) -> $crate::resource::Resource<'t> {
                self.0
            }
        }

        impl std::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}
pub(crate) use view;
