//! One SQL text, two engines: the only crate that names a driver.
