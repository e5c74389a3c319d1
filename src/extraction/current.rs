//! What people work with today, told by the build of the sentence: a word for
//! now, somebody who works, and what they work with; or the everyday things
//! that take a system's place, a spreadsheet, a whiteboard, a book.

use crate::conversation::Side;
use crate::language::{Doubt, Phrases, Reach, Token, doubts, fold, tokens};

use super::{Line, Sign};

/// The most words of what is worked with.
const MOST_WORDS: usize = 9;

#[rustfmt::skip]
const NOW: Phrases = Phrases::new(&[
    "right now", "at the moment", "for the moment", "today", "currently", "these days", "so far", "until now", "as of now", "at present", "presently", "nowadays", "still", " now",
    "heute", "zurzeit", "derzeit", "im moment", "momentan", "bisher", "aktuell", "bislang", "noch",
    "aujourd'hui", "actuellement", "pour l'instant", "en ce moment", "jusqu'ici", "jusqu'à présent", "pour le moment", "encore",
    "hoy", "ahora mismo", "actualmente", "de momento", "por ahora", "hasta ahora", "en este momento", "todavía", "aún",
]);

#[rustfmt::skip]
const THINGS: Phrases = Phrases::new(&[
    "spreadsheet", "excel", "whiteboard", "white board", "blackboard", "paper", "notebook", "diary", "logbook", "log book", "log-book", "ledger", "google sheet", "post-it", "sticky note", "clipboard", "wall planner", "wall calendar",
    "access database", "in-house", "home-made", "homemade", "home-grown", "pen and", "word document", "shared drive", "card index", "index card",
    "tabelle", "zettel", "papier", "tafel", "kladde", "listen", "tableau", "tableur", "cahier", "fichier", "pizarra", "hoja", "libreta", "cuaderno", "papel",
]);

/// What a line says people work with: the span of its words.
pub(super) fn works_with(line: &Line) -> Option<(usize, usize)> {
    let text = line.words();
    if line.speaker.side == Side::Ours || line.asks {
        return None;
    }
    let (now, thing) = (NOW.stand_in(text), THINGS.stand_in(text));
    if !now && !thing {
        return None;
    }
    let all = tokens(text);
    let folded: Vec<String> = all.iter().map(|token| fold(token.text(text)).into_owned()).collect();
    let subject = (0..folded.len()).find(|at| is_worker(&folded[*at]))?;
    let begin = object(&folded, subject, now)?;
    let (start, end) = cut(text, &all, &folded, begin)?;
    let words = &text[start..end];
    let first = folded[begin].as_str();
    if crate::language::calendar::WEEKDAYS.contains(&first) || crate::language::calendar::MONTHS.contains(&first) {
        return None;
    }
    let fits = now && (words.starts_with(char::is_uppercase) || opens_thing(&folded[begin])) || THINGS.stand_in(words);
    let span = (line.start + start, line.start + end);
    (fits && stands(line, span)).then_some(span)
}

/// What a short answer names: `A whiteboard and Google Maps, I am not joking`, `Yes, it's still OrderPad`.
pub(super) fn answers_with(line: &Line) -> Option<(usize, usize)> {
    let text = line.words();
    let all = tokens(text);
    let folded: Vec<String> = all.iter().map(|token| fold(token.text(text)).into_owned()).collect();
    let begin = folded.iter().position(|word| !leads_answer(word))?;
    let (start, end) = cut(text, &all, &folded, begin)?;
    let words = &text[start..end];
    let named = all[begin].text(text).starts_with(char::is_uppercase) && begin > 0
        || opens_article(&folded[begin]) && (THINGS.stand_in(words) || words.contains(char::is_uppercase));
    let inner = all[begin].text(text).chars().skip(1).any(char::is_uppercase);
    let plain = begin == 0 && (THINGS.stand_in(words) || inner);
    let span = (line.start + start, line.start + end);
    ((named || plain) && !is_worker(&folded[begin]) && stands(line, span)).then_some(span)
}

/// Whether the words are said of now and name no choice of another field, as `Teams` does for how to talk.
fn stands(line: &Line, (start, end): (usize, usize)) -> bool {
    let chosen = line.hits.iter().any(|hit| matches!(hit.sign, Sign::Choice(_)) && hit.start < end && start < hit.end);
    let found = doubts(line.text, (line.start, line.end), (start, end), Reach::Outside);
    // `On the old computer under my desk`: where it stands, not what it is.
    let words = line.text[start..end].to_lowercase();
    let placed = ["rechner", "computer", "laptop", "server", " pc", "ordinateur", "ordenador", "desk", "phone call"]
        .iter()
        .any(|place| words.contains(place));
    !chosen
        && !placed
        && !found.iter().any(|doubt| matches!(doubt, Doubt::Negated | Doubt::Conditional | Doubt::Question))
}

