//! The indexes that search may stand on: the one in the database, the strict
//! Qdrant server of the tests, and a real one where `QDRANT_URL` names it. What
//! has to hold on each is written down once and tried on all.

use baton::config::Settings;

use crate::qdrant::Strict;

/// What search stands on.
pub enum Ground {
    Embedded,
    Strict(Strict),
    /// A real server, with a collection of the test's own.
    Real(String),
}

impl Ground {
    /// The same settings on this ground. A machine with much to do is no slow server.
    pub fn settings(&self, mut settings: Settings) -> Settings {
        settings.search.qdrant_url = match self {
            Ground::Embedded => None,
            Ground::Strict(strict) => Some(strict.url.clone()),
            Ground::Real(url) => Some(url.clone()),
        };
        let folder = settings.data_dir.file_name().and_then(|name| name.to_str()).unwrap_or("service");
        settings.search.qdrant_collection = format!("baton-test-{folder}-{}", std::process::id());
        settings.search.qdrant_deadline_milliseconds = 20_000;
        settings
    }
}

/// On every ground; what is asked of a server must be nothing that it has to refuse.
pub async fn on_each(test: impl AsyncFn(&Ground)) {
    let mut grounds = vec![Ground::Embedded, Ground::Strict(Strict::start())];
    grounds.extend(std::env::var("QDRANT_URL").ok().map(Ground::Real));
    for ground in &grounds {
        test(ground).await;
        if let Ground::Strict(strict) = ground {
            assert_eq!(strict.refusals(), Vec::<String>::new());
            assert!(strict.calls("query") > 0, "it was never asked");
        }
    }
}
