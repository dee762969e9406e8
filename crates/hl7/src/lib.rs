//! HL7 v2 bytes to segments and back: framing, batches, acknowledgements.
