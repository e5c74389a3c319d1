//! Puts what came in where it is found: messages once they were read, a brief
//! whenever it changes. The rows that are stored are what counts: a handoff
//! that changed is marked in that change, and whoever looks at it cuts its
//! passages and writes only what differs, so that it can be done again at any
//! time, by a service or beside it, and nothing is there twice.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use sha2::Digest;

use super::App;
use super::accepting::read_masked;
use super::views::to_inputs;
use crate::config::Settings;
use crate::conversation::Conversation;
use crate::handoff::HandoffId;
use crate::passages::{
    Likeness, LikenessKind, Passage, PassageKind, label_of, of_brief, of_conversation, of_customers, of_messages,
};
use crate::route;
use crate::store::{self, Fault, Handoff, PassageMark, Store, StoredPassage, Workspace};

/// Handoffs looked at in one go.
const MOST_AT_ONCE: i64 = 32;
/// Passages written in one change, so that nobody waits long behind them.
const MOST_IN_ONE: usize = 160;
/// What went wrong is tried again after this time.
const AGAIN_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// Bytes of text that are kept between their reading and the librarian.
const MOST_AHEAD: usize = 4 << 20;

/// What is needed to cut the passages of a data folder.
#[derive(Debug, Clone)]
pub struct Shelver {
    store: Store,
    settings: Arc<Settings>,
    ahead: Arc<ReadAhead>,
}

/// Conversations as a reading left them, until the librarian comes by; what there is no room for is read again.
#[derive(Debug, Default)]
pub(super) struct ReadAhead(Mutex<Ahead>);

#[derive(Debug, Default)]
struct Ahead {
    bytes: usize,
    all: HashMap<(Workspace, HandoffId), OneAhead>,
}

#[derive(Debug)]
struct OneAhead {
    batches: u32,
    bytes: usize,
    conversation: Conversation,
}

impl ReadAhead {
    /// `conversation` is what so many batches say, unchanged.
    pub(super) fn keep(&self, owner: (&Workspace, &HandoffId), batches: u32, conversation: Conversation) {
        let bytes = conversation.messages.iter().map(|message| message.text.len()).sum();
        let mut ahead = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if ahead.bytes + bytes > MOST_AHEAD {
            return;
        }
        ahead.bytes += bytes;
        let one = OneAhead { batches, bytes, conversation };
        let before = ahead.all.insert((owner.0.clone(), owner.1.clone()), one);
        ahead.bytes -= before.map_or(0, |before| before.bytes);
    }

    pub(super) fn forget(&self, owner: (&Workspace, &HandoffId)) {
        self.take(owner, 0);
    }

    /// Takes what is kept of a handoff out; `None` when it is of other batches.
    fn take(&self, owner: (&Workspace, &HandoffId), batches: u32) -> Option<Conversation> {
        let mut ahead = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let one = ahead.all.remove(&(owner.0.clone(), owner.1.clone()))?;
        ahead.bytes -= one.bytes;
        (one.batches == batches).then_some(one.conversation)
    }
}

/// What differs between the passages that are there and those that should be.
#[derive(Debug, Default)]
struct Difference {
    gone: Vec<i64>,
    new: Vec<Passage>,
    /// By what it is told to be like others; each kind as a whole.
    likenesses: Vec<(LikenessKind, Vec<Likeness>)>,
}

impl App {
    pub(super) fn shelver(&self) -> Shelver {
        Shelver { store: self.store.clone(), settings: Arc::new(self.settings.clone()), ahead: self.read_ahead.clone() }
    }

    /// Cuts what is marked; how many handoffs were looked at.
    pub async fn shelve_marked(&self) -> Result<usize, Fault> {
        let shelver = self.shelver();
        let mut looked = 0;
        for workspace in store::list_workspaces(&mut *self.store.background_reader().await?).await? {
            looked += shelver.shelve_some(&workspace, self.now()).await?;
        }
        if looked > 0 {
            self.shelved.notify_waiters();
            self.carry.notify_one();
        }
        Ok(looked)
    }

