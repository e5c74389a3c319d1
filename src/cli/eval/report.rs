//! The report of a run as an HTML file: of the run itself, or of results that
//! were kept, with other runs beside it.

use std::path::{Path, PathBuf};

use clap::Args;

use super::open_baseline;
use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::eval::Case;
use crate::eval::report::{Report, report_html, sources};
use crate::eval::result::Results;

#[derive(Debug, Args)]
pub(super) struct ReportArguments {
    /// Write a report for people into this file: charts, and each failed handoff beside its sources
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,

    /// Take the results of an earlier run's JSON instead of reading the cases again; PATH is where its sources are
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "engine", "mutate", "probe", "repeat", "record", "replay", "filter", "limit", "jobs", "journal", "prices",
    ])]
    from: Option<PathBuf>,

    /// Show another run's JSON beside this one in the report; may be given several times
    #[arg(long, value_name = "FILE", requires = "html")]
    beside: Vec<PathBuf>,
}

/// What a report needs, opened before anything is read.
pub(super) struct Opened {
    html: Option<Output>,
    /// The results that are taken instead of reading.
    pub kept: Option<Results>,
    beside: Vec<(String, Results)>,
}

impl ReportArguments {
    pub fn open(&self) -> Result<Opened, Failure> {
        let named = |file: &PathBuf| Ok::<_, Failure>((name(file), open_baseline(file)?));
        Ok(Opened {
            html: self.html.clone().map(|file| Output::new(Some(file))).transpose()?,
            kept: self.from.as_deref().map(open_baseline).transpose()?,
            beside: self.beside.iter().map(named).collect::<Result<_, _>>()?,
        })
    }
}

impl Opened {
    pub fn write(&self, results: &Results, cases: &[Case]) -> Result<(), Failure> {
        let Some(html) = &self.html else { return Ok(()) };
        let sources = sources(results, cases);
        html.write(&report_html(&Report { results, beside: &self.beside, sources: &sources }))
    }
}

/// The file's name without its folders, which are of one machine alone.
fn name(file: &Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}
