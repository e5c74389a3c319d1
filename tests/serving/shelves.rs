//! What every index of passages has to do, written down once: it finds what
//! was put in and nothing else, in its own workspace and nowhere else, and what
//! is taken out is gone. Held against a look through everything.

use baton::passages::{Match, Passage, PassageKind, Words, pieces};
use baton::retrieval::{From, Index, Wanted, Why};
use baton::store::{self, Fault, PassageFilter, Store, Workspace};
use serde_json::json;

use crate::ground::{Ground, on_each};
use crate::harness::{Service, settings};

/// An index that is filled by a test.
struct Shelf {
    store: Store,
    index: Index,
}

impl Shelf {
    async fn beside(service: &Service) -> Shelf {
        let options = store::Options { folder: service.settings.data_dir.clone() };
        let store = Store::open_beside(&options).await.expect("it opens");
        Shelf { index: Index::beside(&store, &service.settings.search).await.expect("an index"), store }
    }

    async fn workspace(&self, name: &str) -> Workspace {
        let all = store::list_workspaces(&mut self.store.reader().await.expect("a reader")).await.expect("workspaces");
        all.into_iter().find(|one| one.as_str() == name).expect("the workspace")
    }

    async fn put(&self, workspace: &Workspace, handoff: &str, passages: &[Passage]) {
        let owner = (workspace.clone(), baton::handoff::HandoffId(handoff.to_owned()));
        let passages = passages.to_vec();
        let write = self
            .store
            .writer()
            .write(move |tx| Box::pin(async move { store::add_passages(tx, (&owner.0, &owner.1), &passages).await }));
        write.await.expect("they are put in");
    }

    async fn take(&self, workspace: &Workspace, handoff: &str) {
        let handoff = baton::handoff::HandoffId(handoff.to_owned());
        let mut reader = self.store.reader().await.expect("a reader");
        let there = store::list_passages(&mut reader, (workspace, &handoff), None).await.expect("passages");
        drop(reader);
        let (workspace, places) = (workspace.clone(), there.iter().map(|one| one.place).collect::<Vec<_>>());
        let write = self
            .store
            .writer()
            .write(move |tx| Box::pin(async move { store::remove_passages(tx, &workspace, &places).await }));
        write.await.expect("they are taken out");
    }

    /// Until an outer index, if there is one, knows of everything.
    async fn carry(&self, workspace: &Workspace) {
        let Some(qdrant) = self.index.outside() else { return };
        while qdrant.carry_some(&self.store, workspace).await.expect("the server takes it") > 0 {}
    }

    async fn find(&self, workspace: &Workspace, words: &str) -> Result<Vec<String>, Fault> {
        self.carry(workspace).await;
        let words = Words::of(words);
        let mut wanted = Wanted::within(workspace, &words, 7);
        let mut all = Vec::new();
        loop {
            let found = self.index.find(&wanted).await?;
            assert_eq!(found.degraded, None);
            all.extend(
                found.hits.into_iter().filter(|_| found.how == Match::All).map(|hit| hit.found.stored.passage.body),
            );
            match found.next {
                Some(next) => wanted.from = next,
                None => return Ok(all),
            }
        }
    }
}

fn passage(number: usize, body: &str) -> Passage {
    Passage {
        kind: PassageKind::Source,
        spot: format!("m{number}"),
        part: 0,
        source: None,
        author: None,
        at: None,
        head: String::new(),
        body: body.to_owned(),
    }
}

/// Bodies of words out of a small list, so that many of them fit many questions; no two are alike.
fn bodies(seed: u64, count: usize) -> Vec<String> {
    const LIST: [&str; 14] = [
        "go",
        "live",
        "July",
        "Köln",
        "gangway",
        "86,400",
        "SAP",
        "dana@northwind.example",
        "München",
        "straße",
        "Go-Live",
        "gangways",
        "über",
        "x",
    ];
    let mut random = fastrand::Rng::with_seed(seed);
    let body = |number| {
        let words: Vec<&str> = (0..random.usize(1..9)).map(|_| LIST[random.usize(..LIST.len())]).collect();
        format!("{} number{number}", words.join(" "))
    };
    (0..count).map(body).collect()
}

async fn start(ground: &Ground) -> Service {
    Service::start_with(ground.settings(settings()), None).await
}

/// Until the service has put everything of its own where it is found: what a test adds is nothing that it knows of.
async fn until_cut(service: &Service, keys: &[&str]) {
    for key in keys {
        let search = || crate::walls::call(service, key, ("GET", "/v1/search?q=x", None));
        while search().await.expect(200).json()["waiting"] != 0 {}
    }
}

