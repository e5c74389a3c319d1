//! How people are reached: whether mail and Slack are set up and work, what
//! waits and what failed, a test message to oneself, and the outbox.

use askama::Template;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use jiff::Timestamp;
use secrecy::ExposeSecret;

use super::{ago, ahead};
use crate::access::roles::Ability;
use crate::app::{App, Reached, Refusal, TestWay};
use crate::asking::{Person, Purpose};
use crate::console::form::Form;
use crate::console::frame::{Frame, Place};
use crate::console::guard::{Here, refused};
use crate::console::{Console, Shown};
use crate::rendering::clean;
use crate::store::{Letter, SlipAbout, SlipSeen};
use crate::web::{Typed, answer, go_to};
use crate::wording;

const NEED: Option<Ability> = Some(Ability::EditMembers);
/// Messages on a page.
const PAGE: u32 = 25;
/// Where a message may stand, with what that is called.
const STATES: [(&str, &str); 4] =
    [("waiting", "Waiting"), ("sending", "On their way"), ("sent", "Sent"), ("failed", "Failed")];

#[derive(Template)]
#[template(path = "console/settings/notifications.html")]
struct NotificationsPage {
    frame: Frame,
    form: Form,
    done: &'static str,
    own_address: String,
    ways: Vec<WayShown>,
    has_mail: bool,
    has_slack: bool,
    notify: String,
    chips: Vec<Chip>,
    letters: Vec<Listed>,
    first: String,
    next: String,
    mailed: Vec<Listed>,
}

/// A way to people.
struct WayShown {
    name: &'static str,
    label: &'static str,
    class: &'static str,
    lines: Vec<String>,
}

/// A filter of the outbox.
struct Chip {
    path: String,
    name: &'static str,
    count: u64,
    is_current: bool,
}

/// A message as the outbox lists it.
struct Listed {
    subject: String,
    to: String,
    channel: String,
    when: String,
    state: String,
    class: &'static str,
    problem: String,
    handoff: String,
}

/// Which part of the outbox is looked at.
#[derive(Debug, Clone, Copy, Default)]
struct Wanted {
    state: Option<&'static str>,
    before: Option<i64>,
}

/// `GET /settings/notifications`.
pub(super) async fn show(State(console): State<Console>, RawQuery(query): RawQuery, parts: Parts) -> Shown {
    let here = console.asked(&parts, NEED).await?;
    let query = Typed::read(query.unwrap_or_default().as_bytes());
    let done = match query.one("done") {
        "test" => "The test message is on its way. It stands in the outbox below.",
        _ => "",
    };
    let state = STATES.iter().map(|(word, _)| *word).find(|word| *word == query.one("state"));
    let wanted = Wanted { state, before: query.one("before").parse().ok() };
    page(&console, &here, (StatusCode::OK, Form::default(), done), wanted).await
}

/// `POST /settings/notifications`: a message to oneself.
pub(super) async fn test(State(console): State<Console>, parts: Parts, body: Bytes) -> Shown {
    let (here, typed) = console.sent((&parts, &body), NEED).await?;
    let way = match typed.one("way") {
        "slack" => TestWay::Slack(typed.one("slack").to_owned()),
        _ => TestWay::Mail,
    };
    match console.app.send_test_message(&here.visitor, way).await {
        Ok(()) => Ok(go_to("/settings/notifications?done=test#outbox")),
        Err(Refusal::Invalid(problems)) => {
            let form = Form::refused(typed, &problems, &[("way", "test")]);
            page(&console, &here, (StatusCode::UNPROCESSABLE_ENTITY, form, ""), Wanted::default()).await
        }
        Err(refusal) => Err(refused(&here, &refusal)),
    }
}

