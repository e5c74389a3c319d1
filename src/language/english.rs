//! The English word lists behind tokens, sentences and polarity. All words are
//! in folded form.

/// Words after which a full stop does not end a sentence.
#[rustfmt::skip]
pub(super) fn is_abbreviation(word: &str) -> bool {
    let word = word.trim_start_matches(['(', '"', '\'']);
    matches!(
        word.to_ascii_lowercase().as_str(),
        "e.g" | "i.e" | "mr" | "mrs" | "ms" | "dr" | "prof" | "st" | "approx" | "no" | "nr" | "vs" | "incl"
            | "excl" | "etc" | "inc" | "ltd" | "corp" | "co" | "dept" | "est" | "fig" | "tel" | "ext" | "u.s" | "u.k"
            | "a.m" | "p.m" | "ca" | "z.b" | "bzw"
    ) && !(word.eq_ignore_ascii_case("no") && word.starts_with('n'))
}

/// Sounds and fillers that carry nothing; they may be missing from a quote of a call.
#[rustfmt::skip]
pub fn is_filler(word: &str) -> bool {
    matches!(
        word,
        "um" | "uh" | "er" | "erm" | "uhm" | "umm" | "ah" | "eh" | "hm" | "hmm" | "mm" | "mhm" | "uhh" | "hmmm"
            | "ehm" | "äh" | "ähm" | "euh"
    )
}

/// Fillers only where commas or a sentence's start set them apart.
pub(crate) fn is_soft_filler(word: &str) -> bool {
    matches!(
        word,
        "well" | "so" | "yeah" | "okay" | "ok" | "right" | "like" | "basically" | "anyway" | "look" | "honestly"
    )
}

/// Words that say no to what stands beside them.
#[rustfmt::skip]
pub(super) fn is_negation(word: &str) -> bool {
    matches!(
        word,
        "not" | "no" | "never" | "cannot" | "cant" | "none" | "nobody" | "nothing" | "neither" | "nor"
            | "without" | "hardly" | "barely" | "scarcely" | "won't" | "wont" | "dont" | "doesnt" | "didnt" | "isnt"
            | "wasnt" | "unable" | "impossible" | "refuse" | "refused" | "refuses" | "declined" | "declines"
            | "rejected" | "rejects" | "unlikely" | "doubt" | "doubts" | "doubtful" | "ain't" | "nowhere" | "nope" | "cancelled" | "canceled" | "denied" | "denies"
            | "nicht" | "kein" | "keine" | "keinen" | "keiner" | "keinem" | "keines" | "keins" | "keinerlei" | "nichts" | "nie" | "niemals" | "ohne"
            | "pas" | "jamais" | "aucun" | "aucune" | "sans" | "nunca" | "ningún" | "ninguna" | "ninguno" | "nada" | "sin" | "tampoco"
    ) || word.ends_with("n't")
}

/// Negations that reach only the words after them.
#[rustfmt::skip]
pub(super) fn is_narrow_negation(word: &str) -> bool {
    matches!(
        word,
        "no" | "without" | "nor" | "none" | "nobody" | "nothing" | "nowhere" | "kein" | "keine" | "keinen" | "ohne"
            | "aucun" | "aucune" | "sans" | "sin" | "ningún" | "ninguna"
    )
}

/// Adjectives that deny when they are said of the statement (`it's wrong to say`), not of a thing (`the wrong coach`).
pub(super) fn is_denying_adjective(word: &str) -> bool {
    matches!(word, "false" | "wrong" | "incorrect" | "untrue" | "mistaken" | "outdated" | "obsolete" | "off")
}

/// Forms of `be` that say an adjective of the statement.
#[rustfmt::skip]
pub(super) fn is_being(word: &str) -> bool {
    matches!(
        word,
        "is" | "was" | "are" | "were" | "be" | "been" | "being" | "it's" | "that's" | "simply" | "just"
            | "plain" | "now" | "you're" | "they're" | "he's" | "she's"
    )
}

/// Words that make a statement depend on something else.
#[rustfmt::skip]
pub(super) fn is_condition(word: &str) -> bool {
    matches!(
        word,
        "if" | "unless" | "provided" | "providing" | "assuming" | "contingent" | "depending" | "pending"
            | "conditional" | "hypothetically" | "whether" | "otherwise" | "suppose" | "supposing" | "wenn" | "falls"
            | "sofern" | "si"
            | "barring" | "failing"
    )
}

