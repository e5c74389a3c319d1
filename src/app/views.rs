//! What callers look at: handoffs, briefs, the log. Nothing is changed here.

use std::sync::Arc;

use super::accepting::{check, inputs, known_words};
use super::erasing::living;
use super::journal::Unkept;
use super::{App, NewRequest, Refusal, debts};
use crate::access::passes::Head;
use crate::brief::{Brief, Gap};
use crate::conversation::Conversation;
use crate::gate;
use crate::handoff::HandoffId;
use crate::intake::Input;
use crate::pipeline::{self, Means, Request, Rules};
use crate::rendering::BriefView;
use crate::route::Route;
use crate::store::{self, Entry, Filter, Handoff, Page, Workspace};

/// Which brief of a handoff that has moved is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// What was handed over.
    HandedOver,
    /// The newest reading.
    Latest,
}

/// A brief with everything that is needed to show it.
#[derive(Debug)]
pub struct Shown {
    brief: Brief,
    route: std::sync::Arc<Route>,
    conversation: Conversation,
}

impl Shown {
    pub fn view(&self) -> BriefView<'_> {
        BriefView { brief: &self.brief, route: &self.route, conversation: &self.conversation }
    }
}

impl App {
    pub async fn find(&self, workspace: &Workspace, id: &HandoffId) -> Result<Handoff, Refusal> {
        let mut reader = self.store.reader().await?;
        living(store::find(&mut reader, workspace, id).await?.ok_or(Refusal::NotFound("handoff"))?)
    }

    /// The same without the machine's reading, which is large: for those who only look where it stands.
    pub async fn glance(&self, workspace: &Workspace, id: &HandoffId) -> Result<Handoff, Refusal> {
        let mut reader = self.store.reader().await?;
        living(store::glance(&mut reader, workspace, id).await?.ok_or(Refusal::NotFound("handoff"))?)
    }

    pub async fn list(
        &self,
        workspace: &Workspace,
        filter: &Filter,
        page: (Option<i64>, u32),
    ) -> Result<Page, Refusal> {
        let mut reader = self.store.reader().await?;
        Ok(store::list(&mut reader, workspace, filter, page).await?)
    }

    /// The brief of a handoff, judged anew with the clock of now as long as it has not moved, and with what a forced
    /// transfer still owes.
    pub async fn brief(
        &self,
        workspace: &Workspace,
        id: &HandoffId,
        audience: Audience,
    ) -> Result<(Handoff, Brief), Refusal> {
        let row = self.find(workspace, id).await?;
        let Some(base) = &row.base else { return Err(Refusal::Reading) };
        let route = self.route_version(workspace, &row.route).await?;
        let mut brief = if row.status.has_moved() && audience == Audience::HandedOver {
            row.brief.clone().ok_or(Refusal::Reading)?
        } else {
            let mut reader = self.store.reader().await?;
            let said = store::list_said(&mut reader, (workspace, id)).await?;
            said.apply(base, &route, &super::changing::people_of(&row), self.now())
        };
        brief.warnings.extend(debts::warnings(&row.debts, &route));
        Ok((row, brief))
    }

    /// The brief with its sources, read again from what was stored.
    pub async fn show(self: &Arc<Self>, workspace: &Workspace, row: &Handoff, brief: Brief) -> Result<Shown, Refusal> {
        let mut reader = self.store.reader().await?;
        let stored = store::find_batches(&mut reader, (workspace, &row.id), row.batches).await?;
        drop(reader);
        let route = self.route_version(workspace, &row.route).await?;
        let batches = to_inputs(stored);
        let (conversation, _) = self.read_apart(batches).await?;
        Ok(Shown { brief, route, conversation })
    }

    /// Entries of the log after a place, oldest first.
    pub async fn events(
        &self,
        whose: (&Workspace, Option<&HandoffId>),
        range: (i64, i64),
    ) -> Result<Vec<Entry>, Refusal> {
        let mut reader = self.store.reader().await?;
        Ok(store::list_events(&mut reader, whose, range).await?)
    }

    /// The end of the log's chain, signed.
    pub async fn signed_head(&self, workspace: &Workspace) -> Result<String, Refusal> {
        let mut reader = self.store.reader().await?;
        let chain = store::chain_head(&mut reader, workspace).await?;
        let seq = u64::try_from(chain.place).unwrap_or_default();
        let iat = self.now().as_second();
        Ok(self.signing().sign_head(&Head { ws: workspace.as_str().to_owned(), seq, hash: chain.hash, iat }))
    }

    /// Tries whether the disk writes again.
    pub async fn probe(&self) {
        if let Err(fault) = self.store.probe().await {
            tracing::warn!(%fault, "the database still cannot write");
        }
    }

    /// Lets answers go that are kept for repeats nobody makes any more; how many.
    pub async fn forget_old(&self) -> u64 {
        let before = self.now() - super::changing::KEPT;
        let forgotten = async {
            let workspaces = store::list_workspaces(&mut *self.store.reader().await?).await?;
            let mut forgotten = 0;
            for workspace in workspaces {
                // A part at a time, so that no caller's write waits long behind it.
                while let part @ 1.. = self.forget_part(&workspace, before).await? {
                    forgotten += part;
                }
            }
            Ok::<_, store::Fault>(forgotten)
        };
        forgotten.await.unwrap_or_else(|fault| {
            tracing::warn!(%fault, "old answers could not be let go");
            0
        })
    }

    async fn forget_part(&self, workspace: &Workspace, before: jiff::Timestamp) -> Result<u64, store::Fault> {
        let workspace = workspace.clone();
        let write = self
            .store
            .writer()
            .write(move |tx| Box::pin(async move { store::forget_before(tx, &workspace, before).await }));
        write.await
    }

    /// What a handoff would come to; nothing is stored, and what a model says is not kept.
    pub async fn check(
        self: &Arc<Self>,
        workspace: &Workspace,
        request: NewRequest,
    ) -> Result<(Brief, Vec<Gap>), Refusal> {
        let route = self.choose_route(workspace, &request).await?;
        check(&request, &route)?;
        let (conversation, _) = self.read_apart(vec![inputs(&request.sources)]).await?;
        let known = known_words(&request.matter);
        let asked = Request { route: &route, conversation, known: &known, as_of: self.now() };
        let brief = match &self.reader {
            None => pipeline::run(asked).brief,
            Some(reader) => {
                let journal = Unkept(self.till(workspace, None));
                let means = Means { reader, rules: Rules::Beside, journal: &journal };
                pipeline::read_kept(asked, means)
                    .await
                    .map_err(|error| store::Fault::Unusable(error.to_string()))?
                    .brief
            }
        };
        let gaps = gate::judge(&brief, &route, self.now()).err().unwrap_or_default();
        Ok((brief, gaps))
    }
}

/// What came in, batch by batch, as it is read.
pub(super) fn to_inputs(batches: Vec<store::Batch>) -> Vec<Vec<Input>> {
    let to_input = |source: store::StoredSource| Input {
        name: source.name,
        bytes: source.bytes,
        kind: source.kind,
        format: source.format,
    };
    batches.into_iter().map(|batch| batch.sources.into_iter().map(to_input).collect()).collect()
}
