//! The console: server-rendered pages for agents, nurses, supervisors and administrators.
