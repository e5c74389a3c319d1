//! Stub.
fn main() {
    divan::main();
}
