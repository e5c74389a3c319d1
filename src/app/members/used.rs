//! Questions to the identity provider that were answered: each is good once.
//! They are remembered until they are too old to be answered anyhow.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

use super::vouched::WAITS_SECONDS;

/// So many at most; beyond, the oldest is forgotten, and the provider alone refuses its code.
const MOST: usize = 10_000;

/// What is remembered of them.
#[derive(Debug, Default)]
pub(in crate::app) struct Used(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    /// Oldest first, with the second of each.
    order: VecDeque<(i64, String)>,
    all: HashSet<String>,
}

impl Used {
    /// Notes an answer by its state; whether it was the first.
    pub(super) fn note(&self, state: &str, second: i64) -> bool {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while memory.order.front().is_some_and(|(at, _)| *at + WAITS_SECONDS < second) || memory.order.len() >= MOST {
            let Some((_, old)) = memory.order.pop_front() else { break };
            memory.all.remove(&old);
        }
        let is_first = memory.all.insert(state.to_owned());
        if is_first {
            memory.order.push_back((second, state.to_owned()));
        }
        is_first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_answer_counts_once_and_memory_is_bounded() {
        let used = Used::default();
        assert!(used.note("a", 0) && !used.note("a", WAITS_SECONDS) && used.note("b", 0));
        for number in 0..2 * MOST {
            assert!(used.note(&format!("n{number}"), 1));
        }
        let memory = used.0.lock().expect("a lock");
        assert!(memory.order.len() <= MOST && memory.all.len() == memory.order.len());
    }
}
