//! FHIR R4 as it arrives at a hub for care at home: read strictly, viewed in types, gathered into one order.
//!
//! [`json::read`] turns bytes into a tree or into problems with places. [`order::read_orders`] says what the tree is and
//! gathers the orders in it. [`outcome`] and [`acknowledge`] write the answers. [`detect`] looks before anything is read.
//!
//! This crate does no input or output, follows no address out of the document, and does not know what a case is.
//!
//! ```
//! use doorstep_fhir::{json, order};
//!
//! let text = br#"{"resourceType":"ServiceRequest","status":"active","intent":"order",
//!     "code":{"text":"skilled nursing"},"subject":{"reference":"Patient/1"}}"#;
//! let tree = json::read(text).expect("this is sound JSON");
//! let reading = order::read_orders(&tree).remove(0);
//! let order = reading.order.expect("a service request orders something");
//! assert_eq!(order.lines[0].text, Some("skilled nursing"));
//! ```

pub mod acknowledge;
pub mod bundle;
pub mod datatype;
pub mod detect;
pub mod json;
pub mod kind;
pub mod order;
pub mod outcome;
pub mod problem;
pub mod resource;
