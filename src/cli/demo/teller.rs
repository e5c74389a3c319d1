//! How the demonstration speaks: numbered steps with short lines under them,
//! printed as they happen, in colours where a terminal shows them.

use crate::cli::failure::Failure;
use crate::cli::output::Output;
use crate::rendering::{Layout, Page, Span, Style, span};

/// Speaks on standard output.
#[derive(Debug)]
pub(super) struct Teller {
    output: Output,
    layout: Layout,
    steps: usize,
    /// The first line that could not be printed.
    problem: Option<Failure>,
}

impl Teller {
    pub fn new() -> Teller {
        let output = Output::Standard;
        Teller { layout: output.layout(), output, steps: 0, problem: None }
    }

    /// Begins a step.
    pub fn step(&mut self, title: &str) {
        self.steps += 1;
        let heading = format!("{}. {title}", self.steps);
        self.print(|page| page.paragraph(0, &[span(Style::Heading, heading)]), true);
    }

    /// A paragraph whose lines begin at column `indent`.
    pub fn say(&mut self, indent: usize, spans: &[Span]) {
        self.print(|page| page.paragraph(indent, spans), false);
    }

    /// A paragraph behind a lead; its further lines begin where the first one does.
    pub fn hang(&mut self, lead: &Span, spans: &[Span]) {
        let rest = span(Style::Plain, " ");
        self.print(|page| page.hanging(lead, &rest, spans), false);
    }

    /// A line as it is, to be copied: never wrapped.
    pub fn plain(&mut self, line: &str) {
        self.write(&format!("{line}\n"));
    }

    pub fn blank(&mut self) {
        self.write("\n");
    }

    pub fn count_steps(&self) -> usize {
        self.steps
    }

    /// Whether everything could be printed.
    pub fn finish(self) -> Result<(), Failure> {
        self.problem.map_or(Ok(()), Err)
    }

    fn print(&mut self, set: impl FnOnce(&mut Page), is_apart: bool) {
        let mut page = Page::new(self.layout);
        set(&mut page);
        let text = page.finish();
        self.write(&if is_apart { format!("\n{text}") } else { text });
    }

    fn write(&mut self, text: &str) {
        if self.problem.is_none() {
            self.problem = self.output.write(text).err();
        }
    }
}
