//! Escalation and dispute rules: given events, when a command comes, then events or a refusal.
