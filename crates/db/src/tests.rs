//! The crate's tests, by subject. What both engines must do alike is written once with `store_test!`.

mod round_trip;
