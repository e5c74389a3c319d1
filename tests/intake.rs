//! What reading whole files gives: each format with a realistic sample, mixed
//! contexts, and inputs that nobody meant to be read.

use baton::conversation::{Conversation, DocumentKind, Message, SegmentKind, Side};
use baton::intake::{Input, Options, participants, read};

fn sample(name: &str) -> Input {
    let path = format!("{}/tests/samples/intake/{name}", env!("CARGO_MANIFEST_DIR"));
    given(name, &std::fs::read(path).unwrap())
}

fn given(name: &str, bytes: &[u8]) -> Input {
    Input { name: name.to_owned(), bytes: bytes.to_vec(), kind: None, format: None }
}

fn read_all(inputs: Vec<Input>) -> Conversation {
    let ours = ["acme.example".to_owned()];
    let conversation = read(inputs, &Options::of(&ours));
    check_shape(&conversation);
    conversation
}

fn read_samples(names: &[&str]) -> Conversation {
    read_all(names.iter().map(|name| sample(name)).collect())
}

/// What holds for every conversation, whatever was given.
fn check_shape(conversation: &Conversation) {
    for (index, message) in conversation.messages.iter().enumerate() {
        assert_eq!(message.id.0 as usize, index + 1);
        assert!(message.reply_to != Some(message.id));
        let mut covered = 0;
        for segment in &message.segments {
            assert!(covered <= segment.start && segment.start < segment.end, "{message:?}");
            assert!(message.text.get(segment.start..segment.end).is_some(), "{message:?}");
            assert!(message.text[covered..segment.start].trim().is_empty(), "{message:?}");
            assert!(segment.same_as.is_none_or(|id| id < message.id), "{message:?}");
            covered = segment.end;
        }
        assert!(message.text[covered..].trim().is_empty(), "{message:?}");
        assert!(conversation.document(&message.document).unwrap().messages.contains(&message.id));
    }
    for document in &conversation.documents {
        assert!(document.messages.is_sorted(), "{document:?}");
    }
    let standing: usize = conversation.documents.iter().map(|document| document.messages.len()).sum();
    assert_eq!(standing, conversation.messages.len());
}

fn with_text<'c>(conversation: &'c Conversation, words: &str) -> &'c Message {
    conversation.messages.iter().find(|message| message.text.contains(words)).unwrap_or_else(|| panic!("{words}"))
}

fn kinds(message: &Message) -> Vec<(SegmentKind, &str)> {
    let line = |start: usize, end: usize| message.text[start..end].lines().next().unwrap_or_default();
    message.segments.iter().map(|segment| (segment.kind, line(segment.start, segment.end))).collect()
}

fn warned(conversation: &Conversation, words: &str) -> bool {
    conversation.warnings.iter().any(|warning| warning.message.contains(words))
}

#[test]
fn reads_a_mail_with_its_headers_and_signature() {
    let conversation = read_samples(&["01-first.eml"]);
    let message = &conversation.messages[0];
    assert_eq!(message.author.name.as_deref(), Some("Dana Whitfield"));
    assert_eq!(message.author.side, Side::Theirs);
    assert_eq!(message.at.unwrap().to_string(), "2026-03-02T14:14:00Z");
    assert_eq!(message.zone.unwrap().seconds(), -5 * 3600);
    assert_eq!(message.subject.as_deref(), Some("Rollout – dates"));
    assert!(message.text.contains("Orléans, and the warehouse team"));
    assert_eq!(kinds(message), [(SegmentKind::Body, "Hi Marcus,"), (SegmentKind::Signature, "Best regards,")]);
    assert_eq!(conversation.warnings, []);
    assert_eq!(conversation.documents[0].title.as_deref(), Some("Rollout – dates"));
}

