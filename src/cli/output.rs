//! Where results go: standard output or a file, and how a terminal is treated.
//! Results go to standard output alone; notes, progress and errors to standard
//! error, so that pipes stay clean.

use std::fs::{self, File, OpenOptions};
use std::io::{self, IsTerminal, Write};
use std::path::{Path, PathBuf};

use anstyle::AnsiColor;
use anyhow::Context;

use super::failure::Failure;
use crate::rendering::{Layout, Paint, clean};

/// Columns of a page that is not shown on a terminal.
const PAGE_COLUMNS: usize = 100;
/// Longer lines are hard to read, however wide the terminal is.
const WIDEST_COLUMNS: usize = 120;

/// Where a result is to go.
#[derive(Debug)]
pub(super) enum Output {
    Standard,
    File(PathBuf),
}

impl Output {
    /// Checks what can be checked before the work is done.
    pub fn new(out: Option<PathBuf>) -> Result<Output, Failure> {
        let Some(path) = out.filter(|path| path.as_os_str() != "-") else { return Ok(Output::Standard) };
        if path.is_dir() {
            return Err(Failure::Usage(format!("--out {}: is a folder, name a file in it", path.display())));
        }
        let folder = folder_of(&path);
        if !folder.is_dir() {
            return Err(Failure::Usage(format!("--out {}: there is no folder {}", path.display(), folder.display())));
        }
        Ok(Output::File(path))
    }

    /// The file that is written over, by its true path; none where nothing is there yet.
    pub fn replaced(&self) -> Option<PathBuf> {
        match self {
            Output::Standard => None,
            Output::File(path) => fs::canonicalize(path).ok(),
        }
    }

    /// How a page for people is set there.
    pub fn layout(&self) -> Layout {
        let terminal = matches!(self, Output::Standard) && io::stdout().is_terminal();
        let width = match console::Term::stdout().size_checked() {
            Some((_, columns)) if terminal => usize::from(columns).min(WIDEST_COLUMNS),
            _ => PAGE_COLUMNS,
        };
        let colour = terminal && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
        Layout { width, paint: if colour { Paint::Ansi } else { Paint::Plain } }
    }

    /// Writes the whole result. A reader that went away (`| head`) is no failure.
    pub fn write(&self, text: &str) -> Result<(), Failure> {
        match self {
            Output::Standard => {
                let mut stdout = io::stdout().lock();
                match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
                    Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                    written => Ok(written.context("cannot write to standard output")?),
                }
            }
            Output::File(path) => {
                write_whole(path, text).with_context(|| format!("cannot write {}", path.display()))?;
                say_note(&format!("written to {}", path.display()));
                Ok(())
            }
        }
    }
}

impl Output {
    /// Writes a value as [`json_text`] has it, without holding the whole text where it goes to standard output.
    pub fn write_json(&self, value: &impl serde::Serialize) -> Result<(), Failure> {
        if let Output::File(_) = self {
            return self.write(&json_text(value)?);
        }
        let mut stdout = Printable(io::BufWriter::new(io::stdout().lock()));
        let written = serde_json::to_writer_pretty(&mut stdout, value).map_err(io::Error::from);
        match written.and_then(|()| stdout.write_all(b"\n")).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written.context("cannot write to standard output")?),
        }
    }
}

/// JSON on its way to a terminal, made [`printable`] piece by piece.
struct Printable<W>(W);

impl<W: Write> Write for Printable<W> {
    /// The serialiser hands over whole characters.
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        // All of them but delete begin with a byte above ASCII.
        let plain = piece.iter().all(|byte| *byte < 0x7f);
        match std::str::from_utf8(piece) {
            Ok(text) if !plain => self.0.write_all(printable(text).as_bytes())?,
            _ => self.0.write_all(piece)?,
        }
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Pretty JSON with a line break at its end, safe to print.
pub(super) fn json_text(value: &impl serde::Serialize) -> Result<String, Failure> {
    let pretty = serde_json::to_string_pretty(value).context("cannot write JSON")?;
    Ok(printable(&pretty) + "\n")
}

/// JSON in which control characters that it leaves bare (C1, delete, text direction) are escaped too, since it may be
/// printed on a terminal.
pub(super) fn printable(json: &str) -> String {
    let mut text = String::with_capacity(json.len() + 1);
    for character in json.chars() {
        match character {
            '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                text.push_str(&format!("\\u{:04x}", character as u32));
            }
            other => text.push(other),
        }
    }
    text
}

pub(super) fn say_error(message: &str) {
    say(AnsiColor::Red, "error", message);
}

pub(super) fn say_note(message: &str) {
    say(AnsiColor::Cyan, "note", message);
}

/// Lines on standard error as they are, cleaned.
pub(super) fn say_lines(message: &str) {
    let mut stderr = io::stderr().lock();
    for line in message.lines() {
        let _ = writeln!(stderr, "{}", clean_line(line));
    }
}

/// A message whose parts may come from file names, hence cleaned; its own line breaks stay.
fn say(colour: AnsiColor, label: &str, message: &str) {
    let style = anstyle::Style::new().bold().fg_color(Some(colour.into()));
    let lines: Vec<String> = message.lines().map(clean_line).collect();
    // Standard error that is gone leaves nobody to tell.
    let _ = writeln!(anstream::stderr(), "{style}{label}:{style:#} {}", lines.join("\n"));
}

fn clean_line(line: &str) -> String {
    let indent = line.len() - line.trim_start_matches(' ').len();
    format!("{}{}", " ".repeat(indent), clean(line))
}

/// All or nothing: written beside the target, then moved over it.
fn write_whole(path: &Path, text: &str) -> io::Result<()> {
    // A link keeps pointing where it points; a device or pipe cannot be replaced by a file.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if fs::metadata(&target).is_ok_and(|metadata| !metadata.is_file()) {
        return OpenOptions::new().write(true).open(&target)?.write_all(text.as_bytes());
    }
    let name = target.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let beside = folder_of(&target).join(format!(".{name}.{}.tmp", std::process::id()));
    let written = write_new(&beside, text).and_then(|()| fs::rename(&beside, &target));
    if written.is_err() {
        let _ = fs::remove_file(&beside);
    }
    written
}

fn write_new(path: &Path, text: &str) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}
