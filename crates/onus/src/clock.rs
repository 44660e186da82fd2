//! The one place that reads a clock.

#![expect(clippy::disallowed_methods, reason = "this module is the clock that the others are given times from")]

use std::time::{Duration, Instant, SystemTime};

use jiff::{Timestamp, Unit};

/// Returns the present moment in whole seconds, as entries of the ledger bear it.
#[must_use]
pub fn now() -> Timestamp {
    let now = Timestamp::try_from(SystemTime::now()).unwrap_or(Timestamp::UNIX_EPOCH);
    now.round(Unit::Second).unwrap_or(now)
}

/// Returns the moment that lies so far ahead, on a clock that never steps back.
pub(crate) fn deadline(after: Duration) -> Instant {
    Instant::now() + after
}

/// Returns how long it is until a moment; nothing when it has passed.
pub(crate) fn until(moment: Instant) -> Duration {
    moment.saturating_duration_since(Instant::now())
}

/// A stopwatch for what a command says of its own speed.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts one.
    #[must_use]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }
}