async fn page(
    console: &Console,
    here: &Here,
    (status, form, done): (StatusCode, Form, &'static str),
    wanted: Wanted,
) -> Shown {
    let wrong = |fault: crate::store::Fault| refused(here, &fault.into());
    let app = &console.app;
    let mut reached = app.reached(&here.visitor, (wanted.state, wanted.before, PAGE + 1)).await.map_err(wrong)?;
    let mut found = std::mem::take(&mut reached.letters);
    let has_more = found.len() > PAGE as usize;
    found.truncate(PAGE as usize);
    let filtered = wanted.state.map(|state| format!("state={state}&")).unwrap_or_default();
    let next = found.last().filter(|_| has_more);
    let next = next.map(|last| format!("/settings/notifications?{filtered}before={}#outbox", last.place));
    let now = app.now();
    let page = NotificationsPage {
        frame: Frame::of(here, Some(Place::Notifications)),
        done,
        own_address: clean(&here.visitor.member.email),
        ways: vec![mail(app, &reached, now), slack(app, &reached, now)],
        has_mail: app.settings.mail.url.is_some(),
        has_slack: app.settings.slack.is_set(),
        notify: clean(&wording::join(&app.settings.outbound.notify, "and")),
        chips: chips(&reached.counts, wanted),
        letters: found.iter().map(|letter| listed(app, letter, now)).collect(),
        first: match wanted.before {
            Some(_) => format!("/settings/notifications?{filtered}#outbox"),
            None => String::new(),
        },
        next: next.unwrap_or_default(),
        mailed: reached.mailed.iter().map(|slip| mailed(slip, now)).collect(),
        form,
    };
    Ok(answer(status, &page))
}

fn mail(app: &App, reached: &Reached, now: Timestamp) -> WayShown {
    let settings = &app.settings.mail;
    let Some(url) = &settings.url else {
        let lines = vec![
            "Messages wait in the outbox. Set mail.url and mail.from (BATON_MAIL__URL, BATON_MAIL__FROM).".to_owned(),
        ];
        return WayShown { name: "Mail", label: "Not set up", class: "caution", lines };
    };
    // It holds a password: host and port alone are shown.
    let host = url::Url::parse(url.expose_secret()).ok().and_then(|url| {
        let host = url.host_str()?.to_owned();
        Some(url.port().map_or(host.clone(), |port| format!("{host}:{port}")))
    });
    let mut lines = vec![format!("Through {}, from {}.", clean(&host.unwrap_or_default()), clean(&settings.from))];
    lines.push(match &settings.reply_to {
        Some(address) => format!("Answers go to {}.", clean(address)),
        None => "Answers by mail are not taken: mail.reply_to is not set.".to_owned(),
    });
    way("Mail", ("email", lines), (app, reached), now)
}

fn slack(app: &App, reached: &Reached, now: Timestamp) -> WayShown {
    let settings = &app.settings.slack;
    let line = match (&settings.token, &settings.webhook) {
        (Some(_), _) => "People with a Slack id are written to by the bot.",
        (None, Some(_)) => "Everything for people with a Slack id goes to the one channel of an incoming webhook.",
        (None, None) => {
            let lines = vec![
                "People are written to by mail alone. Set slack.token or slack.webhook (BATON_SLACK__TOKEN, \
                 BATON_SLACK__WEBHOOK) to use it."
                    .to_owned(),
            ];
            return WayShown { name: "Slack", label: "Not set up", class: "", lines };
        }
    };
    way("Slack", ("slack", vec![line.to_owned()]), (app, reached), now)
}

/// A way that is set up: what waits for it, and what went wrong last.
fn way(
    name: &'static str,
    (channel, mut lines): (&'static str, Vec<String>),
    (_, reached): (&App, &Reached),
    now: Timestamp,
) -> WayShown {
    let unsent = reached.unsent.iter().find(|one| one.channel == channel);
    let waiting = unsent.map_or(0, |one| one.count);
    lines.push(match unsent.filter(|one| one.count > 0) {
        None => "Nothing waits for it.".to_owned(),
        Some(one) => {
            let count =
                wording::counted(usize::try_from(one.count).unwrap_or(usize::MAX), "message waits", "messages wait");
            format!("{count}, the oldest for {}.", wording::lasting(one.oldest))
        }
    });
    let last = reached.troubled.iter().find(|(other, _)| *other == channel).map(|(_, letter)| letter);
    lines.extend(last.map(|letter| {
        let problem = letter.problem.as_deref().map(clean).unwrap_or_default();
        let when = if letter.state == "failed" { "given up" } else { "tried again" };
        format!("The last that did not leave, from {}: {problem} ({when}).", ago(letter.created_at, now))
    }));
    let is_overdue = unsent.is_some_and(crate::app::Unsent::is_overdue);
    let (label, class) = match (is_overdue, waiting) {
        (true, _) => ("Does not work", "bad"),
        (false, 0) => ("Set up", "good"),
        (false, _) => ("Messages wait", "caution"),
    };
    WayShown { name, label, class, lines }
}

fn chips(counts: &[(String, u64)], wanted: Wanted) -> Vec<Chip> {
    let of = |word: &str| counts.iter().find(|(state, _)| state == word).map_or(0, |(_, count)| *count);
    let all = Chip {
        path: "/settings/notifications#outbox".to_owned(),
        name: "All",
        count: counts.iter().map(|(_, count)| count).sum(),
        is_current: wanted.state.is_none(),
    };
    let one = |(word, name): (&'static str, &'static str)| Chip {
        path: format!("/settings/notifications?state={word}#outbox"),
        name,
        count: of(word),
        is_current: wanted.state == Some(word),
    };
    std::iter::once(all).chain(STATES.into_iter().map(one).filter(|chip| chip.count > 0 || chip.is_current)).collect()
}

fn listed(app: &App, letter: &Letter, now: Timestamp) -> Listed {
    let person = letter.person.clone().unwrap_or_default();
    let (state, class) = match letter.state.as_str() {
        "sent" => (format!("sent {}", letter.sent_at.map(|at| ago(at, now)).unwrap_or_default()), "good"),
        "failed" => ("failed".to_owned(), "bad"),
        "sending" => ("on its way".to_owned(), "caution"),
        _ if letter.next_at > now => {
            let what = if letter.attempts > 0 { "tried again" } else { "leaves" };
            (format!("{what} {}", ahead(letter.next_at, now)), "caution")
        }
        _ => ("waits".to_owned(), "caution"),
    };
    Listed {
        subject: clean(&letter.words.subject),
        to: clean(&to(&person)),
        channel: match app.channel_of(letter).as_str() {
            "email" => "mail".to_owned(),
            "slack" => "Slack".to_owned(),
            _ => String::new(),
        },
        when: ago(letter.created_at, now),
        state,
        class,
        problem: letter.problem.as_deref().map(clean).unwrap_or_default(),
        // A test is about none.
        handoff: if letter.purpose == Purpose::Test { String::new() } else { letter.handoff.0.clone() },
    }
}

fn to(person: &Person) -> String {
    match (&person.name, person.email.as_ref().or(person.slack.as_ref())) {
        (Some(name), Some(address)) => format!("{name} <{address}>"),
        (Some(name), None) => name.clone(),
        (None, Some(address)) => address.clone(),
        (None, None) => "nobody: nobody is known".to_owned(),
    }
}

fn mailed(slip: &SlipSeen, now: Timestamp) -> Listed {
    let subject = match &slip.about {
        SlipAbout::Code { .. } => "A code for a personal link",
        SlipAbout::Invitation { .. } => "An invitation",
        SlipAbout::EndpointDisabled { .. } => "Notice: an endpoint is switched off",
        SlipAbout::DeliveryExhausted { .. } => "Notice: messages to an endpoint were given up",
        SlipAbout::MessageUndeliverable { .. } => "Notice: messages to people were given up",
    };
    let (state, class) = match slip.state.as_str() {
        "sent" => ("sent", "good"),
        "failed" => ("failed", "bad"),
        "sending" => ("on its way", "caution"),
        _ => ("waits", "caution"),
    };
    Listed {
        subject: subject.to_owned(),
        to: clean(&slip.email),
        channel: "mail".to_owned(),
        when: ago(slip.created_at, now),
        state: state.to_owned(),
        class,
        problem: slip.problem.as_deref().map(clean).unwrap_or_default(),
        handoff: String::new(),
    }
}
