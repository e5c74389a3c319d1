//! The accounts of what models cost: before a call is sent, what it may cost
//! at most is written down as spent, so that neither handoffs read at the same
//! time nor a process that ends can spend more than the settings allow.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering};

use futures_util::future::BoxFuture;

use super::App;
use crate::handoff::HandoffId;
use crate::llm::{Cap, Failure, Meter, Reserved, Tokens};
use crate::store::{self, Fault, Spent, Workspace};

const DAY_SECONDS: i64 = 86_400;

/// What was counted since the process started.
#[derive(Debug, Default)]
pub(super) struct Figures {
    tokens: AtomicU64,
    over: [AtomicU64; Cap::ALL.len()],
}

/// What models have cost since the process started, where it is limited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spending {
    /// Tokens read and written.
    pub tokens: u64,
    /// Calls that were not sent, by the name of the limit that was reached.
    pub calls_over_budget: Vec<(&'static str, u64)>,
}

/// The accounts of one handoff, or of something tried out in a workspace.
#[derive(Debug)]
pub(super) struct Till {
    app: Arc<App>,
    workspace: Workspace,
    handoff: Option<HandoffId>,
    /// Tokens of this reading alone: what is tried out has no account that outlives it.
    own: Arc<AtomicI64>,
    is_over: AtomicBool,
}

impl App {
    /// Who keeps the accounts of a reading; nobody where what it costs is not limited.
    pub(super) fn till(self: &Arc<Self>, workspace: &Workspace, handoff: Option<&HandoffId>) -> Option<Arc<Till>> {
        self.settings.model.has_caps().then(|| {
            let (workspace, handoff) = (workspace.clone(), handoff.cloned());
            Arc::new(Till {
                app: self.clone(),
                workspace,
                handoff,
                own: Arc::default(),
                is_over: AtomicBool::new(false),
            })
        })
    }

    /// What models have cost since the process started.
    pub fn spending(&self) -> Spending {
        let over = Cap::ALL.iter().zip(&self.money.over);
        Spending {
            tokens: self.money.tokens.load(Ordering::Relaxed),
            calls_over_budget: over.map(|(cap, calls)| (cap.name(), calls.load(Ordering::Relaxed))).collect(),
        }
    }

    /// Tokens with what they cost, never less.
    fn amount(&self, tokens: Tokens) -> Spent {
        let cost = self.reader.as_ref().and_then(|reader| reader.cost(tokens)).unwrap_or_default();
        let whole = tokens.input.saturating_add(tokens.output);
        Spent { tokens: i64::try_from(whole).unwrap_or(i64::MAX), cost: (cost * 1_000_000.0).ceil() as i64 }
    }
}

impl Till {
    /// Whether a call was refused because something is used up.
    pub fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Relaxed)
    }

    /// Writes `most` down as spent on `day`, unless that is more than is allowed.
    async fn set_aside(&self, day: i64, most: Spent) -> Result<Option<Cap>, Fault> {
        let settings = &self.app.settings.model;
        let most_cost = settings.cost_per_day.map(|cost| (cost * 1_000_000.0).floor() as i64);
        let in_tokens = |cap: Option<u64>| cap.map(|cap| i64::try_from(cap).unwrap_or(i64::MAX));
        let (for_handoff, for_day) = (in_tokens(settings.tokens_per_handoff), in_tokens(settings.tokens_per_day));
        let (workspace, handoff, own) = (self.workspace.clone(), self.handoff.clone(), self.own.clone());
        let write = self.app.store.writer().write(move |tx| {
            Box::pin(async move {
                let today = store::spent_on_day(tx.reading().await?, &workspace, day).await?;
                let before = match &handoff {
                    Some(handoff) => store::spent_on_handoff(tx.reading().await?, (&workspace, handoff)).await?.tokens,
                    None => own.load(Ordering::Relaxed),
                };
                let is_over =
                    |before: i64, more: i64, cap: Option<i64>| cap.is_some_and(|cap| before.saturating_add(more) > cap);
                if is_over(before, most.tokens, for_handoff) {
                    return Ok(Some(Cap::Handoff));
                }
                if is_over(today.tokens, most.tokens, for_day) {
                    return Ok(Some(Cap::Day));
                }
                if is_over(today.cost, most.cost, most_cost) {
                    return Ok(Some(Cap::Cost));
                }
                store::spend(tx, (&workspace, handoff.as_ref()), day, most).await?;
                own.fetch_add(most.tokens, Ordering::Relaxed);
                Ok::<_, Fault>(None)
            })
        });
        write.await
    }

    async fn make_true(&self, reserved: Reserved, spent: Tokens) -> Result<(), Fault> {
        let (most, spent) = (self.app.amount(reserved.most), self.app.amount(spent));
        self.own.fetch_add(spent.tokens - most.tokens, Ordering::Relaxed);
        let difference = Spent { tokens: spent.tokens - most.tokens, cost: spent.cost - most.cost };
        let (workspace, handoff) = (self.workspace.clone(), self.handoff.clone());
        let write = self.app.store.writer().write(move |tx| {
            Box::pin(async move { store::spend(tx, (&workspace, handoff.as_ref()), reserved.day, difference).await })
        });
        write.await
    }
}

impl Meter for Till {
    fn reserve(&self, most: Tokens) -> BoxFuture<'_, Result<Reserved, Failure>> {
        Box::pin(async move {
            let day = self.app.now().as_second().div_euclid(DAY_SECONDS);
            match self.set_aside(day, self.app.amount(most)).await {
                Ok(None) => Ok(Reserved { day, most }),
                Ok(Some(cap)) => {
                    self.is_over.store(true, Ordering::Relaxed);
                    self.app.money.over[cap as usize].fetch_add(1, Ordering::Relaxed);
                    tracing::info!(workspace = self.workspace.as_str(), cap = cap.name(), "a call was not sent");
                    Err(Failure::OverBudget(cap))
                }
                // What is not written down is not spent: the handoff is read when the disk writes again.
                Err(fault) => Err(Failure::Unreachable(format!("its cost could not be written down: {fault}"))),
            }
        })
    }

    fn settle(&self, reserved: Reserved, spent: Tokens) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            self.app.money.tokens.fetch_add(spent.input.saturating_add(spent.output), Ordering::Relaxed);
            if let Err(fault) = self.make_true(reserved, spent).await {
                tracing::warn!(%fault, "what a call cost could not be written down; all that was set aside stays spent");
            }
        })
    }
}
