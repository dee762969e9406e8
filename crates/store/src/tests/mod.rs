//! Every function on both engines.
