//! FHIR's datatypes, read from the tree into small structs that borrow their text.
//!
//! Reading never fails: what is missing or of the wrong kind is `None` or empty, and stays in the tree.

mod attachment;
mod code;
mod extension;
mod human_name;
mod identifier;
mod place;
mod quantity;
mod reference;
mod timing;
mod when;

pub use attachment::{Attachment, BadBase64};
pub use code::{CodeableConcept, Coding};
pub use extension::{extension, extensions, is_extension};
pub use human_name::HumanName;
pub use identifier::{Identifier, NPI_SYSTEM};
pub use place::{Address, ContactPoint};
pub use quantity::{Quantity, Range, Ratio};
pub use reference::Reference;
pub(crate) use reference::without_version;
pub use timing::Timing;
pub use when::{Occurrence, Period, Precision, When};

use crate::json::{Node, Value};

/// A datatype that can be read from a value.
pub trait Datatype<'t>: Sized {
    /// Reads what `node` says; what it does not say is left empty.
    fn read(node: Node<'t>) -> Self;
}

impl<'t> Value<'t> {
    /// Reads the member named `key`, or the first of them when it is a list.
    pub fn one<T: Datatype<'t>>(&'t self, key: &str) -> Option<T> {
        self.first(key).filter(|value| value.is_object()).map(T::read)
    }

    /// Reads every element of the member named `key`.
    pub fn all<T: Datatype<'t>>(&'t self, key: &str) -> Vec<T> {
        self.list(key).iter().filter(|value| value.is_object()).map(T::read).collect()
    }
}

/// Gives types that identify a person a `Debug` that prints nothing of them.
macro_rules! hidden_debug {
    ($($name:ident),* $(,)?) => { $(
        impl std::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(‹phi›)"))
            }
        }
    )* };
}
pub(crate) use hidden_debug;

#[cfg(test)]
mod tests;
