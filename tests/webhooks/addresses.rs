//! No address leads inside: not when it is given, not when something is sent,
//! not by a name that turns, a redirect, a scheme, a port or a proxy.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::{Arc, Mutex};

use baton::outbound::Resolver;
use futures_util::future::BoxFuture;
use serde_json::json;

use crate::harness::figure;
use crate::sink::{Canary, Sink, reply};
use crate::{database, deliveries, delivery, endpoint, hand_over, quiet, start};

/// Hosts that lead inside or nowhere, in every way of writing them.
const HOSTS: &str = "
127.0.0.1 127.0.0.2 127.1 127.0.1 127.255.255.255 0.0.0.0 0 0.0.0.1 2130706433 017700000001 0177.0.0.1 0x7f000001
0x7f.0.0.1 0x7f.1 127.0.0.1. 0177.1 00000177.0.0.1 localhost LOCALHOST localhost. a.localhost localhost.localdomain
10.0.0.1 10.255.255.255 012.0.0.1 0xa.0.0.1 167772161 172.16.0.1 172.31.255.255 0xac100001 192.168.0.1 192.168.1.1
192.168.255.255 3232235777 0xc0a80101 169.254.169.254 169.254.0.1 0xa9fea9fe 2852039166 0251.0376.0251.0376
169.254.43518 169.16689662 100.64.0.1 100.100.100.200 100.127.255.255 192.0.0.1 192.0.0.192 192.0.2.1 192.88.99.1
198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255 168.63.129.16
192.31.196.1 192.52.193.1 192.175.48.1
[::] [::1] [0:0:0:0:0:0:0:1] [::127.0.0.1] [::7f00:1] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:127.0.0.1]
[::ffff:10.0.0.1] [::ffff:169.254.169.254] [::ffff:a9fe:a9fe] [::ffff:0:127.0.0.1] [::ffff:93.184.216.34]
[64:ff9b::127.0.0.1] [64:ff9b::7f00:1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::1] [64:ff9b::5db8:d822] [100::1]
[2001::1] [2001:0:7f00:1::] [2001:2::1] [2001:10::1] [2001:20::1] [2001:db8::1] [2002:7f00:1::] [2002:a00:1::1]
[2002:a9fe:a9fe::] [3fff::1] [5f00::1] [fc00::1] [fd00::1] [fd00:ec2::254] [fe80::1] [fe80::1%25lo] [fe80::1%lo]
[fec0::1] [ff02::1] [ff05::1] [ffff::1] [1::1] [4000::1] [::2]
%31%32%37.0.0.1 %31%30.0.0.1 127%2e0%2e0%2e1 \u{ff11}\u{ff12}\u{ff17}.0.0.1 \u{2460}\u{2461}\u{2466}.0.0.1 127\u{3002}0\u{3002}0\u{3002}1
\u{ff4c}ocalhost metadata metadata.google.internal instance-data redis db.local router.lan wiki.corp gate.intranet
nas.home.arpa kubernetes.default.svc.internal good@127.0.0.1 good:word@127.0.0.1 hooks.acme.example@127.0.0.1
127.0.0.1\\@hooks.acme.example 256.256.256.256 1.2.3 4294967296 0x100000000
";

/// Port 0 stands for the canary's.
fn hosts() -> Vec<String> {
    HOSTS.split_whitespace().map(str::to_owned).collect()
}

