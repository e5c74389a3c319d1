//! The `baton` program: hands its arguments to the command line and exits.

fn main() -> std::process::ExitCode {
    baton::cli::run()
}
