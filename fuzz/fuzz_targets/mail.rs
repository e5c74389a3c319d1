//! Bytes as files of the family `mail`; see `reading.rs` for what must hold.
#![no_main]

#[path = "../reading.rs"]
mod reading;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    reading::check("mail", bytes);
});