/// Where the words begin that say what is worked with.
fn object(folded: &[String], subject: usize, now: bool) -> Option<usize> {
    // `It's still OrderPad`, `today it's a whiteboard`.
    let rest = || subject + 1..folded.len();
    let past_small = |from: usize| (from..folded.len()).find(|at| !is_small(&folded[*at]));
    if matches!(folded[subject].as_str(), "it's" | "c'est" | "that's") {
        let first = now.then(|| past_small(subject + 1)).flatten()?;
        // `it's all in OrderPad`
        return if links(&folded[first]) { past_small(first + 1) } else { Some(first) };
    }
    // `we're on OrderPad now`
    if matches!(folded[subject].as_str(), "we're" | "they're") && now {
        let link = (subject + 1..folded.len().min(subject + 4)).find(|at| links(&folded[*at]))?;
        return past_small(link + 1);
    }
    // Without a word for now only what people do counts: `we are out on paper` says where they are.
    let does = |at: &usize| {
        has_object(&folded[*at]) || works(&folded[*at]) && (now || !matches!(folded[*at].as_str(), "is" | "are"))
    };
    // `Heute planen wir mit …`: the verb may stand before who works.
    let verb =
        Some(subject).filter(does).or(subject.checked_sub(1).filter(does)).or_else(|| rest().take(4).find(does))?;
    if has_object(&folded[verb]) {
        // `We have to …` has nothing.
        let to = folded.get(verb + 1).is_some_and(|word| matches!(word.as_str(), "to" | "zu" | "que" | "à"));
        let had = matches!(folded[verb].as_str(), "have" | "haben" | "avons" | "tenemos");
        return (!to && (now || !had)).then(|| past_small(verb + 1)).flatten();
    }
    let link = (verb + 1..folded.len().min(verb + 8)).find(|at| links(&folded[*at]))?;
    past_small(link + 1)
}

/// The end of what begins at word `begin`.
fn cut(text: &str, all: &[Token], folded: &[String], begin: usize) -> Option<(usize, usize)> {
    let start = all.get(begin)?.start;
    let mut end = all[begin].end;
    for at in begin + 1..all.len() {
        let gap = &text[all[at - 1].end..all[at].start];
        let word = folded[at].as_str();
        let joins = matches!(word, "and" | "und" | "et" | "y" | "e" | "plus" | "&");
        let next = folded.get(at + 1).map(String::as_str).unwrap_or_default();
        let turns = joins
            && (is_worker(next)
                || turns_away(next)
                || matches!(
                    next,
                    "hope"
                        | "it"
                        | "that"
                        | "nobody"
                        | "every"
                        | "each"
                        | "then"
                        | "someone"
                        | "somebody"
                        | "he"
                        | "she"
                        | "das"
                        | "ça"
                        | "eso"
                ));
        if gap.contains([',', '.', ';', ':', '(', '!', '?', '—', '–', '\n'])
            || gap.contains(" - ")
            || turns
            || turns_away(word)
            || is_worker(word)
        {
            break;
        }
        if at - begin >= MOST_WORDS {
            return None;
        }
        end = all[at].end;
    }
    Some((start, end))
}

#[rustfmt::skip]
fn is_worker(word: &str) -> bool {
    matches!(
        word,
        "we" | "i" | "everything" | "everybody" | "everyone" | "it's" | "we're" | "they're" | "it" | "they" | "wir" | "ich" | "alles" | "man" | "das" | "nous" | "on" | "je" | "tout" | "c'est" | "todo" | "lo" | "usamos" | "utilizamos" | "tenemos" | "trabajamos" | "hacemos" | "llevamos" | "gestionamos" | "planificamos" | "apuntamos" | "nosotros" | "that's"
    )
}

#[rustfmt::skip]
fn has_object(word: &str) -> bool {
    matches!(word, "use" | "using" | "have" | "use:" | "nutzen" | "nutze" | "benutzen" | "verwenden" | "haben" | "utilisons" | "utilise" | "avons" | "usamos" | "utilizamos" | "tenemos")
}

