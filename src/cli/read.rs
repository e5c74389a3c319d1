//! `baton read`: what was understood of files, before any route or judgement.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::SourceArguments;
use super::failure::{Failure, Status};
use super::inputs::{check_spared, read_inputs};
use super::output::Output;
use crate::intake;
use crate::rendering::conversation_text;

#[derive(Debug, Args)]
#[command(after_long_help = "\
Examples:
  baton read 02-kickoff.vtt
  baton read --our-domain acme.example --format json deal/ > conversation.json
  pbpaste | baton read -

In text, stretches that are not the author's own words are marked: `>` quoted, `»` forwarded, `~` signature.")]
pub(super) struct ReadArguments {
    #[command(flatten)]
    sources: SourceArguments,

    /// How the conversation is printed: text for a terminal, json for programs
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = ReadFormat::Text)]
    format: ReadFormat,

    /// Write to this file instead of standard output; it is replaced whole or not at all
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReadFormat {
    Text,
    Json,
}

pub(super) fn run(arguments: ReadArguments) -> Result<Status, Failure> {
    let output = Output::new(arguments.out)?;
    check_spared(&output, &arguments.sources.paths, &[])?;
    let settings = arguments.sources.settings()?;
    let our_domains = settings.our_domains.as_slice();
    let conversation =
        intake::read(read_inputs(&arguments.sources.paths)?, &intake::Options { our_domains, limits: settings.limits });
    match arguments.format {
        ReadFormat::Text => output.write(&conversation_text(&conversation, output.layout()))?,
        ReadFormat::Json => output.write_json(&conversation)?,
    }
    Ok(Status::Done)
}
