//! The seeds of the fuzzers, and every input that once broke something, as
//! plain tests: `fuzz/seeds/FAMILY/*`. The same must hold as under the fuzzer.

#[path = "../fuzz/reading.rs"]
mod reading;

use std::fs;
use std::path::Path;

#[test]
fn every_seed_reads_within_the_rules() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for family in reading::FAMILIES {
        let files = fs::read_dir(seeds.join(family)).expect("the family's seeds");
        let mut read = 0;
        for file in files {
            let path = file.expect("a seed").path();
            reading::check(family, &fs::read(&path).expect("a seed"));
            read += 1;
        }
        assert!(read >= 3, "{family} has {read} seeds");
    }
}

/// Each seed cut short, and with single bytes changed: what a fuzzer tries first.
#[test]
fn every_seed_survives_small_damage() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    for family in reading::FAMILIES {
        for file in fs::read_dir(seeds.join(family)).expect("the family's seeds") {
            let bytes = fs::read(file.expect("a seed").path()).expect("a seed");
            let step = (bytes.len() / 24).max(1);
            for at in (0..bytes.len()).step_by(step) {
                reading::check(family, &bytes[..at]);
                let mut changed = bytes.clone();
                changed[at] ^= 0x15;
                reading::check(family, &changed);
            }
        }
    }
}
