//! Bytes as files of the family `records`; see `reading.rs` for what must hold.
#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reading::check("records", bytes);
});
