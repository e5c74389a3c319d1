//! Cursors of lists: a place and a check over it and the workspace, so that a
//! cursor that was changed or that belongs to somebody else is refused.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest;

use super::problem::{Kind, Problem};
use crate::store::Workspace;

const USUAL: u32 = 25;
const MOST: u32 = 100;

/// How many rows a page has.
pub fn limit(wanted: Option<u32>) -> Result<u32, Problem> {
    let wanted = wanted.unwrap_or(USUAL);
    if (1..=MOST).contains(&wanted) {
        return Ok(wanted);
    }
    let detail = format!("a page has 1 to {MOST} rows");
    Err(Problem::new(Kind::InvalidQuery).error("/query/limit", "invalid", detail))
}

/// What fits on a page of rows of which one more than that was fetched, and where the next page begins.
pub struct Cut<T> {
    pub rows: Vec<T>,
    pub has_more: bool,
    /// The place of the last row, when more follow.
    pub last: Option<i64>,
}

impl<T> Cut<T> {
    pub fn new(mut rows: Vec<T>, limit: u32, place: impl Fn(&T) -> i64) -> Cut<T> {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let has_more = rows.len() > limit;
        rows.truncate(limit);
        let last = rows.last().filter(|_| has_more).map(place);
        Cut { rows, has_more, last }
    }

    /// Where the next page begins, as a caller sees it.
    pub fn next_cursor(&self, workspace: &Workspace) -> Option<String> {
        self.last.map(|place| write(workspace, place))
    }
}

/// The cursor of the page that begins after a place.
pub fn write(workspace: &Workspace, place: i64) -> String {
    let mut bytes = place.to_be_bytes().to_vec();
    bytes.extend(check(workspace, place));
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The place in a cursor of this workspace.
pub fn read(workspace: &Workspace, cursor: Option<&str>) -> Result<Option<i64>, Problem> {
    let Some(cursor) = cursor else { return Ok(None) };
    let wrong =
        || Problem::new(Kind::InvalidQuery).error("/query/cursor", "invalid", "it is not a cursor of this list");
    let bytes = URL_SAFE_NO_PAD.decode(cursor).map_err(|_| wrong())?;
    let (place, given) = bytes.split_at_checked(8).ok_or_else(wrong)?;
    let place = i64::from_be_bytes(place.try_into().map_err(|_| wrong())?);
    if check(workspace, place) == given { Ok(Some(place)) } else { Err(wrong()) }
}

fn check(workspace: &Workspace, place: i64) -> [u8; 8] {
    let digest = sha2::Sha256::digest(format!("cursor\n{}\n{place}", workspace.as_str()));
    let mut check = [0; 8];
    check.copy_from_slice(&digest[..8]);
    check
}
