//! `baton schema`: the JSON Schemas that programs and editors rely on.

use clap::{Args, ValueEnum};
use schemars::generate::SchemaSettings;

use super::failure::{Failure, Status};
use super::output::{Output, json_text};
use crate::brief::Brief;
use crate::conversation::Conversation;
use crate::route;

#[derive(Debug, Args)]
pub(super) struct SchemaArguments {
    /// Which schema: of the brief as `baton brief --format json` prints it, or of the route file
    #[arg(value_enum, value_name = "OF")]
    of: SchemaOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum SchemaOf {
    Brief,
    Route,
}

pub(super) fn run(arguments: SchemaArguments) -> Result<Status, Failure> {
    Output::Standard.write(&match arguments.of {
        SchemaOf::Brief => json_text(&brief_schema())?,
        SchemaOf::Route => json_text(&route::json_schema())?,
    })?;
    Ok(Status::Done)
}

/// The brief with the further key that `--with-conversation` adds.
fn brief_schema() -> schemars::Schema {
    let mut generator = SchemaSettings::draft2020_12().for_serialize().into_generator();
    let conversation = generator.subschema_for::<Conversation>();
    let mut schema = generator.into_root_schema_for::<Brief>();
    if let Some(properties) = schema.get_mut("properties").and_then(serde_json::Value::as_object_mut) {
        properties.insert("conversation".to_owned(), conversation.into());
    }
    schema
}
