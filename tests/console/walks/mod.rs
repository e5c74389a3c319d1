//! A handoff from its beginning to its end over the real pages, by everybody
//! who takes part in it, each in a browser of their own: begun with a file that
//! is dropped, its gap filled through a signed link, handed over, accepted, or
//! given back and filled once more. With a mouse, by keyboard alone, without
//! script, on a telephone; and with two people at once.

mod hand;

use std::path::{Path, PathBuf};

use serde_json::json;

use crate::handoffs::{MARCUS, PRIYA, field, status};
use crate::harness::{Service, figure, folder, mail};
use crate::person::link;
use crate::stage::{DANA, begun, member};
use hand::{Hand, Way};

const WAYS: [Way; 4] = [
    Way { name: "mouse", width: 1440, by_keyboard: false, has_script: true },
    Way { name: "keyboard", width: 1440, by_keyboard: true, has_script: true },
    Way { name: "no-script", width: 1440, by_keyboard: false, has_script: false },
    Way { name: "phone", width: 390, by_keyboard: false, has_script: true },
];

/// Everybody who takes part.
struct Cast {
    service: Service,
    profiles: PathBuf,
    file: PathBuf,
}

async fn cast() -> Cast {
    let (service, mut dana) = begun().await;
    service.publish_short(&service.key).await;
    member(&service, &mut dana, PRIYA, "receiver").await;
    let profiles = folder();
    std::fs::create_dir_all(&profiles).expect("a folder");
    let file = profiles.join("a mail.eml");
    std::fs::write(&file, mail("We go live on 1 July 2026.")).expect("a file");
    Cast { service, profiles, file }
}

/// From the list to the page of a handoff that was read; its id.
fn begin(dana: &mut Hand, file: &Path, title: &str) -> String {
    dana.open("/handoffs");
    dana.see("/handoffs", "New handoff");
    dana.go(".heading a[href='/handoffs/new']");
    dana.see("/handoffs/new", "What is handed over?");
    dana.go("a[href='/handoffs/new?route=short']");
    dana.see("/handoffs/new", "What is there to read?");
    match dana.way.by_keyboard {
        true => dana.write("#text", &mail("We go live on 1 July 2026.").replace("\r\n", "\n")),
        false => dana.drop_file("#files", file),
    }
    dana.write("#title", title);
    dana.write("#receiver-name", PRIYA.0);
    dana.write("#receiver-email", PRIYA.1);
    dana.go("main form button");
    assert!(dana.path().ends_with("/reading"), "{}", dana.text());
    dana.until_read();
    dana.see("/reading", "It is read");
    dana.go("main a.button");
    dana.see("/handoffs/", title);
    dana.path().trim_start_matches("/handoffs/").to_owned()
}

/// The one gap, by somebody without an account.
fn fill(marcus: &mut Hand, path: &str, email: &str) {
    marcus.open(path);
    marcus.see(path, "a few things are still open");
    marcus.go("main button");
    marcus.see("/h/", "contact e-mail");
    marcus.pick("[name=f-contact_email-how][value=value]");
    marcus.write("#f-contact_email-value", email);
    marcus.go("main form > button");
    marcus.see("/thanks", "Thank you");
}

fn hand_over(dana: &mut Hand, id: &str) {
    dana.open(&format!("/handoffs/{id}"));
    dana.see(id, "Ready to hand over");
    dana.go("form[action$='/transfer'] button");
    dana.see(id, "It is handed over.");
}

/// From the list to the receiver's page.
fn look_at(priya: &mut Hand, id: &str) {
    priya.open("/handoffs?whose=all");
    priya.see("/handoffs", "Handed over");
    priya.go(&format!("a[href='/handoffs/{id}']"));
    priya.see(id, "Read it and accept");
    priya.go(".steps a.button");
    priya.see("/receive", "What is handed over");
}

fn accept(priya: &mut Hand, id: &str) {
    look_at(priya, id);
    priya.write("#read_back", "Live on 1 July; I write to Dana first");
    priya.go("form:has([value=accept]) button");
    priya.see(id, "accepted");
}

fn give_back(priya: &mut Hand, id: &str) {
    look_at(priya, id);
    // Without a reason it goes nowhere, and nothing is lost.
    priya.pick("[name=fields][value=contact_email]");
    priya.go("form:has([value=return]) button");
    priya.see("/receive", "Nothing was changed");
    priya.pick("#kind");
    priya.write("#reason", "She left in May");
    priya.go("form:has([value=return]) button");
    priya.see(id, "She left in May");
}

/// The link of whoever is asked, as path.
async fn path_for(service: &Service, id: &str) -> String {
    link(service, id, MARCUS, "answer").await.1
}

