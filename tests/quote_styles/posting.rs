//! Where people put their answers: above, below and between quoted lines, at
//! any depth and with any marks; what is said twice counts once, and a word
//! typed into a quote is never taken for a repeat.

use baton::conversation::Conversation;
use baton::intake::{Input, Options, read};

use super::{Body, Quote, check};

const DANA: &str = "Dana Whitfield";
const AT: &str = "2026-03-02T09:14";
const WROTE: &str = "On Mon, 2 Mar 2026 at 09:14, Dana Whitfield <d@n.example> wrote:";

#[test]
fn answers_stand_behind_what_they_answer() {
    check(
        "Re: Dates",
        "plain",
        &format!("{WROTE}\n> When?\n\nJune 1.\n\n> Where?\n> And who?\n\nOslo; Ife."),
        &[
            (Quote, DANA, AT, "On Mon"),
            (Body, "", "", "June 1."),
            (Quote, DANA, AT, "> Where?"),
            (Body, "", "", "Oslo; Ife."),
        ],
    );
    check(
        "Re: Dates",
        "plain",
        &format!("{WROTE}\n> When?\n\nJune 1."),
        &[(Quote, DANA, AT, "On Mon"), (Body, "", "", "June 1.")],
    );
    check(
        "Re: Dates",
        "plain",
        &format!("June 1.\n\n{WROTE}\n\nWhen?"),
        &[(Body, "", "", "June 1."), (Quote, DANA, AT, "On Mon")],
    );
}

#[test]
fn marks_of_any_kind_and_depth() {
    let deep = "> ".repeat(60);
    for marks in [">", "> ", ">> ", "> > ", ">|", ">> > ", ">\t", " > ", deep.as_str()] {
        let body = format!("Ok.\n\n{marks}June 1?\n{marks}And who?\n\nFine.");
        check("Re: Dates", "plain", &body, &[(Body, "", "", "Ok."), (Quote, "", "", ">"), (Body, "", "", "Fine.")]);
    }
}

#[test]
fn prose_is_no_header() {
    for body in [
        "On the 2026 plan, as Dana wrote:\nwe start in June.",
        "Le contrat 2026 est\nsigné.",
        "Am 02.03.2026 starten wir.",
        "Den 2 mars 2026 startar vi.",
        "From: the start\nwe said June 1.",
        "De: nada\nPara: nada",
        "a: b\ndo: it",
    ] {
        check("Dates", "plain", body, &[(Body, "", "", body)]);
    }
}

const SAID: &str = "We want to go live on June 1 with forty seats in Oslo and Bergen.\nThe rest follows in autumn.";

fn answered(words: &str) -> Conversation {
    let mail = |day: u8, from: &str, body: &str| {
        let text = format!(
            "Message-ID: <{day}@x.example>\nFrom: {from}\nDate: {day} Mar 2026 09:14:00 +0000\nSubject: Dates\n\n{body}\n"
        );
        Input { name: format!("{day}.eml"), bytes: text.into_bytes(), kind: None, format: None }
    };
    let inputs = vec![mail(2, "Dana Whitfield <d@n.example>", SAID), mail(3, "Marcus Lee <m@acme.example>", words)];
    read(inputs, &Options::of(&["acme.example".to_owned()]))
}

#[test]
fn a_word_typed_into_a_quote_does_not_vanish() {
    let repeats = |quote: &str, expected: bool| {
        let conversation = answered(&format!("See below.\n\n{WROTE}\n{quote}"));
        let segment = &conversation.messages[1].segments[1];
        assert_eq!(segment.kind, Quote);
        assert_eq!(segment.same_as.is_some(), expected, "{quote}");
    };
    repeats("> We want to go live on June 1 with forty seats in Oslo and Bergen.\n> The rest follows in autumn.", true);
    repeats(
        "> We want to go live on June 1 with\n> forty seats in Oslo and\n> Bergen. The rest follows in autumn.",
        true,
    );
    repeats("> We want to go live on June 1 ... The rest follows in autumn.", true);
    repeats(
        "> We want to go live on June 1 with forty seats in Oslo and Bergen. no\n> The rest follows in autumn.",
        false,
    );
    repeats(
        "> We want to go live on June 1 with forty seats in Oslo and Bergen.\n> yes\n> The rest follows in autumn.",
        false,
    );
    repeats(
        "> We want to go live on June 1 with forty seats in Oslo and Bergen.\n> The rest follows in autumn. ok",
        false,
    );
    repeats("> We want to go live on June 1 with not forty seats in Oslo and Bergen.", false);
}

#[test]
fn a_date_that_could_be_two_is_that_of_the_known_mail() {
    let conversation =
        answered(&format!("Yes.\n\nOn 02/03/2026 09:14, Dana Whitfield wrote:\n> {}", SAID.replace('\n', "\n> ")));
    let message = &conversation.messages[1];
    let quote = &message.segments[1];
    assert_eq!((quote.at, quote.same_as), (None, Some(conversation.messages[0].id)));
    assert_eq!(conversation.said_at(message, quote), conversation.messages[0].at);
}
