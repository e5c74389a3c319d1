//! Whose work is taken next. A workspace that had little read lately goes
//! before one that had much, so that a few handoffs never stand behind
//! somebody's thousands; whoever was passed over rises with time, so that
//! nobody starves.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use jiff::{SignedDuration, Timestamp};

use super::App;
use crate::store::{self, Claim, Fault, Job, Workspace};

/// After this time what was taken counts half.
const HALF_LIFE: SignedDuration = SignedDuration::from_secs(10);
/// Readings at the same time for each processor: while some wait for the disk, others work.
const READINGS_OF_CORE: usize = 4;
/// And for each call that a model takes at the same time, so that it never waits for a reading to begin.
const READINGS_OF_CALL: usize = 2;

/// How much of each workspace's work was taken lately.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Jobs, of which older ones count less, and as of when.
    taken: HashMap<Workspace, (f64, Timestamp)>,
}

impl Turns {
    /// How much of a workspace's work was taken lately.
    fn lately(&self, workspace: &Workspace, now: Timestamp) -> f64 {
        let Some((taken, at)) = self.taken.get(workspace) else { return 0.0 };
        let halvings = now.duration_since(*at).as_secs_f64().max(0.0) / HALF_LIFE.as_secs_f64();
        taken * (-halvings).exp2()
    }

    fn took(&mut self, workspace: &Workspace, jobs: usize, now: Timestamp) {
        let taken = self.lately(workspace, now) + jobs as f64;
        self.taken.insert(workspace.clone(), (taken, now));
    }
}

/// Shares out room over workspaces: always to the one that had least, until it is level with the next.
#[derive(Debug)]
struct Sharing {
    /// Those that may have work, with what they had lately.
    open: Vec<(f64, Workspace)>,
    room: usize,
}

impl Sharing {
    /// Whose turn it is, and for how many; `None` when nobody has work or nothing is left to share.
    fn next(&self) -> Option<(usize, usize)> {
        let (place, (least, _)) = self.open.iter().enumerate().min_by(|(_, a), (_, b)| a.0.total_cmp(&b.0))?;
        let others = self.open.iter().enumerate().filter(|(other, _)| *other != place);
        let level = others.map(|(_, (taken, _))| taken - least).fold(f64::INFINITY, f64::min);
        // Those that are level get equal parts.
        let part = (self.room / self.open.len()).max(1);
        let count = if level.is_finite() { (level as usize).max(part) } else { self.room };
        (self.room > 0).then(|| (place, count.min(self.room)))
    }

    /// The one at a place was offered room for so many and had work for so many.
    fn took(&mut self, place: usize, offered: usize, jobs: usize) {
        self.room = self.room.saturating_sub(jobs);
        if jobs < offered {
            self.open.swap_remove(place);
        } else if let Some((taken, _)) = self.open.get_mut(place) {
            *taken += jobs as f64;
        }
    }
}

impl App {
    /// Readings at the same time: as many as keep the machine or the model busy. More of them would not be done sooner,
    /// and would stand in the way of a handoff that has just come in.
    pub fn most_readings(&self) -> usize {
        let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let busy = match &self.reader {
            Some(_) => self.settings.model.concurrency.saturating_mul(READINGS_OF_CALL),
            None => 0,
        };
        self.settings.service.readers.min(busy.max(cores * READINGS_OF_CORE))
    }

    /// Claims due work of all workspaces, first of those that had least read lately.
    pub async fn claim(self: &Arc<Self>, most: usize, with_suspect: bool) -> Result<Vec<Job>, Fault> {
        let now = self.now();
        let lease_until = now + self.lease();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        // A name of its own for each claim: a job counts its claims from one again after an orderly end, so that a
        // holder who lost it long ago could pass for the one of now.
        let worker = format!("{}:{turn}", self.worker_name());
        let app = self.clone();
        let claimed = self
            .store
            .writer()
            .write(move |tx| {
                Box::pin(async move {
                    let mut sharing = app.share(store::list_workspaces(tx.reading().await?).await?, turn, most);
                    let mut jobs: Vec<Job> = Vec::new();
                    while let Some((place, offered)) = sharing.next() {
                        let workspace = sharing.open[place].1.clone();
                        let with_suspect = with_suspect && jobs.iter().all(|job| job.attempts < 2);
                        let claim = Claim { worker: &worker, most: offered as i64, with_suspect, now, lease_until };
                        let claimed = store::claim(tx, &workspace, &claim).await?;
                        sharing.took(place, offered, claimed.len());
                        jobs.extend(claimed);
                    }
                    Ok::<_, Fault>(jobs)
                })
            })
            .await?;
        let mut turns = self.turns.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        claimed.iter().for_each(|job| turns.took(&job.workspace, 1, now));
        Ok(claimed)
    }

    /// What each had lately; those that had the same take turns at being first.
    fn share(&self, mut workspaces: Vec<Workspace>, turn: usize, room: usize) -> Sharing {
        let (turns, now) = (self.turns.lock().unwrap_or_else(std::sync::PoisonError::into_inner), self.now());
        let first = turn % workspaces.len().max(1);
        workspaces.rotate_left(first);
        let open = workspaces.into_iter().map(|workspace| (turns.lately(&workspace, now), workspace)).collect();
        Sharing { open, room }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Workspace {
        Workspace::of_test(name)
    }

    /// How many jobs each gets, of those it has.
    fn check(had: &[(f64, usize)], room: usize, expected: &[usize]) {
        let open = had.iter().enumerate().map(|(number, (taken, _))| (*taken, named(&number.to_string()))).collect();
        let mut sharing = Sharing { open, room };
        let mut got = vec![0; had.len()];
        while let Some((place, offered)) = sharing.next() {
            let number: usize = sharing.open[place].1.as_str().parse().expect("a number");
            let jobs = offered.min(had[number].1 - got[number]);
            got[number] += jobs;
            sharing.took(place, offered, jobs);
        }
        assert_eq!(got, expected, "{had:?} in {room}");
    }

    #[test]
    fn whoever_had_least_goes_first() {
        check(&[], 8, &[]);
        check(&[(0.0, 100)], 8, &[8]);
        check(&[(0.0, 100), (0.0, 100)], 8, &[4, 4]);
        check(&[(50.0, 100), (0.0, 20)], 8, &[0, 8]);
        check(&[(50.0, 100), (0.0, 5)], 8, &[3, 5]);
        check(&[(50.0, 100), (0.0, 0), (60.0, 100)], 30, &[20, 0, 10]);
        check(&[(5.0, 100), (0.0, 100)], 25, &[10, 15]);
        check(&[(0.0, 0), (0.0, 0), (0.0, 1)], 8, &[0, 0, 1]);
        check(&[(0.0, 9), (0.0, 9), (0.0, 9)], 1, &[1, 0, 0]);
        check(&[(0.0, 100), (0.0, 100)], 0, &[0, 0]);
    }

    #[test]
    fn what_was_taken_is_forgotten_with_time() {
        let mut turns = Turns::default();
        let at = |seconds| Timestamp::UNIX_EPOCH + SignedDuration::from_secs(seconds);
        turns.took(&named("a"), 8, at(0));
        assert_eq!(turns.lately(&named("a"), at(0)), 8.0);
        assert_eq!(turns.lately(&named("a"), at(10)), 4.0);
        turns.took(&named("a"), 1, at(20));
        assert_eq!((turns.lately(&named("a"), at(20)), turns.lately(&named("b"), at(20))), (3.0, 0.0));
        // A clock that was set back makes nothing grow.
        assert_eq!(turns.lately(&named("a"), at(-100)), 3.0);
    }
}
