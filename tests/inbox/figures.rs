//! The page of figures: the same numbers as the API, the rule beside its
//! answer, estimates by nobody's numbers but one's own, and CSV of everything.

use jiff::SignedDuration;
use serde_json::json;

use crate::harness::Service;
use crate::inbox::{begin, publish, route};
use crate::stage::begun;

/// Six handoffs of three senders without a region, so many hours apart, of which one is given back.
pub async fn tell(service: &Service, hours: i64) {
    publish(service, &route("asked", ("sales", "onboarding"))).await;
    for (number, owner) in ["ann", "bob", "cid", "ann", "bob", "cid"].into_iter().enumerate() {
        let owner = format!("{owner}@acme.example");
        let known = json!({"known": {"go_live_date": "2026-07-01", "contact_email": "kim@northwind.example"}});
        let id = begin(service, (&format!("Tree {number}"), &owner), known).await;
        service.clock.advance(SignedDuration::from_hours(hours));
        if number < 3 {
            service.answer(&id, &json!({"region": {"value": "EU"}})).await.expect(200);
            service.transfer(&id).await.expect(200);
        }
        if number == 1 {
            let back = json!({"by": {"name": "Ines"}, "type": "wrong", "reason": "Not theirs", "fields": ["region"]});
            service.post(&format!("/v1/handoffs/{id}/return"), &back).await.expect(200);
        }
    }
}

#[tokio::test]
async fn the_page_says_what_the_api_says() {
    let (service, mut dana) = begun().await;
    let page = dana.get("/insights").await.expect(200).text;
    assert!(page.contains("No handoff was received in these days"), "{page}");
    tell(&service, 1).await;
    let page = dana.get("/insights").await.expect(200).text;
    assert!(page.contains("Mostly the system: 100 % points to routes"), "{page}");
    assert!(page.contains("at least 5 handoffs, of at least 3 different senders"), "the rule stands there: {page}");
    assert!(page.contains("◆ 6 of 6") && page.contains("◆ Fault of the route"), "{page}");
    assert!(page.contains(">Region</text>"), "fields have their names: {page}");
    let report = service.get("/v1/insights").await.expect(200).json();
    let questions = format!("{} in {}", report["total"]["questions"]["count"], report["total"]["questions"]["n"]);
    assert!(page.contains(&questions), "{questions}: {page}");
    assert!(page.contains("1 of 3 handed over"), "{page}");
    assert_eq!(page.matches("class=\"plot\"").count(), 4, "{page}");
    assert!(page.matches("<table>").count() >= 5, "a table stands behind each");
    assert!(!page.contains("style=") && !page.contains("<script"), "{page}");

    assert!(page.contains("Put in your own numbers") && page.contains("questions × share that comes back"), "{page}");
    let page = dana.get("/insights?minutes=30&rate=90&rework=50&currency=EUR").await.expect(200).text;
    assert!(page.contains("questions × 50 % × 30 minutes ÷ 60 × 90 EUR"), "{page}");
    let count = report["total"]["questions"]["count"].as_f64().expect("a number");
    assert!(page.contains(&format!("{:.1} hours, {:.2} EUR", count / 4.0, count / 4.0 * 90.0)), "{page}");
    assert!(page.contains("name=\"minutes\" value=\"30\""), "the other form carries them: {page}");
    let page = dana.get("/insights?minutes=-3&rate=90&rework=50").await.expect(200).text;
    assert!(page.contains("needs plain numbers") && page.contains("value=\"-3\""), "{page}");

    let none = dana.get("/insights?from=2026-01-01&to=2026-01-02").await.expect(200).text;
    assert!(none.contains("No handoff was received in these days"), "{none}");
    for wrong in ["from=yesterday", "from=2026-03-05&to=2026-03-01", "route=none"] {
        let page = dana.get(&format!("/insights?{wrong}")).await.expect(422).text;
        assert!(page.contains("This could not be reckoned"), "{wrong}: {page}");
    }
}

#[tokio::test]
async fn every_table_is_the_one_of_the_api() {
    let (service, mut dana) = begun().await;
    tell(&service, 1).await;
    for by in ["", "by=gap", "by=field", "by=route", "by=team", "by=week", "by=day"] {
        let own = dana.get(&format!("/insights/table.csv?{by}&route=asked")).await.expect(200);
        assert!(own.header("content-disposition").contains("attachment"), "{own:?}");
        let theirs = service.get(&format!("/v1/insights?{by}&route=asked&format=csv")).await.expect(200);
        assert_eq!(own.text, theirs.text, "{by}");
    }
    assert_eq!(dana.get("/insights/table.csv?route=none").await.status, 404);
}
