//! Who is calling: a key is looked up, compared, and turned into what its
//! holder may do in the one workspace it opens. Addresses that guess are shut
//! out for a while.

use std::net::IpAddr;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value as Json, json};

use super::{App, TEST_ENDING};
use crate::access::callers::{self, CallerFault, Preset};
use crate::access::keys::{self, Grant, KeptKey, KeyHash, KeyId, Mode, Scopes};
use crate::access::lockout::Locked;
use crate::access::sealing::Sealer;
use crate::handoff::{Actor, EventKind};
use crate::store::{self, Fault, Happening, KeyRow, Store, Workspace};

/// A caller whose key was good.
#[derive(Debug, Clone)]
pub struct Caller {
    pub grant: Grant,
    pub workspace: Workspace,
    /// Its habits, and how it signs if it does.
    pub habits: callers::Caller,
}

/// Why a key opened nothing.
#[derive(Debug)]
pub enum NoKey {
    /// Missing, wrong, expired or revoked: the caller is not told which.
    Unknown,
    /// The address guessed too often.
    Locked(Locked),
    Store(Fault),
}

impl From<Fault> for NoKey {
    fn from(fault: Fault) -> Self {
        NoKey::Store(fault)
    }
}

/// A key to be made.
#[derive(Debug, Clone)]
pub struct KeyRequest {
    pub name: String,
    /// The workspace of the live keys; a test key sees its own beside it.
    pub workspace: String,
    pub mode: Mode,
    pub scopes: Scopes,
    pub preset: Preset,
    pub key_pointer: Option<String>,
    pub expires_at: Option<Timestamp>,
    /// What the caller signs with; several with line breaks between, the newest first.
    pub signing_secret: Option<SecretString>,
}

impl App {
    /// Whose key this is. A failure counts against the address it came from.
    pub async fn identify(&self, presented: Option<&str>, peer: IpAddr) -> Result<Caller, NoKey> {
        // A good key is let in from a shut-out address too: customers of Zapier or Make share theirs.
        let now = self.now();
        let Some(presented) = presented.and_then(keys::parse) else { return Err(self.refuse(peer, now)) };
        let mut reader = self.store.reader().await?;
        let row = store::find_key(&mut reader, presented.id.as_str()).await?;
        drop(reader);
        let kept = row.as_ref().map(kept_key).transpose()?;
        match keys::admit(&presented, kept.as_ref(), now) {
            Ok(grant) => {
                let Some(row) = row else { return Err(self.refuse(peer, now)) };
                let habits = habits_of(&row, &self.sealer)?;
                self.used.note(&row.id, now);
                Ok(Caller { grant, workspace: row.workspace, habits })
            }
            Err(fault) => {
                tracing::info!(key = presented.id.as_str(), why = %fault, "a key was refused");
                Err(self.refuse(peer, now))
            }
        }
    }

    /// Makes a key and the workspace it opens, with its routes.
    pub async fn add_key(self: &std::sync::Arc<Self>, request: KeyRequest) -> Result<(String, SecretString), Fault> {
        let made = add_key((&self.store, &self.sealer), request, self.now()).await?;
        self.publish_everywhere().await?;
        Ok(made)
    }

    fn refuse(&self, peer: IpAddr, now: Timestamp) -> NoKey {
        self.lockout.fail(peer, now).map_or_else(NoKey::Locked, |()| NoKey::Unknown)
    }
}

fn kept_key(row: &KeyRow) -> Result<KeptKey, Fault> {
    let damaged = |what: &str| Fault::Damaged(format!("{what} of key {}", row.id));
    let hash: KeyHash = row.hash.parse().map_err(|_| damaged("hash"))?;
    let key: KeyId = row.id.parse().map_err(|_| damaged("id"))?;
    let mode: Mode = row.mode.parse().map_err(|_| damaged("mode"))?;
    let scopes: Scopes = row.scopes.parse().map_err(|_| damaged("scopes"))?;
    let grant = Grant { key, workspace: row.workspace.as_str().to_owned(), mode, scopes, expires: row.expires_at };
    Ok(KeptKey { hash, grant, revoked: row.revoked_at })
}

/// What is set for a caller. A secret that cannot be had again is a fault: nobody is let in unchecked for it.
fn habits_of(row: &KeyRow, sealer: &Sealer) -> Result<callers::Caller, Fault> {
    let preset = Preset::ALL.into_iter().find(|preset| preset.word() == row.preset).unwrap_or(Preset::Plain);
    let damaged = |why: String| Fault::Damaged(format!("key {}: {why}", row.id));
    let mut habits = callers::Caller::new(preset);
    if let Some(pointer) = &row.key_pointer {
        habits = habits.with_key_pointer(pointer).map_err(|fault| damaged(fault.to_string()))?;
    }
    if let Some(sealed) = &row.secret {
        let place = sealed_at(row.workspace.as_str(), &row.id);
        let secret = sealer.unseal(&place, sealed).map_err(|fault| damaged(fault.to_string()))?;
        habits = habits.with_secrets(&secrets_in(&secret)).map_err(|fault| damaged(fault.to_string()))?;
    }
    Ok(habits)
}

