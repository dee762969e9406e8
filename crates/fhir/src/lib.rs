//! The FHIR R4 resources in use, bundles and `OperationOutcome`.

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