    /// Waits until there may be something to cut.
    pub async fn shelving_arrives(&self, at_most: std::time::Duration) {
        let _ = tokio::time::timeout(at_most, self.shelve.notified()).await;
    }
}

impl Shelver {
    pub fn new(store: Store, settings: Settings) -> Shelver {
        Shelver { store, settings: Arc::new(settings), ahead: Arc::default() }
    }

    /// Cuts some of what is marked in a workspace; how many handoffs were looked at.
    pub async fn shelve_some(&self, workspace: &Workspace, now: Timestamp) -> Result<usize, Fault> {
        let mut reader = self.store.background_reader().await?;
        let marks = store::list_passage_marks(&mut reader, workspace, (now, MOST_AT_ONCE)).await?;
        drop(reader);
        for mark in &marks {
            if let Err(fault) = self.shelve(mark).await {
                // One that cannot be cut keeps no other from being found.
                tracing::warn!(%fault, handoff = %mark.handoff, "what it holds cannot be found by words yet");
                let (mark, until) = (mark.clone(), now + AGAIN_AFTER);
                let write = self.store.writer();
                write.write(move |tx| Box::pin(async move { store::put_off_mark(tx, &mark, until).await })).await?;
            }
        }
        Ok(marks.len())
    }

    /// Has a workspace cut anew from what is stored; how many handoffs.
    pub async fn mark_all(&self, workspace: &Workspace) -> Result<u64, Fault> {
        let workspace = workspace.clone();
        self.store.writer().write(move |tx| Box::pin(async move { store::mark_all(tx, &workspace).await })).await
    }

    async fn shelve(&self, mark: &PassageMark) -> Result<(), Fault> {
        let owner = (&mark.workspace, &mark.handoff);
        let mut reader = self.store.background_reader().await?;
        let row = store::glance(&mut reader, owner.0, owner.1).await?.filter(|row| row.erased_at.is_none());
        let ahead = self.ahead.take(owner, row.as_ref().map_or(0, |row| row.read_batches));
        let Some(row) = row else {
            drop(reader);
            return self.write(mark, Difference::default(), (0, 0)).await.map(drop);
        };
        let label = label_of(&row.matter, row.external_id.as_deref());
        let number = number_of(&label);
        // Messages never change: they are cut when a batch was read, and when what stands over them has another name.
        let is_whole = mark.batches != row.read_batches || mark.label != number;
        let there = store::list_passages(&mut reader, owner, (!is_whole).then_some(PassageKind::Brief)).await?;
        drop(reader);
        let mut likenesses = vec![(LikenessKind::Customer, of_customers(&row.matter, row.brief.as_ref()))];
        let mut wanted = Vec::new();
        if is_whole {
            let (said, messages) = self.of_sources(mark, (&row, ahead), &label).await?;
            wanted.extend(said);
            likenesses.push((LikenessKind::Message, messages));
        }
        wanted.extend(self.of_brief(mark, &row, &label).await?);
        let difference = Difference { likenesses, ..Difference::between(there, wanted) };
        fail::fail_point!("passages.before_write");
        self.write(mark, difference, (row.read_batches, number)).await.map(drop)
    }

    /// What was said, as far as it was read. What could not be read is not tried here either: it may end the process.
    async fn of_sources(
        &self,
        mark: &PassageMark,
        (row, ahead): (&Handoff, Option<Conversation>),
        label: &str,
    ) -> Result<(Vec<Passage>, Vec<Likeness>), Fault> {
        if row.context_gone_at.is_some() || row.read_batches == 0 {
            return Ok((Vec::new(), Vec::new()));
        }
        let stored = match ahead {
            Some(_) => Vec::new(),
            None => {
                let mut reader = self.store.background_reader().await?;
                store::find_batches(&mut reader, (&mark.workspace, &mark.handoff), row.read_batches).await?
            }
        };
        let (settings, label) = (self.settings.clone(), label.to_owned());
        let cut = move || {
            let conversation = ahead.unwrap_or_else(|| read_masked(&settings, to_inputs(stored)).0);
            (of_conversation(&conversation, &label), of_messages(&conversation))
        };
        tokio::task::spawn_blocking(cut).await.map_err(|error| Fault::Unavailable(error.to_string()))
    }

