//! What reads: the model of the settings or rules alone, within which limits,
//! with the setting and the variable of each value, what it cost today, and a
//! button that has it read one made-up mail. Never a key.

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::access::roles::Ability;
use crate::app::{Finding, Refusal};
use crate::config::ModelSettings;
use crate::console::frame::{Frame, Place, notice_with_way};
use crate::console::guard::{Here, refused};
use crate::console::{Console, Shown};
use crate::rendering::clean;
use crate::web::answer;
use crate::wording;

const NEED: Option<Ability> = Some(Ability::EditMembers);

#[derive(Template)]
#[template(path = "console/settings/model.html")]
struct ModelPage {
    frame: Frame,
    engine: String,
    explained: &'static str,
    has_model: bool,
    tried: Vec<Tried>,
    /// What the attempt came to, in one line.
    outcome: &'static str,
    is_good: bool,
    values: Vec<Value>,
    redaction: Vec<(String, String)>,
    spent: Vec<(&'static str, String)>,
}

/// What one check of the attempt found.
struct Tried {
    subject: &'static str,
    what: String,
    mend: String,
}

/// A setting with its value.
struct Value {
    label: &'static str,
    value: String,
    key: &'static str,
    variable: String,
    is_default: bool,
}

/// `GET /settings/model`.
pub(super) async fn show(State(console): State<Console>, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    page(&console, &here, Vec::new()).await
}

/// `POST /settings/model`: has it read one made-up mail.
pub(super) async fn try_it(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, _) = console.sent((&parts, &body), NEED).await?;
    match console.app.try_model(&here.visitor).await {
        Ok(findings) => page(&console, &here, findings).await,
        Err(Refusal::Busy) => {
            let lines = ["Somebody is trying it at this moment. Nothing was sent; look again in a minute."];
            let way = Some((Place::Model.path().to_owned(), "Back to the model"));
            Err(notice_with_way(&here, (StatusCode::CONFLICT, "One at a time"), &lines, way))
        }
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

async fn page(console: &Console, here: &Here, findings: Vec<Finding>) -> Shown {
    let wrong = |refusal: Refusal| refused(here, &refusal);
    let settings = &console.app.settings.model;
    let routes = console.app.newest_routes(&here.visitor.member.workspace).await.map_err(wrong)?;
    let redaction = routes.iter().map(|route| {
        let kinds: Vec<&str> = route.redact.iter().map(|kind| kind.name()).collect();
        let kinds = if kinds.is_empty() { "nothing".to_owned() } else { wording::join(&kinds, "and") };
        (clean(&route.title), kinds)
    });
    let spent = console.app.spent_today(&here.visitor).await.map_err(|fault| wrong(fault.into()))?;
    let reader = console.app.reader();
    let failed = findings.iter().filter(|finding| finding.result.is_err()).count();
    let page = ModelPage {
        frame: Frame::of(here, Some(Place::Model)),
        engine: reader.map_or_else(|| "Rules alone".to_owned(), |reader| clean(reader.name())),
        explained: match reader {
            Some(_) => "The model reads, with the rules beside it. It only claims: code looks every quote up.",
            None => "No model is named, so nothing leaves this machine. Rules read what they have words for.",
        },
        has_model: reader.is_some(),
        outcome: match (findings.is_empty(), failed) {
            (true, _) => "",
            (false, 0) => "It works.",
            (false, _) => "It does not work.",
        },
        is_good: failed == 0,
        tried: findings.into_iter().map(tried).collect(),
        values: values(settings, reader.map(|reader| (reader.form().name(), reader.left_out()))),
        redaction: redaction.collect(),
        spent: spent.map(|spent| spending(settings, spent)).unwrap_or_default(),
    };
    let status = if page.is_good { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(answer(status, &page))
}

fn tried(finding: Finding) -> Tried {
    match finding.result {
        Ok(what) => Tried { subject: finding.subject, what: clean(&what), mend: String::new() },
        Err(trouble) => Tried { subject: finding.subject, what: clean(&trouble.what), mend: clean(&trouble.mend) },
    }
}

/// Every setting of the model that is no secret.
fn values(set: &ModelSettings, reader: Option<(&'static str, crate::config::LeftOut)>) -> Vec<Value> {
    let usual = ModelSettings::default();
    let some = |value: Option<String>, otherwise: &str| value.unwrap_or_else(|| otherwise.to_owned());
    let number = |value: Option<u64>| some(value.map(|value| value.to_string()), "no limit");
    let names = |all: Vec<&String>| if all.is_empty() { "none".to_owned() } else { clean(&wording::join(&all, "and")) };
    let folder =
        |path: &Option<std::path::PathBuf>| some(path.as_ref().map(|path| clean(&path.display().to_string())), "none");
    let seconds = |value: u64| format!("{value} s");
    let left_out = reader.map(|(_, left_out)| match left_out {
        crate::config::LeftOut::Confirm => "confirm",
        crate::config::LeftOut::Stands => "stands",
    });
    let price = set.price.map(|price| format!("{} in, {} out", price.input, price.output));
    let rows: Vec<(&'static str, String, &'static str, bool)> = vec![
        ("Name", some(set.name.as_deref().map(clean), "none"), "model.name", set.name.is_none()),
        ("Endpoint", address(&set.base_url), "model.base_url", set.base_url == usual.base_url),
        ("Key", (if set.key.is_some() { "set" } else { "none" }).to_owned(), "model.key", set.key.is_none()),
        ("Further headers", names(set.headers.keys().collect()), "model.headers", set.headers.is_empty()),
        ("Further parameters", names(set.query.keys().collect()), "model.query", set.query.is_empty()),
        (
            "Form of answers",
            reader.map_or("none", |(form, _)| form).to_owned(),
            "model.answer_form",
            set.answer_form.is_none(),
        ),
        (
            "What it leaves out",
            left_out.unwrap_or("nothing to decide").to_owned(),
            "model.left_out",
            set.left_out.is_none(),
        ),
        (
            "Tokens of a call",
            set.context_tokens.to_string(),
            "model.context_tokens",
            set.context_tokens == usual.context_tokens,
        ),
        (
            "Tokens of a window",
            set.window_tokens.to_string(),
            "model.window_tokens",
            set.window_tokens == usual.window_tokens,
        ),
        (
            "Tokens of an answer",
            some(set.max_output_tokens.map(|most| most.to_string()), "what the route needs"),
            "model.max_output_tokens",
            set.max_output_tokens.is_none(),
        ),
        (
            "Time for a call",
            seconds(set.timeout_seconds),
            "model.timeout_seconds",
            set.timeout_seconds == usual.timeout_seconds,
        ),
        (
            "Time to reach it",
            seconds(set.connect_seconds),
            "model.connect_seconds",
            set.connect_seconds == usual.connect_seconds,
        ),
        ("Calls at a time", set.concurrency.to_string(), "model.concurrency", set.concurrency == usual.concurrency),
        ("Repeats", set.retries.to_string(), "model.retries", set.retries == usual.retries),
        ("Price of a million tokens", some(price, "not known"), "model.price", set.price.is_none()),
        (
            "Tokens of a handoff",
            number(set.tokens_per_handoff),
            "model.tokens_per_handoff",
            set.tokens_per_handoff.is_none(),
        ),
        ("Tokens of a day", number(set.tokens_per_day), "model.tokens_per_day", set.tokens_per_day.is_none()),
        (
            "Cost of a day",
            some(set.cost_per_day.map(|cost| cost.to_string()), "no limit"),
            "model.cost_per_day",
            set.cost_per_day.is_none(),
        ),
        (
            "Prompts",
            some(set.prompts.as_ref().map(|path| clean(&path.display().to_string())), "those of the program"),
            "model.prompts",
            set.prompts.is_none(),
        ),
        ("Replies are recorded in", folder(&set.record), "model.record", set.record.is_none()),
        ("Replies are read from", folder(&set.replay), "model.replay", set.replay.is_none()),
    ];
    let value = |(label, value, key, is_default): (&'static str, String, &'static str, bool)| Value {
        label,
        value,
        key,
        variable: format!("BATON_{}", key.to_uppercase().replace('.', "__")),
        is_default,
    };
    rows.into_iter().map(value).collect()
}

/// An address without what may be a secret in it: neither a password nor parameters.
fn address(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else { return "an address that cannot be read".to_owned() };
    let hides = !url.username().is_empty() || url.password().is_some() || url.query().is_some();
    // An address of this kind takes both.
    let _ = (url.set_username(""), url.set_password(None));
    url.set_query(None);
    url.set_fragment(None);
    format!("{}{}", clean(url.as_str()), if hides { " (with more that is not shown)" } else { "" })
}

fn spending(settings: &ModelSettings, spent: crate::store::Spent) -> Vec<(&'static str, String)> {
    let of = |limit: Option<String>| limit.map(|limit| format!(" of {limit}")).unwrap_or_default();
    let mut rows = vec![(
        "Tokens today (UTC)",
        format!("{}{}", spent.tokens, of(settings.tokens_per_day.map(|most| most.to_string()))),
    )];
    if settings.price.is_some() {
        let cost = spent.cost as f64 / 1_000_000.0;
        rows.push(("Cost today", format!("{cost:.4}{}", of(settings.cost_per_day.map(|most| most.to_string())))));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_shown_without_secrets() {
        let check = |given: &str, expected: &str| assert_eq!(address(given), expected);
        check("https://api.openai.com/v1", "https://api.openai.com/v1");
        check(
            "https://me:s3cret@llm.acme.example/v1?key=s3cret#s3cret",
            "https://llm.acme.example/v1 (with more that is not shown)",
        );
        check("no address", "an address that cannot be read");
    }
}
