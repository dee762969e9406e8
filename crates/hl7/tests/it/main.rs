//! Tests of the crate from outside: what a listener and a mapping see.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod framing;
#[cfg(test)]
mod orders;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod types;
