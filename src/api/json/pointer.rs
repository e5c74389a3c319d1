//! JSON pointers (RFC 6901): the way to one place in a document, as problems
//! name it.

use serde_path_to_error::{Path, Segment};

/// One step to the value of a key, with what has a meaning in pointers escaped.
pub fn step(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

/// The pointer to the place where reading a typed value stopped. Empty means the whole document.
pub fn of_path(path: &Path) -> String {
    let step_of = |segment: &Segment| match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } => step(key),
        Segment::Enum { variant } => step(variant),
        Segment::Unknown => String::new(),
    };
    path.iter().map(step_of).collect()
}
