//! The demo and test world: synthetic people, payers and providers who act.
