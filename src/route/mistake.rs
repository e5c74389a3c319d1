//! A mistake in a route file: where it stands, what is wrong, what to write instead.

use std::fmt;

/// How much a mistake matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The route cannot be used.
    Error,
    /// The route works, but probably not as meant.
    Hint,
}

/// One finding in a route file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// The file's name as it was handed in.
    pub file: String,
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    pub severity: Severity,
    /// What is wrong; begins with the path of the key.
    pub message: String,
    /// What to write instead.
    pub mend: String,
}

impl fmt::Display for Mistake {
    /// `routes/x.yaml:12:7: error: …`, then the mend on a line of its own.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Hint => "hint",
        };
        write!(f, "{}:{}:{}: {severity}: {}", self.file, self.line, self.column, self.message)?;
        if !self.mend.is_empty() {
            write!(f, "\n  mend: {}", self.mend)?;
        }
        Ok(())
    }
}
