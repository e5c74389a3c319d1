//! The command line: arguments, dispatch and exit status. One file a command;
//! everything that touches files, the terminal or the clock is in this folder,
//! so that the layers below stay pure.

mod audit;
mod backup;
mod brief;
mod completions;
mod copy;
mod demo;
mod doctor;
mod engine;
mod eval;
mod failure;
mod inputs;
mod insights;
mod keys;
mod members;
mod outbox;
mod output;
mod proposal;
mod read;
mod reindex;
mod route_choice;
mod routes;
mod schema;
mod search;
mod serve;
mod suggestion;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::config::{self, Settings};
use failure::{Failure, Status};

/// The gate between two teams: raw context in, an evidence-backed brief and its gaps out.
#[derive(Debug, Parser)]
#[command(name = "baton", version, propagate_version = true, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Exit status: 0 complete or done · 1 failure · 2 bad usage · 3 not complete")]
#[command(after_long_help = "\
Examples:
  baton demo
  baton brief --route sales-to-onboarding --our-domain acme.example deal/
  baton read deal/02-kickoff.vtt
  baton routes list

Exit status:
  0  complete, or done
  1  failure: a file could not be read or written, a route has mistakes
  2  bad usage: an argument or a setting is wrong
  3  the brief is not complete, or not everything was read")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Make the brief of a handoff out of its files, with every gap as a question
    Brief(brief::BriefArguments),
    /// Show what is understood of files: documents, messages, authors, sides, times
    Read(read::ReadArguments),
    /// List, show and check routes: what each receiving team requires
    Routes(routes::RoutesArguments),
    /// Print the JSON Schema of the brief or of the route file
    Schema(schema::SchemaArguments),
    /// Score sample handoffs: how good the briefs are, and whether the gate holds
    Eval(Box<eval::EvalArguments>),
    /// Show the whole service on sample handoffs: no key, no model, nothing to set up
    Demo(demo::DemoArguments),
    /// Run the gate as a service: HTTP API, embedded database
    Serve(serve::ServeArguments),
    /// Make, list and revoke the keys of programs that call
    Keys(keys::KeysArguments),
    /// Invite people who log in, list them, shut them out, and give them a way back in
    Members(members::MembersArguments),
    /// Show the messages to people: those that wait and those that have left
    Outbox(outbox::OutboxArguments),
    /// Find handoffs by what was said in them and what their briefs hold
    Search(search::SearchArguments),
    /// Cut everything that search finds anew from what is stored
    Reindex(reindex::ReindexArguments),
    /// Figures of the service's handoffs: how many, how long, what is asked again and again
    Insights(insights::InsightsArguments),
    /// Is the log of every change still as it was written?
    Audit(audit::AuditArguments),
    /// Copy the service's database, whole and checked, while the service runs
    Backup(backup::BackupArguments),
    /// Check settings, routes, prompts and the model, with the mend for what does not work
    Doctor(doctor::DoctorArguments),
    /// Print completions for a shell
    Completions(completions::CompletionsArguments),
}

/// Files to read, and whose they are.
#[derive(Debug, Args)]
struct SourceArguments {
    /// Files or folders with the context; `-` is standard input
    ///
    /// E-mails (.eml, mbox), call transcripts (.vtt, .srt, text with "Name: …"), Slack exports (.json),
    /// notes and a CRM record (flat .json), recognised by content. A folder stands for all files in it,
    /// in name order, subfolders included, hidden files not.
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<std::path::PathBuf>,

    /// An e-mail domain of our side, such as acme.example; may be repeated [default: `our_domains` of the settings]
    ///
    /// Tells who speaks for us and who for the other side. Several may also be given with commas.
    /// Without it the side of everybody is unknown, and what only the other side may state stays unconfirmed.
    #[arg(long = "our-domain", value_name = "DOMAIN", value_delimiter = ',')]
    our_domains: Vec<String>,

    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long = "settings", value_name = "FILE")]
    settings: Option<std::path::PathBuf>,
}

impl SourceArguments {
    /// The settings, with the domains that were named here instead of theirs.
    fn settings(&self) -> Result<Settings, Failure> {
        let mut settings = config::load(self.settings.as_deref()).map_err(|error| Failure::Usage(error.to_string()))?;
        if !self.our_domains.is_empty() {
            settings.our_domains.clone_from(&self.our_domains);
        }
        Ok(settings)
    }
}

/// Runs the program with the arguments of the process; never panics on any of them.
pub fn run() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    let arguments = match Arguments::try_parse_from(&words) {
        Ok(arguments) => arguments,
        // Help and version are no errors; clap knows their status and stream.
        Err(answer) => {
            let _ = answer.print();
            return ExitCode::from(u8::try_from(answer.exit_code()).unwrap_or(1));
        }
    };
    match dispatch(arguments.command, &words) {
        Ok(status) => status.into(),
        Err(failure) => {
            output::say_error(&failure.message());
            failure.status().into()
        }
    }
}

fn dispatch(command: Command, words: &[OsString]) -> Result<Status, Failure> {
    match command {
        Command::Brief(arguments) => brief::run(arguments, words),
        Command::Read(arguments) => read::run(arguments),
        Command::Routes(arguments) => routes::run(arguments),
        Command::Search(arguments) => search::run(arguments),
        Command::Reindex(arguments) => reindex::run(arguments),
        Command::Schema(arguments) => schema::run(arguments),
        Command::Eval(arguments) => eval::run(*arguments),
        Command::Demo(arguments) => demo::run(arguments),
        Command::Serve(arguments) => serve::run(arguments),
        Command::Keys(arguments) => keys::run(arguments),
        Command::Members(arguments) => members::run(arguments),
        Command::Outbox(arguments) => outbox::run(arguments),
        Command::Insights(arguments) => insights::run(arguments),
        Command::Audit(arguments) => audit::run(arguments),
        Command::Backup(arguments) => backup::run(arguments),
        Command::Doctor(arguments) => doctor::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn arguments_are_well_formed() {
        Arguments::command().debug_assert();
    }
}
