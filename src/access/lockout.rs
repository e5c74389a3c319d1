//! Addresses that send one wrong key after the other are locked for a while.
//! Keys cannot be guessed anyhow; this keeps the guessing cheap for us and
//! visible in the log. An IPv6 sender owns a whole /64, so that counts as one.
//!
//! A right key resets nothing: with one of their own, a guesser could start
//! anew after every nine.
//!
//! The same is kept for names of accounts, which are shut for a while whoever guesses.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, PoisonError};

use jiff::Timestamp;

use super::primitives::sha256;

/// How many failures lock an address, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LockoutRules {
    /// This many failures within the window lock. At least one.
    pub failures: usize,
    pub window_seconds: u32,
    /// Counted from the failure that locked; attempts while locked do not lengthen it.
    pub lock_seconds: u32,
    /// At most this many addresses are remembered; beyond, the one that failed longest ago is forgotten.
    pub addresses: usize,
}

impl Default for LockoutRules {
    fn default() -> LockoutRules {
        LockoutRules { failures: 10, window_seconds: 60, lock_seconds: 60, addresses: 10_000 }
    }
}

/// The address is locked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("too many wrong keys from this address; try again in {retry_after_seconds} s")]
pub struct Locked {
    /// At least 1, at most the rules' `lock_seconds`.
    pub retry_after_seconds: u32,
}

/// Who counts as one sender.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Sender {
    V4(Ipv4Addr),
    /// The first 64 bits.
    V6(u64),
    /// Of an account's name: whether there is such an account is not known here.
    Account([u8; 32]),
}

impl Sender {
    fn of(peer: IpAddr) -> Sender {
        match peer.to_canonical() {
            IpAddr::V4(address) => Sender::V4(address),
            IpAddr::V6(address) => Sender::V6((address.to_bits() >> 64) as u64),
        }
    }
}

#[derive(Debug, Default)]
struct Record {
    /// The place in the order of last failures.
    turn: u64,
    /// Milliseconds, oldest first; never more than the failures that lock.
    failures_ms: VecDeque<i64>,
    locked_ms: Option<i64>,
}

#[derive(Debug, Default)]
struct Memory {
    records: HashMap<Sender, Record>,
    /// By last failure, oldest first.
    order: BTreeMap<u64, Sender>,
    turn: u64,
}

/// Remembers failures by address. One for the whole process; all its work is short.
#[derive(Debug, Default)]
pub struct Lockout {
    rules: LockoutRules,
    memory: Mutex<Memory>,
}

impl Lockout {
    pub fn new(rules: LockoutRules) -> Lockout {
        Lockout { rules, memory: Mutex::default() }
    }

    /// Whether the address is locked now. To be asked before a key is looked up.
    pub fn check(&self, peer: IpAddr, now: Timestamp) -> Result<(), Locked> {
        self.check_sender(&Sender::of(peer), now)
    }

    /// The same for an account, by its name.
    pub fn check_account(&self, name: &str, now: Timestamp) -> Result<(), Locked> {
        self.check_sender(&Sender::Account(sha256(&[name.as_bytes()])), now)
    }

    fn check_sender(&self, sender: &Sender, now: Timestamp) -> Result<(), Locked> {
        let memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        memory.records.get(sender).map_or(Ok(()), |record| self.rules.judge(record, now.as_millisecond()))
    }

    /// Counts a wrong key. An error says that the address was locked already; the failure that locks is
    /// itself still answered as a wrong key.
    pub fn fail(&self, peer: IpAddr, now: Timestamp) -> Result<(), Locked> {
        self.fail_sender(Sender::of(peer), now).map(drop)
    }

    /// Counts a wrong password or code of an account; whether this one locked it.
    pub fn fail_account(&self, name: &str, now: Timestamp) -> Result<bool, Locked> {
        self.fail_sender(Sender::Account(sha256(&[name.as_bytes()])), now)
    }

    /// Whether this failure locked.
    fn fail_sender(&self, sender: Sender, now: Timestamp) -> Result<bool, Locked> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = now.as_millisecond();
        if let Some(record) = memory.records.get(&sender) {
            self.rules.judge(record, now_ms)?;
        }
        let record = memory.touch(sender);
        let window_ms = i64::from(self.rules.window_seconds) * 1000;
        record.failures_ms.retain(|at| (0..window_ms).contains(&(now_ms - at)));
        record.failures_ms.push_back(now_ms);
        record.locked_ms = None;
        let locks = record.failures_ms.len() >= self.rules.failures;
        if locks {
            record.failures_ms.clear();
            record.locked_ms = Some(now_ms);
        }
        memory.forget(self.rules.addresses);
        Ok(locks)
    }

    /// How many addresses are remembered.
    pub fn addresses(&self) -> usize {
        self.memory.lock().unwrap_or_else(PoisonError::into_inner).records.len()
    }
}

