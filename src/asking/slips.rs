//! The words of short mails that ask nothing: the code that opens a personal
//! link, invitations, and notices about endpoints and people who cannot be reached. Names from outside stand on
//! one line, cut to a length, and escaped.

use askama::Template;
use serde_json::Value as Json;

use super::letters::{SHORT, Words, count, short};

const SENDER: &str = crate::intake::SENT_BY;

#[derive(Debug, Template)]
#[template(path = "letters/slip.html")]
struct Page<'a> {
    subject: &'a str,
    heading: &'a str,
    digits: &'a str,
    lines: &'a [String],
    footer: &'a [String],
}

#[derive(Debug, Template)]
#[template(path = "letters/slip.txt", escape = "none")]
struct Plain<'a> {
    heading: &'a str,
    digits: &'a str,
    lines: &'a [String],
    footer: &'a [String],
}

/// The mail with the code for a link. `name` is what the handoff is called, `minutes` how long the code is good. The
/// digits stand in the mail alone, not in its subject, which screens show while they are locked.
pub fn write_code(name: &str, digits: &str, minutes: i64) -> Words {
    let name = short(name, SHORT);
    let lines = [
        format!("Type it in the window in which you opened your personal link for {name}."),
        format!("It is good for {minutes} minutes, once, and in that browser alone."),
        "If you did not ask for it, somebody else has opened your link: do nothing and pass the code to nobody. \
         Without it nobody gets in."
            .to_owned(),
    ];
    written((&format!("{name}: your code"), "Your code", digits), &lines, &[SENDER.to_owned()])
}

/// The mail that brings an invitation to become a member. `until` is the day on which it ends.
pub fn write_invitation((by, role): (&str, &str), link: &str, until: &str) -> Words {
    let by = short(by, SHORT);
    let lines = [
        format!("{by} invites you to Baton, where work is handed from one team to another, as {role}."),
        "Open this address to choose your password:".to_owned(),
        link.to_owned(),
        format!("It is for you alone, works once, and until {until}. If you did not expect it, do nothing."),
    ];
    written((&format!("{by} invites you to Baton"), "Your invitation", ""), &lines, &[SENDER.to_owned()])
}

/// The notice that an endpoint is told nothing more.
pub fn write_disabled((host, endpoint): (&str, &str), reason: &str) -> Words {
    let host = short(host, SHORT);
    let why = match reason {
        "gone" => "It answered that it is gone (410).",
        _ => "Nothing arrived there for five days.",
    };
    let lines = [
        why.to_owned(),
        "It is disabled: nothing more is sent there.".to_owned(),
        format!(
            "When it works again, enable it with PATCH /v1/endpoints/{endpoint}, and have what it missed sent with \
             POST /v1/endpoints/{endpoint}/replay."
        ),
    ];
    let heading = format!("Webhooks to {host} are switched off");
    written((&heading, &heading, ""), &lines, &footer(endpoint))
}

/// The notice that messages to an endpoint were given up, so many since the last notice.
pub fn write_exhausted((host, endpoint): (&str, &str), messages: u32) -> Words {
    let host = short(host, SHORT);
    let messages = count(usize::try_from(messages).unwrap_or(usize::MAX), "message");
    let lines = [
        format!(
            "Each was tried ten times over three days. GET /v1/endpoints/{endpoint}/deliveries says what came back."
        ),
        format!("When the receiver works again, POST /v1/endpoints/{endpoint}/replay sends them once more."),
    ];
    let heading = format!("{messages} to {host} could not be delivered");
    written((&heading, &heading, ""), &lines, &footer(endpoint))
}

/// The notice that messages to people were given up, so many since the last notice. Names nobody: it goes to whoever
/// looks after Baton, who need not know whom it is about.
pub fn write_undeliverable(messages: u32) -> Words {
    let messages = count(usize::try_from(messages).unwrap_or(usize::MAX), "message");
    let lines = [
        "The mail server or Slack refused for good, or every attempt failed for hours.".to_owned(),
        "GET /v1/outbox and baton outbox show them under the state failed, each with what came back. Baton doctor tries \
         the ways that messages take."
            .to_owned(),
        "Whoever answers for the handoff when it stands still is told too, where the route names somebody who can be \
         reached."
            .to_owned(),
    ];
    let heading = format!("{messages} to people could not be delivered");
    let footer = ["You are told because outbound.notify names your address.".to_owned(), SENDER.to_owned()];
    written((&heading, &heading, ""), &lines, &footer)
}