#[tokio::test(flavor = "multi_thread")]
async fn a_handoff_goes_its_whole_way_over_the_pages() {
    let (mut walked, mut wrong, mut pages) = (Vec::new(), Vec::new(), 0);
    for way in WAYS {
        let Cast { service, profiles, file } = cast().await;
        let url = service.url.clone();
        let sit = |who: &str| Hand::begin((&url, who), way, &profiles);
        let mut people = tokio::task::block_in_place(|| [sit("dana"), sit("marcus"), sit("priya")]);
        let [dana, marcus, priya] = &mut people;
        tokio::task::block_in_place(|| {
            dana.sign_in(DANA.1, "/handoffs");
            priya.sign_in(PRIYA.1, "/handoffs?whose=all");
        });
        // Accepted at once.
        let id = tokio::task::block_in_place(|| begin(dana, &file, "Northwind"));
        assert_eq!(status(&service, &id).await, "needs_input");
        let path = path_for(&service, &id).await;
        tokio::task::block_in_place(|| {
            assert!(dana.text().contains("Not yet: 1 answer is needed first."), "{}", dana.text());
            fill(marcus, &path, "kim@northwind.example");
            hand_over(dana, &id);
            accept(priya, &id);
        });
        let accepted = status(&service, &id).await;
        // Given back, filled once more, accepted.
        let id = tokio::task::block_in_place(|| begin(dana, &file, "Coppergate"));
        let path = path_for(&service, &id).await;
        tokio::task::block_in_place(|| {
            fill(marcus, &path, "old@coppergate.example");
            hand_over(dana, &id);
            give_back(priya, &id);
        });
        let returned = status(&service, &id).await;
        let path = path_for(&service, &id).await;
        tokio::task::block_in_place(|| {
            fill(marcus, &path, "new@coppergate.example");
            hand_over(dana, &id);
            accept(priya, &id);
        });
        let value = field(&service, &id, "contact_email").await["value"].clone();
        let again = status(&service, &id).await;
        pages += people.iter().map(|one| one.pages).sum::<usize>();
        wrong.extend(people.iter_mut().flat_map(|one| std::mem::take(&mut one.wrong)));
        walked
            .push(json!({"way": way.name, "accepted": accepted, "returned": returned, "again": again, "value": value}));
    }
    let is_whole = |one: &serde_json::Value| {
        one["accepted"] == "accepted"
            && one["returned"] == "needs_input"
            && one["again"] == "accepted"
            && one["value"] == "new@coppergate.example"
    };
    let pass = wrong.is_empty() && walked.len() == WAYS.len() && walked.iter().all(is_whole);
    figure("a handoff over the pages", pass, json!({"pages": pages, "walked": walked, "wrong": wrong}));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_people_at_once_lose_nothing() {
    let Cast { service, profiles, .. } = cast().await;
    let url = service.url.clone();
    let id = service.hand_over_mail("short", "Hello, when shall we begin?").await.expect(200).id();
    let path = path_for(&service, &id).await;
    let page = format!("/handoffs/{id}");
    let way = WAYS[0];
    let mut people = tokio::task::block_in_place(|| {
        let [mut dana, mut marcus] = ["dana", "two-marcus"].map(|who| Hand::begin((&url, who), way, &profiles));
        dana.sign_in(DANA.1, &page);
        dana.see(&id, "Not yet: 2 answers are needed first.");
        marcus.open(&path);
        marcus.go("main button");
        marcus.see("/h/", "go-live date");
        // Each answers another question on a page that the other's answer makes old.
        marcus.pick("[name=f-contact_email-how][value=value]");
        marcus.write("#f-contact_email-value", "kim@northwind.example");
        for (part, number) in [("day", "1"), ("month", "7"), ("year", "2026")] {
            dana.write(&format!("#f-go_live_date-{part}"), number);
        }
        marcus.go("main form > button");
        marcus.see("/thanks", "Thank you");
        dana.go("form[data-draft] button");
        dana.see(&id, "Ready to hand over");
        [dana, marcus]
    });
    let [dana, marcus] = &mut people;
    let both = [field(&service, &id, "go_live_date").await, field(&service, &id, "contact_email").await];
    let is_merged = both[0]["value"] == "2026-07-01" && both[1]["value"] == "kim@northwind.example";
    // Both the same one: whoever comes second sees both, with what they typed.
    let id = service.hand_over_mail("short", "We go live on 2 July 2026.").await.expect(200).id();
    let path = path_for(&service, &id).await;
    let shown = tokio::task::block_in_place(|| {
        dana.open(&format!("/handoffs/{id}"));
        marcus.open(&path);
        marcus.go("main button");
        marcus.pick("[name=f-contact_email-how][value=value]");
        marcus.write("#f-contact_email-value", "kim@northwind.example");
        marcus.go("main form > button");
        marcus.see("/thanks", "Thank you");
        // Her page is told, and what she typed stays.
        dana.pick("[name=f-contact_email-how][value=value]");
        dana.write("#f-contact_email-value", "lee@northwind.example");
        dana.go("form[data-draft] button");
        dana.see(&id, "Somebody else changed the same");
        let text = dana.text();
        text.contains("kim@northwind.example")
    });
    let first = field(&service, &id, "contact_email").await["value"].clone();
    tokio::task::block_in_place(|| {
        let typed = dana
            .browser
            .ask("[...document.querySelectorAll('input')].some((one) => one.value === 'lee@northwind.example')");
        assert_eq!(typed, json!(true), "what she typed is there: {}", dana.text());
        // Hers holds, and she says so.
        dana.go("details[open] form[action$='/answers'] button.slim");
        dana.see(&id, "lee@northwind.example");
    });
    let second = field(&service, &id, "contact_email").await["value"].clone();
    let wrong: Vec<String> = people.iter_mut().flat_map(|one| std::mem::take(&mut one.wrong)).collect();
    let pass =
        wrong.is_empty() && is_merged && shown && first == "kim@northwind.example" && second == "lee@northwind.example";
    figure(
        "two people at once",
        pass,
        json!({"merged": is_merged, "both_shown": shown, "first": first, "second": second, "wrong": wrong}),
    );
}