impl LockoutRules {
    fn judge(&self, record: &Record, now_ms: i64) -> Result<(), Locked> {
        let lock_ms = i64::from(self.lock_seconds) * 1000;
        // A clock that was set back unlocks, rather than locking for as long as it was wrong.
        match record.locked_ms.map(|at| now_ms - at) {
            Some(passed) if (0..lock_ms).contains(&passed) => {
                let seconds = (lock_ms - passed + 999) / 1000;
                Err(Locked { retry_after_seconds: u32::try_from(seconds).unwrap_or(self.lock_seconds) })
            }
            _ => Ok(()),
        }
    }
}

impl Memory {
    /// The record of a sender, moved to the end of the order.
    fn touch(&mut self, sender: Sender) -> &mut Record {
        self.turn += 1;
        let record = self.records.entry(sender).or_default();
        self.order.remove(&record.turn);
        record.turn = self.turn;
        self.order.insert(self.turn, sender);
        record
    }

    fn forget(&mut self, most: usize) {
        while self.records.len() > most.max(1) {
            let Some((_, oldest)) = self.order.pop_first() else { return };
            self.records.remove(&oldest);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::new(1_772_000_000 + seconds, 0).expect("a time")
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    /// Failures at these seconds, then whether the address is locked at that second, and for how many more.
    fn check(failures: &[i64], asked: i64, expected: Option<u32>) {
        let lockout = Lockout::default();
        for second in failures {
            _ = lockout.fail(ip("192.0.2.1"), at(*second));
        }
        let found = lockout.check(ip("192.0.2.1"), at(asked)).err().map(|locked| locked.retry_after_seconds);
        assert_eq!(found, expected, "{failures:?} asked at {asked}");
    }

    #[test]
    fn ten_failures_within_a_minute_lock() {
        check(&[0; 9], 0, None);
        check(&[0; 10], 0, Some(60));
        check(&[0; 10], 1, Some(59));
        check(&[0; 10], 59, Some(1));
        check(&[0; 10], 60, None);
        check(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 59], 59, Some(60));
        // The first is a minute old when the tenth comes.
        check(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 60], 60, None);
        check(&[0, 1, 2, 3, 4, 5, 6, 7, 8, 60, 60], 60, Some(60));
        // Attempts while locked neither count nor lengthen.
        check(&[[0; 10], [30; 10]].concat(), 60, None);
        // After the lock the count starts anew.
        check(&[[0; 10].to_vec(), vec![60; 9]].concat(), 60, None);
        check(&[[0; 10].to_vec(), vec![60; 10]].concat(), 60, Some(60));
        // A clock set back does not lock for an hour.
        check(&[3600; 10], 0, None);
    }

    #[test]
    fn the_failure_that_locks_is_told_apart_from_those_after() {
        let lockout = Lockout::default();
        for number in 0..20 {
            let expected = if number < 10 { Ok(()) } else { Err(Locked { retry_after_seconds: 60 }) };
            assert_eq!(lockout.fail(ip("192.0.2.1"), at(0)), expected, "failure {number}");
        }
    }

    #[test]
    fn accounts_are_shut_whoever_guesses() {
        let lockout = Lockout::new(LockoutRules { failures: 3, ..LockoutRules::default() });
        let locks: Vec<_> = (0..4).map(|second| lockout.fail_account("dana", at(second))).collect();
        assert_eq!(locks, [Ok(false), Ok(false), Ok(true), Err(Locked { retry_after_seconds: 59 })]);
        assert!(lockout.check_account("dana", at(61)).is_err() && lockout.check_account("dana", at(62)).is_ok());
        assert!(lockout.check_account("eve", at(3)).is_ok());
    }

    #[test]
    fn senders_are_told_apart() {
        let same = [
            ("192.0.2.1", "::ffff:192.0.2.1"),
            ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
            ("2001:db8::1", "2001:db8::2"),
        ];
        let other = [("192.0.2.1", "192.0.2.2"), ("2001:db8:1:2::1", "2001:db8:1:3::1"), ("::1", "127.0.0.1")];
        for (pairs, expected) in [(same, true), (other, false)] {
            for (failing, asking) in pairs {
                let lockout = Lockout::default();
                (0..10).for_each(|_| _ = lockout.fail(ip(failing), at(0)));
                assert_eq!(lockout.check(ip(asking), at(1)).is_err(), expected, "{failing} {asking}");
            }
        }
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes() {
        let lockout = Lockout::new(LockoutRules { addresses: 100, ..LockoutRules::default() });
        let (silent, busy) = (ip("198.51.100.7"), ip("203.0.113.9"));
        (0..10).for_each(|_| _ = lockout.fail(silent, at(0)));
        for number in 0..10_000u32 {
            _ = lockout.fail(IpAddr::V4(Ipv4Addr::from_bits(number)), at(1));
            if number > 9_500 && number % 50 == 0 {
                _ = lockout.fail(busy, at(1));
            }
        }
        // Nine failures so far, each with 50 others between: a sender who goes on is not forgotten.
        assert!(lockout.check(busy, at(1)).is_ok());
        _ = lockout.fail(busy, at(1));
        assert!(lockout.check(busy, at(1)).is_err());
        assert!(lockout.check(silent, at(1)).is_ok());
        assert_eq!(lockout.addresses(), 100);
        assert_eq!(lockout.memory.lock().expect("a lock").order.len(), 100);
    }
}
