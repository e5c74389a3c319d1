//! Whether words in answer to a question name something. A field of free text
//! cannot tell a value from talk about it by its type, so the form decides:
//! a value is a phrase that names and nothing else, or a whole statement about
//! others. What speaks about answering, points elsewhere, compares or denies
//! may be a value, and nobody but its author can say so.

use std::collections::HashSet;
use std::sync::LazyLock;

use super::{Kind, fold};

/// How words in answer to a question stand to a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// They are made of words that name nothing, and leave the question open or point elsewhere.
    Nothing,
    /// They may be the value or be about it: only their author knows.
    Unsure,
    /// They have the form of a value.
    Value,
}

/// A phrase has at most as many words; what is longer is a statement.
const MOST_PHRASE: usize = 12;
/// A statement has at least as many.
const LEAST_STATEMENT: usize = 5;
/// A report, the answer to a field of long text, may compare and speak of days with at least as many.
const LEAST_REPORT: usize = 6;
/// A report of at least as many may name papers: `Their contract ends in June …`.
const LEAST_LONG_REPORT: usize = 8;
/// Whoever writes more than this tells something, whatever else they say.
const MOST_TALK: usize = 25;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    /// Whoever writes, and whoever is written to.
    Us,
    /// Others, and what was named before.
    They,
    /// Verbs that only help others, and the most usual ones.
    Helper,
    Denial,
    /// What says that it stands elsewhere, or is as something else.
    Pointer,
    /// What names none in particular.
    Any,
    /// What speaks of the time of the answer.
    Time,
    /// Knowing, asking, deciding, sending.
    Talk,
    /// Where things are written down.
    Paper,
    /// What stands before a place, a time or a person.
    Before,
    /// What stands between names.
    Joiner,
}

use Class::{Any, Before, Denial, Helper, Joiner, Paper, Pointer, Talk, They, Time, Us};

/// The small words of English, German and French, and a few of Spanish, folded.
#[rustfmt::skip]
const CLASSES: [(Class, &str); 11] = [
    (Us, "i me my mine myself we us our ours you your yours im ill id ive weve youve youll ich mich mir mein meine meinem meinen meiner wir uns unser \
          unsere unserem unseren ihr euch euer dir dich dein je j moi ma mes nous notre nos vous votre vos tu toi te yo nosotros usted"),
    (They, "he she it its they them their theirs his her him this that these those thats theyre er es sie ihm ihnen ihre ihrem ihren ihrer seine \
            seinem dies diese diesem diesen dieser dieses il elle ils elles ce c cela ca leur leurs celui celle ceux on"),
    (Helper, "is are was were be been being am has have had having do does did doing will would shall should can could may might must cant dont doesnt \
              didnt isnt arent wasnt hasnt havent wont wouldnt couldnt stays ist sind war waren sein wird werden wurde hat haben hatte hatten kann \
              konnen muss mussen musst soll sollen darf will wollen liegt steht stehen est sont etait ont sera seront peuvent doit doivent faut \
              avons avez etes sommes es esta"),
    (Denial, "no not none never nobody nothing nor nicht kein keine keinen keinem keiner nichts nie niemand pas aucun aucune jamais rien ni nada ne n"),
    (Pointer, "same as like see above below before previous previously earlier up according accordingly usual usually last similar identical \
               elsewhere there here ditto cf via wie gehabt siehe s o vgl oben unten vorher vorhin bisher bislang ublich ubliche ublichen gleich \
               gleiche gleichen selbe selben ebenso letztes letzten vorige gemass laut comme voir idem dito meme memes precedent habitude habituel \
               habituels habituelle dernier derniere selon igual mismo segun beyond"),
    (Any, "whatever whoever whichever wherever whenever however anything anyone anybody any some someone something several many various few others \
           other egal irgend irgendein irgendwo irgendwas irgendwer maybe perhaps possibly probably would might suppose vielleicht mehrere einige verschiedene andere anderen \
           peut etre plusieurs divers quelques certains autre autres importe quelconque"),
    (Time, "yet still soon later tomorrow next today now already again meanwhile eventually currently noch bald spater morgen heute gestern \
            demnachst schon erst nachste nachsten encore bientot demain hier deja prochain prochaine prochainement todavia manana luego yesterday"),
    (Talk, "know knows knew known clue idea ideas sure unsure tell tells told telling say says said saying ask asks asked asking check checks checked \
            checking find finds finding look looks looked looking wait waits waited waiting await awaiting pending decide decides decided deciding \
            undecided decision discuss discussed discussing discussion clarify clarified clarifying confirm confirms confirmed confirming agree agreed \
            follow follows following send sends sent sending forward forwarded reply replied replies answer answers answered answering respond \
            remember forgot forget hear hears heard hearing guess guessing depend depends depending talk talked \
            talking call mention mentioned describe described explain explained question questions comment comments choice progress process \
            review reviewing issued issue let need needs skip skipped open hard beats hold way idk dunno tbc tbd tba clear unclear owner \
            owns handles department responsible matter discussed way fine want prefer rather done add feel please thanks sorry yes yep yeah nope ok okay indeed correct right noted ja jawohl oui si \
            weiss weisst wissen frag frage fragen fragt gefragt nachfragen erfragen klare klaren klart klarung geklart unklar abklaren prufe prufen pruft \
            prufung warte warten melde melden meldet nachreichen reiche reichen nachgereicht folgt folgen entscheidet entscheiden entschieden \
            entscheidung besprochen besprechen gesagt sagt sagen schicke schicken schickt geschickt ahnung offen aussteht ausstehend \
            gesprach angabe angaben meinung bearbeitung arbeit abstimmung zustandig \
            sais sait savons savent savoir demander demande demandez demandons confirmer confirme attend attends attendons attendre attente decide decider \
            decident reviens revient revenir dire dit discuter discute envoyer envoie envoye repondre repond reponse verifier verifie cours recu recue \
            preciser verra verrons suivre information informations preguntar pregunta sabe sabemos esperando"),
    (Paper, "contract contracts sow msa agreement ticket tickets crm mail mails email emails message messages note notes thread attachment \
             attachments attached spreadsheet sheet slides deck document documents doc docs file files folder minutes meeting kickoff recording \
             transcript proposal list phone vertrag vertrage notiz notizen anhang protokoll angebot unterlagen akte liste contrat contrats fichier \
             courriel courrier piece jointe devis compte rendu contrato correo"),
    (Before, "in on at under per with by for to from of up within after during through between inside im auf bei unter mit von vom bis zu zum zur nach \
              vor durch fur uber am an innerhalb en dans sur sous avec par pour chez a au aux du de des con por"),
    (Joiner, "all everything everyone alle alles tout tous the an and or only but also plus both each der die das den dem des ein eine einen einem einer und oder nur auch le la les l un une et \
              ou seulement el los las y d qu que qui da so just too well then than if wo was wer where what who which when how why"),
];

