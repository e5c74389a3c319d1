//! The replies of a model, kept beside the handoff they were paid for, and the
//! news of a reading under way.

use std::collections::HashMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use serde_json::json;

use super::money::Till;
use super::{App, News};
use crate::handoff::HandoffId;
use crate::llm::{Call, Journal, Kept, Meter, NotKept, Step};
use crate::store::{self, Fault, Workspace};

/// Replies of one handoff: those that are stored, and the way to store more.
pub(super) struct Replies {
    pub app: Arc<App>,
    pub workspace: Workspace,
    pub handoff: HandoffId,
    /// By the hash of their call, as JSON.
    pub stored: HashMap<String, String>,
    /// Who keeps the accounts, where what calls cost is limited.
    pub till: Option<Arc<Till>>,
}

impl Journal for Replies {
    fn find(&self, hash: &str) -> Option<Kept> {
        let kept = self.stored.get(hash).and_then(|reply| serde_json::from_str(reply).ok());
        fail::fail_point!("llm.before_call", kept.is_none(), |_| None);
        kept
    }

    fn keep<'a>(&'a self, hash: &'a str, _: &'a Call, kept: &'a Kept) -> BoxFuture<'a, Result<(), NotKept>> {
        Box::pin(async move {
            fail::fail_point!("llm.after_reply_before_store");
            let reply = serde_json::to_string(kept).map_err(|error| NotKept(error.to_string()))?;
            let (workspace, handoff, hash) = (self.workspace.clone(), self.handoff.clone(), hash.to_owned());
            let now = self.app.now();
            let done = self.app.store.writer().write(move |tx| {
                Box::pin(async move { store::keep_reply(tx, (&workspace, &handoff), (&hash, &reply), now).await })
            });
            done.await.map_err(|fault: Fault| NotKept(fault.to_string()))
        })
    }

    fn meter(&self) -> Option<Arc<dyn Meter>> {
        self.till.clone().map(|till| till as Arc<dyn Meter>)
    }

    fn step(&self, step: Step) {
        let news = match step {
            Step::Reading { done, of } => json!({"step": "reading", "done": done, "of": of}),
            Step::LookingAgain { fields } => json!({"step": "looking_again", "fields": fields}),
            Step::Field { key, state } => json!({"step": "field", "field": key, "state": state}),
        };
        self.app.tell(&self.workspace, &self.handoff, News::Progress(news));
    }
}

/// Keeps no replies; what calls cost is accounted for all the same.
pub(super) struct Unkept(pub Option<Arc<Till>>);

impl Journal for Unkept {
    fn find(&self, _: &str) -> Option<Kept> {
        None
    }

    fn keep<'a>(&'a self, _: &'a str, _: &'a Call, _: &'a Kept) -> BoxFuture<'a, Result<(), NotKept>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn meter(&self) -> Option<Arc<dyn Meter>> {
        self.0.clone().map(|till| till as Arc<dyn Meter>)
    }
}