#[test]
fn an_answer_points_to_what_it_quotes_and_brings_its_files() {
    let conversation = read_samples(&["02-reply.eml", "01-first.eml"]);
    let first = with_text(&conversation, "Hi Marcus,");
    let reply = with_text(&conversation, "Billing is yearly");
    assert_eq!(reply.reply_to, Some(first.id));
    assert_eq!(reply.author.side, Side::Ours, "a sub-domain is ours too");
    let quote = &reply.segments[1];
    assert_eq!(quote.kind, SegmentKind::Quote);
    assert_eq!(quote.same_as, Some(first.id));
    assert_eq!(quote.author.as_ref().unwrap().address.as_deref(), Some("dana.whitfield@northwind.example"));
    assert_eq!(quote.at.unwrap().to_string(), "2026-03-02T08:14:00Z", "counted in the offset of the answer");

    let notes = with_text(&conversation, "prefers invoices");
    assert_eq!(conversation.document(&notes.document).unwrap().source, "02-reply.eml › notes.txt");
    assert_eq!((notes.author.side, notes.author.address.as_deref()), (Side::Ours, None), "two addresses, one side");
    let unread: Vec<_> = conversation.unread.iter().map(|one| (one.source.as_str(), one.inside.as_deref())).collect();
    assert_eq!(unread, [("order form.pdf", Some("02-reply.eml"))]);
    assert!(warned(&conversation, "logo.png was not read") && warned(&conversation, "no event stands in it"));
}

#[test]
fn a_quote_of_an_unknown_mail_keeps_its_author() {
    let conversation = read_samples(&["02-reply.eml"]);
    let quote = &with_text(&conversation, "Billing is yearly").segments[1];
    assert_eq!((quote.same_as, quote.author.as_ref().unwrap().side), (None, Side::Theirs));
}

#[test]
fn reads_html_forwards_and_attached_mails() {
    let conversation = read_samples(&["03-forward.eml"]);
    let forward = with_text(&conversation, "see below & attached");
    let told = &forward.segments[1];
    assert_eq!(told.kind, SegmentKind::Forward);
    assert_eq!(told.author.as_ref().unwrap().address.as_deref(), Some("ife@northwind.example"));
    assert_eq!(told.at.unwrap().to_string(), "2026-03-03T17:45:00Z");
    let attached = with_text(&conversation, "due on March 20");
    assert_eq!(attached.document, forward.document);
    assert!(attached.id < forward.id, "the attached mail is older");
}

#[test]
fn reads_mailboxes_and_counts_the_same_mail_once() {
    let conversation = read_samples(&["01-first.eml", "box.mbox"]);
    assert_eq!(conversation.messages.len(), 3);
    let sponsor = with_text(&conversation, "executive sponsor");
    assert!(sponsor.text.contains("\n\nFrom a later mail you will know more."));
    let noted = with_text(&conversation, "Noted.");
    assert!(noted.text.contains("\nFrom our side"));
    assert_eq!(noted.reply_to, Some(sponsor.id));
    assert!(warned(&conversation, "the same mail was given before"));
    assert_eq!(conversation.documents[1].format, "mbox");
}

#[test]
fn mails_without_references_find_what_they_answer() {
    let mail = |from: &str, to: &str, hour: usize, rest: &str| {
        let text =
            format!("From: {from}\nTo: {to}\nDate: Mon, 2 Mar 2026 {hour:02}:00:00 +0000\n{rest}\n\nwords {hour}\n");
        given(&format!("{hour}.eml"), text.as_bytes())
    };
    let (dana, marcus) = ("dana@northwind.example", "marcus@acme.example");
    let parents = |mails: Vec<Input>| {
        let conversation = read_all(mails);
        conversation.messages.iter().map(|message| message.reply_to.map(|id| id.0)).collect::<Vec<_>>()
    };
    let first = || mail(dana, marcus, 8, "Subject: Dates");
    assert_eq!(parents(vec![first(), mail(marcus, dana, 9, "Subject: AW: Dates")]), [None, Some(1)]);
    assert_eq!(
        parents(vec![first(), mail(marcus, dana, 9, "Subject: Dates")]),
        [None, None],
        "it does not say it answers"
    );
    assert_eq!(
        parents(vec![first(), mail("al@n.example", dana, 9, "Subject: Re: Dates")]),
        [None, None],
        "not sent to Al"
    );
    let missing = mail(marcus, dana, 9, "Subject: Re: Dates\nIn-Reply-To: <other@n.example>");
    assert_eq!(parents(vec![first(), missing]), [None, None], "it answers another mail");
    let two = vec![first(), mail(dana, marcus, 9, "Subject: Dates"), mail(marcus, dana, 10, "Subject: Re: Dates")];
    assert_eq!(parents(two), [None, None, None], "two mails fit");
    let index = "Thread-Index: AdzZ1234567890abcdefghijklmn";
    let outlook = vec![
        mail(dana, marcus, 8, &format!("Subject: Dates\n{index}Qw==")),
        mail(dana, marcus, 9, "Subject: Dates"),
        mail(marcus, dana, 10, &format!("Subject: RE: Dates\n{index}QwAAAAAB")),
    ];
    assert_eq!(parents(outlook), [None, None, Some(1)]);
}

