//! The whole core: given events, when commands come, then events.
