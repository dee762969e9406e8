//! Clock rules: given events, when time passes, then events.
