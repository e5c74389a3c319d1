//! Persons in roles: a name beside a cue, the name that answers a question,
//! and the speaker who says "I'll be your main contact".

use crate::claim::{Certainty, Citation, Claim};
use crate::conversation::{SegmentKind, Side};
use crate::language::{Doubt, Reach, doubts, fold, tokens};
use crate::route::Field;
use crate::value::{Kind, Sort, Spotted};

use super::mentions::{goes_on_of, is_addressed, is_idle, name_before, signed_name, speaks_of_customer, unknown_names};
use super::nobody::claim_vague;
use super::selves::speaks_of_self;
use super::typed::{confirm, is_shared_mailbox};
use super::{Hit, Line, MOST_BYTES_BETWEEN, Scene, Sign, certainty, cite_line, claim};

pub(super) fn claim_people(scene: &Scene, claims: &mut Vec<Claim>) {
    let first = claims.len();
    collect(scene, claims);
    // "Talk to me" from one of us gives way when somebody at the customer is named as well.
    let own = |claim: &Claim| {
        claim.cited.first().is_some_and(|cited| cited.at.is_none() && side_of(scene, cited) == Side::Ours)
    };
    for at in first..claims.len() {
        let rivalled = claims[first..]
            .iter()
            .any(|other| other.field == claims[at].field && !own(other) && other.certainty == Certainty::Stated);
        if rivalled && own(&claims[at]) {
            claims[at].certainty = Certainty::Guessed;
        }
    }
}

fn answers(scene: &Scene, at: usize, field: usize) -> bool {
    let about = |question: &usize| scene.lines[*question].hits_of(field).any(|hit| hit.sign == Sign::Cue);
    scene.replies.questions_of(at).iter().any(about)
}

/// Why a line may name somebody.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    BesideCue,
    InAnswer,
}

/// Whoever speaks is who plays the part.
fn claim_speaker(scene: &Scene, line: &Line, (field, name): (&Field, &str), claims: &mut Vec<Claim>) {
    // Mail from a house's own address bears the name of the house; who wrote it stands below.
    if line.speaker.address.as_deref().is_some_and(is_shared_mailbox) {
        if let Some((at, from, to)) = signed_name(scene, line) {
            let cited = vec![cite_line(&scene.lines[at]), cite_line(line)];
            claims.push(claim(field, cited, line.text[from..to].to_owned(), Certainty::Stated));
        }
        return;
    }
    let author = Citation { message: line.id, quote: name.to_owned(), at: None };
    // "Talk to me" from one of us does not name the customer's person.
    let meant = speaks_of_customer(field) && line.speaker.side == Side::Ours;
    let sure = if meant { Certainty::Guessed } else { Certainty::Stated };
    claims.push(claim(field, vec![author, cite_line(line)], name.to_owned(), sure));
}

/// The side of the author that a citation names.
fn side_of(scene: &Scene, cited: &Citation) -> Side {
    let from = scene.lines.partition_point(|line| line.id < cited.message);
    let own = scene.lines[from..]
        .iter()
        .take_while(|line| line.id == cited.message)
        .find(|line| line.speaker.label() == Some(&cited.quote));
    own.map_or(Side::Unknown, |line| line.speaker.side)
}