#[tokio::test]
async fn addresses_inside_are_refused_when_given_and_when_sent() {
    let service = start(|settings| settings.outbound.allow = Vec::new()).await;
    let canary = Canary::start().await;
    let (mut given, mut accepted) = (0, Vec::new());
    let mut urls = Vec::new();
    for host in hosts() {
        for scheme in ["http", "https"] {
            let url = format!("{scheme}://{host}:{}/x", canary.port);
            let answer = service.post("/v1/endpoints", &json!({"url": url})).await;
            given += 1;
            // A short form such as 1.2.3 is a public address, written oddly.
            if answer.status != 422 || answer.json()["errors"][0]["pointer"] != "/url" {
                accepted.push(url.clone());
            }
            urls.push(url);
        }
    }
    let odd: Vec<&String> = accepted.iter().filter(|url| !url.contains("//1.2.3:")).collect();
    let hook = json!({"target_url": format!("http://127.0.0.1:{}/", canary.port), "event": "handoff.ready"});
    service.post("/v1/hooks", &hook).await.expect(422);

    // The same addresses in endpoints that are there already, as if they had come in by a backup.
    urls.retain(|url| !url.contains("//1.2.3:"));
    let mut connection = database(&service.settings).await;
    let mut ids = Vec::new();
    for url in &urls {
        let (id, _) = endpoint(&service, "https://93.184.216.34/", &["handoff.received"]).await;
        sqlx::query("UPDATE endpoints SET url = $1 WHERE id = $2")
            .bind(url)
            .bind(&id)
            .execute(&mut connection)
            .await
            .expect("changed");
        ids.push(id);
    }
    hand_over(&service).await;
    quiet(&service).await;
    let mut sent = Vec::new();
    for (id, url) in ids.iter().zip(&urls) {
        let shown = delivery(&service, &deliveries(&service, id).await[0]["id"]).await;
        if shown["log"][0]["problem"] != "refused_address" {
            sent.push(format!("{url}: {}", shown["log"]));
        }
    }
    let count = hosts().len();
    let pass = count >= 120 && odd.is_empty() && sent.is_empty() && canary.connections() == 0;
    figure(
        "A-10",
        pass,
        json!({"hosts": count, "given": given, "accepted": odd, "sent_to": ids.len(), "not_refused_at_sending": sent,
            "canary": canary.connections()}),
    );
}

/// How often a name was asked for, and the addresses it has each time.
type Answers = (usize, Vec<Vec<IpAddr>>);

/// Answers each name from a list of its own, in turn; the last one stays.
#[derive(Debug, Default)]
struct Turning {
    answers: Mutex<HashMap<String, Answers>>,
}

impl Turning {
    fn set(&self, name: &str, answers: Vec<Vec<IpAddr>>) {
        self.answers.lock().expect("answers").insert(name.to_owned(), (0, answers));
    }

    fn asked(&self, name: &str) -> usize {
        self.answers.lock().expect("answers").get(name).map_or(0, |(asked, _)| *asked)
    }
}

impl Resolver for Turning {
    fn resolve(&self, name: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        let mut all = self.answers.lock().expect("answers");
        let found = all.get_mut(&name).map(|(asked, answers)| {
            let at = (*asked).min(answers.len() - 1);
            *asked += 1;
            answers[at].clone()
        });
        Box::pin(async move { found.ok_or_else(|| io::Error::other("no such name")) })
    }
}

