//! The one door for writing: act, permissions, sign-in, intake.