fn collect(scene: &Scene, claims: &mut Vec<Claim>) {
    let fields = scene.route.fields.iter().enumerate().filter(|(_, field)| field.kind == Kind::Person);
    for (index, field) in fields {
        for (at, line) in
            scene.lines.iter().enumerate().filter(|(_, line)| line.counts && line.kind != SegmentKind::Signature)
        {
            let own: Vec<&Hit> =
                line.hits_of(index).filter(|hit| hit.sign == Sign::Cue && !is_idle(line, hit, field)).collect();
            let answering = answers(scene, at, index);
            if own.is_empty() && !answering {
                continue;
            }
            if answering
                && answers_me(scene, at, index)
                && let Some(name) = line.speaker.label()
            {
                claim_speaker(scene, line, (field, name), claims);
                continue;
            }
            let strangers = match (own.is_empty(), answering) {
                (false, _) => unknown_names(line, Place::BesideCue),
                (true, true) => unknown_names(line, Place::InAnswer),
                (true, false) => Vec::new(),
            };
            let borrowed = match own.is_empty() || !strangers.is_empty() {
                true => None,
                false => name_before(scene, at),
            };
            if let Some((place, name)) = borrowed.filter(|_| !line.asks) {
                let before = &scene.lines[place];
                let cited = vec![cite_line(before), cite_line(line)];
                let telling = own.iter().any(|hit| hit.tells()) || own.len() > 1 || answers(scene, place, index);
                let sure = if telling { Certainty::Stated } else { Certainty::Guessed };
                claims.push(claim(field, cited, before.text[name.0..name.1].to_owned(), sure));
                continue;
            }
            let names: Vec<&Spotted> =
                line.values.iter().filter(|value| value.sort == Sort::Person).chain(&strangers).collect();
            let mut selves = own.iter().enumerate().filter(|(at, hit)| *at == 0 || hit.tells()).map(|(_, hit)| hit);
            if !line.asks
                && selves.any(|hit| speaks_of_self(line, hit, &names))
                && let Some(name) = line.speaker.label()
            {
                claim_speaker(scene, line, (field, name), claims);
                continue;
            }
            let best = names
                .iter()
                .filter(|name| !is_addressed(line, name))
                .filter_map(|name| {
                    let score = own.iter().map(|hit| beside(scene, line, index, hit, name)).fold(0.0f32, f32::max);
                    let (asked, question) = from_question(scene, at, index, name);
                    // The look at the whole sentence costs most, so only names that could stand get it.
                    certainty(score.max(asked))?;
                    let denied = doubts(line.text, (line.start, line.end), (name.start, name.end), Reach::Outside)
                        .contains(&Doubt::Negated);
                    let top = if asked > score { (asked, question) } else { (score, None) };
                    (!denied).then_some((top, *name))
                })
                .max_by(|a, b| a.0.0.total_cmp(&b.0.0));
            if let Some(((score, question), name)) = best
                && let Some(sure) = certainty(score)
            {
                let mut cited = vec![cite_line(line)];
                cited.extend(question.map(|q| cite_line(&scene.lines[q])));
                if line.asks {
                    match scene.replies.verdict_on(at) {
                        Some((answer, true)) => cited.push(cite_line(&scene.lines[answer])),
                        _ => continue,
                    }
                }
                claims.push(claim(field, cited, line.text[name.start..name.end].to_owned(), sure));
                confirm(scene, at, field, claims);
            } else if field.specific && !line.asks {
                claim_vague(scene, at, index, claims);
            }
        }
    }
}

/// `Who will they talk to?` – `It'll be me, aye.`: nothing but the speaker.
fn answers_me(scene: &Scene, at: usize, field: usize) -> bool {
    let line = &scene.lines[at];
    let text = line.words();
    let words: Vec<String> = tokens(text).iter().map(|token| fold(token.text(text)).into_owned()).collect();
    #[rustfmt::skip]
    let small = |word: &String| matches!(
        word.as_str(),
        "me" | "myself" | "i" | "it" | "it'll" | "it's" | "that" | "that'll" | "that's" | "would" | "will" | "be" | "is" | "am" | "just" | "only" | "still" | "for" | "now" | "aye" | "yes" | "yeah" | "well" | "oh" | "then" | "again" | "i'm" | "afraid" | "so" | "um" | "uh" | "do" | "ich" | "das" | "bin" | "mache" | "selbst" | "moi" | "c'est" | "moi-même" | "yo" | "soy" | "mismo" | "misma" | "sí" | "ja" | "oui"
    );
    let own = words.iter().any(|word| matches!(word.as_str(), "me" | "myself" | "ich" | "moi" | "yo"));
    let question = scene.replies.questions_of(at).first();
    let asked = question.is_some_and(|question| {
        let asked = &scene.lines[*question];
        let whom = tokens(asked.words()).iter().any(|token| {
            matches!(
                fold(token.text(asked.words())).as_ref(),
                "who" | "who's" | "whom" | "who'll" | "wer" | "wen" | "wem" | "qui" | "quién" | "person" | "contact"
            )
        });
        whom && asked.hits_of(field).any(|hit| hit.sign == Sign::Cue)
    });
    let first = (0..at)
        .rev()
        .take_while(|place| scene.lines[*place].message == line.message)
        .all(|place| tokens(scene.lines[place].words()).len() < 4);
    !line.asks && own && asked && first && words.len() <= 7 && words.iter().all(small)
}

