//! What Baton does for a caller, whichever way the call came: handoffs are
//! accepted, read, answered, moved; every change is one durable write with its
//! entry in the log and its message to the outside. Knows no HTTP.

mod accepting;
mod acting;
mod actions;
mod alike;
mod asking;
mod breaker;
mod changing;
mod clock;
mod debts;
mod delivering;
mod drafting;
mod drafts;
mod duties;
mod endpoints;
mod erasing;
mod inbox;
mod insights;
mod journal;
mod keyring;
mod lately;
pub mod links;
mod mailed;
pub mod members;
mod mirroring;
mod money;
mod moving;
mod naming;
mod outside;
mod own_keys;
mod pacing;
mod passes;
mod patience;
mod persons;
mod posting;
mod provider;
mod proving;
mod reaching;
mod reading;
mod refusal;
mod reminding;
mod replies;
mod resending;
mod retaining;
mod retention;
mod reviewing;
mod routes;
mod saying;
mod searching;
mod shelving;
mod slips;
mod transferring;
mod trial;
mod turns;
mod unread;
mod unsent;
mod used_keys;
mod views;

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, RwLock, RwLockReadGuard};
use std::time::Duration;

use serde_json::Value as Json;
use tokio::sync::{Notify, Semaphore, broadcast};

use crate::access::SigningKeys;
use crate::access::links::LinkKeys;
use crate::access::lockout::{Lockout, LockoutRules};
use crate::access::sealing::Sealer;
use crate::config::Settings;
use crate::handoff::{EventKind, HandoffId};
use crate::llm::Reader;
use crate::outbound::{AllowList, Outbound};
use crate::retrieval::Index;
use crate::route::Route;
use crate::store::{self, Fault, Store, Workspace};

pub use accepting::{NewRequest, SourceGiven};
pub use actions::{Preview, TestSent};
pub use changing::{Answered, Asked, Once, Render};
pub use clock::Clock;
pub use drafting::{DrySum, sum_up};
pub use drafts::{Inputs, Typing};
pub use endpoints::{EndpointChange, EndpointRequest};
pub use erasing::Asker;
pub use inbox::{Inbox, InboxWanted, Whose};
pub use insights::{MOST_HANDOFFS, NoReport, Wanted, insights};
pub use keyring::{Caller, KeyRequest, NoKey, add_key, check_signing_secret, cut_key, keys};
pub use mirroring::describe_search;
pub use money::Spending;
pub use moving::GivenBack;
pub use naming::PersonWanted;
pub use outside::Outside;
pub use own_keys::{KeyShown, KeyState};
pub use passes::{Pass, PassState, Token};
pub use persons::{AnswerFound, EventFound, Found, MatterFound, MessageFound, PartFound, RecordFound, SourceFound};
pub use posting::describe_undeliverable;
pub use provider::{BACK, Provider, ProviderFault};
pub use proving::{CODE_LIVES, Door, Entry, Proof, Shut, Waiting};
pub use reaching::{Mailed, Reached, TestWay};
pub use reading::{Draft, Ended};
pub use refusal::{Problem, Refusal};
pub use reminding::Chosen;
pub use retaining::Aged;
pub use retention::{Going, RouteKept};
pub use reviewing::Review;
pub use routes::{DryRun, Moved, Published};
pub use searching::Search;
pub use shelving::Shelver;
pub use transferring::{BreakGlass, Forced};
pub use trial::{Finding, TRIAL_MAIL, Trouble, try_model, try_rules};
pub use unsent::{Unsent, count_unsent};
pub use views::{Audience, Shown};

/// The workspace of a server with one customer.
pub const FIRST_WORKSPACE: &str = "main";
/// What a workspace's test keys see is kept apart under this ending.
const TEST_ENDING: &str = ".test";
/// Notices that a slow listener may fall behind by before it has to look again.
const NOTICES: usize = 1024;

