//! Small bodies that unpack to large ones: refused before memory or time is
//! spent on them.

use std::time::{Duration, Instant};

use crate::running::{Running, gzip, post_of, resident_mebibytes};

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
        let (before, started) = (resident_mebibytes(), Instant::now());
        running.ask(request).await.problem(413, "body-too-large");
        let (took, grown) = (started.elapsed(), resident_mebibytes() - before);
        println!("A-04 {path}: {} bytes to 100 MiB refused in {took:?}, {grown:.1} MiB more memory", bomb.len());
        assert!(took <= Duration::from_millis(200), "{took:?}");
        assert!(grown <= 64.0, "{grown} MiB");
    }
}
