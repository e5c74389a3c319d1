//! What is kept, on its page: by route with what goes next; one person found,
//! given out, and erased after what is to be erased was ticked and typed.

use serde_json::{Value as Json, json};

use crate::harness::{Service, figure, mail, short_route};
use crate::person::Person;
use crate::stage::{DANA, begun, send};
use crate::told;

const PATH: &str = "/settings/retention";
const ZOE: &str = "zoe@quux.example";

async fn handed_over(service: &Service, number: usize, text: &str) -> String {
    let content = mail(text).replace("dana@northwind.example", ZOE).replace("Dana Whitfield", "Zoe Quux");
    let title = format!("Quux {number}");
    let body = json!({"route": "short", "title": title, "external_id": format!("crm:{number}"),
                      "sources": [{"type": "email", "content": content}]});
    service.post("/v1/handoffs?wait=25", &body).await.expect(200).id()
}

async fn kept() -> (Service, Person) {
    let (service, dana) = begun().await;
    let mut route = short_route(1);
    route["retention"] = json!({"sources": "30d", "briefs": "365d"});
    service.send("PUT", "/v1/routes/short", Some(&route), &[]).await.expect(201);
    (service, dana)
}

#[tokio::test]
async fn the_page_tells_what_goes_when_and_what_may_not() {
    let (service, mut dana) = kept().await;
    let page = dana.get(PATH).await.expect(200).text;
    assert!(page.contains("Kept until somebody erases it") && page.contains("30 days after it came in"), "{page}");
    assert!(page.contains("0 handoffs with raw context now") && page.contains("Nothing was erased yet"), "{page}");
    let one = handed_over(&service, 1, "We go live on 1 July 2026.").await;
    service.clock.advance(jiff::SignedDuration::from_hours(24 * 25));
    let two = handed_over(&service, 2, "We go live on 2 July 2026.").await;
    let page = dana.get("/").await;
    assert_eq!(page.header("location"), "", "her session has ended by now");
    let (mut dana, _) = crate::stage::sign_in(&service, DANA.1, crate::stage::PASSWORD).await;
    let page = dana.get(PATH).await.expect(200).text;
    let expected = "2 handoffs with raw context now; the next goes in 5 days, 2 April 2026, 1 within a week";
    assert!(page.contains(expected), "{page}");
    assert!(page.contains("2 handoffs now; the next goes in 340 days, 3 March 2027"), "{page}");
    let body = json!({"reason": "A dispute <b>"});
    service.send("PUT", &format!("/v1/handoffs/{one}/hold"), Some(&body), &[]).await.expect(200);
    let page = dana.get(PATH).await.expect(200).text;
    assert!(page.contains("A dispute &#60;b&#62;") && page.contains("Quux 1"), "{page}");
    assert!(page.contains("1 handoff with raw context now; the next goes in 30 days"), "{page}");
    // What is on hold is not erased, and nothing beside it either.
    let inputs = [("email", ZOE), ("handoffs", &one), ("handoffs", &two), ("confirm", ZOE)];
    let refused = send(&mut dana, "/settings/retention/person/erase", &inputs).await.expect(409).text;
    assert!(refused.contains("Something is on hold"), "{refused}");
    service.get(&format!("/v1/handoffs/{two}")).await.expect(200);
}