/// The running product.
#[derive(Debug)]
pub struct App {
    pub(crate) store: Store,
    pub settings: Settings,
    reader: Option<Reader>,
    clock: Clock,
    /// Renewed now and then: another process may have rotated them.
    signing: RwLock<SigningKeys>,
    /// For what must be had again in clear: secrets that senders share with us.
    sealer: Sealer,
    link_keys: LinkKeys,
    breaker: breaker::Breaker,
    /// One at a time may try the model out.
    trial: Semaphore,
    money: money::Figures,
    routes: Mutex<HashMap<(Workspace, String, u32), Arc<Route>>>,
    notices: broadcast::Sender<Notice>,
    work: Notify,
    /// Something is to be done that nobody waits for.
    chores: Notify,
    /// How long the file is left alone after it could not be written anew.
    patience: patience::Patience,
    /// When it was last looked for what is too old, in milliseconds; 0 before the first time.
    looked_at: AtomicI64,
    /// Who wrote or received what, of the handoffs looked at last.
    addressed: outside::Remembered,
    lately: lately::Lately,
    /// When it was last told what does not leave, in milliseconds; 0 before the first time.
    warned_at: AtomicI64,
    /// Jobs that wait or run.
    waiting: AtomicI64,
    is_stopping: AtomicBool,
    /// How often work was claimed, and whose.
    turn: AtomicUsize,
    turns: Mutex<turns::Turns>,
    /// This process's name in the leases.
    worker: String,
    lockout: Lockout,
    /// When each key was used last.
    used: used_keys::Used,
    /// For people who log in.
    gatehouse: members::Gatehouse,
    provider: Option<Provider>,
    /// Whoever came back from the provider.
    returned: members::Used,
    outbound: Outbound,
    pacing: pacing::Pacing,
    /// Something is to be told to the outside.
    post: Notify,
    /// What happened to a handoff may be a reason to ask somebody.
    asks: Notify,
    /// What happened to a handoff changes what is found of it.
    shelve: Notify,
    read_ahead: Arc<shelving::ReadAhead>,
    /// Something can be found that could not before.
    shelved: Notify,
    /// Where passages are found.
    index: Index,
    /// The outer index is to be told something.
    carry: Notify,
    /// The last search did without the outer index.
    is_degraded: AtomicBool,
    /// How long the outer index is left alone after it did not let go of what is erased.
    patience_outside: patience::Patience,
}

/// Something that listeners of a handoff are told at once.
#[derive(Debug, Clone)]
pub struct Notice {
    pub workspace: Workspace,
    pub handoff: HandoffId,
    pub news: News,
}

#[derive(Debug, Clone)]
pub enum News {
    /// A stored change; the log holds it.
    Changed(EventKind),
    /// How far a reading is; told once and kept nowhere.
    Progress(Json),
}

/// Whether what happens in a workspace is only tried out: nobody is written to.
fn is_for_trying(workspace: &store::Workspace) -> bool {
    workspace.as_str().ends_with(TEST_ENDING)
}

impl App {
    /// Opens the data folder as its only owner; work that an earlier process left is put back into the queue.
    pub async fn open(settings: Settings, reader: Option<Reader>, clock: Clock) -> Result<Arc<App>, Fault> {
        let store = Store::open(&store::Options { folder: folder(&settings) }).await?;
        let fresh = (random_id("mir_"), random_id(""));
        let index = Index::take_up(&store, &settings.search, fresh, clock.now()).await?;
        let keys = folder(&settings).join("keys");
        let unusable = |fault: &dyn std::fmt::Display| Fault::Unusable(fault.to_string());
        let signing = SigningKeys::open(&keys, clock.now()).map_err(|fault| unusable(&fault))?;
        let sealer = Sealer::open(&keys).map_err(|fault| unusable(&fault))?;
        let link_keys = LinkKeys::open(&keys).map_err(|fault| unusable(&fault))?;
        let allowed = AllowList::parse(&settings.outbound.allow)
            .map_err(|wrong| Fault::Unusable(format!("outbound.allow: {wrong}")))?;
        let outbound = Outbound::new(allowed, Duration::from_secs(settings.outbound.timeout_seconds));
        let provider = Provider::open(&settings, clock.clone()).map_err(Fault::Unusable)?;
        let app = App {
            store,
            settings,
            reader,
            breaker: breaker::Breaker::default(),
            trial: Semaphore::new(1),
            money: money::Figures::default(),
            clock,
            signing: RwLock::new(signing),
            sealer,
            link_keys,
            routes: Mutex::default(),
            notices: broadcast::Sender::new(NOTICES),
            work: Notify::new(),
            chores: Notify::new(),
            patience: patience::Patience::default(),
            looked_at: AtomicI64::new(0),
            addressed: outside::Remembered::default(),
            lately: lately::Lately::default(),
            warned_at: AtomicI64::new(0),
            waiting: AtomicI64::new(0),
            is_stopping: AtomicBool::new(false),
            turn: AtomicUsize::new(0),
            turns: Mutex::default(),
            worker: random_id("wrk_"),
            lockout: Lockout::new(LockoutRules::default()),
            used: used_keys::Used::default(),
            gatehouse: members::Gatehouse::default(),
            provider,
            returned: members::Used::default(),
            outbound,
            pacing: pacing::Pacing::default(),
            post: Notify::new(),
            asks: Notify::new(),
            shelve: Notify::new(),
            read_ahead: Arc::default(),
            shelved: Notify::new(),
            index,
            carry: Notify::new(),
            is_degraded: AtomicBool::new(false),
            patience_outside: patience::Patience::default(),
        };
        let app = Arc::new(app);
        app.open_workspaces().await?;
        app.note_standings().await?;
        app.take_over().await?;
        app.release_deliveries(&[], true).await?;
        Ok(app)
    }

