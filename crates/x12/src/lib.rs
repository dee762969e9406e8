//! X12 bytes to structs and back: tokenizer, envelope, 278 request, 999 and TA1.
