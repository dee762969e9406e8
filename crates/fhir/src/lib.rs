//! The FHIR R4 resources in use, bundles and `OperationOutcome`.

pub mod json;
pub mod problem;
