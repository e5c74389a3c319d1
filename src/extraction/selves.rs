//! Speakers who name themselves without their name: `I'll be your main
//! contact`, `reach me`, `das Projekt leite ich`.

use crate::language::{Doubt, Reach, doubts, fold, tokens};
use crate::value::Spotted;

use super::{Hit, Line};

/// `I'll be your main contact`, `reach out to me day to day`.
pub(super) fn speaks_of_self(line: &Line, hit: &Hit, names: &[&Spotted]) -> bool {
    let before: Vec<String> = tokens(&line.text[line.start..hit.start])
        .iter()
        .rev()
        .take(7)
        .map(|t| fold(t.text(&line.text[line.start..])).into_owned())
        .collect();
    #[rustfmt::skip]
    let first = before.iter().any(|word| matches!(word.as_str(), "i" | "i'll" | "i'm" | "i'd" | "i've" | "me" | "myself" | "ich" | "selbst" | "je" | "j'" | "moi" | "yo" | "soy"));
    #[rustfmt::skip]
    let leads = before.iter().any(|word| matches!(
        word.as_str(),
        "i'll" | "i'm" | "be" | "am" | "will" | "myself" | "is" | "me" | "remain" | "stay" | "act" | "bin" | "bleibe" | "leite" | "suis" | "reste" | "serai" | "soy" | "sigo" | "seré"
    ));
    // `C'est moi qui …`, `soy yo quien …`
    let leads = leads
        || before.windows(2).any(|pair| {
            matches!(
                (pair[1].as_str(), pair[0].as_str()),
                ("moi", "qui") | ("yo", "quien" | "que") | ("one", "who" | "to") | ("person", "to")
            )
        });
    // `I run the project`, `das Projekt leite ich`, `llevo el proyecto`: the cue itself is in the first person.
    let own = speaks_in_first_person(line, hit, subject_of(&before));
    let after = tokens(&line.text[hit.end..line.end]);
    let self_after = after.first().zip(after.get(1)).is_some_and(|(a, b)| {
        let text = &line.text[hit.end..];
        matches!(a.text(text).to_ascii_lowercase().as_str(), "is" | "will" | "would")
            && matches!(b.text(text).to_ascii_lowercase().as_str(), "me" | "myself" | "i")
            || matches!(a.text(text).to_ascii_lowercase().as_str(), "myself")
    });
    // `I'll find out who is on goods-in`: somebody who asks is not who is asked for.
    #[rustfmt::skip]
    let seeks = before.iter().take_while(|word| !matches!(word.as_str(), "i" | "i'll" | "i'm" | "i'd" | "ich" | "je" | "yo")).any(|word| matches!(word.as_str(), "who" | "whom" | "whoever" | "whether" | "find" | "ask" | "check" | "see" | "wer" | "qui" | "quién" | "fragen" | "frage" | "demander" | "preguntar"));
    // `You can reach me, Tom is away`, `Monsieur Renoir peut me contacter`: whoever else is named, `me` is the speaker.
    if says_me(line, hit) && !line.asks {
        return true;
    }
    let negated = doubts(line.text, (line.start, line.end), (hit.start, hit.end), Reach::Outside)
        .iter()
        .any(|doubt| matches!(doubt, Doubt::Negated | Doubt::Question | Doubt::Conditional));
    let named_between = names.iter().any(|name| {
        // `I'm your day to day person, Gord signs cheques`: the name behind the comma does something else.
        let beside = |words: Option<&str>| words.is_some_and(|words| !words.contains([',', ';', '.']));
        name.end <= hit.start && hit.start - name.end < 30
            || name.start >= hit.end && name.start - hit.end < 12 && beside(line.text.get(hit.end..name.start))
    });
    // `who do I talk to about …`: the question word stands right before the pronoun.
    let pronoun =
        before.iter().position(|word| matches!(word.as_str(), "i" | "i'll" | "i'm" | "i'd" | "ich" | "je" | "yo"));
    let asked = pronoun.is_some_and(|at| {
        before[at..]
            .iter()
            .skip(1)
            .take(2)
            .any(|word| matches!(word.as_str(), "who" | "whom" | "wer" | "wen" | "quién"))
    });
    let seeks = seeks || asked;
    !negated && !seeks && ((first && leads || own) && !named_between || self_after)
}

/// The word before a cue, past a verb that goes with it: `I` in `I can run the tests`.
fn subject_of(before: &[String]) -> Option<&str> {
    let helps = |word: &String| {
        matches!(
            word.as_str(),
            "can" | "will" | "do" | "also" | "always" | "shall" | "am" | "be" | "would" | "and" | "usually"
        )
    };
    before.iter().find(|word| !helps(word)).map(String::as_str)
}

/// A cue whose verb is in the first person, by itself or with its pronoun right beside it.
#[rustfmt::skip]
fn says_me(line: &Line, hit: &Hit) -> bool {
    let cue = fold(&line.text[hit.start..hit.end]).into_owned();
    ["reach me", "contact me", "call me", "ring me", "phone me", "text me", "me contacter", "me recontacter", "m'appeler", "me joindre", "m'écrire", "contactarme", "llamarme", "escribirme"].iter().any(|words| cue.contains(words))
        && !doubts(line.text, (line.start, line.end), (hit.start, hit.end), Reach::Outside).contains(&Doubt::Negated)
}

#[rustfmt::skip]
fn speaks_in_first_person(line: &Line, hit: &Hit, before: Option<&str>) -> bool {
    let cue = fold(&line.text[hit.start..hit.end]).into_owned();
    let rest = &line.text[hit.end..line.end];
    let next = tokens(rest).first().map(|token| fold(token.text(rest)).into_owned()).unwrap_or_default();
    let reaches_me = ["reach me", "contact me", "call me", "ring me", "phone me", "text me", "write to me", "mail me", "my name is", "email me", "me directly", "in touch with me", "me contacter", "me recontacter", "m'appeler", "me joindre", "m'écrire", "je m'appelle", "contactarme", "llamarme", "llámame", "llámeme", "escribirme", "escríbame", "escríbeme", "me llamo", "rufen sie mich", "schreiben sie mir", "erreichen sie mich", "bei mir melden", "mich kontaktieren", "mein name ist", "talk to me"];
    let says_me = reaches_me.iter().any(|words| cue.contains(words)) || next == "me" && cue.split(' ').next_back().is_some_and(|last| matches!(last, "to" | "with" | "contact" | "call"));
    let deed = ["run ", "lead ", "leite", "look after", "chase", "chasing", "handle", "coordinate", "m'occupe", "kümmere mich", "llevo", "me encargo", "manage", "own"].iter().any(|verb| cue.starts_with(verb) || cue.contains(&format!(" {verb}")));
    let deed = deed || ["have the", "has the", "collect", "pull", "gather", "test", "do the", "look after", "deal with", "working on", "be running", "be doing"].iter().any(|verb| cue.starts_with(verb));
    let pronoun = matches!(before, Some("i" | "ich" | "je" | "i'll" | "yo")) || next == "ich" || cue.contains("m'occupe") || cue.contains("mich") || cue.contains("llevo") || cue.contains("me encargo");
    says_me || deed && pronoun
}
