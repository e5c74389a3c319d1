//! Bodies that are too large, too late, or packed in ways we do not take.

use std::time::Duration;

use baton::api::edge::EdgeSettings;

use crate::running::{Running, edge_settings, gzip, post_of, server_settings};

const MEBIBYTE: usize = 1024 * 1024;

#[tokio::test]
async fn packed_bodies_are_unpacked_once() {
    let running = Running::start().await;
    let packed = gzip(&vec![b'a'; 3 * MEBIBYTE]);
    let ask = async |encoding: &str, body: &[u8]| {
        running.ask(post_of("/bytes", &format!("Content-Encoding: {encoding}\r\n"), body)).await
    };
    assert_eq!(ask("gzip", &packed).await.text(), (3 * MEBIBYTE).to_string());
    assert_eq!(ask("X-GZip", &packed).await.text(), (3 * MEBIBYTE).to_string());
    assert_eq!(ask("gzip", &gzip(&packed)).await.text(), packed.len().to_string(), "only the outer packing");
    ask("gzip, gzip", &gzip(&packed)).await.problem(415, "unsupported-encoding");
    ask("gzip", b"this is not gzip").await.problem(400, "malformed-body");
    ask("gzip", &packed[..packed.len() / 2]).await.problem(400, "malformed-body");
}

#[tokio::test]
async fn the_limit_holds_for_every_way_of_sending() {
    let running = Running::start().await;
    let limit = edge_settings().body_limit_bytes;
    assert_eq!(running.ask(post_of("/bytes", "", &vec![b'a'; limit])).await.text(), limit.to_string());
    let large = vec![b'a'; limit + 1];
    running.ask(post_of("/bytes", "", &large)).await.problem(413, "body-too-large");
    // The head is enough, and nobody is asked to send the rest.
    let head = "POST /bytes HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n";
    running.ask(head).await.problem(413, "body-too-large");
    for path in ["/bytes", "/upload"] {
        let form = "Content-Type: multipart/form-data; boundary=b\r\n";
        let head = format!("POST {path} HTTP/1.1\r\nHost: a\r\n{form}Transfer-Encoding: chunked\r\n\r\n");
        let start = "--b\r\nContent-Disposition: form-data; name=\"a\"; filename=\"a\"\r\n\r\n";
        let chunk = |bytes: &[u8]| [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"].concat();
        let mut raw = running.connect().await;
        raw.send(head).await;
        raw.send(chunk(start.as_bytes())).await;
        for _ in 0..=limit / MEBIBYTE {
            raw.send(chunk(&large[..MEBIBYTE])).await;
        }
        raw.reply().await.expect("a reply").problem(413, "body-too-large");
    }
}

#[tokio::test]
async fn a_body_that_does_not_end_in_time_is_refused() {
    let settings = EdgeSettings { body_deadline: Duration::from_millis(200), ..edge_settings() };
    let running = Running::start_with(settings, server_settings()).await;
    let head = "POST /bytes HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc";
    let reply = running.ask(head).await;
    reply.problem(408, "body-timeout");
    // Packed bodies have the same deadline.
    let head = "POST /bytes HTTP/1.1\r\nHost: a\r\nContent-Encoding: gzip\r\nContent-Length: 10\r\n\r\n\x1f";
    running.ask(head).await.problem(408, "body-timeout");
}
