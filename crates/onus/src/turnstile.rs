//! Lets seats take files in order, and none of them run too far ahead.

use std::sync::{Condvar, Mutex, PoisonError};

/// Gives files to seats, in order, never too far ahead of what was done with those before.
pub(crate) struct Turnstile {
    state: Mutex<Turn>,
    moved: Condvar,
    files: usize,
    ahead: usize,
}

struct Turn {
    next: usize,
    committed: usize,
    stopped: bool,
    held: usize,
}

/// Bytes of what seats have ready before its turn, above which they wait.
const HELD_MAX: usize = 64 << 20;

impl Turn {
    /// Whether seats have to wait: for the file whose turn it is, which one of them has.
    fn is_ahead(&self, files: usize) -> bool {
        let waiting = self.next - self.committed;
        waiting >= files || (waiting > 0 && self.held >= HELD_MAX)
    }
}

impl Turnstile {
    /// Takes files, and how far seats may run ahead.
    pub(crate) fn new(files: usize, ahead: usize) -> Self {
        let turn = Turn { next: 0, committed: 0, stopped: false, held: 0 };
        Self { state: Mutex::new(turn), moved: Condvar::new(), files, ahead }
    }

    /// Returns the next file, when it may be begun; nothing when there is none.
    pub(crate) fn take(&self) -> Option<usize> {
        let mut turn = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        while !turn.stopped && turn.next < self.files && turn.is_ahead(self.ahead) {
            turn = self.moved.wait(turn).unwrap_or_else(PoisonError::into_inner);
        }
        (!turn.stopped && turn.next < self.files).then(|| {
            turn.next += 1;
            turn.next - 1
        })
    }

    /// Says that so many files are done with.
    pub(crate) fn done(&self, files: usize) {
        self.change(|turn| turn.committed = files);
    }

    /// Says that a seat has so many bytes ready, which are held until their turn.
    pub(crate) fn hold(&self, bytes: usize) {
        self.change(|turn| turn.held += bytes);
    }

    /// Says that so many bytes are held no longer.
    pub(crate) fn release(&self, bytes: usize) {
        self.change(|turn| turn.held = turn.held.saturating_sub(bytes));
    }

    /// Lets seats stop at their next file.
    pub(crate) fn stop(&self) {
        self.change(|turn| turn.stopped = true);
    }

    fn change(&self, change: impl FnOnce(&mut Turn)) {
        change(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        self.moved.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::{HELD_MAX, Turn};

    #[test]
    fn seats_wait_when_they_are_far_ahead_or_hold_much_but_never_all_of_them() {
        let turn = |next, held| Turn { next, committed: 5, stopped: false, held };
        assert!(!turn(8, HELD_MAX - 1).is_ahead(4));
        assert!(turn(9, 0).is_ahead(4));
        assert!(turn(6, HELD_MAX).is_ahead(4));
        assert!(!turn(5, HELD_MAX).is_ahead(4), "nobody has the file whose turn it is");
    }
}
