//! The mappings between the wire formats and a referral.
