//! Free text: what stands after a label or cue, the words that answer a
//! question, the items under a heading, and whole sentences for long text.

use crate::claim::{Certainty, Citation, Claim};
use crate::conversation::SegmentKind;
use crate::language::{Doubt, Reach, doubts, fold, is_name_word_stop, tokens};
use crate::route::{Field, SaidBy};
use crate::value::Kind;

use super::{Hit, Line, Scene, Sign, cite_line, claim};

/// The most words of a short text value.
const MOST_WORDS: usize = 12;
/// The fewest words of a sentence that can be a long text.
const FEWEST_WORDS: usize = 5;

pub(super) fn claim_text(scene: &Scene, claims: &mut Vec<Claim>) {
    for (index, field) in scene.route.fields.iter().enumerate() {
        match field.kind {
            Kind::Text | Kind::Team => claim_short(scene, index, field, claims),
            Kind::LongText => claim_long(scene, index, field, claims),
            _ => {}
        }
    }
}

fn claim_short(scene: &Scene, index: usize, field: &Field, claims: &mut Vec<Claim>) {
    for (at, line) in
        scene.lines.iter().enumerate().filter(|(_, line)| line.counts && line.kind != SegmentKind::Signature)
    {
        let own = line.hits_of(index).any(|hit| hit.sign == Sign::Cue);
        if let Some((question, start, end)) = answer_words(scene, at, index).filter(|_| !own) {
            push_short(field, line, (start, end), vec![cite_line(line), question], Certainty::Stated, claims);
            continue;
        }
        if line.asks {
            continue;
        }
        if let Some(items) = items_under(scene, at, index) {
            for item in items {
                push_short(
                    field,
                    item,
                    item_span(item),
                    vec![cite_line(item), cite_line(line)],
                    Certainty::Stated,
                    claims,
                );
            }
            continue;
        }
        for hit in line.hits_of(index).filter(|hit| hit.sign == Sign::Cue) {
            let Some((start, end, sure)) = words_after(line, hit) else { continue };
            let found = doubts(line.text, (line.start, line.end), (start, end), Reach::Outside);
            if found.contains(&Doubt::Negated) {
                continue;
            }
            let sure = if super::flags::is_over(line, start) { Certainty::Guessed } else { sure };
            push_short(field, line, (start, end), vec![cite_line(line)], sure, claims);
            break;
        }
    }
}

fn push_short(
    field: &Field,
    line: &Line,
    (start, end): (usize, usize),
    cited: Vec<Citation>,
    sure: Certainty,
    claims: &mut Vec<Claim>,
) {
    if field.list {
        for (from, to) in split_items(line.text, start, end) {
            claims.push(claim(field, cited.clone(), line.text[from..to].to_owned(), sure));
        }
    } else {
        claims.push(claim(field, cited, line.text[start..end].to_owned(), sure));
    }
}

/// The words that answer a question which holds the field's cue.
fn answer_words(scene: &Scene, at: usize, field: usize) -> Option<(Citation, usize, usize)> {
    let line = &scene.lines[at];
    if line.asks {
        return None;
    }
    let (rank, question) = scene
        .replies
        .questions_of(at)
        .iter()
        .enumerate()
        .find(|(_, q)| scene.lines[**q].hits_of(field).any(|hit| hit.sign == Sign::Cue))?;
    if rank > 0 {
        return None;
    }
    let asked = &scene.lines[*question];
    // Only what, which, where, how and the like ask for words; a yes/no question does not.
    let opener = asked.words().to_ascii_lowercase();
    let open = ["what", "which", "where", "who", "how", "name", "tell", "describe", "list", "when"]
        .iter()
        .any(|word| opener.contains(word));
    if !open || !(line.opens || line.start == scene.lines[at].start && answers_at_once(scene, at)) {
        return None;
    }
    let (start, end) = strip_lead(line, line.start, line.end);
    let words = tokens(&line.text[start..end]).len();
    (words > 0 && words <= MOST_WORDS && !defers(&line.text[start..end])).then(|| (cite_line(asked), start, end))
}

/// Whether nothing but courtesy or an agreement stands before the line in its message.
fn answers_at_once(scene: &Scene, at: usize) -> bool {
    let message = scene.lines[at].message;
    scene.lines[..at]
        .iter()
        .rev()
        .take_while(|line| line.message == message && line.kind == SegmentKind::Body)
        .all(|line| tokens(line.words()).len() <= 4)
}

