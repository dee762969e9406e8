//! What every checked code has in common: it shows as its own text and is read back through its own check.

/// Gives a code type `Display`, `FromStr` and the two conversions that serde uses, each through
/// `parse` or the function named instead.
macro_rules! text_code {
    ($name:ident) => {
        $crate::text_code::text_code!($name, parse);
    };
    ($name:ident, $parse:ident) => {
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::CodeProblem;

            fn from_str(text: &str) -> Result<Self, $crate::CodeProblem> {
                Self::$parse(text)
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::CodeProblem;

            fn try_from(text: String) -> Result<Self, $crate::CodeProblem> {
                Self::$parse(&text)
            }
        }

        impl From<$name> for String {
            fn from(code: $name) -> Self {
                code.as_str().to_owned()
            }
        }
    };
}

pub(crate) use text_code;
