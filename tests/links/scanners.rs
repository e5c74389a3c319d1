//! Programs that open links, wrong links, and links that have ended.

use std::time::{Duration, Instant};

use jiff::SignedDuration;
use serde_json::json;

use crate::harness::{Service, figure};
use crate::person::{Person, link};

const DANA: (&str, &str) = ("Dana Whitfield", "dana@acme.example");

#[tokio::test]
async fn a_scanner_uses_nothing_up_and_a_revoked_link_is_dead() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let (link_id, path) = link(&service, &id, DANA, "answer").await;
    let before = service.get(&format!("/v1/handoffs/{id}")).await.text;
    let mut scanner = Person::of(&service);
    for round in 0..50 {
        let method = if round % 2 == 0 { "GET" } else { "HEAD" };
        scanner.send(method, &path, None, &[]).await.expect(200);
    }
    assert!(scanner.cookies.is_empty());
    assert_eq!(service.get(&format!("/v1/handoffs/{id}")).await.text, before);
    let mut dana = Person::of(&service);
    dana.enter(&path).await;
    let page = dana.enter(&path).await;
    let sent = [("f-go_live_date-day", "1"), ("f-go_live_date-month", "7"), ("f-go_live_date-year", "2026")];
    dana.fill(&id, &page.text, &sent).await.expect(303);
    dana.enter(&path).await;
    service.send("DELETE", &format!("/v1/links/{link_id}"), None, &[]).await.expect(204);
    let begun = Instant::now();
    let dead = [dana.get(&path).await, dana.post(&path, &[]).await, dana.get(&format!("/h/{id}")).await];
    let dead_after = begun.elapsed();
    let dead: Vec<u16> = dead.iter().map(|answer| answer.status).collect();
    let urls_with_token = dana.seen.iter().filter(|(_, answer)| answer.header("location").contains("/l/")).count();
    let pass = dead == [404, 404, 403] && dead_after < Duration::from_secs(1) && urls_with_token == 0;
    let counts = json!({"scanned": 50, "changed": 0, "opened_again": 3, "after_revoking": dead, "redirects_with_token": urls_with_token});
    figure("A-44 scanners and replay", pass, counts);
}

#[tokio::test]
async fn links_that_open_nothing_look_alike_and_guessing_is_slowed() {
    let service = Service::start().await;
    service.publish_short(&service.key).await;
    let id = service.hand_over_mail("short", "We would like to begin soon.").await.expect(200).id();
    let (_, expired) = link(&service, &id, ("Old Link", "old@acme.example"), "answer").await;
    service.clock.advance(SignedDuration::from_hours(14 * 24 + 1));
    let (revoked_id, revoked) = link(&service, &id, ("Gone Link", "gone@acme.example"), "answer").await;
    service.send("DELETE", &format!("/v1/links/{revoked_id}"), None, &[]).await.expect(204);
    let (_, good) = link(&service, &id, DANA, "answer").await;
    let (_, other) = link(&service, &id, DANA, "receive").await;
    let tail = |path: &str| path.split_once('.').expect("a token").1.to_owned();
    // The other purpose's signature, and a signature that nobody made.
    let swapped = format!("{}.{}", good.split_once('.').expect("a token").0, tail(&other));
    let unknown = format!("/l/lnk_{:032x}.{}", 7, tail(&good));
    let mut guesser = Person::of(&service);
    let mut pages = Vec::new();
    let nothing = "/l/x".to_owned();
    let paths = [&unknown, &expired, &revoked, &swapped, &nothing];
    let mut times = [const { Vec::new() }; 5];
    // In turn, so that what else the machine does meets all of them alike.
    for _ in 0..21 {
        for (path, times) in paths.iter().zip(&mut times) {
            service.clock.advance(SignedDuration::from_secs(4));
            let begun = Instant::now();
            pages.push(guesser.get(path).await.expect(404).text);
            times.push(begun.elapsed());
        }
    }
    let medians = times.map(|mut times| {
        times.sort();
        times[10].as_micros()
    });
    let alike = pages.iter().all(|page| *page == pages[0]);
    service.clock.advance(SignedDuration::from_mins(2));
    let mut statuses = Vec::new();
    for number in 0..25 {
        statuses.push(guesser.get(&format!("/l/lnk_{number:032x}.00000000.AAAA")).await.status);
    }
    let slowed =
        statuses[..20].iter().all(|status| *status == 404) && statuses[20..].iter().all(|status| *status == 429);
    let right = guesser.get(&good).await.status;
    service.clock.advance(SignedDuration::from_mins(2));
    let later = guesser.get("/l/x").await.status;
    let counts = json!({"alike": alike, "median_us": medians, "statuses": statuses, "right_link": right, "a_minute_later": later});
    figure("A-43 links that open nothing", alike && slowed && right == 200 && later == 404, counts);
}
