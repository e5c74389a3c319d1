//! Whose words they are, and what is one and the same: a mail, a call or a
//! record that looks like another is not taken for it, and words that somebody
//! else wrote are not their sender's.

use baton::conversation::{Conversation, Message, SegmentKind};
use baton::intake::{Input, Options, read};
use serde_json::json;

fn read_all(files: &[(&str, &str)]) -> Conversation {
    let inputs = files.iter().map(|(name, text)| Input {
        name: (*name).to_owned(),
        bytes: text.as_bytes().to_vec(),
        kind: None,
        format: None,
    });
    read(inputs.collect(), &Options::of(&["acme.example".to_owned()]))
}

/// Who said the words, as far as the conversation tells: the author of the segment they stand in, else the message's.
fn sayer(conversation: &Conversation, words: &str) -> (SegmentKind, String) {
    let label = |author: &baton::conversation::Author| author.label().unwrap_or("nobody").to_owned();
    let holds = |message: &Message| {
        let at = message.text.find(words)?;
        let segment = message.segments.iter().find(|segment| segment.start <= at && at < segment.end)?;
        let own = segment.kind == SegmentKind::Body;
        let author = segment.author.as_ref().filter(|_| !own).map(label);
        Some((segment.kind, author.unwrap_or_else(|| label(&message.author))))
    };
    conversation.messages.iter().find_map(holds).unwrap_or_else(|| panic!("{words}: {conversation:#?}"))
}

fn warned(conversation: &Conversation, words: &str) -> bool {
    conversation.warnings.iter().any(|warning| warning.message.contains(words))
}

