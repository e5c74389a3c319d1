//! `baton doctor`: is everything in place, down to one tiny handoff that is
//! really read. Each check says what it found, and each failure its mend.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::engine::{open_model, runtime};
use super::failure::{Failure, Status};
use super::output::Output;
use crate::app::count_unsent;
use crate::brief::{Brief, Engine, EngineKind, FieldState, Usage};
use crate::config::{self, ModelSettings, Settings};
use crate::conversation::Conversation;
use crate::intake::{self, Input, Options};
use crate::llm::{self, Reader};
use crate::outbound::{AllowList, Mailer, Slack};
use crate::pipeline::{self, Reading, Request, Rules};
use crate::route::{self, Route};
use crate::store::{self, Fault, PassageCounts, Store};

#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 everything works · 1 something does not · 2 the settings are wrong")]
pub(super) struct DoctorArguments {
    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// Ask neither the model nor the mail server nor Slack: nothing leaves this machine
    #[arg(long)]
    offline: bool,
}

/// What one check found.
struct Finding {
    subject: &'static str,
    result: Result<String, Problem>,
}

struct Problem {
    what: String,
    mend: String,
}

/// One mail with one fact in it, made up, so that no customer's words are needed.
const MAIL: &str = "From: Ada Example <ada@customer.example>\r\nDate: Tue, 3 Mar 2026 09:00:00 +0000\r\nSubject: Start\r\n\r\n\
                    Hello, we go live on July 15, 2026. Regards, Ada\r\n";
const ROUTE: &str =
    "id: doctor-check\nfields:\n  - {key: go_live_date, label: Go-live date, type: date, cues: [go live]}\n";

pub(super) fn run(arguments: DoctorArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let mut findings = vec![settings_found(&arguments, &settings), routes_found(), rules_read()];
    let lacks = settings.mail_missing().into_iter();
    findings.extend(lacks.map(|lack| wrong("mail", lack, "name a mail server as mail.url, or take that setting back")));
    match &settings.model.name {
        None => findings
            .push(ok("model", "none is named, so rules read alone; name one as BATON_MODEL__NAME or in baton.toml")),
        Some(name) => findings.extend(model_found(name, &settings.model, arguments.offline)?),
    }
    findings.extend(runtime()?.block_on(ways_found(&settings, arguments.offline)));
    findings.extend(runtime()?.block_on(unsent_found(&settings)));
    findings.extend(runtime()?.block_on(search_found(&settings)));
    let failed = findings.iter().filter(|finding| finding.result.is_err()).count();
    let mut text: String = findings.iter().map(line).collect();
    text.push_str(&match failed {
        0 => "\nEverything works.\n".to_owned(),
        1 => "\nOne thing does not work.\n".to_owned(),
        many => format!("\n{many} things do not work.\n"),
    });
    Output::new(None)?.write(&text)?;
    Ok(if failed == 0 { Status::Done } else { Status::Failed })
}

fn ok(subject: &'static str, what: impl Into<String>) -> Finding {
    Finding { subject, result: Ok(what.into()) }
}

fn wrong(subject: &'static str, what: impl Into<String>, mend: impl Into<String>) -> Finding {
    Finding { subject, result: Err(Problem { what: what.into(), mend: mend.into() }) }
}

fn line(finding: &Finding) -> String {
    match &finding.result {
        Ok(what) => format!("ok     {:<14} {what}\n", finding.subject),
        Err(problem) => {
            format!("FAILED {:<14} {}\n       {:<14} mend: {}\n", finding.subject, problem.what, "", problem.mend)
        }
    }
}

fn settings_found(arguments: &DoctorArguments, settings: &Settings) -> Finding {
    let file = arguments.settings.clone().unwrap_or_else(|| PathBuf::from(config::FILE));
    let from = if file.is_file() { file.display().to_string() } else { "no file".to_owned() };
    let domains = match settings.our_domains.as_slice() {
        [] => "our_domains is empty, so nobody's side is known unless --our-domain names it".to_owned(),
        all => format!("our side is {}", all.join(", ")),
    };
    ok("settings", format!("{from} and the environment; {domains}"))
}

fn routes_found() -> Finding {
    let shipped = route::shipped();
    match shipped.iter().find_map(|(name, text)| route::load(name, text).err()) {
        None => ok("routes", format!("{} come with the program", shipped.len())),
        Some(_) => wrong("routes", "a route that comes with the program does not load", "install the program again"),
    }
}

fn rules_read() -> Finding {
    let Some((route, conversation)) = sample() else {
        return wrong("rules", "the check's own route does not load", "install the program again");
    };
    let as_of = jiff::Timestamp::UNIX_EPOCH;
    let brief = pipeline::run(Request { route: &route, conversation, known: &[], as_of }).brief;
    match found(&brief) {
        true => ok("rules", "read one date out of one mail, with its quote"),
        false => wrong("rules", "one date in one mail was not read", "install the program again"),
    }
}

