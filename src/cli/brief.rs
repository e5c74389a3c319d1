//! `baton brief`: the main job. Files and a route in, the brief and its gaps
//! out; the exit status says whether the work may move.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use jiff::Timestamp;
use serde::Serialize;

use super::SourceArguments;
use super::engine::{EngineChoice, open_reader, read_with};
use super::failure::{Failure, Status};
use super::inputs::{check_spared, read_inputs};
use super::output::{Output, json_text, say_note};
use super::proposal::proposal_message;
use super::route_choice::{choose_route, shipped_routes};
use super::suggestion::nearest;
use crate::brief::{Brief, Verdict};
use crate::conversation::{Conversation, Side};
use crate::intake;
use crate::pipeline::{self, Outcome, Request};
use crate::rendering::{BriefView, brief_html, brief_markdown, brief_text, conversation_markdown, conversation_text};
use crate::route::Route;
use crate::value::{Edge, parse_moment};

#[derive(Debug, Args)]
#[command(after_help = "Exit status: 0 complete · 1 failure · 2 bad usage · 3 not complete")]
#[command(after_long_help = "\
Examples:
  baton brief --route sales-to-onboarding --our-domain acme.example deal/
  baton brief --route ./my-route.yaml --as-of 2026-03-03 mail.eml call.vtt thread.json
  baton brief --route sales-to-onboarding --known customer_name=Northwind --format json --out brief.json deal/
  baton brief --route sales-to-onboarding --format html --out brief.html deal/
  baton brief deal/        proposes the routes that fit, with their reasons

Exit status:
  0  complete: everything required is settled, the work may move
  1  failure: a file could not be read or written, the route has mistakes
  2  bad usage: an argument is wrong, or no route was named
  3  not complete: there are gaps, or not everything was read")]
pub(super) struct BriefArguments {
    #[command(flatten)]
    sources: SourceArguments,

    /// The route: an id (see `baton routes list`) or a route file [default: proposes those that fit]
    #[arg(long, value_name = "ID|FILE")]
    route: Option<String>,

    /// How the brief is printed: text for a terminal, json for programs, markdown for tickets, html for a browser or paper
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t = BriefFormat::Text)]
    format: BriefFormat,

    /// The moment the brief is judged at: RFC 3339 (2026-03-03T12:00:00Z) or a date, which means its end in UTC [default: now]
    ///
    /// Rules such as "not in the past" and the age of evidence are counted from here. Dates like "next Friday"
    /// are counted from the message that says them, not from here.
    #[arg(long = "as-of", value_name = "TIME", value_parser = parse_end)]
    as_of: Option<Timestamp>,

    /// Who reads: rules alone, or the model of the settings with the rules beside it [default: llm when a model is named]
    #[arg(long, value_enum, value_name = "ENGINE")]
    engine: Option<EngineChoice>,

    /// A value that is known already, as field=value; may be repeated [default: none]
    #[arg(long, value_name = "FIELD=VALUE", value_parser = parse_known)]
    known: Vec<(String, String)>,

    /// Print the conversation the brief was read from as well (in JSON under "conversation")
    #[arg(long)]
    with_conversation: bool,

    /// Write to this file instead of standard output; it is replaced whole or not at all
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum BriefFormat {
    Text,
    Json,
    Markdown,
    Html,
}

/// The brief as JSON, with the conversation beside its own keys when asked for.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    brief: &'a Brief,
    #[serde(skip_serializing_if = "Option::is_none")]
    conversation: Option<&'a Conversation>,
}