/// Leaves out `Yes,`, `It's`, `So`, `That would be` before an answer and the full stop after it.
fn strip_lead(line: &Line, start: usize, end: usize) -> (usize, usize) {
    let text = &line.text[start..end];
    let words = tokens(text);
    let skip = words
        .iter()
        .take_while(|word| {
            matches!(
                fold(word.text(text)).as_ref(),
                "yes"
                    | "yeah"
                    | "sure"
                    | "um"
                    | "uh"
                    | "so"
                    | "well"
                    | "it's"
                    | "it"
                    | "is"
                    | "that's"
                    | "that"
                    | "would"
                    | "be"
                    | "the"
                    | "a"
                    | "an"
                    | "we"
                    | "use"
                    | "have"
                    | "they"
                    | "they're"
                    | "it'll"
                    | "mainly"
                    | "mostly"
                    | "just"
                    | "okay"
                    | "ok"
                    | "right"
                    | "oh"
                    | "there"
                    | "there's"
                    | "are"
                    | "i"
                    | "think"
                    | "on"
                    | "in"
                    | "at"
                    | "our"
                    | "currently"
                    | "only"
                    | "1"
                    | "2"
                    | "3"
                    | "4"
                    | "5"
                    | "6"
            )
        })
        .count();
    let begin = words.get(skip).map_or(start, |word| start + word.start);
    trim(line.text, begin, end)
}

fn trim(text: &str, start: usize, end: usize) -> (usize, usize) {
    let words = &text[start..end];
    let head = words.len()
        - words
            .trim_start_matches(|c: char| {
                c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '*' | '"' | '“' | ',' | '|' | '=' | '•' | '>')
            })
            .len();
    let kept = words[head..].trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, '.' | ',' | ';' | ':' | '!' | '"' | '”' | '*' | '|' | '-' | '–' | '—' | '…')
    });
    (start + head, start + head + kept.len())
}

/// An answer that puts the question off.
fn defers(words: &str) -> bool {
    let folded = words.to_ascii_lowercase();
    [
        "not sure",
        "don't know",
        "no idea",
        "let me",
        "get back",
        "find out",
        "have to check",
        "will check",
        "i'll check",
        "need to check",
        "good question",
        "to be confirmed",
        "tbd",
        "tbc",
        "ask ",
        "unclear",
        "not yet",
        "haven't",
        "depends",
        "no clue",
        "later",
        "open",
        "come back to",
    ]
    .iter()
    .any(|phrase| folded.contains(phrase))
}

/// The words a cue introduces: after a label, after a form of `be` (at once or past a short aside), as the name beside
/// it, or after a cue that ends in a verb or preposition.
fn words_after(line: &Line, hit: &Hit) -> Option<(usize, usize, Certainty)> {
    let rest = &line.text[hit.end..line.end];
    let bare = rest.trim_start();
    let labelled = bare.starts_with([':', '=', '|']) || rest.starts_with(" - ") || rest.starts_with(" – ");
    if labelled && line.text[line.start..hit.start].split_whitespace().count() <= 4 {
        let (start, end) = trim(line.text, hit.end, line.end);
        return fitting(line, start, end, 3 * MOST_WORDS).map(|(start, end)| (start, end, Certainty::Stated));
    }
    if let Some(begin) = after_being(line, hit) {
        let (end, named) = phrase_end(line, begin);
        let (start, end) = trim(line.text, begin, end);
        let sure = if named { Certainty::Stated } else { Certainty::Guessed };
        return fitting(line, start, end, MOST_WORDS).map(|(start, end)| (start, end, sure));
    }
    if let Some(begin) = after_preposition(line, hit) {
        let (end, named) = phrase_end(line, begin);
        let (start, end) = trim(line.text, begin, end);
        let sure = if named || says_whose(&line.text[start..end]) { Certainty::Stated } else { Certainty::Guessed };
        return fitting(line, start, end, MOST_WORDS).map(|(start, end)| (start, end, sure));
    }
    beside_name(line, hit)
}

fn fitting(line: &Line, start: usize, end: usize, most: usize) -> Option<(usize, usize)> {
    let words = line.text.get(start..end)?;
    let count = tokens(words).len();
    (count > 0 && count <= most && !defers(words)).then_some((start, end))
}

