//! False kinds, second half, written without a look at how the matcher works:
//! date, currency, comparison changed here; single words and roles in
//! `wording`, what is cut off or joined wrongly in `turned`.

mod turned;
mod wording;

use std::ops::Range;

use crate::drawing::{Change, Pair, Random, absent_pair, core, draw, false_pair, quote_around, replace, trim, words};
use crate::false_kinds_a::{Swap, number_runs, swap_words};
use crate::sources::{Material, Site, Talk};
use crate::{Kind, Words};

pub const KINDS: &[Kind] = &[
    Kind { name: "date", words: Words::Nowhere, make: change_date },
    Kind { name: "currency", words: Words::CutOut, make: change_currency },
    Kind { name: "modal", words: Words::Nowhere, make: wording::change_modal },
    Kind { name: "role or subject", words: Words::Nowhere, make: wording::change_role },
    Kind { name: "subject swapped by ellipsis", words: Words::Nowhere, make: turned::swap_subject },
    Kind { name: "condition cut off", words: Words::CutOut, make: turned::cut_off_condition },
    Kind { name: "question cut off", words: Words::CutOut, make: turned::cut_off_question },
    Kind { name: "comparison", words: Words::CutOut, make: change_comparison },
    Kind { name: "one-letter real word", words: Words::Nowhere, make: wording::change_letter },
    Kind { name: "another speaker's short words", words: Words::CutOut, make: turned::cite_other_speaker },
    Kind { name: "attribution cut off", words: Words::CutOut, make: turned::cut_off_attribution },
    Kind { name: "hedge cut off", words: Words::CutOut, make: turned::cut_off_hedge },
];

const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Words of time; months are looked up beside their days, since "may" and "march" are words of their own.
const TIMES: &[Swap] = &[
    ("monday", &["Tuesday", "Sunday", "Friday"]),
    ("tuesday", &["Thursday", "Monday"]),
    ("wednesday", &["Thursday", "Tuesday"]),
    ("thursday", &["Tuesday", "Friday"]),
    ("friday", &["Monday", "Thursday"]),
    ("fridays", &["Mondays", "Sundays"]),
    ("saturday", &["Sunday", "Friday"]),
    ("saturdays", &["Sundays"]),
    ("sunday", &["Saturday", "Monday"]),
    ("next", &["last", "this"]),
    ("last", &["next", "this"]),
    ("morning", &["evening", "afternoon"]),
    ("evening", &["morning"]),
    ("afternoon", &["morning", "evening"]),
    ("noon", &["midnight", "ten"]),
    ("midnight", &["noon"]),
    ("today", &["tomorrow", "yesterday"]),
    ("tomorrow", &["today"]),
    ("yesterday", &["today"]),
    ("tonight", &["tomorrow", "today"]),
    ("night", &["day"]),
    ("spring", &["autumn"]),
    ("summer", &["winter"]),
    ("autumn", &["spring"]),
    ("winter", &["summer"]),
    ("weekdays", &["weekends"]),
    ("weekends", &["weekdays"]),
    ("early", &["late"]),
    ("end of", &["beginning of"]),
    ("first", &["last"]),
];

fn change_date(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let change = match random.below(3) {
            0 => swap_words(&site.sentence, TIMES, random).or_else(|| change_day(&site.sentence, random))?,
            _ => change_day(&site.sentence, random).or_else(|| swap_words(&site.sentence, TIMES, random))?,
        };
        absent_pair(talk, site, quote_around(&change, random), random)
    })
}

