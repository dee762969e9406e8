//! How much of the hub one sender can hold, and for how long. Each is a setting of `doorstep serve`.

use std::time::Duration;

/// What connections may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Connections over HTTP at once. Beyond it, those that give the least reason to be kept make room.
    pub connections: usize,
    /// Connections over MLLP at once.
    pub mllp_connections: usize,
    /// How long the head of a request may take, from its first byte, or from the connection where there was none before.
    pub head: Duration,
    /// How long the body of a request may take before it has to come at 32 KB a second.
    pub body: Duration,
    /// How long a connection may stand between two requests: longer than a proxy in front keeps its own, which is a minute
    /// with most \[K\], so that no request is sent into a connection that is just being closed.
    pub idle: Duration,
    /// How long an MLLP connection may say nothing, and a frame may take.
    pub mllp_idle: Duration,
    /// How long an answer may wait without the other side taking 1 KB of it a second.
    pub stall: Duration,
}

/// What a body has to bring for each second beyond its time: a quarter of a megabit, which a poor mobile line does \[K\].
pub(crate) const SENT_A_SECOND: u64 = 32 * 1024;

/// What of an answer has to be taken, so that a sleeping laptop does not keep it for ever: less than any modem does \[K\].
pub(crate) const TAKEN_A_SECOND: u64 = 1024;

/// The numbers are those of trust.md section 4 (HTTP body; HL7v2/MLLP), where it has one.
impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 2000,
            mllp_connections: 100,
            head: Duration::from_secs(10),
            body: Duration::from_mins(1),
            idle: Duration::from_secs(75),
            mllp_idle: Duration::from_mins(1),
            stall: Duration::from_secs(20),
        }
    }
}
