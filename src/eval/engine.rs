//! Who reads a case: the rules alone, or a model with the rules beside or
//! aside. What a replay does not hold is an error, since a figure without it
//! would be a figure of something else.

use tokio::runtime::Runtime;

use crate::conversation::Warning;
use crate::llm::Reader;
use crate::pipeline::{self, Outcome, Request, Rules};

/// How a missing recording is told in a brief's warnings.
const NOT_RECORDED: &str = "no reply is recorded";

/// Who reads.
#[derive(Clone, Copy)]
pub enum Engine<'a> {
    /// Rules alone.
    Extractive,
    Model {
        reader: &'a Reader,
        runtime: &'a Runtime,
        rules: Rules,
    },
}

impl Engine<'_> {
    pub fn name(&self) -> &'static str {
        match self {
            Engine::Extractive => "extractive",
            Engine::Model { rules: Rules::Aside, .. } => "llm",
            Engine::Model { rules: Rules::Beside, .. } => "both",
        }
    }

    pub fn model(&self) -> Option<String> {
        match self {
            Engine::Extractive => None,
            Engine::Model { reader, .. } => Some(reader.name().to_owned()),
        }
    }

    pub fn prompt(&self) -> Option<String> {
        match self {
            Engine::Extractive => None,
            Engine::Model { reader, .. } => Some(reader.prompt_version().to_owned()),
        }
    }

    /// Reads and judges one handoff. That a model could not be reached is told in the brief; the error is for what makes
    /// the whole run worthless.
    pub fn read(&self, request: Request) -> Result<Outcome, String> {
        let outcome = match self {
            Engine::Extractive => pipeline::run(request),
            Engine::Model { reader, runtime, rules } => {
                runtime.block_on(pipeline::read_with(request, reader, *rules)).map_err(|error| error.to_string())?
            }
        };
        let is_unrecorded = |warning: &&Warning| warning.message.contains(NOT_RECORDED);
        match outcome.brief.warnings.iter().find(is_unrecorded) {
            Some(warning) => Err(format!("{}; record it with --record", warning.message)),
            None => Ok(outcome),
        }
    }
}