/// Verbs by which somebody else's words are reported.
#[rustfmt::skip]
pub(super) fn is_reporting(word: &str) -> bool {
    matches!(
        word,
        "said" | "says" | "told" | "tells" | "claims" | "claimed" | "thinks" | "thought" | "believes"
            | "believed" | "heard" | "reportedly" | "apparently" | "allegedly" | "supposedly" | "rumour" | "rumor"
            | "suggested" | "suggests" | "proposed" | "proposes" | "wants" | "wanted" | "hopes" | "hoped" | "asked"
            | "asks" | "wishes" | "pretends" | "guesses" | "assumes" | "assumed" | "imagines" | "according"
            | "mentioned" | "mentions" | "insists" | "insisted" | "argues" | "argued" | "speculated" | "predicted"
            | "implied" | "hinted" | "fears"
            | "wrote" | "writes" | "promised" | "promises" | "noted" | "notes" | "alleges" | "alleged" | "maintained" | "maintains" | "answered" | "advertises" | "advertised" | "complains" | "complained" | "swears" | "swore" | "states" | "stated" | "reports" | "reported" | "announced" | "declares" | "declared" | "replied" | "remarked" | "warned" | "warns" | "boasts" | "estimates" | "estimated" | "reckons"
    )
}

/// Things that show words without meaning anything by it: what a screen says stands there.
#[rustfmt::skip]
pub(super) fn is_display(word: &str) -> bool {
    matches!(
        word,
        "screen" | "log" | "logs" | "error" | "popup" | "dialog" | "display" | "console" | "window" | "label" | "agreement" | "contract" | "policy" | "datasheet" | "sheet" | "document" | "form" | "certificate" | "paper" | "papers" | "confirmation" | "bildschirm"
            | "pantalla" | "écran"
    )
}

/// Verbs that bid somebody to do something when no subject stands before them.
#[rustfmt::skip]
pub(super) fn is_bidding(word: &str) -> bool {
    matches!(
        word,
        "send" | "call" | "ship" | "take" | "put" | "tell" | "ask" | "write" | "leave" | "bring" | "give" | "deliver"
    )
}

/// Adverbs by which a speaker steps back from what they report.
#[rustfmt::skip]
pub(super) fn is_hearsay(word: &str) -> bool {
    matches!(
        word,
        "reportedly" | "apparently" | "allegedly" | "supposedly" | "rumour" | "rumor" | "rumoured" | "rumored"
            | "heard" | "according"
    )
}

/// Words that keep a statement open.
#[rustfmt::skip]
pub(super) fn is_hedge(word: &str) -> bool {
    matches!(
        word,
        "might" | "maybe" | "perhaps" | "probably" | "possibly" | "tentatively" | "tentative" | "unsure"
            | "guess" | "guessing" | "roughly" | "presumably" | "potentially" | "hopefully" | "unclear" | "undecided"
            | "tbc" | "tbd" | "unconfirmed" | "considering" | "likely" | "ideally" | "conceivably" | "seems"
            | "seemingly" | "supposing" | "chances" | "ballpark" | "vielleicht" | "eventuell" | "wahrscheinlich" | "vermutlich" | "evtl"
            | "peut-être" | "probablement" | "sans-doute" | "quizá" | "quizás" | "probablemente" | "seguramente"
    )
}

/// Words that start a new statement after a comma or by themselves.
#[rustfmt::skip]
pub(super) fn is_contrast(word: &str) -> bool {
    matches!(
        word,
        "but" | "however" | "although" | "though" | "whereas" | "while" | "yet" | "rather" | "instead" | "aber"
            | "sondern" | "mais" | "pero" | "sino"
    )
}

#[rustfmt::skip]
pub(super) fn is_subject_pronoun(word: &str) -> bool {
    matches!(
        word,
        "i" | "we" | "you" | "he" | "she" | "they" | "it" | "i'm" | "i'll" | "we're" | "we'll" | "they're"
            | "they'll" | "he'll" | "she'll" | "it's" | "that's" | "let's" | "i'd" | "we'd" | "we've" | "i've" | "who"
            | "there" | "there's"
            | "ich" | "wir" | "je" | "nous"
    )
}

/// Verbs and adjectives whose negation reaches over commas: what they deny is what follows.
#[rustfmt::skip]
pub(super) fn is_belief(word: &str) -> bool {
    matches!(
        word,
        "think" | "believe" | "sure" | "true" | "say" | "said" | "saying" | "certain" | "expect" | "guarantee"
            | "promise" | "confident" | "convinced" | "agree" | "agreed" | "mean" | "confirm" | "confirmed" | "case"
            | "assume"
    )
}

