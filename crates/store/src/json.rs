//! JSON in columns.

use crate::{Result, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Returns a value as the text of a column.
pub(crate) fn write<T: Serialize>(value: &T, what: &'static str) -> Result<String> {
    serde_json::to_string(value).map_err(|_| StoreError::Decode { what })
}

/// Reads a column's text. The error names the column and not what it holds.
pub(crate) fn read<T: DeserializeOwned>(text: &str, what: &'static str) -> Result<T> {
    serde_json::from_str(text).map_err(|_| StoreError::Decode { what })
}
