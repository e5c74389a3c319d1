//! The shapes of short texts in a line, wherever they stand: hours in a row,
//! titled names, references, quoted words, codes of errors.

use crate::language::{Token, fold, tokens};

use super::phrases::trim;

/// The most words of an error.
const MOST_ERROR_WORDS: usize = 14;

/// From the first weekday or time of day to the last, where at least two of them and a time stand in a row.
pub(super) fn opening_hours(text: &str) -> Option<(usize, usize)> {
    let all = tokens(text);
    let mut best: Option<(usize, usize)> = None;
    let mut run: Option<(usize, usize, usize, bool)> = None;
    for (at, token) in all.iter().enumerate() {
        let word = fold(token.text(text));
        let glued = at > 0 && all[at - 1].end == token.start;
        // `half eight to four` says hours once a day was named.
        let spelled = run.is_some() && is_hour_word(&word);
        let timed = spelled || is_time(&word) || is_daytime(&word) && run.is_some() && glued;
        let day = is_weekday(&word);
        let gap = at.checked_sub(1).map_or("", |before| &text[all[before].end..token.start]);
        let broken = gap.contains(['.', ';', '!', '?', '(', ')']) && !gap.trim().is_empty();
        let joined = run.is_some() && !broken && (links_hours(&word) || gap.trim() == "-");
        if broken {
            run = None;
        }
        if timed || day {
            let (start, _, count, time) = run.unwrap_or((token.start, 0, 0, false));
            run = Some((start, token.end, count + 1, time || timed));
        } else if !joined {
            run = None;
        } else if is_daytime(&word)
            && let Some((start, _, count, time)) = run
        {
            run = Some((start, token.end, count, time));
        }
        if let Some((start, end, count, true)) = run.filter(|(_, _, count, _)| *count > 1)
            && best.is_none_or(|(from, to)| end - start > to - from)
        {
            _ = count;
            best = Some((start, end));
        }
    }
    best
}

fn is_hour_word(word: &str) -> bool {
    matches!(
        word,
        "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten" | "eleven" | "twelve"
    )
}

/// `6`, `06:30`, `7h`, `14.00`, `noon`; `am` and `Uhr` are told by what stands before.
fn is_time(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_lowercase());
    let unit = &word[digits.len()..];
    let (hour, minute) = digits.split_once([':', '.', 'h']).unwrap_or((digits, "00"));
    let clock = hour.parse::<u8>().is_ok_and(|hour| hour <= 24) && hour.len() <= 2 && minute.len() <= 2;
    clock && minute.parse::<u8>().is_ok_and(|minute| minute < 60) && matches!(unit, "" | "am" | "pm" | "h" | "uhr")
        || matches!(word, "noon" | "midday" | "midnight" | "mittag" | "midi" | "mediodía")
}

fn is_daytime(word: &str) -> bool {
    matches!(word, "am" | "pm" | "uhr" | "h" | "o'clock" | "heures" | "horas" | "hrs")
}

#[rustfmt::skip]
fn is_weekday(word: &str) -> bool {
    matches!(
        word.trim_end_matches('s'),
        "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday" | "mon" | "tue" | "tues" | "wed" | "thu" | "thur" | "fri" | "sat" | "sun" | "weekday"
            | "montag" | "dienstag" | "mittwoch" | "donnerstag" | "freitag" | "samstag" | "mo" | "di" | "mi" | "do" | "fr"
            | "lundi" | "mardi" | "mercredi" | "jeudi" | "vendredi" | "samedi" | "lune" | "marte" | "miércole" | "jueve" | "vierne" | "sábado" | "werktag"
    )
}

#[rustfmt::skip]
fn links_hours(word: &str) -> bool {
    is_daytime(word) || matches!(
        word,
        "half" | "past" | "quarter" | "to" | "through" | "thru" | "till" | "until" | "and" | "from" | "between" | "bis" | "von" | "und" | "à" | "a" | "de" | "du" | "au" | "et" | "y" | "las" | "the" | "in" | "morning" | "on" | "except"
            | "only" | "entre" | "zwischen" | "every" | "each"
    )
}

