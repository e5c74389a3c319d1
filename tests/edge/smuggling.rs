//! Requests whose end two readers may see in two places, and other odd HTTP
//! refused or the connection's last, and nothing behind them is taken
//! for a request.

use crate::running::{Running, post_of};

/// Looks like a request of its own wherever a reader thinks the first one ended.
const SECOND: &str = "GET /seen HTTP/1.1\r\nHost: a\r\n\r\n";

/// Sends `bytes`, expects one reply and then the end.
async fn check(running: &Running, name: &str, bytes: impl AsRef<[u8]>, expected: &[u16]) {
    let mut raw = running.connect().await;
    raw.send(bytes).await;
    raw.send(SECOND).await;
    let first = raw.reply().await.unwrap_or_else(|| panic!("{name}: no reply"));
    assert!(expected.contains(&first.status), "{name}: {first:?}");
    assert_eq!(first.header("content-type"), Some("application/problem+json"), "{name}: {first:?}");
    first.is_dressed();
    assert_eq!(first.header("connection"), Some("close"), "{name}: {first:?}");
    let second = raw.reply().await;
    assert!(second.is_none(), "{name}: a second request was seen: {second:?}");
    println!("A-09 {name}: {} and closed", first.status);
}

#[tokio::test]
async fn odd_requests_are_refused_and_nothing_follows() {
    let running = Running::start().await;
    let post = |headers: &str, body: &str| format!("POST /bytes HTTP/1.1\r\nHost: a\r\n{headers}\r\n{body}");
    let chunked = "Transfer-Encoding: chunked\r\n";
    let many: String = (0..200).map(|number| format!("X-{number}: y\r\n")).collect();
    let extension = format!("1;{}\r\na\r\n0\r\n\r\n", "e".repeat(1024 * 1024));
    for (name, bytes, expected) in [
        ("length, then chunks", post(&format!("Content-Length: 5\r\n{chunked}"), "0\r\n\r\n"), &[400][..]),
        ("chunks, then length", post(&format!("{chunked}Content-Length: 5\r\n"), "0\r\n\r\n"), &[400]),
        ("two equal lengths", post("Content-Length: 0\r\nContent-Length: 0\r\n", ""), &[400]),
        ("two lengths", post("Content-Length: 0\r\nContent-Length: 5\r\n", ""), &[400]),
        ("lengths in a list", post("Content-Length: 0, 5\r\n", ""), &[400]),
        ("a length with a sign", post("Content-Length: +0\r\n", ""), &[400]),
        ("a negative length", post("Content-Length: -1\r\n", ""), &[400]),
        ("an unknown coding", post("Transfer-Encoding: xchunked\r\n", "0\r\n\r\n"), &[400]),
        ("chunked not last", post("Transfer-Encoding: chunked, identity\r\n", "0\r\n\r\n"), &[400]),
        ("two codings", post(&format!("{chunked}Transfer-Encoding: identity\r\n"), "0\r\n\r\n"), &[400]),
        ("a space before the colon", post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n"), &[400]),
        ("a folded header", post("X: a\r\n b\r\n", ""), &[400]),
        ("chunks in HTTP/1.0", post(chunked, "0\r\n\r\n").replace("1.1", "1.0"), &[400]),
        ("a chunk extension of 1 MB", post(chunked, &extension), &[400]),
        ("a wrong chunk size", post(chunked, "zz\r\n\r\n"), &[400]),
        ("a chunk size of 2^64", post(chunked, "10000000000000000\r\n\r\n"), &[400]),
        ("200 headers", post(&many, ""), &[431]),
        ("a header of 64 KB", post(&format!("X: {}\r\n", "y".repeat(64 * 1024)), ""), &[431]),
        ("an address of 64 KB", format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(64 * 1024)), &[414, 431]),
        ("no host", "GET / HTTP/1.1\r\n\r\n".to_owned(), &[400]),
        ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n".to_owned(), &[400]),
        ("a NUL in a header", "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n".to_owned(), &[400]),
        ("HTTP/3.0", "GET / HTTP/3.0\r\nHost: a\r\n\r\n".to_owned(), &[400]),
        ("no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\r\n\r\n".to_owned(), &[400]),
    ] {
        check(&running, name, bytes, expected).await;
    }
}

#[tokio::test]
async fn a_body_in_chunks_is_the_connections_last() {
    // On a connection that has been used, the parser may have put right what the scan did not see.
    let running = Running::start().await;
    for framing in ["Transfer-Encoding: chunked\r\n", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"] {
        let mut raw = running.connect().await;
        raw.send(SECOND).await;
        assert_eq!(raw.reply().await.expect("a reply").status, 200);
        raw.send(format!("POST /bytes HTTP/1.1\r\nHost: a\r\n{framing}\r\n0\r\n\r\n")).await;
        raw.send(SECOND).await;
        let reply = raw.reply().await.expect("a reply");
        assert_eq!((reply.status, reply.header("connection")), (200, Some("close")), "{framing}: {reply:?}");
        assert!(raw.reply().await.is_none(), "{framing}: a request was seen behind it");
    }
}

#[tokio::test]
async fn connections_are_used_again_for_plain_requests() {
    let running = Running::start().await;
    let mut raw = running.connect().await;
    for _ in 0..3 {
        raw.send(post_of("/bytes", "", b"abc")).await;
        assert_eq!(raw.reply().await.expect("a reply").text(), "3");
    }
    // Requests sent ahead are answered in their order.
    raw.send([&post_of("/bytes", "", b"a")[..], &post_of("/bytes", "", b"ab"), b"BAD\r\n\r\n"].concat()).await;
    assert_eq!(raw.reply().await.expect("a reply").text(), "1");
    assert_eq!(raw.reply().await.expect("a reply").text(), "2");
    assert_eq!(raw.reply().await.expect("a reply").status, 400);
    assert!(raw.reply().await.is_none());
}

#[tokio::test]
async fn odd_targets_lead_nowhere() {
    let running = Running::start().await;
    for target in ["*", "http://evil.example/nothing", "evil.example:443", "/%ff", "//", "/../etc", "/orders/%00"] {
        let method = if target.contains(":443") { "CONNECT" } else { "GET" };
        let reply = running.ask(format!("{method} {target} HTTP/1.1\r\nHost: a\r\n\r\n")).await;
        assert!([400, 404, 405].contains(&reply.status), "{target}: {reply:?}");
        assert_eq!(reply.header("content-type"), Some("application/problem+json"), "{target}");
    }
}
