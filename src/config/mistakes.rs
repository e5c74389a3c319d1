//! What is wrong with settings that could not be read, each mistake with its
//! place; a value that may be a secret is not repeated.

/// Every problem with where it stands.
pub(super) fn explain(error: &figment::Error) -> String {
    let all: Vec<String> = error
        .clone()
        .into_iter()
        .map(|one| {
            let place = one.metadata.as_ref().map(|metadata| metadata.name.to_string()).unwrap_or_default();
            let source = one.metadata.as_ref().and_then(|metadata| metadata.source.as_ref());
            let place = source.map_or(place, |source| source.to_string());
            let key = one.path.join(".");
            let key = if key.is_empty() { String::new() } else { format!(" {key}:") };
            // A value that may be a secret is not printed, wherever it was written by mistake.
            let is_secret =
                ["model.key", "model.headers", "model.query", "mail.url", "slack", "sign_in.oidc.client_secret"]
                    .iter()
                    .any(|secret| key.trim().starts_with(secret));
            let what = if is_secret { "the value has the wrong form".to_owned() } else { one.kind.to_string() };
            format!("{place}:{key} {what}")
        })
        .collect();
    all.join("\n")
}