/// The message that somebody sends to themselves, to see whether it arrives.
pub fn write_trial(by: &str) -> Words {
    let by = short(by, SHORT);
    let lines = [
        "This is a test. It came the way that messages to people take: whoever is asked something can be reached."
            .to_owned(),
        format!("{by} asked for it on the page of notifications. There is nothing to do."),
    ];
    let (subject, footer) = ("A test message from Baton", [SENDER.to_owned()]);
    let page = super::letters::Page {
        subject,
        preview: subject,
        eyebrow: "",
        heading: subject,
        intro: &lines,
        items: &[],
        button: "",
        link: "",
        footer: &footer,
        by_mail: &[],
    };
    Words { blocks: super::slack::blocks(&page), ..written((subject, subject, ""), &lines, &footer) }
}

fn footer(endpoint: &str) -> [String; 2] {
    [format!("You are told because outbound.notify names your address. Endpoint {endpoint}."), SENDER.to_owned()]
}

fn written((subject, heading, digits): (&str, &str, &str), lines: &[String], footer: &[String]) -> Words {
    // Writing into a string does not fail.
    let text = Plain { heading, digits, lines, footer }.render().unwrap_or_default();
    let html = Page { subject, heading, digits, lines, footer }.render().unwrap_or_default();
    Words { subject: subject.to_owned(), text, html, blocks: Json::Null }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_stands_in_the_mail_and_not_in_its_subject() {
        let words = write_code("Northwind <b>\r\nBcc: x", "012345", 10);
        assert_eq!(words.subject, "Northwind <b> Bcc: x: your code");
        assert!(words.text.contains("\n\n012345\n\n") && words.html.contains(">012345<"), "{}", words.text);
        assert!(words.html.contains("Northwind &#60;b&#62;") && !words.html.contains("<b>"), "{}", words.html);
        assert!(!words.html.contains("<a ") && !words.html.contains("<img"), "nothing to follow: the window is open");
    }

    #[test]
    fn an_invitation_says_who_and_where() {
        let link = "https://baton.acme.example/setup/inv_1.k.m";
        let words = write_invitation(("Marcus <Lee>\r\nBcc: x", "viewer"), link, "10 March 2026");
        assert_eq!(words.subject, "Marcus <Lee> Bcc: x invites you to Baton");
        assert!(
            words.text.contains(&format!("\n{link}\n")) && words.text.contains("until 10 March 2026"),
            "{}",
            words.text
        );
        assert!(words.html.contains(link) && !words.html.contains("<Lee>"), "{}", words.html);
    }

    #[test]
    fn notices_say_what_to_do() {
        let words = write_disabled(("hooks.northwind.example", "end_1"), "failing");
        assert_eq!(words.subject, "Webhooks to hooks.northwind.example are switched off");
        assert!(
            words.text.contains("five days") && words.text.contains("/v1/endpoints/end_1/replay"),
            "{}",
            words.text
        );
        assert!(write_disabled(("h", "end_1"), "gone").text.contains("410"));
        assert_eq!(write_exhausted(("h", "end_1"), 1).subject, "1 message to h could not be delivered");
        assert_eq!(write_exhausted(("h", "end_1"), 12).subject, "12 messages to h could not be delivered");
        let words = write_undeliverable(1);
        assert_eq!(words.subject, "1 message to people could not be delivered");
        assert!(words.text.contains("/v1/outbox"), "{}", words.text);
    }

    #[test]
    fn a_trial_has_every_form_and_names_who_asked() {
        let words = write_trial("Dana <b>\r\nBcc: x");
        assert!(words.has_mail() && words.has_slack());
        assert!(words.text.contains("Dana <b> Bcc: x asked for it") && !words.html.contains("<b>"), "{}", words.html);
        assert!(words.blocks.to_string().contains("Dana &lt;b&gt;"), "{}", words.blocks);
    }
}
