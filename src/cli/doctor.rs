//! `baton doctor`: is everything in place, down to one tiny handoff that is
//! really read. Each check says what it found, and each failure its mend.

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use super::engine::{open_model, runtime};
use super::failure::{Failure, Status};
use super::output::Output;
use crate::app::{Clock, Finding, Provider, ProviderFault, TRIAL_MAIL, count_unsent, try_model, try_rules};
use crate::config::{self, ModelSettings, Settings};
use crate::llm::{self, Forgetful};
use crate::outbound::{AllowList, Mailer, Slack};
use crate::route;
use crate::store::{self, Fault, PassageCounts, Store};

#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 everything works · 1 something does not · 2 the settings are wrong")]
pub(super) struct DoctorArguments {
    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,

    /// Ask neither the model nor the mail server nor Slack nor the identity provider: nothing leaves this machine
    #[arg(long)]
    offline: bool,
}

pub(super) fn run(arguments: DoctorArguments) -> Result<Status, Failure> {
    let settings = config::load(arguments.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
    let mut findings = vec![settings_found(&arguments, &settings), routes_found(), try_rules()];
    let lacks = settings.mail_missing().into_iter();
    findings.extend(
        lacks.map(|lack| Finding::wrong("mail", lack, "name a mail server as mail.url, or take that setting back")),
    );
    match &settings.model.name {
        None => findings.push(Finding::ok(
            "model",
            "none is named, so rules read alone; name one as BATON_MODEL__NAME or in baton.toml",
        )),
        Some(name) => findings.extend(model_found(name, &settings.model, arguments.offline)?),
    }
    findings.extend(runtime()?.block_on(ways_found(&settings, arguments.offline)));
    findings.push(runtime()?.block_on(sign_in_found(&settings, arguments.offline)));
    findings.extend(runtime()?.block_on(unsent_found(&settings)));
    findings.extend(runtime()?.block_on(search_found(&settings)));
    findings.extend(runtime()?.block_on(super::copy::copy_found(&settings, arguments.offline)));
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
    Finding::ok("settings", format!("{from} and the environment; {domains}"))
}

fn routes_found() -> Finding {
    let shipped = route::shipped();
    match shipped.iter().find_map(|(name, text)| route::load(name, text).err()) {
        None => Finding::ok("routes", format!("{} come with the program", shipped.len())),
        Some(_) => {
            Finding::wrong("routes", "a route that comes with the program does not load", "install the program again")
        }
    }
}

fn model_found(name: &str, settings: &ModelSettings, offline: bool) -> Result<Vec<Finding>, Failure> {
    let host = url::Url::parse(&settings.base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let key = if settings.key.is_some() { "with a key" } else { "without a key" };
    let mut findings = vec![Finding::ok(
        "model",
        format!("{name} at {}, {key}", host.unwrap_or_else(|| "an address without a host".to_owned())),
    )];
    let reader = match open_model(settings) {
        Ok(reader) => reader,
        Err(failure) => {
            findings.push(Finding::wrong("prompts", failure.message(), "mend the setting or the file that is named"));
            return Ok(findings);
        }
    };
    findings.push(Finding::ok("prompts", format!("{}, answers as {}", reader.prompt_version(), reader.form())));
    findings.push(counter(name));
    if offline {
        findings.push(Finding::ok("endpoint", "not asked"));
        return Ok(findings);
    }
    findings.extend(runtime()?.block_on(try_model(&reader, &Forgetful)));
    Ok(findings)
}

fn counter(name: &str) -> Finding {
    let started = Instant::now();
    let counter = llm::budget::Counter::new(name);
    let tokens = counter.count(TRIAL_MAIL);
    let vocabulary = match counter.knows_model() {
        true => "the model's own vocabulary",
        false => "OpenAI's newest vocabulary in place of the model's own, with 15 % to spare",
    };
    Finding::ok(
        "token counter",
        format!("{vocabulary}; loaded in {} ms, counts {tokens}", started.elapsed().as_millis()),
    )
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
        Err(fault) => Finding::wrong("messages", fault.to_string(), "look at data_dir and who may read it"),
        Ok(all) => match all.iter().find(|one| one.is_overdue()) {
            None => Finding::ok("messages", "none waits for longer than it should"),
            Some(one) => Finding::wrong(
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
        Err(fault) => Finding::wrong("search", fault.to_string(), "look at data_dir and who may read it"),
        Ok(PassageCounts { passages, indexed, .. }) if passages != indexed => Finding::wrong(
            "search",
            format!("{passages} passages are there, and the index knows of {indexed}"),
            "run `baton reindex`; nothing is lost, search alone finds less or more than there is",
        ),
        Ok(PassageCounts { passages, waiting: 0, .. }) => {
            Finding::ok("search", format!("{passages} passages, all indexed"))
        }
        Ok(PassageCounts { passages, waiting, .. }) => Finding::ok(
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
        Err(problem) => Finding::wrong("mail", problem, MAIL),
        Ok(None) => Finding::ok("mail", "not set up, so messages wait in the outbox; set mail.url and mail.from"),
        Ok(Some(_)) if offline => Finding::ok("mail", "set up; not tried"),
        Ok(Some(mailer)) => match mailer.try_out().await {
            Ok(()) => Finding::ok("mail", "the server takes us; nothing was sent"),
            Err(problem) => Finding::wrong("mail", problem, MAIL),
        },
    };
    let slack = match slack {
        Err(problem) => Finding::wrong("slack", problem, SLACK),
        Ok(None) => Finding::ok("slack", "not set up"),
        Ok(Some(_)) if offline => Finding::ok("slack", "set up; not tried"),
        Ok(Some(slack)) => match slack.try_out().await {
            Ok(true) => Finding::ok("slack", "Slack knows the token; nothing was sent"),
            Ok(false) => Finding::ok("slack", "an incoming webhook is set up; it can be tried by a message alone"),
            Err(problem) => Finding::wrong("slack", problem, SLACK),
        },
    };
    let reached = settings.base_url.is_some() || mail.result.is_err() || settings.mail.url.is_none();
    let links = match reached {
        true => Finding::ok("links", format!("lead to {}", settings.public_url())),
        false => Finding::wrong(
            "links",
            format!("mails would lead people to {}, which this machine alone can reach", settings.public_url()),
            "set base_url to the address under which people reach this service",
        ),
    };
    let outbound = match AllowList::parse(&settings.outbound.allow) {
        Ok(_) => Finding::ok("webhooks", "outbound.allow can be used"),
        Err(problem) => {
            Finding::wrong("webhooks", format!("outbound.allow: {problem}"), "name hosts, addresses or networks")
        }
    };
    vec![mail, slack, links, outbound]
}

/// Whether people could sign in with the identity provider.
async fn sign_in_found(settings: &Settings, offline: bool) -> Finding {
    const SUBJECT: &str = "sign-in";
    let provider = match Provider::open(settings, Clock::default()) {
        Ok(Some(provider)) => provider,
        Ok(None) => return Finding::ok(SUBJECT, "with passwords; no identity provider is set up"),
        Err(problem) => return Finding::wrong(SUBJECT, problem, "look at sign_in.oidc.issuer and outbound.allow"),
    };
    let back = format!("enter {} there as the redirect address", provider.redirect());
    if offline {
        return Finding::ok(SUBJECT, format!("{} is set up; not tried; {back}", provider.issuer()));
    }
    let mend = match provider.try_out(jiff::Timestamp::now()).await {
        Ok(count) => return Finding::ok(SUBJECT, format!("{} publishes {count} keys; {back}", provider.issuer())),
        Err(fault) => (format!("{}: {fault}", provider.issuer()), mend_provider(&fault)),
    };
    Finding::wrong(SUBJECT, mend.0, mend.1)
}

fn mend_provider(fault: &ProviderFault) -> &'static str {
    match fault {
        ProviderFault::OtherIssuer(_) => {
            "write that into sign_in.oidc.issuer, letter by letter, if it is the right one"
        }
        ProviderFault::Unreachable(_) => {
            "can this machine reach it? Hosts inside that it names besides its own go into outbound.allow"
        }
        _ => "sign_in.oidc.issuer is the address before /.well-known/openid-configuration; open that in a browser",
    }
}