#[tokio::test]
async fn a_person_is_found_given_out_and_erased() {
    let (service, mut dana) = kept().await;
    let one = handed_over(&service, 1, "We go live on 1 July 2026.").await;
    let two = handed_over(&service, 2, "We go live on 2 July 2026.").await;
    let other = service.hand_over_mail("short", "We go live on 3 July 2026.").await.expect(200).id();
    let missing =
        send(&mut dana, "/settings/retention/person", &[("email", "zoe"), ("names", "Z")]).await.expect(422).text;
    assert!(missing.contains("Name an e-mail address, or at least one name"), "{missing}");
    let inputs = [("email", ZOE), ("names", "Zoe Quux\nZoë Quux")];
    let page = send(&mut dana, "/settings/retention/person", &inputs).await.expect(200).text;
    assert!(page.contains("2 handoffs hold them") && page.contains("Quux 1") && !page.contains(&other), "{page}");

    let export = send(&mut dana, "/settings/retention/person/export", &inputs).await.expect(200);
    assert!(export.header("content-disposition").starts_with("attachment"));
    let over_http = json!({"person": {"email": ZOE, "names": ["Zoe Quux", "Zoë Quux"]}});
    let over_http = service.post("/v1/exports", &over_http).await.expect(200).json();
    assert_eq!(export.json()["messages"], over_http["messages"]);

    let with = |more: &[(&'static str, String)]| {
        let mut all: Vec<(&'static str, String)> =
            inputs.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        all.extend(more.iter().cloned());
        all
    };
    let mut act = async |verb: &str, more: &[(&'static str, String)]| {
        let all = with(more);
        let all: Vec<(&str, &str)> = all.iter().map(|(name, value)| (*name, value.as_str())).collect();
        send(&mut dana, &format!("/settings/retention/person/{verb}"), &all).await
    };
    let ticked = [("handoffs", one.clone())];
    assert!(act("confirm", &[]).await.expect(422).text.contains("Tick what is to be erased"));
    let question = act("confirm", &ticked).await.expect(200).text;
    assert!(
        question.contains("Erase 1 handoff?") && question.contains(&format!("<strong>{ZOE}</strong>")),
        "{question}"
    );
    for wrong in ["", "zoe", "yes"] {
        let more = [ticked[0].clone(), ("confirm", wrong.to_owned())];
        assert!(act("erase", &more).await.expect(422).text.contains("Type it as it stands above"), "{wrong}");
    }
    let more = [("handoffs", other.clone()), ticked[0].clone(), ("confirm", ZOE.to_owned())];
    let refused = act("erase", &more).await.expect(422).text;
    assert!(refused.contains("Not all that was ticked holds the person"), "{refused}");
    service.get(&format!("/v1/handoffs/{one}")).await.expect(200);

    let more = [ticked[0].clone(), ("confirm", format!(" {} ", ZOE.to_uppercase()))];
    let begun = act("erase", &more).await.expect(303).header("location").to_owned();
    let mut notices = service.app().listen();
    let mut page = String::new();
    for _ in 0..300 {
        page = dana.get(&begun).await.expect(200).text;
        if page.contains("Download it") {
            break;
        }
        let _ = tokio::time::timeout(std::time::Duration::from_millis(100), notices.recv()).await;
    }
    assert!(page.contains("Erasure of 1 handoff") && page.contains(&one), "{page}");
    let file = dana.get(&format!("{begun}/receipt")).await.expect(200);
    assert!(file.header("content-disposition").contains(".jwt\""), "{file:?}");
    let statement = statement(&file.text);
    assert_eq!(statement["handoffs"], json!([one]));
    service.get(&format!("/v1/handoffs/{one}")).await.expect(410);
    service.get(&format!("/v1/handoffs/{two}")).await.expect(200);
    service.get(&format!("/v1/handoffs/{other}")).await.expect(200);
    let entries = told(&service, "erasure.requested").await;
    assert!(entries.len() == 1 && entries[0]["actor"]["email"] == DANA.1, "{entries:?}");
    let searched = told(&service, "person.searched").await;
    let named =
        searched.iter().chain(&told(&service, "person.exported").await).any(|one| one.to_string().contains("quux"));
    figure("a person erased on the page", !named && !searched.is_empty(), json!({"searched": searched.len()}));
    assert!(dana.get(PATH).await.expect(200).text.contains("1 handoff, on request"));
}

/// What a receipt says; its signature is the business of other tests.
fn statement(receipt: &str) -> Json {
    use base64::Engine;
    assert_eq!(receipt.split('.').count(), 3);
    let body = receipt.split('.').nth(1).unwrap_or_default();
    let bytes = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(body).expect("base64");
    serde_json::from_slice(&bytes).expect("JSON")
}
