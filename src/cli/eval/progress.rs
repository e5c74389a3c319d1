//! How a run is told while it goes: a bar with the time left on a terminal,
//! lines where there is none and they were asked for. Notes are always told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::cli::output::{say_lines, say_note};
use crate::eval::runner::Step;

pub(super) struct Progress {
    bar: ProgressBar,
    /// Lines instead of a bar.
    lines: bool,
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Progress {
    /// `forced` is for where standard error is no terminal.
    pub fn new(forced: bool) -> Self {
        let bar = ProgressBar::no_length();
        bar.set_style(
            ProgressStyle::with_template("{prefix} {pos}/{len} {wide_msg} {elapsed}, {eta} left")
                .unwrap_or(ProgressStyle::default_bar()),
        );
        let lines = forced && bar.is_hidden();
        Progress { bar, lines, done: AtomicUsize::new(0), total: AtomicUsize::new(0) }
    }

    pub fn tell(&self, step: &Step) {
        match step {
            Step::Begin(what, total) => {
                self.done.store(0, Ordering::Relaxed);
                self.total.store(*total, Ordering::Relaxed);
                self.bar.reset();
                self.bar.set_length(*total as u64);
                self.bar.set_prefix((*what).to_owned());
            }
            Step::Done(id, note) => {
                if let Some(note) = note {
                    self.bar.suspend(|| say_note(&format!("{id}: read by rules alone; {note}")));
                }
                let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
                self.bar.set_message((*id).to_owned());
                self.bar.inc(1);
                if self.lines {
                    let left = Duration::from_secs(self.bar.eta().as_secs());
                    say_lines(&format!("{done}/{} {id}, {left:?} left", self.total.load(Ordering::Relaxed)));
                }
            }
        }
    }

    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