/// One secret a line.
fn secrets_in(text: &SecretString) -> Vec<SecretString> {
    let lines = text.expose_secret().lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(SecretString::from).collect()
}

/// Whether a caller of this kind can sign with it.
pub fn check_signing_secret(preset: Preset, text: &SecretString) -> Result<(), CallerFault> {
    callers::Caller::new(preset).with_secrets(&secrets_in(text)).map(|_| ())
}

/// The place that a sealed secret is bound to.
fn sealed_at(workspace: &str, key: &str) -> String {
    format!("keys:{workspace}:{key}")
}

/// Makes a key and the workspace it opens; its text is given here and nowhere kept.
pub async fn add_key(
    keeping: (&Store, &Sealer),
    request: KeyRequest,
    now: Timestamp,
) -> Result<(String, SecretString), Fault> {
    add_key_of(keeping, request, None, now).await
}

/// The same by somebody whom the log names.
pub(super) async fn add_key_of(
    (store, sealer): (&Store, &Sealer),
    request: KeyRequest,
    actor: Option<Actor>,
    now: Timestamp,
) -> Result<(String, SecretString), Fault> {
    let made = keys::create(request.mode).map_err(|fault| Fault::Unusable(fault.to_string()))?;
    let (id, hash) = (made.id.as_str().to_owned(), made.hash.to_hex());
    let workspace = match request.mode {
        Mode::Live => request.workspace.clone(),
        Mode::Test => format!("{}{TEST_ENDING}", request.workspace),
    };
    let seal = |secret: &SecretString| sealer.seal(&sealed_at(&workspace, &id), secret);
    let secret = request.signing_secret.as_ref().map(seal).transpose();
    let secret = secret.map_err(|fault| Fault::Unusable(fault.to_string()))?;
    let named = id.clone();
    store
        .writer()
        .write(move |tx| {
            Box::pin(async move {
                let workspace = store::open_workspace(tx, &workspace, now).await?;
                let row = KeyRow {
                    id: id.clone(),
                    workspace: workspace.clone(),
                    name: request.name,
                    mode: request.mode.word().to_owned(),
                    hash,
                    scopes: request.scopes.to_string(),
                    preset: request.preset.word().to_owned(),
                    key_pointer: request.key_pointer,
                    secret,
                    created_at: now,
                    expires_at: request.expires_at,
                    revoked_at: None,
                    used_at: None,
                };
                store::insert_key(tx, &row).await?;
                let detail = json!({"key": id, "name": row.name, "scopes": row.scopes, "expires_at": row.expires_at});
                let detail = by(actor, detail);
                let happening = Happening { kind: EventKind::KeyCreated, handoff: None, version: None, detail };
                store::append(tx, &workspace, &happening, now).await?;
                Ok::<_, Fault>(())
            })
        })
        .await?;
    Ok((named, made.text))
}

/// Revokes a key in whichever workspace it opens; `false` when there is none that lives.
pub async fn cut_key(store: &Store, id: String, now: Timestamp) -> Result<bool, Fault> {
    cut_key_of(store, id, None, now).await
}

/// The same in one of these workspaces alone, by somebody whom the log names.
pub(super) async fn cut_key_of(
    store: &Store,
    id: String,
    whose: Option<(Vec<Workspace>, Actor)>,
    now: Timestamp,
) -> Result<bool, Fault> {
    store
        .writer()
        .write(move |tx| {
            Box::pin(async move {
                let Some(row) = store::find_key(tx.reading().await?, &id).await? else { return Ok(false) };
                let (workspaces, actor) = whose.unzip();
                if workspaces.is_some_and(|all| !all.contains(&row.workspace)) {
                    return Ok(false);
                }
                if !store::revoke_key(tx, &row.workspace, &id, now).await? {
                    return Ok(false);
                }
                let detail = by(actor, json!({"key": id, "name": row.name}));
                let happening = Happening { kind: EventKind::KeyRevoked, handoff: None, version: None, detail };
                store::append(tx, &row.workspace, &happening, now).await?;
                Ok::<_, Fault>(true)
            })
        })
        .await
}

/// With who did it, where that is known: whoever is at the machine itself has no name.
fn by(actor: Option<Actor>, mut detail: Json) -> Json {
    if let (Some(actor), Json::Object(parts)) = (actor, &mut detail) {
        parts.insert("actor".to_owned(), json!(actor));
    }
    detail
}

/// Every key of every workspace, without its secret.
pub async fn keys(store: &Store) -> Result<Vec<KeyRow>, Fault> {
    let mut reader = store.reader().await?;
    let mut all = Vec::new();
    for workspace in store::list_workspaces(&mut reader).await? {
        all.extend(store::list_keys(&mut reader, &workspace).await?);
    }
    Ok(all)
}
