//! `baton eval`: sample handoffs through the same pipeline, scored against
//! what a careful person says must come out. With a model the replies can be
//! recorded once and replayed for ever, so that a change is judged by figures.

mod import;
mod matrix;
mod preparation;
mod progress;
mod report;

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::{Args, Subcommand, ValueEnum};

use super::engine::runtime;
use super::failure::{Failure, Status};
use super::output::{Output, printable, say_lines, say_note};
use crate::eval::compare::compare;
use crate::eval::engine::Engine;
use crate::eval::gates::Gates;
use crate::eval::journal::Journal;
use crate::eval::mutation::Mutation;
use crate::eval::result::Results;
use crate::eval::runner::{Plan, run as run_cases};
use crate::eval::table::{failures, table};
use crate::eval::{Case, cases::Mistake};
use crate::pipeline::Rules;
use preparation::Chosen;
use progress::Progress;
use report::ReportArguments;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
#[command(after_long_help = "\
Examples:
  baton eval evals/cases
  baton eval evals/cases --mutate all --probe all --json now.json --baseline evals/baseline.json
  baton eval evals/cases --engine both --replay evals/replies
  baton eval evals/cases --html report.html
  baton eval evals/cases --from now.json --html report.html
  BATON_MODEL__NAME=my-model baton eval evals/cases --engine both --record evals/replies
  baton eval matrix --matrix evals/matrix.toml
  baton eval import --brief brief.json --route sales-to-onboarding --as-of 2026-03-03 --out evals/cases/deal-01 deal/

Gates: without a file of gates no unfinished handoff may pass. evals/gates.toml is used when it is there and whole
sets are run: not with --filter, --limit, or single cases.

Exit status:
  0  every gate holds
  1  failure: a case could not be read (the others were), a reply is not recorded, a file is missing
  2  bad usage
  4  a gate is broken: a figure is beyond its limit")]
pub(super) struct EvalArguments {
    #[command(subcommand)]
    command: Option<EvalCommand>,

    /// Folders of cases, folders of single cases, or .jsonl files with a case on each line
    #[arg(value_name = "PATH", required_unless_present = "from")]
    paths: Vec<PathBuf>,

    /// Who reads: rules alone, the model alone, or both together
    #[arg(long, value_enum, value_name = "ENGINE", default_value_t = EvalEngine::Extractive)]
    engine: EvalEngine,

    /// Break the evidence of complete cases, and see whether exactly that gap comes out; several with commas
    #[arg(long, value_enum, value_name = "KIND", value_delimiter = ',')]
    mutate: Vec<MutateChoice>,

    /// Read each case under other conditions too: sources in other orders, a message that commands; several with commas
    #[arg(long, value_enum, value_name = "PROBE", value_delimiter = ',')]
    probe: Vec<ProbeChoice>,

    /// Read each case this often and count what differs
    #[arg(long, value_name = "TIMES", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=1000))]
    repeat: u32,

    /// Write every reply of the model into this folder; what is there already is not asked for again
    #[arg(long, value_name = "DIR", conflicts_with = "replay")]
    record: Option<PathBuf>,

    /// Read replies from this folder instead of asking the model
    #[arg(long, value_name = "DIR")]
    replay: Option<PathBuf>,

    #[command(flatten)]
    chosen: Chosen,

    /// Keep every finished piece in this file, and go on from there when it is run again
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,

    /// Write the results as JSON into this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Compare with an earlier run's JSON
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,

    /// Limits that figures must keep [default: evals/gates.toml for whole sets]
    #[arg(long, value_name = "FILE")]
    gates: Option<PathBuf>,

    /// Prices of models, for the cost [default: evals/prices.toml if it is there]
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,

    #[command(flatten)]
    report: ReportArguments,

    /// Tell every field and gap that did not come out right
    #[arg(long)]
    failures: bool,

    /// Tell the progress on standard error even where that is no terminal
    #[arg(long)]
    progress: bool,