static CLASS_OF: LazyLock<HashSet<(&'static str, Class)>> = LazyLock::new(|| {
    let of = |(class, words): &(Class, &'static str)| {
        let class = *class;
        words.split_whitespace().map(move |word| (word, class)).collect::<Vec<_>>()
    };
    CLASSES.iter().flat_map(of).collect()
});

/// What leaves a question open by itself, where nothing beside it names anything.
#[rustfmt::skip]
const LEAVES_OPEN: &[&str] = &[
    "clue", "idea", "know", "knows", "knew", "known", "idk", "dunno", "unsure", "same", "ditto", "idem", "dito", "tell", "told", "ask", "asked", "asking",
    "discussed", "besprochen", "gehabt", "habitude", "weiss", "wissen", "sais", "sait", "sabemos", "nachfragen", "waiting", "warten", "later", "spater",
    "guess", "gesagt", "ahnung", "tbc", "tbd", "tba", "beats", "whatever", "whoever", "wherever", "whenever", "egal", "depends", "answered",
];
/// What points elsewhere when words begin with it.
const POINTS: &[&str] =
    &["as", "see", "like", "per", "siehe", "wie", "laut", "voir", "comme", "cf", "selon", "same", "gleich", "igual"];

#[derive(Debug)]
struct Word {
    text: String,
    /// A figure, capital letters inside it, or one at its beginning in the middle of the words.
    is_name: bool,
}

impl Word {
    fn is(&self, class: Class) -> bool {
        // A name is a name, whatever else the word means: `SAGE`, `OpenText`.
        CLASS_OF.contains(&(self.text.as_str(), class))
    }

    fn is_small(&self) -> bool {
        CLASSES.iter().any(|(class, _)| self.is(*class))
    }
}

/// What form words have in answer to a question for this kind of field. Every kind but free text tells by itself.
pub fn form_of(kind: &Kind, text: &str) -> Form {
    if !matches!(kind, Kind::Text | Kind::LongText | Kind::Team) {
        return Form::Value;
    }
    let words = words(text);
    let has_figure = text.bytes().any(|byte| byte.is_ascii_digit());
    if !has_figure && (names_nothing(&words) || is_initials(&words, text)) {
        return Form::Nothing;
    }
    let is_long = *kind == Kind::LongText;
    if words.len() > MOST_TALK || is_phrase(&words) || states(&words, is_long) { Form::Value } else { Form::Unsure }
}

fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut begins = true;
    for raw in text.split_inclusive(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')) {
        let bare = raw.trim_matches(|c: char| !c.is_alphanumeric());
        let ends = raw.ends_with(['.', '!', '?', ':', '\n']);
        for part in parts(bare) {
            let mut letters = part.chars();
            let first = letters.next().is_some_and(char::is_uppercase);
            let inner = letters.any(char::is_uppercase);
            let is_name = part.contains(|c: char| c.is_ascii_digit()) || inner || first && !begins;
            let text = fold::word(part).replace(['\'', '’'], "");
            if !text.is_empty() {
                words.push(Word { text, is_name });
                begins = false;
            }
        }
        begins |= ends;
    }
    words
}

