//! Doubts that are none: a denial that belongs to what the field asks, a
//! request that is put as a question, a statement with a `right?` at its end
//! whose speaker then says it firmly, and the condition by which people say
//! what success is.

use crate::extraction::{Line, Sign};
use crate::language::{Doubt, Reach, asks_politely, doubts, fold, tokens};
use crate::route::Field;
use crate::value::Kind;

use super::Match;
use super::restating::hard_words;
use super::support::{Grounder, Setting, Spoken};

impl Grounder<'_> {
    /// Whether a doubt about the value says nothing against it.
    pub(super) fn is_excused(&self, setting: &Setting, spoken: &Spoken, doubt: Doubt) -> bool {
        let Some(line) = self.scene.line_at(spoken.position, spoken.span.0) else { return false };
        let Some(at) = self.scene.route.fields.iter().position(|field| field.key == setting.field.key) else {
            return false;
        };
        match doubt {
            Doubt::Negated => {
                is_denial_asked_for(line, at, spoken.span)
                    || counts_the_hindered(setting.field) && is_subject_of_denial(line, spoken.span)
            }
            Doubt::Question => {
                asks_for_wish(setting.field) && is_polite_request(line.words())
                    || is_tag_question(line.words()) && self.is_settled_beside(setting, spoken, line)
                    || setting.field.list && self.is_needed_beside(setting, line)
            }
            Doubt::Hedged => {
                asks_for_wish(setting.field) && is_polite_request(line.words())
                    || asks_for_leave(setting.field) && gives_leave(line, spoken.span)
            }
            // `A friend told me about you, she swears by it`: that others spoke is what the field asks for.
            Doubt::Attributed => setting.field.key.split('_').any(|part| part == "source"),
            Doubt::Conditional => match setting.field.kind {
                Kind::LongText => defines_success(line, at, spoken.span),
                Kind::Person => tells_when_to_call(line, spoken.span),
                // `If something comes up, call me`: how somebody is reached depends on nothing.
                Kind::Enum(_) => setting.field.key.split('_').any(|part| matches!(part, "channel" | "severity")),
                _ => false,
            },
            _ => false,
        }
    }

    /// `Does it talk to Oak? We need that from the start.`: what was asked about is wanted in the next breath.
    fn is_needed_beside(&self, setting: &Setting, asked: &Line) -> bool {
        let wanted = |line: &Line| {
            line.message == asked.message
                && line.start >= asked.end
                && line.speaker == asked.speaker
                && !line.asks
                && wants_that(line.words())
                && doubts(line.text, (line.start, line.end), (line.start, line.end), Reach::Whole).is_empty()
        };
        setting.found.iter().any(|(_, found)| self.lines_of(found).any(wanted))
    }

    /// Whether another cited line, by the same speaker, says it without asking: it takes up a part of the value.
    fn is_settled_beside(&self, setting: &Setting, spoken: &Spoken, asked: &Line) -> bool {
        let words = asked.text.get(spoken.span.0..spoken.span.1).unwrap_or_default();
        let marks = hard_words(words);
        let settles = |found: &Match| {
            self.lines_of(found).any(|line| {
                let own = line.words();
                let said: Vec<String> = tokens(own).iter().map(|token| fold(token.text(own)).into_owned()).collect();
                !std::ptr::eq(line, asked)
                    && line.speaker == asked.speaker
                    && (line.message, line.start) > (asked.message, asked.start)
                    && !line.asks
                    && said.iter().any(|word| is_settling(word))
                    && marks.iter().any(|mark| said.contains(mark))
                    && doubts(line.text, (line.start, line.end), (line.start, line.end), Reach::Whole).is_empty()
            })
        };
        setting.found.iter().any(|(_, found)| settles(found))
    }
}

