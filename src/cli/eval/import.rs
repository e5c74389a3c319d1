//! `baton eval import`: a finished handoff, with the values that people
//! corrected, becomes a case that is loaded back before it is believed.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow};
use clap::Args;
use jiff::Timestamp;
use serde_json::{Value as Json, json};

use crate::brief::Brief;
use crate::cli::SourceArguments;
use crate::cli::brief::{check_known, parse_end, parse_known};
use crate::cli::failure::{Failure, Status};
use crate::cli::inputs::{check_spared, read_inputs};
use crate::cli::output::{Output, json_text, say_lines, say_note};
use crate::cli::route_choice::{Chosen, choose_route};
use crate::conversation::Conversation;
use crate::eval::cases::load_case;
use crate::eval::engine::Engine;
use crate::eval::examine;
use crate::eval::import::pseudonyms::{Choices, Pseudonyms, leaks, pseudonymise};
use crate::eval::import::writing::{self, RouteName};
use crate::eval::import::{Handoff, Imported, corrections, import};
use crate::eval::{Case, import::corrections::Corrections};
use crate::rendering::clean;
use crate::route;

#[derive(Debug, Args)]
#[command(after_long_help = "\
The brief is what `baton brief --format json` printed (best --with-conversation) or the service kept. The corrections
are what people answered, in the form of the service, as JSON or YAML; several requests stand in a list:

  by: {name: Marcus Lee}
  fields:
    go_live_date: {value: 2026-07-01}
    billing_cycle: {candidate: c_189d4b465a81}
    data_residency: {not_applicable: \"order form, no data is kept\"}
  sources:
    logo.pdf: {dismissed: \"a flyer\"}

A value that is confirmed is corrected to itself. What nobody looked at is not scored, unless --trust-brief is given.

Examples:
  baton eval import --brief brief.json --corrections answers.yaml --route sales-to-onboarding \\
      --as-of 2026-03-03T12:00:00Z --our-domain acme.example --out evals/cases/northwind-02 deal/

Exit status:
  0  the case is written and can be loaded
  1  failure: something cannot be used, and nothing is written
  2  bad usage")]
pub(super) struct ImportArguments {
    #[command(flatten)]
    sources: SourceArguments,

    /// The brief as JSON
    #[arg(long, value_name = "FILE")]
    brief: PathBuf,

    /// What people corrected, confirmed and dismissed; may be repeated, the last answer about a field counts
    #[arg(long, value_name = "FILE")]
    corrections: Vec<PathBuf>,

    /// The route the brief was made for: an id or a route file
    #[arg(long, value_name = "ID|FILE")]
    route: String,

    /// The moment the brief was judged at, as for `baton brief`
    #[arg(long = "as-of", value_name = "TIME", value_parser = parse_end)]
    as_of: Timestamp,

    /// A value that was known already, as field=value; may be repeated
    #[arg(long, value_name = "FIELD=VALUE", value_parser = parse_known)]
    known: Vec<(String, String)>,

    /// The case's folder, which must not be there yet; its name becomes the case's id
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Score the fields that nobody looked at too, as the brief has them
    #[arg(long)]
    trust_brief: bool,

    /// Replace the names of people and companies, addresses, domains, phones and other long numbers by invented ones
    ///
    /// The same one everywhere, in sources, evidence and values; our domains become acme.example. Days, times and amounts
    /// stay. Nothing is written if any of the old names can still be found. The result is pseudonymous, not anonymous.
    #[arg(long)]
    pseudonymise: bool,

    /// What the invented names are drawn by: the same seed gives the same names
    #[arg(long, value_name = "NUMBER", default_value_t = 1, requires = "pseudonymise")]
    seed: u64,

    /// Change amounts and other figures of four digits and more too, each digit by another; days stay
    #[arg(long, requires = "pseudonymise")]
    numbers: bool,

    /// A person's name that is to be replaced even where nothing tells that it is one; may be repeated
    #[arg(long, value_name = "NAME", requires = "pseudonymise")]
    person: Vec<String>,

    /// A company's name, likewise
    #[arg(long, value_name = "NAME", requires = "pseudonymise")]
    company: Vec<String>,

    /// Write what was replaced by what into this file, which must lie outside the case; it undoes everything
    #[arg(long, value_name = "FILE", requires = "pseudonymise")]
    mapping: Option<PathBuf>,
}

pub(super) fn run(arguments: ImportArguments) -> Result<Status, Failure> {
    let id = check_target(&arguments.out)?;
    let chosen = choose_route(&arguments.route)?;
    check_known(&arguments.known, &chosen.route)?;
    let (brief, conversation) = open_brief(&arguments.brief)?;
    let mut answers = Corrections::default();
    for file in &arguments.corrections {
        let mut more = open_corrections(file)?;
        answers.fields.retain(|earlier| more.fields.iter().all(|later| later.field != earlier.field));
        answers.fields.append(&mut more.fields);
        answers.dismissed.append(&mut more.dismissed);
    }
    check_mapping(&arguments)?;
    let settings = arguments.sources.settings()?;
    let sources = read_inputs(&arguments.sources.paths)?;
    let mut route = route_name(&chosen);
    let kept_brief = brief.clone();
    let handoff = Handoff {
        id,
        route: chosen.route,
        brief,
        conversation,
        trust_brief: arguments.trust_brief,
        corrections: answers.fields,
        dismissed: answers.dismissed,
        as_of: arguments.as_of,
        our_domains: settings.our_domains,
        known: arguments.known.clone(),
        sources,
    };
    let mut imported = import(handoff).map_err(|problem| anyhow!("{problem}"))?;
    let mut names = None;
    if arguments.pseudonymise {
        let choices = Choices {
            seed: arguments.seed,
            with_amounts: arguments.numbers,
            people: arguments.person.clone(),
            companies: arguments.company.clone(),
        };
        let text = match &route {
            RouteName::Shipped(_) => None,
            RouteName::File(text) => Some(text.as_str()),
        };
        let (renamed, text, pairs) =
            pseudonymise(&imported, &kept_brief, text, &choices).map_err(|problem| anyhow!("{problem}"))?;
        route = text.map_or(route, RouteName::File);
        (imported, names) = (renamed, Some(pairs));
    }
    let written = write(&arguments.out, &imported, (&route, names.as_ref()))?;
    if let (Some(file), Some(names)) = (&arguments.mapping, &names) {
        let entries: Vec<Json> =
            names.pairs().into_iter().map(|(sort, old, new)| json!({"sort": sort, "old": old, "new": new})).collect();
        Output::new(Some(file.clone()))?.write(&json_text(&entries)?)?;
    }
    tell(&arguments.out, &imported, &written)?;
    Ok(Status::Done)
}

/// The id of the case; nothing that is there is ever written over.
fn check_target(out: &Path) -> Result<String, Failure> {
    let refuse = |problem: &str| Err(Failure::Usage(format!("--out {}: {problem}", out.display())));
    if fs::symlink_metadata(out).is_ok() {
        return refuse("is there already, and nothing is written over");
    }
    let folder = folder_of(out);
    if !folder.is_dir() {
        return refuse(&format!("there is no folder {}", folder.display()));
    }
    match out.file_name().and_then(|name| name.to_str()) {
        Some(id) if !id.starts_with('.') => Ok(id.to_owned()),
        _ => refuse("name the folder of the case, such as evals/cases/northwind-02"),
    }
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn open_brief(file: &Path) -> Result<(Brief, Option<Conversation>), Failure> {
    let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let broken = || format!("{} is no brief as JSON", file.display());
    let mut json: Json = serde_json::from_str(&text).with_context(broken)?;
    let conversation = json.as_object_mut().and_then(|entries| entries.remove("conversation"));
    let conversation = conversation.map(serde_json::from_value).transpose();
    let conversation =
        conversation.with_context(|| format!("the conversation in {} cannot be read", file.display()))?;
    Ok((serde_json::from_value(json).with_context(broken)?, conversation))
}

fn open_corrections(file: &Path) -> Result<Corrections, Failure> {
    if !file.is_file() {
        return Err(Failure::Usage(format!("--corrections {}: there is no such file", file.display())));
    }
    corrections::load(file).map_err(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        anyhow!("the corrections cannot be used\n{}", lines.join("\n")).into()
    })
}

fn route_name(chosen: &Chosen) -> RouteName {
    let shipped = route::shipped().iter().any(|(_, text)| *text == chosen.text);
    if shipped { RouteName::Shipped(chosen.route.id.clone()) } else { RouteName::File(chosen.text.clone()) }
}

/// Written beside its place, loaded back, and moved there only when it can be loaded.
fn write(out: &Path, imported: &Imported, with: (&RouteName, Option<&Pseudonyms>)) -> Result<Case, Failure> {
    let beside = folder_of(out).join(format!(".{}.{}.part", imported.case.id, std::process::id()));
    let done = write_and_load(&beside, imported, with).and_then(|case| {
        // A folder that came there meanwhile is not replaced: a rename onto a folder with files in it fails.
        fs::rename(&beside, out).with_context(|| format!("cannot write {}", out.display()))?;
        Ok(case)
    });
    if done.is_err() {
        let _ = fs::remove_dir_all(&beside);
    }
    done
}

fn write_and_load(
    beside: &Path,
    imported: &Imported,
    (route, names): (&RouteName, Option<&Pseudonyms>),
) -> Result<Case, Failure> {
    let written = writing::write(beside, &imported.case, route, &imported.checks);
    written.with_context(|| format!("cannot write {}", beside.display()))?;
    if let Some(names) = names {
        refuse_leaks(beside, names)?;
    }
    load_case(beside).map_err(|mistakes| {
        let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        anyhow!("the case cannot be loaded back, so it is not kept\n{}", lines.join("\n")).into()
    })
}

/// Whatever was overlooked, nothing is kept in which an old name can be found.
fn refuse_leaks(folder: &Path, names: &Pseudonyms) -> Result<(), Failure> {
    let leaks = leaks::search(folder, names).map_err(|problem| anyhow!("{problem}"))?;
    if leaks.is_empty() {
        return Ok(());
    }
    let lines: Vec<String> = leaks.iter().map(|leak| format!("{}: {}", leak.file, leak.what)).collect();
    Err(anyhow!("old names still stand in what would be written, so nothing is kept\n{}", lines.join("\n")).into())
}

/// The mapping undoes everything: it never lies in the case.
fn check_mapping(arguments: &ImportArguments) -> Result<(), Failure> {
    let Some(file) = &arguments.mapping else { return Ok(()) };
    let inside = folder_of(file) == arguments.out || file.starts_with(&arguments.out);
    if inside {
        return Err(Failure::Usage(format!("--mapping {}: lies in the case; write it elsewhere", file.display())));
    }
    let output = Output::new(Some(file.clone()))?;
    let more: Vec<&Path> = [arguments.brief.as_path(), Path::new(&arguments.route)]
        .into_iter()
        .chain(arguments.corrections.iter().map(PathBuf::as_path))
        .collect();
    check_spared(&output, &arguments.sources.paths, &more)
}

/// What was written, how the rules alone read it, and what a person should look at.
fn tell(out: &Path, imported: &Imported, case: &Case) -> Result<(), Failure> {
    let read = Engine::Extractive.read(case.request(case.conversation()));
    let outcome = read.map_err(|problem| anyhow!("{problem}"))?;
    let result = examine(case, &outcome);
    let scored = result.scores.iter().filter(|score| score.outcome.is_some()).count();
    let wrong: Vec<&str> = result
        .scores
        .iter()
        .filter(|score| score.outcome.is_some_and(|outcome| !outcome.is_right()))
        .map(|score| score.field.as_str())
        .collect();
    let mut text = format!(
        "{}: {} sources, {scored} of {} fields scored, {}, {} gaps expected\n",
        clean(&out.display().to_string()),
        case.sources.len(),
        case.route.fields.len(),
        verdict_word(&case.expected.verdict),
        case.expected.gaps.len()
    );
    text.push_str(&match wrong.as_slice() {
        [] => "read by rules alone, every scored field comes out as expected\n".to_owned(),
        wrong => format!("read by rules alone, these come out otherwise: {}\n", wrong.join(", ")),
    });
    Output::new(None)?.write(&text)?;
    if !imported.checks.is_empty() {
        say_note("still to be checked by a person (it stands at the head of expected.yaml too)");
        say_lines(&imported.checks.iter().map(|check| format!("  - {check}\n")).collect::<String>());
    }
    Ok(())
}

fn verdict_word(verdict: &crate::brief::Verdict) -> String {
    serde_json::to_value(verdict).ok().and_then(|json| json.as_str().map(str::to_owned)).unwrap_or_default()
}