#[test]
fn reads_captions_as_turns() {
    let conversation = read_samples(&["01-first.eml", "kickoff.vtt"]);
    let turns: Vec<&Message> = conversation.messages.iter().filter(|message| message.document == "d2").collect();
    let said: Vec<_> = turns.iter().map(|turn| (turn.author.name.as_deref(), turn.text.as_str())).collect();
    assert_eq!(
        said,
        [
            (None, "Date: 2026-02-24 16:00 +01:00\nParticipants: Dana Whitfield, Marcus Lee"),
            (Some("Marcus Lee"), "Welcome & thanks. When do you start?"),
            (Some("Dana Whitfield"), "June 1. Forty seats."),
            (None, "someone coughs"),
        ]
    );
    assert_eq!(turns[2].at.unwrap().to_string(), "2026-02-24T15:00:07Z");
    assert_eq!(turns[2].author.address.as_deref(), Some("dana.whitfield@northwind.example"));
    assert_eq!((turns[1].author.side, turns[2].author.side), (Side::Ours, Side::Theirs));
    let alone = read_all(vec![given("kickoff.vtt", b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Al>hi")]);
    assert!(alone.messages[0].at.is_none() && warned(&alone, "date is unknown"));
}

#[test]
fn reads_subrip_with_the_day_in_its_name() {
    let conversation = read_samples(&["01-first.eml", "2026-02-25 sync.srt"]);
    let must = with_text(&conversation, "That is a must.");
    assert_eq!(must.text, "The data stays in Norway. That is a must.");
    // One Dana is known, but a first name alone proves nobody.
    assert_eq!((must.author.name.as_deref(), must.author.address.as_deref()), (Some("Dana"), None));
    assert!(warned(&conversation, "Dana may be Dana Whitfield"));
    assert_eq!(must.at.unwrap().to_string(), "2026-02-25T00:00:01Z");
    assert_eq!(with_text(&conversation, "Understood").text, "Understood.");
}

#[test]
fn reads_plain_transcripts() {
    let conversation = read_samples(&["call.txt"]);
    assert_eq!(conversation.documents[0].kind, DocumentKind::Transcript);
    assert_eq!(conversation.messages.len(), 4);
    let sites = with_text(&conversation, "Three sites");
    assert_eq!(sites.text, "Three sites.\nBudget: forty thousand a year.");
    assert_eq!(sites.at.unwrap().to_string(), "2026-02-26T00:00:11Z");
}

#[test]
fn roles_speak_in_a_call_and_are_facts_in_its_heading() {
    let said = |text: &str| {
        let conversation = read_all(vec![given("call.txt", text.as_bytes())]);
        let label =
            |message: &Message| format!("{}: {}", message.author.name.clone().unwrap_or_default(), message.text);
        conversation.messages.iter().map(label).collect::<Vec<_>>()
    };
    assert_eq!(
        said("Rep: hi\nCustomer: hello\nRep: when?\nCustomer: May"),
        ["Rep: hi", "Customer: hello", "Rep: when?", "Customer: May"]
    );
    assert_eq!(
        said("Customer: Northwind\n\nDana: hi\nAl: ho\nDana: so"),
        [": Customer: Northwind", "Dana: hi", "Al: ho", "Dana: so"]
    );
}

#[test]
fn times_of_day_in_a_transcript_are_not_counted_twice() {
    let at = |text: &str| {
        let conversation = read_all(vec![given("call.txt", text.as_bytes())]);
        conversation.messages.last().unwrap().at.map(|at| at.to_string())
    };
    let turns = "[16:00:05] Al Roe: hi\n[16:01:00] Dana: ho";
    assert_eq!(at(&format!("Date: 2026-02-26 16:00\n\n{turns}")).as_deref(), Some("2026-02-26T16:01:00Z"));
    assert_eq!(at(&format!("2026-02-26\n\n{turns}")).as_deref(), Some("2026-02-26T16:01:00Z"));
    assert_eq!(at(&format!("Weekly\nRenewal is on May 1, 2027\n\n{turns}")), None);
}

#[test]
fn a_stub_of_a_plain_part_does_not_hide_the_page() {
    let mail = "From: a@b.example\nSubject: s\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nPlease view as HTML.\n--b\nContent-Type: text/html\n\n<p>We go live on July 1 with forty seats in Oslo, and in Bergen later.</p>\n--b--\n";
    assert!(read_all(vec![given("x.eml", mail.as_bytes())]).messages[0].text.starts_with("We go live"));
}

#[test]
fn a_pasted_thread_keeps_its_authors() {
    let conversation = read_samples(&["pasted.txt"]);
    let authors: Vec<_> = conversation.messages[0]
        .segments
        .iter()
        .map(|segment| segment.author.as_ref().and_then(|author| author.name.as_deref()))
        .collect();
    assert_eq!(authors, [None, Some("Dana Whitfield"), Some("Marcus Lee")]);
}

#[test]
fn a_changed_quote_is_not_taken_for_a_repetition() {
    let mail = |id: &str, body: &str| {
        format!(
            "Message-ID: <{id}@x.example>\nDate: Mon, {id} Mar 2026 09:00:00 +0000\nFrom: d@n.example\nSubject: s\n\n{body}\n"
        )
    };
    let first = mail("2", "We go live on June 1 with forty seats.");
    let quote_of = |words: &str| {
        let second = mail("3", &format!("Ok.\n\n> {words}"));
        let conversation = read_all(vec![given("1", first.as_bytes()), given("2", second.as_bytes())]);
        conversation.messages[1].segments[1].same_as
    };
    assert!(quote_of("We go live on June 1 with forty\n> seats.").is_some());
    assert!(quote_of("We go live on July 9 with forty seats.").is_none());
}

#[test]
fn reads_slack_with_its_people() {
    let conversation = read_samples(&["thread.json", "users.json", "01-first.eml"]);
    assert_eq!(conversation.documents.len(), 2, "the list of users is no document");
    let chat = &conversation.documents[0];
    assert_eq!(
        (chat.kind, chat.title.as_deref(), chat.messages.len()),
        (DocumentKind::Chat, Some("#deal-northwind"), 3)
    );
    let asked = with_text(&conversation, "Is June 1");
    let answered = with_text(&conversation, "now July 1");
    assert_eq!(answered.text, "now July 1, @Marcus Lee & see the plan (https://wiki.example/plan)");
    assert_eq!(answered.reply_to, Some(asked.id));
    assert_eq!(answered.at.unwrap().to_string(), "2026-03-05T10:00:00.0002Z");
    assert_eq!(answered.zone.unwrap().seconds(), -18_000);
    assert_eq!(answered.author.side, Side::Theirs, "matched by name to the mail");
    assert_eq!(with_text(&conversation, "I take the handover").author.side, Side::Ours, "the same team");
    assert!(warned(&conversation, "1 notice ") && warned(&conversation, "more messages than this file"));
    assert!(warned(&conversation, "whiteboard.png"));
    assert_eq!(conversation.unread[0].source, "contract.docx");
}

#[test]
fn reads_records_and_notes() {
    let conversation = read_samples(&["deal.json", "note.md"]);
    assert_eq!(conversation.record["amount"], "86400");
    assert!(conversation.record.contains_key("closedate") && !conversation.record.contains_key("archived"));
    let note = &conversation.messages[0];
    assert_eq!(note.author.name.as_deref(), Some("Priya Raman"));
    assert_eq!(note.at.unwrap().to_string(), "2026-03-06T09:00:00Z");
    assert_eq!(note.subject.as_deref(), Some("Handover call"));
    assert_eq!(conversation.documents[1].format, "note");
}

#[test]
fn orders_everything_by_time_and_lists_everybody_once() {
    let names =
        ["thread.json", "01-first.eml", "call.txt", "02-reply.eml", "users.json", "03-forward.eml", "kickoff.vtt"];
    let conversation = read_samples(&names);
    let times: Vec<_> = conversation.messages.iter().filter_map(|message| message.at).collect();
    assert!(times.is_sorted(), "{times:?}");
    let people = participants(&conversation);
    let named = |name: &str| people.iter().filter(|person| person.name == name).count();
    assert_eq!((named("Dana Whitfield"), named("Ife Okafor"), named("Priya Raman")), (1, 1, 1), "{people:?}");
    let dana = people.iter().find(|person| person.name == "Dana Whitfield").unwrap();
    assert_eq!((dana.side, dana.address.is_some()), (Side::Theirs, true));
}

#[test]
fn content_decides_and_nothing_is_lost_silently() {
    let check = |name: &str, bytes: &[u8], reason: &str| {
        let conversation = read_all(vec![given(name, bytes)]);
        assert_eq!(conversation.unread.len(), 1, "{name}");
        assert!(conversation.unread[0].reason.contains(reason), "{name}: {:?}", conversation.unread);
        assert!(warned(&conversation, "not read"), "{name}");
    };
    check("empty.txt", b"", "empty");
    check("blank.txt", b" \n\t", "empty");
    check("order.pdf", b"%PDF-1.7 ...", "a PDF");
    check("contract.docx", b"PK\x03\x04\x00\x00", "Office");
    check("noise.bin", &[0, 1, 2, 3, 255], "not text");
    check("broken.json", b"{\"a\": ", "cannot be read");
    check("strange.json", b"{\"a\": {\"b\": 1}}", "unknown form");
    check("list.json", b"[\"a\"]", "unknown form");
    check("error.json", b"{\"ok\":false,\"error\":\"not_in_channel\"}", "not_in_channel");
    check("mail.txt", b"-----BEGIN PGP MESSAGE-----\n\nabc", "encrypted");
}

#[test]
fn wrong_claims_are_told() {
    let mut input = sample("kickoff.vtt");
    input.name = "kickoff.eml".to_owned();
    let conversation = read_all(vec![input]);
    assert_eq!(conversation.documents[0].format, "vtt");
    assert!(warned(&conversation, ".eml"));
    let mut input = sample("note.md");
    input.format = Some("srt".to_owned());
    assert!(warned(&read_all(vec![input]), "given as `srt`"));
    let text = b"Dana: when?\nMarcus: June 1.";
    let claimed = |kind| Input { kind: Some(kind), ..given("talk.txt", text) };
    assert_eq!(read_all(vec![claimed(DocumentKind::Transcript)]).messages.len(), 2);
    assert_eq!(read_all(vec![claimed(DocumentKind::Note)]).messages.len(), 1);
}

#[test]
fn other_encodings_are_read() {
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain("Dana: é\nAl Roe: è\nDana: ok".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    assert_eq!(read_all(vec![given("call.txt", &utf16)]).messages[0].text, "é");
    let western = read_all(vec![given("note.txt", b"It costs \x80 40")]);
    assert_eq!(western.messages[0].text, "It costs € 40");
    assert!(warned(&western, "Windows-1252"));
}

#[test]
fn the_same_file_twice_counts_once() {
    let conversation = read_all(vec![sample("call.txt"), given("copy.txt", &sample("call.txt").bytes)]);
    assert_eq!((conversation.messages.len(), conversation.documents.len()), (4, 2));
    assert!(warned(&conversation, "the same content as call.txt"));
}

#[test]
fn without_own_domains_sides_are_unknown_and_told_so() {
    let conversation = read(vec![sample("01-first.eml"), sample("02-reply.eml")], &Options::of(&[]));
    assert!(conversation.messages.iter().all(|message| message.author.side == Side::Unknown));
    let told = conversation.warnings.iter().filter(|warning| warning.message.contains("--our-domain")).count();
    assert_eq!(told, 1);
}

#[test]
fn each_property_of_the_record_is_told_by_its_own_file() {
    let contact = br#"{"id":"7","properties":{"firstname":"Dana","lastname":"Whitfield","email":"dana@northwind.example"},"createdAt":"2026-03-01T00:00:00Z","archived":false}"#;
    let deal = br#"{"id":"1","properties":{"dealname":"Northwind","amount":"86400","dealstage":"won"},"createdAt":"2026-03-01T00:00:00Z","archived":false}"#;
    let conversation = read_all(vec![given("01-contact.json", contact), given("02-deal.json", deal)]);
    let source = |property: &str| conversation.record_sources.get(property).map(String::as_str);
    assert_eq!(conversation.documents[0].source, "01-contact.json");
    assert_eq!((source("amount"), source("contact.email")), (Some("02-deal.json"), None), "{:?}", conversation.record);
}

/// Who only quotes a stretch of nobody known did not say it, also where it returns.
#[test]
fn a_quote_that_returns_is_not_its_first_quoters_word() {
    let mail = |from: &str, day: u8, words: &str| {
        format!("From: {from}@acme.example\nDate: {day} Mar 2026 09:00:00 +0000\nSubject: s{day}\n\n{words}")
            .into_bytes()
    };
    let first =
        mail("dana", 2, "Somebody wrote me this:\n\n> we need four hundred seats in Oslo by June\n\nIs it true?");
    let second = mail(
        "marcus",
        3,
        "No.\n\n> we need four hundred seats in Oslo by June\n\nthen\n\n> we need four hundred seats in Oslo by June",
    );
    let conversation = read_all(vec![given("1.eml", &first), given("2.eml", &second)]);
    let quotes: Vec<_> = conversation
        .messages
        .iter()
        .flat_map(|message| message.segments.iter().map(move |segment| (message, segment)))
        .filter(|(_, segment)| segment.kind == SegmentKind::Quote)
        .collect();
    assert_eq!(quotes.len(), 3);
    for (message, segment) in quotes {
        assert_eq!(conversation.speaker(message, segment).label(), None);
    }
}

/// Our own lines typed into the customer's quoted mail are not the customer's words.
#[test]
fn answers_typed_into_a_quote_are_not_its_authors_words() {
    let original = b"From: Priya <priya@brightwater.example>\nDate: 12 Nov 2026 11:47:00 +0000\nSubject: Plan\n\nHi Tom,\n\nBy when do we go live with the first site in Leeds?\nWhere will all of our data be stored in the end?\n";
    let reply = |intro: &str| {
        format!(
            "From: Tom <tom@acme.example>\nDate: 13 Nov 2026 09:00:00 +0000\nSubject: RE: Plan\n\nHi Priya,\n\n{intro}\n\nTom\n\nFrom: Priya <priya@brightwater.example>\nSent: 12 November 2026 11:47\nTo: Tom <tom@acme.example>\nSubject: Plan\n\nHi Tom,\n\nBy when do we go live with the first site in Leeds?\nWe go live on March 1, 2027.\nWhere will all of our data be stored in the end?\nIn the EU.\n"
        )
        .into_bytes()
    };
    let speaker = |inputs: Vec<Input>| {
        let conversation = read_all(inputs);
        let reply = conversation.messages.last().expect("the reply");
        let quote = reply.segments.iter().find(|segment| segment.kind == SegmentKind::Quote).expect("the quote");
        (conversation.speaker(reply, quote).label().map(str::to_owned), warned(&conversation, "answers inside"))
    };
    let told = speaker(vec![given("2.eml", &reply("please see my answers below."))]);
    assert_eq!(told, (None, true));
    let compared = speaker(vec![given("1.eml", original), given("2.eml", &reply("see you."))]);
    assert_eq!(compared, (None, false));
}