/// `our ERP`, `their own tool`: somebody's, and nothing more.
fn says_whose(words: &str) -> bool {
    let first = words.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    matches!(first.as_str(), "our" | "their" | "your" | "his" | "her")
}

/// Past `is`, `are`, `will be` after the cue, with at most a short aside (`for launch`, `at the pumping station`, `we need`) between.
fn after_being(line: &Line, hit: &Hit) -> Option<usize> {
    let rest = &line.text[hit.end..line.end];
    let words = tokens(rest);
    let folded = |at: usize| words.get(at).map(|word| fold(word.text(rest)).into_owned()).unwrap_or_default();
    let being = (0..words.len().min(7))
        .find(|at| matches!(folded(*at).as_str(), "is" | "are" | "was" | "were" | "will" | "include" | "includes"))?;
    let aside = &rest[..words[being].start];
    let opens = being == 0
        || matches!(
            folded(0).as_str(),
            "for" | "at" | "in" | "on" | "of" | "from" | "we" | "they" | "you" | "i" | "to"
        );
    if !opens || aside.contains([',', ';', ':', '.', '?', '!']) {
        return None;
    }
    let first = (being + 1..words.len()).find(|at| {
        !matches!(
            folded(*at).as_str(),
            "be" | "the"
                | "a"
                | "an"
                | "now"
                | "still"
                | "currently"
                | "um"
                | "uh"
                | "only"
                | "just"
                | "both"
                | "called"
                | "named"
        )
    })?;
    Some(hit.end + words[first].start)
}

/// Past the preposition after the cue, or at once after a cue that ends in a preposition or verb.
fn after_preposition(line: &Line, hit: &Hit) -> Option<usize> {
    let rest = &line.text[hit.end..line.end];
    let words = tokens(rest);
    let folded = |at: usize| words.get(at).map(|word| fold(word.text(rest)).into_owned()).unwrap_or_default();
    let leads = |word: &str| {
        matches!(word, "to" | "with" | "from" | "in" | "on" | "into" | "off" | "via" | "by" | "through" | "as")
    };
    let cue = line.text[hit.start..hit.end].to_ascii_lowercase();
    let last = cue.split_whitespace().next_back().unwrap_or_default();
    let verb = [
        "use",
        "using",
        "is",
        "are",
        "at",
        "of",
        "for",
        "replacing",
        "replaces",
        "uses",
        "retire",
        "run",
        "lead",
        "head",
        "we",
        "are",
    ]
    .contains(&last);
    let skip = usize::from(leads(&folded(0)));
    if skip == 0 && !leads(last) && !verb || rest.trim_start().starts_with([',', '.', ';']) {
        return None;
    }
    let first = (skip..words.len()).find(|at| {
        !matches!(
            folded(*at).as_str(),
            "the" | "a" | "an" | "um" | "uh" | "both" | "use" | "run" | "have" | "are" | "on"
        )
    })?;
    Some(hit.end + words[first].start)
}

/// `sales order SO-52233`, `the Statement Export module`: a name or number that touches the cue.
fn beside_name(line: &Line, hit: &Hit) -> Option<(usize, usize, Certainty)> {
    let rest = &line.text[hit.end..line.end];
    let lead = rest.len() - rest.trim_start_matches([' ', '#', '"', '“', '(', '\n']).len();
    let chunk = rest[lead..]
        .split_whitespace()
        .next()
        .unwrap_or_default()
        .trim_end_matches(['.', ',', ';', ':', ')', '"', '”', '!', '?']);
    if chunk.contains(|c: char| c.is_ascii_digit()) && chunk.len() > 2 && !chunk.contains(':') {
        return Some((hit.end + lead, hit.end + lead + chunk.len(), Certainty::Stated));
    }
    // `take deliveries Mon-Fri 08:00-16:00`: a named stretch with figures.
    if chunk.starts_with(char::is_uppercase) {
        let begin = hit.end + lead;
        let (end, _) = phrase_end(line, begin);
        let (start, end) = trim(line.text, begin, end);
        if line.text[start..end].contains(|c: char| c.is_ascii_digit()) {
            return fitting(line, start, end, MOST_WORDS).map(|(start, end)| (start, end, Certainty::Stated));
        }
    }
    let before = &line.text[line.start..hit.start];
    let words = tokens(before);
    let named = words
        .iter()
        .rev()
        .take_while(|word| {
            let text = word.text(before);
            text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) && !is_name_word_stop(&fold(text))
        })
        .count();
    let first = words.get(words.len().checked_sub(named)?)?;
    let gap = &before[words.last()?.end..];
    // The first word of a sentence has a capital for no reason.
    let opens = named == 1 && words.len() == 1;
    (named > 0 && named <= 4 && gap.trim().is_empty() && !opens)
        .then(|| (line.start + first.start, line.start + words[words.len() - 1].end, Certainty::Stated))
}

