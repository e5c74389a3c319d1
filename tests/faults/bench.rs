//! The product without process and network: opened on a folder in memory where
//! there is one, with a clock that stands still until it is moved, dropped like
//! a process that dies, and opened again.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use baton::access::callers::Preset;
use baton::access::keys::Mode;
use baton::app::{App, Asked, Clock, KeyRequest, NewRequest, Once, SourceGiven};
use baton::config::Settings;
use baton::handoff::{Actor, Matter};
use baton::store::Workspace;
use secrecy::ExposeSecret;
use serde_json::Value as Json;

/// The product, open.
pub struct Bench {
    app: Option<Arc<App>>,
    pub clock: Clock,
    pub settings: Settings,
    pub workspace: Workspace,
}

impl Bench {
    pub async fn open() -> Bench {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = fast_folder().join(format!("baton-bench-{}-{number}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        let settings =
            Settings { data_dir: folder, our_domains: vec!["acme.example".to_owned()], ..Settings::default() };
        let clock = Clock::set_to("2026-03-03T12:00:00Z".parse().expect("a time"));
        let app = App::open(settings.clone(), None, clock.clone()).await.expect("it opens");
        let workspace = workspace(&app, "main").await;
        Bench { app: Some(app), clock, settings, workspace }
    }

    pub fn database(&self) -> PathBuf {
        self.settings.data_dir.join(baton::store::FILE)
    }

    pub async fn publish(&self, workspace: &Workspace, route: &Json) {
        let id = route["id"].as_str().expect("an id");
        self.app().publish((workspace, &Actor::Baton), (id, route.to_string())).await.expect("a route");
    }

    pub fn app(&self) -> &Arc<App> {
        self.app.as_ref().expect("it is open")
    }

    /// As a process dies: nothing is closed, nobody is told; and another one opens the folder.
    #[allow(dead_code)] // not every program that uses the bench lets it die
    pub async fn crash(&mut self) {
        let gone = self.app.take();
        assert_eq!(gone.as_ref().map(Arc::strong_count), Some(1), "nobody else holds it");
        drop(gone);
        self.app = Some(App::open(self.settings.clone(), None, self.clock.clone()).await.expect("it opens again"));
    }

    pub fn asked(&self, key: Option<&str>) -> Asked {
        asked(&self.workspace, key)
    }
}

impl Drop for Bench {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.settings.data_dir);
    }
}

/// What is asked without a version in mind, under a key of its own or none.
pub fn asked(workspace: &Workspace, key: Option<&str>) -> Asked {
    let once = |key: &str| Once { key: key.to_owned(), fingerprint: key.to_owned(), is_derived: false };
    Asked {
        workspace: workspace.clone(),
        actor: Actor::Baton,
        signed: None,
        once: key.map(once),
        if_version: None,
        render: |_, _| Json::Null,
    }
}

/// The workspace of that name, made with a key of its own.
pub async fn workspace(app: &Arc<App>, name: &str) -> Workspace {
    let request = KeyRequest {
        name: "a test".to_owned(),
        workspace: name.to_owned(),
        mode: Mode::Live,
        scopes: "all".parse().expect("scopes"),
        preset: Preset::Plain,
        key_pointer: None,
        expires_at: None,
        signing_secret: None,
    };
    let (_, text) = app.add_key(request).await.expect("a key");
    let peer = std::net::IpAddr::from([127, 0, 0, 1]);
    app.identify(Some(text.expose_secret()), peer).await.expect("a caller").workspace
}

/// A handoff with one mail of the customer's.
pub fn request(route: &str, title: &str, text: &str) -> NewRequest {
    let mail = format!(
        "From: Dana Whitfield <dana@northwind.example>\r\nTo: Marcus Lee <marcus@acme.example>\r\n\
         Date: Tue, 3 Mar 2026 09:00:00 +0000\r\nMessage-ID: <{title}@northwind.example>\r\nSubject: Plan\r\n\r\n{text}\r\n"
    );
    let source = SourceGiven { name: "mail.eml".to_owned(), kind: None, format: None, bytes: mail.into_bytes() };
    let matter = Matter { title: Some(title.to_owned()), ..Matter::default() };
    NewRequest { route: route.to_owned(), external_id: None, matter, sources: vec![source], ..NewRequest::default() }
}

/// Memory that looks like a disk, where the machine has some: what is tried here is order, not the disk.
fn fast_folder() -> PathBuf {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { memory.to_owned() } else { PathBuf::from(env!("CARGO_TARGET_TMPDIR")) }
}