/// `l'été` is two words, `don't` is one.
fn parts(word: &str) -> impl Iterator<Item = &str> {
    let split = word.split_once(['\'', '’']).filter(|(before, _)| {
        before.chars().count() == 1 && !before.eq_ignore_ascii_case("i") || before.eq_ignore_ascii_case("qu")
    });
    let (first, rest) = split.map_or((word, None), |(before, rest)| (before, Some(rest)));
    [Some(first), rest].into_iter().flatten().filter(|part| !part.is_empty())
}

fn names_nothing(words: &[Word]) -> bool {
    let points = words.len() > 1 && words.first().is_some_and(|first| POINTS.contains(&first.text.as_str()));
    let leaves_open = || words.iter().any(|word| LEAVES_OPEN.contains(&word.text.as_str()));
    !words.is_empty() && words.iter().all(Word::is_small) && (points || leaves_open())
}

/// `n/k`, `t.b.c.`: letters that stand for words, and for no name.
fn is_initials(words: &[Word], text: &str) -> bool {
    (2..=4).contains(&words.len())
        && words.iter().all(|word| word.text.chars().count() == 1)
        && text.contains(['/', '.'])
        && !text.chars().any(char::is_uppercase)
}

/// `SAP TM and Freightly`, `the mobile app`, `in Frankfurt`: names something, and says nothing else.
fn is_phrase(words: &[Word]) -> bool {
    let only_names = |class| words.iter().all(|word| !word.is(class));
    let is_named = words.iter().any(|word| word.is_name && !word.is_small());
    let begins_apart = words.first().is_some_and(|first| first.is(Before));
    let points = words.first().is_some_and(|first| POINTS.contains(&first.text.as_str()));
    words.len() <= MOST_PHRASE
        && !points
        && words.iter().any(|word| !word.is_small())
        && [Us, They, Helper, Denial, Pointer, Any, Time, Talk, Paper].into_iter().all(only_names)
        && (is_named || !begins_apart)
}

/// `They work without purchase orders`: a statement about others, not about answering.
fn states(words: &[Word], is_long: bool) -> bool {
    let has = |class| words.iter().any(|word| word.is(class));
    let is_report = is_long && words.len() >= LEAST_REPORT;
    let begins_elsewhere =
        words.first().is_some_and(|first| [Pointer, Any, Talk].into_iter().any(|class| first.is(class)));
    words.len() >= LEAST_STATEMENT
        && words.iter().any(|word| !word.is_small())
        && ![Us, Talk].into_iter().any(has)
        && (is_long && words.len() >= LEAST_LONG_REPORT || !has(Paper))
        && !begins_elsewhere
        && (is_report || ![Pointer, Any, Time].into_iter().any(has))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(kind: &Kind, text: &str, expected: Form) {
        assert_eq!(form_of(kind, text), expected, "{text}: {:?}", words(text));
    }

    #[test]
    fn what_names_nothing_is_no_answer_anywhere() {
        for text in [
            "no clue",
            "no idea",
            "I don't know",
            "same as before",
            "as above",
            "see contract",
            "per contract",
            "n/k",
            "ditto",
            "wie besprochen",
            "comme d'habitude",
            "je n'en sais rien",
            "weiß ich nicht",
            "I told you already",
            "t.b.c.",
        ] {
            check(&Kind::Text, text, Form::Nothing);
            check(&Kind::LongText, text, Form::Nothing);
        }
        // Other kinds read their own words.
        check(&Kind::Bool, "no clue", Form::Value);
        for text in ["C/4HANA", "S/4", "SAP", "on premises", "Ask Asana", "all", "R/3", "A/B"] {
            assert_ne!(form_of(&Kind::Text, text), Form::Nothing, "{text}");
        }
    }

    #[test]
    fn phrases_that_name_and_statements_about_others_are_values() {
        for text in ["SAP TM and Freightly", "Frankfurt", "in Frankfurt", "the mobile app", "4500012345", "équipe Lyon"]
        {
            check(&Kind::Text, text, Form::Value);
        }
        check(&Kind::Text, "They work without purchase orders", Form::Value);
        check(&Kind::LongText, "Two pallets came late in January and nobody called them back.", Form::Value);
        for text in
            ["up to Maria", "as Tom said on the phone", "check with Dana", "on premises", "hat Dana", "in progress"]
        {
            check(&Kind::Text, text, Form::Unsure);
        }
        check(&Kind::LongText, "We talked about this on Monday", Form::Unsure);
        check(&Kind::Text, "", Form::Unsure);
    }
}