/// Questions start with these when the question mark was not written down.
#[rustfmt::skip]
pub(super) fn opens_question(word: &str) -> bool {
    matches!(
        word,
        "when" | "what" | "who" | "which" | "how" | "where" | "whose" | "why" | "is" | "are" | "do" | "does"
            | "did" | "can" | "could" | "will" | "would" | "should" | "has" | "have" | "what's" | "when's" | "who's"
            | "where's" | "how's" | "any" | "wann" | "wer" | "wie" | "welche"
    )
}

/// Words that may not be changed, added or dropped in a quote, besides everything with a digit.
#[rustfmt::skip]
pub fn is_sharp_word(word: &str) -> bool {
    is_negation(word)
        || is_condition(word)
        || is_month_or_weekday(word)
        || matches!(
            word,
            // modals
            "can" | "could" | "may" | "might" | "must" | "shall" | "should" | "will" | "would" | "need" | "needs" | "needn't" | "ought" | "want" | "wants"
            // quantifiers and comparisons
                | "all" | "any" | "some" | "every" | "each" | "most" | "many" | "few" | "fewer" | "more" | "less"
                    | "least" | "several" | "both" | "either" | "only" | "half" | "twice" | "once" | "double"
                    | "always" | "sometimes" | "usually" | "often" | "rarely" | "under" | "over" | "above" | "below"
                    | "about" | "around" | "approximately" | "roughly" | "nearly" | "almost" | "exactly" | "up"
                    | "minimum" | "maximum"
            // time and direction
                | "before" | "after" | "until" | "till" | "by" | "from" | "to" | "since" | "between" | "during" | "within"
                | "today" | "tomorrow" | "yesterday" | "next" | "last" | "this" | "daily" | "weekly" | "monthly" | "quarterly" | "yearly" | "annual" | "annually"
            // exceptions
                | "except" | "excluding" | "with" | "but" | "instead" | "yes" | "too"
            // number words
                | "zero" | "one" | "two" | "three" | "four" | "five" | "six" | "seven" | "eight" | "nine" | "ten"
                    | "eleven" | "twelve" | "thirteen" | "fourteen" | "fifteen" | "sixteen" | "seventeen"
                    | "eighteen" | "nineteen" | "twenty" | "thirty" | "forty" | "fifty" | "sixty" | "seventy"
                    | "eighty" | "ninety" | "hundred" | "thousand" | "million" | "billion" | "dozen" | "first"
                    | "second" | "third"
        )
}

#[rustfmt::skip]
pub(super) fn is_month_or_weekday(word: &str) -> bool {
    matches!(
        word,
        "january" | "february" | "march" | "april" | "june" | "july" | "august" | "september" | "october"
            | "november" | "december" | "jan" | "feb" | "mar" | "apr" | "jun" | "jul" | "aug" | "sep" | "sept" | "oct"
            | "nov" | "dec" | "monday" | "tuesday" | "wednesday" | "thursday" | "friday" | "saturday" | "sunday"
            | "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun"
    )
}

/// Whole words by which somebody agrees.
#[rustfmt::skip]
pub fn is_affirmation_word(word: &str) -> bool {
    matches!(
        word,
        "yes" | "yep" | "yeah" | "yup" | "correct" | "exactly" | "right" | "sure" | "absolutely" | "confirmed"
            | "indeed" | "ja" | "oui" | "sí"
    )
}

/// Capitalised words that are no names.
#[rustfmt::skip]
pub fn is_name_word_stop(word: &str) -> bool {
    is_month_or_weekday(word)
        || is_sharp_word(word)
        || is_subject_pronoun(word)
        || matches!(
            word,
            "the" | "a" | "an" | "and" | "or" | "of" | "for" | "in" | "on" | "at" | "our" | "their" | "your"
                | "my" | "his" | "her" | "its" | "that" | "these" | "those" | "as" | "ok" | "okay"
                | "ihr" | "ihre" | "ihren" | "ihrem" | "unser" | "unsere" | "mein" | "meine" | "der" | "die" | "das" | "ein" | "eine" | "den" | "dem" | "bitte" | "wenn" | "als"
                | "für" | "bei" | "mit" | "am" | "im" | "sie" | "es" | "keine" | "alle" | "nos" | "notre" | "votre" | "le" | "la" | "les" | "el" | "los" | "las" | "un" | "une" | "una" | "su" | "sus" | "nuestro" | "nuestra"
        )
}
