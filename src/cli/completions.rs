//! `baton completions`: what a shell needs to complete Baton's arguments.

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::Arguments;
use super::failure::{Failure, Status};
use super::output::Output;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  baton completions bash > ~/.local/share/bash-completion/completions/baton
  baton completions zsh > ~/.zfunc/_baton
  baton completions fish > ~/.config/fish/completions/baton.fish")]
pub(super) struct CompletionsArguments {
    /// The shell to complete for
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(arguments: CompletionsArguments) -> Result<Status, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), "baton", &mut script);
    Output::Standard.write(&String::from_utf8_lossy(&script))?;
    Ok(Status::Done)
}