/// Every handoff of the workspace holds so many passages; at most three of one are ever shown.
async fn holds_to_the_rules(service: &Service, shelf: &Shelf) {
    let (main, other) = (shelf.workspace("main").await, shelf.workspace("other").await);
    let other_key = service.make_key("all", "other", baton::access::keys::Mode::Live).await;
    let mut begun = Vec::new();
    for number in 0..60_u64 {
        let is_ours = number % 2 == 0;
        let key = if is_ours { &service.key } else { &other_key };
        let external_id = format!("e{number}");
        let body =
            json!({"route": "sales-to-onboarding", "external_id": external_id, "known": {"customer_name": "Zz"}});
        let begin = crate::walls::call(service, key, ("POST", "/v1/handoffs?wait=20", Some(&body)));
        begun.push((number, is_ours, begin.await.expect(200).id()));
    }
    until_cut(service, &[&service.key, &other_key]).await;
    let mut held: Vec<(bool, String, Vec<String>)> = Vec::new();
    for (number, is_ours, id) in begun {
        let bodies = bodies(number, 3);
        let passages: Vec<Passage> = bodies.iter().enumerate().map(|(at, body)| passage(at + 100, body)).collect();
        shelf.put(if is_ours { &main } else { &other }, &id, &passages).await;
        held.push((is_ours, id, bodies));
    }
    for number in [4, 5, 20] {
        let (is_ours, id, _) = held.remove(number);
        shelf.take(if is_ours { &main } else { &other }, &id).await;
    }
    let questions = [
        "go",
        "live",
        "go live",
        "go-live",
        "koln",
        "KÖLN july",
        "gangway",
        "gangways",
        "86400",
        "munchen muenchen",
        "dana@northwind.example",
        "dana",
        "straße",
        "sap x",
        "über",
        "uber go",
        "zeppelin",
        "x",
        "northwind july",
    ];
    for question in questions {
        for (is_ours, workspace) in [(true, &main), (false, &other)] {
            let mut found = shelf.find(workspace, question).await.expect("it is looked for");
            found.retain(|body| body.contains("number"));
            found.sort();
            let mut expected: Vec<String> =
                held.iter().filter(|one| one.0 == is_ours).flat_map(|one| one.2.clone()).collect();
            expected.retain(|body| fits(body, question));
            expected.sort();
            assert_eq!(found, expected, "{question}");
        }
    }
}

/// By a look at the text alone: every word stands there, in one of the ways it may be written.
fn fits(body: &str, question: &str) -> bool {
    let plain = |text: &str| {
        let folded: Vec<String> = pieces(text).into_iter().map(|piece| piece.folded).collect();
        format!(" {} ", folded.join(" "))
    };
    let body = plain(body);
    question.split(' ').all(|word| {
        let other = match word {
            "86400" => "86 400",
            "muenchen" => "munchen",
            same => same,
        };
        [word, other].into_iter().any(|way| {
            let way = plain(way);
            let is_long = way.trim_end().rsplit(' ').next().is_some_and(|last| last.chars().count() >= 4);
            body.contains(if is_long { way.trim_end() } else { way.as_str() })
        })
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_holds_to_the_rules() {
    on_each(async |ground| {
        let service = start(ground).await;
        service.make_key("all", "other", baton::access::keys::Mode::Live).await;
        let shelf = Shelf::beside(&service).await;
        holds_to_the_rules(&service, &shelf).await;
        shelf.store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_is_narrowed_and_put_in_pages() {
    on_each(async |ground| {
        let service = start(ground).await;
        let shelf = Shelf::beside(&service).await;
        let main = shelf.workspace("main").await;
        let body = json!({"route": "sales-to-onboarding", "known": {"customer_name": "Zz"}});
        let id = service.post("/v1/handoffs?wait=20", &body).await.expect(200).id();
        until_cut(&service, &[&service.key]).await;
        let passages: Vec<Passage> =
            (0..250).map(|number| passage(number + 100, &format!("gangway {number}"))).collect();
        shelf.put(&main, &id, &passages).await;
        shelf.carry(&main).await;
        let words = Words::of("gangway");
        let mut wanted = Wanted::within(&main, &words, 100);
        assert_eq!(shelf.index.find(&wanted).await.expect("found").hits.len(), 3, "no handoff fills the page");
        wanted.filter =
            PassageFilter { handoffs: vec![baton::handoff::HandoffId(id.clone())], ..PassageFilter::default() };
        let mut seen = std::collections::BTreeSet::new();
        loop {
            let found = shelf.index.find(&wanted).await.expect("found");
            seen.extend(found.hits.iter().map(|hit| hit.found.stored.place));
            let Some(next) = found.next else { break };
            assert_eq!(found.hits.len(), 100);
            wanted.from = next;
        }
        assert_eq!(seen.len(), 250);
        wanted.from = From::default();
        wanted.filter.route = Some("other".to_owned());
        assert_eq!(shelf.index.find(&wanted).await.expect("found").hits.len(), 0);
        shelf.store.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_full_server_was_not_told_is_found_all_the_same() {
    let strict = crate::qdrant::Strict::start();
    let service = start(&Ground::Strict(strict.clone())).await;
    let shelf = Shelf::beside(&service).await;
    let main = shelf.workspace("main").await;
    let body = json!({"route": "sales-to-onboarding", "known": {"customer_name": "Zz"}});
    let id = service.post("/v1/handoffs?wait=20", &body).await.expect(200).id();
    until_cut(&service, &[&service.key]).await;
    shelf.carry(&main).await;
    strict.set(crate::qdrant::Mood::Full);
    let words = Words::of("gangway");
    let wanted = Wanted::within(&main, &words, 10);
    // A little is looked at beside what it answers; more than that is searched for without it.
    for (from, to, degraded) in [(0, 400, None), (400, 700, Some(Why::Behind))] {
        let passages: Vec<Passage> =
            (from..to).map(|number| passage(number + 100, &format!("gangway {number}"))).collect();
        shelf.put(&main, &id, &passages).await;
        let found = shelf.index.find(&wanted).await.expect("found");
        assert_eq!((found.hits.len(), found.degraded), (3, degraded));
    }
    strict.set(crate::qdrant::Mood::Well);
    shelf.carry(&main).await;
    let found = shelf.index.find(&wanted).await.expect("found");
    assert_eq!((found.hits.len(), found.degraded), (3, None));
    shelf.store.close().await;
}