    pub fn now(&self) -> jiff::Timestamp {
        // As precise as it is stored: what a change is answered with is what is read of it later.
        let now = self.clock.now();
        jiff::Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now)
    }

    pub(crate) fn worker_name(&self) -> String {
        self.worker.clone()
    }

    pub fn signing(&self) -> RwLockReadGuard<'_, SigningKeys> {
        self.signing.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Looks whether the signing keys were rotated meanwhile.
    pub fn renew_signing(&self) {
        let folder = folder(&self.settings).join("keys");
        match SigningKeys::open(&folder, self.clock.now()) {
            Ok(keys) => *self.signing.write().unwrap_or_else(std::sync::PoisonError::into_inner) = keys,
            Err(fault) => tracing::error!(%fault, "the signing keys could not be looked at"),
        }
    }

    /// Whether it takes work: changes can be written, and it is not about to stop.
    pub fn is_ready(&self) -> bool {
        self.store.is_healthy() && !self.is_stopping.load(Ordering::Relaxed)
    }

    /// From now on nothing new is begun.
    pub fn stop(&self) {
        self.is_stopping.store(true, Ordering::Relaxed);
        self.work.notify_waiters();
        self.post.notify_one();
        self.asks.notify_one();
        self.shelve.notify_one();
        self.shelved.notify_waiters();
        self.carry.notify_one();
        self.chores.notify_waiters();
    }

    pub fn is_stopping(&self) -> bool {
        self.is_stopping.load(Ordering::Relaxed)
    }

    /// What happens to handoffs from now on.
    pub fn listen(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// Jobs that wait or run.
    pub fn count_waiting(&self) -> i64 {
        self.waiting.load(Ordering::Relaxed)
    }

    /// Lets the last writes reach the disk.
    pub async fn close(&self) {
        self.store.close().await;
    }

    fn tell(&self, workspace: &Workspace, handoff: &HandoffId, news: News) {
        // How far a reading is means nothing to those who are told or asked.
        if matches!(news, News::Changed(_)) {
            self.post.notify_one();
            self.asks.notify_one();
            self.shelve.notify_one();
        }
        // Nobody listening is no fault.
        let _ = self.notices.send(Notice { workspace: workspace.clone(), handoff: handoff.clone(), news });
    }
}

fn folder(settings: &Settings) -> PathBuf {
    settings.data_dir.clone()
}

/// 128 random bits after a prefix; no dots, so that signatures over joined texts cannot be confused.
pub(crate) fn random_id(prefix: &str) -> String {
    use ring::rand::SecureRandom;
    let mut bytes = [0_u8; 16];
    // The system's source of randomness does not fail once the machine has started.
    if ring::rand::SystemRandom::new().fill(&mut bytes).is_err() {
        std::process::abort();
    }
    bytes.iter().fold(prefix.to_owned(), |id, byte| id + &format!("{byte:02x}"))
}
