//! Corrections that do not name what they correct: `it's eleven of us, not
//! nine`, `make it 26`, `Eilidh instead`. They are tied by what was said
//! before: the value that is set aside, or the only field of the kind that had
//! one.

use crate::claim::{Certainty, Claim};
use crate::language::{Phrases, fold, tokens};
use crate::value::{Kind, Sort, Spotted, Value, same};

use super::replaced::is_set_aside;
use super::typed::suits;
use super::{Line, Scene, Sign, cite_line, claim};

/// How many lines back the corrected value may stand.
const MOST_BACK: usize = 400;
/// The most corrections that are looked at; more is no handoff.
const MOST_CORRECTIONS: usize = 100;

const MARKS: Phrases = Phrases::new(&[
    "make it",
    "make that",
    "instead",
    "i meant",
    "correction",
    "scrap ",
    "rather than",
    "and not",
    ", not ",
    " no ",
    "nicht",
    "pas ",
    "korrektur",
    "sondern",
    "i was wrong",
    "my mistake",
    "turns out",
    "it's now",
    "it is now",
    "changed to",
    "moved to",
    "en vez",
    "plutôt",
    "mejor ",
    "me equivoqu",
    "sorry",
    "actually",
    "en realidad",
    "finalement",
]);

/// Claims values in correcting lines that hold no cue of their own. Everything that has one must have been claimed before.
pub(super) fn claim_corrections(scene: &Scene, claims: &mut Vec<Claim>) {
    let mut found = Vec::new();
    let mut looked = 0;
    for (at, line) in scene.lines.iter().enumerate().filter(|(_, line)| line.counts && !line.asks) {
        if line.values.is_empty() || !MARKS.stand_in(line.words()) {
            continue;
        }
        found.extend(correction(scene, at, line, claims));
        looked += 1;
        if looked >= MOST_CORRECTIONS {
            break;
        }
    }
    claims.extend(found);
}

fn correction(scene: &Scene, at: usize, line: &Line, claims: &[Claim]) -> Option<Claim> {
    let aside: Vec<&Spotted> = line.values.iter().filter(|value| is_set_aside(line, value)).collect();
    let chosen = line.values.iter().find(|value| {
        !is_set_aside(line, value) && (aside.is_empty() || aside.iter().any(|gone| fits_sort(gone.sort, value.sort)))
    })?;
    let fields =
        scene.route.fields.iter().enumerate().filter(|(_, field)| field_takes(&field.kind, chosen.sort) && !field.list);
    let open: Vec<usize> = fields.map(|(index, _)| index).collect();
    let cued = |index: &usize| {
        line.hits_of(*index).any(|hit| hit.sign == Sign::Cue && hit.weight >= crate::route::cues::FAINTEST)
    };
    if open.iter().any(cued) {
        return None;
    }
    let earlier: Vec<(usize, &Claim, usize)> = open
        .iter()
        .filter_map(|index| {
            let key = &scene.route.fields[*index].key;
            let (claim, place) = last_before(scene, claims, key, at)?;
            Some((*index, claim, place))
        })
        .collect();
    // The value that is set aside names the field.
    let replaced = earlier
        .iter()
        .find(|(index, claim, _)| aside.iter().any(|gone| says_value(scene, *index, claim, &gone.reading.value)));
    let marked = opens_correction(line, chosen);
    let only = earlier.first().filter(|_| earlier.len() == 1 && aside.is_empty() && marked);
    let same_speaker = |place: usize| scene.lines[place].speaker.side == line.speaker.side;
    let (index, _, place) = replaced.or(only).copied().filter(|(.., place)| same_speaker(*place))?;
    let field = &scene.route.fields[index];
    let cited = vec![cite_line(line), cite_line(&scene.lines[place])];
    Some(claim(field, cited, line.text[chosen.start..chosen.end].to_owned(), Certainty::Stated))
}

fn field_takes(kind: &Kind, sort: Sort) -> bool {
    suits(kind, sort) || *kind == Kind::Person && sort == Sort::Person
}

fn fits_sort(left: Sort, right: Sort) -> bool {
    let day = |sort: Sort| matches!(sort, Sort::Date | Sort::DateTime);
    left == right || day(left) && day(right)
}

/// The last stated claim of a field before a line, with the line it cites.
fn last_before<'c>(scene: &Scene, claims: &'c [Claim], key: &str, at: usize) -> Option<(&'c Claim, usize)> {
    let stated = claims.iter().filter(|claim| claim.field == key && claim.certainty == Certainty::Stated);
    stated
        .filter_map(|claim| {
            let first = claim.cited.first()?;
            let from = scene.lines.partition_point(|line| line.id < first.message);
            let place = match first.at {
                Some(start) => {
                    let inside = scene.lines[from..].iter().take_while(|line| line.id == first.message);
                    from + inside.take_while(|line| line.end <= start).count()
                }
                None => from,
            };
            (place < at && at - place <= MOST_BACK && place < scene.lines.len()).then_some((claim, place))
        })
        .max_by_key(|(_, place)| *place)
}

/// Whether a claim means a value, read by its own words.
fn says_value(scene: &Scene, index: usize, claim: &Claim, value: &Value) -> bool {
    let Some(first) = claim.cited.first() else { return false };
    let raw = claim.raw_value.as_deref().unwrap_or_default();
    let kind = &scene.route.fields[index].kind;
    let from = scene.lines.partition_point(|line| line.id < first.message);
    scene.lines[from..]
        .iter()
        .take_while(|line| line.id == first.message)
        .flat_map(|line| line.values.iter().map(move |value| (line, value)))
        .filter(|(line, seen)| field_takes(kind, seen.sort) && line.text.get(seen.start..seen.end) == Some(raw))
        .any(|(_, seen)| same(&seen.reading.value, value))
}

/// `make it X`, `X instead`, `it's now X`: the words right beside the value say that it is new.
fn opens_correction(line: &Line, chosen: &Spotted) -> bool {
    let before = &line.text[line.start..chosen.start];
    let words: Vec<String> =
        tokens(before).iter().rev().take(3).map(|token| fold(token.text(before)).into_owned()).collect();
    let after = &line.text[chosen.end..line.end];
    let next = tokens(after).first().map(|token| fold(token.text(after)).into_owned()).unwrap_or_default();
    let pair = |one: &str, two: &str| words.windows(2).any(|two_words| two_words[0] == two && two_words[1] == one);
    pair("make", "it")
        || pair("make", "that")
        || pair("i", "meant")
        || pair("to", "now")
        || pair("is", "now")
        || pair("it's", "now")
        || next == "instead"
}