/// Another month, day, year or time of day.
fn change_day(sentence: &str, random: &mut Random) -> Option<Change> {
    let all: Vec<Range<usize>> = words(sentence).iter().map(|word| core(sentence, word)).collect();
    let text = |at: usize| all.get(at).map_or("", |word| &sentence[word.clone()]);
    let is_day = |word: &str| word.parse::<u32>().is_ok_and(|day| (1..=31).contains(&day));
    let mut places: Vec<(Range<usize>, String)> = Vec::new();
    for at in 0..all.len() {
        let word = text(at);
        let before = if at > 0 { text(at - 1) } else { "" };
        if let Some(month) = MONTHS.iter().position(|month| *month == word)
            && (is_day(before) || is_day(text(at + 1)) || ["in", "of", "by", "until", "from", "last"].contains(&before))
        {
            let other = MONTHS[(month + 1 + random.below(11)) % 12];
            places.push((all[at].clone(), other.to_string()));
        }
        if is_day(word) && (MONTHS.contains(&before) || MONTHS.contains(&text(at + 1))) {
            let day: u32 = word.parse().ok()?;
            let near = if day > 27 { day - 1 } else { day + 1 };
            let longer = if day < 3 { format!("{day}{day}") } else { near.to_string() };
            places.push((
                all[at].clone(),
                [near.to_string(), longer, format!("{}", 31 - day % 30)][random.below(3)].clone(),
            ));
            if MONTHS.contains(&before) && random.below(3) == 0 {
                // Both at once: another month, the day before it.
                let month = MONTHS[(day as usize) % 12];
                places.push((all[at - 1].start..all[at].end, format!("{near} {month}")));
            }
        }
        if word.len() == 4 && word.starts_with("20") && word.chars().all(|c| c.is_ascii_digit()) {
            let year: u32 = word.parse().ok()?;
            places.push((all[at].clone(), (if random.below(2) == 0 { year + 1 } else { year - 1 }).to_string()));
        }
        if let Some((hour, minute)) = word.split_once(':').filter(|(hour, _)| hour.len() < 3) {
            let hour: u32 = hour.parse().ok()?;
            let other = if random.below(3) == 0 { (hour + 12) % 24 } else { hour % 23 + 1 };
            places.push((all[at].clone(), format!("{other}:{minute}")));
        }
    }
    let (range, new) = random.pick(&places)?.clone();
    (sentence[range.clone()] != new).then(|| replace(sentence, range, &new))
}

const MONEY_WORDS: &[Swap] = &[
    ("euros", &["dollars", "pounds", "francs"]),
    ("dollars", &["euros", "pounds", "Canadian dollars"]),
    ("pounds", &["euros", "dollars"]),
    ("usd", &["EUR", "CAD"]),
    ("eur", &["USD", "GBP"]),
    ("chf", &["EUR", "SEK"]),
    ("złoty", &["euros", "crowns"]),
];

fn change_currency(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let sentence = &site.sentence;
        let symbol = sentence.find(['$', '€', '£']);
        let bare = bare_amounts(sentence);
        let change = match (symbol, random.below(4)) {
            (Some(at), 0) => return begin_behind(talk, site, at, random),
            (Some(at), _) => {
                let length = sentence[at..].chars().next().map_or(0, char::len_utf8);
                let new = *random.pick(&["$", "€", "£", "", "CHF ", "A$"])?;
                if new == &sentence[at..at + length] {
                    return None;
                }
                replace(sentence, at..at + length, new)
            }
            (None, 0) if !bare.is_empty() => {
                let at = random.pick(&bare)?.start;
                replace(sentence, at..at, random.pick(&["£", "$", "€"])?)
            }
            _ => swap_words(sentence, MONEY_WORDS, random)?,
        };
        standing_pair(talk, site, &quote_around(&change, random), 0, random)
    })
}

/// Numbers of three digits or more that are no money in the source, nor a date or part of a name or code.
fn bare_amounts(sentence: &str) -> Vec<Range<usize>> {
    let alone = |run: &Range<usize>| {
        let before = sentence[..run.start].chars().next_back();
        let after = sentence[run.end..].chars().next();
        let lower = sentence[run.end..].trim_start().starts_with(|c: char| c.is_lowercase());
        before == Some(' ') && after == Some(' ') && lower && run.len() >= 3 && !sentence[run.clone()].starts_with("20")
    };
    number_runs(sentence).into_iter().filter(alone).collect()
}

/// A quote that begins with the number and leaves behind what stands right before it.
fn begin_behind(talk: &Talk, site: &Site, sign: usize, random: &mut Random) -> Option<Pair> {
    let sentence = &site.sentence;
    let start = sign + sentence[sign..].find(|c: char| c.is_ascii_digit())?;
    let all = words(sentence);
    let at = all.iter().position(|word| word.contains(&start))?;
    let end = all[(at + 1 + random.below(6)).min(all.len() - 1)].end;
    standing_pair(talk, site, &sentence[start..end], 1, random)
}

/// A false quote whose characters, signs and all, stand so many times in the conversation.
fn standing_pair(talk: &Talk, site: &Site, quote: &str, times: usize, random: &mut Random) -> Option<Pair> {
    let quote = trim(quote).to_string();
    let told = words(&quote).len() >= 2 && talk.count_characters(&quote) == times;
    told.then(|| false_pair(talk, site, quote, random))
}