/// Where the phrase that begins at `begin` ends, and whether it starts like a name or a number.
fn phrase_end(line: &Line, begin: usize) -> (usize, bool) {
    let text = &line.text[begin..line.end];
    let words = tokens(text);
    let capital =
        words.first().is_some_and(|word| word.text(text).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()));
    let mut end = text.len();
    for (at, word) in words.iter().enumerate().skip(1) {
        let gap = &text[words[at - 1].end..word.start];
        let folded = fold(word.text(text));
        let upper = word.text(text).starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        let pause = gap.contains(['.', ';', '!', '?', '—', '–', '\n', '(']) || gap.contains(" - ") || gap.contains(':');
        let list_goes_on = gap.contains(',') && upper
            || matches!(folded.as_ref(), "and" | "or" | "&" | "plus")
                && words.get(at + 1).is_some_and(|next| next.text(text).starts_with(char::is_uppercase));
        let turns = gap.contains(',') && !list_goes_on
            || matches!(
                folded.as_ref(),
                "but"
                    | "because"
                    | "so"
                    | "which"
                    | "that"
                    | "who"
                    | "if"
                    | "when"
                    | "while"
                    | "until"
                    | "before"
                    | "after"
                    | "since"
                    | "then"
                    | "as"
                    | "for"
                    | "by"
                    | "from"
                    | "with"
                    | "via"
                    | "and"
                    | "is"
                    | "are"
                    | "we"
                    | "i"
                    | "they"
                    | "you"
                    | "will"
                    | "has"
                    | "today"
                    | "too"
                    | "to"
                    | "right"
            ) && !list_goes_on;
        if pause || turns {
            end = words[at - 1].end;
            break;
        }
    }
    (begin + end, capital)
}

/// `A, B and C` as its parts.
fn split_items(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let words = &text[start..end];
    let mut cuts = vec![0];
    let mut ends = Vec::new();
    let mut depth = 0i32;
    let bytes = words.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        depth += match bytes[at] {
            b'(' => 1,
            b')' => -1,
            _ => 0,
        };
        let cut = if depth > 0 {
            0
        } else if matches!(bytes[at], b',' | b';') && !bytes.get(at + 1).is_some_and(u8::is_ascii_digit) {
            1
        } else {
            [" and ", " & ", " plus ", " + ", " as well as ", " und "]
                .iter()
                .find(|word| {
                    words[at..].is_char_boundary(0) && words.is_char_boundary(at) && words[at..].starts_with(**word)
                })
                .map_or(0, |word| word.len())
        };
        if cut > 0 {
            ends.push(at);
            cuts.push(at + cut);
            at += cut;
        } else {
            at += 1;
            while at < bytes.len() && !words.is_char_boundary(at) {
                at += 1;
            }
        }
    }
    ends.push(words.len());
    cuts.into_iter()
        .zip(ends)
        .filter(|(from, to)| from <= to)
        .map(|(from, to)| {
            let (from, to) = trim(text, start + from, start + to);
            let item = &text[from..to];
            let lead = ["and ", "the ", "also ", "to ", "plus ", "with "]
                .iter()
                .find(|word| item.starts_with(**word))
                .map_or(0, |word| word.len());
            (from + lead, to)
        })
        .filter(|(from, to)| from < to)
        .collect()
}

/// The list items under a heading line that holds the field's cue.
fn items_under<'s>(scene: &'s Scene, at: usize, field: usize) -> Option<Vec<&'s Line<'s>>> {
    let line = &scene.lines[at];
    let heading = line.words().trim_end().ends_with(':') && line.hits_of(field).any(|hit| hit.sign == Sign::Cue);
    if !heading {
        return None;
    }
    let items: Vec<&Line> = scene.lines[at + 1..]
        .iter()
        .take_while(|next| {
            next.message == line.message
                && next.kind == line.kind
                && next.words().starts_with(['-', '*', '•', '–', '·'])
        })
        .collect();
    (!items.is_empty()).then_some(items)
}

