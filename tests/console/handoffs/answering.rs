//! Answers over the page: all in one form, one confirmed, one changed; two
//! people at once, in other fields and in the same one.

use serde_json::json;

use super::{field, page_of, send, short, stamp, status};
use crate::harness::figure;
use crate::stage::{begun, member};

const DAY: [(&str, &str); 3] =
    [("f-go_live_date-day", "1"), ("f-go_live_date-month", "8"), ("f-go_live_date-year", "2026")];
const EMAIL: [(&str, &str); 2] =
    [("f-contact_email-how", "value"), ("f-contact_email-value", "dana@northwind.example")];

#[tokio::test]
async fn open_questions_are_answered_in_one_form() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("1 answer is needed before it can move"), "{page}");
    let wrong = [("f-contact_email-how", "value"), ("f-contact_email-value", "call <me>")];
    let wrong = send(&mut dana, (&id, "answers"), &page, &wrong).await.expect(422).text;
    assert!(wrong.contains("href=\"#f-contact_email-value\"") && wrong.contains("call &#60;me&#62;"), "{wrong}");
    let nothing = send(&mut dana, (&id, "answers"), &page, &[]).await.expect(422).text;
    assert!(nothing.contains("Answer at least one question") && nothing.contains("id=\"questions\""), "{nothing}");
    let sent = send(&mut dana, (&id, "answers"), &page, &EMAIL).await.expect(303);
    assert_eq!(sent.header("location"), format!("/handoffs/{id}?done=answers"));
    let again = send(&mut dana, (&id, "answers"), &page, &EMAIL).await.expect(303);
    assert_eq!(again.header("location"), format!("/handoffs/{id}?done=answers"), "a second click changes nothing");
    let page = dana.get(&format!("/handoffs/{id}?done=answers")).await.expect(200).text;
    assert!(page.contains("Your answers are saved") && page.contains("Ready to hand over"), "{page}");
    assert_eq!(status(&service, &id).await, "ready");
    let answered = field(&service, &id, "contact_email").await;
    assert_eq!(answered["by"], "Dana Whitfield <dana@acme.example>");
}

#[tokio::test]
async fn a_value_is_confirmed_and_changed_in_its_row() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("suggested") && !page.contains("confirmed"), "{page}");
    let (name, value) = stamp(&page, "go_live_date");
    let confirm = [("confirm", "go_live_date"), (name.as_str(), value.as_str())];
    send(&mut dana, (&id, "answers"), &page, &confirm).await.expect(303);
    let confirmed = field(&service, &id, "go_live_date").await;
    assert_eq!((&confirmed["origin"], &confirmed["value"]), (&json!("person"), &json!("2026-07-01")));
    assert_eq!(confirmed["evidence"][0]["quote"].as_str().map(|quote| quote.contains("1 July")), Some(true));
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("</span> confirmed") && page.contains("said by Dana Whitfield"), "{page}");
    // The form that changes it is filled with what it holds.
    assert!(page.contains("name=\"f-go_live_date-month\" value=\"7\""), "{page}");
    send(&mut dana, (&id, "answers"), &page, &DAY).await.expect(303);
    let changed = field(&service, &id, "go_live_date").await;
    assert_eq!((&changed["value"], &changed["superseded"][0]["value"]), (&json!("2026-08-01"), &json!("2026-07-01")));
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("was 1 July 2026") && page.contains("Dana Whitfield said: 1 August 2026"), "{page}");
    // What is wrong in a row's form is said in that row, which stays open.
    let far = [("f-go_live_date-day", "31"), ("f-go_live_date-month", "2"), ("f-go_live_date-year", "2026")];
    let wrong = send(&mut dana, (&id, "answers"), &page, &far).await.expect(422).text;
    assert!(wrong.contains("there is no such day") && wrong.contains("<details open><summary>Change"), "{wrong}");
    // Nothing can be confirmed that was not there.
    for (name, value) in [("confirm", "contact_email"), ("confirm", "nothing"), ("confirm", "")] {
        send(&mut dana, (&id, "answers"), &page, &[(name, value)]).await.expect(422);
    }
}