fn beside(scene: &Scene, line: &Line, field: usize, hit: &Hit, name: &Spotted) -> f32 {
    let (between, after) = if hit.end <= name.start {
        (&line.text[hit.end..name.start], false)
    } else if name.end <= hit.start {
        (&line.text[name.end..hit.start], true)
    } else {
        return hit.weight;
    };
    if !after && between.trim_start().starts_with([':', '=', '|', '(']) {
        return 1.0;
    }
    if between.len() > MOST_BYTES_BETWEEN {
        return 0.0;
    }
    // Another person or another role between them takes the name.
    let (from, to) = if after { (name.end, hit.start) } else { (hit.end, name.start) };
    let person_between =
        line.values.iter().any(|other| other.sort == Sort::Person && other.start >= from && other.end <= to);
    let role_between = line.hits.iter().any(|other| {
        other.field != field
            && other.sign == Sign::Cue
            && scene.route.fields[other.field].kind == Kind::Person
            && other.start >= from
            && other.end <= to
    });
    let words = tokens(between).len() as f32;
    let breaks = if between.contains([';']) || between.contains(" but ") { 0.2 } else { 0.0 };
    // `our main contact until Rosa is back`: what links a role to a name is `is`, not `until` or `with`.
    let odd =
        tokens(between).iter().filter(|token| !links_role(&token.text(between).to_ascii_lowercase())).count() as f32;
    // `Donna Hay will be in the yard to take it in`: the subject of what the cue says.
    let opens = line.text[line.start..name.start].trim().is_empty()
        || line.text[line.start..name.start].trim_end().ends_with([',', ':', ';']);
    let subject =
        after && opens && !between.contains([',', ';', ':', '.']) && words <= 10.0 || after && goes_on_of(between);
    let breaks = breaks
        + if subject {
            0.015
        } else if after {
            0.04
        } else {
            0.14
        } * odd;
    let words = if subject { words * 0.4 } else { words };
    let crossed = if person_between { 0.3 } else { 0.0 } + if role_between { 0.25 } else { 0.0 };
    hit.weight - 0.025 * words - breaks - crossed
}

fn from_question(scene: &Scene, at: usize, field: usize, name: &Spotted) -> (f32, Option<usize>) {
    let line = &scene.lines[at];
    if line.asks {
        return (0.0, None);
    }
    scene
        .replies
        .questions_of(at)
        .iter()
        .enumerate()
        .filter_map(|(rank, question)| {
            let asked = &scene.lines[*question];
            let cue =
                asked.hits_of(field).filter(|hit| hit.sign == Sign::Cue).map(|hit| hit.weight).fold(0.0f32, f32::max);
            let who = asked.words().to_ascii_lowercase();
            let asks_who = if who.contains("who")
                || who.contains("whom")
                || who.contains("name")
                || who.contains("person")
                || who.contains("contact")
                || who.split(|c: char| !c.is_alphabetic()).any(|word| {
                    matches!(
                        word,
                        "wer"
                            | "wen"
                            | "wem"
                            | "qui"
                            | "quién"
                            | "quien"
                            | "quiénes"
                            | "ansprechpartner"
                            | "interlocuteur"
                    )
                }) {
                1.0
            } else {
                0.8
            };
            let lead = tokens(&line.text[line.start..name.start]).len() as f32;
            // "Ada asked me to send this" is about Ada, and no answer.
            let rest = &line.text[name.end..line.end];
            let verb = tokens(rest).first().map(|word| word.text(rest).to_ascii_lowercase()).unwrap_or_default();
            let goes_on = rest.trim_start().is_empty()
                || rest.trim_start().starts_with([',', '.', ';', '(', '-', '–', '—', ':', '!', '<', '/'])
                || continues_answer(&verb);
            let aside = if goes_on { 0.0 } else { 0.35 };
            (cue > 0.0)
                .then_some((cue * asks_who * (0.97 - 0.05 * rank as f32 - 0.015 * lead - aside), Some(*question)))
        })
        .fold((0.0, None), |best, next| if next.0 > best.0 { next } else { best })
}

/// Words between a role and the name that bears it.
#[rustfmt::skip]
fn links_role(word: &str) -> bool {
    matches!(
        word,
        "is" | "are" | "will" | "be" | "would" | "was" | "the" | "a" | "our" | "my" | "your" | "their" | "his" | "her" | "for" | "of" | "on" | "this" | "project" | "side" | "at" | "here"
            | "ist" | "bei" | "uns" | "unsere" | "unser" | "herr" | "frau" | "mein" | "meine" | "est" | "chez" | "notre" | "es" | "nuestro" | "nuestra" | "aquí" | "alli" | "allí" | "será" | "wird"
            | "to" | "now" | "still" | "remains" | "stays" | "named" | "called" | "by" | "mr" | "ms" | "mrs" | "dr" | "technical" | "and" | "as" | "from" | "in" | "with" | "you" | "us" | "from here" | "um" | "uh" | "colleague"
    )
}

/// Words that may follow a name that answers who: `Ada will`, `Ada from finance`.
#[rustfmt::skip]
fn continues_answer(word: &str) -> bool {
    matches!(
        word,
        "is" | "will" | "from" | "our" | "the" | "runs" | "leads" | "handles" | "does" | "at" | "in" | "of" | "who" | "would" | "can" | "and" | "or" | "on" | "for"
            | "takes" | "owns" | "again" | "here" | "there" | "too" | "then" | "as" | "with" | "looks" | "works"
    )
}