/// Runs of two or more capitalised words, or one with the noun for what it is (`Forecast module`).
pub(super) fn titled_names(text: &str) -> Vec<(usize, usize)> {
    let all = tokens(text);
    let capital = |token: &Token| {
        let word = token.text(text);
        word.starts_with(char::is_uppercase) && word.len() > 1
            || word.len() > 1 && word.chars().all(|c| c.is_ascii_uppercase())
    };
    let noun = |token: &Token| {
        matches!(
            fold(token.text(text)).as_ref(),
            "module"
                | "app"
                | "screen"
                | "queue"
                | "api"
                | "connector"
                | "integration"
                | "portal"
                | "dashboard"
                | "plugin"
                | "plug-in"
                | "modul"
                | "importer"
                | "planner"
                | "builder"
                | "editor"
                | "wizard"
                | "report"
                | "board"
                | "scanner"
        )
    };
    let mut found = Vec::new();
    let mut at = 0;
    while at < all.len() {
        let apart =
            |next: usize| next > at && !text[all[next - 1].end..all[next].start].trim_matches([' ', '-']).is_empty();
        let mut count = (at..all.len()).take_while(|next| capital(&all[*next]) && !apart(*next)).count();
        // The first word of a sentence has a capital anyway.
        let opens = at == 0 || text[..all[at].start].trim_end().ends_with(['.', ':', '!', '?', '"']);
        let small = |at: usize| {
            crate::language::is_name_word_stop(&fold(all[at].text(text))) || is_opener(&fold(all[at].text(text)))
        };
        if count > 0 && (small(at) || opens && count == 1) {
            at += 1;
            continue;
        }
        // `le module OrdoDoc`: the noun may stand before its name.
        let touches = at > 0 && text[all[at - 1].end..all[at].start].trim_matches([' ', '-']).is_empty();
        if count == 1 && at > 0 && noun(&all[at - 1]) && touches {
            found.push((all[at - 1].start, all[at].end));
            at += 1;
            continue;
        }
        // `BargeLink`: capitals inside a word make a name of it.
        let inner = all[at].text(text).chars().skip(1).any(char::is_uppercase)
            && all[at].text(text).chars().any(char::is_lowercase);
        if count == 1 && inner {
            found.push((all[at].start, all[at].end));
            at += 1;
            continue;
        }
        let tail = count > 0 && all.get(at + count).is_some_and(noun) && !apart(at + count);
        count += usize::from(tail);
        if (2..=5).contains(&count) {
            found.push((all[at].start, all[at + count - 1].end));
        }
        at += count.max(1);
    }
    found
}

fn is_opener(word: &str) -> bool {
    matches!(
        word,
        "hi" | "hello"
            | "hey"
            | "dear"
            | "thanks"
            | "since"
            | "when"
            | "if"
            | "so"
            | "also"
            | "but"
            | "re"
            | "fwd"
            | "subject"
            | "yes"
            | "no"
            | "das"
            | "der"
            | "die"
            | "le"
            | "la"
            | "el"
    )
}

/// `AC-58820`, `SC/881`, `7702-B`: capitals and figures with a mark between.
pub(super) fn references(text: &str) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut from = 0;
    for chunk in text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '/'))) {
        let start = from;
        from = start + chunk.len() + text[start + chunk.len()..].chars().next().map_or(0, char::len_utf8);
        let fits = |part: &str, letters: bool| {
            !part.is_empty() && part.chars().all(|c| if letters { c.is_ascii_uppercase() } else { c.is_ascii_digit() })
        };
        let Some((first, second)) = chunk.split_once(['-', '/']) else { continue };
        let short = first.len() == 1 && second.len() > 3;
        let one =
            (short || (2..=5).contains(&first.len())) && fits(first, true) && second.len() > 1 && fits(second, false);
        let other = first.len() > 2 && fits(first, false) && fits(second, true) && second.len() < 4;
        // `your quote Q-3391` is no order.
        let before = text[..start].trim_end().to_lowercase();
        let elsewhere =
            ["quote", "quotation", "offer", "invoice", "ticket", "angebot", "devis", "oferta", "offre", "presupuesto"]
                .iter()
                .any(|word| before.ends_with(word));
        if (one || other) && !elsewhere {
            found.push((start, start + chunk.len()));
        }
    }
    found
}