#[tokio::test]
async fn answers_to_other_fields_meet_and_answers_to_the_same_are_shown_beside_each_other() {
    let (service, mut dana) = begun().await;
    let id = short(&service).await;
    let mut marcus = member(&service, &mut dana, ("Marcus Lee", "marcus@acme.example"), "sender").await;
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    let seen_by_marcus = marcus.get(&page_of(&id)).await.expect(200).text;
    // Dana changes the day while Marcus answers the address: both hold.
    let day = stamp(&page, "go_live_date");
    let changed: Vec<(&str, &str)> = DAY.into_iter().chain([(day.0.as_str(), day.1.as_str())]).collect();
    send(&mut dana, (&id, "answers"), &page, &changed).await.expect(303);
    let email = stamp(&seen_by_marcus, "contact_email");
    let answered: Vec<(&str, &str)> = EMAIL.into_iter().chain([(email.0.as_str(), email.1.as_str())]).collect();
    send(&mut marcus, (&id, "answers"), &seen_by_marcus, &answered).await.expect(303);
    assert_eq!(field(&service, &id, "go_live_date").await["value"], "2026-08-01");
    assert_eq!(field(&service, &id, "contact_email").await["value"], "dana@northwind.example");
    // Marcus confirms the day that his page still shows: it is another one now, and both are shown.
    let old = stamp(&seen_by_marcus, "go_live_date");
    let confirm = [("confirm", "go_live_date"), (old.0.as_str(), old.1.as_str())];
    let refused = send(&mut marcus, (&id, "answers"), &seen_by_marcus, &confirm).await.expect(409).text;
    assert!(refused.contains("“Go-live date” is now: 1 August 2026, said Dana Whitfield"), "{refused}");
    let other = [("f-go_live_date-day", "2"), ("f-go_live_date-month", "9"), ("f-go_live_date-year", "2026")];
    let other: Vec<(&str, &str)> = other.into_iter().chain([(old.0.as_str(), old.1.as_str())]).collect();
    let refused = send(&mut marcus, (&id, "answers"), &seen_by_marcus, &other).await.expect(409).text;
    assert!(
        refused.contains("1 August 2026") && refused.contains("name=\"f-go_live_date-month\" value=\"9\""),
        "{refused}"
    );
    assert_eq!(field(&service, &id, "go_live_date").await["value"], "2026-08-01", "nothing was taken");
    // Having seen both, he sends his again.
    let now = stamp(&refused, "go_live_date");
    let again: Vec<(&str, &str)> = other[..3].iter().copied().chain([(now.0.as_str(), now.1.as_str())]).collect();
    send(&mut marcus, (&id, "answers"), &refused, &again).await.expect(303);
    assert_eq!(field(&service, &id, "go_live_date").await["value"], "2026-09-02");
    figure("two at once", true, json!({"other_field_merged": 1, "same_field_refused": 2, "taken_after_both_seen": 1}));
}

#[tokio::test]
async fn ten_people_at_the_same_moment_lose_nothing() {
    let (service, mut dana) = begun().await;
    let fields: Vec<serde_json::Value> = (0..10)
        .map(|number| json!({"key": format!("field_{number}"), "label": format!("Field {number}"), "type": "text", "required": true}))
        .collect();
    let route = json!({"id": "ten", "version": 1, "title": "Ten", "from": {"team": "a"}, "to": {"team": "b"}, "fields": fields});
    service.send("PUT", "/v1/routes/ten", Some(&route), &[]).await.expect(201);
    let id = service.hand_over_mail("ten", "Good morning.").await.expect(200).id();
    let mut people = Vec::new();
    for number in 0..10 {
        let email = format!("p{number}@acme.example");
        let mut person = member(&service, &mut dana, (&format!("Person {number}"), &email), "sender").await;
        let page = person.get(&page_of(&id)).await.expect(200).text;
        people.push((number, person, page));
    }
    let id = &id;
    let sending = people.into_iter().map(|(number, mut person, page)| async move {
        let key = format!("field_{number}");
        let (stamp_name, stamp) = stamp(&page, &key);
        let (name, value) = (format!("f-{key}-value"), format!("Answer {number}"));
        let inputs = [(name.as_str(), value.as_str()), (stamp_name.as_str(), stamp.as_str())];
        send(&mut person, (id, "answers"), &page, &inputs).await.status
    });
    let statuses = futures_util::future::join_all(sending).await;
    // Whoever meets others is held against the handoff anew: each round lets at least one in.
    let brief = service.get(&format!("/v1/handoffs/{id}/brief")).await.json();
    let kept = (0..10)
        .filter(|number| brief["fields"][format!("field_{number}")]["value"] == format!("Answer {number}"))
        .count();
    let taken = statuses.iter().filter(|status| **status == 303).count();
    figure("ten at once", kept == 10 && taken == 10, json!({"taken": taken, "kept": kept, "statuses": statuses}));
}

#[tokio::test]
async fn what_cannot_be_read_is_dismissed_and_people_are_left_in_peace() {
    let (service, mut dana) = begun().await;
    service.publish_short(&service.key).await;
    let body = json!({"route": "short", "from": {"owner": {"name": "Marcus Lee", "email": "marcus@acme.example"}},
        "sources": [
            {"type": "email", "filename": "mail.eml", "content": crate::harness::mail("We go live on 1 July 2026.")},
            {"filename": "plan.bin", "content": "iVBORw0KGgoAAQID", "encoding": "base64"}]});
    let id = service.post("/v1/handoffs?wait=25", &body).await.expect(200).id();
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("plan.bin") && page.contains("s-0-reason"), "{page}");
    let dismissed = [("s-0-name", "plan.bin"), ("s-0-reason", "It is only their logo")];
    send(&mut dana, (&id, "answers"), &page, &dismissed).await.expect(303);
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(!page.contains("s-0-reason") && page.contains("It is only their logo"), "{page}");
    // Marcus is asked; Dana has him reminded, then left in peace.
    let mut notices = service.app().listen();
    let request = loop {
        let all = service.get(&format!("/v1/handoffs/{id}/requests")).await.expect(200).json();
        if let Some(id) = all["data"][0]["id"].as_str() {
            break id.to_owned();
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(200), notices.recv()).await;
    };
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("Who is asked") && page.contains("Leave in peace for"), "{page}");
    let path = format!("requests/{request}");
    send(&mut dana, (&id, &path), &page, &[("days", "3")]).await.expect(303);
    let page = dana.get(&page_of(&id)).await.expect(200).text;
    assert!(page.contains("left in peace until 6 March 2026"), "{page}");
    send(&mut dana, (&id, &path), &page, &[]).await.expect(303);
    send(&mut dana, (&id, "requests/req_00000000000000000000000000000000"), &page, &[]).await.expect(404);
}