#[tokio::test]
async fn names_that_turn_lead_nowhere() {
    const ROUNDS: usize = 200;
    let service = start(|settings| settings.outbound.allow = vec!["sink.acme.example".to_owned()]).await;
    let (canary, sink, names) = (Canary::start().await, Sink::good().await, Arc::new(Turning::default()));
    service.app().resolve_with(names.clone());
    let public: IpAddr = Ipv4Addr::new(93, 184, 216, 34).into();
    let inside: [IpAddr; 4] = [
        Ipv4Addr::new(127, 0, 0, 2).into(),
        Ipv6Addr::LOCALHOST.into(),
        Ipv4Addr::new(169, 254, 169, 254).into(),
        Ipv4Addr::new(127, 0, 0, 1).to_ipv6_mapped().into(),
    ];
    let mut ids = Vec::new();
    for round in 0..ROUNDS {
        let name = format!("turn-{round}.example");
        let inside = inside[round % inside.len()];
        let then = if round % 3 == 0 { vec![public, inside] } else { vec![inside] };
        names.set(&name, vec![vec![public], then]);
        let url = format!("https://{name}:{}/", canary.port);
        ids.push((name, endpoint(&service, &url, &["handoff.received"]).await.0));
    }
    // A name that leads inside at once is refused when it is given, with all the addresses it has.
    names.set("inside.example", vec![vec![public, inside[0]]]);
    let refused = service.post("/v1/endpoints", &json!({"url": "https://inside.example/"})).await.expect(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/url");
    // And one that the settings allow is connected to where the resolver says, under its name.
    names.set("sink.acme.example", vec![vec![Ipv4Addr::LOCALHOST.into()]]);
    endpoint(&service, &format!("http://sink.acme.example:{}/ours", sink.port), &["handoff.received"]).await;
    hand_over(&service).await;
    quiet(&service).await;
    let (mut wrong, mut looked_up) = (Vec::new(), 0);
    for (name, id) in &ids {
        let shown = delivery(&service, &deliveries(&service, id).await[0]["id"]).await;
        looked_up += names.asked(name);
        if shown["log"][0]["problem"] != "refused_address" || names.asked(name) != 2 {
            wrong.push(format!("{name}: {} after {}", shown["log"], names.asked(name)));
        }
    }
    let ours = sink.seen_at("/ours");
    assert_eq!((ours.len(), ours[0].header("host")), (1, format!("sink.acme.example:{}", sink.port).as_str()));
    wrong.truncate(3);
    let pass = wrong.is_empty() && canary.connections() == 0 && looked_up == 2 * ROUNDS;
    figure(
        "A-11",
        pass,
        json!({"rounds": ROUNDS, "looked_up_when_given_and_when_sent": looked_up, "wrong": wrong,
            "canary": canary.connections()}),
    );
}

#[tokio::test]
async fn redirects_lead_nowhere() {
    let service = start(|_| {}).await;
    let canary = Canary::start().await;
    let target = format!("http://127.0.0.1:{}/", canary.port);
    let secure = format!("https://127.0.0.1:{}/", canary.port);
    let sink = Sink::start(move |seen| {
        let status: u16 = seen.path[1..4].parse().expect("a status");
        let target = if seen.path.ends_with("secure") { &secure } else { &target };
        reply(status, &[("location", target), ("refresh", &format!("0; url={target}"))], "<meta http-equiv=refresh>")
    })
    .await;
    let mut sent = 0;
    for status in [200, 201, 300, 301, 302, 303, 305, 307, 308] {
        for end in ["", "-secure"] {
            endpoint(&service, &sink.url(&format!("/{status}{end}")), &["handoff.received"]).await;
            sent += 1;
        }
    }
    hand_over(&service).await;
    quiet(&service).await;
    let pass = sink.seen().len() == sent && canary.connections() == 0;
    figure("A-12", pass, json!({"redirects": sent, "requests": sink.seen().len(), "canary": canary.connections()}));
}

#[tokio::test]
async fn schemes_and_ports_are_few() {
    let service = start(|settings| settings.outbound.allow = Vec::new()).await;
    let mut accepted = Vec::new();
    let mut tried = 0;
    let schemes = [
        "file:///etc/passwd",
        "gopher://hooks.acme.example/",
        "ftp://hooks.acme.example/",
        "data:text/plain,x",
        "unix:/var/run/x.sock",
        "javascript:alert(1)",
        "ws://hooks.acme.example/",
        "wss://hooks.acme.example/",
        "ldap://hooks.acme.example/",
        "dict://hooks.acme.example:11211/",
        "jar:https://hooks.acme.example/x!/",
        "//hooks.acme.example/",
        "hooks.acme.example",
        "http://hooks.acme.example/",
        "https:///",
        "https://",
        "blob:https://hooks.acme.example/1",
    ];
    let ports = [
        1, 21, 22, 23, 25, 53, 110, 111, 135, 139, 143, 389, 445, 465, 514, 587, 636, 993, 1433, 2375, 3306, 3389,
        5432, 6379, 9200, 11211, 27017,
    ];
    let ports = ports.map(|port| format!("https://hooks.acme.example:{port}/"));
    for url in schemes.iter().map(|url| (*url).to_owned()).chain(ports) {
        tried += 1;
        let answer = service.post("/v1/endpoints", &json!({"url": url})).await;
        if answer.status != 422 {
            accepted.push(url);
        }
    }
    for url in ["https://93.184.216.34/", "https://93.184.216.34:443/", "https://93.184.216.34:8443/x?y=z"] {
        service.post("/v1/endpoints", &json!({"url": url})).await.expect(201);
    }
    figure("A-13 schemes and ports", accepted.is_empty(), json!({"tried": tried, "accepted": accepted}));
}
