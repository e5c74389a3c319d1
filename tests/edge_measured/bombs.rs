//! Small bodies that unpack to large ones: refused before memory or time is
//! spent on them.

use std::time::{Duration, Instant};

use crate::running::{Memory, Running, gzip, post_of};

const MEBIBYTE: usize = 1024 * 1024;

#[tokio::test]
async fn a_bomb_does_not_go_off() {
    let _alone = crate::ALONE.lock().await;
    let running = Running::start().await;
    let bomb = gzip(&vec![0; 100 * MEBIBYTE]);
    assert!(bomb.len() < 200_000, "{} bytes", bomb.len());
    for path in ["/bytes", "/orders"] {
        let headers = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
        let request = post_of(path, headers, &bomb);
        let (memory, started) = (Memory::start(), Instant::now());
        running.ask(request).await.problem(413, "body-too-large");
        let (took, grown) = (started.elapsed(), memory.grown_mebibytes());
        println!("A-04 {path}: {} bytes to 100 MiB refused in {took:?}, {grown:.1} MiB more memory", bomb.len());
        assert!(took <= Duration::from_millis(200), "{took:?}");
        assert!(grown <= 64.0, "{grown} MiB");
    }
}

#[tokio::test]
async fn bodies_of_single_bytes_cost_little() {
    let _alone = crate::ALONE.lock().await;
    let running = Running::start().await;
    let head = "POST /bytes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (length, is_taken) in [(100_000, true), (10 * MEBIBYTE, false)] {
        let request = [head.as_bytes(), &b"1\r\na\r\n".repeat(length), b"0\r\n\r\n"].concat();
        let (memory, started) = (Memory::start(), Instant::now());
        let reply = running.ask(request).await;
        let (took, grown) = (started.elapsed(), memory.grown_mebibytes());
        println!("R-08: {length} chunks of one byte: {} after {took:?}, {grown:.1} MiB more memory", reply.status);
        match is_taken {
            true => assert_eq!(reply.text(), length.to_string()),
            false => drop(reply.problem(400, "malformed-body")),
        }
        assert!(grown <= 32.0, "{grown} MiB");
    }
}