#[test]
fn an_answer_to_an_invitation_does_not_say_what_its_organiser_wrote() {
    let event = |method: &str, attendees: &str| {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:k1@acme.example\r\nDTSTAMP:20260220T090000Z\r\nDTSTART:20260224T160000Z\r\nSUMMARY:Kickoff\r\nORGANIZER;CN=Marcus Lee:mailto:marcus@acme.example\r\n{attendees}COMMENT:Can we make it shorter?\r\nDESCRIPTION:The rollout covers forty seats.\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    let dana = "ATTENDEE;CN=Dana Whitfield;PARTSTAT=ACCEPTED:mailto:dana@northwind.example\r\n";
    let kofi = "ATTENDEE;CN=Kofi Brandt;PARTSTAT=NEEDS-ACTION:mailto:kofi@northwind.example\r\n";
    let accepted = read_all(&[("a.ics", &event("REPLY", dana))]);
    assert_eq!(sayer(&accepted, "Can we make"), (SegmentKind::Body, "Dana Whitfield".to_owned()));
    assert_eq!(sayer(&accepted, "forty seats"), (SegmentKind::Quote, "Marcus Lee".to_owned()));
    let countered = read_all(&[("a.ics", &event("COUNTER", &format!("{kofi}{dana}")))]);
    assert_eq!(sayer(&countered, "Can we make"), (SegmentKind::Body, "nobody".to_owned()));
    let invited = read_all(&[("a.ics", &event("REQUEST", &format!("{kofi}{dana}")))]);
    assert_eq!(sayer(&invited, "forty seats"), (SegmentKind::Body, "Marcus Lee".to_owned()));
}

#[test]
fn a_mail_kept_in_hubspot_is_its_senders() {
    let mail = |id: &str, more: serde_json::Value| {
        let mut properties = json!({"hs_email_text": format!("Words of {id}."), "hs_timestamp": "2026-02-25T09:00:00Z",
            "hubspot_owner_id": "7", "hs_object_id": id});
        for (key, value) in more.as_object().unwrap() {
            properties[key] = value.clone();
        }
        json!({"id": id, "properties": properties, "createdAt": "2026-02-25T09:00:00Z", "archived": false})
    };
    let owner =
        json!({"id": "7", "email": "marcus@acme.example", "firstName": "Marcus", "lastName": "Lee", "userId": 1});
    let headers = json!({"from": {"email": "dana@northwind.example", "firstName": "Dana", "lastName": "Whitfield"}});
    let meeting = json!({"id": "4", "properties": {"hs_meeting_title": "Kickoff", "hs_meeting_body": "Agenda of the day.",
        "hs_internal_meeting_notes": "They want Oslo first.", "hubspot_owner_id": "7", "hs_timestamp": "2026-02-26T09:00:00Z"},
        "createdAt": "2026-02-26T09:00:00Z", "archived": false});
    let results = json!({"results": [
        mail("1", json!({"hs_email_direction": "INCOMING_EMAIL"})),
        mail("2", json!({"hs_email_direction": "INCOMING_EMAIL", "hs_email_headers": headers.to_string()})),
        mail("3", json!({"hs_email_direction": "EMAIL"})),
        meeting,
    ]});
    let conversation =
        read_all(&[("notes.json", &results.to_string()), ("owners.json", &json!({"results": [owner]}).to_string())]);
    assert_eq!(sayer(&conversation, "Words of 1.").1, "nobody");
    assert_eq!(sayer(&conversation, "Words of 2.").1, "Dana Whitfield");
    assert_eq!(sayer(&conversation, "Words of 3.").1, "Marcus Lee");
    assert_eq!(sayer(&conversation, "Agenda of the day.").1, "Marcus Lee");
    assert_eq!(sayer(&conversation, "They want Oslo first.").1, "Marcus Lee");
}

#[test]
fn records_of_two_deals_are_not_mixed() {
    let one = r#"{"customer_name":"Northwind Logistics","amount":"86400"}"#;
    let same = r#"{"Customer Name":"northwind logistics","term_months":"36"}"#;
    let other = r#"{"customer_name":"Fernhill Foods","seats":"400"}"#;
    let joined = read_all(&[("a.json", one), ("b.json", same)]);
    assert!(joined.record.contains_key("term_months") && joined.unread.is_empty(), "{joined:#?}");
    let apart = read_all(&[("a.json", one), ("b.json", other)]);
    assert!(!apart.record.contains_key("seats"), "{:?}", apart.record);
    assert!(apart.unread.iter().any(|unread| unread.reason.contains("customername")), "{:?}", apart.unread);
}

#[test]
fn mails_with_one_id_and_other_senders_are_two() {
    let mail = |from: &str| {
        format!(
            "From: {from}\r\nDate: Mon, 2 Mar 2026 09:14:00 +0000\r\nMessage-ID: <1@x.example>\r\nSubject: ok\r\n\r\nApproved.\r\n"
        )
    };
    let (dana, kofi) = (mail("Dana Whitfield <dana@northwind.example>"), mail("Kofi Brandt <kofi@northwind.example>"));
    assert_eq!(read_all(&[("a.eml", &dana), ("b.eml", &kofi)]).messages.len(), 2);
    assert_eq!(read_all(&[("a.eml", &dana), ("b.eml", &dana)]).messages.len(), 1);
}

const CALL: &str = "WEBVTT\n\n00:01.000 --> 00:08.000\n<v Dana Whitfield>We go live with forty seats in Oslo and the board has approved the budget for it\n\n00:09.000 --> 00:15.000\n<v Marcus Lee>Then the rest of the country follows in autumn as we said in the first meeting\n";

#[test]
fn calls_that_differ_in_what_matters_are_two() {
    let spoken = |other: &str| {
        let conversation = read_all(&[("2026-02-24 kickoff.vtt", CALL), ("2026-02-24 copy.vtt", other)]);
        conversation.messages.len()
    };
    assert_eq!(spoken(&CALL.replace("Oslo and", "Oslo, and")), 2);
    assert_eq!(spoken(&CALL.replace("has approved", "has not approved")), 4);
    let swapped = CALL.replace("Dana Whitfield", "Somebody").replace("Marcus Lee", "Dana Whitfield");
    assert_eq!(spoken(&swapped.replace("Somebody", "Marcus Lee")), 4);
    let next_week =
        read_all(&[("2026-02-24 kickoff.vtt", CALL), ("2026-03-03 kickoff.vtt", &CALL.replace("Oslo", "Oslo,"))]);
    assert_eq!(next_week.messages.len(), 4);
}

#[test]
fn a_call_as_two_programs_heard_it_is_told() {
    let other = CALL.replace("forty", "fourteen").replace("autumn", "august");
    let conversation = read_all(&[("2026-02-24 kickoff.vtt", CALL), ("2026-02-24 heard.vtt", &other)]);
    assert_eq!(conversation.messages.len(), 4);
    assert!(warned(&conversation, "may be the same call as 2026-02-24 kickoff.vtt"), "{:#?}", conversation.warnings);
}

#[test]
fn other_words_of_a_copy_are_told() {
    let long = format!(
        "{CALL}\n00:20.000 --> 00:50.000\n<v Dana Whitfield>{}\n",
        "and so on and so forth with one more thing each time we meet here in the office of ours by the sea ".repeat(6)
    );
    let copy = long.replace("approved", "rejected");
    let conversation = read_all(&[("2026-02-24 kickoff.vtt", &long), ("2026-02-24 copy.vtt", &copy)]);
    assert!(warned(&conversation, "rejected") || warned(&conversation, "approved"), "{:#?}", conversation.warnings);
}

#[test]
fn what_an_app_shows_is_nobodys_word() {
    let slack = json!([{"type": "message", "ts": "1772528400.000200", "user": "U1", "text": "see this",
        "attachments": [{"text": "Ticket: 900 seats"}, {"is_app_unfurl": true, "text": "Seats: 800"}]},
        {"type": "message", "ts": "1772528401.000200", "subtype": "bot_message", "bot_id": "B1", "username": "CRM", "text": "",
        "attachments": [{"text": "Stage: won"}]}]);
    let conversation = read_all(&[("chat.json", &slack.to_string())]);
    assert_eq!(sayer(&conversation, "900 seats"), (SegmentKind::Forward, "nobody".to_owned()));
    assert!(conversation.messages.iter().all(|message| !message.text.contains("800")), "{conversation:#?}");
    assert!(warned(&conversation, "1 preview of linked pages was left out"), "{:#?}", conversation.warnings);
    assert_eq!(sayer(&conversation, "Stage: won"), (SegmentKind::Body, "CRM".to_owned()));
    let card = json!({"type": "AdaptiveCard", "body": [{"type": "TextBlock", "text": "Seats: 900"}]}).to_string();
    let teams = json!({"id": "1", "messageType": "message", "createdDateTime": "2026-03-02T09:14:00Z",
        "from": {"user": {"id": "u", "displayName": "Dana Whitfield"}}, "body": {"contentType": "html", "content": ""},
        "attachments": [{"id": "c", "contentType": "application/vnd.microsoft.card.adaptive", "content": card}]});
    let conversation = read_all(&[("chat.json", &teams.to_string())]);
    assert_eq!(sayer(&conversation, "Seats: 900"), (SegmentKind::Forward, "nobody".to_owned()));
}

#[test]
fn what_is_left_out_is_told() {
    let mail = json!({"id": "1", "internetMessageId": "<1@x>", "sentDateTime": "2026-03-02T09:14:00Z", "subject": "x",
        "from": {"emailAddress": {"address": "d@n.example"}}, "toRecipients": [], "body": {"contentType": "text", "content": "hi"}});
    let page = json!({"value": [mail], "@odata.nextLink": "https://graph.example/next"});
    assert!(warned(&read_all(&[("m.json", &page.to_string())]), "further pages follow"));
    let enriched = "From: d@n.example\r\nDate: Mon, 2 Mar 2026 09:14:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/enriched\r\n\r\n<bold>Forty</bold> seats\r\n--b--\r\n";
    let conversation = read_all(&[("m.eml", enriched)]);
    assert!(conversation.messages.iter().any(|message| message.text.contains("seats")), "{conversation:#?}");
    let notes = json!({"participants": [{"name": "conferenceRecords/1/participants/2", "signedinUser": {"displayName": "Dana Whitfield"}}],
        "go_live": "July 1"});
    let conversation = read_all(&[("notes.json", &notes.to_string())]);
    assert!(!conversation.unread.is_empty() || !conversation.record.is_empty(), "{conversation:#?}");
    let calendars = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n".repeat(1_001);
    assert!(!read_all(&[("a.ics", &calendars)]).unread.is_empty());
    let chat = "12/03/2026, 09:14 - Dana Whitfield: Forty seats\n12/03/2026, 09:15 - Marcus Lee: Fine\n";
    let carrier = format!(
        "From: d@n.example\r\nDate: Mon, 2 Mar 2026 09:14:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nsee the chat\r\n--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"WhatsApp Chat with Dana.txt\"\r\n\r\n{chat}--b--\r\n"
    );
    let conversation = read_all(&[("m.eml", &carrier)]);
    assert!(conversation.messages.iter().any(|message| message.text.contains("Forty seats")), "{conversation:#?}");
}

#[test]
fn what_stands_for_much_is_written_short() {
    let name = "N".repeat(200_000);
    let mentions = "<@U1> ".repeat(2_000);
    let slack = json!([{"type": "message", "ts": "1772528400.000200", "user": "U1", "text": mentions,
        "user_profile": {"real_name": name}}]);
    let size =
        |conversation: &Conversation| conversation.messages.iter().map(|message| message.text.len()).sum::<usize>();
    assert!(size(&read_all(&[("chat.json", &slack.to_string())])) < 400_000);
    let sections = format!("# {}\n{}", "T".repeat(200_000), "## a\nb\n".repeat(2_000));
    let conversation = read_all(&[("notes.md", &sections)]);
    let subjects: usize =
        conversation.messages.iter().filter_map(|message| message.subject.as_ref()).map(String::len).sum();
    assert!(subjects < 400_000, "{subjects}");
    let table = format!("{},b,c\n{}", "H".repeat(200_000), "1,2,3\n".repeat(2_000));
    assert!(size(&read_all(&[("t.csv", &table)])) < 600_000);
}
