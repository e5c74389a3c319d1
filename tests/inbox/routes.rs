//! Routes read as people read them, and changed: mistakes by their lines, tried
//! on handoffs of before, published as a new version, and compared.

use serde_json::json;

use crate::figures::tell;
use crate::harness::Service;
use crate::person::{Person, hidden};
use crate::stage::{begun, send};

async fn text(person: &mut Person, id: &str) -> String {
    let page = person.get(&format!("/routes/{id}/edit")).await.expect(200).text;
    let text = page.split_once("text-hint\">\n").expect("a box").1.split("</textarea>").next().expect("its text");
    text.replace("&#34;", "\"").replace("&#39;", "'").replace("&#62;", ">").replace("&#60;", "<").replace("&#38;", "&")
}

#[tokio::test]
async fn a_route_is_read_with_what_became_of_it() {
    let (service, mut dana) = begun().await;
    tell(&service, 1).await;
    let list = dana.get("/routes").await.expect(200).text;
    for route in ["Sales to onboarding", "From sales to onboarding", "5 fields, 3 required · version 1"] {
        assert!(list.contains(route), "{route}: {list}");
    }
    let page = dana.get("/routes/asked").await.expect(200).text;
    assert!(page.contains("There are 8 hours to answer what is open and 4 hours to accept it."), "{page}");
    assert!(page.contains("asked in 6 of 6 handoffs (100\u{a0}%)"), "{page}");
    assert!(page.contains("6 from the CRM") && page.contains("said by a person"), "{page}");
    assert!(page.contains("Only the other side’s word counts") && page.contains("Asked of eve@acme.example"), "{page}");
    let shipped = dana.get("/routes/sales-to-onboarding").await.expect(200).text;
    assert!(shipped.contains("It starts when: The deal reaches closed won."), "{shipped}");
    assert!(shipped.contains("hubspot: go_live_date") && shipped.contains("Not read yet"), "{shipped}");
    assert_eq!(dana.get("/routes/none").await.status, 404);
}

#[tokio::test]
async fn mistakes_are_named_by_their_lines() {
    let (service, mut dana) = begun().await;
    let yaml = text(&mut dana, "sales-to-onboarding").await;
    assert!(yaml.contains("\nversion: 2\n"), "{yaml}");
    let path = "/routes/sales-to-onboarding/edit";
    let good = send(&mut dana, path, &[("text", &yaml), ("do", "check")]).await.expect(200).text;
    assert!(
        good.contains("No mistakes") && good.contains("+ </span><span class=\"unseen\">Added: </span>version: 2"),
        "{good}"
    );
    let line = 1 + yaml.lines().position(|line| line.contains("key: go_live_date")).expect("the field");
    let wrong = yaml.replace("type: date\n", "type: dat\n").replace("required: true", "requird: true");
    for wants in ["check", "try", "publish"] {
        let page = send(&mut dana, path, &[("text", &wrong), ("do", wants)]).await.expect(422).text;
        assert!(page.contains(&format!("<strong>Line {}</strong>", line + 6)) && page.contains("requird"), "{page}");
        assert!(page.matches("<strong>Line ").count() > 5, "all at once: {page}");
        assert!(page.contains("requird: true"), "what was typed is kept");
    }
    for (from, to, told) in [
        ("version: 2\ntitle: Sales", "version: 1\ntitle: Our sales", "version 1 is published"),
        ("id: sales-to-onboarding", "id: other", "this would be another route"),
    ] {
        let changed = yaml.replace(from, to);
        let page = send(&mut dana, path, &[("text", &changed), ("do", "publish")]).await.expect(422).text;
        assert!(page.contains(told) && page.contains("Not published"), "{told}: {page}");
    }
    let broken = send(&mut dana, path, &[("text", "id: [\n"), ("do", "check")]).await.expect(422).text;
    assert!(broken.contains("<strong>Line "), "{broken}");
    let versions = service.get("/v1/routes/sales-to-onboarding/versions").await.json();
    assert_eq!(versions["data"].as_array().map(Vec::len), Some(1), "nothing was published");
}

#[tokio::test]
async fn a_change_is_tried_then_published_then_compared() {
    let (service, mut dana) = begun().await;
    tell(&service, 1).await;
    // A program published it as JSON: it is laid out to be read.
    let laid_out = text(&mut dana, "asked").await;
    assert!(laid_out.contains("\"version\": 2"), "{laid_out}");
    let changed = laid_out.replacen("\"key\": \"note\",", "\"key\": \"note\", \"required\": true,", 1);
    assert_ne!(changed, laid_out);
    let path = "/routes/asked/edit";
    let tried = send(&mut dana, path, &[("text", &changed), ("do", "try")]).await.expect(200).text;
    assert!(tried.contains("6 handoffs of before were judged anew"), "{tried}");
    assert!(tried.contains("6 would be blocked by this change; 4 were blocked as it was."), "{tried}");
    assert!(tried.contains("<th scope=\"row\">Note</th><td>6</td>"), "{tried}");
    let api = json!({"route": serde_json::from_str::<serde_json::Value>(&changed).expect("JSON")});
    let api = service.post("/v1/routes/asked/dry-run", &api).await.expect(200).json();
    assert_eq!((&api["judged"], &api["would_block"], &api["blocked"]), (&json!(6), &json!(6), &json!(4)));
    assert_eq!(service.get("/v1/routes/asked").await.json()["version"], 1, "trying publishes nothing");

    let done = send(&mut dana, path, &[("text", &changed), ("do", "publish")]).await.expect(303);
    assert_eq!(done.header("location"), "/routes/asked?done=published");
    let page = dana.get("/routes/asked").await.expect(200).text;
    assert!(page.contains("Version 2") && page.contains("Version 1") && page.contains("in force"), "{page}");
    let compared = dana.get("/routes/asked/versions/2").await.expect(200).text;
    assert!(compared.contains("Changed since version 1"), "{compared}");
    assert!(dana.get("/routes/asked/versions/1").await.expect(200).text.contains("It is the first"));
    let told = crate::stage::rows(
        &service,
        "SELECT kind, detail FROM events WHERE kind = 'route.published' ORDER BY place DESC",
    )
    .await;
    assert!(told[0].1.contains("Dana Whitfield"), "{told:?}");
    assert_stale(&service, &mut dana, path, &changed).await;
}

/// Sent once more it is the version that is there, and nothing new.
async fn assert_stale(service: &Service, dana: &mut Person, path: &str, changed: &str) {
    send(dana, path, &[("text", changed), ("do", "publish")]).await.expect(303);
    let versions = service.get("/v1/routes/asked/versions").await.json();
    assert_eq!(versions["data"].as_array().map(Vec::len), Some(2));
    let page = dana.get(path).await.expect(200).text;
    assert!(page.contains("&#34;version&#34;: 3") && !hidden(&page, "token").is_empty(), "{page}");
}