    async fn of_brief(&self, mark: &PassageMark, row: &Handoff, label: &str) -> Result<Vec<Passage>, Fault> {
        let mut reader = self.store.background_reader().await?;
        let found = store::find_route(&mut reader, &mark.workspace, (&row.route.id, Some(row.route.version))).await?;
        drop(reader);
        let (_, text) = found.ok_or_else(|| Fault::Damaged(format!("the route {}", row.route.id)))?;
        let route =
            route::load(&row.route.id, &text).map_err(|_| Fault::Damaged(format!("the route {}", row.route.id)))?;
        Ok(of_brief((&row.matter, label), row.brief.as_ref(), &route))
    }

    /// Writes what differs, some at a time; `false` when something else happened to the handoff meanwhile, which is
    /// marked then.
    async fn write(
        &self,
        mark: &PassageMark,
        difference: Difference,
        (batches, label): (u32, i64),
    ) -> Result<bool, Fault> {
        let Difference { mut gone, mut new, mut likenesses } = difference;
        loop {
            let gone_now: Vec<i64> = gone.drain(..gone.len().min(MOST_IN_ONE)).collect();
            // What takes the place of another comes after that went.
            let room = if gone.is_empty() { MOST_IN_ONE - gone_now.len() } else { 0 };
            let new_now: Vec<Passage> = new.drain(..new.len().min(room)).collect();
            let is_last = gone.is_empty() && new.is_empty();
            let likenesses = if is_last { std::mem::take(&mut likenesses) } else { Vec::new() };
            let mark = mark.clone();
            let written = self.store.writer().write(move |tx| {
                Box::pin(async move {
                    if !store::is_marked(tx, &mark).await? {
                        return Ok::<_, Fault>(false);
                    }
                    store::remove_passages(tx, &mark.workspace, &gone_now).await?;
                    store::add_passages(tx, (&mark.workspace, &mark.handoff), &new_now).await?;
                    for (kind, all) in &likenesses {
                        store::keep_likenesses(tx, (&mark.workspace, &mark.handoff), (*kind, all)).await?;
                    }
                    if is_last {
                        store::unmark(tx, &mark, (batches, label)).await?;
                    }
                    Ok(true)
                })
            });
            if !written.await? {
                return Ok(false);
            }
            if is_last {
                return Ok(true);
            }
        }
    }
}

impl Difference {
    fn between(there: Vec<StoredPassage>, wanted: Vec<Passage>) -> Difference {
        let mut there: HashMap<(String, u32), StoredPassage> =
            there.into_iter().map(|one| ((one.passage.spot.clone(), one.passage.part), one)).collect();
        let mut difference = Difference::default();
        for passage in wanted {
            match there.remove(&(passage.spot.clone(), passage.part)) {
                Some(same) if is_same(&same.passage, &passage) => {}
                Some(other) => {
                    difference.gone.push(other.place);
                    difference.new.push(passage);
                }
                None => difference.new.push(passage),
            }
        }
        difference.gone.extend(there.into_values().map(|one| one.place));
        difference
    }
}

/// Where nobody knows when something was said, the time at which it came in is kept.
fn is_same(there: &Passage, wanted: &Passage) -> bool {
    let at = wanted.at.and_then(|at| Timestamp::from_millisecond(at.as_millisecond()).ok()).or(there.at);
    *there == Passage { at, ..wanted.clone() }
}

fn number_of(label: &str) -> i64 {
    let digest = sha2::Sha256::digest(label.as_bytes());
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&digest[..8]);
    i64::from_be_bytes(bytes)
}
