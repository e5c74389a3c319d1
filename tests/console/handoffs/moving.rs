//! What is done with a handoff over its page: handed over when nothing is open,
//! past the gate by whoever may, accepted, given back, called off, read again.

use serde_json::json;

use super::{PRIYA, page_of, send, short, status};
use crate::stage::{begun, member};

const EMAIL: [(&str, &str); 2] =
    [("f-contact_email-how", "value"), ("f-contact_email-value", "dana@northwind.example")];

#[tokio::test]
async fn the_last_answer_opens_the_way_and_the_receiver_takes_it() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let mut priya = member(&service, &mut dana, PRIYA, "receiver").await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("Not yet: 1 answer is needed first.") && page.contains("disabled"), "{page}");
    let early = send(&mut dana, (&id, "transfer"), &page, &[]).await.expect(409).text;
    assert!(early.contains("It cannot be handed over yet"), "{early}");
    assert_eq!(status(&service, &id).await, "needs_input");
    send(&mut dana, (&id, "answers"), &page, &EMAIL).await.expect(303);
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("Ready to hand over") && !page.contains("disabled"), "{page}");
    let stale = [("token", &*crate::person::hidden(&page, "token")), ("version", "1")];
    dana.post(&format!("/handoffs/{id}/transfer"), &stale).await.expect(409);
    let done = send(&mut dana, (&id, "transfer"), &page, &[]).await.expect(303);
    assert_eq!(done.header("location"), format!("/handoffs/{id}?done=transferred"));
    assert_eq!(status(&service, &id).await, "transferred");
    let moved = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(moved.contains("Read it and accept") && !moved.contains("name=\"f-"), "{moved}");

    // The receiver reads it back.
    let page = priya.get(&format!("/handoffs/{id}/receive")).await.expect(200).text;
    assert!(page.contains("What is handed over") && page.contains("1 July 2026"), "{page}");
    let silent = send(&mut priya, (&id, "receive"), &page, &[("move", "accept")]).await.expect(422).text;
    assert!(silent.contains("href=\"#read_back\""), "{silent}");
    let read_back = [("move", "accept"), ("read_back", "Live on 1 July, I write to Dana")];
    send(&mut priya, (&id, "receive"), &page, &read_back).await.expect(303);
    assert_eq!(status(&service, &id).await, "accepted");
    let page = priya.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("Priya Raman accepted it: “Live on 1 July, I write to Dana”"), "{page}");

    // And gives back what is wrong with it.
    let page = priya.get(&format!("/handoffs/{id}/receive")).await.expect(200).text;
    let wrong = send(&mut priya, (&id, "receive"), &page, &[("move", "return"), ("fields", "contact_email")]).await;
    let wrong = wrong.expect(422).text;
    assert!(wrong.contains("href=\"#kind\"") && wrong.contains("href=\"#reason\""), "{wrong}");
    let back = [("move", "return"), ("kind", "wrong"), ("reason", "She left in May"), ("fields", "contact_email")];
    send(&mut priya, (&id, "receive"), &wrong, &back).await.expect(303);
    assert_eq!(status(&service, &id).await, "needs_input");
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("gave back Contact e-mail: She left in May"), "{page}");
}

#[tokio::test]
async fn only_who_may_goes_past_the_gate_and_says_why() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    let wrong = send(&mut dana, (&id, "transfer"), &page, &[("force", "yes")]).await.expect(422).text;
    assert!(wrong.contains("href=\"#until-day\"") && wrong.contains("id=\"until-day\""), "{wrong}");
    let day = [("until-day", "10"), ("until-month", "3"), ("until-year", "2026")];
    let short: Vec<(&str, &str)> = day.into_iter().chain([("force", "yes"), ("force-reason", "soon")]).collect();
    let wrong = send(&mut dana, (&id, "transfer"), &page, &short).await.expect(422).text;
    assert!(wrong.contains("href=\"#force-reason\"") && wrong.contains("name=\"until-day\" value=\"10\""), "{wrong}");
    let past = [("until-day", "1"), ("until-month", "3"), ("until-year", "2026")];
    let past: Vec<(&str, &str)> =
        past.into_iter().chain([("force", "yes"), ("force-reason", "Their trucks leave on Monday")]).collect();
    send(&mut dana, (&id, "transfer"), &page, &past).await.expect(422);
    let all: Vec<(&str, &str)> =
        day.into_iter().chain([("force", "yes"), ("force-reason", "Their trucks leave on Monday")]).collect();
    send(&mut dana, (&id, "transfer"), &page, &all).await.expect(303);
    assert_eq!(status(&service, &id).await, "transferred");
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("although it is incomplete: Their trucks leave on Monday"), "{page}");
    let receiver = dana.get(&format!("/handoffs/{id}/receive")).await.expect(200).text;
    assert!(receiver.contains("Still open"), "the receiver sees what is owed: {receiver}");
}

#[tokio::test]
async fn it_is_read_again_and_called_off() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    send(&mut dana, (&id, "answers"), &page, &EMAIL).await.expect(303);
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    send(&mut dana, (&id, "retry"), &page, &[]).await.expect(303);
    service.until(&id, |seen| seen["status"] == "ready").await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("Dana Whitfield had it read again") && page.contains("dana@northwind.example"), "{page}");
    let why = send(&mut dana, (&id, "cancel"), &page, &[]).await.expect(422).text;
    assert!(why.contains("href=\"#why\"") && why.contains("<details open><summary>Call it off"), "{why}");
    send(&mut dana, (&id, "cancel"), &page, &[("why", "They went to another supplier")]).await.expect(303);
    assert_eq!(status(&service, &id).await, "cancelled");
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("called it off: They went to another supplier"), "{page}");
    assert!(!page.contains("name=\"f-") && !page.contains("Read again"), "nothing more can be done: {page}");
}

#[tokio::test]
async fn a_whole_return_waits_for_something_new() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    send(&mut dana, (&id, "answers"), &page, &EMAIL).await.expect(303);
    service.transfer(&id).await.expect(200);
    let page = dana.get(&format!("/handoffs/{id}/receive")).await.expect(200).text;
    let back = [("move", "return"), ("kind", "not_ours"), ("reason", "This belongs to the other team")];
    send(&mut dana, (&id, "receive"), &page, &back).await.expect(303);
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("Given back") && page.contains("Something new has to be said first"), "{page}");
    let early = send(&mut dana, (&id, "transfer"), &page, &[]).await.expect(409).text;
    assert!(early.contains("It was given back") && early.contains("This belongs to the other team"), "{early}");
    assert_eq!(json!(status(&service, &id).await), "returned");
}
