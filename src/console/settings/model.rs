//! What reads: the model of the settings or rules alone, within which limits,
//! with the setting and the variable of each value, what it cost today, and a
//! button that has it read one made-up mail. Never a key.

use std::path::PathBuf;

use askama::Template;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;

use crate::access::roles::Ability;
use crate::app::{Finding, Refusal};
use crate::config::{LeftOut, ModelSettings};
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

/// Label, value, setting, and whether it is as it comes.
type Row = (&'static str, String, &'static str, bool);

/// Every setting of the model that is no secret.
fn values(set: &ModelSettings, reader: Option<(&'static str, LeftOut)>) -> Vec<Value> {
    let value = |(label, value, key, is_default): Row| Value {
        label,
        value,
        key,
        variable: format!("BATON_{}", key.to_uppercase().replace('.', "__")),
        is_default,
    };
    let rows = [who(set), how(set, reader), limits(set), costs(set), folders(set)];
    rows.into_iter().flatten().map(value).collect()
}

fn or(value: Option<String>, otherwise: &str) -> String {
    value.unwrap_or_else(|| otherwise.to_owned())
}

/// Who is asked.
fn who(set: &ModelSettings) -> Vec<Row> {
    let names = |all: Vec<&String>| if all.is_empty() { "none".to_owned() } else { clean(&wording::join(&all, "and")) };
    let is_usual = set.base_url == ModelSettings::default().base_url;
    let key = if set.key.is_some() { "set" } else { "none" };
    vec![
        ("Name", or(set.name.as_deref().map(clean), "none"), "model.name", set.name.is_none()),
        ("Endpoint", address(&set.base_url), "model.base_url", is_usual),
        ("Key", key.to_owned(), "model.key", set.key.is_none()),
        ("Further headers", names(set.headers.keys().collect()), "model.headers", set.headers.is_empty()),
        ("Further parameters", names(set.query.keys().collect()), "model.query", set.query.is_empty()),
    ]
}

/// How it is asked.
fn how(set: &ModelSettings, reader: Option<(&'static str, LeftOut)>) -> Vec<Row> {
    let left_out = reader.map_or("nothing to decide", |(_, left_out)| match left_out {
        LeftOut::Confirm => "confirm",
        LeftOut::Stands => "stands",
    });
    let form = reader.map_or("none", |(form, _)| form);
    vec![
        ("Form of answers", form.to_owned(), "model.answer_form", set.answer_form.is_none()),
        ("What it leaves out", left_out.to_owned(), "model.left_out", set.left_out.is_none()),
    ]
}

/// How much it is asked at once, and for how long it is waited.
fn limits(set: &ModelSettings) -> Vec<Row> {
    let usual = ModelSettings::default();
    let most = set.max_output_tokens.map(|most| most.to_string());
    let seconds = |value: u64| format!("{value} s");
    let (context, window) = (set.context_tokens, set.window_tokens);
    let (whole, reach) = (set.timeout_seconds, set.connect_seconds);
    let is_whole = whole == usual.timeout_seconds;
    vec![
        ("Tokens of a call", context.to_string(), "model.context_tokens", context == usual.context_tokens),
        ("Tokens of a window", window.to_string(), "model.window_tokens", window == usual.window_tokens),
        ("Tokens of an answer", or(most.clone(), "what the route needs"), "model.max_output_tokens", most.is_none()),
        ("Time for a call", seconds(whole), "model.timeout_seconds", is_whole),
        ("Time to reach it", seconds(reach), "model.connect_seconds", reach == usual.connect_seconds),
        ("Calls at a time", set.concurrency.to_string(), "model.concurrency", set.concurrency == usual.concurrency),
        ("Repeats", set.retries.to_string(), "model.retries", set.retries == usual.retries),
    ]
}

/// What it may cost.
fn costs(set: &ModelSettings) -> Vec<Row> {
    let number = |value: Option<u64>| or(value.map(|value| value.to_string()), "no limit");
    let price = set.price.map(|price| format!("{} in, {} out", price.input, price.output));
    let cost = set.cost_per_day.map(|cost| cost.to_string());
    let (handoff, day) = (set.tokens_per_handoff, set.tokens_per_day);
    vec![
        ("Price of a million tokens", or(price.clone(), "not known"), "model.price", price.is_none()),
        ("Tokens of a handoff", number(handoff), "model.tokens_per_handoff", handoff.is_none()),
        ("Tokens of a day", number(day), "model.tokens_per_day", day.is_none()),
        ("Cost of a day", or(cost.clone(), "no limit"), "model.cost_per_day", cost.is_none()),
    ]
}

/// Where its words come from and go to.
fn folders(set: &ModelSettings) -> Vec<Row> {
    let row = |label, folder: &Option<PathBuf>, otherwise: &str, key| {
        let shown = folder.as_ref().map(|path| clean(&path.display().to_string()));
        (label, or(shown, otherwise), key, folder.is_none())
    };
    vec![
        row("Prompts", &set.prompts, "those of the program", "model.prompts"),
        row("Replies are recorded in", &set.record, "none", "model.record"),
        row("Replies are read from", &set.replay, "none", "model.replay"),
    ]
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
