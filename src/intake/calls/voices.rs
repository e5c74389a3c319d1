//! The words of a caption line without its marks: voice tags say who speaks from
//! here on, other known tags and SubRip's styles only say how it looks. What
//! stands in angle brackets and is no known tag is words and stays.

use std::borrow::Cow;

use super::cues;
use crate::intake::markup;

/// Tags that change how words look, never what they say.
const LOOKS: [&str; 10] = ["b", "c", "font", "i", "lang", "rt", "ruby", "s", "u", "v"];

/// A tag is looked for within this many bytes, so that many `<` without `>` stay cheap.
const MAX_TAG_BYTES: usize = 512;

/// Who speaks from here on in a cue.
#[derive(Debug, PartialEq)]
pub(super) enum Voice<'t> {
    Same,
    Named(Cow<'t, str>),
    Ended,
}

/// Hands over the stretches of a line, each with the change of voice before it. `scratch` is only room to write in.
pub(super) fn read<'t>(line: &'t str, scratch: &mut String, mut take: impl FnMut(Voice<'t>, &str)) {
    if memchr::memchr3(b'<', b'&', b'{', line.as_bytes()).is_none() {
        take(Voice::Same, line);
        return;
    }
    scratch.clear();
    let mut change = Voice::Same;
    let mut rest = line;
    while let Some(at) = memchr::memchr2(b'<', b'{', rest.as_bytes()) {
        let (before, from) = rest.split_at(at);
        markup::push_decoded(scratch, before);
        let Some((mark, after)) = read_mark(from) else {
            scratch.push_str(from.get(..1).unwrap_or_default());
            rest = from.get(1..).unwrap_or_default();
            continue;
        };
        rest = after;
        if let Mark::Voice(next) = mark {
            take(std::mem::replace(&mut change, next), scratch);
            scratch.clear();
        }
    }
    markup::push_decoded(scratch, rest);
    take(change, scratch);
}

enum Mark<'t> {
    Voice(Voice<'t>),
    Look,
}

/// The mark at the start of `from`, and what follows it.
fn read_mark(from: &str) -> Option<(Mark<'_>, &str)> {
    let window = from.as_bytes().get(..MAX_TAG_BYTES).unwrap_or(from.as_bytes());
    if from.starts_with('{') {
        let end = memchr::memchr(b'}', window).filter(|_| from.starts_with("{\\"))?;
        return Some((Mark::Look, from.get(end + 1..)?));
    }
    let end = memchr::memchr(b'>', window)?;
    let (tag, after) = (from.get(1..end)?, from.get(end + 1..)?);
    let (closing, tag) = tag.strip_prefix('/').map_or((false, tag), |tag| (true, tag));
    let name = tag.split([' ', '\t', '.']).next().unwrap_or_default();
    if !LOOKS.iter().any(|look| look.eq_ignore_ascii_case(name)) {
        return cues::read_clock(tag).is_some().then_some((Mark::Look, after));
    }
    match (name, closing) {
        ("v", true) => Some((Mark::Voice(Voice::Ended), after)),
        ("v", false) => match tag.split_once([' ', '\t']) {
            Some((_, speaker)) => Some((Mark::Voice(Voice::Named(decoded(speaker.trim()))), after)),
            None => Some((Mark::Look, after)),
        },
        _ => Some((Mark::Look, after)),
    }
}

fn decoded(name: &str) -> Cow<'_, str> {
    if !name.contains('&') {
        return Cow::Borrowed(name);
    }
    let mut decoded = String::with_capacity(name.len());
    markup::push_decoded(&mut decoded, name);
    Cow::Owned(decoded)
}