/// Bounds before a number.
const BOUNDS: &[Swap] = &[
    ("<", &[">", "≥", ""]),
    (">", &["<", "≤", ""]),
    ("≤", &["≥", ">", ""]),
    ("≥", &["≤", "<", ""]),
    ("at least", &["at most", "exactly", "up to", ""]),
    ("at most", &["at least", "exactly", ""]),
    ("up to", &["at least", "exactly", ""]),
    ("more than", &["less than", "at most", ""]),
    ("less than", &["more than", ""]),
    ("fewer than", &["more than", ""]),
    ("no more than", &["no less than", "more than", ""]),
    ("under", &["over", "exactly", ""]),
    ("above", &["below", "about", ""]),
    ("below", &["above", "about", ""]),
    ("around", &["exactly", "over", ""]),
    ("about", &["exactly", "under", ""]),
    ("roughly", &["exactly", "above", ""]),
    ("within", &["after", "beyond"]),
    ("older than", &["younger than"]),
    ("over", &["under"]),
    ("a minimum of", &["a maximum of", "up to", ""]),
    ("the minimum is", &["the maximum is", "the usual is"]),
    ("the limit is", &["the minimum is"]),
    ("before", &["after", "from", "on"]),
    ("after", &["before", "until"]),
    ("until", &["from", "after", "before"]),
    ("by", &["after", "from", "until"]),
];

fn change_comparison(material: &Material, random: &mut Random) -> Vec<Pair> {
    draw(material, random, |talk, site, random| {
        let sentence = &site.sentence;
        let (range, choices) = random.pick(&bounds(sentence))?.clone();
        let old = sentence[range.clone()].to_lowercase();
        // "By" and "within" leave a date or a span that is true of the sentence, too.
        let cuts = choices.contains(&"") || ["before", "after", "until"].contains(&old.as_str());
        if cuts && random.below(2) == 0 && number_runs(sentence).iter().any(|run| run.start >= range.end) {
            let all = words(sentence);
            let at = all.iter().position(|word| word.end > range.end)?;
            let start = range.end + (sentence[range.end..].len() - sentence[range.end..].trim_start().len());
            let end = all[(at + 1 + random.below(6)).min(all.len() - 1)].end;
            return standing_pair(talk, site, &sentence[start..end], 1, random);
        }
        let new = *random.pick(choices)?;
        let mut range = range;
        if new.is_empty() {
            range.end += usize::from(sentence[range.end..].starts_with(' '));
            let rest = &sentence[range.end..];
            let change = replace(sentence, range.clone(), "");
            // The quote goes on behind the number, so that the bound is missing in its middle.
            let first = words(rest).first().map_or(0, |word| word.end);
            let change = Change { at: range.start..range.start + first, text: change.text };
            return standing_pair(talk, site, &quote_around(&change, random), 0, random);
        }
        let change = replace(sentence, range, new);
        standing_pair(talk, site, &quote_around(&change, random), 0, random)
    })
}

/// Where a bound stands right before a number, a month or a weekday.
fn bounds(sentence: &str) -> Vec<(Range<usize>, &'static [&'static str])> {
    let lower = sentence.to_ascii_lowercase();
    let mut found: Vec<(Range<usize>, &'static [&'static str])> = Vec::new();
    for (bound, choices) in BOUNDS.iter().rev() {
        for (start, _) in lower.match_indices(bound) {
            let range = start..start + bound.len();
            let whole = !lower[..start].ends_with(|c: char| c.is_alphanumeric())
                && (bound.chars().all(|c| !c.is_alphabetic()) || lower[range.end..].starts_with(' '));
            let next = sentence[range.end..].trim_start().split(' ').next().unwrap_or("");
            let date = MONTHS.contains(&trim(next))
                || ["Monday", "Tuesday", "Thursday", "Friday", "Saturday", "Sunday"].contains(&trim(next));
            let counts = next.trim_start_matches(['$', '€', '£', '-']).starts_with(|c: char| c.is_ascii_digit());
            let timed = ["before", "after", "until", "by"].contains(bound);
            // "48 hours after", "after 14 days" are spans, not bounds: there a clock, a date or a day follows.
            let clock =
                counts && (next.contains(':') || sentence[range.end..].split(' ').any(|w| MONTHS.contains(&trim(w))));
            let counted = if timed { date || clock } else { counts };
            // "No more than" holds "more than": the longer one only.
            if whole && counted && !lower[..start].ends_with("no ") && !found.iter().any(|(r, _)| r.end == range.end) {
                found.push((range, choices));
            }
        }
    }
    found
}
