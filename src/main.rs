//! The `baton` program: hands its arguments to the command line and exits.

/// Reading makes many small texts on many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    baton::cli::run()
}
