//! What a run needs before it begins: the cases that are asked for, the model
//! with its prices, and a stamp of everything that decides results besides the
//! cases.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use figment::Figment;
use figment::providers::{Format, Toml};

use super::{EvalArguments, EvalEngine};
use crate::cli::engine::open_model;
use crate::cli::failure::Failure;
use crate::config::{self, ModelSettings, Price};
use crate::eval::cases::Mistake;
use crate::eval::engine::Engine;
use crate::eval::{Case, load};
use crate::llm::Reader;

/// Which cases are read, and how many at a time.
#[derive(Debug, Args)]
pub(super) struct Chosen {
    /// Only cases whose id, route or a tag holds these words
    #[arg(long, value_name = "WORDS")]
    filter: Option<String>,

    /// Only the first cases that are left
    #[arg(long, value_name = "NUMBER")]
    limit: Option<usize>,

    /// Cases read at the same time [default: all cores; one with a live model]
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=1024))]
    jobs: Option<u32>,
}

impl Chosen {
    pub fn is_everything(&self) -> bool {
        self.filter.is_none() && self.limit.is_none()
    }

    /// A live model is asked one case at a time.
    pub fn threads(&self, is_live: bool) -> usize {
        let cores = if is_live { 1 } else { std::thread::available_parallelism().map_or(1, usize::from) };
        self.jobs.map_or(cores, |jobs| jobs as usize)
    }

    /// Cases grouped by route, so that an endpoint can keep what all calls of a route share.
    pub fn cases(&self, paths: &[PathBuf]) -> Result<(Vec<Case>, Vec<Mistake>), Failure> {
        let (mut cases, mut mistakes): (Vec<Case>, Vec<Mistake>) = (Vec::new(), Vec::new());
        for path in paths {
            let (found, wrong) = load(path);
            mistakes.extend(wrong);
            for case in found {
                match cases.iter().any(|known| known.id == case.id) {
                    false => cases.push(case),
                    true => mistakes.push(Mistake {
                        file: path.clone(),
                        line: 0,
                        message: format!("`{}` is the id of another case too", case.id),
                    }),
                }
            }
        }
        if let Some(words) = self.filter.as_deref() {
            cases.retain(|case| {
                case.id.contains(words)
                    || case.route.id.contains(words)
                    || case.tags.iter().any(|tag| tag.contains(words))
            });
        }
        cases.sort_by(|left, right| (&left.route.id, &left.id).cmp(&(&right.route.id, &right.id)));
        cases.truncate(self.limit.unwrap_or(usize::MAX));
        if cases.is_empty() && mistakes.is_empty() {
            return Err(Failure::Usage("no case is left; name a folder with cases, such as evals/cases".to_owned()));
        }
        Ok((cases, mistakes))
    }
}

/// The model that is asked for; none for the rules alone.
pub(super) fn reader(arguments: &EvalArguments) -> Result<Option<Reader>, Failure> {
    if arguments.engine == EvalEngine::Extractive {
        return Ok(None);
    }
    let mut settings = settings(arguments)?;
    // What is asked for here wins over the settings, either way.
    if arguments.record.is_some() || arguments.replay.is_some() {
        (settings.record, settings.replay) = (arguments.record.clone(), arguments.replay.clone());
    }
    if settings.price.is_none() {
        settings.price = price(arguments.prices.as_deref(), settings.name.as_deref().unwrap_or_default())?;
    }
    open_model(&settings).map(Some)
}

fn settings(arguments: &EvalArguments) -> Result<ModelSettings, Failure> {
    let settings = config::load(arguments.settings.as_deref());
    settings.map(|settings| settings.model).map_err(|error| Failure::Usage(error.to_string()))
}

/// The price of a model out of a file of prices: `["my-model"]` with `input`, `cached` and `output` for a million tokens.
pub(super) fn price(prices: Option<&Path>, model: &str) -> Result<Option<Price>, Failure> {
    let usual = Path::new("evals/prices.toml");
    let file = prices.unwrap_or(usual);
    if !file.is_file() {
        return match prices {
            Some(_) => Err(Failure::Usage(format!("{}: there is no such file", file.display()))),
            None => Ok(None),
        };
    }
    let prices: BTreeMap<String, Price> = Figment::from(Toml::file_exact(file))
        .extract()
        .map_err(|error| Failure::Usage(format!("{}: {error}", file.display())))?;
    Ok(prices.get(model).copied())
}

/// Everything besides a case that decides its result, for the journal: a piece that another program, model or prompt
/// made is done again.
pub(super) fn stamp(arguments: &EvalArguments, engine: &Engine, reader: Option<&Reader>) -> String {
    if arguments.journal.is_none() {
        return String::new();
    }
    let prompts = settings(arguments).ok().and_then(|settings| settings.prompts);
    stamp_of((engine, reader), prompts.as_deref(), (&arguments.record, &arguments.replay))
}

/// The same of an engine, the folder of its prompts and the folders of its replies.
pub(super) fn stamp_of(
    (engine, reader): (&Engine, Option<&Reader>),
    prompts: Option<&Path>,
    replies: (&Option<PathBuf>, &Option<PathBuf>),
) -> String {
    let program = std::env::current_exe().and_then(std::fs::metadata);
    let built = program.map(|file| (file.len(), file.modified().ok())).ok();
    let prompts = prompts.map(texts);
    let form = reader.map(|reader| (reader.form(), format!("{:?}", reader.left_out())));
    format!("{:?}", (engine.name(), engine.model(), engine.prompt(), form, prompts, replies, built))
}

fn texts(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut texts: Vec<String> = files.filter_map(|file| std::fs::read_to_string(file.path()).ok()).collect();
    texts.sort();
    texts
}
