//! Service lines, payers and calendars as checked data.