/// `We need that connected`: somebody wants what was just named.
#[rustfmt::skip]
fn wants_that(words: &str) -> bool {
    let has = |known: fn(&str) -> bool| tokens(words).iter().any(|token| known(&fold(token.text(words))));
    has(|word| matches!(word, "need" | "must" | "want" | "needs" | "brauchen" | "muss" | "müssen" | "faut" | "necesitamos"))
        && has(|word| matches!(word, "that" | "it" | "those" | "them" | "both" | "das" | "die" | "ça" | "eso" | "ambos"))
}

/// Verbs and words by which something is final.
fn is_settling(word: &str) -> bool {
    matches!(
        word,
        "signed" | "agreed" | "fixed" | "final" | "confirmed" | "settled" | "decided" | "booked" | "unterschrieben"
    ) || matches!(word, "vereinbart" | "signé" | "convenu" | "firmado" | "acordado")
}

/// `34 people can't work` where the field counts the `people who can't`: the denial stands in the field's own cue.
fn is_denial_asked_for(line: &Line, at: usize, span: (usize, usize)) -> bool {
    let denies = |text: &str| {
        tokens(text).iter().any(|token| {
            let word = fold(token.text(text));
            word.ends_with("n't") || matches!(word.as_ref(), "not" | "no" | "cannot" | "cant" | "without")
        })
    };
    let mut masked = line.text[line.start..line.end].to_owned();
    let mut changed = false;
    for hit in line.hits_of(at).filter(|hit| hit.sign == Sign::Cue) {
        let apart = hit.end <= span.0 || span.1 <= hit.start;
        if apart && denies(&line.text[hit.start..hit.end]) {
            masked.replace_range(hit.start - line.start..hit.end - line.start, &"x".repeat(hit.end - hit.start));
            changed = true;
        }
    }
    let own = (span.0 - line.start, span.1.min(line.end) - line.start);
    changed && !doubts(&masked, (0, masked.len()), own, Reach::Outside).contains(&Doubt::Negated)
}

/// Whether the field counts people who cannot do something.
fn counts_the_hindered(field: &Field) -> bool {
    let names = format!("{} {}", field.key.replace('_', " "), field.label).to_lowercase();
    field.kind == Kind::Number
        && ["affected", "blocked", "impacted", "betroffen"].iter().any(|word| names.contains(word))
}

/// `Seventeen of us can't trust the screen`: those who cannot are counted, not denied.
fn is_subject_of_denial(line: &Line, span: (usize, usize)) -> bool {
    let rest = line.text.get(span.1..line.end).unwrap_or_default();
    let words: Vec<String> = tokens(rest).iter().take(6).map(|token| fold(token.text(rest)).into_owned()).collect();
    let denied = words.iter().position(|word| {
        matches!(word.as_str(), "can't" | "cannot" | "cant" | "couldn't" | "unable" | "nicht")
            || matches!(word.as_str(), "aren't" | "don't")
    });
    let before = line.text.get(line.start..span.0).unwrap_or_default();
    let denied_before = !doubts(line.text, (line.start, span.1.max(line.start)), span, Reach::Outside).is_empty();
    denied.is_some_and(|at| at > 0 && !rest.split_whitespace().take(at).any(|word| word.ends_with([',', ';', ':'])))
        && !denied_before
        && !before.ends_with('-')
}

/// Whether the field asks what somebody asked for.
fn asks_for_wish(field: &Field) -> bool {
    let names = format!("{} {}", field.key.replace('_', " "), field.label).to_lowercase();
    matches!(field.kind, Kind::Enum(_))
        && names
            .split(|c: char| !c.is_alphanumeric())
            .any(|word| matches!(word, "request" | "requested" | "asked" | "wish"))
}

/// Whether the field asks whether somebody may do something.
fn asks_for_leave(field: &Field) -> bool {
    let names = format!("{} {} {}", field.key.replace('_', " "), field.label, field.question).to_lowercase();
    field.kind == Kind::Bool
        && names.split(|c: char| !c.is_alphanumeric()).any(|word| {
            matches!(
                word,
                "may"
                    | "allowed"
                    | "granted"
                    | "consent"
                    | "permission"
                    | "agreed"
                    | "accept"
                    | "accepts"
                    | "permitted"
                    | "released"
            )
        })
}