/// What stands between quotes, if it is more than a word.
pub(super) fn quoted(text: &str) -> Option<(usize, usize)> {
    let pairs = [('"', '"'), ('“', '”'), ('`', '`'), ('«', '»'), ('„', '“'), ('‘', '’')];
    pairs.iter().find_map(|(open, close)| {
        let start = text.find(*open)? + open.len_utf8();
        let end = start + text[start..].find(*close)?;
        let words = tokens(&text[start..end]).len();
        let code = text[start..end].contains(|c: char| c.is_ascii_digit()) && words > 0;
        ((2..=MOST_ERROR_WORDS).contains(&words) || code).then(|| trim(text, start, end))
    })
}

/// `LOCK-409 batch held by another session`, `WARN layer_seq mismatch (2,1)`, `HTTP 502`: a code and the words behind it.
pub(super) fn coded(text: &str, spoken: bool) -> Option<(usize, usize)> {
    let mut from = 0;
    for chunk in text.split_whitespace() {
        let start = from + text[from..].find(chunk)?;
        from = start + chunk.len();
        let bare = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        let level = matches!(bare, "WARN" | "ERROR" | "FATAL" | "WARNING" | "EXCEPTION" | "ERR" | "PANIC");
        let telling = bare.contains('_')
            || text[from..].split_whitespace().take(2).filter(|word| word.starts_with(char::is_lowercase)).count() > 1;
        if !(is_error_code(bare) || level) || !(spoken || start == 0 || level || telling) {
            continue;
        }
        let begin = start + chunk.find(bare)?;
        let rest = &text[begin..];
        let stop = rest.find(['\n', ';', '"', '”', '`']).unwrap_or(rest.len());
        let stop = rest[..stop].find(". ").or_else(|| rest[..stop].find(", ").filter(|_| !level)).unwrap_or(stop);
        let stop = rest[..stop].find(" - ").or(rest[..stop].find(" – ")).unwrap_or(stop);
        let (start, end) = trim(text, begin, begin + stop);
        let words = tokens(&text[start..end]).len();
        return match words <= MOST_ERROR_WORDS {
            true => Some((start, end)),
            false => Some((begin, begin + bare.len())),
        };
    }
    None
}

/// `LOCK-409`, `E1042`, `0x80070005`, `ERR_TIMEOUT`.
fn is_error_code(word: &str) -> bool {
    let letters = word.chars().filter(char::is_ascii_uppercase).count();
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let hex = word.starts_with("0x") && word.len() > 4;
    let parted = word.split_once(['-', '_']).is_some_and(|(first, second)| {
        first.len() > 1
            && first.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit())
            && first.starts_with(|c: char| c.is_ascii_uppercase())
            && !second.is_empty()
            && second.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_' || c == '-')
    });
    hex || parted && word.len() >= 5
        || letters >= 1
            && digits >= 3
            && letters + digits == word.len()
            && word.starts_with(|c: char| c.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn opening_hours_are_days_and_times_in_a_row() {
        let check = |text: &str, expected: &str| {
            assert_eq!(
                opening_hours(text).map(|(start, end)| &text[start..end]).unwrap_or_default(),
                expected,
                "{text}"
            );
        };
        check("We unload Tuesday to Friday, 6:30 to 13:00, no later.", "Tuesday to Friday, 6:30 to 13:00");
        check("Dock is open Mon-Fri 7am-3pm.", "Mon-Fri 7am-3pm");
        check("descargamos de martes a jueves de 8:00 a 14:00", "martes a jueves de 8:00 a 14:00");
        check("call me on Monday", "");
        check("normal hours", "");
    }

    #[test]
    fn error_words_are_told_by_their_form() {
        let check = |text: &str, expected: Option<&str>| {
            let found = quoted(text).or_else(|| coded(text, true));
            assert_eq!(found.map(|(start, end)| &text[start..end]), expected, "{text}");
        };
        check("It says \"queue is full, try later\" again", Some("queue is full, try later"));
        check("the log shows QX-204 lease expired. Then nothing", Some("QX-204 lease expired"));
        check("just an error", None);
    }
}