fn sample() -> Option<(Route, Conversation)> {
    let route = route::load("doctor.yaml", ROUTE).ok()?;
    let input = Input { name: "doctor.eml".into(), bytes: MAIL.into(), kind: None, format: None };
    Some((route, intake::read(vec![input], &Options::of(&[]))))
}

fn found(brief: &Brief) -> bool {
    brief
        .fields
        .find("go_live_date")
        .is_some_and(|field| field.state == FieldState::Found && !field.evidence.is_empty())
}

fn model_found(name: &str, settings: &ModelSettings, offline: bool) -> Result<Vec<Finding>, Failure> {
    let host = url::Url::parse(&settings.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let key = if settings.key.is_some() { "with a key" } else { "without a key" };
    let mut findings = vec![ok(
        "model",
        format!("{name} at {}, {key}", host.unwrap_or_else(|| "an address without a host".to_owned())),
    )];
    let reader = match open_model(settings) {
        Ok(reader) => reader,
        Err(failure) => {
            findings.push(wrong("prompts", failure.message(), "mend the setting or the file that is named"));
            return Ok(findings);
        }
    };
    findings.push(ok("prompts", format!("{}, answers as {}", reader.prompt_version(), reader.form())));
    findings.push(counter(name));
    if offline {
        findings.push(ok("endpoint", "not asked"));
        return Ok(findings);
    }
    findings.extend(asked(&reader)?);
    Ok(findings)
}

fn counter(name: &str) -> Finding {
    let started = Instant::now();
    let counter = llm::budget::Counter::new(name);
    let tokens = counter.count(MAIL);
    let vocabulary = match counter.knows_model() {
        true => "the model's own vocabulary",
        false => "OpenAI's newest vocabulary in place of the model's own, with 15 % to spare",
    };
    ok("token counter", format!("{vocabulary}; loaded in {} ms, counts {tokens}", started.elapsed().as_millis()))
}

/// Has the model read the sample, and says what it found or how to mend it.
fn asked(reader: &Reader) -> Result<Vec<Finding>, Failure> {
    let Some((route, conversation)) = sample() else { return Ok(Vec::new()) };
    let started = Instant::now();
    let read = runtime()?.block_on(reader.read(&route, &conversation));
    let (first, _) = match read {
        Ok(read) => read,
        Err(error) => return Ok(vec![wrong("prompts", error.to_string(), "mend the file that is named")]),
    };
    if let Some(part) = first.unread.first() {
        return Ok(vec![wrong("endpoint", part.why.to_string(), mend(&part.why))]);
    }
    let spoken = reader.spoken_form().unwrap_or_else(|| "recorded replies".to_owned());
    let answered = format!("answered in {} ms, speaks {spoken}", started.elapsed().as_millis());
    let reading = Reading {
        told: first.told,
        engine: Engine { kind: EngineKind::Llm, model: None, prompt: None, degraded: false },
        coverage: first.coverage,
        warnings: Vec::new(),
        rules: Rules::Aside,
        left_out: reader.left_out(),
        usage: Usage::default(),
    };
    let as_of = jiff::Timestamp::UNIX_EPOCH;
    let brief = pipeline::run_with(Request { route: &route, conversation, known: &[], as_of }, &reading).brief;
    let read = match found(&brief) {
        true => ok("reading", "the model read one date out of one mail, and its quote is true"),
        false => wrong(
            "reading",
            "the model answered, but did not quote one date out of one mail",
            "try the other answer form (model.answer_form = \"fields\" or \"records\"), or a more capable model",
        ),
    };
    Ok(vec![ok("endpoint", answered), read])
}

/// Whether messages to people leave, where there is a service of which that can be told.
async fn unsent_found(settings: &Settings) -> Option<Finding> {
    let folder = settings.data_dir.clone();
    if !folder.join(store::FILE).is_file() {
        return None;
    }
    let counted = async {
        let store = Store::open_beside(&store::Options { folder }).await?;
        let counted = count_unsent(&store, settings, jiff::Timestamp::now()).await;
        store.close().await;
        counted
    };
    Some(match counted.await {
        Err(fault) => wrong("messages", fault.to_string(), "look at data_dir and who may read it"),
        Ok(all) => match all.iter().find(|one| one.is_overdue()) {
            None => ok("messages", "none waits for longer than it should"),
            Some(one) => wrong(
                "messages",
                format!("{} wait for {}, the oldest for {} minutes", one.count, one.channel, one.oldest.as_mins()),
                "mend that way as said above; they leave by themselves then, and `baton outbox` shows them",
            ),
        },
    })
}

/// Whether search finds what is there, where there is a service of which that can be told.
async fn search_found(settings: &Settings) -> Option<Finding> {
    let folder = settings.data_dir.clone();
    if !folder.join(store::FILE).is_file() {
        return None;
    }
    let counted = async {
        let store = Store::open_beside(&store::Options { folder }).await?;
        let mut reader = store.reader().await?;
        let mut all = PassageCounts::default();
        for workspace in store::list_workspaces(&mut reader).await? {
            let counts = store::count_passages(&mut reader, &workspace).await?;
            all.passages += counts.passages;
            all.indexed += counts.indexed;
            all.waiting += counts.waiting;
        }
        drop(reader);
        store.close().await;
        Ok::<_, Fault>(all)
    };
    Some(match counted.await {
        Err(fault) => wrong("search", fault.to_string(), "look at data_dir and who may read it"),
        Ok(PassageCounts { passages, indexed, .. }) if passages != indexed => wrong(
            "search",
            format!("{passages} passages are there, and the index knows of {indexed}"),
            "run `baton reindex`; nothing is lost, search alone finds less or more than there is",
        ),
        Ok(PassageCounts { passages, waiting: 0, .. }) => ok("search", format!("{passages} passages, all indexed")),
        Ok(PassageCounts { passages, waiting, .. }) => ok(
            "search",
            format!(
                "{passages} passages, all indexed; {waiting} handoffs wait to be looked at, by the service or `baton reindex`"
            ),
        ),
    })
}

/// Whether people can be written to: each way that is set up is tried as far as that sends nothing.
async fn ways_found(settings: &Settings, offline: bool) -> Vec<Finding> {
    const MAIL: &str =
        "look at mail.url (smtps:// or smtp://…?tls=required, user and password in it) and at the firewall";
    const SLACK: &str = "look at slack.token: a bot's token begins with xoxb- and needs chat:write and im:write";
    let (mailer, slack) = (Mailer::open(&settings.mail), Slack::open(&settings.slack));
    let mail = match mailer {
        Err(problem) => wrong("mail", problem, MAIL),
        Ok(None) => ok("mail", "not set up, so messages wait in the outbox; set mail.url and mail.from"),
        Ok(Some(_)) if offline => ok("mail", "set up; not tried"),
        Ok(Some(mailer)) => match mailer.try_out().await {
            Ok(()) => ok("mail", "the server takes us; nothing was sent"),
            Err(problem) => wrong("mail", problem, MAIL),
        },
    };
    let slack = match slack {
        Err(problem) => wrong("slack", problem, SLACK),
        Ok(None) => ok("slack", "not set up"),
        Ok(Some(_)) if offline => ok("slack", "set up; not tried"),
        Ok(Some(slack)) => match slack.try_out().await {
            Ok(true) => ok("slack", "Slack knows the token; nothing was sent"),
            Ok(false) => ok("slack", "an incoming webhook is set up; it can be tried by a message alone"),
            Err(problem) => wrong("slack", problem, SLACK),
        },
    };
    let reached = settings.base_url.is_some() || mail.result.is_err() || settings.mail.url.is_none();
    let links = match reached {
        true => ok("links", format!("lead to {}", settings.public_url())),
        false => wrong(
            "links",
            format!("mails would lead people to {}, which this machine alone can reach", settings.public_url()),
            "set base_url to the address under which people reach this service",
        ),
    };
    let outbound = match AllowList::parse(&settings.outbound.allow) {
        Ok(_) => ok("webhooks", "outbound.allow can be used"),
        Err(problem) => wrong("webhooks", format!("outbound.allow: {problem}"), "name hosts, addresses or networks"),
    };
    vec![mail, slack, links, outbound]
}

/// What a person can do about a failure.
fn mend(why: &llm::Failure) -> &'static str {
    use llm::Failure as F;
    match why {
        F::Unreachable(_) => {
            "is the server running, and is model.base_url its address up to /v1? A proxy or a firewall may stand between"
        }
        F::TimedOut(_) => "give it more time with model.timeout_seconds; a model on a small machine may need minutes",
        F::RateLimited { .. } => "wait, lower model.concurrency, or ask the provider for a higher limit",
        F::OutOfQuota => "add credit at the provider",
        F::NotAllowed(_) => "set OPENAI_API_KEY or model.key to a key that may use this model",
        F::NotFound => {
            "is model.name spelt as the endpoint knows it, and does model.base_url end with /v1 (Azure: /openai/v1)?"
        }
        F::TooLarge => "set model.context_tokens to what the model really takes",
        F::Rejected(_) => "look at the endpoint's own log; it takes none of the forms that Baton speaks",
        F::Broken(_) => "the endpoint's own log says more; try again later",
        F::Garbled(_) | F::Empty | F::Runaway | F::CutOff => {
            "try the other answer form (model.answer_form), or a more capable model"
        }
        F::Refused | F::Filtered => "the provider's filter stands in the way; try another model or deployment",
        F::SpentAllowance => "give more time with the route's limits.model",
        F::OverBudget(_) => "raise the limit in the settings, or wait for the next day",
        F::NotRecorded(_) => "record replies first, with model.record or `baton eval --record`",
    }
}