fn item_span(line: &Line) -> (usize, usize) {
    trim(line.text, line.start, line.end)
}

/// Long text: the sentence that says most about the field, by the side whose word counts.
fn claim_long(scene: &Scene, index: usize, field: &Field, claims: &mut Vec<Claim>) {
    let mut best: Option<(f32, usize, Option<usize>)> = None;
    for at in
        (0..scene.lines.len()).filter(|at| scene.lines[*at].counts && scene.lines[*at].kind != SegmentKind::Signature)
    {
        let Some((score, question)) = score_sentence(scene, at, index, field) else { continue };
        if best.is_none_or(|(top, ..)| score > top) {
            best = Some((score, at, question));
        }
    }
    let Some((score, at, question)) = best else { return };
    let line = &scene.lines[at];
    let mut cited = vec![cite_line(line)];
    cited.extend(question.map(|q| cite_line(&scene.lines[q])));
    let sure = if score >= 0.85 { Certainty::Stated } else { Certainty::Guessed };
    let (start, end) = label_cut(line, index);
    claims.push(claim(field, cited, line.text[start..end].to_owned(), sure));
}

/// A labelled line's value is what follows the label.
fn label_cut(line: &Line, field: usize) -> (usize, usize) {
    let cut = line
        .hits_of(field)
        .find(|hit| hit.start - line.start < 12 && line.text[hit.end..line.end].trim_start().starts_with(':'));
    cut.map_or((line.start, line.end), |hit| trim(line.text, hit.end, line.end))
}

fn score_sentence(scene: &Scene, at: usize, index: usize, field: &Field) -> Option<(f32, Option<usize>)> {
    let line = &scene.lines[at];
    let words = tokens(line.words());
    if line.asks || words.len() < FEWEST_WORDS || line.words().trim_end().ends_with(':') {
        return None;
    }
    let cues: Vec<&Hit> = line.hits_of(index).filter(|hit| hit.sign == Sign::Cue).collect();
    let own = cues.iter().map(|hit| hit.weight).fold(0.0f32, f32::max) + 0.06 * (cues.len().saturating_sub(1)) as f32;
    let question = scene
        .replies
        .questions_of(at)
        .first()
        .copied()
        .filter(|q| scene.lines[*q].hits_of(index).any(|hit| hit.sign == Sign::Cue))
        .filter(|_| line.opens || answers_at_once(scene, at));
    let asked = if question.is_some() && !defers(line.words()) { 0.8 } else { 0.0 };
    let mut score = own.max(asked);
    if score == 0.0 || defers(line.words()) {
        return None;
    }
    let said_by_wrong_side = match field.said_by {
        SaidBy::Any => false,
        SaidBy::Theirs => line.speaker.side == crate::conversation::Side::Ours,
        SaidBy::Ours => line.speaker.side == crate::conversation::Side::Theirs,
    };
    if said_by_wrong_side {
        score -= 0.3;
    }
    let found = doubts(
        line.text,
        (line.start, line.end),
        cues.first().map_or((line.start, line.end), |hit| (hit.start, hit.end)),
        Reach::Outside,
    );
    if found.iter().any(|doubt| matches!(doubt, Doubt::Conditional | Doubt::Hedged)) {
        score -= 0.1;
    }
    let denies_cue = found.contains(&Doubt::Negated) && !cues.is_empty();
    if denies_cue {
        score -= 0.3;
    }
    let opening = cues
        .iter()
        .filter(|hit| hit.start - line.start < 12)
        .map(|hit| 0.05 + (hit.end - hit.start) as f32 / 400.0)
        .fold(0.0f32, f32::max);
    score += opening;
    if words.len() > 8 {
        score += 0.04;
    }
    // A figure makes a criterion of a wish.
    if field.specific {
        let figure = line.words().chars().any(|c| c.is_ascii_digit());
        score += if figure { 0.1 } else { -0.04 };
    }
    (score > 0.5).then_some((score, if asked > own { question } else { None }))
}
