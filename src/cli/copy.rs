//! What `baton doctor` finds of the copy of the index at a Qdrant server: does
//! it answer, and does it hold what is there.

use crate::app::Finding;
use crate::config::Settings;
use crate::retrieval::{Index, NotCarried, Qdrant};
use crate::store::{self, Fault, Options, Store};

const SUBJECT: &str = "qdrant";
const BEHIND: &str = "a running service tells it the rest by itself; `baton reindex` does so without one";

/// How much there is, how much is still to be told, and how much the server holds.
#[derive(Debug, Default)]
struct Counts {
    passages: u64,
    orders: u64,
    held: u64,
}

/// None where no copy was ever asked for.
pub(super) async fn copy_found(settings: &Settings, offline: bool) -> Option<Finding> {
    let folder = settings.data_dir.clone();
    let address = settings.search.qdrant_address();
    if !folder.join(store::FILE).is_file() {
        return address.map(|address| Finding::ok(SUBJECT, format!("{address} is set up; no service has run yet")));
    }
    let looked = async {
        let store = Store::open_beside(&Options { folder }).await?;
        let found = look(settings, &store, offline).await;
        store.close().await;
        found
    };
    looked.await.unwrap_or_else(|fault: Fault| {
        Some(Finding::wrong(SUBJECT, fault.to_string(), "look at data_dir and at search.qdrant_url"))
    })
}

async fn look(settings: &Settings, store: &Store, offline: bool) -> Result<Option<Finding>, Fault> {
    let known = store::find_mirror(&mut *store.reader().await?).await?;
    let index = Index::beside(store, &settings.search).await?;
    let Some(address) = settings.search.qdrant_address() else {
        return Ok(known.map(|mirror| {
            Finding::wrong(
                SUBJECT,
                format!(
                    "a copy of the index lies at {}, and search.qdrant_url is not set; erasures wait for it",
                    mirror.address
                ),
                "set search.qdrant_url again, or delete the collection there and run `baton reindex --forget-qdrant`",
            )
        }));
    };
    let Some(qdrant) = index.outside() else {
        return Ok(Some(Finding::ok(SUBJECT, format!("{address} is set up; the service fills it when it starts"))));
    };
    if offline {
        return Ok(Some(Finding::ok(SUBJECT, format!("{address} is set up; not asked"))));
    }
    Ok(Some(match ask(store, qdrant).await {
        Err(NotCarried::Store(fault)) => return Err(fault),
        Err(fault) => Finding::wrong(
            SUBJECT,
            format!("{address}: {fault}; search runs in the database meanwhile"),
            "is that its gRPC address (port 6334), and does search.qdrant_key fit? The service tries again by itself",
        ),
        Ok((version, Counts { passages, orders: 0, held })) if passages != held => Finding::wrong(
            SUBJECT,
            format!("{address}, version {version}: {passages} passages are there, and it holds {held}"),
            "the service fills it anew by itself; `baton reindex` does so at once",
        ),
        Ok((version, Counts { passages, orders: 0, .. })) => {
            Finding::ok(SUBJECT, format!("{address}, version {version}: holds all {passages} passages"))
        }
        Ok((version, Counts { orders, .. })) => Finding::ok(
            SUBJECT,
            format!("{address}, version {version}: {orders} passages are still to be told; {BEHIND}"),
        ),
    }))
}

async fn ask(store: &Store, qdrant: &Qdrant) -> Result<(String, Counts), NotCarried> {
    let version = qdrant.try_out().await?;
    let mut counts = Counts::default();
    let workspaces = store::list_workspaces(&mut *store.reader().await?).await?;
    for workspace in workspaces {
        let (passages, orders) = store::count_mirrored(&mut *store.reader().await?, &workspace).await?;
        counts.passages += passages;
        counts.orders += orders;
        counts.held += qdrant.count(&workspace, &[]).await?;
    }
    Ok((version, counts))
}
