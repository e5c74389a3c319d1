//! `baton eval import`: a finished handoff, with the values that people
//! corrected, becomes a case that is loaded back before it is believed.

use clap::Args;

use crate::cli::failure::{Failure, Status};

#[derive(Debug, Args)]
pub(super) struct ImportArguments {}

pub(super) fn run(_: ImportArguments) -> Result<Status, Failure> {
    Ok(Status::Done)
}
