//! Values on the wire. Only the types the schema uses, and those that `COUNT`, `IS NULL` and the catalogues answer with.

use crate::Value;
use postgres::types::private::BytesMut;
use postgres::types::{FromSql, IsNull, ToSql, Type};
use std::fmt;

type Boxed = Box<dyn std::error::Error + Sync + Send>;

/// A parameter of another type than the statement wants. It names types, never values.
#[derive(Debug)]
pub(crate) struct Mismatch {
    given: &'static str,
    wanted: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} was given where the statement wants {}", self.given, self.wanted)
    }
}

impl std::error::Error for Mismatch {}

impl ToSql for Value {
    fn to_sql(&self, wanted: &Type, out: &mut BytesMut) -> Result<IsNull, Boxed> {
        let mismatch = || Box::new(Mismatch { given: self.kind(), wanted: wanted.name().into() });
        match (self, wanted) {
            (Value::Null, _) => Ok(IsNull::Yes),
            (Value::Int(value), &Type::INT8) => value.to_sql(wanted, out),
            (Value::Int(value), &Type::INT4) => {
                i32::try_from(*value).map_err(|_| mismatch())?.to_sql(wanted, out)
            }
            (Value::Int(value), &Type::BOOL) if matches!(value, 0 | 1) => {
                (*value == 1).to_sql(wanted, out)
            }
            (Value::Text(value), wanted) if is_text(wanted) => value.to_sql(wanted, out),
            (Value::Bytes(value), &Type::BYTEA) => value.to_sql(wanted, out),
            _ => Err(mismatch()),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    postgres::types::to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(found: &Type, raw: &'a [u8]) -> Result<Self, Boxed> {
        Ok(match *found {
            Type::INT8 => Value::Int(i64::from_sql(found, raw)?),
            Type::INT4 => Value::Int(i64::from(i32::from_sql(found, raw)?)),
            Type::INT2 => Value::Int(i64::from(i16::from_sql(found, raw)?)),
            Type::BOOL => Value::Int(i64::from(bool::from_sql(found, raw)?)),
            Type::BYTEA => Value::Bytes(Vec::from_sql(found, raw)?),
            _ => Value::Text(String::from_sql(found, raw)?),
        })
    }

    fn from_sql_null(_: &Type) -> Result<Self, Boxed> {
        Ok(Value::Null)
    }

    fn accepts(found: &Type) -> bool {
        is_readable(found)
    }
}

/// Returns whether an answer may have a column of this type.
pub(crate) fn is_readable(found: &Type) -> bool {
    is_text(found)
        || [Type::INT8, Type::INT4, Type::INT2, Type::BOOL, Type::BYTEA, Type::VOID].contains(found)
}

fn is_text(found: &Type) -> bool {
    [Type::TEXT, Type::VARCHAR, Type::BPCHAR, Type::NAME, Type::UNKNOWN].contains(found)
}
