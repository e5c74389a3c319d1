//! What time it is. Tests hold a clock of their own, so that seven days pass
//! without anybody waiting for them.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// The machine's clock, or one that is set by hand.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    Machine,
    /// Milliseconds since 1970 in UTC.
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `now` until it is moved.
    pub fn set_to(now: Timestamp) -> Clock {
        Clock::Set(Arc::new(AtomicI64::new(now.as_millisecond())))
    }

    pub fn now(&self) -> Timestamp {
        match self {
            Clock::Machine => Timestamp::now(),
            Clock::Set(milliseconds) => {
                Timestamp::from_millisecond(milliseconds.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
            }
        }
    }

    /// Moves a clock that is set by hand; the machine's own goes on by itself.
    pub fn advance(&self, by: SignedDuration) {
        if let Clock::Set(milliseconds) = self {
            milliseconds.fetch_add(by.as_millis() as i64, Ordering::SeqCst);
        }
    }
}