/// `They may log in`: the word that keeps other statements open gives leave here.
fn gives_leave(line: &Line, span: (usize, usize)) -> bool {
    let mut masked = line.words().to_owned();
    for token in tokens(line.words()) {
        if matches!(fold(token.text(line.words())).as_ref(), "may" | "could") {
            masked.replace_range(token.start..token.end, &"x".repeat(token.end - token.start));
        }
    }
    let own = (span.0.saturating_sub(line.start), span.1.min(line.end).saturating_sub(line.start));
    !doubts(&masked, (0, masked.len()), own, Reach::Outside).contains(&Doubt::Hedged)
}

/// `Could you walk us through it?`, `Pourriez-vous m'envoyer un devis ?`
fn is_polite_request(words: &str) -> bool {
    if asks_politely(words) {
        return true;
    }
    let folded: Vec<String> = tokens(words).iter().map(|token| fold(token.text(words)).into_owned()).collect();
    folded.windows(2).any(|pair| {
        matches!(
            (pair[0].as_str(), pair[1].as_str()),
            ("could" | "can" | "would" | "will", "you" | "we" | "i")
                | ("may", "we" | "i")
                | ("any", "chance")
                | ("pourriez" | "pouvez", "vous")
                | ("peux" | "pourrais", "tu")
                | ("könnten" | "können", "sie" | "wir")
                | ("kannst" | "könntest", "du")
        )
    }) || folded.iter().any(|word| matches!(word.as_str(), "podrías" | "podría" | "podríais" | "podéis" | "puedes"))
}

/// `…, right?`: said, and put to the other for a nod.
fn is_tag_question(words: &str) -> bool {
    let words = words.trim_end_matches(|c: char| !c.is_alphanumeric());
    let Some((_, tag)) = words.rsplit_once(',') else { return false };
    matches!(
        tag.trim().to_lowercase().as_str(),
        "right"
            | "correct"
            | "yes"
            | "no"
            | "ok"
            | "okay"
            | "isn't it"
            | "oder"
            | "richtig"
            | "non"
            | "n'est-ce pas"
            | "verdad"
    )
}

/// `We'll call it a success if wasted meals drop to 4 %`: the condition is what the field asks for.
fn defines_success(line: &Line, at: usize, span: (usize, usize)) -> bool {
    let before = line.text[line.start..span.0.clamp(line.start, line.end)].trim_end();
    let last = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or_default().to_lowercase();
    let conditions = tokens(before).iter().filter(|token| is_if(&fold(token.text(before)))).count();
    is_if(&last) && conditions == 1 && line.hits_of(at).any(|hit| hit.sign == Sign::Cue && hit.end <= span.0)
}

/// `If it goes wrong, the one who answers for it is …`, `if anything breaks call …`: when somebody is needed, not whether.
fn tells_when_to_call(line: &Line, span: (usize, usize)) -> bool {
    let before = line.text.get(line.start..span.0).unwrap_or_default().to_lowercase();
    let Some(at) = before.find("if ").or_else(|| before.find("when ")) else { return false };
    let rest = &before[at..];
    let names =
        ["the one who", "the person who", "call ", "ask ", "talk to ", "speak to ", "write to ", "get hold of "];
    names.iter().any(|words| rest.contains(words))
}

fn is_if(word: &str) -> bool {
    matches!(word, "if" | "when" | "once" | "wenn" | "sobald" | "si" | "quand" | "cuando")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_and_nods_are_told_from_questions() {
        let check = |words: &str, request: bool, tag: bool| {
            assert_eq!((is_polite_request(words), is_tag_question(words)), (request, tag), "{words}");
        };
        check("So, could you walk us through the route board?", true, false);
        check("Pourriez-vous m'envoyer un devis ?", true, false);
        check("Do you offer a trial?", false, false);
        check("So we end up at 42,500 CAD a year, right?", false, true);
        check("Is it 42,500 CAD a year?", false, false);
    }
}
