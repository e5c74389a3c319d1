//! `baton eval matrix`: prompts, models and engines over the same cases, one
//! after the other, in one table. A row that cannot be run is told and the
//! others are run nevertheless.

use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;

use super::{open_journal, preparation, preparation::Chosen, progress::Progress};
use crate::cli::engine::{open_model, runtime};
use crate::cli::failure::{Failure, Status};
use crate::cli::output::{Output, printable, say_lines, say_note};
use crate::config;
use crate::eval::Case;
use crate::eval::engine::Engine;
use crate::eval::journal::Journal;
use crate::eval::matrix::{Matrix, MatrixResults, Row, RowEngine, RowResults, table};
use crate::eval::result::{BadCase, Results};
use crate::eval::runner::{Plan, run as run_cases};
use crate::llm::Reader;
use crate::pipeline::Rules;

#[derive(Debug, Args)]
#[command(after_long_help = "\
The file has one `[[rows]]` for each reader:

  cases = [\"cases\"]                 # for when the call names none; paths are from the file's folder

  [[rows]]
  name = \"rules alone\"
  engine = \"extractive\"             # extractive, llm or both

  [[rows]]
  name = \"my model, fields\"
  engine = \"both\"
  model = \"my-model\"                # else the one of the settings
  answer_form = \"fields\"            # records or fields
  replay = \"replies\"                # or record; left_out, prompts (a folder), settings (a file)

Examples:
  baton eval matrix
  baton eval matrix evals/cases --matrix my-models.toml --json matrix.json --journal run.journal

Exit status:
  0  every row was run
  1  a row could not be run, or a case could not be read; the others were
  2  bad usage: the file of rows is wrong")]
pub(super) struct MatrixArguments {
    /// Folders of cases, folders of single cases, or .jsonl files [default: `cases` of the file]
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// The readers: a TOML or YAML file with a row for each
    #[arg(long, value_name = "FILE", default_value = "evals/matrix.toml")]
    matrix: PathBuf,

    /// Only rows whose name holds these words; the first row is kept, since the others are compared with it
    #[arg(long, value_name = "WORDS")]
    rows: Option<String>,

    #[command(flatten)]
    chosen: Chosen,

    /// Keep every finished piece of every row in this file, and go on from there when it is run again
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,

    /// Write all results as JSON into this file
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Prices of models, for the cost [default: evals/prices.toml if it is there]
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,

    /// Tell the progress on standard error even where that is no terminal
    #[arg(long)]
    progress: bool,

    /// The settings file of rows that name none [default: baton.toml in this folder, if there is one]
    #[arg(long, value_name = "FILE")]
    settings: Option<PathBuf>,
}

pub(super) fn run(arguments: MatrixArguments) -> Result<Status, Failure> {
    let mut matrix = Matrix::load(&arguments.matrix).map_err(Failure::Usage)?;
    if let Some(words) = &arguments.rows {
        let mut first = true;
        matrix.rows.retain(|row| std::mem::take(&mut first) || row.name.contains(words.as_str()));
    }
    let json = arguments.json.clone().map(|file| Output::new(Some(file))).transpose()?;
    let paths = if arguments.paths.is_empty() { &matrix.cases } else { &arguments.paths };
    let (cases, mistakes) = arguments.chosen.cases(paths)?;
    say_lines(&mistakes.iter().map(|mistake| format!("{mistake}\n")).collect::<String>());
    let journal = arguments.journal.as_deref().map(open_journal).transpose()?;
    let mut results = MatrixResults {
        baton: env!("CARGO_PKG_VERSION").to_owned(),
        cases: cases.iter().map(|case| case.id.clone()).collect(),
        mistakes: mistakes.iter().map(BadCase::from).collect(),
        ..MatrixResults::default()
    };
    for row in &matrix.rows {
        let read = read_row(&arguments, row, &cases, journal.as_ref());
        results.commit = read.results.as_ref().and_then(|read| read.commit.clone()).or(results.commit);
        results.rows.push(read);
    }
    results.compare_with_first();
    Output::new(None)?.write(&table(&results))?;
    if let Some(json) = json {
        json.write(&printable(&results.to_text().context("cannot write JSON")?))?;
    }
    let unrun = results.rows.iter().filter(|row| row.results.is_none()).count();
    if unrun > 0 {
        say_note(&format!("{unrun} of {} rows could not be run", results.rows.len()));
    }
    Ok(if unrun > 0 || !mistakes.is_empty() { Status::Failed } else { Status::Done })
}

fn read_row(arguments: &MatrixArguments, row: &Row, cases: &[Case], journal: Option<&Journal>) -> RowResults {
    let mut told = RowResults {
        name: row.name.clone(),
        answer_form: row.answer_form,
        replayed: row.replay.is_some(),
        ..RowResults::default()
    };
    match try_row(arguments, row, cases, journal) {
        Ok((results, form)) => (told.results, told.answer_form) = (Some(results), form),
        Err(failure) => told.problem = Some(failure.message()),
    }
    told
}

type Read = (Results, Option<config::AnswerForm>);

fn try_row(arguments: &MatrixArguments, row: &Row, cases: &[Case], journal: Option<&Journal>) -> Result<Read, Failure> {
    let reader = match row.engine {
        RowEngine::Extractive => None,
        RowEngine::Llm | RowEngine::Both => Some(reader(arguments, row)?),
    };
    let runtime = runtime()?;
    let engine = match &reader {
        None => Engine::Extractive,
        Some((reader, _)) => {
            let rules = if row.engine == RowEngine::Llm { Rules::Aside } else { Rules::Beside };
            Engine::Model { reader, runtime: &runtime, rules }
        }
    };
    let is_live = reader.is_some() && row.replay.is_none();
    let opened = reader.as_ref().map(|(reader, _)| reader);
    let prompts = reader.as_ref().and_then(|(_, prompts)| prompts.as_deref());
    if arguments.progress {
        say_lines(&format!("{}:", row.name));
    }
    let progress = Progress::new(arguments.progress);
    let plan = Plan {
        jobs: arguments.chosen.threads(is_live),
        journal,
        stamp: preparation::stamp_of((&engine, opened), prompts, (&row.record, &row.replay)),
        watch: &|step| progress.tell(&step),
        ..Plan::of(engine)
    };
    let results = run_cases(cases, &[], &plan);
    progress.finish();
    let results = results.map_err(|problem| Failure::Broken(anyhow!("{problem}")))?;
    Ok((results, opened.map(Reader::form)))
}

/// The model of a row, and the folder of its prompts: the settings first, then what the row says.
fn reader(arguments: &MatrixArguments, row: &Row) -> Result<(Reader, Option<PathBuf>), Failure> {
    let file: Option<&Path> = row.settings.as_deref().or(arguments.settings.as_deref());
    let mut settings = config::load(file).map_err(|error| Failure::Usage(error.to_string()))?.model;
    settings.name = row.model.clone().or(settings.name);
    settings.answer_form = row.answer_form.or(settings.answer_form);
    settings.left_out = row.left_out.or(settings.left_out);
    settings.prompts = row.prompts.clone().or(settings.prompts);
    if let Some(folder) = row.prompts.as_deref().filter(|folder| !folder.is_dir()) {
        // Else the prompts inside the program would be measured under the name of others.
        return Err(Failure::Usage(format!("{}: there is no such folder of prompts", folder.display())));
    }
    if row.record.is_some() || row.replay.is_some() {
        (settings.record, settings.replay) = (row.record.clone(), row.replay.clone());
    }
    if settings.price.is_none() {
        settings.price = preparation::price(arguments.prices.as_deref(), settings.name.as_deref().unwrap_or_default())?;
    }
    let prompts = settings.prompts.clone();
    Ok((open_model(&settings)?, prompts))
}
