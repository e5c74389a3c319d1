//! Which engine reads: the rules alone, or the model of the settings. A model
//! is asked only when the settings name one, never because a key lies about.

use anyhow::Context;
use clap::ValueEnum;

use super::failure::Failure;
use super::output::say_note;
use crate::config::ModelSettings;
use crate::llm::{Model, Reader};
use crate::pipeline::{self, Outcome, Request, Rules};

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum EngineChoice {
    /// Rules, without a model and without a key
    Extractive,
    /// The model of the settings, and the rules beside it
    Llm,
}

/// The reader that was asked for; `None` for the rules alone.
pub(super) fn open_reader(choice: Option<EngineChoice>, settings: &ModelSettings) -> Result<Option<Reader>, Failure> {
    if choice == Some(EngineChoice::Extractive) || choice.is_none() && settings.name.is_none() {
        return Ok(None);
    }
    open_model(settings).map(Some)
}

/// The model that the settings name, ready to read.
pub(super) fn open_model(settings: &ModelSettings) -> Result<Reader, Failure> {
    let model = Model::open(settings).map_err(|error| Failure::Usage(error.to_string()))?;
    let Some(model) = model else {
        let mend = "name one in baton.toml ([model] name = \"…\") or as BATON_MODEL__NAME";
        return Err(Failure::Usage(format!("no model is named; {mend}")));
    };
    Reader::new(model, settings).map_err(|error| Failure::Usage(error.to_string()))
}

/// What runs the calls.
pub(super) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let built = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    Ok(built.context("the program could not start its network part")?)
}

/// Reads with a model. That it could not be reached is said, and the brief is the rules' own.
pub(super) fn read_with(request: Request, reader: &Reader) -> Result<Outcome, Failure> {
    let read = runtime()?.block_on(pipeline::read_with(request, reader, Rules::Beside));
    let outcome = read.map_err(|error| Failure::Broken(error.into()))?;
    if outcome.brief.engine.degraded {
        let why = outcome.brief.warnings.last().map(|warning| warning.message.as_str()).unwrap_or_default();
        say_note(&format!("read by rules alone; {why}"));
    }
    Ok(outcome)
}
