//! The FHIR R4 resources in use, bundles and `OperationOutcome`.

pub mod datatype;
pub mod json;
pub mod problem;
pub mod resource;