#[rustfmt::skip]
fn works(word: &str) -> bool {
    matches!(
        word,
        "do" | "run" | "runs" | "plan" | "work" | "manage" | "keep" | "track" | "handle" | "live" | "lives" | "make" | "write" | "schedule" | "book" | "organise" | "organize" | "going" | "goes" | "is" | "are" | "working" | "planning" | "running"
            | "arbeiten" | "planen" | "machen" | "führen" | "läuft" | "laufen" | "erledigen" | "pflegen" | "arbeite" | "plane" | "mache" | "schreiben" | "steht"
            | "fait" | "faisons" | "travaille" | "travaillons" | "gère" | "gérons" | "planifie" | "planifions" | "passe" | "tient" | "tenons" | "note" | "notons"
            | "hacemos" | "llevamos" | "trabajamos" | "gestionamos" | "planificamos" | "va" | "apuntamos" | "hago" | "llevo" | "trabajo"
    )
}

#[rustfmt::skip]
fn links(word: &str) -> bool {
    matches!(word, "in" | "on" | "with" | "off" | "from" | "via" | "by" | "through" | "mit" | "über" | "auf" | "per" | "avec" | "sur" | "dans" | "par" | "con" | "en" | "sobre" | "a")
}

#[rustfmt::skip]
fn is_small(word: &str) -> bool {
    matches!(word, "still" | "just" | "only" | "mainly" | "mostly" | "the" | "an" | "really" | "basically" | "all" | "noch" | "nur" | "immer" | "encore" | "seulement" | "todavía" | "solo" | "das" | "die" | "der" | "dem" | "den" | "einem" | "einer" | "our" | "an old" | "übrigens" | "eigentlich")
}

fn opens_thing(word: &str) -> bool {
    opens_article(word) || THINGS.stand_in(word)
}

#[rustfmt::skip]
fn opens_article(word: &str) -> bool {
    matches!(word, "a" | "an" | "one" | "ein" | "eine" | "un" | "une" | "una" | "unas" | "unos" | "des")
}

#[rustfmt::skip]
fn leads_answer(word: &str) -> bool {
    is_small(word)
        || matches!(word, "yes" | "yeah" | "well" | "it's" | "it" | "is" | "oh" | "so" | "we" | "we're" | "use" | "have" | "on" | "with" | "in" | "that's" | "ja" | "oui" | "sí" | "mit" | "wir" | "nutzen" | "c'est" | "avec" | "con" | "today" | "mostly" | "um" | "uh" | "ah" | "you" | "mean" | "work" | "are")
}

/// Words with which something else begins.
#[rustfmt::skip]
fn turns_away(word: &str) -> bool {
    matches!(
        word,
        "that" | "which" | "who" | "where" | "because" | "since" | "but" | "so" | "for" | "to" | "until" | "till" | "if" | "when" | "while" | "at" | "from" | "nobody" | "built" | "you" | "today" | "now" | "can" | "will" | "is" | "are" | "as" | "gets" | "get" | "was" | "has" | "goes" | "does"
            | "weil" | "aber" | "für" | "den" | "dass" | "que" | "qui" | "mais" | "pour" | "car" | "depuis" | "pero" | "porque" | "para" | "desde" | "seit" | "bis" | "these"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(words: &str, expected: Option<&str>) {
        let author = crate::conversation::Author { name: None, address: None, side: Side::Theirs };
        let line = Line {
            message: 0,
            id: crate::conversation::MessageId(1),
            text: words,
            start: 0,
            end: words.len(),
            kind: crate::conversation::SegmentKind::Body,
            counts: true,
            speaker: &author,
            asks: false,
            foreign: false,
            opens: true,
            hits: Vec::new(),
            values: Vec::new(),
        };
        assert_eq!(works_with(&line).map(|(start, end)| &words[start..end]), expected, "{words}");
    }

    #[test]
    fn what_people_work_with_is_told_by_the_build() {
        check("Right now we run it all in spreadsheets, if that helps.", Some("spreadsheets"));
        check("Today we use one enormous Excel file that Gary built in 2014.", Some("one enormous Excel file"));
        check("We do the rota in a big spreadsheet and every week someone is booked twice.", Some("a big spreadsheet"));
        check("Heute planen wir noch mit PlanMeister 4, das wird dann abgeschaltet.", Some("PlanMeister 4"));
        check(
            "Aujourd'hui on fait tout avec un tableau Excel et le téléphone, vous voyez.",
            Some("un tableau Excel et le téléphone"),
        );
        check("Hoy trabajamos con una hoja de Excel.", Some("una hoja de Excel"));
        check("Im Moment läuft das alles übrigens über Excel-Listen und Zettel.", Some("Excel-Listen und Zettel"));
        check("Currently everything lives in an old Access database.", Some("old Access database"));
        check("At the moment we have to wait.", None);
        check("We are still in talks with Marlow.", None);
        check("Today I am in Leeds.", None);
        check("We don't use a spreadsheet.", None);
    }
}
