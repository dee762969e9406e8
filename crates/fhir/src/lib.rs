//! The FHIR R4 resources in use, bundles and OperationOutcome.