pub(super) fn run(arguments: BriefArguments, words: &[OsString]) -> Result<Status, Failure> {
    let output = Output::new(arguments.out.clone())?;
    let chosen = arguments.route.as_deref().map(choose_route).transpose()?;
    let route_file = arguments.route.as_ref().map(Path::new);
    check_spared(&output, &arguments.sources.paths, route_file.as_slice())?;
    if let Some(chosen) = &chosen {
        check_known(&arguments.known, &chosen.route)?;
    }
    let settings = arguments.sources.settings()?;
    let reader = open_reader(arguments.engine, &settings.model)?;
    let our_domains = settings.our_domains.as_slice();
    let conversation =
        intake::read(read_inputs(&arguments.sources.paths)?, &intake::Options { our_domains, limits: settings.limits });
    let Some(chosen) = chosen else {
        let routes: Vec<Route> = shipped_routes()?.into_iter().map(|chosen| chosen.route).collect();
        let proposals = pipeline::propose(&routes, &conversation, &arguments.known);
        return Err(Failure::Usage(proposal_message(&proposals, &routes, words)));
    };
    if our_domains.is_empty() && conversation.messages.iter().all(|message| message.author.side == Side::Unknown) {
        say_note("nobody's side is known; name our e-mail domain with --our-domain, such as --our-domain acme.example");
    }
    let as_of = arguments.as_of.unwrap_or_else(Timestamp::now);
    let route = &chosen.route;
    let request = Request { route, conversation, known: &arguments.known, as_of };
    let outcome = match &reader {
        None => pipeline::run(request),
        Some(reader) => read_with(request, reader)?,
    };
    output.write(&print(&arguments, route, &outcome, &output)?)?;
    Ok(match outcome.brief.verdict {
        Verdict::Complete => Status::Done,
        Verdict::Incomplete | Verdict::IncompleteRun => Status::NotComplete,
    })
}

fn print(arguments: &BriefArguments, route: &Route, outcome: &Outcome, output: &Output) -> Result<String, Failure> {
    let view = BriefView { brief: &outcome.brief, route, conversation: &outcome.conversation };
    let conversation = arguments.with_conversation.then_some(&outcome.conversation);
    Ok(match arguments.format {
        BriefFormat::Json => json_text(&Printed { brief: &outcome.brief, conversation })?,
        BriefFormat::Text => {
            let layout = output.layout();
            let rest = conversation.map(|conversation| format!("\n{}", conversation_text(conversation, layout)));
            brief_text(&view, layout) + &rest.unwrap_or_default()
        }
        BriefFormat::Markdown => {
            let rest = conversation.map(|conversation| format!("\n{}", conversation_markdown(conversation)));
            brief_markdown(&view) + &rest.unwrap_or_default()
        }
        // The sources stand beside the brief in any case.
        BriefFormat::Html => brief_html(&view),
    })
}

/// Every key must be a field of the route, and stand once.
pub(super) fn check_known(known: &[(String, String)], route: &Route) -> Result<(), Failure> {
    for (index, (key, _)) in known.iter().enumerate() {
        if route.field(key).is_none() {
            let keys = || route.fields.iter().map(|field| field.key.as_str());
            let hint = nearest(key, keys()).map(|key| format!("; did you mean `{key}`?")).unwrap_or_default();
            let list = keys().collect::<Vec<_>>().join(", ");
            let message =
                format!("--known {key}: the route `{}` has no such field{hint}\n  its fields: {list}", route.id);
            return Err(Failure::Usage(message));
        }
        if known.iter().take(index).any(|(earlier, _)| earlier == key) {
            return Err(Failure::Usage(format!("--known {key} is given more than once")));
        }
    }
    for (key, text) in known {
        if let Some(field) = route.field(key)
            && let Err(problem) = pipeline::check_known(field, text)
        {
            return Err(Failure::Usage(format!("--known {key}={text}: {problem}")));
        }
    }
    Ok(())
}

pub(super) fn parse_known(text: &str) -> Result<(String, String), String> {
    let (key, value) = text.split_once('=').ok_or("write it as field=value, such as customer_name=Northwind")?;
    let (key, value) = (key.trim(), value.trim());
    if key.is_empty() {
        return Err("there is no field before the `=`".to_owned());
    }
    if value.is_empty() {
        return Err(format!("there is no value after `{key}=`; leave the option out if it is not known"));
    }
    Ok((key.to_owned(), value.to_owned()))
}

/// A day stands for its end, so that what was said on it counts.
pub(super) fn parse_end(text: &str) -> Result<Timestamp, String> {
    parse_moment(text, Edge::End)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_values_have_a_field_and_a_value() {
        let check = |text: &str, expected: Option<(&str, &str)>| {
            let parsed = parse_known(text).ok();
            assert_eq!(parsed.as_ref().map(|(key, value)| (key.as_str(), value.as_str())), expected, "{text:?}");
        };
        check("a=b", Some(("a", "b")));
        check("a = b=c ", Some(("a", "b=c")));
        check("a", None);
        check("=b", None);
        check("a=", None);
    }
}
