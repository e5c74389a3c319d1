//! Keys under attack: guesses, changed letters, and what the time of an answer
//! could tell.

use std::hint::black_box;
use std::time::{Duration, Instant};

use baton::access::keys::{KeyHash, Mode, create, matches, parse};
use secrecy::ExposeSecret;

#[test]
fn no_changed_bit_opens() {
    let (mut changed, mut opened) = (0, 0);
    for mode in [Mode::Live, Mode::Test] {
        let key = create(mode).expect("a key");
        let text = key.text.expose_secret();
        for bit in 0..text.len() * 8 {
            let mut bytes = text.as_bytes().to_vec();
            bytes[bit / 8] ^= 1 << (bit % 8);
            changed += 1;
            let presented = String::from_utf8(bytes).ok().and_then(|text| parse(&text));
            opened += usize::from(presented.is_some_and(|presented| matches(&presented, Some(&key.hash))));
        }
    }
    println!("keys: {changed} changed keys, {opened} opened");
    assert_eq!(opened, 0);
}

#[test]
fn ten_thousand_keys_differ() {
    let mut hashes: Vec<String> = Vec::new();
    let mut ids: Vec<String> = Vec::new();
    for _ in 0..10_000 {
        let key = create(Mode::Live).expect("a key");
        hashes.push(key.hash.to_hex());
        ids.push(key.id.to_string());
        assert!(!key.text.expose_secret().contains(&key.hash.to_hex()));
    }
    for all in [&mut hashes, &mut ids] {
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 10_000);
    }
}

/// The time of one comparison, out of a hundred, so that the clock's own steps do not show.
fn measure(text: &str, kept: Option<&KeyHash>) -> Duration {
    let start = Instant::now();
    for _ in 0..100 {
        let presented = parse(black_box(text)).expect("the form");
        black_box(matches(&presented, black_box(kept)));
    }
    start.elapsed() / 100
}

#[test]
fn time_does_not_tell_which_keys_exist() {
    let key = create(Mode::Live).expect("a key");
    let right = key.text.expose_secret();
    let wrong = format!("{}{}", &right[..right.len() - 43], "A".repeat(43));
    // Taken in turns, so that whatever else the machine does falls on all alike.
    let mut times = [Vec::new(), Vec::new(), Vec::new()];
    for _ in 0..2_000 {
        times[0].push(measure(&wrong, Some(&key.hash)));
        times[1].push(measure(&wrong, None));
        times[2].push(measure(right, Some(&key.hash)));
    }
    let [known, unknown, good] = times.map(|mut times| {
        times.sort();
        (times[times.len() / 4], times[times.len() / 2], times[times.len() * 3 / 4])
    });
    println!("keys: wrong {known:?}, of nobody {unknown:?}, right {good:?} (quartiles)");
    // The median of each lies within what the others scatter, or a tenth of it.
    for (one, other) in [(known, unknown), (known, good), (unknown, good)] {
        let noise = (one.2 - one.0).max(other.2 - other.0).max(one.1 / 10);
        assert!(one.1.abs_diff(other.1) <= noise, "{one:?} {other:?}");
    }
}