    /// The settings file [default: baton.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

/// What `baton eval` does besides running cases. A folder of such a name is meant with `./` before it.
#[derive(Debug, Subcommand)]
enum EvalCommand {
    /// Run several readers over the same cases: prompts, models and engines in one table
    Matrix(matrix::MatrixArguments),
    /// Turn a finished handoff, with the values that people corrected, into a case
    Import(import::ImportArguments),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum EvalEngine {
    /// Rules alone
    Extractive,
    /// The model alone, as if no rules had read
    Llm,
    /// The model, and the rules beside it: what `baton brief` does with a model
    Both,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MutateChoice {
    /// Nobody says it any more
    Remove,
    /// It is said loosely
    Vague,
    /// Somebody else says otherwise
    Contradict,
    /// Another customer or the wrong side says it
    WrongParty,
    All,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ProbeChoice {
    /// The sources in other orders
    Order,
    /// A message that commands the reader what to write
    Injection,
    All,
}

impl EvalArguments {
    fn mutations(&self) -> Vec<Mutation> {
        let chosen = |kind: &Mutation| {
            let choice = match kind {
                Mutation::Remove => MutateChoice::Remove,
                Mutation::Vague => MutateChoice::Vague,
                Mutation::Contradict => MutateChoice::Contradict,
                Mutation::WrongParty => MutateChoice::WrongParty,
            };
            self.mutate.contains(&choice) || self.mutate.contains(&MutateChoice::All)
        };
        Mutation::ALL.into_iter().filter(chosen).collect()
    }

    fn probes(&self, probe: ProbeChoice) -> bool {
        self.probe.contains(&probe) || self.probe.contains(&ProbeChoice::All)
    }

    fn is_whole_set(&self) -> bool {
        self.chosen.is_everything() && !self.paths.iter().any(|path| path.join("case.yaml").is_file())
    }
}

pub(super) fn run(mut arguments: EvalArguments) -> Result<Status, Failure> {
    match arguments.command.take() {
        Some(EvalCommand::Matrix(matrix)) => return matrix::run(matrix),
        Some(EvalCommand::Import(import)) => return import::run(import),
        None => {}
    }
    if arguments.repeat > 1 && (arguments.record.is_some() || arguments.replay.is_some()) {
        let problem = "--repeat asks the model again, and a recorded reply is not asked for again; leave one out";
        return Err(Failure::Usage(problem.to_owned()));
    }
    // What may fail fails before hours of reading.
    let gates = open_gates(&arguments)?;
    let baseline = arguments.baseline.as_deref().map(open_baseline).transpose()?;
    let json = arguments.json.clone().map(|file| Output::new(Some(file))).transpose()?;
    let report = arguments.report.open()?;
    let (cases, mistakes) = match arguments.paths.is_empty() {
        true => Default::default(),
        false => arguments.chosen.cases(&arguments.paths)?,
    };
    say_lines(&mistakes.iter().map(|mistake| format!("{mistake}\n")).collect::<String>());
    let (mut results, is_kept) = match report.kept.clone() {
        Some(kept) => (kept, true),
        None => (read(&arguments, &cases, &mistakes)?, false),
    };
    if let Some(before) = &baseline {
        results.comparison = Some(compare(before, &results));
    }
    // Kept results were judged when they were made, and judged again where that is asked for.
    if !is_kept || arguments.gates.is_some() {
        results.gates = gates.judge(&results);
    }
    let mut text = table(&results);
    if arguments.failures {
        text.push_str(&failures(&results));
    }
    // Standard output holds one thing: where the JSON goes there, the table does not.
    match json {
        Some(Output::Standard) => say_lines(&text),
        _ => Output::new(None)?.write(&text)?,
    }
    if let Some(json) = json {
        json.write(&printable(&results.to_text().context("cannot write JSON")?))?;
    }
    report.write(&results, &cases)?;
    if results.gates.iter().any(|gate| gate.broken) {
        return Ok(Status::GateBroken);
    }
    if !mistakes.is_empty() {
        say_note(&format!("{} mistakes in cases; the figures are without those cases", mistakes.len()));
        return Ok(Status::Failed);
    }
    Ok(Status::Done)
}

fn read(arguments: &EvalArguments, cases: &[Case], mistakes: &[Mistake]) -> Result<Results, Failure> {
    let reader = preparation::reader(arguments)?;
    let runtime = runtime()?;
    let engine = match &reader {
        None => Engine::Extractive,
        Some(reader) => {
            let rules = if arguments.engine == EvalEngine::Llm { Rules::Aside } else { Rules::Beside };
            Engine::Model { reader, runtime: &runtime, rules }
        }
    };
    let journal = arguments.journal.as_deref().map(open_journal).transpose()?;
    let progress = Progress::new(arguments.progress);
    let is_live = reader.is_some() && arguments.replay.is_none();
    let plan = Plan {
        jobs: arguments.chosen.threads(is_live),
        repeat: arguments.repeat,
        reorder: arguments.probes(ProbeChoice::Order),
        inject: arguments.probes(ProbeChoice::Injection),
        mutate: arguments.mutations(),
        journal: journal.as_ref(),
        stamp: preparation::stamp(arguments, &engine, reader.as_ref()),
        watch: &|step| progress.tell(&step),
        ..Plan::of(engine)
    };
    let results = run_cases(cases, mistakes, &plan);
    progress.finish();
    results.map_err(|problem| Failure::Broken(anyhow!("{problem}")))
}

fn open_gates(arguments: &EvalArguments) -> Result<Gates, Failure> {
    let usual = Path::new("evals/gates.toml");
    let file = match &arguments.gates {
        Some(file) => Some(file.as_path()),
        None => Some(usual).filter(|file| arguments.is_whole_set() && file.is_file()),
    };
    match file {
        Some(file) => Gates::load(file).map_err(Failure::Usage),
        None => Ok(Gates::usual()),
    }
}

fn open_baseline(file: &Path) -> Result<Results, Failure> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let results = serde_json::from_str(&text).with_context(|| format!("{} holds no results", file.display()))?;
    Ok(results)
}

fn open_journal(file: &Path) -> Result<Journal, Failure> {
    let journal = Journal::open(file).with_context(|| format!("cannot open the journal {}", file.display()))?;
    if !journal.is_empty() {
        say_note(&format!("{}: {} pieces were finished before", file.display(), journal.len()));
    }
    Ok(journal)
}
